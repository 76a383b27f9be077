import { describe, expect, it } from 'vitest';
import { fact } from './fact.ts';
import { bandwidthSteps, skuFigures } from './limits.ts';
import { billingZones, circuitPrice, outboundPrice, prices } from './prices.ts';

describe('circuit prices', () => {
  it.each([
    ['standard', 'metered', 50, 1, 55],
    ['standard', 'metered', 1000, 'usgov', 545],
    ['standard', 'unlimited', 50, 4, 741],
    ['standard', 'unlimited', 1000, 1, 5700],
    ['premium', 'metered', 200, 2, 445],
    ['premium', 'metered', 10000, 3, 6400],
    ['premium', 'unlimited', 500, 1, 3150],
    ['premium', 'unlimited', 10000, 'usgov', 67875],
    ['local', 'unlimited', 1000, 1, 1200],
    ['local', 'unlimited', 10000, 3, 7000],
  ] as const)('%s %s %d Mbps in zone %s is %d USD a month', (sku, billing, bandwidthMbps, zone, value) => {
    expect(circuitPrice({ sku, billing, bandwidthMbps, zone })).toMatchObject({ value, unit: 'USD per month' });
  });

  it('fill every cell of the standard and premium tables', () => {
    const steps = bandwidthSteps.find((row) => row.offer === 'provider')?.stepsMbps ?? [];
    for (const sku of ['standard', 'premium'] as const) {
      for (const billing of ['metered', 'unlimited'] as const) {
        for (const zone of billingZones) {
          for (const bandwidthMbps of steps) {
            expect(circuitPrice({ sku, billing, bandwidthMbps, zone })?.value).toBeGreaterThan(0);
          }
        }
      }
    }
    expect(prices.circuits).toHaveLength(4 * 8 * 5 + 4 * 4);
  });

  it('are absent where none was listed', () => {
    expect(circuitPrice({ sku: 'local', billing: 'unlimited', bandwidthMbps: 1000, zone: 4 })).toBeUndefined();
    expect(circuitPrice({ sku: 'local', billing: 'unlimited', bandwidthMbps: 500, zone: 1 })).toBeUndefined();
    expect(circuitPrice({ sku: 'local', billing: 'metered', bandwidthMbps: 1000, zone: 1 })).toBeUndefined();
    expect(prices.notFound).toContain('ExpressRoute Direct port pairs');
  });

  it('rise with bandwidth in every column', () => {
    for (const price of prices.circuits) {
      const smaller = prices.circuits.filter(
        (other) =>
          other.sku === price.sku &&
          other.billing === price.billing &&
          other.zone === price.zone &&
          other.bandwidthMbps < price.bandwidthMbps,
      );
      for (const other of smaller) expect(other.value).toBeLessThan(price.value);
    }
  });

  it('differ between Premium and Standard by the surcharge everywhere except in one cell', () => {
    const exceptions: string[] = [];
    for (const { bandwidthMbps, zone, value } of prices.premiumSurcharges) {
      for (const billing of ['metered', 'unlimited'] as const) {
        const standard = circuitPrice({ sku: 'standard', billing, bandwidthMbps, zone });
        const premium = circuitPrice({ sku: 'premium', billing, bandwidthMbps, zone });
        if (standard === undefined || premium === undefined) throw new Error('missing cell');
        if (premium.value - standard.value === value) continue;
        exceptions.push(`${billing} ${bandwidthMbps} ${zone}`);
        expect(standard.expectedByPattern).toBe(premium.value - value);
      }
    }
    expect(exceptions).toEqual(['metered 100 1']);
    expect(prices.circuits.filter((price) => price.expectedByPattern !== undefined)).toHaveLength(1);
  });

  it('start at the smallest bandwidth of the SKU table', () => {
    for (const { sku, smallestBandwidthMbps } of skuFigures) {
      const listed = prices.circuits.filter((price) => price.sku === sku).map((price) => price.bandwidthMbps);
      expect(Math.min(...listed)).toBe(smallestBandwidthMbps);
    }
  });
});

describe('other prices', () => {
  it('charge outbound data by zone', () => {
    expect(billingZones.map((zone) => outboundPrice(zone)?.value)).toEqual([0.025, 0.05, 0.14, 0.1, 0.03]);
  });

  it.each([
    [1, 210_560],
    [2, 165_280],
    [3, 59_029],
    [4, 82_640],
  ] as const)('let 1 Gbps Standard in zone %d break even at %d GB a month', (zone, gigabytes) => {
    const metered = circuitPrice({ sku: 'standard', billing: 'metered', bandwidthMbps: 1000, zone });
    const unlimited = circuitPrice({ sku: 'standard', billing: 'unlimited', bandwidthMbps: 1000, zone });
    const outbound = outboundPrice(zone);
    if (metered === undefined || unlimited === undefined || outbound === undefined) throw new Error('missing price');
    expect(Math.round((unlimited.value - metered.value) / outbound.value)).toBe(gigabytes);
  });

  it('date and place the gateway prices', () => {
    expect(prices.gateways.find((price) => price.sku === 'ErGwScale')).toMatchObject({
      value: 0.21,
      per: 'scale unit',
      azureRegion: undefined,
      date: '2026-07-21',
    });
    expect(prices.gateways.find((price) => price.sku === 'ErGw3AZ')).toMatchObject({
      value: 2.151,
      azureRegion: 'brazilsouth',
      date: '2026-09',
    });
    for (const price of prices.gateways) expect(price.date).toBe(price.source.date);
  });

  it('carry currency, date and the third-party caveat', () => {
    expect(prices).toMatchObject({ currency: 'USD', date: '2026-07-21', sameOn: '2026-01-26' });
    expect(prices.source.date).toBe('2026-07-21');
    expect(prices.caveat).toContain('third party');
  });

  it('rest on the price facts', () => {
    const rows = [
      ...prices.circuits,
      ...prices.premiumSurcharges,
      ...prices.outbound,
      ...prices.gateways,
      ...prices.outboundQuotedByExchange,
      ...prices.charges,
    ];
    for (const row of rows) expect(fact(row.fact)?.id).toBe(row.fact);
    const numbered = [...prices.circuits, ...prices.premiumSurcharges, ...prices.outbound, ...prices.gateways];
    expect(new Set(numbered.map((row) => row.fact))).toEqual(new Set(['ER-197', 'ER-198', 'ER-199', 'ER-200']));
  });
});
