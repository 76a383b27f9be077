// BGP communities that Microsoft (AS 12076) sets on the routes it advertises: regional ones, from the Azure region rows,
// and service ones. Microsoft ignores communities on routes sent to it. Power Platform has none of its own: use the
// regional Microsoft-peering communities of both regions of the environment.

import type { Community } from '@bothways/net';
import serviceRows from '../data/service-communities.json' with { type: 'json' };
import { azureRegions } from './azure-regions.ts';
import { type Cloud, clouds } from './cloud.ts';
import { oneOf, readCommunity } from './rows.ts';
import { type SourceRef, sourceOf } from './source.ts';

export type CommunityKind = 'regional' | 'private-peering' | 'storage' | 'sql' | 'cosmos-db' | 'backup' | 'service';

export interface CommunityRow {
  readonly community: Community;
  /** 'West Europe (regional)', 'Exchange Online' */
  readonly name: string;
  /** 'regional' is the Microsoft-peering tag of an Azure region, 'private-peering' its tag on private peering. */
  readonly kind: CommunityKind;
  readonly azureRegion: string | undefined;
  /** True: Microsoft must authorise the tenant first (Microsoft 365). Undefined: the source does not say. */
  readonly authorisationRequired: boolean | undefined;
  readonly cloud: Cloud;
  /** True for values that no current service uses. */
  readonly retired: boolean;
  readonly covers: string | undefined;
  readonly source: SourceRef;
}

interface ServiceCommunityRow {
  readonly community: string;
  readonly name: string;
  readonly cloud: string;
  readonly authorisationRequired?: boolean | undefined;
  readonly covers?: string | undefined;
  readonly retired?: boolean | undefined;
  readonly source: string;
}

function regionalRows(): CommunityRow[] {
  const rows: CommunityRow[] = [];
  for (const region of azureRegions()) {
    const tags: readonly (readonly [Community | undefined, CommunityKind, string])[] = [
      [region.communities.microsoftPeering, 'regional', 'regional'],
      [region.communities.privatePeering, 'private-peering', 'private peering'],
      [region.communities.storage, 'storage', 'Storage'],
      [region.communities.sql, 'sql', 'SQL'],
      [region.communities.cosmosDb, 'cosmos-db', 'Cosmos DB'],
      [region.communities.backup, 'backup', 'Backup'],
    ];
    for (const [community, kind, label] of tags) {
      if (community === undefined) continue;
      rows.push({
        community,
        name: `${region.name} (${label})`,
        kind,
        azureRegion: region.id,
        authorisationRequired: false,
        cloud: region.cloud,
        retired: false,
        covers: undefined,
        source: region.communitySource,
      });
    }
  }
  return rows;
}

function serviceRow(row: ServiceCommunityRow): CommunityRow {
  return {
    community: readCommunity(row.community, row.name),
    name: row.name,
    kind: 'service',
    azureRegion: undefined,
    authorisationRequired: row.authorisationRequired,
    cloud: oneOf(row.cloud, clouds, row.name),
    retired: row.retired ?? false,
    covers: row.covers,
    source: sourceOf(row.source, row.name),
  };
}

const services: readonly ServiceCommunityRow[] = serviceRows;
const all: readonly CommunityRow[] = [...regionalRows(), ...services.map(serviceRow)];
const byValue = new Map(all.map((row) => [row.community, row]));

export function communities(): readonly CommunityRow[] {
  return all;
}

/** What a value stands for; undefined for values Microsoft does not publish. */
export function describeCommunity(community: Community): CommunityRow | undefined {
  return byValue.get(community);
}
