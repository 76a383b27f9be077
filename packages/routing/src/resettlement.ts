/**
 * One class of prefixes settled again from an earlier state, in a network where every class has one stable state: only
 * what loses a path in use, and what hears of it, chooses again.
 */
import type { DeviceIx } from '@bothways/network';
import type { Inputs, Settled } from './convergence.ts';
import { type DecisionProcess, installable, rank } from './decision.ts';
import type { PolicySubject } from './policy.ts';
import { type Rival, rivalsOf } from './rivals.ts';
import type { Foundation } from './settlement.ts';
import { type Candidate, type PathNode, samePath } from './transfer.ts';
import { type Direction, element, isUp, type Situation } from './wiring.ts';

/** Devices that lose a path in use, or one that is tied with it. */
export function touchedBy(
  settled: Settled,
  lost: readonly Direction[],
  devices: readonly DeviceIx[],
  processes: readonly DecisionProcess[],
): readonly DeviceIx[] {
  const start: DeviceIx[] = [];
  for (const device of devices) if (bestIn(settled, device) !== undefined) start.push(device);
  for (const direction of lost) {
    const to = direction.to.ix;
    const uses =
      // Who may decide otherwise has looked at more than it uses.
      processes[to]?.readings !== undefined ||
      bestIn(settled, to)?.direction === direction ||
      settled.multipath.get(to)?.some((route) => route.direction === direction) === true ||
      settled.rivals.get(to)?.some(({ routes }) => routes.some((route) => route.direction === direction)) === true;
    if (uses) start.push(to);
  }
  return start;
}

/**
 * One class, settled again from an earlier state. Devices whose path is lost forget it before anybody chooses, so that
 * nobody hunts through paths that are gone; whoever keeps what it has compares it with what is new only.
 */
export class Resettled {
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
        samePath(this.#bestAt(device), bestIn(this.#held, device)) &&
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
    const now = (device: DeviceIx): readonly PathNode[] | undefined => several(this.#installed.get(device) ?? []);
    const { multipath, rivals } = this.#held;
    return new Overlaid(
      this.#held,
      this.#own,
      withEntries(multipath, this.changed, now, sameRoutes),
      withEntries(rivals, this.changed, (device) => this.#rivals.get(device), sameRivals),
    );
  }

  /** Devices that are told something else than before by one whose routes changed, over sessions that are up. */
  told(): readonly DeviceIx[] {
    const told = new Set<DeviceIx>();
    for (const device of this.changed) {
      const was = bestIn(this.#held, device);
      const is = this.#bestAt(device);
      for (const direction of this.#foundation.wiring.outgoing[device] ?? []) {
        if (told.has(direction.to.ix) || !isUp(this.#situation, direction, this.#subject.family)) continue;
        if (this.#carry(was, direction) !== null || this.#carry(is, direction) !== null) told.add(direction.to.ix);
      }
    }
    return [...told];
  }

  #bestAt(device: DeviceIx): PathNode | undefined {
    const own = this.#own.get(device);
    return own !== undefined || this.#own.has(device) ? own : bestIn(this.#held, device);
  }

  /** What a device installs, given that only `news` may have changed for it; undefined: anything. */
  #choose(device: DeviceIx, news: readonly Direction[] | undefined): readonly PathNode[] {
    if (this.#situation.liveness.device[device] !== 1) {
      this.#rivals.set(device, undefined);
      return NO_ROUTES;
    }
    const held = this.#installedAt(device);
    const process = element(this.#processes, device, 'device');
    const tied = this.#rivalsAt(device)?.flatMap(({ routes }) => routes) ?? NO_ROUTES;
    const inUse = tied.length === 0 ? held : [...held, ...tied];
    // What is equal to the best is looked for among all where several may be equal to one and not to each other.
    const touches =
      process.pairwise ||
      process.readings !== undefined ||
      (news?.some((direction) => inUse.some((route) => route.direction === direction)) ?? true);
    const candidates = touches ? localsAt(this.#held.inputs, device) : [...inUse];
    const directions = touches ? (this.#foundation.wiring.incoming[device] ?? []) : (news ?? []);
    for (const [at, direction] of directions.entries()) {
      // One neighbour may have changed its mind twice.
      if (!touches && directions.indexOf(direction) < at) continue;
      const sent = this.#bestAt(direction.from.ix);
      if (sent === undefined || !isUp(this.#situation, direction, this.#subject.family)) continue;
      // Paths may have been let go of since; made again they would be other objects.
      const own = bestIn(this.#held, device);
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

/** A class as it was but for a few devices. The whole list is made when somebody wants all of it; mostly nobody does. */
class Overlaid implements Settled {
  readonly inputs: Inputs;
  readonly multipath: Settled['multipath'];
  readonly rivals: Settled['rivals'];
  readonly passing = [];
  readonly limited: Settled['limited'];
  readonly rest: Settled['rest'] = { kind: 'stable' };
  readonly held: Settled;
  readonly own: ReadonlyMap<DeviceIx, PathNode | undefined>;
  #best: readonly (PathNode | undefined)[] | undefined;

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
    this.held = held;
    this.own = own;
  }

  get best(): readonly (PathNode | undefined)[] {
    if (this.#best !== undefined) return this.#best;
    const best = [...this.held.best];
    for (const [device, path] of this.own) best[device] = path;
    this.#best = best;
    return best;
  }
}

/** The best path of one device. */
export function bestIn(settled: Settled, device: DeviceIx): PathNode | undefined {
  let at = settled;
  while (at instanceof Overlaid) {
    const own = at.own.get(device);
    if (own !== undefined || at.own.has(device)) return own;
    at = at.held;
  }
  return at.best[device];
}

/** What some devices have in `other`, laid over `held`. */
export function overlaid(held: Settled, other: Settled, devices: readonly DeviceIx[]): Settled {
  const own = new Map(devices.map((device) => [device, bestIn(other, device)] as const));
  return new Overlaid(
    held,
    own,
    withEntries(held.multipath, devices, (device) => other.multipath.get(device), sameRoutes),
    withEntries(held.rivals, devices, (device) => other.rivals.get(device), sameRivals),
  );
}

/** The map with what these devices have now; a copy where that is something else. */
function withEntries<Value>(
  held: ReadonlyMap<DeviceIx, Value>,
  devices: readonly DeviceIx[],
  now: (device: DeviceIx) => Value | undefined,
  same: (a: Value | undefined, b: Value | undefined) => boolean,
): ReadonlyMap<DeviceIx, Value> {
  let copy: Map<DeviceIx, Value> | undefined;
  for (const device of devices) {
    const value = now(device);
    if (same(value, held.get(device))) continue;
    copy ??= new Map(held);
    if (value === undefined) copy.delete(device);
    else copy.set(device, value);
  }
  return copy ?? held;
}

const NO_ROUTES: readonly PathNode[] = [];

function several(installed: readonly PathNode[]): readonly PathNode[] | undefined {
  return installed.length > 1 ? installed : undefined;
}

function localsAt({ locals }: Inputs, device: DeviceIx): PathNode[] {
  for (const route of locals) if (route.device === device) return [route];
  return [];
}

export function sameRoutes(a: readonly PathNode[] | undefined, b: readonly PathNode[] | undefined): boolean {
  if (a === b) return true;
  return a !== undefined && b !== undefined && a.length === b.length && a.every((route, ix) => samePath(route, b[ix]));
}

export function sameRivals(
  a: readonly Rival<PathNode>[] | undefined,
  b: readonly Rival<PathNode>[] | undefined,
): boolean {
  if (a === b) return true;
  return (
    a !== undefined &&
    b !== undefined &&
    a.length === b.length &&
    a.every((each, ix) => each.because === b[ix]?.because && sameRoutes(each.routes, b[ix]?.routes))
  );
}
