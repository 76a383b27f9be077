/**
 * The tables of one network under many sets of failures, one after the other, each made from a set near to it.
 *
 * `reconverge` takes a class over where the run of activations would be the same. That is always right and mostly too
 * careful: a link that carries routes nobody chose makes the run another one and leaves the tables as they are. Where
 * every class is proven to have one stable state (`single-state.ts`), tables that are still stable are the tables, and a
 * class is settled again only where a path in use is lost, starting from where it was. Without the proof every set is
 * reconverged. Both give what `converge` gives from nothing; the tests compare them.
 */
import type { DeviceIx, LinkIx } from '@bothways/network';
import { type ControlPlane, reconverge, settlementOf } from './control-plane.ts';
import type { Inputs, Settled } from './convergence.ts';
import { type DecisionProcess, installable, processOf, rank } from './decision.ts';
import { type FibEntry, type FibSource, fibEntry, sameFibEntry } from './forwarding-table.ts';
import { announcesSubnet } from './igp.ts';
import type { PolicySubject } from './policy.ts';
import { type Rival, rivalsOf } from './rivals.ts';
import { type Foundation, fibSource } from './settlement.ts';
import { SingleStates } from './single-state.ts';
import { type Candidate, type PathNode, samePath } from './transfer.ts';
import { type Direction, element, type Failures, isUp, type Situation, situationUnder } from './wiring.ts';

/** The tables under one set of failures. */
export interface FailureState {
  readonly failed: Failures;
  /** What the table of a device holds for exactly this class. */
  entry(device: DeviceIx, classIx: number): FibEntry | undefined;
  isDeviceUp(device: DeviceIx): boolean;
  /** False as well where a device at one of its ends failed. */
  isLinkUp(link: LinkIx): boolean;
  /** False where some class never comes to rest. */
  readonly stable: boolean;
}

/** What differs between two states. */
export interface EntryChanges {
  /** Devices that failed or came back: all of their entries. */
  readonly devices: readonly DeviceIx[];
  readonly links: readonly LinkIx[];
  /** Entries that differ or may, by class: devices in no order, some more than once. */
  readonly entries: ReadonlyMap<number, readonly DeviceIx[]>;
}

/** What a state has in addition when it was made here and not by `reconverge`. */
interface Made {
  readonly situation: Situation;
  readonly settled: readonly Settled[];
  readonly source: FibSource;
  /** Relative to `near`: per BGP class the devices whose routes changed. */
  readonly near: FailureState | undefined;
  readonly changed: ReadonlyMap<number, readonly DeviceIx[]>;
}

const NOTHING: ReadonlyMap<number, readonly DeviceIx[]> = new Map();

export class FailureStudy {
  readonly base: FailureState;
  /** True where every class has one stable state under all failures, so that little is settled again. */
  readonly proven: boolean;
  readonly #plane: ControlPlane;
  readonly #foundation: Foundation;
  readonly #made = new WeakMap<FailureState, Made>();
  readonly #planes = new WeakMap<FailureState, ControlPlane>();
  /** No way to a next hop leads through an IGP or over several hops: only the two ends of a session notice its link. */
  readonly #plain: boolean;
  readonly #processes: readonly DecisionProcess[];
  /** Per link, the classes and devices with a static route over it. */
  readonly #statics = new Map<LinkIx, { readonly classIx: number; readonly device: DeviceIx }[]>();
  /** Classes by BGP class. */
  readonly #classes: readonly number[][];

  constructor(plane: ControlPlane) {
    const { foundation, final, failed } = settlementOf(plane);
    this.#plane = plane;
    this.#foundation = foundation;
    const { wiring, table } = foundation;
    const { network } = wiring;
    this.proven = isProven(plane, foundation);
    this.#plain =
      network.sessions.every(({ link }) => link !== undefined) &&
      !network.links.some((link) => announcesSubnet(network, link));
    this.#processes = network.devices.map(({ decision }) => processOf(decision));
    for (const [classIx, places] of table.statics.entries()) {
      for (const { device, entry } of places) {
        const { next } = element(element(network.devices, device, 'device').statics, entry, 'static route');
        if (next.kind === 'discard') continue;
        const list = this.#statics.get(next.link) ?? [];
        list.push({ classIx, device });
        this.#statics.set(next.link, list);
      }
    }
    this.#classes = table.bgpClasses.map(() => []);
    for (const [classIx, bgpIx] of table.bgpClassOf.entries()) {
      if (bgpIx !== undefined) this.#classes[bgpIx]?.push(classIx);
    }
    this.base = this.proven
      ? this.#state(failed, final.situation, final.settled, undefined, NOTHING)
      : this.#viewOf(plane, failed);
  }

  /**
   * The state under `failed`. The nearer the other state, the less there is to do. `lasting`: others will be made from
   * it, so that paths are worth remembering.
   */
  under(failed: Failures, near: FailureState = this.base, lasting = true): FailureState {
    const { wiring, table } = this.#foundation;
    const before = this.#made.get(near);
    if (before === undefined) {
      const earlier = this.#planes.get(near) ?? this.#plane;
      return this.#viewOf(reconverge(earlier, differenceOf(near.failed, failed)), failed);
    }
    const { network } = wiring;
    const situation = situationUnder(network, failed, before.situation);
    const lost: Direction[] = [];
    let gained = false;
    for (const session of network.sessions) {
      const was = before.situation.sessions[session.ix]?.kind;
      const is = situation.sessions[session.ix]?.kind;
      if (was === is) continue;
      if (is === 'up') gained = true;
      lost.push(
        element(wiring.directions, 2 * session.ix, 'direction'),
        element(wiring.directions, 2 * session.ix + 1, 'direction'),
      );
    }
    const devices = network.devices
      .map(({ ix }) => ix)
      .filter((ix) => situation.liveness.device[ix] !== before.situation.liveness.device[ix]);
    const everybody = gained || !this.#plain;
    if (lost.length === 0 && devices.length === 0 && !everybody) {
      return this.#state(failed, situation, before.settled, near, NOTHING);
    }
    const changed = new Map<number, readonly DeviceIx[]>();
    const settled = before.settled.map((held, bgpIx): Settled => {
      const start = everybody ? network.devices.map(({ ix }) => ix) : touchedBy(held, lost, devices, this.#processes);
      if (start.length === 0) return held;
      const again = new Resettled(this.#foundation, situation, this.#processes, bgpIx, held, lasting);
      again.run(start);
      if (again.changed.length === 0) return held;
      changed.set(bgpIx, again.changed);
      return again.settled();
    });
    if (table.bgpClasses.length !== settled.length) throw new RangeError('a class was lost');
    return this.#state(failed, situation, settled, near, changed);
  }

  /**
   * What differs between two states, or undefined where that is not known in advance and entries have to be compared
   * one by one.
   */
  changes(before: FailureState, after: FailureState): EntryChanges | undefined {
    const made = this.#made.get(after);
    const earlier = this.#made.get(before);
    if (made === undefined || earlier === undefined || made.near !== before || !this.#plain) return undefined;
    const { network } = this.#foundation.wiring;
    const is = made.situation.liveness;
    const was = earlier.situation.liveness;
    const devices = network.devices.flatMap(({ ix }) => (is.device[ix] === was.device[ix] ? [] : [ix]));
    const links = network.links.flatMap(({ ix }) => (is.link[ix] === was.link[ix] ? [] : [ix]));
    const entries = new Map<number, DeviceIx[]>();
    const add = (classIx: number, more: readonly DeviceIx[]): void => {
      const list = entries.get(classIx);
      if (list === undefined) entries.set(classIx, [...more]);
      else list.push(...more);
    };
    for (const [bgpIx, list] of made.changed) for (const classIx of this.#classes[bgpIx] ?? []) add(classIx, list);
    for (const link of links) for (const { classIx, device } of this.#statics.get(link) ?? []) add(classIx, [device]);
    return { devices, links, entries };
  }

  /** True where two states made here hold the same routes for a device and class; false says nothing. */
  sameEntry(a: FailureState, b: FailureState, device: DeviceIx, classIx: number): boolean {
    const one = this.#made.get(a);
    const other = this.#made.get(b);
    if (one === undefined || other === undefined || !this.#plain) {
      return sameFibEntry(a.entry(device, classIx), b.entry(device, classIx));
    }
    const up = one.situation.liveness.device[device];
    if (up !== other.situation.liveness.device[device]) return false;
    if (up !== 1) return true;
    const { table, wiring } = this.#foundation;
    for (const place of table.statics[classIx] ?? []) {
      if (place.device !== device) continue;
      const { next } = element(element(wiring.network.devices, device, 'device').statics, place.entry, 'static route');
      if (next.kind === 'discard') continue;
      if (one.situation.liveness.link[next.link] !== other.situation.liveness.link[next.link]) return false;
    }
    const bgpIx = table.bgpClassOf[classIx];
    if (bgpIx === undefined) return true;
    const mine = one.settled[bgpIx];
    const theirs = other.settled[bgpIx];
    if (mine === theirs) return true;
    if (!samePath(mine?.best[device], theirs?.best[device])) return false;
    return (
      sameRoutes(mine?.multipath.get(device), theirs?.multipath.get(device)) &&
      sameRivals(mine?.rivals.get(device), theirs?.rivals.get(device))
    );
  }

  #state(
    failed: Failures,
    situation: Situation,
    settled: readonly Settled[],
    near: FailureState | undefined,
    changed: ReadonlyMap<number, readonly DeviceIx[]>,
  ): FailureState {
    const { wiring, table } = this.#foundation;
    const stage = settlementOf(this.#plane).final;
    const source = fibSource(this.#foundation, { situation, values: stage.values, settled });
    const { devices } = wiring.network;
    const state: FailureState = {
      failed,
      stable: true,
      entry: (device, classIx) =>
        classIx < table.classes.length ? fibEntry(source, element(devices, device, 'device'), classIx) : undefined,
      isDeviceUp: (device) => situation.liveness.device[device] === 1,
      isLinkUp: (link) => situation.liveness.link[link] === 1,
    };
    this.#made.set(state, { situation, settled, source, near, changed });
    return state;
  }

  #viewOf(plane: ControlPlane, failed: Failures): FailureState {
    const { liveness } = settlementOf(plane).final.situation;
    const state: FailureState = {
      failed,
      stable: plane.outcome.kind === 'stable',
      entry: (device, classIx) => plane.fibs[device]?.get(classIx),
      isDeviceUp: (device) => liveness.device[device] === 1,
      isLinkUp: (link) => liveness.link[link] === 1,
    };
    this.#planes.set(state, plane);
    return state;
  }
}

function isProven(plane: ControlPlane, { wiring, table, coupling }: Foundation): boolean {
  if (coupling.variables.length > 0 || plane.outcome.kind !== 'stable' || plane.limitsReached.length > 0) return false;
  const states = new SingleStates(wiring);
  const most = { 4: new Map<number, number>(), 6: new Map<number, number>() };
  for (const bgpClass of table.bgpClasses) {
    const { proven, accepted } = states.look(bgpClass);
    if (!proven) return false;
    const counts = most[bgpClass.subject.family];
    for (const ix of accepted) counts.set(ix, (counts.get(ix) ?? 0) + bgpClass.size);
  }
  // A session that a failure could bring over its limit would take others with it.
  return wiring.directions.every(({ ix, receiver: { maximumPrefixes } }) => {
    if (maximumPrefixes?.action !== 'drop-session') return true;
    const { limit, limit6 = limit } = maximumPrefixes;
    return (most[4].get(ix) ?? 0) <= limit && (most[6].get(ix) ?? 0) <= limit6;
  });
}

/** Devices that lose a path in use, or one that is tied with it. */
function touchedBy(
  { best, multipath, rivals }: Settled,
  lost: readonly Direction[],
  devices: readonly DeviceIx[],
  processes: readonly DecisionProcess[],
): DeviceIx[] {
  const start: DeviceIx[] = [];
  for (const device of devices) if (best[device] !== undefined) start.push(device);
  for (const direction of lost) {
    const to = direction.to.ix;
    const uses =
      // Who may decide otherwise has looked at more than it uses.
      processes[to]?.readings !== undefined ||
      best[to]?.direction === direction ||
      multipath.get(to)?.some((route) => route.direction === direction) === true ||
      rivals.get(to)?.some(({ routes }) => routes.some((route) => route.direction === direction)) === true;
    if (uses) start.push(to);
  }
  return start;
}

/**
 * One class, settled again from an earlier state. Devices whose path is lost forget it before anybody chooses, so that
 * nobody hunts through paths that are gone; whoever keeps what it has compares it with what is new only.
 */
class Resettled {
  readonly changed: DeviceIx[] = [];
  readonly #foundation: Foundation;
  readonly #situation: Situation;
  readonly #processes: readonly DecisionProcess[];
  readonly #subject: PolicySubject;
  readonly #held: Settled;
  /** Best paths that are not, or may not be, those of `held`: few, in a large network. */
  readonly #own = new Map<DeviceIx, PathNode | undefined>();
  /** By device: what it installs, the best first. */
  readonly #installed = new Map<DeviceIx, readonly PathNode[]>();
  /** By device that has chosen: what is tied with it; undefined: nothing. */
  readonly #rivals = new Map<DeviceIx, readonly Rival<PathNode>[] | undefined>();
  /** Devices with something to do: the directions over which something is new, or undefined where all have to be looked at. */
  readonly #pending = new Map<DeviceIx, Direction[] | undefined>();
  readonly #queue: DeviceIx[] = [];
  readonly #lasting: boolean;
  /** By direction: what was carried over it last, where that is not remembered by the route itself. */
  readonly #carried = new Map<number, { readonly sent: PathNode; readonly route: PathNode | null }>();
  readonly #context = { cost: (route: Candidate): number => this.#costOf(route) };

  constructor(
    foundation: Foundation,
    situation: Situation,
    processes: readonly DecisionProcess[],
    bgpIx: number,
    held: Settled,
    lasting: boolean,
  ) {
    this.#lasting = lasting;
    this.#foundation = foundation;
    this.#situation = situation;
    this.#processes = processes;
    this.#subject = element(foundation.table.bgpClasses, bgpIx, 'class').subject;
    this.#held = held;
  }

  run(start: readonly DeviceIx[]): void {
    this.#forget(start);
    const limit = 1000 * (this.#foundation.wiring.network.devices.length + 1);
    for (let at = 0; at < this.#queue.length; at++) {
      if (at > limit) throw new RangeError('a class does not come to rest, though it is proven to');
      const device = element(this.#queue, at, 'device');
      const news = this.#pending.get(device);
      this.#pending.delete(device);
      const from = this.#bestAt(device);
      const installed = this.#choose(device, news);
      this.#installed.set(device, installed);
      const [to] = installed;
      if (to === from) continue;
      this.#own.set(device, to);
      for (const direction of this.#foundation.wiring.outgoing[device] ?? []) {
        if (!isUp(this.#situation, direction, this.#subject.family)) continue;
        const isNews = this.#carry(from, direction) !== null || this.#carry(to, direction) !== null;
        if (isNews) this.#notify(direction.to.ix, direction);
      }
    }
    for (const [device, installed] of this.#installed) {
      const same =
        samePath(this.#bestAt(device), this.#held.best[device]) &&
        sameRoutes(several(installed), this.#held.multipath.get(device)) &&
        sameRivals(this.#rivals.get(device), this.#held.rivals.get(device));
      if (!same) this.changed.push(device);
    }
  }

  /** Takes the path from `start` and from everybody whose path leads through them. */
  #forget(start: readonly DeviceIx[]): void {
    const { outgoing } = this.#foundation.wiring;
    const lost: DeviceIx[] = [];
    for (const device of start) {
      const route = this.#bestAt(device);
      this.#notify(device, undefined);
      if (route === undefined || this.#holds(device, route)) continue;
      this.#own.set(device, undefined);
      lost.push(device);
    }
    for (let device = lost.pop(); device !== undefined; device = lost.pop()) {
      for (const direction of outgoing[device] ?? []) {
        const to = direction.to.ix;
        const uses = this.#bestAt(to)?.direction === direction;
        if (uses) {
          this.#own.set(to, undefined);
          lost.push(to);
        }
        if (
          uses ||
          this.#processes[to]?.readings !== undefined ||
          this.#held.multipath.get(to)?.some((route) => route.direction === direction) === true ||
          this.#held.rivals.get(to)?.some(({ routes }) => routes.some((route) => route.direction === direction)) ===
            true
        ) {
          this.#notify(to, undefined);
        }
      }
    }
  }

  /** True where the last step of the path is still there. */
  #holds(device: DeviceIx, { direction }: PathNode): boolean {
    if (this.#situation.liveness.device[device] !== 1) return false;
    return direction === undefined || isUp(this.#situation, direction, this.#subject.family);
  }

  #notify(device: DeviceIx, direction: Direction | undefined): void {
    const known = this.#pending.get(device);
    if (!this.#pending.has(device)) {
      this.#pending.set(device, direction === undefined ? undefined : [direction]);
      this.#queue.push(device);
    } else if (direction === undefined) this.#pending.set(device, undefined);
    else known?.push(direction);
  }

  settled(): Settled {
    let { multipath, rivals } = this.#held;
    for (const device of this.changed) {
      const now = several(this.#installed.get(device) ?? []);
      if (!sameRoutes(now, multipath.get(device))) multipath = withEntry(multipath, device, now);
      const tied = this.#rivals.get(device);
      if (!sameRivals(tied, rivals.get(device))) rivals = withEntry(rivals, device, tied);
    }
    return new Overlaid(this.#held, this.#own, multipath, rivals);
  }

  #bestAt(device: DeviceIx): PathNode | undefined {
    const own = this.#own.get(device);
    return own !== undefined || this.#own.has(device) ? own : this.#held.best[device];
  }

  /** What a device installs, given that only `news` may have changed for it; undefined: anything. */
  #choose(device: DeviceIx, news: readonly Direction[] | undefined): readonly PathNode[] {
    if (this.#situation.liveness.device[device] !== 1) {
      this.#rivals.set(device, undefined);
      return NO_ROUTES;
    }
    const held = this.#installedAt(device);
    const process = element(this.#processes, device, 'device');
    // What is equal to the best is looked for among all where several may be equal to one and not to each other.
    const touches =
      process.pairwise ||
      process.readings !== undefined ||
      (news?.some((direction) => held.some((route) => route.direction === direction)) ?? true);
    const candidates = touches ? localsAt(this.#held.inputs, device) : [...held];
    if (!touches) {
      // What is tied stays so, unless it is what changed; without it, nothing comes in that the best one beats.
      for (const route of this.#rivalsAt(device)?.flatMap(({ routes }) => routes) ?? []) {
        if (news?.every((direction) => direction !== route.direction) === true) candidates.push(route);
      }
    }
    const directions = touches ? (this.#foundation.wiring.incoming[device] ?? []) : (news ?? []);
    for (const [at, direction] of directions.entries()) {
      // One neighbour may have changed its mind twice.
      if (!touches && directions.indexOf(direction) < at) continue;
      const sent = this.#bestAt(direction.from.ix);
      if (sent === undefined || !isUp(this.#situation, direction, this.#subject.family)) continue;
      // Paths may have been let go of since; made again they would be other objects.
      const own = this.#held.best[device];
      const same = own?.direction === direction && own.parent === sent;
      const route = same ? own : this.#carry(sent, direction);
      if (route !== null) candidates.push(route);
    }
    const all = [...candidates];
    rank(candidates, this.#context, process);
    const { decision } = element(this.#foundation.wiring.network.devices, device, 'device');
    const installed = installable(candidates, all, this.#context, decision, process);
    const isOpen = candidates.length > 1 || process.readings !== undefined;
    const rivals = isOpen ? rivalsOf(candidates, all, installed, this.#context, decision, process) : [];
    this.#rivals.set(device, rivals.length > 0 ? rivals : undefined);
    return installed;
  }

  #rivalsAt(device: DeviceIx): readonly Rival<PathNode>[] | undefined {
    return this.#rivals.has(device) ? this.#rivals.get(device) : this.#held.rivals.get(device);
  }

  #carry(sent: PathNode | undefined, direction: Direction): PathNode | null {
    if (sent === undefined) return null;
    if (this.#lasting) return sent.carry(direction, this.#subject);
    const known = this.#carried.get(direction.ix);
    if (known?.sent === sent) return known.route;
    const route = sent.carryOnce(direction, this.#subject);
    this.#carried.set(direction.ix, { sent, route });
    return route;
  }

  #installedAt(device: DeviceIx): readonly PathNode[] {
    const known = this.#installed.get(device) ?? this.#held.multipath.get(device);
    if (known !== undefined) return known;
    const best = this.#bestAt(device);
    return best === undefined ? NO_ROUTES : [best];
  }

  /** As in convergence.ts. */
  #costOf(route: Candidate): number {
    if (route.kind === 'local') return 0;
    const { nextHop, nextHopLink } = route.attributes;
    if (route.kind === 'ebgp' && nextHopLink !== undefined) return 0;
    return this.#situation.igp.cost(route.device, nextHop, nextHopLink);
  }
}

/** A class as it was but for a few devices. The whole list is made when it is first read; most never are. */
class Overlaid implements Settled {
  readonly inputs: Inputs;
  readonly multipath: Settled['multipath'];
  readonly rivals: Settled['rivals'];
  readonly passing = [];
  readonly limited: Settled['limited'];
  readonly rest: Settled['rest'] = { kind: 'stable' };
  #best: readonly (PathNode | undefined)[] | undefined;
  #from: { readonly held: Settled; readonly own: ReadonlyMap<DeviceIx, PathNode | undefined> } | undefined;

  constructor(
    held: Settled,
    own: ReadonlyMap<DeviceIx, PathNode | undefined>,
    multipath: Settled['multipath'],
    rivals: Settled['rivals'],
  ) {
    this.inputs = held.inputs;
    this.limited = held.limited;
    this.multipath = multipath;
    this.rivals = rivals;
    this.#from = { held, own };
  }

  get best(): readonly (PathNode | undefined)[] {
    if (this.#best !== undefined) return this.#best;
    const best = [...(this.#from?.held.best ?? [])];
    for (const [device, path] of this.#from?.own ?? []) best[device] = path;
    this.#best = best;
    this.#from = undefined;
    return best;
  }
}

const NO_ROUTES: readonly PathNode[] = [];

function several(installed: readonly PathNode[]): readonly PathNode[] | undefined {
  return installed.length > 1 ? installed : undefined;
}

function localsAt({ locals }: Inputs, device: DeviceIx): PathNode[] {
  for (const route of locals) if (route.device === device) return [route];
  return [];
}

function sameRoutes(a: readonly PathNode[] | undefined, b: readonly PathNode[] | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && a.length === b.length && a.every((route, ix) => samePath(route, b[ix]));
}

function sameRivals(a: readonly Rival<PathNode>[] | undefined, b: readonly Rival<PathNode>[] | undefined): boolean {
  if (a === b) return true;
  return (
    a !== undefined &&
    b !== undefined &&
    a.length === b.length &&
    a.every((each, ix) => each.because === b[ix]?.because && sameRoutes(each.routes, b[ix]?.routes))
  );
}

/** A copy with another value, or without one. */
function withEntry<Value>(
  map: ReadonlyMap<DeviceIx, Value>,
  device: DeviceIx,
  value: Value | undefined,
): ReadonlyMap<DeviceIx, Value> {
  const copy = new Map(map);
  if (value === undefined) copy.delete(device);
  else copy.set(device, value);
  return copy;
}

function differenceOf(before: Failures, after: Failures): { readonly fail: Failures; readonly restore: Failures } {
  const without = (a: readonly number[] = [], b: readonly number[] = []): number[] => a.filter((ix) => !b.includes(ix));
  return {
    fail: {
      devices: without(after.devices, before.devices),
      links: without(after.links, before.links),
      sessions: without(after.sessions, before.sessions),
    },
    restore: {
      devices: without(before.devices, after.devices),
      links: without(before.links, after.links),
      sessions: without(before.sessions, after.sessions),
    },
  };
}
