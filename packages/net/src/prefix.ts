/**
 * Prefixes in CIDR notation (RFC 4632, RFC 4291 section 2.3): a block of addresses that share their first bits.
 *
 * The host bits of a `Prefix` are always zero; every function here keeps that so. Netmask notation, wildcard masks and
 * prefixes without a length are left out: they are refused with a hint.
 */
import {
  type Address,
  addressWidth,
  explainAddress,
  type Family,
  formatAddress,
  highestBits,
  readIpv4,
  readIpv6,
} from './address.ts';
import { type Parsed, parsed, problem, quoted, valueOrThrow } from './parsed.ts';

/** A block of addresses; `bits` is its first address, `length` the number of leading bits that are fixed. */
export interface Prefix {
  readonly family: Family;
  readonly bits: bigint;
  readonly length: number;
}

/** `sizes[n]` is the number of addresses that n free bits leave: 2 to the n. */
const sizes: readonly bigint[] = Array.from({ length: 129 }, (_, free) => 1n << BigInt(free));

function sizeOf(family: Family, length: number): bigint {
  return sizes[addressWidth(family) - length] ?? 0n;
}

function clearHostBits(family: Family, bits: bigint, length: number): bigint {
  return bits & ~(sizeOf(family, length) - 1n);
}

/** The prefix of the given length that holds the address. Throws RangeError when the length does not fit the family. */
export function prefixAround(address: Address, length: number): Prefix {
  if (!Number.isInteger(length) || length < 0 || length > addressWidth(address.family)) {
    throw new RangeError(`${length} is not a prefix length of IPv${address.family}`);
  }
  return { family: address.family, bits: clearHostBits(address.family, address.bits, length), length };
}

/** The prefix that holds just this address: /32 or /128. */
export function hostPrefix(address: Address): Prefix {
  return { family: address.family, bits: address.bits, length: addressWidth(address.family) };
}

/** The length after the slash: digits without leading zeros, at most `width`; -1 otherwise. */
function readLength(text: string, start: number, width: number): number {
  const digits = text.length - start;
  if (digits < 1 || digits > 3) {
    return -1;
  }
  let length = 0;
  for (let index = start; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9 || (length === 0 && index > start)) {
      return -1;
    }
    length = length * 10 + digit;
  }
  return length > width ? -1 : length;
}

/**
 * Reads one prefix, such as `192.0.2.0/24` or `2001:db8::/32`. Strict: the length must be there and the host bits must
 * be zero; the hint of a problem holds the prefix that was probably meant.
 */
export function parsePrefix(text: string): Parsed<Prefix> {
  const slash = text.indexOf('/');
  if (slash > 0) {
    const ipv4 = readIpv4(text, 0, slash);
    if (ipv4 >= 0) {
      const length = readLength(text, slash + 1, 32);
      // A division by a power of two is exact, so the remainder is what the host bits hold.
      if (length >= 0 && ipv4 % 2 ** (32 - length) === 0) {
        return parsed({ family: 4, bits: BigInt(ipv4), length });
      }
    } else {
      const ipv6 = readIpv6(text, 0, slash);
      if (ipv6 !== undefined) {
        const length = readLength(text, slash + 1, 128);
        if (length >= 0 && clearHostBits(6, ipv6, length) === ipv6) {
          return parsed({ family: 6, bits: ipv6, length });
        }
      }
    }
  }
  return explainPrefix(text);
}

/** Says why `text` is not a prefix. Only called once reading has failed. */
function explainPrefix(text: string): { ok: false; problem: string; hint?: string } {
  const trimmed = text.trim();
  if (trimmed === '') {
    return problem('the prefix is empty');
  }
  if (trimmed !== text) {
    const rest = parsePrefix(trimmed);
    return problem(`${quoted(text)} has white space around the prefix`, rest.ok ? `write ${trimmed}` : rest.problem);
  }
  const slash = text.indexOf('/');
  const addressText = slash < 0 ? text : text.slice(0, slash);
  const ipv4 = readIpv4(addressText, 0, addressText.length);
  const ipv6 = ipv4 < 0 ? readIpv6(addressText, 0, addressText.length) : undefined;
  if (ipv4 < 0 && ipv6 === undefined) {
    return explainAddress(addressText);
  }
  const family: Family = ipv6 === undefined ? 4 : 6;
  const bits = ipv6 ?? BigInt(ipv4);
  const width = addressWidth(family);
  if (slash < 0) {
    return problem(`${quoted(text)} has no prefix length`, `write ${text}/${width} for this one address`);
  }
  const lengthText = text.slice(slash + 1);
  const masked = family === 4 ? readMask(lengthText) : undefined;
  if (masked !== undefined) {
    const meant = prefixAround({ family, bits }, masked);
    return problem(`${quoted(text)} has a netmask instead of a prefix length`, `write ${formatPrefix(meant)}`);
  }
  const length = readLength(text, slash + 1, width);
  if (length < 0) {
    const leadingZeros = /^0+(\d{1,3})$/.exec(lengthText)?.[1];
    return leadingZeros !== undefined && Number(leadingZeros) <= width
      ? problem(`${quoted(text)} has leading zeros in the prefix length`, `write /${Number(leadingZeros)}`)
      : problem(`${quoted(lengthText)} is no prefix length of IPv${family}`, `write a number from 0 to ${width}`);
  }
  const meant = prefixAround({ family, bits }, length);
  return problem(
    `${quoted(text)} has bits set after its first ${length}`,
    `the prefix is ${formatPrefix(meant)}; the address alone is ${formatPrefix(hostPrefix({ family, bits }))}`,
  );
}

/** The length a dotted netmask such as 255.255.255.0 stands for; undefined when the text is none. */
function readMask(text: string): number | undefined {
  const mask = readIpv4(text, 0, text.length);
  if (mask < 0) {
    return undefined;
  }
  const length = Math.clz32(~mask);
  return mask === (length === 0 ? 0 : (-1 << (32 - length)) >>> 0) ? length : undefined;
}

/** The canonical text: the first address, a slash and the length. */
export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix)}/${prefix.length}`;
}

/** A prefix literal for constants and tests. Throws RangeError on text that `parsePrefix` refuses. */
export function prefix(text: string): Prefix {
  return valueOrThrow(parsePrefix(text));
}

/** Orders by family, first address, then length, so that a prefix stands directly before what it contains. */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  if (a.family !== b.family) {
    return a.family - b.family;
  }
  if (a.bits !== b.bits) {
    return a.bits < b.bits ? -1 : 1;
  }
  return a.length - b.length;
}

export function prefixEquals(a: Prefix, b: Prefix): boolean {
  return a.length === b.length && a.family === b.family && a.bits === b.bits;
}

/** True when every address of `inner` is in `outer`; a prefix contains itself. */
export function prefixContains(outer: Prefix, inner: Prefix | Address): boolean {
  if (outer.family !== inner.family || ('length' in inner && inner.length < outer.length)) {
    return false;
  }
  const offset = inner.bits - outer.bits;
  return offset >= 0n && offset < sizeOf(outer.family, outer.length);
}

/** True when the two share an address, which means that one contains the other. */
export function prefixesOverlap(a: Prefix, b: Prefix): boolean {
  return a.length <= b.length ? prefixContains(a, b) : prefixContains(b, a);
}

export function firstAddress(prefix: Prefix): Address {
  return { family: prefix.family, bits: prefix.bits };
}

export function lastAddress(prefix: Prefix): Address {
  return { family: prefix.family, bits: prefix.bits + sizeOf(prefix.family, prefix.length) - 1n };
}

/** Number of addresses in the prefix. */
export function prefixSize(prefix: Prefix): bigint {
  return sizeOf(prefix.family, prefix.length);
}

/** Address number `n`, counted from zero. Throws RangeError when the prefix has no such address. */
export function nthAddress(prefix: Prefix, n: bigint): Address {
  if (n < 0n || n >= prefixSize(prefix)) {
    throw new RangeError(`${formatPrefix(prefix)} has ${prefixSize(prefix)} addresses, none with number ${n}`);
  }
  return { family: prefix.family, bits: prefix.bits + n };
}

/** The prefix one bit shorter; undefined for /0. */
export function parentPrefix(prefix: Prefix): Prefix | undefined {
  return prefix.length === 0 ? undefined : prefixAround(prefix, prefix.length - 1);
}

/** The two halves, lower first. Throws RangeError for a host prefix, which has none. */
export function splitPrefix(prefix: Prefix): readonly [Prefix, Prefix] {
  const length = prefix.length + 1;
  if (length > addressWidth(prefix.family)) {
    throw new RangeError(`${formatPrefix(prefix)} is a single address and cannot be split`);
  }
  const { family, bits } = prefix;
  return [
    { family, bits, length },
    { family, bits: bits + sizeOf(family, length), length },
  ];
}

/** The longest prefix that contains both; undefined when the families differ. */
export function commonPrefix(a: Prefix, b: Prefix): Prefix | undefined {
  if (a.family !== b.family) {
    return undefined;
  }
  const difference = a.bits ^ b.bits;
  const differing = difference === 0n ? 0 : difference.toString(2).length;
  const length = Math.min(a.length, b.length, addressWidth(a.family) - differing);
  return prefixAround(a, length);
}

/**
 * The fewest prefixes that together hold exactly the addresses from `first` to `last`, in ascending order: the standard
 * greedy cover, which takes the largest aligned block that still fits. Throws RangeError on a range that is none.
 */
export function rangePrefixes(family: Family, first: bigint, last: bigint): readonly Prefix[] {
  if (first < 0n || first > last || last > highestBits(family)) {
    throw new RangeError(`${first} to ${last} is not a range of IPv${family} addresses`);
  }
  const width = addressWidth(family);
  const cover: Prefix[] = [];
  let bits = first;
  while (bits <= last) {
    let free = 0;
    while (free < width && (bits & (sizes[free] ?? 0n)) === 0n && bits + (sizes[free + 1] ?? 0n) - 1n <= last) {
      free += 1;
    }
    cover.push({ family, bits, length: width - free });
    bits += sizes[free] ?? 0n;
  }
  return cover;
}
