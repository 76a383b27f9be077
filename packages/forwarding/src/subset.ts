/**
 * The part of a network that decides the round trips of some sites, small enough to be built in a lab. What is outside is
 * taken away as if it had failed, and that it cannot change what is inside is computed, not assumed: with it and without
 * it the same round trips take the same ways, and the devices inside hold the same entries for every prefix that both
 * hold, in the normal state; and the round trips stay the same under every single failure inside.
 *
 * Under failures the prefixes of the outside that no packet in question can meet are left away first: a route is decided by the
 * routes of its own prefix, so this changes nothing unless a limit on the number of prefixes, an aggregate or a condition
 * ties them together; in the normal state all of them are there.
 *
 * Where a failure leads through a device outside, that device is taken in and everything is asked again. What still
 * differs then is a doubt, said with the device it comes from.
 *
 * Left out: failures of two elements at once, and loads, which the sites outside put on the lines inside.
 */
import { hostPrefix, type Prefix, prefixSet, setTouches, unionOf } from '@bothways/net';
import type { CompiledNetwork, DeviceIx, LinkIx, Network } from '@bothways/network';
import { type ControlPlane, converge, type Failures, reconverge, sameFibEntry } from '@bothways/routing';
import { towardsService } from './conversation.ts';
import { branchesOfTrip, type DataPlane, type RoundTrip, roundTrips } from './round-trip.ts';

export interface Wanted {
  /** Names of places (sites, groups of users, machines); empty: all. */
  readonly sites: readonly string[];
  /** Names of circuits whose devices are kept whether used or not. */
  readonly circuits: readonly string[];
}

export interface Subset {
  /** The same network with the demands of the chosen places only. */
  readonly compiled: CompiledNetwork;
  /** Ascending. */
  readonly inside: readonly DeviceIx[];
  readonly outside: readonly DeviceIx[];
  readonly roundTrips: number;
  /** Entries of the devices inside: the same without the outside, and gone with the prefixes that lie there. */
  readonly entries: { readonly same: number; readonly gone: number };
  /** Single failures of devices and links inside that were asked about. */
  readonly failures: number;
  /** Devices taken in because a failure leads through them. */
  readonly takenIn: readonly { readonly device: DeviceIx; readonly without: string }[];
  /** Lines between a device inside and one outside. */
  readonly boundary: readonly LinkIx[];
  /** What the outside could change, in words; empty: nothing was found. */
  readonly doubts: readonly string[];
}

/** A chain of detours longer than this is no small part of a network. */
const mostRounds = 8;
/** Doubts beyond these say nothing new. */
const mostDoubts = 20;

/** Undefined: nobody of that name communicates. `progress` is told before each failure: how many are done of how many. */
export function subsetFor(
  compiled: CompiledNetwork,
  plane: ControlPlane,
  wanted: Wanted,
  progress: (done: number, of: number) => void = () => {},
): Subset | undefined {
  const { network } = compiled;
  const names = new Set(wanted.sites);
  const chosen = (name: string): boolean => names.size === 0 || names.has(name);
  const part: CompiledNetwork = {
    ...compiled,
    demands: {
      concrete: compiled.demands.concrete.filter(({ site }) => chosen(site.name)),
      skipped: compiled.demands.skipped,
      inbound: (compiled.demands.inbound ?? []).filter((each) => chosen(towardsService(compiled, each).site.name)),
    },
  };
  const normal = roundTrips(part, plane);
  if (normal.roundTrips.length === 0) return undefined;

  const inside = new Set<DeviceIx>(passed(part, normal));
  for (const { a, b, owner } of network.links) {
    if (owner !== undefined && wanted.circuits.includes(owner)) inside.add(a).add(b);
  }
  for (const name of names) {
    const router = compiled.siteRouters.get(name);
    if (router !== undefined) inside.add(router);
  }
  const takenIn: { device: DeviceIx; without: string }[] = [];
  const asked = new Set<string>();
  let doubts: string[] = [];
  for (let round = 0; round < mostRounds; round += 1) {
    doubts = [];
    const outside = outsideOf(network.devices.length, inside);
    const thin = { ...part, network: thinned(compiled, inside, normal) };
    const [whole, reduced] = [deadEnds(thin.network, inside), outside].map((devices) =>
      converge(thin.network, { failed: { devices } }),
    );
    if (whole === undefined || reduced === undefined) throw new Error('a network converges to nothing');
    const before = inside.size;
    const failures = failuresInside(compiled, inside);
    for (const [at, { fail, says }] of failures.entries()) {
      progress(at, failures.length);
      const [all, without] = [whole, reduced].map((each) => roundTrips(thin, reconverge(each, { fail })));
      if (all === undefined || without === undefined) throw new Error('two tables give two answers');
      asked.add(says);
      const differing = differences(all.roundTrips, without.roundTrips);
      if (differing.length === 0) continue;
      const through = passed(thin, all).filter((device) => !inside.has(device));
      for (const device of through) takenIn.push({ device, without: says });
      for (const device of through) inside.add(device);
      if (through.length === 0) doubts.push(`${says}: ${differing.slice(0, 3).join(', ')}`);
    }
    if (inside.size === before) {
      const rest = reconverge(plane, { fail: { devices: outside } });
      const { same, gone, different } = entriesOf(plane, rest, inside);
      const withoutFailure = differences(normal.roundTrips, roundTrips(part, rest).roundTrips);
      const found = [
        ...withoutFailure.map((id) => `in the normal state ${id} takes another way`),
        ...different.map((text) => `in the normal state ${text}`),
        ...doubts.map((text) => `without ${text}`),
      ];
      return {
        compiled: part,
        inside: [...inside].sort((a, b) => a - b),
        outside,
        roundTrips: normal.roundTrips.length,
        entries: { same, gone },
        failures: asked.size,
        takenIn,
        boundary: network.links.filter(({ a, b }) => inside.has(a) !== inside.has(b)).map(({ ix }) => ix),
        doubts: found.slice(0, mostDoubts),
      };
    }
  }
  throw new Error(`a subset of ${inside.size} devices still grows after ${mostRounds} rounds`);
}

function outsideOf(count: number, inside: ReadonlySet<DeviceIx>): readonly DeviceIx[] {
  return Array.from({ length: count }, (_, ix) => ix).filter((ix) => !inside.has(ix));
}

/** Every device on any branch of any round trip, and every device that holds an address of one, each once. */
function passed(compiled: CompiledNetwork, { input, roundTrips: trips }: DataPlane): readonly DeviceIx[] {
  const asked = unionOf(...trips.map(({ covers }) => covers));
  const devices = new Set<DeviceIx>(
    compiled.network.devices
      .filter(({ connected }) => connected.some(({ prefixes }) => prefixes.some((prefix) => setTouches(asked, prefix))))
      .map(({ ix }) => ix),
  );
  for (const trip of trips) {
    for (const { forward, back } of branchesOfTrip(compiled, input, trip)) {
      for (const way of back === undefined ? [forward] : [forward, back]) {
        for (const { device } of way.path.hops) devices.add(device);
      }
    }
  }
  return [...devices];
}

/** The network without the prefixes of outside devices that no packet asked about can have as source or destination. */
function thinned(
  { network }: CompiledNetwork,
  inside: ReadonlySet<DeviceIx>,
  { roundTrips: trips }: DataPlane,
): Network {
  const own = network.devices.filter(({ ix }) => inside.has(ix));
  const kept = unionOf(
    ...trips.flatMap(({ sources, covers }) => [sources, covers]),
    prefixSet(
      own.flatMap(({ sourceNat, destinationNat = [] }) => [
        ...sourceNat.flatMap(({ pool }) => pool),
        ...destinationNat.flatMap(({ publicAddress, insideAddress }) => [
          hostPrefix(publicAddress),
          hostPrefix(insideAddress),
        ]),
      ]),
    ),
  );
  const thin = <T extends { readonly prefixes: readonly Prefix[] }>(lists: readonly T[]): readonly T[] =>
    lists
      .map((list) => ({ ...list, prefixes: list.prefixes.filter((prefix) => setTouches(kept, prefix)) }))
      .filter(({ prefixes }) => prefixes.length > 0);
  const devices = network.devices.map((device) =>
    inside.has(device.ix)
      ? device
      : { ...device, connected: thin(device.connected), originations: thin(device.originations) },
  );
  return { ...network, devices };
}

/**
 * Devices outside that hang on a single device inside and have nothing of their own to say: whatever they know they know
 * from there, and it does not believe its own routes (RFC 4271 section 9.1.2, RFC 4456 section 8).
 */
function deadEnds({ devices, links, sessions }: Network, inside: ReadonlySet<DeviceIx>): readonly DeviceIx[] {
  const neighbours = devices.map(() => new Set<DeviceIx>());
  for (const [a, b] of [
    ...links.map((link) => [link.a, link.b] as const),
    ...sessions.map(({ ends }) => [ends[0].device, ends[1].device] as const),
  ]) {
    neighbours[a]?.add(b);
    neighbours[b]?.add(a);
  }
  const seen = new Set<DeviceIx>();
  const found: DeviceIx[] = [];
  for (const { ix } of devices) {
    if (inside.has(ix) || seen.has(ix)) continue;
    const part = new Set([ix]);
    const attached = new Set<DeviceIx>();
    for (const device of part) {
      for (const next of neighbours[device] ?? []) (inside.has(next) ? attached : part).add(next);
    }
    for (const device of part) seen.add(device);
    const silent = [...part].every((device) => {
      const { connected = [], originations = [], aggregates = [] } = devices[device] ?? {};
      return connected.length + originations.length + aggregates.length === 0;
    });
    if (silent && attached.size <= 1) found.push(...part);
  }
  return found;
}

interface InsideFailure {
  readonly fail: Failures;
  readonly says: string;
}

function failuresInside({ network }: CompiledNetwork, inside: ReadonlySet<DeviceIx>): readonly InsideFailure[] {
  return [
    ...network.devices
      .filter(({ ix }) => inside.has(ix))
      .map(({ ix, name }) => ({ fail: { devices: [ix] }, says: `device ${name}` })),
    ...network.links
      .filter(({ a, b }) => inside.has(a) && inside.has(b))
      .map(({ ix, name }) => ({ fail: { links: [ix] }, says: `link ${name}` })),
  ];
}

/** Ids of round trips that do not end alike or do not take the same ways. */
function differences(some: readonly RoundTrip[], others: readonly RoundTrip[]): readonly string[] {
  const texts = new Map(others.map((trip) => [trip.id, textOf(trip)]));
  const differing = some.filter((trip) => texts.get(trip.id) !== textOf(trip)).map(({ id }) => id);
  const known = new Set(some.map(({ id }) => id));
  return [...differing, ...others.map(({ id }) => id).filter((id) => !known.has(id))];
}

function textOf({ outcome, forward, back, branches }: RoundTrip): string {
  const ways = [forward, ...(back === undefined ? [] : [back])].map(({ path }) => [
    path.disposition,
    path.hops.map(({ device, leftOn }) => [device, leftOn]),
  ]);
  return JSON.stringify([outcome, branches, ways]);
}

function entriesOf(
  plane: ControlPlane,
  reduced: ControlPlane,
  inside: ReadonlySet<DeviceIx>,
): { readonly same: number; readonly gone: number; readonly different: readonly string[] } {
  let same = 0;
  let gone = 0;
  const different: string[] = [];
  for (const device of [...inside].sort((a, b) => a - b)) {
    for (const { ix, prefixes } of plane.classes) {
      const [whole, without] = [plane.fibs[device]?.get(ix), reduced.fibs[device]?.get(ix)];
      if (whole === undefined && without === undefined) continue;
      if (without === undefined) gone += prefixes.length;
      else if (sameFibEntry(whole, without)) same += prefixes.length;
      else different.push(`${plane.network.devices[device]?.name} holds another entry for ${prefixes.length} prefixes`);
    }
  }
  return { same, gone, different };
}
