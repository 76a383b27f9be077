/** Which line of the document explains a lost packet: shared by the rules on symmetry. */

import type { Evidence } from '@bothways/diagnostics';
import type { Circuit, MicrosoftPeering, Path, Publication } from '@bothways/estate';
import type { RoundTrip, Way } from '@bothways/forwarding';
import { comparePrefixes, type Prefix, prefixContains, prefixesOverlap } from '@bothways/net';
import type { InboundDemand } from '@bothways/network';
import { packetText, wayLines, wayTitle } from './path-words.ts';
import type { EstateView } from './view.ts';

/** An announced prefix of a circuit: the line that makes Microsoft send answers there. */
export interface Announcement {
  readonly circuit: Circuit;
  readonly peering: MicrosoftPeering;
  readonly prefix: Prefix;
  readonly path: Path;
}

export function announcements(view: EstateView): readonly Announcement[] {
  return view.estate.circuits.flatMap((circuit) => {
    const peering = circuit.microsoftPeering;
    if (peering === undefined) return [];
    return peering.advertises.map((prefix, position) => ({
      circuit,
      peering,
      prefix,
      path: [...peering.path, 'advertises', position],
    }));
  });
}

/** The announcement on this circuit that attracts answers to the translated source of the trip. */
export function attracting(view: EstateView, trip: RoundTrip, circuit: string): Announcement | undefined {
  const { source } = trip.forward.path.last;
  return announcements(view)
    .filter((each) => each.circuit.name === circuit && prefixContains(each.prefix, source))
    .sort((a, b) => b.prefix.length - a.prefix.length || comparePrefixes(a.prefix, b.prefix))[0];
}

/** True: an ExpressRoute edge of the circuit translates to addresses of the announcement, which it cannot do without. */
export function isOwnPool(view: EstateView, { circuit, prefix }: Announcement): boolean {
  const edge = view.estate.expressRouteEdges.find((each) => each.name === circuit.edge);
  return edge?.nat.some((pool) => prefixesOverlap(pool, prefix)) ?? false;
}

/** Both ways hop by hop, with the packet before and after translation. */
export function tripEvidence(view: EstateView, trip: RoundTrip): readonly Evidence[] {
  const sent = trip.forward.path.hops[0]?.packet;
  const seen = trip.forward.path.last;
  const packet =
    sent === undefined
      ? []
      : [
          `sent                  ${packetText(sent)}`,
          ...(packetText(sent) === packetText(seen) ? [] : [`as Microsoft sees it  ${packetText(seen)}`]),
        ];
  return [
    { title: `the packet (${trip.demand.flow.id} ${trip.demand.flow.name})`, lines: packet },
    { title: wayTitle('there', trip.forward), lines: wayLines(view, trip.forward) },
    ...(trip.back === undefined ? [] : [{ title: wayTitle('back', trip.back), lines: wayLines(view, trip.back) }]),
  ];
}

/** 'PP-F05 from hq and branch, PP-F11 from hq': what a finding touches, deterministic and short. */
export function tripsText(trips: readonly RoundTrip[]): string {
  const byFlow = new Map<string, Set<string>>();
  for (const trip of trips) {
    const sites = byFlow.get(trip.demand.flow.id) ?? new Set<string>();
    sites.add(trip.demand.source.name);
    byFlow.set(trip.demand.flow.id, sites);
  }
  return [...byFlow].map(([flow, sites]) => `${flow} from ${listText([...sites])}`).join(', ');
}

/** 'a', 'a and b', 'a, b and c'; long lists end in 'and 4 more'. */
export function listText(items: readonly string[], most = 6): string {
  if (items.length > most) return `${items.slice(0, most - 1).join(', ')} and ${items.length - most + 1} more`;
  const last = items.at(-1);
  if (last === undefined) return 'nothing';
  return items.length === 1 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

export function droppedAt(view: EstateView, trip: RoundTrip): string {
  const way = trip.back ?? trip.forward;
  const hop = way.path.hops.at(-1);
  return hop === undefined ? 'nowhere' : (view.compiled.network.devices[hop.device]?.name ?? 'nowhere');
}

/** A round trip of a session that Microsoft opens to a published service. */
export interface InboundTrip {
  readonly trip: RoundTrip;
  readonly inbound: InboundDemand;
  readonly publication: Publication;
}

export function inboundTrips(view: EstateView): readonly InboundTrip[] {
  return view.data.roundTrips.flatMap((trip) => inboundOf(trip) ?? []);
}

export function inboundOf(trip: RoundTrip): InboundTrip | undefined {
  const { written } = trip.demand;
  if (written.kind !== 'service' || written.inbound.from.kind !== 'microsoft') return undefined;
  const { inbound } = written;
  return inbound.publication === undefined ? undefined : { trip, inbound, publication: inbound.publication };
}

/** The edge by which a way crosses the border: that of the circuit, or the internet edge itself. */
export function edgeOf(view: EstateView, way: Way): string | undefined {
  const { via } = way;
  if (via.kind === 'internet') return via.name;
  if (via.kind === 'internal') return undefined;
  return view.estate.circuits.find(({ name }) => name === via.name)?.edge;
}

/** The first line of the document behind the step that dropped the packet. */
export function droppedBy(trip: RoundTrip): Path | undefined {
  const step = (trip.back ?? trip.forward).path.hops.at(-1)?.steps.find(({ kind }) => kind === 'dropped');
  for (const origin of step?.origins ?? []) if (origin.kind === 'document') return origin.path;
  return undefined;
}
