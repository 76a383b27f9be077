/** A flow that Microsoft does not offer on a circuit must have a working way over the internet. */
import type { RoundTrip } from '@bothways/forwarding';
import { listText, tripEvidence } from '../causes.ts';
import { defineRule } from '../rule.ts';

interface Stranded {
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
}

export const internetOnlyFlowHasInternet = defineRule<Stranded>({
  name: 'internet-only-flow-has-internet',
  title: 'A flow that only the internet carries has no way there',
  family: 'clients',
  severity: 'error',
  ids: ['PP-C02', 'CHK-PP-02', 'CHK-PP-15', 'ER-204'],
  what: 'Follows every flow that Microsoft does not offer on a circuit: static content, revocation lists, name resolution and the like.',
  why: 'ExpressRoute never removes the need for the internet; without it sign-in pages, static content and certificate checks fail.',
  fix: 'give the site a default route to an internet edge that translates its clients',
  status: 'stable',
  since: '0.1.0',
  fires: {
    title: 'no internet edge at all',
    replace: [
      {
        text: 'internetEdges:\n  inet: { site: dc, isp: Northwind Telecom, bandwidth: 1 Gbps, firewall: fw-inet, nat: 198.51.100.0/28 }\n\n',
        by: '',
      },
    ],
  },
  silent: { title: 'the datacentre has an internet edge', replace: [] },
  find: (view) => {
    const groups = new Map<string, [RoundTrip, ...RoundTrip[]]>();
    for (const trip of view.data.roundTrips) {
      if (trip.demand.flow.expressRoute !== 'internet-only' || trip.back !== undefined || trip.outcome === 'holds')
        continue;
      // Addresses inside a regional prefix are drawn into the circuit; what is lost there is another story.
      if (trip.forward.via.kind === 'expressroute') continue;
      const group = groups.get(trip.demand.flow.id);
      if (group === undefined) groups.set(trip.demand.flow.id, [trip]);
      else group.push(trip);
    }
    return [...groups.values()].map((trips) => ({ trips }));
  },
  explains: (fact) => fact.trips,
  word: ({ trips }, view) => {
    const [first] = trips;
    return {
      message: `${first.demand.flow.id} ${first.demand.flow.name} needs the internet, but ${listText([...new Set(trips.map((trip) => trip.demand.site.name))])} cannot get there`,
      path: first.demand.site.path,
      evidence: tripEvidence(view, first),
    };
  },
});
