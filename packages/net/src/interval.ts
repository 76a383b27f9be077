/**
 * Closed intervals of address values, the working form of sets and atoms. Both ends belong to the interval.
 */
import type { Family } from './address.ts';
import { addressWidth } from './address.ts';
import type { Prefix } from './prefix.ts';
import { prefixSize, rangePrefixes } from './prefix.ts';

export interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

export function prefixInterval(prefix: Prefix): Interval {
  return { first: prefix.bits, last: prefix.bits + prefixSize(prefix) - 1n };
}

/** Number of addresses in disjoint intervals. */
export function intervalsSize(intervals: readonly Interval[]): bigint {
  let size = 0n;
  for (const { first, last } of intervals) {
    size += last - first + 1n;
  }
  return size;
}

/** The fewest prefixes that hold exactly these disjoint, ascending, non-touching intervals. */
export function intervalPrefixes(family: Family, intervals: readonly Interval[]): readonly Prefix[] {
  return intervals.flatMap(({ first, last }) => rangePrefixes(family, first, last));
}

/** Orders by first value, then last. */
function compareIntervals(a: Interval, b: Interval): number {
  if (a.first !== b.first) {
    return a.first < b.first ? -1 : 1;
  }
  if (a.last !== b.last) {
    return a.last < b.last ? -1 : 1;
  }
  return 0;
}

/** Ascending, disjoint intervals with the same addresses; overlapping and touching ones become one. */
export function normaliseIntervals(intervals: readonly Interval[]): readonly Interval[] {
  const sorted = intervals.toSorted(compareIntervals);
  const merged: Interval[] = [];
  let open: Interval | undefined;
  for (const next of sorted) {
    if (open === undefined) {
      open = next;
    } else if (next.first > open.last + 1n) {
      merged.push(open);
      open = next;
    } else if (next.last > open.last) {
      open = { first: open.first, last: next.last };
    }
  }
  if (open !== undefined) {
    merged.push(open);
  }
  return merged;
}

/** Throws RangeError unless the interval is one of the family. */
export function checkInterval(family: Family, { first, last }: Interval): void {
  if (first < 0n || first > last || last >> BigInt(addressWidth(family)) !== 0n) {
    throw new RangeError(`${first} to ${last} is not a range of IPv${family} addresses`);
  }
}

/** Index of the last interval that starts at or before `bits`, or -1. */
export function intervalIndexAt(intervals: readonly Interval[], bits: bigint): number {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const candidate = intervals[middle];
    if (candidate !== undefined && candidate.first <= bits) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}
