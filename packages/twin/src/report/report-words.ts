/** Words and small pieces that all parts of the report share. */
import type { Readiness } from '@bothways/checks';
import { fact } from '@bothways/facts';
import type { Verdict } from '../overview.ts';
import type { Block, Span, Text } from './block.ts';
import type { ReportView } from './report-view.ts';

export function section(id: string, text: string): Block {
  return { kind: 'heading', level: 2, text, id };
}

export function paragraph(...text: readonly Span[]): Block {
  return { kind: 'paragraph', text };
}

/** A fact as it is cited: its statement with the id behind it. */
export function cited(id: string): Text {
  const found = fact(id);
  return found === undefined ? [] : [`${found.statement} `, { text: `(${id})`, as: 'quiet' }];
}

const outcomeSpans: Readonly<Record<Verdict, Span>> = {
  holds: { text: 'holds', as: 'good' },
  broken: { text: 'broken', as: 'bad' },
  unknown: { text: 'unknown', as: 'unsure' },
};

export function outcomeSpan(outcome: Verdict): Span {
  return outcomeSpans[outcome];
}

export const readinessSpans: Readonly<Record<Readiness, Span>> = {
  ready: { text: 'ready', as: 'good' },
  'not-ready': { text: 'not ready', as: 'bad' },
  unknown: { text: 'unknown', as: 'unsure' },
  'not-applicable': { text: 'not applicable', as: 'quiet' },
};

export function scoreWords({ readiness: { score } }: ReportView): string {
  return `${score.ready} ready, ${score.notReady} not ready, ${score.unknown} unknown, ${score.notApplicable} not applicable`;
}

export function viaWords(via: string): string {
  if (via.startsWith('expressroute:')) return `circuit ${via.slice('expressroute:'.length)}`;
  if (via.startsWith('internet:'))
    return via === 'internet:direct' ? 'internet' : `internet edge ${via.slice('internet:'.length)}`;
  return 'own network';
}
