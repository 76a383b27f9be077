/**
 * The whole bill of an estate, per month and over a term: Microsoft, connectivity providers, lines, boxes, own work.
 *
 * Every line is a quantity times a unit price, rounded once to the smallest unit of the bill's currency; sums are whole
 * numbers. What is not known stays visible: a line is then an interval, open above where nothing bounds it, and so is
 * every sum it is part of.
 *
 * Left out: taxes, support plans, licences (none is needed for ExpressRoute, ER-196), the price lists of the Azure
 * services that are reached (ER-193).
 */
import type { Estate } from '@bothways/estate';
import { type PriceZone, prices } from '@bothways/facts';
import { azureLines } from './bill-azure.ts';
import type { BillItem, MonthlyVolume, Party } from './bill-item.ts';
import { ownLines } from './bill-own.ts';
import { providerLines } from './bill-provider.ts';
import { listPricesAreStale, priceBook } from './price.ts';
import { type Exchange, exact, exchange, product } from './price-money.ts';

/** Smallest units of the bill's currency, whole numbers; `high` undefined: nothing bounds it. */
export interface Cost {
  readonly low: number;
  readonly high: number | undefined;
}

export interface BillLine extends BillItem {
  readonly cost: Cost;
  /** 'known': one figure. 'range': between two. 'missing': the price, or the exchange rate, is not known. */
  readonly status: 'known' | 'range' | 'missing';
}

export interface Bill {
  readonly currency: string;
  readonly termMonths: number;
  readonly lines: readonly BillLine[];
  readonly monthly: Cost;
  readonly once: Cost;
  /** Set-up and all months of the term. */
  readonly term: Cost;
  readonly byParty: readonly { readonly party: Party; readonly monthly: Cost; readonly once: Cost }[];
  /** Microsoft's charges for circuits for one month: what each month between service key and first packet costs. */
  readonly monthBeforeUse: Cost;
  readonly list: {
    readonly source: string;
    readonly document: string;
    readonly date: string;
    readonly caveat: string;
    /** Older than a year on the day that was asked for; undefined: no day was given. */
    readonly stale: boolean | undefined;
  };
}

export interface PriceOptions {
  /** Months; 36 unless stated. */
  readonly termMonths?: number;
  /** By circuit; a circuit without one is unknown up to its bandwidth. */
  readonly volumes?: ReadonlyMap<string, MonthlyVolume>;
  /** ISO day against which the age of the list is measured. */
  readonly asOf?: string;
  /** Months between the service key of each circuit and its first packet, on top of the term; 0 unless stated. */
  readonly setUpMonths?: number;
  /** All circuits as if their locations were in this zone. */
  readonly zone?: PriceZone;
}

export const DEFAULT_TERM_MONTHS = 36;

const PARTIES: readonly Party[] = [
  'microsoft',
  'connectivity provider',
  'building',
  'wan',
  'internet',
  'equipment',
  'own work',
];

export function priceEstate(estate: Estate, options: PriceOptions = {}): Bill {
  const { prices: overrides } = estate;
  const book = priceBook(overrides);
  const volumes = new Map(options.volumes);
  for (const { circuit, gigabytes } of overrides.volumes) volumes.set(circuit, measuredVolume(gigabytes));
  const rates = new Map(overrides.exchangeRates.map(({ currency, perUsDollar }) => [currency, perUsDollar]));
  const into = exchange(overrides.currency, rates);
  const items = [
    ...azureLines(estate, book, volumes, options.zone, options.setUpMonths ?? 0),
    ...providerLines(estate, book),
    ...ownLines(estate, book),
  ];
  return billOf(
    items.map((item) => billLine(item, into)),
    overrides.currency,
    options,
  );
}

function billOf(lines: readonly BillLine[], currency: string, options: PriceOptions = {}): Bill {
  const termMonths = options.termMonths ?? DEFAULT_TERM_MONTHS;
  if (!Number.isSafeInteger(termMonths) || termMonths < 0) throw new RangeError(`a term of ${termMonths} months`);
  const monthly = totalOf(lines.filter(({ period }) => period === 'month'));
  const once = totalOf(lines.filter(({ period }) => period === 'once'));
  return {
    currency,
    termMonths,
    lines,
    monthly,
    once,
    term: addedCost(once, times(monthly, termMonths)),
    byParty: PARTIES.flatMap((party) => {
      const own = lines.filter((line) => line.party === party);
      if (own.length === 0) return [];
      return [
        {
          party,
          monthly: totalOf(own.filter(({ period }) => period === 'month')),
          once: totalOf(own.filter(({ period }) => period === 'once')),
        },
      ];
    }),
    monthBeforeUse: totalOf(lines.filter(({ id }) => /^circuits\..*\/fee$/.test(id))),
    list: {
      source: prices.source.id,
      document: prices.source.document,
      date: prices.date,
      caveat: prices.caveat,
      stale: options.asOf === undefined ? undefined : listPricesAreStale(options.asOf),
    },
  };
}

function billLine(item: BillItem, into: Exchange): BillLine {
  const { price, quantity } = item;
  const least = price.amount ?? price.bounds.low;
  const most = price.amount ?? price.bounds.high;
  const low = into.minor(product(least, quantity.low), price.currency);
  const high =
    most === undefined || quantity.high === undefined
      ? undefined
      : into.minor(product(most, quantity.high), price.currency);
  const cost: Cost = { low: low ?? 0, high: low === undefined ? undefined : high };
  const missing = price.amount === undefined || low === undefined;
  return { ...item, cost, status: missing ? 'missing' : cost.low === cost.high ? 'known' : 'range' };
}

export function totalOf(lines: readonly { readonly cost: Cost }[]): Cost {
  return lines.reduce<Cost>((sum, { cost }) => addedCost(sum, cost), { low: 0, high: 0 });
}

export function addedCost(a: Cost, b: Cost): Cost {
  return {
    low: safe(a.low + b.low),
    high: a.high === undefined || b.high === undefined ? undefined : safe(a.high + b.high),
  };
}

function times({ low, high }: Cost, count: number): Cost {
  return { low: safe(low * count), high: high === undefined ? undefined : safe(high * count) };
}

function safe(minor: number): number {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`${minor} is too much for a bill`);
  return minor;
}

export function measuredVolume(gigabytes: number): MonthlyVolume {
  const units = exact(gigabytes);
  return { low: units, high: units, basis: 'measured', text: `${gigabytes} GB, measured` };
}
