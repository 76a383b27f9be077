import { comparePrefixes, type Family, formatPrefix, type Prefix, prefix, prefixAround } from '@bothways/net';
import { type Arbitrary, array, assert, bigInt, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packPrefixes, unpackPrefixes } from './packed-prefixes.ts';

const seed = 20251110;

function prefixesOf(family: Family): Arbitrary<Prefix[]> {
  const width = family === 4 ? 32 : 128;
  const one = record({
    bits: bigInt({ min: 0n, max: (1n << BigInt(width)) - 1n }),
    length: integer({ min: 0, max: width }),
  }).map(({ bits, length }) => prefixAround({ family, bits }, length));
  return array(one, { maxLength: 60 });
}

function sortedDistinct(prefixes: readonly Prefix[]): string[] {
  return [...new Set([...prefixes].sort(comparePrefixes).map(formatPrefix))];
}

describe('packed prefixes', () => {
  for (const family of [4, 6] as const) {
    it(`gives back every IPv${family} list, sorted and without duplicates (seed ${seed})`, () => {
      assert(
        property(prefixesOf(family), (prefixes) => {
          const doubled = [...prefixes, ...prefixes.slice(0, 5)];
          const unpacked = unpackPrefixes(packPrefixes(doubled, family), family);
          expect(unpacked.map(formatPrefix)).toEqual(sortedDistinct(prefixes));
        }),
        { seed, numRuns: 300 },
      );
    });
  }

  it('keeps the ends of both address spaces', () => {
    const ends4 = ['0.0.0.0/0', '0.0.0.0/32', '255.255.255.255/32'].map(prefix);
    expect(unpackPrefixes(packPrefixes(ends4, 4), 4)).toEqual(ends4);
    const ends6 = ['::/0', '::/128', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128'].map(prefix);
    expect(unpackPrefixes(packPrefixes(ends6, 6), 6)).toEqual(ends6);
  });

  it('has an empty text for an empty list', () => {
    expect(packPrefixes([], 4)).toBe('');
    expect(unpackPrefixes('', 6)).toEqual([]);
  });

  it('follows the layout written at its top', () => {
    // Length +8 is code 15, below 32: one digit 'P'; the first byte 10 is digit 'K'. Then the same length, distance 1.
    expect(packPrefixes([prefix('10.0.0.0/8'), prefix('11.0.0.0/8')], 4)).toBe('QKAB');
  });

  it('refuses foreign characters, cut texts, impossible lengths and overflow', () => {
    expect(() => unpackPrefixes('Q*', 4)).toThrow(RangeError);
    expect(() => unpackPrefixes('Q', 4)).toThrow(RangeError);
    expect(() => unpackPrefixes('é', 6)).toThrow(RangeError);
    expect(() => unpackPrefixes('BA', 4)).toThrow('length -1');
    expect(() => unpackPrefixes('AB', 4)).toThrow('beyond the last address');
    expect(() => unpackPrefixes('AB', 6)).toThrow('beyond the last address');
  });

  it('refuses a prefix of the other family', () => {
    expect(() => packPrefixes([prefix('2001:db8::/32')], 4)).toThrow(RangeError);
  });
});
