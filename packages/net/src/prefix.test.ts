import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import {
  address,
  addressWidth,
  commonPrefix,
  comparePrefixes,
  type Family,
  firstAddress,
  formatAddress,
  formatPrefix,
  hostPrefix,
  lastAddress,
  nthAddress,
  type Prefix,
  parentPrefix,
  parsePrefix,
  prefix,
  prefixAround,
  prefixContains,
  prefixEquals,
  prefixesOverlap,
  prefixSize,
  rangePrefixes,
  splitPrefix,
} from './index.ts';

function check(text: string, expected: string): void {
  const result = parsePrefix(text);
  expect(result.ok ? formatPrefix(result.value) : `${result.problem} | ${result.hint ?? ''}`).toBe(expected);
}

describe('reading prefixes', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.0.2.1/32', '192.0.2.1/32'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['::/0', '::/0'],
    ['2001:db8::1/128', '2001:db8::1/128'],
  ])('accepts %s', check);

  it.each([
    ['', 'the prefix is empty | '],
    ['192.0.2.0', '"192.0.2.0" has no prefix length | write 192.0.2.0/32 for this one address'],
    ['2001:db8::', '"2001:db8::" has no prefix length | write 2001:db8::/128 for this one address'],
    [
      '192.0.2.1/24',
      '"192.0.2.1/24" has bits set after its first 24 | the prefix is 192.0.2.0/24; the address alone is 192.0.2.1/32',
    ],
    [
      '2001:db8::1/32',
      '"2001:db8::1/32" has bits set after its first 32 | the prefix is 2001:db8::/32; the address alone is 2001:db8::1/128',
    ],
    ['192.0.2.0/33', '"33" is no prefix length of IPv4 | write a number from 0 to 32'],
    ['::/129', '"129" is no prefix length of IPv6 | write a number from 0 to 128'],
    ['192.0.2.0/', '"" is no prefix length of IPv4 | write a number from 0 to 32'],
    ['192.0.2.0/024', '"192.0.2.0/024" has leading zeros in the prefix length | write /24'],
    [
      '192.0.2.0/255.255.255.0',
      '"192.0.2.0/255.255.255.0" has a netmask instead of a prefix length | write 192.0.2.0/24',
    ],
    ['0.0.0.0/0.0.0.0', '"0.0.0.0/0.0.0.0" has a netmask instead of a prefix length | write 0.0.0.0/0'],
    ['192.0.2.0/0.0.0.255', '"0.0.0.255" is no prefix length of IPv4 | write a number from 0 to 32'],
    ['192.0.2.0/24 ', '"192.0.2.0/24 " has white space around the prefix | write 192.0.2.0/24'],
    ['192.0.2/24', '"192.0.2" is no IPv4 address | write four numbers from 0 to 255, such as 192.0.2.1'],
    ['/24', 'the address is empty | '],
    ['192.0.2.0/-1', '"-1" is no prefix length of IPv4 | write a number from 0 to 32'],
    ['192.0.2.0/2e1', '"2e1" is no prefix length of IPv4 | write a number from 0 to 32'],
    ['192.0.2.0/24/24', '"24/24" is no prefix length of IPv4 | write a number from 0 to 32'],
  ])('refuses %j with a reason', check);

  it('throws from the literal and from lengths that do not fit', () => {
    expect(() => prefix('10.0.0.1/8')).toThrow('the prefix is 10.0.0.0/8');
    expect(() => prefixAround(address('10.0.0.1'), 33)).toThrow('33 is not a prefix length of IPv4');
  });
});

describe('relations', () => {
  it('contains itself, longer prefixes and addresses, never the other family', () => {
    expect(prefixContains(prefix('10.0.0.0/8'), prefix('10.0.0.0/8'))).toBe(true);
    expect(prefixContains(prefix('10.0.0.0/8'), prefix('10.255.255.255/32'))).toBe(true);
    expect(prefixContains(prefix('10.0.0.0/8'), prefix('10.0.0.0/7'))).toBe(false);
    expect(prefixContains(prefix('10.0.0.0/8'), address('11.0.0.0'))).toBe(false);
    expect(prefixContains(prefix('10.0.0.0/8'), address('9.255.255.255'))).toBe(false);
    expect(prefixContains(prefix('0.0.0.0/0'), address('::1'))).toBe(false);
    expect(prefixContains(prefix('::/0'), prefix('0.0.0.0/0'))).toBe(false);
    expect(prefixesOverlap(prefix('10.0.0.0/8'), prefix('10.1.0.0/16'))).toBe(true);
    expect(prefixesOverlap(prefix('10.0.0.0/9'), prefix('10.128.0.0/9'))).toBe(false);
  });

  it('orders by family, first address, length', () => {
    const texts = ['10.1.0.0/16', '::/0', '10.0.0.0/16', '10.0.0.0/8', '0.0.0.0/0'];
    expect(texts.map(prefix).toSorted(comparePrefixes).map(formatPrefix)).toEqual([
      '0.0.0.0/0',
      '10.0.0.0/8',
      '10.0.0.0/16',
      '10.1.0.0/16',
      '::/0',
    ]);
  });

  it('finds ends, numbered addresses and sizes', () => {
    const link = prefix('192.0.2.4/30');
    expect(formatAddress(firstAddress(link))).toBe('192.0.2.4');
    expect(formatAddress(lastAddress(link))).toBe('192.0.2.7');
    expect(formatAddress(nthAddress(link, 1n))).toBe('192.0.2.5');
    expect(() => nthAddress(link, 4n)).toThrow('192.0.2.4/30 has 4 addresses, none with number 4');
    expect(prefixSize(prefix('::/0'))).toBe(1n << 128n);
    expect(formatPrefix(hostPrefix(address('2001:db8::1')))).toBe('2001:db8::1/128');
  });

  it('goes up to /0 and down to host prefixes', () => {
    expect(parentPrefix(prefix('0.0.0.0/0'))).toBeUndefined();
    expect(splitPrefix(prefix('0.0.0.0/0')).map(formatPrefix)).toEqual(['0.0.0.0/1', '128.0.0.0/1']);
    expect(() => splitPrefix(prefix('::1/128'))).toThrow('is a single address');
  });
});

const seed = 20262;
const anyPrefix = fc
  .constantFrom<Family>(4, 6)
  .chain((family) =>
    fc
      .tuple(
        fc.bigInt({ min: 0n, max: (1n << BigInt(addressWidth(family))) - 1n }),
        fc.integer({ min: 0, max: addressWidth(family) }),
      )
      .map(([bits, length]) => prefixAround({ family, bits }, length)),
  );

/** Prefixes of IPv4 near each other, so that containment and overlap happen. */
const nearPrefix = fc
  .tuple(fc.nat(1023), fc.integer({ min: 20, max: 32 }))
  .map(([bits, length]) => prefixAround({ family: 4, bits: BigInt(bits) }, length));

function numbersOf(each: Prefix): ReadonlySet<number> {
  const first = Number(each.bits);
  return new Set(Array.from({ length: Number(prefixSize(each)) }, (_, index) => first + index));
}

describe('properties', () => {
  it(`reads back what it writes (seed ${seed})`, () => {
    fc.assert(
      fc.property(anyPrefix, (each) => {
        const result = parsePrefix(formatPrefix(each));
        expect(result.ok && prefixEquals(result.value, each)).toBe(true);
      }),
      { seed, numRuns: 1000 },
    );
  });

  it(`splits into two halves whose parent it is (seed ${seed})`, () => {
    fc.assert(
      fc.property(anyPrefix, (each) => {
        fc.pre(each.length < addressWidth(each.family));
        const [low, high] = splitPrefix(each);
        expect(parentPrefix(low)).toEqual(each);
        expect(parentPrefix(high)).toEqual(each);
        expect(commonPrefix(low, high)).toEqual(each);
        expect(lastAddress(low).bits + 1n).toBe(high.bits);
        expect(lastAddress(high)).toEqual(lastAddress(each));
      }),
      { seed, numRuns: 500 },
    );
  });

  it(`contains and overlaps as the sets of addresses do, and as ipaddr.js says (seed ${seed})`, () => {
    fc.assert(
      fc.property(nearPrefix, nearPrefix, (a, b) => {
        const left = numbersOf(a);
        const right = numbersOf(b);
        expect(prefixContains(a, b)).toBe(right.isSubsetOf(left));
        expect(prefixesOverlap(a, b)).toBe(!right.isDisjointFrom(left));
        expect(prefixContains(a, firstAddress(b))).toBe(
          ipaddr.IPv4.parse(formatAddress(firstAddress(b))).match(ipaddr.IPv4.parseCIDR(formatPrefix(a))),
        );
      }),
      { seed, numRuns: 500 },
    );
  });

  it(`covers a range with the fewest prefixes (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), (one, other) => {
        const [first, last] = one < other ? [one, other] : [other, one];
        const cover = rangePrefixes(4, BigInt(first), BigInt(last));
        const covered = cover.flatMap((each) => [...numbersOf(each)]);
        expect(covered).toEqual(Array.from({ length: last - first + 1 }, (_, index) => first + index));
        // Minimal: no two neighbours could be written as one prefix.
        for (const [index, each] of cover.entries()) {
          const next = cover[index + 1];
          const joined = parentPrefix(each);
          expect(next !== undefined && next.length === each.length && joined?.bits === parentPrefix(next)?.bits).toBe(
            false,
          );
        }
      }),
      { seed, numRuns: 300 },
    );
  });

  it('covers whole address spaces and their last addresses', () => {
    expect(rangePrefixes(4, 0n, (1n << 32n) - 1n).map(formatPrefix)).toEqual(['0.0.0.0/0']);
    expect(rangePrefixes(6, 0n, (1n << 128n) - 1n).map(formatPrefix)).toEqual(['::/0']);
    expect(rangePrefixes(4, (1n << 32n) - 1n, (1n << 32n) - 1n).map(formatPrefix)).toEqual(['255.255.255.255/32']);
    expect(rangePrefixes(4, 1n, (1n << 32n) - 2n)).toHaveLength(62);
    expect(() => rangePrefixes(4, 5n, 4n)).toThrow(RangeError);
  });
});
