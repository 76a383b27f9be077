/**
 * The difference of two texts as a unified diff (the format of `diff -u`, which `patch` and `git apply` read).
 *
 * Lines are compared with the greedy algorithm of Myers (An O(ND) Difference Algorithm and Its Variations, 1986) after
 * equal ends have been cut off. Where the texts differ in more lines than it is worth searching, the middle is shown as
 * replaced: still right, only longer.
 */
import { printable } from './printable.ts';
import type { Style } from './style.ts';
import { plainStyle } from './style.ts';

const contextLines = 3;
/** Steps of the search; its memory grows with their square. */
const mostSteps = 1000;

type Sign = ' ' | '-' | '+';

interface DiffLine {
  readonly sign: Sign;
  readonly text: string;
}

/** Empty when the texts are equal. Names are shown behind `---` and `+++`; without a line break at the end. */
export function unifiedDiff(
  before: string,
  after: string,
  names: { readonly before: string; readonly after: string },
  style: Style = plainStyle,
): string {
  if (before === after) return '';
  const lines = diffLines(linesOf(before), linesOf(after));
  const paint: Readonly<Record<Sign, (text: string) => string>> = {
    ' ': (text) => text,
    '-': style.red,
    '+': style.green,
  };
  const shown = [style.bold(`--- ${printable(names.before)}`), style.bold(`+++ ${printable(names.after)}`)];
  for (const hunk of hunksAround(lines)) {
    shown.push(style.blue(hunk.head));
    for (const { sign, text } of hunk.lines) {
      const isCut = !text.endsWith('\n');
      shown.push(paint[sign](`${sign}${printable(isCut ? text : text.slice(0, -1).replace(/\r$/, ''))}`));
      if (isCut) shown.push('\\ No newline at end of file');
    }
  }
  return shown.join('\n');
}

/** Lines that were replaced: `before` from line `from` up to `to` (from 0, without `to`), and what stands there now. */
export interface LineChange {
  readonly from: number;
  readonly to: number;
  readonly added: readonly string[];
}

/** From top to bottom; between two changes is at least one line that is the same. */
export function lineChanges(before: readonly string[], after: readonly string[]): readonly LineChange[] {
  const changes: { from: number; to: number; added: string[] }[] = [];
  let at = 0;
  let open: { from: number; to: number; added: string[] } | undefined;
  for (const { sign, text } of diffLines(before, after)) {
    if (sign === ' ') {
      at += 1;
      open = undefined;
      continue;
    }
    if (open === undefined) {
      open = { from: at, to: at, added: [] };
      changes.push(open);
    }
    if (sign === '+') open.added.push(text);
    else {
      at += 1;
      open.to = at;
    }
  }
  return changes;
}

/** Lines with their line ends, so that a missing one at the end is a difference. */
export function linesOf(text: string): readonly string[] {
  return text === '' ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}

function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) {
    end += 1;
  }
  const same = (text: string): DiffLine => ({ sign: ' ', text });
  return [
    ...before.slice(0, start).map(same),
    ...middleLines(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ];
}

function middleLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const trail = searchTrail(before, after);
  if (trail === undefined) {
    return [
      ...before.map((text): DiffLine => ({ sign: '-', text })),
      ...after.map((text): DiffLine => ({ sign: '+', text })),
    ];
  }
  const lines: DiffLine[] = [];
  let x = before.length;
  let y = after.length;
  for (let steps = trail.length - 1; steps >= 0; steps -= 1) {
    const reached = trail[steps] ?? new Map<number, number>();
    const diagonal = x - y;
    const fromAbove =
      diagonal === -steps ||
      (diagonal !== steps && (reached.get(diagonal - 1) ?? -1) < (reached.get(diagonal + 1) ?? -1));
    const previous = fromAbove ? diagonal + 1 : diagonal - 1;
    const previousX = steps === 0 ? 0 : (reached.get(previous) ?? 0);
    const previousY = steps === 0 ? 0 : previousX - previous;
    while (x > previousX && y > previousY) {
      x -= 1;
      y -= 1;
      lines.push({ sign: ' ', text: before[x] ?? '' });
    }
    if (steps === 0) break;
    if (fromAbove) {
      y -= 1;
      lines.push({ sign: '+', text: after[y] ?? '' });
    } else {
      x -= 1;
      lines.push({ sign: '-', text: before[x] ?? '' });
    }
  }
  return lines.reverse();
}

/** How far each diagonal was reached before each step; undefined when the search would be too long. */
function searchTrail(before: readonly string[], after: readonly string[]): readonly Map<number, number>[] | undefined {
  const trail: Map<number, number>[] = [];
  let reached = new Map<number, number>([[1, 0]]);
  for (let steps = 0; steps <= Math.min(mostSteps, before.length + after.length); steps += 1) {
    trail.push(reached);
    const next = new Map(reached);
    for (let diagonal = -steps; diagonal <= steps; diagonal += 2) {
      const down =
        diagonal === -steps || (diagonal !== steps && (next.get(diagonal - 1) ?? -1) < (next.get(diagonal + 1) ?? -1));
      let x = down ? (next.get(diagonal + 1) ?? 0) : (next.get(diagonal - 1) ?? 0) + 1;
      let y = x - diagonal;
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x += 1;
        y += 1;
      }
      next.set(diagonal, x);
      if (x >= before.length && y >= after.length) return trail;
    }
    reached = next;
  }
  return undefined;
}

interface DiffHunk {
  readonly head: string;
  readonly lines: readonly DiffLine[];
}

function hunksAround(lines: readonly DiffLine[]): readonly DiffHunk[] {
  const hunks: DiffHunk[] = [];
  const changes = lines.flatMap(({ sign }, at) => (sign === ' ' ? [] : [at]));
  let oldLine = 1;
  let newLine = 1;
  let at = 0;
  for (let first = 0; first < changes.length; ) {
    let last = first;
    while (last + 1 < changes.length && (changes[last + 1] ?? 0) - (changes[last] ?? 0) <= 2 * contextLines) last += 1;
    const from = Math.max(at, (changes[first] ?? 0) - contextLines);
    const to = Math.min(lines.length, (changes[last] ?? 0) + contextLines + 1);
    oldLine += from - at;
    newLine += from - at;
    const shown = lines.slice(from, to);
    const oldCount = shown.filter(({ sign }) => sign !== '+').length;
    const newCount = shown.filter(({ sign }) => sign !== '-').length;
    hunks.push({ head: `@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@`, lines: shown });
    oldLine += oldCount;
    newLine += newCount;
    at = to;
    first = last + 1;
  }
  return hunks;
}

/** `3,2`; a single line is `3`; of none, the line before it. */
function range(start: number, count: number): string {
  if (count === 1) return String(start);
  return count === 0 ? `${start - 1},0` : `${start},${count}`;
}
