/**
 * A choice of places as a network: which circuit each site uses first and which instead, and which provider delivers each
 * circuit.
 *
 * Circuits that stand in for each other come from different providers, because a provider can fail as a whole: the
 * circuits are coloured with the providers of their locations, the most constrained first, with backtracking.
 */

import type { PlaceChoice } from './model.ts';
import type { Candidate, CircuitOffer, PlanInput, PlanSite } from './plan-candidates.ts';

export interface PlannedCircuit {
  readonly candidate: Candidate;
  readonly offer: CircuitOffer;
  readonly provider: string;
  /** Sites whose first way it is. */
  readonly first: readonly PlanSite[];
  /** Sites that use it when their first way has failed. */
  readonly instead: readonly PlanSite[];
}

export interface PlannedSite extends PlanSite {
  /** Ids of candidates, the nearest first; empty: a breakout of its own. */
  readonly ways: readonly string[];
  /** Milliseconds there and back over the first way, and over the longest. */
  readonly roundTrip: number;
  readonly longestRoundTrip: number;
}

export interface Design {
  readonly circuits: readonly PlannedCircuit[];
  readonly sites: readonly PlannedSite[];
  /** False: circuits that stand in for each other had to be ordered from one provider. */
  readonly distinctProviders: boolean;
  /** For a month, in the currency of the document, as far as prices are known. */
  readonly monthly: number;
  /** Milliseconds: the longest of any site in the normal state, and the mean over all users. */
  readonly worstRoundTrip: number;
  readonly meanRoundTrip: number;
  /** Milliseconds of all users over all ways they may have to take. */
  readonly latencySum: number;
}

export function designOf(input: PlanInput, choice: PlaceChoice): Design {
  const { sites, candidates, problem, roundTrips, aloneRoundTrips } = input;
  const trip = (site: number, place: number): number => {
    for (let pair = problem.starts[site] ?? 0; pair < (problem.starts[site + 1] ?? 0); pair++) {
      if (problem.places[pair] === place) return roundTrips[pair] ?? 0;
    }
    return 0;
  };
  // Of ways that are equally long the one with less on it goes first, so that loads spread.
  const carried = new Float64Array(candidates.length);
  const ordered = sites.map((each, site) => {
    const used = (choice.used[site] ?? []).toSorted(
      (a, b) => trip(site, a) - trip(site, b) || (carried[a] ?? 0) - (carried[b] ?? 0) || a - b,
    );
    const [first] = used;
    if (first !== undefined) carried[first] = (carried[first] ?? 0) + each.demand;
    return used;
  });
  const bought = candidates.flatMap((_, place) => ((choice.bought[place] ?? -1) >= 0 ? [place] : []));
  const neighbours = new Map<number, Set<number>>(bought.map((place) => [place, new Set()]));
  for (const [a, b] of ordered) {
    if (a === undefined || b === undefined) continue;
    neighbours.get(a)?.add(b);
    neighbours.get(b)?.add(a);
  }
  const coloured = colours(bought, neighbours, (place) => candidates[place]?.providers ?? []);
  const circuits = bought.flatMap((place): readonly PlannedCircuit[] => {
    const candidate = candidates[place];
    const offer = candidate?.offers[choice.bought[place] ?? -1];
    const provider = coloured?.get(place) ?? candidate?.providers[0];
    if (candidate === undefined || offer === undefined || provider === undefined) return [];
    const using = (position: number): readonly PlanSite[] =>
      sites.filter((_, site) => ordered[site]?.[position] === place);
    return [{ candidate, offer, provider, first: using(0), instead: using(1) }];
  });
  const planned = sites.map((each, site): PlannedSite => {
    const ways = ordered[site] ?? [];
    const trips = ways.length === 0 ? [aloneRoundTrips[site] ?? 0] : ways.map((place) => trip(site, place));
    return {
      ...each,
      ways: ways.flatMap((place) => candidates[place]?.id ?? []),
      roundTrip: trips[0] ?? 0,
      longestRoundTrip: Math.max(...trips),
    };
  });
  const users = planned.reduce((sum, { site }) => sum + site.users, 0);
  return {
    circuits,
    sites: planned,
    distinctProviders: coloured !== undefined,
    monthly: monthlyOf(input, choice),
    latencySum: latencySumOf(input, choice),
    worstRoundTrip: Math.max(0, ...planned.map(({ roundTrip }) => roundTrip)),
    meanRoundTrip:
      users === 0 ? 0 : planned.reduce((sum, { site, roundTrip }) => sum + site.users * roundTrip, 0) / users,
  };
}

/** What the choice costs without the weight of latencies. */
function monthlyOf(input: PlanInput, choice: PlaceChoice): number {
  return Math.max(0, choice.cost - input.latencyWeight * latencySumOf(input, choice));
}

function latencySumOf({ problem, sites, roundTrips, aloneRoundTrips }: PlanInput, choice: PlaceChoice): number {
  let sum = 0;
  for (const [site, used] of choice.used.entries()) {
    const users = sites[site]?.site.users ?? 0;
    if (used.length === 0) sum += users * (aloneRoundTrips[site] ?? 0);
    for (let pair = problem.starts[site] ?? 0; pair < (problem.starts[site + 1] ?? 0); pair++) {
      if (used.includes(problem.places[pair] ?? -1)) sum += users * (roundTrips[pair] ?? 0);
    }
  }
  return sum;
}

/** One provider for each place, different for neighbours; `undefined` where there is no such choice. */
function colours(
  places: readonly number[],
  neighbours: ReadonlyMap<number, ReadonlySet<number>>,
  providersOf: (place: number) => readonly string[],
): ReadonlyMap<number, string> | undefined {
  const order = places.toSorted(
    (a, b) =>
      providersOf(a).length - providersOf(b).length ||
      (neighbours.get(b)?.size ?? 0) - (neighbours.get(a)?.size ?? 0) ||
      a - b,
  );
  const chosen = new Map<number, string>();
  let steps = 0;
  const next = (at: number): boolean => {
    const place = order[at];
    if (place === undefined) return true;
    for (const provider of providersOf(place)) {
      if (++steps > 100_000) return false;
      if ([...(neighbours.get(place) ?? [])].some((other) => chosen.get(other) === provider)) continue;
      chosen.set(place, provider);
      if (next(at + 1)) return true;
      chosen.delete(place);
    }
    return false;
  };
  return next(0) ? chosen : undefined;
}
