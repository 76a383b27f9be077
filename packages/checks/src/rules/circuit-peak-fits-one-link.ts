/** Both links of a circuit share its bandwidth by accident, not by right. */
import { formatBandwidth } from '@bothways/estate';
import type { CircuitLoad } from '@bothways/forwarding';
import { loadedNetwork } from '../measures.ts';
import { defineRule, example } from '../rule.ts';

export const circuitPeakFitsOneLink = defineRule<CircuitLoad>({
  name: 'circuit-peak-fits-one-link',
  title: 'A circuit carries more than one of its links can',
  family: 'load and latency',
  severity: 'warning',
  ids: ['PP-C05', 'CHK-GAP-17', 'CHK-WAF-P01', 'ER-014', 'ER-015', 'ER-137'],
  what: 'Adds up what the demands put on each circuit and compares the least that may come with its bandwidth, which is that of one link.',
  why: 'Above the configured rate traffic passes while both links are up, without any promise; when one of them fails the rest is dropped.',
  fix: 'order the next bandwidth step, which can be raised without a new circuit but not lowered again',
  status: 'preview',
  since: '0.1.0',
  fires: example('every user draws two megabits a second through a circuit of 500 Mbps', [
    'flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16]',
    'flows: [PP-F01, PP-F02]\n    rate: { perUser: 2 Mbps }',
  ]),
  silent: example('nobody says how much users draw'),
  find: (view) => loadedNetwork(view).load.circuits.filter(({ lostWhenOneLinkFails }) => lostWhenOneLinkFails.low > 0),
  word: ({ circuit, load, bandwidth, lostWhenOneLinkFails }, view) => ({
    message: `${circuit} has to carry at least ${formatBandwidth(Math.round(load.low))} and is ordered with ${formatBandwidth(bandwidth)}: with one link, ${formatBandwidth(Math.round(lostWhenOneLinkFails.low))} are lost`,
    path: [...(view.index.circuit(circuit)?.path ?? ['circuits']), 'bandwidth'],
  }),
});
