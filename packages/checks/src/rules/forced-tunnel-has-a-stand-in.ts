/** When an announced default route is lost, virtual networks go straight to the internet. */
import type { Circuit } from '@bothways/estate';
import { listText } from '../causes.ts';
import { privatePeering } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';

interface Tunnelled {
  readonly circuit: Circuit;
  readonly vnets: readonly [string, ...string[]];
  readonly at: number;
}

export const forcedTunnelHasAStandIn = defineRule<Tunnelled>({
  name: 'forced-tunnel-has-a-stand-in',
  title: 'A default route towards virtual networks comes from one circuit only',
  family: 'virtual networks',
  severity: 'warning',
  ids: ['PP-C38', 'CHK-ALZ-29', 'CHK-APRL-29', 'ER-124', 'ER-126', 'ER-127', 'ER-128'],
  what: 'Looks for private peerings that announce a default route to virtual networks which no other circuit and no route of their own covers.',
  why: 'While the route is there, everything of the network comes on premises, traffic to Microsoft services included. Once it is lost, Azure falls back to its own way out: what was inspected leaves without inspection.',
  fix: 'announce the default route over a second circuit, or close the direct way with a user-defined route or a security rule',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'one circuit announces it',
    ...privatePeering('ErGw1AZ', '      advertises: [0.0.0.0/0, 10.10.0.0/16]\n'),
  ),
  silent: example(
    'a user-defined route keeps the direct way closed',
    ...privatePeering(
      'ErGw1AZ',
      '      advertises: [0.0.0.0/0, 10.10.0.0/16]\n',
      ', routes: [{ prefix: 0.0.0.0/0, next: none }]',
    ),
  ),
  find: (view) => {
    const sources = new Map<string, number>();
    const announcing = view.estate.circuits.flatMap((circuit) => {
      const at = circuit.privatePeering?.advertises.findIndex(({ length }) => length === 0) ?? -1;
      if (at < 0) return [];
      for (const name of circuit.privatePeering?.vnets ?? []) sources.set(name, (sources.get(name) ?? 0) + 1);
      return [{ circuit, at }];
    });
    const closed = new Set(
      view.estate.vnets
        .filter(({ routes }) => routes.some(({ prefix }) => prefix.length === 0))
        .map(({ name }) => name),
    );
    return announcing.flatMap(({ circuit, at }) => {
      const [first, ...rest] = (circuit.privatePeering?.vnets ?? []).filter(
        (name) => sources.get(name) === 1 && !closed.has(name),
      );
      return first === undefined
        ? []
        : [{ circuit, at, vnets: [first, ...rest] satisfies readonly [string, ...string[]] }];
    });
  },
  word: ({ circuit, vnets, at }) => ({
    message: `${listText(vnets)} ${vnets.length === 1 ? 'gets its' : 'get their'} default route from ${circuit.name} alone and will go straight to the internet when it is lost`,
    path: [...circuit.path, 'privatePeering', 'advertises', at],
  }),
});
