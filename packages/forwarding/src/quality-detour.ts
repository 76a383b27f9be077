/**
 * How much farther a way goes than it had to: beside the great circle between its two ends, and beside the shortest way
 * that the described network has between them.
 */
import { type Coordinates, estimatedLatency, greatCircleKilometres } from '@bothways/facts';
import type { CompiledNetwork, DeviceIx, LinkIx } from '@bothways/network';
import type { PacketPath } from './path.ts';
import { rounded } from './quality-latency.ts';
import { devicePlaces } from './quality-places.ts';
import { type ShortestWay, shortestWay } from './quality-shortest.ts';
import { linkAt } from './walk.ts';

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
  readonly shortest: ShortestWay | undefined;
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
    // Several devices at one place: the one compiled first stands for it, on the way there and on the way back.
    const isWorse = turn === undefined || excess > turn.excess + 0.1;
    const isSame = turn !== undefined && Math.abs(excess - turn.excess) <= 0.1 && device < turn.device;
    if (excess >= 1 && (isWorse || isSame)) turn = { device, excess };
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
