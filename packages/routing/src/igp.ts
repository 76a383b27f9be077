/**
 * The link-state IGP and what it resolves: shortest paths with every equal-cost first hop (Dijkstra; RFC 2328 section
 * 16.1), and the way to a BGP next hop.
 *
 * The IGP runs on `lan` and `wan` links between customer devices of one AS, unless the link says otherwise. It carries the loopbacks of these devices,
 * the subnets of these links, the prefixes connected to the devices and what these redistribute, nothing else: not the
 * subnet of a link to another AS, so that a border router needs next-hop-self, as it does by default in FRR, BIRD and
 * IOS, or the link made passive.
 *
 * Left out: areas, redistribution, unequal costs per direction.
 */
import type { DeviceIx, Link, LinkIx, Network } from '@bothways/network';
import type { Liveness } from './wiring.ts';

export interface Hop {
  readonly link: LinkIx;
  readonly device: DeviceIx;
}

/** Packets are handed to these neighbours: by link, without repetition; several are equal-cost paths. */
export interface Forward {
  readonly kind: 'forward';
  readonly next: readonly Hop[];
}

/**
 * Ways are asked for from a device to a loopback (`link` undefined) or to the interface address of `device` on `link`.
 * The same hops are mostly the same object, so that large tables stay small.
 */
export interface Igp {
  /** Infinite: not reachable. 0 for a neighbour on a common link. */
  cost(source: DeviceIx, device: DeviceIx, link: LinkIx | undefined): number;
  /** Undefined: not reachable. Empty on the device itself. */
  forward(source: DeviceIx, device: DeviceIx, link: LinkIx | undefined): Forward | undefined;
  /** Cost inside the IGP alone. */
  internalCost(source: DeviceIx, target: DeviceIx): number;
  internalForward(source: DeviceIx, target: DeviceIx): Forward | undefined;
}

/** True where the IGP knows the subnet of a link, whether the link is up or not. */
export function announcesSubnet(network: Network, link: Link): boolean {
  return link.igp === 'passive' || carriesIgp(network, link);
}

/** True where the IGP runs, whether the link is up or not. */
export function carriesIgp(network: Network, link: Link): boolean {
  if (link.igp === 'none' || link.igp === 'passive') return false;
  if (link.igp === 'active') return network.devices[link.a]?.asn === network.devices[link.b]?.asn;
  if (link.kind !== 'lan' && link.kind !== 'wan') return false;
  const a = network.devices[link.a];
  const b = network.devices[link.b];
  return a !== undefined && b !== undefined && a.half === 'customer' && b.half === 'customer' && a.asn === b.asn;
}

interface Adjacency extends Hop {
  readonly cost: number;
}

/** Shortest paths from one device, by target. */
interface Tree {
  readonly costs: Float64Array;
  readonly forwards: readonly (Forward | undefined)[];
}

interface Way {
  readonly cost: number;
  readonly forward: Forward | undefined;
}

const UNREACHABLE: Way = { cost: Number.POSITIVE_INFINITY, forward: undefined };

export function buildIgp(network: Network, liveness: Liveness): Igp {
  const inside: Adjacency[][] = network.devices.map(() => []);
  const adjacent: Adjacency[][] = network.devices.map(() => []);
  const announced = network.links.map((link) => {
    if (liveness.link[link.ix] !== 1) return false;
    const { ix, a, b, cost } = link;
    adjacent[a]?.push({ link: ix, device: b, cost });
    adjacent[b]?.push({ link: ix, device: a, cost });
    if (!carriesIgp(network, link)) return announcesSubnet(network, link);
    if (!(cost > 0)) throw new RangeError(`link ${ix} carries the IGP at cost ${cost}`);
    inside[a]?.push({ link: ix, device: b, cost });
    inside[b]?.push({ link: ix, device: a, cost });
    return true;
  });
  const trees: (Tree | undefined)[] = [];
  // Ways that no tree holds, per source by device and link.
  const others: (Map<number, Way> | undefined)[] = [];

  function treeOf(source: DeviceIx): Tree {
    const tree = trees[source] ?? shortestPaths(inside, source);
    trees[source] = tree;
    return tree;
  }

  function otherWay(source: DeviceIx, device: DeviceIx, link: LinkIx | undefined): Way {
    const key = (link ?? network.links.length) * network.devices.length + device;
    const known = others[source]?.get(key);
    if (known !== undefined) return known;
    const way = link === undefined ? directly(source, device) : toSubnet(source, device, link);
    const ways = others[source] ?? new Map<number, Way>();
    ways.set(key, way);
    others[source] = ways;
    return way;
  }

  /** A loopback outside the IGP, on a device at the other end of a link: over the cheapest such links. */
  function directly(source: DeviceIx, device: DeviceIx): Way {
    const links = (adjacent[source] ?? []).filter((adjacency) => adjacency.device === device);
    if (links.length === 0) return UNREACHABLE;
    const least = Math.min(...links.map((item) => item.cost));
    const next = links.filter((item) => item.cost === least).map((item): Hop => ({ link: item.link, device }));
    return { cost: 0, forward: { kind: 'forward', next: mergeHops(next) } };
  }

  /** The subnet of a link: on it, or by way of its nearest ends. */
  function toSubnet(source: DeviceIx, device: DeviceIx, linkIx: LinkIx): Way {
    const link = network.links[linkIx];
    if (link === undefined || liveness.link[linkIx] !== 1) return UNREACHABLE;
    if (link.a === source || link.b === source) {
      return { cost: 0, forward: { kind: 'forward', next: [{ link: linkIx, device }] } };
    }
    const { costs, forwards } = treeOf(source);
    const ends = [link.a, link.b].map((end) => ({ cost: costs[end] ?? UNREACHABLE.cost, forward: forwards[end] }));
    const least = Math.min(...ends.map((end) => end.cost));
    if (announced[linkIx] !== true || least === UNREACHABLE.cost) return UNREACHABLE;
    const next = ends.flatMap((end) => (end.cost === least ? (end.forward?.next ?? []) : []));
    return { cost: least + link.cost, forward: { kind: 'forward', next: mergeHops(next) } };
  }

  function internalCost(source: DeviceIx, target: DeviceIx): number {
    return treeOf(source).costs[target] ?? UNREACHABLE.cost;
  }

  function internalForward(source: DeviceIx, target: DeviceIx): Forward | undefined {
    return treeOf(source).forwards[target];
  }

  return {
    cost: (source, device, link) => {
      const cost = link === undefined ? internalCost(source, device) : UNREACHABLE.cost;
      return cost === UNREACHABLE.cost ? otherWay(source, device, link).cost : cost;
    },
    forward: (source, device, link) => {
      const forward = link === undefined ? internalForward(source, device) : undefined;
      return forward ?? otherWay(source, device, link).forward;
    },
    internalCost,
    internalForward,
  };
}

export function mergeHops(hops: readonly Hop[]): readonly Hop[] {
  const sorted = [...hops].sort((a, b) => a.link - b.link || a.device - b.device);
  return sorted.filter((hop, ix) => {
    const before = sorted[ix - 1];
    return before === undefined || before.link !== hop.link || before.device !== hop.device;
  });
}

/** Unions of hops, one object for the same two parts: most targets of a device share few sets of first hops. */
class JoinedForwards {
  readonly #known = new Map<Forward, Map<Forward, Forward>>();

  of(a: Forward, b: Forward): Forward {
    let others = this.#known.get(a);
    if (others === undefined) {
      others = new Map();
      this.#known.set(a, others);
    }
    let union = others.get(b);
    if (union === undefined) {
      const next = mergeHops([...a.next, ...b.next]);
      union = next.length === a.next.length ? a : { kind: 'forward', next };
      others.set(b, union);
    }
    return union;
  }
}

/** Dijkstra with a binary heap; costs are positive, so every predecessor is settled before its successor. */
function shortestPaths(neighbours: readonly (readonly Adjacency[])[], source: DeviceIx): Tree {
  const size = neighbours.length;
  const costs = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const forwards = new Array<Forward | undefined>(size).fill(undefined);
  const settled = new Uint8Array(size);
  const first = new Map<LinkIx, Forward>();
  const joined = new JoinedForwards();
  costs[source] = 0;
  forwards[source] = { kind: 'forward', next: [] };
  const heap: HeapItem[] = [];
  heapPush(heap, { cost: 0, device: source });
  for (let top = heapPop(heap); top !== undefined; top = heapPop(heap)) {
    const at = top.device;
    if (settled[at] === 1) continue;
    settled[at] = 1;
    for (const { link, device, cost: step } of neighbours[at] ?? []) {
      const cost = top.cost + step;
      const held = costs[device] ?? Number.POSITIVE_INFINITY;
      if (held < cost) continue;
      let way = at === source ? first.get(link) : forwards[at];
      if (way === undefined) {
        way = { kind: 'forward', next: [{ link, device }] };
        first.set(link, way);
      }
      const before = forwards[device];
      if (before === undefined || held > cost) {
        costs[device] = cost;
        forwards[device] = way;
        heapPush(heap, { cost, device });
      } else if (before !== way) {
        forwards[device] = joined.of(before, way);
      }
    }
  }
  return { costs, forwards };
}

interface HeapItem {
  readonly cost: number;
  readonly device: DeviceIx;
}

const before = (a: HeapItem, b: HeapItem): boolean => a.cost < b.cost || (a.cost === b.cost && a.device < b.device);

function heapPush(heap: HeapItem[], item: HeapItem): void {
  let at = heap.length;
  heap.push(item);
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt];
    if (parent === undefined || !before(item, parent)) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = item;
}

function heapPop(heap: HeapItem[]): HeapItem | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let at = 0;
  for (;;) {
    const leftAt = 2 * at + 1;
    const left = heap[leftAt];
    if (left === undefined) break;
    const right = heap[leftAt + 1];
    const childAt = right !== undefined && before(right, left) ? leftAt + 1 : leftAt;
    const child = childAt === leftAt ? left : right;
    if (child === undefined || !before(child, last)) break;
    heap[at] = child;
    at = childAt;
  }
  heap[at] = last;
  return top;
}
