/**
 * Two sets of failures at once, put together from what each of them does alone, without settling anything again.
 *
 * Only where every class has one stable state (`single-state.ts`): then tables in which every device chooses rightly are
 * the tables. Let C be the devices whose routes of a class a set of failures changes, and N those that had to choose again
 * or lost a session, so that C lies in N. Where no device of one C is in the N of the other, the routes of each C laid
 * over the routes without failures are stable. A device in neither N sees what it saw before; one in a single N sees what
 * it saw under that set alone, for whoever sends it something new of the other set would have put it into the other N.
 * One in both N has changed its mind in neither: its routes are still there, and each thing that is new for it has lost
 * against them alone; what is tied with them is the same for the same reason. That last step takes a total order of routes,
 * so a device that looks for equals pair by pair, or of which it is not public how it decides, must not be in both; and costs that depend on one link of several between the same two devices must not change in both.
 */
import type { DeviceIx, Link, LinkIx, Network } from '@bothways/network';
import { buildIgp, type Igp } from './igp.ts';
import type { Liveness } from './liveness.ts';
import type { Failures, SessionState, Situation } from './wiring.ts';

/** What a set of failures did to the tables without failures: never less than it did. */
export interface Reach {
  /** Links that are down and have another one beside them between the same two devices. */
  readonly parallel: readonly Link[];
  /** Devices that failed, or lost a link or a session. */
  readonly ends: readonly DeviceIx[];
  /** Per BGP class, devices whose routes changed; C above. Classes where none did are absent. */
  readonly changed: ReadonlyMap<number, readonly DeviceIx[]>;
  /** Per BGP class, devices that chose again; with `ends` the N above. */
  readonly noticed: ReadonlyMap<number, readonly DeviceIx[]>;
}

export const NO_REACH: Reach = { parallel: [], ends: [], changed: new Map(), noticed: new Map() };

const CHANGED = 1;
const NOTICED = 2;
const NOBODY: readonly DeviceIx[] = [];

/** What a reach says of each device, for many others to be held against it. */
export class ReachMarks {
  readonly #ends: Uint8Array;
  readonly #byClass = new Map<number, Uint8Array>();

  constructor(reach: Reach, deviceCount: number) {
    this.#ends = new Uint8Array(deviceCount);
    for (const device of reach.ends) this.#ends[device] = NOTICED;
    const mark = (lists: Reach['changed'], bit: number): void => {
      for (const [bgpIx, devices] of lists) {
        const marks = this.#byClass.get(bgpIx) ?? this.#ends.slice();
        for (const device of devices) marks[device] = (marks[device] ?? 0) | bit;
        this.#byClass.set(bgpIx, marks);
      }
    };
    mark(reach.changed, CHANGED);
    mark(reach.noticed, NOTICED);
  }

  /** Classes that the two do not leave each other alone in. By device: who looks for equals in pairs, or at everything. */
  clashes(other: Reach, pairwise: readonly boolean[], reading: readonly boolean[]): ReadonlySet<number> {
    const clashing = new Set<number>();
    for (const [bgpIx, noticed] of other.noticed) {
      const marks = this.#byClass.get(bgpIx) ?? this.#ends;
      const changed = other.changed.get(bgpIx) ?? NOBODY;
      const clash =
        changed.some((device) => marks[device] !== 0) ||
        noticed.some((device) => {
          const mark = marks[device] ?? 0;
          return (mark & CHANGED) !== 0 || (mark !== 0 && (pairwise[device] === true || reading[device] === true));
        });
      if (clash) clashing.add(bgpIx);
    }
    for (const [bgpIx, marks] of this.#byClass) {
      const clash = other.ends.some((device) => {
        const mark = marks[device] ?? 0;
        return (mark & CHANGED) !== 0 || (mark !== 0 && reading[device] === true);
      });
      if (clash) clashing.add(bgpIx);
    }
    return clashing;
  }
}

/** True where both take something from a device that looks at everything it is offered: any class may clash there. */
export function meetAtReader(a: Reach, b: Reach, reading: readonly boolean[]): boolean {
  return a.ends.some((device) => reading[device] === true && b.ends.includes(device));
}

/** True where each of the two takes another one of several links between the same devices. */
export function splitAdjacency(a: Reach, b: Reach): boolean {
  const among = ({ parallel }: Reach, { ix }: Link): boolean => parallel.some((link) => link.ix === ix);
  return a.parallel.some(
    (one) =>
      !among(b, one) &&
      b.parallel.some(
        (other) =>
          !among(a, other) &&
          Math.min(one.a, one.b) === Math.min(other.a, other.b) &&
          Math.max(one.a, one.b) === Math.max(other.a, other.b),
      ),
  );
}

/** Links with another one between the same two devices. */
export function parallelLinks({ links, devices }: Network): ReadonlySet<LinkIx> {
  const first = new Map<number, LinkIx>();
  const parallel = new Set<LinkIx>();
  for (const { ix, a, b } of links) {
    const key = Math.min(a, b) * devices.length + Math.max(a, b);
    const known = first.get(key);
    if (known === undefined) first.set(key, ix);
    else {
      parallel.add(known);
      parallel.add(ix);
    }
  }
  return parallel;
}

/** True where what fails is what fails in one or the other; two members of a pair are more together than each alone. */
export function isUnion(failed: Failures, a: Failures, b: Failures): boolean {
  const same = (kind: keyof Failures): boolean => {
    const together = new Set(a[kind]);
    for (const ix of b[kind] ?? []) together.add(ix);
    const list = failed[kind] ?? [];
    return list.length === together.size && list.every((ix) => together.has(ix));
  };
  return same('devices') && same('links') && same('sessions');
}

/** What is up under both: what is up under each. The rest is made when it is asked for; mostly nobody does. */
export class JoinedSituation implements Situation {
  readonly liveness: Liveness;
  readonly #network: Network;
  readonly #one: Situation;
  readonly #other: Situation;
  #igp: Igp | undefined;
  #sessions: readonly SessionState[] | undefined;

  constructor(network: Network, one: Situation, other: Situation) {
    this.#network = network;
    this.#one = one;
    this.#other = other;
    this.liveness = {
      device: bothUp(one.liveness.device, other.liveness.device),
      link: bothUp(one.liveness.link, other.liveness.link),
    };
  }

  get igp(): Igp {
    this.#igp ??= buildIgp(this.#network, this.liveness);
    return this.#igp;
  }

  get sessions(): readonly SessionState[] {
    this.#sessions ??= this.#one.sessions.map((state, ix) => {
      const other = this.#other.sessions[ix];
      return state.kind === 'up' && other !== undefined ? other : state;
    });
    return this.#sessions;
  }
}

function bothUp(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = one.slice();
  for (let ix = 0; ix < both.length; ix++) both[ix] = (both[ix] ?? 0) & (other[ix] ?? 0);
  return both;
}
