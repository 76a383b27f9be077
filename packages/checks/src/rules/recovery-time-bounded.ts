/** Surviving a failure takes as long as noticing it. */
import { formatDuration, type Intent } from '@bothways/estate';
import type { DetectionTime } from '@bothways/forwarding';
import { listText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { ANY_FAILURE, secondCircuit } from '../example-parts.ts';
import { claims, type FailureEffect, failureStudy } from '../failure-study.ts';
import { tripsOfIntent } from '../intent-verdict.ts';
import { defineRule, example } from '../rule.ts';

/** Milliseconds that a person waits before calling somebody. */
const MOST = 60_000;

interface Slow {
  readonly intent: Intent;
  readonly failures: readonly [FailureEffect, ...FailureEffect[]];
  readonly time: DetectionTime;
}

export const recoveryTimeBounded = defineRule<Slow>({
  name: 'recovery-time-bounded',
  title: 'An intent survives a failure only after the routers have waited for it',
  family: 'resilience',
  severity: 'note',
  ids: ['PP-C37', 'CHK-APRL-04', 'CHK-ALZ-25', 'CHK-WAF-R07', 'ER-056', 'ER-060'],
  what: 'Computes from timers and BFD how long the routers of the customer need to notice each failure that an intent claims to survive; more than a minute is said. Links of Microsoft peering are judged by `link-loss-noticed-in-time`.',
  why: 'Until the hold time is over requests go on into the dead way.',
  fix: 'use BFD or shorter timers on this session',
  status: 'preview',
  since: '0.1.0',
  fires: example(
    'the peerings have BFD, the provider of the internet edge has not',
    ANY_FAILURE,
    ...secondCircuit({ peering: '      bfd: true\n' }),
    ['      vlan: 100\n', '      vlan: 100\n      bfd: true\n'],
  ),
  silent: example('nothing has to be survived'),
  find: (view) =>
    view.estate.intents
      .filter(({ survives }) => survives !== 'nothing')
      .flatMap((intent) => {
        const study = failureStudy(view);
        if (study === undefined) return [];
        const spoken = new Set(tripsOfIntent(view, intent).map(({ demand }) => demand.id));
        const slow = study.singles().flatMap((effect) => {
          const moved = effect.changes.some(({ after }) => after.some(({ demand }) => spoken.has(demand.id)));
          if (!moved || !claims(intent, effect)) return [];
          const time = study.detection(effect.set);
          const session = view.compiled.network.sessions.find(({ name }) => name === time.session);
          const link = session?.link === undefined ? undefined : view.compiled.network.links[session.link];
          const judgedElsewhere = link?.kind === 'circuit' && link.peering === 'microsoft';
          return (time.detect?.most ?? 0) > MOST && !judgedElsewhere ? [{ effect, time }] : [];
        });
        return [...groupedBy(slow, ({ time }) => time.session).values()].map(([first, ...rest]) => ({
          intent,
          failures: [first.effect, ...rest.map(({ effect }) => effect)] as const,
          time: first.time,
        }));
      }),
  word: ({ intent, failures, time }) => ({
    message: `intent ${intent.name} survives ${listText(failures.map(({ set }) => set.id))} only after up to ${formatDuration(time.detect?.most ?? 0)}: ${time.session} is given up when ${time.because}`,
    path: [...intent.path, 'survives'],
    ids: time.facts,
  }),
});
