/** Shortest paths from one device with every equal-cost first hop: Dijkstra's algorithm (RFC 2328 section 16.1). */
import type { DeviceIx, LinkIx } from '@bothways/network';

export interface Hop {
  readonly link: LinkIx;
  readonly device: DeviceIx;
}

/** Packets are handed to these neighbours: by link, without repetition; several are equal-cost paths. */
export interface Forward {
  readonly kind: 'forward';
  readonly next: readonly Hop[];
}

export interface Adjacency extends Hop {
  readonly cost: number;
  readonly area: number;
}

/** Shortest paths from one device, by target. */
export interface Tree {
  readonly costs: Float64Array;
  readonly forwards: readonly (Forward | undefined)[];
}

export function mergeHops(hops: readonly Hop[]): readonly Hop[] {
  const sorted = [...hops].sort((a, b) => a.link - b.link || a.device - b.device);
  return sorted.filter((hop, ix) => {
    const before = sorted[ix - 1];
    return before === undefined || before.link !== hop.link || before.device !== hop.device;
  });
}

/** Unions of hops, one object for the same two parts: most targets of a device share few sets of first hops. */
export class JoinedForwards {
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
export function shortestPaths(neighbours: readonly (readonly Adjacency[])[], source: DeviceIx): Tree {
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
