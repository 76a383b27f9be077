/**
 * Findings: what is wrong, where, why it matters, how we know, and what to do about it.
 *
 * A finding is data. Wording is done by the rule that makes it; rendering to a terminal, JSON or anything else is done
 * from this value alone. Positions are 1-based; columns count UTF-16 code units, as JavaScript strings and editors do.
 */

export type Severity = 'error' | 'warning' | 'note';

/** A stretch of a document. The end is exclusive: a one-letter word at the start of line 3 ends at line 3, column 2. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A point between two characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Replaces the text from `start` up to but not including `end`. */
export interface Edit {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
  readonly replacement: string;
}

/** A way to mend the document. `safe` fixes keep the meaning the author can have had; others need a decision. */
export interface Fix {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly Edit[];
}

/** How we know: a forward path hop by hop, a fact with its source, a calculation. */
export interface Evidence {
  readonly title: string;
  readonly lines: readonly string[];
}

export interface RelatedPlace {
  readonly message: string;
  readonly place: Place;
}

export interface Finding {
  /** Stable code: a rule such as `no-shared-nat-pool`, or a document error such as `estate/unknown-key`. */
  readonly rule: string;
  /** Ids of reviewers' checklists and of facts: PP-C07, ER-091, X04. */
  readonly ids: readonly string[];
  readonly severity: Severity;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** Why it matters. */
  readonly why?: string;
  /** What to do, in words. */
  readonly help?: string;
  readonly place?: Place;
  /** What the place is about, as a name that stays when lines move: `circuits.er-fra.bandwidth`. */
  readonly subject?: string;
  readonly related: readonly RelatedPlace[];
  readonly evidence: readonly Evidence[];
  readonly fixes: readonly Fix[];
}

/**
 * A question that a rule could not answer because an input is missing. A kind of its own: it is neither a fault of the
 * design nor a clean bill, it never counts as an error, and it is never passed over.
 */
export interface UnknownAnswer {
  /** The rule that asks. */
  readonly rule: string;
  /** Ids of reviewers' checklists and of facts that the answer would settle. */
  readonly ids: readonly string[];
  /** What is missing: a key of the document (`organisation.owns`), or a fact that nobody publishes. */
  readonly input: string;
  /** One sentence: what cannot be said. */
  readonly message: string;
  /** Where the input belongs. */
  readonly place?: Place;
}

/** What a finding may be made from; lists that are left out are empty. */
export type FindingParts = Pick<Finding, 'rule' | 'severity' | 'message'> & Partial<Finding>;

/** A finding with empty lists for whatever is not given. */
export function finding(parts: FindingParts): Finding {
  return { ids: [], related: [], evidence: [], fixes: [], ...parts };
}

const severityRank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Code unit order, the same on every machine whatever its language settings. */
function compareText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/** Orders by severity, file, line, column, rule, message. Findings without a place come before those with one. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    severityRank[a.severity] - severityRank[b.severity] ||
    Number(a.place !== undefined) - Number(b.place !== undefined) ||
    compareText(a.place?.file ?? '', b.place?.file ?? '') ||
    (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
    (a.place?.column ?? 0) - (b.place?.column ?? 0) ||
    compareText(a.rule, b.rule) ||
    compareText(a.message, b.message)
  );
}

/** How many findings of each severity. */
export function countFindings(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const each of findings) {
    counts[each.severity] += 1;
  }
  return counts;
}

/** Orders by input, rule, file, line, column, message, so that everything one input would settle stands together. */
export function compareUnknown(a: UnknownAnswer, b: UnknownAnswer): number {
  return (
    compareText(a.input, b.input) ||
    compareText(a.rule, b.rule) ||
    compareText(a.place?.file ?? '', b.place?.file ?? '') ||
    (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
    (a.place?.column ?? 0) - (b.place?.column ?? 0) ||
    compareText(a.message, b.message)
  );
}
