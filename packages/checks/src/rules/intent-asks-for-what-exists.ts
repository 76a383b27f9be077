/** Flows inside Microsoft cross no circuit, so an intent that wants them there can never be tested. */
import { editRemove, type Intent } from '@bothways/estate';
import { type Flow, flow } from '@bothways/facts';
import { defineRule, example } from '../rule.ts';

interface Impossible {
  readonly intent: Intent;
  readonly asked: Flow;
  readonly at: number;
}

export const intentAsksForWhatExists = defineRule<Impossible>({
  name: 'intent-asks-for-what-exists',
  title: 'An intent wants a flow over a circuit that never leaves Microsoft',
  family: 'fitness',
  severity: 'error',
  ids: ['PP-C33', 'CHK-PP-14', 'PP-N12', 'X21'],
  what: 'Looks for flows in intents over circuits that stay inside Microsoft or do not cross its border.',
  why: 'No circuit can be placed on such a flow. The intent reads like a promise, and nothing will ever test it.',
  fix: 'take the flow out of the intent',
  status: 'stable',
  since: '0.1.0',
  fires: example('the intent speaks of synchronisation with Exchange Online', [
    '    flows: [PP-F01, PP-F02]\n',
    '    flows: [PP-F01, PP-F02, PP-F48]\n',
  ]),
  silent: example('the intent speaks of what clients open'),
  find: (view) =>
    view.estate.intents
      .filter(({ over }) => over === 'expressroute')
      .flatMap((intent) =>
        [...intent.flows.entries()].flatMap(([at, id]) => {
          const asked = flow(id);
          return asked?.expressRoute === 'internal' || asked?.expressRoute === 'not-applicable'
            ? [{ intent, asked, at }]
            : [];
        }),
      ),
  word: ({ intent, asked, at }) => ({
    message: `intent ${intent.name} wants ${asked.id} ${asked.name} over a circuit, but that flow never crosses one`,
    path: [...intent.path, 'flows', at],
  }),
  mend: ({ intent, asked, at }, view) =>
    intent.flows.length < 2
      ? []
      : [
          {
            title: `take ${asked.id} out of intent ${intent.name}`,
            safe: true,
            edits: editRemove(view.document, [...intent.path, 'flows', at]),
          },
        ],
});
