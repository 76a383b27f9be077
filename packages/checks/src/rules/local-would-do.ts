/** A Local circuit has its data transfer in the price, where its one or two regions are all that is needed. */
import { type Circuit, editSet } from '@bothways/estate';
import { type CircuitPrice, circuitPrice, describeCommunity, skuFigures } from '@bothways/facts';
import type { Peered } from '../estate-index.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Cheaper {
  readonly circuit: Circuit;
  readonly now: CircuitPrice;
  readonly local: CircuitPrice;
}

const SINGAPORE = [
  ['{ region: Europe }', '{ region: Singapore }'],
  ['location: Frankfurt', 'location: Singapore'],
  ['routeFilter: [West Europe, North Europe]', 'routeFilter: [Southeast Asia]'],
  ['    billing: metered\n', ''],
] as const;

export const localWouldDo = defineRule<Cheaper>({
  name: 'local-would-do',
  title: 'A circuit needs only what a Local circuit reaches, and that would cost less',
  family: 'cost',
  severity: 'note',
  ids: ['PP-C40', 'CHK-ALZ-12', 'CHK-ALZ-16', 'CHK-WAF-C02', 'ER-018', 'ER-021', 'ER-022', 'ER-197'],
  what: 'Looks for circuits from 1 Gbps on whose route filter and networks need only the regions mapped to their peering location, and compares the list prices.',
  why: 'Local carries the same routes there and includes all transfer. It reaches no other region, though, and moving up again is possible through the command line only.',
  fix: 'order the circuit as Local, if no other region is foreseen',
  status: 'stable',
  since: '0.1.0',
  fires: example('an unlimited circuit in Singapore for an environment in Singapore', ...SINGAPORE, [
    'bandwidth: 500 Mbps',
    'bandwidth: 1 Gbps\n    billing: unlimited',
  ]),
  silent: example('Local does not come that small', ...SINGAPORE),
  find: (view) =>
    view.index.peered().flatMap((peered) => {
      const { circuit, location } = peered;
      const zone = location?.zone;
      if (circuit.sku === 'local' || location === undefined || !fitsLocal(view, peered)) return [];
      if (zone !== 1 && zone !== 2 && zone !== 3 && zone !== 4) return [];
      const bandwidthMbps = circuit.bandwidth / 1e6;
      const now = circuitPrice({ sku: circuit.sku, billing: circuit.billing, bandwidthMbps, zone });
      const local = circuitPrice({ sku: 'local', billing: 'unlimited', bandwidthMbps, zone });
      return now === undefined || local === undefined || local.value >= now.value ? [] : [{ circuit, now, local }];
    }),
  word: ({ circuit, now, local }) => ({
    message: `circuit ${circuit.name} needs only regions that a Local circuit reaches; Local costs ${local.value.toLocaleString('en-US')} USD a month instead of ${now.value.toLocaleString('en-US')}, transfer included`,
    path: [...circuit.path, 'sku'],
    ids: [local.fact],
  }),
  mend: ({ circuit }, view) => [
    {
      title: `order ${circuit.name} as Local`,
      safe: false,
      edits: [
        ...editSet(view.document, [...circuit.path, 'sku'], 'local'),
        ...(view.index.isDefault([...circuit.path, 'billing'])
          ? []
          : editSet(view.document, [...circuit.path, 'billing'], 'unlimited')),
      ],
    },
  ],
});

function fitsLocal(view: CheckView, { circuit, filter, location }: Peered): boolean {
  const smallest = skuFigures.find(({ sku }) => sku === 'local')?.smallestBandwidthMbps ?? Number.POSITIVE_INFINITY;
  if (circuit.bandwidth < smallest * 1e6 || filter.size === 0 || circuit.direct !== undefined) return false;
  const reached = new Set(location?.localAzureRegions);
  const regions = new Map(view.estate.vnets.map((each) => [each.name, each.region]));
  const filtered = [...filter].every((each) => {
    const region = describeCommunity(each)?.azureRegion;
    return region !== undefined && reached.has(region);
  });
  const joined = view.estate.circuits.some(({ globalReach }) => globalReach.includes(circuit.name));
  const linked = (circuit.privatePeering?.vnets ?? []).every((name) => reached.has(regions.get(name) ?? ''));
  return filtered && linked && !joined && circuit.globalReach.length === 0;
}
