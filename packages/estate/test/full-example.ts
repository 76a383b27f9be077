/**
 * An estate that uses every key of the document at least once, with the files it refers to. For tests only: the network
 * is larger than anybody would begin with.
 */
import { expect } from 'vitest';
import type { EstateFile } from '../src/index.ts';
import { check } from './check.ts';

export const fullExample = `bothways: 1

organisation:
  name: Contoso
  asn: 64500
  cloud: public
  subscription: network-production
  owns: [198.51.100.0/24, 203.0.113.0/24, 2001:db8:ffff::/48]
  microsoft365: { authorised: true, tenantRegion: Europe, services: [exchange, teams] }

environments:
  production:
    region: Europe
    pair: [West Europe, North Europe]
    canvasCdn: false
    type: production
    managed: true
    vnetSupport: [west/power-platform, north/power-platform]
    products: [power-apps, dataverse, power-pages]
    ipFirewall: [198.51.100.0/24, 2001:db8:ffff::/48]
    powerPages: { cdn: true, waf: false }
    recovery: true
  sandbox: { region: United States, azureRegion: East US, type: sandbox }

sites:
  from: branches.csv
  hq:
    city: Munich
    country: DE
    users: 900
    clients: [10.10.0.0/16, 2001:db8:10::/48]
    servers: 10.11.0.0/24
    breakout: inet-hq
    applicationBreakout:
      - { flows: [PP-F16], edge: inet-hq }
      - { flows: [PP-F11, PP-F12], edge: inet }
    resolver: dc
    proxy: web-proxy
    pac: { from: proxy.pac }
  factory:
    location: [47.5, 9.7]
    users: 40
    clients: 10.12.0.0/16
    wan: { mpls: { bandwidth: 20 Mbps, latency: 14 ms, loss: 0.5 %, utilisation: 60 %, cost: 20 } }
    resolver: public
    lan: { bandwidth: 1 Gbps, utilisation: 20 % }
    pac: |
      // everything through the proxy
      function FindProxyForURL(url, host) {
        return "PROXY 10.11.0.10:3128";
      }
  dc:
    city: Frankfurt
    location: { latitude: 50.11, longitude: 8.68 }
    servers: [10.30.0.0/24, 2001:db8:30::/64]

wan:
  dark-fibre:
    between: [hq, dc]
    kind: link
    bandwidth: 10 Gbps
    latency: 6 ms
    loss: 0.1 %
    utilisation: 35 %
    cost: 5
    provider: Northwind Telecom
    monthlyCost: 2500 EUR
    encrypted: true
  mpls:
    kind: ipvpn
    provider: Fabrikam Networks
    asn: 64510
    members: { dc: { bandwidth: 1 Gbps, latency: 2 ms }, hq: }
    bandwidth: 100 Mbps
    latency: 8 ms
    monthlyCost: 900.50 EUR
  overlay: { kind: sdwan, members: [hq, dc], encrypted: true, optimised: true }

firewalls:
  fw-inet:
    stateful: true
    sharesStateWith: fw-hq
    highAvailability: true
    permitInbound: [mail, federation]
    rules:
      - { action: deny, zone: outside, to: 10.30.0.128/25 }
      - { action: allow, zone: inside, from: [10.10.0.0/16], ports: [443, udp/3478-3481] }
  fw-hq: { stateful: true }

internetEdges:
  inet:
    site: dc
    isp: Northwind Telecom
    bandwidth: 1 Gbps
    firewall: fw-inet
    nat: 198.51.100.0/28
    natInbound: true
    advertises: [198.51.100.0/24]
    asn: 64496
    maximumSessions: 500000
    monthlyCost: 800 EUR
  inet-hq: { site: hq, firewall: fw-hq, nat: [198.51.100.64/28], latency: 3 ms, loss: 0.2 %, utilisation: 45 % }

expressRouteEdges:
  er: { site: dc, firewall: fw-er, nat: [203.0.113.0/28], natInbound: true, routers: [ce1, ce2] }
  er-provider: { cloud: mpls, firewall: none, nat: 203.0.113.16/28 }

circuits:
  er-fra:
    location: Frankfurt
    provider: Equinix
    model: direct
    sku: premium
    billing: unlimited
    bandwidth: 5 Gbps
    edge: er
    resiliency: maximum
    pairedWith: er-ams
    direct: { portSpeed: 10 Gbps, macsec: true }
    provisioning: provisioned
    subscription: network-frankfurt
    serviceKey: 9d1f2a77-0000-4c3e-9c50-6b1f6e9d0a01
    microsoftPeering:
      asn: 64500
      vlan: 100
      links: [192.0.2.0/30, 192.0.2.4/30]
      links6: [2001:db8:0:1::/126, 2001:db8:0:1::4/126]
      advertises: [203.0.113.0/28]
      routeFilter: [West Europe, North Europe, '12076:5010']
      validation: configured
      prepend: { times: 2, asn: 64501 }
      localPreference: 150
      timers: { keepalive: 10 s, hold: 30 s }
      maximumPrefixes: 4000
      md5: quiet-as-a-mouse
      bfd: true
    privatePeering:
      asn: 64500
      vlan: 200
      links: [10.254.0.0/30, 10.254.0.4/30]
      links6: [2001:db8:fe::/126, 2001:db8:fe::4/126]
      advertises: [0.0.0.0/0, 10.10.0.0/16]
      vnets: [west, north]
      weight: 100
      optimised: true
      prepend: 1
      localPreference: 200
      timers: { hold: 60 s, keepalive: 20 s }
      md5: even-quieter
      bfd: true
    globalReach: er-metro
    qos: true
    monthlyCost: 1200 EUR
  er-ams:
    location: Amsterdam2
    bandwidth: 1 Gbps
    edge: er
    microsoftPeering: { vlan: 101, links: [192.0.2.8/30, 192.0.2.12/30] }
  er-metro:
    location: Zurich Metro
    model: ipvpn
    bandwidth: 200 Mbps
    latency: 4 ms
    promised: { throughput: 150 Mbps, latency: 5 ms }
    edge: er-provider
    privatePeering: { vlan: 201, links: [10.254.1.0/30, 10.254.1.4/30] }

azure:
  vnets:
    west:
      region: West Europe
      addressSpace: [10.100.0.0/16, 2001:db8:100::/48]
      gateway: { sku: ErGwScale, scaleUnits: 2 }
      subnets:
        apps: 10.100.0.0/24
        power-platform: { prefix: 10.100.1.0/27, delegated: true }
      machines:
        app1: { address: 10.100.0.10, calls: [PP-F68, mail], proxy: web-proxy }
        app2: 10.100.0.11
      serviceEndpoints: [Microsoft.Storage, Microsoft.Sql]
      privateEndpoints: [{ service: Storage, address: 10.100.0.200 }]
      routes:
        - { prefix: 0.0.0.0/0, next: gateway }
        - { prefix: 10.200.0.0/16, next: 10.100.0.4 }
        - { prefix: 192.0.2.128/25, next: none }
      peeredWith: spoke
      natGateway: true
    north:
      region: northeurope
      addressSpace: 10.101.0.0/16
      gateway: ErGw1AZ
      subnets: { power-platform: { prefix: 10.101.1.0/27, delegated: true } }
    spoke: { region: West Europe, addressSpace: 10.102.0.0/16, gatewayOf: west, resolver: dc }
  vpns:
    backup: { site: dc, vnet: north, bandwidth: 500 Mbps, over: inet, backupOf: er-fra }

services:
  mail:
    site: dc
    kind: exchange
    address: 10.30.0.25
    names: [mail.contoso.example, autodiscover.contoso.example]
    published:
      - { edge: inet, address: 198.51.100.20, inboundNat: false }
      - { edge: er, address: 203.0.113.8 }
    ports: [443, tcp/25]
    calledBy: [PP-F30, PP-F38]
    tls: true
  federation:
    site: dc
    kind: adfs
    address: 10.30.0.26
    published: { edge: inet, address: 198.51.100.21, hairpin: true }
    calledBy: PP-F37
  stock: { site: dc, kind: sql, address: 10.30.0.40, splitDns: false, backend: federation }

dataGateways:
  gateway-dc:
    site: dc
    region: North Europe
    members: 2
    clients: 10.30.0.48/28
    environments: production
    mode: tcp
    dataSources:
      erp: SQL Server
      archive: { kind: SharePoint, site: hq, connector: stock-data }

desktopFlowMachines:
  robots: { site: hq, machines: 12, clients: 10.10.64.0/24, environments: [production] }

connectors:
  stock-data: { kind: SQL Server, class: gateway, gateway: gateway-dc, environments: production }
  orders: { kind: HTTP, service: mail }

proxies:
  web-proxy: { site: hq, address: 10.11.0.10, port: 3128, reach: both, rewrites: true, edges: [inet, inet-hq] }

users:
  home: { kind: roaming, users: 300, city: Berlin, country: DE }
  travellers: { users: 20, location: { latitude: 1.35, longitude: 103.82 } }
  remote:
    kind: vpn
    users: 120
    city: Hamburg
    vpn: { edge: inet, site: dc, clients: 10.99.0.0/16, splitTunnel: [PP-F16] }

demands:
  everyday:
    flows: [PP-F01, PP-F02]
    from: [hq, factory, home]
    to: [production, west, mail]
    rate: { perUser: 50 kbps }
    peakFactor: 2.5
  reports: { flows: all, rate: { total: 20 Mbps }, class: interactive }

intents:
  dataverse-is-private:
    flows: PP-F01
    from: [hq]
    to: production
    over: expressroute
    latency: 150 ms
    survives: any-single-failure
    minimumBandwidthPerUser: 400 kbps
    because: contracts say so
  factory-survives: { flows: PP-F01, from: factory, survives: [conduit], load: 80 %, private: true }

failureGroups:
  conduit: [dark-fibre, er-fra]
  carrier: { elements: [Northwind Telecom, Frankfurt, ce1] }

maintenance:
  firmware: { elements: [ce2, er-ams], kind: down }
  yearly: fw-hq

routing:
  dc:
    asn: 64501
    import:
      - match:
          prefixes: [10.0.0.0/8 ge 16 le 24, 2001:db8::/32 le 48]
          communities: [West Europe, '64500:100']
          asPathContains: [8075]
          originatedBy: [12076]
        set: { localPreference: 300, med: 10, prepend: 2, communities: ['64500:200'] }
        then: accept
      - { then: reject }
    neighbours:
      ce1: { export: [{ match: { prefixes: 203.0.113.0/28 }, set: { prepend: { times: 3, asn: 64500 } } }] }
    statics:
      - { prefix: 0.0.0.0/0, next: fw-inet }
      - { prefix: 10.0.0.0/8, next: discard }
    defaultRoute: originate
    igpCost: 10
    maximumPaths: 4
  hq: { export: { then: accept }, defaultRoute: accept }

prices:
  currency: EUR
  exchangeRates: { EUR: 0.92, CHF: 0.88 }
  microsoftDiscount: 12.5 %
  providers:
    Equinix: { once: 1500 EUR, monthly: 450 CHF }
  wanPerMbps: 4 EUR
  internetPerMbps: 0.80 EUR
  internal: { once: 40000 EUR, monthly: 500 USD }
  overrides: { cross-connect: 310 EUR, outbound-zone1: 0.021 USD }
  volumes: { er-fra: 12500.5 }
  trafficHours: 220

availability:
  link: 99.9 %
  link.mpls-hq: 99.95 %
  site.dc: 99.99 %

acceptedRisks:
  one-provider:
    rule: availability/one-provider
    where: circuits.er-fra
    because: a second provider is ordered
    until: 2027-03-31

requirements:
  countries: [DE, NL]
  providers: [Equinix, Colt]
  locations: [Frankfurt, amsterdam2]
  hubs: dc
  private: [Europe, hq]
  latency: 60 ms
  survives: nothing
  budget: 9000 EUR
  pools: 203.0.113.128/25
`;

const branchesCsv = `name,city,users,clients,wan,bandwidth,latency,breakout
lyon,Lyon,35,10.40.0.0/24 2001:db8:40::/64,mpls,50 Mbps,12 ms,
"graz","Graz, AT",20,10.41.0.0/24,mpls,,,
oslo,Oslo,15,10.42.0.0/24,,,,inet-hq
`;

const proxyPac = `function FindProxyForURL(url, host) {
  return "DIRECT";
}
`;

export const fullFiles: readonly EstateFile[] = [
  { name: 'contoso/estate.yaml', text: fullExample },
  { name: 'contoso/branches.csv', text: branchesCsv },
  { name: 'contoso/proxy.pac', text: proxyPac },
];

/** The findings of the example with some things changed; each must be there. */
export function broken(...changes: readonly (readonly [from: string, to: string])[]): string {
  const text = changes.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replace(from, to);
  }, fullExample);
  return check({ name: 'contoso/estate.yaml', text }, ...fullFiles.slice(1));
}
