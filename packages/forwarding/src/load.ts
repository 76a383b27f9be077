/**
 * Load per link and direction, per port and circuit, per LAN: the traffic matrix laid on the round trips.
 *
 * Loads are whole bit/s, so that sums are exact in any order and a failure sweep may take out the contribution of one
 * bundle and put in another. A contribution is an interval where it is not known which of its round trips a bundle uses:
 * `low` is what every one of them puts on the line, `high` what the one puts there that loads it most.
 *
 * At equal-cost ways the traffic divides equally over `Hop.equalWays`; what does not divide goes to the first ways, one
 * bit/s each. Routers choose by a hash of the flow, so few large flows divide worse than this. Answers divide again, on
 * their own. Parts of a pool that are routed differently are alternatives, because nothing says which address a session
 * gets; so are ways of which somebody else takes one unseen, possibilities of a tie, and proxies where it is not known which of them clients use.
 * Alternatives widen the interval. Through a proxy both of its connections count, each on its own lines. A session counts
 * only when request and answer arrive: one that is lost carries nothing.
 */
import type { CompiledNetwork, DeviceIx } from '@bothways/network';
import type { BranchesOf, RequestBranch } from './load-branches.ts';
import { type Carrier, type Direction, endsOf, type LoadKey, type LoadSpace } from './load-space.ts';
import { type Packet, samePacket } from './packet.ts';
import type { Hop, PacketPath } from './path.ts';
import type { RoundTrip } from './round-trip.ts';
import type { Traffic, TrafficBundle } from './traffic.ts';
import { bitsInUse } from './whole-bits.ts';

/** Bit/s, whole numbers, `low` at most `high`. */
export interface LoadInterval {
  readonly low: number;
  readonly high: number;
}

export interface KeyLoad extends LoadInterval {
  readonly key: LoadKey;
}

/** What one bundle puts on the network. */
export interface Contribution {
  readonly bundle: string;
  /** Ascending by key; keys that it never loads are absent. */
  readonly loads: readonly KeyLoad[];
  /** Keys that the bundle uses with a rate that nobody stated, ascending. */
  readonly unstated: readonly LoadKey[];
  /** Ids of round trips with more branches than are followed; where their traffic goes is not known. */
  readonly notFollowed: readonly string[];
}

/** `trips`: every round trip of the bundle's demands. A trip without a request that arrives carries nothing. */
export function contributionOf(
  space: LoadSpace,
  bundle: TrafficBundle,
  trips: readonly RoundTrip[],
  branchesOf: BranchesOf,
): Contribution {
  const { rate } = bundle;
  const amounts: Amounts = rate.kind === 'known' ? rate : PROBE;
  const sums = new Map<LoadKey, { low: number; high: number; trips: number }>();
  const notFollowed: string[] = [];
  for (const trip of trips) {
    const branches = branchesOf(trip);
    if (branches === undefined) {
      notFollowed.push(trip.id);
      continue;
    }
    for (const [key, { low, high }] of tripLoads(space, trip, branches, amounts)) {
      const held = sums.get(key);
      if (held === undefined) sums.set(key, { low, high, trips: 1 });
      else {
        held.low = Math.min(held.low, low);
        held.high = Math.max(held.high, high);
        held.trips += 1;
      }
    }
  }
  const loads = [...sums]
    .map(([key, held]): KeyLoad => ({ key, low: held.trips === trips.length ? held.low : 0, high: held.high }))
    .filter(({ high }) => high > 0)
    .sort((a, b) => a.key - b.key);
  return rate.kind === 'known'
    ? { bundle: bundle.id, loads, unstated: [], notFollowed }
    : { bundle: bundle.id, loads: [], unstated: loads.map(({ key }) => key), notFollowed };
}

/** Finds the keys that an unstated rate uses; enough to leave something on every branch that is followed. */
const PROBE: Amounts = { there: 2 ** 40, back: 2 ** 40 };

interface Amounts {
  readonly there: number;
  readonly back: number;
}

/** What the parts of a packet's way carry, and how much of the traffic that entered them arrives and is answered. */
interface Spread {
  readonly loads: ReadonlyMap<LoadKey, LoadInterval>;
  readonly there: LoadInterval;
  readonly back: LoadInterval;
}

const NONE: LoadInterval = { low: 0, high: 0 };
const LOST: Spread = { loads: new Map(), there: NONE, back: NONE };

function tripLoads(
  space: LoadSpace,
  trip: RoundTrip,
  branches: readonly RequestBranch[],
  amounts: Amounts,
): ReadonlyMap<LoadKey, LoadInterval> {
  const { loads, there, back } =
    certain(space, branches, amounts) ??
    alternatively(branches, 0, (alike) =>
      spread(space, alike, 0, amounts, 'there', (branch, arrived) =>
        branch.arrived
          ? alternatively(branch.answers, 0, (answers) => spread(space, answers, 0, arrived, 'back', settled))
          : LOST,
      ),
    );
  const { source, site, written } = trip.demand;
  const clients = space.lanOf(source.name);
  const service = written.kind === 'service' ? space.lanOf(site.name) : undefined;
  if (clients === undefined && service === undefined) return loads;
  const all = new Map(loads);
  const add = (key: LoadKey, load: LoadInterval): void => void all.set(key, plus(all.get(key), load));
  if (clients !== undefined) {
    add(clients, there);
    add(clients + 1, back);
  }
  if (service !== undefined) {
    add(service, back);
    add(service + 1, there);
  }
  return all;
}

function settled(branch: { readonly arrived: boolean }, { there, back }: Amounts): Spread {
  if (!branch.arrived) return LOST;
  return { loads: new Map(), there: exactly(there), back: exactly(back) };
}

const exactly = (value: number): LoadInterval => ({ low: value, high: value });

/** The usual case, in which nothing is an alternative and one sum per key is enough; undefined: it is not that case. */
function certain(space: LoadSpace, branches: readonly RequestBranch[], amounts: Amounts): Spread | undefined {
  if (!isOnePacket(branches, 0)) return undefined;
  const sums = new Map<LoadKey, number>();
  const carried = divide(space, branches, 0, amounts, 'there', sums, (branch, arrived) => {
    if (!branch.arrived) return NOTHING;
    if (!isOnePacket(branch.answers, 0)) return undefined;
    return divide(space, branch.answers, 0, arrived, 'back', sums, (answer, left) => (answer.arrived ? left : NOTHING));
  });
  if (carried === undefined) return undefined;
  const loads = new Map<LoadKey, LoadInterval>();
  for (const [key, sum] of sums) loads.set(key, exactly(sum));
  return { loads, there: exactly(carried.there), back: exactly(carried.back) };
}

const NOTHING: Amounts = { there: 0, back: 0 };

/** What arrives and is answered of the amounts; what they put on the way is added to `sums`. Undefined: see `certain`. */
function divide<Branch extends { readonly path: PacketPath }>(
  space: LoadSpace,
  branches: readonly Branch[],
  depth: number,
  amounts: Amounts,
  direction: 'there' | 'back',
  sums: Map<LoadKey, number>,
  atEnd: (branch: Branch, amounts: Amounts) => Amounts | undefined,
): Amounts | undefined {
  const [first] = branches;
  if (first === undefined) return NOTHING;
  const hop = goingHop(branches, depth);
  if (hop === undefined) return atEnd(first, amounts);
  const ways = waysOf(branches, depth);
  if (lossAt(space, hop, ways.size, branches, depth) !== 'own share' || isUnseen(space, hop)) return undefined;
  let there = 0;
  let back = 0;
  let position = 0;
  for (const [link, onward] of ways) {
    if (!isOnePacket(onward, depth + 1)) return undefined;
    const part: Amounts = {
      there: portionOf(amounts.there, hop.equalWays, position),
      back: portionOf(amounts.back, hop.equalWays, position),
    };
    position += 1;
    const arrived = divide(space, onward, depth + 1, part, direction, sums, atEnd);
    if (arrived === undefined) return undefined;
    there += arrived.there;
    back += arrived.back;
    const amount = arrived[direction];
    if (amount === 0) continue;
    for (const key of space.keysOf(link, hop.device)) sums.set(key, (sums.get(key) ?? 0) + amount);
  }
  return { there, back };
}

/** Branches by the link they leave on, in the order of the table. */
function waysOf<Branch extends { readonly path: PacketPath }>(
  branches: readonly Branch[],
  depth: number,
): ReadonlyMap<number, readonly Branch[]> {
  const ways = new Map<number, Branch[]>();
  for (const branch of branches) {
    const link = branch.path.hops[depth]?.leftOn;
    if (link === undefined) continue;
    const held = ways.get(link);
    if (held === undefined) ways.set(link, [branch]);
    else held.push(branch);
  }
  return ways;
}

/** One packet, in one possibility of whatever tie there is. */
function isOnePacket(branches: readonly { readonly path: PacketPath }[], depth: number): boolean {
  const hop = branches[0]?.path.hops[depth];
  const first = hop?.packet;
  return branches.every(({ path }) => {
    const other = path.hops[depth];
    const packet = other?.packet;
    if (other?.tie !== hop?.tie) return false;
    if (packet === first || packet === undefined || first === undefined) return packet === first;
    return samePacket(packet, first) && sameTransport(packet.transport, first.transport);
  });
}

function sameTransport(a: Packet['transport'], b: Packet['transport']): boolean {
  return (
    a === b ||
    (a?.protocol === b?.protocol && a?.sourcePort === b?.sourcePort && a?.destinationPort === b?.destinationPort)
  );
}

/** Somebody else takes one of the ways, whole, and nobody says which. */
function isUnseen(space: LoadSpace, { device, equalWays }: Hop): boolean {
  return equalWays > 1 && space.choosesUnseen(device);
}

/**
 * Divides amounts over branches that share their hops before `depth`. Of a branch that ends here, `atEnd` says what
 * becomes of what reached it.
 */
function spread<Branch extends { readonly path: PacketPath }>(
  space: LoadSpace,
  branches: readonly Branch[],
  depth: number,
  amounts: Amounts,
  direction: 'there' | 'back',
  atEnd: (branch: Branch, amounts: Amounts) => Spread,
): Spread {
  const [first] = branches;
  if (first === undefined) return LOST;
  const hop = goingHop(branches, depth);
  if (hop === undefined) return atEnd(first, amounts);
  const parts: Spread[] = [];
  const ways = waysOf(branches, depth);
  const unseen = isUnseen(space, hop);
  const shares = unseen ? 1 : hop.equalWays;
  let position = 0;
  for (const [link, onward] of ways) {
    const part: Amounts = {
      there: portionOf(amounts.there, shares, position),
      back: portionOf(amounts.back, shares, position),
    };
    if (!unseen) position += 1;
    const next = alternatively(onward, depth + 1, (alike) => spread(space, alike, depth + 1, part, direction, atEnd));
    parts.push(crossing(space, link, hop.device, next, direction));
  }
  const onward = unseen ? oneOf(parts) : together(parts);
  return lossAt(space, hop, ways.size, branches, depth) === 'own share' ? onward : oneOf([onward, LOST]);
}

/** The hop at which branches go on; undefined where all of them end. */
function goingHop(branches: readonly { readonly path: PacketPath }[], depth: number): Hop | undefined {
  return branches.find(({ path }) => path.hops[depth]?.leftOn !== undefined)?.path.hops[depth];
}

/**
 * Of branches that end where others go on: a way that takes no packet of this size has its share of the traffic, and
 * that is lost. Where somebody chooses unseen, or every way is there, what ends is an alternative to what goes on.
 */
function lossAt(
  space: LoadSpace,
  hop: Hop,
  ways: number,
  branches: readonly { readonly path: PacketPath }[],
  depth: number,
): 'own share' | 'alternative' {
  const ends = branches.some(({ path }) => path.hops[depth]?.leftOn === undefined);
  return ends && (isUnseen(space, hop) || ways === hop.equalWays) ? 'alternative' : 'own share';
}

/** Branches whose packets differ at a depth exclude each other. */
function alternatively<Branch extends { readonly path: PacketPath }>(
  branches: readonly Branch[],
  depth: number,
  weigh: (alike: readonly Branch[]) => Spread,
): Spread {
  return oneOf(alternatives(branches, depth).map(weigh));
}

function portionOf(amount: number, ways: number, position: number): number {
  return Math.floor(amount / ways) + (position < amount % ways ? 1 : 0);
}

/**
 * Branches that left alike with different packets (parts of a pool, proxies that may be used, ports that stand for
 * others) or go on in different possibilities of a tie.
 */
function alternatives<Branch extends { readonly path: PacketPath }>(
  branches: readonly Branch[],
  depth: number,
): readonly (readonly Branch[])[] {
  if (isOnePacket(branches, depth)) return [branches];
  const groups = new Map<string, Branch[]>();
  for (const branch of branches) {
    const hop = branch.path.hops[depth];
    const key = hop === undefined ? '' : `${packetKey(hop.packet)} ${hop.tie ?? ''}`;
    const held = groups.get(key);
    if (held === undefined) groups.set(key, [branch]);
    else held.push(branch);
  }
  return [...groups.values()];
}

function packetKey({ source, destination, transport }: Packet): string {
  const ports =
    transport === undefined ? '' : `${transport.protocol} ${transport.sourcePort} ${transport.destinationPort}`;
  return `${source.family} ${source.bits}>${destination.bits} ${ports}`;
}

function crossing(
  space: LoadSpace,
  link: number,
  device: DeviceIx,
  onward: Spread,
  direction: 'there' | 'back',
): Spread {
  const loads = new Map(onward.loads);
  for (const key of space.keysOf(link, device)) loads.set(key, plus(loads.get(key), onward[direction]));
  return { ...onward, loads };
}

function together(parts: readonly Spread[]): Spread {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  const loads = new Map<LoadKey, LoadInterval>();
  let there = NONE;
  let back = NONE;
  for (const part of parts) {
    for (const [key, load] of part.loads) loads.set(key, plus(loads.get(key), load));
    there = plus(there, part.there);
    back = plus(back, part.back);
  }
  return { loads, there, back };
}

function oneOf(choices: readonly Spread[]): Spread {
  const [only, ...others] = choices;
  if (only === undefined) return LOST;
  if (others.length === 0) return only;
  const keys = new Set(choices.flatMap(({ loads }) => [...loads.keys()]));
  return {
    loads: new Map([...keys].map((key) => [key, hull(choices.map(({ loads }) => loads.get(key) ?? NONE))])),
    there: hull(choices.map(({ there }) => there)),
    back: hull(choices.map(({ back }) => back)),
  };
}

function plus(a: LoadInterval | undefined, b: LoadInterval): LoadInterval {
  return a === undefined ? b : { low: a.low + b.low, high: a.high + b.high };
}

function hull(intervals: readonly LoadInterval[]): LoadInterval {
  return {
    low: Math.min(...intervals.map(({ low }) => low)),
    high: Math.max(...intervals.map(({ high }) => high)),
  };
}

/** Sums of contributions by key; adding and taking out leave exactly what was there before. */
export class LoadTotals {
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Bundles with a rate that nobody stated. */
  readonly unstated: Int32Array;

  constructor(space: LoadSpace) {
    this.low = new Float64Array(space.size);
    this.high = new Float64Array(space.size);
    this.unstated = new Int32Array(space.size);
  }

  add(contribution: Contribution): void {
    this.#change(contribution, 1);
  }

  subtract(contribution: Contribution): void {
    this.#change(contribution, -1);
  }

  at(key: LoadKey): LoadInterval {
    return { low: this.low[key] ?? 0, high: this.high[key] ?? 0 };
  }

  #change({ loads, unstated }: Contribution, sign: 1 | -1): void {
    for (const { key, low, high } of loads) {
      this.low[key] = (this.low[key] ?? 0) + sign * low;
      this.high[key] = (this.high[key] ?? 0) + sign * high;
    }
    for (const key of unstated) this.unstated[key] = (this.unstated[key] ?? 0) + sign;
  }
}

/**
 * 'fits': bandwidth is enough for the most that may come. 'overloaded': not even for the least. 'unknown': between the
 * two, or nobody said how wide it is. Traffic without a rate is outside the verdict: see `unstated`.
 */
export type LoadVerdict = 'fits' | 'overloaded' | 'unknown';

export interface CarrierLoad {
  readonly carrier: Carrier;
  readonly direction: Direction;
  /** Names of the devices it leads from and to; of a circuit and its ports the customer and Microsoft, of a LAN clients and router. */
  readonly from: string;
  readonly to: string;
  /** Bit/s in use before the demands of the estate; whole, rounded up; undefined without a bandwidth. */
  readonly inUse: number | undefined;
  readonly load: LoadInterval;
  readonly verdict: LoadVerdict;
  /** Bundles that come on top with a rate that nobody stated. */
  readonly unstated: number;
}

/** A circuit with both of its links, whichever peering runs over them. */
export interface CircuitLoad {
  readonly circuit: string;
  readonly direction: Direction;
  readonly bandwidth: number;
  readonly load: LoadInterval;
  /**
   * Against the configured rate: what is above it may pass while both links are up, without any promise (ER-014,
   * ER-137). 'overloaded' says that the design counts on it.
   */
  readonly configuredRate: LoadVerdict;
  readonly ports: readonly CarrierLoad[];
  /** Bit/s that the link that is left cannot take: what is above the configured rate (ER-015). */
  readonly lostWhenOneLinkFails: LoadInterval;
  readonly facts: readonly string[];
}

export interface NetworkLoad {
  /** Links, ports and LANs that carry something or have a bandwidth; links, then ports, then LANs, in their order. */
  readonly carriers: readonly CarrierLoad[];
  readonly circuits: readonly CircuitLoad[];
  /** Those of `carriers` that not even the least load fits, and those that the most does not fit. */
  readonly overloaded: readonly CarrierLoad[];
  readonly perhapsOverloaded: readonly CarrierLoad[];
}

/** The whole network at once: the sum of all contributions. */
export function loadOf(
  compiled: CompiledNetwork,
  space: LoadSpace,
  traffic: Traffic,
  trips: readonly RoundTrip[],
  branchesOf: BranchesOf,
): { readonly totals: LoadTotals; readonly contributions: readonly Contribution[]; readonly load: NetworkLoad } {
  const byDemand = tripsByDemand(trips);
  const totals = new LoadTotals(space);
  const contributions = traffic.bundles.map((bundle) => {
    const own = bundle.demands.flatMap((id) => byDemand.get(id) ?? []);
    return contributionOf(space, bundle, own, branchesOf);
  });
  for (const each of contributions) totals.add(each);
  return { totals, contributions, load: networkLoad(compiled, space, totals) };
}

export function tripsByDemand(trips: readonly RoundTrip[]): ReadonlyMap<string, readonly RoundTrip[]> {
  const byDemand = new Map<string, RoundTrip[]>();
  for (const trip of trips) {
    const held = byDemand.get(trip.demand.id);
    if (held === undefined) byDemand.set(trip.demand.id, [trip]);
    else held.push(trip);
  }
  return byDemand;
}

/** Totals judged against what the document says about each carrier. */
export function networkLoad(compiled: CompiledNetwork, space: LoadSpace, totals: LoadTotals): NetworkLoad {
  const all = space.carriers.flatMap((carrier) =>
    ([0, 1] as const).map((direction) => carrierLoad(compiled, carrier, direction, totals)),
  );
  const carriers = all.filter(
    ({ carrier, load, unstated }) =>
      carrier.kind !== 'circuit' && (carrier.bandwidth !== undefined || load.high > 0 || unstated > 0),
  );
  return {
    carriers,
    circuits: all.flatMap((whole) => circuitLoad(whole, all)),
    overloaded: carriers.filter(({ verdict }) => verdict === 'overloaded'),
    perhapsOverloaded: carriers.filter(
      ({ verdict, carrier }) => verdict === 'unknown' && carrier.bandwidth !== undefined,
    ),
  };
}

function carrierLoad(
  { network }: CompiledNetwork,
  carrier: Carrier,
  direction: Direction,
  totals: LoadTotals,
): CarrierLoad {
  const key = carrier.key + direction;
  const load = totals.at(key);
  const inUse = carrier.bandwidth === undefined ? undefined : bitsInUse(carrier.bandwidth, carrier.utilisation);
  const [from, to] =
    carrier.link === undefined
      ? inOrder(carrier.kind === 'lan' ? ['clients', carrier.name] : ['customer', 'Microsoft'], direction)
      : endsOf(network, carrier.link, direction).map(({ name }) => name);
  return {
    carrier,
    direction,
    from: from ?? '',
    to: to ?? '',
    inUse,
    load,
    verdict: verdictOf(carrier.bandwidth, inUse ?? 0, load),
    unstated: totals.unstated[key] ?? 0,
  };
}

function inOrder(ends: readonly [string, string], direction: Direction): readonly string[] {
  return direction === 0 ? ends : ends.toReversed();
}

export function verdictOf(bandwidth: number | undefined, inUse: number, { low, high }: LoadInterval): LoadVerdict {
  if (bandwidth === undefined) return 'unknown';
  if (inUse + low > bandwidth) return 'overloaded';
  return inUse + high <= bandwidth ? 'fits' : 'unknown';
}

function circuitLoad(whole: CarrierLoad, all: readonly CarrierLoad[]): readonly CircuitLoad[] {
  const { carrier, direction, load, verdict } = whole;
  if (carrier.kind !== 'circuit' || carrier.bandwidth === undefined) return [];
  const { name, bandwidth } = carrier;
  const ports = all.filter(
    (each) => each.carrier.kind === 'port' && each.carrier.circuit === name && each.direction === direction,
  );
  return [
    {
      circuit: name,
      direction,
      bandwidth,
      load,
      configuredRate: verdict,
      ports,
      lostWhenOneLinkFails: { low: Math.max(0, load.low - bandwidth), high: Math.max(0, load.high - bandwidth) },
      facts: ['ER-013', 'ER-014', 'ER-015', 'ER-137'],
    },
  ];
}
