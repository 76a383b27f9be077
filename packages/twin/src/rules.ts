/** The rules as pages. */
import { isReviewId, RULES, type RuleFamily, type RulePage, ruleFamilies } from '@bothways/checks';
import { fact } from '@bothways/facts';

export { type CoverageRow, type ReasonKind, type RulePage, reviewCoverage } from '@bothways/checks';

export interface RuleFact {
  readonly id: string;
  readonly statement: string;
  readonly source: string;
  readonly date: string;
}

export interface ExplainedRule extends RulePage {
  /** The facts it rests on, with source and date. */
  readonly facts: readonly RuleFact[];
  /** What it answers on the lists of reviewers. */
  readonly answers: readonly RuleFact[];
}

export function ruleNames(): readonly string[] {
  return RULES.map((rule) => rule.name);
}

/** Names of rules by what they are about, in reading order. */
export function rulesByFamily(): readonly { readonly family: RuleFamily; readonly rules: readonly string[] }[] {
  return ruleFamilies.map((family) => ({
    family,
    rules: RULES.filter((rule) => rule.family === family).map(({ name }) => name),
  }));
}

export function rulePage(name: string): ExplainedRule | undefined {
  const rule = RULES.find((each) => each.name === name);
  if (rule === undefined) return undefined;
  const found = rule.ids.flatMap((id): readonly RuleFact[] => {
    const held = fact(id);
    return held === undefined ? [] : [{ id, statement: held.statement, source: held.source.document, date: held.date }];
  });
  return {
    ...rule,
    facts: found.filter(({ id }) => !isReviewId(id)),
    answers: found.filter(({ id }) => isReviewId(id)),
  };
}
