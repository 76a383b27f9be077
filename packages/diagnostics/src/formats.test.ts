import { describe, expect, it } from 'vitest';
import { readCommand, readXml, sarifProblems } from '../test/readers.ts';
import {
  type Finding,
  finding,
  githubCommands,
  junitXml,
  markdownBlock,
  markdownCode,
  markdownFindings,
  markdownTable,
  markdownText,
  sarifLog,
} from './index.ts';

const nasty = 'a\u0000\u001b[31m <b>&"\' ]]> ::error::x %0A %\r\n, : \ud800 \ufffe @somebody `tick` | 東京 \u202e';

const plain = finding({
  rule: 'no-shared-nat-pool',
  ids: ['PP-C07'],
  severity: 'error',
  message: 'the pool is announced twice',
  why: 'answers come back the wrong way',
  help: 'announce it once',
  place: { file: 'net works/estate.yaml', line: 3, column: 5, endLine: 3, endColumn: 9 },
  subject: 'circuits.er-fra.microsoftPeering.advertises[198.51.100.0/28]',
  related: [
    { message: 'the other one', place: { file: '/abs/other.yaml', line: 1, column: 1, endLine: 2, endColumn: 1 } },
  ],
  evidence: [{ title: 'the way there', lines: ['1. hq', '2. fw'] }],
  fixes: [
    {
      title: 'take it out',
      safe: true,
      edits: [
        { file: 'net works/estate.yaml', start: { line: 3, column: 5 }, end: { line: 3, column: 9 }, replacement: '' },
        { file: 'b.yaml', start: { line: 1, column: 1 }, end: { line: 1, column: 1 }, replacement: 'x\n' },
      ],
    },
  ],
});

const hostile = finding({
  rule: 'estate/bad-name',
  severity: 'warning',
  message: nasty,
  why: nasty,
  help: nasty,
  subject: nasty,
  place: { file: nasty, line: 1, column: 1, endLine: 2, endColumn: 1 },
  evidence: [{ title: nasty, lines: [nasty] }],
  fixes: [
    {
      title: nasty,
      safe: false,
      edits: [{ file: nasty, start: { line: 1, column: 1 }, end: { line: 1, column: 1 }, replacement: nasty }],
    },
  ],
});

const placeless = finding({ rule: 'input/unreadable', severity: 'note', message: 'not there' });
const all = [plain, hostile, placeless];

const rules = [
  {
    name: 'no-shared-nat-pool',
    title: 'A pool twice',
    severity: 'error',
    ids: ['PP-C07'],
    what: 'Compares pools.',
    why: 'Because.',
    fix: 'announce it once',
  },
] as const;

function log(findings: readonly Finding[]): unknown {
  return sarifLog({ version: '0.1.0', findings, rules, files: ['net works/estate.yaml'], usable: true });
}

describe('SARIF', () => {
  it('is valid, whatever the findings hold', () => {
    expect(sarifProblems(log(all))).toEqual([]);
    expect(sarifProblems(log([]))).toEqual([]);
    expect(sarifProblems(sarifLog({ version: '0.1.0', findings: [], rules: [], files: [], usable: false }))).toEqual(
      [],
    );
  });

  it('is judged by a schema that can refuse', () => {
    expect(sarifProblems({ version: '2.1.0' })).not.toEqual([]);
    const broken: unknown = JSON.parse(JSON.stringify(log([plain])).replaceAll('"startLine"', '"firstLine"'));
    expect(sarifProblems(broken)).not.toEqual([]);
  });

  it('carries rule, place, related place, fix and fingerprint', () => {
    expect(log([plain])).toMatchObject({
      runs: [
        {
          tool: {
            driver: {
              name: 'Bothways',
              rules: [{ id: 'no-shared-nat-pool', defaultConfiguration: { level: 'error' } }],
            },
          },
          results: [
            {
              ruleId: 'no-shared-nat-pool',
              ruleIndex: 0,
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'net%20works/estate.yaml', uriBaseId: '%SRCROOT%' },
                    region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
                  },
                },
              ],
              relatedLocations: [{ physicalLocation: { artifactLocation: { uri: 'file:///abs/other.yaml' } } }],
              partialFingerprints: { 'bothways/v1': expect.stringMatching(/^[0-9a-f]{16}$/) },
              fixes: [
                { artifactChanges: [{ replacements: [{}] }, { replacements: [{ insertedContent: { text: 'x\n' } }] }] },
              ],
            },
          ],
        },
      ],
    });
  });

  it('marks what is accepted and what was there before', () => {
    const value = sarifLog({
      version: '0.1.0',
      findings: [plain, placeless],
      rules,
      files: [],
      usable: true,
      accepted: [{ finding: hostile, because: 'until the lease ends' }],
      known: new Set([plain]),
    });
    expect(sarifProblems(value)).toEqual([]);
    expect(value).toMatchObject({
      runs: [
        {
          results: [
            { baselineState: 'unchanged' },
            { baselineState: 'new' },
            { suppressions: [{ kind: 'inSource', status: 'accepted', justification: 'until the lease ends' }] },
          ],
        },
      ],
    });
  });

  it('says no secret', () => {
    const value = sarifLog({
      version: '0.1.0',
      findings: all,
      rules,
      files: [],
      usable: true,
      secrets: ['announced', 'x\n'],
    });
    expect(JSON.stringify(value)).not.toContain('announced');
  });
});

describe('JUnit', () => {
  it('is well-formed, whatever the cases hold, and counts them', () => {
    const root = readXml(
      junitXml(nasty, [
        {
          name: nasty,
          cases: [
            {
              group: nasty,
              name: nasty,
              outcome: 'failed',
              message: nasty,
              kind: nasty,
              details: [nasty, nasty],
              file: nasty,
              line: 3,
            },
            { group: 'b', name: 'b', outcome: 'unknown', message: nasty },
            { group: 'c', name: 'c', outcome: 'passed' },
            { group: 'd', name: 'd', outcome: 'passed', details: [nasty] },
          ],
        },
        { name: 'empty', cases: [] },
      ]),
    );
    expect(root.attributes).toMatchObject({ tests: '4', failures: '1', errors: '0', skipped: '1' });
    const [suite] = root.children;
    expect(suite?.children.map(({ children }) => children.map(({ name }) => name))).toEqual([
      ['failure'],
      ['skipped'],
      [],
      ['system-out'],
    ]);
    expect(suite?.children[0]?.attributes['line']).toBe('3');
  });

  it('is read by a reader that can refuse', () => {
    for (const bad of ['<a>', '<a b="<"/>', '<a>&</a>', '<a></b>', 'x<a/>']) {
      expect(() => readXml(`<?xml version="1.0" encoding="UTF-8"?>\n${bad}`)).toThrow(/\S/);
    }
  });
});

describe('workflow commands', () => {
  it('come back from the runner as they were', () => {
    const [first, second, third] = githubCommands(all).map((line) => readCommand(line));
    expect(first).toEqual({
      command: 'error',
      properties: {
        file: 'net works/estate.yaml',
        line: '3',
        endLine: '3',
        col: '5',
        endColumn: '9',
        title: 'no-shared-nat-pool',
      },
      message: 'the pool is announced twice\nWhy: answers come back the wrong way\nWhat to do: announce it once',
    });
    expect(second?.command).toBe('warning');
    expect(second?.properties['file']).toContain('::error::x %0A %');
    expect(second?.message).toContain('::error::x %0A %');
    expect(second?.properties).not.toHaveProperty('col');
    expect(third).toEqual({ command: 'notice', properties: { title: 'input/unreadable' }, message: 'not there' });
  });

  it('are one line each, and nothing else can begin a command', () => {
    for (const line of githubCommands(all)) {
      expect(line).not.toMatch(/[\r\n]/);
      expect(line.match(/^::(error|warning|notice) /)).not.toBeNull();
    }
  });
});

describe('Markdown', () => {
  it('escapes what would format, link, call or end a cell', () => {
    expect(markdownText('*a* _b_ [c](d) <i> `e` | ~f~ @g #12 https://h & 1.')).toBe(
      '\\*a\\* \\_b\\_ \\[c\\](d) &lt;i&gt; \\`e\\` \\| \\~f\\~ @&#8203;g #&#8203;12 https&#58;//h &amp; 1.',
    );
    expect(markdownText('1. not a list')).toBe('1\\. not a list');
    expect(markdownCode('a `b` c')).toBe('``a `b` c``');
    expect(markdownCode('`')).toBe('`` ` ``');
    expect(markdownTable(['a'], [])).toEqual([]);
    expect(markdownBlock('yaml', ['```', 'x'])).toEqual(['````yaml', '```', 'x', '````']);
  });

  it('shows the line, why, what to do, the fix and the evidence', () => {
    const sources = new Map([['net works/estate.yaml', 'a\nb\n  - 198.51.100.0/28\n']]);
    expect(
      markdownFindings(
        [{ ...plain, fixes: plain.fixes.map((fix) => ({ ...fix, edits: fix.edits.slice(0, 1) })) }],
        sources,
      ).join('\n'),
    ).toMatchInlineSnapshot(`
      "### error: the pool is announced twice

      \`no-shared-nat-pool\` · \`net works/estate.yaml:3\` · \`/abs/other.yaml:1\` (the other one) · PP-C07

      \`\`\`yaml
      - 198.51.100.0/28
      \`\`\`

      **Why:** answers come back the wrong way

      **What to do:** announce it once

      **Fix:** take it out (safe to apply)

      \`\`\`diff
      -  - 198.51.100.0/28
      +  - 51.100.0/28
      \`\`\`

      <details><summary>How we know</summary>

      \`\`\`text
      the way there:
        1. hq
        2. fw
      \`\`\`

      </details>
      "
    `);
  });

  it('leaves nothing of a document to act', () => {
    const text = markdownFindings([hostile], new Map(), { withoutEvidence: true }).join('\n');
    expect(text).not.toMatch(/\u001b|\u202e/);
    // Inside spans of code nothing acts.
    expect(text.replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '')).not.toMatch(/<b>|@somebody/);
  });
});
