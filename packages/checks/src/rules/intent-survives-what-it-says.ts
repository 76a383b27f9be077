/** An intent that claims to survive failures is tried under each of them. */
import type { Evidence } from '@bothways/diagnostics';
import type { Intent } from '@bothways/estate';
import { listText, tripEvidence } from '../causes.ts';
import { ANY_FAILURE } from '../example-parts.ts';
import { failureStudy } from '../failure-study.ts';
import { intentVerdict, type PartVerdict, survivesText } from '../intent-verdict.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Overstated {
  readonly intent: Intent;
  readonly part: PartVerdict;
}

export const intentSurvivesWhatItSays = defineRule<Overstated>({
  name: 'intent-survives-what-it-says',
  title: 'A failure that an intent claims to survive breaks it',
  family: 'resilience',
  severity: 'error',
  ids: ['PP-C37', 'PP-C38', 'CHK-WAF-R02', 'CHK-GAP-11'],
  what: 'Follows the round trips of every intent again under each failure that it claims to survive, and asks whether they arrive, by the way that is wanted.',
  why: 'The document promises it, and the promise is tested on the worst day otherwise.',
  fix: 'give what fails a stand-in, or say in the intent what it really survives',
  status: 'stable',
  since: '0.1.0',
  fires: example('one circuit, and an intent that claims to bear any failure', ANY_FAILURE),
  silent: example(
    'the intent names a failure that leaves another way',
    ['demands:\n', 'failureGroups:\n  first-port: [er-ce1]\n\ndemands:\n'],
    ['    over: expressroute', '    over: expressroute\n    survives: [first-port]'],
  ),
  find: (view) =>
    claiming(view).flatMap((intent) => {
      const part = intentVerdict(view, intent).parts.find(({ kind }) => kind === 'failures');
      // What is broken before anything fails is another finding's.
      return part?.failingSets === undefined ? [] : [{ intent, part }];
    }),
  word: ({ intent, part: { because, failingSets = [], counterexample } }, view) => {
    const sets: Evidence = {
      title: `what breaks it (${failingSets.length})`,
      lines: failingSets.slice(0, 12).map((set) => set.join(' + ')),
    };
    const more = failingSets.length > 12 ? [`and ${failingSets.length - 12} more`] : [];
    return {
      message: `intent ${intent.name} is meant to survive ${survivesText(intent)}, but ${because}`,
      path: [...intent.path, 'survives'],
      evidence: [
        { ...sets, lines: [...sets.lines, ...more] },
        ...(counterexample === undefined ? [] : tripEvidence(view, counterexample)),
      ],
      ...(intent.because === undefined ? {} : { why: intent.because }),
    };
  },
  unknown: {
    example: undefined,
    find: (view) => {
      const intents = claiming(view);
      const [first] = intents;
      if (first === undefined || failureStudy(view) !== undefined) return [];
      return [
        {
          input: 'bothways sweep',
          message: `whether ${listText(intents.map(({ name }) => name))} survive what they say: the estate is too large for a check to compute its failures`,
          path: [...first.path, 'survives'],
        },
      ];
    },
  },
});

function claiming({ estate }: CheckView): readonly Intent[] {
  return estate.intents.filter(({ survives }) => survives !== 'nothing');
}
