/** A line that is full loses packets of everybody on it. */
import { formatBandwidth } from '@bothways/estate';
import type { CarrierLoad } from '@bothways/forwarding';
import type { Origin } from '@bothways/network';
import { loadedNetwork } from '../measures.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

/** What should stay free, of the whole (ER-221). */
const SPARE = 0.2;

interface Full {
  readonly carried: CarrierLoad;
  readonly bandwidth: number;
  /** At least, of the bandwidth. */
  readonly share: number;
  readonly path: readonly (string | number)[];
}

export const linkHasHeadroom = defineRule<Full>({
  name: 'link-has-headroom',
  title: 'A line carries more than four fifths of what it can',
  family: 'load and latency',
  severity: 'warning',
  ids: ['PP-C05', 'CHK-PP-05', 'CHK-GAP-17', 'CHK-M365-14', 'ER-221'],
  what: 'Adds up what the demands of the document put on every line in each direction, beside the use that the document states, and compares the least that may come with the bandwidth.',
  why: 'Beyond four fifths queues grow, and every application on the line gets slow at the same time.',
  fix: 'widen the line, or let some of its sites leave another way',
  status: 'preview',
  since: '0.1.0',
  fires: example('the line of the branch is in use up to 95 % already', [
    'bandwidth: 100 Mbps, latency: 11 ms }',
    'bandwidth: 100 Mbps, latency: 11 ms, utilisation: 95 % }',
  ]),
  silent: example('it is used to a fifth', [
    'bandwidth: 100 Mbps, latency: 11 ms }',
    'bandwidth: 100 Mbps, latency: 11 ms, utilisation: 20 % }',
  ]),
  find: (view) => {
    const found = new Map<string, Full>();
    for (const carried of loadedNetwork(view).load.carriers) {
      const { carrier, inUse, load } = carried;
      const { bandwidth } = carrier;
      if (bandwidth === undefined || inUse === undefined || load.high === 0) continue;
      const share = (inUse + load.low) / bandwidth;
      const path = pathOf(view, carried);
      const known = found.get(carrier.name);
      if (share <= 1 - SPARE || path === undefined || (known !== undefined && known.share >= share)) continue;
      found.set(carrier.name, { carried, bandwidth, share, path });
    }
    return [...found.values()];
  },
  word: ({ carried: { carrier, from, to, load, inUse = 0 }, bandwidth, share, path }) => ({
    message: `${carrier.name} is at ${Math.round(100 * share)} % from ${from} to ${to}: ${formatBandwidth(inUse)} in use and at least ${formatBandwidth(Math.round(load.low))} of the demands, of ${formatBandwidth(bandwidth)}`,
    path,
    severity: share > 1 ? 'warning' : 'note',
  }),
});

function pathOf({ compiled: { network }, estate }: CheckView, { carrier }: CarrierLoad): Full['path'] | undefined {
  const origins: readonly Origin[] = carrier.link === undefined ? [] : (network.links[carrier.link]?.origins ?? []);
  for (const origin of origins) if (origin.kind === 'document') return origin.path;
  return carrier.circuit === undefined ? undefined : estate.circuits.find(({ name }) => name === carrier.circuit)?.path;
}
