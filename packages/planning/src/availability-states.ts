/**
 * Probability of an answer over all states of independent components, without going through all of them: conditioning on
 * what an answer rests on (factoring, Moskowitz 1958; Satyanarayana and Chang 1983).
 *
 * With nothing failed the answer rests on some components: while they are up it stays the same, whatever the others do.
 * That is one event with a known probability. What is left divides into events "the first of them that has failed is this
 * one", each of which is asked for again with that component failed. Every state belongs to exactly one event, so that
 * nothing is counted twice, and nothing has to be monotone: a failure that mends what another broke is counted as it is.
 *
 * An answer that is known for a set is known for larger ones too, as long as none of what it rests on has failed: most
 * events need no asking. The most probable events come first, until what is left is less probable than a tolerance: that
 * is the only error, and it is known.
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
  /** Probability of the events that were not looked at. */
  readonly unasked: number;
  /** Pairs of sets, one with one more component than the other, whose answers differ; the most probable first. */
  readonly changes: readonly StateChange<Answer>[];
  /** Sets that were asked for, each once, with their answers. */
  readonly sets: readonly { readonly failed: ComponentSet; readonly answer: Answer }[];
}

interface StateChange<Answer> {
  readonly fewer: ComponentSet;
  readonly was: Answer;
  readonly more: ComponentSet;
  readonly is: Answer;
}

interface AnswerProbability {
  readonly probability: number;
  /** By component: how much more probable the answer is with it failed than with it up. */
  readonly birnbaum: Float64Array;
}

export interface StateLimits {
  /** Events that are together less probable than this are not looked at. */
  readonly tolerance: number;
  /** Sets that may be asked for. */
  readonly asked: number;
}

export const STATE_LIMITS: StateLimits = { tolerance: 5e-13, asked: 5000 };
/** Events that need no asking are cheap, but not free. */
const EVENTS_PER_SET = 20;
const MOST_CHANGES = 10_000;

interface Event<Answer> {
  readonly failed: ComponentSet;
  /** Components that are up in this event: an earlier one was told apart by them. */
  readonly up: ComponentSet;
  readonly probability: number;
  /** The set that it came from, and its answer; undefined: nothing failed. */
  readonly from: { readonly failed: ComponentSet; readonly answer: Answer } | undefined;
}

/** `q`: probability that a component has failed. */
export function stateProbabilities<Answer extends string>(
  q: readonly number[],
  ask: (failed: ComponentSet) => StateAnswer<Answer>,
  limits: StateLimits = STATE_LIMITS,
): StateProbabilities<Answer> {
  const gathered = new Map<Answer, { probability: number; failed: Float64Array; up: Float64Array }>();
  const answers = new KnownAnswers(ask);
  const queue = new EventQueue<Answer>();
  const changes: StateChange<Answer>[] = [];
  queue.add({ failed: [], up: [], probability: 1, from: undefined });
  let looked = 0;
  for (let event = queue.take(); event !== undefined; event = queue.take()) {
    looked += 1;
    const tooMany = answers.sets.length >= limits.asked || looked > limits.asked * EVENTS_PER_SET;
    if (tooMany || queue.probability + event.probability <= limits.tolerance) {
      queue.add(event);
      break;
    }
    const { failed, up, probability, from } = event;
    const { answer, restsOn } = answers.of(failed);
    if (from !== undefined && from.answer !== answer && changes.length < MOST_CHANGES) {
      changes.push({ fewer: from.failed, was: from.answer, more: failed, is: answer });
    }
    let allUp = probability;
    const before: number[] = [...up];
    for (const ix of restsOn) {
      const down = q[ix] ?? 0;
      if (down === 0 || up.includes(ix)) continue;
      const more = { failed: joined(failed, ix), up: [...before], probability: allUp * down };
      queue.add({ ...more, from: { failed, answer } });
      allUp *= 1 - down;
      before.push(ix);
    }
    let held = gathered.get(answer);
    if (held === undefined) {
      held = { probability: 0, failed: new Float64Array(q.length), up: new Float64Array(q.length) };
      gathered.set(answer, held);
    }
    held.probability += allUp;
    for (const ix of failed) held.failed[ix] = (held.failed[ix] ?? 0) + allUp;
    for (const ix of before) held.up[ix] = (held.up[ix] ?? 0) + allUp;
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
  return { byAnswer, unasked: queue.probability, changes, sets: answers.sets };
}

/** Members of sets whose answers are looked for inside larger ones. */
const LARGEST_KNOWN = 4;

/** Owns what was asked. An answer for a set is one for every larger set that leaves alone what it rests on. */
class KnownAnswers<Answer extends string> {
  readonly sets: { readonly failed: ComponentSet; readonly answer: Answer }[] = [];
  readonly #ask: (failed: ComponentSet) => StateAnswer<Answer>;
  readonly #known = new Map<string, StateAnswer<Answer>>();

  constructor(ask: (failed: ComponentSet) => StateAnswer<Answer>) {
    this.#ask = ask;
  }

  of(failed: ComponentSet): StateAnswer<Answer> {
    const key = failed.join();
    const same = this.#known.get(key);
    if (same !== undefined) return same;
    for (let size = 1; size <= Math.min(LARGEST_KNOWN, failed.length - 1); size++) {
      const known = this.#within(failed, [], 0, size);
      if (known !== undefined) return known;
    }
    const answer = this.#ask(failed);
    this.#known.set(key, answer);
    this.sets.push({ failed, answer: answer.answer });
    return answer;
  }

  /** An answer for `chosen` and `more` further members from position `from` on, that holds for all of `failed`. */
  #within(failed: ComponentSet, chosen: ComponentSet, from: number, more: number): StateAnswer<Answer> | undefined {
    if (more === 0) {
      const known = this.#known.get(chosen.join());
      return known === undefined || known.restsOn.some((ix) => failed.includes(ix)) ? undefined : known;
    }
    for (let at = from; at <= failed.length - more; at++) {
      const known = this.#within(failed, [...chosen, failed[at] ?? 0], at + 1, more - 1);
      if (known !== undefined) return known;
    }
    return undefined;
  }
}

/** Events by the power of two of their probability, the most probable first; in the order they came among themselves. */
class EventQueue<Answer> {
  readonly #buckets: { events: Event<Answer>[]; next: number; probability: number }[] = [];
  #first = 0;

  add(event: Event<Answer>): void {
    const { probability } = event;
    if (probability === 0) return;
    const at = Math.max(0, Math.floor(-Math.log2(probability)));
    let bucket = this.#buckets[at];
    if (bucket === undefined) {
      bucket = { events: [], next: 0, probability: 0 };
      this.#buckets[at] = bucket;
    }
    bucket.events.push(event);
    bucket.probability += probability;
    this.#first = Math.min(this.#first, at);
  }

  take(): Event<Answer> | undefined {
    for (; this.#first < this.#buckets.length; this.#first++) {
      const bucket = this.#buckets[this.#first];
      const event = bucket?.events[bucket.next];
      if (bucket === undefined || event === undefined) continue;
      bucket.next += 1;
      // An empty bucket holds nothing, not what rounding left of it.
      const isEmpty = bucket.next === bucket.events.length;
      bucket.probability = isEmpty ? 0 : bucket.probability - event.probability;
      if (isEmpty) this.#buckets[this.#first] = { events: [], next: 0, probability: 0 };
      return event;
    }
    return undefined;
  }

  /** Of all events that wait. */
  get probability(): number {
    let sum = 0;
    for (let at = this.#buckets.length - 1; at >= this.#first; at--) sum += this.#buckets[at]?.probability ?? 0;
    return sum;
  }
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
