// Reverse look-up: which published address sets hold an address. Prefixes either nest or are disjoint, so the owners of
// an address are the sets of its longest matching prefix together with the sets of every prefix around that one. These
// lists are joined once for each distinct prefix when the table is built; a look-up is one longest match.

import {
  type Address,
  comparePrefixes,
  type FrozenTable,
  freezeTable,
  type Prefix,
  prefixContains,
} from '@bothways/net';
import { rememberedPerData } from './address-data.ts';
import { addressSets } from './address-sets.ts';
import { type Cloud, clouds } from './cloud.ts';

export interface Ownership {
  /** Cloud whose sets hold the address; undefined when none does. */
  readonly cloud: Cloud | undefined;
  /** Names of address sets, alphabetical; shared between look-ups, so frozen. */
  readonly sets: readonly string[];
}

interface OwnerTable {
  readonly table: FrozenTable;
  readonly owners: readonly Ownership[];
}

const nobody: Ownership = Object.freeze({ cloud: undefined, sets: Object.freeze([]) });
const tableOf = rememberedPerData(buildTable);

/** Equal lists are one object, found by their set numbers: tens of thousands of prefixes share a few thousand lists. */
function buildTable(cloud: Cloud): OwnerTable {
  const names: string[] = [];
  const memberships: { readonly prefix: Prefix; readonly set: number }[] = [];
  for (const set of addressSets(cloud)) {
    for (const prefix of set.prefixes) memberships.push({ prefix, set: names.length });
    names.push(set.name);
  }
  memberships.sort((a, b) => comparePrefixes(a.prefix, b.prefix) || a.set - b.set);

  const owners: Ownership[] = [];
  const ownerOf = new Map<string, number>();
  const entries: { readonly prefix: Prefix; readonly value: number }[] = [];
  /** The prefixes around the current one, outermost first, with all sets that hold them. */
  const around: { readonly prefix: Prefix; readonly sets: readonly number[] }[] = [];
  for (let at = 0; at < memberships.length; ) {
    const prefix = memberships[at]?.prefix;
    if (prefix === undefined) break;
    const own: number[] = [];
    for (; at < memberships.length; at += 1) {
      const next = memberships[at];
      if (next === undefined || comparePrefixes(next.prefix, prefix) !== 0) break;
      own.push(next.set);
    }
    let outer = around.at(-1);
    while (outer !== undefined && !prefixContains(outer.prefix, prefix)) {
      around.pop();
      outer = around.at(-1);
    }
    const sets = [...new Set([...(outer?.sets ?? []), ...own])].sort((a, b) => a - b);
    around.push({ prefix, sets });
    const key = sets.join(',');
    let owner = ownerOf.get(key);
    if (owner === undefined) {
      owner = owners.length;
      ownerOf.set(key, owner);
      const setNames = sets.map((set) => names[set] ?? '').sort();
      owners.push(Object.freeze({ cloud, sets: Object.freeze(setNames) }));
    }
    entries.push({ prefix, value: owner });
  }
  return { table: freezeTable(entries), owners };
}

/**
 * The address sets that hold an address. Without a cloud the three are searched in the order public, usgov, china and
 * the first with an owner answers. The first call for a cloud builds its table (some 100 ms for the public cloud).
 */
export function whoOwns(address: Address, cloud?: Cloud): Ownership {
  if (cloud === undefined) {
    for (const candidate of clouds) {
      const found = whoOwns(address, candidate);
      if (found.cloud !== undefined) return found;
    }
    return nobody;
  }
  const { table, owners } = tableOf(cloud);
  return owners[table.lookup(address)] ?? nobody;
}
