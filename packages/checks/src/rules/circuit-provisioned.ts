/** A circuit that the provider has not finished carries nothing. */
import type { Circuit } from '@bothways/estate';
import { defineRule, example } from '../rule.ts';

interface Unfinished {
  readonly circuit: Circuit;
}

export const circuitProvisioned = defineRule<Unfinished>({
  name: 'circuit-provisioned',
  title: 'A circuit is not provisioned by its provider yet',
  family: 'reach',
  severity: 'warning',
  ids: ['PP-C11', 'CHK-WAF-C05', 'ER-181', 'ER-182'],
  what: 'Looks at the state of each circuit at its provider.',
  why: 'Until the provider reports it provisioned no peering can be set up; the charges of Microsoft run all the same, from the moment the service key exists.',
  fix: 'give the service key to the provider and wait for the state, or delete a circuit that nobody will finish',
  status: 'stable',
  since: '0.1.0',
  fires: example('the provider has not begun', ['    edge: er\n', '    edge: er\n    provisioning: not-provisioned\n']),
  silent: example('the circuit is provisioned, which is what the document assumes'),
  find: (view) =>
    view.estate.circuits.filter(({ provisioning }) => provisioning !== 'provisioned').map((circuit) => ({ circuit })),
  word: ({ circuit }) => ({
    message: `circuit ${circuit.name} is ${circuit.provisioning === 'provisioning' ? 'being provisioned' : 'not provisioned'}: nothing uses it, and Microsoft already charges for it`,
    path: [...circuit.path, 'provisioning'],
  }),
});
