/**
 * IP addresses as values: a family and its bits as one unsigned integer.
 *
 * Models IPv4 dotted quads (RFC 791) and IPv6 text (RFC 4291 section 2.2), written back in the canonical form of
 * RFC 5952. Leaves out zone identifiers (RFC 4007), which name an interface of one machine and mean nothing in a
 * document about a network, and the BSD shorthands for IPv4 ("10.1", "0x0a000001", leading zeros as octal): RFC 6943
 * section 3.1.1 explains how programs disagree about those, so they are refused with a hint.
 */
import { type Parsed, parsed, problem, quoted, valueOrThrow } from './parsed.ts';

export type Family = 4 | 6;

/** One IP address; `bits` is the address read as an unsigned integer (32 or 128 bits). */
export interface Address {
  readonly family: Family;
  readonly bits: bigint;
}

/** Number of bits in an address of the family: 32 or 128. */
export function addressWidth(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

const lastIpv4 = 0xffff_ffffn;
const lastIpv6 = (1n << 128n) - 1n;

/** The highest address value of the family. */
export function highestBits(family: Family): bigint {
  return family === 4 ? lastIpv4 : lastIpv6;
}

/** An address from its value. Throws RangeError when the value does not fit the family. */
export function addressOf(family: Family, bits: bigint): Address {
  if (bits < 0n || bits > highestBits(family)) {
    throw new RangeError(`${bits} is not an IPv${family} address value`);
  }
  return { family, bits };
}

const digitZero = 0x30;
const digitNine = 0x39;
const dot = 0x2e;
const colon = 0x3a;

/**
 * Reads a strict dotted quad from `text[start, end)`. Returns its value, or -1 when it is not one. Four decimal numbers
 * of up to 255, no leading zeros, nothing around them. This is the fast path for start-up data.
 */
export function readIpv4(text: string, start: number, end: number): number {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let index = start; index < end; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= digitZero && code <= digitNine) {
      if (digits > 0 && octet === 0) {
        return -1;
      }
      octet = octet * 10 + (code - digitZero);
      digits += 1;
      if (octet > 255) {
        return -1;
      }
    } else if (code === dot) {
      if (digits === 0 || dots === 3) {
        return -1;
      }
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
      dots += 1;
    } else {
      return -1;
    }
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : -1;
}

function hexDigit(code: number): number {
  if (code >= digitZero && code <= digitNine) {
    return code - digitZero;
  }
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Joins eight 16-bit groups. Two groups at a time as plain numbers, because big integer operations are the slow part. */
function joinGroups(groups: readonly number[]): bigint {
  const at = (index: number): number => groups[index] ?? 0;
  const pair = (index: number): bigint => BigInt(at(index) * 0x1_0000 + at(index + 1));
  return (pair(0) << 96n) | (pair(2) << 64n) | (pair(4) << 32n) | pair(6);
}

/**
 * Reads IPv6 text from `text[start, end)`: up to eight hexadecimal groups, at most one `::` that stands for at least one
 * group, the last 32 bits optionally as a dotted quad. Returns undefined when it is not that.
 */
export function readIpv6(text: string, start: number, end: number): bigint | undefined {
  const groups: number[] = [];
  let gapAt = -1;
  let index = start;
  if (end - start < 2 || end - start > 45) {
    return undefined;
  }
  if (text.charCodeAt(index) === colon) {
    if (text.charCodeAt(index + 1) !== colon) {
      return undefined;
    }
    gapAt = 0;
    index += 2;
  }
  while (index < end) {
    const groupStart = index;
    let group = 0;
    while (index < end && index - groupStart < 5) {
      const digit = hexDigit(text.charCodeAt(index));
      if (digit < 0) {
        break;
      }
      group = group * 16 + digit;
      index += 1;
    }
    const digits = index - groupStart;
    if (index < end && text.charCodeAt(index) === dot) {
      const tail = readIpv4(text, groupStart, end);
      if (tail < 0) {
        return undefined;
      }
      groups.push(Math.floor(tail / 0x1_0000), tail % 0x1_0000);
      index = end;
      break;
    }
    if (digits === 0 || digits > 4 || groups.length === 8) {
      return undefined;
    }
    groups.push(group);
    if (index === end) {
      break;
    }
    if (text.charCodeAt(index) !== colon) {
      return undefined;
    }
    index += 1;
    if (index === end) {
      return undefined;
    }
    if (text.charCodeAt(index) === colon) {
      if (gapAt >= 0) {
        return undefined;
      }
      gapAt = groups.length;
      index += 1;
    }
  }
  if (gapAt < 0) {
    return groups.length === 8 ? joinGroups(groups) : undefined;
  }
  if (groups.length > 7) {
    return undefined;
  }
  const filled = [...groups.slice(0, gapAt), ...new Array<number>(8 - groups.length).fill(0), ...groups.slice(gapAt)];
  return joinGroups(filled);
}

/**
 * Reads one address. IPv4 in four decimal numbers without leading zeros; IPv6 as in RFC 4291, any case. No white space,
 * zone, brackets, port or prefix length: each of these is a problem with a hint.
 */
export function parseAddress(text: string): Parsed<Address> {
  const ipv4 = readIpv4(text, 0, text.length);
  if (ipv4 >= 0) {
    return parsed({ family: 4, bits: BigInt(ipv4) });
  }
  const ipv6 = readIpv6(text, 0, text.length);
  if (ipv6 !== undefined) {
    return parsed({ family: 6, bits: ipv6 });
  }
  return explainAddress(text);
}

/** Says why `text` is not an address. Only called once reading has failed, so it can afford to be slow. */
export function explainAddress(text: string): { ok: false; problem: string; hint?: string } {
  if (text === '') {
    return problem('the address is empty');
  }
  const suggestion = (candidate: string): string | undefined => {
    const isAddress =
      readIpv4(candidate, 0, candidate.length) >= 0 || readIpv6(candidate, 0, candidate.length) !== undefined;
    return isAddress ? `write ${candidate}` : undefined;
  };
  const trimmed = text.trim();
  if (trimmed !== text) {
    return problem(`${quoted(text)} has white space around the address`, suggestion(trimmed));
  }
  if (text.includes('/')) {
    return problem(`${quoted(text)} is a prefix, not an address`, suggestion(text.slice(0, text.indexOf('/'))));
  }
  if (text.includes('%')) {
    return problem(
      `${quoted(text)} has a zone after %, which only means something on one machine`,
      suggestion(text.slice(0, text.indexOf('%'))),
    );
  }
  const bracketed = /^\[([^\]]*)\]/.exec(text)?.[1];
  if (bracketed !== undefined) {
    return problem(`${quoted(text)} has brackets around the address`, suggestion(bracketed));
  }
  if (/^\d+(?:\.\d+){3}$/.test(text)) {
    const octets = text.split('.');
    const tooLarge = octets.find((octet) => Number(octet) > 255);
    if (tooLarge !== undefined) {
      return problem(`${quoted(text)} is no IPv4 address: ${quoted(tooLarge).slice(1, -1)} is over 255`);
    }
    return problem(
      `${quoted(text)} has leading zeros, which some programs read as octal`,
      suggestion(octets.map((octet) => String(Number(octet))).join('.')),
    );
  }
  if (/^[\d.]+$/.test(text)) {
    return problem(`${quoted(text)} is no IPv4 address`, 'write four numbers from 0 to 255, such as 192.0.2.1');
  }
  if (/^[\d.]+:\d+$/.test(text)) {
    return problem(`${quoted(text)} has a port`, suggestion(text.slice(0, text.indexOf(':'))));
  }
  if (/^[0-9a-f:.]+$/i.test(text) && text.includes(':')) {
    return problem(`${quoted(text)} is no IPv6 address`, explainIpv6(text));
  }
  return problem(`${quoted(text)} is no IP address`);
}

function explainIpv6(text: string): string {
  if (text.split('::').length > 2 || text.includes(':::')) {
    return '“::” may stand only once';
  }
  if (/[0-9a-f]{5}/i.test(text)) {
    return 'a group has at most four hexadecimal digits';
  }
  const groups = text.split(':').filter((group) => group !== '').length;
  if (groups > 8) {
    return 'an address has at most eight groups';
  }
  return 'write eight groups, or “::” once for a run of zeros, such as 2001:db8::1';
}

/** The dotted quad of a 32-bit value. */
function formatIpv4Bits(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/**
 * RFC 5952: lower case, no leading zeros, `::` for the longest run of at least two zero groups, the first of equals.
 * Section 5 asks for a dotted quad where the prefix is known to carry one; that is done for IPv4-mapped addresses.
 */
function formatIpv6Bits(bits: bigint): string {
  if (bits >> 32n === 0xffffn) {
    return `::ffff:${formatIpv4Bits(Number(bits & lastIpv4))}`;
  }
  const groups: number[] = [];
  for (let shift = 96n; shift >= 0n; shift -= 32n) {
    const word = Number((bits >> shift) & lastIpv4);
    groups.push(word >>> 16, word & 0xffff);
  }
  let gapAt = -1;
  let gapLength = 1;
  let run = 0;
  for (const [index, group] of groups.entries()) {
    run = group === 0 ? run + 1 : 0;
    if (run > gapLength) {
      gapLength = run;
      gapAt = index - run + 1;
    }
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return gapAt < 0 ? hex(groups) : `${hex(groups.slice(0, gapAt))}::${hex(groups.slice(gapAt + gapLength))}`;
}

/** The canonical text: a dotted quad, or RFC 5952. */
export function formatAddress(address: Address): string {
  return address.family === 4 ? formatIpv4Bits(Number(address.bits)) : formatIpv6Bits(address.bits);
}

/** An address literal for constants and tests. Throws RangeError on text that `parseAddress` refuses. */
export function address(text: string): Address {
  return valueOrThrow(parseAddress(text));
}

/** Orders by family, then value. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) {
    return a.family - b.family;
  }
  if (a.bits === b.bits) {
    return 0;
  }
  return a.bits < b.bits ? -1 : 1;
}
