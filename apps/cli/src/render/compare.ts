/** Two estates in one table; a mark stands at what is better. */
import { formatTable, printable } from '@bothways/diagnostics';
import type { ComparedRow, ComparedView } from '@bothways/twin';
import type { Terminal } from '../terminal.ts';
import { hanging } from './words.ts';

export function renderCompared({ a, b, rows, remarks }: ComparedView, { style, width }: Terminal): string {
  const mark = (row: ComparedRow, which: 'a' | 'b'): string => (row.better === which ? '+ ' : '  ');
  const groups = [...new Set(rows.map(({ group }) => group))];
  const table = formatTable(
    groups.flatMap((group) =>
      rows
        .filter((row) => row.group === group)
        .map((row, position) => [
          position === 0 ? group : '',
          row.measure,
          `${mark(row, 'a')}${row.a}`,
          `${mark(row, 'b')}${row.b}`,
        ]),
    ),
    { header: ['', '', `  ${printable(a)}`, `  ${printable(b)}`] },
  );
  return [
    table.join('\n'),
    ...(remarks.length === 0 ? [] : [remarks.map((each) => hanging('! ', each, width)).join('\n')]),
    style.dim('+ better, where that can be said: intervals that overlap are not compared'),
  ].join('\n\n');
}
