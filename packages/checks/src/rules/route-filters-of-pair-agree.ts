/** Two circuits that stand in for each other have to bring the same routes. */
import { type Circuit, editInsert } from '@bothways/estate';
import { describeCommunity } from '@bothways/facts';
import { type Community, formatCommunity } from '@bothways/net';
import { listText } from '../causes.ts';
import { secondCircuit } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Differing {
  readonly circuit: Circuit;
  readonly other: Circuit;
  readonly missing: readonly [Community, ...Community[]];
}

function nameOf(community: Community): string {
  const row = describeCommunity(community);
  return row === undefined ? formatCommunity(community) : `${row.name} (${formatCommunity(community)})`;
}

export const routeFiltersOfPairAgree = defineRule<Differing>({
  name: 'route-filters-of-pair-agree',
  title: 'The route filters of two paired circuits differ',
  family: 'route filters',
  severity: 'warning',
  ids: ['PP-C38', 'CHK-GAP-02', 'CHK-GAP-09', 'ER-144'],
  what: 'Compares the route filters of circuits that the document pairs for maximum resiliency.',
  why: 'What only one of them brings is lost when that one fails, and until then it takes another way than the rest.',
  fix: 'select the same communities on both',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'the second circuit brings West Europe only',
    ...secondCircuit({ filter: '[West Europe]', lines: '    pairedWith: er-fra\n' }),
  ),
  silent: example('both bring the same', ...secondCircuit({ lines: '    pairedWith: er-fra\n' })),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, filter }) => {
      const other = circuit.pairedWith === undefined ? undefined : view.index.circuit(circuit.pairedWith);
      const theirs = other?.microsoftPeering?.routeFilter;
      // A missing filter is reported by its own rule.
      if (other === undefined || theirs === undefined || theirs.length === 0 || filter.size === 0) return [];
      const [first, ...rest] = theirs.map(({ community }) => community).filter((each) => !filter.has(each));
      return first === undefined
        ? []
        : [{ circuit, other, missing: [first, ...rest] satisfies readonly [Community, ...Community[]] }];
    }),
  word: ({ circuit, other, missing }, view) => ({
    message: `${circuit.name} stands in for ${other.name}, but its route filter leaves out ${listText(missing.map(nameOf))}`,
    path: [...circuit.path, 'microsoftPeering', 'routeFilter'],
    related: [
      {
        message: `the route filter of ${other.name}`,
        place: placeOf(view, [...other.path, 'microsoftPeering', 'routeFilter']),
      },
    ],
  }),
  mend: ({ circuit, missing }, view) =>
    missing.length > 1
      ? []
      : [
          {
            title: `select ${nameOf(missing[0])} on ${circuit.name} as well`,
            safe: false,
            edits: editInsert(
              view.document,
              [...circuit.path, 'microsoftPeering', 'routeFilter'],
              formatCommunity(missing[0]),
            ),
          },
        ],
});
