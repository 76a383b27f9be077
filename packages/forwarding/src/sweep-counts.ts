/** How many demands of each question hold, are broken or unknown: what a set of failures moves, without counting all again. */
import type { Answer, Question } from './sweep-questions.ts';

/** Demands per question by answer. */
export class Counts {
  readonly #questions: readonly Question[];
  readonly #broken: Int32Array;
  readonly #unknown: Int32Array;
  readonly #holds: Int32Array;

  constructor(questions: readonly Question[]) {
    this.#questions = questions;
    this.#broken = new Int32Array(questions.length);
    this.#unknown = new Int32Array(questions.length);
    this.#holds = new Int32Array(questions.length);
  }

  add(question: number, answer: Answer, by: number): void {
    const counts = this.#of(answer);
    counts[question] = (counts[question] ?? 0) + by;
  }

  answer(question: number, moved: { broken: number; unknown: number; holds: number } = NONE_MOVED): Answer {
    const broken = (this.#broken[question] ?? 0) + moved.broken;
    const unknown = (this.#unknown[question] ?? 0) + moved.unknown;
    const holds = (this.#holds[question] ?? 0) + moved.holds;
    if (this.#questions[question]?.needs === 'any') {
      if (holds > 0 || broken + unknown === 0) return 'holds';
      return unknown > 0 ? 'unknown' : 'broken';
    }
    if (broken > 0) return 'broken';
    return unknown > 0 ? 'unknown' : 'holds';
  }

  changes(): Moves {
    return new Moves(this, this.#questions);
  }

  #of(answer: Answer): Int32Array {
    return answer === 'broken' ? this.#broken : answer === 'unknown' ? this.#unknown : this.#holds;
  }
}

const NONE_MOVED = { broken: 0, unknown: 0, holds: 0 };

class Moves {
  /** Demands that held before and are broken now. */
  lost = 0;
  readonly #counts: Counts;
  readonly #questions: readonly Question[];
  readonly #moved = new Map<number, { broken: number; unknown: number; holds: number }>();

  constructor(counts: Counts, questions: readonly Question[]) {
    this.#counts = counts;
    this.#questions = questions;
  }

  move(question: number, from: Answer, to: Answer): void {
    let moved = this.#moved.get(question);
    if (moved === undefined) {
      moved = { broken: 0, unknown: 0, holds: 0 };
      this.#moved.set(question, moved);
    }
    moved[from]--;
    moved[to]++;
    if (to === 'broken' && this.#questions[question]?.kind === 'demand') this.lost++;
  }

  touched(): readonly number[] {
    return [...this.#moved.keys()].sort((a, b) => a - b);
  }

  answer(question: number): Answer {
    return this.#counts.answer(question, this.#moved.get(question));
  }
}
