/** Reads services on premises, data gateways, desktop flow machines, connectors, proxies, and users elsewhere. */
import { type Cloud, sizing } from '@bothways/facts';
import { formatPrefix, type Prefix } from '@bothways/net';
import {
  allEnvironments,
  connectorClass,
  DEFAULTS,
  edgeTranslates,
  gatewayRegion,
  portsOfKind,
  siteOfEdge,
  siteOfGateway,
  sitePrefixes,
  userKind,
} from './defaults.ts';
import type { Environment, ExpressRouteEdge, InternetEdge, Path, Ports, Site } from './model.ts';
import type {
  Connector,
  ConnectorClass,
  DataGateway,
  DataSource,
  DesktopFlowMachines,
  Proxy,
  Publication,
  PublishedService,
  ServiceKind,
  UserGroup,
  UserVpn,
} from './model-services.ts';
import { parsePorts } from './names.ts';
import { readFlows, readFlowsFromMicrosoft } from './read-flows.ts';
import { bare, type PlacedPrefix, readPrefixes } from './read-prefixes.ts';
import { MAXIMUM_USERS, readWhereabouts } from './read-sites.ts';
import { readAddress, readAzureRegion, readPorts, readText, readWholeOr, readYesNoOr } from './read-values.ts';
import { describePath, type Reading } from './reading.ts';
import type {
  ConnectorShape,
  DataGatewayShape,
  DesktopFlowMachinesShape,
  ProxyShape,
  ServiceShape,
  UserGroupShape,
} from './schema.ts';

export interface ServiceSurroundings {
  readonly cloud: Cloud;
  readonly environments: readonly Environment[];
  readonly sites: ReadonlyMap<string, Site>;
  /** Edges of both kinds by name. */
  readonly edges: ReadonlyMap<string, InternetEdge | ExpressRouteEdge>;
}

const PORTS_OF_KIND: Readonly<Record<ServiceKind, string>> = {
  web: '443',
  adfs: '443',
  exchange: '443',
  smtp: '25',
  sharepoint: '443',
  sql: '1433',
  'reverse-proxy': '443',
  other: '443',
};

export function readService(
  reading: Reading,
  name: string,
  shape: ServiceShape,
  around: ServiceSurroundings,
): PublishedService | undefined {
  const path = ['services', name];
  const site = reading.reference('sites', [...path, 'site'], shape.site);
  const kind = shape.kind ?? reading.applyDefault([...path, 'kind'], DEFAULTS.serviceKind);
  const address = readAddress(reading, [...path, 'address'], shape.address);
  const names = reading.items([...path, 'names'], shape.names, (text, at) => readDnsName(reading, at, text));
  const splitDns = readYesNoOr(reading, [...path, 'splitDns'], shape.splitDns, DEFAULTS.splitDns);
  const backend = reading.reference('services', [...path, 'backend'], shape.backend);
  if (backend === name) {
    reading.report({
      rule: 'estate/own-backend',
      path: [...path, 'backend'],
      message: `service ${name} is its own backend`,
      help: 'name the service that the reverse proxy asks',
    });
  }
  const published = reading.records([...path, 'published'], shape.published, (each, at): Publication | undefined => {
    const edge = reading.edge([...at, 'edge'], each.edge);
    const outside = readAddress(reading, [...at, 'address'], each.address);
    const translates = around.edges.get(edge ?? '')?.natInbound ?? false;
    const inboundNat = readYesNoOr(reading, [...at, 'inboundNat'], each.inboundNat, edgeTranslates(translates));
    const hairpin = readYesNoOr(reading, [...at, 'hairpin'], each.hairpin, DEFAULTS.hairpin);
    return edge === undefined || outside === undefined
      ? undefined
      : { edge, address: outside, inboundNat, hairpin, path: at };
  });
  const ports =
    shape.ports === undefined
      ? usualPorts(reading, [...path, 'ports'], kind)
      : readPorts(reading, [...path, 'ports'], shape.ports);
  if (shape.ports?.length === 0) {
    reading.report({
      rule: 'estate/empty-list',
      path: [...path, 'ports'],
      message: `service ${name} listens on no port`,
      help: 'name a port, or leave the key out',
    });
  }
  const calledBy = readFlowsFromMicrosoft(reading, [...path, 'calledBy'], shape.calledBy);
  const tls = readYesNoOr(reading, [...path, 'tls'], shape.tls, DEFAULTS.tls);
  if (calledBy.length > 0 && shape.published === undefined) {
    reading.report({
      rule: 'estate/not-published',
      severity: 'warning',
      path: [...path, 'calledBy'],
      atKey: true,
      message: `service ${name} is called by Microsoft but published nowhere`,
      help: 'add published with an edge and a public address',
    });
  }
  return site === undefined || address === undefined
    ? undefined
    : { name, path, site, kind, address, names, splitDns, backend, published, ports, calledBy, tls };
}

function usualPorts(reading: Reading, path: Path, kind: ServiceKind): readonly Ports[] {
  const text = PORTS_OF_KIND[kind];
  reading.applyDefault(path, portsOfKind(text));
  const ports = parsePorts(text);
  return ports.ok ? [ports.value] : [];
}

const DNS_NAME = /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\.?$/i;

function readDnsName(reading: Reading, path: Path, text: string): string | undefined {
  if (DNS_NAME.test(text)) return text.toLowerCase();
  reading.report({
    rule: 'estate/bad-dns-name',
    path,
    message: `${text} is not a DNS name`,
    help: 'write the full name, e.g. mail.example.com',
  });
  return undefined;
}

function readEnvironments(
  reading: Reading,
  path: Path,
  texts: readonly string[] | undefined,
  environments: readonly Environment[],
): readonly string[] {
  const every = environments.map((each) => each.name);
  if (texts === undefined) {
    reading.applyDefault(path, allEnvironments);
    return every;
  }
  const names = reading.items(path, texts, (text, at) =>
    text === 'all' ? every : reading.reference('environments', at, text),
  );
  return [...new Set(names.flat())];
}

/** Written prefixes, or those of the site. */
function readSources(
  reading: Reading,
  path: Path,
  texts: readonly string[] | undefined,
  prefixes: readonly Prefix[],
  what: 'servers' | 'clients',
): readonly Prefix[] {
  if (texts !== undefined) return bare(readPrefixes(reading, path, texts));
  if (prefixes.length === 0) return [];
  return reading.applyDefault(path, { ...sitePrefixes(what), value: prefixes }, prefixes.map(formatPrefix));
}

export function readDataGateway(
  reading: Reading,
  name: string,
  shape: DataGatewayShape,
  around: ServiceSurroundings,
): DataGateway | undefined {
  const path = ['dataGateways', name];
  const siteName = reading.reference('sites', [...path, 'site'], shape.site);
  const site = around.sites.get(siteName ?? '');
  const environments = readEnvironments(reading, [...path, 'environments'], shape.environments, around.environments);
  const region = readGatewayRegion(reading, [...path, 'region'], shape.region, environments, around);
  const most = sizing.gatewayMembers.value;
  const members = readWholeOr(reading, [...path, 'members'], shape.members, [1, most], DEFAULTS.members);
  const hasServers = (site?.servers.length ?? 0) > 0;
  const clients = readSources(
    reading,
    [...path, 'clients'],
    shape.clients,
    (hasServers ? site?.servers : site?.clients) ?? [],
    hasServers ? 'servers' : 'clients',
  );
  const mode = shape.mode ?? reading.applyDefault([...path, 'mode'], DEFAULTS.mode);
  const dataSources = reading.named([...path, 'dataSources'], shape.dataSources, (source, each, at) =>
    readDataSource(reading, source, each, at, siteName),
  );
  return siteName === undefined || region === undefined
    ? undefined
    : { name, path, site: siteName, region, members, clients, environments, mode, dataSources };
}

function readGatewayRegion(
  reading: Reading,
  path: Path,
  text: string | undefined,
  environments: readonly string[],
  around: ServiceSurroundings,
): string | undefined {
  if (text !== undefined) return readAzureRegion(reading, path, text, around.cloud)?.id;
  const first = around.environments.find((each) => each.name === environments[0])?.azureRegions[0];
  if (first !== undefined) return reading.applyDefault(path, gatewayRegion(first));
  // An environment that could not be read has been reported already.
  if ((reading.names.get('environments')?.size ?? 0) > around.environments.length) return undefined;
  reading.report({
    rule: 'estate/missing-key',
    path: path.slice(0, -1),
    atKey: true,
    message: `${describePath(path.slice(0, -1))} has no region, and no environment to take it from`,
    help: 'add region and the Azure region it is registered in',
  });
  return undefined;
}

type DataSourceShape = NonNullable<DataGatewayShape['dataSources']>[string];

function readDataSource(
  reading: Reading,
  name: string,
  shape: DataSourceShape,
  path: Path,
  gatewaySite: string | undefined,
): DataSource | undefined {
  const kind = readText(reading, reading.keyPath(path, 'kind'), shape.kind);
  const site =
    shape.site === undefined
      ? gatewaySite === undefined
        ? undefined
        : reading.applyDefault([...path, 'site'], siteOfGateway(gatewaySite))
      : reading.reference('sites', [...path, 'site'], shape.site);
  const connector = reading.reference('connectors', [...path, 'connector'], shape.connector);
  return kind === undefined || site === undefined ? undefined : { name, kind, site, connector, path };
}

export function readDesktopFlowMachines(
  reading: Reading,
  name: string,
  shape: DesktopFlowMachinesShape,
  around: ServiceSurroundings,
): DesktopFlowMachines | undefined {
  const path = ['desktopFlowMachines', name];
  const siteName = reading.reference('sites', [...path, 'site'], shape.site);
  const site = around.sites.get(siteName ?? '');
  const machines = readWholeOr(reading, [...path, 'machines'], shape.machines, [1, MAXIMUM_USERS], DEFAULTS.machines);
  const clients = readSources(reading, [...path, 'clients'], shape.clients, site?.clients ?? [], 'clients');
  const environments = readEnvironments(reading, [...path, 'environments'], shape.environments, around.environments);
  return siteName === undefined ? undefined : { name, path, site: siteName, machines, clients, environments };
}

export function readConnector(
  reading: Reading,
  name: string,
  shape: ConnectorShape,
  around: ServiceSurroundings,
): Connector | undefined {
  const path = ['connectors', name];
  const kind = readText(reading, [...path, 'kind'], shape.kind);
  const gateway = reading.reference('dataGateways', [...path, 'gateway'], shape.gateway);
  const service = reading.reference('services', [...path, 'service'], shape.service);
  const environments = readEnvironments(reading, [...path, 'environments'], shape.environments, around.environments);
  const derived: ConnectorClass =
    shape.gateway === undefined ? (shape.service === undefined ? 'microsoft' : 'customer-public') : 'gateway';
  const way = shape.class ?? reading.applyDefault([...path, 'class'], connectorClass(derived));
  if (way === 'gateway' && shape.gateway === undefined) {
    reading.report({
      rule: 'estate/missing-key',
      path,
      atKey: true,
      message: `connector ${name} goes through a data gateway but names none`,
      help: 'add gateway',
    });
  }
  if (way !== 'gateway' && shape.gateway !== undefined) {
    reading.report({
      rule: 'estate/one-of-two',
      path: [...path, 'gateway'],
      message: `a connector of class ${way} does not go through a data gateway`,
      help: 'write class: gateway, or take the gateway away',
    });
  }
  return kind === undefined ? undefined : { name, path, kind, class: way, gateway, service, environments };
}

export function readProxy(reading: Reading, name: string, shape: ProxyShape): Proxy | undefined {
  const path = ['proxies', name];
  const site = reading.reference('sites', [...path, 'site'], shape.site);
  const address = readAddress(reading, [...path, 'address'], shape.address);
  const port = readWholeOr(reading, [...path, 'port'], shape.port, [1, 65_535], DEFAULTS.proxyPort);
  const reach = shape.reach ?? reading.applyDefault([...path, 'reach'], DEFAULTS.reach);
  const rewrites = readYesNoOr(reading, [...path, 'rewrites'], shape.rewrites, DEFAULTS.rewrites);
  const edges = reading.items([...path, 'edges'], shape.edges, (text, at) => reading.edge(at, text));
  return site === undefined || address === undefined
    ? undefined
    : { name, path, site, address, port, reach, rewrites, edges: [...new Set(edges)] };
}

export interface PlacedUserGroup {
  readonly group: UserGroup | undefined;
  readonly clients: readonly PlacedPrefix[];
}

export function readUserGroup(
  reading: Reading,
  name: string,
  shape: UserGroupShape,
  edges: readonly InternetEdge[],
): PlacedUserGroup {
  const path = ['users', name];
  const derived = shape.vpn === undefined ? 'roaming' : 'vpn';
  const kind = shape.kind ?? reading.applyDefault([...path, 'kind'], userKind(derived));
  if (kind !== derived) {
    reading.report({
      rule: 'estate/one-of-two',
      path: [...path, 'kind'],
      message:
        kind === 'vpn'
          ? `user group ${name} uses a VPN but does not describe it`
          : `user group ${name} is roaming but has a VPN`,
      help: kind === 'vpn' ? 'add vpn with the edge and the addresses of the users' : 'write kind: vpn',
    });
  }
  const users = readWholeOr(reading, [...path, 'users'], shape.users, [0, MAXIMUM_USERS], DEFAULTS.users);
  const whereabouts = readWhereabouts(reading, path, shape);
  const placed = shape.vpn === undefined ? undefined : readUserVpn(reading, [...path, 'vpn'], shape.vpn, edges);
  const sound = placed === undefined || placed.vpn !== undefined;
  return {
    group: sound ? { name, path, kind, users, ...whereabouts, vpn: placed?.vpn } : undefined,
    clients: placed?.clients ?? [],
  };
}

function readUserVpn(
  reading: Reading,
  path: Path,
  shape: NonNullable<UserGroupShape['vpn']>,
  edges: readonly InternetEdge[],
): { readonly vpn: UserVpn | undefined; readonly clients: readonly PlacedPrefix[] } {
  const edge = reading.reference('internetEdges', [...path, 'edge'], shape.edge);
  const standsAt = edges.find((each) => each.name === edge)?.site;
  const site =
    shape.site === undefined
      ? standsAt === undefined
        ? undefined
        : reading.applyDefault([...path, 'site'], siteOfEdge(standsAt))
      : reading.reference('sites', [...path, 'site'], shape.site);
  const clients = readPrefixes(reading, [...path, 'clients'], shape.clients);
  const splitTunnel =
    shape.splitTunnel === undefined ? [] : readFlows(reading, [...path, 'splitTunnel'], shape.splitTunnel);
  return {
    vpn:
      edge === undefined || site === undefined ? undefined : { path, edge, site, clients: bare(clients), splitTunnel },
    clients,
  };
}
