import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  address,
  addressOf,
  complementOf,
  differenceOf,
  emptySet,
  everyAddress,
  type Family,
  formatPrefix,
  hostPrefix,
  intersectionOf,
  intervalPrefixes,
  intervalSet,
  intervalsSize,
  type Prefix,
  type PrefixSet,
  prefix,
  prefixAround,
  prefixInterval,
  prefixSet,
  setContains,
  setCovers,
  setEquals,
  setHas,
  setIntervals,
  setIsEmpty,
  setPrefixes,
  setSize,
  setsOverlap,
  setTouches,
  unionOf,
} from './index.ts';

function setOf(...texts: readonly string[]): PrefixSet {
  return prefixSet(texts.map(prefix));
}

function textsOf(set: PrefixSet): readonly string[] {
  return setPrefixes(set).map(formatPrefix);
}

describe('sets of addresses', () => {
  it('joins touching and nested prefixes into the fewest', () => {
    expect(
      textsOf(setOf('10.0.1.0/24', '10.0.0.0/24', '10.0.1.128/25', '2001:db8::/33', '2001:db8:8000::/33')),
    ).toEqual(['10.0.0.0/23', '2001:db8::/32']);
    expect(setIntervals(setOf('10.0.1.0/24', '10.0.0.0/24'), 4)).toEqual([{ first: 0x0a000000n, last: 0x0a0001ffn }]);
  });

  it('takes one from another, family by family', () => {
    expect(textsOf(differenceOf(setOf('10.0.0.0/8', '2001:db8::/32'), setOf('10.0.0.0/9', '2001:db8::/32')))).toEqual([
      '10.128.0.0/9',
    ]);
    expect(textsOf(differenceOf(setOf('10.0.0.0/30'), setOf('10.0.0.1/32', '10.0.0.2/32')))).toEqual([
      '10.0.0.0/32',
      '10.0.0.3/32',
    ]);
  });

  it('knows nothing and everything', () => {
    expect(setIsEmpty(emptySet)).toBe(true);
    expect(unionOf()).toBe(emptySet);
    expect(setEquals(complementOf(emptySet), everyAddress)).toBe(true);
    expect(setIsEmpty(complementOf(everyAddress))).toBe(true);
    expect(setSize(everyAddress, 6)).toBe(1n << 128n);
    expect(textsOf(everyAddress)).toEqual(['0.0.0.0/0', '::/0']);
    expect(setHas(everyAddress, address('255.255.255.255'))).toBe(true);
    expect(setCovers(everyAddress, prefix('::/0'))).toBe(true);
  });

  it('covers a prefix only when all of it is in', () => {
    const set = setOf('10.0.0.0/9', '10.128.0.0/9');
    expect(setCovers(set, prefix('10.0.0.0/8'))).toBe(true);
    expect(setCovers(set, prefix('10.0.0.0/7'))).toBe(false);
    expect(setTouches(set, prefix('8.0.0.0/6'))).toBe(true);
    expect(setTouches(set, prefix('8.0.0.0/7'))).toBe(false);
    expect(setTouches(emptySet, prefix('::/0'))).toBe(false);
  });

  it('refuses intervals that are none', () => {
    expect(() => intervalSet(4, [{ first: 5n, last: 4n }])).toThrow(RangeError);
    expect(() => intervalSet(4, [{ first: 0n, last: 1n << 32n }])).toThrow(RangeError);
    expect(() => intervalSet(6, [{ first: -1n, last: 4n }])).toThrow(RangeError);
  });
});

const seed = 20271;

/** All tests run in the last /24 of IPv4 and the last /120 of IPv6, so that ends of the address space are met. */
const firstOf: Readonly<Record<Family, bigint>> = { 4: 0xffff_ff00n, 6: (1n << 128n) - 256n };
const smallPrefix: fc.Arbitrary<Prefix> = fc
  .tuple(fc.constantFrom<Family>(4, 6), fc.nat(255), fc.integer({ min: 0, max: 8 }))
  .map(([family, offset, free]) =>
    prefixAround({ family, bits: firstOf[family] + BigInt(offset) }, (family === 4 ? 32 : 128) - free),
  );
const smallSet = fc.array(smallPrefix, { maxLength: 12 });

/** The members by brute force. */
function oracle(prefixes: readonly Prefix[]): ReadonlySet<string> {
  const members = new Set<string>();
  for (const each of prefixes) {
    const { first, last } = prefixInterval(each);
    for (let bits = first; bits <= last; bits += 1n) {
      members.add(`${each.family}:${bits}`);
    }
  }
  return members;
}

function membersOf(set: PrefixSet): ReadonlySet<string> {
  const members = new Set<string>();
  for (const family of [4, 6] as const) {
    for (let offset = 0n; offset < 256n; offset += 1n) {
      const each = addressOf(family, firstOf[family] + offset);
      if (setHas(set, each)) {
        members.add(`${family}:${each.bits}`);
      }
    }
  }
  return members;
}

describe('properties, against membership by brute force', () => {
  it(`union, intersection, difference and comparisons (seed ${seed})`, () => {
    fc.assert(
      fc.property(smallSet, smallSet, (first, second) => {
        const a = prefixSet(first);
        const b = prefixSet(second);
        const inA = oracle(first);
        const inB = oracle(second);
        expect(membersOf(a)).toEqual(inA);
        expect(membersOf(unionOf(a, b))).toEqual(inA.union(inB));
        expect(membersOf(intersectionOf(a, b))).toEqual(inA.intersection(inB));
        expect(membersOf(differenceOf(a, b))).toEqual(inA.difference(inB));
        expect(setsOverlap(a, b)).toBe(!inA.isDisjointFrom(inB));
        expect(setContains(a, b)).toBe(inB.isSubsetOf(inA));
        expect(setEquals(a, b)).toBe(inA.symmetricDifference(inB).size === 0);
        expect(setSize(a, 4) + setSize(a, 6)).toBe(BigInt(inA.size));
        for (const each of second) {
          const members = oracle([each]);
          expect(setCovers(a, each)).toBe(members.isSubsetOf(inA));
          expect(setTouches(a, each)).toBe(!members.isDisjointFrom(inA));
        }
      }),
      { seed, numRuns: 150 },
    );
  });

  it(`De Morgan, double complement, and one form for equal sets (seed ${seed})`, () => {
    fc.assert(
      fc.property(smallSet, smallSet, smallSet, (first, second, third) => {
        const [a, b, c] = [prefixSet(first), prefixSet(second), prefixSet(third)];
        expect(complementOf(unionOf(a, b))).toEqual(intersectionOf(complementOf(a), complementOf(b)));
        expect(complementOf(intersectionOf(a, b))).toEqual(unionOf(complementOf(a), complementOf(b)));
        expect(complementOf(complementOf(a))).toEqual(a);
        expect(unionOf(a, b, c)).toEqual(prefixSet([...third, ...second, ...first]));
        expect(intersectionOf(a, unionOf(b, c))).toEqual(unionOf(intersectionOf(a, b), intersectionOf(a, c)));
        expect(differenceOf(a, b)).toEqual(intersectionOf(a, complementOf(b)));
        expect(prefixSet(setPrefixes(a))).toEqual(a);
        for (const family of [4, 6] as const) {
          const intervals = setIntervals(a, family);
          expect(setIntervals(intervalSet(family, intervals.toReversed()), family)).toEqual(intervals);
          expect(intervalPrefixes(family, intervals)).toEqual(setPrefixes(a, family));
          expect(intervalsSize(intervals)).toBe(setSize(a, family));
          for (const [index, each] of intervals.entries()) {
            const previous = intervals[index - 1];
            expect(previous === undefined || previous.last + 1n < each.first).toBe(true);
          }
        }
      }),
      { seed, numRuns: 300 },
    );
  });

  it('a host route at the very end of the space is found', () => {
    const last = addressOf(6, (1n << 128n) - 1n);
    expect(setHas(prefixSet([hostPrefix(last)]), last)).toBe(true);
    expect(setHas(prefixSet([hostPrefix(last)]), addressOf(6, last.bits - 1n))).toBe(false);
  });
});
