/** Voice is worth a marking only where everybody on the line keeps it. */
import { type Circuit, type Demand, editSet } from '@bothways/estate';
import { demandOf } from '@bothways/forwarding';
import { defineRule, example } from '../rule.ts';
import { type CheckView, placeOf } from '../view.ts';

interface Unmarked {
  readonly demand: Demand;
  readonly circuit: Circuit;
}

const VOICE = ['    to: production\n\nintents', '    to: production\n    class: voice\n\nintents'] as const;

export const voiceMarkingKept = defineRule<Unmarked>({
  name: 'voice-marking-kept',
  title: 'Voice rides a circuit that does not keep its marking',
  family: 'peering',
  severity: 'warning',
  ids: ['PP-C39', 'ER-129', 'ER-130', 'ER-131', 'ER-132'],
  what: 'Looks for demands of class voice whose round trips use a circuit on which markings are not kept.',
  why: 'Voice then queues behind downloads on the narrowest line of the way; Microsoft honours markings on Microsoft peering only, and only those that arrive.',
  fix: 'have the provider keep DSCP end to end, and remark whatever Microsoft does not know to zero',
  status: 'stable',
  since: '0.1.0',
  fires: example('voice over a circuit without markings', VOICE, ['    edge: er\n', '    edge: er\n    qos: false\n']),
  silent: example('the markings are kept', VOICE, ['    edge: er\n', '    edge: er\n    qos: true\n']),
  find: (view) => voiceOver(view).filter(({ circuit }) => !view.index.isDefault([...circuit.path, 'qos'])),
  word: ({ demand, circuit }, view) => ({
    message: `demand ${demand.name} is voice, and circuit ${circuit.name} does not keep its marking`,
    path: [...circuit.path, 'qos'],
    related: [{ message: 'the demand', place: placeOf(view, [...demand.path, 'class']) }],
  }),
  mend: ({ circuit }, view) => [
    {
      title: `plan ${circuit.name} with markings kept`,
      safe: false,
      edits: editSet(view.document, [...circuit.path, 'qos'], true),
    },
  ],
  unknown: {
    example: example('nobody said whether the circuit keeps markings', VOICE),
    find: (view) =>
      voiceOver(view)
        .filter(({ circuit }) => view.index.isDefault([...circuit.path, 'qos']))
        .map(({ demand, circuit }) => ({
          input: 'circuits.*.qos',
          message: `whether circuit ${circuit.name} keeps the marking of demand ${demand.name}`,
          path: circuit.path,
        })),
  },
});

/** Each pair of a voice demand and a circuit without kept markings that it uses. */
function voiceOver(view: CheckView): readonly Unmarked[] {
  return view.estate.circuits
    .filter(({ qos }) => !qos)
    .flatMap((circuit) => {
      const demands = new Set(
        view.index.tripsOver('expressroute', circuit.name).flatMap(({ demand }) => demandOf(demand) ?? []),
      );
      return [...demands].filter((demand) => demand.class === 'voice').map((demand) => ({ demand, circuit }));
    });
}
