/**
 * Reads every record of a document that has the right shape. Records that cannot be completed are missing from the result,
 * and then there is an error finding.
 *
 * Only what the document by itself can say is checked here. What needs tables, paths or failures belongs to the checks.
 */
import { clouds, findPeeringLocation, metros, peeringLocation } from '@bothways/facts';
import { hostPrefix } from '@bothways/net';
import { type AddressUse, checkAddresses, type OwnedPrefixes } from './check-addresses.ts';
import { checkInside, checkPairs, checkVirtualNetworks, checkVnetSupport } from './check-networks.ts';
import { ownProvider } from './defaults.ts';
import { kindPath, type NamedKind } from './document.ts';
import type { Circuit, Estate, ExpressRouteEdge, InternetEdge, Organisation, Path } from './model.ts';
import type { PublishedService } from './model-services.ts';
import { plainName } from './names.ts';
import { readVnet, readVpn } from './read-azure.ts';
import { partnersOf, readCircuit } from './read-circuits.ts';
import { defaultDemands, readDemand, readIntent } from './read-demands.ts';
import {
  firewallsOfEdges,
  readExpressRouteEdge,
  readFirewall,
  readInternetEdge,
  servicesByFirewall,
} from './read-edges.ts';
import {
  checkCurrencies,
  readAcceptedRisk,
  readAvailability,
  readFailureGroup,
  readMaintenance,
  readPrices,
} from './read-operations.ts';
import { readEnvironment, readOrganisation } from './read-organisation.ts';
import type { PlacedPrefix } from './read-prefixes.ts';
import { readRequirements } from './read-requirements.ts';
import { readDeviceRouting } from './read-routing.ts';
import {
  readConnector,
  readDataGateway,
  readDesktopFlowMachines,
  readProxy,
  readService,
  readUserGroup,
} from './read-services.ts';
import { readSite } from './read-sites.ts';
import { joiningSites, readWanConnection } from './read-wan.ts';
import { type Reading, UNREADABLE } from './reading.ts';
import type { EstateShape } from './schema.ts';

export function readEstate(reading: Reading, shape: EstateShape): Estate | undefined {
  reading.scalar(['bothways'], shape.bothways, 'estate/unknown-version', (text) =>
    text === '1'
      ? { ok: true, value: 1 }
      : {
          ok: false,
          problem: `this program does not know version ${text.slice(0, 20)} of the document format`,
          hint: 'write bothways: 1, or use a newer release',
        },
  );
  const organisation = readOrganisation(reading, shape.organisation);
  const cloud = shape.organisation.cloud ?? 'public';
  const environments = readKind(reading, 'environments', shape.environments, (name, each) =>
    readEnvironment(reading, name, each, cloud),
  );
  const placedSites = readKind(reading, 'sites', shape.sites, (name, each) => readSite(reading, name, each));
  const sites = placedSites.map((each) => each.site);
  const joining = joiningSites(reading, shape.sites);
  const wan = readKind(reading, 'wan', shape.wan, (name, each) => readWanConnection(reading, name, each, joining));
  const ipvpns = new Set(wan.flatMap((each) => (each.kind === 'ipvpn' ? [each.name] : [])));
  const internet = readKind(reading, 'internetEdges', shape.internetEdges, (name, each) => ({
    name,
    ...readInternetEdge(reading, name, each),
  }));
  const expressRoute = readKind(reading, 'expressRouteEdges', shape.expressRouteEdges, (name, each) => ({
    name,
    ...readExpressRouteEdge(reading, name, each, ipvpns),
  }));
  const internetEdges = internet.flatMap(({ edge }) => (edge === undefined ? [] : [edge]));
  const expressRouteEdges = expressRoute.flatMap(({ edge }) => (edge === undefined ? [] : [edge]));
  const edges = [...internetEdges, ...expressRouteEdges];
  const pools = new Map(expressRoute.map(({ name, nat }) => [name, nat.map((each) => each.prefix)]));
  const inside = sites.flatMap((site) => [...site.clients, ...site.servers]);
  const circuits = readKind(reading, 'circuits', shape.circuits, (name, each) => ({
    name,
    ...readCircuit(reading, name, each, {
      organisation,
      cloud,
      pools,
      inside,
      partners: partnersOf(shape.circuits),
    }),
  }));
  const sound = circuits.flatMap(({ circuit }) => (circuit === undefined ? [] : [circuit]));
  const vnetShapes = shape.azure?.vnets ?? {};
  const placedVnets = readKind(reading, 'vnets', shape.azure?.vnets, (name, each) => ({
    name,
    ...readVnet(reading, name, each, cloud, vnetShapes),
  }));
  const vnets = placedVnets.flatMap(({ vnet }) => (vnet === undefined ? [] : [vnet]));
  const vpns = readKind(reading, 'vpns', shape.azure?.vpns, (name, each) =>
    readVpn(reading, name, each, internetEdges),
  );
  const siteByName = new Map(sites.map((site) => [site.name, site]));
  const around = { cloud, environments, sites: siteByName, edges: new Map(edges.map((edge) => [edge.name, edge])) };
  const services = readKind(reading, 'services', shape.services, (name, each) =>
    readService(reading, name, each, around),
  );
  const firewalls = readFirewalls(reading, shape, edges, services);
  const dataGateways = readKind(reading, 'dataGateways', shape.dataGateways, (name, each) =>
    readDataGateway(reading, name, each, around),
  );
  const desktopFlowMachines = readKind(reading, 'desktopFlowMachines', shape.desktopFlowMachines, (name, each) =>
    readDesktopFlowMachines(reading, name, each, around),
  );
  const connectors = readKind(reading, 'connectors', shape.connectors, (name, each) =>
    readConnector(reading, name, each, around),
  );
  const proxies = readKind(reading, 'proxies', shape.proxies, (name, each) => readProxy(reading, name, each));
  const placedUsers = readKind(reading, 'users', shape.users, (name, each) => ({
    name,
    ...readUserGroup(reading, name, each, internetEdges),
  }));
  const users = placedUsers.flatMap(({ group }) => (group === undefined ? [] : [group]));
  const senders = new Set([...dataGateways, ...desktopFlowMachines].map(({ site }) => site));
  const endpoints = { sites, users, environments, senders };
  const demands =
    shape.demands === undefined || Object.keys(shape.demands).length === 0
      ? defaultDemands(reading, endpoints)
      : readKind(reading, 'demands', shape.demands, (name, each) => readDemand(reading, name, each, endpoints));
  const intents = readKind(reading, 'intents', shape.intents, (name, each) =>
    readIntent(reading, name, each, endpoints),
  );
  const routers = expressRouteEdges.flatMap((edge) => edge.routers);
  const firewallNames = [...(reading.names.get('firewalls') ?? []), ...edges.flatMap((edge) => edge.firewall ?? [])];
  const devices = new Set([
    ...(reading.names.get('sites') ?? []),
    ...firewallNames,
    ...routers,
    ...wan.flatMap((each) => (each.kind === 'link' ? [] : [each.name])),
  ]);
  const elements = elementNames(reading, [...devices], shape);
  const failureGroups = readKind(reading, 'failureGroups', shape.failureGroups, (name, each) =>
    readFailureGroup(reading, name, each, elements),
  );
  const maintenance = readKind(reading, 'maintenance', shape.maintenance, (name, each) =>
    readMaintenance(reading, name, each, elements),
  );
  const routing = readKind(reading, 'routing', shape.routing, (name, each) =>
    readDeviceRouting(reading, name, each, { cloud, asn: organisation?.asn, devices }),
  );
  const requirements = readRequirements(reading, shape.requirements, { cloud, sites });
  const prices = readPrices(reading, shape.prices);
  const availability = readAvailability(reading, shape.availability);
  const acceptedRisks = readKind(reading, 'acceptedRisks', shape.acceptedRisks, (name, each) =>
    readAcceptedRisk(reading, name, each),
  );
  checkAddresses(reading, {
    clients: [
      ...placedSites.map(({ site, clients }) => owned(`site ${site.name}`, clients)),
      ...placedUsers.map(({ name, clients }) => owned(`user group ${name}`, clients)),
    ],
    servers: placedSites.map(({ site, servers }) => owned(`site ${site.name}`, servers)),
    networks: placedVnets.map(({ name, addressSpace }) => owned(`virtual network ${name}`, addressSpace)),
    internetPools: internet.map(({ name, nat }) => owned(`internet edge ${name}`, nat)),
    advertisedToInternet: internet.map(({ name, advertises }) => owned(`internet edge ${name}`, advertises)),
    expressRoutePools: expressRoute.map(({ name, nat }) => owned(`ExpressRoute edge ${name}`, nat)),
    advertisedToMicrosoft: circuits.map(({ name, advertises }) => owned(`circuit ${name}`, advertises)),
    links: circuits.map(({ name, links }) => owned(`circuit ${name}`, links)),
    privateLinks: circuits.map(({ name, privateLinks }) => owned(`circuit ${name}`, privateLinks)),
    published: publishedAddresses(services, expressRouteEdges),
    asns: ownAsns(organisation, sound),
  });
  checkVirtualNetworks(reading, vnets);
  checkVnetSupport(reading, environments, vnets);
  checkPairs(reading, sound);
  checkInside(reading, siteByName, { services, proxies, dataGateways, desktopFlowMachines });
  checkCurrencies(
    reading,
    prices,
    [...wan, ...internetEdges, ...sound]
      .map(({ path, monthlyCost }) => ({
        money: monthlyCost,
        path: [...path, 'monthlyCost'],
      }))
      .concat(
        requirements === undefined ? [] : [{ money: requirements.budget, path: [...requirements.path, 'budget'] }],
      ),
  );
  if (organisation === undefined) return undefined;
  return {
    version: 1,
    organisation,
    environments,
    sites,
    wan,
    firewalls,
    internetEdges,
    expressRouteEdges,
    circuits: sound,
    vnets,
    vpns,
    services,
    dataGateways,
    desktopFlowMachines,
    connectors,
    proxies,
    users,
    demands,
    intents,
    failureGroups,
    maintenance,
    routing,
    requirements,
    prices,
    availability,
    acceptedRisks,
  };
}

function readFirewalls(
  reading: Reading,
  shape: EstateShape,
  edges: readonly (InternetEdge | ExpressRouteEdge)[],
  services: readonly PublishedService[],
): Estate['firewalls'] {
  const published = servicesByFirewall(edges, services);
  const known = new Set([...(reading.names.get('firewalls') ?? []), ...edges.flatMap((edge) => edge.firewall ?? [])]);
  const declared = readKind(reading, 'firewalls', shape.firewalls, (name, each) =>
    readFirewall(reading, name, each, known, published),
  );
  return [...declared, ...firewallsOfEdges(reading, declared, edges, published)];
}

/** The kinds whose things can fail. */
const FALLIBLE: readonly NamedKind[] = [
  'sites',
  'wan',
  'firewalls',
  'internetEdges',
  'expressRouteEdges',
  'circuits',
  'vnets',
  'vpns',
  'services',
  'dataGateways',
  'proxies',
];

/** Names of everything that can fail, taken from what is written, so that one error does not make others. */
function elementNames(reading: Reading, devices: readonly string[], shape: EstateShape): ReadonlySet<string> {
  const circuits = Object.entries(shape.circuits ?? {});
  const internetEdges = Object.entries(shape.internetEdges ?? {});
  const lines = Object.values(shape.wan ?? {});
  const written = [
    ...circuits.flatMap(([, circuit]) => [circuit.provider ?? [], circuit.location].flat()),
    ...internetEdges.map(([name, edge]) => edge.isp ?? ownProvider(name).value),
    ...lines.flatMap((line) => line.provider ?? []),
  ];
  const locations = circuits.flatMap(([, { location }]) => {
    const around = metros().find((each) => plainName(each.name) === plainName(location) || each.id === location);
    const found = clouds.map((cloud) => findPeeringLocation(location, cloud)).find((each) => each !== undefined);
    return [...(around?.members ?? []), ...(found === undefined ? [] : [found.id])];
  });
  return new Set([
    ...FALLIBLE.flatMap((kind) => [...(reading.names.get(kind) ?? [])]),
    ...devices,
    ...written.filter((name) => name !== UNREADABLE),
    // The two links of a circuit and the routers of Microsoft they end on.
    ...circuits.flatMap(([name]) => [`${name}-primary`, `${name}-secondary`, `${name}-msee1`, `${name}-msee2`]),
    ...locations.flatMap((id) => [id, peeringLocation(id)?.name ?? id]),
  ]);
}

function publishedAddresses(
  services: readonly PublishedService[],
  expressRouteEdges: readonly ExpressRouteEdge[],
): AddressUse['published'] {
  const names = new Set(expressRouteEdges.map((edge) => edge.name));
  return services.flatMap(({ name, published }) =>
    published.map(({ edge, address, path }) => ({
      owner: `service ${name}`,
      prefix: { prefix: hostPrefix(address), path: [...path, 'address'] },
      overExpressRoute: names.has(edge),
    })),
  );
}

/**
 * Reads the records of one kind in document order. The order comes from the names in the document, because JavaScript
 * objects put keys that look like numbers first.
 */
function readKind<Shape, Value>(
  reading: Reading,
  kind: NamedKind,
  shapes: Readonly<Record<string, Shape>> | undefined,
  one: (name: string, shape: Shape) => Value | undefined,
): readonly Value[] {
  return reading.named(kindPath(kind), shapes, one);
}

function owned(owner: string, prefixes: readonly PlacedPrefix[]): OwnedPrefixes {
  return { owner, prefixes };
}

function ownAsns(organisation: Organisation | undefined, circuits: readonly Circuit[]): AddressUse['asns'] {
  const own = organisation?.asn === undefined ? [] : [{ asn: organisation.asn, path: [...organisation.path, 'asn'] }];
  const onPeerings = circuits.flatMap(({ microsoftPeering: peering }) => {
    if (peering === undefined || peering.asn === organisation?.asn) return [];
    const path: Path = [...peering.path, 'asn'];
    return [{ asn: peering.asn, path }];
  });
  return [...own, ...onPeerings];
}
