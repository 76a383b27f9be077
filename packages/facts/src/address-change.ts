// What differs between two address files of one kind: sets that came and went, and prefixes per set. Two figures tell a
// change apart from a mere rewriting: prefixes as published (a /23 written as two /24 is one gone and two new), and
// addresses that are really new or gone.

import {
  comparePrefixes,
  differenceOf,
  emptySet,
  type Prefix,
  type PrefixSet,
  prefixSet,
  setSize,
} from '@bothways/net';
import type { Microsoft365Instance, PackedEndpointFile, PackedEndpointSet, PackedTagFile } from './address-data.ts';
import { regionOfTag } from './address-sets.ts';
import type { Cloud } from './cloud.ts';
import { unpackPrefixes } from './packed-prefixes.ts';

/** Prefixes as published, ascending, IPv4 first. */
export interface PrefixChange {
  readonly before: number;
  readonly after: number;
  readonly added: readonly Prefix[];
  readonly removed: readonly Prefix[];
  /** Addresses that were not in the set before, and that are no longer. */
  readonly gained: PrefixSet;
  readonly lost: PrefixSet;
}

export interface TagSetChange extends PrefixChange {
  readonly name: string;
  /** Azure region id, or undefined for a set of all regions. */
  readonly region: string | undefined;
  readonly service: string | undefined;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Change numbers of the set; undefined on the side where it does not exist. */
  readonly changeNumbers: readonly [before: number | undefined, after: number | undefined];
}

export interface AddressFileHead {
  readonly file: string;
  readonly date: string;
  /** Undefined for endpoint lists, which carry none. */
  readonly changeNumber: number | undefined;
  readonly sets: number;
  /** Entries of all sets together; a prefix in two sets counts twice. */
  readonly prefixes: number;
  /** Different prefixes. */
  readonly distinct: number;
  /** IPv4 addresses in any set. */
  readonly addresses4: bigint;
}

export interface TagFileChange {
  readonly cloud: Cloud;
  readonly before: AddressFileHead;
  readonly after: AddressFileHead;
  /** By name. */
  readonly sets: readonly TagSetChange[];
  /** Sets whose number changed while their prefixes stayed. */
  readonly renumbered: number;
  readonly unchanged: number;
  /** Prefixes that stood in no set before, and that stand in none any more. */
  readonly fresh: number;
  readonly gone: number;
}

interface TagRow {
  readonly name: string;
  readonly region: string | undefined;
  readonly service: string | undefined;
  readonly change: number;
  readonly v4: string;
  readonly v6: string;
}

function tagRows(file: PackedTagFile): ReadonlyMap<string, TagRow> {
  return new Map(
    file.sets.map((line) => {
      const [name = '', region = '', service = '', change = '', v4 = '', v6 = ''] = line.split('|');
      const row: TagRow = {
        name,
        region: region === '' ? undefined : regionOfTag(region),
        service: service === '' ? undefined : service,
        change: Number(change),
        v4,
        v6,
      };
      return [name, row];
    }),
  );
}

/** Throws RangeError on files of different clouds: their sets have nothing in common. */
export function compareTagFiles(before: PackedTagFile, after: PackedTagFile): TagFileChange {
  if (before.cloud !== after.cloud) throw new RangeError(`${before.cloud} compared with ${after.cloud}`);
  const old = tagRows(before);
  const young = tagRows(after);
  const sets: TagSetChange[] = [];
  let renumbered = 0;
  let unchanged = 0;
  for (const name of [...new Set([...old.keys(), ...young.keys()])].sort()) {
    const from = old.get(name);
    const to = young.get(name);
    const known = to ?? from;
    if (known === undefined) continue;
    if (from !== undefined && to !== undefined && from.v4 === to.v4 && from.v6 === to.v6) {
      if (from.change === to.change) unchanged += 1;
      else renumbered += 1;
      continue;
    }
    sets.push({
      name,
      region: known.region,
      service: known.service,
      kind: from === undefined ? 'added' : to === undefined ? 'removed' : 'changed',
      changeNumbers: [from?.change, to?.change],
      ...prefixChange(from, to),
    });
  }
  const wholeBefore = wholeOf([...old.values()]);
  const wholeAfter = wholeOf([...young.values()]);
  return {
    cloud: after.cloud,
    before: headOf(before, before.changeNumber, wholeBefore),
    after: headOf(after, after.changeNumber, wholeAfter),
    sets,
    renumbered,
    unchanged,
    fresh: [...wholeAfter.distinct.keys()].filter((key) => !wholeBefore.distinct.has(key)).length,
    gone: [...wholeBefore.distinct.keys()].filter((key) => !wholeAfter.distinct.has(key)).length,
  };
}

export interface EndpointSetChange extends PrefixChange {
  readonly id: number;
  readonly serviceArea: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly namesAdded: readonly string[];
  readonly namesRemoved: readonly string[];
  /** Flags, category and ports that are different now: 'expressRoute: true becomes false'. */
  readonly properties: readonly { readonly property: string; readonly before: string; readonly after: string }[];
}

export interface EndpointFileChange {
  readonly instance: Microsoft365Instance;
  readonly before: AddressFileHead;
  readonly after: AddressFileHead;
  /** By id. */
  readonly sets: readonly EndpointSetChange[];
  readonly unchanged: number;
}

/** Throws RangeError on lists of different instances. */
export function compareEndpointFiles(before: PackedEndpointFile, after: PackedEndpointFile): EndpointFileChange {
  if (before.instance !== after.instance) throw new RangeError(`${before.instance} compared with ${after.instance}`);
  const old = new Map(before.sets.map((set) => [set.id, set]));
  const young = new Map(after.sets.map((set) => [set.id, set]));
  const sets: EndpointSetChange[] = [];
  let unchanged = 0;
  for (const id of [...new Set([...old.keys(), ...young.keys()])].sort((a, b) => a - b)) {
    const from = old.get(id);
    const to = young.get(id);
    const known = to ?? from;
    if (known === undefined) continue;
    const namesBefore = new Set(from?.urls);
    const namesAfter = new Set(to?.urls);
    const change: EndpointSetChange = {
      id,
      serviceArea: known.serviceArea,
      kind: from === undefined ? 'added' : to === undefined ? 'removed' : 'changed',
      namesAdded: [...namesAfter].filter((name) => !namesBefore.has(name)),
      namesRemoved: [...namesBefore].filter((name) => !namesAfter.has(name)),
      properties: from === undefined || to === undefined ? [] : changedProperties(from, to),
      ...prefixChange(from, to),
    };
    const counts = [change.namesAdded, change.namesRemoved, change.properties, change.added, change.removed];
    if (change.kind === 'changed' && counts.every((list) => list.length === 0)) unchanged += 1;
    else sets.push(change);
  }
  return {
    instance: after.instance,
    before: headOf(before, undefined, wholeOf(before.sets)),
    after: headOf(after, undefined, wholeOf(after.sets)),
    sets,
    unchanged,
  };
}

const compared = ['serviceArea', 'expressRoute', 'category', 'required', 'tcp', 'udp'] as const;

function changedProperties(from: PackedEndpointSet, to: PackedEndpointSet): EndpointSetChange['properties'] {
  return compared
    .filter((property) => from[property] !== to[property])
    .map((property) => ({ property, before: String(from[property]), after: String(to[property]) }));
}

interface Packed {
  readonly v4: string;
  readonly v6: string;
}

interface Whole {
  readonly sets: number;
  readonly prefixes: number;
  readonly distinct: ReadonlyMap<string, Prefix>;
}

function wholeOf(rows: readonly Packed[]): Whole {
  const distinct = new Map<string, Prefix>();
  let prefixes = 0;
  for (const row of rows) {
    for (const each of unpacked(row)) {
      distinct.set(keyOf(each), each);
      prefixes += 1;
    }
  }
  return { sets: rows.length, prefixes, distinct };
}

function headOf(
  { file, date }: PackedTagFile | PackedEndpointFile,
  changeNumber: number | undefined,
  { sets, prefixes, distinct }: Whole,
): AddressFileHead {
  const addresses4 = setSize(prefixSet(distinct.values()), 4);
  return { file, date, changeNumber, sets, prefixes, distinct: distinct.size, addresses4 };
}

function unpacked(row: Packed | undefined): readonly Prefix[] {
  return row === undefined ? [] : [...unpackPrefixes(row.v4, 4), ...unpackPrefixes(row.v6, 6)];
}

function prefixChange(from: Packed | undefined, to: Packed | undefined): PrefixChange {
  const old = unpacked(from);
  const young = unpacked(to);
  const oldKeys = new Set(old.map(keyOf));
  const youngKeys = new Set(young.map(keyOf));
  const added = young.filter((each) => !oldKeys.has(keyOf(each))).sort(comparePrefixes);
  const removed = old.filter((each) => !youngKeys.has(keyOf(each))).sort(comparePrefixes);
  // Of prefixes on both sides no address can be new or gone.
  return {
    before: old.length,
    after: young.length,
    added,
    removed,
    gained: added.length === 0 ? emptySet : differenceOf(prefixSet(added), prefixSet(old)),
    lost: removed.length === 0 ? emptySet : differenceOf(prefixSet(removed), prefixSet(young)),
  };
}

function keyOf(each: Prefix): string {
  return `${each.family}/${each.bits}/${each.length}`;
}
