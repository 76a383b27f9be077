/** A proxy that clients are sent to has to be reachable, and has to reach what they ask for. */
import type { Proxy, Site } from '@bothways/estate';
import { DISPOSITION_CONDITIONS, type RoundTrip } from '@bothways/forwarding';
import { compareAddresses } from '@bothways/net';
import { droppedAt, tripEvidence, tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { proxied } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface DeadEnd {
  readonly proxy: Proxy;
  readonly site: Site;
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
}

export const proxyCarriesWhatItIsSent = defineRule<DeadEnd>({
  name: 'proxy-carries-what-it-is-sent',
  title: 'Clients send flows to a proxy that cannot carry them',
  family: 'clients',
  severity: 'error',
  ids: ['PP-C01', 'PP-C03', 'CHK-PP-03', 'CHK-GAP-12', 'CHK-M365-16'],
  what: 'Follows the connection of every client to its proxy and the one that the proxy opens, both ways.',
  why: 'The routes of the client do not count any more: what the proxy cannot reach, nobody behind it can.',
  fix: 'let these clients go direct, or give the proxy a way',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'the clients of the branch send to a proxy at headquarters, which has lost its link',
    ['clients: 10.10.0.0/16 }', 'clients: 10.10.0.0/16, servers: 10.40.0.0/24 }'],
    ['clients: 10.20.0.0/16 }', 'clients: 10.20.0.0/16, proxy: web }'],
    ['wan:\n', 'proxies:\n  web: { site: hq, address: 10.40.0.5 }\n\nwan:\n'],
    ['  mpls-hq: { between: [hq, dc], bandwidth: 1 Gbps, latency: 6 ms }\n', ''],
  ),
  silent: example('a proxy at the datacentre', ...proxied()),
  find: (view) => {
    if (view.estate.proxies.length === 0) return [];
    const found = view.index.broken().flatMap((trip) => {
      const proxy = proxyOf(view.estate.proxies, trip);
      return proxy === undefined ? [] : [{ proxy, site: trip.demand.site, trip }];
    });
    return [...groupedBy(found, ({ proxy, site }) => JSON.stringify([proxy.name, site.name])).values()].map(
      ([first, ...rest]) => ({ ...first, trips: [first.trip, ...rest.map(({ trip }) => trip)] as const }),
    );
  },
  word: ({ proxy, site, trips }, view) => {
    const [first] = trips;
    return {
      message: `${site.name} sends ${tripsText(trips)} to proxy ${proxy.name}, which cannot carry it: lost at ${droppedAt(view, first)}, ${DISPOSITION_CONDITIONS[(first.back ?? first.forward).disposition]}`,
      path:
        site.pac !== undefined
          ? [...site.path, 'pac']
          : site.proxy !== undefined
            ? [...site.path, 'proxy']
            : proxy.path,
      related: [{ message: 'the proxy', place: placeOf(view, proxy.path) }],
      evidence: tripEvidence(view, first),
    };
  },
  explains: ({ trips }) => trips,
});

/** The proxy that a round trip goes through or was meant to reach. */
function proxyOf(proxies: readonly Proxy[], { forward }: RoundTrip): Proxy | undefined {
  for (const { steps } of forward.path.hops) {
    for (const step of steps) if (step.kind === 'relayed') return proxies.find(({ name }) => name === step.proxy);
  }
  return proxies.find(({ address }) => compareAddresses(address, forward.path.last.destination) === 0);
}
