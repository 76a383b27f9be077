// Writes docs/seed-coverage.md from scripts/coverage/seed-coverage.json.
//
//   npx node scripts/generate-coverage.ts
//   npx node scripts/generate-coverage.ts --check    says whether the page is out of date and changes nothing

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sources } from '@bothways/facts';
import {
  type CoverageRow,
  type CoverageTable,
  coverage,
  coverageProblems,
  documents,
  type Representation,
  representations,
} from './coverage/seed-coverage.ts';

const root = resolve(import.meta.dirname, '..');
const page = 'docs/seed-coverage.md';

const titles: Readonly<Record<Representation, string>> = {
  keys: 'Document keys',
  facts: 'Facts',
  flows: 'Flows',
  scenarios: 'Scenarios',
  rules: 'Rules',
};

export function coveragePage(table: CoverageTable): string {
  const { rows } = table;
  return [
    '# What the five documents ask for, and what represents it',
    '',
    'Bothways began from five pages of Microsoft about ExpressRoute and Power Platform. Here is every paragraph, list item,',
    'note, figure and table row of them: what it asks for or states, in our words, and what represents it. The pages',
    'themselves are not repeated; `npx node scripts/coverage/check-against-originals.ts FOLDER` compares this list with',
    'them for whoever has them. `bothways facts ID` shows a fact, a flow or a scenario with its source. This page is',
    'written by `npx node scripts/generate-coverage.ts` from `scripts/coverage/seed-coverage.json`.',
    '',
    ...countsTable(rows),
    '',
    'Navigation is front matter, links and column titles, which nothing has to represent.',
    '',
    ...documents.flatMap((document) => documentPart(document, rows)),
    ...gapsPart(rows),
  ].join('\n');
}

function countsTable(rows: readonly CoverageRow[]): readonly string[] {
  const line = (label: string, mine: readonly CoverageRow[]): string => {
    const content = mine.filter(({ kind }) => kind === 'content').length;
    const cited = representations.map((by) => new Set(mine.flatMap((row) => row[by] ?? [])).size);
    const gaps = mine.filter(({ gap }) => gap !== undefined).length;
    return `| ${[label, mine.length, content, mine.length - content, ...cited, gaps].join(' | ')} |`;
  };
  const headings = representations.map((by) => titles[by]);
  return [
    `| Document | Pieces | Represented | Navigation | ${headings.join(' | ')} | With a gap |`,
    `|---|${'--:|'.repeat(headings.length + 4)}`,
    ...documents.map((document) =>
      line(
        `[${document}](#${document.toLowerCase()})`,
        rows.filter((row) => row.document === document),
      ),
    ),
    line('All', rows),
  ];
}

function documentPart(document: string, rows: readonly CoverageRow[]): readonly string[] {
  const from = sources().find(({ id }) => id === document);
  if (from === undefined) throw new Error(`${document} is no source`);
  let heading = '';
  const lines = rows
    .filter((row) => row.document === document)
    .map((row) => {
      const first = row.heading !== heading;
      heading = row.heading;
      const by = representations.map((name) => (row[name] ?? []).map((one) => shown(name, one)).join(', '));
      return `| ${[first ? cell(row.heading) : '', row.ordinal, row.form, cell(row.gist), ...by].join(' | ')} |`;
    });
  return [
    `## ${document}`,
    '',
    `${from.document}, ${from.date}.`,
    '',
    `| Below | No. | Form | Asks for or states | ${representations.map((by) => titles[by]).join(' | ')} |`,
    `|---|--:|---|---|${'---|'.repeat(representations.length)}`,
    ...lines,
    '',
  ];
}

function gapsPart(rows: readonly CoverageRow[]): readonly string[] {
  const gaps = rows.flatMap(({ document, heading, ordinal, gap }) =>
    gap === undefined ? [] : [`| ${document} | ${cell(heading)} | ${ordinal} | ${cell(gap)} |`],
  );
  if (gaps.length === 0) return [];
  return [
    '## Gaps',
    '',
    'Pieces that are represented but for a part.',
    '',
    '| Document | Below | No. | Not represented |',
    '|---|---|--:|---|',
    ...gaps,
    '',
  ];
}

function shown(by: Representation, name: string): string {
  if (by === 'keys') return `\`${name}\``;
  return by === 'rules' ? `[${name}](rules/${name}.md)` : name;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** Whether the page on disk is another than the table gives. */
export function isStale(text: string): boolean {
  const path = join(root, page);
  return !existsSync(path) || readFileSync(path, 'utf8') !== text;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const problems = coverageProblems(coverage);
  for (const problem of problems) console.log(problem);
  const text = coveragePage(coverage);
  const stale = isStale(text);
  if (values.check) {
    if (stale) console.log(`${page} is out of date; run: npx node scripts/generate-coverage.ts`);
  } else {
    if (stale) writeFileSync(join(root, page), text);
    console.log(stale ? `wrote ${page}` : 'nothing to change');
  }
  process.exitCode = problems.length > 0 || (values.check && stale) ? 1 : 0;
}
