/**
 * Translation pools and connection tables under failures: which of them the sessions of a set fill that they did not fill
 * before. Only where somebody stated how many sessions a user holds; nobody publishes it.
 *
 * Uses of one flow from one place are made again where a round trip of theirs is another one, and everything is counted
 * again where one of them passes another pool or table. What a full pool would refuse is reported and not taken out of the
 * round trips.
 */
import type { CompiledNetwork } from '@bothways/network';
import type { Conversation } from './conversation.ts';
import type { BranchesOf } from './load-branches.ts';
import {
  type ExhaustionVerdict,
  poolUses,
  type SessionAssumptions,
  type SessionUse,
  sessionUses,
  tableUses,
} from './nat-ports.ts';
import type { RoundTrip } from './round-trip.ts';

/**
 * Something that keeps state of sessions, by its position: least and most sessions, null where the most is not known, and
 * whether it overflows for certain.
 */
export type PoolOverflow = readonly [pool: number, low: number, high: number | null, certain: boolean];

export interface KeptState {
  readonly kind: 'pool' | 'table';
  /** '203.0.113.0/28 at fw-er', or the name of the connection table. */
  readonly name: string;
  /** Sessions that fit for certain; undefined where nobody said. */
  readonly capacity: number | undefined;
}

interface Counted extends KeptState {
  readonly verdict: ExhaustionVerdict;
  readonly low: number;
  readonly high: number | undefined;
}

type TripsOf = (demand: number) => readonly RoundTrip[];

export class SetPools {
  readonly kept: readonly KeptState[];
  readonly #compiled: CompiledNetwork;
  readonly #assumptions: SessionAssumptions;
  readonly #groups: readonly (readonly number[])[];
  readonly #groupOf: readonly number[];
  /** By group, without failures. */
  readonly #uses: readonly (readonly SessionUse[])[];
  readonly #before: readonly Counted[];

  constructor(
    compiled: CompiledNetwork,
    assumptions: SessionAssumptions,
    conversations: readonly Conversation[],
    tripsOf: TripsOf,
    branchesOf: BranchesOf,
  ) {
    this.#compiled = compiled;
    this.#assumptions = assumptions;
    const groups = new Map<string, number[]>();
    for (const [ix, conversation] of conversations.entries()) {
      const key = [conversation.source.name, conversation.flow.id].join('\n');
      const list = groups.get(key);
      if (list === undefined) groups.set(key, [ix]);
      else list.push(ix);
    }
    this.#groups = [...groups.values()];
    const groupOf: number[] = [];
    for (const [group, list] of this.#groups.entries()) for (const demand of list) groupOf[demand] = group;
    this.#groupOf = groupOf;
    this.#uses = this.#groups.map((list) => sessionUses(compiled, list.flatMap(tripsOf), branchesOf));
    this.#before = countedUses(compiled, this.#uses.flat(), assumptions);
    this.kept = this.#before.map(({ kind, name, capacity }) => ({ kind, name, capacity }));
  }

  /** What overflows, or perhaps does, and was better off before. */
  under(changed: Iterable<number>, tripsOf: TripsOf, branchesOf: BranchesOf): readonly PoolOverflow[] {
    const again = new Map<number, readonly SessionUse[]>();
    for (const demand of changed) {
      const group = this.#groupOf[demand] ?? -1;
      if (again.has(group)) continue;
      const trips = (this.#groups[group] ?? []).flatMap(tripsOf);
      again.set(group, sessionUses(this.#compiled, trips, branchesOf));
    }
    const moved = [...again].some(([group, uses]) => !sameUses(uses, this.#uses[group] ?? []));
    if (!moved) return [];
    const uses = this.#uses.flatMap((held, group) => again.get(group) ?? held);
    return countedUses(this.#compiled, uses, this.#assumptions).flatMap((now, at): readonly PoolOverflow[] => {
      const was = this.#before[at]?.verdict ?? 'unknown';
      return SEVERITY[now.verdict] > SEVERITY[was]
        ? [[at, now.low, now.high ?? null, now.verdict === 'exhausted']]
        : [];
    });
  }
}

const SEVERITY: Readonly<Record<ExhaustionVerdict, number>> = { fits: 0, unknown: 1, exhausted: 2 };

/** Every pool, then every table, in the order of their devices. */
export function countedUses(
  compiled: CompiledNetwork,
  uses: readonly SessionUse[],
  assumptions: SessionAssumptions,
): readonly Counted[] {
  return [
    ...poolUses(compiled, uses, assumptions).map(
      ({ pool, capacity, verdict, sessions }): Counted => ({
        kind: 'pool',
        name: pool.name,
        capacity,
        verdict,
        ...sessions,
      }),
    ),
    ...tableUses(compiled, uses, assumptions).map(
      ({ stateGroup, maximumSessions, verdict, sessions }): Counted => ({
        kind: 'table',
        name: stateGroup,
        capacity: maximumSessions,
        verdict,
        ...sessions,
      }),
    ),
  ];
}

function sameUses(a: readonly SessionUse[], b: readonly SessionUse[]): boolean {
  return (
    a.length === b.length &&
    a.every((use, at) => {
      const other = b[at];
      return other !== undefined && samePassages(use.pools, other.pools) && samePassages(use.tables, other.tables);
    })
  );
}

function samePassages(a: SessionUse['pools'], b: SessionUse['pools']): boolean {
  if (a.size !== b.size) return false;
  for (const [name, { always, targets }] of a) {
    const other = b.get(name);
    if (other === undefined || other.always !== always || other.targets.size !== targets.size) return false;
    for (const target of targets) if (!other.targets.has(target)) return false;
  }
  return true;
}
