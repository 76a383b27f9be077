/** The slow twin of the sweep: every set converged from nothing, every demand followed. */
import type { CompiledNetwork } from '@bothways/network';
import { converge } from '@bothways/routing';
import { conversationsOf } from '../src/conversation.ts';
import { drainedBy, type FailureElement, type FailureSet, failureElements, failuresOf } from '../src/elements.ts';
import { type RoundTrip, roundTrips } from '../src/round-trip.ts';

export function bruteTrips(
  compiled: CompiledNetwork,
  elements: readonly FailureElement[],
  set: FailureSet,
): { readonly trips: readonly (readonly RoundTrip[])[]; readonly stable: boolean } {
  const network = drainedBy(compiled, elements, set) ?? compiled.network;
  const plane = converge(network, { failed: failuresOf(network, elements, set) });
  const { roundTrips: trips } = roundTrips({ ...compiled, network }, plane);
  return {
    trips: conversationsOf(compiled).map(({ id }) => trips.filter((trip) => trip.demand.id === id)),
    stable: plane.outcome.kind === 'stable',
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
