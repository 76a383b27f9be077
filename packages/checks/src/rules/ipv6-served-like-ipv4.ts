/** Names answer with IPv6; clients that have it and a circuit that has not slip out to the internet. */
import type { Circuit, Site } from '@bothways/estate';
import { listText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Leaking {
  readonly circuit: Circuit;
  readonly sites: readonly [Site, ...Site[]];
}

export const ipv6ServedLikeIpv4 = defineRule<Leaking>({
  name: 'ipv6-served-like-ipv4',
  title: 'Clients have IPv6 and the circuit has not',
  family: 'peering',
  severity: 'warning',
  ids: ['PP-C43', 'PP-N13', 'X28'],
  what: 'Looks for sites with IPv6 clients that use a circuit whose Microsoft peering announces no IPv6 prefix.',
  why: 'Names of Power Platform have had IPv6 addresses since 2024; clients prefer them, and those sessions leave by the internet edge while everybody believes they ride the circuit.',
  fix: 'set IPv6 up on the peering as well, or withhold IPv6 answers for these names',
  status: 'stable',
  since: '0.1.0',
  fires: example('headquarters has IPv6 clients', [
    'clients: 10.10.0.0/16',
    'clients: [10.10.0.0/16, 2001:db8:10::/48]',
  ]),
  silent: example('clients have IPv4 only'),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, peering }) => {
      if (peering.links6 !== undefined && peering.advertises.some(({ family }) => family === 6)) return [];
      const names = new Set(view.index.tripsOver('expressroute', circuit.name).map(({ demand }) => demand.site.name));
      const [first, ...rest] = view.estate.sites.filter(
        ({ name, clients }) => names.has(name) && clients.some(({ family }) => family === 6),
      );
      return first === undefined ? [] : [{ circuit, sites: [first, ...rest] satisfies readonly [Site, ...Site[]] }];
    }),
  word: ({ circuit, sites }, view) => ({
    message: `${listText(sites.map(({ name }) => name))} ${sites.length === 1 ? 'has' : 'have'} IPv6 clients, but circuit ${circuit.name} carries IPv4 only`,
    path: [...circuit.path, 'microsoftPeering'],
    related: [{ message: 'IPv6 clients', place: placeOf(view, [...sites[0].path, 'clients']) }],
  }),
});
