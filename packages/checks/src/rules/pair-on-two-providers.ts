/** Two circuits of one provider share its mistakes. */
import type { Circuit } from '@bothways/estate';
import { findProvider } from '@bothways/facts';
import { secondCircuit } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Shared {
  readonly circuit: Circuit;
  readonly other: Circuit;
  readonly provider: string;
}

export const pairOnTwoProviders = defineRule<Shared>({
  name: 'pair-on-two-providers',
  title: 'Two paired circuits have one provider',
  family: 'resilience',
  severity: 'note',
  ids: ['PP-C37', 'CHK-WAF-R12', 'CHK-WAF-R01', 'CHK-RC-01', 'ER-010'],
  what: 'Compares the providers of circuits that the document pairs for maximum resiliency.',
  why: 'A fault in the network or the management of the provider takes both; ducts and buildings are often shared as well.',
  fix: 'order the second circuit through another provider, or have the first one show in writing that the two share nothing',
  status: 'stable',
  since: '0.1.0',
  fires: example('the second circuit is Equinix too', ...secondCircuit({ lines: '    pairedWith: er-fra\n' }), [
    'provider: Equinix',
    'provider: Colt',
  ]),
  silent: example('Equinix and Colt', ...secondCircuit({ lines: '    pairedWith: er-fra\n' })),
  find: (view) => {
    const seen = new Set<string>();
    return view.estate.circuits.flatMap((circuit) => {
      const other = circuit.pairedWith === undefined ? undefined : view.index.circuit(circuit.pairedWith);
      const { provider } = circuit;
      if (other?.provider === undefined || provider === undefined || seen.has(other.name)) return [];
      seen.add(circuit.name);
      const same = provider === other.provider || (findProvider(provider) ?? provider) === findProvider(other.provider);
      return same ? [{ circuit: other, other: circuit, provider }] : [];
    });
  },
  word: ({ circuit, other, provider }, view) => ({
    message: `${circuit.name} and ${other.name} stand in for each other, and ${provider} provides both`,
    path: [...circuit.path, 'provider'],
    related: [{ message: 'the other circuit', place: placeOf(view, [...other.path, 'provider']) }],
  }),
});
