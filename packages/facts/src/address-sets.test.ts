import { comparePrefixes, formatPrefix, intersectionOf, prefix, setContains, setIsEmpty, setSize } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { addressFiles } from './address-data.ts';
import { addressSet, addressSetNames, addressSets, regionalTag } from './address-sets.ts';
import { azureRegions } from './azure-regions.ts';
import { clouds } from './cloud.ts';
import { microsoft365Sets } from './microsoft365.ts';
import { packPrefixes, unpackPrefixes } from './packed-prefixes.ts';

function setNamed(name: string) {
  const found = addressSet('public', name);
  if (found === undefined) throw new RangeError(`no set ${name}`);
  return found;
}

describe('address sets', () => {
  it('holds the complete files of the three clouds', () => {
    expect(addressFiles().map(({ cloud, changeNumber, date }) => [cloud, changeNumber, date])).toEqual([
      ['public', 376, '2025-11-10'],
      ['usgov', 402, '2026-07-20'],
      ['china', 405, '2026-07-20'],
    ]);
    const counts = clouds.map((cloud) => {
      const names = addressSetNames(cloud).filter((name) => !name.startsWith('Microsoft365'));
      const prefixes = names.reduce((sum, name) => sum + (addressSet(cloud, name)?.prefixes.length ?? 0), 0);
      return [cloud, names.length, prefixes];
    });
    expect(counts).toEqual([
      ['public', 3041, 95823],
      ['usgov', 299, 6591],
      ['china', 327, 4390],
    ]);
  });

  it.each([
    ['public', 'AzureCloud', 'westeurope', 417, 4502530n],
    ['public', 'PowerPlatformInfra', 'westeurope', 149, 4788n],
    ['public', 'AzureCloud', 'eastus', 471, 4615143n],
    ['public', 'AzureConnectors', 'koreasouth', 9, 101n],
    ['usgov', 'PowerPlatformPlex', 'usgovtexas', 12, 116n],
    ['china', 'AzureCloud', 'chinaeast3', 26, 55334n],
  ] as const)('%s %s of %s has %i IPv4 prefixes and %s addresses', (cloud, tag, region, prefixes, addresses) => {
    const set = regionalTag(cloud, tag, region);
    expect(set?.prefixes4.length).toBe(prefixes);
    expect(set === undefined ? undefined : setSize(set.set, 4)).toBe(addresses);
  });

  it('keeps every prefix of Power Platform inside AzureCloud of the same region', () => {
    let regions = 0;
    for (const { id, cloud } of azureRegions()) {
      const platform = regionalTag(cloud, 'PowerPlatformInfra', id);
      if (platform === undefined) continue;
      const azure = regionalTag(cloud, 'AzureCloud', id);
      expect([id, azure !== undefined && setContains(azure.set, platform.set)]).toEqual([id, true]);
      regions += 1;
    }
    expect(regions).toBe(53);
  });

  it('keeps Power Platform out of the Microsoft 365 prefixes that ExpressRoute carries', () => {
    const flagged = microsoft365Sets('public').filter((set) => set.expressRoute);
    expect(flagged.length).toBe(10);
    for (const { addressSet: name } of flagged) {
      if (name === undefined) continue;
      for (const tag of ['PowerPlatformInfra', 'PowerPlatformPlex', 'AzureConnectors', 'LogicApps', 'ServiceBus']) {
        expect([`${name} ${tag}`, setIsEmpty(intersectionOf(setNamed(name).set, setNamed(tag).set))]).toEqual([
          `${name} ${tag}`,
          true,
        ]);
      }
    }
  });

  it('joins regional tags on the region, not on the short names some tags have', () => {
    expect(regionalTag('public', 'AzureCloud', 'germanywestcentral')?.name).toBe('AzureCloud.germanywc');
    expect(regionalTag('public', 'PowerPlatformInfra', 'germanywestcentral')?.name).toBe(
      'PowerPlatformInfra.GermanyWestCentral',
    );
    expect(regionalTag('public', 'AzureCloud', 'francecentral')?.name).toBe('AzureCloud.centralfrance');
    expect(regionalTag('public', 'AzureCloud', 'chilecentral')?.name).toBe('AzureCloud.chilec');
    expect(regionalTag('public', 'Storage', 'eastus2')?.name).toBe('Storage.EastUS2');
    expect(regionalTag('public', 'AzureCloud', 'nowhere')).toBeUndefined();
    expect(regionalTag('usgov', 'AzureCloud', 'westeurope')).toBeUndefined();
  });

  it('has a regional AzureCloud tag for all regions but Denmark East and US Gov Iowa, which the files lack', () => {
    const missing = azureRegions().filter(({ id, cloud }) => regionalTag(cloud, 'AzureCloud', id) === undefined);
    expect(missing.map(({ id }) => id)).toEqual(['denmarkeast', 'usgoviowa']);
  });

  it('packs the real sets without loss, whatever their order', () => {
    for (const cloud of ['usgov', 'china'] as const) {
      for (const { name, prefixes4, prefixes6 } of addressSets(cloud)) {
        const again4 = unpackPrefixes(packPrefixes([...prefixes4].reverse(), 4), 4);
        const again6 = unpackPrefixes(packPrefixes([...prefixes6].reverse(), 6), 6);
        expect([name, [...again4, ...again6].map(formatPrefix)]).toEqual([
          name,
          [...prefixes4, ...prefixes6].map(formatPrefix),
        ]);
      }
    }
  });

  it('gives the prefixes of a set in ascending order, IPv4 first', () => {
    const { prefixes, prefixes4, prefixes6 } = setNamed('AzureCloud.westeurope');
    expect(prefixes).toEqual([...prefixes4, ...prefixes6]);
    expect([...prefixes].sort(comparePrefixes)).toEqual(prefixes);
    expect(prefixes4).toContainEqual(prefix('13.69.0.0/17'));
    expect(prefixes6).toContainEqual(prefix('2603:1020:200::/46'));
  });

  it('states file, date and region in each set', () => {
    for (const cloud of clouds) {
      for (const set of addressSets(cloud)) {
        expect(set.cloud).toBe(cloud);
        expect(set.date).toMatch(/^20\d\d-\d\d-\d\d$/);
        // Fails after new downloads until data/sources.json names where they came from.
        expect(set.source.date).toBe(set.date);
        expect([set.name, set.prefixes.length > 0]).toEqual([set.name, true]);
      }
    }
    expect(setNamed('Storage.WestEurope')).toMatchObject({ service: 'AzureStorage', region: 'westeurope' });
    expect(setNamed('Microsoft365.56').service).toBeUndefined();
  });
});

describe('Microsoft 365 sets', () => {
  it('has the sets of each instance', () => {
    const counts = (['public', 'usgov-gcc', 'usgov', 'usgov-dod', 'china'] as const).map((cloud) => {
      const sets = microsoft365Sets(cloud);
      return [cloud, sets.length, sets.filter((set) => set.expressRoute).length];
    });
    expect(counts).toEqual([
      ['public', 79, 10],
      ['usgov-gcc', 79, 10],
      ['usgov', 26, 12],
      ['usgov-dod', 25, 11],
      ['china', 22, 0],
    ]);
  });

  it('reads names, ports and addresses', () => {
    const media = microsoft365Sets('public').find(({ id }) => id === 11);
    expect(media).toMatchObject({ serviceArea: 'Skype', category: 'Optimize', expressRoute: true, required: true });
    expect(media?.ports).toEqual({
      tcp: [],
      udp: [3478, 3479, 3480, 3481].map((port) => ({ first: port, last: port })),
    });
    expect(media?.prefixes.map(formatPrefix)).toContain('52.112.0.0/14');
    const portals = microsoft365Sets('public').find(({ id }) => id === 153);
    expect(portals).toMatchObject({ expressRoute: false, prefixes: [], addressSet: undefined });
    expect(portals?.urls).toContain('*.powerapps.com');
  });
});
