/** Microsoft sends mail from more networks than a circuit has routes for. */
import type { Circuit, Path, PublishedService } from '@bothways/estate';
import { formatAddress, formatPrefix, hostPrefix, type Prefix } from '@bothways/net';
import { SERVERS, service } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Mail {
  readonly service: PublishedService;
  readonly address: string;
  readonly at: Path;
  readonly circuit: Circuit;
  readonly prefix: Prefix;
  readonly announcedAt: Path;
}

export const mailHostNotOnCircuit = defineRule<Mail>({
  name: 'mail-host-not-on-circuit',
  title: 'A mail host lies in a prefix announced on a circuit',
  family: 'addresses and NAT',
  severity: 'warning',
  ids: ['PP-C47', 'CHK-M365-17', 'ER-120', 'ER-121'],
  what: 'Looks for services of kind smtp whose public address lies in a prefix announced on a Microsoft peering.',
  why: 'Mail of Microsoft 365 would come in over the circuit, from networks that the route filter does not bring; its answers leave by the internet edge and are lost.',
  fix: 'give the mail host an address that is announced on the internet only',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'a mail host beside the published services',
    SERVERS,
    service(
      'kind: smtp, address: 10.30.0.25, names: [mail.contoso.example], published: { edge: er, address: 203.0.113.65 }',
      'mail',
    ),
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 203.0.113.64/28]'],
  ),
  silent: example(
    'a mail host on the internet edge',
    SERVERS,
    service(
      'kind: smtp, address: 10.30.0.25, names: [mail.contoso.example], published: { edge: inet, address: 198.51.100.65 }',
      'mail',
    ),
    ['nat: 198.51.100.0/28 }', 'nat: 198.51.100.0/28, advertises: [198.51.100.0/28, 198.51.100.64/28] }'],
  ),
  find: (view) =>
    view.estate.services
      .filter(({ kind }) => kind === 'smtp')
      .flatMap((each) =>
        each.published.flatMap(({ address, path }) => {
          const [covering] = view.index.announced().enclosing(hostPrefix(address));
          return covering === undefined
            ? []
            : [
                {
                  service: each,
                  address: formatAddress(address),
                  at: [...path, 'address'],
                  circuit: covering.value.circuit,
                  prefix: covering.prefix,
                  announcedAt: covering.value.path,
                },
              ];
        }),
      ),
  word: ({ service: each, address, at, circuit, prefix, announcedAt }, view) => ({
    message: `mail host ${each.name} (${address}) lies in ${formatPrefix(prefix)}, which ${circuit.name} announces to Microsoft`,
    path: at,
    related: [{ message: 'the announcement', place: placeOf(view, announcedAt) }],
  }),
});
