/**
 * What couples the classes of prefixes: aggregates, redistribution, originations and advertisements on a condition. Each
 * is a variable whose value follows from settled tables (0: it does not hold); the routes that devices put into BGP, and
 * what they keep from neighbours, follow from the values. `settlement.ts` goes from one to the other until the values
 * repeat: unchanged, that is the stable state; an earlier set of values, that is a cycle. Values can also keep themselves
 * alive, as a redistributed static route does that gave way to eBGP's otherwise; `stable-states.ts` looks for that.
 *
 * Redistribution takes what the forwarding table took, as routers do. Routes inside an aggregate are best paths of longer
 * prefixes, other aggregates of the same device excepted (as in FRR).
 */
import type { DeviceIx, Network, Redistribution, RouteCondition, SessionIx } from '@bothways/network';
import { localAttributes } from './attributes.ts';
import type { BgpClass, ClassTable } from './classes.ts';
import type { Inputs } from './convergence.ts';
import { type External, type FibEntry, type FibSource, fibEntry, offeredEntry } from './forwarding-table.ts';
import { aggregateOrigins, type LocalRoutes, takenValue } from './local-routes.ts';
import { applyPolicy } from './policy.ts';
import type { PathNode } from './transfer.ts';
import { type DirectionIx, element, type Wiring } from './wiring.ts';

export type Variable =
  | { readonly kind: 'origination'; readonly device: DeviceIx; readonly entry: number }
  | { readonly kind: 'advertisement'; readonly device: DeviceIx; readonly session: SessionIx; readonly end: 0 | 1 }
  | { readonly kind: 'aggregate'; readonly device: DeviceIx; readonly entry: number; readonly classIx: number }
  | { readonly kind: 'redistribution'; readonly device: DeviceIx; readonly entry: number; readonly classIx: number };

/** By variable; 0 where it does not hold. */
export type Values = Float64Array;

/** What the classes of a network depend on among each other. */
export interface Coupling {
  readonly variables: readonly Variable[];
  /** Per BGP class, the variable of each place; undefined for one that always holds. */
  readonly placeVariables: readonly (readonly (number | undefined)[])[];
  /** Per BGP class: its inputs may differ from one set of values to the next. */
  readonly dynamic: readonly boolean[];
  /** Directions that wait while the variable is 0, with the list of what it concerns. */
  readonly gates: readonly { readonly variable: number; readonly list: number; readonly direction: DirectionIx }[];
  /** Devices that suppress while the variable is not 0, with the list of what. */
  readonly suppressions: readonly { readonly variable: number; readonly list: number; readonly device: DeviceIx }[];
  /** Variables that put a class into the IGP. */
  readonly externals: readonly number[];
}

export function buildCoupling(wiring: Wiring, table: ClassTable): Coupling {
  const { network } = wiring;
  const variables: Variable[] = [];
  const externals: number[] = [];
  const gates: Coupling['gates'][number][] = [];
  const suppressions: Coupling['suppressions'][number][] = [];
  const originations = new Map<string, number>();
  for (const device of network.devices) {
    for (const [entry, { condition }] of device.originations.entries()) {
      if (condition === undefined) continue;
      originations.set(`${device.ix} ${entry}`, variables.length);
      variables.push({ kind: 'origination', device: device.ix, entry });
    }
  }
  for (const direction of wiring.directions) {
    if (direction.conditionalList === undefined) continue;
    gates.push({ variable: variables.length, list: direction.conditionalList, direction: direction.ix });
    const end = direction.ix % 2 === 0 ? 0 : 1;
    variables.push({ kind: 'advertisement', device: direction.from.ix, session: direction.session.ix, end });
  }
  const classOfBgp = table.bgpClasses.map((): number => -1);
  for (const [classIx, bgpIx] of table.bgpClassOf.entries()) {
    if (bgpIx !== undefined && classOfBgp[bgpIx] === -1) classOfBgp[bgpIx] = classIx;
  }
  const placeVariables = table.bgpClasses.map(({ ix, places }) =>
    places.map(({ kind, device, entry }): number | undefined => {
      if (kind === 'origination') return originations.get(`${device} ${entry}`);
      const variable = variables.push({ kind, device, entry, classIx: classOfBgp[ix] ?? -1 }) - 1;
      if (kind === 'aggregate') {
        const { suppress } = element(network.devices[device]?.aggregates ?? [], entry, 'aggregate');
        const list = element(element(wiring.aggregateLists, device, 'device'), entry, 'list of an aggregate');
        if (suppress === 'all') suppressions.push({ variable, list, device });
      }
      return variable;
    }),
  );
  for (const { ix, redistributions = [] } of network.devices) {
    for (const [entry, { into, from }] of redistributions.entries()) {
      if (into !== 'igp') continue;
      for (const classIx of externalClasses(network, table, ix, from)) {
        externals.push(variables.length);
        variables.push({ kind: 'redistribution', device: ix, entry, classIx });
      }
    }
  }
  const dynamic = table.bgpClasses.map(
    ({ ix, subject }) =>
      (placeVariables[ix] ?? []).some((variable) => variable !== undefined) ||
      [...gates, ...suppressions].some(({ list }) => subject.lists[list] === 1),
  );
  return { variables, placeVariables, dynamic, gates, suppressions, externals };
}

function externalClasses(network: Network, table: ClassTable, ix: DeviceIx, from: Redistribution['from']): number[] {
  const here = (places: readonly { readonly device: DeviceIx }[] | undefined): boolean =>
    (places ?? []).some(({ device }) => device === ix);
  if (network.devices[ix] === undefined) return [];
  return table.classes.flatMap(({ ix: classIx }) => {
    if (from === 'connected') return here(table.connected[classIx]) ? [classIx] : [];
    if (from === 'static') return here(table.statics[classIx]) ? [classIx] : [];
    const bgpIx = table.bgpClassOf[classIx];
    return from === 'bgp' && bgpIx !== undefined && (table.bgpClasses[bgpIx]?.places.length ?? 0) > 0 ? [classIx] : [];
  });
}

/** What a class is settled from under given values. */
export function inputsOf(
  coupling: Coupling,
  { ix, places, subject }: BgpClass,
  routes: LocalRoutes,
  values: Values,
): Inputs {
  const locals: PathNode[] = [];
  const speakers = new Set<DeviceIx>();
  for (const [place, { device }] of places.entries()) {
    const variable = coupling.placeVariables[ix]?.[place];
    const value = variable === undefined ? 1 : (values[variable] ?? 0);
    if (value === 0 || speakers.has(device)) continue;
    const route = routes.at(place, value);
    if (route === undefined) continue;
    speakers.add(device);
    locals.push(route);
  }
  const held = new Set<DirectionIx>();
  for (const { variable, list, direction } of coupling.gates) {
    if (subject.lists[list] === 1 && (values[variable] ?? 0) === 0) held.add(direction);
  }
  const suppressing = new Set<DeviceIx>();
  for (const { variable, list, device } of coupling.suppressions) {
    if (subject.lists[list] === 1 && (values[variable] ?? 0) !== 0) suppressing.add(device);
  }
  const ascending = (items: ReadonlySet<number>): readonly number[] => [...items].sort((a, b) => a - b);
  return { locals, held: ascending(held), suppressing: ascending(suppressing) };
}

export function sameInputs(a: Inputs, b: Inputs): boolean {
  return (
    a === b ||
    (a.locals.length === b.locals.length &&
      a.held.length === b.held.length &&
      a.suppressing.length === b.suppressing.length &&
      a.locals.every((route, ix) => route === b.locals[ix]) &&
      a.held.every((direction, ix) => direction === b.held[ix]) &&
      a.suppressing.every((device, ix) => device === b.suppressing[ix]))
  );
}

/** The values that follow from settled tables. */
export function evaluate(coupling: Coupling, source: FibSource): Values {
  return Float64Array.from(coupling.variables, (variable) => valueOf(source, variable));
}

function valueOf(source: FibSource, variable: Variable): number {
  const { network } = source.wiring;
  const device = element(network.devices, variable.device, 'device');
  if (source.situation.liveness.device[device.ix] !== 1) return 0;
  switch (variable.kind) {
    case 'origination': {
      const { condition } = element(device.originations, variable.entry, 'origination');
      return condition === undefined || conditionHolds(source, device.ix, condition) ? 1 : 0;
    }
    case 'advertisement': {
      const { ends } = element(network.sessions, variable.session, 'session');
      const { conditionalAdvertisement } = ends[variable.end];
      return conditionalAdvertisement === undefined ||
        conditionHolds(source, device.ix, conditionalAdvertisement.condition)
        ? 1
        : 0;
    }
    case 'aggregate':
      return worstInside(source, device.ix, variable.entry);
    case 'redistribution':
      return redistributedValue(source, variable);
  }
}

function conditionHolds(source: FibSource, device: DeviceIx, { prefix, state, table }: RouteCondition): boolean {
  return isHeld(source, device, source.table.classOf(prefix), table) === (state === 'present');
}

function isHeld(
  source: FibSource,
  device: DeviceIx,
  classIx: number | undefined,
  table: RouteCondition['table'],
): boolean {
  if (classIx === undefined) return false;
  const entity = element(source.wiring.network.devices, device, 'device');
  if (table === 'forwarding') return fibEntry(source, entity, classIx) !== undefined;
  const bgpIx = source.table.bgpClassOf[classIx];
  return bgpIx !== undefined && source.settled[bgpIx]?.best[device] !== undefined;
}

function worstInside({ wiring, table, settled }: FibSource, device: DeviceIx, entry: number): number {
  const list = element(element(wiring.aggregateLists, device, 'device'), entry, 'list of an aggregate');
  let worst = 0;
  for (const { ix, subject } of table.bgpClasses) {
    if (subject.lists[list] !== 1) continue;
    const best = settled[ix]?.best[device];
    if (best === undefined || (best.kind === 'local' && best.source === 'aggregate')) continue;
    worst = Math.max(worst, 1 + aggregateOrigins.indexOf(best.attributes.originCode));
  }
  return worst;
}

type RedistributionVariable = Variable & { readonly kind: 'redistribution' };

function redistributedValue(source: FibSource, variable: RedistributionVariable): number {
  const device = element(source.wiring.network.devices, variable.device, 'device');
  const { from } = element(device.redistributions ?? [], variable.entry, 'redistribution');
  const entry = fibEntry(source, device, variable.classIx);
  const wanted = from === 'bgp' ? entry?.protocol === 'ebgp' : entry?.protocol === from;
  return entry === undefined || !wanted ? 0 : valueTaken(source, variable, entry);
}

/** The value that a variable without one would have if it had been there first; 0: it cannot hold. */
export function valueIfFirst(source: FibSource, variable: Variable): number {
  const { network } = source.wiring;
  const device = element(network.devices, variable.device, 'device');
  if (source.situation.liveness.device[device.ix] !== 1) return 0;
  if (variable.kind !== 'redistribution') return 1;
  const { from } = element(device.redistributions ?? [], variable.entry, 'redistribution');
  if (from === 'bgp') return 1;
  const entry = offeredEntry(source, device, variable.classIx, from);
  return entry === undefined ? 0 : valueTaken(source, variable, entry);
}

function valueTaken(source: FibSource, variable: RedistributionVariable, entry: FibEntry): number {
  const { wiring, table } = source;
  const device = element(wiring.network.devices, variable.device, 'device');
  const { into, from, policy } = element(device.redistributions ?? [], variable.entry, 'redistribution');
  if (into === 'bgp') {
    // Of several gateways the first stands for all, as in FRR.
    const [gateway] = entry.action.kind === 'forward' ? entry.action.next : [];
    return takenValue(wiring.network, { cost: from === 'igp' ? (entry.cost ?? 0) : 0, gateway });
  }
  const bgpIx = table.bgpClassOf[variable.classIx];
  const subject = bgpIx === undefined ? undefined : table.bgpClasses[bgpIx]?.subject;
  if (subject === undefined) throw new RangeError(`class ${variable.classIx} has no lists`);
  const best = bgpIx === undefined ? undefined : source.settled[bgpIx]?.best[device.ix];
  const attributes = from === 'bgp' && best !== undefined ? best.attributes : localAttributes(device.ix, {});
  const compiled = element(wiring.policies.policies, policy, 'policy');
  return applyPolicy(compiled, attributes, subject, false).attributes === undefined ? 0 : 1;
}

/** OSPF's default for a redistributed route (E2): the cost on the way there does not count against another one's. */
const EXTERNAL_METRIC = 20;

/** Who brings which class into the IGP, by class. */
export function externalsOf(
  wiring: Wiring,
  coupling: Coupling,
  values: Values,
): ReadonlyMap<number, readonly External[]> {
  const externals = new Map<number, External[]>();
  for (const ix of coupling.externals) {
    const variable = coupling.variables[ix];
    if (variable?.kind !== 'redistribution' || (values[ix] ?? 0) === 0) continue;
    const redistributions = wiring.network.devices[variable.device]?.redistributions ?? [];
    const { metric = EXTERNAL_METRIC } = element(redistributions, variable.entry, 'redistribution');
    const list = externals.get(variable.classIx) ?? [];
    list.push({ device: variable.device, entry: variable.entry, metric });
    externals.set(variable.classIx, list);
  }
  return externals;
}

/** What a variable is about, for people. */
export function variableText(network: Network, variable: Variable): string {
  const device = element(network.devices, variable.device, 'device');
  switch (variable.kind) {
    case 'origination':
      return `${device.name} originates ${element(device.originations, variable.entry, 'origination').name}`;
    case 'advertisement':
      return `${device.name} advertises on a condition over ${element(network.sessions, variable.session, 'session').name}`;
    case 'aggregate':
      return `${device.name} aggregates`;
    case 'redistribution': {
      const { from, into } = element(device.redistributions ?? [], variable.entry, 'redistribution');
      return `${device.name} redistributes ${from} into ${into}`;
    }
  }
}
