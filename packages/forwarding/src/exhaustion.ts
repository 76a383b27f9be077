/**
 * Pools that have run out of ports. How many ports a pool needs is computed elsewhere; here the sessions that would be
 * translated to an exhausted pool are lost.
 */
import { setHas } from '@bothways/net';
import type { CompiledNetwork } from '@bothways/network';
import { type DataPlane, type RoundTrip, type RoundTripOptions, roundTripsOf } from './round-trip.ts';
import type { ExhaustedPool } from './translation.ts';

/**
 * The data plane with these pools exhausted. Round trips of one branch that meets none of them stay the same objects,
 * unless resolvers are described: a query for a name is a packet of its own, and no round trip shows its way.
 */
export function applyExhaustion(
  compiled: CompiledNetwork,
  data: DataPlane,
  exhausted: readonly ExhaustedPool[],
  options: RoundTripOptions = {},
): DataPlane {
  if (exhausted.length === 0) return data;
  const input = { ...data.input, exhausted };
  const asks = compiled.steering !== undefined;
  const touched = new Set(
    data.roundTrips.filter((trip) => asks || trip.branches > 1 || usesAny(trip, exhausted)).map((trip) => trip.demand),
  );
  const again = new Map([...touched].map((each) => [each, roundTripsOf(compiled, input, each, options)] as const));
  const done = new Set<RoundTrip['demand']>();
  const roundTrips = data.roundTrips.flatMap((trip) => {
    const fresh = again.get(trip.demand);
    if (fresh === undefined) return [trip];
    if (done.has(trip.demand)) return [];
    done.add(trip.demand);
    return fresh;
  });
  return { ...data, input, roundTrips };
}

function usesAny(trip: RoundTrip, exhausted: readonly ExhaustedPool[]): boolean {
  return trip.forward.path.hops.some((hop) =>
    hop.steps.some(
      (step) =>
        step.kind === 'translated' &&
        exhausted.some((pool) => pool.device === hop.device && setHas(pool.addresses, step.to.source)),
    ),
  );
}
