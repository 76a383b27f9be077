/** A bill as a workbook: the lines with sums of their own, break-even points, what moves it, and the source of the list. */
import { type BillCell, billColumns, billRows, type PriceView } from '@bothways/twin';
import writeXlsxFile, { type SheetData } from 'write-excel-file/node';

const WIDTHS = [28, 20, 24, 44, 10, 12, 12, 40, 12, 8, 10, 30, 10, 36, 12, 24, 14, 14, 9, 9, 40, 30];

export async function billXlsx(view: PriceView): Promise<Uint8Array> {
  const bill: SheetData = [
    billColumns.map((value) => ({ value, fontWeight: 'bold' as const })),
    ...billRows(view).map((row) => row.map(cell)),
  ];
  const { list, breakEvens, sensitivity, currency } = view;
  const notes: SheetData = [
    ...table(
      [
        'Circuit',
        'Instead',
        `Now, ${currency}`,
        `Then, ${currency}`,
        'GB a month',
        'Percent',
        'Cheaper',
        'Remarks',
        'Facts',
      ],
      breakEvens.map((each) => [
        each.circuit,
        each.alternative,
        interval(each.now),
        interval(each.then),
        each.gigabytes,
        each.utilisationPercent,
        each.cheaper,
        each.remarks.join('; '),
        each.facts.join(' '),
      ]),
    ),
    [],
    ...table(
      ['If', `Per month, ${currency}`, 'Difference'],
      sensitivity.map((each) => [each.change, interval(each.monthly), interval(each.difference)]),
    ),
    [],
    ...table(
      ['List prices', 'Date', 'Remark'],
      [[list.document, list.date, `${list.caveat}${list.stale === true ? ' More than a year old.' : ''}`]],
    ),
  ];
  return new Uint8Array(
    await writeXlsxFile([
      { sheet: 'Bill', data: bill, columns: WIDTHS.map((width) => ({ width })), stickyRowsCount: 1 },
      { sheet: 'Decisions', data: notes, columns: [24, 36, 22, 22, 12, 10, 12, 60, 30].map((width) => ({ width })) },
    ]).toBuffer(),
  );
}

function table(header: readonly string[], rows: readonly (readonly BillCell[])[]): SheetData {
  return [header.map((value) => ({ value, fontWeight: 'bold' as const })), ...rows.map((row) => row.map(cell))];
}

/** Text is a string cell and never a formula. */
function cell(value: BillCell): SheetData[number][number] {
  if (value === undefined) return null;
  return typeof value === 'number' ? { type: Number, value } : { type: String, value };
}

function interval(cost: { readonly low: string; readonly high: string | undefined } | undefined): string {
  if (cost === undefined) return 'missing';
  if (cost.high === undefined) return `at least ${cost.low}`;
  return cost.low === cost.high ? cost.low : `${cost.low} to ${cost.high}`;
}
