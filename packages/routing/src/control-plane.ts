/**
 * The control plane of a network: sessions, the stable state of every class of prefixes, forwarding tables, and the
 * reasons behind them. Reasons are made when asked for: in a stable state every table follows from the neighbours'
 * tables by the very functions that built it, so explaining a choice repeats it and cannot tell another story.
 */
import type { Prefix } from '@bothways/net';
import type { DeviceIx, Network, SessionIx } from '@bothways/network';
import type { Attributes } from './attributes.ts';
import type { PrefixClass } from './classes.ts';
import { type Variable, variableText } from './conditions.ts';
import { isSuppressed, type Limits, Settler, type Turn } from './convergence.ts';
import { type Decision, decide } from './decision.ts';
import { buildFib, type Fib } from './forwarding-table.ts';
import type { Liveness } from './liveness.ts';
import type { AppliedTerm } from './policy.ts';
import {
  buildFoundation,
  type Earlier,
  editFoundation,
  fibSource,
  type PrefixLimitReached,
  type Settlement,
  settle,
} from './settlement.ts';
import { type Candidate, type StopReason, type TransferTrace, transfer } from './transfer.ts';
import { element, type Failures, isUp, type SessionState } from './wiring.ts';

export interface ConvergeOptions {
  readonly failed?: Failures;
  /** Activations per device before a class is suspected of oscillating; 40 unless stated. */
  readonly activations?: number;
  /** Rounds before an oscillation that never repeats a state is given up; 1,000 unless stated. */
  readonly rounds?: number;
}

/** Why a class never comes to rest: the changes of mind of one turn of the cycle, which then begins again. */
export interface Cycle {
  /** The classes it concerns. */
  readonly classes: readonly number[];
  readonly turns: readonly Turn[];
}

export type Outcome =
  | { readonly kind: 'stable' }
  | {
      readonly kind: 'oscillates';
      readonly cycles: readonly Cycle[];
      /** Classes that neither came to rest nor repeated a state within the limit. */
      readonly undecided: readonly number[];
      /** Aggregates, redistribution and advertisements on a condition that undo each other. */
      readonly conditions?: ConditionCycle;
    };

/** One turn of a cycle through conditions; then it begins again. */
export interface ConditionCycle {
  readonly classes: readonly number[];
  readonly turns: readonly { readonly variable: Variable; readonly holds: boolean; readonly text: string }[];
}

/** A neighbour's route for a class as it arrived, or the reason that it did not. */
export interface ReceivedRoute {
  readonly session: SessionIx;
  readonly from: DeviceIx;
  /** The neighbour's own best route; undefined: it has none. */
  readonly sent: Candidate | undefined;
  /** Undefined: it arrived. */
  readonly stopped: StopReason | undefined;
  /** Export terms that changed or rejected it, in order. */
  readonly exported: readonly AppliedTerm[];
  /** Import terms that changed or rejected it, in order. */
  readonly imported: readonly AppliedTerm[];
  /** As arrived, or as they were where the route stopped. */
  readonly attributes: Attributes | undefined;
}

export interface ControlPlane {
  readonly network: Network;
  /** By family, then by first prefix. */
  readonly classes: readonly PrefixClass[];
  /** By device. */
  readonly fibs: readonly Fib[];
  readonly outcome: Outcome;
  /** By session. */
  readonly sessions: readonly SessionState[];
  readonly limitsReached: readonly PrefixLimitReached[];
  /** What is up under the failures that the tables were computed for. */
  readonly liveness: Liveness;
  /** False for a class whose tables are one state of a cycle, not an answer. */
  isStable(classIx: number): boolean;
  classOf(prefix: Prefix): number | undefined;
  /** Undefined where no route of the class reaches the device over BGP. */
  decision(device: DeviceIx, classIx: number): Decision | undefined;
  /** One per session of the device, by session; empty for a class nobody puts into BGP. */
  received(device: DeviceIx, classIx: number): readonly ReceivedRoute[];
}

const settlements = new WeakMap<ControlPlane, Settlement>();

/** What a control plane was made from. */
export function settlementOf(plane: ControlPlane): Settlement {
  const settlement = settlements.get(plane);
  if (settlement === undefined) throw new RangeError('a control plane that converge and reconverge did not make');
  return settlement;
}

/** Computes the tables of a network to its stable state. Throws RangeError if the network contradicts itself. */
export function converge(network: Network, options: ConvergeOptions = {}): ControlPlane {
  const limits: Limits = { activations: options.activations ?? 40, rounds: options.rounds ?? 1000 };
  return view(settle(buildFoundation(network), limits, options.failed ?? {}));
}

/** Elements that fail, failed ones that come back, and the network after an edit. */
export interface Change {
  readonly fail?: Failures;
  readonly restore?: Failures;
  /**
   * The whole network after an edit. What has failed keeps its position. Where devices, links and sessions stay where
   * they are, with their ASNs, router ids and ends, only what the edit touches is computed again; links and sessions
   * may come and go at the end of their lists. An edit that moves positions is computed from nothing.
   */
  readonly network?: Network;
}

/**
 * The tables after a change, equal to what `converge` computes from nothing for the same network and failures. Classes
 * that nothing changed could have touched are taken over as they are.
 */
export function reconverge(previous: ControlPlane, change: Change): ControlPlane {
  const before = settlementOf(previous);
  const { network } = change;
  const failed = stillThere(changedFailures(before.failed, change), previous.network, network ?? previous.network);
  if (network === undefined || network === previous.network) {
    return view(settle(before.foundation, before.limits, failed, { settlement: before, was: (bgpIx) => bgpIx }));
  }
  const edited = editFoundation(before.foundation, network);
  if (edited === undefined) return view(settle(buildFoundation(network), before.limits, failed));
  const earlier: Earlier = { settlement: before, was: (bgpIx) => edited.was[bgpIx] };
  return view(settle(edited.foundation, before.limits, failed, earlier));
}

/** Without links and sessions that an edit removed. */
function stillThere({ devices = [], links = [], sessions = [] }: Failures, was: Network, is: Network): Failures {
  const kept = (ix: number, before: readonly unknown[], now: readonly unknown[]): boolean =>
    ix < now.length || ix >= before.length;
  return {
    devices,
    links: links.filter((ix) => kept(ix, was.links, is.links)),
    sessions: sessions.filter((ix) => kept(ix, was.sessions, is.sessions)),
  };
}

function changedFailures(failed: Failures, { fail = {}, restore = {} }: Change): Failures {
  const changed = (kind: keyof Failures): readonly number[] => {
    const restored = new Set(restore[kind]);
    const all = new Set([...(failed[kind] ?? []), ...(fail[kind] ?? [])]);
    return [...all].filter((ix) => !restored.has(ix)).sort((a, b) => a - b);
  };
  return { devices: changed('devices'), links: changed('links'), sessions: changed('sessions') };
}

function view(settlement: Settlement): ControlPlane {
  const { wiring, table } = settlement.foundation;
  const { situation, settled } = settlement.final;
  const { network } = wiring;
  const source = fibSource(settlement.foundation, settlement.final);
  const fibs = network.devices.map((device) => buildFib(source, device));
  const settler = new Settler(wiring, situation, settlement.limits);
  const context = { cost: (candidate: Candidate): number => settler.costOf(candidate) };

  function isStable(classIx: number): boolean {
    const bgpIx = table.bgpClassOf[classIx];
    if (bgpIx === undefined) return true;
    return settled[bgpIx]?.rest.kind === 'stable' && settlement.unsettled?.bgpClasses.includes(bgpIx) !== true;
  }

  function decision(deviceIx: DeviceIx, classIx: number): Decision | undefined {
    const bgpIx = table.bgpClassOf[classIx];
    const device = network.devices[deviceIx];
    if (bgpIx === undefined || device === undefined || situation.liveness.device[deviceIx] !== 1) return undefined;
    const { subject } = element(table.bgpClasses, bgpIx, 'class');
    const { best, inputs } = element(settled, bgpIx, 'settled class');
    const candidates: Candidate[] = inputs.locals.filter((route) => route.device === deviceIx);
    for (const direction of wiring.incoming[deviceIx] ?? []) {
      const sent = best[direction.from.ix];
      if (sent === undefined || !isUp(situation, direction, subject.family)) continue;
      if (inputs.held.includes(direction.ix) || isSuppressed(inputs.suppressing, sent)) continue;
      const arrived = sent.carry(direction, subject);
      if (arrived !== null) candidates.push(arrived);
    }
    if (candidates.length === 0) return undefined;
    return decide(candidates, context, device.decision, { classIx, device: deviceIx });
  }

  function received(deviceIx: DeviceIx, classIx: number): readonly ReceivedRoute[] {
    const bgpIx = table.bgpClassOf[classIx];
    if (bgpIx === undefined) return [];
    const bgpClass = element(table.bgpClasses, bgpIx, 'class');
    const { best, inputs } = element(settled, bgpIx, 'settled class');
    return (wiring.incoming[deviceIx] ?? []).map((direction): ReceivedRoute => {
      const sent = best[direction.from.ix];
      const exported: AppliedTerm[] = [];
      const imported: AppliedTerm[] = [];
      const trace: TransferTrace = { network, stopped: undefined, exported, imported, attributes: undefined };
      if (!isUp(situation, direction, bgpClass.subject.family)) trace.stopped = 'session-down';
      else if (sent === undefined) trace.stopped = 'nothing-to-send';
      else if (inputs.held.includes(direction.ix)) trace.stopped = 'condition';
      else if (isSuppressed(inputs.suppressing, sent)) trace.stopped = 'suppressed';
      else transfer(direction, sent, bgpClass.subject, trace);
      const { stopped, attributes } = trace;
      return { session: direction.session.ix, from: direction.from.ix, sent, stopped, exported, imported, attributes };
    });
  }

  const plane: ControlPlane = {
    network,
    classes: table.classes,
    fibs,
    outcome: outcomeOf(settlement),
    sessions: situation.sessions,
    limitsReached: settlement.limitsReached,
    liveness: situation.liveness,
    isStable,
    classOf: table.classOf,
    decision,
    received,
  };
  settlements.set(plane, settlement);
  return plane;
}

function outcomeOf({ foundation, final: { settled }, unsettled }: Settlement): Outcome {
  const { table, wiring } = foundation;
  const cycles: Cycle[] = [];
  const undecided: number[] = [];
  for (const [bgpIx, { rest }] of settled.entries()) {
    if (rest.kind === 'stable') continue;
    const classes = table.classes.filter((item) => table.bgpClassOf[item.ix] === bgpIx).map((item) => item.ix);
    if (rest.kind === 'cycle') cycles.push({ classes, turns: rest.turns });
    else undecided.push(...classes);
  }
  if (cycles.length === 0 && undecided.length === 0 && unsettled === undefined) return { kind: 'stable' };
  if (unsettled === undefined) return { kind: 'oscillates', cycles, undecided };
  const touched = new Set(unsettled.bgpClasses);
  const classes = table.bgpClassOf.flatMap((bgpIx, ix) => (bgpIx !== undefined && touched.has(bgpIx) ? [ix] : []));
  const turns = unsettled.turns.map((turn) => ({ ...turn, text: variableText(wiring.network, turn.variable) }));
  return { kind: 'oscillates', cycles, undecided, conditions: { classes, turns } };
}
