/** Beyond 150 ms applications of Power Platform feel slow whatever the bandwidth. */
import type { RoundTrip } from '@bothways/forwarding';
import { tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { latencyOf } from '../measures.ts';
import { defineRule, example } from '../rule.ts';

/** Milliseconds (PP-Z02). */
const BUDGET = 150;

interface Slow {
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
  readonly because: string;
}

export const latencyWithinBudget = defineRule<Slow>({
  name: 'latency-within-budget',
  title: 'A round trip takes longer than 150 ms for certain',
  family: 'load and latency',
  severity: 'warning',
  ids: ['PP-C05', 'PP-C08', 'CHK-PP-16', 'CHK-M365-13', 'PP-Z02'],
  what: 'Adds up the stated latency of the links on the way there and back, and what light needs for the rest.',
  why: 'A form of a model-driven app waits for many answers one after the other: at 150 ms each, users call it slow.',
  fix: 'shorten the way: another peering location, a local breakout, or an environment nearer to its users',
  status: 'preview',
  since: '0.1.0',
  fires: example('the WAN link of the branch takes 160 ms', ['latency: 11 ms', 'latency: 160 ms']),
  silent: example('it takes 11 ms'),
  find: (view) => {
    const slow = view.data.roundTrips.flatMap((trip) => {
      if (trip.outcome !== 'holds' || trip.demand.flow.expressRoute !== 'yes') return [];
      const { outcome, because } = latencyOf(view, trip, BUDGET);
      return outcome === 'broken' ? [{ trip, because }] : [];
    });
    return [...groupedBy(slow, ({ trip }) => trip.demand.source.name).values()].map(([first, ...rest]) => ({
      trips: [first.trip, ...rest.map(({ trip }) => trip)] as const,
      because: first.because,
    }));
  },
  word: ({ trips, because }) => ({
    message: `too slow: ${tripsText(trips)}; ${because}`,
    path: trips[0].demand.site.path,
  }),
});
