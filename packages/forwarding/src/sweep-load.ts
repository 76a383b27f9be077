/**
 * Loads under failures: the sums without failures, with the parts of the demands that changed exchanged. Amounts are
 * whole bit/s below 2^53, so that sums are exact in any order.
 */
import type { CompiledNetwork } from '@bothways/network';
import { conversationsOf } from './conversation.ts';
import type { RoundTrip } from './round-trip.ts';

/** What the traffic of demands puts on links, circuits and pools. */
export interface LoadModel {
  /** Number of things that carry load; keys are 0 to size - 1. */
  readonly size: number;
  /** Demands whose traffic is stated together. */
  readonly bundles: readonly (readonly number[])[];
  /** What a bundle loads, given the round trips of its demands; each key at most once. */
  contribution(bundle: number, trips: readonly (readonly RoundTrip[])[]): readonly Load[];
  /** What a key can take; undefined: nobody said. */
  capacity(key: number): number | undefined;
  nameOf(key: number): string;
}

export interface Load {
  readonly key: number;
  readonly load: number;
}

export class SetLoads {
  readonly #model: LoadModel;
  readonly #before: readonly (readonly Load[])[];
  readonly #totals: Float64Array;
  readonly #bundlesOf = new Map<number, number[]>();
  /** Keys with a capacity. */
  readonly #limited: readonly (readonly [key: number, capacity: number])[];
  readonly #overBefore: ReadonlySet<number>;

  constructor(model: LoadModel, tripsOf: (demand: number) => readonly RoundTrip[]) {
    this.#model = model;
    this.#totals = new Float64Array(model.size);
    this.#before = model.bundles.map((demands, bundle) => {
      for (const demand of demands) {
        const list = this.#bundlesOf.get(demand);
        if (list === undefined) this.#bundlesOf.set(demand, [bundle]);
        else list.push(bundle);
      }
      const loads = model.contribution(bundle, demands.map(tripsOf));
      for (const { key, load } of loads) this.#totals[key] = (this.#totals[key] ?? 0) + load;
      return loads;
    });
    this.#limited = Array.from({ length: model.size }, (_, key) => key).flatMap((key) => {
      const capacity = model.capacity(key);
      return capacity === undefined ? [] : [[key, capacity] as const];
    });
    this.#overBefore = new Set(
      this.#limited.flatMap(([key, capacity]) => ((this.#totals[key] ?? 0) > capacity ? [key] : [])),
    );
  }

  /** Keys that carry more than they can and did not before, with their loads; by key. */
  under(
    changed: readonly number[],
    tripsOf: (demand: number) => readonly RoundTrip[],
  ): readonly (readonly [key: number, load: number])[] {
    const moved = new Map<number, number>();
    const bundles = new Set(changed.flatMap((demand) => this.#bundlesOf.get(demand) ?? []));
    for (const bundle of bundles) {
      for (const { key, load } of this.#before[bundle] ?? []) moved.set(key, (moved.get(key) ?? 0) - load);
      const now = this.#model.contribution(bundle, (this.#model.bundles[bundle] ?? []).map(tripsOf));
      for (const { key, load } of now) moved.set(key, (moved.get(key) ?? 0) + load);
    }
    const over: (readonly [number, number])[] = [];
    for (const [key, by] of moved) {
      const capacity = by > 0 && !this.#overBefore.has(key) ? this.#model.capacity(key) : undefined;
      const load = (this.#totals[key] ?? 0) + by;
      if (capacity !== undefined && load > capacity) over.push([key, load]);
    }
    return over.sort(([a], [b]) => a - b);
  }
}

/**
 * Links in both directions, loaded by the rates that the document states. A demand counts whole on every link that one
 * of its round trips uses, in the direction it is crossed: more than can be, never less. Demands without a rate load
 * nothing. Keys: link times two, plus one from `b` to `a`.
 */
export function linkLoads(compiled: CompiledNetwork): LoadModel {
  const { network } = compiled;
  const conversations = conversationsOf(compiled);
  const parts = new Map<string, number>();
  for (const { written } of conversations) {
    if (written.kind === 'demand')
      parts.set(written.demand.demand.name, (parts.get(written.demand.demand.name) ?? 0) + 1);
  }
  const rates = conversations.map(({ written, site }) => {
    if (written.kind !== 'demand' || written.demand.demand.rate === undefined) return 0;
    const { name, rate, peakFactor } = written.demand.demand;
    const average = 'perUser' in rate ? rate.perUser * site.users : rate.total / (parts.get(name) ?? 1);
    return Math.ceil(average * peakFactor);
  });
  return {
    size: network.links.length * 2,
    bundles: conversations.map((_, ix) => [ix]),
    contribution(bundle, [trips = []]) {
      const load = rates[bundle] ?? 0;
      if (load === 0) return [];
      const keys = new Set<number>();
      for (const { forward, back } of trips) {
        for (const way of back === undefined ? [forward] : [forward, back]) {
          for (const { device, leftOn } of way.path.hops) {
            if (leftOn !== undefined) keys.add(leftOn * 2 + (network.links[leftOn]?.a === device ? 0 : 1));
          }
        }
      }
      return [...keys].map((key) => ({ key, load }));
    },
    capacity(key) {
      const link = network.links[Math.floor(key / 2)];
      if (link?.bandwidth === undefined) return undefined;
      return Math.floor(link.bandwidth * (1 - (link.utilisation ?? 0)));
    },
    nameOf(key) {
      const link = network.links[Math.floor(key / 2)];
      const [from, to] = key % 2 === 0 ? [link?.a, link?.b] : [link?.b, link?.a];
      return `${link?.name} from ${network.devices[from ?? -1]?.name} to ${network.devices[to ?? -1]?.name}`;
    },
  };
}
