/**
 * What lines, ports, circuits and pools of translation carry in the busy hour: without failures, under the single failure
 * that loads each most, and how many years of growth each can take.
 *
 * Loads are those of the load model (`forwarding`), laid on the round trips of the state in question. What is in use
 * before the demands of the estate stays as it is; demands grow. Growth is compound and exact: whole numbers decide in
 * which year the bandwidth is passed.
 *
 * A circuit must carry its peak in one link, because the other may fail (ER-015); its bandwidth can be raised and never
 * lowered (ER-017).
 */
import type { Circuit } from '@bothways/estate';
import { bandwidthSteps, limits } from '@bothways/facts';
import {
  type BranchesOf,
  branchesOver,
  type Carrier,
  type Contribution,
  contributionOf,
  type DataPlane,
  type Direction,
  FailureAnswers,
  failureElements,
  type LoadInterval,
  type LoadSpace,
  LoadTotals,
  loadSpace,
  networkLoad,
  poolUses,
  type RoundTrip,
  type SessionAssumptions,
  type SessionUse,
  sessionUses,
  type Traffic,
  type TrafficBundle,
  trafficOf,
  tripsByDemand,
} from '@bothways/forwarding';
import type { CompiledNetwork } from '@bothways/network';
import type { ControlPlane } from '@bothways/routing';

export interface CapacityOptions {
  /** Growth of the demands, percent a year; 0 unless stated. */
  readonly growthPercent?: number;
  /** Years to plan for; 3 unless stated. */
  readonly years?: number;
  readonly sessions?: SessionAssumptions;
  readonly plane?: ControlPlane;
}

/** Of one thing in one direction. Bit/s, whole numbers. */
export interface LineCapacity {
  readonly kind: Carrier['kind'];
  readonly name: string;
  readonly direction: Direction;
  readonly from: string;
  readonly to: string;
  readonly bandwidth: number;
  /** Before the demands of the estate. */
  readonly inUse: number;
  readonly normal: LoadInterval;
  /** Under the failure that loads it most; the same as `normal` where none loads it more. */
  readonly worst: LoadInterval;
  /** Id of that failure; undefined: none loads it more. */
  readonly worstUnder: string | undefined;
  /** Percent of the bandwidth that is free, at the most that may come; negative: too much. */
  readonly headroomPercent: number;
  readonly worstHeadroomPercent: number;
  /** Judged by the usual spare bandwidth (ER-221). */
  readonly judgement: 'overloaded' | 'congested' | 'tight' | 'usual' | 'wasteful';
  /** Whole years of growth after which it no longer fits; undefined: not within a century, or there is no growth. */
  readonly fullAfterYears: number | undefined;
  readonly worstFullAfterYears: number | undefined;
  /** Bundles that come on top with a rate that nobody stated. */
  readonly unstated: number;
}

export interface CircuitStep {
  readonly circuit: string;
  /** Bits per second. */
  readonly bandwidth: number;
  /** The most that one direction needs: now, and after the years planned for, under the worst single failure. */
  readonly needed: number;
  readonly neededThen: number;
  /** Smallest bandwidth on offer that carries it; undefined: none does. */
  readonly stepNow: number | undefined;
  readonly stepThen: number | undefined;
  /** 'raise': too small within the years planned for. 'large': a smaller one would do, and this cannot be lowered. */
  readonly advice: 'fits' | 'raise' | 'large' | 'none is large enough';
  readonly facts: readonly string[];
}

export interface PoolCapacity {
  readonly pool: string;
  /** Sessions at a time with one mapping for every destination. */
  readonly capacity: number;
  readonly users: LoadInterval;
  readonly worstUsers: LoadInterval;
  readonly worstUnder: string | undefined;
  /** Users whom the pool serves: by measured sessions, else by the guidance; undefined: neither is known. */
  readonly usersServed: number | undefined;
  readonly basis: 'measured' | 'guidance' | undefined;
  readonly verdict: 'fits' | 'exhausted' | 'unknown';
  readonly worstVerdict: 'fits' | 'exhausted' | 'unknown';
  readonly fullAfterYears: number | undefined;
  readonly facts: readonly string[];
}

export interface Capacity {
  readonly growthPercent: number;
  readonly years: number;
  readonly lines: readonly LineCapacity[];
  readonly circuits: readonly CircuitStep[];
  readonly pools: readonly PoolCapacity[];
  /** Single failures that were looked at. */
  readonly failures: number;
}

export const DEFAULT_YEARS = 3;
const CENTURY = 100;

export function capacityOf(compiled: CompiledNetwork, data: DataPlane, options: CapacityOptions = {}): Capacity {
  const { growthPercent = 0, years = DEFAULT_YEARS, sessions = {} } = options;
  const space = loadSpace(compiled);
  const elements = failureElements(compiled).filter(({ drains }) => drains === undefined);
  const engine = new FailureAnswers(compiled, elements, [], options.plane);
  const busyHour = new BusyHour(compiled, engine, space);
  // Pools that run out lose sessions, and only the state without failures knows of it.
  const normal = busyHour.of(data.roundTrips, branchesOver(compiled, data.input));
  const worst = new Map<number, { readonly load: LoadInterval; readonly under: string }>();
  const pools = new Map<string, { readonly users: LoadInterval; readonly under: string }>();
  const normalPools = poolUses(compiled, normal.uses, sessions);
  const usersBefore = new Map(normalPools.map(({ pool, users }) => [pool.name, users]));
  for (const [ix, { id, devices, links, pair }] of elements.entries()) {
    // One member of a pair of firewalls changes nothing alone.
    if (pair !== undefined || devices.length + links.length === 0) continue;
    const under = busyHour.under(ix);
    for (let key = 0; key < space.size; key++) {
      const load = under.totals.at(key);
      const held = worst.get(key)?.load ?? normal.totals.at(key);
      if (load.high > held.high || (load.high === held.high && load.low > held.low))
        worst.set(key, { load, under: id });
    }
    for (const { pool, users } of poolUses(compiled, under.uses, sessions)) {
      const before = pools.get(pool.name)?.users ?? usersBefore.get(pool.name);
      if (users.high > (before?.high ?? 0)) pools.set(pool.name, { users, under: id });
    }
  }

  const judged = networkLoad(compiled, space, normal.totals);
  const whole = space.carriers.filter(({ kind }) => kind === 'circuit');
  const lines = [
    ...judged.carriers
      // Links of a circuit are told by its ports, which both peerings share.
      .filter(({ carrier }) => carrier.link === undefined || compiled.network.links[carrier.link]?.kind !== 'circuit')
      .flatMap(({ carrier, direction, from, to, inUse, unstated }) =>
        lineOf(carrier, direction, [from, to], inUse ?? 0, unstated),
      ),
    ...whole.flatMap((carrier) =>
      ([0, 1] as const).flatMap((direction) => {
        const ends = direction === 0 ? ['customer', 'Microsoft'] : ['Microsoft', 'customer'];
        return lineOf(carrier, direction, ends, 0, normal.totals.unstated[carrier.key + direction] ?? 0);
      }),
    ),
  ];

  function lineOf(
    carrier: Carrier,
    direction: Direction,
    [from = '', to = '']: readonly string[],
    inUse: number,
    unstated: number,
  ): readonly LineCapacity[] {
    const { bandwidth, kind, name, key } = carrier;
    if (bandwidth === undefined) return [];
    const load = normal.totals.at(key + direction);
    const most = worst.get(key + direction);
    const worstLoad = most?.load ?? load;
    const free = bandwidth - inUse;
    return [
      {
        kind,
        name,
        direction,
        from,
        to,
        bandwidth,
        inUse,
        normal: load,
        worst: worstLoad,
        worstUnder: most?.under,
        headroomPercent: percentOf(free - load.high, bandwidth),
        worstHeadroomPercent: percentOf(free - worstLoad.high, bandwidth),
        judgement: judgementOf(percentOf(free - worstLoad.high, bandwidth)),
        fullAfterYears: yearsUntilFull(load.high, free, growthPercent),
        worstFullAfterYears: yearsUntilFull(worstLoad.high, free, growthPercent),
        unstated,
      },
    ];
  }

  return {
    growthPercent,
    years,
    lines,
    circuits: compiled.estate.circuits.map((circuit) => circuitStep(circuit, lines, growthPercent, years)),
    pools: normalPools.map((use): PoolCapacity => {
      const most = pools.get(use.pool.name);
      const served = usersServed(use, sessions);
      return {
        pool: use.pool.name,
        capacity: use.capacity,
        users: use.users,
        worstUsers: most?.users ?? use.users,
        worstUnder: most?.under,
        usersServed: served,
        basis: served === undefined ? undefined : sessions.sessionsPerUser === undefined ? 'guidance' : 'measured',
        verdict: poolVerdict(use.users, served),
        worstVerdict: poolVerdict(most?.users ?? use.users, served),
        fullAfterYears:
          served === undefined ? undefined : yearsUntilFull((most?.users ?? use.users).high, served, growthPercent),
        facts: use.guidance?.facts ?? [],
      };
    }),
    failures: elements.length,
  };
}

interface BusyHourState {
  readonly totals: LoadTotals;
  readonly uses: readonly SessionUse[];
}

/** Loads and sessions of one state after another: only what takes another way than without failures is counted again. */
class BusyHour {
  readonly #compiled: CompiledNetwork;
  readonly #engine: FailureAnswers;
  readonly #space: LoadSpace;
  readonly #traffic: Traffic;
  readonly #before: readonly (readonly RoundTrip[])[];
  readonly #contributions: readonly Contribution[];
  readonly #uses: readonly SessionUse[];
  readonly #positions: ReadonlyMap<string, number>;

  constructor(compiled: CompiledNetwork, engine: FailureAnswers, space: LoadSpace) {
    this.#compiled = compiled;
    this.#engine = engine;
    this.#space = space;
    this.#traffic = trafficOf(compiled);
    const { trips, branchesOf } = engine.tripsUnder([]);
    this.#before = trips;
    this.#positions = new Map(
      trips.flatMap((own, ix) => own.slice(0, 1).map(({ demand }) => [demand.id, ix] as const)),
    );
    this.#contributions = this.#traffic.bundles.map((bundle) => this.#contribution(bundle, trips, branchesOf));
    this.#uses = sessionUses(compiled, trips.flat(), branchesOf);
  }

  of(trips: readonly RoundTrip[], branchesOf: BranchesOf): BusyHourState {
    const byDemand = tripsByDemand(trips);
    const totals = new LoadTotals(this.#space);
    for (const bundle of this.#traffic.bundles) {
      const own = bundle.demands.flatMap((id) => byDemand.get(id) ?? []);
      totals.add(contributionOf(this.#space, bundle, own, branchesOf));
    }
    return { totals, uses: sessionUses(this.#compiled, trips, branchesOf) };
  }

  /** With one element failed. Round trips that are as before are the same objects. */
  under(element: number): BusyHourState {
    const { trips, branchesOf } = this.#engine.tripsUnder([element]);
    const isChanged = (ix: number): boolean => trips[ix] !== this.#before[ix];
    const totals = new LoadTotals(this.#space);
    for (const [position, bundle] of this.#traffic.bundles.entries()) {
      const held = this.#contributions[position];
      const same = !bundle.demands.some((id) => isChanged(this.#positions.get(id) ?? -1));
      totals.add(same && held !== undefined ? held : this.#contribution(bundle, trips, branchesOf));
    }
    const places = new Set<string>();
    for (const [ix, own] of this.#before.entries()) {
      if (isChanged(ix)) for (const { demand } of own) places.add(demand.source.name);
    }
    const changed = trips.flat().filter(({ demand }) => places.has(demand.source.name));
    return {
      totals,
      uses: [
        ...this.#uses.filter(({ place }) => !places.has(place)),
        ...sessionUses(this.#compiled, changed, branchesOf),
      ],
    };
  }

  #contribution(bundle: TrafficBundle, trips: readonly (readonly RoundTrip[])[], branchesOf: BranchesOf): Contribution {
    const own = bundle.demands.flatMap((id) => trips[this.#positions.get(id) ?? -1] ?? []);
    return contributionOf(this.#space, bundle, own, branchesOf);
  }
}

function usersServed(
  { capacity, users, guidance }: ReturnType<typeof poolUses>[number],
  { sessionsPerUser }: SessionAssumptions,
): number | undefined {
  if (users.high === 0) return undefined;
  if (sessionsPerUser === undefined) return guidance?.usersServed;
  const each = sessionsPerUser('PP-F01');
  return each === undefined || each === 0 ? undefined : Math.floor(capacity / each);
}

function poolVerdict({ low, high }: LoadInterval, served: number | undefined): PoolCapacity['verdict'] {
  if (served === undefined) return high === 0 ? 'fits' : 'unknown';
  if (low > served) return 'exhausted';
  return high <= served ? 'fits' : 'unknown';
}

/** Whole percent, rounded towards too little. */
function percentOf(part: number, whole: number): number {
  return Math.floor((part / whole) * 100);
}

function judgementOf(headroom: number): LineCapacity['judgement'] {
  if (headroom < 0) return 'overloaded';
  if (headroom < limits.headroomCongested.value) return 'congested';
  if (headroom < limits.headroomLow.value) return 'tight';
  return headroom > limits.headroomWasteful.value ? 'wasteful' : 'usual';
}

/**
 * Whole years after which `load`, growing by so many percent every year, is more than `free`: 0 where it is already.
 * Undefined: it is not within a century. Exact: (100 + growth)^n * load > 100^n * free in whole numbers.
 */
export function yearsUntilFull(load: number, free: number, growthPercent: number): number | undefined {
  if (load > free) return 0;
  if (load <= 0 || growthPercent <= 0) return undefined;
  const [factor, unit] = growthFactor(growthPercent);
  let left = BigInt(Math.ceil(load));
  let right = BigInt(Math.floor(free));
  for (let year = 1; year <= CENTURY; year++) {
    left *= factor;
    right *= unit;
    if (left > right) return year;
  }
  return undefined;
}

/** `load` after some years, rounded up to whole bit/s. */
export function grownBy(load: number, growthPercent: number, years: number): number {
  const [factor, unit] = growthFactor(growthPercent);
  const [above, below] = [factor ** BigInt(years), unit ** BigInt(years)];
  return Number((BigInt(Math.ceil(load)) * above + below - 1n) / below);
}

/** Growth to a thousandth of a percent. */
function growthFactor(growthPercent: number): readonly [bigint, bigint] {
  return [100_000n + BigInt(Math.round(growthPercent * 1000)), 100_000n];
}

function circuitStep(
  circuit: Circuit,
  lines: readonly LineCapacity[],
  growthPercent: number,
  years: number,
): CircuitStep {
  const { name, bandwidth, direct } = circuit;
  const own = lines.filter((line) => line.kind === 'circuit' && line.name === name);
  const needed = Math.max(0, ...own.map(({ worst }) => worst.high));
  const neededThen = grownBy(needed, growthPercent, years);
  const steps = stepsOf(direct?.portSpeed);
  const step = (rate: number): number | undefined => steps.find((each) => each >= rate);
  const stepThen = step(neededThen);
  const advice =
    neededThen > bandwidth
      ? stepThen === undefined
        ? 'none is large enough'
        : 'raise'
      : stepThen !== undefined && stepThen < bandwidth
        ? 'large'
        : 'fits';
  return {
    circuit: name,
    bandwidth,
    needed,
    neededThen,
    stepNow: step(needed),
    stepThen,
    advice,
    facts: ['ER-011', 'ER-015', 'ER-017'],
  };
}

function stepsOf(portSpeed: number | undefined): readonly number[] {
  const found = bandwidthSteps.find(({ offer, portMbps }) =>
    portSpeed === undefined ? offer === 'provider' : offer === 'direct' && portMbps === portSpeed / 1e6,
  );
  return (found?.stepsMbps ?? []).map((mbps) => mbps * 1e6);
}
