/**
 * Applying edits to the text of a document, all at once: every position means the text as it was before any edit.
 */
import { type Parsed, parsed, problem } from '@bothways/net';
import type { Edit, Position } from './finding.ts';
import { plural } from './wording.ts';

/** The offsets at which the lines of a text start. Lines end with a line feed, with or without a carriage return. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

/** The offset of a position, or undefined when the text has no such line or column. The end of a line is a column. */
function offsetOf(text: string, starts: readonly number[], { line, column }: Position): number | undefined {
  const start = Number.isInteger(line) ? starts[line - 1] : undefined;
  if (start === undefined || !Number.isInteger(column) || column < 1) {
    return undefined;
  }
  const next = starts[line];
  let end = next === undefined ? text.length : next - 1;
  if (next !== undefined && text.charCodeAt(end - 1) === 0x0d && end > start) {
    end -= 1;
  }
  const offset = start + column - 1;
  return offset <= end ? offset : undefined;
}

function positionText({ line, column }: Position): string {
  return `${line}:${column}`;
}

/**
 * The text after all edits. Refuses edits that overlap, insert at the same point, lie outside the text, run backwards or
 * name different files: which one to leave out is not for this function to decide. An insertion may touch a replacement.
 */
export function applyEdits(text: string, edits: readonly Edit[]): Parsed<string> {
  const starts = lineStarts(text);
  const placed: { from: number; to: number; edit: Edit }[] = [];
  for (const edit of edits) {
    const from = offsetOf(text, starts, edit.start);
    const to = offsetOf(text, starts, edit.end);
    if (from === undefined || to === undefined) {
      const outside = from === undefined ? edit.start : edit.end;
      return problem(
        `the edit at ${positionText(outside)} lies outside the text, which has ${plural(starts.length, 'line')}`,
      );
    }
    if (to < from) {
      return problem(`the edit from ${positionText(edit.start)} to ${positionText(edit.end)} runs backwards`);
    }
    if (edit.file !== edits[0]?.file) {
      return problem(`the edits are for different files: ${edits[0]?.file} and ${edit.file}`);
    }
    placed.push({ from, to, edit });
  }
  placed.sort((a, b) => a.from - b.from || a.to - b.to);
  const pieces: string[] = [];
  let done = 0;
  let previous: { from: number; to: number; edit: Edit } | undefined;
  for (const each of placed) {
    if (each.from < done || (previous !== undefined && previous.from === each.from && previous.to === each.to)) {
      const other = previous?.edit.start ?? each.edit.start;
      return problem(`the edits at ${positionText(other)} and ${positionText(each.edit.start)} overlap`);
    }
    pieces.push(text.slice(done, each.from), each.edit.replacement);
    done = each.to;
    previous = each;
  }
  pieces.push(text.slice(done));
  return parsed(pieces.join(''));
}
