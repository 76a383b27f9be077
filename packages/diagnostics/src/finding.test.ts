import { describe, expect, it } from 'vitest';
import { compareFindings, countFindings, type FindingParts, finding, findingToJson } from './index.ts';

function place(file: string, line: number, column: number): NonNullable<FindingParts['place']> {
  return { file, line, column, endLine: line, endColumn: column + 1 };
}

describe('order of findings', () => {
  it('goes by severity, then file, line, column and rule; document-wide ones first', () => {
    const sorted = [
      finding({ rule: 'z', severity: 'note', message: '' }),
      finding({ rule: 'f', severity: 'error', message: '', place: place('b', 1, 1) }),
      finding({ rule: 'e', severity: 'error', message: '', place: place('a', 2, 1) }),
      finding({ rule: 'd', severity: 'error', message: '', place: place('a', 1, 10) }),
      finding({ rule: 'c', severity: 'error', message: '', place: place('a', 1, 9) }),
      finding({ rule: 'b', severity: 'error', message: '', place: place('a', 1, 9) }),
      finding({ rule: 'g', severity: 'warning', message: '' }),
      finding({ rule: 'a', severity: 'error', message: '' }),
    ].toSorted(compareFindings);
    expect(sorted.map(({ rule }) => rule).join('')).toBe('abcdefgz');
    expect(countFindings(sorted)).toEqual({ error: 6, warning: 1, note: 1 });
  });
});

describe('findings as JSON', () => {
  it('have a fixed order of keys, whatever order they were built in', () => {
    const one = finding({
      fixes: [
        {
          edits: [{ replacement: 'x', end: { column: 2, line: 1 }, start: { column: 1, line: 1 }, file: 'f' }],
          safe: true,
          title: 't',
        },
      ],
      evidence: [{ lines: ['l'], title: 'e' }],
      related: [{ place: place('f', 3, 4), message: 'r' }],
      place: { endColumn: 9, endLine: 1, column: 2, line: 1, file: 'f' },
      help: 'h',
      why: 'w',
      message: 'm',
      severity: 'error',
      ids: ['PP-C07'],
      rule: 'some-rule',
    });
    expect(JSON.stringify(findingToJson(one))).toBe(
      '{"rule":"some-rule","ids":["PP-C07"],"severity":"error","message":"m","why":"w","help":"h",' +
        '"place":{"file":"f","line":1,"column":2,"endLine":1,"endColumn":9},' +
        '"related":[{"message":"r","place":{"file":"f","line":3,"column":4,"endLine":3,"endColumn":5}}],' +
        '"evidence":[{"title":"e","lines":["l"]}],' +
        '"fixes":[{"title":"t","safe":true,"edits":[{"file":"f","start":{"line":1,"column":1},"end":{"line":1,"column":2},"replacement":"x"}]}]}',
    );
  });

  it('redact secrets everywhere', () => {
    const at = place('hunter2', 1, 1);
    const json = findingToJson(
      finding({
        rule: 'r',
        severity: 'error',
        message: 'hunter2',
        why: 'hunter2',
        help: 'hunter2',
        place: at,
        related: [{ message: 'hunter2', place: at }],
        evidence: [{ title: 'hunter2', lines: ['x hunter2'] }],
        fixes: [
          {
            title: 'hunter2',
            safe: true,
            edits: [
              { file: 'hunter2', start: { line: 1, column: 1 }, end: { line: 1, column: 1 }, replacement: 'hunter2' },
            ],
          },
        ],
      }),
      ['hunter2'],
    );
    expect(JSON.stringify(json)).not.toContain('hunter2');
  });

  it('leave out what is not there', () => {
    expect(findingToJson(finding({ rule: 'r', severity: 'note', message: 'm' }))).toEqual({
      rule: 'r',
      ids: [],
      severity: 'note',
      message: 'm',
      related: [],
      evidence: [],
      fixes: [],
    });
  });
});
