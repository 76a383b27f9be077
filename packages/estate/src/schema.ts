/**
 * The shape of the document: which keys there are, which are required, and what each is for.
 *
 * One description serves three readers: the loader (structure), editors (JSON Schema draft-07 with descriptions,
 * examples, patterns) and people. Scalars are text at this level; units.ts and names.ts give them meaning, because a
 * schema cannot suggest a near name.
 */
import { trafficClasses } from '@bothways/facts';
import { z } from 'zod';
import { azure, dataGateway, privatePeering, type vnet, type vpn } from './schema-azure.ts';
import {
  ASN,
  BANDWIDTH,
  COUNT,
  COUNTRY,
  choice,
  choices,
  coordinates,
  DURATION,
  finished,
  flowText,
  keysBelow,
  list,
  MONEY,
  NAME,
  named,
  namedOrList,
  nameText,
  PERCENTAGE,
  prefixText,
  REGION,
  record,
  records,
  scalar,
  shortRecord,
  YES_NO,
} from './schema-parts.ts';
import { requirements } from './schema-requirements.ts';
import {
  acceptedRisk,
  availability,
  deviceRouting,
  failureGroup,
  maintenanceWindow,
  prices,
} from './schema-routing.ts';
import { connector, desktopFlowMachines, portText, proxy, service, userGroup } from './schema-services.ts';
import { circuitSession, type prepend } from './schema-session.ts';

const organisation = record('Whose network this is.', {
  name: scalar('Name of the organisation, for headings.', NAME),
  asn: scalar('Its AS number: 64500, AS64500 or dotted (1.10).', ASN).optional(),
  cloud: choice('The Microsoft cloud it uses. Default: public.', ['public', 'usgov', 'china']).optional(),
  subscription: scalar('Azure subscription that pays where a circuit names no other.', {
    type: 'string',
    examples: ['network-production'],
  }).optional(),
  owns: list('Public prefixes registered to the organisation.', prefixText).optional(),
  microsoft365: record('Microsoft 365 of this organisation.', {
    authorised: scalar(
      'Microsoft has authorised Microsoft 365 over ExpressRoute for this tenant. Default: false.',
      YES_NO,
    ).optional(),
    tenantRegion: scalar('Geography of the tenant.', { type: 'string', examples: ['Europe', 'Germany'] }).optional(),
    services: choices('Services in use.', ['exchange', 'sharepoint', 'teams']).optional(),
  }).optional(),
});

const environment = record('A Power Platform environment.', {
  region: scalar('Power Platform region (geography) by name, id or alias.', {
    examples: ['Europe', 'United States'],
  }),
  pair: list(
    'The pair of Azure regions, where the geography has several.',
    scalar('An Azure region.', REGION),
  ).optional(),
  azureRegion: scalar('One Azure region of the pair; selects the pair like `pair` does.', {
    examples: ['West Europe'],
  }).optional(),
  canvasCdn: scalar(
    'Canvas apps load static files from the content delivery network. Default: true.',
    YES_NO,
  ).optional(),
  type: choice('Type of the environment. Default: production.', [
    'production',
    'sandbox',
    'developer',
    'trial',
    'teams',
    'default',
  ]).optional(),
  managed: scalar('A managed environment. Default: false.', YES_NO).optional(),
  vnetSupport: list(
    'Subnets delegated to the environment, one per Azure region of its pair.',
    scalar('Virtual network and subnet.', { pattern: '^[^/]+/[^/]+$', examples: ['hub-west/power-platform'] }),
  ).optional(),
  products: choices('Products in use.', [
    'power-apps',
    'power-automate',
    'power-pages',
    'power-bi',
    'copilot-studio',
    'dataverse',
    'dynamics-365',
    'finance-and-operations',
  ]).optional(),
  ipFirewall: list('Source addresses the IP firewall admits. Left out: the firewall is off.', prefixText).optional(),
  powerPages: record('Power Pages sites of the environment.', {
    cdn: scalar('A content delivery network is in front. Default: false.', YES_NO).optional(),
    waf: scalar('A web application firewall is in front. Default: false.', YES_NO).optional(),
  }).optional(),
  recovery: scalar('Disaster recovery to the other region of the pair is wanted. Default: false.', YES_NO).optional(),
});

const utilisation = scalar('Share of the bandwidth that is in use already.', {
  ...PERCENTAGE,
  examples: ['35 %'],
}).optional();

const line = {
  latency: scalar('One-way latency.', DURATION).optional(),
  loss: scalar('Share of packets lost.', { ...PERCENTAGE, examples: ['0.1 %'] }).optional(),
  utilisation,
};

const wanLine = {
  bandwidth: scalar('Rate in each direction.', BANDWIDTH).optional(),
  ...line,
  cost: scalar(
    'Routing cost; lower is preferred. A line that costs more lengthens the BGP path, by its place among the costs in use. Default: 1.',
    {
      type: 'integer',
      minimum: 1,
      maximum: 65_535,
      examples: [10],
    },
  ).optional(),
};

const site = record('A place with users or servers.', {
  city: scalar('City; add the country code where the name is ambiguous.', {
    examples: ['Munich', 'Portland, US'],
  }).optional(),
  country: scalar('Country code (ISO 3166-1). Default: that of the city.', COUNTRY).optional(),
  location: coordinates(
    'Where the site is, when the city is not known to the gazetteer: [latitude, longitude] or a map.',
  ).optional(),
  users: scalar('Number of users. Default: 0.', COUNT).optional(),
  lan: record('The local network between the clients and the router of the site.', {
    bandwidth: scalar('Rate of its narrowest part.', { ...BANDWIDTH, examples: ['1 Gbps'] }).optional(),
    utilisation,
  }).optional(),
  clients: list('Client subnets.', prefixText).optional(),
  servers: list('Server subnets.', prefixText).optional(),
  wan: namedOrList(
    'WAN clouds this site is a member of: names, or a map with the line into each.',
    record('The line into the cloud.', wanLine),
  ).optional(),
  breakout: scalar('Internet edge this site uses for Microsoft traffic instead of the circuit.', NAME).optional(),
  applicationBreakout: records('SD-WAN: flows that leave by another edge than the rest; the first entry counts.', {
    flows: list('Catalogue flows.', flowText),
    edge: scalar('Internet edge or ExpressRoute edge.', NAME),
  }).optional(),
  resolver: scalar('Where names are resolved: a site, or public for a resolver on the internet. Default: here.', {
    ...NAME,
    examples: ['public'],
  }).optional(),
  proxy: scalar('Explicit proxy of the clients.', NAME).optional(),
  pac: shortRecord('Proxy auto-configuration: the script itself, or `from` and a file.', 'text', {
    text: scalar('The script: a function FindProxyForURL.').optional(),
    from: scalar('File beside the document.', {
      type: 'string',
      pattern: '\\.(pac|dat|js)$',
      examples: ['proxy.pac'],
    }).optional(),
  }).optional(),
});

const wanConnection = record('A link between two sites (between), or a network of a provider (members).', {
  between: list('The two sites it joins.', nameText, { minItems: 2, maxItems: 2 }).optional(),
  kind: choice('Kind of a network with members: any-to-any IP VPN, or SD-WAN. Default: ipvpn.', [
    'link',
    'ipvpn',
    'sdwan',
  ]).optional(),
  members: namedOrList(
    'Sites of the network: names, all, or a map with the line of each. Bandwidth and latency here are those of every line.',
    record('The line of one site.', wanLine),
  ).optional(),
  ...wanLine,
  provider: scalar('Who runs it.', { type: 'string', examples: ['Northwind Telecom'] }).optional(),
  asn: scalar('AS number of the provider; of a network with members.', ASN).optional(),
  monthlyCost: scalar('What the provider charges every month.', MONEY).optional(),
  encrypted: scalar('Traffic is encrypted. Default: false; true for SD-WAN.', YES_NO).optional(),
  optimised: scalar('WAN optimisers stand at both ends. Default: false.', YES_NO).optional(),
});

const firewall = record('A firewall; only needed when the defaults do not fit.', {
  stateful: scalar('Drops packets of connections whose start it has not seen. Default: true.', YES_NO).optional(),
  sharesStateWith: list('Firewalls that know the same connections (a cluster).', nameText).optional(),
  highAvailability: scalar('Two devices that act as one. Default: false.', YES_NO).optional(),
  permitInbound: list(
    'Services whose sessions may start outside. Default: those published on an edge behind this firewall.',
    nameText,
  ).optional(),
  rules: records('Rules for the packet that starts a session, in order; the first one that fits decides.', {
    action: choice('What happens.', ['allow', 'deny']),
    zone: choice('Side on which the session starts. Default: any.', ['inside', 'outside', 'any']).optional(),
    from: list('Source addresses. Default: every address.', prefixText).optional(),
    to: list('Destination addresses. Default: every address.', prefixText).optional(),
    ports: list('Destination ports. Default: every protocol and port.', portText).optional(),
  }).optional(),
});

const natInbound = scalar(
  'Sources of sessions that come in are translated, so that answers return to this edge. Default: false.',
  YES_NO,
).optional();

const internetEdge = record('Where a site meets the internet.', {
  site: scalar('Site where the edge stands.', NAME),
  isp: scalar('Internet provider. Default: unnamed.', { type: 'string', examples: ['Northwind Telecom'] }).optional(),
  bandwidth: scalar('Rate of the line.', BANDWIDTH).optional(),
  ...line,
  firewall: scalar('Firewall on this edge. Default: one of its own.', NAME).optional(),
  nat: list('Source address pools. Default: no translation.', prefixText).optional(),
  natInbound,
  advertises: list('Prefixes announced to the internet. Default: the pools.', prefixText).optional(),
  asn: scalar('AS number of the internet provider.', ASN).optional(),
  maximumSessions: scalar('Sessions the firewall can hold.', { ...COUNT, examples: [500000] }).optional(),
  monthlyCost: scalar('What the provider charges every month.', MONEY).optional(),
});

const expressRouteEdge = record('Where a site, or the network of a provider, meets ExpressRoute.', {
  site: scalar('Site where the edge stands; or name a cloud.', NAME).optional(),
  cloud: scalar('IP VPN of a provider that runs this edge.', NAME).optional(),
  firewall: scalar('Firewall on this edge, or none. Default: one of its own; none on a cloud.', NAME).optional(),
  nat: list('Source address pools. Default: no translation.', prefixText).optional(),
  natInbound,
  routers: list('Routers of the primary and the secondary link. Default: two.', nameText, {
    minItems: 1,
    maxItems: 2,
  }).optional(),
});

const microsoftPeering = record('Microsoft peering of the circuit: the way to public services.', {
  ...circuitSession,
  links: list('Two public /30 link subnets: primary, secondary.', prefixText, { minItems: 2, maxItems: 2 }),
  links6: list('Two public /126 link subnets: primary, secondary.', prefixText, {
    minItems: 2,
    maxItems: 2,
  }).optional(),
  advertises: list('Prefixes announced to Microsoft. Default: the pools of the edge.', prefixText).optional(),
  routeFilter: list(
    'What the attached route filter lets through: Azure regions, services, communities. Left out: no filter attached.',
    scalar('An Azure region, a service or a community.', {
      examples: ['West Europe', 'Exchange Online', '12076:51002'],
    }),
  ).optional(),
  validation: choice('State of the advertised prefixes at Microsoft. Default: configured.', [
    'configured',
    'validation-needed',
  ]).optional(),
  maximumPrefixes: scalar('Prefixes accepted from Microsoft before the session is taken down.', {
    type: 'integer',
    minimum: 1,
    examples: [2000],
  }).optional(),
});

const circuit = record('An ExpressRoute circuit.', {
  location: scalar('Peering location, or a metro.', { examples: ['Frankfurt', 'Amsterdam Metro'] }),
  provider: scalar('Connectivity provider.', { examples: ['Equinix'] }).optional(),
  model: choice('Connectivity model. Default: exchange.', ['exchange', 'ethernet', 'ipvpn', 'direct']).optional(),
  sku: choice('What the circuit reaches. Default: standard.', ['local', 'standard', 'premium']).optional(),
  billing: choice('Default: metered; unlimited for a local circuit.', ['metered', 'unlimited']).optional(),
  bandwidth: scalar('Circuit bandwidth, one of the offered steps.', BANDWIDTH),
  latency: scalar(
    'One-way latency of the line from the edge to the peering location; goes before any estimate.',
    DURATION,
  ).optional(),
  promised: record('What the contract with the connectivity provider promises.', {
    throughput: scalar('At least this rate.', { ...BANDWIDTH, examples: ['200 Mbps'] }).optional(),
    latency: scalar('At most this one-way latency: half of a round trip.', DURATION).optional(),
  }).optional(),
  edge: scalar('ExpressRoute edge where it lands.', NAME),
  resiliency: choice(
    'Links in one building, in two of a metro, or a second circuit elsewhere (maximum). Default: as the location and the pair have it.',
    ['standard', 'metro', 'maximum'],
  ).optional(),
  pairedWith: scalar('With maximum resiliency: the circuit in the other peering location.', NAME).optional(),
  direct: record('ExpressRoute Direct: the pair of ports.', {
    portSpeed: scalar('Speed of one port.', { ...BANDWIDTH, examples: ['10 Gbps', '100 Gbps'] }),
    macsec: scalar('Frames are encrypted between the routers. Default: false.', YES_NO).optional(),
  }).optional(),
  provisioning: choice('State at the connectivity provider. Default: provisioned.', [
    'not-provisioned',
    'provisioning',
    'provisioned',
  ]).optional(),
  subscription: scalar('Azure subscription that pays. Default: that of the organisation.', {
    type: 'string',
    examples: ['network-production'],
  }).optional(),
  serviceKey: scalar('Service key of the circuit; never shown.', { type: 'string' }).optional(),
  microsoftPeering: microsoftPeering.optional(),
  privatePeering: privatePeering.optional(),
  globalReach: list('Circuits joined to this one; writing it at one of the two is enough.', nameText).optional(),
  qos: scalar('DSCP markings are honoured end to end. Default: false.', YES_NO).optional(),
  monthlyCost: scalar('What the connectivity provider charges every month.', MONEY).optional(),
});

const traffic = {
  flows: list('Catalogue flows; all: every flow that the customer opens and that has a destination.', flowText),
  from: list(
    'Sites and user groups; all: every site with clients and every user group. Default: all.',
    nameText,
  ).optional(),
  to: list('Environments, virtual networks, services; all: every environment. Default: all.', nameText).optional(),
};

const demand = record('Traffic that the network has to carry.', {
  ...traffic,
  rate: record('How much, on average. Default: the guidance figure per user.', {
    perUser: scalar('For every user.', { ...BANDWIDTH, examples: ['50 kbps'] }).optional(),
    total: scalar('All together.', { ...BANDWIDTH, examples: ['20 Mbps'] }).optional(),
  }).optional(),
  peakFactor: scalar('The busiest hour over the average. Default: 1.', {
    type: 'number',
    minimum: 1,
    examples: [2.5],
  }).optional(),
  class: choice('What its packets are marked as, for quality of service. Default: default.', trafficClasses).optional(),
});

const intent = record('Something that must hold, both ways: a test of the network.', {
  ...traffic,
  over: choice('What both directions must use. Default: any.', ['expressroute', 'internet', 'any']).optional(),
  latency: scalar('Round trip at most.', { ...DURATION, examples: ['150 ms'] }).optional(),
  survives: list(
    'What may fail: nothing, any-single-failure, any-two-failures, or names of failure groups. Default: nothing.',
    scalar('A number of failures or a failure group.', {
      ...NAME,
      examples: ['nothing', 'any-single-failure', 'any-two-failures'],
    }),
  ).optional(),
  minimumBandwidthPerUser: scalar('What every user must get.', { ...BANDWIDTH, examples: ['400 kbps'] }).optional(),
  load: scalar('Share of its bandwidth that no link on the way may be used above.', {
    ...PERCENTAGE,
    examples: ['80 %'],
  }).optional(),
  private: scalar(
    "No part crosses the internet before Microsoft's edge, not even inside a tunnel. Default: false.",
    YES_NO,
  ).optional(),
  because: scalar('The reason, in your words.').optional(),
});

/** `from` under sites: rows of a file become sites before the document is compared with the schema. */
const SITES_FROM = {
  from: {
    description:
      'CSV file beside the document with one site per row, e.g. with the columns name, city, users, clients.',
    anyOf: [
      { type: 'string', pattern: '\\.(csv|tsv)$', examples: ['sites.csv'] },
      { type: 'array', items: { type: 'string', pattern: '\\.(csv|tsv)$' } },
    ],
  },
};

export const estateSchema = record('An estate: a network that reaches Microsoft over ExpressRoute and the internet.', {
  bothways: scalar('Version of the document format.', { type: 'integer', const: 1 }),
  organisation,
  environments: named('Power Platform environments by name.', environment).optional(),
  sites: named('Sites by name; `from` takes them from a CSV file.', site, SITES_FROM).optional(),
  wan: named('WAN links and clouds by name.', wanConnection).optional(),
  firewalls: named('Firewalls by name.', firewall).optional(),
  internetEdges: named('Internet edges by name.', internetEdge).optional(),
  expressRouteEdges: named('ExpressRoute edges by name.', expressRouteEdge).optional(),
  circuits: named('Circuits by name.', circuit).optional(),
  azure: azure.optional(),
  services: named('Services on premises by name.', service).optional(),
  dataGateways: named('On-premises data gateways by name.', dataGateway).optional(),
  desktopFlowMachines: named('Machines that run desktop flows, by name.', desktopFlowMachines).optional(),
  connectors: named('Connectors by name.', connector).optional(),
  proxies: named('Explicit proxies by name.', proxy).optional(),
  users: named('Groups of users who are not at a site, by name.', userGroup).optional(),
  demands: named(
    'Demands by name. Default: the everyday flows from every site with clients to every environment.',
    demand,
  ).optional(),
  intents: named('Intents by name.', intent).optional(),
  failureGroups: named('Failure groups by name.', failureGroup).optional(),
  maintenance: named('Maintenance windows by name.', maintenanceWindow).optional(),
  routing: named(
    'What single devices do differently, by device: a site, firewall, router or WAN cloud.',
    deviceRouting,
  ).optional(),
  requirements: requirements.optional(),
  prices: prices.optional(),
  availability: availability.optional(),
  acceptedRisks: named('Accepted risks by name.', acceptedRisk).optional(),
});

export type EstateShape = z.output<typeof estateSchema>;
export type EnvironmentShape = z.output<typeof environment>;
export type SiteShape = z.output<typeof site>;
export type WanConnectionShape = z.output<typeof wanConnection>;
export type FirewallShape = z.output<typeof firewall>;
export type InternetEdgeShape = z.output<typeof internetEdge>;
export type ExpressRouteEdgeShape = z.output<typeof expressRouteEdge>;
export type CircuitShape = z.output<typeof circuit>;
export type MicrosoftPeeringShape = z.output<typeof microsoftPeering>;
export type PrivatePeeringShape = z.output<typeof privatePeering>;
export type PrependShape = z.output<typeof prepend>;
export type VnetShape = z.output<typeof vnet>;
export type VpnShape = z.output<typeof vpn>;
export type ServiceShape = z.output<typeof service>;
export type DataGatewayShape = z.output<typeof dataGateway>;
export type DesktopFlowMachinesShape = z.output<typeof desktopFlowMachines>;
export type ConnectorShape = z.output<typeof connector>;
export type ProxyShape = z.output<typeof proxy>;
export type UserGroupShape = z.output<typeof userGroup>;
export type DemandShape = z.output<typeof demand>;
export type IntentShape = z.output<typeof intent>;
export type ElementsShape = z.output<typeof maintenanceWindow>;
export type FailureGroupShape = z.output<typeof failureGroup>;
export type DeviceRoutingShape = z.output<typeof deviceRouting>;
export type RequirementsShape = z.output<typeof requirements>;
export type PricesShape = z.output<typeof prices>;
export type AvailabilityShape = z.output<typeof availability>;
export type AcceptedRiskShape = z.output<typeof acceptedRisk>;

/**
 * The schema for editors, JSON Schema draft-07. Its id is a URN: there is nothing to download.
 * An editor finds it through a comment in the document (`# yaml-language-server: $schema=...`) or a setting.
 */
export function estateJsonSchema(): object {
  const schema = z.toJSONSchema(estateSchema, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema }) => finished(jsonSchema),
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'urn:bothways:estate:1',
    title: 'Bothways estate',
    ...schema,
  };
}

/** The keys that the map at `path` may have, for suggestions; empty where the keys are names or there is no map. */
export function keysAt(path: readonly (string | number)[]): readonly string[] {
  return keysBelow(estateSchema, path);
}
