/**
 * What the loader fills in where the document says nothing. Every default stands here, with the reason in one line; the
 * document keeps the list of those it used, so that they can be shown.
 */
import type { AppliedDefault, EstateDocument } from './document.ts';
import type { Billing, Coordinates, Sku } from './model.ts';
import type { ConnectorClass, UserGroup } from './model-services.ts';

export interface Filled<T> {
  readonly value: T;
  readonly because: string;
}

function filled<const T>(value: T, because: string): Filled<T> {
  return { value, because };
}

export const DEFAULTS = {
  cloud: filled('public', 'the public cloud is by far the most used'),
  microsoft365Authorised: filled(false, 'Microsoft 365 over ExpressRoute needs an authorisation that few tenants have'),
  canvasCdn: filled(true, 'the content delivery network is on unless an administrator switches it off'),
  users: filled(0, 'a site without users is a place for equipment'),
  environmentType: filled('production', 'what a design is made for'),
  managed: filled(false, 'an environment is managed only when an administrator makes it so'),
  recovery: filled(false, 'disaster recovery has to be ordered for each environment'),
  powerPagesCdn: filled(false, 'it is switched on for each site'),
  powerPagesWaf: filled(false, 'it is switched on for each site'),
  cloudKind: filled('ipvpn', 'an any-to-any network of a provider is an IP VPN unless it is said to be SD-WAN'),
  encrypted: filled(false, 'lines and IP VPNs are private but not encrypted'),
  sdwanEncrypted: filled(true, 'an SD-WAN runs through tunnels of its own'),
  optimised: filled(false, 'optimisers are bought and set up in pairs'),
  highAvailability: filled(false, 'one device unless two are named'),
  zone: filled('any', 'a rule that names no side holds for both'),
  natInbound: filled(false, 'the source of sessions that come in is kept unless it is said to be translated'),
  resiliency: filled('standard', 'both links of a circuit end in one peering location'),
  provisioning: filled('provisioned', 'a design assumes that the provider has done its part'),
  qos: filled(false, 'markings count only when both sides were set up for them'),
  macsec: filled(false, 'it has to be configured at both ends of the ports'),
  weight: filled(0, 'the weight of a connection that nobody changed (ER-098)'),
  delegated: filled(false, 'a subnet is delegated only when somebody does it'),
  natGateway: filled(false, 'a network has none unless it is added'),
  scaleUnits: filled(1, 'the smallest scalable gateway'),
  serviceKind: filled('other', 'nothing is assumed about a service'),
  splitDns: filled(true, 'a resolver inside knows the addresses inside'),
  hairpin: filled(false, 'edges translate what comes from outside unless they are told to turn sessions round'),
  tls: filled(true, 'services that Microsoft calls are reached over TLS'),
  members: filled(1, 'a gateway is one machine until members are added'),
  mode: filled('https', 'gateways use HTTPS unless TCP is chosen'),
  machines: filled(1, 'at least one, or it would not be here'),
  proxyPort: filled(8080, 'the usual port of explicit proxies'),
  reach: filled('internet', 'a proxy stands at the way to the internet'),
  rewrites: filled(false, 'a proxy passes TLS on unless it was made to open it'),
  peakFactor: filled(1, 'the rate is taken for the busy hour'),
  class: filled('default', 'what nobody marked is best effort (ER-129)'),
  survives: filled('nothing', 'the intent is asked for in the normal state'),
  private: filled(false, 'the intent asks which way to take, not what the way is made of'),
  maintenanceKind: filled('drain', 'planned work leads traffic away first (ER-149)'),
  then: filled('accept', 'a term that changes a route lets it pass'),
  privateSites: filled(['all'], 'a circuit is bought for everybody unless some may use the internet'),
  planSurvives: filled('any-single-failure', 'one circuit is one failure away from none'),
  currency: filled('USD', 'the currency of the list prices'),
  microsoftDiscount: filled(0, 'list prices'),
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

export function ownFirewall(edge: string): Filled<string> {
  return filled(`${edge}-firewall`, 'an edge has a firewall of its own unless one is named');
}

export function noFirewall(word: string): Filled<string> {
  return filled(word, 'the provider passes packets on; translation and inspection happen elsewhere');
}

export function providerRouters(edge: string): Filled<readonly [string, string]> {
  return filled([`${edge}-pe1`, `${edge}-pe2`], 'the routers of an edge on a cloud are those of its provider (ER-010)');
}

export function servicesBehind(services: readonly string[]): Filled<readonly string[]> {
  return filled(services, 'publishing a service on an edge includes letting its sessions in');
}

export function cityCountry(country: string): Filled<string> {
  return filled(country, 'the country of the city');
}

export function cityLocation(location: Coordinates): Filled<Coordinates> {
  return filled(location, 'the middle of the city');
}

export function ownResolver(site: string): Filled<string> {
  return filled(site, 'names are resolved where the clients are unless another place is named');
}

export function ownProvider(edge: string): Filled<string> {
  return filled(`${edge}-isp`, 'without a name, every internet edge counts as having a provider of its own');
}

export function ownRouters(edge: string): Filled<readonly [string, string]> {
  return filled(
    [`${edge}-ce1`, `${edge}-ce2`],
    'a circuit has two links, and each should end on a router of its own (ER-010)',
  );
}

export function billingOf(sku: Sku): Filled<Billing> {
  return sku === 'local'
    ? filled('unlimited', 'a local circuit is sold with unlimited billing only (ER-021)')
    : filled('metered', 'the plan a new circuit has unless another is chosen');
}

export const directModel: Filled<'direct'> = filled('direct', 'a circuit with ports of its own is on Direct');

export const maximumResiliency: Filled<'maximum'> = filled(
  'maximum',
  'there is a circuit in another location beside it',
);

export function pairedBack(circuit: string): Filled<string> {
  return filled(circuit, 'that circuit names this one');
}

export function gatewayOfPeer(vnet: string): Filled<string> {
  return filled(vnet, 'the only peered network that has a gateway');
}

export function onlyEdge(edge: string): Filled<string> {
  return filled(edge, 'the only internet edge of the site');
}

export function edgeTranslates(translates: boolean): Filled<boolean> {
  return filled(translates, 'as the edge has it');
}

export function portsOfKind(port: string): Filled<string> {
  return filled(port, 'the port that services of this kind listen on');
}

export const allEnvironments: Filled<readonly string[]> = filled(['all'], 'every environment');

export function sitePrefixes(what: 'servers' | 'clients'): Filled<undefined> {
  return filled(undefined, `the ${what} of the site`);
}

export function gatewayRegion(region: string): Filled<string> {
  return filled(region, 'a gateway belongs into the region of its environment');
}

export function siteOfGateway(site: string): Filled<string> {
  return filled(site, 'the site of the gateway');
}

export function siteOfEdge(site: string): Filled<string> {
  return filled(site, 'the site of the edge');
}

export function connectorClass(name: ConnectorClass): Filled<ConnectorClass> {
  return filled(name, 'what the connector names tells the way its calls take');
}

export function userKind(kind: UserGroup['kind']): Filled<UserGroup['kind']> {
  return filled(kind, kind === 'vpn' ? 'there is a VPN' : 'there is no VPN');
}

export function metroResiliency(metro: string): Filled<'metro'> {
  return filled('metro', `${metro} is two locations`);
}

export function portSpeedFor(speed: string): Filled<string> {
  return filled(speed, 'the slowest ports that carry the bandwidth (ER-012)');
}

/** `time` in the units of the document. */
export function bgpTimers(time: string, fact: string): Filled<string> {
  return filled(time, `what Microsoft uses (${fact})`);
}

export const SITES_ADVERTISED = 'Azure has to know the way back to clients and servers of every site';
export const POOLS_ADVERTISED = 'what is translated to must be announced for the answers to come back';
export const ORGANISATION_ASN = 'the AS number of the organisation';

/** The defaults in use, in the order of the document's kinds. */
export function defaultsApplied(document: EstateDocument): readonly AppliedDefault[] {
  return document.defaults;
}
