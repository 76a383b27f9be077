/** An address that the internet does not hear of is published to nobody. */
import { editSet, type InternetEdge, type Publication, type PublishedService } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import {
  formatAddress,
  formatPrefix,
  hostPrefix,
  type Prefix,
  prefixAround,
  prefixContains,
  prefixEquals,
} from '@bothways/net';
import { inboundTrips } from '../causes.ts';
import { SERVERS, service } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { isTaken } from '../spare-prefix.ts';
import { type CheckView, placeOf } from '../view.ts';

interface Unheard {
  readonly service: PublishedService;
  readonly publication: Publication;
  readonly edge: InternetEdge;
  readonly trips: readonly RoundTrip[];
}

const published = (address: string): ReturnType<typeof service> =>
  service(
    `address: 10.30.0.26, names: [orders.contoso.example], published: { edge: inet, address: ${address}, inboundNat: true }, calledBy: PP-F28`,
  );

export const publishedAddressOnInternetAnnounced = defineRule<Unheard>({
  name: 'published-address-on-internet-announced',
  title: 'A service is published on an internet edge that does not announce its address',
  family: 'addresses and NAT',
  severity: 'error',
  ids: ['PP-C22', 'CHK-PP-12', 'CHK-M365-09', 'CHK-GAP-06', 'PP-N10'],
  what: 'Compares the public address of every service published on an internet edge with what the edge announces; an edge that says nothing announces its pool. Sessions that nevertheless arrive by another way are left alone.',
  why: 'Public DNS leads Microsoft to the address, and no router of the internet knows where it is.',
  fix: 'announce a prefix of its own for published services to the internet provider',
  status: 'stable',
  since: '0.1.0',
  fires: example('the address lies outside of the pool of the edge', SERVERS, published('198.51.100.77')),
  silent: example('it lies inside', SERVERS, published('198.51.100.5')),
  find: (view) => {
    const lost = inboundTrips(view).filter(({ trip }) => trip.outcome === 'broken' && trip.back === undefined);
    return view.estate.services.flatMap((each) =>
      each.published.flatMap((publication) => {
        const edge = view.index.internetEdge(publication.edge);
        if (edge === undefined || edge.advertises.some((prefix) => prefixContains(prefix, publication.address)))
          return [];
        const trips = lost.flatMap((one) => (one.publication === publication ? [one.trip] : []));
        return trips.length === 0 && each.calledBy.length > 0 ? [] : [{ service: each, publication, edge, trips }];
      }),
    );
  },
  explains: ({ trips }) => trips,
  word: ({ service: each, publication, edge }, view) => ({
    message: `service ${each.name} is published as ${formatAddress(publication.address)} on ${edge.name}, which does not announce that address`,
    path: [...publication.path, 'address'],
    related: [{ message: `the edge ${edge.name}`, place: placeOf(view, edge.path) }],
  }),
  mend: ({ publication, edge }, view) => {
    const prefix = announceable(view, publication, edge);
    return [
      {
        title: `announce ${formatPrefix(prefix)} at ${edge.name}`,
        // The internet provider has to agree.
        safe: false,
        edits: editSet(view.document, [...edge.path, 'advertises'], [...edge.advertises, prefix].map(formatPrefix)),
      },
    ];
  },
});

/** A /28 around the address where nothing else is in it, else the address alone. */
function announceable(view: CheckView, { address }: Publication, edge: InternetEdge): Prefix {
  const alone = hostPrefix(address);
  const around = address.family === 4 ? prefixAround(address, 28) : alone;
  return prefixEquals(around, alone) || isTaken(view, around, edge) ? alone : around;
}
