/**
 * Lower bounds for the choice of places, and what follows from them.
 *
 * Lagrangian relaxation: the rule that every site gets its places is given up for prices paid per site, so that the places
 * can be decided one by one. Each takes the offer and the sites that are worth most at these prices; what fits is chosen
 * as in a fractional knapsack, which only lowers the bound. The prices are moved by the subgradient method (Held, Wolfe,
 * Crowder 1974). For any prices the result is a true bound, so stopping early costs quality only.
 */
import { chargedShare, type PlaceOffer, type PlaceProblem } from './model.ts';

export interface Relaxed {
  readonly bound: number;
  /** Least cost of each place when it has to be opened, at the prices of the bound; most often above 0. */
  readonly opening: Float64Array;
  /** Cost of the cheapest use of each pair beyond the bound, given its place is open: max(0, reduced cost). */
  readonly prices: Float64Array;
  /** 1: the place is open in the relaxed answer. */
  readonly open: Uint8Array;
}

/** Evaluates the relaxation; holds the working arrays. */
export class Relaxation {
  readonly #problem: PlaceProblem;
  readonly #pairsOfPlace: readonly Int32Array[];
  readonly #siteOfPair: Int32Array;
  /** How far the relaxed answer is from giving each site its places: wanted minus given. */
  readonly missing: Float64Array;
  readonly #taken: Float64Array;
  readonly #reduced: Float64Array;
  readonly #ratio: Float64Array;

  constructor(problem: PlaceProblem) {
    const { starts, places, demands, offers } = problem;
    this.#problem = problem;
    this.#siteOfPair = new Int32Array(places.length);
    const lists: number[][] = offers.map(() => []);
    for (let site = 0; site < demands.length; site++) {
      for (let pair = starts[site] ?? 0; pair < (starts[site + 1] ?? 0); pair++) {
        this.#siteOfPair[pair] = site;
        lists[places[pair] ?? 0]?.push(pair);
      }
    }
    this.#pairsOfPlace = lists.map((list) => Int32Array.from(list));
    this.missing = new Float64Array(demands.length);
    this.#taken = new Float64Array(places.length);
    this.#reduced = new Float64Array(places.length);
    this.#ratio = new Float64Array(places.length);
  }

  siteOf(pair: number): number {
    return this.#siteOfPair[pair] ?? 0;
  }

  /** The bound at these prices, one per site; leaves `missing` behind for the next step. */
  at(prices: Float64Array): Relaxed {
    const { demands, copies, alone, offers } = this.#problem;
    const { missing } = this;
    let bound = 0;
    for (let site = 0; site < demands.length; site++) {
      const wanted = copies[site] ?? 1;
      const price = (prices[site] ?? 0) * wanted;
      bound += price;
      missing[site] = wanted;
      const own = (alone[site] ?? Number.POSITIVE_INFINITY) - price;
      if (own < 0) {
        bound += own;
        missing[site] = 0;
      }
    }
    const opening = new Float64Array(offers.length);
    const open = new Uint8Array(offers.length);
    for (const [place, list] of offers.entries()) {
      const least = this.#placeAt(place, list, prices);
      opening[place] = least;
      if (!(least < 0)) continue;
      bound += least;
      open[place] = 1;
      for (const pair of this.#pairsOfPlace[place] ?? []) {
        const site = this.#siteOfPair[pair] ?? 0;
        missing[site] = (missing[site] ?? 0) - (this.#taken[pair] ?? 0);
      }
    }
    return { bound, opening, prices: Float64Array.from(prices), open };
  }

  /** Least cost of an open place; leaves in `#taken` how much of each pair is in it. */
  #placeAt(place: number, offers: readonly PlaceOffer[], prices: Float64Array): number {
    const problem = this.#problem;
    const { demands, costs } = problem;
    const pairs = this.#pairsOfPlace[place] ?? new Int32Array();
    let best = Number.POSITIVE_INFINITY;
    let chosen: PlaceOffer | undefined;
    const rates = [...new Set(offers.map(({ perUnit }) => perUnit))];
    for (const rate of rates) {
      let all = 0;
      let load = 0;
      for (const pair of pairs) {
        const site = this.#siteOfPair[pair] ?? 0;
        const demand = demands[site] ?? 0;
        const reduced = (costs[pair] ?? 0) + rate * chargedShare(problem, site) * demand - (prices[site] ?? 0);
        this.#reduced[pair] = reduced;
        this.#ratio[pair] = reduced / demand;
        if (reduced < 0) {
          all += reduced;
          load += demand;
        }
      }
      let sorted: Int32Array | undefined;
      for (const offer of offers) {
        if (offer.perUnit !== rate || offer.fixed + all >= best) continue;
        let value = all;
        if (offer.capacity < load) {
          sorted ??= pairs.filter((pair) => (this.#reduced[pair] ?? 0) < 0).sort(this.#byRatio);
          value = this.#knapsack(sorted, offer.capacity);
        }
        if (offer.fixed + value < best) {
          best = offer.fixed + value;
          chosen = offer;
        }
      }
    }
    if (chosen !== undefined) this.#take(pairs, chosen, prices);
    return best;
  }

  readonly #byRatio = (a: number, b: number): number => (this.#ratio[a] ?? 0) - (this.#ratio[b] ?? 0) || a - b;

  /** Value of the best filling; of the last pair only the part that fits. */
  #knapsack(sorted: Int32Array, capacity: number): number {
    let room = capacity;
    let value = 0;
    for (const pair of sorted) {
      const demand = this.#problem.demands[this.#siteOfPair[pair] ?? 0] ?? 0;
      const part = Math.min(1, room / demand);
      value += part * (this.#reduced[pair] ?? 0);
      room -= part * demand;
      if (part < 1) break;
    }
    return value;
  }

  #take(pairs: Int32Array, { perUnit, capacity }: PlaceOffer, prices: Float64Array): void {
    const problem = this.#problem;
    const worth: number[] = [];
    for (const pair of pairs) {
      const site = this.#siteOfPair[pair] ?? 0;
      const demand = problem.demands[site] ?? 0;
      const reduced = (problem.costs[pair] ?? 0) + perUnit * chargedShare(problem, site) * demand - (prices[site] ?? 0);
      this.#ratio[pair] = reduced / demand;
      this.#taken[pair] = 0;
      if (reduced < 0) worth.push(pair);
    }
    let load = 0;
    for (const pair of worth) load += problem.demands[this.#siteOfPair[pair] ?? 0] ?? 0;
    if (load > capacity) worth.sort(this.#byRatio);
    let room = capacity;
    for (const pair of worth) {
      const demand = problem.demands[this.#siteOfPair[pair] ?? 0] ?? 0;
      const part = Math.min(1, room / demand);
      this.#taken[pair] = part;
      room -= part * demand;
      if (part < 1) break;
    }
  }
}

/** Which pairs and places a choice cheaper than `cost` may use, by the bound alone. */
export function restrictionBelow(
  problem: PlaceProblem,
  relaxed: Relaxed,
  cost: number,
): { readonly pairs: Uint8Array; readonly places: Uint8Array } {
  const { bound, opening, prices } = relaxed;
  const slack = cost - bound + 1e-9 * Math.max(1, Math.abs(cost));
  const places = new Uint8Array(opening.length);
  const pairs = new Uint8Array(problem.places.length);
  for (let place = 0; place < opening.length; place++) {
    if (Math.max(0, opening[place] ?? 0) <= slack) places[place] = 1;
  }
  for (let site = 0; site < problem.demands.length; site++) {
    for (let pair = problem.starts[site] ?? 0; pair < (problem.starts[site + 1] ?? 0); pair++) {
      const place = problem.places[pair] ?? 0;
      if (places[place] !== 1) continue;
      // With the pair in it, the place costs at least its least cost plus what the pair costs beyond its price; without a
      // charge per unit, because the cheapest offer may have none.
      const reduced = Math.max(0, (problem.costs[pair] ?? 0) - (prices[site] ?? 0));
      if (Math.max(0, opening[place] ?? 0) + reduced <= slack) pairs[pair] = 1;
    }
  }
  return { pairs, places };
}
