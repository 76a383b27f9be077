// ExpressRoute peering (meet-me) locations, metros and geopolitical regions. Location table of 2026-04-28, metro table
// of 2026-05-10; where the two disagree both readings are kept. Coordinates are city centres, two decimals, from general
// geography. Provider and location names accepted at order time can differ; the live list decides.

import geopoliticalRows from '../data/geopolitical-regions.json' with { type: 'json' };
import metroRows from '../data/metros.json' with { type: 'json' };
import locationRows from '../data/peering-locations.json' with { type: 'json' };
import { type Cloud, clouds } from './cloud.ts';
import { indexBy, nameKey, oneOf } from './rows.ts';
import { type SourceRef, sourceOf } from './source.ts';

export interface PeeringLocation {
  /** 'amsterdam2', 'usgov-chicago' */
  readonly id: string;
  /** 'Amsterdam2' */
  readonly name: string;
  readonly cloud: Cloud;
  readonly city: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  /** ExpressRoute billing zone 1-4; undefined where the table gives none (US Government, China). */
  readonly zone: number | undefined;
  readonly geopoliticalRegion: string;
  readonly geopoliticalRegionBasis: 'documented' | 'inferred';
  /** Azure region ids a Local circuit reaches from here; empty: no Local SKU according to the location table. */
  readonly localAzureRegions: readonly string[];
  /** Local regions that only the metro table shows (Brussels, Copenhagen, Vienna). */
  readonly localInMetroTable: readonly string[];
  /** ExpressRoute Direct ports offered. */
  readonly direct: boolean;
  /** Metro id. */
  readonly metro: string | undefined;
  readonly facilities: readonly string[];
  readonly providers: readonly string[];
  readonly source: SourceRef;
}

export interface Metro {
  readonly id: string;
  readonly name: string;
  /** Peering location ids; incomplete where a second site is no location of its own. */
  readonly members: readonly string[];
  readonly membersComplete: boolean;
  readonly zone: number;
  readonly localAzureRegions: readonly string[];
  readonly direct: boolean;
  readonly facilities: readonly string[];
  readonly providers: readonly string[];
  /** Announced for later: a circuit with them is expected to fail today. */
  readonly announcedProviders: readonly string[];
  readonly remark: string | undefined;
  readonly source: SourceRef;
}

export interface GeopoliticalRegion {
  readonly name: string;
  readonly cloud: Cloud;
  readonly azureRegions: readonly string[];
  /** Newer than the list of 2024-04; assigned from geography. */
  readonly inferredAzureRegions: readonly string[];
  readonly peeringLocations: readonly string[];
  readonly inferredPeeringLocations: readonly string[];
  readonly source: SourceRef;
}

interface PeeringLocationRow {
  readonly id: string;
  readonly name: string;
  readonly cloud: string;
  readonly city: string;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly zone?: number | undefined;
  readonly geopoliticalRegion: string;
  readonly basis: string;
  readonly localAzureRegions: readonly string[];
  readonly localInMetroTable?: readonly string[] | undefined;
  readonly direct: boolean;
  readonly metro?: string | undefined;
  readonly facilities: readonly string[];
  readonly providers: readonly string[];
  readonly source: string;
}

interface MetroRow {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly membersComplete: boolean;
  readonly zone: number;
  readonly localAzureRegions: readonly string[];
  readonly direct: boolean;
  readonly facilities: readonly string[];
  readonly providers: readonly string[];
  readonly announcedProviders: readonly string[];
  readonly remark?: string | undefined;
  readonly source: string;
}

interface GeopoliticalRow {
  readonly name: string;
  readonly cloud: string;
  readonly azureRegions: readonly string[];
  readonly inferredAzureRegions: readonly string[];
  readonly peeringLocations: readonly string[];
  readonly inferredPeeringLocations: readonly string[];
  readonly source: string;
}

function locationOf(row: PeeringLocationRow): PeeringLocation {
  return {
    id: row.id,
    name: row.name,
    cloud: oneOf(row.cloud, clouds, row.id),
    city: row.city,
    country: row.country,
    latitude: row.latitude,
    longitude: row.longitude,
    zone: row.zone,
    geopoliticalRegion: row.geopoliticalRegion,
    geopoliticalRegionBasis: oneOf(row.basis, ['documented', 'inferred'], row.id),
    localAzureRegions: row.localAzureRegions,
    localInMetroTable: row.localInMetroTable ?? [],
    direct: row.direct,
    metro: row.metro,
    facilities: row.facilities,
    providers: row.providers,
    source: sourceOf(row.source, row.id),
  };
}

function metroOf(row: MetroRow): Metro {
  return { ...row, remark: row.remark, source: sourceOf(row.source, row.id) };
}

function geopoliticalOf(row: GeopoliticalRow): GeopoliticalRegion {
  return { ...row, cloud: oneOf(row.cloud, clouds, row.name), source: sourceOf(row.source, row.name) };
}

const locations: readonly PeeringLocationRow[] = locationRows;
const allLocations: readonly PeeringLocation[] = locations.map(locationOf);
const locationById = indexBy(allLocations, (location) => location.id);
const locationByName = indexBy(allLocations, (location) => `${location.cloud}/${nameKey(location.name)}`);

const metroList: readonly MetroRow[] = metroRows;
const allMetros: readonly Metro[] = metroList.map(metroOf);
const metroById = indexBy(allMetros, (metro) => metro.id);

const geopoliticalList: readonly GeopoliticalRow[] = geopoliticalRows;
const allGeopolitical: readonly GeopoliticalRegion[] = geopoliticalList.map(geopoliticalOf);

export function peeringLocations(): readonly PeeringLocation[] {
  return allLocations;
}

export function peeringLocation(id: string): PeeringLocation | undefined {
  return locationById.get(id);
}

/**
 * By id or name in any spelling. Several names exist in two clouds ('Chicago'); without a cloud the public one is taken
 * first. 'Newport' and 'Queretaro' stand for the names with a suffix in the table.
 */
export function findPeeringLocation(name: string, cloud?: Cloud): PeeringLocation | undefined {
  const exact = locationById.get(name);
  if (exact !== undefined && (cloud === undefined || exact.cloud === cloud)) return exact;
  const key = nameKey(name);
  const searched = cloud === undefined ? clouds : [cloud];
  for (const candidate of searched) {
    const found =
      locationByName.get(`${candidate}/${key}`) ??
      allLocations.find(
        (location) => location.cloud === candidate && (nameKey(location.id) === key || nameKey(location.city) === key),
      );
    if (found !== undefined) return found;
  }
  return undefined;
}

export function metros(): readonly Metro[] {
  return allMetros;
}

export function metro(id: string): Metro | undefined {
  return metroById.get(id);
}

export function geopoliticalRegions(): readonly GeopoliticalRegion[] {
  return allGeopolitical;
}
