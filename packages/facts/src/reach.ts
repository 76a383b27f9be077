// Which Azure regions a circuit shows on Microsoft peering, by SKU and peering location (ER-021 to ER-027). The reach is
// a ceiling: nothing is received until a route filter lists the communities.

import { type AzureRegion, azureRegions } from './azure-regions.ts';
import type { PeeringLocation } from './peering-locations.ts';

export type CircuitSku = 'local' | 'standard' | 'premium';

export interface Reach {
  /** Azure region ids, in the order of the region table. */
  readonly regions: readonly string[];
  /** Regions that one of two disagreeing tables adds (Local at Brussels, Copenhagen, Vienna). Not in `regions`. */
  readonly disputed: readonly string[];
  /** Fact ids the answer rests on. */
  readonly facts: readonly string[];
}

export function reachOf(sku: CircuitSku, location: PeeringLocation): Reach {
  const inReach = withinReach[sku];
  const regions = azureRegions().filter((region) => region.cloud === location.cloud && inReach(region, location));
  return {
    regions: regions.map((region) => region.id),
    disputed: sku === 'local' ? location.localInMetroTable : [],
    facts: sku === 'local' ? ['ER-021', 'ER-022', 'ER-027'] : ['ER-023', 'ER-024', 'ER-027'],
  };
}

/** Whether a region of the same cloud as the location is in reach. */
const withinReach: Readonly<Record<CircuitSku, (region: AzureRegion, location: PeeringLocation) => boolean>> = {
  local: (region, location) => location.localAzureRegions.includes(region.id),
  standard: (region, location) => region.geopoliticalRegion === location.geopoliticalRegion,
  premium: () => true,
};
