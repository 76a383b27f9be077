/**
 * Where one offer becomes cheaper than another: metered or unlimited, Local or Standard, Premium or a second Standard
 * circuit, and what a second circuit adds. Compares Microsoft's charges per month; the provider's are the same on both
 * sides except for a second circuit, where they count too.
 */
import type { Circuit, Estate } from '@bothways/estate';
import { findPeeringLocation, geopoliticalRegions } from '@bothways/facts';
import type { PriceOptions } from './bill.ts';
import { addedCost, type Bill, type Cost, measuredVolume, totalOf } from './bill.ts';
import { fullMonth, volumeUpTo } from './bill-azure.ts';
import { type PriceBook, priceBook, type UnitPrice, zoneOfLocation } from './price.ts';
import { approximate, ceiling, exchange, minus, product, quotient, type Ratio } from './price-money.ts';

export interface BreakEven {
  readonly circuit: string;
  readonly kind: 'metered-unlimited' | 'local-standard' | 'premium' | 'second-circuit';
  /** Monthly cost of the circuit as it is, and as the alternative would be: of what differs between them. */
  readonly now: Cost | undefined;
  readonly alternative: Cost | undefined;
  readonly alternativeIs: string;
  /** metered-unlimited: gigabytes a month from which unlimited is no dearer; undefined: prices are missing. */
  readonly gigabytes: number | undefined;
  /** The same as a percentage of one direction at full rate all month. */
  readonly utilisationPercent: number | undefined;
  /** 'alternative': it costs less in every case. 'now': it never does. 'open': depends on what is not known. */
  readonly cheaper: 'now' | 'alternative' | 'equal' | 'open';
  /** What the alternative cannot do, or cannot be undone. */
  readonly remarks: readonly string[];
  readonly facts: readonly string[];
}

export function breakEvens(estate: Estate, bill: Bill, options: PriceOptions = {}): readonly BreakEven[] {
  const book = priceBook(estate.prices);
  return estate.circuits.flatMap((circuit) => {
    const context: Context = { estate, bill, book, circuit, volume: volumeOf(estate, circuit, options) };
    return [
      ...meteredOrUnlimited(context),
      ...localOrStandard(context),
      ...premiumOrNot(context),
      ...secondCircuit(context),
    ];
  });
}

interface Context {
  readonly estate: Estate;
  readonly bill: Bill;
  readonly book: PriceBook;
  readonly circuit: Circuit;
  readonly volume: { readonly low: Ratio; readonly high: Ratio };
}

function volumeOf(estate: Estate, { name, bandwidth }: Circuit, { volumes }: PriceOptions): Context['volume'] {
  const measured = estate.prices.volumes.find(({ circuit }) => circuit === name);
  if (measured !== undefined) return measuredVolume(measured.gigabytes);
  return volumes?.get(name) ?? volumeUpTo(bandwidth);
}

/** Provider circuits only: ports of ExpressRoute Direct switch both ways (ER-157) and have no list price. */
function meteredOrUnlimited(context: Context): readonly BreakEven[] {
  const { book, circuit, volume } = context;
  const { name, sku, bandwidth, billing, location, direct } = circuit;
  const zone = zoneOfLocation(location);
  if (sku === 'local' || zone === undefined || direct !== undefined) return [];
  const metered = book.circuit({ sku, billing: 'metered', bandwidth, zone });
  const unlimited = book.circuit({ sku, billing: 'unlimited', bandwidth, zone });
  const rate = book.outbound(zone);
  const into = exchangeOf(context);
  const cost = (price: UnitPrice, quantity?: { readonly low: Ratio; readonly high: Ratio }): Cost | undefined =>
    costOf(into, price, quantity);
  const fee = cost(metered);
  const data = cost(rate, volume);
  const meteredCost = fee === undefined || data === undefined ? undefined : addedCost(fee, data);
  const unlimitedCost = cost(unlimited);
  const from = breakEvenVolume(into, metered, unlimited, rate);
  const isMetered = billing === 'metered';
  const [now, alternative] = isMetered ? [meteredCost, unlimitedCost] : [unlimitedCost, meteredCost];
  return [
    {
      circuit: name,
      kind: 'metered-unlimited',
      now,
      alternative,
      alternativeIs: isMetered ? 'unlimited data' : 'metered data',
      gigabytes: from === undefined ? undefined : ceiling(from),
      utilisationPercent: from === undefined ? undefined : approximate(quotient(from, fullMonth(bandwidth))) * 100,
      cheaper: cheaperOf(now, alternative),
      remarks: isMetered
        ? ['a step that cannot be undone: a circuit never goes back to metered']
        : ['an unlimited circuit cannot become metered: it would have to be a new circuit'],
      facts: ['ER-018', 'ER-191', 'ER-199'],
    },
  ];
}

function breakEvenVolume(
  into: ReturnType<typeof exchange>,
  metered: UnitPrice,
  unlimited: UnitPrice,
  rate: UnitPrice,
): Ratio | undefined {
  const [a, b, each] = [metered, unlimited, rate].map(({ amount, currency }) =>
    amount === undefined ? undefined : into.convert(amount, currency),
  );
  if (a === undefined || b === undefined || each === undefined || each.numerator === 0n) return undefined;
  const volume = quotient(minus(b, a), each);
  return volume.numerator < 0n ? { numerator: 0n, denominator: 1n } : volume;
}

function localOrStandard(context: Context): readonly BreakEven[] {
  const { estate, bill, book, circuit } = context;
  const { name, sku, bandwidth, location, direct } = circuit;
  const zone = zoneOfLocation(location);
  const place = findPeeringLocation(location);
  if (zone === undefined || place === undefined || direct !== undefined || sku === 'local') return [];
  if (place.localAzureRegions.length === 0 || bandwidth < 1e9) return [];
  const into = exchangeOf(context);
  const wanted = [...new Set(estate.environments.flatMap(({ azureRegions }) => azureRegions))];
  const lost = wanted.filter((region) => !place.localAzureRegions.includes(region));
  const now = ownCharges(bill, name);
  const alternative = costOf(into, book.circuit({ sku: 'local', billing: 'unlimited', bandwidth, zone }));
  const remarks = [
    lost.length === 0
      ? `reaches every region of the environments: ${wanted.join(', ')}`
      : `does not reach ${lost.join(', ')}`,
  ];
  if (estate.organisation.microsoft365.services.length > 0) remarks.push('does not carry Microsoft 365');
  if (circuit.globalReach.length > 0) remarks.push('has no Global Reach');
  return [
    {
      circuit: name,
      kind: 'local-standard',
      now,
      alternative,
      alternativeIs: 'a Local circuit',
      gigabytes: undefined,
      utilisationPercent: undefined,
      cheaper: cheaperOf(now, alternative),
      remarks,
      facts: ['ER-021', 'ER-022', 'ER-191'],
    },
  ];
}

/** Premium against Standard here and a further Standard circuit in each geopolitical region that Standard does not reach. */
function premiumOrNot(context: Context): readonly BreakEven[] {
  const { estate, book, circuit } = context;
  const { name, sku, bandwidth, billing, location, direct } = circuit;
  const zone = zoneOfLocation(location);
  const place = findPeeringLocation(location);
  if (zone === undefined || place === undefined || direct !== undefined || sku !== 'premium') return [];
  const into = exchangeOf(context);
  const now = costOf(into, book.circuit({ sku: 'premium', billing, bandwidth, zone }));
  const standard = costOf(into, book.circuit({ sku: 'standard', billing, bandwidth, zone }));
  const wanted = new Set(estate.environments.flatMap(({ azureRegions }) => azureRegions));
  const elsewhere = geopoliticalRegions().filter(
    (region) =>
      region.name !== place.geopoliticalRegion &&
      [...region.azureRegions, ...region.inferredAzureRegions].some((each) => wanted.has(each)),
  );
  let alternative = standard;
  for (const region of elsewhere) {
    const costs = [...region.peeringLocations, ...region.inferredPeeringLocations].flatMap((id) => {
      const there = zoneOfLocation(id);
      const cost =
        there === undefined
          ? undefined
          : costOf(into, book.circuit({ sku: 'standard', billing, bandwidth, zone: there }));
      return cost === undefined ? [] : [cost];
    });
    const least = costs.sort((a, b) => a.low - b.low)[0];
    alternative = alternative === undefined || least === undefined ? undefined : addedCost(alternative, least);
  }
  const remarks = [
    elsewhere.length === 0
      ? 'Standard reaches every region of the environments'
      : `one more circuit in ${elsewhere.map((region) => region.name).join(', ')}, without its provider, lines and data`,
  ];
  if (estate.organisation.microsoft365.services.length > 0) {
    remarks.push('Microsoft 365 over ExpressRoute needs Premium');
  }
  return [
    {
      circuit: name,
      kind: 'premium',
      now,
      alternative,
      alternativeIs:
        elsewhere.length === 0
          ? 'Standard'
          : `Standard here and in ${elsewhere.map((region) => region.name).join(', ')}`,
      gigabytes: undefined,
      utilisationPercent: undefined,
      cheaper: cheaperOf(now, alternative),
      remarks,
      facts: ['ER-018', 'ER-019', 'ER-023', 'ER-025', 'ER-198'],
    },
  ];
}

/** A second circuit like this one in another location of the same zone; data is shared between them and does not grow. */
function secondCircuit({ bill, circuit, estate }: Context): readonly BreakEven[] {
  const { name, pairedWith, resiliency } = circuit;
  const isPaired = pairedWith !== undefined || estate.circuits.some((other) => other.pairedWith === name);
  if (isPaired || resiliency === 'maximum') return [];
  const own = bill.lines.filter(
    ({ id, period }) => period === 'month' && id.startsWith(`circuits.${name}/`) && !id.endsWith('/data-out'),
  );
  const now = totalOf(own);
  return [
    {
      circuit: name,
      kind: 'second-circuit',
      now,
      alternative: addedCost(now, now),
      alternativeIs: 'two such circuits in two locations',
      gigabytes: undefined,
      utilisationPercent: undefined,
      cheaper: 'now',
      remarks: ['without a second edge, its boxes and the line to the other location'],
      facts: ['ER-146', 'ER-147'],
    },
  ];
}

function ownCharges(bill: Bill, circuit: string): Cost {
  return totalOf(
    bill.lines.filter(({ id }) => id === `circuits.${circuit}/fee` || id === `circuits.${circuit}/data-out`),
  );
}

function exchangeOf({ estate, bill }: Context): ReturnType<typeof exchange> {
  const rates = new Map(estate.prices.exchangeRates.map(({ currency, perUsDollar }) => [currency, perUsDollar]));
  return exchange(bill.currency, rates);
}

function costOf(
  into: ReturnType<typeof exchange>,
  { amount, currency }: UnitPrice,
  quantity?: { readonly low: Ratio; readonly high: Ratio },
): Cost | undefined {
  if (amount === undefined) return undefined;
  const low = into.minor(quantity === undefined ? amount : product(amount, quantity.low), currency);
  const high = into.minor(quantity === undefined ? amount : product(amount, quantity.high), currency);
  return low === undefined || high === undefined ? undefined : { low, high };
}

function cheaperOf(now: Cost | undefined, alternative: Cost | undefined): BreakEven['cheaper'] {
  if (now === undefined || alternative === undefined) return 'open';
  if (now.low === alternative.low && now.high === now.low && alternative.high === alternative.low) return 'equal';
  if (now.high !== undefined && now.high <= alternative.low) return 'now';
  if (alternative.high !== undefined && alternative.high <= now.low) return 'alternative';
  return 'open';
}
