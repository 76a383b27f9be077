/**
 * Virtual networks in Azure: the network as one device, its gateways, peerings and routes.
 *
 * A network delivers its own address space and knows: user-defined routes, service endpoints and the space of peered
 * networks as statics; what its gateway learns over BGP; and, last of all, the system route to the internet, which an
 * announced default route beats (forced tunnelling, ER-124) and which comes back when that route is lost (ER-127).
 * Peering is not transitive because it is a static at either end. What leaves to public addresses is translated to a
 * stand-in address that carries the community of the region, as addresses of the region do.
 *
 * Left out: network security groups, Virtual WAN hubs and Route Server, FastPath, load balancers, subnets as devices
 * (a user-defined route counts for the whole network).
 */
import type { UserRoute, VirtualNetwork } from '@bothways/estate';
import { azureRegion, type Cloud, limits, regionalTag } from '@bothways/facts';
import { type Asn, asn, hostPrefix, type Prefix, prefixContains } from '@bothways/net';
import type { DeviceDraft, NetworkBuilder } from './builder.ts';
import type { CompilerFindings } from './compiler-findings.ts';
import { defaultRoutes, need } from './inside.ts';
import type { MicrosoftHalf } from './microsoft-half.ts';
import type { LinkIx, Origin, PolicyIx, StaticRoute } from './model.ts';
import { derived, fromDocument, fromFact } from './origin.ts';
import { StandIns } from './stand-ins.ts';

/** Azure's side of private peering and VPN speaks this AS (reserved on-premises: ER-049). */
export const AZURE_GATEWAY_ASN: Asn = asn(65515);

/** Administrative distances of what is no BGP route: user route, service endpoint, peering, system route. */
const DISTANCE = { user: 1, endpoint: 2, peering: 3, system: 254 } as const;

/** Preference of routes that a VPN gateway brings: behind those of private peering. */
const VPN_PREFERENCE = 90;

/** Service tag behind a service endpoint, by the name Azure gives the endpoint. */
const ENDPOINT_TAGS: Readonly<Record<string, string>> = {
  'Microsoft.Storage': 'Storage',
  'Microsoft.Sql': 'Sql',
  'Microsoft.AzureCosmosDB': 'AzureCosmosDB',
  'Microsoft.KeyVault': 'AzureKeyVault',
  'Microsoft.ServiceBus': 'ServiceBus',
  'Microsoft.EventHub': 'EventHub',
  'Microsoft.Web': 'AppService',
  'Microsoft.ContainerRegistry': 'AzureContainerRegistry',
  'Microsoft.CognitiveServices': 'CognitiveServicesManagement',
  'Microsoft.AzureActiveDirectory': 'AzureActiveDirectory',
};

interface CompiledVnet {
  readonly vnet: VirtualNetwork;
  readonly device: DeviceDraft;
  readonly gateway: DeviceDraft | undefined;
}

export interface VirtualNetworks {
  readonly byName: ReadonlyMap<string, CompiledVnet>;
  /** What a gateway says to the outside: its own networks, nothing it learned (no transit, ER-036). */
  readonly ownNetworks: PolicyIx;
}

export function compileVirtualNetworks(
  vnets: readonly VirtualNetwork[],
  cloud: Cloud,
  microsoft: MicrosoftHalf,
  findings: CompilerFindings,
  builder: NetworkBuilder,
): VirtualNetworks {
  const byName = new Map<string, CompiledVnet>();
  if (vnets.length === 0) return { byName, ownNetworks: microsoft.acceptAll };
  const standIns = StandIns.azure();
  for (const vnet of vnets) byName.set(vnet.name, addVnet(vnet, microsoft, standIns, builder));
  const ownNetworks = builder.addPolicy(
    'Azure gateway: own networks only',
    [
      {
        name: 'an address space behind the gateway',
        when: [{ kind: 'as-path-empty' }],
        set: [],
        then: 'accept',
        origins: [fromFact('ER-031'), fromFact('ER-036')],
      },
    ],
    'reject',
    [fromFact('ER-036')],
  );
  for (const { vnet, device } of byName.values()) {
    if (vnet.gatewayOf !== undefined) useGatewayOf(vnet, device, vnet.gatewayOf, byName, microsoft, findings, builder);
  }
  addPeerings(byName, builder);
  const peerings = new Vnets(byName, cloud, microsoft, standIns, findings, builder);
  for (const each of byName.values()) peerings.addRoutes(each);
  return { byName, ownNetworks };
}

function addVnet(
  vnet: VirtualNetwork,
  microsoft: MicrosoftHalf,
  standIns: StandIns,
  builder: NetworkBuilder,
): CompiledVnet {
  const origins: Origin[] = [fromDocument(vnet.path)];
  const place = { azureRegion: vnet.region };
  const device = builder.addDevice({
    name: vnet.name,
    role: 'vnet',
    half: 'microsoft',
    asn: AZURE_GATEWAY_ASN,
    place,
    origins,
    maximumPaths: limits.equalCostCircuits.value,
  });
  const spaceOrigins = [fromDocument([...vnet.path, 'addressSpace'])];
  device.connected.push({ name: vnet.name, prefixes: vnet.addressSpace, origins: spaceOrigins });
  for (const endpoint of vnet.privateEndpoints) {
    device.connected.push({
      name: `private endpoint of ${endpoint.service} in ${vnet.name}`,
      prefixes: [hostPrefix(endpoint.address)],
      origins: [fromDocument(endpoint.path)],
    });
  }
  device.originations.push({
    name: `${vnet.name} address space`,
    prefixes: vnet.addressSpace,
    communities: [],
    largeCommunities: [],
    med: 0,
    originCode: 'igp',
    origins: spaceOrigins,
  });
  addInternetAccess(vnet, device, microsoft, standIns, builder);
  if (vnet.gateway === undefined) return { vnet, device, gateway: undefined };
  const gatewayOrigins: Origin[] = [fromDocument(vnet.gateway.path)];
  const gateway = builder.addDevice({
    name: `${vnet.name}-gateway`,
    role: 'vnet-gateway',
    half: 'microsoft',
    asn: AZURE_GATEWAY_ASN,
    place,
    origins: gatewayOrigins,
    // Shares over as many equal circuits as Microsoft does (ER-035, ER-098).
    maximumPaths: limits.equalCostCircuits.value,
  });
  joinGateway(device, gateway, gatewayOrigins, microsoft.acceptAll, microsoft.acceptAll, builder);
  return { vnet, device, gateway };
}

/** The network and a gateway speak iBGP: Azure programs what the gateway learns into the network. */
export function joinGateway(
  device: DeviceDraft,
  gateway: DeviceDraft,
  origins: readonly Origin[],
  believed: PolicyIx,
  acceptAll: PolicyIx,
  builder: NetworkBuilder,
): LinkIx {
  const name = `${device.name}-${gateway.name}`;
  const link = builder.addLink(device.ix, gateway.ix, {
    name,
    kind: 'azure',
    mtu: limits.gatewayPacketSize.value,
    origins: [...origins, fromFact('ER-061')],
  });
  builder.addSession(
    name,
    link,
    { device: device.ix, import: believed, export: acceptAll },
    { device: gateway.ix, import: acceptAll, export: acceptAll, nextHopSelf: true },
    origins,
  );
  return link;
}

/** Routes a VPN gateway brings are less preferred than those of private peering. */
export function vpnPreference(builder: NetworkBuilder): PolicyIx {
  const origins = [fromFact('ER-148'), derived('a circuit is preferred to a VPN for the same prefix')];
  return builder.addPolicy(
    'Azure: private peering before VPN',
    [
      {
        name: 'what the VPN gateway learned comes second',
        when: [],
        set: [{ kind: 'local-preference', value: VPN_PREFERENCE }],
        then: 'accept',
        origins,
      },
    ],
    'accept',
    origins,
  );
}

function addInternetAccess(
  vnet: VirtualNetwork,
  device: DeviceDraft,
  { backbone }: MicrosoftHalf,
  standIns: StandIns,
  builder: NetworkBuilder,
): void {
  const origins: Origin[] = [
    fromDocument(vnet.natGateway ? [...vnet.path, 'natGateway'] : vnet.path),
    derived('the system route of a virtual network leads to the internet'),
  ];
  const link = builder.addLink(device.ix, backbone.ix, {
    name: `${device.name}-microsoft`,
    kind: 'microsoft',
    origins,
  });
  const [public4, public6] = standIns.next();
  const tag = azureRegion(vnet.region)?.communities.microsoftPeering;
  const published = [4, 6].flatMap((family) => {
    const sources = vnet.addressSpace.filter((each) => each.family === family);
    if (sources.length === 0) return [];
    const pool = family === 4 ? public4 : public6;
    device.sourceNat.push({ link, sources, pool: [pool], origins });
    return [pool];
  });
  for (const prefix of defaultRoutes()) {
    if (!published.some((each) => each.family === prefix.family)) continue;
    device.statics.push({ prefix, ...towards(link, backbone), distance: DISTANCE.system, origins });
  }
  for (const prefix of published) {
    backbone.statics.push({ prefix, ...towards(link, device), distance: 1, origins });
    device.statics.push({ prefix, next: { kind: 'discard' }, distance: 254, origins });
  }
  backbone.originations.push({
    name: `public address of ${device.name}`,
    prefixes: published,
    communities: tag === undefined ? [] : [tag],
    largeCommunities: [],
    med: 0,
    originCode: 'igp',
    origins: [...origins, derived('a stand-in, since the document does not say the address')],
  });
}

function useGatewayOf(
  vnet: VirtualNetwork,
  device: DeviceDraft,
  holder: string,
  byName: ReadonlyMap<string, CompiledVnet>,
  microsoft: MicrosoftHalf,
  findings: CompilerFindings,
  builder: NetworkBuilder,
): void {
  const gateway = need(byName, holder).gateway;
  const path = [...vnet.path, 'gatewayOf'];
  if (gateway === undefined) {
    findings.add('network/no-gateway', 'error', `${vnet.name} uses the gateway of ${holder}, which has none`, path, {
      help: `give ${holder} a gateway, or name the network that has one`,
    });
    return;
  }
  const origins = [fromDocument(path)];
  joinGateway(device, gateway, origins, microsoft.acceptAll, microsoft.acceptAll, builder);
}

/** One link per pair, wherever it is written. */
function addPeerings(byName: ReadonlyMap<string, CompiledVnet>, builder: NetworkBuilder): void {
  const made = new Set<string>();
  for (const { vnet, device } of byName.values()) {
    for (const [position, other] of vnet.peeredWith.entries()) {
      const far = need(byName, other);
      const key = [vnet.name, other].sort().join('\n');
      if (made.has(key) || far.device === device) continue;
      made.add(key);
      const origins = [fromDocument([...vnet.path, 'peeredWith', position])];
      const link = builder.addLink(device.ix, far.device.ix, {
        name: `${vnet.name}-${other}`,
        kind: 'azure',
        origins,
      });
      addPeeringRoutes(device, far, link, origins);
      addPeeringRoutes(far.device, { vnet, device }, link, origins);
    }
  }
}

function addPeeringRoutes(
  device: DeviceDraft,
  far: Pick<CompiledVnet, 'vnet' | 'device'>,
  link: LinkIx,
  origins: readonly Origin[],
): void {
  for (const prefix of far.vnet.addressSpace) {
    device.statics.push({ prefix, ...towards(link, far.device), distance: DISTANCE.peering, origins });
  }
}

function towards(link: LinkIx, device: DeviceDraft): Pick<StaticRoute, 'next'> {
  return { next: { kind: 'forward', link, device: device.ix } };
}

/** User-defined routes and service endpoints, once every network, gateway and peering exists. */
class Vnets {
  readonly #byName: ReadonlyMap<string, CompiledVnet>;
  readonly #cloud: Cloud;
  readonly #microsoft: MicrosoftHalf;
  readonly #findings: CompilerFindings;
  readonly #standIns: StandIns;
  readonly #builder: NetworkBuilder;
  readonly #appliances = new Map<string, StaticRoute['next']>();

  constructor(
    byName: ReadonlyMap<string, CompiledVnet>,
    cloud: Cloud,
    microsoft: MicrosoftHalf,
    standIns: StandIns,
    findings: CompilerFindings,
    builder: NetworkBuilder,
  ) {
    this.#byName = byName;
    this.#cloud = cloud;
    this.#microsoft = microsoft;
    this.#findings = findings;
    this.#standIns = standIns;
    this.#builder = builder;
  }

  addRoutes(compiled: CompiledVnet): void {
    const { vnet, device } = compiled;
    for (const route of vnet.routes) {
      const next = this.#nextOf(route, compiled);
      if (next === undefined) continue;
      device.statics.push({ prefix: route.prefix, next, distance: DISTANCE.user, origins: [fromDocument(route.path)] });
    }
    for (const [position, name] of vnet.serviceEndpoints.entries()) this.#addEndpoint(compiled, name, position);
  }

  #nextOf(route: UserRoute, compiled: CompiledVnet): StaticRoute['next'] | undefined {
    const { vnet, device } = compiled;
    switch (route.next.kind) {
      case 'none':
        return { kind: 'discard' };
      case 'internet':
        return this.#internet(device);
      case 'gateway': {
        const holder = vnet.gateway === undefined ? vnet.gatewayOf : vnet.name;
        const gateway = holder === undefined ? undefined : this.#byName.get(holder)?.gateway;
        const link = gateway === undefined ? undefined : this.#linkBetween(device, gateway);
        if (gateway === undefined || link === undefined) {
          const message = `a route of ${vnet.name} points to a gateway, but ${vnet.name} has none`;
          this.#findings.add('network/no-gateway', 'error', message, route.path);
          return { kind: 'discard' };
        }
        return towards(link, gateway).next;
      }
      case 'address':
        return this.#appliance(route, compiled);
    }
  }

  /** A virtual appliance forwards as the network would without user-defined routes, and keeps no state. */
  #appliance(route: UserRoute, { vnet, device }: CompiledVnet): StaticRoute['next'] | undefined {
    if (route.next.kind !== 'address') return undefined;
    const { address } = route.next;
    const known = [...this.#byName.values()];
    const holder = known.find((each) => each.vnet.addressSpace.some((space) => prefixContains(space, address)));
    if (holder === undefined) {
      const message = `a route of ${vnet.name} points to an address outside every virtual network of the estate`;
      this.#findings.add('network/next-hop-elsewhere', 'error', message, route.path, {
        help: 'name the address of an appliance in this network or in a peered one',
      });
      return { kind: 'discard' };
    }
    if (holder.device !== device) {
      // The appliance stands in a peered network: the packet goes there, and that network delivers it to its appliance.
      const link = this.#linkBetween(device, holder.device);
      return link === undefined ? { kind: 'discard' } : towards(link, holder.device).next;
    }
    const key = `${address.family}/${address.bits}`;
    const made = this.#appliances.get(key);
    if (made !== undefined) return made;
    const origins: Origin[] = [
      fromDocument(route.path),
      derived('an appliance forwards by the system routes of its network'),
    ];
    const appliance = this.#builder.addDevice({
      name: `${vnet.name}-appliance-${this.#appliances.size + 1}`,
      role: 'vnet-appliance',
      half: 'microsoft',
      asn: AZURE_GATEWAY_ASN,
      place: { azureRegion: vnet.region },
      origins,
    });
    const { acceptAll } = this.#microsoft;
    const link = this.#builder.addLink(device.ix, appliance.ix, { name: appliance.name, kind: 'azure', origins });
    for (const prefix of vnet.addressSpace) {
      appliance.statics.push({ prefix, ...towards(link, device), distance: DISTANCE.peering, origins });
    }
    addInternetAccess(vnet, appliance, this.#microsoft, this.#standIns, this.#builder);
    const gatewayName = vnet.gateway === undefined ? vnet.gatewayOf : vnet.name;
    const gateway = gatewayName === undefined ? undefined : this.#byName.get(gatewayName)?.gateway;
    if (gateway !== undefined) joinGateway(appliance, gateway, origins, acceptAll, acceptAll, this.#builder);
    const next = towards(link, appliance).next;
    this.#appliances.set(key, next);
    return next;
  }

  #addEndpoint({ vnet, device }: CompiledVnet, name: string, position: number): void {
    const path = [...vnet.path, 'serviceEndpoints', position];
    const tag = ENDPOINT_TAGS[name];
    const set = tag === undefined ? undefined : regionalTag(this.#cloud, tag, vnet.region);
    if (set === undefined) {
      const message =
        tag === undefined
          ? `the service endpoint ${name} has no address set here, so it takes no part in the routes of ${vnet.name}`
          : `the address files have no ${tag} in ${vnet.region}, so the service endpoint ${name} adds no route`;
      this.#findings.add('network/service-endpoint', 'warning', message, path, {
        help: `known endpoints are ${Object.keys(ENDPOINT_TAGS).join(', ')}`,
      });
      return;
    }
    const next = this.#internet(device);
    const origins: Origin[] = [fromDocument(path), fromFact('ER-128'), derived(`addresses of ${set.name}`)];
    const families = new Set<Prefix['family']>(vnet.addressSpace.map((each) => each.family));
    for (const prefix of set.prefixes) {
      if (families.has(prefix.family)) device.statics.push({ prefix, next, distance: DISTANCE.endpoint, origins });
    }
  }

  #internet(device: DeviceDraft): StaticRoute['next'] {
    const { backbone } = this.#microsoft;
    const link = this.#linkBetween(device, backbone);
    if (link === undefined) throw new Error(`${device.name} has no link to the backbone`);
    return towards(link, backbone).next;
  }

  #linkBetween(a: DeviceDraft, b: DeviceDraft): LinkIx | undefined {
    return this.#builder.links.find(
      (link) => (link.a === a.ix && link.b === b.ix) || (link.a === b.ix && link.b === a.ix),
    )?.ix;
  }
}
