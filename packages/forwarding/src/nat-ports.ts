/**
 * Ports of source translation and entries of session tables: how many users a pool and a firewall serve, how many
 * sessions they can hold, and whether that is enough.
 *
 * Capacity of a pool: its addresses times the ports 1024 to 65535 (RFC 6056 section 3.2), per transport protocol;
 * products that keep fewer are told by `portsPerAddress`. A translation that keeps one mapping for every destination
 * (RFC 4787 REQ-1, RFC 5382 REQ-1) has no more than that: the conservative figure. One that gives a port again for
 * another destination has that much for each destination: the optimistic figure, for as many destinations as the demands
 * have.
 *
 * How many sessions a user of Power Platform holds at a time is in none of the facts (ER-108 only warns of running out of
 * ports). Without `sessionsPerUser` the verdict on a pool is therefore 'unknown', and the answer says how many sessions
 * each user may hold. Beside it stands what Microsoft 365 is planned with (ER-251, ER-252): an assumption, named as one,
 * never a reason to lose a packet.
 *
 * A proxy opens a connection of its own for each of its clients', so their sessions count behind it as well.
 *
 * Left out: time-outs of mappings, several devices behind one user, sessions of gateways and machines (`uncounted`).
 */
import { limits } from '@bothways/facts';
import {
  type Family,
  formatPrefix,
  type Prefix,
  type PrefixSet,
  prefixContains,
  prefixSet,
  setSize,
  unionOf,
} from '@bothways/net';
import type { CompiledNetwork, DeviceIx, Origin } from '@bothways/network';
import type { Conversation } from './conversation.ts';
import type { LoadInterval } from './load.ts';
import type { BranchesOf } from './load-branches.ts';
import { sameAddress } from './packet.ts';
import type { Hop } from './path.ts';
import type { RoundTrip } from './round-trip.ts';
import { usersByPlace } from './traffic.ts';
import { deviceAt } from './walk.ts';

/** Ports 1024 to 65535. */
const USABLE_PORTS = 65_536 - 1024;

/** What is not in the document and not public. */
export interface SessionAssumptions {
  /** Sessions that one user of the flow holds at a time; undefined: not known. */
  readonly sessionsPerUser?: (flow: string) => number | undefined;
  /** Ports of one pool address that the product gives out; by default all from 1024 on. */
  readonly portsPerAddress?: number;
}

/** Addresses that one device translates sources of one family to; rules with equal addresses share it. */
export interface NatPool {
  readonly device: DeviceIx;
  readonly family: Family;
  readonly prefixes: readonly Prefix[];
  /** '203.0.113.0/28 at fw-er'; unique. */
  readonly name: string;
  readonly addresses: bigint;
  readonly origins: readonly Origin[];
}

/** Sessions of one flow from one place, and what keeps state of them. Uses of several add up in any order. */
export interface SessionUse {
  readonly place: string;
  readonly flow: string;
  /** 0 for gateways and machines, whose sessions nobody counts. */
  readonly users: number;
  /** By name of pool or state group. `always`: every branch of every round trip passes it. */
  readonly pools: ReadonlyMap<string, Passage>;
  readonly tables: ReadonlyMap<string, Passage>;
}

export interface Passage {
  readonly always: boolean;
  /** Targets of the demands that pass it; many demands share one. */
  readonly targets: ReadonlySet<PrefixSet>;
}

export interface SessionCount {
  /** Users whose sessions all, or may, pass here. */
  readonly users: LoadInterval;
  /** `high` is undefined where the sessions per user of a flow are not known. */
  readonly sessions: { readonly low: number; readonly high: number | undefined };
  /** Flows whose sessions per user are not known. */
  readonly unknownFlows: readonly string[];
  /** Places of gateways and machines that come on top. */
  readonly uncounted: readonly string[];
}

export interface PoolUse extends SessionCount {
  readonly pool: NatPool;
  /** Sessions at a time, of each transport protocol, with one mapping for every destination. */
  readonly capacity: number;
  /** Destination addresses of the demands that use the pool. */
  readonly destinations: bigint;
  /** Sessions each user may hold before the conservative capacity is used up; undefined without users. */
  readonly sessionsEach: number | undefined;
  readonly verdict: ExhaustionVerdict;
  /** By the guidance for Microsoft 365; undefined where no users are known. */
  readonly guidance: PoolGuidance | undefined;
}

export interface PoolGuidance {
  /** 'above': more users than the guidance gives the pool. 'unknown': it depends on which way they take. */
  readonly verdict: 'fits' | 'above' | 'unknown';
  /** Users that the addresses of the pool serve by it. */
  readonly usersServed: number;
  readonly assumption: string;
  readonly facts: readonly string[];
}

export interface TableUse extends SessionCount {
  readonly stateGroup: string;
  /** Undefined where nobody said. */
  readonly maximumSessions: number | undefined;
  readonly sessionsEach: number | undefined;
  readonly verdict: ExhaustionVerdict;
  readonly origins: readonly Origin[];
}

/** 'exhausted': even a translation that uses ports again for other destinations runs out. 'unknown': between, or not countable. */
export type ExhaustionVerdict = 'fits' | 'exhausted' | 'unknown';

const knownPools = new WeakMap<CompiledNetwork, readonly NatPool[]>();

export function natPools(compiled: CompiledNetwork): readonly NatPool[] {
  const known = knownPools.get(compiled) ?? poolsOf(compiled);
  knownPools.set(compiled, known);
  return known;
}

function poolsOf({ network }: CompiledNetwork): readonly NatPool[] {
  const pools = new Map<string, NatPool>();
  for (const device of network.devices) {
    for (const { pool, origins } of [...device.sourceNat, ...(device.inboundSourceNat ?? [])]) {
      for (const family of [4, 6] as const) {
        const prefixes = pool.filter((each) => each.family === family);
        const name = poolName(device.name, prefixes);
        if (prefixes.length === 0 || pools.has(name)) continue;
        const addresses = setSize(prefixSet(prefixes), family);
        pools.set(name, { device: device.ix, family, prefixes, name, addresses, origins });
      }
    }
  }
  return [...pools.values()];
}

function poolName(device: string, prefixes: readonly Prefix[]): string {
  return `${prefixes.map((each) => formatPrefix(each)).join(', ')} at ${device}`;
}

/** One use for each place and flow that requests start with, in the order of the round trips. */
export function sessionUses(
  compiled: CompiledNetwork,
  trips: readonly RoundTrip[],
  branchesOf: BranchesOf,
): readonly SessionUse[] {
  const users = usersByPlace(compiled.estate);
  const groups = new Map<string, RoundTrip[]>();
  for (const trip of trips) {
    const { source, flow } = trip.demand;
    const key = [source.name, flow.id, starterOf(trip.demand) ?? ''].join('\n');
    const held = groups.get(key);
    if (held === undefined) groups.set(key, [trip]);
    else held.push(trip);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const { source, flow } = first.demand;
    const count = starterOf(first.demand) === undefined ? (users.get(source.name) ?? 0) : 0;
    return [sessionUse(compiled, source.name, flow.id, count, members, branchesOf)];
  });
}

/** What opens the sessions without a user: a gateway, a machine, Microsoft. Undefined: users do. */
function starterOf({ written, source }: Conversation): string | undefined {
  if (written.kind === 'demand') {
    const { by } = written.demand;
    return by === undefined || by.kind === 'servers' ? undefined : by.name;
  }
  const { kind } = written.inbound.from;
  return kind === 'site' || kind === 'users' ? undefined : source.name;
}

/** `trips`: every round trip of one flow from one place. */
function sessionUse(
  compiled: CompiledNetwork,
  place: string,
  flow: string,
  users: number,
  trips: readonly RoundTrip[],
  branchesOf: BranchesOf,
): SessionUse {
  const pools = new Map<string, Passage & { readonly trips: number }>();
  const tables = new Map<string, Passage & { readonly trips: number }>();
  for (const trip of trips) {
    const paths = (branchesOf(trip) ?? []).map(({ path }) => path);
    // Of branches that are not followed nothing is certain, so nothing is always passed.
    const shown = paths.length === 0 ? [trip.forward.path] : paths;
    const every = paths.length > 0;
    countPassages(
      pools,
      trip,
      shown.map(({ hops }) => new Set(hops.flatMap((hop) => poolsAt(compiled, hop)))),
      every,
    );
    countPassages(
      tables,
      trip,
      shown.map(({ hops }) => new Set(hops.flatMap(tablesAt))),
      every,
    );
  }
  const settled = (passages: ReadonlyMap<string, Passage & { readonly trips: number }>): SessionUse['pools'] =>
    new Map(
      [...passages].map(([name, passage]) => [
        name,
        { always: passage.always && passage.trips === trips.length, targets: passage.targets },
      ]),
    );
  return { place, flow, users, pools: settled(pools), tables: settled(tables) };
}

function countPassages(
  passages: Map<string, Passage & { readonly trips: number }>,
  trip: RoundTrip,
  branches: readonly ReadonlySet<string>[],
  every: boolean,
): void {
  for (const name of new Set(branches.flatMap((names) => [...names]))) {
    const always = every && branches.every((names) => names.has(name));
    const held = passages.get(name);
    passages.set(
      name,
      held === undefined
        ? { always, targets: new Set([trip.demand.target.set]), trips: 1 }
        : {
            always: always && held.always,
            targets: new Set([...held.targets, trip.demand.target.set]),
            trips: held.trips + 1,
          },
    );
  }
}

/** Pools of the rules by which the source was translated here, on the way out of a link or in by one. */
function poolsAt({ network }: CompiledNetwork, hop: Hop): readonly string[] {
  const { sourceNat, inboundSourceNat = [], name } = deviceAt(network, hop.device);
  const rules = [
    ...sourceNat.filter(({ link }) => link === hop.leftOn || hop.leftOn === undefined),
    ...inboundSourceNat.filter(({ links }) => hop.arrivedOn !== undefined && links.includes(hop.arrivedOn)),
  ];
  const nameIn = (family: Family, pool: readonly Prefix[]): string =>
    poolName(
      name,
      pool.filter((each) => each.family === family),
    );
  return hop.steps.flatMap((step) => {
    // What a pool without free ports refuses belongs to its use.
    if (step.kind === 'dropped' && step.because === 'nat-exhausted') {
      return rules
        .filter(({ origins }) => origins === step.origins)
        .map(({ pool }) => nameIn(hop.packet.source.family, pool));
    }
    if (step.kind !== 'translated' || sameAddress(step.from.source, step.to.source)) return [];
    const { source } = step.to;
    const rule = rules.find(({ pool }) => pool.some((each) => prefixContains(each, source)));
    if (rule === undefined) throw new Error(`a source became one of no pool at ${name}`);
    return [nameIn(source.family, rule.pool)];
  });
}

function tablesAt(hop: Hop): readonly string[] {
  return hop.steps.flatMap((step) => (step.kind === 'session-opened' ? [step.stateGroup] : []));
}

/** Every pool of the network with its use, in the order of its devices; `only`: those of these names. */
export function poolUses(
  compiled: CompiledNetwork,
  uses: readonly SessionUse[],
  assumptions: SessionAssumptions = {},
  only?: ReadonlySet<string>,
): readonly PoolUse[] {
  return natPools(compiled).flatMap((pool): readonly PoolUse[] => {
    if (only?.has(pool.name) === false) return [];
    const passing = uses.flatMap((use) => {
      const passage = use.pools.get(pool.name);
      return passage === undefined ? [] : [{ use, passage }];
    });
    const count = countSessions(passing, assumptions);
    const capacity = Number(pool.addresses) * (assumptions.portsPerAddress ?? USABLE_PORTS);
    const targets = new Set(passing.flatMap(({ passage }) => [...passage.targets]));
    const destinations = setSize(unionOf(...targets), pool.family);
    return [
      {
        ...count,
        pool,
        capacity,
        destinations,
        sessionsEach: sessionsEach(capacity, count),
        verdict: exhaustion(count, capacity, capacity * Number(destinations)),
        guidance: guidanceFor(pool, count),
      },
    ];
  });
}

function guidanceFor({ addresses }: NatPool, { users }: SessionCount): PoolGuidance | undefined {
  if (users.high === 0) return undefined;
  const {
    microsoft365PortsPerAddress: ports,
    microsoft365PortsKept: kept,
    microsoft365PortsPerDevice: peak,
    microsoft365PeakFactor: factor,
  } = limits;
  const usersServed = Number(addresses) * Math.floor((ports.value - kept.value) / (peak.value + factor.value));
  return {
    verdict: users.high <= usersServed ? 'fits' : users.low > usersServed ? 'above' : 'unknown',
    usersServed,
    assumption: `every user has one device and needs the ${peak.value + factor.value} ports that the guidance for Microsoft 365 counts with`,
    facts: [ports.fact, peak.fact],
  };
}

/** Pools that run out for certain: what the walk turns into the disposition `nat-exhausted`. */
export function exhaustedPools(uses: readonly PoolUse[]): readonly NatPool[] {
  return uses.filter(({ verdict }) => verdict === 'exhausted').map(({ pool }) => pool);
}

/** Every connection table with its use, by the first device that has it; `only`: those of these state groups. */
export function tableUses(
  compiled: CompiledNetwork,
  uses: readonly SessionUse[],
  assumptions: SessionAssumptions = {},
  only?: ReadonlySet<string>,
): readonly TableUse[] {
  const tables = new Map<string, { maximumSessions: number | undefined; readonly origins: readonly Origin[] }>();
  for (const { firewall } of compiled.network.devices) {
    if (firewall?.stateful !== true || only?.has(firewall.stateGroup) === false) continue;
    const { stateGroup, maximumSessions, origins } = firewall;
    const held = tables.get(stateGroup);
    if (held === undefined) tables.set(stateGroup, { maximumSessions, origins });
    // Members that share state hold each other's sessions: the smallest table is the limit.
    else if (maximumSessions !== undefined) {
      held.maximumSessions = Math.min(maximumSessions, held.maximumSessions ?? maximumSessions);
    }
  }
  return [...tables].map(([stateGroup, { maximumSessions, origins }]) => {
    const passing = uses.flatMap((use) => {
      const passage = use.tables.get(stateGroup);
      return passage === undefined ? [] : [{ use, passage }];
    });
    const count = countSessions(passing, assumptions);
    const most = maximumSessions;
    return {
      ...count,
      stateGroup,
      maximumSessions,
      sessionsEach: most === undefined ? undefined : sessionsEach(most, count),
      verdict: most === undefined ? 'unknown' : exhaustion(count, most, most),
      origins,
    };
  });
}

function countSessions(
  passing: readonly { readonly use: SessionUse; readonly passage: Passage }[],
  { sessionsPerUser }: SessionAssumptions,
): SessionCount {
  const users = new Map<string, { low: number; high: number }>();
  const unknownFlows = new Set<string>();
  const uncounted = new Set<string>();
  let low = 0;
  let high = 0;
  for (const { use, passage } of passing) {
    if (use.users === 0) {
      uncounted.add(use.place);
      continue;
    }
    // A user has several flows and is one user all the same.
    const held = users.get(use.place) ?? { low: 0, high: 0 };
    users.set(use.place, { low: passage.always ? use.users : held.low, high: use.users });
    const each = sessionsPerUser?.(use.flow);
    if (each === undefined) {
      unknownFlows.add(use.flow);
      continue;
    }
    high += use.users * each;
    if (passage.always) low += use.users * each;
  }
  const everyPlace = [...users.values()];
  return {
    users: {
      low: everyPlace.reduce((sum, each) => sum + each.low, 0),
      high: everyPlace.reduce((sum, each) => sum + each.high, 0),
    },
    sessions: { low, high: unknownFlows.size > 0 ? undefined : high },
    unknownFlows: [...unknownFlows],
    uncounted: [...uncounted],
  };
}

function sessionsEach(capacity: number, { users }: SessionCount): number | undefined {
  return users.high === 0 ? undefined : Math.floor(capacity / users.high);
}

function exhaustion(
  { sessions, uncounted }: SessionCount,
  conservative: number,
  optimistic: number,
): ExhaustionVerdict {
  if (sessions.low > optimistic) return 'exhausted';
  if (sessions.high === undefined || uncounted.length > 0) return 'unknown';
  return sessions.high <= conservative ? 'fits' : 'unknown';
}
