/** An evaluator for tests of this package: the "script" is a function of the test, found by its name. */
import { type PacEvaluator, type PacQuestion, type PacReads, type PacValue, pacQuestionKey } from '../src/index.ts';

export interface StandIn {
  readonly ask: (kind: PacQuestion['kind'], about?: string) => PacValue;
  readonly reads: { readonly networks: string[]; readonly seconds: number[] };
  readonly host: string;
}

class Missing extends Error {
  readonly question: PacQuestion;
  constructor(question: PacQuestion) {
    super('missing');
    this.question = question;
  }
}

export function standIn(scripts: Readonly<Record<string, (machine: StandIn) => string>>): PacEvaluator {
  return ({ script, host, answers }) => {
    const networks: string[] = [];
    const seconds: number[] = [];
    const reads: PacReads = { networks, seconds, days: [], months: [], years: [] };
    const ask: StandIn['ask'] = (kind, about = '') => {
      const answer = answers[pacQuestionKey({ kind, about })];
      if (answer === undefined) throw new Missing({ kind, about });
      return answer;
    };
    const find = scripts[script];
    if (find === undefined) throw new Error(`no script ${script}`);
    try {
      return { kind: 'answer', text: find({ ask, reads: { networks, seconds }, host }), reads, cost: 0 };
    } catch (thrown) {
      if (thrown instanceof Missing) return { kind: 'question', question: thrown.question, reads, cost: 0 };
      throw thrown;
    }
  };
}
