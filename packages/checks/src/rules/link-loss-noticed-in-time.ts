/** Without BFD or short timers a dead link draws traffic for up to three minutes. */
import { type Circuit, editSet, formatDuration, type Intent } from '@bothways/estate';
import { timers } from '@bothways/facts';
import { ANY_FAILURE } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Slow {
  readonly circuit: Circuit;
  /** Milliseconds. */
  readonly hold: number;
  readonly intent: Intent;
}

export const linkLossNoticedInTime = defineRule<Slow>({
  name: 'link-loss-noticed-in-time',
  title: 'A dead link is noticed only after the whole hold time',
  family: 'peering',
  severity: 'note',
  ids: ['PP-C37', 'CHK-APRL-04', 'CHK-ALZ-25', 'CHK-WAF-R07', 'ER-056', 'ER-058', 'ER-060', 'ER-240'],
  what: 'Looks at BFD and timers of every Microsoft peering where an intent has to bear a failure.',
  why: 'Until the hold time is over both sides keep sending into the dead link. BFD notices within a second; that Microsoft peering has it rests on one document of 2020, so confirm it.',
  fix: 'switch BFD on at both ends, or shorten the timers',
  status: 'preview',
  since: '0.1.0',
  fires: example('an intent bears any failure, and the sessions have neither BFD nor short timers', ANY_FAILURE),
  silent: example('BFD runs on the sessions', ANY_FAILURE, ['      vlan: 100\n', '      vlan: 100\n      bfd: true\n']),
  find: (view) => {
    const [intent] = view.index.resilientIntents();
    if (intent === undefined) return [];
    return view.index.peered().flatMap(({ circuit, peering }) => {
      const hold = peering.timers.hold;
      // Whoever shortened the timers has thought about it.
      return peering.bfd || hold < timers.bgpHold.value * 1000 ? [] : [{ circuit, hold, intent }];
    });
  },
  word: ({ circuit, hold, intent }, view) => ({
    message: `circuit ${circuit.name} notices a dead link after up to ${formatDuration(hold)}, and intent ${intent.name} is meant to bear one`,
    path: [...circuit.path, 'microsoftPeering'],
    related: [{ message: `intent ${intent.name}`, place: placeOf(view, [...intent.path, 'survives']) }],
  }),
  mend: ({ circuit }, view) => [
    {
      title: `switch BFD on for the Microsoft peering of ${circuit.name}`,
      safe: false,
      edits: editSet(view.document, [...circuit.path, 'microsoftPeering', 'bfd'], true),
    },
  ],
});
