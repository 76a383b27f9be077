import type { PriceOverrides } from '@bothways/estate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listPricesAreStale, priceBook, zoneOfLocation } from './price.ts';
import {
  ceiling,
  compareRatios,
  decimalText,
  exact,
  exchange,
  minorText,
  minus,
  plus,
  product,
  quotient,
  rounded,
} from './price-money.ts';

const plain: PriceOverrides = {
  path: ['prices'],
  currency: 'USD',
  exchangeRates: [],
  microsoftDiscount: 0,
  providers: [],
  wanPerMbps: undefined,
  internetPerMbps: undefined,
  internal: { once: undefined, monthly: undefined },
  overrides: [],
  volumes: [],
  trafficHours: undefined,
};

describe('list prices of 2026-07-21', () => {
  it.each([
    ['standard', 'metered', 500e6, 1, 29_000],
    ['standard', 'metered', 100e6, 1, 11_000],
    ['standard', 'unlimited', 1e9, 1, 570_000],
    ['premium', 'metered', 1e9, 2, 188_600],
    ['premium', 'unlimited', 10e9, 4, 8_500_000],
    ['local', 'unlimited', 1e9, 3, 200_000],
    ['premium', 'unlimited', 10e9, 'usgov', 6_787_500],
  ] as const)('%s %s of %d bit/s in zone %s is %d cents a month', (sku, billing, bandwidth, zone, cents) => {
    const price = priceBook(plain).circuit({ sku, billing, bandwidth, zone });
    expect(price).toMatchObject({ per: 'month', currency: 'USD', origin: { kind: 'list', date: '2026-07-21' } });
    expect(rounded(product(price.amount ?? exact(0), exact(100)))).toBe(cents);
  });

  it('doubts the one cell that breaks the pattern, and no other', () => {
    const book = priceBook(plain);
    const doubt = (bandwidth: number): unknown =>
      book.circuit({ sku: 'standard', billing: 'metered', bandwidth, zone: 1 }).origin;
    expect(doubt(100e6)).toMatchObject({ doubt: expect.stringContaining('would give 100') });
    expect(doubt(200e6)).toMatchObject({ doubt: undefined });
  });

  it.each([
    ['frankfurt', 1],
    ['tokyo', 2],
    ['sao-paulo', 3],
  ] as const)('%s is in zone %s', (location, zone) => {
    expect(zoneOfLocation(location)).toBe(zone);
  });

  it('has a name in the facts for everything it looks up, and says what it does not have', () => {
    const book = priceBook(plain);
    expect(book.outbound('china').origin).toMatchObject({ kind: 'missing', fact: 'ER-201' });
    expect(book.directPorts(10e9)).toMatchObject({ name: 'direct-10000', amount: undefined, per: 'month' });
    expect(book.gateway('ErGw1AZ', 'westeurope').origin).toMatchObject({
      kind: 'missing',
      because: expect.stringContaining('brazilsouth'),
    });
    expect(book.gateway('ErGwScale', 'westeurope').origin).toMatchObject({ kind: 'list', doubt: expect.any(String) });
    expect(() => book.other('nonsense')).toThrow(RangeError);
  });

  it('bounds a gateway between its neighbours of the same region', () => {
    const { amount, bounds } = priceBook(plain).gateway('ErGw2AZ', 'brazilsouth');
    expect(amount).toBeUndefined();
    expect(compareRatios(bounds.low, exact(0.361))).toBe(0);
    expect(compareRatios(bounds.high ?? exact(0), exact(2.151))).toBe(0);
    expect(priceBook(plain).gateway('ErGw2AZ', 'westeurope').bounds.high).toBeUndefined();
  });

  it('takes the discount off list prices and not off prices of the document', () => {
    const question = { sku: 'standard', billing: 'metered', bandwidth: 500e6, zone: 1 } as const;
    const stated = {
      name: 'circuit-standard-metered-500-zone1',
      money: { amount: 250, currency: 'EUR' },
      path: ['prices', 'overrides', 'circuit-standard-metered-500-zone1'],
    };
    const discounted = priceBook({ ...plain, microsoftDiscount: 0.125 }).circuit(question);
    expect(rounded(product(discounted.amount ?? exact(0), exact(100)))).toBe(25_375);
    const own = priceBook({ ...plain, microsoftDiscount: 0.125, overrides: [stated] }).circuit(question);
    expect(own).toMatchObject({ currency: 'EUR', origin: { kind: 'document' } });
    expect(rounded(own.amount ?? exact(0))).toBe(250);
  });

  it('is stale after a year and a day, not after a year', () => {
    expect(listPricesAreStale('2026-11-20')).toBe(false);
    expect(listPricesAreStale('2027-07-21')).toBe(false);
    expect(listPricesAreStale('2027-07-22')).toBe(true);
  });
});

describe('money', () => {
  it('reads numbers as they are written', () => {
    expect(exact(0.025)).toEqual({ numerator: 25n, denominator: 1000n });
    expect(exact(1e21)).toEqual({ numerator: 10n ** 21n, denominator: 1n });
    expect(exact(2.5e-7)).toEqual({ numerator: 25n, denominator: 10n ** 8n });
    expect(exact(-1.5)).toEqual({ numerator: -15n, denominator: 10n });
    expect(() => exact(Number.NaN)).toThrow(RangeError);
  });

  it('rounds halves away from zero', () => {
    expect([0.5, 1.5, 2.4999, -0.5, -1.2].map((each) => rounded(exact(each)))).toEqual([1, 2, 2, -1, -1]);
    expect(ceiling(exact(2.0001))).toBe(3);
    expect(ceiling(exact(2))).toBe(2);
  });

  it('converts through the dollar, once', () => {
    const into = exchange(
      'EUR',
      new Map([
        ['EUR', 0.92],
        ['CHF', 0.88],
      ]),
    );
    expect(into.minor(exact(450), 'CHF')).toBe(47_045); // 450 / 0.88 * 0.92 = 470.4545...
    expect(into.minor(exact(100), 'USD')).toBe(9200);
    expect(into.minor(exact(1.005), 'EUR')).toBe(101);
    expect(into.minor(exact(1), 'GBP')).toBeUndefined();
  });

  it('writes the digits of the currency', () => {
    expect(decimalText(123_456, 'EUR')).toBe('1234.56');
    expect(decimalText(5, 'USD')).toBe('0.05');
    expect(decimalText(-5, 'KWD')).toBe('-0.005');
    expect(decimalText(1234, 'JPY')).toBe('1234');
    expect(minorText(123_456_789, 'USD')).toBe('1,234,567.89 USD');
  });

  const seed = 20261120;
  it(`follows the laws of fractions (seed ${seed})`, () => {
    const amount = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map(exact);
    fc.assert(
      fc.property(amount, amount, amount, (a, b, c) => {
        expect(compareRatios(product(a, plus(b, c)), plus(product(a, b), product(a, c)))).toBe(0);
        expect(compareRatios(minus(plus(a, b), b), a)).toBe(0);
        if (b.numerator !== 0n) expect(compareRatios(product(quotient(a, b), b), a)).toBe(0);
      }),
      { seed, numRuns: 300 },
    );
  });
});
