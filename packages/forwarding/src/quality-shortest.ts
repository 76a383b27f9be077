/**
 * The shortest way that the described network has between two devices with a place, whatever routing says: Dijkstra's
 * algorithm over the lines with a latency, stated or estimated.
 *
 * What stands nowhere in particular (a provider's cloud, the internet, Microsoft's backbone) joins every place around it
 * at the price of the lines to it or of the distance, whichever is more. A way that has left the customer does not come
 * back: neither the internet nor Microsoft joins two sites without a tunnel.
 */
import { type Coordinates, estimatedLatency } from '@bothways/facts';
import type { CompiledNetwork, DeviceIx, Link } from '@bothways/network';
import { rounded } from './quality-latency.ts';
import { devicePlaces } from './quality-places.ts';
import { deviceAt } from './walk.ts';

/** One way. */
export interface ShortestWay {
  /** Likely milliseconds. */
  readonly milliseconds: number;
  /** The devices with a place that it goes over, both ends included. */
  readonly over: readonly DeviceIx[];
}

interface Step {
  readonly to: DeviceIx;
  readonly milliseconds: number;
  readonly through: number | undefined;
}

/** Lines between places, and the places around each group of devices that stand nowhere. */
interface Surroundings {
  readonly direct: ReadonlyMap<DeviceIx, readonly Step[]>;
  readonly clouds: readonly Cloud[];
  readonly cloudsAt: ReadonlyMap<DeviceIx, readonly number[]>;
  /** Links of each device. */
  readonly degrees: ReadonlyMap<DeviceIx, number>;
}

interface Cloud {
  /** Least stated milliseconds from the place into the group; 0 where nobody said. */
  readonly around: ReadonlyMap<DeviceIx, number>;
  /** A provider's cloud: it may be left towards the customer again. */
  readonly isInside: boolean;
}

const maps = new WeakMap<CompiledNetwork, Surroundings>();
/** Shortest ways from one device to all, by the device they start at. */
const searches = new WeakMap<CompiledNetwork, Map<DeviceIx, ReadonlyMap<DeviceIx, Reached>>>();

interface Reached {
  readonly milliseconds: number;
  readonly before: DeviceIx | undefined;
  /** The cloud it was reached through, which leads nowhere nearer from here. */
  readonly through: number | undefined;
}

/** Lines take as long one way as the other, so the search may start at either end. */
export function shortestWay(compiled: CompiledNetwork, from: DeviceIx, to: DeviceIx): ShortestWay | undefined {
  const held = searches.get(compiled) ?? new Map<DeviceIx, ReadonlyMap<DeviceIx, Reached>>();
  searches.set(compiled, held);
  const backwards = isBetterStart(compiled, to, from);
  const [start, end] = backwards ? [to, from] : [from, to];
  let reached = held.get(start);
  if (reached === undefined) {
    reached = search(compiled, start);
    held.set(start, reached);
  }
  const found = reached.get(end);
  if (found === undefined) return undefined;
  const over: DeviceIx[] = [];
  for (let at: DeviceIx | undefined = end; at !== undefined; at = reached.get(at)?.before) over.push(at);
  return { milliseconds: rounded(found.milliseconds), over: backwards ? over : over.toReversed() };
}

/** An end outside the customer, of which there are few, else the one with more lines: a hub and not a branch. */
function isBetterStart(compiled: CompiledNetwork, a: DeviceIx, b: DeviceIx): boolean {
  const [outsideA, outsideB] = [!isInside(compiled, a), !isInside(compiled, b)];
  if (outsideA !== outsideB) return outsideA;
  const { degrees } = surroundingsOf(compiled);
  const [linesA, linesB] = [degrees.get(a) ?? 0, degrees.get(b) ?? 0];
  return linesA === linesB ? a < b : linesA > linesB;
}

/** Dijkstra's algorithm; equal sums go to the device compiled first. */
function search(compiled: CompiledNetwork, start: DeviceIx): ReadonlyMap<DeviceIx, Reached> {
  const map = surroundingsOf(compiled);
  const best = new Map<DeviceIx, Reached>([[start, { milliseconds: 0, before: undefined, through: undefined }]]);
  const done = new Set<DeviceIx>();
  const open = new Queue();
  open.push({ device: start, milliseconds: 0 });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { device: at, milliseconds: sofar } = next;
    if (done.has(at)) continue;
    done.add(at);
    for (const step of stepsFrom(compiled, map, at, best.get(at)?.through)) {
      const sum = sofar + step.milliseconds;
      if (sum >= (best.get(step.to)?.milliseconds ?? Number.POSITIVE_INFINITY)) continue;
      best.set(step.to, { milliseconds: sum, before: at, through: step.through });
      open.push({ device: step.to, milliseconds: sum });
    }
  }
  return best;
}

interface Waiting {
  readonly device: DeviceIx;
  readonly milliseconds: number;
}

/** A binary heap: the nearest first, then the one compiled first. */
class Queue {
  readonly #heap: Waiting[] = [];

  push(waiting: Waiting): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(waiting);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(waiting, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = waiting;
  }

  pop(): Waiting | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      const isRight = right !== undefined && left !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (child === undefined || !isBefore(child, last)) break;
      heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Waiting, b: Waiting): boolean {
  return a.milliseconds < b.milliseconds || (a.milliseconds === b.milliseconds && a.device < b.device);
}

/** From the inside nothing leads out again: the search goes towards the customer, never through it. */
function stepsFrom(
  compiled: CompiledNetwork,
  { direct, clouds, cloudsAt }: Surroundings,
  at: DeviceIx,
  through: number | undefined,
): readonly Step[] {
  const places = devicePlaces(compiled);
  const inside = isInside(compiled, at);
  const steps = (direct.get(at) ?? []).filter(({ to }) => !inside || isInside(compiled, to));
  const here = places(at);
  if (here === undefined) return steps;
  for (const position of cloudsAt.get(at) ?? []) {
    const cloud = clouds[position];
    // Twice through one cloud is never shorter than once: both its prices obey the triangle inequality.
    if (cloud === undefined || position === through || (inside && !cloud.isInside)) continue;
    const into = cloud.around.get(at) ?? 0;
    for (const [next, out] of cloud.around) {
      const there = places(next);
      if (next === at || there === undefined || (inside && !isInside(compiled, next))) continue;
      const milliseconds = Math.max(into + out, estimatedLatency(here, there).milliseconds);
      steps.push({ to: next, milliseconds, through: position });
    }
  }
  return steps;
}

function isInside({ network }: CompiledNetwork, ix: DeviceIx): boolean {
  const { half } = deviceAt(network, ix);
  return half === 'customer' || half === 'provider';
}

function surroundingsOf(compiled: CompiledNetwork): Surroundings {
  const known = maps.get(compiled);
  if (known !== undefined) return known;
  const places = devicePlaces(compiled);
  const { network } = compiled;
  const direct = new Map<DeviceIx, Step[]>();
  const neighbours = new Map<DeviceIx, { readonly link: Link; readonly device: DeviceIx }[]>();
  for (const link of network.links) {
    for (const [device, other] of [
      [link.a, link.b],
      [link.b, link.a],
    ] as const) {
      append(neighbours, device, { link, device: other });
      const [a, b] = [places(device), places(other)];
      if (a === undefined || b === undefined) continue;
      append(direct, device, { to: other, milliseconds: millisecondsOf(link, a, b), through: undefined });
    }
  }
  const clouds: Cloud[] = [];
  const seen = new Set<DeviceIx>();
  for (const { ix } of network.devices) {
    if (seen.has(ix) || places(ix) !== undefined) continue;
    const around = new Map<DeviceIx, number>();
    let inside = true;
    const open = [ix];
    seen.add(ix);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      inside &&= isInside(compiled, at);
      for (const { link, device } of neighbours.get(at) ?? []) {
        if (places(device) !== undefined) {
          around.set(device, Math.min(link.latency ?? 0, around.get(device) ?? Number.POSITIVE_INFINITY));
        } else if (!seen.has(device)) {
          seen.add(device);
          open.push(device);
        }
      }
    }
    clouds.push({ around, isInside: inside });
  }
  const cloudsAt = new Map<DeviceIx, number[]>();
  for (const [position, { around }] of clouds.entries()) for (const ix of around.keys()) append(cloudsAt, ix, position);
  const degrees = new Map([...neighbours].map(([ix, lines]) => [ix, lines.length] as const));
  const map: Surroundings = { direct, clouds, cloudsAt, degrees };
  maps.set(compiled, map);
  return map;
}

function millisecondsOf(link: Link, a: Coordinates, b: Coordinates): number {
  return link.latency ?? link.latencyEstimate?.milliseconds ?? estimatedLatency(a, b).milliseconds;
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const held = lists.get(key);
  if (held === undefined) lists.set(key, [item]);
  else held.push(item);
}
