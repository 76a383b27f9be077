import { describe, expect, it } from 'vitest';
import { type Baseline, baselineJson, type Finding, finding, fingerprints, readBaseline, since } from './index.ts';

function one(
  rule: string,
  subject: string,
  message = 'it is so',
  severity: Finding['severity'] = 'error',
  line = 1,
): Finding {
  return finding({
    rule,
    severity,
    message,
    subject,
    place: { file: 'e.yaml', line, column: 1, endLine: line, endColumn: 2 },
  });
}

function baselineOf(findings: readonly Finding[]): Baseline {
  const read = readBaseline(JSON.stringify(baselineJson(findings, '0.1.0')));
  if (!read.ok) throw new Error(read.problem);
  return read.value;
}

const prints = (findings: readonly Finding[]): readonly string[] =>
  fingerprints(findings).map(({ fingerprint }) => fingerprint);

describe('fingerprints', () => {
  it('stay when lines move, and when another site suffers from the same cause', () => {
    const [before] = prints([one('r', 'circuits.a', 'breaks hq (2 of 10)', 'error', 3)]);
    const [after] = prints([one('r', 'circuits.a', 'breaks hq and branch (4 of 12)', 'error', 30)]);
    expect(after).toBe(before);
  });

  it('differ by rule, by subject, and within one subject', () => {
    const all = prints([one('r', 'a'), one('r', 'b'), one('s', 'a'), one('s', 'a', 'another')]);
    expect(new Set(all).size).toBe(4);
  });

  it('do not depend on the order', () => {
    const [x, y] = [one('r', 'a', 'x'), one('r', 'a', 'y')];
    expect(prints([x, y])).toEqual(prints([y, x]).toReversed());
  });

  it('tell findings without a subject by their message, without its line numbers', () => {
    const bare = (message: string): Finding => finding({ rule: 'r', severity: 'note', message });
    expect(prints([bare('bad at line 3')])).toEqual(prints([bare('bad at line 14')]));
    expect(prints([bare('bad')])).not.toEqual(prints([bare('worse')]));
  });
});

describe('since a baseline', () => {
  it('only what is new is shown, and what is gone is counted', () => {
    const result = since([one('r', 'a'), one('r', 'c')], baselineOf([one('r', 'a'), one('r', 'b')]));
    expect(result.added.map(({ subject }) => subject)).toEqual(['c']);
    expect(result.known.map(({ subject }) => subject)).toEqual(['a']);
    expect(result.gone.map(({ subject }) => subject)).toEqual(['b']);
  });

  it('of two findings about one thing, the one that stayed is the known one', () => {
    const result = since([one('r', 'a', 'first'), one('r', 'a', 'second')], baselineOf([one('r', 'a', 'second')]));
    expect(result.added.map(({ message }) => message)).toEqual(['first']);
  });

  it('what became more severe is new, what became milder is not', () => {
    expect(since([one('r', 'a', 'm', 'error')], baselineOf([one('r', 'a', 'm', 'warning')])).added).toHaveLength(1);
    expect(since([one('r', 'a', 'm', 'note')], baselineOf([one('r', 'a', 'm', 'error')])).added).toEqual([]);
  });

  it('refuses what is not a baseline', () => {
    for (const text of [
      '',
      '[]',
      '{}',
      '{"schema":"urn:bothways:baseline:1"}',
      '{"schema":"urn:bothways:baseline:1","findings":[{}]}',
    ]) {
      expect(readBaseline(text).ok, text).toBe(false);
    }
  });

  it('keeps secrets out of the file', () => {
    expect(JSON.stringify(baselineJson([one('r', 'hunter2', 'hunter2')], '0.1.0', ['hunter2']))).not.toContain(
      'hunter2',
    );
  });
});
