/** The rules as pages. */
import {
  isReviewId,
  type ReasonKind,
  RULES,
  type RuleFamily,
  type RulePage,
  reviewCoverage,
  ruleFamilies,
} from '@bothways/checks';
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

/** An id of a reviewers' list: what it asks, which rules answer it, and what they leave open. */
export interface ExplainedId extends RuleFact {
  /** What the list itself calls it. */
  readonly reference: string;
  readonly rules: readonly { readonly name: string; readonly title: string }[];
  readonly open: { readonly kind: ReasonKind; readonly text: string } | undefined;
}

/** Capital and small letters are the same here; undefined: no list has the id. */
export function reviewPage(id: string): ExplainedId | undefined {
  const row = reviewCoverage().find((each) => each.id === id.toUpperCase());
  const held = row === undefined ? undefined : fact(row.id);
  if (row === undefined || held === undefined) return undefined;
  return {
    id: row.id,
    statement: row.statement,
    source: held.source.document,
    date: held.date,
    reference: row.reference,
    rules: RULES.filter(({ name }) => row.rules.includes(name)).map(({ name, title }) => ({ name, title })),
    open: row.reason,
  };
}
