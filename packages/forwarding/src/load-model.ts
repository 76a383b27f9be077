/**
 * Loads in the form that a sweep over failures wants: bundles of conversations by number, what each loads given its round
 * trips, and what each thing can take. Sums of whole bit/s, so that parts may be exchanged in any order.
 */
import type { CompiledNetwork } from '@bothways/network';
import { conversationsOf } from './conversation.ts';
import { contributionOf } from './load.ts';
import type { BranchesOf } from './load-branches.ts';
import { type Carrier, endsOf, type LoadKey, loadSpace } from './load-space.ts';
import type { RoundTrip } from './round-trip.ts';
import { type Traffic, trafficOf } from './traffic.ts';
import { bitsInUse } from './whole-bits.ts';

/** What the traffic of demands puts on links, ports and LANs. */
export interface LoadModel {
  /** Number of things that carry load; keys are 0 to size - 1. */
  readonly size: number;
  /** Positions of conversations whose traffic is stated together. */
  readonly bundles: readonly (readonly number[])[];
  /** What a bundle loads, given every round trip of its conversations: key, least and most bit/s, one after the other. */
  contribution(bundle: number, trips: readonly RoundTrip[], branchesOf: BranchesOf): Float64Array;
  /** Bit/s that a key can take on top of what uses it already; undefined: nobody said, or nothing is lost above it. */
  capacity(key: LoadKey): number | undefined;
  nameOf(key: LoadKey): string;
}

/** `traffic`: what the document and the published figures say, unless stated. Circuits count by their ports. */
export function loadModel(compiled: CompiledNetwork, traffic: Traffic = trafficOf(compiled)): LoadModel {
  const space = loadSpace(compiled);
  const positions = new Map(conversationsOf(compiled).map(({ id }, ix) => [id, ix]));
  const bundles = traffic.bundles.filter(({ rate }) => rate.kind === 'known');
  const carrierOf = (key: LoadKey): Carrier => {
    const carrier = space.carriers[key >> 1];
    if (carrier === undefined) throw new RangeError(`key ${key} of ${space.size}`);
    return carrier;
  };
  return {
    size: space.size,
    bundles: bundles.map(({ demands }) => demands.flatMap((id) => positions.get(id) ?? [])),
    contribution(bundle, trips, branchesOf) {
      const stated = bundles[bundle];
      if (stated === undefined) throw new RangeError(`bundle ${bundle} of ${bundles.length}`);
      const { loads } = contributionOf(space, stated, trips, branchesOf);
      return Float64Array.from(loads.flatMap(({ key, low, high }) => [key, low, high]));
    },
    capacity(key) {
      const { kind, bandwidth, utilisation } = carrierOf(key);
      // Above the rate of a circuit packets may pass while both of its ports are up (ER-014).
      if (kind === 'circuit' || bandwidth === undefined) return undefined;
      return bandwidth - bitsInUse(bandwidth, utilisation);
    },
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
