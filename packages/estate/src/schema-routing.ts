/** The shape of routing overrides, failures, prices and accepted risks. */

import {
  ASN,
  asnText,
  CURRENCY,
  choice,
  DATE,
  list,
  MONEY,
  NAME,
  named,
  PERCENTAGE,
  PREFIX,
  record,
  records,
  scalar,
  shortRecord,
} from './schema-parts.ts';
import { localPreference, prepend } from './schema-session.ts';

const communityText = scalar('A community, or an Azure region or service that has one.', {
  examples: ['12076:51002', 'West Europe'],
});

const term = {
  match: record('Which routes. Left out: every route.', {
    prefixes: list(
      'Any of these prefixes; ge and le give lengths as in a prefix list.',
      scalar('A prefix, with ge and le where wanted.', {
        pattern: '^[0-9a-fA-F:.]+/[0-9]{1,3}( ge [0-9]{1,3})?( le [0-9]{1,3})?$',
        examples: ['10.0.0.0/8', '10.0.0.0/8 ge 16 le 24'],
      }),
    ).optional(),
    communities: list('Any of these communities.', communityText).optional(),
    asPathContains: list('Any of these AS numbers stands in the path.', asnText).optional(),
    originatedBy: list('The path begins at any of these AS numbers.', asnText).optional(),
  }).optional(),
  set: record('What is changed on them.', {
    localPreference: scalar('LOCAL_PREF; higher is preferred.', localPreference).optional(),
    med: scalar('MULTI_EXIT_DISC; lower is preferred.', { ...localPreference, examples: [10] }).optional(),
    prepend: prepend.optional(),
    communities: list('Communities added.', communityText).optional(),
  }).optional(),
  // biome-ignore lint/suspicious/noThenProperty: the word of every routing policy; nothing here is awaited
  then: choice('What happens to them. Default: accept.', ['accept', 'reject']).optional(),
};

const terms = {
  import: records('Terms for routes that come in, in order; in front of the derived ones.', term).optional(),
  export: records('Terms for routes that go out, in order; in front of the derived ones.', term).optional(),
};

export const deviceRouting = record('What one device does differently; its name is that of the device.', {
  asn: scalar('AS number of the device.', ASN).optional(),
  ...terms,
  neighbours: named(
    'Terms for single sessions, by the name of the neighbouring device.',
    record('One session.', terms),
  ).optional(),
  statics: records('Static routes.', {
    prefix: scalar('Destination.', { ...PREFIX, examples: ['0.0.0.0/0'] }),
    next: scalar('Neighbouring device, or discard.', { ...NAME, examples: ['discard'] }),
  }).optional(),
  defaultRoute: choice('What it does with the default route. Left out: as derived.', [
    'originate',
    'accept',
    'reject',
  ]).optional(),
  igpCost: scalar('Interior cost of every link of the device.', {
    type: 'integer',
    minimum: 1,
    maximum: 65_535,
    examples: [10],
  }).optional(),
  maximumPaths: scalar('Equal paths used side by side.', {
    type: 'integer',
    minimum: 1,
    maximum: 64,
    examples: [2],
  }).optional(),
});

const elementText = scalar('A site, link, edge, firewall, router, circuit, provider or peering location.', NAME);

export const failureGroup = shortRecord('Things that fail together: their names, or a map.', 'elements', {
  elements: list('Names of sites, links, edges, devices, circuits, providers, peering locations.', elementText),
});

export const maintenanceWindow = shortRecord('Things that are taken out of service together.', 'elements', {
  elements: list('Names of sites, links, edges, devices, circuits, providers, peering locations.', elementText),
  kind: choice('Traffic is led away first, or it is switched off. Default: drain.', ['drain', 'down']).optional(),
});

const once = scalar('Once.', { ...MONEY, examples: ['1500 EUR'] }).optional();
const monthly = scalar('Every month.', MONEY).optional();

export const prices = record('Prices of your own, beside the list prices that come with the program.', {
  currency: scalar('Currency that sums are shown in. Default: USD.', CURRENCY).optional(),
  exchangeRates: named(
    'How much of a currency one US dollar buys.',
    scalar('Amount for one US dollar.', { type: 'number', examples: [0.92] }),
  ).optional(),
  microsoftDiscount: scalar('Discount on list prices of Microsoft. Default: 0 %.', {
    ...PERCENTAGE,
    examples: ['10 %'],
  }).optional(),
  providers: named(
    'What connectivity and WAN providers charge, by provider.',
    record('Charges of one provider, per circuit or line.', { once, monthly }),
  ).optional(),
  wanPerMbps: scalar('Per Mbps and month of WAN links without a price.', { ...MONEY, examples: ['4 EUR'] }).optional(),
  internetPerMbps: scalar('Per Mbps and month of internet edges without a price.', {
    ...MONEY,
    examples: ['0.80 EUR'],
  }).optional(),
  internal: record('Your own work on routing and operation.', { once, monthly }).optional(),
  overrides: named(
    'Unit prices in place of list prices, or where there is none, by the names that bothways price shows.',
    scalar('Price of one unit.', { ...MONEY, examples: ['310 EUR'] }),
  ).optional(),
  volumes: named(
    'Gigabytes that leave Microsoft over a circuit in a month, measured, by circuit.',
    scalar('Gigabytes a month.', { type: 'number', minimum: 0, examples: [12000] }),
  ).optional(),
  trafficHours: scalar('Hours of a month in which demands have their average rate. Default: all 730.', {
    type: 'number',
    minimum: 0,
    maximum: 744,
    examples: [200],
  }).optional(),
});

export const availability = named(
  'How much of the time things are up, by kind (link) or by kind and name (link.mpls-hq).',
  scalar('Part of the time that it is up.', { ...PERCENTAGE, examples: ['99.95 %'] }),
);

export const acceptedRisk = record('A finding that is known and taken on.', {
  rule: scalar('Rule or fact id.', {
    pattern: '^[A-Za-z0-9]+([/-][A-Za-z0-9-]+)*$',
    examples: ['nat/shared-pool', 'PP-C13'],
  }),
  where: scalar('Path of what it is accepted for. Default: everywhere.', { examples: ['circuits.er-fra'] }).optional(),
  because: scalar('The reason, in your words.'),
  until: scalar('Last day, as a date.', DATE).optional(),
});
