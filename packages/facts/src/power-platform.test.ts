import { describe, expect, it } from 'vitest';
import { addressSet, regionalTag } from './address-sets.ts';
import { azureRegion } from './azure-regions.ts';
import { contradiction } from './contradictions.ts';
import { flow, flows } from './flows.ts';
import { microsoft365Sets } from './microsoft365.ts';
import { findPeeringLocation, geopoliticalRegions } from './peering-locations.ts';
import {
  findPowerPlatformRegion,
  powerPlatformCandidateRegions,
  powerPlatformRegion,
  powerPlatformRegions,
} from './power-platform-regions.ts';
import { reachOf } from './reach.ts';
import { source, sources } from './source.ts';

describe('Power Platform regions', () => {
  it('finds a geography by id, name, code, alias and host suffix', () => {
    for (const name of ['europe', 'Europe', 'EUR', 'emea', 'crm4.dynamics.com']) {
      expect(findPowerPlatformRegion(name)?.id).toBe('europe');
    }
    expect(findPowerPlatformRegion('North America')?.id).toBe('unitedstates');
    expect(findPowerPlatformRegion('crm.dynamics.com')?.id).toBe('unitedstates');
    expect(findPowerPlatformRegion('GCC')?.variant).toBe('usgov-gcc');
    expect(findPowerPlatformRegion('crm.microsoftdynamics.de')).toBeUndefined();
    expect(powerPlatformRegion('Europe')).toBeUndefined();
  });

  it('gives each spelling and suffix to one geography', () => {
    const suffixes = powerPlatformRegions().flatMap(({ environmentSuffix }) => environmentSuffix ?? []);
    expect(new Set(suffixes).size).toBe(suffixes.length);
    for (const region of powerPlatformRegions()) {
      for (const spelling of [region.id, region.name, region.code, ...region.aliases]) {
        expect([spelling, findPowerPlatformRegion(spelling)?.id]).toEqual([spelling, region.id]);
      }
    }
  });

  it('refers to Azure regions of its own cloud with Power Platform address space', () => {
    for (const region of powerPlatformRegions()) {
      for (const id of [...region.pairs.flat(), ...region.otherAzureRegions]) {
        expect([`${region.id} ${id}`, azureRegion(id)?.cloud]).toEqual([`${region.id} ${id}`, region.cloud]);
        expect([`${region.id} ${id}`, regionalTag(region.cloud, 'PowerPlatformInfra', id) !== undefined]).toEqual([
          `${region.id} ${id}`,
          true,
        ]);
      }
      for (const id of region.gatewayRegions)
        expect([`${region.id} ${id}`, azureRegion(id) !== undefined]).toEqual([`${region.id} ${id}`, true]);
      const names = geopoliticalRegions().map(({ name }) => name);
      expect(region.geopoliticalRegions.every((name) => names.includes(name))).toBe(true);
      const pairPlaces = new Set(region.pairs.flat().map((id) => azureRegion(id)?.geopoliticalRegion));
      expect(pairPlaces).toEqual(new Set(region.geopoliticalRegions));
      expect(region.sources.every(({ date }) => date !== '')).toBe(true);
    }
    for (const id of powerPlatformCandidateRegions()) {
      expect([id, regionalTag('public', 'PowerPlatformInfra', id) !== undefined]).toEqual([id, true]);
    }
  });

  it('shows the cases a planner trips over', () => {
    expect(powerPlatformRegion('unitedstates')?.pairs).toEqual([
      ['eastus', 'westus'],
      ['centralus', 'eastus2'],
    ]);
    expect(powerPlatformRegion('sweden')?.pairs).toEqual([['swedencentral']]);
    expect(powerPlatformRegion('uk')?.gatewayRegionsUnknown).toEqual(['UK East']);
    expect(powerPlatformRegion('usgov-gcc')?.gatewayChoice).toBe('tenant-default');
    const shanghai = findPeeringLocation('Shanghai');
    const reached = new Set(shanghai === undefined ? [] : reachOf('standard', shanghai).regions);
    expect(
      powerPlatformRegion('china')
        ?.pairs.flat()
        .map((id) => reached.has(id)),
    ).toEqual([true, false]);
  });
});

describe('flows', () => {
  it('has PP-F01 to PP-F68 in order', () => {
    expect(flows().map(({ id }) => id)).toEqual(
      Array.from({ length: 68 }, (_, index) => `PP-F${String(index + 1).padStart(2, '0')}`),
    );
    expect(flow('PP-F40')?.ports).toEqual([
      { protocol: 'tcp', first: 443, last: 443 },
      { protocol: 'tcp', first: 5671, last: 5672 },
      { protocol: 'tcp', first: 9350, last: 9354 },
    ]);
    expect(flow('PP-F99')).toBeUndefined();
  });

  it('cites existing sources, contradictions and address sets', () => {
    const endpointSets = new Set(microsoft365Sets('public').map(({ id }) => id));
    for (const entry of flows()) {
      expect([entry.id, entry.sources.length > 0]).toEqual([entry.id, true]);
      for (const id of entry.sources)
        expect([`${entry.id} ${id}`, source(id) !== undefined]).toEqual([`${entry.id} ${id}`, true]);
      for (const id of entry.conflicts)
        expect([`${entry.id} ${id}`, contradiction(id) !== undefined]).toEqual([`${entry.id} ${id}`, true]);
      expect([entry.id, entry.destinations.length > 0]).toEqual([entry.id, true]);
      for (const destination of entry.destinations) {
        if (destination.kind === 'tag') {
          expect([`${entry.id} ${destination.tag}`, addressSet('public', destination.tag) !== undefined]).toEqual([
            `${entry.id} ${destination.tag}`,
            true,
          ]);
          if (destination.scope === 'global') continue;
          expect([destination.tag, regionalTag('public', destination.tag, 'westeurope') !== undefined]).toEqual([
            destination.tag,
            true,
          ]);
        }
        if (destination.kind === 'microsoft365') {
          expect([entry.id, destination.sets.every((id) => endpointSets.has(id))]).toEqual([entry.id, true]);
          for (const variant of ['usgov-high', 'usgov-dod', 'china-21vianet'] as const) {
            const known = new Set(microsoft365Sets(variant).map(({ id }) => id));
            expect([entry.id, (destination.variantSets[variant] ?? []).every((id) => known.has(id))]).toEqual([
              entry.id,
              true,
            ]);
          }
        }
      }
    }
  });

  it('has host patterns only as names, and sane ports', () => {
    for (const entry of flows()) {
      for (const name of Object.values(entry.names).flat()) {
        expect([entry.id, /^(\*\.|\{org\}\.)?[a-z0-9-]+(\{n\})?(\.[a-z0-9-]+(\{n\})?)+$/.test(name)]).toEqual([
          entry.id,
          true,
        ]);
      }
      for (const { first, last } of entry.ports)
        expect([entry.id, first > 0 && first <= last && last < 65536]).toEqual([entry.id, true]);
      expect([entry.id, entry.ports.length > 0 || entry.portsRemark !== undefined]).toEqual([entry.id, true]);
      expect([
        entry.id,
        Object.keys(entry.names).length > 0 || entry.farEnd !== undefined || entry.group === 'internal',
      ]).toEqual([entry.id, true]);
    }
  });

  it('agrees with the endpoint list on what is routed over ExpressRoute', () => {
    const byId = new Map(microsoft365Sets('public').map((set) => [set.id, set]));
    for (const entry of flows()) {
      for (const destination of entry.destinations) {
        if (destination.kind !== 'microsoft365') continue;
        const flagged = destination.sets.map((id) => byId.get(id)?.expressRoute);
        if (entry.expressRoute === 'internet-only')
          expect([entry.id, flagged.includes(true)]).toEqual([entry.id, false]);
      }
    }
    expect(flow('PP-F11')?.destinations).toContainEqual({
      kind: 'microsoft365',
      sets: [56],
      variantSets: { 'usgov-high': [13], 'usgov-dod': [13], 'china-21vianet': [17] },
    });
  });

  it('puts no circuit under internal flows and no peering under internet-only ones', () => {
    for (const entry of flows()) {
      if (entry.expressRoute === 'internet-only') expect([entry.id, entry.peering]).toEqual([entry.id, 'none']);
      if (entry.expressRoute === 'yes') expect([entry.id, entry.peering]).not.toEqual([entry.id, 'none']);
      if (entry.group === 'internal') expect([entry.id, entry.expressRoute]).toEqual([entry.id, 'internal']);
      expect([entry.id, entry.reason.length > 20]).toEqual([entry.id, true]);
    }
    expect(flows().filter(({ expressRoute }) => expressRoute === 'internal').length).toBe(15);
  });
});

describe('sources', () => {
  it('all have a document and a date', () => {
    for (const { id, document, date } of sources()) {
      expect([id, document]).not.toEqual([id, '']);
      expect([id, /^(20\d\d(-\d\d){0,2}|undated)$/.test(date)]).toEqual([id, true]);
    }
  });
});
