/**
 * Small text tables: columns padded to their widest cell, wide characters counted, without borders or with light ones.
 */
import { printableSentence } from './printable.ts';
import { cutText, textWidth } from './text-width.ts';

export type Alignment = 'left' | 'right';

export interface TableOptions {
  /** One title for each column; a rule is drawn under them. */
  readonly header?: readonly string[];
  /** One for each column; `left` for those not given. */
  readonly align?: readonly Alignment[];
  /** `light` draws lines around and between columns; `none` (the default) separates columns by two spaces. */
  readonly borders?: 'none' | 'light';
  /** Widest a column may be, in cells; longer content is cut with `…`. No limit unless given. */
  readonly columnWidth?: number;
}

/** The table as lines, without line breaks at the end of each. Short rows are filled with empty cells. */
export function formatTable(rows: readonly (readonly string[])[], options: TableOptions = {}): readonly string[] {
  const { header, align = [], borders = 'none', columnWidth = Number.POSITIVE_INFINITY } = options;
  const clean = (row: readonly string[]): readonly string[] =>
    row.map((cell) => cutText(printableSentence(cell), columnWidth));
  const body = rows.map(clean);
  const titles = header === undefined ? undefined : clean(header);
  const all = titles === undefined ? body : [titles, ...body];
  const columnCount = all.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: columnCount }, (_, column) =>
    all.reduce((widest, row) => Math.max(widest, textWidth(row[column] ?? '')), 0),
  );
  const padded = (row: readonly string[]): readonly string[] =>
    widths.map((width, column) => {
      const cell = row[column] ?? '';
      const space = ' '.repeat(width - textWidth(cell));
      return align[column] === 'right' ? space + cell : cell + space;
    });
  if (borders === 'none') {
    const line = (row: readonly string[]): string => padded(row).join('  ').trimEnd();
    const rule = widths.map((width) => '─'.repeat(width)).join('  ');
    return [...(titles === undefined ? [] : [line(titles), rule]), ...body.map(line)];
  }
  const line = (row: readonly string[]): string => `│ ${padded(row).join(' │ ')} │`;
  const rule = (left: string, middle: string, right: string): string =>
    left + widths.map((width) => '─'.repeat(width + 2)).join(middle) + right;
  return [
    rule('┌', '┬', '┐'),
    ...(titles === undefined ? [] : [line(titles), rule('├', '┼', '┤')]),
    ...body.map(line),
    rule('└', '┴', '┘'),
  ];
}
