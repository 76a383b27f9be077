/**
 * Whether the latency and the bandwidth that an intent asks for are there: 'holds', 'broken' or 'unknown', with the
 * reason in words.
 *
 * Latency is decided for a round trip. An estimate may decide that it holds, and the reason says so; it breaks only what
 * not even light in glass could keep. Bandwidth is decided for a place: the minimum of every user there is laid on all
 * the ways of the place like traffic, together with that of the other places of the intent, and has to fit what the
 * stated use leaves free. The demands of the estate are not added: they come from the same users.
 */
import type { CompiledNetwork } from '@bothways/network';
import { type Contribution, contributionOf, type LoadInterval, LoadTotals, verdictOf } from './load.ts';
import type { BranchesOf } from './load-branches.ts';
import type { Carrier, LoadSpace } from './load-space.ts';
import { isLine, type PathQuality } from './quality.ts';
import type { RoundTrip } from './round-trip.ts';
import { type TrafficBundle, usersByPlace } from './traffic.ts';
import { linkAt } from './walk.ts';
import { bitsInUse } from './whole-bits.ts';

export interface QualityDecision {
  readonly outcome: 'holds' | 'broken' | 'unknown';
  readonly reason: string;
}

/** `limitMs`: for the round trip. */
export function decideLatency(limitMs: number, { roundTrip }: PathQuality): QualityDecision {
  if (roundTrip === undefined) return { outcome: 'unknown', reason: 'there is no round trip to measure' };
  const { atLeastMs, likelyMs, basis } = roundTrip;
  if (atLeastMs > limitMs) {
    return { outcome: 'broken', reason: `the round trip takes at least ${atLeastMs} ms, more than ${limitMs} ms` };
  }
  if (likelyMs === undefined) {
    return { outcome: 'unknown', reason: `at least ${atLeastMs} ms, and the latency of a part is not known` };
  }
  if (likelyMs > limitMs) {
    return {
      outcome: 'unknown',
      reason: `likely ${likelyMs} ms, more than ${limitMs} ms, but parts of it are ${BASIS_WORDS[basis]}`,
    };
  }
  const how = basis === 'declared' ? '' : `, with parts ${BASIS_WORDS[basis]}`;
  return { outcome: 'holds', reason: `${likelyMs} ms of ${limitMs} ms${how}` };
}

const BASIS_WORDS = {
  declared: 'stated',
  promised: 'promised by the provider',
  estimated: 'estimated from distances',
  unknown: 'unknown',
} as const;

export interface PlaceDecision extends QualityDecision {
  readonly place: string;
}

/** `minimum`: bit/s for every user, in each direction. `trips`: every round trip that the intent speaks of. */
export function decideBandwidth(
  compiled: CompiledNetwork,
  space: LoadSpace,
  minimum: number,
  trips: readonly RoundTrip[],
  branchesOf: BranchesOf,
): readonly PlaceDecision[] {
  const users = usersByPlace(compiled.estate);
  const byPlace = new Map<string, RoundTrip[]>();
  for (const trip of trips) {
    const place = trip.demand.site.name;
    const held = byPlace.get(place);
    if (held === undefined) byPlace.set(place, [trip]);
    else held.push(trip);
  }
  const totals = new LoadTotals(space);
  const needs = [...byPlace].map(([place, own]) => {
    const count = users.get(place) ?? 0;
    const demands = [...new Set(own.map(({ demand }) => demand.id))];
    const contribution = contributionOf(space, needOf(place, demands, count, minimum), own, branchesOf);
    totals.add(contribution);
    return { place, count, own, contribution };
  });
  return needs.map(({ place, count, own, contribution }) => ({
    place,
    ...decidePlace(compiled, space, totals, { place, count, own, contribution }),
  }));
}

/** The minimum of every user of a place as traffic. `demands`: ids of its conversations. */
export function needOf(place: string, demands: readonly string[], users: number, minimum: number): TrafficBundle {
  return {
    id: place,
    names: [],
    demands,
    places: [place],
    users,
    class: 'default',
    rate: {
      kind: 'known',
      there: users * minimum,
      back: users * minimum,
      basis: 'document',
      origins: [],
      assumptions: [],
    },
  };
}

interface Need {
  readonly place: string;
  readonly count: number;
  readonly own: readonly RoundTrip[];
  readonly contribution: Contribution;
}

function decidePlace(
  compiled: CompiledNetwork,
  space: LoadSpace,
  totals: LoadTotals,
  { place, count, own, contribution }: Need,
): QualityDecision {
  if (count === 0) return { outcome: 'unknown', reason: `${place} has no number of users` };
  const lost = own.find(({ outcome }) => outcome !== 'holds');
  if (lost !== undefined) return { outcome: 'unknown', reason: `${lost.id} does not arrive both ways for certain` };
  const [notFollowed] = contribution.notFollowed;
  if (notFollowed !== undefined) {
    return { outcome: 'unknown', reason: `${notFollowed} has more branches than are followed` };
  }
  let doubt: string | undefined;
  for (const { key } of contribution.loads) {
    const carrier = space.carriers[key >> 1];
    if (carrier === undefined) throw new RangeError(`key ${key} of ${space.size}`);
    const { bandwidth, utilisation } = carrier;
    if (bandwidth === undefined) {
      if (mustBeKnown(compiled, carrier)) doubt ??= `nobody said how wide ${carrierText(carrier)} is`;
      continue;
    }
    const inUse = bitsInUse(bandwidth, utilisation);
    const load = totals.at(key);
    const verdict = verdictOf(bandwidth, inUse, load);
    const figures = `${load.high} bit/s on ${bandwidth - inUse} free bit/s of ${carrierText(carrier)}`;
    if (verdict === 'overloaded' && carrier.kind !== 'circuit') return { outcome: 'broken', reason: figures };
    if (verdict !== 'fits') {
      doubt ??= carrier.kind === 'circuit' ? `${figures}, more than its configured rate (ER-014)` : figures;
    }
  }
  if (doubt !== undefined) return { outcome: 'unknown', reason: doubt };
  return { outcome: 'holds', reason: `${count} users fit everywhere on the way` };
}

/** A line that is ordered has a bandwidth, whether or not it is written down; inside buildings and backbones it is taken to be enough. */
export function mustBeKnown({ network }: CompiledNetwork, { link }: Carrier): boolean {
  return link !== undefined && isLine(linkAt(network, link));
}

export function carrierText({ kind, name }: Carrier): string {
  if (kind === 'lan') return `the LAN of ${name}`;
  return kind === 'link' ? name : `${kind} ${name}`;
}

/**
 * How far a line is used above `most`, 0 to 1: for certain (2), perhaps (1), not at all (0). `unstated`: number of bundles
 * on it with a rate that nobody stated.
 */
export function levelOfLink(
  { bandwidth, utilisation }: Carrier,
  load: LoadInterval,
  unstated: number,
  most: number,
): 0 | 1 | 2 {
  if (bandwidth === undefined) return 0;
  const inUse = bitsInUse(bandwidth, utilisation);
  if ((inUse + load.low) / bandwidth > most) return 2;
  return (inUse + load.high) / bandwidth > most || unstated > 0 ? 1 : 0;
}

/** `level`: of `levelOfLink`. */
export function shareText(
  { name, bandwidth = 0, utilisation }: Carrier,
  load: LoadInterval,
  level: 1 | 2,
  most: number,
): string {
  const inUse = bitsInUse(bandwidth, utilisation);
  const share = `${Math.round((100 * (inUse + load.low)) / bandwidth)} % of ${name}`;
  if (level === 2) return `${share} is in use, more than ${Math.round(100 * most)} %`;
  if ((inUse + load.high) / bandwidth > most) return `at least ${share} is in use, and equal ways may bring more`;
  return `at least ${share} is in use; demands without a rate come on top`;
}

/** Whether every link on the way of the round trips is used up to `most` of its bandwidth, 0 to 1. */
export function decideLoad(
  space: LoadSpace,
  totals: LoadTotals,
  most: number,
  trips: readonly RoundTrip[],
): QualityDecision {
  let open: QualityDecision | undefined;
  for (const { forward, back } of trips) {
    for (const { leftOn } of [...forward.path.hops, ...(back?.path.hops ?? [])]) {
      if (leftOn === undefined) continue;
      for (const key of [2 * leftOn, 2 * leftOn + 1]) {
        const carrier = space.carriers[key >> 1];
        if (carrier === undefined) throw new RangeError(`key ${key} of ${space.size}`);
        const level = levelOfLink(carrier, totals.at(key), totals.unstated[key] ?? 0, most);
        if (level === 0) continue;
        const decision: QualityDecision = {
          outcome: level === 2 ? 'broken' : 'unknown',
          reason: shareText(carrier, totals.at(key), level, most),
        };
        if (level === 2) return decision;
        open ??= decision;
      }
    }
  }
  return open ?? { outcome: 'holds', reason: `no link on the way is used above ${Math.round(100 * most)} %` };
}
