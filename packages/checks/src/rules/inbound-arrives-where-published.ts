/** Cause A4: the address of a service draws its sessions to another edge than the one it is published on. */
import { editRemove, type Publication, type PublishedService } from '@bothways/estate';
import { type RoundTrip, viaText } from '@bothways/forwarding';
import { formatAddress, formatPrefix, prefixContains } from '@bothways/net';
import { type Announcement, announcements, edgeOf, inboundTrips, listText, tripEvidence } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { SERVERS, service } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';

interface Elsewhere {
  readonly service: PublishedService;
  readonly publication: Publication;
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
  /** What draws the sessions to a circuit; undefined: they come over the internet. */
  readonly announcement: Announcement | undefined;
}

export const inboundArrivesWherePublished = defineRule<Elsewhere>({
  name: 'inbound-arrives-where-published',
  title: 'Sessions to a published service arrive at another edge',
  family: 'addresses and NAT',
  severity: 'error',
  ids: ['PP-C22', 'CHK-PP-12', 'CHK-M365-09', 'CHK-GAP-04', 'A4', 'ER-091', 'ER-118'],
  what: 'Follows every session that Microsoft opens to a published service and compares the edge where it arrives with the edge of the publication.',
  why: 'The longest prefix decides, and a circuit comes before the internet. The edge where the session arrives does not know the service.',
  fix: 'announce the address of the service only by the way that leads to its edge',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'the address of a server on the internet edge is announced on the circuit as well',
    SERVERS,
    service(
      'address: 10.30.0.26, names: [orders.contoso.example], published: { edge: inet, address: 198.51.100.20, inboundNat: true }, calledBy: PP-F28',
    ),
    ['nat: 198.51.100.0/28 }', 'nat: 198.51.100.0/28, advertises: [198.51.100.0/28, 198.51.100.16/28] }'],
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 198.51.100.16/28]'],
  ),
  silent: example(
    'it is announced to the internet only',
    SERVERS,
    service(
      'address: 10.30.0.26, names: [orders.contoso.example], published: { edge: inet, address: 198.51.100.20, inboundNat: true }, calledBy: PP-F28',
    ),
    ['nat: 198.51.100.0/28 }', 'nat: 198.51.100.0/28, advertises: [198.51.100.0/28, 198.51.100.16/28] }'],
  ),
  find: (view) => {
    const elsewhere = inboundTrips(view).filter(({ trip, publication }) => {
      const edge = edgeOf(view, trip.forward);
      return trip.outcome === 'broken' && edge !== undefined && edge !== publication.edge;
    });
    const alike = groupedBy(elsewhere, ({ trip, publication }) =>
      JSON.stringify([publication.path, viaText(trip.forward.via)]),
    );
    return [...alike.values()].map(([first, ...rest]) => {
      const { via } = first.trip.forward;
      const announcement =
        via.kind === 'expressroute'
          ? announcements(view)
              .filter(
                ({ circuit, prefix }) => circuit.name === via.name && prefixContains(prefix, first.publication.address),
              )
              .sort((a, b) => b.prefix.length - a.prefix.length)[0]
          : undefined;
      return {
        service: first.inbound.service,
        publication: first.publication,
        trips: [first.trip, ...rest.map(({ trip }) => trip)] as const,
        announcement,
      };
    });
  },
  word: ({ service: each, publication, trips, announcement }, view) => {
    const [first] = trips;
    const why =
      announcement === undefined ? '' : `: ${announcement.circuit.name} announces ${formatPrefix(announcement.prefix)}`;
    return {
      message: `sessions of ${listText([...new Set(trips.map(({ demand }) => demand.source.name))])} to ${each.name} (${formatAddress(publication.address)}) arrive over ${viaText(first.forward.via)}, but it is published on ${publication.edge}${why}`,
      path: announcement?.path ?? publication.path,
      related:
        announcement === undefined
          ? []
          : [{ message: 'the publication', place: view.document.placeOf(publication.path) }],
      evidence: tripEvidence(view, first),
    };
  },
  mend: ({ announcement }, view) => {
    if (announcement === undefined) return [];
    const { circuit, peering, path, prefix } = announcement;
    return peering.advertises.length < 2
      ? []
      : [
          {
            title: `stop announcing ${formatPrefix(prefix)} on ${circuit.name}`,
            // Something else may rely on it.
            safe: false,
            edits: editRemove(view.document, path),
          },
        ];
  },
  explains: ({ trips }) => trips,
});
