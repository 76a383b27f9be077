/**
 * Loads in the form that a sweep over failures wants: bundles of conversations by number, what each loads given its round
 * trips, and what each thing can take. Sums of whole bit/s, so that parts may be exchanged in any order.
 */
import type { CompiledNetwork } from '@bothways/network';
import { conversationsOf } from './conversation.ts';
import { contributionOf } from './load.ts';
import type { BranchesOf } from './load-branches.ts';
import { type Carrier, endsOf, type LoadKey, type LoadSpace, loadSpace } from './load-space.ts';
import type { RoundTrip } from './round-trip.ts';
import { type Traffic, trafficOf } from './traffic.ts';
import { bitsInUse } from './whole-bits.ts';

/** What the traffic of demands puts on links, ports and LANs. */
export interface LoadModel {
  /** Number of keys of things that carry load. */
  readonly keys: number;
  /**
   * Twice as many: at key + `keys` stands, as an amount, the number of bundles that load the key with a rate that nobody
   * stated. They are counted only where somebody asks for it.
   */
  readonly size: number;
  /** Positions of conversations whose traffic is stated together. */
  readonly bundles: readonly (readonly number[])[];
  /** What a bundle loads, given every round trip of its conversations: key, least and most bit/s, one after the other. */
  contribution(bundle: number, trips: readonly RoundTrip[], branchesOf: BranchesOf): Float64Array;
  /** Bit/s that a key can take on top of what uses it already; undefined: nobody said, or nothing is lost above it. */
  capacity(key: LoadKey): number | undefined;
  /** What the stated use leaves of the bandwidth, whatever carries it; undefined: nobody said. */
  free(key: LoadKey): number | undefined;
  carrierOf(key: LoadKey): Carrier;
  nameOf(key: LoadKey): string;
}

/** `traffic`: what the document and the published figures say, unless stated. Circuits count by their ports. */
export function loadModel(
  compiled: CompiledNetwork,
  traffic: Traffic = trafficOf(compiled),
  space: LoadSpace = loadSpace(compiled),
): LoadModel {
  const positions = new Map(conversationsOf(compiled).map(({ id }, ix) => [id, ix]));
  const countsAll = compiled.estate.intents.some(({ load }) => load !== undefined);
  const bundles = traffic.bundles.filter(({ rate }) => countsAll || rate.kind === 'known');
  const carrierOf = (key: LoadKey): Carrier => {
    const carrier = space.carriers[key >> 1];
    if (carrier === undefined) throw new RangeError(`key ${key} of ${space.size}`);
    return carrier;
  };
  const free = (key: LoadKey): number | undefined => {
    const { bandwidth, utilisation } = carrierOf(key);
    return bandwidth === undefined ? undefined : bandwidth - bitsInUse(bandwidth, utilisation);
  };
  return {
    keys: space.size,
    size: 2 * space.size,
    bundles: bundles.map(({ demands }) => demands.flatMap((id) => positions.get(id) ?? [])),
    contribution(bundle, trips, branchesOf) {
      const stated = bundles[bundle];
      if (stated === undefined) throw new RangeError(`bundle ${bundle} of ${bundles.length}`);
      const { loads, unstated } = contributionOf(space, stated, trips, branchesOf);
      return Float64Array.from([
        ...loads.flatMap(({ key, low, high }) => [key, low, high]),
        ...unstated.flatMap((key) => [key + space.size, 1, 1]),
      ]);
    },
    capacity(key) {
      // Above the rate of a circuit packets may pass while both of its ports are up (ER-014).
      return key >= space.size || carrierOf(key).kind === 'circuit' ? undefined : free(key);
    },
    free,
    carrierOf,
    nameOf(key) {
      const { kind, name, link } = carrierOf(key);
      const direction = key % 2 === 0 ? 0 : 1;
      if (link !== undefined) {
        const [from, to] = endsOf(compiled.network, link, direction);
        return `link ${name} from ${from.name} to ${to.name}`;
      }
      if (kind === 'lan') return `the LAN of ${name}, ${direction === 0 ? 'from' : 'to'} its clients`;
      return `${kind} ${name} ${direction === 0 ? 'to' : 'from'} Microsoft`;
    },
  };
}
