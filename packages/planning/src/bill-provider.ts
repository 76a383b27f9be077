/**
 * What connectivity providers, buildings, WAN and internet providers charge. List prices for them do not exist: the
 * document states them, at the thing itself, per provider or per Mbps; what it does not state is missing.
 */
import type { Circuit, Estate, InternetEdge, Money, Path, PriceOverrides, WanConnection } from '@bothways/estate';
import { type BillItem, counted, type Quantity } from './bill-item.ts';
import { type PriceBook, statedPrice, type UnitPrice } from './price.ts';
import { exact } from './price-money.ts';

export function providerLines(estate: Estate, book: PriceBook): readonly BillItem[] {
  return [
    ...estate.circuits.flatMap((circuit) => circuitLines(circuit, estate.prices, book)),
    ...estate.wan.flatMap((connection) => wanLines(connection, estate.prices, book)),
    ...estate.internetEdges.flatMap((edge) => internetLines(edge, estate.prices, book)),
  ];
}

function circuitLines(circuit: Circuit, prices: PriceOverrides, book: PriceBook): readonly BillItem[] {
  const { name, model, provider, monthlyCost, path } = circuit;
  const items: BillItem[] = [];
  const subject = `circuit ${name}`;
  const charges = prices.providers.find((each) => each.provider === provider);
  if (model !== 'direct') {
    const what = `${provider ?? 'the connectivity provider'}, both links`;
    const common = { party: 'connectivity provider', subject, what, facts: ['ER-004'] } as const;
    items.push({
      ...common,
      id: `circuits.${name}/provider`,
      period: 'month',
      quantity: counted(1, '1 circuit'),
      price:
        ownPrice('monthlyCost', what, 'month', monthlyCost, [...path, 'monthlyCost']) ??
        ownPrice('providers', what, 'month', charges?.monthly, [...(charges?.path ?? []), 'monthly']) ??
        book.other('circuit-provider'),
      billed: undefined,
    });
    items.push({
      ...common,
      id: `circuits.${name}/provider-once`,
      what: `${provider ?? 'the connectivity provider'}, setting up`,
      period: 'once',
      quantity: counted(1, '1 circuit'),
      price:
        ownPrice('providers', what, 'once', charges?.once, [...(charges?.path ?? []), 'once']) ??
        book.other('circuit-provider-once'),
      billed: undefined,
    });
  }
  // In a co-location the customer orders the cross-connects; with Ethernet and IPVPN they are the provider's.
  if (model === 'exchange' || model === 'direct') {
    const two = counted(2, '2 cross-connects, one for each link');
    const common = { party: 'building', subject, quantity: two, facts: ['ER-010', 'ER-186'] } as const;
    const [monthly, once] = [book.other('cross-connect'), book.other('cross-connect-once')];
    items.push({
      ...common,
      id: `circuits.${name}/cross-connect`,
      what: monthly.what,
      period: 'month',
      price: monthly,
      billed: undefined,
    });
    items.push({
      ...common,
      id: `circuits.${name}/cross-connect-once`,
      what: once.what,
      period: 'once',
      price: once,
      billed: undefined,
    });
  }
  return items;
}

function wanLines(connection: WanConnection, prices: PriceOverrides, book: PriceBook): readonly BillItem[] {
  const { name, path, provider, monthlyCost } = connection;
  const rates =
    connection.kind === 'link' ? [connection.bandwidth] : connection.members.map(({ bandwidth }) => bandwidth);
  const what =
    connection.kind === 'link'
      ? `line between ${connection.between.join(' and ')}`
      : `WAN cloud with ${connection.members.length} lines`;
  return lineItems(
    { id: `wan.${name}`, party: 'wan', subject: `WAN ${name}`, what, provider, monthlyCost, path },
    rates,
    prices,
    prices.wanPerMbps,
    'wanPerMbps',
    book,
  );
}

function internetLines(edge: InternetEdge, prices: PriceOverrides, book: PriceBook): readonly BillItem[] {
  const { name, path, isp, monthlyCost, site, bandwidth } = edge;
  return lineItems(
    {
      id: `internetEdges.${name}`,
      party: 'internet',
      subject: `internet edge ${name}`,
      what: `line of ${isp} at ${site}`,
      provider: isp,
      monthlyCost,
      path,
    },
    [bandwidth],
    prices,
    prices.internetPerMbps,
    'internetPerMbps',
    book,
  );
}

interface Line {
  readonly id: string;
  readonly party: 'wan' | 'internet';
  readonly subject: string;
  readonly what: string;
  readonly provider: string | undefined;
  readonly monthlyCost: Money | undefined;
  readonly path: Path;
}

/** Its own price, else that of its provider for each line, else the price per Mbps. */
function lineItems(
  line: Line,
  rates: readonly (number | undefined)[],
  prices: PriceOverrides,
  perMbps: Money | undefined,
  perMbpsKey: string,
  book: PriceBook,
): readonly BillItem[] {
  const { id, party, subject, what, provider, monthlyCost, path } = line;
  const common = { id: `${id}/line`, party, subject, what, period: 'month', billed: undefined, facts: [] } as const;
  const charges = prices.providers.find((each) => each.provider === provider);
  const items: BillItem[] = [];
  const lines = counted(rates.length, rates.length === 1 ? '1 line' : `${rates.length} lines`);
  if (charges?.once !== undefined) {
    const price = statedPrice('providers', what, 'once', charges.once, [...charges.path, 'once']);
    items.push({ ...common, id: `${id}/set-up`, what: `${what}, setting up`, period: 'once', quantity: lines, price });
  }
  const own = ownPrice('monthlyCost', what, 'month', monthlyCost, [...path, 'monthlyCost']);
  if (own !== undefined) return [{ ...common, quantity: counted(1, 'as a whole'), price: own }, ...items];
  const ofProvider = ownPrice('providers', what, 'month', charges?.monthly, [...(charges?.path ?? []), 'monthly']);
  if (ofProvider !== undefined) return [{ ...common, quantity: lines, price: ofProvider }, ...items];
  const ofMbps = ownPrice(perMbpsKey, what, 'month', perMbps, [...prices.path, perMbpsKey]);
  if (ofMbps === undefined) return [{ ...common, quantity: lines, price: book.other('line') }, ...items];
  return [{ ...common, quantity: megabits(rates), price: ofMbps }, ...items];
}

function megabits(rates: readonly (number | undefined)[]): Quantity {
  const stated = rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0) / 1e6;
  const unstated = rates.filter((rate) => rate === undefined).length;
  if (unstated === 0) return counted(stated, `${stated} Mbps`);
  return {
    low: exact(stated),
    high: undefined,
    text: `${stated} Mbps and ${unstated === 1 ? 'a line' : `${unstated} lines`} of unstated bandwidth`,
    basis: 'unknown',
  };
}

function ownPrice(
  name: string,
  what: string,
  per: 'month' | 'once',
  money: Money | undefined,
  path: Path,
): UnitPrice | undefined {
  return money === undefined ? undefined : statedPrice(name, what, per, money, path);
}
