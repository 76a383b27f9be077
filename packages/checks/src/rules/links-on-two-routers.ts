/** Two links on one router are one link. */
import type { Circuit, ExpressRouteEdge } from '@bothways/estate';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface OneRouter {
  readonly circuit: Circuit;
  readonly edge: ExpressRouteEdge;
  readonly router: string;
}

export const linksOnTwoRouters = defineRule<OneRouter>({
  name: 'links-on-two-routers',
  title: 'Both links of a circuit end on one router',
  family: 'resilience',
  severity: 'warning',
  ids: ['PP-C37', 'CHK-APRL-02', 'CHK-APRL-15', 'CHK-ALZ-24', 'CHK-RC-01', 'CHK-WAF-R01', 'ER-010', 'ER-143'],
  what: 'Looks at the routers on which the two links of each circuit end.',
  why: 'A reload of that router, planned or not, takes both BGP sessions down; the second link that is paid for helps nobody.',
  fix: 'end each link on a router of its own',
  status: 'stable',
  since: '0.1.0',
  fires: example('one router for both links', ['firewall: fw-er,', 'firewall: fw-er, routers: [edge1, edge1],']),
  silent: example('two routers, which is what the document assumes'),
  find: (view) =>
    view.estate.expressRouteEdges.flatMap((edge) => {
      const [first, second] = edge.routers;
      if (first !== second) return [];
      const circuit = view.estate.circuits.find((each) => each.edge === edge.name);
      return circuit === undefined ? [] : [{ circuit, edge, router: first }];
    }),
  word: ({ circuit, edge, router }, view) => ({
    message: `both links of ${circuit.name} end on ${router}`,
    path: [...edge.path, 'routers'],
    related: [{ message: 'the circuit', place: placeOf(view, circuit.path) }],
  }),
});
