/**
 * One line of a document prepared for showing: tabs expanded, hidden characters made visible, cut to the width around the
 * stretch that matters, and where that stretch lies in cells.
 */
import { printable } from './printable.ts';
import { type Cell, cellsOf, textWidth } from './text-width.ts';

const tabStop = 4;
/** Lines longer than this are narrowed to the neighbourhood of the mark before they are split into characters. */
const longestSplit = 4000;

export interface ShownLine {
  readonly text: string;
  /** First marked cell, counted from 0, and the number of marked cells (at least one). */
  readonly markStart: number;
  readonly markWidth: number;
}

interface ShownCell {
  readonly text: string;
  readonly width: number;
  readonly from: number;
  readonly to: number;
}

function splitLine(line: string): readonly ShownCell[] {
  const shown: ShownCell[] = [];
  let used = 0;
  for (const cell of cellsOf(line)) {
    const text = cell.text === '\t' ? ' '.repeat(tabStop - (used % tabStop)) : printable(cell.text);
    const width = text === cell.text ? cell.width : textWidth(text);
    shown.push({ text, width, from: cell.offset, to: cell.offset + cell.text.length });
    used += width;
  }
  return shown;
}

function widthOf(cells: readonly Pick<Cell, 'width'>[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}

/** Moves a cut out of the middle of a surrogate pair. */
function wholeCut(line: string, at: number): number {
  const code = line.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/**
 * Prepares a line. `from` and `to` are offsets in the line in UTF-16 code units, `to` exclusive; both are brought into the
 * line if they lie outside. An empty stretch is marked with one cell.
 */
export function showLine(line: string, from: number, to: number, width: number): ShownLine {
  const markFrom = Math.min(Math.max(0, from), line.length);
  const markTo = Math.min(Math.max(markFrom, to), line.length);
  let sliceFrom = 0;
  let sliceTo = line.length;
  if (line.length > longestSplit) {
    const margin = Math.max(longestSplit / 4, 2 * width);
    sliceFrom = wholeCut(line, Math.max(0, markFrom - margin));
    sliceTo = wholeCut(line, Math.min(line.length, Math.min(markTo, markFrom + margin) + margin));
  }
  const cells = splitLine(line.slice(sliceFrom, sliceTo));
  const before = cells.findIndex((cell) => cell.to > markFrom - sliceFrom);
  const markedCell = before < 0 ? cells.length : before;
  const after = cells.findIndex((cell) => cell.from >= markTo - sliceFrom);
  const endCell = Math.max(markedCell, after < 0 ? cells.length : after);
  const markStart = widthOf(cells.slice(0, markedCell));
  const markWidth = widthOf(cells.slice(markedCell, endCell));
  const total = widthOf(cells);
  const cutLeft = sliceFrom > 0;
  const cutRight = sliceTo < line.length;
  if (total <= width && !cutLeft && !cutRight) {
    return { text: cells.map(({ text }) => text).join(''), markStart, markWidth: Math.max(1, markWidth) };
  }
  const room = Math.max(4, width - 2);
  const fitsFromStart = !cutLeft && markStart + Math.min(markWidth, room) <= room;
  const skip = fitsFromStart ? 0 : Math.max(0, markStart - Math.max(0, Math.floor((room - markWidth) / 2)));
  let first = 0;
  let skipped = 0;
  while (first < markedCell && skipped < skip) {
    skipped += cells[first]?.width ?? 0;
    first += 1;
  }
  let last = first;
  let used = 0;
  while (last < cells.length && used + (cells[last]?.width ?? 0) <= room) {
    used += cells[last]?.width ?? 0;
    last += 1;
  }
  const left = first > 0 || cutLeft ? '…' : '';
  const right = last < cells.length || cutRight ? '…' : '';
  const text = cells
    .slice(first, last)
    .map((cell) => cell.text)
    .join('');
  const start = markStart - skipped + left.length;
  return {
    text: `${left}${text}${right}`,
    markStart: start,
    markWidth: Math.max(1, Math.min(markWidth, used + left.length - start)),
  };
}
