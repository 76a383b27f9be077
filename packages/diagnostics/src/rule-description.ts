/** What a renderer needs to know of a rule to describe it; the checks supply it. */
import type { Severity } from './finding.ts';

export interface RuleDescription {
  readonly name: string;
  readonly title: string;
  readonly severity: Severity;
  readonly ids: readonly string[];
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}
