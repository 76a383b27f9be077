/** A longer path ranks a prefix only where the same prefix is announced somewhere else as well. */
import { type Circuit, editRemove } from '@bothways/estate';
import { asnKind, formatPrefix } from '@bothways/net';
import { listText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';

interface Idle {
  readonly circuit: Circuit;
  readonly prefixes: readonly string[];
}

export const prependChangesSomething = defineRule<Idle>({
  name: 'prepend-changes-something',
  title: 'A prepend has nothing to rank',
  family: 'peering',
  severity: 'note',
  ids: ['CHK-ALZ-09', 'CHK-GAP-05', 'ER-091', 'ER-092', 'ER-095'],
  what: 'Looks for Microsoft peerings that prepend although none of their prefixes is announced on another circuit.',
  why: 'Microsoft compares path lengths among equal prefixes on circuits only; against the internet the circuit wins whatever its path is. The line makes readers believe in a ranking that does not exist.',
  fix: 'take the prepend out, or announce the prefix on the other circuit too if that was the plan',
  status: 'stable',
  since: '0.1.0',
  fires: example('the only circuit prepends', ['      vlan: 100\n', '      vlan: 100\n      prepend: 2\n']),
  silent: example('nothing is prepended'),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, peering }) => {
      const { times, asn } = peering.prepend;
      if (times === 0 || asnKind(asn) === 'private') return [];
      const shared = peering.advertises.some((prefix) =>
        view.index
          .announced()
          .overlapping(prefix)
          .some(({ value, prefix: other }) => value.circuit !== circuit && other.length === prefix.length),
      );
      return shared ? [] : [{ circuit, prefixes: peering.advertises.map(formatPrefix) }];
    }),
  word: ({ circuit, prefixes }) => ({
    message: `circuit ${circuit.name} prepends, but no other circuit announces ${listText(prefixes, 3)}`,
    path: [...circuit.path, 'microsoftPeering', 'prepend'],
  }),
  mend: ({ circuit }, view) => [
    {
      title: `stop prepending on ${circuit.name}`,
      safe: true,
      edits: editRemove(view.document, [...circuit.path, 'microsoftPeering', 'prepend']),
    },
  ],
});
