/**
 * BGP communities: the 32-bit kind of RFC 1997, written as two 16-bit numbers, and the 96-bit large kind of RFC 8092.
 * Extended communities (RFC 4360) are left out: neither half of the network modelled here acts on them.
 */
import { type Parsed, parsed, problem, quoted, valueOrThrow } from './parsed.ts';

declare const communityBrand: unique symbol;
/** A 32-bit community. Made by `community`, `communityOf` and `parseCommunity` only. */
export type Community = number & { readonly [communityBrand]: true };

function isCommunity(value: number): value is Community {
  return Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
}

/** Checks and brands a 32-bit value. Throws RangeError when it is none. */
export function communityOf(value: number): Community {
  if (!isCommunity(value)) {
    throw new RangeError(`${value} is not a 32-bit community value`);
  }
  return value;
}

/** The community `high:low`. Throws RangeError unless both are integers from 0 to 65535. */
export function community(high: number, low: number): Community {
  for (const half of [high, low]) {
    if (!Number.isInteger(half) || half < 0 || half > 0xffff) {
      throw new RangeError(`${high}:${low} is not a community; each half is 16 bits`);
    }
  }
  return communityOf(high * 0x1_0000 + low);
}

/** The first half: the AS number that defines the meaning. */
export function communityHigh(value: Community): number {
  return Math.floor(value / 0x1_0000);
}

/** The second half. */
export function communityLow(value: Community): number {
  return value % 0x1_0000;
}

export interface WellKnownCommunity {
  readonly name: string;
  readonly value: Community;
  readonly source: string;
}

/** The IANA registry of well-known communities, as far as routers act on them. Ascending. */
const wellKnown: readonly WellKnownCommunity[] = [
  { name: 'graceful-shutdown', value: community(0xffff, 0), source: 'RFC 8326' },
  { name: 'accept-own', value: community(0xffff, 1), source: 'RFC 7611' },
  { name: 'llgr-stale', value: community(0xffff, 6), source: 'RFC 9494' },
  { name: 'no-llgr', value: community(0xffff, 7), source: 'RFC 9494' },
  { name: 'blackhole', value: community(0xffff, 666), source: 'RFC 7999' },
  { name: 'no-export', value: community(0xffff, 0xff01), source: 'RFC 1997' },
  { name: 'no-advertise', value: community(0xffff, 0xff02), source: 'RFC 1997' },
  { name: 'no-export-subconfed', value: community(0xffff, 0xff03), source: 'RFC 1997' },
  { name: 'nopeer', value: community(0xffff, 0xff04), source: 'RFC 3765' },
];

/** The registered name and its source, when the value is a well-known community. */
export function wellKnownCommunity(value: Community): WellKnownCommunity | undefined {
  return wellKnown.find((entry) => entry.value === value);
}

const decimal = '(0|[1-9]\\d{0,9})';
const communityText = new RegExp(`^${decimal}:${decimal}$`);
const largeCommunityText = new RegExp(`^${decimal}:${decimal}:${decimal}$`);

/** Reads `12076:51002`, or a well-known name such as `no-export` (with `-` or `_`, in any case). */
export function parseCommunity(text: string): Parsed<Community> {
  const match = communityText.exec(text);
  if (match !== null) {
    const high = Number(match[1]);
    const low = Number(match[2]);
    return high <= 0xffff && low <= 0xffff
      ? parsed(community(high, low))
      : problem(
          `${quoted(text)} is no community: each half goes up to 65535`,
          high > 0xffff ? 'a 32-bit AS number needs a large community, such as 65550:1:2' : undefined,
        );
  }
  const name = text.toLowerCase().replaceAll('_', '-');
  const known = wellKnown.find((entry) => entry.name === name);
  if (known !== undefined) {
    return parsed(known.value);
  }
  return problem(
    `${quoted(text)} is no community`,
    largeCommunityText.test(text) ? 'three parts make a large community' : 'write two numbers, such as 64500:100',
  );
}

/** Two decimal numbers; well-known communities stay numeric too, see `wellKnownCommunity`. */
export function formatCommunity(value: Community): string {
  return `${communityHigh(value)}:${communityLow(value)}`;
}

/** A community literal for constants and tests. Throws RangeError on text that `parseCommunity` refuses. */
export function communityLiteral(text: string): Community {
  return valueOrThrow(parseCommunity(text));
}

/** RFC 8092: the AS number that defines the meaning, and two values of its own. 32 bits each. */
export interface LargeCommunity {
  readonly global: number;
  readonly first: number;
  readonly second: number;
}

/** Reads the canonical form of RFC 8092 section 5: three decimal numbers without leading zeros. */
export function parseLargeCommunity(text: string): Parsed<LargeCommunity> {
  const match = largeCommunityText.exec(text);
  if (match === null) {
    return problem(`${quoted(text)} is no large community`, 'write three numbers, such as 65550:1:2');
  }
  const [global = 0, first = 0, second = 0] = match.slice(1).map(Number);
  return Math.max(global, first, second) <= 0xffff_ffff
    ? parsed({ global, first, second })
    : problem(`${quoted(text)} is no large community: each part goes up to 4294967295`);
}

export function formatLargeCommunity(value: LargeCommunity): string {
  return `${value.global}:${value.first}:${value.second}`;
}

/** Orders by the three parts in turn. */
export function compareLargeCommunities(a: LargeCommunity, b: LargeCommunity): number {
  return a.global - b.global || a.first - b.first || a.second - b.second;
}
