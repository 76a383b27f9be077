/** A circuit can grow and never shrink. */
import { type Circuit, editSet, formatBandwidth } from '@bothways/estate';
import { bandwidthSteps, limits } from '@bothways/facts';
import { loadedNetwork } from '../measures.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Oversized {
  readonly circuit: Circuit;
  /** Bits per second that may come at most, in the fuller direction. */
  readonly load: number;
  /** The smallest bandwidth on offer that keeps a fifth free. */
  readonly enough: number;
}

const STATED = [
  '    to: production\n\nintents',
  '    to: production\n    rate: { total: 30 Mbps }\n\nintents',
] as const;

export const circuitNotOversized = defineRule<Oversized>({
  name: 'circuit-not-oversized',
  title: 'A circuit is never used to more than a fifth',
  family: 'cost',
  severity: 'note',
  ids: ['CHK-WAF-C02', 'ER-221', 'ER-017', 'ER-011'],
  what: 'Adds up the most that the demands of the document may put on a circuit in either direction, and compares it with the bandwidth. Judged only where every demand over it states a rate, and where a smaller bandwidth would still keep a fifth free.',
  why: 'Four fifths spare are paid for every month, and a circuit that was provisioned cannot be made smaller.',
  fix: 'order less and let it grow, as long as it is not provisioned; afterwards only a new circuit is smaller',
  status: 'preview',
  since: '0.1.0',
  fires: example('30 Mbps on a circuit of 500 Mbps', STATED),
  silent: example('nobody said how much the demands send'),
  find: (view) =>
    view.index.peered().flatMap(({ circuit }) => {
      const load = mostOver(view, circuit);
      const spare = 1 - limits.headroomLow.value / 100;
      if (load === undefined || load > circuit.bandwidth * (1 - limits.headroomWasteful.value / 100)) return [];
      const port = circuit.direct?.portSpeed;
      const steps = bandwidthSteps.find(
        ({ offer, portMbps }) =>
          (port === undefined && offer === 'provider') || (port !== undefined && portMbps === port / 1e6),
      );
      const enough = steps?.stepsMbps.map((each) => each * 1e6).find((step) => load <= step * spare);
      return enough === undefined || enough >= circuit.bandwidth ? [] : [{ circuit, load, enough }];
    }),
  word: ({ circuit, load, enough }) => ({
    message: `the demands put at most ${formatBandwidth(load)} on circuit ${circuit.name} of ${formatBandwidth(circuit.bandwidth)}; ${formatBandwidth(enough)} would do`,
    path: [...circuit.path, 'bandwidth'],
  }),
  mend: ({ circuit, enough }, view) => [
    {
      title: `order ${circuit.name} with ${formatBandwidth(enough)}`,
      safe: false,
      edits: editSet(view.document, [...circuit.path, 'bandwidth'], formatBandwidth(enough)),
    },
  ],
});

/** Undefined: something over it has no stated rate, or private peering has a part that no demand names. */
function mostOver(view: CheckView, { name, privatePeering }: Circuit): number | undefined {
  if (privatePeering !== undefined) return undefined;
  const trips = view.index.tripsOver('expressroute', name);
  if (trips.length === 0) return undefined;
  for (const { demand } of trips) {
    if (demand.written.kind !== 'demand' || demand.written.demand.by !== undefined) return undefined;
    if (demand.written.demand.demand.rate === undefined) return undefined;
  }
  const { load } = loadedNetwork(view);
  const mine = load.circuits.filter(({ circuit }) => circuit === name);
  return mine.length === 0 ? undefined : Math.max(...mine.map((each) => each.load.high));
}
