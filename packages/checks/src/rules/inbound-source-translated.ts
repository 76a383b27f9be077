/** Cause A3: a session comes in at one edge and its answer leaves by another one. */
import { editSet, type Publication, type PublishedService } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import { droppedAt, inboundTrips, listText, tripEvidence } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { SERVERS, SIGN_IN, service } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';

interface Strayed {
  readonly service: PublishedService;
  readonly publication: Publication;
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
}

export const inboundSourceTranslated = defineRule<Strayed>({
  name: 'inbound-source-translated',
  title: 'Answers of a published service leave by another edge than the session came in by',
  family: 'addresses and NAT',
  severity: 'error',
  ids: ['PP-C10', 'PP-C22', 'CHK-M365-08', 'CHK-GAP-06', 'A3', 'ER-115', 'ER-117'],
  what: 'Follows every session that Microsoft opens to a published service, there and back, and looks for answers that a firewall drops because it never saw the session.',
  why: 'The address of the caller is reachable over the circuit as well as over the internet. Where it is kept, the answer follows the routes of the service, not the way of the session.',
  fix: 'translate the source of what comes in at this edge, so that answers return to it',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'a federation server on the internet edge keeps the source',
    SERVERS,
    SIGN_IN,
    service(
      'kind: adfs, address: 10.30.0.26, names: [sts.contoso.example], published: { edge: inet, address: 198.51.100.5, inboundNat: false }, calledBy: PP-F37',
      'federation',
    ),
  ),
  silent: example(
    'the source is translated at the edge',
    SERVERS,
    SIGN_IN,
    service(
      'kind: adfs, address: 10.30.0.26, names: [sts.contoso.example], published: { edge: inet, address: 198.51.100.5, inboundNat: true }, calledBy: PP-F37',
      'federation',
    ),
  ),
  find: (view) => {
    const strayed = inboundTrips(view).filter(
      ({ trip, publication }) => trip.outcome === 'broken' && trip.asymmetry === 'fatal' && !publication.inboundNat,
    );
    return [...groupedBy(strayed, ({ publication }) => publication).values()].map(([first, ...rest]) => ({
      service: first.inbound.service,
      publication: first.publication,
      trips: [first.trip, ...rest.map(({ trip }) => trip)] as const,
    }));
  },
  word: ({ service: each, publication, trips }, view) => ({
    message: `sessions of ${listText([...new Set(trips.map(({ demand }) => demand.source.name))])} reach ${each.name} at ${publication.edge}, but its answers leave another way and ${droppedAt(view, trips[0])} drops them`,
    path: publication.path,
    evidence: tripEvidence(view, trips[0]),
  }),
  mend: ({ service: each, publication }, view) => [
    {
      title: `translate the source of sessions to ${each.name} at ${publication.edge}`,
      // The service no longer sees who calls.
      safe: false,
      edits: editSet(view.document, [...publication.path, 'inboundNat'], true),
    },
  ],
  explains: ({ trips }) => trips,
});
