/** One estate with every kind in it once, and the names every part is looked up by. */
import type { Demand, Estate } from '@bothways/estate';
import { asn, prefix } from '@bothways/net';
import {
  addressOfText,
  circuit,
  environment,
  estateOf,
  expressRouteEdge,
  firewall,
  internetEdge,
  microsoftPeering,
  prefixes,
  privatePeering,
  service,
  site,
  virtualNetwork,
  wanCloud,
  wanLink,
} from './estates.ts';

export function demandOf(parts: Partial<Demand>): Demand {
  const [first] = estateOf().demands;
  if (first === undefined) throw new Error('the small estate has no demand');
  return { ...first, ...parts };
}

const publication = (edge: string, address: string, inboundNat: boolean) => ({
  edge,
  address: addressOfText(address),
  inboundNat,
  hairpin: false,
  path: ['services', 'web', 'published', edge],
});

export function wholeEstate(): Estate {
  return estateOf({
    environments: [
      environment({
        name: 'production',
        vnetSupport: {
          path: ['environments', 'production', 'vnetSupport'],
          subnets: [{ vnet: 'hub', subnet: 'platform', path: ['environments', 'production', 'vnetSupport', 0] }],
        },
      }),
    ],
    sites: [
      site({
        name: 'hq',
        clients: prefixes('10.10.0.0/16', '2001:db8:10::/48'),
        proxy: 'px',
        pac: { file: 'proxy.pac', text: 'function FindProxyForURL() {}', path: ['sites', 'hq', 'pac'] },
        resolver: { site: 'dc' },
        applicationBreakout: [{ flows: ['PP-F05'], edge: 'inet', path: ['sites', 'hq', 'applicationBreakout', 0] }],
      }),
      site({ name: 'shop', clients: prefixes('10.12.0.0/24'), resolver: { public: true }, breakout: 'inet-shop' }),
      site({ name: 'us', clients: prefixes('10.20.0.0/16') }),
      site({ name: 'dc', servers: prefixes('10.30.0.0/24', '2001:db8:30::/64') }),
    ],
    wan: [
      wanLink({ name: 'mpls', between: ['hq', 'dc'], provider: 'Fabrikam' }),
      wanCloud('cloud', ['shop', 'dc', 'us'], { provider: 'Fabrikam', kind: 'sdwan' }),
    ],
    firewalls: [
      firewall({ name: 'fw-inet', permitInbound: ['web'] }),
      firewall({ name: 'fw-shop' }),
      firewall({ name: 'fw-er', permitInbound: ['web'], highAvailability: true }),
      firewall({ name: 'fw-us' }),
    ],
    internetEdges: [
      internetEdge({ name: 'inet', natInbound: true }),
      internetEdge({
        name: 'inet-shop',
        site: 'shop',
        firewall: 'fw-shop',
        isp: 'Tailspin Net',
        nat: prefixes('198.51.100.64/28'),
        advertises: prefixes('198.51.100.64/28'),
      }),
    ],
    expressRouteEdges: [
      expressRouteEdge({ name: 'er' }),
      expressRouteEdge({ name: 'er-us', site: 'us', firewall: 'fw-us', nat: prefixes('203.0.113.32/28') }),
    ],
    circuits: [
      circuit({
        name: 'er-fra',
        resiliency: 'metro',
        secondaryLocation: 'frankfurt2',
        privatePeering: privatePeering({ advertises: prefixes('10.0.0.0/8') }),
        globalReach: ['er-nyc'],
        qos: true,
      }),
      circuit({
        name: 'er-nyc',
        edge: 'er-us',
        location: 'new-york',
        provider: undefined,
        model: 'direct',
        direct: { portSpeed: 1e10, macsec: true, path: ['circuits', 'er-nyc', 'direct'] },
        microsoftPeering: microsoftPeering({
          path: ['circuits', 'er-nyc', 'microsoftPeering'],
          advertises: prefixes('203.0.113.32/28'),
          localPreference: 80,
          maximumPrefixes: 12_000,
          prepend: { asn: asn(64500), times: 2 },
        }),
        privatePeering: privatePeering({
          path: ['circuits', 'er-nyc', 'privatePeering'],
          vnets: [],
          advertises: prefixes('10.20.0.0/16'),
          prepend: { asn: asn(64500), times: 1 },
        }),
      }),
    ],
    vnets: [
      virtualNetwork({
        name: 'hub',
        addressSpace: prefixes('10.100.0.0/16', 'fd00:100::/48'),
        subnets: [
          {
            name: 'platform',
            prefix: prefix('10.100.9.0/24'),
            delegated: true,
            path: ['azure', 'vnets', 'hub', 'subnets'],
          },
        ],
        peeredWith: ['spoke'],
        privateEndpoints: [
          {
            service: 'Storage',
            address: addressOfText('10.100.8.4'),
            path: ['azure', 'vnets', 'hub', 'privateEndpoints'],
          },
        ],
      }),
      virtualNetwork({
        name: 'spoke',
        addressSpace: prefixes('10.101.0.0/16'),
        gateway: undefined,
        gatewayOf: 'hub',
        resolver: { vnet: 'hub' },
        serviceEndpoints: ['Microsoft.KeyVault'],
        routes: [
          {
            prefix: prefix('0.0.0.0/0'),
            next: { kind: 'address', address: addressOfText('10.101.0.4') },
            path: ['azure', 'vnets', 'spoke', 'routes', 0],
          },
        ],
        machines: [
          {
            name: 'vm',
            address: addressOfText('10.101.1.4'),
            flows: ['PP-F68', 'PP-F56'],
            services: ['web'],
            proxy: 'px',
            path: ['azure', 'vnets', 'spoke', 'machines', 'vm'],
          },
        ],
      }),
    ],
    vpns: [
      {
        name: 's2s',
        path: ['azure', 'vpns', 's2s'],
        site: 'dc',
        vnet: 'hub',
        bandwidth: 1e8,
        over: 'inet',
        backupOf: 'er-fra',
      },
    ],
    services: [
      service({
        name: 'web',
        names: ['web.contoso.example'],
        published: [publication('er', '203.0.113.9', true), publication('inet', '192.0.2.200', false)],
        calledBy: ['PP-F28', 'PP-F31', 'PP-F37', 'PP-F38', 'PP-F64'],
      }),
      service({
        name: 'own',
        address: addressOfText('192.0.2.201'),
        published: [publication('inet', '192.0.2.201', false)],
      }),
    ],
    proxies: [
      {
        name: 'px',
        path: ['proxies', 'px'],
        site: 'dc',
        address: addressOfText('10.30.0.99'),
        port: 8080,
        reach: 'internet',
        rewrites: false,
        edges: ['inet'],
      },
    ],
    users: [
      {
        name: 'roaming',
        path: ['users', 'roaming'],
        kind: 'roaming',
        users: 5,
        city: 'Rome',
        country: 'IT',
        location: undefined,
        vpn: undefined,
      },
      {
        name: 'homeworkers',
        path: ['users', 'homeworkers'],
        kind: 'vpn',
        users: 5,
        city: undefined,
        country: undefined,
        location: undefined,
        vpn: {
          path: ['users', 'homeworkers', 'vpn'],
          edge: 'inet',
          site: 'dc',
          clients: prefixes('10.40.0.0/24'),
          splitTunnel: ['PP-F05'],
        },
      },
    ],
    dataGateways: [
      {
        name: 'gw',
        path: ['dataGateways', 'gw'],
        site: 'dc',
        region: 'uksouth',
        members: 2,
        clients: prefixes('10.30.0.40/31'),
        environments: ['production'],
        mode: 'https',
        dataSources: [],
      },
    ],
    desktopFlowMachines: [
      {
        name: 'robots',
        path: ['desktopFlowMachines', 'robots'],
        site: 'hq',
        machines: 3,
        clients: prefixes('10.10.200.0/24'),
        environments: [],
      },
    ],
    connectors: [
      {
        name: 'orders',
        path: ['connectors', 'orders'],
        kind: 'HTTP',
        class: 'customer-public',
        gateway: undefined,
        service: 'web',
        environments: ['production'],
      },
    ],
    demands: [
      demandOf({ from: ['hq', 'us'], users: ['roaming', 'homeworkers'], vnets: ['hub'], services: ['web'] }),
      demandOf({ name: 'static', path: ['demands', 'static'], flows: ['PP-F05', 'PP-F28'], from: ['hq'] }),
    ],
    failureGroups: [
      { name: 'conduit', path: ['failureGroups', 'conduit'], elements: ['mpls', 'er-fra-primary', 'Frankfurt'] },
    ],
    maintenance: [
      { name: 'spring', path: ['maintenance', 'spring'], elements: ['er-fra-primary'], kind: 'drain' },
      { name: 'summer', path: ['maintenance', 'summer'], elements: ['dc'], kind: 'down' },
    ],
    routing: [],
  });
}
