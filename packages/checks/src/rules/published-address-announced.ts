/** A service published on a circuit is reached over it only if its address lies in an announced prefix. */
import { type Circuit, editInsert, type Publication, type PublishedService } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import { formatAddress, formatPrefix, hostPrefix } from '@bothways/net';
import { inboundTrips } from '../causes.ts';
import { SERVERS, service } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Unannounced {
  readonly service: PublishedService;
  readonly publication: Publication;
  readonly circuit: Circuit;
  readonly trips: readonly RoundTrip[];
}

export const publishedAddressAnnounced = defineRule<Unannounced>({
  name: 'published-address-announced',
  title: 'A service is published on a circuit that does not announce its address',
  family: 'addresses and NAT',
  severity: 'error',
  ids: ['PP-C22', 'CHK-PP-12', 'CHK-M365-09', 'CHK-GAP-04', 'ER-123', 'PP-N10'],
  what: 'Compares the public address of every service published on an ExpressRoute edge with the prefixes announced on its circuits.',
  why: 'Microsoft finds the address by public DNS and uses the circuit only where an announced prefix covers it; otherwise it tries the internet, where nothing answers.',
  fix: 'announce a prefix of its own for published services on the circuit, once it is validated',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'the address lies outside of what the circuit announces',
    SERVERS,
    service(
      'address: 10.30.0.26, names: [orders.contoso.example], published: { edge: er, address: 203.0.113.66 }, calledBy: PP-F28',
    ),
  ),
  silent: example(
    'its prefix is announced',
    SERVERS,
    service(
      'address: 10.30.0.26, names: [orders.contoso.example], published: { edge: er, address: 203.0.113.66 }, calledBy: PP-F28',
    ),
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 203.0.113.64/28]'],
  ),
  find: (view) => {
    const lost = inboundTrips(view).filter(({ trip }) => trip.outcome === 'broken' && trip.back === undefined);
    return view.estate.services.flatMap((each) =>
      each.published.flatMap((publication) => {
        const [first] = view.index.peeredOn(publication.edge);
        if (first === undefined) return [];
        const covers = view.index.announced().enclosing(hostPrefix(publication.address));
        return covers.some(({ value }) => value.circuit.edge === publication.edge)
          ? []
          : [
              {
                service: each,
                publication,
                circuit: first.circuit,
                trips: lost.flatMap((one) => (one.publication === publication ? [one.trip] : [])),
              },
            ];
      }),
    );
  },
  explains: ({ trips }) => trips,
  word: ({ service: each, publication, circuit }, view) => ({
    message: `service ${each.name} is published as ${formatAddress(publication.address)} on ${publication.edge}, but ${circuit.name} does not announce that address`,
    path: [...publication.path, 'address'],
    related: [
      {
        message: `what ${circuit.name} announces`,
        place: placeOf(view, [...circuit.path, 'microsoftPeering', 'advertises']),
      },
    ],
  }),
  mend: ({ publication, circuit }, view) => [
    {
      title: `announce ${formatPrefix(hostPrefix(publication.address))} on ${circuit.name}`,
      // It has to be validated, and a whole prefix for services is the better plan.
      safe: false,
      edits: editInsert(
        view.document,
        [...circuit.path, 'microsoftPeering', 'advertises'],
        formatPrefix(hostPrefix(publication.address)),
      ),
    },
  ],
});
