/** Paired circuits on one site fail with the site. */
import type { Circuit, ExpressRouteEdge } from '@bothways/estate';
import { secondCircuit } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface OneSite {
  readonly circuit: Circuit;
  readonly other: Circuit;
  readonly edges: readonly [ExpressRouteEdge, ExpressRouteEdge];
}

export const pairOnTwoSites = defineRule<OneSite>({
  name: 'pair-on-two-sites',
  title: 'Two paired circuits end at one site of the customer',
  family: 'resilience',
  severity: 'warning',
  ids: ['PP-C37', 'CHK-APRL-01', 'CHK-RC-01', 'CHK-RC-05', 'CHK-WAF-R01', 'ER-138', 'ER-143'],
  what: 'Compares the sites at which circuits end that the document pairs for maximum resiliency.',
  why: 'Two peering locations do not help when the power of the one site fails that both circuits lead to.',
  fix: 'end the second circuit at another site',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'both end on the same edge',
    ...secondCircuit({ edge: 'er', advertises: '[203.0.113.0/28]', lines: '    pairedWith: er-fra\n' }),
  ),
  silent: example('the second one ends in Amsterdam', ...secondCircuit({ lines: '    pairedWith: er-fra\n' })),
  find: (view) => {
    const seen = new Set<string>();
    return view.estate.circuits.flatMap((circuit) => {
      const other = circuit.pairedWith === undefined ? undefined : view.index.circuit(circuit.pairedWith);
      const here = view.index.expressRouteEdge(circuit.edge);
      const there = other === undefined ? undefined : view.index.expressRouteEdge(other.edge);
      if (other === undefined || here === undefined || there === undefined || seen.has(other.name)) return [];
      seen.add(circuit.name);
      const same = here === there || (here.site !== undefined && here.site === there.site);
      return same ? [{ circuit, other, edges: [here, there] satisfies [ExpressRouteEdge, ExpressRouteEdge] }] : [];
    });
  },
  word: ({ circuit, other, edges: [edge] }, view) => ({
    message: `${circuit.name} and ${other.name} stand in for each other, and both end at ${edge.site ?? edge.name}`,
    path: [...circuit.path, 'edge'],
    related: [{ message: 'the other circuit', place: placeOf(view, [...other.path, 'edge']) }],
  }),
});
