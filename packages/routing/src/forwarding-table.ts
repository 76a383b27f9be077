/**
 * Forwarding tables: per device and class the route that wins among the protocols, by administrative distance
 * (connected 0, static as configured, eBGP 20, IGP 110, iBGP 200: the defaults of IOS and FRR).
 *
 * A route the device itself puts into BGP installs nothing, as a network statement does not; the packet goes where the
 * device's connected, static or IGP route for the prefix says, or where a shorter prefix says. An aggregate is the
 * exception: it discards what no longer prefix takes, and stands with the internal routes of BGP, as in `show ip route`.
 *
 * Prefixes that were put into the IGP are external routes of type 2 (RFC 2328 section 11): a prefix connected inside goes
 * first, then the lowest metric, then the nearest device that has it.
 */
import type { Device, DeviceIx, Network, Origin } from '@bothways/network';
import type { ClassTable, Placement } from './classes.ts';
import type { Settled } from './convergence.ts';
import { type Forward, type Hop, mergeHops } from './shortest-paths.ts';
import type { Candidate, PathNode } from './transfer.ts';
import { element, type Situation, type Wiring } from './wiring.ts';

export type FibAction =
  | { readonly kind: 'deliver'; readonly name: string }
  | { readonly kind: 'discard' }
  /** Several are equal-cost paths, by link. */
  | Forward;

export interface FibEntry {
  readonly classIx: number;
  readonly protocol: 'connected' | 'static' | 'ebgp' | 'ibgp' | 'igp';
  readonly distance: number;
  readonly action: FibAction;
  /** Of a BGP route: what might stand here instead, for all that is known; absent: nothing that leads elsewhere. */
  readonly rivals?: readonly RivalWays[];
  /** Of an IGP route: the cost inside, or the metric of an external route. */
  readonly cost?: number;
  /** Of the connected entry, the static route or what put it into BGP. */
  readonly origins: readonly Origin[];
}

export interface RivalWays {
  /** Equal-cost ways by link. */
  readonly next: readonly Hop[];
  /** What is not known; undefined: only identifiers and the age of routes tell it from what is installed. */
  readonly because: string | undefined;
}

export interface Fib {
  readonly device: DeviceIx;
  /** By class. */
  entries(): Iterable<FibEntry>;
  get(classIx: number): FibEntry | undefined;
}

export const administrativeDistance = { connected: 0, ebgp: 20, igp: 110, ibgp: 200 } as const;

export interface FibSource {
  readonly wiring: Wiring;
  readonly situation: Situation;
  readonly table: ClassTable;
  /** Per BGP class. */
  readonly settled: readonly Settled[];
  /** Who put which class into the IGP, by class. */
  readonly externals: ReadonlyMap<number, readonly External[]>;
}

/** A device that puts a class into the IGP. */
export interface External {
  readonly device: DeviceIx;
  /** Position in `Device.redistributions`. */
  readonly entry: number;
  readonly metric: number;
}

/** The forwarding table of a device; entries are made when they are asked for, and kept if by name. */
export function buildFib(source: FibSource, device: Device): Fib {
  const made: (FibEntry | null | undefined)[] = [];
  const size = source.table.classes.length;
  function get(classIx: number): FibEntry | undefined {
    if (classIx < 0 || classIx >= size) return undefined;
    let entry = made[classIx];
    if (entry === undefined) {
      entry = fibEntry(source, device, classIx) ?? null;
      made[classIx] = entry;
    }
    return entry ?? undefined;
  }
  function* entries(): Iterable<FibEntry> {
    for (let classIx = 0; classIx < size; classIx++) {
      // Not kept: who walks through a whole table mostly does so once, and the tables of a large network are large.
      const known = made[classIx];
      const entry = known === undefined ? fibEntry(source, device, classIx) : known;
      if (entry !== undefined && entry !== null) yield entry;
    }
  }
  return { device: device.ix, entries, get };
}

export function fibEntry(source: FibSource, device: Device, classIx: number): FibEntry | undefined {
  if (source.situation.liveness.device[device.ix] !== 1) return undefined;
  let best = connectedEntry(source, device, classIx);
  for (const { make, least } of learning) {
    if (best !== undefined && best.distance <= least) continue;
    const entry = make(source, device, classIx);
    if (entry !== undefined && (best === undefined || entry.distance < best.distance)) best = entry;
  }
  return best;
}

/** The route that a protocol other than BGP would give the device, be another one better or not. */
export function offeredEntry(
  source: FibSource,
  device: Device,
  classIx: number,
  protocol: 'connected' | 'static' | 'igp',
): FibEntry | undefined {
  if (source.situation.liveness.device[device.ix] !== 1) return undefined;
  if (protocol === 'connected') return connectedEntry(source, device, classIx);
  return protocol === 'static' ? staticEntry(source, device, classIx) : igpEntry(source, device, classIx);
}

function connectedEntry({ table }: FibSource, device: Device, classIx: number): FibEntry | undefined {
  const place = table.connected[classIx]?.find((item) => item.device === device.ix);
  if (place === undefined) return undefined;
  const { name, origins } = element(device.connected, place.entry, 'connected prefixes');
  const action: FibAction = { kind: 'deliver', name };
  return { classIx, protocol: 'connected', distance: administrativeDistance.connected, action, origins };
}

/** The usable statics of the lowest distance together; one that discards counts only where no other forwards. */
function staticEntry({ table, situation }: FibSource, device: Device, classIx: number): FibEntry | undefined {
  const statics = table.statics[classIx];
  if (statics === undefined || statics.length === 0) return undefined;
  const usable = statics
    .filter((item) => item.device === device.ix)
    .map((item) => element(device.statics, item.entry, 'static route'))
    .filter(({ next }) => next.kind === 'discard' || situation.liveness.link[next.link] === 1);
  if (usable.length === 0) return undefined;
  const distance = Math.min(...usable.map((route) => route.distance));
  const nearestRoutes = usable.filter((route) => route.distance === distance);
  const next = nearestRoutes.flatMap((route): Hop[] =>
    route.next.kind === 'forward' ? [{ link: route.next.link, device: route.next.device }] : [],
  );
  const action: FibAction = next.length === 0 ? { kind: 'discard' } : { kind: 'forward', next: mergeHops(next) };
  const origins = nearestRoutes
    .filter((route) => next.length === 0 || route.next.kind === 'forward')
    .flatMap((route) => route.origins);
  return { classIx, protocol: 'static', distance, action, origins };
}

function bgpEntry(source: FibSource, device: Device, classIx: number, protocol: 'ebgp' | 'ibgp'): FibEntry | undefined {
  const { table, settled, situation, wiring } = source;
  if (protocol === 'ebgp' && wiring.hearsOtherAses[device.ix] !== true) return undefined;
  const bgpIx = table.bgpClassOf[classIx];
  if (bgpIx === undefined) return undefined;
  const { best, multipath, rivals } = element(settled, bgpIx, 'settled class');
  const first = best[device.ix];
  if (first === undefined) return undefined;
  if (first.kind === 'local') {
    if (first.source !== 'aggregate' || protocol !== 'ibgp') return undefined;
    const { origins } = element(device.aggregates ?? [], first.origination, 'aggregate');
    return { classIx, protocol, distance: administrativeDistance.ibgp, action: { kind: 'discard' }, origins };
  }
  if (first.kind !== protocol) return undefined;
  const forwardOf = ({ attributes }: PathNode): Forward =>
    situation.igp.forward(device.ix, attributes.nextHop, attributes.nextHopLink) ?? NOWHERE;
  const originsOf = (route: PathNode): readonly Origin[] => originsOfLocal(wiring.network, route);
  const distance = administrativeDistance[protocol];
  const several = multipath.get(device.ix);
  const others = rivals.get(device.ix);
  if (several === undefined && others === undefined) {
    return { classIx, protocol, distance, action: forwardOf(first), origins: originsOf(first) };
  }
  const installed = several ?? [first];
  const next = mergeHops(installed.flatMap((route) => forwardOf(route).next));
  const origins = [...new Set(installed.flatMap(originsOf))];
  const entry: FibEntry = { classIx, protocol, distance, action: { kind: 'forward', next }, origins };
  if (others === undefined) return entry;
  const elsewhere = waysElsewhere(
    next,
    others.map(({ routes, because }) => ({
      next: mergeHops(routes.flatMap((route) => forwardOf(route).next)),
      because,
    })),
  );
  return elsewhere.length === 0 ? entry : { ...entry, rivals: elsewhere };
}

/** Each other set of ways once. */
function waysElsewhere(installed: readonly Hop[], rivals: readonly RivalWays[]): readonly RivalWays[] {
  const elsewhere: RivalWays[] = [];
  for (const rival of rivals) {
    const differs = (set: readonly Hop[]): boolean =>
      set.length !== rival.next.length || set.some(({ link }, at) => link !== rival.next[at]?.link);
    if (rival.next.length === 0 || !differs(installed)) continue;
    if (elsewhere.every(({ next }) => differs(next))) elsewhere.push(rival);
  }
  return elsewhere;
}

/** The lines and facts behind the route that a device put into BGP, of which `route` is a copy. */
export function originsOfLocal({ devices }: Network, route: Candidate): readonly Origin[] {
  const device = element(devices, route.originator, 'device');
  if (route.source === 'origination') return element(device.originations, route.origination, 'origination').origins;
  if (route.source === 'aggregate') return element(device.aggregates ?? [], route.origination, 'aggregate').origins;
  return element(device.redistributions ?? [], route.origination, 'redistribution').origins;
}

/** The way to the nearest devices of the IGP that the prefixes are connected to, or that put them into it. */
function igpEntry(source: FibSource, device: Device, classIx: number): FibEntry | undefined {
  const { devices } = source.wiring.network;
  const inside = source.table.connected[classIx] ?? [];
  const nearest = nearestOf(source, device, inside);
  if (nearest !== undefined) {
    const originsOf = (holder: Placement): readonly Origin[] =>
      element(element(devices, holder.device, 'device').connected, holder.entry, 'connected prefixes').origins;
    return nearestEntry(source, device, classIx, nearest, nearest.cost, originsOf);
  }
  const outside = source.externals.get(classIx);
  // A device that puts the prefix into the IGP itself does not learn it from there.
  if (outside === undefined || outside.some((holder) => holder.device === device.ix)) return undefined;
  const reachable = outside.filter(
    (holder) => source.situation.igp.internalCost(device.ix, holder.device) < Number.POSITIVE_INFINITY,
  );
  const metric = Math.min(...reachable.map((holder) => holder.metric));
  const best = nearestOf(
    source,
    device,
    reachable.filter((holder) => holder.metric === metric),
  );
  if (best === undefined) return undefined;
  const originsOf = (holder: Placement): readonly Origin[] =>
    element(element(devices, holder.device, 'device').redistributions ?? [], holder.entry, 'redistribution').origins;
  return nearestEntry(source, device, classIx, best, metric, originsOf);
}

interface Nearest {
  readonly cost: number;
  readonly first: Placement;
  /** As near as the first; undefined: none. */
  readonly others: readonly Placement[] | undefined;
}

function nearestOf(
  { situation: { igp } }: FibSource,
  device: Device,
  holders: readonly Placement[],
): Nearest | undefined {
  let cost = Number.POSITIVE_INFINITY;
  let first: Placement | undefined;
  let others: Placement[] | undefined;
  for (const holder of holders) {
    if (holder.device === device.ix) continue;
    const own = igp.internalCost(device.ix, holder.device);
    if (own === Number.POSITIVE_INFINITY || own > cost) continue;
    if (own === cost) {
      others ??= [];
      others.push(holder);
      continue;
    }
    cost = own;
    first = holder;
    others = undefined;
  }
  return first === undefined ? undefined : { cost, first, others };
}

function nearestEntry(
  { situation: { igp } }: FibSource,
  device: Device,
  classIx: number,
  { first, others }: Nearest,
  cost: number,
  originsOf: (holder: Placement) => readonly Origin[],
): FibEntry {
  const distance = administrativeDistance.igp;
  if (others === undefined) {
    const action = igp.internalForward(device.ix, first.device) ?? NOWHERE;
    return { classIx, protocol: 'igp', distance, action, cost, origins: originsOf(first) };
  }
  const all = [first, ...others];
  const next = all.flatMap((holder) => (igp.internalForward(device.ix, holder.device) ?? NOWHERE).next);
  const action: Forward = { kind: 'forward', next: mergeHops(next) };
  return { classIx, protocol: 'igp', distance, action, cost, origins: all.flatMap(originsOf) };
}

const NOWHERE: Forward = { kind: 'forward', next: [] };

type Protocol = (source: FibSource, device: Device, classIx: number) => FibEntry | undefined;

const externalEntry: Protocol = (source, device, classIx) => bgpEntry(source, device, classIx, 'ebgp');
const internalEntry: Protocol = (source, device, classIx) => bgpEntry(source, device, classIx, 'ibgp');

/** The protocols besides connected by the least distance each may have; the first of equals wins. */
const learning: readonly { readonly make: Protocol; readonly least: number }[] = [
  { make: staticEntry, least: 0 },
  { make: externalEntry, least: administrativeDistance.ebgp },
  { make: igpEntry, least: administrativeDistance.igp },
  { make: internalEntry, least: administrativeDistance.ibgp },
];

/** True where two entries send a packet the same way for the same reason. */
export function sameFibEntry(a: FibEntry | undefined, b: FibEntry | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return (
    a.classIx === b.classIx &&
    a.protocol === b.protocol &&
    a.distance === b.distance &&
    a.cost === b.cost &&
    a.origins.length === b.origins.length &&
    a.origins.every((origin, ix) => origin === b.origins[ix]) &&
    sameAction(a.action, b.action) &&
    sameWays(a.rivals, b.rivals)
  );
}

function sameWays(a: FibEntry['rivals'], b: FibEntry['rivals']): boolean {
  if (a === b) return true;
  return (
    a !== undefined &&
    b !== undefined &&
    a.length === b.length &&
    a.every((rival, ix) => rival.because === b[ix]?.because && sameHops(rival.next, b[ix]?.next))
  );
}

function sameHops(a: readonly Hop[], b: readonly Hop[] | undefined): boolean {
  return a.length === b?.length && a.every((hop, ix) => hop.link === b[ix]?.link && hop.device === b[ix]?.device);
}

function sameAction(a: FibAction, b: FibAction): boolean {
  if (a === b) return true;
  if (a.kind === 'deliver') return b.kind === 'deliver' && a.name === b.name;
  if (a.kind === 'discard' || b.kind !== 'forward') return a.kind === b.kind;
  return sameHops(a.next, b.next);
}
