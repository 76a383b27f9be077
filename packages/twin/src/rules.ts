/** The rules as pages. */
import { RULES, type RulePage } from '@bothways/checks';
import { fact } from '@bothways/facts';

export type { RulePage } from '@bothways/checks';

export interface ExplainedRule extends RulePage {
  /** The facts behind the ids, with source and date. */
  readonly facts: readonly {
    readonly id: string;
    readonly statement: string;
    readonly source: string;
    readonly date: string;
  }[];
}

export function ruleNames(): readonly string[] {
  return RULES.map((rule) => rule.name);
}

export function rulePage(name: string): ExplainedRule | undefined {
  const rule = RULES.find((each) => each.name === name);
  if (rule === undefined) return undefined;
  const facts = rule.ids.flatMap((id) => {
    const found = fact(id);
    return found === undefined
      ? []
      : [{ id, statement: found.statement, source: found.source.document, date: found.date }];
  });
  return { ...rule, facts };
}
