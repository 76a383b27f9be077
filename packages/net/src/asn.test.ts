import { describe, expect, it } from 'vitest';
import { type AsnKind, asn, asnKind, asnKindSource, asnLiteral, formatAsn, parseAsn, Random } from './index.ts';

describe('reading AS numbers', () => {
  it.each<[string | number, number]>([
    ['64500', 64500],
    ['AS64500', 64500],
    ['as64500', 64500],
    ['1.10', 65546],
    ['AS1.10', 65546],
    ['0.64500', 64500],
    ['0', 0],
    ['4294967295', 4294967295],
    ['65535.65535', 4294967295],
    [12076, 12076],
  ])('%s is %s', (text, value) => {
    expect(parseAsn(text)).toEqual({ ok: true, value });
  });

  it.each<[string | number, string]>([
    ['4294967296', '"4294967296" is over the highest AS number, 4294967295 | '],
    ['65536.0', '"65536.0" is no AS number: both parts of the dotted form go up to 65535 | '],
    ['1.65536', '"1.65536" is no AS number: both parts of the dotted form go up to 65535 | '],
    ['064500', '"064500" is no AS number | write 64500'],
    ['AS 64500', '"AS 64500" is no AS number | write 64500'],
    ['-1', '"-1" is no AS number | write it as 64500, AS64500 or 1.10'],
    ['', '"" is no AS number | write it as 64500, AS64500 or 1.10'],
    ['1.2.3', '"1.2.3" is no AS number | write it as 64500, AS64500 or 1.10'],
    [1.5, '1.5 is no AS number | write a whole number up to 4294967295'],
    [-1, '-1 is no AS number | write a whole number up to 4294967295'],
    [Number.NaN, 'NaN is no AS number | write a whole number up to 4294967295'],
  ])('refuses %j', (text, expected) => {
    const result = parseAsn(text);
    expect(result.ok ? '' : `${result.problem} | ${result.hint ?? ''}`).toBe(expected);
  });

  const seed = 20264;
  it(`reads back both notations (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let round = 0; round < 1000; round += 1) {
      const value = asn(random.nextUint32() >>> random.below(32));
      expect(asnLiteral(formatAsn(value))).toBe(value);
      expect(asnLiteral(formatAsn(value, 'asdot'))).toBe(value);
    }
    expect(formatAsn(asn(65546), 'asdot')).toBe('1.10');
    expect(formatAsn(asn(65535), 'asdot')).toBe('65535');
  });

  it('throws on numbers that are none', () => {
    expect(() => asn(2 ** 32)).toThrow('4294967296 is not an AS number');
    expect(() => asnLiteral('AS')).toThrow(RangeError);
  });
});

describe('kinds', () => {
  it.each<[number, AsnKind, string | undefined]>([
    [0, 'reserved', 'RFC 7607'],
    [1, 'public', undefined],
    [8075, 'public', undefined],
    [12076, 'public', undefined],
    [23456, 'as-trans', 'RFC 6793 section 9, RFC 4893'],
    [64495, 'public', undefined],
    [64496, 'documentation', 'RFC 5398'],
    [64511, 'documentation', 'RFC 5398'],
    [64512, 'private', 'RFC 6996'],
    [65534, 'private', 'RFC 6996'],
    [65535, 'reserved', 'RFC 7300'],
    [65536, 'documentation', 'RFC 5398'],
    [65552, 'reserved', 'IANA registry of AS numbers'],
    [131072, 'public', undefined],
    [4199999999, 'public', undefined],
    [4200000000, 'private', 'RFC 6996'],
    [4294967294, 'private', 'RFC 6996'],
    [4294967295, 'reserved', 'RFC 7300'],
  ])('%s is %s', (value, kind, source) => {
    expect(asnKind(asn(value))).toBe(kind);
    expect(asnKindSource(asn(value))).toBe(source);
  });
});
