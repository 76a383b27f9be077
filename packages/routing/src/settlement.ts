/**
 * All classes of a network, settled under a set of failures: from nothing, or from earlier tables of the same network or
 * of the one it was edited from, of which only what a change touches is settled again.
 *
 * Two things couple the classes, and both are settled in stages. What aggregates, redistribution and conditions
 * (`conditions.ts`) put into BGP follows from the tables before, from what holds without BGP to what repeats: a router
 * knows its connected and static routes and those of its IGP before its first session is up. Limits on accepted
 * prefixes: sessions that exceed theirs go down together after everything has come to rest, and the network is looked at
 * again.
 *
 * Left out: tables taken over across an edit that adds or removes a device, or moves a link or a session to another
 * position in its list. All positions in all routes would have to be translated; such an edit is computed from nothing.
 */
import type { Device, DeviceIx, Network, Origin, SessionIx } from '@bothways/network';
import { alike } from './alike.ts';
import { type BgpClass, buildClasses, type ClassTable } from './classes.ts';
import {
  buildCoupling,
  type Coupling,
  evaluate,
  externalsOf,
  inputsOf,
  sameInputs,
  type Values,
  type Variable,
} from './conditions.ts';
import { type Inputs, type Limits, type Settled, Settler } from './convergence.ts';
import { Difference, type Scene, sameIgp } from './difference.ts';
import type { FibSource } from './forwarding-table.ts';
import { LocalRoutes } from './local-routes.ts';
import {
  buildWiring,
  carries,
  type Direction,
  element,
  type Failures,
  type Situation,
  sameShape,
  situationUnder,
  type Wiring,
} from './wiring.ts';

/** A limit on accepted prefixes that was reached. */
export interface PrefixLimitReached {
  readonly session: SessionIx;
  /** The end that counts. */
  readonly device: DeviceIx;
  readonly family: 4 | 6;
  readonly accepted: number;
  readonly limit: number;
  /** `discard-surplus` is reported only: which prefixes are cut depends on the order of arrival, so none is. */
  readonly action: 'drop-session' | 'discard-surplus' | 'warn';
  readonly origins: readonly Origin[];
}

/** Everything that does not depend on what is down; shared by all situations of one network. */
export interface Foundation {
  readonly wiring: Wiring;
  readonly table: ClassTable;
  readonly coupling: Coupling;
  /** Per BGP class. */
  readonly locals: readonly LocalRoutes[];
  /** Per BGP class that no condition concerns: what it is always settled from. */
  readonly inputs: readonly (Inputs | undefined)[];
  /** Paths once made are kept for the next situation; a large network makes them again instead. */
  readonly keepsPaths: boolean;
}

/** The tables of every BGP class in one situation, under one set of values of what couples them. */
export interface Stage {
  readonly situation: Situation;
  readonly values: Values;
  readonly settled: readonly Settled[];
}

/** Conditions that contradict each other: what holds changes for ever. */
interface UnsettledConditions {
  /** BGP classes whose tables differ on the way round. */
  readonly bgpClasses: readonly number[];
  /** In the order they change, once round. */
  readonly turns: readonly { readonly variable: Variable; readonly holds: boolean }[];
}

export interface Settlement {
  readonly foundation: Foundation;
  readonly limits: Limits;
  readonly failed: Failures;
  /** The first is settled from what holds while BGP says nothing, the last is `final`. */
  readonly stages: readonly Stage[];
  readonly final: Stage;
  readonly limitsReached: readonly PrefixLimitReached[];
  readonly unsettled: UnsettledConditions | undefined;
}

/** Paths of this many directions times classes are kept: some 100 MB at most. */
const KEPT_PATHS = 500_000;

export function buildFoundation(network: Network): Foundation {
  const wiring = buildWiring(network);
  const table = buildClasses(network, wiring.policies.lists);
  const locals = table.bgpClasses.map((bgpClass) => new LocalRoutes(wiring, bgpClass));
  return foundationOf(wiring, table, locals);
}

function foundationOf(wiring: Wiring, table: ClassTable, locals: readonly LocalRoutes[]): Foundation {
  const coupling = buildCoupling(wiring, table);
  const none = new Float64Array(coupling.variables.length);
  const inputs = table.bgpClasses.map((bgpClass) =>
    coupling.dynamic[bgpClass.ix] === true
      ? undefined
      : inputsOf(coupling, bgpClass, element(locals, bgpClass.ix, 'class'), none),
  );
  const keepsPaths = wiring.directions.length * table.bgpClasses.length <= KEPT_PATHS;
  return { wiring, table, coupling, locals, inputs, keepsPaths };
}

/** A foundation made from one of the network before an edit, and for each of its BGP classes the one it was. */
export interface Edited {
  readonly foundation: Foundation;
  /** Undefined where the class is new, or shares its routes with another one now. */
  readonly was: readonly (number | undefined)[];
}

/** Undefined where the two networks have too little in common. */
export function editFoundation(earlier: Foundation, network: Network): Edited | undefined {
  const before = earlier.wiring.network;
  if (!sameShape(before, network) || earlier.wiring.lineage.isLong(network)) return undefined;
  const wiring = buildWiring(network, earlier.wiring);
  const sameMentions =
    earlier.wiring.policies.lists.size === wiring.policies.lists.size &&
    [...wiring.policies.lists.keys()].every((ix) => earlier.wiring.policies.lists.has(ix)) &&
    before.devices.every((device, ix) => mentionsAlike(device, element(network.devices, ix, 'device')));
  const table = sameMentions ? earlier.table : buildClasses(network, wiring.policies.lists);
  const taken = new Set<number>();
  const was = table.bgpClasses.map(({ prefix }): number | undefined => {
    const classIx = earlier.table.classOf(prefix);
    const bgpIx = classIx === undefined ? undefined : earlier.table.bgpClassOf[classIx];
    // Routes remember what became of them, so those of one class must not serve two.
    if (bgpIx === undefined || taken.has(bgpIx)) return undefined;
    taken.add(bgpIx);
    return bgpIx;
  });
  const locals = table.bgpClasses.map((bgpClass): LocalRoutes => {
    const bgpIx = was[bgpClass.ix];
    const held = bgpIx === undefined ? undefined : earlier.locals[bgpIx];
    return held?.serves(wiring, bgpClass) === true ? held : new LocalRoutes(wiring, bgpClass);
  });
  return { foundation: foundationOf(wiring, table, locals), was };
}

/** Everything of a device that sorts prefixes into classes. */
function mentionsAlike(a: Device, b: Device): boolean {
  const statics = a.statics.every((route, ix) => alike(route.origins, b.statics[ix]?.origins));
  const takes = (device: Device): unknown => (device.redistributions ?? []).map(({ into, from }) => [into, from]);
  return (
    statics &&
    alike(a.statics, b.statics) &&
    alike(a.connected, b.connected) &&
    alike(
      a.aggregates?.map(({ prefix }) => prefix),
      b.aggregates?.map(({ prefix }) => prefix),
    ) &&
    alike(
      a.originations.map(({ prefixes }) => prefixes),
      b.originations.map(({ prefixes }) => prefixes),
    ) &&
    alike(takes(a), takes(b))
  );
}

/** An earlier settlement, and which of its classes each class now was. */
export interface Earlier {
  readonly settlement: Settlement;
  readonly was: (bgpIx: number) => number | undefined;
}

export function settle(foundation: Foundation, limits: Limits, failed: Failures, earlier?: Earlier): Settlement {
  const { wiring, coupling } = foundation;
  const before = earlier?.settlement;
  const [first] = before?.stages ?? [];
  const lendsIgp = before !== undefined && sameIgp(before.foundation.wiring.network, wiring.network);
  let situation = situationUnder(wiring.network, failed, lendsIgp ? first?.situation : undefined);
  let values = valuesWithoutBgp(foundation, situation);
  const limitsReached: PrefixLimitReached[] = [];
  const stages: Stage[] = [];
  /** Stages by their values, since a session was dropped. */
  let seen = new Map<string, number>();
  let unsettled: UnsettledConditions | undefined;
  for (;;) {
    const sources: Source[] = [];
    const parallel = before?.stages[stages.length] ?? before?.final;
    if (earlier !== undefined && parallel !== undefined) {
      sources.push({ stage: parallel, foundation: earlier.settlement.foundation, was: earlier.was });
    }
    const latest = stages.at(-1);
    if (latest !== undefined) sources.push({ stage: latest, foundation, was: (bgpIx) => bgpIx });
    const stage = settleStage(foundation, limits, situation, values, sources);
    seen.set(values.join(), stages.length);
    stages.push(stage);
    const next = coupling.variables.length === 0 ? values : evaluate(coupling, fibSource(foundation, stage));
    if (!next.every((value, ix) => value === values[ix])) {
      const repeated = seen.get(next.join());
      if (repeated === undefined) {
        values = next;
        continue;
      }
      unsettled = cycleOf(coupling, stages.slice(repeated));
    }
    const over = overLimit(foundation, stage.settled);
    const dropped = over.filter((item) => item.action === 'drop-session');
    limitsReached.push(...(dropped.length === 0 ? over : dropped));
    if (dropped.length === 0) return { foundation, limits, failed, stages, final: stage, limitsReached, unsettled };
    situation = withDropped(foundation.table, situation, dropped);
    unsettled = undefined;
    seen = new Map();
  }
}

/** Earlier tables that may still be good. */
interface Source {
  readonly stage: Stage;
  readonly foundation: Foundation;
  readonly was: (bgpIx: number) => number | undefined;
}

function settleStage(
  foundation: Foundation,
  limits: Limits,
  situation: Situation,
  values: Values,
  sources: readonly Source[],
): Stage {
  const { wiring, table, coupling, locals, inputs: constant, keepsPaths } = foundation;
  const settler = new Settler(wiring, situation, limits);
  const scene: Scene = { wiring, situation };
  const earlier = sources.map((source) => {
    const difference = new Difference({ wiring: source.foundation.wiring, situation: source.stage.situation }, scene);
    return { ...source, difference };
  });
  const settled = table.bgpClasses.map((bgpClass): Settled => {
    const inputs = constant[bgpClass.ix] ?? inputsOf(coupling, bgpClass, element(locals, bgpClass.ix, 'class'), values);
    for (const source of earlier) {
      const held = heldOver(source, bgpClass, inputs, source.difference);
      if (held !== undefined) return held;
    }
    const now = settler.settle(bgpClass, inputs);
    if (!keepsPaths) settler.forget();
    return now;
  });
  return { situation, values, settled };
}

/** What a class settled to, where it would do so again. */
function heldOver(
  { stage, foundation, was }: Source,
  bgpClass: BgpClass,
  inputs: Inputs,
  difference: Difference,
): Settled | undefined {
  const bgpIx = was(bgpClass.ix);
  if (bgpIx === undefined) return undefined;
  const held = element(stage.settled, bgpIx, 'settled class');
  if (!sameInputs(held.inputs, inputs)) return undefined;
  const earlierClass = element(foundation.table.bgpClasses, bgpIx, 'class');
  return difference.touches(bgpClass, earlierClass, held) ? undefined : held;
}

/** Nobody holds a route. */
const NOTHING: Settled = {
  inputs: { locals: [], held: [], suppressing: [] },
  best: [],
  multipath: new Map(),
  rivals: new Map(),
  passing: [],
  limited: [],
  rest: { kind: 'stable' },
};

function valuesWithoutBgp(foundation: Foundation, situation: Situation): Values {
  const { coupling, table } = foundation;
  const values = new Float64Array(coupling.variables.length);
  if (values.length === 0) return values;
  const settled = table.bgpClasses.map(() => NOTHING);
  return evaluate(coupling, fibSource(foundation, { situation, values, settled }));
}

/**
 * Where the tables of a settlement come to rest when they are looked at again with other values of what couples the
 * classes; undefined where they do not.
 */
export function settledFrom({ foundation, limits, final }: Settlement, values: Values): Stage | undefined {
  const seen = new Set<string>();
  let stage = final;
  for (let next = values; ; next = evaluate(foundation.coupling, fibSource(foundation, stage))) {
    if (stage !== final && next.every((value, ix) => value === stage.values[ix])) return stage;
    const key = next.join();
    if (seen.has(key)) return undefined;
    seen.add(key);
    stage = settleStage(foundation, limits, final.situation, next, [{ stage, foundation, was: (bgpIx) => bgpIx }]);
  }
}

export function fibSource({ wiring, table, coupling }: Foundation, { situation, values, settled }: Stage): FibSource {
  return { wiring, situation, table, settled, externals: externalsOf(wiring, coupling, values) };
}

/** `stages` is once round. */
function cycleOf(coupling: Coupling, stages: readonly Stage[]): UnsettledConditions {
  const turns = stages.flatMap(({ values }, at) => {
    const { values: after } = element(stages, (at + 1) % stages.length, 'stage');
    return coupling.variables.flatMap((variable, ix) => {
      const holds = (after[ix] ?? 0) !== 0;
      return after[ix] === values[ix] ? [] : [{ variable, holds }];
    });
  });
  const [first] = stages;
  const bgpClasses = (first?.settled ?? []).flatMap((held, ix) =>
    stages.some(({ settled }) => settled[ix] !== held) ? [ix] : [],
  );
  return { bgpClasses, turns };
}

/**
 * Sessions that exceed their limit go down together and stay down, as they do until an operator clears them. What counts
 * one family leaves the other one alone, if there is another one.
 */
function withDropped(table: ClassTable, situation: Situation, dropped: readonly PrefixLimitReached[]): Situation {
  const sessions = [...situation.sessions];
  const single = new Set(table.classes.map(({ family }) => family)).size === 1;
  for (const { session, accepted, limit, family, origins } of dropped) {
    if (!carries(situation.sessions[session], family)) {
      throw new RangeError(`session ${session} carries ${accepted} prefixes of IPv${family}, and is down`);
    }
    const state = sessions[session];
    // Both ends may have a limit.
    if (state?.kind !== 'up' || !carries(state, family)) continue;
    const because = `${accepted} IPv${family} prefixes accepted, the limit is ${limit}`;
    const reason = { cause: 'maximum-prefixes', because, origins } as const;
    if (single) sessions[session] = { kind: 'down', ...reason };
    else if (state.without === undefined) sessions[session] = { kind: 'up', without: { family, ...reason } };
    else {
      const both = { because: `${state.without.because}; ${because}`, origins: [...state.without.origins, ...origins] };
      sessions[session] = { kind: 'down', cause: 'maximum-prefixes', ...both };
    }
  }
  return { ...situation, sessions };
}

/** Limits that are exceeded, by direction, then family; a limit holds for each family alone. */
function overLimit({ wiring, table }: Foundation, settled: readonly Settled[]): readonly PrefixLimitReached[] {
  const accepted = { 4: new Map<Direction, number>(), 6: new Map<Direction, number>() };
  for (const { ix, size, subject } of table.bgpClasses) {
    const counts = accepted[subject.family];
    for (const direction of settled[ix]?.limited ?? []) counts.set(direction, (counts.get(direction) ?? 0) + size);
  }
  return wiring.directions.flatMap((direction) =>
    ([4, 6] as const).flatMap((family): readonly PrefixLimitReached[] => {
      const { receiver, session } = direction;
      const count = accepted[family].get(direction) ?? 0;
      // As the network says it now: the direction may be older than an edit of its origins.
      const maximum = wiring.network.sessions[session.ix]?.ends[direction.ix % 2 === 0 ? 1 : 0].maximumPrefixes;
      if (maximum === undefined) return [];
      const { action, origins } = maximum;
      const limit = family === 6 ? (maximum.limit6 ?? maximum.limit) : maximum.limit;
      if (count <= limit) return [];
      return [{ session: session.ix, device: receiver.device, family, accepted: count, limit, action, origins }];
    }),
  );
}
