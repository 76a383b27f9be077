/** A proxy takes flows off the circuit that the routes would put on it. */
import type { Proxy, Site } from '@bothways/estate';
import { type RoundTrip, viaText } from '@bothways/forwarding';
import { listText, tripEvidence, tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { proxied } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Diverted {
  readonly site: Site;
  readonly proxy: Proxy;
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
}

export const pacAgreesWithRoutes = defineRule<Diverted>({
  name: 'pac-agrees-with-routes',
  title: 'A proxy takes flows to the internet that a circuit of the estate carries',
  family: 'clients',
  severity: 'warning',
  ids: ['PP-C01', 'PP-C03', 'CHK-PP-03', 'CHK-GAP-12', 'CHK-M365-16'],
  what: 'Compares, flow by flow, the way that connections through a proxy take with the ways of clients who go direct.',
  why: 'The circuit is paid for, the routes are right, and these clients still use the internet, because their browser never asks the routes.',
  fix: 'send the names of these flows direct, or to a proxy that leaves by the circuit',
  status: 'stable',
  since: '0.1.0',
  fires: example('the proxy of headquarters leaves by the internet edge', ...proxied(', edges: [inet]')),
  silent: example('the proxy leaves by whatever way routing gives', ...proxied(', reach: both')),
  find: (view) => {
    if (view.estate.proxies.length === 0) return [];
    const targetOf = ({ demand }: RoundTrip): string => `${demand.flow.id} ${demand.target.id}`;
    const direct = view.data.roundTrips.filter((trip) => relayedBy(trip) === undefined);
    const carried = new Set(direct.filter((trip) => trip.forward.via.kind === 'expressroute').map(targetOf));
    // What goes both ways for clients who go direct is no matter of the proxy.
    for (const trip of direct) if (trip.forward.via.kind !== 'expressroute') carried.delete(targetOf(trip));
    const found = view.data.roundTrips.flatMap((trip) => {
      const name = relayedBy(trip);
      const proxy = view.estate.proxies.find((each) => each.name === name);
      if (proxy === undefined || trip.outcome === 'broken' || trip.forward.via.kind !== 'internet') return [];
      return carried.has(targetOf(trip)) ? [{ site: trip.demand.site, proxy, trip }] : [];
    });
    return [...groupedBy(found, ({ proxy, site }) => JSON.stringify([proxy.name, site.name])).values()].map(
      ([first, ...rest]) => ({ ...first, trips: [first.trip, ...rest.map(({ trip }) => trip)] as const }),
    );
  },
  word: ({ site, proxy, trips }, view) => ({
    message: `clients of ${site.name} send ${tripsText(trips)} through proxy ${proxy.name}, which leaves over ${listText([...new Set(trips.map(({ forward }) => viaText(forward.via)))])}, while clients who go direct use a circuit`,
    path: [...site.path, site.pac === undefined ? 'proxy' : 'pac'],
    related: [{ message: 'the proxy', place: placeOf(view, proxy.path) }],
    evidence: tripEvidence(view, trips[0]),
  }),
});

function relayedBy({ forward }: RoundTrip): string | undefined {
  for (const { steps } of forward.path.hops) for (const step of steps) if (step.kind === 'relayed') return step.proxy;
  return undefined;
}
