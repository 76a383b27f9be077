/**
 * Accepted risks: findings that the document says are known and taken on, with the reason and the last day. They are set
 * apart, never dropped. After the last day a finding counts again, and says why; what accepts nothing is said as well.
 *
 * The day comes from outside. Without one no acceptance that ends is believed.
 */
import { compareFindings, type Finding, finding, nearestName } from '@bothways/diagnostics';
import { type AcceptedRisk, type EstateDocument, subjectAt } from '@bothways/estate';

export interface AcceptedFinding {
  readonly finding: Finding;
  readonly risk: AcceptedRisk;
}

export interface Acceptance {
  /** What counts: not accepted, or not any more; with a note for each acceptance that fits nothing. */
  readonly findings: readonly Finding[];
  readonly accepted: readonly AcceptedFinding[];
}

/** `findings` with their subjects; `today` as an ISO date; `ruleNames` for telling a misspelt rule from one that is silent. */
export function applyAcceptedRisks(
  document: EstateDocument,
  risks: readonly AcceptedRisk[],
  findings: readonly Finding[],
  ruleNames: readonly string[],
  today: string | undefined,
): Acceptance {
  if (risks.length === 0) return { findings, accepted: [] };
  const counting: Finding[] = [];
  const accepted: AcceptedFinding[] = [];
  const used = new Set<AcceptedRisk>();
  for (const each of findings) {
    const fitting = risks.filter((risk) => fits(risk, each));
    for (const risk of fitting) used.add(risk);
    const valid = fitting.find((risk) => isValid(risk, today));
    if (valid !== undefined) accepted.push({ finding: each, risk: valid });
    else counting.push(fitting.reduce((held, risk) => overdue(document, held, risk, today), each));
  }
  const unused = risks.filter((risk) => !used.has(risk)).map((risk) => unusedRisk(document, risk, ruleNames));
  return { findings: [...counting, ...unused].sort(compareFindings), accepted };
}

function fits({ rule, where }: AcceptedRisk, each: Finding): boolean {
  if (rule !== each.rule) return false;
  const subject = each.subject ?? '';
  return (
    where === undefined ||
    subject === where ||
    /^[.[]/.test(subject.startsWith(where) ? subject.slice(where.length) : '')
  );
}

/** The last day is included. ISO dates compare as text. */
function isValid({ until }: AcceptedRisk, today: string | undefined): boolean {
  return until === undefined || (today !== undefined && today <= until);
}

function overdue(document: EstateDocument, each: Finding, risk: AcceptedRisk, today: string | undefined): Finding {
  const message =
    today === undefined
      ? `accepted until ${risk.until}, but nobody said what day it is`
      : `accepted as ${risk.name} until ${risk.until}; that day is over`;
  return {
    ...each,
    related: [...each.related, { message, place: document.placeOf([...risk.path, 'until']) }],
    help: `${each.help === undefined ? '' : `${each.help}; `}or decide again: give ${risk.name} a new date and reason`,
  };
}

function unusedRisk(
  document: EstateDocument,
  { name, path, rule, where }: AcceptedRisk,
  ruleNames: readonly string[],
): Finding {
  const place = document.placeOf([...path, 'rule']);
  const base = { place, subject: subjectAt(document, place) };
  // Documents are judged by rules with a slash in their names; there is no list of them.
  if (!ruleNames.includes(rule) && !rule.includes('/')) {
    const near = nearestName(rule, ruleNames);
    return finding({
      ...base,
      rule: 'acceptance/unknown-rule',
      severity: 'warning',
      message: `accepted risk ${name} is about a rule that does not exist: ${rule}`,
      why: 'It accepts nothing, and somebody believes that it does.',
      help: near === undefined ? 'write the rule as findings show it' : `did you mean ${near}?`,
    });
  }
  return finding({
    ...base,
    rule: 'acceptance/unused',
    severity: 'note',
    message: `accepted risk ${name} fits no finding: ${rule}${where === undefined ? '' : ` at ${where}`} does not occur`,
    why: 'What was accepted is mended, or was never there.',
    help: 'take it out, so that the next finding of this rule is not accepted unseen',
  });
}
