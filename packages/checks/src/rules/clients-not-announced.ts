/** Public client subnets announced to Microsoft are open to everything there. */
import type { Circuit, Path, Site } from '@bothways/estate';
import { formatPrefix, type Prefix } from '@bothways/net';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Open {
  readonly circuit: Circuit;
  readonly site: Site;
  readonly clients: Prefix;
  readonly announced: Prefix;
  readonly path: Path;
}

export const clientsNotAnnounced = defineRule<Open>({
  name: 'clients-not-announced',
  title: 'A client subnet is announced to Microsoft as it is',
  family: 'exposure',
  severity: 'warning',
  ids: ['PP-C10', 'CHK-PP-04', 'CHK-PP-09', 'CHK-M365-10', 'ER-093', 'ER-103', 'PP-R08'],
  what: 'Looks for client subnets inside prefixes announced on a Microsoft peering.',
  why: 'Any server at Microsoft, of any tenant, may send to an announced address. Clients behind a pool cannot be addressed; clients with announced addresses can.',
  fix: 'translate clients to a pool at the ExpressRoute edge and announce the pool instead',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'the branch has public addresses, and they are announced',
    ['clients: 10.20.0.0/16', 'clients: 203.0.113.128/25'],
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 203.0.113.128/25]'],
  ),
  silent: example('clients are translated to the pool'),
  find: (view) =>
    view.estate.sites.flatMap((site) =>
      site.clients.flatMap((clients) => {
        const [first] = view.index.announced().overlapping(clients);
        return first === undefined
          ? []
          : [{ circuit: first.value.circuit, site, clients, announced: first.prefix, path: first.value.path }];
      }),
    ),
  word: ({ circuit, site, clients, announced, path }, view) => ({
    message: `clients of ${site.name} (${formatPrefix(clients)}) can be addressed from Microsoft: ${circuit.name} announces ${formatPrefix(announced)}`,
    path,
    related: [{ message: 'the clients', place: placeOf(view, [...site.path, 'clients']) }],
  }),
});
