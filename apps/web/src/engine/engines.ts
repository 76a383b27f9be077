/**
 * Two threads over the same estate: one answers whoever looks and edits, the other lets the rules run and answers what
 * takes longer, so that neither waits for the other.
 */
import { Engine } from './engine.ts';
import type { Answer, Ask, Question } from './protocol.ts';

const SLOW: ReadonlySet<Question> = new Set([
  'judge',
  'readiness',
  'flows',
  'intents',
  'fix',
  'fixAll',
  'reach',
  'facts',
  'fact',
  'rule',
  'report',
  'variant',
]);

export function isSlow(question: Question): boolean {
  return SLOW.has(question);
}

export class Engines {
  readonly #quick: Engine;
  readonly #slow: Engine;

  constructor(start: () => Worker) {
    this.#quick = new Engine(start);
    this.#slow = new Engine(start);
  }

  ask<Q extends Question>(question: Q, ask: Ask<Q>): Promise<Answer<Q>> {
    return (isSlow(question) ? this.#slow : this.#quick).ask(question, ask);
  }

  /** Opens the estate for the slow questions too; once the quick ones had their answer. */
  async openSlow(ask: Ask<'open'>): Promise<void> {
    await this.#slow.ask('open', ask);
  }
}
