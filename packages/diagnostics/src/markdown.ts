/**
 * Findings and tables as Markdown of the GitHub kind, for pull requests and repositories. Text from a document is
 * escaped: it can neither format, nor link, nor mention anybody.
 */
import { compareFindings, type Evidence, type Finding, type Fix } from './finding.ts';
import { hunksOf } from './fix-diff.ts';
import { printable, printableSentence, redact } from './printable.ts';
import { type SourceReader, sourceReader } from './source-text.ts';

export interface MarkdownOptions {
  readonly secrets?: readonly string[];
  /** Leave out the paths behind a finding; for places with a limit on length. */
  readonly withoutEvidence?: boolean;
}

/** The text as it reads, whatever is in it. */
export function markdownText(text: string): string {
  return (
    printableSentence(text)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[\\`*_{}[\]|~$]/g, '\\$&')
      // No number is an issue of the reader's repository.
      .replaceAll(/#(?=\d)/g, '#&#8203;')
      .replaceAll(/(\w):\/\//g, '$1&#58;//')
      // Nobody is called: the zero-width space stands between the sign and the name.
      .replaceAll('@', '@&#8203;')
      .replace(/^(\d+)([.)])/, '$1\\$2')
      .replace(/^([-+=])/, '\\$1')
  );
}

/** A span of code: fenced with one backtick more than are in it. */
export function markdownCode(text: string): string {
  const clean = printable(text);
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const space = clean.startsWith('`') || clean.endsWith('`') ? ' ' : '';
  return `${fence}${space}${clean}${space}${fence}`;
}

/** Cells are Markdown already; bars in them are escaped, in spans of code too. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
  return rows.length === 0 ? [] : [line(header), line(header.map(() => '---')), ...rows.map(line)];
}

/** A block of code, fenced so that nothing in it ends it. */
export function markdownBlock(language: string, lines: readonly string[]): readonly string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines.map(printable), fence];
}

/** All findings in the order of `compareFindings`, a heading of the third level for each. */
export function markdownFindings(
  findings: readonly Finding[],
  sources: ReadonlyMap<string, string>,
  options: MarkdownOptions = {},
): readonly string[] {
  const read = sourceReader(sources, options.secrets ?? []);
  return findings.toSorted(compareFindings).flatMap((each) => findingLines(each, read, options));
}

function findingLines(finding: Finding, read: SourceReader, options: MarkdownOptions): readonly string[] {
  const clean = (text: string): string => redact(text, options.secrets ?? []);
  const { rule, severity, message, why, help, place, related, evidence, fixes, ids } = finding;
  const source = place === undefined ? undefined : read(place.file);
  const at = (file: string, line: number): string => markdownCode(`${clean(file)}:${line}`);
  const lines = [`### ${severity}: ${markdownText(clean(message))}`, ''];
  const where = place === undefined ? [] : [at(place.file, place.line)];
  const others = related.map(
    (each) => `${at(each.place.file, each.place.line)} (${markdownText(clean(each.message))})`,
  );
  lines.push([markdownCode(rule), ...where, ...others, ...ids.map(markdownText)].join(' · '), '');
  const excerpt = place === undefined ? undefined : source?.lines[place.line - 1];
  if (excerpt !== undefined) lines.push(...markdownBlock('yaml', [excerpt.trim()]), '');
  if (why !== undefined) lines.push(`**Why:** ${markdownText(clean(why))}`, '');
  if (help !== undefined) lines.push(`**What to do:** ${markdownText(clean(help))}`, '');
  for (const fix of fixes) lines.push(...fixLines(fix, read, clean));
  if (options.withoutEvidence !== true && evidence.length > 0) lines.push(...evidenceLines(evidence, clean));
  return lines;
}

function fixLines(fix: Fix, read: SourceReader, clean: (text: string) => string): readonly string[] {
  const note = fix.safe ? 'safe to apply' : 'check before applying';
  const lines = [`**Fix:** ${markdownText(clean(fix.title))} (${note})`, ''];
  const diff = [...new Set(fix.edits.map(({ file }) => file))].flatMap((file) => {
    const source = read(file);
    if (source === undefined) return [];
    const edits = fix.edits.filter((edit) => edit.file === file);
    const hunks = hunksOf(
      source,
      edits.map((edit) => ({ ...edit, replacement: clean(edit.replacement) })),
    );
    return hunks.ok
      ? hunks.value.flatMap(({ removed, added }) => [
          ...removed.map((line) => `-${line}`),
          ...added.map((line) => `+${line}`),
        ])
      : [];
  });
  return diff.length === 0 ? lines : [...lines, ...markdownBlock('diff', diff), ''];
}

function evidenceLines(evidence: readonly Evidence[], clean: (text: string) => string): readonly string[] {
  const text = evidence.flatMap(({ title, lines }) => [`${clean(title)}:`, ...lines.map((line) => `  ${clean(line)}`)]);
  return ['<details><summary>How we know</summary>', '', ...markdownBlock('text', text), '', '</details>', ''];
}
