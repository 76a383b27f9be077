/** What Microsoft calls over a circuit has to be reachable when the circuit is gone. */
import type { Publication, PublishedService } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import { inboundOf, listText, tripEvidence } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { SERVERS, service } from '../example-parts.ts';
import { failureStudy, lostIn } from '../failure-study.ts';
import { defineRule, example } from '../rule.ts';

interface Gone {
  readonly service: PublishedService;
  readonly publication: Publication;
  readonly circuit: string;
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
}

const FEDERATION =
  'kind: adfs, address: 10.30.0.26, names: [sts.contoso.example], published: { edge: er, address: 203.0.113.66, inboundNat: true }, calledBy: PP-F37';

export const inboundEndpointSurvivesCircuitLoss = defineRule<Gone>({
  name: 'inbound-endpoint-survives-circuit-loss',
  title: 'Microsoft loses a published service with the circuit',
  family: 'resilience',
  severity: 'warning',
  ids: ['CHK-M365-11', 'CHK-GAP-06', 'ER-117'],
  what: 'Lets each circuit fail and follows the sessions that Microsoft opens to published services that people sign in with (AD FS).',
  why: 'Users may still have the internet when the circuit is gone, and nobody can sign in.',
  fix: 'announce a less specific prefix with the address to the internet as well, and publish the service there',
  status: 'preview',
  since: '0.1.0',
  fires: example(
    'a federation server is published on the circuit alone',
    SERVERS,
    service(FEDERATION, 'federation'),
    ['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 203.0.113.64/28]'],
    ['routeFilter: [West Europe, North Europe]', "routeFilter: [West Europe, North Europe, '12076:5060']"],
  ),
  silent: example(
    'it is published at the internet edge',
    SERVERS,
    service(
      'kind: adfs, address: 10.30.0.26, names: [sts.contoso.example], published: { edge: inet, address: 198.51.100.5, inboundNat: true }, calledBy: PP-F37',
      'federation',
    ),
  ),
  find: (view) => {
    if (!view.estate.services.some(({ kind, published }) => kind === 'adfs' && published.length > 0)) return [];
    const lost = (failureStudy(view)?.singles() ?? []).flatMap((effect) => {
      const [element] = effect.elements;
      if (element?.kinds[0] !== 'circuit') return [];
      return lostIn(effect).flatMap((trip) => {
        const found = inboundOf(trip);
        if (found?.inbound.service.kind !== 'adfs') return [];
        return [{ ...found, circuit: element.name }];
      });
    });
    return [...groupedBy(lost, ({ publication, circuit }) => JSON.stringify([publication.path, circuit])).values()].map(
      ([first, ...rest]) => ({
        service: first.inbound.service,
        publication: first.publication,
        circuit: first.circuit,
        trips: [first.trip, ...rest.map(({ trip }) => trip)] as const,
      }),
    );
  },
  word: ({ service: each, publication, circuit, trips }, view) => ({
    message: `when ${circuit} fails, ${listText([...new Set(trips.map(({ demand }) => demand.source.name))])} cannot reach ${each.name} any more`,
    path: publication.path,
    evidence: tripEvidence(view, trips[0]),
  }),
});
