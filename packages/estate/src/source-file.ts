/**
 * One file of the document as text, and the way from an offset in it to a line and a column.
 *
 * Lines end with LF (a CR before it belongs to the line end). Columns count UTF-16 code units from 1, as editors and
 * JavaScript strings do. A byte order mark is part of the text and takes a column of line 1.
 */
import type { Edit, Place } from '@bothways/diagnostics';

export interface SourceFile {
  readonly name: string;
  readonly text: string;
  /** Offsets at which lines start; the first is 0. */
  readonly lineStarts: readonly number[];
  /** The line end this file uses, for lines that an edit adds. */
  readonly lineEnd: '\n' | '\r\n';
}

export function sourceFile(name: string, text: string): SourceFile {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const firstBreak = text.indexOf('\n');
  return { name, text, lineStarts, lineEnd: firstBreak > 0 && text[firstBreak - 1] === '\r' ? '\r\n' : '\n' };
}

export function positionAt(file: SourceFile, offset: number): { readonly line: number; readonly column: number } {
  const { lineStarts } = file;
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

/** Offset of the first character of the line that contains `offset`. */
export function lineStartOf(file: SourceFile, offset: number): number {
  return file.lineStarts[positionAt(file, offset).line - 1] ?? 0;
}

/** Offset just after the last character of the line that contains `offset`, before its line end. */
export function lineEndOf(file: SourceFile, offset: number): number {
  const feed = file.text.indexOf('\n', offset);
  if (feed === -1) return file.text.length;
  return feed > 0 && feed - 1 >= offset && file.text[feed - 1] === '\r' ? feed - 1 : feed;
}

export function placeBetween(file: SourceFile, start: number, end: number): Place {
  const from = positionAt(file, start);
  const to = positionAt(file, Math.max(start, end));
  return { file: file.name, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

export function editBetween(file: SourceFile, start: number, end: number, replacement: string): Edit {
  return { file: file.name, start: positionAt(file, start), end: positionAt(file, end), replacement };
}
