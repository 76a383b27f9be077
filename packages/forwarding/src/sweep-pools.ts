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
  type Passage,
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
  readonly #positions: ReadonlyMap<string, number>;
  /** By group. */
  readonly #known: readonly {
    readonly lists: readonly (readonly RoundTrip[])[];
    readonly uses: readonly SessionUse[];
  }[][];

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
    this.#known = this.#groups.map(() => []);
    this.#uses = this.#groups.map((_, group) => this.#usesOf(group, tripsOf, branchesOf));
    this.#before = countedUses(compiled, this.#uses.flat(), assumptions);
    this.#positions = new Map(this.#before.map(({ kind, name }, at) => [`${kind} ${name}`, at]));
    this.kept = this.#before.map(({ kind, name, capacity }) => ({ kind, name, capacity }));
  }

  /** What overflows, or perhaps does, and was better off before. */
  under(changed: Iterable<number>, tripsOf: TripsOf, branchesOf: BranchesOf): readonly PoolOverflow[] {
    const again = new Map<number, readonly SessionUse[]>();
    const moved = new Set<string>();
    for (const demand of changed) {
      const group = this.#groupOf[demand] ?? -1;
      if (again.has(group)) continue;
      const before = this.#uses[group] ?? [];
      const now = this.#usesOf(group, tripsOf, branchesOf);
      again.set(group, now);
      if (now !== before) namesMoved(before, now, moved);
    }
    if (moved.size === 0) return [];
    const uses = this.#uses.flatMap((held, group) => again.get(group) ?? held);
    return countedUses(this.#compiled, uses, this.#assumptions, moved).flatMap((now): readonly PoolOverflow[] => {
      const at = this.#positions.get(`${now.kind} ${now.name}`) ?? -1;
      const was = this.#before[at]?.verdict ?? 'unknown';
      if (SEVERITY[now.verdict] <= SEVERITY[was]) return [];
      return [[at, now.low, now.high ?? null, now.verdict === 'exhausted']];
    });
  }

  /** The same lists of round trips come up again and again. */
  #usesOf(group: number, tripsOf: TripsOf, branchesOf: BranchesOf): readonly SessionUse[] {
    const lists = (this.#groups[group] ?? []).map(tripsOf);
    const known = this.#known[group];
    const held = known?.find((each) => each.lists.every((list, at) => list === lists[at]));
    if (held !== undefined) return held.uses;
    const uses = sessionUses(this.#compiled, lists.flat(), branchesOf);
    if (known !== undefined && known.length < REMEMBERED) known.push({ lists, uses });
    return uses;
  }
}

/** Uses that are remembered for each flow from each place. */
const REMEMBERED = 24;

const SEVERITY: Readonly<Record<ExhaustionVerdict, number>> = { fits: 0, unknown: 1, exhausted: 2 };

/** Every pool, then every table, in the order of their devices; `only`: those of these names. */
export function countedUses(
  compiled: CompiledNetwork,
  uses: readonly SessionUse[],
  assumptions: SessionAssumptions,
  only?: ReadonlySet<string>,
): readonly Counted[] {
  return [
    ...poolUses(compiled, uses, assumptions, only).map(
      ({ pool, capacity, verdict, sessions }): Counted => ({
        kind: 'pool',
        name: pool.name,
        capacity,
        verdict,
        ...sessions,
      }),
    ),
    ...tableUses(compiled, uses, assumptions, only).map(
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

/** Adds the names of pools and tables that the uses pass otherwise. */
function namesMoved(before: readonly SessionUse[], now: readonly SessionUse[], moved: Set<string>): void {
  for (let at = 0; at < Math.max(before.length, now.length); at++) {
    const [was, is] = [before[at], now[at]];
    for (const kind of ['pools', 'tables'] as const) {
      const names = new Set([...(was?.[kind].keys() ?? []), ...(is?.[kind].keys() ?? [])]);
      for (const name of names) if (!samePassage(was?.[kind].get(name), is?.[kind].get(name))) moved.add(name);
    }
  }
}

function samePassage(a: Passage | undefined, b: Passage | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.always !== b.always || a.targets.size !== b.targets.size) return false;
  for (const target of a.targets) if (!b.targets.has(target)) return false;
  return true;
}
