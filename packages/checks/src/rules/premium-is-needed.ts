/** Premium pays for reach, for Microsoft 365, and for many networks; without any of them it is money spent. */
import { type Circuit, editSet } from '@bothways/estate';
import {
  azureRegion,
  type BillingZone,
  describeCommunity,
  findPeeringLocation,
  networkLinkLimits,
  type PremiumSurcharge,
  prices,
  reachOf,
} from '@bothways/facts';
import type { Peered } from '../estate-index.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Unneeded {
  readonly circuit: Circuit;
  readonly surcharge: PremiumSurcharge | undefined;
}

export const premiumIsNeeded = defineRule<Unneeded>({
  name: 'premium-is-needed',
  title: 'A Premium circuit is used for nothing that Standard does not do',
  family: 'cost',
  severity: 'note',
  ids: [
    'PP-C18',
    'PP-C40',
    'CHK-PP-11',
    'CHK-WAF-C01',
    'CHK-WAF-C02',
    'ER-018',
    'ER-019',
    'ER-023',
    'ER-026',
    'ER-028',
    'ER-198',
  ],
  what: 'Looks at everything a Premium circuit is used for: regions of its route filter, Microsoft 365, virtual networks, Global Reach.',
  why: 'The surcharge is due every month. Going back to Standard is possible while the use stays within its limits.',
  fix: 'order the circuit as Standard',
  status: 'stable',
  since: '0.1.0',
  fires: example('Premium in Frankfurt for an environment in Europe', ['sku: standard', 'sku: premium']),
  silent: example(
    'Premium in New York for an environment in Europe',
    ['sku: standard', 'sku: premium'],
    ['location: Frankfurt', 'location: New York'],
  ),
  find: (view) =>
    view.index.peered().flatMap((peered) => {
      const { circuit, location } = peered;
      if (circuit.sku !== 'premium' || location === undefined || needsPremium(view, peered)) return [];
      const zone = location.cloud === 'usgov' ? 'usgov' : zoneOf(location.zone);
      const surcharge = prices.premiumSurcharges.find(
        (each) => each.zone === zone && each.bandwidthMbps === circuit.bandwidth / 1e6,
      );
      return [{ circuit, surcharge }];
    }),
  word: ({ circuit, surcharge }) => ({
    message: `circuit ${circuit.name} is Premium, but all it is used for is within reach of Standard${surcharge === undefined ? '' : `, which costs ${surcharge.value.toLocaleString('en-US')} USD a month less`}`,
    path: [...circuit.path, 'sku'],
    ...(surcharge === undefined ? {} : { evidence: [{ title: 'the price', lines: [prices.caveat] }] }),
  }),
  mend: ({ circuit }, view) => [
    {
      title: `order ${circuit.name} as Standard`,
      safe: false,
      edits: editSet(view.document, [...circuit.path, 'sku'], 'standard'),
    },
  ],
});

function zoneOf(zone: number | undefined): BillingZone | undefined {
  return zone === 1 || zone === 2 || zone === 3 || zone === 4 ? zone : undefined;
}

function needsPremium(view: CheckView, { circuit, filter, location }: Peered): boolean {
  if (location === undefined || filter.size === 0) return true;
  const standard = new Set(reachOf('standard', location).regions);
  for (const community of filter) {
    const row = describeCommunity(community);
    // A value that nobody knows may be anything.
    if (row === undefined || row.authorisationRequired === true) return true;
    if (row.azureRegion !== undefined && !standard.has(row.azureRegion)) return true;
  }
  const vnets = circuit.privatePeering?.vnets ?? [];
  const regions = new Map(view.estate.vnets.map((each) => [each.name, each.region]));
  if (vnets.some((name) => !standard.has(regions.get(name) ?? ''))) return true;
  const links = networkLinkLimits.find(({ bandwidthMbps }) => bandwidthMbps * 1e6 >= circuit.bandwidth);
  if (vnets.length + circuit.globalReach.length > (links?.standard ?? 0)) return true;
  const recovers = view.estate.environments.some(
    ({ recovery, azureRegions }) =>
      recovery &&
      azureRegions.some((id) => {
        const other = azureRegion(id)?.pairedRegion;
        return other !== undefined && azureRegion(other) !== undefined && !standard.has(other);
      }),
  );
  if (recovers) return true;
  return view.estate.circuits.some(
    (other) =>
      (circuit.globalReach.includes(other.name) || other.globalReach.includes(circuit.name)) &&
      findPeeringLocation(other.location)?.geopoliticalRegion !== location.geopoliticalRegion,
  );
}
