/** A packet that is too big, and nobody tells its sender. */
import type { RoundTrip } from '@bothways/forwarding';
import { droppedAt, droppedBy, tripEvidence, tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { defineRule, example } from '../rule.ts';

interface TooBig {
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
  readonly path: readonly (string | number)[];
}

export const packetFits = defineRule<TooBig>({
  name: 'packet-fits',
  title: 'Full-size packets are lost on a link with a smaller packet size',
  family: 'clients',
  severity: 'error',
  ids: ['CHK-GAP-13', 'ER-061'],
  what: 'Follows packets of 1,500 bytes over every link and tunnel, and the message that a packet was too big back to its sender.',
  why: 'Signing in works and the first large page hangs: small packets pass, large ones disappear without a word.',
  fix: 'let the message pass (ICMP), or lower the segment size at the edge (MSS clamping)',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'nothing translates the addresses of VPN users, so Microsoft does not take messages of the router before their tunnel',
    ['fw-er, nat: 203.0.113.0/28 }', 'fw-er }'],
    [
      'demands:\n',
      'users:\n  remote: { kind: vpn, users: 120, city: Berlin, vpn: { edge: inet, clients: 203.0.113.0/28 } }\n\ndemands:\n',
    ],
    ['from: [hq, branch]\n    to: production\n\nintents', 'from: [hq, branch, remote]\n    to: production\n\nintents'],
  ),
  silent: example('every link takes 1,500 bytes'),
  find: (view) => {
    const big = view.index
      .broken()
      .filter((trip) => (trip.back ?? trip.forward).disposition === 'too-big')
      .map((trip) => ({ trip, path: droppedBy(trip) ?? trip.demand.site.path }));
    return [...groupedBy(big, ({ path }) => JSON.stringify(path)).values()].map(([first, ...rest]) => ({
      path: first.path,
      trips: [first.trip, ...rest.map(({ trip }) => trip)] as const,
    }));
  },
  word: ({ trips, path }, view) => ({
    message: `packets of 1,500 bytes of ${tripsText(trips)} are lost at ${droppedAt(view, trips[0])}, and the message that says so does not reach the sender`,
    path,
    evidence: tripEvidence(view, trips[0]),
  }),
  explains: ({ trips }) => trips,
});
