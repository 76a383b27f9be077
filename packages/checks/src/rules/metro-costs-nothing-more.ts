/** Where the provider delivers in a metro, two buildings cost what one costs. */
import type { Circuit } from '@bothways/estate';
import { findProvider, type Metro, metro } from '@bothways/facts';
import { ANY_FAILURE, secondCircuit } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';

interface Missed {
  readonly circuit: Circuit;
  readonly metro: Metro;
}

export const metroCostsNothingMore = defineRule<Missed>({
  name: 'metro-costs-nothing-more',
  title: 'Both links of a circuit end in one building although its metro is served',
  family: 'resilience',
  severity: 'note',
  ids: ['PP-C37', 'CHK-WAF-R03', 'ER-138', 'ER-139', 'ER-140', 'ER-195'],
  what: 'Looks for single circuits of standard resiliency that an intent relies on through failures, in a peering location whose metro their provider serves.',
  why: 'Metro resiliency puts the links in two buildings at the price of one, but it is chosen when the circuit is created and cannot be added later.',
  fix: 'order the circuit in the metro',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'a circuit in Amsterdam that has to bear any failure',
    ['location: Frankfurt', 'location: Amsterdam'],
    ANY_FAILURE,
  ),
  silent: example('a second circuit stands in', ...secondCircuit({ lines: '    pairedWith: er-fra\n' }), ANY_FAILURE),
  find: (view) =>
    view.index.resilientIntents().every(({ survives }) => typeof survives !== 'string')
      ? []
      : view.index.peered().flatMap(({ circuit, location }) => {
          const held = location?.metro === undefined ? undefined : metro(location.metro);
          const known = circuit.provider === undefined ? undefined : findProvider(circuit.provider);
          if (circuit.resiliency !== 'standard' || held === undefined || known === undefined) return [];
          return held.providers.some((each) => findProvider(each) === known) ? [{ circuit, metro: held }] : [];
        }),
  word: ({ circuit, metro: held }) => ({
    message: `both links of ${circuit.name} end in one building; in ${held.name} they would end in two for the same price`,
    path: [...circuit.path, 'location'],
  }),
});
