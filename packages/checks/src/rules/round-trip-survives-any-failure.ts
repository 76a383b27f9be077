/** Single points of failure where the design has paid for a second circuit. */
import type { Circuit } from '@bothways/estate';

import type { RoundTrip } from '@bothways/forwarding';
import { listText, tripsText } from '../causes.ts';
import { secondCircuit } from '../example-parts.ts';
import { type FailureEffect, failureStudy, isPlanned, lostIn } from '../failure-study.ts';
import { tripsOfIntent } from '../intent-verdict.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Alone {
  readonly circuit: Circuit;
  readonly effects: readonly FailureEffect[];
  readonly lost: readonly RoundTrip[];
}

export const roundTripSurvivesAnyFailure = defineRule<Alone>({
  name: 'round-trip-survives-any-failure',
  title: 'Circuits are a pair, and one failure still takes round trips of several sites',
  family: 'resilience',
  severity: 'note',
  ids: ['PP-C07', 'PP-C37', 'CHK-PP-07', 'CHK-GAP-11', 'CHK-M365-11', 'CHK-WAF-R02'],
  what: 'Where a circuit is `pairedWith` another one, lets every link, device, circuit, building and provider fail, one at a time, and follows all round trips again. Reported is what several sites lose; what an intent claims to survive is reported there. Sites with a single way out are their own single point of failure; `bothways sweep` lists them.',
  why: 'A pair is bought so that one failure takes nothing away. What both ways have in common takes both.',
  fix: 'give these elements a stand-in, or join the sites to the other circuit by another way',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'both sites reach the second datacentre by way of the first only',
    ...secondCircuit({ lines: '    pairedWith: er-fra\n' }),
  ),
  silent: example('two circuits that nobody calls a pair', ...secondCircuit()),
  find: (view) => {
    const circuit = pairOf(view);
    if (circuit === undefined) return [];
    const claimed = new Set(
      view.estate.intents
        .filter(({ survives }) => survives !== 'nothing')
        .flatMap((intent) => tripsOfIntent(view, intent).map(({ demand }) => demand.id)),
    );
    const shared = (failureStudy(view)?.singles() ?? []).flatMap((effect) => {
      const declared = effect.elements.some(({ kinds }) => kinds[0] === 'declared');
      const lost = isPlanned(effect) || declared ? [] : lostIn(effect).filter(({ demand }) => !claimed.has(demand.id));
      return new Set(lost.map(({ demand }) => demand.site.name)).size < 2 ? [] : [{ effect, lost }];
    });
    const effects = shared.map(({ effect }) => effect);
    return shared.length === 0 ? [] : [{ circuit, effects, lost: shared.flatMap(({ lost }) => lost) }];
  },
  word: ({ circuit, effects, lost }) => ({
    message: `${circuit.name} and ${circuit.pairedWith} are a pair, but ${listText(
      effects.map(({ set }) => set.id),
      4,
    )} ${effects.length === 1 ? 'takes' : 'take'} away ${tripsText(lost)} by ${effects.length === 1 ? 'its' : 'their'} failure alone`,
    path: [...circuit.path, 'pairedWith'],
    evidence: [
      {
        title: 'what each failure takes away',
        lines: effects.slice(0, 12).map((effect) => `${effect.set.id}: ${tripsText(lostIn(effect))}`),
      },
    ],
  }),
  unknown: {
    example: undefined,
    find: (view) => {
      const circuit = pairOf(view);
      if (circuit === undefined || failureStudy(view) !== undefined) return [];
      return [
        {
          input: 'bothways sweep',
          message: 'what single failures take away: the estate is too large for a check to compute them',
          path: [...circuit.path, 'pairedWith'],
        },
      ];
    },
  },
});

function pairOf({ estate }: CheckView): Circuit | undefined {
  return estate.circuits.find(({ pairedWith }) => pairedWith !== undefined);
}
