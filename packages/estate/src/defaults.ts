/**
 * What the loader fills in where the document says nothing. Every default stands here, with the reason in one line; the
 * document keeps the list of those it used, so that they can be shown.
 */
import type { AppliedDefault, EstateDocument } from './document.ts';
import type { Billing, Sku } from './model.ts';

interface Default<T> {
  readonly value: T;
  readonly because: string;
}

function filled<const T>(value: T, because: string): Default<T> {
  return { value, because };
}

export const DEFAULTS = {
  cloud: filled('public', 'the public cloud is by far the most used'),
  microsoft365Authorised: filled(false, 'Microsoft 365 over ExpressRoute needs an authorisation that few tenants have'),
  canvasCdn: filled(true, 'the content delivery network is on unless an administrator switches it off'),
  users: filled(0, 'a site without users is a place for equipment'),
  linkCost: filled(1, 'equal costs leave the choice to the number of hops'),
  stateful: filled(true, 'firewalls at network edges keep state unless they were told not to'),
  model: filled('exchange', 'a cross-connection at an exchange is the usual way to reach a provider'),
  sku: filled('standard', 'standard reaches every region of the geopolitical region (ER-023)'),
  validation: filled('configured', 'a design assumes that validation of the prefixes has succeeded'),
  prepend: filled(0, 'nothing is added to the path unless asked for'),
  bfd: filled(false, 'it has to be switched on at both ends'),
  over: filled('any', 'the least that can be asked: delivered in both directions'),
  flows: filled(
    ['PP-F01', 'PP-F02', 'PP-F05', 'PP-F11', 'PP-F12', 'PP-F16'],
    'what an everyday user needs: apps, Dataverse, sign-in, static content and certificate status',
  ),
  from: filled(['all'], 'every site with clients'),
  to: filled(['all'], 'every environment'),
} as const;

export function ownFirewall(edge: string): Default<string> {
  return filled(`${edge}-firewall`, 'an edge has a firewall of its own unless one is named');
}

export function ownProvider(edge: string): Default<string> {
  return filled(`${edge}-isp`, 'without a name, every internet edge counts as having a provider of its own');
}

export function ownRouters(edge: string): Default<readonly [string, string]> {
  return filled(
    [`${edge}-ce1`, `${edge}-ce2`],
    'a circuit has two links, and each should end on a router of its own (ER-010)',
  );
}

export function billingOf(sku: Sku): Default<Billing> {
  return sku === 'local'
    ? filled('unlimited', 'a local circuit is sold with unlimited billing only (ER-021)')
    : filled('metered', 'the plan a new circuit has unless another is chosen');
}

export const POOLS_ADVERTISED = 'what is translated to must be announced for the answers to come back';
export const ORGANISATION_ASN = 'the AS number of the organisation';

/** The defaults in use, in the order of the document's kinds. */
export function defaultsApplied(document: EstateDocument): readonly AppliedDefault[] {
  return document.defaults;
}
