/**
 * The choice of places with a proof of how good it is: a bound and a first answer from the relaxation and the search, then
 * the solver on what the bound leaves open.
 *
 * Whatever the solver is stopped by, cost and bound are true: the bound of the relaxation holds for the whole problem,
 * and what it rules out cannot be in a better choice, so the solver's bound holds for every choice better than the one
 * that is known.
 */
import type { PlaceChoice, PlaceProblem } from './model.ts';
import { Relaxation, type Relaxed, restrictionBelow } from './model-bound.ts';
import { linearForm } from './model-linear.ts';
import { Search } from './model-search.ts';
import type { Solution, Solve, SolveProgress } from './model-solver.ts';

export interface ChoiceOptions {
  readonly solve: Solve;
  /** Seconds for all of it. */
  readonly timeLimit: number;
  /** Cost and bound may stay this far apart, relative to the cost. */
  readonly relativeGap: number;
  /** Seconds since some moment; without it only the solver counts time. */
  readonly clock?: () => number;
  readonly onProgress?: (progress: SolveProgress) => void;
  /** Lets others run for a moment, so that a cancellation can be heard. */
  readonly pause?: () => Promise<void>;
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

/** The solver closes what is small faster than the relaxation does. */
const MOST_RELAXATIONS = 1500;
const SMALL_PAIRS = 3000;
const SMALL_RELAXATIONS = 150;

export async function choosePlaces(problem: PlaceProblem, options: ChoiceOptions): Promise<ChosenPlaces> {
  const { solve, timeLimit, relativeGap, clock, onProgress } = options;
  const begin = clock?.() ?? 0;
  const spent = (): number => (clock?.() ?? 0) - begin;
  const state = { cancelled: false };
  void heard(options.cancelled, state);
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
  const most = problem.places.length < SMALL_PAIRS ? SMALL_RELAXATIONS : MOST_RELAXATIONS;
  while (relaxations < most && gapOf() > relativeGap && !descent.stalled && !state.cancelled) {
    // The relaxation gets at most a third of the time; the solver is better at the end.
    if (clock !== undefined && spent() > timeLimit / 3) break;
    const relaxed = descent.step(best?.cost);
    relaxations++;
    if (relaxations % 10 === 1) {
      const found = search.from(relaxed.open, relaxations % 50 === 1);
      if (found !== undefined && (best === undefined || found.cost < best.cost)) best = search.improved(found);
      onProgress?.({ cost: best?.cost ?? Number.POSITIVE_INFINITY, bound: descent.best.bound });
      await options.pause?.();
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
  if (gapOf() <= relativeGap || state.cancelled || left <= 0) return result(descent.best.bound, 0);

  let columns = 0;
  let bound = descent.best.bound;
  /** Solves what is left when only these pairs count; gives the solver's answer for that. */
  const solveWithin = async (pairs: Uint8Array, seconds: number): Promise<Solution> => {
    // The choice that is known stays possible, so that the solver can begin with it.
    for (const pair of pairsOfChoice(problem, best)) pairs[pair] = 1;
    const places = new Uint8Array(problem.offers.length);
    for (const [pair, kept] of pairs.entries()) if (kept === 1) places[problem.places[pair] ?? 0] = 1;
    const form = linearForm(problem, 'strong', {
      pairAllowed: (pair) => pairs[pair] === 1,
      placeAllowed: (place) => places[place] === 1,
    });
    columns = form.model.costs.length;
    const solution = await solve(form.model, {
      timeLimit: seconds,
      relativeGap,
      ...(best === undefined ? {} : { start: form.valuesOf(best) }),
      ...(options.cancelled === undefined ? {} : { cancelled: options.cancelled }),
      onProgress: ({ cost }) => {
        onProgress?.({ cost: Math.min(cost, best?.cost ?? Number.POSITIVE_INFINITY), bound });
      },
    });
    const found = solution.values === undefined ? undefined : form.choiceOf(solution.values);
    if (found !== undefined && (best === undefined || found.cost < best.cost)) best = search.improved(found);
    return solution;
  };

  let allowed = allowedPairs(problem, descent.best, best?.cost);
  for (const [width, share] of CORES) {
    if (best === undefined || count(allowed) <= CORE_PAIRS || timeLimit <= spent()) break;
    // Too much for the solver as a whole: first the part that good choices are made of, which says nothing about the bound.
    await solveWithin(corePairs(problem, descent.best, allowed, width), (timeLimit - spent()) * share);
    allowed = allowedPairs(problem, descent.best, best.cost);
  }
  if (best !== undefined && count(allowed) > 2 * CORE_PAIRS) return result(bound, columns);
  const rest = timeLimit - spent();
  if (gapOf() <= relativeGap || state.cancelled || rest <= 0) return result(bound, columns);
  const before = best?.cost;
  const solution = await solveWithin(allowed, rest);
  if (solution.outcome === 'infeasible' && best === undefined) return impossible();
  // What was ruled out costs at least as much as what was known then, so nothing is below both.
  bound = Math.max(bound, Math.min(solution.outcome === 'infeasible' ? Infinity : solution.bound, before ?? Infinity));
  return result(bound, columns);
}

/** Pairs the solver can take on as a whole. */
const CORE_PAIRS = 6000;
/** Places that stay possible for each site in the parts that are solved first, and the share of the time left for each. */
const CORES = [
  [4, 0.7],
  [8, 0.9],
] as const;

function count(flags: Uint8Array): number {
  let sum = 0;
  for (const flag of flags) sum += flag;
  return sum;
}

/** Pairs that a choice cheaper than `cost` may use. */
function allowedPairs(problem: PlaceProblem, relaxed: Relaxed, cost: number | undefined): Uint8Array {
  return cost === undefined
    ? new Uint8Array(problem.places.length).fill(1)
    : restrictionBelow(problem, relaxed, cost).pairs;
}

/** Of the allowed pairs, for every site those with the places that are cheapest to open and to use at the prices of the bound. */
function corePairs(
  { starts, places, costs, demands }: PlaceProblem,
  relaxed: Relaxed,
  allowed: Uint8Array,
  width: number,
): Uint8Array {
  const core = new Uint8Array(allowed.length);
  // Places far from being worth opening would only be in the way.
  const order = Array.from(relaxed.opening, (_, place) => place).sort(
    (a, b) => (relaxed.opening[a] ?? 0) - (relaxed.opening[b] ?? 0) || a - b,
  );
  const likely = new Set(order.slice(0, Math.max(12, Math.ceil(order.length / 3))));
  for (let site = 0; site < demands.length; site++) {
    const near: number[] = [];
    for (let pair = starts[site] ?? 0; pair < (starts[site + 1] ?? 0); pair++) {
      if (allowed[pair] === 1 && likely.has(places[pair] ?? -1)) near.push(pair);
    }
    near.sort((a, b) => (costs[a] ?? 0) - (costs[b] ?? 0) || a - b);
    for (const pair of near.slice(0, width)) core[pair] = 1;
  }
  return core;
}

function pairsOfChoice({ starts, places }: PlaceProblem, choice: PlaceChoice | undefined): readonly number[] {
  return (choice?.used ?? []).flatMap((used, site) => {
    const pairs: number[] = [];
    for (let pair = starts[site] ?? 0; pair < (starts[site + 1] ?? 0); pair++) {
      if (used.includes(places[pair] ?? -1)) pairs.push(pair);
    }
    return pairs;
  });
}

async function heard(cancelled: Promise<unknown> | undefined, state: { cancelled: boolean }): Promise<void> {
  if (cancelled === undefined) return;
  await cancelled;
  state.cancelled = true;
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
    return this.#scale < 0.001;
  }

  step(cost: number | undefined): Relaxed {
    const relaxed = this.#relaxation.at(this.#prices);
    const { missing } = this.#relaxation;
    if (relaxed.bound > this.best.bound + 1e-9 * Math.abs(this.best.bound)) {
      this.best = relaxed;
      this.#still = 0;
    } else if (++this.#still >= 12) {
      this.#still = 0;
      this.#scale /= 1.6;
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
    const length =
      square === 0 ? 0 : (this.#scale * Math.max(target - relaxed.bound, 1e-6 * Math.abs(target))) / square;
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
