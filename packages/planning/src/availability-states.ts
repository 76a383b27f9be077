/**
 * Probability of an answer over all states of independent components, without going through all of them: conditioning on
 * what an answer rests on (factoring, Moskowitz 1958; Satyanarayana and Chang 1983).
 *
 * With nothing failed the answer rests on some components: while they are up it stays the same, whatever the others do.
 * That is one event with a known probability. What is left divides into events "the first of them that has failed is this
 * one", each of which is asked for again with that component failed. Every state belongs to exactly one event, so that
 * nothing is counted twice, and nothing has to be monotone: a failure that mends what another broke is counted as it is.
 *
 * Events less probable than a cut-off are not asked for. Their sum is known, and is the only error.
 */

/** Positions of components, ascending. */
export type ComponentSet = readonly number[];

export interface StateAnswer<Answer> {
  readonly answer: Answer;
  /** Components that are up and that it rests on. */
  readonly restsOn: ComponentSet;
}

export interface StateProbabilities<Answer extends string> {
  readonly byAnswer: ReadonlyMap<Answer, AnswerProbability>;
  /** Probability of the events that were not asked for. */
  readonly unasked: number;
  /** Sets that were asked for, each once. */
  readonly asked: number;
  /** Sets of failed components, with their answers; every set above the cut-off that matters. */
  readonly sets: readonly { readonly failed: ComponentSet; readonly answer: Answer; readonly probability: number }[];
}

export interface AnswerProbability {
  readonly probability: number;
  /** By component: how much more probable the answer is with it failed than with it up. */
  readonly birnbaum: Float64Array;
}

export interface StateLimits {
  /** Events less probable than this are not asked for. */
  readonly cutOff: number;
  readonly asked: number;
}

export const STATE_LIMITS: StateLimits = { cutOff: 1e-18, asked: 50_000 };

interface Event {
  readonly failed: ComponentSet;
  /** Components that are up in this event because an earlier one was told apart by them. */
  readonly up: ComponentSet;
  readonly probability: number;
}

/** `q`: probability that a component has failed. */
export function stateProbabilities<Answer extends string>(
  q: readonly number[],
  ask: (failed: ComponentSet) => StateAnswer<Answer>,
  limits: StateLimits = STATE_LIMITS,
): StateProbabilities<Answer> {
  const gathered = new Map<Answer, { probability: number; failed: Float64Array; up: Float64Array }>();
  const sets: { failed: ComponentSet; answer: Answer; probability: number }[] = [];
  const qOf = (ix: number): number => q[ix] ?? 0;
  let unasked = 0;
  // By number of failed components, the fewest first: where the limit is reached, what is left is the least probable.
  let level: readonly Event[] = [{ failed: [], up: [], probability: 1 }];
  let asked = 0;
  while (level.length > 0) {
    const next: Event[] = [];
    for (const { failed, up, probability } of level) {
      if (probability < limits.cutOff || asked >= limits.asked) {
        unasked += probability;
        continue;
      }
      asked += 1;
      const { answer, restsOn } = ask(failed);
      const open = restsOn.filter((ix) => qOf(ix) > 0 && !up.includes(ix) && !failed.includes(ix));
      let allBefore = probability;
      const before: number[] = [...up];
      for (const ix of open) {
        const event = allBefore * qOf(ix);
        if (event > 0) next.push({ failed: joined(failed, ix), up: [...before], probability: event });
        allBefore *= 1 - qOf(ix);
        before.push(ix);
      }
      sets.push({ failed, answer, probability: allBefore });
      let held = gathered.get(answer);
      if (held === undefined) {
        held = { probability: 0, failed: new Float64Array(q.length), up: new Float64Array(q.length) };
        gathered.set(answer, held);
      }
      held.probability += allBefore;
      for (const ix of failed) held.failed[ix] = (held.failed[ix] ?? 0) + allBefore;
      for (const ix of before) held.up[ix] = (held.up[ix] ?? 0) + allBefore;
    }
    level = next;
  }
  const byAnswer = new Map<Answer, AnswerProbability>();
  for (const [answer, held] of gathered) {
    // Events that say nothing about a component have the same probability with it failed and with it up.
    const birnbaum = Float64Array.from(q, (each, ix) => {
      const ifFailed = each > 0 ? (held.failed[ix] ?? 0) / each : 0;
      const ifUp = each < 1 ? (held.up[ix] ?? 0) / (1 - each) : 0;
      return ifFailed - ifUp;
    });
    byAnswer.set(answer, { probability: held.probability, birnbaum });
  }
  return { byAnswer, unasked, asked, sets };
}

function joined(set: ComponentSet, ix: number): ComponentSet {
  return [...set, ix].sort((a, b) => a - b);
}

/** Without the sets that contain another one; each once; by size, then by position. */
export function minimalSets(sets: readonly ComponentSet[]): readonly ComponentSet[] {
  const kept: ComponentSet[] = [];
  for (const each of [...sets].sort(bySizeThenPosition)) {
    if (!kept.some((smaller) => contains(each, smaller))) kept.push(each);
  }
  return kept;
}

function bySizeThenPosition(a: ComponentSet, b: ComponentSet): number {
  if (a.length !== b.length) return a.length - b.length;
  for (const [at, ix] of a.entries()) {
    const other = b[at] ?? 0;
    if (ix !== other) return ix - other;
  }
  return 0;
}

/** Both ascending. */
export function contains(larger: ComponentSet, smaller: ComponentSet): boolean {
  let at = 0;
  for (const ix of smaller) {
    while ((larger[at] ?? Number.POSITIVE_INFINITY) < ix) at += 1;
    if (larger[at] !== ix) return false;
    at += 1;
  }
  return true;
}
