/**
 * What a change of situation, or of the network itself, can touch. A class is settled by a run of activations from
 * nothing; it is taken over as it is when that run would be the same afterwards, step by step:
 *
 * - the same routes are put into BGP, and by no device that has failed or come back;
 * - over no direction that changed, went down or came up did, or would, a route arrive that was anybody's best path at
 *   any moment of the run;
 * - the way to no BGP next hop has changed. Links outside the IGP matter to next hops only where a loopback at one end
 *   can be the next hop of a route at the other: both are joined by iBGP or by sessions without a link;
 * - everybody decides as before.
 */
import type { Family } from '@bothways/net';
import type { DeviceIx, Link, Network } from '@bothways/network';
import { alike } from './alike.ts';
import type { BgpClass } from './classes.ts';
import type { Settled } from './convergence.ts';
import { announcesSubnet } from './igp.ts';
import type { PathNode } from './transfer.ts';
import { type Direction, type DirectionIx, differsByFamily, isUp, type Situation, type Wiring } from './wiring.ts';

/** A direction over which something changed; undefined where it is down. */
interface ChangedDirection {
  readonly before: Direction | undefined;
  readonly after: Direction | undefined;
}

/** A network in one situation. */
export interface Scene {
  readonly wiring: Wiring;
  readonly situation: Situation;
}

export class Difference {
  readonly #devices: ReadonlySet<DeviceIx>;
  readonly #directions: Readonly<Record<Family, ReadonlyMap<DeviceIx, readonly ChangedDirection[]>>>;
  readonly #everything: boolean;

  /** The two networks have one shape and one lineage, or are the same. */
  constructor(before: Scene, after: Scene) {
    const { network } = after.wiring;
    const alive = after.situation.liveness;
    const wasAlive = before.situation.liveness;
    this.#devices = new Set(
      network.devices.map(({ ix }) => ix).filter((ix) => wasAlive.device[ix] !== alive.device[ix]),
    );
    const four = changedDirections(before, after, 4);
    const split = differsByFamily(before.situation) || differsByFamily(after.situation);
    this.#directions = { 4: four, 6: split ? changedDirections(before, after, 6) : four };
    const changed = ({ ix }: Link): boolean => (wasAlive.link[ix] ?? 0) !== (alive.link[ix] ?? 0);
    const links = network.links.filter(changed);
    const gone = before.wiring.network.links.slice(network.links.length).filter(changed);
    const groups = links.length + gone.length === 0 ? [] : loopbackGroups(after.wiring);
    this.#everything =
      links.some((link) => announcesSubnet(network, link) || groups[link.a] === groups[link.b]) ||
      gone.some((link) => announcesSubnet(before.wiring.network, link) || groups[link.a] === groups[link.b]) ||
      (before.wiring !== after.wiring && !decidesAlike(before.wiring.network, network));
  }

  /** `bgpClass` is the class as it is after the change, `earlier` what it settled to before. */
  touches({ subject }: BgpClass, earlierClass: BgpClass, { inputs, best, passing }: Settled): boolean {
    if (this.#everything) return true;
    if (inputs.locals.some(({ device }) => this.#devices.has(device))) return true;
    const directions = this.#directions[subject.family];
    const arrives = (route: PathNode | undefined): boolean =>
      route !== undefined &&
      (directions.get(route.device) ?? []).some(
        ({ before, after }) =>
          (before !== undefined && route.carry(before, earlierClass.subject) !== null) ||
          (after !== undefined && route.carry(after, subject) !== null),
      );
    for (const sender of directions.keys()) if (arrives(best[sender])) return true;
    return passing.some(arrives);
  }
}

/** Undefined where the direction is down or does not exist. */
function upAt({ wiring, situation }: Scene, ix: DirectionIx, family: Family): Direction | undefined {
  const direction = wiring.directions[ix];
  return direction !== undefined && isUp(situation, direction, family) ? direction : undefined;
}

/** By sender. */
function changedDirections(
  before: Scene,
  after: Scene,
  family: Family,
): ReadonlyMap<DeviceIx, readonly ChangedDirection[]> {
  const directions = new Map<DeviceIx, ChangedDirection[]>();
  const size = Math.max(before.wiring.directions.length, after.wiring.directions.length);
  for (let ix = 0; ix < size; ix++) {
    const was = upAt(before, ix, family);
    const is = upAt(after, ix, family);
    const sender = (is ?? was)?.from.ix;
    if (was === is || sender === undefined) continue;
    const list = directions.get(sender) ?? [];
    list.push({ before: was, after: is });
    directions.set(sender, list);
  }
  return directions;
}

/** True where two networks of one shape have the same links, and the same IGP on them. */
export function sameIgp(a: Network, b: Network): boolean {
  return a.links.length === b.links.length && sameIgpOnCommon(a, b);
}

/** As `sameIgp`, but for links that only one of them has. */
function sameIgpOnCommon(a: Network, b: Network): boolean {
  return a.links.every((link, ix) => {
    const other = b.links[ix];
    if (other === undefined) return true;
    const same =
      link.cost === other.cost && link.kind === other.kind && link.igp === other.igp && link.area === other.area;
    return (
      same && a.devices[link.a]?.half === b.devices[link.a]?.half && a.devices[link.b]?.half === b.devices[link.b]?.half
    );
  });
}

function decidesAlike(a: Network, b: Network): boolean {
  return sameIgpOnCommon(a, b) && a.devices.every(({ decision }, ix) => alike(decision, b.devices[ix]?.decision));
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
