/**
 * What a rule is: metadata and page, and separate steps. `find` returns plain facts about the estate, `word` turns one
 * of them into sentences and evidence, `mend` into edits of the document, and `unknown` names the inputs that are
 * missing where the rule would have something to say.
 */
import {
  compareFindings,
  type Evidence,
  type Finding,
  type Fix,
  finding,
  type RelatedPlace,
  type Severity,
  type UnknownAnswer,
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

export const ruleFamilies = [
  'round trips',
  'route filters',
  'reach',
  'peering',
  'addresses and NAT',
  'Microsoft 365',
  'exposure',
  'resilience',
  'on-premises integration',
  'virtual networks',
  'clients',
  'encryption and wording',
  'load and latency',
  'cost',
  'fitness',
] as const;

/** What a rule is about; the reference lists rules by it. */
export type RuleFamily = (typeof ruleFamilies)[number];

export interface RulePage {
  readonly name: string;
  readonly title: string;
  readonly family: RuleFamily;
  readonly severity: Severity;
  /** Facts the rule rests on (ER-, PP-, X, A) and ids of reviewers' lists that it answers (PP-C, CHK-). */
  readonly ids: readonly string[];
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  readonly status: 'stable' | 'preview' | 'deprecated';
  readonly since: string;
  readonly fires: RuleExample;
  readonly silent: RuleExample;
  /** Where the rule cannot tell; set when there are inputs that a small document may leave out. */
  readonly unsure: RuleExample | undefined;
}

/** True for ids of lists that reviewers work through; the other ids are facts. */
export function isReviewId(id: string): boolean {
  return id.startsWith('PP-C') || id.startsWith('CHK-');
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

/** An input that is missing. */
interface Missing {
  /** A key of the document, or what nobody publishes. */
  readonly input: string;
  /** What cannot be said without it. */
  readonly message: string;
  readonly path: Path;
}

export interface RuleParts<Fact> extends Omit<RulePage, 'unsure'> {
  readonly find: (view: CheckView) => readonly Fact[];
  readonly word: (fact: Fact, view: CheckView) => Worded;
  readonly mend?: (fact: Fact, view: CheckView) => readonly Fix[];
  /** Round trips whose loss the fact explains; a residual rule does not report them again. */
  readonly explains?: (fact: Fact) => readonly RoundTrip[];
  /** True: looks only at losses that no other rule explains, and therefore runs after them. */
  readonly residual?: boolean;
  readonly unknown?: {
    /** Undefined: only an estate too large to be shown makes the rule unsure. */
    readonly example: RuleExample | undefined;
    readonly find: (view: CheckView) => readonly Missing[];
  };
}

export interface Rule extends RulePage {
  readonly residual: boolean;
  readonly check: (view: CheckView) => Checked;
}

interface Checked {
  readonly findings: readonly Finding[];
  readonly unknown: readonly UnknownAnswer[];
  readonly explained: readonly RoundTrip[];
}

export function defineRule<Fact>(parts: RuleParts<Fact>): Rule {
  const { find, word, mend, explains, residual, unknown, ...page } = parts;
  return {
    ...page,
    unsure: unknown?.example,
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
      const missing = (unknown?.find(view) ?? []).map(
        ({ input, message, path }): UnknownAnswer => ({
          rule: page.name,
          ids: page.ids,
          input,
          message,
          place: placeOf(view, path),
        }),
      );
      return { findings, unknown: missing, explained: facts.flatMap((fact) => explains?.(fact) ?? []) };
    },
  };
}

/** The example estate after changes, each a passage of it and what stands there instead; without changes as it is. */
export function example(title: string, ...changes: readonly (readonly [text: string, by: string])[]): RuleExample {
  return { title, replace: changes.map(([text, by]) => ({ text, by })) };
}
