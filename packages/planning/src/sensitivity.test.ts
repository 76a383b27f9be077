import { describe, expect, it } from 'vitest';
import { contosoWith, estateOf } from '../test/estates.ts';
import { priceEstate } from './bill.ts';
import { breakEvens } from './price-break-even.ts';
import { sensitivity } from './sensitivity.ts';

const euros = `
prices:
  currency: EUR
  exchangeRates: { EUR: 0.92 }
  volumes: { er-fra: 10000 }
`;

describe('what moves the bill', () => {
  it('traffic, by the price of its gigabytes; zones, by fees and data; the dollar, by all of it', () => {
    const estate = estateOf(contosoWith() + euros);
    const bill = priceEstate(estate);
    const rows = sensitivity(estate, bill);
    const difference = Object.fromEntries(rows.map(({ change, difference: { low, high } }) => [change, [low, high]]));
    expect(difference).toEqual({
      'traffic grows by 25 %': [5750, 5750], // 2,500 GB * 0.025 USD * 0.92
      'traffic grows by 50 %': [11_500, 11_500],
      'traffic grows by 100 %': [23_000, 23_000],
      'all circuits in zone 2': [23_000, 23_000], // 10,000 GB * 0.025 USD more
      'all circuits in zone 3': [105_800, 105_800],
      'all circuits in zone 4': [69_000, 69_000],
      'USD 10 % dearer': [4968, 4968], // (290 + 250) * 0.092
    });
  });

  it('leaves out what changes nothing', () => {
    const estate = estateOf(contosoWith(['billing: metered', 'billing: unlimited']));
    const rows = sensitivity(estate, priceEstate(estate));
    expect(rows.map(({ change }) => change)).toEqual([
      'all circuits in zone 2',
      'all circuits in zone 3',
      'all circuits in zone 4',
    ]);
  });
});

describe('break-even points', () => {
  it.each([
    ['1 Gbps', 'Frankfurt', 210_560],
    ['1 Gbps', 'Tokyo', 165_280],
    ['1 Gbps', 'Sao Paulo', 59_029],
    ['1 Gbps', 'Queretaro', 82_640],
  ])('a Standard circuit of %s in %s is cheaper unlimited from %d GB', (bandwidth, location, gigabytes) => {
    const estate = estateOf(
      contosoWith(
        ['bandwidth: 500 Mbps', `bandwidth: ${bandwidth}`],
        ['location: Frankfurt', `location: ${location}`],
        ['    provider: Equinix\n', ''],
      ),
    );
    const points = breakEvens(estate, priceEstate(estate));
    const found = points.find(({ kind }) => kind === 'metered-unlimited')?.gigabytes ?? 0;
    // ER-199 rounds to the nearest; from is the first whole gigabyte that is not dearer.
    expect(found - gigabytes).toBeGreaterThanOrEqual(0);
    expect(found - gigabytes).toBeLessThanOrEqual(1);
  });

  it('decides by the measured volume, on either side of the point', () => {
    const verdict = (volume: number): string | undefined => {
      const estate = estateOf(`${contosoWith()}\nprices: { volumes: { er-fra: ${volume} } }\n`);
      return breakEvens(estate, priceEstate(estate)).find(({ kind }) => kind === 'metered-unlimited')?.cheaper;
    };
    expect([98_399, 98_400, 98_401].map(verdict)).toEqual(['now', 'equal', 'alternative']);
  });

  it('offers Local where it reaches the regions, and says what it does not reach', () => {
    const gigabit = contosoWith(
      ['bandwidth: 500 Mbps', 'bandwidth: 1 Gbps'],
      ['billing: metered', 'billing: unlimited'],
    );
    const local = (text: string): unknown => {
      const estate = estateOf(text);
      return breakEvens(estate, priceEstate(estate)).find(({ kind }) => kind === 'local-standard');
    };
    expect(local(gigabit)).toMatchObject({
      now: { low: 570_000 },
      alternative: { low: 120_000 },
      cheaper: 'alternative',
      remarks: [expect.stringContaining('does not reach westeurope, northeurope')],
    });
    expect(local(contosoWith())).toBeUndefined();
  });

  it('prices Premium against a second Standard circuit in the region that Standard does not reach', () => {
    const estate = estateOf(
      contosoWith(
        ['sku: standard', 'sku: premium'],
        ['billing: metered', 'billing: unlimited'],
        ['  production: { region: Europe }', '  production: { region: Europe }\n  overseas: { region: Japan }'],
      ),
    );
    const point = breakEvens(estate, priceEstate(estate)).find(({ kind }) => kind === 'premium');
    expect(point).toMatchObject({
      now: { low: 315_000 },
      alternative: { low: 275_000 + 520_000 },
      alternativeIs: 'Standard here and in Japan',
      cheaper: 'now',
    });
  });
});
