/**
 * How long a round trip takes from each site to each Azure region of its environments, over each way that could be
 * taken: every circuit, every internet edge, a breakout at the site itself, and a circuit with a better WAN in front of it.
 *
 * Ways that are in use are measured by the engine on the packet's own path. Ways that are not are put together from
 * their parts: the shortest way through the described network to the edge, the line of the circuit or of the internet
 * provider, and the distance from there to the region, stated where the document states it and estimated otherwise
 * (`estimatedLatency` of the facts). An estimate is an estimate: it ranks ways, it does not promise them.
 *
 * Left out: queues and load, the time devices take, the LAN in front of a site, how Microsoft's network really runs.
 */
import type { Circuit, Coordinates, ExpressRouteEdge, Site } from '@bothways/estate';
import { azureRegion, estimatedLatency, peeringLocation, reachOf, sizing } from '@bothways/facts';
import { type DataPlane, pathQuality, type RoundTrip, shortestWay } from '@bothways/forwarding';
import type { CompiledNetwork, DeviceIx } from '@bothways/network';

export type CandidateKind =
  | 'circuit'
  | 'internet edge'
  /** Not built: an internet edge at the site. */
  | 'local breakout'
  /** Not built: a line of its own from the site to the circuit's edge. */
  | 'better wan';

export interface LatencyCandidate {
  readonly kind: CandidateKind;
  /** Of the circuit or the edge; the site of a breakout. */
  readonly name: string;
  /** Milliseconds for the round trip; undefined: a part is not known. */
  readonly milliseconds: number | undefined;
  /** 'measured': a round trip of the engine over it, its parts stated or estimated. 'estimated': put together. */
  readonly basis: 'engine' | 'estimated';
  readonly inUse: boolean;
  /** False: the SKU does not reach the region from that location, or the circuit has no such route in its filter. */
  readonly reaches: boolean;
  readonly guidance: 'within' | 'above' | 'unknown';
}

export interface SiteLatency {
  readonly site: string;
  readonly environment: string;
  readonly region: string;
  readonly users: number;
  /** The fastest first, unknown ones last. */
  readonly candidates: readonly LatencyCandidate[];
  /** What would be faster than the way in use, if anything: the fastest that reaches the region. */
  readonly faster: { readonly candidate: LatencyCandidate; readonly savedMs: number } | undefined;
}

export interface Latencies {
  /** Milliseconds for the round trip, and the fact. */
  readonly guidanceMs: number;
  readonly fact: string;
  readonly sites: readonly SiteLatency[];
}

/** A way has to be this much faster to be worth a word: less is within what an estimate can tell. */
const WORTH_A_WORD_MS = 1;

export function latencyOf(compiled: CompiledNetwork, data: DataPlane): Latencies {
  const { estate } = compiled;
  const sites = estate.sites
    .filter(({ clients }) => clients.length > 0)
    .flatMap((site) =>
      estate.environments.flatMap((environment) =>
        environment.azureRegions.map((region) => siteLatency(compiled, data, site, environment.name, region)),
      ),
    );
  return { guidanceMs: sizing.clientLatency.value, fact: sizing.clientLatency.fact, sites };
}

function siteLatency(
  compiled: CompiledNetwork,
  data: DataPlane,
  site: Site,
  environment: string,
  region: string,
): SiteLatency {
  const { estate } = compiled;
  const trips = data.roundTrips.filter(
    ({ demand }) =>
      demand.source.name === site.name &&
      demand.environment === environment &&
      demand.target.azureRegion === region &&
      demand.opener === 'customer',
  );
  const candidates = [
    ...estate.circuits.map((circuit) => overCircuit(compiled, site, circuit, region, trips)),
    ...estate.internetEdges.map((edge): LatencyCandidate => {
      const place = placeOfSite(compiled, edge.site);
      const inside = insideWay(compiled, site, edge.site);
      const used = usedOver(trips, 'internet', edge.name);
      const estimate = sumOf(inside, edge.latency ?? 0, toRegion(place, region));
      return candidate(compiled, 'internet edge', edge.name, used, estimate, true);
    }),
    ...(estate.internetEdges.some((edge) => edge.site === site.name)
      ? []
      : [candidate(compiled, 'local breakout', site.name, [], sumOf(toRegion(site.location, region)), true)]),
    ...estate.circuits.flatMap((circuit) => betterWan(compiled, site, circuit, region)),
  ].sort(byMilliseconds);
  const used = candidates.filter(({ inUse, milliseconds }) => inUse && milliseconds !== undefined);
  const slowest = used.reduce((most, { milliseconds }) => Math.max(most, milliseconds ?? 0), 0);
  const best = candidates.find(({ reaches, milliseconds }) => reaches && milliseconds !== undefined);
  const savedMs = used.length === 0 || best?.milliseconds === undefined ? 0 : tenths(slowest - best.milliseconds);
  return {
    site: site.name,
    environment,
    region,
    users: site.users,
    candidates,
    faster: best === undefined || best.inUse || savedMs < WORTH_A_WORD_MS ? undefined : { candidate: best, savedMs },
  };
}

function overCircuit(
  compiled: CompiledNetwork,
  site: Site,
  circuit: Circuit,
  region: string,
  trips: readonly RoundTrip[],
): LatencyCandidate {
  const edge = compiled.estate.expressRouteEdges.find(({ name }) => name === circuit.edge);
  const used = usedOver(trips, 'expressroute', circuit.name);
  const inside = insideToRouter(compiled, site, edge);
  const estimate = sumOf(inside, ...fromEdge(compiled, circuit, edge, region));
  return candidate(compiled, 'circuit', circuit.name, used, estimate, reaches(circuit, region));
}

/** Only where the site is not where the circuit starts: otherwise there is no WAN to better. */
function betterWan(
  compiled: CompiledNetwork,
  site: Site,
  circuit: Circuit,
  region: string,
): readonly LatencyCandidate[] {
  const edge = compiled.estate.expressRouteEdges.find(({ name }) => name === circuit.edge);
  if (edge?.site === undefined || edge.site === site.name) return [];
  const inside = insideToRouter(compiled, site, edge);
  const direct = distanceMs(site.location, placeOfSite(compiled, edge.site));
  if (inside === undefined || direct === undefined || direct >= inside - WORTH_A_WORD_MS / 2) return [];
  const estimate = sumOf(direct, ...fromEdge(compiled, circuit, edge, region));
  return [candidate(compiled, 'better wan', circuit.name, [], estimate, reaches(circuit, region))];
}

/** One way: the line of the circuit, and Microsoft's network behind it. */
function fromEdge(
  compiled: CompiledNetwork,
  circuit: Circuit,
  edge: ExpressRouteEdge | undefined,
  region: string,
): readonly (number | undefined)[] {
  const location = peeringLocation(circuit.location);
  const line =
    circuit.latency ??
    circuit.promised?.latency ??
    (edge?.site === undefined ? undefined : distanceMs(placeOfSite(compiled, edge.site), location));
  return [line, toRegion(location, region)];
}

function candidate(
  compiled: CompiledNetwork,
  kind: CandidateKind,
  name: string,
  used: readonly RoundTrip[],
  estimate: number | undefined,
  reached: boolean,
): LatencyCandidate {
  const measured = used.map((trip) => pathQuality(compiled, trip).roundTrip?.likelyMs);
  const inUse = measured.length > 0;
  // Of several round trips the slowest counts; one that is not known leaves the whole unknown.
  const engine = measured.includes(undefined) ? undefined : Math.max(...measured.map((each) => each ?? 0));
  const milliseconds = inUse ? engine : estimate === undefined ? undefined : tenths(2 * estimate);
  return {
    kind,
    name,
    milliseconds,
    basis: inUse ? 'engine' : 'estimated',
    inUse,
    reaches: reached || inUse,
    guidance: milliseconds === undefined ? 'unknown' : milliseconds <= sizing.clientLatency.value ? 'within' : 'above',
  };
}

function usedOver(trips: readonly RoundTrip[], kind: 'expressroute' | 'internet', name: string): readonly RoundTrip[] {
  return trips.filter(({ outcome, forward }) => {
    const { via } = forward;
    return outcome === 'holds' && via.kind === kind && 'name' in via && via.name === name;
  });
}

/** A circuit that is not in use may still be one that could be: by its SKU, its location and its route filter. */
function reaches({ sku, location, microsoftPeering }: Circuit, region: string): boolean {
  const place = peeringLocation(location);
  if (place === undefined) return false;
  const reached = reachOf(sku, place);
  const inReach = reached.regions.includes(region) || reached.disputed.includes(region);
  const written = azureRegion(region)?.name;
  const filter = microsoftPeering?.routeFilter;
  return inReach && (filter === undefined || filter.some((entry) => entry.written === written));
}

function insideToRouter(compiled: CompiledNetwork, site: Site, edge: ExpressRouteEdge | undefined): number | undefined {
  return edge?.site === undefined ? undefined : insideWay(compiled, site, edge.site);
}

/** One way through the described network from one site to another. */
function insideWay(compiled: CompiledNetwork, from: Site, to: string): number | undefined {
  if (from.name === to) return 0;
  const [a, b] = [routerOf(compiled, from.name), routerOf(compiled, to)];
  return a === undefined || b === undefined ? undefined : shortestWay(compiled, a, b)?.milliseconds;
}

function routerOf({ network }: CompiledNetwork, site: string): DeviceIx | undefined {
  return network.devices.find(({ role, name }) => role === 'site-router' && name === site)?.ix;
}

function placeOfSite({ estate }: CompiledNetwork, name: string): Coordinates | undefined {
  return estate.sites.find((site) => site.name === name)?.location;
}

function toRegion(from: Coordinates | undefined, region: string): number | undefined {
  return distanceMs(from, azureRegion(region));
}

function distanceMs(a: Coordinates | undefined, b: Coordinates | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : estimatedLatency(a, b).milliseconds;
}

function sumOf(...parts: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const part of parts) {
    if (part === undefined) return undefined;
    sum += part;
  }
  return sum;
}

function byMilliseconds(a: LatencyCandidate, b: LatencyCandidate): number {
  const difference = (a.milliseconds ?? Number.POSITIVE_INFINITY) - (b.milliseconds ?? Number.POSITIVE_INFINITY);
  if (Number.isFinite(difference) && difference !== 0) return difference;
  if (a.milliseconds === undefined || b.milliseconds === undefined) {
    return Number(a.milliseconds === undefined) - Number(b.milliseconds === undefined);
  }
  return Number(b.inUse) - Number(a.inUse) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
