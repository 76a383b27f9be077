/**
 * Longest match over both families at once, by `Address`. A thin front for the two frozen tables; use those directly
 * where look-ups come by the million, because they take plain numbers.
 */
import type { Address } from './address.ts';
import { freezeTable4 } from './frozen-ipv4.ts';
import { freezeTable6 } from './frozen-ipv6.ts';
import type { Prefix } from './prefix.ts';
import type { TrieEntry } from './prefix-trie.ts';

export interface FrozenTable {
  /** The value of the longest prefix that holds the address, or -1. */
  readonly lookup: (address: Address) => number;
  /** Bytes of the arrays behind the table. */
  readonly bytes: number;
}

/** Freezes entries of both families; of repeated prefixes the last wins. Throws RangeError like `freezeTable4`. */
export function freezeTable(entries: Iterable<TrieEntry<number>>): FrozenTable {
  const prefixes: Record<4 | 6, Prefix[]> = { 4: [], 6: [] };
  const values: Record<4 | 6, number[]> = { 4: [], 6: [] };
  for (const { prefix, value } of entries) {
    prefixes[prefix.family].push(prefix);
    values[prefix.family].push(value);
  }
  const ipv4 = freezeTable4(prefixes[4], values[4]);
  const ipv6 = freezeTable6(prefixes[6], values[6]);
  return {
    lookup: ({ family, bits }) => (family === 4 ? ipv4.lookup(Number(bits)) : ipv6.lookup(bits)),
    bytes: ipv4.bytes + ipv6.bytes,
  };
}
