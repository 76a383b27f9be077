/** When every flow asked for is internet-only or stays inside Microsoft, a circuit has nothing to carry. */
import type { Circuit } from '@bothways/estate';
import { flow } from '@bothways/facts';
import { listText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Nothing {
  readonly circuit: Circuit;
  readonly flows: readonly string[];
  readonly path: readonly (string | number)[];
}

export const circuitCarriesAFlow = defineRule<Nothing>({
  name: 'circuit-carries-a-flow',
  title: 'ExpressRoute is not the answer here: no flow of the document can use it',
  family: 'fitness',
  severity: 'warning',
  ids: ['PP-C02', 'PP-C33', 'CHK-PP-02', 'CHK-PP-14', 'ER-203', 'ER-204', 'PP-N09', 'PP-N12', 'X18'],
  what: 'Looks at every flow of the demands: whether Microsoft offers it on a peering at all.',
  why: 'Static content, revocation lists and telemetry come by internet, and what Power Platform exchanges with other services stays inside Microsoft; no circuit changes either.',
  fix: 'do without the circuit, or name the flows that it is for',
  status: 'stable',
  since: '0.1.0',
  fires: example('static content and certificate status only', [
    'flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16]',
    'flows: [PP-F05, PP-F16]',
  ]),
  silent: example('model-driven apps are among the flows'),
  find: (view) => {
    const [first] = view.index.peered();
    const { demands, dataGateways, desktopFlowMachines, services, vnets } = view.estate;
    const others = dataGateways.length + desktopFlowMachines.length + services.length + vnets.length;
    const ids = [...new Set(demands.flatMap(({ flows }) => flows))];
    if (first === undefined || others > 0 || ids.length === 0) return [];
    const carried = ids.some((id) => ['yes', 'conditional'].includes(flow(id)?.expressRoute ?? ''));
    return carried ? [] : [{ circuit: first.circuit, flows: ids, path: [...(demands[0]?.path ?? []), 'flows'] }];
  },
  word: ({ circuit, flows, path }, view) => ({
    message: `no flow of the demands (${listText(flows, 4)}) is offered on a circuit, so ${circuit.name} has nothing to carry`,
    path: circuit.path,
    related: [{ message: 'the flows', place: placeOf(view, path) }],
  }),
});
