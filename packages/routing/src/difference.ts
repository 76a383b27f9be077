/**
 * What a change of situation can touch. A class is settled by a run of activations from nothing; it is taken over as it
 * is when that run would be the same in the new situation, step by step:
 *
 * - no device that puts it into BGP has failed or come back;
 * - over no session that went down or came up did, or would, a route arrive that was anybody's best path at any moment
 *   of the run;
 * - the way to no BGP next hop has changed. Links outside the IGP matter to next hops only where a loopback at one end
 *   can be the next hop of a route at the other: both are joined by iBGP or by sessions without a link.
 */
import type { DeviceIx } from '@bothways/network';
import type { BgpClass } from './classes.ts';
import type { Settled } from './convergence.ts';
import { carriesIgp } from './igp.ts';
import type { PathNode } from './transfer.ts';
import { type Direction, isUp, type Situation, type Wiring } from './wiring.ts';

export class Difference {
  readonly #devices: ReadonlySet<DeviceIx>;
  /** Directions whose session changed, by sender. */
  readonly #directions: ReadonlyMap<DeviceIx, readonly Direction[]>;
  readonly #nextHops: boolean;

  constructor(wiring: Wiring, before: Situation, after: Situation) {
    const { network } = wiring;
    this.#devices = new Set(
      network.devices.map(({ ix }) => ix).filter((ix) => before.liveness.device[ix] !== after.liveness.device[ix]),
    );
    const directions = new Map<DeviceIx, Direction[]>();
    for (const direction of wiring.directions) {
      if (isUp(before, direction) === isUp(after, direction)) continue;
      const list = directions.get(direction.from.ix) ?? [];
      list.push(direction);
      directions.set(direction.from.ix, list);
    }
    this.#directions = directions;
    const links = network.links.filter(({ ix }) => before.liveness.link[ix] !== after.liveness.link[ix]);
    const groups = links.length === 0 ? [] : loopbackGroups(wiring);
    this.#nextHops = links.some((link) => carriesIgp(network, link) || groups[link.a] === groups[link.b]);
  }

  touches({ originations, subject }: BgpClass, { best, passing }: Settled): boolean {
    if (this.#nextHops) return true;
    if (originations.some(({ device }) => this.#devices.has(device))) return true;
    const arrives = (route: PathNode | undefined): boolean =>
      route !== undefined &&
      (this.#directions.get(route.device) ?? []).some((direction) => route.carry(direction, subject) !== null);
    for (const sender of this.#directions.keys()) if (arrives(best[sender])) return true;
    return passing.some(arrives);
  }
}

/** Per device a number that devices share when a loopback next hop can travel between them. */
function loopbackGroups({ network, directions }: Wiring): readonly DeviceIx[] {
  const parent = network.devices.map(({ ix }) => ix);
  const find = (ix: DeviceIx): DeviceIx => {
    let at = ix;
    for (let next = parent[at] ?? at; next !== at; next = parent[at] ?? at) at = next;
    return at;
  };
  for (const direction of directions) {
    if (direction.external && direction.session.link !== undefined) continue;
    const a = find(direction.from.ix);
    const b = find(direction.to.ix);
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  return parent.map((_, ix) => find(ix));
}
