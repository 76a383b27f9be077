/**
 * The answer in a few lines: which flows ride a circuit, which still use the internet, and why. Reasons are read off the
 * tables: the policy term, the session or the site that kept a route of the circuit away from the clients.
 */
import { type EstateView, factsOf, listText, placeOfOrigins, placeText } from '@bothways/checks';
import { deviceAt, lastHop, type RoundTrip, viaText } from '@bothways/forwarding';
import { formatCommunity, setPrefixes, setSize } from '@bothways/net';
import type { Device, Origin } from '@bothways/network';
import type { ReceivedRoute } from '@bothways/routing';

export type Verdict = RoundTrip['outcome'];

/** One line of the answer: a flow from some sites, which way it goes, and why. */
export interface OverviewLine {
  readonly flow: string;
  readonly flowName: string;
  readonly sites: readonly string[];
  readonly destination: string;
  /** 'expressroute:NAME', 'internet:NAME' or 'internal'. */
  readonly via: string;
  readonly outcome: Verdict;
  /** What the flow catalogue says: 'yes', 'conditional', 'internet-only'. */
  readonly eligibility: string;
  readonly reason: string;
  /** Addresses the line speaks for, as a decimal number. */
  readonly addresses: string;
  /** The same in the fewest prefixes. */
  readonly prefixes: number;
}

/** Groups round trips that tell the same story for several sites; in the order of the demands. */
export function overviewOf(view: EstateView): readonly OverviewLine[] {
  const lines = new Map<string, { readonly line: OverviewLine; readonly sites: string[] }>();
  for (const trip of view.data.roundTrips) {
    const { flow, target, source } = trip.demand;
    const via = viaText(trip.forward.via);
    const addresses = setSize(trip.covers, trip.family).toString();
    const reason = reasonOf(view, trip);
    const key = JSON.stringify([flow.id, target.id, via, trip.outcome, trip.family, addresses, reason]);
    const held = lines.get(key);
    if (held !== undefined) {
      if (!held.sites.includes(source.name)) held.sites.push(source.name);
      continue;
    }
    const sites = [source.name];
    const line = {
      flow: flow.id,
      flowName: flow.name,
      sites,
      destination: trip.family === 6 ? `${target.name} (IPv6)` : target.name,
      via,
      outcome: trip.outcome,
      eligibility: flow.expressRoute,
      reason,
      addresses,
      prefixes: setPrefixes(trip.covers, trip.family).length,
    };
    lines.set(key, { sites, line });
  }
  return [...lines.values()].map(({ line }) => line);
}

function reasonOf(view: EstateView, trip: RoundTrip): string {
  const { flow } = trip.demand;
  if (trip.forward.via.kind === 'expressroute') {
    return flow.expressRoute === 'internet-only'
      ? 'these addresses lie inside prefixes of a region that the route filter selects, so the circuit attracts them'
      : flow.reason;
  }
  if (flow.expressRoute === 'internet-only' || trip.forward.via.kind === 'internal') return flow.reason;
  const kept = keptFromClients(view, trip);
  return kept.length === 0 ? flow.reason : kept.join('; ');
}

/** Per circuit: what stopped its route to the destination before it reached the site. */
function keptFromClients(view: EstateView, trip: RoundTrip): readonly string[] {
  const { network } = view.compiled;
  const end = lastHop(trip.forward.path);
  const classIx = end.entry?.classIx;
  if (classIx === undefined || deviceAt(network, end.device).half !== 'microsoft') return [];
  const circuits = view.estate.circuits.filter((circuit) => circuit.microsoftPeering !== undefined);
  if (circuits.length === 0) return ['no circuit of the estate has a Microsoft peering'];
  const reasons = circuits.map((circuit) => {
    const link = network.links.find((each) => each.kind === 'circuit' && each.owner === circuit.name);
    const session = network.sessions.find((each) => each.link === link?.ix);
    if (link === undefined || session === undefined) return `${circuit.name} has no session`;
    const route = view.plane.received(link.a, classIx).find((each) => each.session === session.ix);
    const words =
      circuit.microsoftPeering?.routeFilter === undefined
        ? `no route filter is attached${cite(view, [
            { kind: 'document', path: circuit.microsoftPeering?.path ?? circuit.path },
            { kind: 'fact', fact: 'ER-077' },
          ])}`
        : stoppedWords(view, trip, route, session.down);
    return `${circuit.name}: ${words}`;
  });
  return [...new Set(reasons)];
}

function stoppedWords(
  view: EstateView,
  trip: RoundTrip,
  route: ReceivedRoute | undefined,
  down: { readonly because: string; readonly origins: readonly Origin[] } | undefined,
): string {
  if (down !== undefined) return `${down.because}${cite(view, down.origins)}`;
  if (route?.stopped === undefined) return siteWords(view, trip);
  const term = [...route.exported, ...route.imported].findLast((each) => each.effect === 'rejected');
  if (term === undefined) return `the route stopped (${route.stopped.replaceAll('-', ' ')})`;
  if (term.term !== undefined) return `${term.termName}${cite(view, term.origins)}`;
  const communities = route.attributes?.communities ?? [];
  const tag =
    communities.length === 0
      ? 'these prefixes, which carry no community'
      : `community ${listText(communities.map((each) => formatCommunity(each)))}`;
  return `no route filter entry selects ${tag}${cite(view, term.origins)}`;
}

/** The circuit has the route; the site did not take it. */
function siteWords(view: EstateView, trip: RoundTrip): string {
  const { breakout, name, path } = trip.demand.site;
  if (breakout === undefined) return `its routes do not reach ${name}`;
  return `${name} breaks out locally through ${breakout}${cite(view, [{ kind: 'document', path: [...path, 'breakout'] }])}`;
}

function cite(view: EstateView, origins: Device['origins']): string {
  const place = placeOfOrigins(view, origins);
  const sources = [...(place === undefined ? [] : [placeText(view, place)]), ...factsOf(origins)];
  return sources.length === 0 ? '' : ` (${sources.join(', ')})`;
}
