import { Random } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import {
  type Edit,
  type FindingParts,
  finding,
  type Place,
  plainStyle,
  renderFinding,
  renderFindings,
  type Style,
  summariseFindings,
  textWidth,
} from './index.ts';

const estate = `version: 1
sites:
  - name: Zürich
    location: 東京 tower
\tedges: [internet-1, er-1]
    nat:
      internet-1: 203.0.113.0/28
      er-1: 203.0.113.0/28
end: true
`;
const sources = new Map([['estate.yaml', estate]]);

function place(line: number, column: number, endColumn: number, endLine = line): Place {
  return { file: 'estate.yaml', line, column, endLine, endColumn };
}

function edit(line: number, column: number, endColumn: number, replacement: string, endLine = line): Edit {
  return { file: 'estate.yaml', start: { line, column }, end: { line: endLine, column: endColumn }, replacement };
}

function show(parts: Partial<FindingParts>, width?: number): string {
  const whole = finding({ rule: 'sample-rule', severity: 'warning', message: 'Something is off', ...parts });
  return renderFinding(whole, sources, plainStyle, width === undefined ? {} : { width });
}

describe('a finding as text', () => {
  it('shows place, related places, evidence, reasons and the exact change', () => {
    expect(
      show({
        rule: 'no-shared-nat-pool',
        ids: ['PP-C07', 'ER-091'],
        severity: 'error',
        message: 'The NAT pool 203.0.113.0/28 is used on the internet edge and on the ExpressRoute edge',
        why: 'Microsoft prefers ExpressRoute for every prefix it hears there, so answers to internet sessions come back over the circuit and meet a firewall that never saw the request.',
        help: 'give each edge a pool of its own',
        place: place(8, 13, 27),
        related: [{ message: 'the same pool', place: place(7, 19, 33) }],
        evidence: [
          { title: 'way back', lines: ['1. msee-1   203.0.113.0/28 from customer', '2. fw-er    no session: dropped'] },
        ],
        fixes: [{ title: 'use the next free pool', safe: false, edits: [edit(8, 13, 27, '203.0.113.16/28')] }],
      }),
    ).toMatchInlineSnapshot(`
      "error[no-shared-nat-pool]: The NAT pool 203.0.113.0/28 is used on the internet edge and on the
        ExpressRoute edge
       --> estate.yaml:8:13
        |
      8 |       er-1: 203.0.113.0/28
        |             ^^^^^^^^^^^^^^
       ::: estate.yaml:7:19
        |
      7 |       internet-1: 203.0.113.0/28
        |                   -------------- the same pool
        |
        = way back:
            1. msee-1   203.0.113.0/28 from customer
            2. fw-er    no session: dropped
        = why: Microsoft prefers ExpressRoute for every prefix it hears there, so answers to internet
               sessions come back over the circuit and meet a firewall that never saw the request.
        = help: give each edge a pool of its own
        = see: PP-C07, ER-091
      help: use the next free pool (check before applying)
        |
      8 -       er-1: 203.0.113.0/28
      8 +       er-1: 203.0.113.16/28"
    `);
  });

  it('goes without a place, and wraps long sentences at the width', () => {
    expect(
      show(
        {
          message: 'one two three four five six seven eight nine ten',
          help: 'eleven twelve thirteen fourteen fifteen sixteen',
        },
        40,
      ),
    ).toMatchInlineSnapshot(`
      "warning[sample-rule]: one two three four
        five six seven eight nine ten
        = help: eleven twelve thirteen
                fourteen fifteen sixteen"
    `);
  });

  it('marks tabs and wide characters where they are', () => {
    expect(show({ place: place(4, 15, 17) })).toMatchInlineSnapshot(`
      "warning[sample-rule]: Something is off
       --> estate.yaml:4:15
        |
      4 |     location: 東京 tower
        |               ^^^^"
    `);
    expect(show({ place: place(5, 10, 20) })).toMatchInlineSnapshot(`
      "warning[sample-rule]: Something is off
       --> estate.yaml:5:10
        |
      5 |     edges: [internet-1, er-1]
        |             ^^^^^^^^^^"
    `);
  });

  it('moves to the next tab stop, and numbers later hunks by the lines added before them', () => {
    const text = new Map([['estate.yaml', 'ab\tcd\nsecond\nthird\nfourth\n']]);
    const parts = finding({
      rule: 'r',
      severity: 'note',
      message: 'm',
      place: place(1, 4, 6),
      fixes: [{ title: 't', safe: true, edits: [edit(1, 1, 1, 'zeroth\n'), edit(4, 1, 7, 'last')] }],
    });
    expect(renderFinding(parts, text, plainStyle)).toMatchInlineSnapshot(`
      "note[r]: m
       --> estate.yaml:1:4
        |
      1 | ab  cd
        |     ^^
      help: t (safe to apply)
        |
      1 + zeroth
      ...
      4 - fourth
      5 + last"
    `);
  });

  it('marks every line of a span, and leaves out the middle of a long one', () => {
    expect(
      show({ place: place(6, 5, 27, 8), related: [{ message: 'all of it', place: place(1, 1, 1, 10) }] }),
    ).toMatchInlineSnapshot(`
      "warning[sample-rule]: Something is off
        --> estate.yaml:6:5
         |
       6 |     nat:
         |     ^^^^
       7 |       internet-1: 203.0.113.0/28
         |       ^^^^^^^^^^^^^^^^^^^^^^^^^^
       8 |       er-1: 203.0.113.0/28
         |       ^^^^^^^^^^^^^^^^^^^^
        ::: estate.yaml:1:1
         |
       1 | version: 1
         | ----------
       2 | sites:
         | ------
       3 |   - name: Zürich
         |   --------------
       4 |     location: 東京 tower
         |     --------------------
      ...
       9 | end: true
         | --------- all of it"
    `);
  });

  it('shows one mark for an empty place and for a place after the end of its line', () => {
    expect(show({ place: place(1, 1, 1) })).toMatchInlineSnapshot(`
      "warning[sample-rule]: Something is off
       --> estate.yaml:1:1
        |
      1 | version: 1
        | ^"
    `);
    expect(show({ place: place(1, 500, 600) })).toMatchInlineSnapshot(`
      "warning[sample-rule]: Something is off
       --> estate.yaml:1:500
        |
      1 | version: 1
        |           ^"
    `);
  });

  it('names places it cannot show', () => {
    expect(show({ place: place(400, 1, 5) })).toMatchInlineSnapshot(`
      "warning[sample-rule]: Something is off
         --> estate.yaml:400:1
          | (after the end of the file, which has 9 lines)"
    `);
    expect(
      show({
        place: { ...place(3, 2, 5), file: 'elsewhere.yaml' },
        related: [{ message: 'see also', place: place(50, 1, 2) }],
      }),
    ).toMatchInlineSnapshot(`
      "warning[sample-rule]: Something is off
        --> elsewhere.yaml:3:2
        ::: estate.yaml:50:1
         | see also
         | (after the end of the file, which has 9 lines)"
    `);
  });

  it('cuts a long line around the mark', () => {
    const long = new Map([['estate.yaml', `${'a'.repeat(3000)} MARK ${'b'.repeat(3000)}`]]);
    const parts = finding({ rule: 'long', severity: 'note', message: 'Far out', place: place(1, 3002, 3006) });
    expect(renderFinding(parts, long, plainStyle, { width: 60 })).toMatchInlineSnapshot(`
      "note[long]: Far out
       --> estate.yaml:1:3002
        |
      1 | …aaaaaaaaaaaaaaaaaaaaaaaa MARK bbbbbbbbbbbbbbbbbbbbbbbb…
        |                           ^^^^"
    `);
  });

  it('shows insertions with the line before, deletions, several hunks and several files', () => {
    expect(
      show({
        place: place(1, 1, 8),
        fixes: [
          { title: 'add a line', safe: true, edits: [edit(9, 1, 1, 'bfd: true\n')] },
          { title: 'remove a line', safe: true, edits: [edit(1, 1, 1, '', 2)] },
          { title: 'change two places', safe: false, edits: [edit(7, 7, 17, 'internet-2'), edit(1, 10, 11, '2')] },
          {
            title: 'change a file that is not at hand',
            safe: false,
            edits: [{ ...edit(1, 1, 4, 'new\ntext'), file: 'other.yaml' }],
          },
          { title: 'impossible', safe: false, edits: [edit(1, 1, 4, 'a'), edit(1, 2, 5, 'b')] },
        ],
      }),
    ).toMatchInlineSnapshot(`
      "warning[sample-rule]: Something is off
        --> estate.yaml:1:1
         |
       1 | version: 1
         | ^^^^^^^
      help: add a line (safe to apply)
         |
       8 |       er-1: 203.0.113.0/28
       9 + bfd: true
      help: remove a line (safe to apply)
         |
       1 - version: 1
      help: change two places (check before applying)
         |
       1 - version: 1
       1 + version: 2
      ...
       7 -       internet-1: 203.0.113.0/28
       7 +       internet-2: 203.0.113.0/28
      help: change a file that is not at hand (check before applying)
        --> other.yaml
         | 1:1 to 1:4 becomes "new\\ntext"
      help: impossible (check before applying)
         | (cannot be shown: the edits at 1:1 and 1:2 overlap)"
    `);
  });

  it('keeps secrets out of every part', () => {
    const secret = 'hunter2';
    const text = `password: ${secret}\n`;
    const at = { file: 'estate.yaml', line: 1, column: 11, endLine: 1, endColumn: 18 };
    const parts = finding({
      rule: 'secret',
      severity: 'error',
      message: `The password ${secret} is in the document`,
      why: secret,
      help: secret,
      place: at,
      related: [{ message: secret, place: at }],
      evidence: [{ title: secret, lines: [`x ${secret} y`] }],
      fixes: [
        {
          title: secret,
          safe: false,
          edits: [
            {
              file: 'estate.yaml',
              start: { line: 1, column: 1 },
              end: { line: 1, column: 1 },
              replacement: `# ${secret}\n`,
            },
          ],
        },
      ],
    });
    const shown = renderFinding(parts, new Map([['estate.yaml', text]]), plainStyle, { secrets: [secret] });
    expect(shown).not.toContain(secret);
    expect(shown).toContain('password: •••••••\n');
  });

  it('gives the parts to the style of the caller', () => {
    const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const style: Style = {
      red: tag('red'),
      yellow: tag('yellow'),
      green: tag('green'),
      blue: tag('blue'),
      bold: tag('bold'),
      dim: tag('dim'),
      underline: tag('underline'),
    };
    const parts = finding({
      rule: 'r',
      severity: 'error',
      message: 'm',
      place: place(1, 1, 8),
      fixes: [{ title: 't', safe: true, edits: [edit(1, 10, 11, '2')] }],
    });
    expect(renderFinding(parts, sources, style)).toMatchInlineSnapshot(`
      "<bold><red>error[r]</red></bold><bold>: m</bold>
       <blue>--></blue> <underline>estate.yaml:1:1</underline>
      <blue>  |</blue>
      <blue>1 |</blue> version: 1
      <blue>  |</blue> <red>^^^^^^^</red>
      <bold>help:</bold> t (safe to apply)
      <blue>  |</blue>
      <red>1 - version: 1</red>
      <green>1 + version: 2</green>"
    `);
  });
});

describe('several findings', () => {
  it('come in order with an empty line between, and are counted', () => {
    const all = [
      finding({ rule: 'b', severity: 'note', message: 'last' }),
      finding({ rule: 'a', severity: 'error', message: 'second', place: place(2, 1, 2) }),
      finding({ rule: 'a', severity: 'error', message: 'first', place: place(1, 1, 2) }),
    ];
    expect(renderFindings(all, new Map(), plainStyle)).toMatchInlineSnapshot(`
      "error[a]: first
       --> estate.yaml:1:1

      error[a]: second
       --> estate.yaml:2:1

      note[b]: last"
    `);
    expect(summariseFindings(all)).toBe('2 errors, 1 note');
    expect(summariseFindings([])).toBe('no findings');
    expect(renderFindings([], new Map(), plainStyle)).toBe('');
  });
});

describe('hostile input', () => {
  const seed = 20281;
  const pieces = [
    '\u001b[2J',
    '\u009b31m',
    '\u202e',
    '\u2066',
    '\r',
    '\n',
    '\t',
    '\u0000',
    '\u0007',
    '\ud83d',
    '\udc00',
    '🏳️‍🌈',
    'e\u0301',
    '東',
    '\u200b',
    '\u2028',
    '\ufeff',
    'a',
    ' ',
    'word',
    '\u{e0041}',
    '\u0085',
    '👨‍👩‍👧',
  ];
  // Everything a terminal could act on or hide, except the line feeds between lines.
  const forbidden = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Surrogate}\u200b\ufeff]/u;

  it(`never throws, never lets a control character out, never breaks its frame (seed ${seed})`, () => {
    const random = new Random(seed);
    const text = (most: number): string =>
      Array.from({ length: random.below(most) }, () => random.pick(pieces)).join('');
    const number = (): number =>
      random.pick([0, 1, 2, 3, 7, 40, -5, 1e9, 2 ** 53, 1.5, Number.NaN, Number.POSITIVE_INFINITY]);
    const somewhere = (): Place => ({
      file: random.pick(['a', 'b', text(4)]),
      line: number(),
      column: number(),
      endLine: number(),
      endColumn: number(),
    });
    for (let round = 0; round < 1500; round += 1) {
      const documents = new Map([
        ['a', text(60)],
        ['b', `${text(10)}${'x'.repeat(random.below(2) * 9000)}${text(10)}`],
      ]);
      const parts = finding({
        rule: text(4),
        severity: random.pick(['error', 'warning', 'note'] as const),
        message: text(20),
        ids: [text(3)],
        why: text(10),
        help: text(10),
        place: somewhere(),
        related: [{ message: text(30), place: somewhere() }],
        evidence: [{ title: text(4), lines: [text(50)] }],
        fixes: [
          {
            title: text(4),
            safe: true,
            edits: [
              {
                file: random.pick(['a', 'b', 'c']),
                start: { line: random.below(4), column: random.below(9) },
                end: { line: random.below(5), column: random.below(9) },
                replacement: text(8),
              },
            ],
          },
        ],
      });
      const width = 40 + random.below(60);
      const shown = renderFinding(parts, documents, plainStyle, { width, secrets: [text(3)] });
      const lines = shown.split('\n');
      const bad = lines.find((line) => forbidden.test(line));
      if (bad !== undefined) {
        expect.fail(`round ${round}: ${JSON.stringify(bad)}`);
      }
      // Whatever stands right of the frame is cut or wrapped to the width; only names of files may run on.
      const wide = lines.find((line) => / [|] /.test(line) && textWidth(line) > width);
      if (wide !== undefined) {
        expect.fail(`round ${round}, width ${width}: ${JSON.stringify(wide)}`);
      }
    }
  });

  it('survives a very long line of wide characters in reasonable time', () => {
    const parts = finding({ rule: 'r', severity: 'error', message: 'm', place: place(1, 500_000, 500_010) });
    const shown = renderFinding(parts, new Map([['estate.yaml', '東'.repeat(1_000_000)]]), plainStyle, { width: 80 });
    expect(shown.split('\n').every((line) => textWidth(line) <= 80)).toBe(true);
    expect(shown).toContain('^'.repeat(20));
  });
});
