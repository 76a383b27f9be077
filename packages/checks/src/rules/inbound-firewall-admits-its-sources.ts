/** A service that Microsoft calls has to be let in, from every address and on every port that may call. */
import type { Publication, PublishedService } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import { droppedAt, droppedBy, edgeOf, inboundTrips, listText, tripEvidence } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { SERVERS, service } from '../example-parts.ts';
import { permitBefore } from '../firewall-edits.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface ShutOut {
  readonly service: PublishedService;
  readonly publication: Publication;
  readonly device: string;
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
}

const CALLED =
  'address: 10.30.0.26, names: [orders.contoso.example], published: { edge: inet, address: 198.51.100.5, inboundNat: true }, calledBy: PP-F28';

export const inboundFirewallAdmitsItsSources = defineRule<ShutOut>({
  name: 'inbound-firewall-admits-its-sources',
  title: 'A firewall turns away sessions that Microsoft opens to a published service',
  family: 'addresses and NAT',
  severity: 'error',
  ids: ['PP-C23', 'CHK-GAP-13', 'PP-N07'],
  what: 'Follows sessions from every address that the published tags give the caller, and looks for a firewall in front of the service that denies them.',
  why: 'A call arrives from any address of the tag, and tomorrow from another one: a rule that names some of them fails now and then, which is worse than always.',
  fix: 'admit the whole tag of the caller on the ports of the service',
  status: 'stable',
  since: '0.1.0',
  fires: example('a rule denies everything that starts outside', SERVERS, service(CALLED), [
    'demands:\n',
    'firewalls:\n  fw-inet: { rules: [{ action: deny, zone: outside }] }\n\ndemands:\n',
  ]),
  silent: example('published services are let in unless a rule denies it', SERVERS, service(CALLED)),
  find: (view) => {
    const denied = inboundTrips(view).flatMap(({ trip, inbound, publication }) =>
      trip.outcome === 'broken' &&
      trip.back === undefined &&
      trip.forward.disposition === 'denied' &&
      edgeOf(view, trip.forward) === publication.edge
        ? [{ trip, service: inbound.service, publication, device: droppedAt(view, trip) }]
        : [],
    );
    return [...groupedBy(denied, ({ publication, device }) => JSON.stringify([publication.path, device])).values()].map(
      ([first, ...rest]) => ({ ...first, trips: [first.trip, ...rest.map(({ trip }) => trip)] as const }),
    );
  },
  word: ({ service: each, publication, device, trips }, view) => ({
    message: `${device} turns away sessions of ${listText([...new Set(trips.map(({ demand }) => demand.source.name))])} to ${each.name}`,
    path: droppedBy(trips[0]) ?? publication.path,
    related: [{ message: 'the publication', place: placeOf(view, publication.path) }],
    evidence: tripEvidence(view, trips[0]),
  }),
  explains: ({ trips }) => trips,
  mend: ({ trips }, view) => {
    const rule = droppedBy(trips[0]);
    return rule?.includes('rules') === true ? permitBefore(view, rule, trips) : [];
  },
});
