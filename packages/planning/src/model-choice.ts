/**
 * The choice of places with a proof of how good it is: a bound and a first answer from the relaxation and the search, then
 * the solver on what the bound leaves open.
 *
 * Whatever the solver is stopped by, cost and bound are true: the bound of the relaxation holds for the whole problem,
 * and what it rules out cannot be in a better choice, so the solver's bound holds for every choice better than the one
 * that is known.
 */
import type { PlaceChoice, PlaceProblem } from './model.ts';
import { type Relaxed, Relaxation, restrictionBelow } from './model-bound.ts';
import { linearForm } from './model-linear.ts';
import { Search } from './model-search.ts';
import type { Solve, SolveProgress } from './model-solver.ts';

export interface ChoiceOptions {
  readonly solve: Solve;
  /** Seconds for all of it. */
  readonly timeLimit: number;
  /** Cost and bound may stay this far apart, relative to the cost. */
  readonly relativeGap: number;
  /** Seconds since some moment; without it only the solver counts time. */
  readonly clock?: () => number;
  readonly onProgress?: (progress: SolveProgress) => void;
  readonly cancelled?: Promise<unknown>;
}

export interface ChosenPlaces {
  /** Undefined: there is none, or none was found (`infeasible` tells). */
  readonly choice: PlaceChoice | undefined;
  /** No choice costs less. */
  readonly bound: number;
  /** (cost - bound) / cost; 0 is optimal. */
  readonly gap: number;
  /** Certain that nothing satisfies the problem. */
  readonly infeasible: boolean;
  /** Sizes, for those who want to know how it went. */
  readonly steps: { readonly relaxations: number; readonly columns: number };
}

const RELAXATIONS = 1500;

export async function choosePlaces(problem: PlaceProblem, options: ChoiceOptions): Promise<ChosenPlaces> {
  const { solve, timeLimit, relativeGap, clock, onProgress } = options;
  const begin = clock?.() ?? 0;
  const spent = (): number => (clock?.() ?? 0) - begin;
  let cancelled = false;
  void options.cancelled?.then(() => {
    cancelled = true;
  });
  const impossible = (): ChosenPlaces => ({
    choice: undefined,
    bound: Number.POSITIVE_INFINITY,
    gap: 0,
    infeasible: true,
    steps: { relaxations: 0, columns: 0 },
  });
  if (withoutWay(problem)) return impossible();

  const search = new Search(problem);
  let best = search.from(new Uint8Array(problem.offers.length).fill(1), true);
  const started = search.from(new Uint8Array(problem.offers.length), true);
  if (started !== undefined && (best === undefined || started.cost < best.cost)) best = started;
  const descent = new Descent(problem);
  let relaxations = 0;
  const gapOf = (): number => gap(best?.cost, descent.best.bound);
  while (relaxations < RELAXATIONS && gapOf() > relativeGap && !descent.stalled && !cancelled) {
    // The relaxation gets at most a third of the time; the solver is better at the end.
    if (clock !== undefined && spent() > timeLimit / 3) break;
    const relaxed = descent.step(best?.cost);
    relaxations++;
    if (relaxations % 10 === 1) {
      const found = search.from(relaxed.open, relaxations % 50 === 1);
      if (found !== undefined && (best === undefined || found.cost < best.cost)) best = search.improved(found);
      onProgress?.({ cost: best?.cost ?? Number.POSITIVE_INFINITY, bound: descent.best.bound });
      await Promise.resolve();
    }
  }
  const result = (bound: number, columns: number): ChosenPlaces => ({
    choice: best,
    bound: best === undefined ? bound : Math.min(bound, best.cost),
    gap: gap(best?.cost, bound),
    infeasible: false,
    steps: { relaxations, columns },
  });
  const left = timeLimit - spent();
  if (gapOf() <= relativeGap || cancelled || left <= 0) return result(descent.best.bound, 0);

  const { pairs, places } =
    best === undefined
      ? { pairs: new Uint8Array(problem.places.length).fill(1), places: new Uint8Array(problem.offers.length).fill(1) }
      : restrictionBelow(problem, descent.best, best.cost);
  // The choice that is known stays possible, so that the solver can begin with it.
  for (const [site, used] of best?.used.entries() ?? []) {
    for (let pair = problem.starts[site] ?? 0; pair < (problem.starts[site + 1] ?? 0); pair++) {
      if (!used.includes(problem.places[pair] ?? -1)) continue;
      pairs[pair] = 1;
      places[problem.places[pair] ?? 0] = 1;
    }
  }
  const form = linearForm(problem, 'strong', {
    pairAllowed: (pair) => pairs[pair] === 1,
    placeAllowed: (place) => places[place] === 1,
  });
  const solution = await solve(form.model, {
    timeLimit: left,
    relativeGap,
    ...(best === undefined ? {} : { start: form.valuesOf(best) }),
    ...(options.cancelled === undefined ? {} : { cancelled: options.cancelled }),
    onProgress: ({ cost, bound }) => {
      onProgress?.({
        cost: Math.min(cost, best?.cost ?? Number.POSITIVE_INFINITY),
        bound: Math.max(bound, descent.best.bound),
      });
    },
  });
  if (solution.outcome === 'infeasible' && best === undefined) return impossible();
  const columns = form.model.costs.length;
  const found = solution.values === undefined ? undefined : form.choiceOf(solution.values);
  if (found !== undefined && (best === undefined || found.cost < best.cost)) best = found;
  // What was ruled out costs at least as much as what was known then.
  const bound = solution.outcome === 'infeasible' ? (best?.cost ?? descent.best.bound) : solution.bound;
  return result(Math.max(descent.best.bound, Math.min(bound, best?.cost ?? bound)), columns);
}

/** A site that needs more places than it has, and may not be without. */
function withoutWay({ demands, copies, alone, starts, places, offers }: PlaceProblem): boolean {
  return demands.some((demand, site) => {
    if (Number.isFinite(alone[site] ?? Number.POSITIVE_INFINITY)) return false;
    const near = [...places.subarray(starts[site] ?? 0, starts[site + 1] ?? 0)];
    const able = near.filter((place) => offers[place]?.some(({ capacity }) => capacity >= demand) === true);
    return able.length < (copies[site] ?? 1);
  });
}

function gap(cost: number | undefined, bound: number): number {
  if (cost === undefined) return Number.POSITIVE_INFINITY;
  const distance = cost - bound;
  return distance <= 1e-9 * Math.max(1, Math.abs(cost)) ? 0 : distance / Math.abs(cost);
}

/** The subgradient method with steps that shrink while the bound does not rise. */
class Descent {
  readonly #relaxation: Relaxation;
  #prices: Float64Array;
  readonly #direction: Float64Array;
  #scale = 1;
  #still = 0;
  best: Relaxed;

  constructor(problem: PlaceProblem) {
    this.#relaxation = new Relaxation(problem);
    this.#prices = cheapestPairs(problem);
    this.#direction = new Float64Array(problem.demands.length);
    this.best = this.#relaxation.at(this.#prices);
  }

  get stalled(): boolean {
    return this.#scale < 0.002;
  }

  step(cost: number | undefined): Relaxed {
    const relaxed = this.#relaxation.at(this.#prices);
    const { missing } = this.#relaxation;
    if (relaxed.bound > this.best.bound + 1e-9 * Math.abs(this.best.bound)) {
      this.best = relaxed;
      this.#still = 0;
    } else if (++this.#still >= 15) {
      this.#still = 0;
      this.#scale /= 2;
      this.#prices = Float64Array.from(this.best.prices);
    }
    let square = 0;
    for (let site = 0; site < missing.length; site++) {
      // A step remembers the one before (Camerini, Fratta, Maffioli), which dampens its zigzag.
      const direction = (missing[site] ?? 0) + 0.3 * (this.#direction[site] ?? 0);
      this.#direction[site] = direction;
      square += direction * direction;
    }
    const target = cost ?? relaxed.bound + Math.max(1, Math.abs(relaxed.bound)) * 0.1;
    const length = square === 0 ? 0 : (this.#scale * Math.max(target - relaxed.bound, 1e-6 * Math.abs(target))) / square;
    for (let site = 0; site < missing.length; site++) {
      this.#prices[site] = (this.#prices[site] ?? 0) + length * (this.#direction[site] ?? 0);
    }
    if (square === 0) this.#scale = 0;
    return relaxed;
  }
}

/** Prices to begin with: what the cheapest pair of a site costs, with a share of the place. */
function cheapestPairs({ demands, starts, places, costs, offers }: PlaceProblem): Float64Array {
  const perUnit = offers.map((list) =>
    Math.min(...list.map(({ fixed, capacity, perUnit: charge }) => fixed / capacity + charge)),
  );
  return Float64Array.from(demands, (demand, site) => {
    let lowest = Number.POSITIVE_INFINITY;
    for (let pair = starts[site] ?? 0; pair < (starts[site + 1] ?? 0); pair++) {
      lowest = Math.min(lowest, (costs[pair] ?? 0) + demand * (perUnit[places[pair] ?? 0] ?? 0));
    }
    return Number.isFinite(lowest) ? lowest : 0;
  });
}
