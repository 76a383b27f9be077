/**
 * What a rule is: metadata and page, and three separate steps. `find` returns plain facts about the estate, `word`
 * turns one of them into sentences and evidence, `mend` into edits of the document.
 */
import {
  compareFindings,
  type Evidence,
  type Finding,
  type Fix,
  finding,
  type RelatedPlace,
  type Severity,
} from '@bothways/diagnostics';
import type { Path } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import { type CheckView, placeOf } from './view.ts';

/** A change to the example estate that makes the rule fire, or that it must bear. */
export interface RuleExample {
  readonly title: string;
  /** Text of the example estate and what stands there instead. Empty: the example as it is. */
  readonly replace: readonly { readonly text: string; readonly by: string }[];
}

export interface RulePage {
  readonly name: string;
  readonly title: string;
  readonly severity: Severity;
  /** Reviewers' ids and facts the rule answers or rests on. */
  readonly ids: readonly string[];
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  readonly status: 'stable' | 'preview' | 'deprecated';
  readonly since: string;
  readonly fires: RuleExample;
  readonly silent: RuleExample;
}

interface Worded {
  readonly message: string;
  readonly path: Path;
  /** Ids of this very finding besides the rule's own. */
  readonly ids?: readonly string[];
  readonly severity?: Severity;
  readonly why?: string;
  readonly help?: string;
  readonly related?: readonly RelatedPlace[];
  readonly evidence?: readonly Evidence[];
}

export interface RuleParts<Fact> extends RulePage {
  readonly find: (view: CheckView) => readonly Fact[];
  readonly word: (fact: Fact, view: CheckView) => Worded;
  readonly mend?: (fact: Fact, view: CheckView) => readonly Fix[];
  /** Round trips whose loss the fact explains; a residual rule does not report them again. */
  readonly explains?: (fact: Fact) => readonly RoundTrip[];
  /** True: looks only at losses that no other rule explains, and therefore runs after them. */
  readonly residual?: boolean;
}

export interface Rule extends RulePage {
  readonly residual: boolean;
  readonly check: (view: CheckView) => Checked;
}

interface Checked {
  readonly findings: readonly Finding[];
  readonly explained: readonly RoundTrip[];
}

export function defineRule<Fact>(parts: RuleParts<Fact>): Rule {
  const { find, word, mend, explains, residual, ...page } = parts;
  return {
    ...page,
    residual: residual ?? false,
    check: (view) => {
      const facts = find(view);
      const findings = facts
        .map((fact) => {
          const worded = word(fact, view);
          return finding({
            rule: page.name,
            ids: [...new Set([...page.ids, ...(worded.ids ?? [])])],
            severity: worded.severity ?? page.severity,
            message: worded.message,
            why: worded.why ?? page.why,
            help: worded.help ?? page.fix,
            place: placeOf(view, worded.path),
            related: worded.related ?? [],
            evidence: worded.evidence ?? [],
            fixes: mend?.(fact, view) ?? [],
          });
        })
        .sort(compareFindings);
      return { findings, explained: facts.flatMap((fact) => explains?.(fact) ?? []) };
    },
  };
}
