/** What is published and what clients are translated to should not share a prefix. */
import type { Publication, PublishedService } from '@bothways/estate';
import { formatAddress, formatPrefix, hostPrefix, type Prefix } from '@bothways/net';
import { SERVERS, service } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Mixed {
  readonly service: PublishedService;
  readonly publication: Publication;
  readonly pool: Prefix;
  readonly what: string;
  readonly poolPath: readonly (string | number)[];
}

export const publishedPrefixApartFromClients = defineRule<Mixed>({
  name: 'published-prefix-apart-from-clients',
  title: 'A published service has an address of the NAT pool of clients',
  family: 'addresses and NAT',
  severity: 'warning',
  ids: ['CHK-M365-10', 'ER-123', 'ER-222', 'PP-R08'],
  what: 'Looks for services published on an ExpressRoute edge at an address inside a NAT pool.',
  why: 'Every server at Microsoft may open a session to an announced address. With prefixes apart, the firewall can refuse everything towards the pool and the announcement of one can change without the other.',
  fix: 'publish from a prefix that no client is translated to, and announce the two apart',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'the service has the fifth address of the pool',
    SERVERS,
    service(
      'address: 10.30.0.26, names: [orders.contoso.example], published: { edge: er, address: 203.0.113.5 }, calledBy: PP-F28',
    ),
  ),
  silent: example(
    'the service has a prefix of its own',
    SERVERS,
    service(
      'address: 10.30.0.26, names: [orders.contoso.example], published: { edge: er, address: 203.0.113.66 }, calledBy: PP-F28',
    ),
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 203.0.113.64/28]'],
  ),
  find: (view) =>
    view.estate.services.flatMap((each) =>
      each.published.flatMap((publication) => {
        if (view.index.expressRouteEdge(publication.edge) === undefined) return [];
        const [pool] = view.index
          .pools()
          .enclosing(hostPrefix(publication.address))
          .filter(({ value }) => value.kind === 'expressroute');
        return pool === undefined
          ? []
          : [{ service: each, publication, pool: pool.prefix, what: pool.value.what, poolPath: pool.value.path }];
      }),
    ),
  word: ({ service: each, publication, pool, what, poolPath }, view) => ({
    message: `service ${each.name} is published as ${formatAddress(publication.address)}, inside ${formatPrefix(pool)}, ${what}`,
    path: [...publication.path, 'address'],
    related: [{ message: 'the pool', place: placeOf(view, poolPath) }],
  }),
});
