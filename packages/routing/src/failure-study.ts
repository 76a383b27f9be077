/**
 * The tables of one network under many sets of failures, one after the other, each made from a set near to it.
 *
 * `reconverge` takes a class over where the run of activations would be the same. That is always right and mostly too
 * careful: a link that carries routes nobody chose makes the run another one and leaves the tables as they are. Where
 * every class is proven to have one stable state (`single-state.ts`), tables that are still stable are the tables, and a
 * class is settled again only where a path in use is lost, starting from where it was. Without the proof every set is
 * reconverged. Both give what `converge` gives from nothing; the tests compare them.
 */
import type { DeviceIx, LinkIx, Network } from '@bothways/network';
import { type ControlPlane, reconverge, settlementOf } from './control-plane.ts';
import type { Settled } from './convergence.ts';
import { type DecisionProcess, processOf } from './decision.ts';
import { type FibEntry, type FibSource, fibEntry, sameFibEntry } from './forwarding-table.ts';
import { announcesSubnet } from './igp.ts';
import {
  isUnion,
  JoinedSituation,
  meetAtReader,
  NO_REACH,
  parallelLinks,
  type Reach,
  ReachMarks,
  splitAdjacency,
} from './joined-failures.ts';
import { bestIn, overlaid, Resettled, sameRivals, sameRoutes, touchedBy } from './resettlement.ts';
import { type Foundation, fibSource } from './settlement.ts';
import { SingleStates } from './single-state.ts';
import { samePath } from './transfer.ts';
import { type Direction, element, type Failures, type Situation, situationUnder } from './wiring.ts';

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
  /** Relative to `near`: per BGP class the devices whose routes changed. */
  readonly near: FailureState | undefined;
  readonly changed: ReadonlyMap<number, readonly DeviceIx[]>;
  /** Relative to the base; undefined where nothing is made from the state. */
  readonly reach: Reach | undefined;
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
  readonly #source: FibSource;
  readonly #pairwise: readonly boolean[];
  /** By device: how it decides is not public, so that it looks at more than what it uses. */
  readonly #reading: readonly boolean[];
  readonly #parallel: ReadonlySet<LinkIx>;
  /** Of the state that others were joined to last. */
  #marks: { readonly reach: Reach; readonly marks: ReachMarks } | undefined;

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
    this.#source = fibSource(foundation, final);
    this.#pairwise = this.#processes.map(({ pairwise }) => pairwise);
    this.#reading = this.#processes.map(({ readings }) => readings !== undefined);
    this.#parallel = parallelLinks(network);
    this.base = this.proven
      ? this.#state(failed, { ...final, near: undefined, changed: NOTHING, reach: NO_REACH })
      : this.#viewOf(plane, failed);
  }

  /**
   * The state under `failed`. The nearer the other state, the less there is to do; least where `alone` holds what fails in
   * addition to `near`, and nothing else. `lasting`: others will be made from it, so that paths are worth remembering.
   */
  under(failed: Failures, near: FailureState = this.base, lasting = true, alone?: FailureState): FailureState {
    const before = this.#made.get(near);
    if (before === undefined) {
      const earlier = this.#planes.get(near) ?? this.#plane;
      return this.#viewOf(reconverge(earlier, differenceOf(near.failed, failed)), failed);
    }
    const added = alone === undefined ? undefined : this.#made.get(alone);
    const isJoined = alone !== undefined && isUnion(failed, near.failed, alone.failed);
    if (isJoined && before.reach !== undefined && added?.reach !== undefined) {
      if (!splitAdjacency(before.reach, added.reach) && !meetAtReader(before.reach, added.reach, this.#reading)) {
        return this.#join(failed, near, { ...before, reach: before.reach }, { ...added, reach: added.reach }, lasting);
      }
    }
    const { network } = this.#foundation.wiring;
    const situation = situationUnder(network, failed, before.situation);
    const losses = this.#lossesOf(before.situation, situation);
    const { lost, devices } = losses;
    const everybody = losses.gained || !this.#plain;
    const more = (): Omit<Reach, 'changed' | 'noticed'> => ({
      parallel: network.links.filter(({ ix }) => this.#parallel.has(ix) && situation.liveness.link[ix] !== 1),
      ends: endsOf(network, before.situation, situation, lost),
    });
    const traced = lasting && !everybody && before.reach !== undefined ? before.reach : undefined;
    const run = new Run(traced);
    if (lost.length > 0 || devices.length > 0 || everybody) {
      const all = network.devices.map(({ ix }) => ix);
      for (const [bgpIx, held] of before.settled.entries()) {
        const start = everybody ? all : touchedBy(held, lost, devices, this.#processes);
        if (start.length > 0) this.#settleAgain(run, situation, bgpIx, held, start, lasting);
      }
    }
    const settled = run.over(before.settled);
    const reach = traced === undefined ? undefined : run.reach(traced, more());
    return this.#state(failed, { situation, settled, near, changed: run.changed, reach });
  }

  /** Two states at once; settles only the classes that both of them meddle with. */
  #join(
    failed: Failures,
    near: FailureState,
    before: Made & { readonly reach: Reach },
    alone: Made & { readonly reach: Reach },
    lasting: boolean,
  ): FailureState {
    const { network } = this.#foundation.wiring;
    if (this.#marks?.reach !== before.reach) {
      this.#marks = { reach: before.reach, marks: new ReachMarks(before.reach, network.devices.length) };
    }
    const clashing = this.#marks.marks.clashes(alone.reach, this.#pairwise, this.#reading);
    const situation = new JoinedSituation(network, before.situation, alone.situation);
    const run = new Run(lasting ? before.reach : undefined);
    for (const [bgpIx, devices] of alone.reach.changed) {
      if (clashing.has(bgpIx)) continue;
      const held = element(before.settled, bgpIx, 'class');
      const other = element(alone.settled, bgpIx, 'class');
      const untouched = !before.reach.changed.has(bgpIx);
      run.settled.set(bgpIx, untouched ? other : overlaid(held, other, devices));
      run.changed.set(bgpIx, devices);
    }
    if (clashing.size > 0) {
      const { lost, devices } = this.#lossesOf(before.situation, situation);
      for (const bgpIx of clashing) {
        const held = element(before.settled, bgpIx, 'class');
        const start = touchedBy(held, lost, devices, this.#processes);
        if (start.length > 0) this.#settleAgain(run, situation, bgpIx, held, start, lasting);
      }
    }
    const settled = run.over(before.settled);
    if (lasting) for (const [bgpIx, devices] of alone.reach.noticed) run.notice(bgpIx, devices);
    const { parallel, ends } = before.reach;
    const reach = lasting
      ? run.reach(before.reach, {
          parallel: [...new Set([...parallel, ...alone.reach.parallel])],
          ends: [...new Set([...ends, ...alone.reach.ends])],
        })
      : undefined;
    return this.#state(failed, { situation, settled, near, changed: run.changed, reach });
  }

  /** Notes what is another route of the class, where any is. */
  #settleAgain(
    run: Run,
    situation: Situation,
    bgpIx: number,
    held: Settled,
    start: readonly DeviceIx[],
    lasting: boolean,
  ): void {
    const again = new Resettled(this.#foundation, situation, this.#processes, bgpIx, held, lasting);
    again.run(start);
    if (again.changed.length === 0) return;
    run.changed.set(bgpIx, again.changed);
    run.settled.set(bgpIx, again.settled());
    if (lasting) run.notice(bgpIx, again.told());
  }

  #lossesOf(before: Situation, after: Situation): Losses {
    const { wiring } = this.#foundation;
    const { sessions, devices } = wiring.network;
    const lost: Direction[] = [];
    let gained = false;
    for (const { ix } of sessions) {
      const is = after.sessions[ix]?.kind;
      if (before.sessions[ix]?.kind === is) continue;
      if (is === 'up') gained = true;
      lost.push(element(wiring.directions, 2 * ix, 'direction'), element(wiring.directions, 2 * ix + 1, 'direction'));
    }
    return {
      lost,
      gained,
      devices: devices.map(({ ix }) => ix).filter((ix) => after.liveness.device[ix] !== before.liveness.device[ix]),
    };
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
    if (mine === undefined || theirs === undefined) return false;
    if (!samePath(bestIn(mine, device), bestIn(theirs, device))) return false;
    return (
      sameRoutes(mine.multipath.get(device), theirs.multipath.get(device)) &&
      sameRivals(mine.rivals.get(device), theirs.rivals.get(device))
    );
  }

  #state(failed: Failures, made: Made): FailureState {
    const { wiring, table } = this.#foundation;
    const { situation, settled } = made;
    const source: FibSource = { ...this.#source, situation, settled };
    const { devices } = wiring.network;
    const state: FailureState = {
      failed,
      stable: true,
      entry: (device, classIx) =>
        classIx < table.classes.length ? fibEntry(source, element(devices, device, 'device'), classIx) : undefined,
      isDeviceUp: (device) => situation.liveness.device[device] === 1,
      isLinkUp: (link) => situation.liveness.link[link] === 1,
    };
    this.#made.set(state, made);
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

interface Losses {
  /** Directions of sessions that came up or went down. */
  readonly lost: readonly Direction[];
  readonly gained: boolean;
  readonly devices: readonly DeviceIx[];
}

/** What is other than in the state that something is made from. */
class Run {
  readonly settled = new Map<number, Settled>();
  readonly changed = new Map<number, readonly DeviceIx[]>();
  readonly #noticed: Map<number, readonly DeviceIx[]> | undefined;

  /** `reach`: of that state, where the reach of the new one is wanted. */
  constructor(reach: Reach | undefined) {
    if (reach !== undefined) this.#noticed = new Map(reach.noticed);
  }

  over(before: readonly Settled[]): readonly Settled[] {
    if (this.settled.size === 0) return before;
    const settled = [...before];
    for (const [bgpIx, each] of this.settled) settled[bgpIx] = each;
    return settled;
  }

  notice(bgpIx: number, devices: readonly DeviceIx[]): void {
    const known = this.#noticed?.get(bgpIx);
    this.#noticed?.set(bgpIx, known === undefined ? devices : [...new Set([...known, ...devices])]);
  }

  reach(before: Reach, { parallel, ends }: Pick<Reach, 'parallel' | 'ends'>): Reach {
    const changed = new Map(before.changed);
    for (const [bgpIx, devices] of this.changed) {
      const known = changed.get(bgpIx);
      changed.set(bgpIx, known === undefined ? devices : [...new Set([...known, ...devices])]);
      this.notice(bgpIx, devices);
    }
    return { parallel, ends: [...new Set([...before.ends, ...ends])], changed, noticed: this.#noticed ?? new Map() };
  }
}

/** Devices that failed, or lost a link or a session. */
function endsOf(
  network: Network,
  before: Situation,
  after: Situation,
  lost: readonly Direction[],
): readonly DeviceIx[] {
  const ends = new Set(lost.map(({ to }) => to.ix));
  for (const { ix, a, b } of network.links) {
    if (after.liveness.link[ix] !== before.liveness.link[ix]) ends.add(a).add(b);
  }
  for (const { ix } of network.devices) if (after.liveness.device[ix] !== before.liveness.device[ix]) ends.add(ix);
  return [...ends];
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
