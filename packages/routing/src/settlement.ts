/**
 * All classes of a network, settled under a set of failures: from nothing, or from earlier tables of the same network,
 * of which only what a change touches is settled again. Limits on accepted prefixes couple the classes: sessions that
 * exceed theirs go down together after everything has come to rest, and the network is looked at again.
 */
import type { DeviceIx, Network, Origin, SessionIx } from '@bothways/network';
import { buildClasses, type ClassTable } from './classes.ts';
import { type Limits, localRoutes, type Settled, Settler } from './convergence.ts';
import { Difference } from './difference.ts';
import type { PathNode } from './transfer.ts';
import { buildWiring, type Direction, type Failures, type Situation, situationUnder, type Wiring } from './wiring.ts';

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
  /** Per BGP class. */
  readonly locals: readonly (readonly PathNode[])[];
  /** Paths once made are kept for the next situation; a large network makes them again instead. */
  readonly keepsPaths: boolean;
}

/** The tables of every BGP class in one situation. */
export interface Tables {
  readonly situation: Situation;
  readonly settled: readonly Settled[];
}

export interface Settlement {
  readonly foundation: Foundation;
  readonly limits: Limits;
  readonly failed: Failures;
  /** Before a session was dropped for its number of prefixes. */
  readonly undropped: Tables;
  readonly final: Tables;
  readonly limitsReached: readonly PrefixLimitReached[];
}

/** Paths of this many directions times classes are kept: some 100 MB at most. */
const KEPT_PATHS = 500_000;

export function buildFoundation(network: Network): Foundation {
  const wiring = buildWiring(network);
  const table = buildClasses(network, wiring.policies.lists);
  const locals = table.bgpClasses.map((bgpClass) => localRoutes(wiring, bgpClass));
  const keepsPaths = wiring.directions.length * table.bgpClasses.length <= KEPT_PATHS;
  return { wiring, table, locals, keepsPaths };
}

export function settle(foundation: Foundation, limits: Limits, failed: Failures, before?: Settlement): Settlement {
  const situation = situationUnder(foundation.wiring.network, failed, before?.undropped.situation);
  const undropped = settleTables(foundation, limits, situation, before?.undropped);
  const limitsReached: PrefixLimitReached[] = [];
  let final = undropped;
  for (;;) {
    const over = overLimit(foundation, final.settled);
    const dropped = over.filter((item) => item.action === 'drop-session');
    limitsReached.push(...(dropped.length === 0 ? over : dropped));
    if (dropped.length === 0) return { foundation, limits, failed, undropped, final, limitsReached };
    final = settleTables(foundation, limits, withDropped(final.situation, dropped), final);
  }
}

function settleTables(foundation: Foundation, limits: Limits, situation: Situation, before?: Tables): Tables {
  const { wiring, table, locals, keepsPaths } = foundation;
  const settler = new Settler(wiring, situation, limits);
  const difference = before === undefined ? undefined : new Difference(wiring, before.situation, situation);
  const settled = table.bgpClasses.map((bgpClass): Settled => {
    const earlier = before?.settled[bgpClass.ix];
    if (earlier !== undefined && difference?.touches(bgpClass, earlier) === false) return earlier;
    const now = settler.settle(bgpClass, locals[bgpClass.ix] ?? []);
    if (!keepsPaths) settler.forget();
    return now;
  });
  return { situation, settled };
}

/** Sessions that exceed their limit go down together and stay down, as they do until an operator clears them. */
function withDropped(situation: Situation, dropped: readonly PrefixLimitReached[]): Situation {
  const sessions = [...situation.sessions];
  for (const { session, accepted, limit, family, origins } of dropped) {
    const because = `${accepted} IPv${family} prefixes accepted, the limit is ${limit}`;
    sessions[session] = { kind: 'down', cause: 'maximum-prefixes', because, origins };
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
      const maximum = receiver.maximumPrefixes;
      if (maximum === undefined || count <= maximum.limit) return [];
      return [{ session: session.ix, device: receiver.device, family, accepted: count, ...maximum }];
    }),
  );
}
