/**
 * Ways through an IGP of several areas (RFC 2328 section 16.2 and 3.2): inside an area the shortest one, between areas by
 * way of area border routers and the backbone, area 0. A way inside an area goes before one that leaves it, however long
 * it is. A border router has links in the backbone and in another area; without the backbone areas do not hear of each
 * other.
 *
 * Left out: stub areas, virtual links, address ranges.
 */
import type { DeviceIx } from '@bothways/network';
import { type Adjacency, type Forward, JoinedForwards, shortestPaths, type Tree } from './shortest-paths.ts';

export interface Areas {
  /** Adjacencies inside each area, by device. */
  readonly inside: ReadonlyMap<number, readonly (readonly Adjacency[])[]>;
  /** Areas of each device, ascending; the first is where its loopback is. */
  readonly of: readonly (readonly number[])[];
  readonly borders: readonly DeviceIx[];
  /** Shortest paths inside an area, as far as they were asked for: by area, then source. */
  readonly trees: Map<number, (Tree | undefined)[]>;
  /** Cost of what a border router has over the backbone, by router, then target. */
  readonly backbone: Map<DeviceIx, Map<DeviceIx, number>>;
}

const BACKBONE = 0;

/** Undefined where there is one area only, whatever its number. */
export function areasOf(adjacencies: readonly (readonly Adjacency[])[]): Areas | undefined {
  const numbers = [...new Set(adjacencies.flatMap((list) => list.map(({ area }) => area)))].sort((a, b) => a - b);
  if (numbers.length < 2) return undefined;
  const of = adjacencies.map((list) => numbers.filter((area) => list.some((item) => item.area === area)));
  return {
    inside: new Map(
      numbers.map((area) => [area, adjacencies.map((list) => list.filter((item) => item.area === area))]),
    ),
    of,
    borders: [...of.keys()].filter((ix) => of[ix]?.[0] === BACKBONE && (of[ix]?.length ?? 0) > 1),
    trees: new Map(numbers.map((area) => [area, []])),
    backbone: new Map(),
  };
}

export function areaTree(areas: Areas, source: DeviceIx): Tree {
  const size = areas.of.length;
  const costs = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const forwards = new Array<Forward | undefined>(size).fill(undefined);
  const joined = new JoinedForwards();
  const own = areas.of[source] ?? [];
  const transit = own[0] === BACKBONE ? [BACKBONE] : own;
  for (let target = 0; target < size; target++) {
    const home = areas.of[target]?.[0];
    if (target === source) {
      costs[target] = 0;
      forwards[target] = { kind: 'forward', next: [] };
      continue;
    }
    if (home === undefined) continue;
    const direct = own.includes(home) ? within(areas, home, source) : undefined;
    const directCost = direct?.costs[target] ?? Number.POSITIVE_INFINITY;
    if (direct !== undefined && directCost < Number.POSITIVE_INFINITY) {
      costs[target] = directCost;
      forwards[target] = direct.forwards[target];
      continue;
    }
    for (const area of transit) {
      const tree = within(areas, area, source);
      for (const border of areas.borders) {
        const way = tree.forwards[border];
        if (border === source || way === undefined) continue;
        const cost = (tree.costs[border] ?? 0) + announced(areas, border, target, home, area);
        const held = costs[target] ?? Number.POSITIVE_INFINITY;
        if (cost === Number.POSITIVE_INFINITY || cost > held) continue;
        const before = forwards[target];
        forwards[target] = cost < held || before === undefined ? way : joined.of(before, way);
        costs[target] = cost;
      }
    }
  }
  return { costs, forwards };
}

function within(areas: Areas, area: number, source: DeviceIx): Tree {
  const trees = areas.trees.get(area) ?? [];
  const tree = trees[source] ?? shortestPaths(areas.inside.get(area) ?? [], source);
  trees[source] = tree;
  return tree;
}

/** What a border router tells `area` about the way to a target: infinite where it tells nothing. */
function announced(areas: Areas, border: DeviceIx, target: DeviceIx, home: number, area: number): number {
  if (border === target) return home === area ? Number.POSITIVE_INFINITY : 0;
  if (areas.of[border]?.includes(home) === true) {
    const inside = within(areas, home, border).costs[target] ?? Number.POSITIVE_INFINITY;
    // Its own way stays inside; that area has heard of the target by itself.
    if (inside < Number.POSITIVE_INFINITY) return home === area ? Number.POSITIVE_INFINITY : inside;
  }
  return area === BACKBONE ? Number.POSITIVE_INFINITY : overBackbone(areas, border, target, home);
}

function overBackbone(areas: Areas, border: DeviceIx, target: DeviceIx, home: number): number {
  const known = areas.backbone.get(border) ?? new Map<DeviceIx, number>();
  areas.backbone.set(border, known);
  let least = known.get(target);
  if (least !== undefined) return least;
  least = Number.POSITIVE_INFINITY;
  const tree = within(areas, BACKBONE, border);
  for (const other of areas.borders) {
    if (other === border || home === BACKBONE || areas.of[other]?.includes(home) !== true) continue;
    const inside = within(areas, home, other).costs[target] ?? Number.POSITIVE_INFINITY;
    least = Math.min(least, (tree.costs[other] ?? Number.POSITIVE_INFINITY) + inside);
  }
  known.set(target, least);
  return least;
}
