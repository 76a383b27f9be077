/** A maintenance window is a failure with a date: whatever is lost in it is lost on purpose, or by mistake. */
import type { RoundTrip } from '@bothways/forwarding';
import { droppedAt, tripEvidence, tripsText } from '../causes.ts';
import { type FailureEffect, failureStudy, isPlanned, lostIn } from '../failure-study.ts';
import { defineRule, example } from '../rule.ts';

interface LostInWindow {
  readonly effect: FailureEffect;
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
}

export const drainedWindowHolds = defineRule<LostInWindow>({
  name: 'drained-window-holds',
  title: 'Round trips are lost in a maintenance window',
  family: 'resilience',
  severity: 'warning',
  ids: ['PP-C07', 'PP-C38', 'CHK-WAF-R07', 'A7', 'ER-142', 'ER-149'],
  what: 'Follows every round trip during each maintenance window of the document: over drained sessions with a longer path, or without what is taken down.',
  why: 'The date is known, so users would lose their work by plan.',
  fix: 'drain instead of taking down, move the window of one circuit, or give the sites another way first',
  status: 'stable',
  since: '0.1.0',
  fires: example('the WAN link of the branch is taken down', [
    'demands:\n',
    'maintenance:\n  rewiring: { elements: [mpls-branch], kind: down }\n\ndemands:\n',
  ]),
  silent: example('one router of the circuit is taken down; the other carries on', [
    'demands:\n',
    'maintenance:\n  upgrade: { elements: [er-ce1], kind: down }\n\ndemands:\n',
  ]),
  find: (view) =>
    view.estate.maintenance.length === 0
      ? []
      : (failureStudy(view)?.singles() ?? []).filter(isPlanned).flatMap((effect) => {
          const [first, ...rest] = lostIn(effect);
          return first === undefined ? [] : [{ effect, trips: [first, ...rest] as const }];
        }),
  word: ({ effect, trips }, view) => ({
    message: `in ${effect.set.id} ${tripsText(trips)} are lost at ${droppedAt(view, trips[0])}`,
    path:
      view.estate.maintenance.find(({ name }) => name === effect.elements[0]?.name)?.path ?? trips[0].demand.site.path,
    evidence: tripEvidence(view, trips[0]),
  }),
  unknown: {
    example: undefined,
    find: (view) =>
      view.estate.maintenance.length > 0 && failureStudy(view) === undefined
        ? [
            {
              input: 'bothways sweep',
              message: 'what maintenance windows take away: the estate is too large for a check to compute them',
              path: ['maintenance'],
            },
          ]
        : [],
  },
});
