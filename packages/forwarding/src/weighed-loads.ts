/**
 * Loads in the form that a sweep over failures wants: bundles of conversations by number, what each loads given its round
 * trips, and what each thing can take. Sums of whole bit/s, so that parts may be exchanged in any order.
 */
import type { CompiledNetwork } from '@bothways/network';
import { conversationsOf } from './conversation.ts';
import { contributionOf } from './load.ts';
import type { BranchesOf } from './load-branches.ts';
import { endsOf, loadSpace } from './load-space.ts';
import type { RoundTrip } from './round-trip.ts';
import { trafficOf } from './traffic.ts';
import { bitsInUse } from './whole-bits.ts';

/** Bit/s that something carries; each key at most once in a list. */
export interface KeyedLoad {
  readonly key: number;
  readonly load: number;
}

export interface WeighedLoads {
  /** Keys are 0 to size - 1. */
  readonly size: number;
  /** Positions of conversations, in the order in which round trips are made, whose traffic is stated together. */
  readonly bundles: readonly (readonly number[])[];
  /** What a bundle loads for certain. `branchesOf` belongs to the state that the trips were followed in. */
  contribution(bundle: number, trips: readonly (readonly RoundTrip[])[], branchesOf: BranchesOf): readonly KeyedLoad[];
  /** What is left for the demands beside the stated use; undefined: nobody said. */
  capacity(key: number): number | undefined;
  nameOf(key: number): string;
}

/** A circuit as a whole has no capacity here: what is above its rate may pass while both links are up (ER-014). */
export function weighedLoads(compiled: CompiledNetwork): WeighedLoads {
  const space = loadSpace(compiled);
  const { bundles } = trafficOf(compiled);
  const numbers = new Map(conversationsOf(compiled).map(({ id }, at) => [id, at]));
  const carrierOf = (key: number) => {
    const carrier = space.carriers[key >> 1];
    if (carrier === undefined) throw new RangeError(`key ${key} of ${space.size}`);
    return carrier;
  };
  return {
    size: space.size,
    bundles: bundles.map(({ demands }) => demands.flatMap((id) => numbers.get(id) ?? [])),
    contribution: (at, trips, branchesOf) => {
      const bundle = bundles[at];
      if (bundle === undefined) throw new RangeError(`bundle ${at} of ${bundles.length}`);
      const { loads } = contributionOf(space, bundle, trips.flat(), branchesOf);
      return loads.flatMap(({ key, low }) => (low === 0 ? [] : [{ key, load: low }]));
    },
    capacity: (key) => {
      const { kind, bandwidth, utilisation } = carrierOf(key);
      return kind === 'circuit' || bandwidth === undefined ? undefined : bandwidth - bitsInUse(bandwidth, utilisation);
    },
    nameOf: (key) => {
      const { kind, name, link } = carrierOf(key);
      if (link === undefined) return `${kind} ${name}, ${key % 2 === 0 ? 'outwards' : 'inwards'}`;
      const [from, to] = endsOf(compiled.network, link, key % 2 === 0 ? 0 : 1);
      return `${name}, ${from.name} to ${to.name}`;
    },
  };
}
