/** The bill of an estate as plain values: amounts as decimal text, exact, beside the currency they are in. */

import type { EstateView } from '@bothways/checks';
import { placeOfOrigins, placeText } from '@bothways/checks';
import type { Finding } from '@bothways/diagnostics';
import { source } from '@bothways/facts';
import {
  approximate,
  type Bill,
  type BillLine,
  type BreakEven,
  breakEvens,
  type Cost,
  decimalText,
  monthlyVolumes,
  type PriceOptions,
  priceEstate,
  type Ratio,
  type SensitivityRow,
  sensitivity,
} from '@bothways/planning';
import { type InputFile, type OpenOptions, openEstate } from './estate-view.ts';
import { withNulls } from './quality-view.ts';

/** Decimal text of whole cents, such as '1234.50'; `high` undefined: nothing bounds it. */
export interface CostView {
  readonly low: string;
  readonly high: string | undefined;
}

export interface BillLineView {
  readonly id: string;
  readonly party: string;
  readonly subject: string;
  readonly what: string;
  readonly period: 'month' | 'once';
  readonly quantityLow: number;
  readonly quantityHigh: number | undefined;
  readonly quantityText: string;
  /** Name that `prices.overrides` knows it by. */
  readonly priceName: string;
  readonly unitPrice: number | undefined;
  readonly per: string;
  readonly priceCurrency: string;
  readonly origin: 'document' | 'list' | 'missing';
  /** Place in the document, or source, or why it is missing. */
  readonly because: string;
  readonly date: string | undefined;
  readonly doubt: string | undefined;
  readonly cost: CostView;
  readonly status: BillLine['status'];
  readonly billed: string | undefined;
  readonly facts: readonly string[];
}

export interface PriceView {
  readonly estate: string;
  readonly currency: string;
  readonly termMonths: number;
  readonly monthly: CostView;
  readonly once: CostView;
  readonly term: CostView;
  readonly monthBeforeUse: CostView;
  readonly byParty: readonly { readonly party: string; readonly monthly: CostView; readonly once: CostView }[];
  readonly lines: readonly BillLineView[];
  readonly breakEvens: readonly BreakEvenView[];
  readonly sensitivity: readonly {
    readonly change: string;
    readonly monthly: CostView;
    readonly difference: CostView;
  }[];
  readonly list: Bill['list'];
}

export interface BreakEvenView {
  readonly circuit: string;
  readonly kind: BreakEven['kind'];
  readonly alternative: string;
  readonly now: CostView | undefined;
  readonly then: CostView | undefined;
  readonly gigabytes: number | undefined;
  readonly utilisationPercent: number | undefined;
  readonly cheaper: BreakEven['cheaper'];
  readonly remarks: readonly string[];
  readonly facts: readonly string[];
}

export interface Priced {
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  /** Undefined: the document has errors, and nothing was computed. */
  readonly price: PriceView | undefined;
}

export interface PriceQuery extends OpenOptions {
  readonly termMonths?: number;
  /** Months between the service key of each circuit and its first packet. */
  readonly setUpMonths?: number;
  /** ISO day against which the age of the price list is measured. */
  readonly asOf?: string;
}

export function priceInEstate(files: readonly InputFile[], query: PriceQuery = {}): Priced {
  const { document, findings, view } = openEstate(files, query);
  const price = view === undefined ? undefined : priceView(view, query);
  return { findings, sources: document.printableSources, price };
}

export function billOfView(
  { compiled, data, estate }: EstateView,
  { termMonths, setUpMonths, asOf }: PriceQuery,
): {
  readonly bill: Bill;
  readonly options: PriceOptions;
} {
  const options: PriceOptions = {
    volumes: monthlyVolumes(compiled, data),
    ...(termMonths === undefined ? {} : { termMonths }),
    ...(setUpMonths === undefined ? {} : { setUpMonths }),
    ...(asOf === undefined ? {} : { asOf }),
  };
  return { bill: priceEstate(estate, options), options };
}

function priceView(view: EstateView, query: PriceQuery): PriceView {
  const { bill, options } = billOfView(view, query);
  const { currency } = bill;
  const cost = (value: Cost): CostView => costView(value, currency);
  return {
    estate: view.estate.organisation.name,
    currency,
    termMonths: bill.termMonths,
    monthly: cost(bill.monthly),
    once: cost(bill.once),
    term: cost(bill.term),
    monthBeforeUse: cost(bill.monthBeforeUse),
    byParty: bill.byParty.map(({ party, monthly, once }) => ({ party, monthly: cost(monthly), once: cost(once) })),
    lines: bill.lines.map((line) => lineView(view, line, currency)),
    breakEvens: breakEvens(view.estate, bill, options).map((each) => breakEvenView(each, currency)),
    sensitivity: sensitivity(view.estate, bill, options).map(({ change, monthly, difference }: SensitivityRow) => ({
      change,
      monthly: cost(monthly),
      difference: cost(difference),
    })),
    list: bill.list,
  };
}

export function costView({ low, high }: Cost, currency: string): CostView {
  return { low: decimalText(low, currency), high: high === undefined ? undefined : decimalText(high, currency) };
}

function lineView(view: EstateView, line: BillLine, currency: string): BillLineView {
  const { id, party, subject, what, period, quantity, price, cost, status, billed, facts } = line;
  const { origin } = price;
  return {
    id,
    party,
    subject,
    what,
    period,
    quantityLow: approximate(quantity.low),
    quantityHigh: numberOf(quantity.high),
    quantityText: quantity.text,
    priceName: price.name,
    unitPrice: numberOf(price.amount),
    per: price.per,
    priceCurrency: price.currency,
    origin: origin.kind,
    because: becauseText(view, line),
    date: origin.kind === 'list' ? origin.date : undefined,
    doubt: origin.kind === 'list' ? origin.doubt : undefined,
    cost: costView(cost, currency),
    status,
    billed,
    facts: [...new Set([...facts, ...(origin.kind !== 'document' && origin.fact !== undefined ? [origin.fact] : [])])],
  };
}

function becauseText(view: EstateView, { price, cost, status }: BillLine): string {
  const { origin } = price;
  if (origin.kind === 'document') {
    const place = placeOfOrigins(view, [{ kind: 'document', path: origin.path }]);
    const rate = status === 'missing' && price.amount !== undefined ? '; no exchange rate' : '';
    return (place === undefined ? 'stated in the document' : placeText(view, place)) + rate;
  }
  if (origin.kind === 'list') {
    const rate = status === 'missing' ? '; no exchange rate into the currency of the bill' : '';
    return `${source(origin.source)?.document ?? origin.source}${rate}`;
  }
  const bounds = price.bounds.because === undefined || cost.high === undefined ? '' : `; ${price.bounds.because}`;
  return origin.because + bounds;
}

function breakEvenView(each: BreakEven, currency: string): BreakEvenView {
  const { circuit, kind, alternativeIs, now, alternative, gigabytes, utilisationPercent, cheaper, remarks, facts } =
    each;
  return {
    circuit,
    kind,
    alternative: alternativeIs,
    now: now === undefined ? undefined : costView(now, currency),
    then: alternative === undefined ? undefined : costView(alternative, currency),
    gigabytes,
    utilisationPercent: utilisationPercent === undefined ? undefined : Math.round(utilisationPercent * 100) / 100,
    cheaper,
    remarks,
    facts,
  };
}

function numberOf(ratio: Ratio | undefined): number | undefined {
  return ratio === undefined ? undefined : approximate(ratio);
}

/** Bill of materials, one row for each line. */
export const billColumns = [
  'Id',
  'Party',
  'For',
  'What',
  'Period',
  'Quantity, least',
  'Quantity, most',
  'Quantity explained',
  'Unit price',
  'Per',
  'Price currency',
  'Price name',
  'Origin',
  'Source',
  'Date',
  'Doubt',
  'Cost, least',
  'Cost, most',
  'Currency',
  'Status',
  'Billed',
  'Facts',
] as const;

export type BillCell = string | number | undefined;

export function billRows({
  lines,
  currency,
  monthly,
  once,
  term,
  termMonths,
}: PriceView): readonly (readonly BillCell[])[] {
  const rows = lines.map((line): readonly BillCell[] => [
    line.id,
    line.party,
    line.subject,
    line.what,
    line.period === 'month' ? 'per month' : 'once',
    line.quantityLow,
    line.quantityHigh,
    line.quantityText,
    line.unitPrice,
    line.per,
    line.priceCurrency,
    line.priceName,
    line.origin,
    line.because,
    line.date,
    line.doubt,
    Number(line.cost.low),
    line.cost.high === undefined ? undefined : Number(line.cost.high),
    currency,
    line.status,
    line.billed,
    line.facts.join(' '),
  ]);
  const total = (what: string, cost: CostView): readonly BillCell[] => {
    const row: BillCell[] = Array<BillCell>(billColumns.length).fill(undefined);
    row[0] = 'total';
    row[3] = what;
    row[16] = Number(cost.low);
    row[17] = cost.high === undefined ? undefined : Number(cost.high);
    row[18] = currency;
    row[19] = cost.high === undefined ? 'missing' : cost.low === cost.high ? 'known' : 'range';
    return row;
  };
  return [
    ...rows,
    total('per month', monthly),
    total('once', once),
    total(`over ${termMonths} months, with what is paid once`, term),
  ];
}

/** RFC 4180. Text that a spreadsheet would run as a formula is written with an apostrophe in front. */
export function billCsv(view: PriceView): string {
  const line = (cells: readonly BillCell[]): string => cells.map(csvCell).join(',');
  return `${[line(billColumns), ...billRows(view).map(line)].join('\r\n')}\r\n`;
}

function csvCell(cell: BillCell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** JSON without gaps: what is not known is null. */
export function priceJson(view: PriceView): object {
  return withNulls(view);
}
