import { type Address, address, nthAddress, type Prefix, prefixContains, prefixSize, Random } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { addressSets } from './address-sets.ts';
import { clouds } from './cloud.ts';
import { whoOwns } from './ownership.ts';

const seed = 12076;

/** The obvious way: ask every prefix of every set. */
function ownersByAsking(prefixesByName: readonly (readonly [string, readonly Prefix[]])[], asked: Address): string[] {
  return prefixesByName
    .filter(([, prefixes]) => prefixes.some((prefix) => prefixContains(prefix, asked)))
    .map(([name]) => name)
    .sort();
}

describe('whoOwns', () => {
  it(`agrees with asking every prefix, inside and at the edges of random prefixes (seed ${seed})`, () => {
    const random = new Random(seed);
    for (const cloud of clouds) {
      const prefixesByName = [...addressSets(cloud)].map((set) => [set.name, set.prefixes] as const);
      for (let round = 0; round < 25; round += 1) {
        const [, prefixes] = random.pick(prefixesByName);
        const prefix = random.pick(prefixes);
        const inside = nthAddress(prefix, random.bigBelow(prefixSize(prefix)));
        const beyond: Address = { family: prefix.family, bits: prefix.bits + prefixSize(prefix) };
        for (const asked of [inside, beyond]) {
          expect(whoOwns(asked, cloud).sets).toEqual(ownersByAsking(prefixesByName, asked));
        }
      }
    }
  });

  it('names the sets of well-known addresses', () => {
    expect(whoOwns(address('52.112.0.1'))).toEqual({ cloud: 'public', sets: ['Microsoft365.11', 'Microsoft365.12'] });
    expect(whoOwns(address('13.69.66.160'), 'public').sets).toContain('AzureCloud.westeurope');
  });

  it('has no owner for private and documentation addresses', () => {
    for (const text of ['10.1.2.3', '192.0.2.1', '2001:db8::1', '0.0.0.0', '255.255.255.255']) {
      expect(whoOwns(address(text))).toEqual({ cloud: undefined, sets: [] });
    }
  });

  it('asks one cloud only when one is named', () => {
    expect(whoOwns(address('52.112.0.1'), 'china').cloud).toBeUndefined();
  });
});
