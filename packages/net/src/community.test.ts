import { describe, expect, it } from 'vitest';
import {
  community,
  communityHigh,
  communityLiteral,
  communityLow,
  communityOf,
  compareLargeCommunities,
  formatCommunity,
  formatLargeCommunity,
  type LargeCommunity,
  parseCommunity,
  parseLargeCommunity,
  wellKnownCommunity,
} from './index.ts';

describe('communities', () => {
  it('reads two halves and gives them back', () => {
    const exchange = communityLiteral('12076:5010');
    expect([communityHigh(exchange), communityLow(exchange)]).toEqual([12076, 5010]);
    expect(formatCommunity(exchange)).toBe('12076:5010');
    expect(formatCommunity(community(65535, 65535))).toBe('65535:65535');
    expect(formatCommunity(communityOf(0))).toBe('0:0');
  });

  it('knows the well-known ones by name, and writes them as numbers', () => {
    expect(formatCommunity(communityLiteral('NO_EXPORT'))).toBe('65535:65281');
    expect(wellKnownCommunity(community(65535, 666))).toMatchObject({ name: 'blackhole', source: 'RFC 7999' });
    expect(wellKnownCommunity(community(12076, 5010))).toBeUndefined();
  });

  it.each([
    [
      '65536:1',
      '"65536:1" is no community: each half goes up to 65535 | a 32-bit AS number needs a large community, such as 65550:1:2',
    ],
    ['1:65536', '"1:65536" is no community: each half goes up to 65535 | '],
    ['1:2:3', '"1:2:3" is no community | three parts make a large community'],
    ['12076', '"12076" is no community | write two numbers, such as 64500:100'],
    ['12076:', '"12076:" is no community | write two numbers, such as 64500:100'],
    ['012076:1', '"012076:1" is no community | write two numbers, such as 64500:100'],
    ['1:2\n', '"1:2\\n" is no community | write two numbers, such as 64500:100'],
  ])('refuses %j', (text, expected) => {
    const result = parseCommunity(text);
    expect(result.ok ? '' : `${result.problem} | ${result.hint ?? ''}`).toBe(expected);
  });

  it('throws on halves that do not fit', () => {
    expect(() => community(65536, 0)).toThrow('65536:0 is not a community');
    expect(() => community(1, -1)).toThrow(RangeError);
    expect(() => communityOf(2 ** 32)).toThrow(RangeError);
  });
});

describe('large communities', () => {
  it('reads three parts and gives them back', () => {
    const result = parseLargeCommunity('65550:1:4294967295');
    expect(result).toEqual({ ok: true, value: { global: 65550, first: 1, second: 4294967295 } });
    expect(result.ok && formatLargeCommunity(result.value)).toBe('65550:1:4294967295');
  });

  it.each(['65550:1', '65550:1:2:3', '65550:01:2', '4294967296:0:0', '1:1:9999999999', 'a:b:c', ''])(
    'refuses %j',
    (text) => {
      expect(parseLargeCommunity(text).ok).toBe(false);
    },
  );

  it('orders by the parts in turn', () => {
    const given: LargeCommunity[] = [
      { global: 2, first: 0, second: 0 },
      { global: 1, first: 2, second: 0 },
      { global: 1, first: 1, second: 9 },
      { global: 1, first: 1, second: 3 },
    ];
    expect(given.toSorted(compareLargeCommunities).map(formatLargeCommunity)).toEqual([
      '1:1:3',
      '1:1:9',
      '1:2:0',
      '2:0:0',
    ]);
  });
});
