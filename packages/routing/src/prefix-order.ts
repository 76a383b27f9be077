/**
 * Many prefixes in ascending order (family, first address, shorter first) without comparing bigints: addresses are cut
 * into 32-bit words in typed arrays and sorted by least-significant-digit radix sort, 11 bits a pass; passes whose digit
 * is the same everywhere are skipped. The sort is stable: equal prefixes stay in the order they came in. A few thousand
 * IPv4 prefixes are sorted as numbers instead, by the machine's own sort, which needs no warming up.
 *
 * Layout: item i has its address in words[4i .. 4i+3], most significant first; an IPv4 address is in the first word, the
 * others are 0. lengths[i] is the prefix length. All items are of one family.
 */
import type { Prefix } from '@bothways/net';

export interface PrefixColumn {
  readonly family: 4 | 6;
  readonly prefixes: readonly Prefix[];
  readonly words: Uint32Array;
  readonly lengths: Uint8Array;
}

const WORDS = 4;
const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;

export function prefixColumn(family: 4 | 6, prefixes: readonly Prefix[]): PrefixColumn {
  const words = new Uint32Array(prefixes.length * WORDS);
  const lengths = new Uint8Array(prefixes.length);
  if (family === 4) {
    // By position: the first run of a process interprets this, and an iterator costs several times as much there.
    for (let ix = 0; ix < prefixes.length; ix++) {
      const prefix = prefixes[ix];
      if (prefix === undefined) continue;
      words[ix * WORDS] = Number(prefix.bits);
      lengths[ix] = prefix.length;
    }
    return { family, prefixes, words, lengths };
  }
  const halves = new BigUint64Array(2);
  const halfWords = new Uint32Array(halves.buffer);
  // Which of the two words of a 64-bit half is the higher one depends on the machine.
  halves[0] = 1n;
  const low = halfWords[0] === 1 ? 0 : 1;
  for (const [ix, prefix] of prefixes.entries()) {
    const at = ix * WORDS;
    lengths[ix] = prefix.length;
    halves[0] = prefix.bits >> 64n;
    halves[1] = prefix.bits;
    words[at] = halfWords[1 - low] ?? 0;
    words[at + 1] = halfWords[low] ?? 0;
    words[at + 2] = halfWords[3 - low] ?? 0;
    words[at + 3] = halfWords[2 + low] ?? 0;
  }
  return { family, prefixes, words, lengths };
}

/** Address, length (64 of them) and position together are an exact number up to so many positions. */
const FEW = 2 ** 15;

/** Positions in ascending order of address, then length. */
export function ascending(column: PrefixColumn): Uint32Array {
  const size = column.prefixes.length;
  if (column.family === 4 && size <= FEW) return ascendingFew(column, size);
  let order = new Uint32Array(size);
  for (let ix = 0; ix < size; ix++) order[ix] = ix;
  let spare = new Uint32Array(size);
  const pass = (digit: (item: number) => number): void => {
    const starts = new Uint32Array(BUCKETS + 1);
    for (let ix = 0; ix < size; ix++) {
      const bucket = digit(ix) + 1;
      starts[bucket] = (starts[bucket] ?? 0) + 1;
    }
    if (size === 0 || starts[digit(0) + 1] === size) return;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      starts[bucket + 1] = (starts[bucket + 1] ?? 0) + (starts[bucket] ?? 0);
    }
    for (let ix = 0; ix < size; ix++) {
      const item = order[ix] ?? 0;
      const bucket = digit(item);
      const at = starts[bucket] ?? 0;
      spare[at] = item;
      starts[bucket] = at + 1;
    }
    [order, spare] = [spare, order];
  };
  const { words, lengths } = column;
  pass((item) => lengths[item] ?? 0);
  for (let word = column.family === 4 ? 0 : WORDS - 1; word >= 0; word--) {
    if (isConstant(words, word)) continue;
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      pass((item) => ((words[item * WORDS + word] ?? 0) >>> shift) & (BUCKETS - 1));
    }
  }
  return order;
}

function ascendingFew({ words, lengths }: PrefixColumn, size: number): Uint32Array {
  const keys = new Float64Array(size);
  for (let ix = 0; ix < size; ix++) {
    keys[ix] = ((words[ix * WORDS] ?? 0) * 64 + (lengths[ix] ?? 0)) * FEW + ix;
  }
  keys.sort();
  const order = new Uint32Array(size);
  for (let at = 0; at < size; at++) order[at] = (keys[at] ?? 0) % FEW;
  return order;
}

function isConstant(words: Uint32Array, word: number): boolean {
  const first = words[word];
  for (let at = word; at < words.length; at += WORDS) if (words[at] !== first) return false;
  return true;
}

/** Negative, 0 or positive as `a` stands before, at or after `b`: by address, then length. */
export function compareItems(column: PrefixColumn, a: number, b: number): number {
  const { words, lengths } = column;
  const used = column.family === 4 ? 1 : WORDS;
  for (let word = 0; word < used; word++) {
    const difference = (words[a * WORDS + word] ?? 0) - (words[b * WORDS + word] ?? 0);
    if (difference !== 0) return difference;
  }
  return (lengths[a] ?? 0) - (lengths[b] ?? 0);
}

/** True where `outer` holds every address of `inner`. */
export function itemCovers(column: PrefixColumn, outer: number, inner: number): boolean {
  const { words, lengths } = column;
  let left = lengths[outer] ?? 0;
  if (left > (lengths[inner] ?? 0)) return false;
  for (let word = 0; left > 0; word++) {
    const different = (words[outer * WORDS + word] ?? 0) ^ (words[inner * WORDS + word] ?? 0);
    if (left < 32 ? different >>> (32 - left) !== 0 : different !== 0) return false;
    left -= 32;
  }
  return true;
}
