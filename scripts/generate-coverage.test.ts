import { describe, expect, it } from 'vitest';
import { differences } from './coverage/check-against-originals.ts';
import { normalised, paragraphsOf } from './coverage/paragraphs.ts';
import { type CoverageRow, type CoverageTable, coverage, coverageProblems } from './coverage/seed-coverage.ts';
import { coveragePage, isStale } from './generate-coverage.ts';

/** The table with its row for `digest` replaced. */
function withRow(digest: string, change: Partial<CoverageRow>): CoverageTable {
  return { ...coverage, rows: coverage.rows.map((row) => (row.digest === digest ? { ...row, ...change } : row)) };
}

describe('the coverage of the five documents', () => {
  it('is complete: no row empty, every name exists, every piece counted once', () => {
    expect(coverageProblems(coverage)).toEqual([]);
  });

  it('is on the page docs/seed-coverage.md as it stands in the table', () => {
    expect(isStale(coveragePage(coverage))).toBe(false);
    expect(isStale(`${coveragePage(coverage)}\n`)).toBe(true);
  });

  it('has 300 pieces', () => {
    expect(coverage.documents).toEqual({
      D1: { paragraphs: 53 },
      D2: { paragraphs: 87 },
      D3: { paragraphs: 27 },
      D4: { paragraphs: 21 },
      D5: { paragraphs: 112 },
    });
  });
});

describe('a coverage table with a fault', () => {
  // D4, Peering, 1: represented by two keys or facts and by nothing else
  const digest = coverage.rows.find((row) => row.document === 'D4' && row.heading === 'Peering')?.digest ?? '';

  it.each<[string, Partial<CoverageRow>, string]>([
    ['an empty row', { keys: [], facts: [] }, 'nothing represents it'],
    ['a key that is not in the schema', { keys: ['circuits.*.peering'] }, 'circuits.*.peering is none of the keys'],
    ['a name where a map has names', { keys: ['circuits.sku'] }, 'circuits.sku is none of the keys'],
    ['a name below a list of texts', { keys: ['organisation.owns.*'] }, 'organisation.owns.* is none of the keys'],
    ['a fact that does not exist', { facts: ['ER-999', 'PP-N01'] }, 'ER-999 is none of the facts'],
    ['a scenario among the facts', { facts: ['PP-S01', 'PP-N01'] }, 'PP-S01 is none of the facts'],
    ['a flow that does not exist', { flows: ['PP-F69'] }, 'PP-F69 is none of the flows'],
    ['a scenario that does not exist', { scenarios: ['A9'] }, 'A9 is none of the scenarios'],
    ['a rule that does not exist', { rules: ['route-filter'] }, 'route-filter is none of the rules'],
    ['one fact twice', { facts: ['PP-N01', 'PP-N01'] }, 'facts named twice'],
    ['a long gist', { gist: 'word '.repeat(16).trim() }, '16 words in the gist'],
    ['a piece of navigation that is represented', { kind: 'navigation' }, 'navigation needs no representation'],
    ['a kind of its own', { kind: 'unclear' }, 'no kind unclear'],
    ['a form of its own', { form: 'poem' }, 'no form poem'],
    ['a figure without scenario', { form: 'figure' }, 'a figure without a scenario'],
  ])('is refused: %s', (_, change, problem) => {
    expect(coverageProblems(withRow(digest, change))).toEqual([`D4, Peering, 1: ${problem}`]);
  });

  it('is refused: a row is missing, and with it a fact and the order', () => {
    const rows = coverage.rows.filter((row) => row.digest !== digest);
    const problems = coverageProblems({ ...coverage, rows });
    expect(problems).toContain('D4: 20 rows for 21 pieces');
    expect(problems).toContain('D4, Peering, 2: comes at place 1 below its heading');
  });

  it('is refused: a digest stands twice', () => {
    const other = coverage.rows.find((row) => row.document === 'D4')?.digest ?? '';
    expect(coverageProblems(withRow(digest, { digest: other }))).toEqual([
      `D4, Peering, 1: the digest ${other} stands twice`,
    ]);
  });

  it('is refused: no row names a figure of the document', () => {
    const rows = coverage.rows.map((row) => ({ ...row, scenarios: row.scenarios?.filter((id) => id !== 'PP-S21') }));
    expect(coverageProblems({ ...coverage, rows })).toContain('D4: no row names PP-S21, which comes from there');
  });
});

describe('the pieces of a document', () => {
  const text = `---
title: Example

---
# Bread

Bake it
slowly.
- crust
  and crumb

  Warm.
-   salt
![A loaf.](loaf.png)
> eat
> soon

| a | b |
|---|:--|
| c | d |
:::image type="complex" source="x"
   An oven.

   Hot.
:::image-end:::
:::image type="content" source="y":::
Warm.

## Empty
## Bread
*Warm!*
`;

  it('are paragraphs, list items, figures, notes and table rows below their headings', () => {
    const pieces = paragraphsOf(text).map(({ heading, ordinal, form, line }) => [heading, ordinal, form, line]);
    expect(pieces).toEqual([
      ['', 1, 'front matter', 1],
      ['Bread', 1, 'paragraph', 7],
      ['Bread', 2, 'list item', 9],
      ['Bread', 3, 'paragraph', 12],
      ['Bread', 4, 'list item', 13],
      ['Bread', 5, 'figure', 14],
      ['Bread', 6, 'note', 15],
      ['Bread', 7, 'table head', 18],
      ['Bread', 8, 'table row', 20],
      ['Bread', 9, 'figure', 21],
      ['Bread', 10, 'figure', 26],
      ['Bread', 11, 'paragraph', 27],
      ['Bread', 12, 'paragraph', 31],
    ]);
  });

  it('have digests of their own, also where words are repeated', () => {
    const digests = paragraphsOf(text).map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('have the same digests with other line breaks, marks and dashes', () => {
    const [original] = paragraphsOf('- a *state–owned* house\n  on a hill\n');
    const [variant] = paragraphsOf('* a state\u00e2\u20ac\u201cowned\r\n  house on a hill.');
    expect(variant?.digest).toBe(original?.digest);
    expect(normalised('| *A*  b |')).toBe('a b');
  });
});

describe('the comparison with the originals', () => {
  const text = '# Tea\n\nBoil water.\n\nDrink.\n';
  const rows = paragraphsOf(text).map(
    (piece): CoverageRow => ({ ...piece, document: 'D1', gist: 'tea', kind: 'content' }),
  );
  const table: CoverageTable = { documents: { D1: { paragraphs: 2 } }, rows };
  const absent = ['D2', 'D3', 'D4', 'D5'].map((document) => `${document}: none of the files`);

  it('finds nothing where nothing differs', () => {
    expect(differences([{ name: 'any.md', text }], table)).toEqual(absent);
  });

  it('names pieces without a row and rows without a piece', () => {
    expect(differences([{ name: 'tea.md', text: '# Tea\n\nBoil water.\n\nWait.\n' }], table)).toEqual([
      'tea.md:5: this paragraph has no row in D1; its digest is 716ecabb45ac',
      `D1, Tea, 2: no such paragraph in tea.md (${rows[1]?.digest})`,
      ...absent,
    ]);
  });

  it('names pieces in another place', () => {
    expect(differences([{ name: 'tea.md', text: '# Tea\n\nBoil water.\n\n# Then\n\n- Drink.\n' }], table)).toEqual([
      "tea.md:7: a list item, 1 below 'Then'; the table has a paragraph, D1, Tea, 2",
      ...absent,
    ]);
  });

  it('names files that are none of the documents, or one of them twice', () => {
    const files = [
      { name: 'a.md', text },
      { name: 'b.md', text },
      { name: 'c.md', text: 'Coffee.' },
    ];
    expect(differences(files, table)).toEqual([
      'b.md: is D1, as a.md is already',
      'c.md: shares no piece with any of the documents',
      ...absent,
    ]);
  });
});
