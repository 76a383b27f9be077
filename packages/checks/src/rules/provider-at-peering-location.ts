/** A circuit can be ordered only through a provider that is present where it ends. */
import type { Circuit } from '@bothways/estate';
import { findProvider, type PeeringLocation } from '@bothways/facts';
import { listText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Absent {
  readonly circuit: Circuit;
  readonly provider: string;
  readonly location: PeeringLocation;
}

function hasNoName(circuit: Circuit): boolean {
  return circuit.provider === undefined && circuit.model !== 'direct';
}

export const providerAtPeeringLocation = defineRule<Absent>({
  name: 'provider-at-peering-location',
  title: 'The provider of a circuit is not listed at its peering location',
  family: 'reach',
  severity: 'warning',
  ids: ['PP-C11', 'CHK-WAF-R05', 'ER-004', 'ER-010'],
  what: 'Looks up the provider of each circuit in the list of providers of its peering location.',
  why: 'The order would be refused, or goes through an exchange with a second contract; either costs weeks.',
  fix: 'choose a listed provider, another peering location, or an exchange to which the carrier can bring its Ethernet',
  status: 'stable',
  since: '0.1.0',
  fires: example('BBIX does not serve Frankfurt', ['provider: Equinix', 'provider: BBIX']),
  silent: example('Equinix serves Frankfurt'),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, location }) => {
      const { provider } = circuit;
      if (provider === undefined || location === undefined || circuit.model === 'direct') return [];
      const known = findProvider(provider);
      // A carrier that the list does not know may reach the exchange by its own Ethernet (ER-004).
      if (known === undefined || location.providers.length === 0) return [];
      return location.providers.some((each) => findProvider(each) === known) ? [] : [{ circuit, provider, location }];
    }),
  word: ({ circuit, provider, location }, view) => ({
    message: `${provider} is not listed at ${location.name}, where circuit ${circuit.name} ends`,
    path: [...circuit.path, 'provider'],
    related: [{ message: 'the peering location', place: placeOf(view, [...circuit.path, 'location']) }],
    help: `choose one of ${listText(location.providers)}, or ask ${provider} for a location of its own`,
  }),
  unknown: {
    example: example('the circuit names no provider', ['    provider: Equinix\n', '']),
    find: (view) =>
      view.estate.circuits.filter(hasNoName).map((circuit) => ({
        input: 'circuits.*.provider',
        message: `whether circuit ${circuit.name} can be ordered at its peering location`,
        path: circuit.path,
      })),
  },
});
