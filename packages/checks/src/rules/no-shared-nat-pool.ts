/** The seeds' asymmetric figure: the request leaves by the internet edge, the answer is drawn into the circuit. */

import { editRemove, type InternetEdge, type Path } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import { formatAddress, formatPrefix, type Prefix, prefixContains, prefixesOverlap } from '@bothways/net';
import { type Announcement, announcements, droppedAt, isOwnPool, tripEvidence, tripsText } from '../causes.ts';
import { defineRule } from '../rule.ts';
import { brokenTrips, placeOf } from '../view.ts';

interface SharedPool {
  readonly edge: InternetEdge;
  /** What the edge uses or announces towards the internet. */
  readonly held: Held;
  readonly announcement: Announcement;
  readonly broken: readonly RoundTrip[];
}

interface Held {
  readonly prefix: Prefix;
  readonly as: 'pool' | 'announcement';
  readonly path: Path;
}

export const noSharedNatPool = defineRule<SharedPool>({
  name: 'no-shared-nat-pool',
  title: 'A NAT pool of an internet edge is announced on a circuit',
  family: 'addresses and NAT',
  severity: 'error',
  ids: [
    'PP-C07',
    'PP-C21',
    'CHK-PP-07',
    'CHK-PP-10',
    'CHK-M365-05',
    'CHK-M365-06',
    'CHK-GAP-04',
    'ER-091',
    'ER-105',
    'ER-106',
  ],
  what: 'Compares the NAT pools and public announcements of every internet edge with the prefixes announced on every circuit, and follows the round trips of the edge.',
  why: 'Microsoft answers to the longest announced prefix and, at equal length, prefers ExpressRoute whatever way the request came; the answer then meets a firewall that never saw the request.',
  fix: 'announce each pool on one edge only: translate to one pool at the internet edge and to another at the ExpressRoute edge',
  status: 'stable',
  since: '0.1.0',
  fires: {
    title: 'the pool of the internet edge is announced on the circuit as well',
    replace: [{ text: 'advertises: [203.0.113.0/28]', by: 'advertises: [203.0.113.0/28, 198.51.100.0/28]' }],
  },
  silent: { title: 'one pool for each edge', replace: [] },
  find: (view) => {
    const broken = brokenTrips(view);
    return view.estate.internetEdges.flatMap((edge) =>
      heldBy(edge).flatMap((held) =>
        announcements(view)
          .filter((each) => prefixesOverlap(each.prefix, held.prefix))
          .map((announcement) => ({
            edge,
            held,
            announcement,
            broken: broken.filter(
              (trip) =>
                trip.forward.via.kind === 'internet' &&
                trip.forward.via.name === edge.name &&
                trip.back?.via.kind === 'expressroute' &&
                trip.back.via.name === announcement.circuit.name &&
                [held.prefix, announcement.prefix].every((each) => prefixContains(each, trip.forward.path.last.source)),
            ),
          })),
      ),
    );
  },
  explains: (fact) => fact.broken,
  word: (fact, view) => {
    const { announcement, edge, broken, held } = fact;
    const [first] = broken;
    const where = `${formatPrefix(announcement.prefix)} is announced on circuit ${announcement.circuit.name}`;
    const what =
      held.as === 'pool' ? `the pool of internet edge ${edge.name}` : `announced by internet edge ${edge.name}`;
    const related = [{ message: what, place: placeOf(view, held.path) }];
    if (first === undefined) {
      return {
        severity: 'warning',
        message: `${where} and is also ${what}`,
        path: announcement.path,
        related,
      };
    }
    return {
      message: `answers to ${formatAddress(first.forward.path.last.source)} come back over circuit ${announcement.circuit.name} and ${droppedAt(view, first)} drops them: ${where}, but it is ${held.as === 'pool' ? what : `also ${what}`}`,
      path: announcement.path,
      why: `breaks ${tripsText(broken)}. Microsoft prefers ExpressRoute to an equally long internet route (ER-091), whichever way the request came; ${droppedAt(view, first)} never saw the request.`,
      help: `announce ${formatPrefix(held.prefix)} at ${edge.name} only`,
      related,
      evidence: tripEvidence(view, first),
    };
  },
  mend: ({ announcement, edge }, view) => {
    // What the circuit itself needs cannot be taken away; then the edges need separate pools, which only the owner can
    // supply.
    if (announcement.peering.advertises.length < 2 || isOwnPool(view, announcement)) return [];
    return [
      {
        title: `stop announcing ${formatPrefix(announcement.prefix)} on ${announcement.circuit.name}; ${edge.name} keeps it`,
        safe: true,
        edits: editRemove(view.document, announcement.path),
      },
    ];
  },
});

/** Pools first; announcements of the same prefixes, which is what the document assumes, say nothing new. */
function heldBy(edge: InternetEdge): readonly Held[] {
  const pools = edge.nat.map((prefix, at): Held => ({ prefix, as: 'pool', path: [...edge.path, 'nat', at] }));
  const others = edge.advertises
    .map((prefix, at): Held => ({ prefix, as: 'announcement', path: [...edge.path, 'advertises', at] }))
    .filter(({ prefix }) => !edge.nat.some((pool) => prefixContains(prefix, pool)));
  return [...pools, ...others];
}
