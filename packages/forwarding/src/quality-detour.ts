/**
 * How much farther a way goes than it had to: beside the great circle between its two ends, and beside the shortest way
 * that the described network has between them, whatever routing says.
 *
 * The shortest way is Dijkstra's over the lines with a latency, stated or estimated. What stands nowhere in particular (a
 * provider's cloud, the internet, Microsoft's backbone) joins every place around it at the price of the lines to it or of
 * the distance, whichever is more. A way that has left the customer does not come back: neither the internet nor
 * Microsoft joins two sites without a tunnel.
 */
import { type Coordinates, estimatedLatency, greatCircleKilometres } from '@bothways/facts';
import type { CompiledNetwork, DeviceIx, Link, LinkIx } from '@bothways/network';
import type { PacketPath } from './path.ts';
import { rounded } from './quality-latency.ts';
import { devicePlaces, type PlaceOfDevice } from './quality-places.ts';
import { deviceAt, linkAt } from './walk.ts';

export interface Detour {
  /** First and last device of the way that stand somewhere. */
  readonly from: DeviceIx;
  readonly to: DeviceIx;
  /** Great circles between the places of the way, one after the other. */
  readonly kilometres: number;
  /** Great circle between its ends. */
  readonly straightKilometres: number;
  readonly extraKilometres: number;
  /** Over what a line along the great circle would likely take; undefined where the latency of the way is not complete. */
  readonly extraMs: number | undefined;
  /** The device whose place costs most of the extra kilometres; undefined where there are none. */
  readonly turnsAt: DeviceIx | undefined;
  /** Likely milliseconds of the shortest way in the network, one way, and over which devices with a place it goes. */
  readonly shortest: { readonly milliseconds: number; readonly over: readonly DeviceIx[] } | undefined;
  /** Over the shortest way; undefined where either is not complete. */
  readonly extraMsOverShortest: number | undefined;
}

/** A circuit, an edge or a WAN that one way of a packet crosses more than once. */
export interface Hairpin {
  readonly name: string;
  readonly crossings: number;
  readonly links: readonly LinkIx[];
}

/** Undefined where fewer than two devices of the way stand somewhere. `likelyMs`: of the whole way. */
export function detourOf(
  compiled: CompiledNetwork,
  path: PacketPath,
  likelyMs: number | undefined,
): Detour | undefined {
  const places = devicePlaces(compiled);
  const stops = path.hops.flatMap(({ device }) => {
    const place = places(device);
    return place === undefined ? [] : [{ device, place }];
  });
  const first = stops[0];
  const last = stops.at(-1);
  if (first === undefined || last === undefined || stops.length < 2) return undefined;
  let kilometres = 0;
  for (const [position, { place }] of stops.entries()) {
    const previous = stops[position - 1];
    if (previous !== undefined) kilometres += greatCircleKilometres(previous.place, place);
  }
  const straight = greatCircleKilometres(first.place, last.place);
  let turn: { readonly device: DeviceIx; readonly excess: number } | undefined;
  for (const { device, place } of stops) {
    const excess = greatCircleKilometres(first.place, place) + greatCircleKilometres(place, last.place) - straight;
    if (excess >= 1 && excess > (turn?.excess ?? 0)) turn = { device, excess };
  }
  const ends = [path.hops[0]?.device, path.hops.at(-1)?.device];
  // The latency of the way is that between its placed ends only where it begins and ends at them.
  const whole = ends[0] === first.device && ends[1] === last.device ? likelyMs : undefined;
  const shortest = shortestWay(compiled, first.device, last.device);
  return {
    from: first.device,
    to: last.device,
    kilometres: Math.round(kilometres),
    straightKilometres: Math.round(straight),
    extraKilometres: Math.round(kilometres) - Math.round(straight),
    extraMs: whole === undefined ? undefined : over(whole, estimatedLatency(first.place, last.place).milliseconds),
    turnsAt: turn?.device,
    shortest,
    extraMsOverShortest: whole === undefined || shortest === undefined ? undefined : over(whole, shortest.milliseconds),
  };
}

/** The links between one device with a place and the next. */
export interface Stretch {
  readonly links: readonly LinkIx[];
  /** Great circle; undefined before the first and after the last place of the way. */
  readonly kilometres: number | undefined;
}

export function stretchesOf(compiled: CompiledNetwork, path: PacketPath): readonly Stretch[] {
  const places = devicePlaces(compiled);
  const stretches: Stretch[] = [];
  let links: LinkIx[] = [];
  let before: Coordinates | undefined;
  for (const { device, leftOn } of path.hops) {
    const here = places(device);
    if (here !== undefined) {
      const kilometres = before === undefined ? undefined : greatCircleKilometres(before, here);
      if (links.length > 0) stretches.push({ links, kilometres });
      links = [];
      before = here;
    }
    if (leftOn !== undefined) links.push(leftOn);
  }
  if (links.length > 0) stretches.push({ links, kilometres: undefined });
  return stretches;
}

/** A measured line can be faster than the estimate; then nothing is lost. */
function over(milliseconds: number, best: number): number {
  return rounded(Math.max(0, milliseconds - best));
}

export function hairpinsOf(compiled: CompiledNetwork, path: PacketPath): readonly Hairpin[] {
  const crossings = new Map<string, LinkIx[]>();
  for (const { leftOn } of path.hops) {
    if (leftOn === undefined) continue;
    const { kind, owner, ix, name } = linkAt(compiled.network, leftOn);
    // A cloud is crossed by two lines of its own.
    const key = owner === undefined || kind === 'wan' ? name : owner;
    if (kind === 'microsoft' || kind === 'lan') continue;
    const held = crossings.get(key);
    if (held === undefined) crossings.set(key, [ix]);
    else held.push(ix);
  }
  return [...crossings]
    .filter(([, links]) => links.length > 1)
    .map(([name, links]) => ({ name, crossings: links.length, links }));
}

interface Step {
  readonly to: DeviceIx;
  readonly milliseconds: number;
}

/** Lines between places, and the places around each group of devices that stand nowhere. */
interface Surroundings {
  readonly direct: ReadonlyMap<DeviceIx, readonly Step[]>;
  readonly clouds: readonly Cloud[];
  readonly cloudsAt: ReadonlyMap<DeviceIx, readonly number[]>;
}

interface Cloud {
  /** Least stated milliseconds from the place into the group; 0 where nobody said. */
  readonly around: ReadonlyMap<DeviceIx, number>;
  /** A provider's cloud: it may be left towards the customer again. */
  readonly isInside: boolean;
}

const maps = new WeakMap<CompiledNetwork, Surroundings>();
const answers = new WeakMap<CompiledNetwork, Map<string, Detour['shortest']>>();

function shortestWay(compiled: CompiledNetwork, from: DeviceIx, to: DeviceIx): Detour['shortest'] {
  const held = answers.get(compiled) ?? new Map<string, Detour['shortest']>();
  answers.set(compiled, held);
  const key = `${from}>${to}`;
  if (!held.has(key)) held.set(key, dijkstra(compiled, from, to));
  return held.get(key);
}

function dijkstra(compiled: CompiledNetwork, from: DeviceIx, to: DeviceIx): Detour['shortest'] {
  const map = mapOf(compiled);
  const places = devicePlaces(compiled);
  const best = new Map<DeviceIx, { milliseconds: number; before: DeviceIx | undefined }>([
    [from, { milliseconds: 0, before: undefined }],
  ]);
  const done = new Set<DeviceIx>();
  for (;;) {
    let at: DeviceIx | undefined;
    for (const [device, { milliseconds }] of best) {
      if (!done.has(device) && (at === undefined || milliseconds < (best.get(at)?.milliseconds ?? 0))) at = device;
    }
    if (at === undefined) return undefined;
    const sofar = best.get(at)?.milliseconds ?? 0;
    if (at === to) break;
    done.add(at);
    for (const { to: next, milliseconds } of stepsFrom(compiled, map, places, at, from)) {
      const sum = sofar + milliseconds;
      if (sum < (best.get(next)?.milliseconds ?? Number.POSITIVE_INFINITY)) {
        best.set(next, { milliseconds: sum, before: at });
      }
    }
  }
  const over: DeviceIx[] = [];
  for (let at: DeviceIx | undefined = to; at !== undefined; at = best.get(at)?.before) over.push(at);
  return { milliseconds: rounded(best.get(to)?.milliseconds ?? 0), over: over.toReversed() };
}

function stepsFrom(
  compiled: CompiledNetwork,
  { direct, clouds, cloudsAt }: Surroundings,
  places: PlaceOfDevice,
  at: DeviceIx,
  start: DeviceIx,
): readonly Step[] {
  const steps: Step[] = [];
  const startsInside = isInside(compiled, start);
  const mayEnter = (next: DeviceIx): boolean => !startsInside || isInside(compiled, at) || !isInside(compiled, next);
  for (const step of direct.get(at) ?? []) if (mayEnter(step.to)) steps.push(step);
  const here = places(at);
  if (here === undefined) return steps;
  for (const position of cloudsAt.get(at) ?? []) {
    const cloud = clouds[position];
    if (cloud === undefined) continue;
    for (const [next, out] of cloud.around) {
      if (next === at || (!cloud.isInside && isInside(compiled, next)) || !mayEnter(next)) continue;
      const there = places(next);
      if (there === undefined) continue;
      const stated = (cloud.around.get(at) ?? 0) + out;
      steps.push({ to: next, milliseconds: Math.max(stated, estimatedLatency(here, there).milliseconds) });
    }
  }
  return steps;
}

function isInside({ network }: CompiledNetwork, ix: DeviceIx): boolean {
  const { half } = deviceAt(network, ix);
  return half === 'customer' || half === 'provider';
}

function mapOf(compiled: CompiledNetwork): Surroundings {
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
      append(direct, device, { to: other, milliseconds: millisecondsOf(link, a, b) });
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
  const map: Surroundings = { direct, clouds, cloudsAt };
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
