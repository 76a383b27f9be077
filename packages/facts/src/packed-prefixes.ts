// Thousands of prefixes as one short text, so that the published address sets fit into the repository and cost nothing
// until a set is used. Lossless for a sorted list of distinct prefixes of one family; it does not aggregate.
//
// Layout. A prefix becomes two whole numbers: the change of its length against the one before (starting from 0), and
// the distance of its leading bits from the leading bits of the one before cut to the same length (starting from
// address 0). The prefixes are sorted by first address, then length, so the distance is never negative. The change of
// length can be: 0, -1, 1, -2, 2 ... are stored as 0, 1, 2, 3, 4 ...
// A whole number is written five bits at a time, lowest first, one character for each five bits; all characters but the
// last have bit 5 set (as in the variable-length quantities of source maps). The alphabet is base64url of RFC 4648
// section 5: nothing in it needs escaping in JSON.

import { addressWidth, type Family, type Prefix } from '@bothways/net';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const dataBits = 5;
const more = 32;

/** Digit by character code; -1 for characters outside the alphabet. */
const digits = new Int8Array(128).fill(-1);
for (let digit = 0; digit < alphabet.length; digit += 1) digits[alphabet.charCodeAt(digit)] = digit;

/** Packs prefixes of one family in any order; duplicates are dropped. */
export function packPrefixes(prefixes: Iterable<Prefix>, family: Family): string {
  const sorted = [...prefixes].sort(compareForPacking);
  const width = addressWidth(family);
  let text = '';
  let lastBits = 0n;
  let lastLength = 0;
  let last: Prefix | undefined;
  for (const prefix of sorted) {
    if (prefix.family !== family) throw new RangeError(`a prefix of IPv${prefix.family} in a list of IPv${family}`);
    if (last !== undefined && compareForPacking(last, prefix) === 0) continue;
    const change = prefix.length - lastLength;
    const shift = BigInt(width - prefix.length);
    text += numberText(BigInt(change > 0 ? 2 * change : -2 * change - (change < 0 ? 1 : 0)));
    text += numberText((prefix.bits >> shift) - (lastBits >> shift));
    lastBits = prefix.bits;
    lastLength = prefix.length;
    last = prefix;
  }
  return text;
}

/** The prefixes in ascending order (first address, then length). Throws RangeError on text that was not packed. */
export function unpackPrefixes(packed: string, family: Family): Prefix[] {
  return family === 4 ? unpack4(packed) : unpack6(packed);
}

function compareForPacking(a: Prefix, b: Prefix): number {
  if (a.bits !== b.bits) return a.bits < b.bits ? -1 : 1;
  return a.length - b.length;
}

function numberText(value: bigint): string {
  let text = '';
  let rest = value;
  while (rest >= 32n) {
    text += alphabet.charAt(Number(rest & 31n) + more);
    rest >>= 5n;
  }
  return text + alphabet.charAt(Number(rest));
}

function digitAt(packed: string, at: number): number {
  const digit = digits[packed.charCodeAt(at)] ?? -1;
  if (digit < 0) throw new RangeError(`packed prefixes: no digit at ${at} of ${packed.length}`);
  return digit;
}

function changedLength(length: number, code: number, family: Family, at: number): number {
  const next = length + (code % 2 === 0 ? code / 2 : -(code + 1) / 2);
  if (next < 0 || next > addressWidth(family)) throw new RangeError(`packed prefixes: length ${next} before ${at}`);
  return next;
}

function unpack4(packed: string): Prefix[] {
  const prefixes: Prefix[] = [];
  let at = 0;
  let bits = 0;
  let length = 0;
  const next = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const digit = digitAt(packed, at);
      at += 1;
      value += (digit % more) * scale;
      if (digit < more) return value;
      scale *= more;
    }
  };
  while (at < packed.length) {
    length = changedLength(length, next(), 4, at);
    // Plain numbers up to 2^32; a power of two divides them exactly.
    const size = 2 ** (32 - length);
    bits = (Math.floor(bits / size) + next()) * size;
    if (bits >= 2 ** 32) throw new RangeError(`packed prefixes: beyond the last address before ${at}`);
    prefixes.push({ family: 4, bits: BigInt(bits), length });
  }
  return prefixes;
}

function unpack6(packed: string): Prefix[] {
  const prefixes: Prefix[] = [];
  let at = 0;
  let bits = 0n;
  let length = 0;
  const next = (): bigint => {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      // Nine digits (45 bits) are gathered as a plain number before they join the big one.
      let part = 0;
      let scale = 1;
      for (let count = 0; count < 9; count += 1) {
        const digit = digitAt(packed, at);
        at += 1;
        part += (digit % more) * scale;
        if (digit < more) return value + (BigInt(part) << shift);
        scale *= more;
      }
      value += BigInt(part) << shift;
      shift += BigInt(9 * dataBits);
    }
  };
  while (at < packed.length) {
    length = changedLength(length, Number(next()), 6, at);
    const shift = BigInt(128 - length);
    bits = ((bits >> shift) + next()) << shift;
    if (bits >> 128n !== 0n) throw new RangeError(`packed prefixes: beyond the last address before ${at}`);
    prefixes.push({ family: 6, bits, length });
  }
  return prefixes;
}
