/** A packet that crosses a line twice has been where it did not have to be. */
import { hairpinsOf, type RoundTrip } from '@bothways/forwarding';
import { tripEvidence, tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { defineRule, example } from '../rule.ts';

interface Twice {
  readonly line: string;
  readonly crossings: number;
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
}

export const noHairpin = defineRule<Twice>({
  name: 'no-hairpin',
  title: 'A way crosses the same line twice',
  family: 'load and latency',
  severity: 'note',
  ids: ['PP-C08', 'CHK-M365-13', 'PP-Z46'],
  what: 'Follows the packets of every demand and looks for a WAN line, a cloud or a circuit that one direction crosses more than once.',
  why: 'The line carries the same packet twice and the user waits for it twice, usually because a proxy or a firewall stands at the wrong end.',
  fix: 'move what the packet is led past to the other end of the line, or let these flows pass it by',
  status: 'preview',
  since: '0.1.0',
  fires: example(
    'clients of the branch use a proxy at headquarters',
    ['clients: 10.20.0.0/16 }', 'clients: 10.20.0.0/16, proxy: web }'],
    ['wan:\n', 'proxies:\n  web: { site: hq, address: 10.30.0.5, reach: both }\n\nwan:\n'],
  ),
  silent: example('they use none'),
  find: (view) => {
    const turning = view.data.roundTrips.flatMap((trip) => {
      if (trip.outcome !== 'holds' || trip.demand.opener !== 'customer') return [];
      const ways = [trip.forward, ...(trip.back === undefined ? [] : [trip.back])];
      const [hairpin] = ways.flatMap(({ path }) => hairpinsOf(view.compiled, path));
      return hairpin === undefined ? [] : [{ trip, hairpin }];
    });
    const groups = groupedBy(turning, ({ trip, hairpin }) => `${trip.demand.source.name}\n${hairpin.name}`);
    return [...groups.values()].map(([first, ...rest]) => ({
      line: first.hairpin.name,
      crossings: first.hairpin.crossings,
      trips: [first.trip, ...rest.map(({ trip }) => trip)] as const,
    }));
  },
  word: ({ line, crossings, trips }, view) => ({
    message: `${tripsText(trips)} ${trips.length === 1 ? 'crosses' : 'cross'} ${line} ${crossings === 2 ? 'twice' : `${crossings} times`} in one direction`,
    path: trips[0].demand.site.path,
    evidence: tripEvidence(view, trips[0]),
  }),
});
