/**
 * How long one way of a packet takes and how far it goes, part by part. A part is one link whose latency the document
 * states or whose two ends have a place, or a run of links between two places with nothing known in between: the
 * backbone of Microsoft, the internet.
 *
 * Three kinds of figures, told apart in every part. 'declared': the document states it. 'promised': the document has no
 * measurement, but the contract with the provider has a limit. 'estimated': from the great circle, at least the speed of
 * light in glass, likely with the detours of cables (`latencyMethod` of the facts). A part that is none of these is
 * 'unknown' and keeps the sum from being complete; it is never counted as zero.
 *
 * Left out: queues, serialisation, the time that devices and firewalls take, the LAN in front of the site.
 */
import { estimatedLatency, greatCircleKilometres, latencyMethod } from '@bothways/facts';
import type { CompiledNetwork, DeviceIx, Link, LinkIx, Origin } from '@bothways/network';
import type { PacketPath } from './path.ts';
import { devicePlaces, type PlaceOfDevice } from './quality-places.ts';
import { deviceAt, linkAt } from './walk.ts';

export type LatencyBasis = 'declared' | 'promised' | 'estimated' | 'unknown';

/** Who carries a part of the way: what is private ends at Microsoft's edge (PP-N06). */
export type Portion = 'customer' | 'provider' | 'expressroute' | 'microsoft' | 'internet';

export interface LatencyPart {
  readonly from: DeviceIx;
  readonly to: DeviceIx;
  readonly links: readonly LinkIx[];
  /** More than one where a figure covers links of several carriers. */
  readonly portions: readonly Portion[];
  readonly basis: LatencyBasis;
  /** One way, milliseconds; equal to `likelyMs` where the document states it. Undefined: unknown. */
  readonly atLeastMs: number | undefined;
  readonly likelyMs: number | undefined;
  /** Great circle between the ends; undefined where one of them stands nowhere in particular. */
  readonly kilometres: number | undefined;
  readonly origins: readonly Origin[];
}

/** A sum over parts. */
export interface LatencySum {
  /** Milliseconds that nothing can undercut: declared values and light in glass; unknown parts add nothing. */
  readonly atLeastMs: number;
  /** Milliseconds to expect; undefined where a part is unknown. */
  readonly likelyMs: number | undefined;
  /** The weakest basis among the parts. */
  readonly basis: LatencyBasis;
}

/** The parts of a way in the order of its hops. */
export function latencyParts(compiled: CompiledNetwork, path: PacketPath): readonly LatencyPart[] {
  const { network } = compiled;
  const places = devicePlaces(compiled);
  const promises = promisesOf(compiled);
  const crossed = path.hops.flatMap(({ device, leftOn }): Crossed[] => {
    if (leftOn === undefined) return [];
    const link = linkAt(network, leftOn);
    return [{ link, from: device, to: link.a === device ? link.b : link.a }];
  });
  const parts: LatencyPart[] = [];
  for (let at = 0; at < crossed.length; ) {
    const first = crossed[at];
    if (first === undefined) break;
    const single = singlePart(compiled, first, places, promises);
    if (single !== undefined) {
      parts.push(single);
      at += 1;
      continue;
    }
    let end = at + 1;
    for (let next = crossed[end]; next !== undefined; next = crossed[end]) {
      // A place in between ends the run: what is between two places can be estimated.
      if (places(next.from) !== undefined || singlePart(compiled, next, places, promises) !== undefined) break;
      end += 1;
    }
    parts.push(runPart(compiled, crossed.slice(at, end), crossed, at, end, places));
    at = end;
  }
  return parts;
}

export function latencySum(parts: readonly LatencyPart[]): LatencySum {
  const order: readonly LatencyBasis[] = ['declared', 'promised', 'estimated', 'unknown'];
  const weakest = Math.max(0, ...parts.map(({ basis }) => order.indexOf(basis)));
  return {
    atLeastMs: rounded(parts.reduce((sum, { atLeastMs }) => sum + (atLeastMs ?? 0), 0)),
    likelyMs: parts.some(({ likelyMs }) => likelyMs === undefined)
      ? undefined
      : rounded(parts.reduce((sum, { likelyMs }) => sum + (likelyMs ?? 0), 0)),
    basis: order[weakest] ?? 'unknown',
  };
}

/** To microseconds: finer than anything a document states, and free of the noise of binary fractions. */
export function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** Milliseconds that light in glass takes along the great circle. */
function lightMilliseconds(kilometres: number): number {
  return kilometres / latencyMethod.kilometresPerMillisecond;
}

interface Crossed {
  readonly link: Link;
  readonly from: DeviceIx;
  readonly to: DeviceIx;
}

interface PromisedLatency {
  readonly milliseconds: number;
  readonly origin: Origin;
}

function promisesOf({ estate }: CompiledNetwork): ReadonlyMap<string, PromisedLatency> {
  return new Map(
    estate.circuits.flatMap(({ name, promised }) =>
      promised?.latency === undefined
        ? []
        : [
            [
              name,
              {
                milliseconds: promised.latency,
                origin: { kind: 'document', path: [...promised.path, 'latency'] } as const,
              },
            ] as const,
          ],
    ),
  );
}

/** The link by itself: stated, promised, or between two places. */
function singlePart(
  compiled: CompiledNetwork,
  { link, from, to }: Crossed,
  places: PlaceOfDevice,
  promises: ReadonlyMap<string, PromisedLatency>,
): LatencyPart | undefined {
  const [a, b] = [places(from), places(to)];
  const kilometres = a === undefined || b === undefined ? undefined : Math.round(greatCircleKilometres(a, b));
  const base = { from, to, links: [link.ix], portions: [portionOf(compiled, link)], kilometres };
  if (link.latency !== undefined) {
    const { latency, origins } = link;
    return { ...base, basis: 'declared', atLeastMs: latency, likelyMs: latency, origins };
  }
  const promise = link.kind === 'circuit' && link.owner !== undefined ? promises.get(link.owner) : undefined;
  if (promise !== undefined) {
    const { milliseconds, origin } = promise;
    const atLeastMs = Math.min(milliseconds, rounded(lightMilliseconds(kilometres ?? 0)));
    return { ...base, basis: 'promised', atLeastMs, likelyMs: milliseconds, origins: [origin] };
  }
  if (a === undefined || b === undefined) return undefined;
  return {
    ...base,
    basis: 'estimated',
    atLeastMs: rounded(lightMilliseconds(greatCircleKilometres(a, b))),
    likelyMs: estimatedLatency(a, b).milliseconds,
    origins: link.origins,
  };
}

/**
 * Links with nothing known about them. Where the run does not begin or end at a place, the estimate reaches to the
 * nearest places before and after it, and what is known of the links in between is taken off.
 */
function runPart(
  compiled: CompiledNetwork,
  run: readonly Crossed[],
  all: readonly Crossed[],
  start: number,
  end: number,
  places: PlaceOfDevice,
): LatencyPart {
  const first = run[0];
  const last = run.at(-1);
  if (first === undefined || last === undefined) throw new Error('a run of no links');
  const portions = [...new Set(run.map(({ link }) => portionOf(compiled, link)))];
  const links = run.map(({ link }) => link.ix);
  const base = { from: first.from, to: last.to, links, portions };
  let known = 0;
  let before = start;
  while (before > 0 && places(all[before]?.from ?? first.from) === undefined) {
    before -= 1;
    known += all[before]?.link.latency ?? 0;
  }
  let after = end;
  while (after < all.length && places(all[after - 1]?.to ?? last.to) === undefined) {
    known += all[after]?.link.latency ?? 0;
    after += 1;
  }
  const a = places(all[before]?.from ?? first.from);
  const b = places(all[after - 1]?.to ?? last.to);
  if (a === undefined || b === undefined) {
    const nowhere = [...new Set([first.from, last.to])].filter((ix) => places(ix) === undefined);
    const names = nowhere.map((ix) => deviceAt(compiled.network, ix).name).join(' and ');
    const because = `nobody said where ${names} stands, or how long the line takes`;
    return {
      ...base,
      basis: 'unknown',
      atLeastMs: undefined,
      likelyMs: undefined,
      kilometres: undefined,
      origins: [{ kind: 'derived', because }],
    };
  }
  const straight = greatCircleKilometres(a, b);
  const names = [all[before]?.from ?? first.from, all[after - 1]?.to ?? last.to]
    .map((ix) => deviceAt(compiled.network, ix).name)
    .join(' to ');
  const ends = before === start && after === end;
  return {
    ...base,
    basis: 'estimated',
    atLeastMs: rounded(Math.max(0, lightMilliseconds(straight) - known)),
    likelyMs: rounded(Math.max(0, estimatedLatency(a, b).milliseconds - known)),
    kilometres: ends ? Math.round(straight) : undefined,
    origins: [{ kind: 'derived', because: `${Math.round(straight)} km from ${names} as the crow flies` }],
  };
}

/** A tunnel is carried by whoever carries the lines below it. */
function portionOf(compiled: CompiledNetwork, link: Link): Portion {
  const { network } = compiled;
  switch (link.kind) {
    case 'lan':
      return 'customer';
    case 'wan': {
      const byProvider =
        link.place?.provider !== undefined || [link.a, link.b].some((ix) => deviceAt(network, ix).half === 'provider');
      return byProvider ? 'provider' : 'customer';
    }
    case 'internet':
      return 'internet';
    case 'circuit':
    case 'global-reach':
      return 'expressroute';
    case 'microsoft':
    case 'azure':
      return 'microsoft';
    case 'vpn': {
      const beneath = (link.carriedBy ?? []).map((ix) => linkAt(network, ix));
      if (beneath.length === 0 || beneath.some(({ kind }) => kind === 'internet')) return 'internet';
      return beneath.some(({ kind }) => kind === 'circuit') ? 'expressroute' : 'customer';
    }
  }
}
