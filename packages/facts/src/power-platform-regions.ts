// Power Platform geographies: host suffix of environments, the Azure region pair(s) behind them, allowed gateway
// regions. A suffix that is undefined was not found in the documents read; it may well exist.

import regionRows from '../data/power-platform-regions.json' with { type: 'json' };
import { type Cloud, type CloudVariant, cloudOfVariant, cloudVariants } from './cloud.ts';
import { indexBy, nameKey, oneOf } from './rows.ts';
import { type SourceRef, sourceOf } from './source.ts';

export type Confidence = 'high' | 'medium' | 'low' | 'unknown';

export interface PowerPlatformRegion {
  /** 'europe', 'usgov-high' */
  readonly id: string;
  /** 'Europe' */
  readonly name: string;
  /** Geography code of the vendor: 'EUR'. */
  readonly code: string;
  readonly aliases: readonly string[];
  readonly cloud: Cloud;
  readonly variant: CloudVariant;
  /** 'crm4.dynamics.com': an environment is https://{org}.<suffix>, its web service https://{org}.api.<suffix>. */
  readonly environmentSuffix: string | undefined;
  readonly suffixConfidence: Confidence;
  /** Azure region ids. Several pairs: each environment uses one of them. A pair of one: single-region geography. */
  readonly pairs: readonly (readonly string[])[];
  readonly pairConfidence: Confidence;
  /** Further regions with Power Platform address space, present or future capacity. */
  readonly otherAzureRegions: readonly string[];
  /** ExpressRoute geopolitical regions the pairs lie in. */
  readonly geopoliticalRegions: readonly string[];
  /** Azure regions an on-premises data gateway may be registered in. */
  readonly gatewayRegions: readonly string[];
  /** Names of the gateway list that are no Azure region ('UK East'). */
  readonly gatewayRegionsUnknown: readonly string[];
  /** 'tenant-default': no choice (sovereign clouds). 'not-found': the mapping does not list the geography. */
  readonly gatewayChoice: 'listed' | 'tenant-default' | 'not-found';
  readonly virtualNetworkSupport: boolean;
  readonly macroRegions: readonly string[];
  readonly remark: string | undefined;
  readonly sources: readonly SourceRef[];
}

interface PowerPlatformRegionRow {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly aliases: readonly string[];
  readonly variant: string;
  readonly environmentSuffix?: string | undefined;
  readonly suffixConfidence: string;
  readonly pairs: readonly (readonly string[])[];
  readonly pairConfidence: string;
  readonly otherAzureRegions: readonly string[];
  readonly geopoliticalRegions: readonly string[];
  readonly gatewayRegions: readonly string[];
  readonly gatewayRegionsUnknown?: readonly string[] | undefined;
  readonly gatewayChoice: string;
  readonly virtualNetworkSupport: boolean;
  readonly macroRegions: readonly string[];
  readonly remark?: string | undefined;
  readonly sources: readonly string[];
}

const confidences: readonly Confidence[] = ['high', 'medium', 'low', 'unknown'];

function regionOf(row: PowerPlatformRegionRow): PowerPlatformRegion {
  const variant = oneOf(row.variant, cloudVariants, row.id);
  return {
    id: row.id,
    name: row.name,
    code: row.code,
    aliases: row.aliases,
    cloud: cloudOfVariant(variant),
    variant,
    environmentSuffix: row.environmentSuffix,
    suffixConfidence: oneOf(row.suffixConfidence, confidences, row.id),
    pairs: row.pairs,
    pairConfidence: oneOf(row.pairConfidence, confidences, row.id),
    otherAzureRegions: row.otherAzureRegions,
    geopoliticalRegions: row.geopoliticalRegions,
    gatewayRegions: row.gatewayRegions,
    gatewayRegionsUnknown: row.gatewayRegionsUnknown ?? [],
    gatewayChoice: oneOf(row.gatewayChoice, ['listed', 'tenant-default', 'not-found'], row.id),
    virtualNetworkSupport: row.virtualNetworkSupport,
    macroRegions: row.macroRegions,
    remark: row.remark,
    sources: row.sources.map((id) => sourceOf(id, row.id)),
  };
}

const rows: readonly PowerPlatformRegionRow[] = regionRows;
const all: readonly PowerPlatformRegion[] = rows.map(regionOf);
const byId = indexBy(all, (region) => region.id);

/** Every spelling that leads to a region: id, name, code, alias, host suffix. Exact ids and names win over aliases. */
function spellings(): ReadonlyMap<string, PowerPlatformRegion> {
  const index = new Map<string, PowerPlatformRegion>();
  const passes: readonly ((region: PowerPlatformRegion) => readonly string[])[] = [
    (region) => [region.id, region.name],
    (region) => [region.code, ...region.aliases],
    (region) => (region.environmentSuffix === undefined ? [] : [region.environmentSuffix]),
  ];
  for (const namesOf of passes) {
    for (const region of all) {
      for (const name of namesOf(region)) {
        const key = nameKey(name);
        if (!index.has(key)) index.set(key, region);
      }
    }
  }
  return index;
}

const bySpelling = spellings();

/** Geographies with environments today; the retired German sovereign cloud is in {@link retiredEnvironmentSuffixes}. */
export function powerPlatformRegions(): readonly PowerPlatformRegion[] {
  return all;
}

export function powerPlatformRegion(id: string): PowerPlatformRegion | undefined {
  return byId.get(id);
}

/** By id, name, vendor code, alias or host suffix in any spelling: 'Europe', 'EMEA', 'crm4.dynamics.com'. */
export function findPowerPlatformRegion(nameIdOrAlias: string): PowerPlatformRegion | undefined {
  return bySpelling.get(nameKey(nameIdOrAlias));
}

/** Host suffixes that must be recognised and refused, with the reason. */
export function retiredEnvironmentSuffixes(): readonly { readonly suffix: string; readonly reason: string }[] {
  return [
    { suffix: 'crm.microsoftdynamics.de', reason: 'The German sovereign cloud has been closed.' },
    { suffix: 'crm10.dynamics.com', reason: 'An internal test suffix of the vendor.' },
    { suffix: 'crmtest.dynamics.com', reason: 'An internal test suffix of the vendor.' },
  ];
}

/** Azure regions with Power Platform address space (service tags of 2025-11-10) but no documented geography. */
export function powerPlatformCandidateRegions(): readonly string[] {
  return ['israelcentral', 'qatarcentral', 'spaincentral', 'newzealandnorth', 'indonesiacentral'];
}
