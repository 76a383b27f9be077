/** A static route is believed before everything that routers learn. */
import { editRemove } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import { droppedAt, tripEvidence, tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { defineRule, example } from '../rule.ts';

interface Lost {
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
  readonly path: readonly (string | number)[];
}

export const staticRouteKeepsTraffic = defineRule<Lost>({
  name: 'static-route-keeps-traffic',
  title: 'A static route of the document throws traffic away or sends it round in a circle',
  family: 'round trips',
  severity: 'error',
  ids: ['PP-C07', 'CHK-GAP-11', 'CHK-ALZ-23'],
  what: 'Follows every packet and, where it is discarded or comes back to where it was, looks for a static route of the document among those it followed.',
  why: 'It does not move when something fails, and hides every better route that is learned later.',
  fix: 'take the route out and let the prefix be learned, or point it at the neighbour that leads there',
  status: 'stable',
  since: '0.1.0',
  fires: example('the datacentre discards the clients of the branch', [
    'demands:\n',
    'routing:\n  dc: { statics: [{ prefix: 10.20.0.0/16, next: discard }] }\n\ndemands:\n',
  ]),
  silent: example('no static route stands in the document'),
  find: (view) => {
    const lost = view.index.broken().flatMap((trip) => {
      const way = trip.back ?? trip.forward;
      if (way.disposition !== 'discarded' && way.disposition !== 'loop') return [];
      for (const hop of way.path.hops.toReversed()) {
        const origins = [...hop.steps.flatMap((step) => step.origins), ...(hop.entry?.origins ?? [])];
        for (const origin of origins) {
          if (origin.kind === 'document' && origin.path.includes('statics')) return [{ trip, path: origin.path }];
        }
      }
      return [];
    });
    return [...groupedBy(lost, ({ path }) => JSON.stringify(path)).values()].map(([first, ...rest]) => ({
      path: first.path,
      trips: [first.trip, ...rest.map(({ trip }) => trip)] as const,
    }));
  },
  explains: ({ trips }) => trips,
  word: ({ trips, path }, view) => {
    const [first] = trips;
    return {
      message: `a static route takes the ${first.back === undefined ? 'requests' : 'answers'} of ${tripsText(trips)} to their end at ${droppedAt(view, first)}`,
      path,
      evidence: tripEvidence(view, first),
    };
  },
  mend: ({ path }, view) => [
    {
      title: 'take the static route out',
      safe: false,
      edits: editRemove(view.document, path),
    },
  ],
});
