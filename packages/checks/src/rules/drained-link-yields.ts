/** Cause A7: a router that prefers one link whatever the path length goes on using it while Microsoft drains it. */
import { editRemove, type RoutingTerm } from '@bothways/estate';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Blind {
  readonly device: string;
  readonly neighbour: string;
  readonly term: RoutingTerm;
  readonly preference: number;
}

export const drainedLinkYields = defineRule<Blind>({
  name: 'drained-link-yields',
  title: 'A router prefers one link of a circuit whatever the path length',
  family: 'peering',
  severity: 'warning',
  ids: ['PP-C07', 'CHK-APRL-03', 'CHK-WAF-R07', 'CHK-GAP-09', 'A7', 'ER-142', 'ER-149'],
  what: 'Looks for policies that give the routes of one link of a circuit another local preference than those of its other link.',
  why: 'Before maintenance Microsoft lengthens the path of one link so that traffic leaves it. A local preference comes before the path length: the router stays on the link until it dies, and the other link is never used in between.',
  fix: 'give both links the same local preference and let the path length decide',
  status: 'stable',
  since: '0.1.0',
  fires: example('the first router prefers its own link', [
    'demands:\n',
    'routing:\n  er-ce1:\n    neighbours:\n      er-fra-msee1: { import: [{ set: { localPreference: 300 } }] }\n\ndemands:\n',
  ]),
  silent: example('no link is preferred'),
  find: (view) => {
    const byLink = preferencesByLink(view);
    return byLink.flatMap(({ device, neighbour, term, preference, circuit }) => {
      const others = byLink.filter((each) => each.circuit === circuit && each.neighbour !== neighbour);
      return others.some((each) => each.preference === preference) ? [] : [{ device, neighbour, term, preference }];
    });
  },
  word: ({ device, neighbour, term, preference }) => ({
    message: `${device} gives routes from ${neighbour} local preference ${preference} and those of the other link none, so it stays on this link while Microsoft drains it`,
    path: [...term.path, 'set', 'localPreference'],
  }),
  mend: ({ term, neighbour }, view) => [
    {
      title: `let the path length decide about ${neighbour}`,
      safe: false,
      edits: editRemove(view.document, term.path),
    },
  ],
});

function preferencesByLink(view: CheckView): readonly (Blind & { readonly circuit: string })[] {
  return view.estate.routing.flatMap(({ device, neighbours }) =>
    neighbours.flatMap((neighbour) => {
      const msee = view.index.device(neighbour.device);
      const circuit = /^(.*)-msee[12]$/.exec(neighbour.device)?.[1];
      if (msee?.role !== 'msee' || circuit === undefined) return [];
      return neighbour.import.flatMap((term) => {
        const preference = term.set.localPreference;
        return preference === undefined || term.then === 'reject'
          ? []
          : [{ device, neighbour: neighbour.device, term, preference, circuit }];
      });
    }),
  );
}
