/** Reads virtual networks and site-to-site VPNs. What needs several networks at once is in check-networks.ts. */
import { type Cloud, gatewayFigures } from '@bothways/facts';
import { parseAddress } from '@bothways/net';
import { DEFAULTS, gatewayOfPeer, onlyEdge } from './defaults.ts';
import type { InternetEdge, Path } from './model.ts';
import type {
  Machine,
  PrivateEndpoint,
  SiteToSiteVpn,
  Subnet,
  UserRoute,
  VirtualNetwork,
  VnetGateway,
} from './model-azure.ts';
import { parseText } from './names.ts';
import { readFlow } from './read-flows.ts';
import { bare, type PlacedPrefix, readOnePrefix, readPrefixes } from './read-prefixes.ts';
import {
  readAddress,
  readAzureRegion,
  readBandwidth,
  readText,
  readWholeOr,
  readYesNo,
  readYesNoOr,
} from './read-values.ts';
import { type Reading, UNREADABLE } from './reading.ts';
import type { VnetShape, VpnShape } from './schema.ts';

const SCALABLE = 'ErGwScale';

/** Gateways for site-to-site VPN, as Azure names them; the facts have figures for ExpressRoute gateways only. */
const VPN_SKUS = ['Basic', ...[1, 2, 3, 4, 5].flatMap((size) => [`VpnGw${size}`, `VpnGw${size}AZ`])];

export interface PlacedVnet {
  /** `undefined` when the region is not known. */
  readonly vnet: VirtualNetwork | undefined;
  readonly addressSpace: readonly PlacedPrefix[];
}

export function readVnet(
  reading: Reading,
  name: string,
  shape: VnetShape,
  cloud: Cloud,
  shapes: Readonly<Record<string, VnetShape>>,
): PlacedVnet {
  const path = ['azure', 'vnets', name];
  const region = readAzureRegion(reading, [...path, 'region'], shape.region, cloud);
  const addressSpace = readPrefixes(reading, [...path, 'addressSpace'], shape.addressSpace);
  if (shape.addressSpace.length === 0) {
    reading.report({
      rule: 'estate/empty-list',
      path: [...path, 'addressSpace'],
      message: `virtual network ${name} has no addresses`,
      help: 'write at least one prefix',
    });
  }
  const gateway = readGateway(reading, [...path, 'gateway'], shape.gateway);
  const peeredWith = reading.items([...path, 'peeredWith'], shape.peeredWith, (text, at) => {
    if (text !== name) return reading.reference('vnets', at, text);
    reading.report({
      rule: 'estate/link-to-itself',
      path: at,
      message: `virtual network ${name} is peered with itself`,
      help: 'name another network',
    });
    return undefined;
  });
  const vnet: VirtualNetwork | undefined =
    region === undefined
      ? undefined
      : {
          name,
          path,
          region: region.id,
          addressSpace: bare(addressSpace),
          gateway,
          gatewayOf: readGatewayOf(reading, name, shape, shapes),
          subnets: reading.named([...path, 'subnets'], shape.subnets, (subnet, each, at) =>
            readSubnet(reading, subnet, each, at),
          ),
          machines: reading.named([...path, 'machines'], shape.machines, (machine, each, at) =>
            readMachine(reading, machine, each, at),
          ),
          serviceEndpoints: reading.items([...path, 'serviceEndpoints'], shape.serviceEndpoints, (text, at) =>
            reading.scalar(at, text, 'estate/empty-text', parseText),
          ),
          privateEndpoints: reading.records([...path, 'privateEndpoints'], shape.privateEndpoints, (each, at) =>
            readEndpoint(reading, each, at),
          ),
          routes: reading.records([...path, 'routes'], shape.routes, (each, at) => readRoute(reading, each, at)),
          peeredWith: [...new Set(peeredWith)],
          natGateway: readYesNoOr(reading, [...path, 'natGateway'], shape.natGateway, DEFAULTS.natGateway),
          resolver: readResolver(reading, [...path, 'resolver'], shape.resolver),
        };
  return { vnet, addressSpace };
}

function readResolver(reading: Reading, path: Path, text: string | undefined): VirtualNetwork['resolver'] {
  if (text === undefined || text === UNREADABLE) return undefined;
  const sites = reading.names.get('sites') ?? new Set();
  const vnets = reading.names.get('vnets') ?? new Set();
  if (sites.has(text) && vnets.has(text)) {
    reading.ambiguous(path, text, [
      ['a site', reading.recordPath('sites', text)],
      ['a virtual network', reading.recordPath('vnets', text)],
    ]);
    return undefined;
  }
  if (sites.has(text)) return { site: text };
  if (vnets.has(text)) return { vnet: text };
  reading.unknownName({
    rule: 'estate/unknown-resolver',
    path,
    text,
    what: 'site or virtual network',
    candidates: [...sites, ...vnets],
    otherwise: 'name where the DNS servers stand, or leave the key out when Azure resolves names',
  });
  return undefined;
}

function readGateway(reading: Reading, path: Path, shape: VnetShape['gateway']): VnetGateway | undefined {
  if (shape === undefined || shape.sku === UNREADABLE) return undefined;
  const at = reading.keyPath(path, 'sku');
  const known = [...gatewayFigures.flatMap((each) => [each.sku, each.zonalSku]), SCALABLE, ...VPN_SKUS];
  const sku = known.find((each) => each.toLowerCase() === shape.sku.toLowerCase());
  if (sku === undefined) {
    reading.unknownName({
      rule: 'estate/unknown-gateway-sku',
      path: at,
      text: shape.sku,
      what: 'gateway SKU',
      candidates: known,
    });
    return undefined;
  }
  const unitsPath = [...path, 'scaleUnits'];
  if (sku !== SCALABLE) {
    if (shape.scaleUnits !== undefined) {
      reading.report({
        rule: 'estate/not-scalable',
        path: unitsPath,
        atKey: true,
        message: `a gateway of SKU ${sku} has no scale units`,
        help: `take scaleUnits away, or write sku: ${SCALABLE}`,
      });
    }
    return { sku, scaleUnits: undefined, path };
  }
  return { sku, scaleUnits: readWholeOr(reading, unitsPath, shape.scaleUnits, [1, 40], DEFAULTS.scaleUnits), path };
}

/** A network without a gateway uses that of its peer, when exactly one peer has one. */
function readGatewayOf(
  reading: Reading,
  name: string,
  shape: VnetShape,
  shapes: Readonly<Record<string, VnetShape>>,
): string | undefined {
  const path = ['azure', 'vnets', name, 'gatewayOf'];
  const peers = Object.entries(shapes)
    .filter(([other, each]) => shape.peeredWith?.includes(other) === true || each.peeredWith?.includes(name) === true)
    .filter(([other, each]) => other !== name && each.gateway !== undefined)
    .map(([other]) => other);
  if (shape.gatewayOf === undefined) {
    const [only, ...more] = peers;
    if (shape.gateway !== undefined || only === undefined || more.length > 0) return undefined;
    return reading.applyDefault(path, gatewayOfPeer(only));
  }
  const other = reading.reference('vnets', path, shape.gatewayOf);
  if (other === undefined || peers.includes(other)) return other;
  reading.report({
    rule: 'estate/no-gateway-there',
    path,
    message: `${name} cannot use the gateway of ${other}: ${other === name ? 'that is itself' : 'the two are not peered, or it has none'}`,
    help: `add peeredWith: ${other}, and a gateway there`,
    related: [{ message: 'the other network', path: ['azure', 'vnets', other] }],
  });
  return undefined;
}

type SubnetShape = NonNullable<VnetShape['subnets']>[string];
type MachineShape = NonNullable<VnetShape['machines']>[string];
type EndpointShape = NonNullable<VnetShape['privateEndpoints']>[number];
type RouteShape = NonNullable<VnetShape['routes']>[number];

function readSubnet(reading: Reading, name: string, shape: SubnetShape, path: Path): Subnet | undefined {
  const prefix = readOnePrefix(reading, reading.keyPath(path, 'prefix'), shape.prefix);
  const delegatedPath = [...path, 'delegated'];
  const delegated =
    shape.delegated === undefined
      ? reading.applyDefault(delegatedPath, DEFAULTS.delegated)
      : (readYesNo(reading, delegatedPath, shape.delegated) ?? true); // who writes it means it
  return prefix === undefined ? undefined : { name, prefix, delegated, path };
}

function readMachine(reading: Reading, name: string, shape: MachineShape, path: Path): Machine | undefined {
  const address = readAddress(reading, reading.keyPath(path, 'address'), shape.address);
  const flows = new Set<string>();
  const services = new Set<string>();
  reading.items([...path, 'calls'], shape.calls, (text, at) => {
    if (reading.names.get('services')?.has(text) === true) services.add(text);
    else if (/^pp-f\d+$/i.test(text)) {
      const id = readFlow(reading, at, text);
      if (id !== undefined) flows.add(id);
    } else reading.reference('services', at, text);
    return undefined;
  });
  const proxy = reading.reference('proxies', [...path, 'proxy'], shape.proxy);
  return address === undefined ? undefined : { name, address, flows: [...flows], services: [...services], proxy, path };
}

function readEndpoint(reading: Reading, shape: EndpointShape, path: Path): PrivateEndpoint | undefined {
  const service = readText(reading, [...path, 'service'], shape.service);
  const address = readAddress(reading, [...path, 'address'], shape.address);
  return service === undefined || address === undefined ? undefined : { service, address, path };
}

function readRoute(reading: Reading, shape: RouteShape, path: Path): UserRoute | undefined {
  const prefix = readOnePrefix(reading, [...path, 'prefix'], shape.prefix);
  const next = readNext(reading, [...path, 'next'], shape.next);
  if (prefix === undefined || next === undefined) return undefined;
  if (next.kind === 'address' && next.address.family !== prefix.family) {
    reading.report({
      rule: 'estate/mixed-families',
      path: [...path, 'next'],
      message: `the destination is IPv${prefix.family}, the next hop IPv${next.address.family}`,
      help: 'use addresses of one family',
    });
    return undefined;
  }
  return { prefix, next, path };
}

const NEXT_HOPS = ['gateway', 'internet', 'none'] as const;

function readNext(reading: Reading, path: Path, text: string): UserRoute['next'] | undefined {
  if (text === UNREADABLE) return undefined;
  const kind = NEXT_HOPS.find((each) => each === text);
  if (kind !== undefined) return { kind };
  const address = parseAddress(text.trim());
  if (address.ok) return { kind: 'address', address: address.value };
  const near = reading.nearest(text, NEXT_HOPS);
  reading.report({
    rule: 'estate/bad-next-hop',
    path,
    message: `the next hop cannot be ${text}`,
    help: near === undefined ? `write ${NEXT_HOPS.join(', ')} or an address` : `did you mean ${near}?`,
    fixes: near === undefined ? [] : reading.replacement(path, near, false),
  });
  return undefined;
}

export function readVpn(
  reading: Reading,
  name: string,
  shape: VpnShape,
  edges: readonly InternetEdge[],
): SiteToSiteVpn | undefined {
  const path = ['azure', 'vpns', name];
  const site = reading.reference('sites', [...path, 'site'], shape.site);
  const vnet = reading.reference('vnets', [...path, 'vnet'], shape.vnet);
  const bandwidth = readBandwidth(reading, [...path, 'bandwidth'], shape.bandwidth);
  const backupOf = reading.reference('circuits', [...path, 'backupOf'], shape.backupOf);
  const over =
    shape.over === undefined
      ? onlyEdgeOf(reading, path, site, edges)
      : reading.reference('internetEdges', [...path, 'over'], shape.over);
  return site === undefined || vnet === undefined || over === undefined
    ? undefined
    : { name, path, site, vnet, bandwidth, over, backupOf };
}

function onlyEdgeOf(
  reading: Reading,
  path: Path,
  site: string | undefined,
  edges: readonly InternetEdge[],
): string | undefined {
  if (site === undefined) return undefined;
  const at = edges.filter((edge) => edge.site === site);
  const [only, ...more] = at;
  if (only !== undefined && more.length === 0) return reading.applyDefault([...path, 'over'], onlyEdge(only.name));
  // An edge of the site that could not be read has been reported already.
  if (at.length === 0 && edges.length < (reading.names.get('internetEdges')?.size ?? 0)) return undefined;
  reading.report({
    rule: 'estate/missing-key',
    path,
    atKey: true,
    message: `the VPN does not say which internet edge it runs over, and site ${site} has ${at.length === 0 ? 'none' : `${at.length}`}`,
    help: at.length === 0 ? 'add over and an internet edge' : `add over: ${at.map((edge) => edge.name).join(' or ')}`,
  });
  return undefined;
}
