import { comparePrefixes, type Prefix, prefixAround, prefixContains, Random } from '@bothways/net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascending, compareItems, itemCovers, prefixColumn } from './prefix-order.ts';

function randomPrefixes(seed: number, family: 4 | 6): readonly Prefix[] {
  const random = new Random(seed);
  const width = family === 4 ? 32 : 128;
  // A narrow range makes equal and covering prefixes likely, a wide one uses every word.
  const range = 1n << BigInt(random.pick([4, width - 1, width]));
  return Array.from({ length: random.below(60) }, () =>
    prefixAround({ family, bits: random.bigBelow(range) }, random.below(width + 1)),
  );
}

function isInOrder(a: Prefix, b: Prefix, ixA: number, ixB: number): boolean {
  const difference = comparePrefixes(a, b);
  return difference < 0 || (difference === 0 && ixA < ixB);
}

describe.each([4, 6] as const)('IPv%d prefixes', { timeout: 60_000 }, (family) => {
  it('are ordered as comparing them says, equal ones as they came, 500 lists, seed 44', () => {
    const property = fc.property(fc.nat(), (seed) => {
      const prefixes = randomPrefixes(seed, family);
      const order = [...ascending(prefixColumn(family, prefixes))];
      const at = (ix: number): Prefix => prefixes[ix] ?? prefixAround({ family, bits: 0n }, 0);
      const expected = [...prefixes.keys()].sort((a, b) => comparePrefixes(at(a), at(b)) || a - b);
      expect(order).toEqual(expected);
    });
    fc.assert(property, { seed: 44, numRuns: 500 });
  });

  it('are ordered the same way where there are many, seed 50', () => {
    const random = new Random(50);
    const width = family === 4 ? 32 : 128;
    const prefixes = Array.from({ length: 33_000 }, () =>
      prefixAround({ family, bits: random.bigBelow(1n << BigInt(width)) }, 8 + random.below(17)),
    );
    const order = [...ascending(prefixColumn(family, prefixes))];
    const at = (ix: number): Prefix => prefixes[ix] ?? prefixAround({ family, bits: 0n }, 0);
    expect(new Set(order).size).toBe(prefixes.length);
    expect(
      order.every((item, n) => n === 0 || isInOrder(at(order[n - 1] ?? 0), at(item), order[n - 1] ?? 0, item)),
    ).toBe(true);
  });

  it('cover and compare as the bits say, 500 lists, seed 45', () => {
    const property = fc.property(fc.nat(), (seed) => {
      const prefixes = randomPrefixes(seed, family).slice(0, 12);
      const column = prefixColumn(family, prefixes);
      for (const [a, first] of prefixes.entries()) {
        for (const [b, second] of prefixes.entries()) {
          expect(itemCovers(column, a, b)).toBe(prefixContains(first, second));
          expect(Math.sign(compareItems(column, a, b))).toBe(Math.sign(comparePrefixes(first, second)));
        }
      }
    });
    fc.assert(property, { seed: 45, numRuns: 500 });
  });
});
