/**
 * What a link-state IGP would hold, computed here and given to the kernel and to BIRD as static routes: the daemons'
 * own OSPF needs seven seconds or more to start. Written apart from the model's IGP on purpose, so that the two check
 * each other.
 *
 * The IGP runs on `lan` and `wan` links between customer devices of one AS, as the model says.
 */
import type { DeviceIx, Link, LinkIx, Network } from '@bothways/network';

export interface Hop {
  readonly link: LinkIx;
  readonly device: DeviceIx;
}

export interface Route {
  readonly cost: number;
  /** First hops, all of equal cost, by link. */
  readonly hops: readonly Hop[];
}

export interface IgpRoutes {
  /** Undefined: no way; the device itself has cost 0 and no hops. */
  between(from: DeviceIx, to: DeviceIx): Route | undefined;
  carries(link: LinkIx): boolean;
}

/** `up` says whether a link carries packets. */
export function igpRoutes(network: Network, up: (link: Link) => boolean): IgpRoutes {
  const carrying = network.links.filter((link) => up(link) && runsOn(network, link));
  const carried = new Set(carrying.map((link) => link.ix));
  const trees = new Map<DeviceIx, readonly (Route | undefined)[]>();
  return {
    between: (from, to) => {
      let tree = trees.get(from);
      if (tree === undefined) {
        tree = shortest(network, carrying, from);
        trees.set(from, tree);
      }
      return tree[to];
    },
    carries: (link) => carried.has(link),
  };
}

function runsOn(network: Network, { kind, a, b }: Link): boolean {
  const [first, second] = [network.devices[a], network.devices[b]];
  if (kind !== 'lan' && kind !== 'wan') return false;
  return first?.half === 'customer' && second?.half === 'customer' && first.asn === second.asn;
}

/** Distances by repeated relaxation (Bellman and Ford), then first hops by walking every tight link backwards. */
function shortest(network: Network, carrying: readonly Link[], from: DeviceIx): readonly (Route | undefined)[] {
  const cost = network.devices.map(() => Number.POSITIVE_INFINITY);
  cost[from] = 0;
  const costOf = (device: DeviceIx): number => cost[device] ?? Number.POSITIVE_INFINITY;
  for (let changed = true; changed; ) {
    changed = false;
    for (const link of carrying) {
      for (const [near, far] of [
        [link.a, link.b],
        [link.b, link.a],
      ] as const) {
        if (costOf(near) + link.cost >= costOf(far)) continue;
        cost[far] = costOf(near) + link.cost;
        changed = true;
      }
    }
  }
  const byCost = network.devices.map(({ ix }) => ix).sort((a, b) => costOf(a) - costOf(b));
  const routes: (Route | undefined)[] = [];
  for (const device of byCost) {
    if (costOf(device) === Number.POSITIVE_INFINITY) continue;
    routes[device] = { cost: costOf(device), hops: device === from ? [] : firstHops(device) };
  }
  return routes;

  function firstHops(device: DeviceIx): readonly Hop[] {
    const hops = new Map<string, Hop>();
    for (const { ix, a, b, cost: own } of carrying) {
      const near = a === device ? b : b === device ? a : undefined;
      if (near === undefined || costOf(near) + own !== costOf(device)) continue;
      const added = near === from ? [{ link: ix, device }] : (routes[near]?.hops ?? []);
      for (const hop of added) hops.set(`${hop.link} ${hop.device}`, hop);
    }
    return [...hops.values()].sort((x, y) => x.link - y.link || x.device - y.device);
  }
}

/** The cheapest of several, with the hops of all that are equally cheap. */
export function cheapest(routes: readonly (Route | undefined)[]): Route | undefined {
  const known = routes.filter((route) => route !== undefined);
  if (known.length === 0) return undefined;
  const cost = Math.min(...known.map((route) => route.cost));
  const hops = new Map<string, Hop>();
  for (const route of known) {
    if (route.cost === cost) for (const hop of route.hops) hops.set(`${hop.link} ${hop.device}`, hop);
  }
  return { cost, hops: [...hops.values()].sort((x, y) => x.link - y.link || x.device - y.device) };
}
