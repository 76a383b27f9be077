import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import {
  type AddressScope,
  address,
  formatAddress,
  hostPrefix,
  prefix,
  prefixContains,
  Random,
  scopeOf,
  specialPurposeOf,
  specialPurposes,
} from './index.ts';

describe('scopes', () => {
  it.each<[string, AddressScope]>([
    ['8.8.8.8/32', 'global'],
    ['52.112.0.0/14', 'global'],
    ['10.0.0.0/8', 'private'],
    ['172.16.0.0/12', 'private'],
    ['172.32.0.0/12', 'global'],
    ['192.168.1.0/24', 'private'],
    ['100.64.0.0/10', 'shared'],
    ['100.128.0.0/10', 'global'],
    ['127.0.0.1/32', 'loopback'],
    ['169.254.169.254/32', 'link-local'],
    ['0.0.0.0/32', 'unspecified'],
    ['0.0.0.1/32', 'this-network'],
    ['192.0.0.8/32', 'protocol'],
    ['192.0.0.9/32', 'global'],
    ['192.0.0.11/32', 'protocol'],
    ['192.0.2.0/24', 'documentation'],
    ['198.18.0.0/15', 'benchmarking'],
    ['239.1.1.1/32', 'multicast'],
    ['250.0.0.0/8', 'reserved'],
    ['255.255.255.255/32', 'broadcast'],
    ['2603:1000::/24', 'global'],
    ['fd00::/8', 'unique-local'],
    ['fe80::1/128', 'link-local'],
    ['fec0::/10', 'reserved'],
    ['2001:db8:1::/48', 'documentation'],
    ['3fff:fff::/32', 'documentation'],
    ['2001::/32', 'transition'],
    ['2002:c000:201::/48', 'transition'],
    ['64:ff9b::c000:201/128', 'translation'],
    ['::ffff:192.0.2.1/128', 'ipv4-mapped'],
    ['ff02::1/128', 'multicast'],
    ['::1/128', 'loopback'],
    ['6000::/3', 'reserved'],
  ])('%s is %s', (text, scope) => {
    expect(scopeOf(prefix(text))).toBe(scope);
  });

  it.each(['0.0.0.0/0', '10.0.0.0/7', '192.0.0.0/16', '224.0.0.0/3', '240.0.0.0/4', '::/0', '2001::/16', 'fc00::/6'])(
    '%s holds more than one scope',
    (text) => {
      expect(scopeOf(prefix(text))).toBe('mixed');
    },
  );

  it('names the document behind a block', () => {
    expect(specialPurposeOf(prefix('100.64.3.0/24'))).toMatchObject({ source: 'RFC 6598', scope: 'shared' });
    expect(specialPurposeOf(prefix('8.0.0.0/8'))).toMatchObject({ source: 'RFC 791', scope: 'global' });
  });

  it('has a source for every row and agrees with its own rows', () => {
    for (const row of [...specialPurposes(4), ...specialPurposes(6)]) {
      expect(row.source).toMatch(/^RFC \d+/);
      expect([row.scope, 'mixed']).toContain(scopeOf(row.prefix));
    }
  });

  const seed = 20263;
  it(`gives every address the scope of its most specific row (seed ${seed})`, () => {
    const random = new Random(seed);
    for (const family of [4, 6] as const) {
      const rows = specialPurposes(family);
      for (let round = 0; round < 2000; round += 1) {
        const row = random.pick(rows);
        const size = 1n << BigInt((family === 4 ? 32 : 128) - row.prefix.length);
        const each = { family, bits: row.prefix.bits + random.bigBelow(size) };
        expect(scopeOf(hostPrefix(each))).toBe(rows.findLast((other) => prefixContains(other.prefix, each))?.scope);
      }
    }
  });

  it(`agrees with the coarser ranges of ipaddr.js where both name one (seed ${seed})`, () => {
    const names: Readonly<Record<string, AddressScope>> = {
      private: 'private',
      carrierGradeNat: 'shared',
      loopback: 'loopback',
      linkLocal: 'link-local',
      multicast: 'multicast',
      uniqueLocal: 'unique-local',
      broadcast: 'broadcast',
      ipv4Mapped: 'ipv4-mapped',
      '6to4': 'transition',
      teredo: 'transition',
    };
    const random = new Random(seed);
    let compared = 0;
    for (let round = 0; round < 4000; round += 1) {
      const row = random.pick([...specialPurposes(4), ...specialPurposes(6)]);
      const each = address(
        formatAddress({ family: row.prefix.family, bits: row.prefix.bits + BigInt(random.below(200)) }),
      );
      const expected = names[ipaddr.parse(formatAddress(each)).range()];
      if (expected !== undefined) {
        expect([formatAddress(each), scopeOf(hostPrefix(each))]).toEqual([formatAddress(each), expected]);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(500);
  });
});
