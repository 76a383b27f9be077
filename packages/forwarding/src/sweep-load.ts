/**
 * Loads under failures: the sums without failures, with the parts of the bundles that changed exchanged. Amounts are
 * whole bit/s below 2^53, so that sums are exact in any order.
 */
import type { LoadInterval } from './load.ts';
import type { BranchesOf } from './load-branches.ts';
import type { LoadModel } from './load-model.ts';
import type { LoadKey } from './load-space.ts';
import type { RoundTrip } from './round-trip.ts';

/** What carries more than it can: for certain where the least load is too much. Bit/s. */
export type Overload = readonly [key: LoadKey, low: number, high: number];

/** Contributions that are remembered for each bundle, and for all of them together. */
const REMEMBERED = 200;
const REMEMBERED_IN_ALL = 100_000;

type TripsOf = (demand: number) => readonly RoundTrip[];

export class SetLoads {
  readonly #model: LoadModel;
  readonly #before: readonly Float64Array[];
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #bundlesOf = new Map<number, number[]>();
  /** NaN where nobody said. */
  readonly #capacity: Float64Array;
  /** Of one set: what is added to the sums, and to which keys. */
  readonly #addedLow: Float64Array;
  readonly #addedHigh: Float64Array;
  readonly #touched = new Set<LoadKey>();
  /** The same lists of round trips come up again and again: numbers for them, and contributions by those numbers. */
  readonly #numbers = new WeakMap<readonly RoundTrip[], number>();
  #lists = 0;
  #remembered = 0;
  readonly #known: readonly Map<string, Float64Array>[];

  constructor(model: LoadModel, tripsOf: TripsOf, branchesOf: BranchesOf) {
    const { size, bundles } = model;
    this.#model = model;
    this.#low = new Float64Array(size);
    this.#high = new Float64Array(size);
    this.#addedLow = new Float64Array(size);
    this.#addedHigh = new Float64Array(size);
    this.#capacity = Float64Array.from({ length: size }, (_, key) => model.capacity(key) ?? Number.NaN);
    this.#known = bundles.map(() => new Map());
    this.#before = bundles.map((demands, bundle) => {
      for (const demand of demands) {
        const list = this.#bundlesOf.get(demand);
        if (list === undefined) this.#bundlesOf.set(demand, [bundle]);
        else list.push(bundle);
      }
      const loads = this.#contribution(bundle, tripsOf, branchesOf);
      add(loads, 1, this.#low, this.#high, undefined);
      return loads;
    });
  }

  /** The load of a key without failures. */
  before(key: LoadKey): LoadInterval {
    return { low: this.#low[key] ?? 0, high: this.#high[key] ?? 0 };
  }

  /** Puts what changed in place of what was, until it is cleared. */
  apply(changed: Iterable<number>, tripsOf: TripsOf, branchesOf: BranchesOf): void {
    const bundles = new Set<number>();
    for (const demand of changed) for (const bundle of this.#bundlesOf.get(demand) ?? []) bundles.add(bundle);
    for (const bundle of bundles) {
      const before = this.#before[bundle];
      const now = this.#contribution(bundle, tripsOf, branchesOf);
      if (before === undefined || now === before) continue;
      add(before, -1, this.#addedLow, this.#addedHigh, this.#touched);
      add(now, 1, this.#addedLow, this.#addedHigh, this.#touched);
    }
  }

  /** Keys that may carry something else than before. */
  get touched(): ReadonlySet<LoadKey> {
    return this.#touched;
  }

  /** The load of a key with what was applied. */
  now(key: LoadKey): LoadInterval {
    const { low, high } = this.before(key);
    return { low: low + (this.#addedLow[key] ?? 0), high: high + (this.#addedHigh[key] ?? 0) };
  }

  /** Keys that carry more than they can, or perhaps do, and were better off before; by key. */
  overloads(): readonly Overload[] {
    const over: Overload[] = [];
    for (const key of this.#touched) {
      const capacity = this.#capacity[key] ?? Number.NaN;
      const low = this.#low[key] ?? 0;
      const high = this.#high[key] ?? 0;
      const lowNow = low + (this.#addedLow[key] ?? 0);
      const highNow = high + (this.#addedHigh[key] ?? 0);
      if (excess(lowNow, highNow, capacity) > excess(low, high, capacity)) over.push([key, lowNow, highNow]);
    }
    return over.sort(([a], [b]) => a - b);
  }

  clear(): void {
    for (const key of this.#touched) {
      this.#addedLow[key] = 0;
      this.#addedHigh[key] = 0;
    }
    this.#touched.clear();
  }

  /** What a bundle loads given these round trips. */
  keysOf(bundle: number, tripsOf: TripsOf, branchesOf: BranchesOf): ReadonlySet<LoadKey> {
    const loads = this.#contribution(bundle, tripsOf, branchesOf);
    return new Set(loads.filter((_, at) => at % 3 === 0));
  }

  #contribution(bundle: number, tripsOf: TripsOf, branchesOf: BranchesOf): Float64Array {
    const lists = (this.#model.bundles[bundle] ?? []).map(tripsOf);
    const key = lists.map((list) => this.#numberOf(list)).join();
    const known = this.#known[bundle];
    const held = known?.get(key);
    if (held !== undefined) return held;
    const made = this.#model.contribution(bundle, lists.flat(), branchesOf);
    if (known !== undefined && known.size < REMEMBERED && this.#remembered < REMEMBERED_IN_ALL) {
      known.set(key, made);
      this.#remembered++;
    }
    return made;
  }

  #numberOf(list: readonly RoundTrip[]): number {
    const known = this.#numbers.get(list);
    if (known !== undefined) return known;
    this.#lists++;
    this.#numbers.set(list, this.#lists);
    return this.#lists;
  }
}

/** 0: it fits. 1: perhaps not. 2: not even the least. Nothing is known to exceed what nobody stated. */
function excess(low: number, high: number, capacity: number): 0 | 1 | 2 {
  if (low > capacity) return 2;
  return high > capacity ? 1 : 0;
}

function add(
  loads: Float64Array,
  sign: 1 | -1,
  low: Float64Array,
  high: Float64Array,
  touched: Set<LoadKey> | undefined,
): void {
  for (let at = 0; at < loads.length; at += 3) {
    const key = loads[at] ?? 0;
    low[key] = (low[key] ?? 0) + sign * (loads[at + 1] ?? 0);
    high[key] = (high[key] ?? 0) + sign * (loads[at + 2] ?? 0);
    touched?.add(key);
  }
}
