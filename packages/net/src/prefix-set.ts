/**
 * Sets of addresses of both families, immutable, kept as ascending disjoint intervals that do not touch.
 *
 * The form is canonical: equal sets have equal intervals. Interval algebra is linear in the number of intervals once
 * these are sorted; prefixes are only a way in and out (RFC 4632 aggregation is what `setPrefixes` yields).
 */
import { type Address, type Family, highestBits } from './address.ts';
import {
  checkInterval,
  type Interval,
  intervalIndexAt,
  intervalPrefixes,
  intervalsSize,
  normaliseIntervals,
  prefixInterval,
} from './interval.ts';
import type { Prefix } from './prefix.ts';

export interface PrefixSet {
  readonly ipv4: readonly Interval[];
  readonly ipv6: readonly Interval[];
}

export const emptySet: PrefixSet = { ipv4: [], ipv6: [] };

/** Every address of both families. */
export const everyAddress: PrefixSet = {
  ipv4: [{ first: 0n, last: highestBits(4) }],
  ipv6: [{ first: 0n, last: highestBits(6) }],
};

/** The addresses of these prefixes, in any order, overlapping or not. */
export function prefixSet(prefixes: Iterable<Prefix>): PrefixSet {
  const ipv4: Interval[] = [];
  const ipv6: Interval[] = [];
  for (const prefix of prefixes) {
    (prefix.family === 4 ? ipv4 : ipv6).push(prefixInterval(prefix));
  }
  return { ipv4: normaliseIntervals(ipv4), ipv6: normaliseIntervals(ipv6) };
}

/** The addresses of these intervals, in any order. Throws RangeError on an interval outside the family. */
export function intervalSet(family: Family, intervals: Iterable<Interval>): PrefixSet {
  const given = [...intervals];
  for (const interval of given) {
    checkInterval(family, interval);
  }
  const kept = normaliseIntervals(given);
  return family === 4 ? { ipv4: kept, ipv6: [] } : { ipv4: [], ipv6: kept };
}

/** The intervals of one family: ascending, disjoint, not touching. */
export function setIntervals(set: PrefixSet, family: Family): readonly Interval[] {
  return family === 4 ? set.ipv4 : set.ipv6;
}

/** Addresses in any of the sets. */
export function unionOf(...sets: readonly PrefixSet[]): PrefixSet {
  const filled = sets.filter((set) => !setIsEmpty(set));
  const [only] = filled;
  if (only === undefined) {
    return emptySet;
  }
  if (filled.length === 1) {
    return only;
  }
  return {
    ipv4: normaliseIntervals(filled.flatMap((set) => set.ipv4)),
    ipv6: normaliseIntervals(filled.flatMap((set) => set.ipv6)),
  };
}

/** Two ascending lists, one pass: each step yields the overlap and leaves behind the interval that ends first. */
function intersectIntervals(a: readonly Interval[], b: readonly Interval[]): readonly Interval[] {
  const shared: Interval[] = [];
  let indexA = 0;
  let indexB = 0;
  for (;;) {
    const left = a[indexA];
    const right = b[indexB];
    if (left === undefined || right === undefined) {
      return shared;
    }
    const first = left.first > right.first ? left.first : right.first;
    const last = left.last < right.last ? left.last : right.last;
    if (first <= last) {
      shared.push({ first, last });
    }
    if (left.last < right.last) {
      indexA += 1;
    } else {
      indexB += 1;
    }
  }
}

function subtractIntervals(from: readonly Interval[], taken: readonly Interval[]): readonly Interval[] {
  const left: Interval[] = [];
  let index = 0;
  for (const { first, last } of from) {
    let start = first;
    for (;;) {
      const cut = taken[index];
      if (cut === undefined || cut.first > last) {
        break;
      }
      if (cut.first > start) {
        left.push({ first: start, last: cut.first - 1n });
      }
      if (cut.last >= start) {
        start = cut.last + 1n;
      }
      if (cut.last > last) {
        break;
      }
      index += 1;
    }
    if (start <= last) {
      left.push({ first: start, last });
    }
  }
  return left;
}

/** Addresses in both sets. */
export function intersectionOf(a: PrefixSet, b: PrefixSet): PrefixSet {
  return { ipv4: intersectIntervals(a.ipv4, b.ipv4), ipv6: intersectIntervals(a.ipv6, b.ipv6) };
}

/** Addresses in `a` that are not in `b`. */
export function differenceOf(a: PrefixSet, b: PrefixSet): PrefixSet {
  return { ipv4: subtractIntervals(a.ipv4, b.ipv4), ipv6: subtractIntervals(a.ipv6, b.ipv6) };
}

/** Addresses of both families that are not in the set. */
export function complementOf(set: PrefixSet): PrefixSet {
  return differenceOf(everyAddress, set);
}

export function setIsEmpty(set: PrefixSet): boolean {
  return set.ipv4.length === 0 && set.ipv6.length === 0;
}

export function setHas(set: PrefixSet, address: Address): boolean {
  const intervals = setIntervals(set, address.family);
  const candidate = intervals[intervalIndexAt(intervals, address.bits)];
  return candidate !== undefined && address.bits <= candidate.last;
}

/** True when every address of the prefix is in the set. */
export function setCovers(set: PrefixSet, prefix: Prefix): boolean {
  const intervals = setIntervals(set, prefix.family);
  const candidate = intervals[intervalIndexAt(intervals, prefix.bits)];
  return candidate !== undefined && prefixInterval(prefix).last <= candidate.last;
}

/** True when some address of the prefix is in the set. */
export function setTouches(set: PrefixSet, prefix: Prefix): boolean {
  const { first, last } = prefixInterval(prefix);
  const intervals = setIntervals(set, prefix.family);
  const candidate = intervals[intervalIndexAt(intervals, last)];
  return candidate !== undefined && candidate.last >= first;
}

/** True when some address is in both sets. */
export function setsOverlap(a: PrefixSet, b: PrefixSet): boolean {
  return intervalsOverlap(a.ipv4, b.ipv4) || intervalsOverlap(a.ipv6, b.ipv6);
}

function intervalsOverlap(a: readonly Interval[], b: readonly Interval[]): boolean {
  const [few, many] = a.length < b.length ? [a, b] : [b, a];
  return few.some(({ first, last }) => {
    const candidate = many[intervalIndexAt(many, last)];
    return candidate !== undefined && candidate.last >= first;
  });
}

/** True when every address of `inner` is in `outer`. */
export function setContains(outer: PrefixSet, inner: PrefixSet): boolean {
  return ([4, 6] as const).every((family) => {
    const intervals = setIntervals(outer, family);
    return setIntervals(inner, family).every(({ first, last }) => {
      const candidate = intervals[intervalIndexAt(intervals, first)];
      return candidate !== undefined && last <= candidate.last;
    });
  });
}

export function setEquals(a: PrefixSet, b: PrefixSet): boolean {
  return ([4, 6] as const).every((family) => {
    const left = setIntervals(a, family);
    const right = setIntervals(b, family);
    return (
      left.length === right.length &&
      left.every(({ first, last }, index) => first === right[index]?.first && last === right[index]?.last)
    );
  });
}

/** The fewest prefixes that hold exactly the set, IPv4 first, ascending; of one family when that is given. */
export function setPrefixes(set: PrefixSet, family?: Family): readonly Prefix[] {
  const families: readonly Family[] = family === undefined ? [4, 6] : [family];
  return families.flatMap((each) => intervalPrefixes(each, setIntervals(set, each)));
}

/** Number of addresses of one family. */
export function setSize(set: PrefixSet, family: Family): bigint {
  return intervalsSize(setIntervals(set, family));
}
