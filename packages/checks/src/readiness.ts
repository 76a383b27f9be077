/**
 * The readiness checklist for Power Platform over ExpressRoute (PP-C01 to PP-C51), answered from the computed network:
 * each item ready, not ready, unknown or not applicable, with the evidence and what to do.
 *
 * An item is not ready when a rule that answers it found something, or a question asked here says so. It is ready only
 * when something looked, lacked nothing and found nothing wrong. What nothing looks at is unknown, with the missing input,
 * never ready.
 * Items that only people can confirm stay unknown on purpose.
 */
import type { Finding, UnknownAnswer } from '@bothways/diagnostics';
import { type ChecklistItem, checklist } from '@bothways/facts';
import type { Readiness, ReadinessAnswer, ReadinessItem, ReadinessScore } from './readiness-model.ts';
import { READINESS_QUESTIONS } from './readiness-questions.ts';
import type { Rule } from './rule.ts';
import type { EstateView } from './view.ts';

const originalItems = 10;

export function readinessItems(
  view: EstateView,
  rules: readonly Rule[],
  findings: readonly Finding[],
  open: readonly UnknownAnswer[] = [],
): readonly ReadinessItem[] {
  return checklist().map((item, position) => {
    const answering = rules.filter(({ ids }) => ids.includes(item.id));
    const answer = answerOf(view, item, answering, findings, open);
    return {
      id: item.id,
      statement: item.statement,
      original: position < originalItems,
      proof: item.proof,
      facts: item.facts,
      rules: answering.map(({ name }) => name),
      ...answer,
    };
  });
}

/** How many items are in each state; a share of them would hide what it is made of. */
export function readinessScore(items: readonly Pick<ReadinessItem, 'state'>[]): ReadinessScore {
  const count = (state: Readiness): number => items.filter((item) => item.state === state).length;
  return {
    ready: count('ready'),
    notReady: count('not-ready'),
    unknown: count('unknown'),
    notApplicable: count('not-applicable'),
  };
}

function answerOf(
  view: EstateView,
  item: ChecklistItem,
  answering: readonly Rule[],
  findings: readonly Finding[],
  open: readonly UnknownAnswer[],
): ReadinessAnswer {
  const asked = READINESS_QUESTIONS[item.id]?.(view);
  if (asked?.state === 'not-applicable') return asked;
  const against = findings.filter(({ ids, severity }) => ids.includes(item.id) && severity !== 'note');
  const [first] = against;
  if (first !== undefined) {
    return {
      state: 'not-ready',
      evidence: [...against.map(evidenceOf), ...(asked?.state === 'not-ready' ? asked.evidence : [])],
      ...(first.help === undefined ? {} : { todo: first.help }),
    };
  }
  const missing = open.filter(({ ids }) => ids.includes(item.id));
  const [lacking] = missing;
  if (lacking !== undefined && asked?.state !== 'not-ready') {
    return {
      state: 'unknown',
      evidence: [...(asked?.evidence ?? []), ...missing.map(({ message, rule }) => `${message} (${rule})`)],
      todo: lacking.input.startsWith('bothways ') ? `run \`${lacking.input}\`` : `say ${lacking.input}`,
    };
  }
  if (asked !== undefined) return asked;
  if (item.proof === 'manual') {
    return { state: 'unknown', evidence: [], todo: `people have to confirm it: ${item.evidence}` };
  }
  if (answering.length > 0) {
    const names = answering.map(({ name }) => name).join(', ');
    return { state: 'ready', evidence: [`looked at by ${names}, without a finding`] };
  }
  return { state: 'unknown', evidence: [], todo: `the document does not say it; it would take: ${item.evidence}` };
}

function evidenceOf({ message, place, rule }: Finding): string {
  return `${message} (${rule}${place === undefined ? '' : `, ${place.file.slice(place.file.lastIndexOf('/') + 1)}:${place.line}`})`;
}
