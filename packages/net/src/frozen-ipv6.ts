/**
 * Longest match for IPv6 over sorted ranges, for tables that no longer change.
 *
 * A table of nested prefixes is the same as a list of consecutive ranges, each with one value (Lampson, Srinivasan and
 * Varghese, "IP Lookups Using Multiway and Multicolumn Search", INFOCOM 1998), and as in DXR (Zec, Rizzo and Mikuc,
 * "DXR: Towards a Billion Routing Lookups per Second in Software", CCR 2012) a direct table on the first bits narrows the
 * binary search. Memory is 20 bytes a range and up to 4 MiB for the direct table. A direct table on
 * 24 bits followed by 8-bit strides, as DPDK has it, was left out: scattered prefixes cost up to 1 KiB a level.
 *
 * The start of a range is kept as its first 52 bits in one double, which decides nearly every comparison since few
 * prefixes are longer, and the other 76 bits in three words for the rest.
 */

import { checkEntries } from './frozen-ipv4.ts';
import type { Prefix } from './prefix.ts';
import { comparePrefixes, prefixSize } from './prefix.ts';

export interface FrozenTable6 {
  /** The value of the longest prefix that holds the address, or -1. */
  readonly lookup: (address: bigint) => number;
  /** The same for an address given as four unsigned 32-bit words, first word first; much faster. */
  readonly lookupWords: (word0: number, word1: number, word2: number, word3: number) => number;
  /** Bytes of the arrays behind the table. */
  readonly bytes: number;
}

const wordMask = 0xffff_ffffn;
/** 2^20: what is left of the 52 leading bits after the first word. */
const secondShare = 0x10_0000;

interface Range {
  readonly start: bigint;
  readonly value: number;
}

/** One sweep with the enclosing prefixes on a stack; neighbours with the same value become one range. */
function rangesOf(prefixes: readonly Prefix[], values: readonly number[]): readonly Range[] {
  const entries = prefixes.map((prefix, index) => ({ prefix, index }));
  entries.sort((a, b) => comparePrefixes(a.prefix, b.prefix) || a.index - b.index);
  const ranges: Range[] = [];
  const open = (start: bigint, value: number): void => {
    if (ranges.at(-1)?.start === start) {
      ranges.pop();
    }
    if (ranges.at(-1)?.value !== value) {
      ranges.push({ start, value });
    }
  };
  open(0n, -1);
  const enclosing: { end: bigint; outer: number }[] = [];
  let value = -1;
  const closeUntil = (limit: bigint): void => {
    for (let top = enclosing.at(-1); top !== undefined && top.end <= limit; top = enclosing.at(-1)) {
      enclosing.pop();
      value = top.outer;
      open(top.end, value);
    }
  };
  for (const { prefix, index } of entries) {
    closeUntil(prefix.bits);
    enclosing.push({ end: prefix.bits + prefixSize(prefix), outer: value });
    value = values[index] ?? -1;
    open(prefix.bits, value);
  }
  closeUntil((1n << 128n) - 1n);
  return ranges;
}

/**
 * Freezes a table: `values[i]` belongs to `prefixes[i]`; of repeated prefixes the last given wins. Throws RangeError on
 * other families, on values that are not integers from 0 to `highestTableValue`, or lists of different length.
 */
export function freezeTable6(prefixes: readonly Prefix[], values: readonly number[]): FrozenTable6 {
  checkEntries(prefixes, values, 6);
  const ranges = rangesOf(prefixes, values);
  const count = ranges.length;
  const leading = new Float64Array(count);
  const trailing = new Uint32Array(3 * count);
  const rangeValues = new Int32Array(count);
  for (const [index, { start, value }] of ranges.entries()) {
    const word1 = Number((start >> 64n) & wordMask);
    leading[index] = Number(start >> 96n) * secondShare + (word1 >>> 12);
    trailing[3 * index] = word1;
    trailing[3 * index + 1] = Number((start >> 32n) & wordMask);
    trailing[3 * index + 2] = Number(start & wordMask);
    rangeValues[index] = value;
  }
  // `firstRange[s]` is the last range that starts at or before the lowest address of slot s. Slots share out the first
  // words that occur in the table, since all global addresses lie in one eighth of the space.
  const lowestWord = count > 1 ? Math.floor((leading[1] ?? 0) / secondShare) : 0;
  const highestWord = Math.floor((leading[count - 1] ?? 0) / secondShare);
  const wantedBits = Math.min(20, 34 - Math.clz32(count));
  const shift = Math.max(0, 32 - Math.clz32(highestWord - lowestWord) - wantedBits);
  const slotCount = Math.max(0, (highestWord - lowestWord) >>> shift) + 1;
  const firstRange = new Uint32Array(slotCount + 1).fill(count - 1);
  let range = 0;
  for (let slot = 0; slot < slotCount; slot += 1) {
    const lowest = (lowestWord + slot * 2 ** shift) * secondShare;
    while (range + 1 < count && startsBy(range + 1, lowest, 0, 0, 0)) {
      range += 1;
    }
    firstRange[slot] = range;
  }

  /** True when the range starts at or before the address, given by its first 52 bits and its last three words. */
  function startsBy(index: number, wanted: number, word1: number, word2: number, word3: number): boolean {
    const start = leading[index] ?? 0;
    if (start !== wanted) {
      return start < wanted;
    }
    const start1 = trailing[3 * index] ?? 0;
    if (start1 !== word1) {
      return start1 < word1;
    }
    const start2 = trailing[3 * index + 1] ?? 0;
    if (start2 !== word2) {
      return start2 < word2;
    }
    return (trailing[3 * index + 2] ?? 0) <= word3;
  }

  const lookupWords = (word0: number, word1: number, word2: number, word3: number): number => {
    if (word0 < lowestWord) {
      return rangeValues[0] ?? -1;
    }
    const wanted = word0 * secondShare + (word1 >>> 12);
    const slot = Math.min(slotCount - 1, (word0 - lowestWord) >>> shift);
    let low = firstRange[slot] ?? 0;
    let size = (firstRange[slot + 1] ?? 0) - low + 1;
    while (size > 1) {
      const half = size >>> 1;
      if (startsBy(low + half, wanted, word1, word2, word3)) {
        low += half;
      }
      size -= half;
    }
    return rangeValues[low] ?? -1;
  };

  return {
    lookup: (address) =>
      lookupWords(
        Number((address >> 96n) & wordMask),
        Number((address >> 64n) & wordMask),
        Number((address >> 32n) & wordMask),
        Number(address & wordMask),
      ),
    lookupWords,
    bytes: leading.byteLength + trailing.byteLength + rangeValues.byteLength + firstRange.byteLength,
  };
}
