/** Nobody answers a private address. */
import { type ExpressRouteEdge, editSet, type InternetEdge } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import { formatAddress, formatPrefix, hostPrefix, scopeOf } from '@bothways/net';
import { edgeOf, tripEvidence, tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { defineRule, example } from '../rule.ts';
import { idleAnnouncement, spareOwned } from '../spare-prefix.ts';
import type { CheckView } from '../view.ts';

interface Bare {
  readonly edge: ExpressRouteEdge | InternetEdge;
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
}

export const edgeTranslatesPrivateSources = defineRule<Bare>({
  name: 'edge-translates-private-sources',
  title: 'Private addresses leave an edge that does not translate',
  family: 'addresses and NAT',
  severity: 'error',
  ids: ['PP-C04', 'PP-C06', 'CHK-PP-04', 'CHK-GAP-04', 'ER-046', 'ER-047'],
  what: 'Follows the packets of every demand to the edge they leave by, and looks for private source addresses that an edge without a NAT pool sends on, and whose packets or answers are lost beyond it.',
  why: "Microsoft's edge drops what comes from addresses that are not declared, and on the internet nothing finds its way back to a private address.",
  fix: 'give the edge a pool of public addresses, announced by the same way',
  status: 'stable',
  since: '0.1.0',
  fires: example('the ExpressRoute edge has no pool', [', nat: 203.0.113.0/28', '']),
  silent: example('both edges translate'),
  find: (view) => {
    const bare = view.index.broken().flatMap((trip) => {
      const edge = edgeOfTrip(view, trip);
      const { source } = trip.forward.path.last;
      const isPrivate = scopeOf(hostPrefix(source)) === 'private';
      return edge === undefined || edge.nat.length > 0 || !isPrivate || trip.demand.opener !== 'customer'
        ? []
        : [{ trip, edge }];
    });
    return [...groupedBy(bare, ({ edge }) => edge).values()].map(([first, ...rest]) => ({
      edge: first.edge,
      trips: [first.trip, ...rest.map(({ trip }) => trip)] as const,
    }));
  },
  explains: ({ trips }) => trips,
  word: ({ edge, trips }, view) => ({
    message: `${edge.name} sends ${formatAddress(trips[0].forward.path.last.source)} out untranslated, and nothing comes back: ${tripsText(trips)}`,
    path: edge.path,
    evidence: tripEvidence(view, trips[0]),
  }),
  mend: ({ edge }, view) => {
    const pool = 'isp' in edge ? spareOwned(view) : (idleAnnouncement(view, edge) ?? spareOwned(view));
    return pool === undefined
      ? []
      : [
          {
            title: `translate to ${formatPrefix(pool)} at ${edge.name}`,
            safe: false,
            edits: editSet(view.document, [...edge.path, 'nat'], formatPrefix(pool)),
          },
        ];
  },
});

function edgeOfTrip(view: CheckView, { forward }: RoundTrip): ExpressRouteEdge | InternetEdge | undefined {
  const name = edgeOf(view, forward);
  if (name === undefined) return undefined;
  return forward.via.kind === 'internet' ? view.index.internetEdge(name) : view.index.expressRouteEdge(name);
}
