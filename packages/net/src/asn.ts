/**
 * Autonomous system numbers: 32-bit values (RFC 6793) with the three notations of RFC 5396 and the ranges that IANA has
 * set aside. Whether a public number has been assigned to somebody is left out: that changes daily and needs registry data.
 */
import { type Parsed, parsed, problem, quoted, valueOrThrow } from './parsed.ts';

declare const asnBrand: unique symbol;
/** A 32-bit autonomous system number. Made by `asn` and `parseAsn` only. */
export type Asn = number & { readonly [asnBrand]: true };

const highestAsn = 0xffff_ffff;

function isAsn(value: number): value is Asn {
  return Number.isInteger(value) && value >= 0 && value <= highestAsn;
}

/** Checks and brands a number. Throws RangeError when it is not an integer from 0 to 4,294,967,295. */
export function asn(value: number): Asn {
  if (!isAsn(value)) {
    throw new RangeError(`${value} is not an AS number`);
  }
  return value;
}

/**
 * Reads an AS number (RFC 5396): asplain `65550`, asdot or asdot+ `1.14`, each optionally after `AS`, in any case.
 * A number, as a YAML document may hold one, is taken as asplain.
 */
export function parseAsn(text: string | number): Parsed<Asn> {
  if (typeof text === 'number') {
    return isAsn(text) ? parsed(text) : problem(`${text} is no AS number`, `write a whole number up to ${highestAsn}`);
  }
  const match = /^(?:AS)?(?:(0|[1-9]\d{0,4})\.)?(0|[1-9]\d{0,9})$/i.exec(text);
  const lowText = match?.[2];
  if (match === null || lowText === undefined) {
    const trimmed = text.trim();
    const bare = /^AS\s*[-_ ]?\s*(\d+)$/i.exec(trimmed)?.[1] ?? /^0+(\d+)$/.exec(trimmed)?.[1] ?? trimmed;
    const meant = bare === text ? undefined : parseAsn(bare);
    return problem(
      `${quoted(text)} is no AS number`,
      meant?.ok === true ? `write ${formatAsn(meant.value)}` : 'write it as 64500, AS64500 or 1.10',
    );
  }
  const high = match[1];
  const low = Number(lowText);
  if (high === undefined) {
    return isAsn(low) ? parsed(low) : problem(`${quoted(text)} is over the highest AS number, ${highestAsn}`);
  }
  const value = Number(high) * 0x1_0000 + low;
  return low <= 0xffff && isAsn(value)
    ? parsed(value)
    : problem(`${quoted(text)} is no AS number: both parts of the dotted form go up to 65535`);
}

/** `65550` in asplain (the default, as RFC 5396 recommends), `1.14` in asdot; asdot leaves 16-bit numbers plain. */
export function formatAsn(value: Asn, style: 'asplain' | 'asdot' = 'asplain'): string {
  return style === 'asplain' || value <= 0xffff ? String(value) : `${Math.floor(value / 0x1_0000)}.${value % 0x1_0000}`;
}

/** An AS number literal for constants and tests. Throws RangeError on text that `parseAsn` refuses. */
export function asnLiteral(text: string): Asn {
  return valueOrThrow(parseAsn(text));
}

export type AsnKind = 'public' | 'private' | 'documentation' | 'reserved' | 'as-trans';

interface AsnRange {
  readonly first: number;
  readonly last: number;
  readonly kind: AsnKind;
  readonly source: string;
}

/** The IANA registry of special-purpose AS numbers; what no row covers is public. Ascending, disjoint. */
const specialRanges: readonly AsnRange[] = [
  { first: 0, last: 0, kind: 'reserved', source: 'RFC 7607' },
  { first: 23456, last: 23456, kind: 'as-trans', source: 'RFC 6793 section 9, RFC 4893' },
  { first: 64496, last: 64511, kind: 'documentation', source: 'RFC 5398' },
  { first: 64512, last: 65534, kind: 'private', source: 'RFC 6996' },
  { first: 65535, last: 65535, kind: 'reserved', source: 'RFC 7300' },
  { first: 65536, last: 65551, kind: 'documentation', source: 'RFC 5398' },
  { first: 65552, last: 131071, kind: 'reserved', source: 'IANA registry of AS numbers' },
  { first: 4200000000, last: 4294967294, kind: 'private', source: 'RFC 6996' },
  { first: 4294967295, last: 4294967295, kind: 'reserved', source: 'RFC 7300' },
];

function specialRange(value: Asn): AsnRange | undefined {
  return specialRanges.find((range) => value >= range.first && value <= range.last);
}

/** What the number may be used for. */
export function asnKind(value: Asn): AsnKind {
  return specialRange(value)?.kind ?? 'public';
}

/** The document that gives the number its kind; undefined for public numbers. */
export function asnKindSource(value: Asn): string | undefined {
  return specialRange(value)?.source;
}
