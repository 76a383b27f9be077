/** A metro circuit needs a provider that delivers in both of its buildings today. */
import type { Circuit } from '@bothways/estate';
import { editSet } from '@bothways/estate';
import { findProvider, type Metro, metro } from '@bothways/facts';
import { listText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';

interface Undelivered {
  readonly circuit: Circuit;
  readonly provider: string;
  readonly metro: Metro;
  readonly announced: boolean;
}

export const metroProviderDelivers = defineRule<Undelivered>({
  name: 'metro-provider-delivers',
  title: 'The provider of a metro circuit does not deliver in the metro',
  family: 'reach',
  severity: 'warning',
  ids: ['PP-C11', 'PP-C37', 'CHK-WAF-R03', 'ER-138', 'ER-140', 'ER-141'],
  what: 'Looks up the provider of each circuit with metro resiliency in the list of the metro.',
  why: 'Without a provider in both buildings the circuit is an ordinary one, and the resiliency on paper does not exist.',
  fix: 'choose a provider that delivers in the metro today, or plan with a second circuit instead',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'BBIX does not deliver in the Amsterdam metro',
    ['location: Frankfurt', 'location: Amsterdam Metro'],
    ['provider: Equinix', 'provider: BBIX'],
  ),
  silent: example('Equinix delivers in the Amsterdam metro', ['location: Frankfurt', 'location: Amsterdam Metro']),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, location }) => {
      const { provider } = circuit;
      const held = location?.metro === undefined ? undefined : metro(location.metro);
      if (circuit.resiliency !== 'metro' || held === undefined || provider === undefined) return [];
      const known = findProvider(provider);
      const among = (names: readonly string[]): boolean => names.some((each) => findProvider(each) === known);
      if (known === undefined || among(held.providers)) return [];
      return [{ circuit, provider, metro: held, announced: among(held.announcedProviders) }];
    }),
  word: ({ circuit, provider, metro: held, announced }) => ({
    message: `circuit ${circuit.name} has metro resiliency, but ${provider} ${announced ? 'is only announced for' : 'is not listed in'} ${held.name}`,
    path: [...circuit.path, 'provider'],
    help: `choose one of ${listText(held.providers)}`,
  }),
  mend: ({ circuit, metro: held }, view) => {
    const [only, ...others] = held.providers;
    return only === undefined || others.length > 0
      ? []
      : [
          {
            title: `order ${circuit.name} through ${only}`,
            safe: false,
            edits: editSet(view.document, [...circuit.path, 'provider'], only),
          },
        ];
  },
});
