/** How good a round trip is and what the network carries, as plain values: milliseconds, megabits per second, kilometres. */
import { type EstateView, factsOf, placeOfOrigins, placeText } from '@bothways/checks';
import {
  branchesOver,
  type CarrierLoad,
  type CircuitLoad,
  deviceAt,
  type LatencySum,
  type LineWidth,
  linkAt,
  loadOf,
  loadSpace,
  type PoolUse,
  pathQuality,
  poolUses,
  type RoundTrip,
  type SessionAssumptions,
  sessionUses,
  type TrafficBundle,
  trafficOf,
  type WayQuality,
} from '@bothways/forwarding';
import type { Origin } from '@bothways/network';

export interface QualityView {
  readonly forward: WayQualityView;
  readonly return: WayQualityView | undefined;
  /** Both ways; undefined unless both arrive. */
  readonly roundTrip: LatencyView | undefined;
  readonly roundTripLossPercent: number | undefined;
  /** What one TCP connection can carry at most: by loss, and without window scaling. */
  readonly connectionByLossMbps: number | undefined;
  readonly connectionUnscaledMbps: number | undefined;
}

export interface LatencyView {
  readonly atLeastMs: number;
  /** Undefined: a part is not known. */
  readonly likelyMs: number | undefined;
  /** 'declared', 'promised', 'estimated' or 'unknown': the weakest among the parts. */
  readonly basis: string;
}

export interface WayQualityView {
  readonly latency: LatencyView;
  /** Parts that take time or are not known; links inside one place are left out. */
  readonly parts: readonly LatencyPartView[];
  readonly lossPercent: number;
  readonly lossUnknown: readonly string[];
  readonly narrowest: WidthView | undefined;
  readonly widest: WidthView | undefined;
  readonly bandwidthUnknown: readonly string[];
  readonly unencrypted: readonly string[];
  readonly optimised: readonly string[];
  readonly portions: readonly {
    readonly carriers: readonly string[];
    readonly reach: 'private' | 'shared' | 'public';
    readonly likelyMs: number | undefined;
    readonly sharePercent: number | undefined;
    readonly km: number | undefined;
  }[];
  readonly detour: DetourView | undefined;
  readonly hairpins: readonly { readonly name: string; readonly crossings: number }[];
}

export interface LatencyPartView {
  readonly from: string;
  readonly to: string;
  readonly basis: string;
  readonly atLeastMs: number | undefined;
  readonly likelyMs: number | undefined;
  readonly km: number | undefined;
  /** Line of the document, fact or reasoning behind the figure. */
  readonly because: string;
}

export interface WidthView {
  readonly name: string;
  readonly bandwidthMbps: number;
  readonly freeMbps: number;
}

export interface DetourView {
  readonly km: number;
  readonly straightKm: number;
  readonly extraKm: number;
  readonly extraMs: number | undefined;
  readonly turnsAt: string | undefined;
  readonly shortestMs: number | undefined;
  readonly shortestOver: readonly string[];
  readonly extraMsOverShortest: number | undefined;
}

export function qualityView(view: EstateView, trip: RoundTrip): QualityView {
  const { there, back, roundTrip, roundTripLoss, perConnection } = pathQuality(view.compiled, trip);
  return {
    forward: wayQualityView(view, there),
    return: back === undefined ? undefined : wayQualityView(view, back),
    roundTrip: roundTrip === undefined ? undefined : latencyView(roundTrip),
    roundTripLossPercent: roundTripLoss === undefined ? undefined : percent(roundTripLoss),
    connectionByLossMbps: megabits(perConnection?.byLoss),
    connectionUnscaledMbps: megabits(perConnection?.byUnscaledWindow),
  };
}

function wayQualityView(view: EstateView, way: WayQuality): WayQualityView {
  const { network } = view.compiled;
  const deviceName = (ix: number): string => deviceAt(network, ix).name;
  const linkNames = (links: readonly number[]): readonly string[] => links.map((ix) => linkAt(network, ix).name);
  const { detour } = way;
  return {
    latency: latencyView(way.latency),
    parts: way.parts
      .filter(({ likelyMs }) => likelyMs !== 0)
      .map(({ from, to, basis, atLeastMs, likelyMs, kilometres, origins }) => ({
        from: deviceName(from),
        to: deviceName(to),
        basis,
        atLeastMs,
        likelyMs,
        km: kilometres,
        because: becauseText(view, origins),
      })),
    lossPercent: percent(way.loss.stated),
    lossUnknown: linkNames(way.loss.unknown),
    narrowest: widthView(way.narrowest),
    widest: widthView(way.widest),
    bandwidthUnknown: linkNames(way.bandwidthUnknown),
    unencrypted: linkNames(way.unencrypted),
    optimised: linkNames(way.optimised),
    portions: way.portions.map(({ portions, reach, likelyMs, share, kilometres }) => ({
      carriers: portions,
      reach,
      likelyMs,
      sharePercent: share === undefined ? undefined : percent(share),
      km: kilometres,
    })),
    detour:
      detour === undefined
        ? undefined
        : {
            km: detour.kilometres,
            straightKm: detour.straightKilometres,
            extraKm: detour.extraKilometres,
            extraMs: detour.extraMs,
            turnsAt: detour.turnsAt === undefined ? undefined : deviceName(detour.turnsAt),
            shortestMs: detour.shortest?.milliseconds,
            shortestOver: (detour.shortest?.over ?? []).map(deviceName),
            extraMsOverShortest: detour.extraMsOverShortest,
          },
    hairpins: way.hairpins.map(({ name, crossings }) => ({ name, crossings })),
  };
}

function latencyView({ atLeastMs, likelyMs, basis }: LatencySum): LatencyView {
  return { atLeastMs, likelyMs, basis };
}

function widthView(width: LineWidth | undefined): WidthView | undefined {
  if (width === undefined) return undefined;
  return { name: width.name, bandwidthMbps: width.bandwidth / 1e6, freeMbps: width.free / 1e6 };
}

function becauseText(view: EstateView, origins: readonly Origin[]): string {
  const place = placeOfOrigins(view, origins);
  const derived = origins.flatMap((origin) => (origin.kind === 'derived' ? [origin.because] : []));
  return [...(place === undefined ? [] : [placeText(view, place)]), ...factsOf(origins), ...derived].join('; ');
}

/** Whole hundredths of a percent. */
function percent(fraction: number): number {
  return Math.round(fraction * 10_000) / 100;
}

function megabits(rate: number | undefined): number | undefined {
  return rate === undefined ? undefined : rate / 1e6;
}

/** What the network carries in the busy hour. */
export interface LoadView {
  readonly bundles: readonly BundleView[];
  /** Lines with a stated bandwidth, ports and LANs. */
  readonly lines: readonly LineLoadView[];
  readonly circuits: readonly CircuitLoadView[];
  readonly pools: readonly PoolView[];
}

interface BundleView {
  readonly id: string;
  readonly users: number;
  readonly thereMbps: number | undefined;
  readonly backMbps: number | undefined;
  readonly basis: 'document' | 'guidance' | 'unknown';
  /** What was assumed, or what is missing. */
  readonly remarks: readonly string[];
}

interface LineLoadView {
  readonly kind: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly bandwidthMbps: number | undefined;
  readonly inUseMbps: number | undefined;
  readonly lowMbps: number;
  readonly highMbps: number;
  readonly verdict: string;
  /** Bundles with a rate that nobody stated, on top. */
  readonly unstated: number;
}

interface CircuitLoadView {
  readonly circuit: string;
  readonly direction: 'to Microsoft' | 'from Microsoft';
  readonly bandwidthMbps: number;
  readonly lowMbps: number;
  readonly highMbps: number;
  readonly configuredRate: string;
  readonly lostWhenOneLinkFailsMbps: { readonly low: number; readonly high: number };
  readonly facts: readonly string[];
}

interface PoolView {
  readonly pool: string;
  /** Sessions at a time with one mapping for every destination. */
  readonly capacity: number;
  readonly usersLow: number;
  readonly usersHigh: number;
  readonly sessionsEach: number | undefined;
  readonly verdict: string;
  /** Places of machines whose sessions nobody counts. */
  readonly uncounted: readonly string[];
  /** By the guidance for Microsoft 365, as an assumption; undefined without users. */
  readonly guidance:
    | {
        readonly verdict: 'fits' | 'above' | 'unknown';
        readonly usersServed: number;
        readonly assumption: string;
        readonly facts: readonly string[];
      }
    | undefined;
}

export function loadView({ compiled, data }: EstateView, assumptions: SessionAssumptions = {}): LoadView {
  const traffic = trafficOf(compiled);
  const branchesOf = branchesOver(compiled, data.input);
  const { load } = loadOf(compiled, loadSpace(compiled), traffic, data.roundTrips, branchesOf);
  return {
    bundles: traffic.bundles.map(bundleView),
    lines: load.carriers.filter(({ carrier }) => carrier.bandwidth !== undefined).map(lineLoadView),
    circuits: load.circuits.map(circuitLoadView),
    pools: poolUses(compiled, sessionUses(compiled, data.roundTrips, branchesOf), assumptions).map(poolView),
  };
}

function bundleView({ id, users, rate }: TrafficBundle): BundleView {
  if (rate.kind === 'unknown') {
    return { id, users, thereMbps: undefined, backMbps: undefined, basis: 'unknown', remarks: [rate.missing] };
  }
  const { there, back, basis, assumptions } = rate;
  return { id, users, thereMbps: there / 1e6, backMbps: back / 1e6, basis, remarks: assumptions };
}

function lineLoadView({ carrier, from, to, inUse, load, verdict, unstated }: CarrierLoad): LineLoadView {
  return {
    kind: carrier.kind,
    name: carrier.name,
    from,
    to,
    bandwidthMbps: megabits(carrier.bandwidth),
    inUseMbps: megabits(inUse),
    lowMbps: load.low / 1e6,
    highMbps: load.high / 1e6,
    verdict,
    unstated,
  };
}

function circuitLoadView(circuit: CircuitLoad): CircuitLoadView {
  const { low, high } = circuit.lostWhenOneLinkFails;
  return {
    circuit: circuit.circuit,
    direction: circuit.direction === 0 ? 'to Microsoft' : 'from Microsoft',
    bandwidthMbps: circuit.bandwidth / 1e6,
    lowMbps: circuit.load.low / 1e6,
    highMbps: circuit.load.high / 1e6,
    configuredRate: circuit.configuredRate,
    lostWhenOneLinkFailsMbps: { low: low / 1e6, high: high / 1e6 },
    facts: circuit.facts,
  };
}

function poolView({ pool, capacity, users, sessionsEach, verdict, uncounted, guidance }: PoolUse): PoolView {
  return {
    pool: pool.name,
    capacity,
    usersLow: users.low,
    usersHigh: users.high,
    sessionsEach,
    verdict,
    uncounted,
    guidance,
  };
}

/** JSON without gaps: what is not known is null, keys always stand in this order. */
export function qualityJson(quality: QualityView): object {
  return withNulls(quality);
}

export function loadJson(load: LoadView): object {
  return withNulls(load);
}

export function withNulls(value: object): object {
  if (Array.isArray(value)) return value.map((each: unknown) => nullFor(each));
  return Object.fromEntries(Object.entries(value).map(([key, each]: [string, unknown]) => [key, nullFor(each)]));
}

function nullFor(value: unknown): unknown {
  if (value === undefined) return null;
  return typeof value === 'object' && value !== null ? withNulls(value) : value;
}
