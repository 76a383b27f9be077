import { community, formatCommunity } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { azureRegion, azureRegions, findAzureRegion } from './azure-regions.ts';
import { communities, describeCommunity } from './communities.ts';
import { fact } from './fact.ts';
import {
  findPeeringLocation,
  geopoliticalRegions,
  metro,
  metros,
  type PeeringLocation,
  peeringLocation,
  peeringLocations,
} from './peering-locations.ts';
import { type CircuitSku, reachOf } from './reach.ts';

function locationNamed(id: string): PeeringLocation {
  const found = peeringLocation(id);
  if (found === undefined) throw new RangeError(`no location ${id}`);
  return found;
}

function reach(sku: CircuitSku, location: string): readonly string[] {
  return reachOf(sku, locationNamed(location)).regions;
}

describe('Azure regions', () => {
  it('finds a region by id, name and service-tag name', () => {
    for (const name of ['westeurope', 'West Europe', 'WEST EUROPE', 'west-europe']) {
      expect(findAzureRegion(name)?.id).toBe('westeurope');
    }
    expect(findAzureRegion('germanywc')?.name).toBe('Germany West Central');
    expect(findAzureRegion('chilec')?.id).toBe('chilecentral');
    expect(findAzureRegion('Atlantis')).toBeUndefined();
    expect(azureRegion('West Europe')).toBeUndefined();
  });

  it('follows the number pattern in every public region that has communities (5F0NN)', () => {
    const withCommunities = azureRegions().filter(
      ({ cloud, communities: tags }) => cloud === 'public' && tags.microsoftPeering !== undefined,
    );
    expect(withCommunities.length).toBe(42);
    for (const { id, communities: tags } of withCommunities) {
      const values = [
        tags.privatePeering,
        tags.microsoftPeering,
        tags.storage,
        tags.sql,
        tags.cosmosDb,
        tags.backup,
      ].map((value) => (value === undefined ? '' : formatCommunity(value)));
      const region = values[1]?.slice(-3);
      expect([id, values]).toEqual([id, [50, 51, 52, 53, 54, 55].map((family) => `12076:${family}${region}`)]);
    }
  });

  it('leaves communities undefined where the table has none', () => {
    const unknown = azureRegions().filter(({ communities: tags }) => tags.microsoftPeering === undefined);
    expect(unknown.map(({ id }) => id).sort()).toEqual(
      [
        'austriaeast',
        'belgiumcentral',
        'brazilsoutheast',
        'chilecentral',
        'chinaeast3',
        'denmarkeast',
        'indonesiacentral',
        'israelcentral',
        'italynorth',
        'malaysiawest',
        'mexicocentral',
        'polandcentral',
        'qatarcentral',
        'spaincentral',
        'swedencentral',
        'taiwannorth',
      ].sort(),
    );
  });

  it('has believable coordinates and existing partners', () => {
    for (const { id, latitude, longitude, pairedRegion } of azureRegions()) {
      expect([id, Math.abs(latitude) < 72]).toEqual([id, true]);
      expect([id, Math.abs(longitude) <= 180]).toEqual([id, true]);
      if (pairedRegion !== undefined && pairedRegion !== 'swedensouth') expect(azureRegion(pairedRegion)).toBeDefined();
    }
  });
});

describe('communities', () => {
  it('describes regional and service values', () => {
    expect(describeCommunity(community(12076, 51002))).toMatchObject({
      name: 'West Europe (regional)',
      kind: 'regional',
      azureRegion: 'westeurope',
      cloud: 'public',
    });
    expect(describeCommunity(community(12076, 5060))?.name).toBe('Microsoft Entra ID');
    expect(describeCommunity(community(12076, 5010))?.authorisationRequired).toBe(true);
    expect(describeCommunity(community(12076, 5110))).toMatchObject({
      cloud: 'usgov',
      authorisationRequired: undefined,
    });
    expect(describeCommunity(community(12076, 5040))?.retired).toBe(true);
    expect(describeCommunity(community(12076, 51303))?.azureRegion).toBe('chinaeast2');
    expect(describeCommunity(community(65000, 1))).toBeUndefined();
  });

  it('uses each value once, all of AS 12076', () => {
    const values = communities().map(({ community: value }) => formatCommunity(value));
    expect(new Set(values).size).toBe(values.length);
    expect(values.every((value) => value.startsWith('12076:'))).toBe(true);
    expect(communities().filter(({ kind }) => kind === 'service').length).toBe(15);
    expect(communities().filter(({ kind }) => kind === 'regional').length).toBe(53);
  });
});

describe('peering locations', () => {
  it('has all locations of the three clouds', () => {
    const counts = ['public', 'usgov', 'china'].map(
      (cloud) => peeringLocations().filter((location) => location.cloud === cloud).length,
    );
    expect(counts).toEqual([105, 9, 4]);
    expect(metros().length).toBe(28);
  });

  it('finds a location in any spelling and prefers the public cloud', () => {
    expect(findPeeringLocation('amsterdam2')?.id).toBe('amsterdam2');
    expect(findPeeringLocation('Washington DC')?.id).toBe('washington-dc');
    expect(findPeeringLocation('Newport')?.id).toBe('newport-wales');
    expect(findPeeringLocation('São Paulo')?.id).toBe('sao-paulo');
    expect(findPeeringLocation('Chicago')?.cloud).toBe('public');
    expect(findPeeringLocation('Chicago', 'usgov')?.id).toBe('usgov-chicago');
    expect(findPeeringLocation('Beijing')?.cloud).toBe('china');
    expect(findPeeringLocation('chicago', 'china')).toBeUndefined();
    expect(findPeeringLocation('')).toBeUndefined();
  });

  it('has no dangling reference', () => {
    const names = new Set(geopoliticalRegions().map((region) => `${region.cloud}/${region.name}`));
    for (const location of peeringLocations()) {
      expect([location.id, names.has(`${location.cloud}/${location.geopoliticalRegion}`)]).toEqual([location.id, true]);
      for (const id of [...location.localAzureRegions, ...location.localInMetroTable]) {
        expect([id, azureRegion(id)?.cloud]).toEqual([id, location.cloud]);
      }
      if (location.metro !== undefined) expect(metro(location.metro)?.members).toContain(location.id);
      expect([location.id, location.providers.length > 0]).toEqual([location.id, true]);
    }
    for (const { members, localAzureRegions } of metros()) {
      for (const id of members) expect([id, peeringLocation(id) !== undefined]).toEqual([id, true]);
      for (const id of localAzureRegions) expect([id, azureRegion(id) !== undefined]).toEqual([id, true]);
    }
    for (const region of geopoliticalRegions()) {
      for (const id of [...region.azureRegions, ...region.inferredAzureRegions]) {
        expect(azureRegion(id)?.geopoliticalRegion).toBe(region.name);
      }
      for (const id of [...region.peeringLocations, ...region.inferredPeeringLocations]) {
        expect(peeringLocation(id)?.geopoliticalRegion).toBe(region.name);
      }
    }
  });
});

describe('reachOf', () => {
  it('keeps a Standard circuit inside its geopolitical region', () => {
    expect(reach('standard', 'frankfurt')).toContain('uksouth');
    expect(reach('standard', 'frankfurt')).not.toContain('eastus');
    expect(reach('standard', 'sydney')).toContain('australiaeast');
    expect(reach('standard', 'sydney')).not.toContain('australiacentral');
    expect(reach('standard', 'canberra')).toEqual(['australiacentral', 'australiacentral2']);
    expect(reach('standard', 'tokyo')).toEqual(['japaneast', 'japanwest']);
  });

  it('separates the two halves of China', () => {
    expect(reach('standard', 'china-shanghai')).toEqual(['chinaeast', 'chinaeast2', 'chinaeast3']);
    expect(reach('standard', 'china-beijing')).toEqual(['chinanorth', 'chinanorth2', 'chinanorth3']);
    expect(reach('premium', 'china-beijing').length).toBe(6);
  });

  it('never crosses a cloud, not even with Premium', () => {
    expect(reach('premium', 'frankfurt')).toContain('japaneast');
    for (const { id } of peeringLocations()) {
      const cloud = locationNamed(id).cloud;
      expect(reach('premium', id).every((region) => azureRegion(region)?.cloud === cloud)).toBe(true);
    }
  });

  it('limits Local to the mapped regions and keeps the disputed ones apart', () => {
    expect(reach('local', 'washington-dc')).toEqual(['eastus', 'eastus2']);
    expect(reach('local', 'munich')).toEqual([]);
    expect(reachOf('local', locationNamed('brussels'))).toMatchObject({ regions: [], disputed: ['belgiumcentral'] });
  });

  it('grows from Local to Standard to Premium at every location', () => {
    for (const { id } of peeringLocations()) {
      const standard = new Set(reach('standard', id));
      const premium = new Set(reach('premium', id));
      expect([id, reach('local', id).every((region) => standard.has(region))]).toEqual([id, true]);
      expect([id, [...standard].every((region) => premium.has(region))]).toEqual([id, true]);
    }
  });

  it('rests on facts that exist', () => {
    for (const sku of ['local', 'standard', 'premium'] as const) {
      const ids = reachOf(sku, locationNamed('frankfurt')).facts;
      expect(ids.length).toBeGreaterThan(0);
      for (const id of ids) expect([id, fact(id) !== undefined]).toEqual([id, true]);
    }
  });

  it('has the 21 public locations without Local that the table has', () => {
    const without = peeringLocations().filter(({ cloud, id }) => cloud === 'public' && reach('local', id).length === 0);
    expect(without.length).toBe(21);
  });
});
