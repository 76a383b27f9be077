/**
 * Latency, bandwidth and load of an estate as intents and rules ask for them. What costs a walk over all branches is
 * made once per estate, when it is first asked for.
 */
import type { Intent } from '@bothways/estate';
import {
  branchesOver,
  type CarrierLoad,
  decideBandwidth,
  decideLatency,
  type LoadSpace,
  loadOf,
  loadSpace,
  type NetworkLoad,
  type PathQuality,
  type PlaceDecision,
  pathQuality,
  type RoundTrip,
  type SessionUse,
  sessionUses,
  trafficOf,
} from '@bothways/forwarding';
import type { CompiledNetwork } from '@bothways/network';
import type { EstateView } from './estate-view.ts';

export interface Measure {
  readonly outcome: RoundTrip['outcome'];
  readonly because: string;
}

interface Loaded {
  readonly space: LoadSpace;
  readonly load: NetworkLoad;
  /** Positions of links to what they carry, in both directions. */
  readonly byLink: ReadonlyMap<number, readonly CarrierLoad[]>;
}

const loads = new WeakMap<CompiledNetwork, Loaded>();

/** The load of the whole network under the demands of the document. */
export function loadedNetwork({ compiled, data }: EstateView): Loaded {
  let made = loads.get(compiled);
  if (made === undefined) {
    const space = loadSpace(compiled);
    const { load } = loadOf(compiled, space, trafficOf(compiled), data.roundTrips, branchesOver(compiled, data.input));
    const byLink = new Map<number, CarrierLoad[]>();
    for (const each of load.carriers) {
      const { link } = each.carrier;
      if (link === undefined) continue;
      const held = byLink.get(link);
      if (held === undefined) byLink.set(link, [each]);
      else held.push(each);
    }
    made = { space, load, byLink };
    loads.set(compiled, made);
  }
  return made;
}

const qualities = new WeakMap<RoundTrip, PathQuality>();

/** The quality of a round trip; several rules and intents ask for the same one. */
export function qualityOf({ compiled }: EstateView, trip: RoundTrip): PathQuality {
  const known = qualities.get(trip);
  if (known !== undefined) return known;
  const made = pathQuality(compiled, trip);
  qualities.set(trip, made);
  return made;
}

/** `limit`: milliseconds for the round trip. */
export function latencyOf(view: EstateView, trip: RoundTrip, limit: number): Measure {
  const { outcome, reason } = decideLatency(limit, qualityOf(view, trip));
  return { outcome, because: `${trip.demand.flow.id} from ${trip.demand.source.name}: ${reason}` };
}

/** Whether every user of each place gets the bits per second. */
export function placeBandwidths(view: EstateView, trips: readonly RoundTrip[], rate: number): readonly PlaceDecision[] {
  const { compiled, data } = view;
  return decideBandwidth(compiled, loadSpace(compiled), rate, trips, branchesOver(compiled, data.input));
}

/** `rate`: bits per second for every user. The worst of the places that the intent speaks of. */
export function bandwidthOf(view: EstateView, _: Intent, trips: readonly RoundTrip[], rate: number): Measure {
  const decisions = placeBandwidths(view, trips, rate);
  const shown =
    decisions.find(({ outcome }) => outcome === 'broken') ??
    decisions.find(({ outcome }) => outcome === 'unknown') ??
    decisions[0];
  if (shown === undefined) return { outcome: 'unknown', because: 'there is no round trip' };
  return { outcome: shown.outcome, because: `${shown.place}: ${shown.reason}` };
}

const sessions = new WeakMap<CompiledNetwork, readonly SessionUse[]>();

/** Which pools and connection tables the users of every place need. */
export function sessionsOf({ compiled, data }: EstateView): readonly SessionUse[] {
  let made = sessions.get(compiled);
  if (made === undefined) {
    made = sessionUses(compiled, data.roundTrips, branchesOver(compiled, data.input));
    sessions.set(compiled, made);
  }
  return made;
}

/** Whether every link on the way is used up to `most` of its bandwidth, 0 to 1. */
export function loadOnWay(view: EstateView, trip: RoundTrip, most: number): Measure {
  const { byLink } = loadedNetwork(view);
  let open: Measure | undefined;
  for (const way of [trip.forward, ...(trip.back === undefined ? [] : [trip.back])]) {
    for (const { leftOn } of way.path.hops) {
      for (const { carrier, inUse, load, unstated } of leftOn === undefined ? [] : (byLink.get(leftOn) ?? [])) {
        if (carrier.bandwidth === undefined || inUse === undefined) continue;
        const least = (inUse + load.low) / carrier.bandwidth;
        const share = `${Math.round(100 * least)} % of ${carrier.name}`;
        if (least > most)
          return { outcome: 'broken', because: `${share} is in use, more than ${Math.round(100 * most)} %` };
        if ((inUse + load.high) / carrier.bandwidth > most) {
          open ??= { outcome: 'unknown', because: `at least ${share} is in use, and equal ways may bring more` };
        } else if (unstated > 0) {
          open ??= { outcome: 'unknown', because: `at least ${share} is in use; demands without a rate come on top` };
        }
      }
    }
  }
  return open ?? { outcome: 'holds', because: `no link on the way is used above ${Math.round(100 * most)} %` };
}
