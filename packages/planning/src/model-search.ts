/**
 * Good choices of places quickly: give every site its cheapest places among those that are open, then improve by moving
 * sites, closing places and opening others until nothing helps. Deterministic; makes no promise about the optimum, which
 * is what the bound is for.
 */
import { chargedShare, type PlaceChoice, type PlaceProblem, placeCost, pricedChoice } from './model.ts';

/** Rounds over all sites and places; usually nothing improves after three or four. */
const ROUNDS = 12;

export class Search {
  readonly #problem: PlaceProblem;
  readonly #loads: Float64Array;
  readonly #charged: Float64Array;
  readonly #used: number[][];
  readonly #pairCosts: readonly ReadonlyMap<number, number>[];

  constructor(problem: PlaceProblem) {
    this.#problem = problem;
    const { demands, starts, places, costs, offers } = problem;
    this.#loads = new Float64Array(offers.length);
    this.#charged = new Float64Array(offers.length);
    this.#used = Array.from(demands, () => []);
    this.#pairCosts = Array.from(demands, (_, site) => {
      const map = new Map<number, number>();
      for (let pair = starts[site] ?? 0; pair < (starts[site + 1] ?? 0); pair++) {
        map.set(places[pair] ?? 0, costs[pair] ?? 0);
      }
      return map;
    });
  }

  /**
   * A choice that prefers the places that are `open`; others are opened where a site would be left without. With
   * `thorough` it is improved until no single move helps.
   */
  from(open: Uint8Array, thorough: boolean): PlaceChoice | undefined {
    return this.#assign(open) ? this.#settle(thorough) : undefined;
  }

  /** The same moves, beginning at a choice. */
  improved(choice: PlaceChoice): PlaceChoice {
    this.#clear();
    for (const [site, used] of choice.used.entries()) for (const place of used) this.#put(site, place);
    const found = this.#settle(true);
    return found !== undefined && found.cost < choice.cost ? found : choice;
  }

  #settle(thorough: boolean): PlaceChoice | undefined {
    const sites = this.#problem.demands.length;
    const rounds = thorough ? ROUNDS : 2;
    let improved = true;
    for (let round = 0; improved && round < rounds; round++) {
      improved = false;
      for (let site = 0; site < sites; site++) if (this.#moveSite(site)) improved = true;
      if (!thorough) continue;
      for (let place = 0; place < this.#loads.length; place++) {
        if (this.#closePlace(place)) improved = true;
        else if ((this.#loads[place] ?? 0) === 0 && this.#openPlace(place)) improved = true;
      }
    }
    return pricedChoice(
      this.#problem,
      this.#used.map((each) => each.toSorted((a, b) => a - b)),
    );
  }

  #clear(): void {
    this.#loads.fill(0);
    this.#charged.fill(0);
    for (const used of this.#used) used.length = 0;
  }

  /** A copy: what is walked over changes. */
  #placesOf(site: number): readonly number[] {
    return this.#used[site]?.slice() ?? [];
  }

  #put(site: number, place: number): void {
    const demand = this.#problem.demands[site] ?? 0;
    this.#loads[place] = (this.#loads[place] ?? 0) + demand;
    this.#charged[place] = (this.#charged[place] ?? 0) + demand * chargedShare(this.#problem, site);
    this.#used[site]?.push(place);
  }

  #remove(site: number, place: number): void {
    const used = this.#used[site] ?? [];
    used.splice(used.indexOf(place), 1);
    const demand = this.#problem.demands[site] ?? 0;
    this.#loads[place] = settled((this.#loads[place] ?? 0) - demand);
    this.#charged[place] = settled((this.#charged[place] ?? 0) - demand * chargedShare(this.#problem, site));
  }

  /** Cost of putting a site on a place besides what is there. */
  #costOf(site: number, place: number): number {
    const own = this.#pairCosts[site]?.get(place);
    if (own === undefined) return Number.POSITIVE_INFINITY;
    const demand = this.#problem.demands[site] ?? 0;
    return own + this.#change(place, demand, demand * chargedShare(this.#problem, site));
  }

  #savingOf(site: number, place: number): number {
    const demand = this.#problem.demands[site] ?? 0;
    const own = this.#pairCosts[site]?.get(place) ?? 0;
    return own - this.#change(place, -demand, -demand * chargedShare(this.#problem, site));
  }

  /** How the price of a place changes with its load. */
  #change(place: number, load: number, charged: number): number {
    const offers = this.#problem.offers[place] ?? [];
    const before = this.#loads[place] ?? 0;
    const beforeCharged = this.#charged[place] ?? 0;
    return (
      placeCost(offers, settled(before + load), settled(beforeCharged + charged)) -
      placeCost(offers, before, beforeCharged)
    );
  }

  /** Sites with the fewest ways and the largest demands first. */
  #assign(open: Uint8Array): boolean {
    this.#clear();
    const { demands, copies, alone } = this.#problem;
    const order = Array.from(demands, (_, site) => site).sort(
      (a, b) =>
        (this.#pairCosts[a]?.size ?? 0) - (this.#pairCosts[b]?.size ?? 0) ||
        (demands[b] ?? 0) - (demands[a] ?? 0) ||
        a - b,
    );
    for (const site of order) {
      const wanted = copies[site] ?? 1;
      let cost = 0;
      for (let copy = 0; copy < wanted; copy++) {
        const place = this.#cheapest(site, (each) => open[each] === 1) ?? this.#cheapest(site, () => true);
        if (place === undefined) {
          cost = Number.POSITIVE_INFINITY;
          break;
        }
        cost += this.#costOf(site, place);
        this.#put(site, place);
      }
      const own = alone[site] ?? Number.POSITIVE_INFINITY;
      if (own <= cost) {
        for (const place of this.#placesOf(site)) this.#remove(site, place);
        if (!Number.isFinite(own)) return false;
      }
    }
    return true;
  }

  /** The cheapest place a site does not use yet. Places in `eligible` are compared by what a site adds to them. */
  #cheapest(site: number, eligible: (place: number) => boolean): number | undefined {
    let best: number | undefined;
    let lowest = Number.POSITIVE_INFINITY;
    for (const place of this.#pairCosts[site]?.keys() ?? []) {
      if (!eligible(place) || this.#used[site]?.includes(place) === true) continue;
      const cost = this.#costOf(site, place);
      if (cost < lowest) {
        best = place;
        lowest = cost;
      }
    }
    return best;
  }

  /** Takes a site off everything and puts it where it costs least. */
  #moveSite(site: number): boolean {
    const before = [...(this.#used[site] ?? [])];
    const { alone, copies } = this.#problem;
    const own = alone[site] ?? Number.POSITIVE_INFINITY;
    let saved = before.length === 0 ? own : 0;
    for (const place of before) {
      saved += this.#savingOf(site, place);
      this.#remove(site, place);
    }
    let cost = 0;
    const after: number[] = [];
    for (let copy = 0; copy < (copies[site] ?? 1); copy++) {
      const place = this.#cheapest(site, () => true);
      if (place === undefined) {
        cost = Number.POSITIVE_INFINITY;
        break;
      }
      cost += this.#costOf(site, place);
      this.#put(site, place);
      after.push(place);
    }
    if (Math.min(cost, own) < saved - tolerance(saved)) {
      if (own < cost) for (const place of after) this.#remove(site, place);
      return true;
    }
    for (const place of after) this.#remove(site, place);
    for (const place of before) this.#put(site, place);
    return false;
  }

  /** Empties a place where its sites are better off elsewhere, all together. */
  #closePlace(place: number): boolean {
    if ((this.#loads[place] ?? 0) === 0) return false;
    const users = this.#used.flatMap((used, site) => (used.includes(place) ? [site] : []));
    return this.#attempt(
      users,
      (site) => {
        const { alone } = this.#problem;
        const other = this.#cheapest(site, (each) => each !== place && (this.#loads[each] ?? 0) > 0);
        const cost = other === undefined ? Number.POSITIVE_INFINITY : this.#costOf(site, other);
        const rest = [...(this.#used[site] ?? [])];
        const own =
          (alone[site] ?? Number.POSITIVE_INFINITY) - rest.reduce((sum, each) => sum + this.#savingOf(site, each), 0);
        if (other === undefined && !Number.isFinite(own)) return undefined;
        if (own < cost) {
          for (const each of rest) this.#remove(site, each);
          return own;
        }
        if (other === undefined) return undefined;
        this.#put(site, other);
        return cost;
      },
      place,
    );
  }

  /** Moves sites off one place and counts; puts all of them back where it does not pay. */
  #attempt(users: readonly number[], move: (site: number) => number | undefined, place: number): boolean {
    const before = users.map((site) => [...(this.#used[site] ?? [])]);
    let change = 0;
    for (const site of users) {
      change -= this.#savingOf(site, place);
      this.#remove(site, place);
    }
    let possible = true;
    for (const site of users) {
      const cost = move(site);
      if (cost === undefined || !Number.isFinite(cost)) {
        possible = false;
        break;
      }
      change += cost;
    }
    if (possible && change < -tolerance(change)) return true;
    for (const site of users) for (const each of this.#placesOf(site)) this.#remove(site, each);
    for (const [ix, site] of users.entries()) for (const each of before[ix] ?? []) this.#put(site, each);
    return false;
  }

  /** Opens a place for the sites that would save by it: the price of the place against the sum of what they save. */
  #openPlace(place: number): boolean {
    const offers = this.#problem.offers[place] ?? [];
    const wishes: { site: number; from: number; gain: number }[] = [];
    for (const [site, used] of this.#used.entries()) {
      const own = this.#pairCosts[site]?.get(place);
      if (own === undefined || used.length === 0) continue;
      let gain = 0;
      let from = -1;
      for (const each of used) {
        const saving = this.#savingOf(site, each) - own;
        if (saving > gain) {
          gain = saving;
          from = each;
        }
      }
      if (from >= 0) wishes.push({ site, from, gain });
    }
    const largest = Math.max(0, ...offers.map(({ capacity }) => capacity));
    wishes.sort(
      (a, b) =>
        b.gain / (this.#problem.demands[b.site] ?? 1) - a.gain / (this.#problem.demands[a.site] ?? 1) ||
        a.site - b.site,
    );
    let change = 0;
    const moved: { site: number; from: number }[] = [];
    for (const { site, from } of wishes) {
      if ((this.#loads[place] ?? 0) + (this.#problem.demands[site] ?? 0) > largest) continue;
      change -= this.#savingOf(site, from);
      this.#remove(site, from);
      change += this.#costOf(site, place);
      this.#put(site, place);
      moved.push({ site, from });
    }
    if (moved.length > 0 && change < -tolerance(change)) return true;
    for (const { site, from } of moved.toReversed()) {
      this.#remove(site, place);
      this.#put(site, from);
    }
    return false;
  }
}

/** Sums of demands that should be nothing. */
function settled(load: number): number {
  return Math.abs(load) < 1e-7 ? 0 : load;
}

function tolerance(cost: number): number {
  return 1e-9 * Math.max(1, Math.abs(cost));
}
