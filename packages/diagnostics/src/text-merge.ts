/**
 * Two changes of the same text put together, line by line: the three-way merge of diff3 (Khanna, Kunal and Pierce, A
 * Formal Investigation of Diff3, 2007). Changes of different lines are both taken; changes of the same lines, or of lines
 * beside each other, are a conflict unless they are equal. Nothing is ever left out: a line that one side changed is in a
 * part of its own or in both sides of a conflict.
 */
import { type LineChange, lineChanges, linesOf } from './text-diff.ts';

export type MergePart =
  | { readonly kind: 'agreed'; readonly text: string }
  | { readonly kind: 'conflict'; readonly base: string; readonly ours: string; readonly theirs: string };

export interface MergedText {
  /** The merged text; undefined when there are conflicts. */
  readonly text: string | undefined;
  /** From top to bottom, with at least the agreed ones between conflicts. */
  readonly parts: readonly MergePart[];
}

export function mergeTexts(base: string, ours: string, theirs: string): MergedText {
  const baseLines = linesOf(base);
  const sides = [lineChanges(baseLines, linesOf(ours)), lineChanges(baseLines, linesOf(theirs))] as const;
  const parts: MergePart[] = [];
  const agree = (lines: readonly string[]): void => {
    if (lines.length === 0) return;
    const last = parts.at(-1);
    const text = lines.join('');
    if (last?.kind === 'agreed') parts[parts.length - 1] = { kind: 'agreed', text: last.text + text };
    else parts.push({ kind: 'agreed', text });
  };
  let at = 0;
  for (const { from, to, mine, others } of stretches(...sides)) {
    agree(baseLines.slice(at, from));
    const own = applied(baseLines, from, to, mine).join('');
    const other = applied(baseLines, from, to, others).join('');
    if (others.length === 0 || own === other) agree([own]);
    else if (mine.length === 0) agree([other]);
    else parts.push({ kind: 'conflict', base: baseLines.slice(from, to).join(''), ours: own, theirs: other });
    at = to;
  }
  agree(baseLines.slice(at));
  const conflicts = parts.some(({ kind }) => kind === 'conflict');
  return {
    text: conflicts ? undefined : parts.map((part) => (part.kind === 'agreed' ? part.text : '')).join(''),
    parts,
  };
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly mine: readonly LineChange[];
  readonly others: readonly LineChange[];
}

/** Changes of both sides that overlap or touch belong together. */
function stretches(ours: readonly LineChange[], theirs: readonly LineChange[]): readonly Stretch[] {
  const all = [
    ...ours.map((change) => ({ change, isOurs: true })),
    ...theirs.map((change) => ({ change, isOurs: false })),
  ].sort((a, b) => a.change.from - b.change.from || a.change.to - b.change.to);
  const found: { from: number; to: number; mine: LineChange[]; others: LineChange[] }[] = [];
  for (const { change, isOurs } of all) {
    let last = found.at(-1);
    if (last === undefined || change.from > last.to) {
      last = { from: change.from, to: change.to, mine: [], others: [] };
      found.push(last);
    }
    last.to = Math.max(last.to, change.to);
    (isOurs ? last.mine : last.others).push(change);
  }
  return found;
}

function applied(base: readonly string[], from: number, to: number, changes: readonly LineChange[]): readonly string[] {
  const lines: string[] = [];
  let at = from;
  for (const change of changes) {
    for (const line of base.slice(at, change.from)) lines.push(line);
    for (const line of change.added) lines.push(line);
    at = change.to;
  }
  return [...lines, ...base.slice(at, to)];
}
