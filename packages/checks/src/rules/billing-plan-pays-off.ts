/** Unlimited data is a one-way door that pays off above a volume the facts can tell. */
import { type Circuit, type Demand, editSet } from '@bothways/estate';
import { type BillingZone, circuitPrice, outboundPrice, prices } from '@bothways/facts';
import { demandOf } from '@bothways/forwarding';
import { defineRule, example } from '../rule.ts';
import { type CheckView, placeOf } from '../view.ts';

const HOURS_A_MONTH = 730;

interface Wrong {
  readonly circuit: Circuit;
  /** GB a month at the stated rates, around the clock. */
  readonly volume: number;
  readonly breakEven: number;
  readonly saves: number;
  readonly demandPath: readonly (string | number)[];
}

const RATE = [
  '    to: production\n\nintents',
  '    to: production\n    rate: { perUser: 10 kbps }\n\nintents',
] as const;

export const billingPlanPaysOff = defineRule<Wrong>({
  name: 'billing-plan-pays-off',
  title: 'A circuit has unlimited data and cannot use enough of it',
  family: 'cost',
  severity: 'note',
  ids: ['PP-C40', 'CHK-ALZ-11', 'CHK-WAF-C02', 'ER-018', 'ER-191', 'ER-199'],
  what: 'Adds up the stated rates of the demands on each unlimited circuit as if they ran around the clock, and compares the volume with the break-even of the list prices.',
  why: 'Even then the metered plan would cost less. Metered becomes unlimited with one setting; back it never goes, so begin with metered.',
  fix: 'order the circuit as metered, and change when the measured volume passes the break-even',
  status: 'stable',
  since: '0.1.0',
  fires: example('a thousand users at 10 kbps on an unlimited circuit', RATE, [
    'billing: metered',
    'billing: unlimited',
  ]),
  silent: example('the circuit is metered', RATE),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, location }) => {
      const zone: BillingZone | undefined = location?.cloud === 'usgov' ? 'usgov' : zoneOf(location?.zone);
      if (circuit.billing !== 'unlimited' || circuit.sku === 'local' || zone === undefined) return [];
      const load = loadOf(view, circuit);
      const plan = { sku: circuit.sku, bandwidthMbps: circuit.bandwidth / 1e6, zone };
      const metered = circuitPrice({ ...plan, billing: 'metered' })?.value;
      const unlimited = circuitPrice({ ...plan, billing: 'unlimited' })?.value;
      const perGigabyte = outboundPrice(zone)?.value;
      if (load === undefined || metered === undefined || unlimited === undefined || perGigabyte === undefined)
        return [];
      const volume = (load.rate * HOURS_A_MONTH * 3600) / 8e9;
      const breakEven = (unlimited - metered) / perGigabyte;
      if (volume >= breakEven) return [];
      const saves = unlimited - metered - volume * perGigabyte;
      return [{ circuit, volume, breakEven, saves, demandPath: load.path }];
    }),
  word: ({ circuit, volume, breakEven, saves, demandPath }, view) => ({
    message: `circuit ${circuit.name} is unlimited, but its demands move at most ${gigabytes(volume)} a month and the plan pays off above ${gigabytes(breakEven)}: metered saves ${Math.round(saves).toLocaleString('en-US')} USD`,
    path: [...circuit.path, 'billing'],
    related: [{ message: 'a demand on it', place: placeOf(view, demandPath) }],
    evidence: [{ title: 'the price', lines: [prices.caveat] }],
  }),
  mend: ({ circuit }, view) => [
    {
      title: `order ${circuit.name} as metered`,
      safe: false,
      edits: editSet(view.document, [...circuit.path, 'billing'], 'metered'),
    },
  ],
  unknown: {
    example: example('nobody said how much the users move', ['billing: metered', 'billing: unlimited']),
    find: (view) =>
      view.index
        .peered()
        .filter(({ circuit }) => circuit.billing === 'unlimited' && circuit.sku !== 'local')
        .filter(({ circuit }) => loadOf(view, circuit) === undefined)
        .map(({ circuit }) => ({
          input: 'demands.*.rate',
          message: `whether unlimited data pays off on circuit ${circuit.name}`,
          path: [...circuit.path, 'billing'],
        })),
  },
});

function gigabytes(value: number): string {
  return `${Math.round(value).toLocaleString('en-US')} GB`;
}

function zoneOf(zone: number | undefined): BillingZone | undefined {
  return zone === 1 || zone === 2 || zone === 3 || zone === 4 ? zone : undefined;
}

/** Average bits per second of all demands on a circuit; undefined: one of them, or other traffic, has no rate. */
function loadOf(
  view: CheckView,
  circuit: Circuit,
): { readonly rate: number; readonly path: readonly (string | number)[] } | undefined {
  const trips = view.index.tripsOver('expressroute', circuit.name);
  // What rides private peering or Global Reach has no rate at all.
  if (trips.length === 0 || circuit.privatePeering !== undefined) return undefined;
  const sites = new Map<Demand, Map<string, number>>();
  for (const { demand } of trips) {
    const written = demandOf(demand);
    // What Microsoft opens has no rate in the document.
    if (written === undefined) return undefined;
    const held = sites.get(written) ?? new Map<string, number>();
    sites.set(written, held.set(demand.site.name, demand.site.users));
  }
  let rate = 0;
  let path: readonly (string | number)[] = circuit.path;
  for (const [demand, users] of sites) {
    if (demand.rate === undefined) return undefined;
    path = [...demand.path, 'rate'];
    const count = [...users.values()].reduce((sum, each) => sum + each, 0);
    rate += 'total' in demand.rate ? demand.rate.total : demand.rate.perUser * count;
  }
  return { rate, path };
}
