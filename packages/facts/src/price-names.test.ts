import { describe, expect, it } from 'vitest';
import {
  circuitPriceName,
  gatewayPriceName,
  outboundPriceName,
  priceName,
  priceNames,
  priceZones,
} from './price-names.ts';
import { prices } from './prices.ts';

describe('names of prices', () => {
  it('are unique and can be keys of a document', () => {
    const names = priceNames().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);
  });

  it('exist for everything that is listed', () => {
    for (const { sku, billing, bandwidthMbps, zone } of prices.circuits) {
      expect(priceName(circuitPriceName(sku, billing, bandwidthMbps, zone))?.per).toBe('month');
    }
    for (const { zone } of prices.outbound) expect(priceName(outboundPriceName(zone))?.per).toBe('GB');
    for (const { sku } of prices.gateways) expect(priceName(gatewayPriceName(sku))?.per).toBe('hour');
    expect(priceZones).toHaveLength(6);
    expect(priceName('nonsense')).toBeUndefined();
  });
});
