/** A circuit is as fast as what leads to it. */
import { type Circuit, formatBandwidth } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import type { Link } from '@bothways/network';
import { listText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';
import { type CheckView, placeOfOrigins } from '../view.ts';

interface Starved {
  readonly circuit: Circuit;
  readonly lines: readonly Link[];
  /** Bits per second of the lines together. */
  readonly sum: number;
}

export const wanNotSlowerThanCircuit = defineRule<Starved>({
  name: 'wan-not-slower-than-circuit',
  title: 'The WAN lines that lead to a circuit are narrower than the circuit, all together',
  family: 'load and latency',
  severity: 'note',
  ids: ['PP-C05', 'CHK-PP-05', 'CHK-WAF-C02', 'PP-Z46'],
  what: 'Takes the WAN lines over which requests really reach the site of the circuit, and compares the sum of their bandwidths with that of the circuit. Where people sit at that site itself nothing is said.',
  why: 'The slowest link governs: the rest of the circuit is paid for and never filled, and it is the WAN that users wait for.',
  fix: 'widen the lines that are named, or order a smaller circuit before it is provisioned: it cannot shrink later (ER-017)',
  status: 'preview',
  since: '0.1.0',
  fires: example('a circuit of 5 Gbps behind 1.1 Gbps of WAN', ['bandwidth: 500 Mbps', 'bandwidth: 5 Gbps']),
  silent: example('a circuit of 500 Mbps behind the same lines'),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, edge }) => {
      const site = edge?.site;
      const trips = view.index.tripsOver('expressroute', circuit.name);
      if (site === undefined || trips.length === 0 || trips.some(({ demand }) => demand.source.name === site))
        return [];
      const lines = new Map<number, Link>();
      for (const trip of trips) {
        const line = lastLine(view, trip);
        // Somebody is there without a line: on the site itself, or by a way that nobody stated.
        if (line === undefined || line.bandwidth === undefined) return [];
        lines.set(line.ix, line);
      }
      const sum = [...lines.values()].reduce((total, { bandwidth = 0 }) => total + bandwidth, 0);
      return sum < circuit.bandwidth ? [{ circuit, lines: [...lines.values()], sum }] : [];
    }),
  word: ({ circuit, lines, sum }, view) => ({
    message: `circuit ${circuit.name} has ${formatBandwidth(circuit.bandwidth)}, but ${listText(lines.map(({ name }) => name))} ${lines.length === 1 ? 'leads' : 'lead'} to it with ${formatBandwidth(sum)}${lines.length === 1 ? '' : ' together'}`,
    path: [...circuit.path, 'bandwidth'],
    related: lines.flatMap(({ name, origins }) => {
      const place = placeOfOrigins(view, origins);
      return place === undefined ? [] : [{ message: name, place }];
    }),
  }),
});

/** The last WAN line of the way there. */
function lastLine({ compiled: { network } }: CheckView, { forward, demand }: RoundTrip): Link | undefined {
  if (demand.opener !== 'customer' || forward.via.kind !== 'expressroute') return undefined;
  return forward.path.hops
    .flatMap(({ leftOn }) => (leftOn === undefined ? [] : (network.links[leftOn] ?? [])))
    .findLast(({ kind }) => kind === 'wan');
}
