/** Cause A6: private AS numbers are stripped, so prepending them ranks nothing. */
import { type Circuit, editSet } from '@bothways/estate';
import { type Asn, asnKind, formatAsn } from '@bothways/net';
import { defineRule, example } from '../rule.ts';

interface Stripped {
  readonly circuit: Circuit;
  readonly asn: Asn;
  readonly times: number;
  readonly own: Asn;
  /** Another circuit announces one of the prefixes, so the ranking was meant. */
  readonly ranks: boolean;
}

export const prependWithPublicAsn = defineRule<Stripped>({
  name: 'prepend-with-public-asn',
  title: 'A prepended AS number is private and does not arrive',
  family: 'peering',
  severity: 'error',
  ids: ['PP-C07', 'CHK-ALZ-09', 'CHK-RC-02', 'CHK-GAP-05', 'A6', 'ER-052', 'ER-096', 'PP-R11'],
  what: 'Looks at the AS number that each Microsoft peering prepends, and at that of the peering itself.',
  why: 'Microsoft takes private numbers out of the path, so the circuits look equal and answers are shared between them, whatever the prepend was meant to do.',
  fix: 'prepend the public AS number of the organisation on a session that speaks for it',
  status: 'stable',
  since: '0.1.0',
  fires: example('AS 64512 is prepended three times', [
    '      vlan: 100\n',
    '      vlan: 100\n      prepend: { times: 3, asn: 64512 }\n',
  ]),
  silent: example('the own AS number is prepended', ['      vlan: 100\n', '      vlan: 100\n      prepend: 3\n']),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, peering }) => {
      const { asn, times } = peering.prepend;
      if (times === 0) return [];
      if (asnKind(asn) !== 'private') return [];
      const ranks = peering.advertises.some((prefix) =>
        view.index
          .announced()
          .overlapping(prefix)
          .some(({ value }) => value.circuit !== circuit),
      );
      return [{ circuit, asn, times, own: peering.asn, ranks }];
    }),
  word: ({ circuit, asn, times, ranks }) => ({
    severity: ranks ? 'error' : 'warning',
    message: `circuit ${circuit.name} prepends AS ${formatAsn(asn)} ${times === 1 ? 'once' : `${times} times`}; Microsoft strips private numbers, so the path stays as short as before`,
    path: [...circuit.path, 'microsoftPeering', 'prepend'],
  }),
  mend: ({ circuit, times, own }, view) =>
    asnKind(own) === 'private'
      ? []
      : [
          {
            title: `prepend AS ${formatAsn(own)} instead`,
            // It will work now, and answers will move.
            safe: false,
            edits: editSet(view.document, [...circuit.path, 'microsoftPeering', 'prepend'], times),
          },
        ],
});
