/** Environments, sites, WAN, edges, circuits and what is in Azure, as fields of a document. */
import { azureRegion, type PowerPlatformRegion, peeringLocation, powerPlatformRegion } from '@bothways/facts';
import { formatAddress, formatPrefix } from '@bothways/net';
import { bandwidthText, durationText, moneyText, percentText } from './exact-text.ts';
import type {
  Circuit,
  Environment,
  Estate,
  ExpressRouteEdge,
  Firewall,
  InternetEdge,
  MicrosoftPeering,
  Path,
  Ports,
  Prepend,
  Site,
  WanCloud,
  WanConnection,
  WanLink,
  WanMember,
} from './model.ts';
import type { PrivatePeering, SiteToSiteVpn, VirtualNetwork } from './model-azure.ts';
import { type Field, fieldsAt } from './outline.ts';
import { servicesByFirewall } from './read-edges.ts';
import type { EditValue } from './yaml-text.ts';

export interface Surroundings {
  readonly estate: Estate;
  /** What the document that was read has at a path. */
  readonly writtenText: (path: Path) => string | undefined;
}

/** Stands where a key was; it is a key that a document may have. */
const REDACTED = '[redacted]';

/** The map of a kind, one field per record. */
export function kindFields<Value extends { readonly name: string }>(
  path: Path,
  values: readonly Value[],
  one: (value: Value, path: Path) => readonly Field[],
): readonly Field[] {
  const key = String(path.at(-1) ?? '');
  const parent = fieldsAt(path.slice(0, -1));
  return parent.map(
    key,
    values.map((value) => {
      const at = [...path, value.name];
      const fields = one(value, at);
      return {
        key: value.name,
        path: at,
        content: fields.length === 0 ? { kind: 'value', value: {} } : { kind: 'map', fields },
      };
    }),
  );
}

export function completeRecords(estate: Estate, around: Surroundings): readonly Field[] {
  const published = servicesByFirewall([...estate.internetEdges, ...estate.expressRouteEdges], estate.services);
  return [
    ...kindFields(['environments'], estate.environments, environmentFields),
    ...kindFields(['sites'], estate.sites, (site, path) => siteFields(site, path, around)),
    ...kindFields(['wan'], estate.wan, wanFields),
    ...kindFields(['firewalls'], estate.firewalls, (firewall, path) =>
      firewallFields(firewall, path, published.has(firewall.name)),
    ),
    ...kindFields(['internetEdges'], estate.internetEdges, internetEdgeFields),
    ...kindFields(['expressRouteEdges'], estate.expressRouteEdges, expressRouteEdgeFields),
    ...kindFields(['circuits'], estate.circuits, circuitFields),
    ...fieldsAt([]).map('azure', [
      ...kindFields(['azure', 'vnets'], estate.vnets, vnetFields),
      ...kindFields(['azure', 'vpns'], estate.vpns, vpnFields),
    ]),
  ];
}

function optional<Value>(value: Value | undefined, text: (value: Value) => EditValue): EditValue | undefined {
  return value === undefined ? undefined : text(value);
}

function environmentFields(each: Environment, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  const region = powerPlatformRegion(each.region);
  const pages = fieldsAt([...path, 'powerPages']);
  return [
    ...at.value('region', region?.name ?? each.region),
    ...at.some('pair', region === undefined ? [] : pairNames(each, region)),
    ...at.value('canvasCdn', each.canvasCdn),
    ...at.value('type', each.type),
    ...at.value('managed', each.managed),
    ...at.value(
      'vnetSupport',
      each.vnetSupport?.subnets.map(({ vnet, subnet }) => `${vnet}/${subnet}`),
    ),
    ...at.some('products', each.products),
    ...at.value('ipFirewall', each.ipFirewall?.map(formatPrefix)),
    ...at.map('powerPages', [...pages.value('cdn', each.powerPages?.cdn), ...pages.value('waf', each.powerPages?.waf)]),
    ...at.value('recovery', each.recovery),
  ];
}

/** The fewest regions that select the pairs the environment may be in; none when every pair may hold it. */
function pairNames({ azureRegions }: Environment, { pairs }: PowerPlatformRegion): readonly string[] {
  const wanted = azureRegions.join();
  const selects = (ids: readonly string[]): boolean => {
    const left = pairs.filter((pair) => ids.every((id) => pair.includes(id)));
    return [...new Set(left.flat())].join() === wanted;
  };
  const choices = [[], ...azureRegions.map((id) => [id]), ...pairs.map((pair) => [...pair])];
  const ids = choices.find(selects) ?? [];
  return ids.map((id) => azureRegion(id)?.name ?? id);
}

function siteFields(site: Site, path: Path, { writtenText }: Surroundings): readonly Field[] {
  const at = fieldsAt(path);
  const lan = fieldsAt([...path, 'lan']);
  const { location, resolver, pac } = site;
  return [
    ...at.value('city', site.city),
    ...at.value('country', site.country),
    ...at.value('location', optional(location, coordinatesOf)),
    ...at.value('users', site.users),
    ...at.map('lan', [
      ...lan.value('bandwidth', optional(site.lan?.bandwidth, bandwidthText)),
      ...lan.value('utilisation', optional(site.lan?.utilisation, percentText)),
    ]),
    ...at.some('clients', site.clients.map(formatPrefix)),
    ...at.some('servers', site.servers.map(formatPrefix)),
    ...at.value('breakout', site.breakout),
    ...at.list(
      'applicationBreakout',
      site.applicationBreakout.map((each) => {
        const inner = fieldsAt(each.path);
        return [...inner.value('flows', [...each.flows]), ...inner.value('edge', each.edge)];
      }),
    ),
    ...at.value(
      'resolver',
      optional(resolver, (each) => ('site' in each ? each.site : 'public')),
    ),
    ...at.value('proxy', site.proxy),
    ...at.value(
      'pac',
      optional(pac, (script) => {
        const from = writtenText([...script.path, 'from']);
        return from === undefined ? script.text : { from };
      }),
    ),
  ];
}

export function coordinatesOf(location: NonNullable<Site['location']>): EditValue {
  return [location.latitude, location.longitude];
}

function lineFields(line: WanLink | WanMember | InternetEdge, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  return [
    ...at.value('bandwidth', optional(line.bandwidth, bandwidthText)),
    ...at.value('latency', optional(line.latency, durationText)),
    ...at.value('loss', optional(line.loss, percentText)),
    ...at.value('utilisation', optional(line.utilisation, percentText)),
  ];
}

function wanLineFields(line: WanLink | WanMember, path: Path): readonly Field[] {
  return [...lineFields(line, path), ...fieldsAt(path).value('cost', line.cost)];
}

function wanFields(each: WanConnection, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  const cost = at.value('monthlyCost', optional(each.monthlyCost, moneyText));
  const rest = [...cost, ...at.value('encrypted', each.encrypted), ...at.value('optimised', each.optimised)];
  if (each.kind === 'link') {
    return [
      ...at.value('between', [...each.between]),
      ...wanLineFields(each, path),
      ...at.value('provider', each.provider),
      ...rest,
    ];
  }
  return [
    ...at.value('kind', each.kind),
    ...memberFields(each, path),
    ...at.value('provider', each.provider),
    ...at.value('asn', each.asn),
    ...rest,
  ];
}

function memberFields({ members }: WanCloud, path: Path): readonly Field[] {
  const at = [...path, 'members'];
  if (members.length === 0) return fieldsAt(path).value('members', {});
  return fieldsAt(path).map(
    'members',
    members.map((member) => ({
      key: member.site,
      path: [...at, member.site],
      content: { kind: 'map', fields: wanLineFields(member, [...at, member.site]) },
    })),
  );
}

function firewallFields(firewall: Firewall, path: Path, hasServices: boolean): readonly Field[] {
  const at = fieldsAt(path);
  const { permitInbound } = firewall;
  return [
    ...at.value('stateful', firewall.stateful),
    ...at.some('sharesStateWith', firewall.sharesStateWith),
    ...at.value('highAvailability', firewall.highAvailability),
    ...at.value('permitInbound', hasServices || permitInbound.length > 0 ? [...permitInbound] : undefined),
    ...at.list(
      'rules',
      firewall.rules.map((rule) => {
        const inner = fieldsAt(rule.path);
        return [
          ...inner.value('action', rule.action),
          ...inner.value('zone', rule.zone),
          ...inner.some('from', rule.from.map(formatPrefix)),
          ...inner.some('to', rule.to.map(formatPrefix)),
          ...inner.some('ports', rule.ports.map(portText)),
        ];
      }),
    ),
  ];
}

export function portText({ protocol, first, last }: Ports): string {
  return `${protocol}/${first === last ? first : `${first}-${last}`}`;
}

function internetEdgeFields(edge: InternetEdge, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  return [
    ...at.value('site', edge.site),
    ...at.value('isp', edge.isp),
    ...lineFields(edge, path),
    ...at.value('firewall', edge.firewall),
    ...at.some('nat', edge.nat.map(formatPrefix)),
    ...at.value('natInbound', edge.natInbound),
    ...at.value('advertises', edge.advertises.map(formatPrefix)),
    ...at.value('asn', edge.asn),
    ...at.value('maximumSessions', edge.maximumSessions),
    ...at.value('monthlyCost', optional(edge.monthlyCost, moneyText)),
  ];
}

function expressRouteEdgeFields(edge: ExpressRouteEdge, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  return [
    ...at.value('site', edge.site),
    ...at.value('cloud', edge.cloud),
    ...at.value('firewall', edge.firewall ?? 'none'),
    ...at.some('nat', edge.nat.map(formatPrefix)),
    ...at.value('natInbound', edge.natInbound),
    ...at.value('routers', [...edge.routers]),
  ];
}

function circuitFields(circuit: Circuit, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  const ports = fieldsAt([...path, 'direct']);
  const contract = fieldsAt([...path, 'promised']);
  const { direct, microsoftPeering, privatePeering, promised } = circuit;
  return [
    ...at.value('location', peeringLocation(circuit.location)?.name ?? circuit.location),
    ...at.value('provider', circuit.provider),
    ...at.value('model', circuit.model),
    ...at.value('sku', circuit.sku),
    ...at.value('billing', circuit.billing),
    ...at.value('bandwidth', bandwidthText(circuit.bandwidth)),
    ...at.value('latency', optional(circuit.latency, durationText)),
    ...at.map('promised', [
      ...contract.value('throughput', optional(promised?.throughput, bandwidthText)),
      ...contract.value('latency', optional(promised?.latency, durationText)),
    ]),
    ...at.value('edge', circuit.edge),
    ...at.value('resiliency', circuit.resiliency),
    ...at.value('pairedWith', circuit.pairedWith),
    ...at.map('direct', [
      ...ports.value(
        'portSpeed',
        optional(direct, (each) => bandwidthText(each.portSpeed)),
      ),
      ...ports.value('macsec', direct?.macsec),
    ]),
    ...at.value('provisioning', circuit.provisioning),
    ...at.value('subscription', circuit.subscription),
    ...at.value('serviceKey', circuit.serviceKey === undefined ? undefined : REDACTED),
    ...at.map('microsoftPeering', microsoftPeering === undefined ? [] : microsoftPeeringFields(microsoftPeering)),
    ...at.map('privatePeering', privatePeering === undefined ? [] : privatePeeringFields(privatePeering)),
    ...at.some('globalReach', circuit.globalReach),
    ...at.value('qos', circuit.qos),
    ...at.value('monthlyCost', optional(circuit.monthlyCost, moneyText)),
  ];
}

/** A count while the number is the usual one, otherwise both. */
export function prependFields(path: Path, prepend: Prepend | undefined, own: number | undefined): readonly Field[] {
  if (prepend === undefined) return [];
  const at = fieldsAt(path);
  if (prepend.asn === own) return at.value('prepend', prepend.times);
  return at.value('prepend', { times: prepend.times, asn: prepend.asn });
}

function sessionFields(peering: MicrosoftPeering | PrivatePeering): readonly Field[] {
  const at = fieldsAt(peering.path);
  const timers = fieldsAt([...peering.path, 'timers']);
  return [
    ...at.value('asn', peering.asn),
    ...at.value('vlan', peering.vlan),
    ...at.value('links', peering.links.map(formatPrefix)),
    ...at.value('links6', peering.links6?.map(formatPrefix)),
    ...at.value('advertises', peering.advertises.map(formatPrefix)),
    ...prependFields(peering.path, peering.prepend, peering.asn),
    ...at.value('localPreference', peering.localPreference),
    ...at.map('timers', [
      ...timers.value('keepalive', durationText(peering.timers.keepalive)),
      ...timers.value('hold', durationText(peering.timers.hold)),
    ]),
    ...at.value('md5', peering.md5 === undefined ? undefined : REDACTED),
    ...at.value('bfd', peering.bfd),
  ];
}

function microsoftPeeringFields(peering: MicrosoftPeering): readonly Field[] {
  const at = fieldsAt(peering.path);
  return [
    ...sessionFields(peering),
    ...at.value(
      'routeFilter',
      peering.routeFilter?.map((entry) => entry.written),
    ),
    ...at.value('validation', peering.validation),
    ...at.value('maximumPrefixes', peering.maximumPrefixes),
  ];
}

function privatePeeringFields(peering: PrivatePeering): readonly Field[] {
  const at = fieldsAt(peering.path);
  return [
    ...sessionFields(peering),
    ...at.some('vnets', peering.vnets),
    ...at.value('weight', peering.weight),
    ...at.value('optimised', peering.optimised),
  ];
}

function vnetFields(vnet: VirtualNetwork, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  const gateway = fieldsAt([...path, 'gateway']);
  const { resolver } = vnet;
  return [
    ...at.value('region', azureRegion(vnet.region)?.name ?? vnet.region),
    ...at.value('addressSpace', vnet.addressSpace.map(formatPrefix)),
    ...at.map('gateway', [
      ...gateway.value('sku', vnet.gateway?.sku),
      ...gateway.value('scaleUnits', vnet.gateway?.scaleUnits),
    ]),
    ...at.value('gatewayOf', vnet.gatewayOf),
    ...kindFields([...path, 'subnets'], vnet.subnets, (subnet, inner) => [
      ...fieldsAt(inner).value('prefix', formatPrefix(subnet.prefix)),
      ...fieldsAt(inner).value('delegated', subnet.delegated),
    ]),
    ...kindFields([...path, 'machines'], vnet.machines, (machine, inner) => [
      ...fieldsAt(inner).value('address', formatAddress(machine.address)),
      ...fieldsAt(inner).some('calls', [...machine.flows, ...machine.services]),
      ...fieldsAt(inner).value('proxy', machine.proxy),
    ]),
    ...at.some('serviceEndpoints', vnet.serviceEndpoints),
    ...at.list(
      'privateEndpoints',
      vnet.privateEndpoints.map((each) => {
        const inner = fieldsAt(each.path);
        return [...inner.value('service', each.service), ...inner.value('address', formatAddress(each.address))];
      }),
    ),
    ...at.list(
      'routes',
      vnet.routes.map(({ prefix, next, path: inner }) => [
        ...fieldsAt(inner).value('prefix', formatPrefix(prefix)),
        ...fieldsAt(inner).value('next', next.kind === 'address' ? formatAddress(next.address) : next.kind),
      ]),
    ),
    ...at.some('peeredWith', vnet.peeredWith),
    ...at.value('natGateway', vnet.natGateway),
    ...at.value(
      'resolver',
      optional(resolver, (each) => ('site' in each ? each.site : each.vnet)),
    ),
  ];
}

function vpnFields(vpn: SiteToSiteVpn, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  return [
    ...at.value('site', vpn.site),
    ...at.value('vnet', vpn.vnet),
    ...at.value('bandwidth', optional(vpn.bandwidth, bandwidthText)),
    ...at.value('over', vpn.over),
    ...at.value('backupOf', vpn.backupOf),
  ];
}
