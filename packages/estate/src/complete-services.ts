/** Services, data gateways, machines, connectors, proxies and users, as fields of a document. */
import { formatAddress, formatPrefix } from '@bothways/net';
import { coordinatesOf, kindFields, portText } from './complete-records.ts';
import type { Estate, Path } from './model.ts';
import type {
  Connector,
  DataGateway,
  DesktopFlowMachines,
  Proxy,
  PublishedService,
  UserGroup,
} from './model-services.ts';
import { type Field, fieldsAt } from './outline.ts';

export function completeServices(estate: Estate): readonly Field[] {
  const everyEnvironment = estate.environments.map((each) => each.name).join('\n');
  const sitesWithAddresses = new Set(
    estate.sites.flatMap((site) => (site.clients.length + site.servers.length > 0 ? [site.name] : [])),
  );
  const environments = (path: Path, names: readonly string[]): readonly Field[] =>
    fieldsAt(path).value('environments', names.join('\n') === everyEnvironment ? 'all' : [...names]);
  const sources = (path: Path, each: DataGateway | DesktopFlowMachines): readonly Field[] =>
    each.clients.length > 0 || sitesWithAddresses.has(each.site)
      ? fieldsAt(path).value('clients', each.clients.map(formatPrefix))
      : [];
  return [
    ...kindFields(['services'], estate.services, serviceFields),
    ...kindFields(['dataGateways'], estate.dataGateways, (each, path) => [
      ...gatewayFields(each, path),
      ...sources(path, each),
      ...environments(path, each.environments),
    ]),
    ...kindFields(['desktopFlowMachines'], estate.desktopFlowMachines, (each, path) => [
      ...fieldsAt(path).value('site', each.site),
      ...fieldsAt(path).value('machines', each.machines),
      ...sources(path, each),
      ...environments(path, each.environments),
    ]),
    ...kindFields(['connectors'], estate.connectors, (each, path) => [
      ...connectorFields(each, path),
      ...environments(path, each.environments),
    ]),
    ...kindFields(['proxies'], estate.proxies, proxyFields),
    ...kindFields(['users'], estate.users, userFields),
  ];
}

function serviceFields(service: PublishedService, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  return [
    ...at.value('site', service.site),
    ...at.value('kind', service.kind),
    ...at.value('address', formatAddress(service.address)),
    ...at.some('names', service.names),
    ...at.value('splitDns', service.splitDns),
    ...at.value('backend', service.backend),
    ...at.list(
      'published',
      service.published.map((each) => {
        const inner = fieldsAt(each.path);
        return [
          ...inner.value('edge', each.edge),
          ...inner.value('address', formatAddress(each.address)),
          ...inner.value('inboundNat', each.inboundNat),
          ...inner.value('hairpin', each.hairpin),
        ];
      }),
    ),
    ...at.value('ports', service.ports.map(portText)),
    ...at.some('calledBy', service.calledBy),
    ...at.value('tls', service.tls),
  ];
}

function gatewayFields(gateway: DataGateway, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  return [
    ...at.value('site', gateway.site),
    ...at.value('region', gateway.region),
    ...at.value('members', gateway.members),
    ...at.value('mode', gateway.mode),
    ...kindFields([...path, 'dataSources'], gateway.dataSources, (source, inner) => [
      ...fieldsAt(inner).value('kind', source.kind),
      ...fieldsAt(inner).value('site', source.site),
      ...fieldsAt(inner).value('connector', source.connector),
    ]),
  ];
}

function connectorFields(connector: Connector, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  return [
    ...at.value('kind', connector.kind),
    ...at.value('class', connector.class),
    ...at.value('gateway', connector.gateway),
    ...at.value('service', connector.service),
  ];
}

function proxyFields(proxy: Proxy, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  return [
    ...at.value('site', proxy.site),
    ...at.value('address', formatAddress(proxy.address)),
    ...at.value('port', proxy.port),
    ...at.value('reach', proxy.reach),
    ...at.value('rewrites', proxy.rewrites),
    ...at.some('edges', proxy.edges),
  ];
}

function userFields(group: UserGroup, path: Path): readonly Field[] {
  const at = fieldsAt(path);
  const { location, vpn } = group;
  const inner = fieldsAt([...path, 'vpn']);
  return [
    ...at.value('kind', group.kind),
    ...at.value('users', group.users),
    ...at.value('city', group.city),
    ...at.value('country', group.country),
    ...at.value('location', location === undefined ? undefined : coordinatesOf(location)),
    ...(vpn === undefined
      ? []
      : at.map('vpn', [
          ...inner.value('edge', vpn.edge),
          ...inner.value('site', vpn.site),
          ...inner.value('clients', vpn.clients.map(formatPrefix)),
          ...inner.some('splitTunnel', vpn.splitTunnel),
        ])),
  ];
}
