/**
 * Round trips: for each demand, every address of its target, the way there and the way back.
 *
 * Addresses that take the same ways are one round trip; a demand has several only where parts of its target differ.
 * A round trip holds when the request and its answer arrive on every equal-cost branch; otherwise the first branch that
 * fails is the one shown.
 */
import { type Family, type PrefixSet, prefixSet, setEquals, unionOf } from '@bothways/net';
import type { CompiledNetwork, ConcreteDemand, Device, Link } from '@bothways/network';
import type { ControlPlane } from '@bothways/routing';
import { AddressSpace, type Piece } from './address-space.ts';
import { type Disposition, outcomeOf } from './disposition.ts';
import { lastHop, type Packet, type PacketPath } from './path.ts';
import { deviceAt, linkAt, type Subject, type WalkInput, walkAnswer, walkRequest } from './walk.ts';

/** How a path crosses the border of the customer: over a circuit, an internet edge, or not at all. */
export type Via =
  | { readonly kind: 'expressroute'; readonly name: string }
  | { readonly kind: 'internet'; readonly name: string }
  | { readonly kind: 'internal' };

export interface Way {
  readonly path: PacketPath;
  readonly disposition: Disposition;
  readonly via: Via;
}

/** Symmetry at three depths; harmless asymmetry has `edge` false or `hops` false while the round trip holds. */
export interface Symmetry {
  readonly edge: boolean;
  readonly statefulDevices: boolean;
  readonly hops: boolean;
}

export interface RoundTrip {
  /** The demand's id; '#2', '#3' … where parts of the target behave differently. */
  readonly id: string;
  readonly demand: ConcreteDemand;
  readonly family: Family;
  /** Client addresses this verdict covers; the round trips of a demand are a partition of clients and target. */
  readonly sources: PrefixSet;
  /** Destination addresses this verdict covers. */
  readonly covers: PrefixSet;
  readonly outcome: 'holds' | 'broken' | 'unknown';
  readonly forward: Way;
  /** Undefined when the request did not arrive. */
  readonly back: Way | undefined;
  readonly symmetry: Symmetry;
  /** Request branches times answer branches that were followed. */
  readonly branches: number;
  /** Where else a branch goes: other circuits or edges than the ones shown. */
  readonly otherVias: readonly Via[];
}

export interface DataPlane {
  readonly space: AddressSpace;
  readonly roundTrips: readonly RoundTrip[];
}

export function roundTrips(compiled: CompiledNetwork, plane: ControlPlane): DataPlane {
  const space = new AddressSpace(plane, compiled.network);
  const input: WalkInput = { network: compiled.network, space };
  return { space, roundTrips: compiled.demands.concrete.flatMap((demand) => tripsOf(compiled, input, demand)) };
}

/** The round trips of one demand that the estate need not contain: what the trace command asks for. */
export function roundTripsOf(
  compiled: CompiledNetwork,
  space: AddressSpace,
  demand: ConcreteDemand,
): readonly RoundTrip[] {
  return tripsOf(compiled, { network: compiled.network, space }, demand);
}

/** Targets that may well be some public host which nobody announced by name. */
const ANYWHERE: ReadonlySet<string> = new Set(['public-internet', 'any']);

interface Branch {
  readonly forward: Way;
  readonly back: Way | undefined;
  readonly outcome: RoundTrip['outcome'];
}

function tripsOf(compiled: CompiledNetwork, input: WalkInput, demand: ConcreteDemand): readonly RoundTrip[] {
  const home = compiled.siteRouters.get(demand.site.name);
  if (home === undefined) throw new Error(`site '${demand.site.name}' has no router`);
  const trips: { readonly key: string; trip: RoundTrip }[] = [];
  for (const source of demand.sources) {
    const family = source.family;
    for (const from of input.space.pieces(prefixSet([source]), family)) {
      for (const [key, alike] of alikeFrom(input, demand, home, from)) {
        const at = trips.findIndex((held) => held.key === key && setEquals(held.trip.covers, alike.covers));
        const same = trips[at];
        if (same !== undefined) {
          same.trip = { ...same.trip, sources: unionOf(same.trip.sources, from.set) };
          continue;
        }
        const { branches, covers } = alike;
        const shown = branches.find((branch) => branch.outcome !== 'holds') ?? branches[0];
        if (shown === undefined) throw new Error(`no branch for ${demand.id}`);
        const trip: RoundTrip = {
          id: trips.length === 0 ? demand.id : `${demand.id}#${trips.length + 1}`,
          demand,
          family,
          sources: from.set,
          covers,
          outcome: worst(branches),
          forward: shown.forward,
          back: shown.back,
          symmetry: symmetryOf(input, shown),
          branches: branches.length,
          otherVias: otherVias(branches, shown),
        };
        trips.push({ key, trip });
      }
    }
  }
  return trips.map(({ trip }) => trip);
}

interface Alike {
  readonly branches: readonly Branch[];
  covers: PrefixSet;
}

/** The target as one piece of the clients sees it: the parts that behave alike, by signature. */
function alikeFrom(input: WalkInput, demand: ConcreteDemand, home: number, from: Piece): ReadonlyMap<string, Alike> {
  const groups = new Map<string, Alike>();
  for (const to of input.space.pieces(demand.target.set, from.family)) {
    const packet: Packet = { source: from.representative, destination: to.representative };
    const branches = followed(input, demand, home, packet);
    const key = `${from.family} ${branches.map((branch) => signature(input, branch)).join(' | ')}`;
    const same = groups.get(key);
    if (same === undefined) groups.set(key, { branches, covers: to.set });
    else same.covers = unionOf(same.covers, to.set);
  }
  return groups;
}

function followed(input: WalkInput, demand: ConcreteDemand, home: number, packet: Packet): readonly Branch[] {
  const branches: Branch[] = [];
  for (const path of walkRequest(input, home, packet, subjectOf(demand))) {
    const forward = arrival(input, path, ({ half }) => half === 'microsoft' || ANYWHERE.has(demand.target.id));
    if (forward.disposition !== 'delivered') {
      branches.push({ forward, back: undefined, outcome: outcomeOf(forward.disposition) });
      continue;
    }
    const answer: Packet = { source: path.last.destination, destination: path.last.source };
    for (const returned of walkAnswer(input, lastHop(path).device, answer, path.sessions)) {
      const back = arrival(input, returned, ({ ix }) => ix === home);
      branches.push({ forward, back, outcome: outcomeOf(back.disposition) });
    }
  }
  return branches;
}

function subjectOf(demand: ConcreteDemand): Subject {
  const main = demand.ports?.[0] ?? demand.flow.ports[0];
  const port = main === undefined ? undefined : { protocol: main.protocol, port: main.first };
  return { flow: demand.flow.id, port };
}

/**
 * A packet that ends at the catch-all of the public internet, or at the wrong device, did not arrive: nobody announced
 * its destination there.
 */
function arrival(input: WalkInput, path: PacketPath, isRight: (device: Device) => boolean): Way {
  const via = viaOf(input, path);
  if (path.disposition !== 'delivered') return { path, disposition: path.disposition, via };
  if (isRight(deviceAt(input.network, lastHop(path).device))) return { path, disposition: 'delivered', via };
  const hops = path.hops.map((hop, position) =>
    position === path.hops.length - 1
      ? { ...hop, steps: [...hop.steps, { kind: 'dropped' as const, because: 'no-route' as const, origins: [] }] }
      : hop,
  );
  return { path: { ...path, hops, disposition: 'no-route' }, disposition: 'no-route', via };
}

/** The first circuit or internet edge that the path touches. */
function viaOf(input: WalkInput, path: PacketPath): Via {
  let seenInternet = false;
  for (const hop of path.hops) {
    for (const link of crossed(input, hop.leftOn)) {
      if (link.kind === 'circuit') return { kind: 'expressroute', name: link.owner ?? link.name };
      if (link.kind === 'internet' && link.owner !== undefined) return { kind: 'internet', name: link.owner };
      if (link.kind === 'internet') seenInternet = true;
    }
  }
  return seenInternet ? { kind: 'internet', name: 'direct' } : { kind: 'internal' };
}

function crossed(input: WalkInput, link: number | undefined): readonly Link[] {
  return link === undefined ? [] : [linkAt(input.network, link)];
}

function symmetryOf(input: WalkInput, branch: Branch): Symmetry {
  const { forward, back } = branch;
  if (back === undefined) return { edge: false, statefulDevices: false, hops: false };
  const there = forward.path.hops.map((hop) => hop.device);
  const here = back.path.hops.map((hop) => hop.device).toReversed();
  const stateful = (devices: readonly number[]): string =>
    devices.filter((ix) => deviceAt(input.network, ix).firewall?.stateful === true).join();
  return {
    edge: viaText(forward.via) === viaText(back.via),
    statefulDevices: stateful(there) === stateful(here),
    hops: there.join() === here.join(),
  };
}

export function viaText(via: Via): string {
  return via.kind === 'internal' ? 'internal' : `${via.kind}:${via.name}`;
}

function otherVias(branches: readonly Branch[], shown: Branch): readonly Via[] {
  const mine = new Set([viaText(shown.forward.via), ...(shown.back === undefined ? [] : [viaText(shown.back.via)])]);
  const others = new Map<string, Via>();
  for (const branch of branches) {
    for (const way of [branch.forward, branch.back]) {
      if (way === undefined || mine.has(viaText(way.via))) continue;
      others.set(viaText(way.via), way.via);
    }
  }
  return [...others.values()];
}

function worst(branches: readonly Branch[]): RoundTrip['outcome'] {
  if (branches.some((branch) => branch.outcome === 'broken')) return 'broken';
  return branches.some((branch) => branch.outcome === 'unknown') ? 'unknown' : 'holds';
}

/**
 * Branches with equal signatures tell the customer the same story. Where Microsoft delivers inside its network is not
 * part of it: a region and a service that shares its addresses are one answer.
 */
function signature(input: WalkInput, branch: Branch): string {
  return [branch.forward, branch.back].map((way) => waySignature(input, way)).join('<');
}

function waySignature(input: WalkInput, way: Way | undefined): string {
  if (way === undefined) return '';
  const hops = way.path.hops
    .filter((hop) => {
      const { half, role } = deviceAt(input.network, hop.device);
      return half !== 'microsoft' || role === 'msee' || hop.steps.some((step) => step.kind === 'dropped');
    })
    .map((hop) => `${hop.device}/${hop.leftOn ?? ''}:${hop.steps.map((step) => step.kind).join('+')}`);
  return `${way.disposition} ${viaText(way.via)}@${hops.join('>')}`;
}
