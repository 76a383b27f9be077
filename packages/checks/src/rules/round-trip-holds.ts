/** Whatever no other rule explains: a request or an answer that does not arrive. */
import { DISPOSITION_CONDITIONS, type RoundTrip } from '@bothways/forwarding';
import { droppedAt, tripEvidence, tripsText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Lost {
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
}

export const roundTripHolds = defineRule<Lost>({
  name: 'round-trip-holds',
  title: 'A request or its answer does not arrive',
  family: 'round trips',
  severity: 'error',
  ids: ['PP-C07', 'CHK-PP-07', 'CHK-GAP-11', 'CHK-M365-15'],
  what: 'Follows every demand of the document there and back, for every address of its target and on every equal-cost branch.',
  why: 'The application does not work for these users.',
  fix: 'look at the hop that drops the packet, and at the line of the document behind it',
  status: 'stable',
  since: '0.1.0',
  fires: example('the router of the branch takes no route from anybody', [
    'demands:\n',
    'routing:\n  branch: { import: [{ then: reject }], defaultRoute: reject }\n\ndemands:\n',
  ]),
  silent: example('both sites reach the datacentre'),
  residual: true,
  find: (view) => {
    const groups = new Map<string, [RoundTrip, ...RoundTrip[]]>();
    for (const trip of view.unexplained) {
      // Inside Microsoft every server drops by itself what has no way back: one cause, one finding.
      const key = JSON.stringify([
        (trip.back ?? trip.forward).disposition,
        trip.back === undefined,
        causeOf(view, trip),
      ]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [trip]);
      else group.push(trip);
    }
    return [...groups.values()].map((trips) => ({ trips }));
  },
  word: ({ trips }, view) => {
    const [first] = trips;
    const way = first.back ?? first.forward;
    const direction = first.back === undefined ? 'requests' : 'answers';
    return {
      message: `${direction} of ${tripsText(trips)} end at ${droppedAt(view, first)}: ${DISPOSITION_CONDITIONS[way.disposition]}`,
      path: causeOf(view, first),
      evidence: tripEvidence(view, first),
    };
  },
});

/** The nearest line that the customer can change: of the last device outside Microsoft that has a place, else the site. */
function causeOf(view: CheckView, trip: RoundTrip): readonly (string | number)[] {
  const hops = [...trip.forward.path.hops, ...(trip.back?.path.hops ?? [])];
  for (const hop of hops.toReversed()) {
    const device = view.compiled.network.devices[hop.device];
    if (device === undefined || device.half === 'microsoft') continue;
    for (const origin of device.origins) if (origin.kind === 'document') return origin.path;
  }
  return trip.demand.site.path;
}
