/**
 * How the bill moves when one thing about it changes: more traffic, another billing zone, a dearer currency. Every row is
 * a whole new bill of the changed estate, not an approximation.
 */
import type { Estate } from '@bothways/estate';
import { type PriceZone, zoneText } from '@bothways/facts';
import { type Bill, type Cost, type PriceOptions, priceEstate } from './bill.ts';
import type { MonthlyVolume } from './bill-item.ts';
import { exact, product } from './price-money.ts';

export interface SensitivityRow {
  readonly kind: 'traffic' | 'zone' | 'currency';
  /** 'traffic grows by 50 %' */
  readonly change: string;
  readonly monthly: Cost;
  /** Against the bill as it is: of the least and of the most; rows without a difference are left out. */
  readonly difference: { readonly low: number; readonly high: number | undefined };
}

const GROWTHS = [25, 50, 100] as const;
const ZONES: readonly PriceZone[] = [1, 2, 3, 4];
/** Percent by which each foreign currency gets dearer. */
const CURRENCY_STEP = 10;

export function sensitivity(estate: Estate, bill: Bill, options: PriceOptions = {}): readonly SensitivityRow[] {
  const row = (kind: SensitivityRow['kind'], change: string, other: Bill): SensitivityRow => ({
    kind,
    change,
    monthly: other.monthly,
    difference: differenceOf(bill, other),
  });
  const hasMetered = bill.lines.some(({ id }) => id.endsWith('/data-out'));
  const hasCircuits = estate.circuits.some(({ direct }) => direct === undefined);
  const currencies = [
    ...new Set(bill.lines.flatMap(({ price }) => (price.amount === undefined ? [] : [price.currency]))),
  ].filter((code) => code !== bill.currency);
  const rows = [
    ...(hasMetered ? GROWTHS : []).map((percent) =>
      row(
        'traffic',
        `traffic grows by ${percent} %`,
        priceEstate(withMoreTraffic(estate, percent), grown(options, percent)),
      ),
    ),
    ...(hasCircuits ? ZONES : []).map((zone) =>
      row('zone', `all circuits in ${zoneText(zone)}`, priceEstate(estate, { ...options, zone })),
    ),
    ...currencies.flatMap((code) => {
      const dearer = withDearer(estate, code);
      return dearer === undefined
        ? []
        : [row('currency', `${code} ${CURRENCY_STEP} % dearer`, priceEstate(dearer, options))];
    }),
  ];
  return rows.filter(({ difference }) => difference.low !== 0 || difference.high !== 0);
}

/** Line by line, so that what stays open in both is no difference. */
function differenceOf(before: Bill, after: Bill): SensitivityRow['difference'] {
  const was = new Map(before.lines.map(({ id, cost }) => [id, cost]));
  let low = 0;
  let high: number | undefined = 0;
  for (const { id, period, cost } of after.lines) {
    const old = was.get(id);
    if (period !== 'month' || old === undefined) continue;
    low += cost.low - old.low;
    if (cost.high === undefined && old.high === undefined) continue;
    high =
      high === undefined || cost.high === undefined || old.high === undefined ? undefined : high + cost.high - old.high;
  }
  return { low, high };
}

function withMoreTraffic(estate: Estate, percent: number): Estate {
  const volumes = estate.prices.volumes.map((each) => ({
    ...each,
    gigabytes: Number((each.gigabytes * (1 + percent / 100)).toPrecision(15)),
  }));
  return { ...estate, prices: { ...estate.prices, volumes } };
}

/** A circuit whose traffic nobody knows stays between nothing and its full rate. */
function grown(options: PriceOptions, percent: number): PriceOptions {
  if (options.volumes === undefined) return options;
  const factor = exact(1 + percent / 100);
  const more = (volume: MonthlyVolume): MonthlyVolume => ({
    ...volume,
    low: product(volume.low, factor),
    high: volume.basis === 'unknown' ? volume.high : product(volume.high, factor),
  });
  return { ...options, volumes: new Map([...options.volumes].map(([name, volume]) => [name, more(volume)])) };
}

/** undefined: there is no rate to change. */
function withDearer(estate: Estate, code: string): Estate | undefined {
  const { prices } = estate;
  const changed = code === 'USD' ? prices.currency : code;
  const factor = 1 + CURRENCY_STEP / 100;
  if (!prices.exchangeRates.some(({ currency }) => currency === changed)) return undefined;
  const exchangeRates = prices.exchangeRates.map((rate) => {
    if (rate.currency !== changed) return rate;
    const perUsDollar = code === 'USD' ? rate.perUsDollar * factor : rate.perUsDollar / factor;
    return { ...rate, perUsDollar };
  });
  return { ...estate, prices: { ...prices, exchangeRates } };
}
