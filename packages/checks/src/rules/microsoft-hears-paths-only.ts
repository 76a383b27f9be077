/** Communities and MED that a customer sends change nothing at Microsoft. */
import { editRemove, type Path, type RoutingTerm } from '@bothways/estate';
import { listText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Unheard {
  readonly device: string;
  readonly neighbour: string;
  readonly term: RoutingTerm;
  readonly what: readonly ('communities' | 'MED' | 'local preference')[];
  readonly keys: readonly string[];
}

export const microsoftHearsPathsOnly = defineRule<Unheard>({
  name: 'microsoft-hears-paths-only',
  title: 'A policy steers Microsoft by something that Microsoft does not look at',
  family: 'peering',
  severity: 'warning',
  ids: ['CHK-ALZ-09', 'CHK-RC-02', 'CHK-GAP-05', 'ER-070', 'ER-095', 'ER-250', 'PP-R10'],
  what: 'Looks for communities, MED and local preference that a router sets on what it sends to an edge router of Microsoft.',
  why: 'Microsoft disregards communities of customers, does not see a local preference, and no document says that it looks at MED; the ranking exists in the own configuration only.',
  fix: 'rank by the length of public AS paths or by more specific prefixes',
  status: 'stable',
  since: '0.1.0',
  fires: example('a MED towards Microsoft', [
    'demands:\n',
    'routing:\n  er-ce1:\n    neighbours:\n      er-fra-msee1: { export: [{ set: { med: 50 } }] }\n\ndemands:\n',
  ]),
  silent: example('a longer path towards Microsoft', [
    'demands:\n',
    'routing:\n  er-ce1:\n    neighbours:\n      er-fra-msee1: { export: [{ set: { prepend: 2 } }] }\n\ndemands:\n',
  ]),
  find: (view) =>
    view.estate.routing.flatMap(({ device, neighbours }) =>
      neighbours.flatMap((neighbour) =>
        isMicrosoftPeering(view, neighbour.device)
          ? neighbour.export.flatMap((term) => unheardOf(device, neighbour.device, term))
          : [],
      ),
    ),
  word: ({ device, neighbour, term, what }) => ({
    message: `${device} sets ${listText(what)} on what it sends to ${neighbour}, which takes no notice of it`,
    path: [...term.path, 'set'],
  }),
  mend: ({ term, keys, what }, view) => {
    const [only, ...more] = keys;
    const path: Path = [...term.path, 'set', only ?? ''];
    return only === undefined || more.length > 0
      ? []
      : [{ title: `take the ${what[0] ?? 'setting'} out`, safe: true, edits: editRemove(view.document, path) }];
  },
});

function isMicrosoftPeering(view: CheckView, name: string): boolean {
  const device = view.index.device(name);
  return device?.role === 'msee' && !name.endsWith('-private');
}

function unheardOf(device: string, neighbour: string, term: RoutingTerm): readonly Unheard[] {
  const { communities, med, localPreference } = term.set;
  const found = [
    ...(communities.length > 0 ? [['communities', 'communities'] as const] : []),
    ...(med === undefined ? [] : [['MED', 'med'] as const]),
    ...(localPreference === undefined ? [] : [['local preference', 'localPreference'] as const]),
  ];
  if (found.length === 0) return [];
  return [{ device, neighbour, term, what: found.map(([word]) => word), keys: found.map(([, key]) => key) }];
}
