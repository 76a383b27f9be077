/**
 * The mathematical core of a plan: which places to open, how large, and which site uses which of them.
 *
 * A place is somewhere a circuit may land; an offer is one way to buy it (a bandwidth with a price). A site needs one
 * place, or two different ones, or a way of its own (a breakout), and all it needs is carried by each place it uses, so
 * that the others may fail. Facility location with modular capacities and assignment to one source each (Laporte, Nickel,
 * Saldanha da Gama, Location Science, chapters 4 and 5).
 *
 * Left out: what a place, a site or an amount of money is; pairs that may not be used are simply absent.
 */

/** One way to buy a place. */
export interface PlaceOffer {
  /** In the unit of the demands. */
  readonly capacity: number;
  /** What it costs whatever is carried. */
  readonly fixed: number;
  /** What one unit of carried demand costs besides. Of the offers of one place, at most one value other than 0. */
  readonly perUnit: number;
}

export interface PlaceProblem {
  /** Demand of every site, more than 0. */
  readonly demands: Float64Array;
  /** Places that every site needs, 1 or 2. */
  readonly copies: Uint8Array;
  /** Cost of a site that uses no place at all; Infinity where it must. */
  readonly alone: Float64Array;
  /** Pairs of site s stand from `starts[s]` to before `starts[s + 1]`. */
  readonly starts: Int32Array;
  /** Place of each pair, ascending within a site. */
  readonly places: Int32Array;
  /** Cost of each pair, 0 or more. */
  readonly costs: Float64Array;
  /** Offers by place, in any order. */
  readonly offers: readonly (readonly PlaceOffer[])[];
}

/** Which site uses which places. */
export interface PlaceChoice {
  readonly cost: number;
  /** Places by site, ascending; empty: the site is on its own. */
  readonly used: readonly (readonly number[])[];
  /** Position of the offer that is bought, by place; -1: the place is not opened. */
  readonly bought: Int32Array;
}

/**
 * Share of a site's demand that one of its places is charged for. Each has to be able to carry all of it, but together
 * they carry it once.
 */
export function chargedShare(problem: PlaceProblem, site: number): number {
  return 1 / (problem.copies[site] ?? 1);
}

/** The cheapest offer that carries `load` and charges for `charged`; -1 where nothing is large enough. */
export function cheapestOffer(offers: readonly PlaceOffer[], load: number, charged: number): number {
  let best = -1;
  let lowest = Number.POSITIVE_INFINITY;
  for (const [ix, { capacity, fixed, perUnit }] of offers.entries()) {
    const cost = fixed + perUnit * charged;
    if (capacity + CAPACITY_TOLERANCE >= load && cost < lowest) {
      best = ix;
      lowest = cost;
    }
  }
  return best;
}

/** Rounding of sums of demands, far below a bit per second where the unit is Mbps. */
const CAPACITY_TOLERANCE = 1e-7;

/** Cost of the cheapest offer, Infinity where nothing is large enough, 0 for a place that carries nothing. */
export function placeCost(offers: readonly PlaceOffer[], load: number, charged: number): number {
  if (load === 0) return 0;
  const offer = offers[cheapestOffer(offers, load, charged)];
  return offer === undefined ? Number.POSITIVE_INFINITY : offer.fixed + offer.perUnit * charged;
}

/** Prices a choice of places; `undefined` where a place cannot carry what is put on it or a site lacks a place. */
export function pricedChoice(problem: PlaceProblem, used: readonly (readonly number[])[]): PlaceChoice | undefined {
  const { demands, alone, starts, places, costs, offers, copies } = problem;
  const loads = new Float64Array(offers.length);
  const charged = new Float64Array(offers.length);
  let cost = 0;
  for (let site = 0; site < demands.length; site++) {
    const chosen = used[site] ?? [];
    if (chosen.length === 0) cost += alone[site] ?? Number.POSITIVE_INFINITY;
    else if (chosen.length !== (copies[site] ?? 1)) return undefined;
    for (const place of chosen) {
      let pair = starts[site] ?? 0;
      const end = starts[site + 1] ?? 0;
      while (pair < end && places[pair] !== place) pair++;
      if (pair === end) return undefined;
      cost += costs[pair] ?? 0;
      const demand = demands[site] ?? 0;
      loads[place] = (loads[place] ?? 0) + demand;
      charged[place] = (charged[place] ?? 0) + demand * chargedShare(problem, site);
    }
  }
  const bought = new Int32Array(offers.length).fill(-1);
  for (const [place, list] of offers.entries()) {
    const load = loads[place] ?? 0;
    if (load === 0) continue;
    const ix = cheapestOffer(list, load, charged[place] ?? 0);
    const offer = list[ix];
    if (offer === undefined) return undefined;
    bought[place] = ix;
    cost += offer.fixed + offer.perUnit * (charged[place] ?? 0);
  }
  return Number.isFinite(cost) ? { cost, used: used.map((each) => [...each]), bought } : undefined;
}
