// Azure regions: identity, geopolitical region (which decides the reach of a Standard circuit), BGP communities.
// Coordinates are the metro centre as known from general geography; where only a state or country is published they can
// be some 300 km off. A community that is undefined was not in the table read: take it from the live list
// (Get-AzBgpServiceCommunity), never from the pattern of the numbers.

import type { Community } from '@bothways/net';
import regionRows from '../data/azure-regions.json' with { type: 'json' };
import { type Cloud, clouds } from './cloud.ts';
import { indexBy, nameKey, oneOf, readOptionalCommunity } from './rows.ts';
import { type SourceRef, sourceOf } from './source.ts';

export interface RegionCommunities {
  readonly microsoftPeering: Community | undefined;
  readonly privatePeering: Community | undefined;
  readonly storage: Community | undefined;
  readonly sql: Community | undefined;
  readonly cosmosDb: Community | undefined;
  readonly backup: Community | undefined;
}

export interface AzureRegion {
  /** 'westeurope' */
  readonly id: string;
  /** 'West Europe' */
  readonly name: string;
  readonly cloud: Cloud;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Place as far as it is published: 'Amsterdam area'. */
  readonly area: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly geopoliticalRegion: string;
  /** 'inferred': newer than the list read, assigned from geography. */
  readonly geopoliticalRegionBasis: 'documented' | 'inferred';
  /** Value of the `region` property in service-tag files: 'germanywc' for Germany West Central, mostly the id. */
  readonly tagRegion: string;
  /** Recovery partner. It does not affect the reach of a circuit. Sweden South is named here but is not in this list. */
  readonly pairedRegion: string | undefined;
  readonly pairing: 'one-way' | 'two-way' | undefined;
  readonly communities: RegionCommunities;
  readonly source: SourceRef;
  readonly communitySource: SourceRef;
}

interface AzureRegionRow {
  readonly id: string;
  readonly name: string;
  readonly cloud: string;
  readonly country: string;
  readonly area: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly geopoliticalRegion: string;
  readonly basis: string;
  readonly tagRegion?: string | undefined;
  readonly pairedRegion?: string | undefined;
  readonly pairing?: string | undefined;
  readonly communities: {
    readonly microsoftPeering?: string | undefined;
    readonly privatePeering?: string | undefined;
    readonly storage?: string | undefined;
    readonly sql?: string | undefined;
    readonly cosmosDb?: string | undefined;
    readonly backup?: string | undefined;
  };
  readonly source: string;
  readonly communitySource: string;
}

function regionOf(row: AzureRegionRow): AzureRegion {
  const { communities } = row;
  return {
    id: row.id,
    name: row.name,
    cloud: oneOf(row.cloud, clouds, row.id),
    country: row.country,
    area: row.area,
    latitude: row.latitude,
    longitude: row.longitude,
    geopoliticalRegion: row.geopoliticalRegion,
    geopoliticalRegionBasis: oneOf(row.basis, ['documented', 'inferred'], row.id),
    tagRegion: row.tagRegion ?? row.id,
    pairedRegion: row.pairedRegion,
    pairing: row.pairing === undefined ? undefined : oneOf(row.pairing, ['one-way', 'two-way'], row.id),
    communities: {
      microsoftPeering: readOptionalCommunity(communities.microsoftPeering, row.id),
      privatePeering: readOptionalCommunity(communities.privatePeering, row.id),
      storage: readOptionalCommunity(communities.storage, row.id),
      sql: readOptionalCommunity(communities.sql, row.id),
      cosmosDb: readOptionalCommunity(communities.cosmosDb, row.id),
      backup: readOptionalCommunity(communities.backup, row.id),
    },
    source: sourceOf(row.source, row.id),
    communitySource: sourceOf(row.communitySource, row.id),
  };
}

const rows: readonly AzureRegionRow[] = regionRows;
const all: readonly AzureRegion[] = rows.map(regionOf);
const byId = indexBy(all, (region) => region.id);
const byTagRegion = indexBy(all, (region) => region.tagRegion);

export function azureRegions(): readonly AzureRegion[] {
  return all;
}

/** By exact id, 'westeurope'. */
export function azureRegion(id: string): AzureRegion | undefined {
  return byId.get(id);
}

/** By id, display name or service-tag name in any spelling: 'West Europe', 'westeurope', 'germanywc'. */
export function findAzureRegion(nameOrId: string): AzureRegion | undefined {
  const key = nameKey(nameOrId);
  return byId.get(key) ?? byTagRegion.get(key);
}
