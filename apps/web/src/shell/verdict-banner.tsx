/** The answer in one line, on every page. */
import type { JudgementView, VerdictView, WhatIfView } from '@bothways/twin';
import { VerdictIcon } from '../parts/verdict.tsx';
import { useShown } from '../state/hooks.ts';

export function VerdictBanner() {
  const opened = useShown((state) => state.opened);
  const judgement = useShown((state) => (state.judgedEdition === state.edition ? state.judgement : undefined));
  const roundMs = useShown((state) => state.roundMs);
  const whatIf = useShown((state) => state.whatIf);
  const failed = useShown((state) => state.failed.length);
  const estate = useShown((state) => state.estate?.name);
  if (opened === undefined) {
    return (
      <div className="banner working" role="status" aria-label="Verdict">
        {estate === undefined ? 'Opening the estate …' : `${estate}: following every packet …`}
      </div>
    );
  }
  const verdict = failed > 0 && whatIf !== undefined ? whatIf.verdict : worst(opened, judgement);
  return (
    <div className={`banner ${verdict}`} role="status" aria-label="Verdict">
      <VerdictIcon verdict={verdict} />
      <span>
        <strong>
          {failed > 0 && whatIf !== undefined ? `With ${count(failed, 'element')} failed, ` : ''}
          {opened.estate === '' ? (estate ?? 'this estate') : opened.estate} {verdictWords(opened, verdict)}
        </strong>
        {': '}
        {failed > 0 && whatIf !== undefined ? failureWords(whatIf) : detail(opened, judgement)}
      </span>
      <span className="grow" />
      <span
        className="took"
        title={`From the text to the verdict, in the engine; ${formatMs(roundMs ?? opened.took)} until the page had it`}
      >
        {formatMs(opened.took)}
      </span>
    </div>
  );
}

function worst(opened: VerdictView, judgement: JudgementView | undefined): VerdictView['verdict'] {
  if (!opened.usable) return 'broken';
  return judgement?.verdict === 'broken' ? 'broken' : opened.verdict;
}

function verdictWords({ usable }: VerdictView, verdict: VerdictView['verdict']): string {
  if (!usable) return 'cannot be computed';
  return { holds: 'holds', broken: 'is broken', unknown: 'is not certain' }[verdict];
}

function detail({ usable, trips, broken, findings }: VerdictView, judgement: JudgementView | undefined): string {
  if (!usable) {
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    return `the document has ${count(errors, 'error')}`;
  }
  const ways =
    broken > 0
      ? `${broken} of ${count(trips.length, 'round trip')} fail`
      : `all ${count(trips.length, 'round trip')} work`;
  const { counts } = judgement ?? {};
  if (counts === undefined) return `${ways}; the rules are still looking`;
  const parts = [
    ...(counts.error > 0 ? [count(counts.error, 'error')] : []),
    ...(counts.warning > 0 ? [count(counts.warning, 'warning')] : []),
    ...(counts.note > 0 ? [count(counts.note, 'note')] : []),
  ];
  return `${ways}; ${parts.length === 0 ? 'no findings' : parts.join(', ')}.`;
}

function failureWords({ lost, moved, questions, overloads }: WhatIfView): string {
  const broken = questions.filter(
    ({ kind, before, after }) => kind === 'intent' && before !== 'broken' && after === 'broken',
  );
  const parts = [
    `${count(lost, 'demand')} lost`,
    `${Math.max(0, moved - lost)} on another way`,
    ...(broken.length > 0 ? [`${count(broken.length, 'intent')} no longer kept`] : []),
    ...(overloads.length > 0 ? [`${count(overloads.length, 'line')} too small`] : []),
  ];
  return `${parts.join(', ')}.`;
}

export function count(number: number, word: string): string {
  return `${number.toLocaleString('en-GB')} ${word}${number === 1 ? '' : 's'}`;
}

function formatMs(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
