/** Routing does not know kilometres. */
import { type Detour, deviceAt, type RoundTrip } from '@bothways/forwarding';
import { listText, tripEvidence, tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { secondCircuit } from '../example-parts.ts';
import { qualityOf } from '../measures.ts';
import { defineRule, example } from '../rule.ts';

/** Milliseconds one way over the shortest way of the network; ours: a fifth of the budget of PP-Z02. */
const MOST_OVER_SHORTEST = 30;
/** Kilometres beside the great circle; ours: what light in glass needs 15 ms for, one way. */
const MOST_EXTRA = 3_000;

interface Detoured {
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
  readonly detour: Detour;
  readonly kind: 'slower' | 'farther';
}

export const noDetour = defineRule<Detoured>({
  name: 'no-detour',
  title: 'A way goes farther round than it has to',
  family: 'load and latency',
  severity: 'note',
  ids: ['PP-C08', 'CHK-M365-13', 'CHK-WAF-O01', 'PP-Z02'],
  what: `Compares the way there of every round trip over a circuit with the shortest way that the described network has, and with the great circle. More than ${MOST_OVER_SHORTEST} ms or ${MOST_EXTRA} km are said; both figures are ours.`,
  why: 'A circuit at the other end of a continent keeps the traffic private and slow: every click pays for the way there and back.',
  fix: 'lead these sites to a nearer circuit or a local breakout, by policy or by a line of their own',
  status: 'preview',
  since: '0.1.0',
  fires: example(
    'a preference leads everybody to the second circuit, 40 ms away',
    ...secondCircuit({ core: 'bandwidth: 1 Gbps, latency: 40 ms', peering: '      localPreference: 200\n' }),
  ),
  silent: example('both circuits are equal', ...secondCircuit({ core: 'bandwidth: 1 Gbps, latency: 40 ms' })),
  find: (view) => {
    const turning = view.data.roundTrips.flatMap((trip) => {
      const { demand, forward, outcome } = trip;
      if (outcome !== 'holds' || forward.via.kind !== 'expressroute' || demand.opener !== 'customer') return [];
      const { detour, hairpins } = qualityOf(view, trip).there;
      // What turns round on a line is said by `no-hairpin`.
      if (detour === undefined || hairpins.length > 0) return [];
      const isSlower = (detour.extraMsOverShortest ?? 0) > MOST_OVER_SHORTEST;
      if (!isSlower && detour.extraKilometres <= MOST_EXTRA) return [];
      return [{ trip, detour, kind: isSlower ? ('slower' as const) : ('farther' as const) }];
    });
    return [...groupedBy(turning, ({ trip, kind }) => `${trip.demand.source.name} ${kind}`).values()].map((group) => {
      const [first, ...rest] = group.toSorted((a, b) => b.detour.extraKilometres - a.detour.extraKilometres);
      if (first === undefined) throw new Error('a group without members');
      const { trip, detour, kind } = first;
      return { trips: [trip, ...rest.map((each) => each.trip)] as const, detour, kind };
    });
  },
  word: ({ trips, detour, kind }, view) => {
    const { network } = view.compiled;
    const { turnsAt, shortest } = detour;
    const turn = turnsAt === undefined ? '' : ` by way of ${deviceAt(network, turnsAt).name}`;
    const over = listText(
      (shortest?.over ?? []).map((ix) => deviceAt(network, ix).name),
      4,
    );
    return {
      message:
        kind === 'slower'
          ? `${tripsText(trips)}: the way there takes ${detour.extraMsOverShortest} ms longer than the shortest one, over ${over}`
          : `${tripsText(trips)}: the way there is ${detour.kilometres} km long${turn}, the great circle ${detour.straightKilometres} km`,
      path: trips[0].demand.site.path,
      evidence: tripEvidence(view, trips[0]),
    };
  },
});
