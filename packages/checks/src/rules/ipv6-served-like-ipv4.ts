/** Names answer with IPv6; clients that have it and a circuit that has not slip out to the internet. */
import type { Circuit, Site } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import { listText, tripEvidence } from '../causes.ts';
import { defineRule, example } from '../rule.ts';
import { type CheckView, placeOf } from '../view.ts';

interface Leaking {
  readonly circuit: Circuit;
  readonly sites: readonly [Site, ...Site[]];
  readonly trip: RoundTrip;
}

const IPV6_CLIENTS = ['clients: 10.10.0.0/16', 'clients: [10.10.0.0/16, 2001:db8:10::/48]'] as const;

export const ipv6ServedLikeIpv4 = defineRule<Leaking>({
  name: 'ipv6-served-like-ipv4',
  title: 'IPv4 rides the circuit and IPv6 the internet',
  family: 'peering',
  severity: 'warning',
  ids: ['PP-C43', 'PP-N13', 'X28'],
  what: 'Looks for flows of a site that use a circuit over IPv4 and hold over the internet by IPv6, where the Microsoft peering announces no IPv6 prefix.',
  why: 'Names of Power Platform have had IPv6 addresses since 2024; clients prefer them, and those sessions leave by the internet edge while everybody believes they ride the circuit.',
  fix: 'set IPv6 up on the peering as well, or withhold IPv6 answers for these names',
  status: 'stable',
  since: '0.1.0',
  fires: example('headquarters and the internet edge have IPv6', IPV6_CLIENTS, [
    'nat: 198.51.100.0/28',
    'nat: [198.51.100.0/28, 2001:db8:ffff::/64]',
  ]),
  silent: example('clients have IPv4 only'),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, peering }) => {
      if (peering.links6 !== undefined && peering.advertises.some(({ family }) => family === 6)) return [];
      const leaks = leaksBeside(view, circuit);
      const [trip] = leaks.values();
      const [first, ...rest] = [...leaks.keys()].flatMap((name) => view.index.site(name) ?? []);
      return first === undefined || trip === undefined
        ? []
        : [{ circuit, sites: [first, ...rest] satisfies readonly [Site, ...Site[]], trip }];
    }),
  word: ({ circuit, sites, trip }, view) => ({
    message: `${trip.demand.flow.id} from ${listText(sites.map(({ name }) => name))} rides circuit ${circuit.name} over IPv4 and the internet over IPv6`,
    path: [...circuit.path, 'microsoftPeering'],
    related: [{ message: 'IPv6 clients', place: placeOf(view, [...sites[0].path, 'clients']) }],
    evidence: tripEvidence(view, trip),
  }),
});

/** By site, a round trip over IPv6 and the internet of a flow that uses the circuit over IPv4. */
function leaksBeside(view: CheckView, circuit: Circuit): ReadonlyMap<string, RoundTrip> {
  const key = ({ demand }: RoundTrip): string => JSON.stringify([demand.site.name, demand.flow.id, demand.target.id]);
  const carried = new Set(
    view.index
      .tripsOver('expressroute', circuit.name)
      .filter(({ family, outcome }) => family === 4 && outcome === 'holds')
      .map(key),
  );
  const leaks = new Map<string, RoundTrip>();
  for (const trip of view.data.roundTrips) {
    if (trip.family !== 6 || trip.outcome !== 'holds' || trip.forward.via.kind !== 'internet') continue;
    const { name } = trip.demand.site;
    if (carried.has(key(trip)) && !leaks.has(name)) leaks.set(name, trip);
  }
  return leaks;
}
