/** A stand-in at the other end of the world keeps the session and loses the user. */

import { sizing } from '@bothways/facts';
import type { RoundTrip } from '@bothways/forwarding';
import { listText, tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { secondCircuit } from '../example-parts.ts';
import { failureStudy, isAtFailedSite, isPlanned } from '../failure-study.ts';
import { latencyOf } from '../measures.ts';
import { defineRule, example } from '../rule.ts';

interface Slow {
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
  readonly failures: readonly string[];
  readonly because: string;
}

export const latencyWithinBudgetAfterFailure = defineRule<Slow>({
  name: 'latency-within-budget-after-failure',
  title: 'After a failure a round trip takes longer than 150 ms for certain',
  family: 'load and latency',
  severity: 'note',
  ids: ['PP-C05', 'PP-C38', 'CHK-PP-05', 'CHK-M365-13', 'CHK-WAF-R02', 'PP-Z02'],
  what: 'Lets every element fail, one at a time, and adds up the latency of the ways that round trips take then.',
  why: 'Everything still works and nobody can work: the longer way costs more than the failure saved.',
  fix: 'give these sites a stand-in that is nearer, such as the internet edge of the region',
  status: 'preview',
  since: '0.1.0',
  fires: example(
    'the way to the second datacentre takes 80 ms',
    ...secondCircuit({ core: 'bandwidth: 1 Gbps, latency: 80 ms' }),
  ),
  silent: example('it takes 8 ms', ...secondCircuit({ core: 'bandwidth: 1 Gbps, latency: 8 ms' })),
  find: (view) => {
    const budget = sizing.clientLatency.value;
    const slow = (failureStudy(view)?.singles() ?? []).flatMap((effect) =>
      isPlanned(effect)
        ? []
        : effect.changes.flatMap(({ before, after }) => {
            if (before.some((trip) => trip.outcome === 'holds' && latencyOf(view, trip, budget).outcome === 'broken'))
              return [];
            return after.flatMap((trip) => {
              if (trip.outcome !== 'holds' || trip.demand.flow.expressRoute !== 'yes' || isAtFailedSite(effect, trip))
                return [];
              const { outcome, because } = latencyOf(view, trip, budget);
              return outcome === 'broken' ? [{ effect, trip, because }] : [];
            });
          }),
    );
    return [...groupedBy(slow, ({ trip }) => trip.demand.source.name).values()].map((group) => {
      const [first] = group;
      return {
        trips: [
          first.trip,
          ...group.flatMap(({ effect, trip }) => (effect === first.effect && trip !== first.trip ? [trip] : [])),
        ] as const,
        failures: [...new Set(group.map(({ effect }) => effect.set.id))],
        because: first.because,
      };
    });
  },
  word: ({ trips, failures, because }) => ({
    message: `when ${listText(failures, 4)} ${failures.length === 1 ? 'fails' : 'fail'}, these are too slow: ${tripsText(trips)}; ${because}`,
    path: trips[0].demand.site.path,
  }),
  unknown: {
    example: undefined,
    find: (view) =>
      view.index.peered().length > 1 && failureStudy(view) === undefined
        ? [
            {
              input: 'bothways sweep',
              message: 'how long round trips take after failures: the estate is too large for a check to compute them',
              path: ['circuits'],
            },
          ]
        : [],
  },
});
