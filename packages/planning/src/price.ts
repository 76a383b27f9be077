/**
 * Unit prices: what the document says, else the list prices of the facts, else nothing. A price without a source is
 * missing and says so; no figure is made up for it. Where the list itself bounds a price (gateways grow dearer with size),
 * the bounds are given.
 *
 * List prices are a third party's extract of a certain day and carry source and date; the document's discount applies to
 * them and not to prices that the document states.
 */
import type { Circuit, Money, Path, PriceOverrides } from '@bothways/estate';
import {
  circuitPrice,
  circuitPriceName,
  directPriceName,
  findPeeringLocation,
  gatewayPriceName,
  outboundPrice,
  outboundPriceName,
  type PriceZone,
  priceName,
  prices,
} from '@bothways/facts';
import { exact, minus, ONE, product, type Ratio } from './price-money.ts';

export type PricePeriod = 'month' | 'hour' | 'GB' | 'once';

export type PriceOrigin =
  | { readonly kind: 'document'; readonly path: Path }
  | {
      readonly kind: 'list';
      readonly fact: string;
      /** Id of the source in the facts. */
      readonly source: string;
      /** As precise as the source gives it. */
      readonly date: string;
      /** What makes the figure doubtful; undefined: nothing. */
      readonly doubt: string | undefined;
    }
  | { readonly kind: 'missing'; readonly because: string; readonly fact: string | undefined };

export interface UnitPrice {
  /** As `prices.overrides` of a document names it. */
  readonly name: string;
  readonly what: string;
  readonly per: PricePeriod;
  /** Exact; after the discount. Undefined: missing. */
  readonly amount: Ratio | undefined;
  readonly currency: string;
  /** Of a missing price: between these it lies, in the same currency; `high` undefined: no upper bound is known. */
  readonly bounds: PriceBounds;
  readonly origin: PriceOrigin;
}

export interface PriceBounds {
  readonly low: Ratio;
  readonly high: Ratio | undefined;
  readonly because: string | undefined;
}

export interface CircuitFeeQuestion {
  readonly sku: Circuit['sku'];
  readonly billing: Circuit['billing'];
  /** Bits per second. */
  readonly bandwidth: number;
  readonly zone: PriceZone;
}

export interface PriceBook {
  /** Fee of a circuit through a provider, per month. */
  circuit(question: CircuitFeeQuestion): UnitPrice;
  /** Data out of Microsoft on a metered circuit, per GB (10^9 bytes). */
  outbound(zone: PriceZone): UnitPrice;
  /** Per hour; of ErGwScale per scale unit and hour. */
  gateway(sku: string, azureRegion: string): UnitPrice;
  /** Pair of ports, bits per second of one port, per month. */
  directPorts(portSpeed: number): UnitPrice;
  /** A price that no list has: what the document says, or missing. Throws RangeError where there is no such name. */
  other(name: string): UnitPrice;
}

const OPEN: PriceBounds = { low: { numerator: 0n, denominator: 1n }, high: undefined, because: undefined };

/** Zone of a peering location (ER-190); undefined: there is no such location. */
export function zoneOfLocation(location: string): PriceZone | undefined {
  const found = findPeeringLocation(location);
  if (found === undefined) return undefined;
  if (found.cloud !== 'public') return found.cloud;
  const { zone } = found;
  return zone === 1 || zone === 2 || zone === 3 || zone === 4 ? zone : undefined;
}

export function priceBook(overrides: PriceOverrides): PriceBook {
  const stated = new Map(overrides.overrides.map((each) => [each.name, each]));
  const discount = exact(Number(overrides.microsoftDiscount.toPrecision(12)));
  const kept = minus(ONE, discount);

  const price = (
    name: string,
    listed: { readonly value: number; readonly origin: PriceOrigin } | undefined,
    missing: { readonly because: string; readonly fact: string | undefined; readonly bounds?: PriceBounds },
  ): UnitPrice => {
    const entry = priceName(name);
    const common = { name, what: entry?.what ?? name, per: entry?.per ?? 'month', bounds: OPEN };
    const own = stated.get(name);
    if (own !== undefined) {
      const { money, path } = own;
      return { ...common, amount: exact(money.amount), currency: money.currency, origin: { kind: 'document', path } };
    }
    if (listed !== undefined) {
      const amount = product(exact(listed.value), kept);
      return { ...common, amount, currency: prices.currency, origin: listed.origin };
    }
    const { because, fact, bounds = OPEN } = missing;
    const discounted = {
      low: product(bounds.low, kept),
      high: bounds.high === undefined ? undefined : product(bounds.high, kept),
      because: bounds.because,
    };
    const origin: PriceOrigin = { kind: 'missing', because, fact };
    return { ...common, amount: undefined, currency: prices.currency, bounds: discounted, origin };
  };

  return {
    circuit({ sku, billing, bandwidth, zone }) {
      const bandwidthMbps = bandwidth / 1e6;
      const found = zone === 'china' ? undefined : circuitPrice({ sku, billing, bandwidthMbps, zone });
      const doubt =
        found?.expectedByPattern === undefined
          ? undefined
          : `all other cells of the list fit a pattern that would give ${found.expectedByPattern} here`;
      return price(
        circuitPriceName(sku, billing, bandwidthMbps, zone),
        found === undefined ? undefined : { value: found.value, origin: listOrigin(found.fact, doubt) },
        { because: 'the list has no such circuit', fact: zone === 'china' ? 'ER-201' : 'ER-197' },
      );
    },
    outbound(zone) {
      const found = zone === 'china' ? undefined : outboundPrice(zone);
      return price(
        outboundPriceName(zone),
        found === undefined ? undefined : { value: found.value, origin: listOrigin(found.fact, undefined) },
        { because: 'the list has no rate for this zone', fact: 'ER-201' },
      );
    },
    gateway(sku, azureRegion) {
      const ofSku = prices.gateways.filter((each) => each.sku === sku);
      const found = ofSku.find((each) => each.azureRegion === azureRegion || each.azureRegion === undefined);
      const elsewhere = ofSku.find((each) => each.azureRegion !== undefined)?.azureRegion;
      const origin: PriceOrigin | undefined =
        found === undefined
          ? undefined
          : {
              kind: 'list',
              fact: found.fact,
              source: found.source.id,
              date: found.date,
              doubt: found.azureRegion === undefined ? 'the source names no Azure region' : undefined,
            };
      return price(
        gatewayPriceName(sku),
        found === undefined || origin === undefined ? undefined : { value: found.value, origin },
        {
          because:
            elsewhere === undefined
              ? 'no source has it'
              : `the only price found is that of ${elsewhere}, and gateways cost differently from region to region`,
          fact: elsewhere === undefined ? 'ER-201' : 'ER-200',
          bounds: gatewayBounds(sku, azureRegion),
        },
      );
    },
    directPorts(portSpeed) {
      return price(directPriceName(portSpeed / 1e6), undefined, { because: 'no source has it', fact: 'ER-201' });
    },
    other(name) {
      if (priceName(name) === undefined) throw new RangeError(`there is no price ${name}`);
      const fact = name.startsWith('global-reach') ? 'ER-201' : undefined;
      return price(name, undefined, { because: 'no list has it: ask for a quote', fact });
    },
  };
}

/** Sizes of one family in ascending order: a size without a price costs at least the next smaller and at most the next larger. */
const GATEWAY_FAMILIES: readonly (readonly string[])[] = [
  ['ErGw1AZ', 'ErGw2AZ', 'ErGw3AZ'],
  ['Standard', 'HighPerformance', 'UltraPerformance'],
];

function gatewayBounds(sku: string, azureRegion: string): PriceBounds {
  const family = GATEWAY_FAMILIES.find((each) => each.includes(sku)) ?? [];
  const at = family.indexOf(sku);
  const listed = (name: string): number | undefined =>
    prices.gateways.find((each) => each.sku === name && each.azureRegion === azureRegion)?.value;
  const smaller = family
    .slice(0, Math.max(at, 0))
    .map(listed)
    .findLast((value) => value !== undefined);
  const larger =
    at < 0
      ? undefined
      : family
          .slice(at + 1)
          .map(listed)
          .find((value) => value !== undefined);
  if (smaller === undefined && larger === undefined) return OPEN;
  return {
    low: exact(smaller ?? 0),
    high: larger === undefined ? undefined : exact(larger),
    because: 'a larger gateway of one family costs more in the same region',
  };
}

function listOrigin(fact: string, doubt: string | undefined): PriceOrigin {
  return { kind: 'list', fact, source: prices.source.id, date: prices.date, doubt };
}

/** Money of the document as a price of its own, with no name in the book. */
export function statedPrice(name: string, what: string, per: PricePeriod, money: Money, path: Path): UnitPrice {
  return {
    name,
    what,
    per,
    amount: exact(money.amount),
    currency: money.currency,
    bounds: OPEN,
    origin: { kind: 'document', path },
  };
}

/** A price that nothing has, with no name in the book. */
export function missingPrice(
  name: string,
  what: string,
  per: PricePeriod,
  because: string,
  fact: string | undefined,
): UnitPrice {
  const origin: PriceOrigin = { kind: 'missing', because, fact };
  return { name, what, per, amount: undefined, currency: prices.currency, bounds: OPEN, origin };
}

/** Whether the list prices are older than a year on `asOf`, an ISO day. */
export function listPricesAreStale(asOf: string): boolean {
  return prices.date < `${String(Number(asOf.slice(0, 4)) - 1).padStart(4, '0')}${asOf.slice(4)}`;
}
