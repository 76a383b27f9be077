/** What is announced to Microsoft must be the customer's own, or somebody has to vouch for it. */
import type { Circuit, Path } from '@bothways/estate';
import { formatPrefix, type Prefix, prefixContains } from '@bothways/net';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Foreign {
  readonly circuit: Circuit;
  readonly prefix: Prefix;
  readonly path: Path;
  readonly as: 'announced prefix' | 'link subnet';
}

export const prefixesOwned = defineRule<Foreign>({
  name: 'prefixes-owned',
  title: 'An announced prefix or link subnet is not among those the organisation owns',
  family: 'peering',
  severity: 'warning',
  ids: ['PP-C06', 'CHK-M365-03', 'CHK-GAP-03', 'ER-042', 'ER-063', 'ER-065', 'ER-067', 'ER-068', 'ER-104'],
  what: 'Compares link subnets and announced prefixes of every Microsoft peering with the prefixes registered to the organisation.',
  why: 'Microsoft looks each prefix up in a routing registry together with the AS number; one that is registered to somebody else needs a letter of authorisation and a ticket, which takes days to weeks.',
  fix: 'use a prefix of your own, or get the letter of the registered holder before the order',
  status: 'stable',
  since: '0.1.0',
  fires: example('the links are numbered from a prefix of somebody else', [
    '  asn: 64500\n',
    '  asn: 64500\n  owns: [203.0.113.0/24]\n',
  ]),
  silent: example('both are owned', ['  asn: 64500\n', '  asn: 64500\n  owns: [203.0.113.0/24, 192.0.2.0/24]\n']),
  find: (view) => {
    const { owns } = view.estate.organisation;
    if (owns.length === 0) return [];
    const isOwn = (prefix: Prefix): boolean => owns.some((each) => prefixContains(each, prefix));
    return view.index.peered().flatMap(({ circuit, peering }) => {
      const links = [...peering.links.entries()].filter(([, prefix]) => !isOwn(prefix)).slice(0, 1);
      return [
        ...[...peering.advertises.entries()]
          .filter(([, prefix]) => !isOwn(prefix))
          .map(
            ([at, prefix]): Foreign => ({
              circuit,
              prefix,
              path: [...peering.path, 'advertises', at],
              as: 'announced prefix',
            }),
          ),
        ...links.map(
          ([at, prefix]): Foreign => ({
            circuit,
            prefix,
            path: [...peering.path, 'links', at],
            as: 'link subnet',
          }),
        ),
      ];
    });
  },
  word: ({ circuit, prefix, path, as }, view) => ({
    message: `${as} ${formatPrefix(prefix)} of ${circuit.name} lies outside of what the organisation owns`,
    path,
    related: [{ message: 'what it owns', place: placeOf(view, ['organisation', 'owns']) }],
  }),
  unknown: {
    example: example('nobody said what the organisation owns'),
    find: (view) =>
      view.estate.organisation.owns.length > 0 || view.index.peered().length === 0
        ? []
        : [
            {
              input: 'organisation.owns',
              message: 'whether the announced prefixes are registered to the organisation',
              path: view.estate.organisation.path,
            },
          ],
  },
});
