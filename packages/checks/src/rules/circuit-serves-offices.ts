/** Users who are always on the road do not pass a circuit. */
import type { Circuit } from '@bothways/estate';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface RoamingOnly {
  readonly circuit: Circuit;
  readonly users: number;
  readonly path: readonly (string | number)[];
}

export const circuitServesOffices = defineRule<RoamingOnly>({
  name: 'circuit-serves-offices',
  title: 'ExpressRoute is not the answer here: all users are on the road',
  family: 'fitness',
  severity: 'warning',
  ids: ['PP-C41', 'CHK-PP-16', 'ER-204', 'PP-N07', 'PP-Z46'],
  what: 'Looks for estates with a circuit whose demands come from roaming users only.',
  why: 'Their sessions begin somewhere on the internet and end at the public edge of Microsoft; a circuit at an office does not stand on that way. The service stays open to the internet whatever is ordered.',
  fix: 'do without the circuit: conditional access and the TLS of the service protect these users',
  status: 'preview',
  since: '0.1.0',
  fires: example('every demand comes from travellers', [
    '    from: [hq, branch]\n    to: production\n\nintents',
    '    from: [travellers]\n    to: production\n\nusers:\n  travellers: { kind: roaming, users: 500, city: Berlin }\n\nintents',
  ]),
  silent: example('the demands come from offices'),
  find: (view) => {
    const [first] = view.index.peered();
    const { demands, users, dataGateways, desktopFlowMachines, services } = view.estate;
    if (first === undefined || dataGateways.length + desktopFlowMachines.length + services.length > 0) return [];
    if (demands.length === 0 || demands.some(({ from }) => from.length > 0)) return [];
    const named = new Set(demands.flatMap((each) => each.users));
    const groups = users.filter(({ name }) => named.has(name));
    if (groups.length === 0 || groups.some(({ kind }) => kind !== 'roaming')) return [];
    const path = demands[0]?.path ?? [];
    return [
      { circuit: first.circuit, users: groups.reduce((sum, each) => sum + each.users, 0), path: [...path, 'from'] },
    ];
  },
  word: ({ circuit, users, path }, view) => ({
    message: `all ${users} users of the demands are on the road, so nothing will use circuit ${circuit.name}`,
    path: circuit.path,
    related: [{ message: 'who uses it', place: placeOf(view, path) }],
  }),
});
