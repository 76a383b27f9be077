/** A stand-in that carries requests and loses their answers is none. */
import { type RoundTrip, viaText } from '@bothways/forwarding';
import { attracting, droppedAt, listText, tripEvidence, tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { secondCircuit } from '../example-parts.ts';
import { type FailureEffect, failureStudy, isPlanned, lostIn } from '../failure-study.ts';
import { defineRule, example } from '../rule.ts';

interface Crossed {
  readonly effect: FailureEffect;
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
  /** Every failure that leads to the same loss. */
  readonly failures: readonly string[];
}

export const failoverStaysSymmetric = defineRule<Crossed>({
  name: 'failover-stays-symmetric',
  title: 'After a failure requests find another way and their answers are lost',
  family: 'resilience',
  severity: 'warning',
  ids: ['PP-C07', 'PP-C38', 'CHK-PP-07', 'CHK-GAP-11', 'CHK-M365-11', 'CHK-WAF-R02', 'ER-116', 'ER-118'],
  what: 'Lets every element fail, one at a time, and looks for round trips whose request still arrives while the answer takes another way and is dropped there.',
  why: 'The second way is there and does not work: requests leave by it, answers look for the first one, and a firewall without their session drops them.',
  fix: 'announce each pool by the way that its requests leave by, and only there',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'the first circuit announces half of the pool of the second edge, which nobody uses before the first edge fails',
    ...secondCircuit(),
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 203.0.113.16/29]'],
  ),
  silent: example('each circuit announces its own pool', ...secondCircuit()),
  find: (view) => {
    const found = (failureStudy(view)?.singles() ?? [])
      .filter((effect) => !isPlanned(effect))
      .flatMap((effect) =>
        lostIn(effect)
          .filter(({ asymmetry, symmetry }) => asymmetry === 'fatal' && !symmetry.edge)
          .map((trip) => ({ effect, trip })),
      );
    const alike = groupedBy(found, ({ trip }) => lossOf(trip));
    // What is lost in the same way before anything fails is the finding of another rule.
    const known = new Set(view.index.broken().map(lossOf));
    return [...alike].flatMap(([loss, group]) => {
      if (known.has(loss)) return [];
      const [{ effect, trip }] = group;
      const trips = group.flatMap((each) => (each.effect === effect && each.trip !== trip ? [each.trip] : []));
      const failures = [...new Set(group.map((each) => each.effect.set.id))];
      return [{ effect, trips: [trip, ...trips] as const, failures }];
    });
  },
  word: ({ trips, failures }, view) => {
    const [first] = trips;
    const via = first.back?.via;
    const announcement = via?.kind === 'expressroute' ? attracting(view, first, via.name) : undefined;
    return {
      message: `when ${listText(failures)} ${failures.length === 1 ? 'fails' : 'fail'}, requests of ${tripsText(trips)} find another way, but ${droppedAt(view, first)} drops their answers`,
      path: announcement?.path ?? first.demand.site.path,
      evidence: tripEvidence(view, first),
    };
  },
});

/** Out here, back there. */
function lossOf({ forward, back }: RoundTrip): string {
  return `${viaText(forward.via)} ${back === undefined ? '' : viaText(back.via)}`;
}
