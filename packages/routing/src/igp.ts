/**
 * The link-state IGP and what it resolves: shortest paths with every equal-cost first hop (`shortest-paths.ts`), and the
 * way to a BGP next hop.
 *
 * The IGP runs on `lan` and `wan` links between customer devices of one AS, unless the link says otherwise. It carries
 * the loopbacks of these devices, the subnets of these links, the prefixes connected to the devices and what these
 * redistribute, nothing else: not the subnet of a link to another AS, so that a border router needs next-hop-self, as it
 * does by default in FRR, BIRD and IOS, or the link made passive.
 *
 * Areas are those of OSPF (`igp-areas.ts`): a loopback and what is connected to a device are in the lowest-numbered area
 * of its links, the subnet of a link is as far as its nearer end.
 *
 * Left out: unequal costs per direction, stub areas, virtual links.
 */
import type { DeviceIx, Link, LinkIx, Network } from '@bothways/network';
import { areasOf, areaTree } from './igp-areas.ts';
import type { Liveness } from './liveness.ts';
import { type Adjacency, type Forward, type Hop, mergeHops, shortestPaths, type Tree } from './shortest-paths.ts';

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
function carriesIgp(network: Network, link: Link): boolean {
  if (link.igp === 'none' || link.igp === 'passive') return false;
  if (link.igp === 'active') return network.devices[link.a]?.asn === network.devices[link.b]?.asn;
  if (link.kind !== 'lan' && link.kind !== 'wan') return false;
  const a = network.devices[link.a];
  const b = network.devices[link.b];
  return a !== undefined && b !== undefined && a.half === 'customer' && b.half === 'customer' && a.asn === b.asn;
}

interface Way {
  readonly cost: number;
  readonly forward: Forward | undefined;
}

const UNREACHABLE: Way = { cost: Number.POSITIVE_INFINITY, forward: undefined };

interface Places {
  /** Links at each device, in their order. */
  readonly byDevice: readonly (readonly Link[])[];
  /** Links that the IGP runs on. */
  readonly carrying: readonly Link[];
}

const places = new WeakMap<Network, Places>();

/** The same in every situation of a network. */
function placesOf(network: Network): Places {
  let known = places.get(network);
  if (known === undefined) {
    const byDevice: Link[][] = network.devices.map(() => []);
    for (const link of network.links) {
      byDevice[link.a]?.push(link);
      if (link.b !== link.a) byDevice[link.b]?.push(link);
    }
    known = { byDevice, carrying: network.links.filter((link) => carriesIgp(network, link)) };
    places.set(network, known);
  }
  return known;
}

export function buildIgp(network: Network, liveness: Liveness): Igp {
  const inside: Adjacency[][] = network.devices.map(() => []);
  const { byDevice, carrying } = placesOf(network);
  for (const { ix, a, b, cost, area = 0 } of carrying) {
    if (liveness.link[ix] !== 1) continue;
    if (!(cost > 0)) throw new RangeError(`link ${ix} carries the IGP at cost ${cost}`);
    inside[a]?.push({ link: ix, device: b, cost, area });
    inside[b]?.push({ link: ix, device: a, cost, area });
  }
  const areas = areasOf(inside);
  const trees: (Tree | undefined)[] = [];
  // Ways that no tree holds, per source by device and link.
  const others: (Map<number, Way> | undefined)[] = [];

  function treeOf(source: DeviceIx): Tree {
    const tree = trees[source] ?? (areas === undefined ? shortestPaths(inside, source) : areaTree(areas, source));
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
    const links = (byDevice[source] ?? []).filter(
      ({ ix, a, b }) => liveness.link[ix] === 1 && (a === source ? b : a) === device,
    );
    if (links.length === 0) return UNREACHABLE;
    const least = Math.min(...links.map((item) => item.cost));
    const next = links.filter((item) => item.cost === least).map((item): Hop => ({ link: item.ix, device }));
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
    if (!announcesSubnet(network, link) || least === UNREACHABLE.cost) return UNREACHABLE;
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
