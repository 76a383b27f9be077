import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { availabilityInEstate } from './availability-view.ts';
import { capacityInEstate, latencyInEstate } from './capacity-view.ts';
import { comparedMarkdown, compareEstates } from './compare-view.ts';
import { billCsv, billRows, priceInEstate } from './price-view.ts';

const root = resolve(import.meta.dirname, '../../..');
const contoso = readFileSync(join(root, 'examples/contoso/estate.yaml'), 'utf8');
const files = (text: string) => [{ name: 'estate.yaml', text }];

describe('price, capacity, latency and availability', () => {
  it.each(
    globSync('scenarios/{A2,PP-S02,PP-S11,PP-S29,PP-S45,shape-global,shape-metro,shape-expressroute}*/estate.yaml', {
      cwd: root,
    }),
  )('of %s: sums are the sums of their lines, times and shares are possible', (path) => {
    const input = [{ name: path, text: readFileSync(join(root, path), 'utf8') }];
    const { price } = priceInEstate(input, { asOf: '2026-11-20' });
    const cents = (text: string | undefined): number => Math.round(Number(text ?? Number.NaN) * 100);
    const monthly = price?.lines.filter(({ period }) => period === 'month') ?? [];
    expect(monthly.reduce((sum, { cost }) => sum + cents(cost.low), 0)).toBe(cents(price?.monthly.low));
    for (const { cost } of price?.lines ?? []) {
      if (cost.high !== undefined) expect(cents(cost.high)).toBeGreaterThanOrEqual(cents(cost.low));
    }
    const { capacity } = capacityInEstate(input, { growthPercent: 10 });
    for (const { normalMbps, worstMbps } of capacity?.lines ?? []) {
      expect(worstMbps.high).toBeGreaterThanOrEqual(normalMbps.high);
    }
    const { latency } = latencyInEstate(input);
    for (const { candidates } of latency?.sites ?? []) {
      for (const { milliseconds } of candidates) expect(milliseconds ?? 0).toBeGreaterThanOrEqual(0);
    }
    const { availability } = availabilityInEstate(input);
    expect(availability?.intents.length).toBeGreaterThan(0);
    for (const { availablePercent, importance } of availability?.intents ?? []) {
      expect(availablePercent).toBeGreaterThanOrEqual(0);
      expect(availablePercent).toBeLessThanOrEqual(100);
      for (const { downtimeSharePercent } of importance) expect(downtimeSharePercent).toBeLessThanOrEqual(100);
    }
  });

  it('give nothing but findings for a document with errors', () => {
    const bad = files('bothways: 2\n');
    expect(priceInEstate(bad).price).toBeUndefined();
    expect(priceInEstate(bad).findings.length).toBeGreaterThan(0);
    expect(capacityInEstate(bad).capacity).toBeUndefined();
    expect(latencyInEstate(bad).latency).toBeUndefined();
    expect(availabilityInEstate(bad).availability).toBeUndefined();
    expect(compareEstates(files(contoso), bad, { a: 'a', b: 'b' }).compared).toBeUndefined();
  });
});

describe('the bill as a table', () => {
  it('never hands a formula to a spreadsheet, and quotes as RFC 4180 wants', () => {
    const text = contoso.replace('isp: Northwind Telecom', `isp: '=HYPERLINK("x","a")'`);
    const { price } = priceInEstate(files(text));
    if (price === undefined) throw new Error('no bill');
    // The name of the provider stands inside a sentence; alone in a cell it gets an apostrophe.
    const alone = { ...price, lines: price.lines.map((line) => ({ ...line, what: '=1+1, "x"' })) };
    const csv = billCsv(alone);
    expect(csv).toContain(`"'=1+1, ""x"""`);
    expect(csv).not.toMatch(/(?:^|,)"?[=+@]/m);
    expect(csv.split('\r\n')).toHaveLength(billRows(alone).length + 2);
  });
});

describe('two estates', () => {
  it('are not called better where intervals overlap or currencies differ', () => {
    const euros = `${contoso}\nprices: { currency: EUR, exchangeRates: { EUR: 0.92 } }\n`;
    const { compared } = compareEstates(files(contoso), files(euros), { a: 'a|b', b: 'euros' });
    expect(compared?.rows.find(({ measure }) => measure === 'per month')?.better).toBeUndefined();
    expect(compared?.remarks[0]).toContain('USD and EUR');
    expect(compared === undefined ? '' : comparedMarkdown(compared)).toContain('| a\\|b | euros |');
  });

  it('that are the same are the same in every row that can be compared', () => {
    const { compared } = compareEstates(files(contoso), files(contoso), { a: 'one', b: 'other' });
    for (const { a, b, better } of compared?.rows ?? []) {
      expect(a).toBe(b);
      expect(['same', undefined]).toContain(better);
    }
  });
});
