import type { Estate } from '@bothways/estate';
import { describe, expect, it } from 'vitest';
import { contosoWith, estateOf } from '../test/estates.ts';
import { type Bill, type BillLine, priceEstate } from './bill.ts';
import { exact } from './price-money.ts';

const contoso = contosoWith();

function changed(...changes: readonly (readonly [from: string, to: string])[]): Estate {
  return estateOf(contosoWith(...changes));
}

function line(bill: Bill, id: string): BillLine {
  const found = bill.lines.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no ${id} among ${bill.lines.map((each) => each.id).join(', ')}`);
  return found;
}

describe('the bill of an estate', () => {
  it('adds up exactly what the document and the list say', () => {
    const estate = estateOf(`${contoso}
prices:
  currency: EUR
  exchangeRates: { EUR: 0.92 }
  providers: { Equinix: { once: 1500 EUR, monthly: 450 EUR } }
  wanPerMbps: 4 EUR
  internetPerMbps: 0.80 EUR
  internal: { once: 40000 EUR, monthly: 500 USD }
  overrides: { cross-connect: 310 EUR, cross-connect-once: 0 EUR, firewall: 200 EUR, router: 99.995 EUR }
  volumes: { er-fra: 12500.5 }
`);
    const bill = priceEstate(estate, { asOf: '2026-11-20' });
    const costs = bill.lines.map(({ id, cost, status }) => [id, cost.low, status]);
    expect(costs).toEqual([
      ['circuits.er-fra/fee', 26_680, 'known'], // 290 USD * 0.92
      ['circuits.er-fra/data-out', 28_751, 'known'], // 12500.5 GB * 0.025 USD * 0.92 = 287.5115
      ['circuits.er-fra/provider', 45_000, 'known'],
      ['circuits.er-fra/provider-once', 150_000, 'known'],
      ['circuits.er-fra/cross-connect', 62_000, 'known'],
      ['circuits.er-fra/cross-connect-once', 0, 'known'],
      ['wan.mpls-hq/line', 400_000, 'known'],
      ['wan.mpls-branch/line', 40_000, 'known'],
      ['internetEdges.inet/line', 80_000, 'known'],
      ['firewalls.fw-inet/box', 20_000, 'known'],
      ['firewalls.fw-er/box', 20_000, 'known'],
      ['routers.er-ce1/box', 10_000, 'known'],
      ['routers.er-ce2/box', 10_000, 'known'],
      ['internal/monthly', 46_000, 'known'],
      ['internal/once', 4_000_000, 'known'],
    ]);
    const monthly = 26_680 + 28_751 + 45_000 + 62_000 + 440_000 + 80_000 + 40_000 + 20_000 + 46_000;
    expect(bill.monthly).toEqual({ low: monthly, high: monthly });
    expect(bill.once).toEqual({ low: 4_150_000, high: 4_150_000 });
    expect(bill.term).toEqual({ low: 4_150_000 + 36 * monthly, high: 4_150_000 + 36 * monthly });
    expect(bill.monthBeforeUse).toEqual({ low: 26_680, high: 26_680 });
    expect(bill.list).toMatchObject({ date: '2026-07-21', stale: false });
    expect(bill.byParty.reduce((sum, each) => sum + each.monthly.low, 0)).toBe(monthly);
  });

  it('shows what is missing, opens the sums above and counts what is known', () => {
    const bill = priceEstate(estateOf(contoso));
    expect(line(bill, 'circuits.er-fra/fee')).toMatchObject({ status: 'known', cost: { low: 29_000, high: 29_000 } });
    const provider = line(bill, 'circuits.er-fra/provider');
    expect(provider).toMatchObject({ status: 'missing', cost: { low: 0, high: undefined } });
    expect(provider.price).toMatchObject({ name: 'circuit-provider', origin: { kind: 'missing' } });
    expect(bill.monthly).toEqual({ low: 29_000, high: undefined });
    expect(bill.list.stale).toBeUndefined();
  });

  it('bounds the data of a metered circuit by its bandwidth', () => {
    const data = line(priceEstate(estateOf(contoso)), 'circuits.er-fra/data-out');
    // 0.5 Gbps for 730 hours are 164,250 GB, at 0.025 USD each.
    expect(data).toMatchObject({ status: 'range', cost: { low: 0, high: 410_625 } });
    const volumes = new Map([
      ['er-fra', { low: exact(100), high: exact(200), basis: 'demands' as const, text: 'for this test' }],
    ]);
    const bill = priceEstate(estateOf(contoso), { volumes });
    expect(line(bill, 'circuits.er-fra/data-out').cost).toEqual({ low: 250, high: 500 });
  });

  it('charges nothing for data of unlimited and Local circuits', () => {
    for (const estate of [
      changed(['billing: metered', 'billing: unlimited']),
      changed(['sku: standard', 'sku: local'], ['billing: metered', 'billing: unlimited'], ['500 Mbps', '1 Gbps']),
    ]) {
      const { lines } = priceEstate(estate);
      expect(lines.map(({ id }) => id)).not.toContain('circuits.er-fra/data-out');
    }
    const local = changed(
      ['sku: standard', 'sku: local'],
      ['billing: metered', 'billing: unlimited'],
      ['500 Mbps', '1 Gbps'],
    );
    expect(line(priceEstate(local), 'circuits.er-fra/fee').cost).toEqual({ low: 120_000, high: 120_000 });
  });

  it('cannot convert without an exchange rate, and says so instead of guessing', () => {
    const bill = priceEstate(estateOf(`${contoso}\nprices: { currency: EUR }\n`));
    expect(line(bill, 'circuits.er-fra/fee')).toMatchObject({ status: 'missing', cost: { low: 0, high: undefined } });
  });

  it('prices the ports of ExpressRoute Direct apart from circuits', () => {
    const direct = changed(
      ['    provider: Equinix\n', '    direct: { portSpeed: 10 Gbps }\n'],
      ['sku: standard', 'sku: premium'],
      ['bandwidth: 500 Mbps', 'bandwidth: 1 Gbps'],
    );
    const bill = priceEstate({
      ...direct,
      prices: {
        ...direct.prices,
        overrides: [{ name: 'direct-10000', money: { amount: 5000, currency: 'USD' }, path: ['prices'] }],
      },
    });
    expect(line(bill, 'circuits.er-fra/ports').cost).toEqual({ low: 500_000, high: 500_000 });
    expect(line(bill, 'circuits.er-fra/fee')).toMatchObject({ status: 'missing', price: { name: 'direct-premium' } });
    expect(bill.lines.map(({ id }) => id)).not.toContain('circuits.er-fra/provider');
  });

  it('refuses a term that is no number of months', () => {
    expect(() => priceEstate(estateOf(contoso), { termMonths: 1.5 })).toThrow(RangeError);
    expect(priceEstate(estateOf(contoso), { termMonths: 0 }).term).toEqual({ low: 0, high: undefined });
  });

  it('charges the months between service key and first packet, once', () => {
    const bill = priceEstate(estateOf(contoso), { setUpMonths: 3 });
    expect(line(bill, 'circuits.er-fra/before-use')).toMatchObject({
      period: 'once',
      cost: { low: 87_000, high: 87_000 },
    });
    expect(bill.monthBeforeUse).toEqual({ low: 29_000, high: 29_000 });
    expect(bill.once.low).toBe(87_000);
  });
});
