/**
 * What a fix does, as the lines it takes away and the lines it puts there. Edits on the same or neighbouring lines form
 * one hunk. Leaves out a search for the smallest difference: only lines that are equal at both ends of a hunk are dropped.
 */
import { type Parsed, parsed, problem } from '@bothways/net';
import { applyEdits } from './edit.ts';
import type { Edit } from './finding.ts';
import { type SourceText, splitLines } from './source-text.ts';

export interface Hunk {
  /** Line number of the first removed line, or of the line before which lines are added. */
  readonly oldLine: number;
  /** Line number of the first added line in the text after the fix. */
  readonly newLine: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

function moveLines(edit: Edit, lines: number): Edit {
  return {
    ...edit,
    start: { line: edit.start.line - lines, column: edit.start.column },
    end: { line: edit.end.line - lines, column: edit.end.column },
  };
}

/** The hunks of edits to one document. A problem when the edits do not fit the text, see `applyEdits`. */
export function hunksOf(source: SourceText, edits: readonly Edit[]): Parsed<readonly Hunk[]> {
  const whole = applyEdits(source.text, edits);
  if (!whole.ok) {
    return whole;
  }
  const sorted = edits.toSorted((a, b) => a.start.line - b.start.line || a.start.column - b.start.column);
  const groups: { first: number; last: number; edits: Edit[] }[] = [];
  for (const edit of sorted) {
    const group = groups.at(-1);
    if (group !== undefined && edit.start.line <= group.last + 1) {
      group.last = Math.max(group.last, edit.end.line);
      group.edits.push(edit);
    } else {
      groups.push({ first: edit.start.line, last: edit.end.line, edits: [edit] });
    }
  }
  const hunks: Hunk[] = [];
  let shift = 0;
  for (const group of groups) {
    const before = source.lines.slice(group.first - 1, group.last);
    const local = group.edits.map((edit) => moveLines(edit, group.first - 1));
    const applied = applyEdits(before.join('\n'), local);
    if (!applied.ok) {
      return problem(applied.problem);
    }
    const after = splitLines(applied.value);
    let same = 0;
    while (same < before.length && same < after.length && before[same] === after[same]) {
      same += 1;
    }
    let sameEnd = 0;
    while (
      sameEnd < before.length - same &&
      sameEnd < after.length - same &&
      before.at(-1 - sameEnd) === after.at(-1 - sameEnd)
    ) {
      sameEnd += 1;
    }
    const removed = before.slice(same, before.length - sameEnd);
    const added = after.slice(same, after.length - sameEnd);
    if (removed.length + added.length > 0) {
      hunks.push({ oldLine: group.first + same, newLine: group.first + same + shift, removed, added });
    }
    shift += after.length - before.length;
  }
  return parsed(hunks);
}

/** The offsets between which two lines differ; the whole line when nothing is alike. */
export function differingPart(line: string, other: string): { readonly from: number; readonly to: number } {
  const shorter = Math.min(line.length, other.length);
  let from = 0;
  while (from < shorter && line[from] === other[from]) {
    from += 1;
  }
  let tail = 0;
  while (tail < shorter - from && line.at(-1 - tail) === other.at(-1 - tail)) {
    tail += 1;
  }
  return { from, to: line.length - tail };
}
