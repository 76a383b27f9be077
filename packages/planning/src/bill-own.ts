/** What the customer pays for its own side: firewalls and translating boxes, edge routers, and its own work. */
import type { Estate } from '@bothways/estate';
import { type BillItem, counted } from './bill-item.ts';
import { missingPrice, type PriceBook, statedPrice } from './price.ts';

export function ownLines(estate: Estate, book: PriceBook): readonly BillItem[] {
  return [...firewallLines(estate, book), ...routerLines(estate, book), ...workLines(estate)];
}

/** Firewalls that an edge stands behind; the others cost the same with and without this network. */
function firewallLines({ firewalls, internetEdges, expressRouteEdges }: Estate, book: PriceBook): readonly BillItem[] {
  const used = new Set([...internetEdges, ...expressRouteEdges].flatMap(({ firewall }) => firewall ?? []));
  return firewalls
    .filter(({ name }) => used.has(name))
    .map(({ name, highAvailability }): BillItem => {
      const price = book.other('firewall');
      return {
        id: `firewalls.${name}/box`,
        party: 'equipment',
        subject: `firewall ${name}`,
        what: price.what,
        period: 'month',
        quantity: highAvailability ? counted(2, '2 boxes in high availability') : counted(1, '1 box'),
        price,
        billed: undefined,
        facts: [],
      };
    });
}

/** Customer edge routers; those on the cloud of an IPVPN are the provider's. */
function routerLines({ expressRouteEdges }: Estate, book: PriceBook): readonly BillItem[] {
  const own = expressRouteEdges.filter(({ cloud }) => cloud === undefined);
  const names = [...new Set(own.flatMap(({ routers }) => routers))];
  return names.map((name): BillItem => {
    const price = book.other('router');
    return {
      id: `routers.${name}/box`,
      party: 'equipment',
      subject: `router ${name}`,
      what: price.what,
      period: 'month',
      quantity: counted(1, '1 router'),
      price,
      billed: undefined,
      facts: [],
    };
  });
}

function workLines({ prices }: Estate): readonly BillItem[] {
  return (['month', 'once'] as const).map((period): BillItem => {
    const key = period === 'month' ? 'monthly' : 'once';
    const money = prices.internal[key];
    const what =
      period === 'month' ? 'own work on routing and operation' : 'own work on setting up routing and translation';
    const path = [...prices.path, 'internal', key];
    return {
      id: `internal/${key}`,
      party: 'own work',
      subject: 'own work',
      what,
      period,
      quantity: counted(1, 'as a whole'),
      price:
        money === undefined
          ? missingPrice(`internal.${key}`, what, period, 'only you know it', 'PP-C40')
          : statedPrice(`internal.${key}`, what, period, money, path),
      billed: undefined,
      facts: ['PP-C40'],
    };
  });
}
