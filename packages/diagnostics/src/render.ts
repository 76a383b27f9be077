/**
 * Findings as text for people, in the manner of rustc and Elm: what is wrong, the place with the source line and a mark
 * under the words meant, related places, the evidence, why it matters, what to do, and the exact change of each fix.
 *
 * Knows no terminal: colours are functions of the caller, the width is a number. All text from findings and documents is
 * made printable first, so that a document cannot write escape sequences to the reader's terminal.
 */

import {
  compareFindings,
  countFindings,
  type Edit,
  type Finding,
  type Fix,
  type Place,
  type Severity,
} from './finding.ts';
import { differingPart, type Hunk, hunksOf } from './fix-diff.ts';
import { printableSentence, redact } from './printable.ts';
import { showLine } from './source-line.ts';
import { type SourceReader, type SourceText, sourceReader } from './source-text.ts';
import type { Style } from './style.ts';
import { textWidth } from './text-width.ts';
import { plural, wrapText } from './wording.ts';

export interface RenderOptions {
  /** Cells in a line; at least 40, 100 unless given. */
  readonly width?: number;
  /** Texts that must not appear: redacted in sentences, covered character by character in source lines. */
  readonly secrets?: readonly string[];
}

const defaultWidth = 100;
const leastWidth = 40;
/** A span over more lines than this shows its first and last lines only. */
const mostSpanLines = 6;
const mostDiffLines = 20;

interface Canvas {
  readonly style: Style;
  readonly width: number;
  readonly read: SourceReader;
  readonly secrets: readonly string[];
  /** Cells of the column of line numbers. */
  readonly gutter: number;
}

function severityStyle(style: Style, severity: Severity): (text: string) => string {
  return { error: style.red, warning: style.yellow, note: style.blue }[severity];
}

/** A sentence from a finding: secrets out, one line, nothing hidden. */
function sentence(canvas: Canvas, text: string): string {
  return printableSentence(redact(text, canvas.secrets));
}

/** Text of several lines: the line feeds of the author stay. */
function paragraphs(canvas: Canvas, text: string): string {
  return redact(text, canvas.secrets).split('\n').map(printableSentence).join('\n');
}

/** A whole number of at least 1, whatever was given. */
function count(value: number): number {
  return Number.isFinite(value) ? Math.max(1, Math.floor(value)) : 1;
}

function placeText(canvas: Canvas, place: Place): string {
  return `${sentence(canvas, place.file)}:${count(place.line)}:${count(place.column)}`;
}

function gutterLine(canvas: Canvas, label: string, separator: string, text: string): string {
  const head = canvas.style.blue(`${label.padStart(canvas.gutter)} ${separator}`);
  return text === '' ? head : `${head} ${text}`;
}

/** Lines of a source that a place covers, with the offsets to mark in each. Empty when the place is outside the text. */
function markedLines(source: SourceText, place: Place): readonly { line: number; from: number; to: number }[] {
  const first = count(place.line);
  const last = Math.min(Math.max(first, count(place.endLine)), source.lines.length);
  const marks: { line: number; from: number; to: number }[] = [];
  for (let line = first; line <= last; line += 1) {
    const text = source.lines[line - 1] ?? '';
    const indent = text.length - text.trimStart().length;
    const from = line === first ? count(place.column) - 1 : indent;
    const to = line === count(place.endLine) ? count(place.endColumn) - 1 : text.trimEnd().length;
    if (line === first || to > from) {
      marks.push({ line, from, to });
    }
  }
  return marks;
}

/** Lines as an editor counts them: a line feed at the end does not begin another. */
function lineCount({ lines }: SourceText): number {
  return lines.at(-1) === '' ? lines.length - 1 : lines.length;
}

/** The excerpt of one place: source lines with marks under them, and a label after the last mark. */
function excerpt(canvas: Canvas, place: Place, mark: string, paint: (text: string) => string, label = ''): string[] {
  const source = canvas.read(place.file);
  const marks = source === undefined ? [] : markedLines(source, place);
  if (source === undefined || marks.length === 0) {
    const note =
      source === undefined ? '' : `(after the end of the file, which has ${plural(lineCount(source), 'line')})`;
    return [label, note]
      .filter((text) => text !== '')
      .flatMap((text) => wrapText(text, canvas.width - canvas.gutter - 3))
      .map((line) => gutterLine(canvas, '', '|', line));
  }
  const room = canvas.width - canvas.gutter - 3;
  const lines: string[] = [gutterLine(canvas, '', '|', '')];
  const kept = marks.length > mostSpanLines ? [...marks.slice(0, mostSpanLines - 2), ...marks.slice(-1)] : marks;
  let previous: number | undefined;
  let labelIndent = 0;
  for (const { line, from, to } of kept) {
    if (previous !== undefined && line > previous + 1) {
      lines.push(canvas.style.blue('...'));
    }
    const shown = showLine(source.lines[line - 1] ?? '', from, to, room);
    lines.push(gutterLine(canvas, String(line), '|', shown.text));
    const space = ' '.repeat(shown.markStart);
    const isLast = line === kept.at(-1)?.line;
    const fits = isLast && label !== '' && shown.markStart + shown.markWidth + 1 + textWidth(label) <= room;
    lines.push(gutterLine(canvas, '', '|', space + paint(mark.repeat(shown.markWidth) + (fits ? ` ${label}` : ''))));
    labelIndent = fits ? -1 : Math.min(shown.markStart, Math.max(0, room - 30));
    previous = line;
  }
  if (label !== '' && labelIndent >= 0) {
    for (const part of wrapText(label, room - labelIndent)) {
      lines.push(gutterLine(canvas, '', '|', ' '.repeat(labelIndent) + paint(part)));
    }
  }
  return lines;
}

/** `= title: text`, wrapped so that further lines stand under the text. */
function remark(canvas: Canvas, title: string, text: string): string[] {
  const indent = canvas.gutter + 1;
  const head = `= ${title}: `;
  const hang = Math.min(textWidth(head), 8);
  const [first = '', ...rest] = wrapHanging(text, canvas.width - indent, textWidth(head), hang);
  const painted = `${' '.repeat(indent)}${canvas.style.blue('=')} ${canvas.style.bold(`${title}:`)}`;
  return [first === '' ? painted : `${painted} ${first}`, ...rest.map((line) => ' '.repeat(indent + hang) + line)];
}

/** Wraps text whose first line starts after `used` cells and whose other lines start after `hang`. */
function wrapHanging(text: string, width: number, used: number, hang: number): readonly string[] {
  // A stand-in word of the width of the head keeps the first line short enough.
  const room = Math.max(10, width - hang);
  const lead = Math.max(0, used - hang);
  if (lead === 0) {
    return wrapText(text, room);
  }
  const standIn = '\u2588'.repeat(Math.min(lead - 1, room - 1));
  if (standIn === '') {
    return wrapText(text, room);
  }
  const [first = '', ...rest] = wrapText(`${standIn} ${text}`, room);
  return [first.slice(standIn.length + 1), ...rest];
}

/**
 * A line that fits keeps its spaces, because rules align columns with them. A longer one keeps its columns and goes on
 * under the last of them, where they take less than half of the room.
 */
function columnLines(text: string, room: number): readonly string[] {
  if (textWidth(text) <= room) return [text];
  const columns = /^.*\S {2,}(?=\S)/.exec(text)?.[0] ?? '';
  const head = textWidth(columns) * 2 < room ? columns : '';
  const indent = head === '' ? '  ' : ' '.repeat(textWidth(head));
  const parts = wrapText(text.slice(head.length), Math.max(10, room - indent.length));
  return parts.map((part, index) => `${index === 0 ? head : indent}${part}`);
}

function evidenceLines(canvas: Canvas, title: string, lines: readonly string[]): string[] {
  const indent = canvas.gutter + 1;
  const shown = [`${' '.repeat(indent)}${canvas.style.blue('=')} ${canvas.style.bold(`${sentence(canvas, title)}:`)}`];
  for (const line of lines) {
    const clean = sentence(canvas, line);
    const own = clean.length - clean.trimStart().length;
    const inset = ' '.repeat(Math.min(indent + 4 + own, 24));
    shown.push(...columnLines(clean.trim(), canvas.width - inset.length).map((part) => `${inset}${part}`.trimEnd()));
  }
  return shown;
}

function diffLine(canvas: Canvas, number: number, sign: '-' | '+', line: string, other: string): string {
  const { from, to } = differingPart(line, other);
  const { text } = showLine(line, from, to, canvas.width - canvas.gutter - 3);
  const paint = sign === '-' ? canvas.style.red : canvas.style.green;
  const head = `${String(number).padStart(canvas.gutter)} ${sign}`;
  return paint(text === '' ? head : `${head} ${text}`);
}

function hunkLines(canvas: Canvas, source: SourceText, hunk: Hunk): string[] {
  const { removed, added, oldLine, newLine } = hunk;
  const lines: string[] = [];
  const above = source.lines[oldLine - 2];
  if (removed.length === 0 && above !== undefined) {
    const { text } = showLine(above, 0, 0, canvas.width - canvas.gutter - 3);
    lines.push(gutterLine(canvas, String(oldLine - 1), '|', text));
  }
  for (const [index, line] of removed.slice(0, mostDiffLines).entries()) {
    lines.push(diffLine(canvas, oldLine + index, '-', line, added[index] ?? ''));
  }
  for (const [index, line] of added.slice(0, mostDiffLines).entries()) {
    lines.push(diffLine(canvas, newLine + index, '+', line, removed[index] ?? ''));
  }
  const hidden = Math.max(0, removed.length - mostDiffLines) + Math.max(0, added.length - mostDiffLines);
  if (hidden > 0) {
    lines.push(canvas.style.dim(`${' '.repeat(canvas.gutter)} … ${plural(hidden, 'more line')}`));
  }
  return lines;
}

function fixLines(canvas: Canvas, fix: Fix, main: Place | undefined): string[] {
  const note = fix.safe ? 'safe to apply' : 'check before applying';
  const heading = wrapText(`${sentence(canvas, fix.title)} (${note})`, canvas.width - 6);
  const lines = heading.map((line, index) => (index === 0 ? `${canvas.style.bold('help:')} ${line}` : `      ${line}`));
  const files = [...new Set(fix.edits.map((edit) => edit.file))];
  for (const file of files) {
    const edits = fix.edits.filter((edit) => edit.file === file);
    if (file !== main?.file || files.length > 1) {
      lines.push(`${' '.repeat(canvas.gutter)}${canvas.style.blue('-->')} ${sentence(canvas, file)}`);
    }
    lines.push(...editLines(canvas, file, edits));
  }
  return lines;
}

function editLines(canvas: Canvas, file: string, edits: readonly Edit[]): string[] {
  const source = canvas.read(file);
  if (source === undefined) {
    return edits.flatMap(({ start, end, replacement }) => {
      const range = `${count(start.line)}:${count(start.column)} to ${count(end.line)}:${count(end.column)}`;
      const text = `${range} becomes ${JSON.stringify(redact(replacement, canvas.secrets))}`;
      const lines = wrapText(printableSentence(text), canvas.width - canvas.gutter - 3);
      return lines.map((line) => gutterLine(canvas, '', '|', line));
    });
  }
  const covered = edits.map((edit) => ({ ...edit, replacement: redact(edit.replacement, canvas.secrets) }));
  const hunks = hunksOf(source, covered);
  if (!hunks.ok) {
    const reason = `(cannot be shown: ${printableSentence(hunks.problem)})`;
    return wrapText(reason, canvas.width - canvas.gutter - 3).map((line) => gutterLine(canvas, '', '|', line));
  }
  return [
    gutterLine(canvas, '', '|', ''),
    ...hunks.value.flatMap((hunk, index) => [
      ...(index === 0 ? [] : [canvas.style.blue('...')]),
      ...hunkLines(canvas, source, hunk),
    ]),
  ];
}

/** Cells for the highest line number the finding shows. */
function gutterOf(finding: Finding): number {
  const ends = [finding.place, ...finding.related.map(({ place }) => place)].map((place) =>
    place === undefined ? 1 : Math.max(count(place.line), count(place.endLine)),
  );
  const edits = finding.fixes.flatMap(({ edits: each }) =>
    each.map((edit) => count(edit.end.line) + edit.replacement.split('\n').length - 1),
  );
  return String(Math.min(9_999_999, Math.max(1, ...ends, ...edits))).length;
}

function render(finding: Finding, read: SourceReader, style: Style, options: RenderOptions): string {
  const canvas: Canvas = {
    style,
    read,
    width: Math.max(leastWidth, Math.floor(options.width ?? defaultWidth) || defaultWidth),
    secrets: options.secrets ?? [],
    gutter: gutterOf(finding),
  };
  const paint = severityStyle(style, finding.severity);
  const label = `${finding.severity}[${sentence(canvas, finding.rule)}]`;
  const [headline = '', ...more] = wrapHanging(
    sentence(canvas, finding.message),
    canvas.width,
    textWidth(label) + 2,
    2,
  );
  const lines = [
    `${style.bold(paint(label))}${style.bold(`: ${headline}`)}`,
    ...more.map((line) => `  ${style.bold(line)}`),
  ];
  const margin = ' '.repeat(canvas.gutter);
  if (finding.place !== undefined) {
    lines.push(`${margin}${style.blue('-->')} ${style.underline(placeText(canvas, finding.place))}`);
    lines.push(...excerpt(canvas, finding.place, '^', paint));
  }
  for (const { message, place } of finding.related) {
    lines.push(`${margin}${style.blue(':::')} ${style.underline(placeText(canvas, place))}`);
    lines.push(...excerpt(canvas, place, '-', style.blue, sentence(canvas, message)));
  }
  const remarks = [
    ...finding.evidence.flatMap(({ title, lines: each }) => evidenceLines(canvas, title, each)),
    ...(finding.why === undefined ? [] : remark(canvas, 'why', paragraphs(canvas, finding.why))),
    ...(finding.help === undefined ? [] : remark(canvas, 'help', paragraphs(canvas, finding.help))),
    ...(finding.ids.length === 0 ? [] : remark(canvas, 'see', sentence(canvas, finding.ids.join(', ')))),
  ];
  if (remarks.length > 0 && (finding.place !== undefined || finding.related.length > 0)) {
    lines.push(gutterLine(canvas, '', '|', ''));
  }
  lines.push(...remarks, ...finding.fixes.flatMap((fix) => fixLines(canvas, fix, finding.place)));
  return lines.join('\n');
}

/**
 * One finding as text, without a line break at the end. `sources` holds documents by the names places use; a place in a
 * document that is not there, or after its end, is given without an excerpt.
 */
export function renderFinding(
  finding: Finding,
  sources: ReadonlyMap<string, string>,
  style: Style,
  options: RenderOptions = {},
): string {
  return render(finding, sourceReader(sources, options.secrets ?? []), style, options);
}

/** All findings in the order of `compareFindings`, with an empty line between them. */
export function renderFindings(
  findings: readonly Finding[],
  sources: ReadonlyMap<string, string>,
  style: Style,
  options: RenderOptions = {},
): string {
  const read = sourceReader(sources, options.secrets ?? []);
  return findings
    .toSorted(compareFindings)
    .map((finding) => render(finding, read, style, options))
    .join('\n\n');
}

/** `2 errors, 1 warning`, or `no findings`. */
export function summariseFindings(findings: readonly Finding[]): string {
  const { error, warning, note } = countFindings(findings);
  const parts = [
    error === 0 ? '' : plural(error, 'error'),
    warning === 0 ? '' : plural(warning, 'warning'),
    note === 0 ? '' : plural(note, 'note'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}
