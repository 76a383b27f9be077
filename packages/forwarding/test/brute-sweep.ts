/** The slow twin of the sweep: every set converged from nothing, every demand followed. */
import type { Intent } from '@bothways/estate';
import type { CompiledNetwork } from '@bothways/network';
import { converge } from '@bothways/routing';
import { conversationsOf } from '../src/conversation.ts';
import { drainedBy, type FailureElement, type FailureSet, failureElements, failuresOf } from '../src/elements.ts';
import { loadOf, type NetworkLoad } from '../src/load.ts';
import { branchesOver } from '../src/load-branches.ts';
import { loadSpace } from '../src/load-space.ts';
import { type SessionAssumptions, sessionUses } from '../src/nat-ports.ts';
import { decideBandwidth, decideLoad, type QualityDecision } from '../src/quality-intents.ts';
import { type RoundTrip, roundTrips } from '../src/round-trip.ts';
import { countedUses } from '../src/sweep-pools.ts';
import type { Traffic } from '../src/traffic.ts';

export interface BruteSweep {
  /** By conversation. */
  readonly trips: readonly (readonly RoundTrip[])[];
  readonly stable: boolean;
  /** The load that the traffic puts on the network; the same traffic every time. */
  loads(traffic: Traffic): NetworkLoad;
  /** Bandwidth and load that an intent asks for, given the positions of its demands whose places are still there. */
  measured(intent: Intent, demands: readonly number[], traffic: Traffic): readonly QualityDecision['outcome'][];
  /** Every pool and connection table with its sessions. */
  sessions(assumptions: SessionAssumptions): ReturnType<typeof countedUses>;
}

export function bruteTrips(
  compiled: CompiledNetwork,
  elements: readonly FailureElement[],
  set: FailureSet,
): BruteSweep {
  const network = drainedBy(compiled, elements, set) ?? compiled.network;
  const plane = converge(network, { failed: failuresOf(network, elements, set) });
  const now = { ...compiled, network };
  const { roundTrips: trips, input } = roundTrips(now, plane);
  const byDemand = conversationsOf(compiled).map(({ id }) => trips.filter((trip) => trip.demand.id === id));
  const branchesOf = branchesOver(now, input);
  const space = loadSpace(now);
  let sums: ReturnType<typeof loadOf> | undefined;
  const loaded = (traffic: Traffic): ReturnType<typeof loadOf> => {
    sums ??= loadOf(now, space, traffic, trips, branchesOf);
    return sums;
  };
  return {
    trips: byDemand,
    stable: plane.outcome.kind === 'stable',
    loads: (traffic) => loaded(traffic).load,
    measured: ({ load, minimumBandwidthPerUser: minimum }, demands, traffic) => {
      const own = demands.flatMap((demand) => byDemand[demand] ?? []);
      const places = minimum === undefined ? [] : decideBandwidth(now, space, minimum, own, branchesOf);
      return [
        ...places.map(({ outcome }) => outcome),
        ...(load === undefined ? [] : [decideLoad(space, loaded(traffic).totals, load, own).outcome]),
      ];
    },
    sessions: (assumptions) => countedUses(now, sessionUses(now, trips, branchesOf), assumptions),
  };
}

/** Everything a round trip says, as text. */
export function tripsText(trips: readonly RoundTrip[]): string {
  const plain = trips.map(({ demand, ...rest }) => ({ demand: demand.id, ...rest }));
  return JSON.stringify(plain, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value), 1);
}

/** Every device and link of a network that has no risk groups. */
export function plainElements(compiled: CompiledNetwork): readonly FailureElement[] {
  const known = failureElements(compiled);
  if (known.length > 0) return known;
  const { devices, links } = compiled.network;
  const common = { devices: [], links: [], sessions: [], origins: [] };
  return [
    ...devices.map(
      ({ ix, name }): FailureElement => ({ ...common, id: `device ${name}`, kinds: ['device'], name, devices: [ix] }),
    ),
    ...links.map(
      ({ ix, name }): FailureElement => ({ ...common, id: `link ${name}`, kinds: ['link'], name, links: [ix] }),
    ),
  ];
}

/** Every carrier that is not known to be wide enough: how bad, and with how much. Circuits count by their ports. */
export function tooNarrow({
  carriers,
}: NetworkLoad): ReadonlyMap<number, { level: number; low: number; high: number }> {
  return new Map(
    carriers.flatMap(({ carrier, direction, verdict, load: { low, high } }) =>
      carrier.bandwidth === undefined || verdict === 'fits'
        ? []
        : [[carrier.key + direction, { level: verdict === 'overloaded' ? 2 : 1, low, high }] as const],
    ),
  );
}
