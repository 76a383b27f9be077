/** Out over one circuit, back over another: each pool has to be announced on its own circuit only. */

import { editRemove } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import { formatAddress, formatPrefix } from '@bothways/net';
import { type Announcement, attracting, droppedAt, isOwnPool, tripEvidence, tripsText } from '../causes.ts';
import { defineRule } from '../rule.ts';
import { brokenTrips } from '../view.ts';

interface CrossedCircuits {
  readonly out: string;
  readonly back: Announcement;
  readonly broken: readonly [RoundTrip, ...RoundTrip[]];
}

export const onePoolPerCircuit = defineRule<CrossedCircuits>({
  name: 'one-pool-per-circuit',
  title: 'A prefix is announced on two circuits and answers take the other one',
  family: 'addresses and NAT',
  severity: 'error',
  ids: ['PP-C07', 'PP-C20', 'CHK-PP-07', 'CHK-PP-10', 'CHK-M365-07', 'CHK-GAP-05', 'ER-106', 'ER-107'],
  what: 'Looks for round trips whose request leaves over one circuit and whose answer comes back over another, and is lost there.',
  why: 'Microsoft sees the prefix on both circuits and chooses by path length, not by where the request came from.',
  fix: 'give each circuit a pool of its own and announce it on that circuit only; distinct pools that are announced on both circuits do not help',
  status: 'stable',
  since: '0.1.0',
  fires: {
    title: 'a second circuit at another site announces the pool of the first',
    replace: [
      { text: '  dc: { city: Frankfurt }', by: '  dc: { city: Frankfurt }\n  dc2: { city: Amsterdam }' },
      {
        text: '  mpls-branch: {',
        by: '  core: { between: [dc, dc2], bandwidth: 1 Gbps }\n  mpls-branch: {',
      },
      {
        text: 'expressRouteEdges:\n',
        by: 'expressRouteEdges:\n  er2: { site: dc2, firewall: fw-er2, nat: 203.0.113.16/28 }\n',
      },
      {
        text: 'circuits:\n',
        by: 'circuits:\n  er-ams:\n    location: Amsterdam\n    bandwidth: 500 Mbps\n    edge: er2\n    microsoftPeering:\n      vlan: 101\n      links: [192.0.2.8/30, 192.0.2.12/30]\n      advertises: [203.0.113.16/28, 203.0.113.0/28]\n      routeFilter: [West Europe, North Europe]\n',
      },
    ],
  },
  silent: { title: 'one circuit, one pool', replace: [] },
  find: (view) => {
    const groups = new Map<string, { out: string; back: Announcement; broken: [RoundTrip, ...RoundTrip[]] }>();
    for (const trip of brokenTrips(view)) {
      const { via } = trip.forward;
      const back = trip.back?.via;
      if (via.kind !== 'expressroute' || back?.kind !== 'expressroute' || via.name === back.name) continue;
      const announcement = attracting(view, trip, back.name);
      if (announcement === undefined) continue;
      const key = JSON.stringify([via.name, announcement.path]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { out: via.name, back: announcement, broken: [trip] });
      else group.broken.push(trip);
    }
    return [...groups.values()];
  },
  explains: (fact) => fact.broken,
  word: ({ out, back, broken }, view) => ({
    message: `requests leave over circuit ${out} as ${formatAddress(broken[0].forward.path.last.source)}, answers come back over circuit ${back.circuit.name} and ${droppedAt(view, broken[0])} drops them: ${formatPrefix(back.prefix)} is announced on both`,
    path: back.path,
    why: `breaks ${tripsText(broken)}. Microsoft chooses the circuit of the answer by path length, not by where the request came from.`,
    help: `announce ${formatPrefix(back.prefix)} on ${out} only`,
    evidence: tripEvidence(view, broken[0]),
  }),
  mend: ({ out, back }, view) =>
    back.peering.advertises.length < 2 || isOwnPool(view, back)
      ? []
      : [
          {
            title: `stop announcing ${formatPrefix(back.prefix)} on ${back.circuit.name}; ${out} keeps it`,
            safe: true,
            edits: editRemove(view.document, back.path),
          },
        ],
});
