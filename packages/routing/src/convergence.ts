/**
 * Convergence of one class of prefixes: speakers are activated by what reaches them until nothing changes (the
 * activation model of Griffin, Shepherd and Wilfong, "The stable paths problem and interdomain routing", 2002, with
 * whole paths as state). Messages arrive at once and in order; activations are first come, first served, so the run is
 * the same every time.
 *
 * A class that does not come to rest is activated in rounds from then on, one speaker after the other by position. A
 * round is a function of the state before it, so a state that returns proves a cycle, which is handed back.
 *
 * Left out: timers, MRAI, damping; the time convergence takes is not modelled.
 */
import type { Family } from '@bothways/net';
import type { DeviceIx, SessionIx } from '@bothways/network';
import type { BgpClass } from './classes.ts';
import { type DecisionProcess, installable, processOf, rank } from './decision.ts';
import { type Rival, rivalsOf } from './rivals.ts';
import type { Candidate, PathNode } from './transfer.ts';
import {
  type Direction,
  type DirectionIx,
  differsByFamily,
  element,
  isUp,
  type Situation,
  type Wiring,
} from './wiring.ts';

/** One change of mind in a cycle. */
export interface Turn {
  readonly device: DeviceIx;
  readonly from: Candidate | undefined;
  readonly to: Candidate | undefined;
}

export type Rest =
  | { readonly kind: 'stable' }
  | { readonly kind: 'cycle'; readonly turns: readonly Turn[] }
  /** Neither came to rest nor repeated itself within the limit. */
  | { readonly kind: 'undecided'; readonly rounds: number };

/** What a class is settled from: the routes that devices put into BGP, and the directions that none of it takes. */
export interface Inputs {
  /** At most one per device. */
  readonly locals: readonly PathNode[];
  /** Ascending: sent only on a condition that does not hold. */
  readonly held: readonly DirectionIx[];
  /** Devices, ascending, that suppress the class for an aggregate they have: their own aggregates of it excepted. */
  readonly suppressing: readonly DeviceIx[];
}

/** What every device holds for a class. */
export interface Settled {
  readonly inputs: Inputs;
  /** Best path per device. */
  readonly best: readonly (PathNode | undefined)[];
  /** Installed paths, the best one first, of the devices that install several. */
  readonly multipath: ReadonlyMap<DeviceIx, readonly PathNode[]>;
  /** What would be installed instead, of the devices where an arbitrary step decides: see `rivals.ts`. */
  readonly rivals: ReadonlyMap<DeviceIx, readonly Rival<PathNode>[]>;
  /** Routes that were somebody's best path on the way here and are no longer. */
  readonly passing: readonly PathNode[];
  /** Directions with a limit on accepted prefixes that carry a route of the class. */
  readonly limited: readonly Direction[];
  readonly rest: Rest;
}

/** A speaker changes its mind and tells its neighbours. */
export interface Activation extends Turn {
  /** Neighbours that notice, by session; without a route: it is withdrawn. */
  readonly told: readonly {
    readonly session: SessionIx;
    readonly device: DeviceIx;
    readonly route: Candidate | undefined;
  }[];
}

const UNNOTICED: readonly Direction[] = [];

export interface Limits {
  /** Activations per device before a class is suspected of oscillating. */
  readonly activations: number;
  /** Rounds before an oscillation without a repeated state is given up. */
  readonly rounds: number;
}

/** Tables that a class is settled from; without them everybody starts with nothing. */
export interface Start {
  readonly best: readonly (PathNode | undefined)[];
}

/** By device. */
interface Directions {
  readonly outgoing: readonly (readonly Direction[])[];
  readonly incoming: readonly (readonly Direction[])[];
}

function directionsUp(wiring: Wiring, situation: Situation, family: Family): Directions {
  const up = (direction: Direction): boolean => isUp(situation, direction, family);
  return {
    outgoing: wiring.outgoing.map((list) => list.filter(up)),
    incoming: wiring.incoming.map((list) => list.filter(up)),
  };
}

/** Owns the scratch tables of one network in one situation and settles its classes one after the other. */
export class Settler {
  readonly #wiring: Wiring;
  readonly #situation: Situation;
  readonly #limits: Limits;
  readonly #directions: Readonly<Record<Family, Directions>>;
  #outgoing: Directions['outgoing'];
  #incoming: Directions['incoming'];
  readonly #counted: readonly Direction[];
  /** By device. */
  readonly #processes: readonly DecisionProcess[];
  readonly #context = { cost: (route: Candidate): number => this.costOf(route) };
  /** What each direction delivered, by direction. */
  readonly #delivered: (PathNode | null)[];
  readonly #local: (PathNode | undefined)[];
  #best: (PathNode | undefined)[] = [];
  /** By device: what the meaningful steps left at its latest choice, in order; undefined: one or nothing. */
  readonly #tied: (readonly PathNode[] | undefined)[];
  /** By direction: 1 where nothing is sent; undefined: nowhere. */
  #held: Uint8Array | undefined;
  /** What a speaker keeps to itself while it has an aggregate. */
  #suppressing: readonly DeviceIx[] = [];
  #passing: PathNode[] = [];
  #observe: ((activation: Activation) => void) | undefined;

  constructor(wiring: Wiring, situation: Situation, limits: Limits) {
    this.#wiring = wiring;
    this.#situation = situation;
    this.#limits = limits;
    this.#delivered = new Array<PathNode | null>(wiring.directions.length).fill(null);
    this.#local = new Array<PathNode | undefined>(wiring.network.devices.length).fill(undefined);
    this.#tied = new Array<readonly PathNode[] | undefined>(wiring.network.devices.length).fill(undefined);
    this.#processes = wiring.network.devices.map(({ decision }) => processOf(decision));
    const four = directionsUp(wiring, situation, 4);
    this.#directions = { 4: four, 6: differsByFamily(situation) ? directionsUp(wiring, situation, 6) : four };
    this.#outgoing = four.outgoing;
    this.#incoming = four.incoming;
    this.#counted = wiring.directions.filter(({ receiver }) => receiver.maximumPrefixes !== undefined);
  }

  /** Cost to the next hop of a route, as the decision asks for it. */
  costOf(route: Candidate): number {
    // An external session over a link is up, so its link is, and the neighbour's address is on it.
    if (route.kind === 'local') return 0;
    const { nextHop, nextHopLink } = route.attributes;
    if (route.kind === 'ebgp' && nextHopLink !== undefined) return 0;
    return this.#situation.igp.cost(route.device, nextHop, nextHopLink);
  }

  /** Settles a class from nothing, or from the tables it had before something happened. */
  settle(
    bgpClass: BgpClass,
    inputs: Inputs,
    options: {
      readonly start?: Start;
      /** This speaker is activated only when nobody else has anything to do. */
      readonly slowest?: DeviceIx;
      readonly observe?: (activation: Activation) => void;
    } = {},
  ): Settled {
    const size = this.#wiring.network.devices.length;
    const { outgoing, incoming } = this.#directions[bgpClass.subject.family];
    this.#outgoing = outgoing;
    this.#incoming = incoming;
    this.#delivered.fill(null);
    this.#local.fill(undefined);
    this.#tied.fill(undefined);
    this.#best = new Array<PathNode | undefined>(size).fill(undefined);
    this.#passing = [];
    this.#observe = options.observe;
    this.#held = undefined;
    const { locals, held, suppressing } = inputs;
    this.#suppressing = suppressing;
    if (held.length > 0) {
      this.#held = new Uint8Array(this.#wiring.directions.length);
      for (const direction of held) this.#held[direction] = 1;
    }
    for (const route of locals) {
      if (this.#situation.liveness.device[route.device] === 1) this.#local[route.device] = route;
    }
    const queue =
      options.start === undefined ? locals.map((route) => route.device) : this.#restart(bgpClass, options.start);
    const rest = this.#drain(bgpClass, queue, options.slowest) ? ({ kind: 'stable' } as const) : this.#rounds(bgpClass);
    const limited = this.#counted.filter((direction) => this.#delivered[direction.ix] !== null);
    const { multipath, rivals } = this.#beside(rest.kind === 'stable');
    return { inputs, best: this.#best, multipath, rivals, passing: this.#passing, limited, rest };
  }

  /** Lets go of the paths made while the latest class was settled; they can be made again. */
  forget(): void {
    for (const route of this.#delivered) route?.forget();
    for (const route of this.#best) route?.forget();
    for (const route of this.#passing) route.forget();
  }

  /** Puts the earlier tables in place, as far as sessions still hold; everybody then looks again. */
  #restart(bgpClass: BgpClass, { best }: Start): DeviceIx[] {
    this.#best = best.map((route, device) => (this.#situation.liveness.device[device] === 1 ? route : undefined));
    for (const [device, route] of this.#best.entries()) {
      for (const direction of this.#outgoing[device] ?? []) this.#deliver(bgpClass, direction, route);
    }
    return [...this.#best.keys()];
  }

  #drain(bgpClass: BgpClass, queue: DeviceIx[], slowest: DeviceIx | undefined): boolean {
    const waiting = new Uint8Array(this.#best.length);
    for (const device of queue) waiting[device] = 1;
    const limit = this.#limits.activations * this.#best.length;
    for (let at = 0; at < queue.length; at++) {
      if (at >= limit) return false;
      const device = queue[at];
      if (device === undefined) break;
      if (device === slowest && at + 1 < queue.length) {
        queue.push(device);
        continue;
      }
      waiting[device] = 0;
      for (const { to } of this.#activate(bgpClass, device)) {
        if (waiting[to.ix] === 1) continue;
        waiting[to.ix] = 1;
        queue.push(to.ix);
      }
    }
    return true;
  }

  /** Lets one speaker choose; gives the directions over which neighbours notice. */
  #activate(bgpClass: BgpClass, device: DeviceIx): readonly Direction[] {
    const from = this.#best[device];
    const to = this.#choose(device)[0];
    if (to === from) return UNNOTICED;
    this.#best[device] = to;
    if (from !== undefined) this.#passing.push(from);
    const noticed = (this.#outgoing[device] ?? []).filter((direction) => this.#deliver(bgpClass, direction, to));
    if (this.#observe !== undefined) {
      const told = noticed.map((direction) => ({
        session: direction.session.ix,
        device: direction.to.ix,
        route: this.#delivered[direction.ix] ?? undefined,
      }));
      this.#observe({ device, from, to, told });
    }
    return noticed;
  }

  /** Puts the neighbour's version of a route in place; false where the neighbour notices nothing. */
  #deliver(bgpClass: BgpClass, direction: Direction, route: PathNode | undefined): boolean {
    const held = route === undefined || this.#held?.[direction.ix] === 1 || isSuppressed(this.#suppressing, route);
    const arrived = held ? null : route.carry(direction, bgpClass.subject);
    if (this.#delivered[direction.ix] === arrived) return false;
    this.#delivered[direction.ix] = arrived;
    return true;
  }

  #choose(device: DeviceIx): PathNode[] {
    const candidates = this.#candidates(device);
    rank(candidates, this.#context, element(this.#processes, device, 'device'));
    this.#tied[device] = candidates.length > 1 ? candidates : undefined;
    return candidates;
  }

  #candidates(device: DeviceIx): PathNode[] {
    const candidates: PathNode[] = [];
    const local = this.#local[device];
    if (local !== undefined) candidates.push(local);
    for (const direction of this.#incoming[device] ?? []) {
      const route = this.#delivered[direction.ix];
      if (route !== null && route !== undefined) candidates.push(route);
    }
    return candidates;
  }

  /** One round of activations by position; gives the changes it made. */
  #round(bgpClass: BgpClass): readonly Turn[] {
    const turns: Turn[] = [];
    for (let device = 0; device < this.#best.length; device++) {
      const from = this.#best[device];
      this.#activate(bgpClass, device);
      const to = this.#best[device];
      if (to !== from) turns.push({ device, from, to });
    }
    return turns;
  }

  #rounds(bgpClass: BgpClass): Rest {
    const names = new Map<PathNode | undefined, number>();
    const seen = new Map<string, number>();
    const history: (readonly Turn[])[] = [];
    // Deliveries follow from the best paths once every device has been activated, so these are the whole state.
    while (history.length < this.#limits.rounds) {
      const state = this.#best.map((route) => nameOf(names, route)).join(' ');
      const before = seen.get(state);
      if (before !== undefined) return { kind: 'cycle', turns: history.slice(before).flat() };
      seen.set(state, history.length);
      const turns = this.#round(bgpClass);
      if (turns.length === 0) return { kind: 'stable' };
      history.push(turns);
    }
    return { kind: 'undecided', rounds: history.length };
  }

  /** What stands beside the best paths, and what would stand there instead. */
  #beside(isStable: boolean): Pick<Settled, 'multipath' | 'rivals'> {
    const multipath = new Map<DeviceIx, readonly PathNode[]>();
    const rivals = new Map<DeviceIx, readonly Rival<PathNode>[]>();
    for (const [device, best] of this.#best.entries()) {
      if (best === undefined) continue;
      const { decision } = element(this.#wiring.network.devices, device, 'device');
      const process = element(this.#processes, device, 'device');
      // Where all came to rest, everybody has chosen from what stands there now.
      const looksWider = process.readings !== undefined || (process.pairwise && decision.maximumPaths > 1);
      const tied = this.#tied[device];
      if (tied === undefined && !looksWider && isStable) continue;
      const ranked = isStable ? (tied ?? [best]) : this.#choose(device);
      const all = looksWider || !isStable ? this.#candidates(device) : ranked;
      const installed = installable(ranked, all, this.#context, decision, process);
      if (installed.length > 1) multipath.set(device, installed);
      const others = rivalsOf(ranked, all, installed, this.#context, decision, process);
      if (others.length > 0) rivals.set(device, others);
    }
    return { multipath, rivals };
  }
}

/** FRR and RFC 4271 section 9.2.2.2: what is less specific takes the place of routes, not of another aggregate. */
export function isSuppressed(suppressing: readonly DeviceIx[], route: Candidate): boolean {
  const isOwnAggregate = route.kind === 'local' && route.source === 'aggregate';
  return suppressing.length > 0 && !isOwnAggregate && suppressing.includes(route.device);
}

function nameOf(names: Map<PathNode | undefined, number>, route: PathNode | undefined): number {
  let name = names.get(route);
  if (name === undefined) {
    name = names.size;
    names.set(route, name);
  }
  return name;
}
