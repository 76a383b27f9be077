/**
 * What a sweep found, as plain values: parts of any sweep of the same network and sets merge in any order to the same
 * bytes. Sets that change nothing are counted and not listed.
 */
import type { FailureSets } from './elements.ts';
import type { Overload } from './sweep-load.ts';
import type { PoolOverflow } from './sweep-pools.ts';
import type { Answer } from './sweep-questions.ts';

/** Numbers are positions: of sets in their numbering, of questions and keys in their lists. */
export interface SetResult {
  readonly set: number;
  /** Questions that are broken, or not known to hold, and were not so before. */
  readonly broken: readonly number[];
  readonly unknown: readonly number[];
  /** Concrete demands that are lost. */
  readonly lost: number;
  /** Concrete demands whose round trips are others than before, lost ones included; not those of sites that failed. */
  readonly changed: number;
  /** What carries more than it can, or perhaps does, and was better off before: least and most bit/s. */
  readonly overloads: readonly Overload[];
  /** Pools and connection tables that overflow, or perhaps do, and were better off before. */
  readonly pools: readonly PoolOverflow[];
}

export interface SweepShard {
  readonly format: 2;
  /** Ids: shards of different networks do not merge. */
  readonly elements: readonly string[];
  /** Elements in a set, at most. */
  readonly most: number;
  /** Sets that there are. */
  readonly count: number;
  readonly questions: readonly string[];
  /** Answers without failures, by question. */
  readonly before: readonly Answer[];
  /** Sets that were swept: first and last of each run of numbers, ascending. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
  /** By set. */
  readonly sets: readonly SetResult[];
}

/** Throws RangeError where the shards are not of one sweep. */
export function mergeShards(shards: readonly SweepShard[]): SweepShard {
  const [first] = shards;
  if (first === undefined) throw new RangeError('there is no shard to merge');
  const head = headOf(first);
  const results = new Map<number, SetResult>();
  for (const shard of shards) {
    if (headOf(shard) !== head) throw new RangeError('shards of different sweeps do not merge');
    for (const result of shard.sets) results.set(result.set, result);
  }
  const { format, elements, most, count, questions, before } = first;
  const sets = [...results.values()].sort((a, b) => a.set - b.set);
  return {
    format,
    elements,
    most,
    count,
    questions,
    before,
    ranges: joinedRanges(shards.flatMap((each) => each.ranges)),
    sets,
  };
}

function headOf({ format, elements, most, count, questions, before }: SweepShard): string {
  return JSON.stringify([format, elements, most, count, questions, before]);
}

export function rangesOf(numbers: readonly number[]): SweepShard['ranges'] {
  return joinedRanges(numbers.map((ix) => [ix, ix] as const));
}

function joinedRanges(ranges: SweepShard['ranges']): SweepShard['ranges'] {
  const joined: [number, number][] = [];
  for (const [first, last] of [...ranges].sort(([a], [b]) => a - b)) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

/** Sets that were not swept, as ranges; empty: the sweep is complete. */
export function missingSets({ ranges, count }: SweepShard): SweepShard['ranges'] {
  const missing: [number, number][] = [];
  let next = 0;
  for (const [first, last] of ranges) {
    if (first > next) missing.push([next, first - 1]);
    next = last + 1;
  }
  if (next < count) missing.push([next, count - 1]);
  return missing;
}

export interface QuestionResult {
  readonly question: number;
  readonly before: Answer;
  /** Swept sets that break it, or leave it unknown, by number of elements, from 1. */
  readonly broken: readonly number[];
  readonly unknown: readonly number[];
  /** Swept sets of that many elements. */
  readonly of: readonly number[];
  /** Sets that break it with no breaking set inside them, as numbers; the smallest first. Exact for what was swept. */
  readonly minimal: readonly number[];
}

export interface ElementResult {
  readonly element: number;
  /** Questions that it breaks alone. */
  readonly breaks: readonly number[];
  /** Minimal breaking sets of several elements that it is part of. */
  readonly partOf: number;
}

export interface SweepSummary {
  readonly swept: number;
  readonly count: number;
  readonly partial: boolean;
  readonly questions: readonly QuestionResult[];
  /** Those that break something, alone or with others: what breaks most first. */
  readonly elements: readonly ElementResult[];
  /** The sets that lose most: by lost demands, then broken questions, then what overflows. */
  readonly worst: readonly SetResult[];
}

/** `sets` is the list that the shard was swept over; `worst` many sets are named as the worst. */
export function summaryOf(shard: SweepShard, sets: FailureSets, worst = 10): SweepSummary {
  const { most, ranges } = shard;
  const swept = ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const of = sweptBySize(shard, sets);
  const failing = shard.questions.map((): number[] => []);
  const unknown = shard.questions.map((): number[] => Array<number>(most).fill(0));
  const broken = shard.questions.map((): number[] => Array<number>(most).fill(0));
  const members = new Map<number, readonly number[]>();
  for (const result of shard.sets) {
    if (result.broken.length + result.unknown.length === 0) continue;
    const { elements } = sets.at(result.set);
    members.set(result.set, elements);
    for (const question of result.broken) {
      failing[question]?.push(result.set);
      increment(broken[question], elements.length - 1);
    }
    for (const question of result.unknown) increment(unknown[question], elements.length - 1);
  }
  const questions = shard.questions.map((_, question): QuestionResult => {
    const minimal = minimalSets(failing[question] ?? [], members);
    return {
      question,
      before: shard.before[question] ?? 'unknown',
      broken: broken[question] ?? [],
      unknown: unknown[question] ?? [],
      of,
      minimal,
    };
  });
  return {
    swept,
    count: shard.count,
    partial: swept < shard.count,
    questions,
    elements: elementResults(shard, questions, members),
    worst: [...shard.sets]
      .filter(
        ({ broken: some, unknown: more, overloads, pools }) =>
          some.length + more.length + overloads.length + pools.length > 0,
      )
      .sort(
        (a, b) =>
          b.lost - a.lost ||
          b.broken.length - a.broken.length ||
          b.overloads.length + b.pools.length - a.overloads.length - a.pools.length ||
          a.set - b.set,
      )
      .slice(0, worst),
  };
}

function sweptBySize({ ranges, most }: SweepShard, sets: FailureSets): readonly number[] {
  const counts = Array<number>(most).fill(0);
  for (const [first, last] of ranges) {
    // Sizes ascend with the numbers, so each run is cut where the size changes.
    for (let at = first; at <= last; ) {
      const size = sets.at(at).elements.length;
      let low = at;
      let high = last;
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (sets.at(middle).elements.length === size) low = middle;
        else high = middle - 1;
      }
      counts[size - 1] = (counts[size - 1] ?? 0) + low - at + 1;
      at = low + 1;
    }
  }
  return counts;
}

function increment(counts: number[] | undefined, at: number): void {
  if (counts !== undefined) counts[at] = (counts[at] ?? 0) + 1;
}

/** Of sets by number, which ascend with their size, those that hold no other one. */
function minimalSets(failing: readonly number[], members: ReadonlyMap<number, readonly number[]>): readonly number[] {
  const minimal: number[] = [];
  /** Minimal sets by their first element. */
  const known = new Map<number, (readonly number[])[]>();
  for (const set of failing) {
    const elements = members.get(set) ?? [];
    const holdsOther = elements.some((ix) =>
      (known.get(ix) ?? []).some((other) => other.every((member) => elements.includes(member))),
    );
    if (holdsOther) continue;
    minimal.push(set);
    const [first = -1] = elements;
    const list = known.get(first);
    if (list === undefined) known.set(first, [elements]);
    else list.push(elements);
  }
  return minimal;
}

function elementResults(
  shard: SweepShard,
  questions: readonly QuestionResult[],
  members: ReadonlyMap<number, readonly number[]>,
): readonly ElementResult[] {
  const breaks = shard.elements.map((): number[] => []);
  const partOf = shard.elements.map((): Set<number> => new Set());
  for (const { question, minimal } of questions) {
    for (const set of minimal) {
      const elements = members.get(set) ?? [];
      const [only] = elements;
      if (elements.length === 1 && only !== undefined) breaks[only]?.push(question);
      else for (const element of elements) partOf[element]?.add(set);
    }
  }
  return shard.elements
    .map((_, element) => ({ element, breaks: breaks[element] ?? [], partOf: partOf[element]?.size ?? 0 }))
    .filter((each) => each.breaks.length + each.partOf > 0)
    .sort((a, b) => b.breaks.length - a.breaks.length || b.partOf - a.partOf || a.element - b.element);
}
