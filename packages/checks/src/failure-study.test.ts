/** The study of failures has a bound, says when it is hit, and computes the same below any bound. */
import { describe, expect, it } from 'vitest';
import { checkText, exampleText } from '../test/example.ts';
import { ANY_FAILURE, secondCircuit } from './example-parts.ts';
import { failureStudy } from './failure-study.ts';
import { intentVerdicts } from './intent-verdict.ts';
import type { EstateView } from './view.ts';

function opened(failureWork?: number): EstateView {
  const changes = [ANY_FAILURE, ...secondCircuit()];
  const { view } = checkText(exampleText({ replace: changes.map(([text, by]) => ({ text, by })) }));
  if (view === undefined) throw new Error('the estate cannot be used');
  return failureWork === undefined ? view : { ...view, failureWork };
}

const survival = (view: EstateView) => intentVerdicts(view)[0]?.parts.find(({ kind }) => kind === 'failures');

describe('the bound of the study', () => {
  it('leaves an intent unknown, with the bound and what has none', () => {
    const view = opened(10);
    expect(failureStudy(view)).toBeUndefined();
    expect(survival(view)).toMatchObject({ outcome: 'unknown' });
    expect(survival(view)?.because).toBe(
      'whether it survives any single failure: more failures times conversations than the 10 computed here; `bothways sweep` computes all of them',
    );
  });

  it('changes nothing above what the estate needs', () => {
    const effects = (view: EstateView): readonly string[] =>
      (failureStudy(view)?.singles() ?? []).map(({ set, changes }) => `${set.id} ${changes.length}`);
    const usual = opened();
    const wide = opened(250_000);
    expect(effects(usual).length).toBeGreaterThan(10);
    expect(effects(wide)).toEqual(effects(usual));
    expect(survival(wide)?.because).toBe(survival(usual)?.because);
  });

  it('says for a single failure what carries more than it can', () => {
    const narrow = checkText(
      exampleText({
        replace: [
          ...secondCircuit({ core: 'bandwidth: 100 Mbps' }),
          ['PP-F01, PP-F02, PP-F05, PP-F11, PP-F16', 'PP-F01, PP-F02'] as const,
        ].map(([text, by]) => ({ text, by })),
      }),
    ).view;
    const study = narrow === undefined ? undefined : failureStudy(narrow);
    const over = (study?.singles() ?? []).flatMap((effect) =>
      (study?.overloads(effect) ?? []).map(({ name, asked, free }) => `${effect.set.id}: ${name} ${asked} of ${free}`),
    );
    // 1,020 users of 400 kbit/s, there and back, on the line between the datacentres.
    expect(over).toContain('circuit er-fra: link core from dc to dc2 408000000 of 100000000');
    expect(over.every((each) => each.includes('link core'))).toBe(true);
  });
});
