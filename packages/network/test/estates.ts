/** Estates as values, for kinds that need no reading: each maker takes what a test is about and defaults the rest. */
import type {
  Circuit,
  Environment,
  Estate,
  ExpressRouteEdge,
  Firewall,
  InternetEdge,
  MicrosoftPeering,
  PrivatePeering,
  PublishedService,
  Site,
  VirtualNetwork,
  WanCloud,
  WanLink,
} from '@bothways/estate';
import { type Address, asn, communityLiteral, type Prefix, parseAddress, prefix } from '@bothways/net';

export function addressOfText(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

export const prefixes = (...texts: readonly string[]): readonly Prefix[] => texts.map(prefix);

type Named<Kind> = Partial<Kind> & { readonly name: string };

export function site(parts: Named<Site>): Site {
  return {
    path: ['sites', parts.name],
    city: undefined,
    country: undefined,
    location: undefined,
    users: 10,
    lan: undefined,
    clients: [],
    servers: [],
    breakout: undefined,
    applicationBreakout: [],
    resolver: undefined,
    proxy: undefined,
    pac: undefined,
    ...parts,
  };
}

export function wanLink(parts: Named<WanLink> & Pick<WanLink, 'between'>): WanLink {
  return {
    kind: 'link',
    path: ['wan', parts.name],
    bandwidth: undefined,
    latency: undefined,
    loss: undefined,
    utilisation: undefined,
    cost: 1,
    provider: undefined,
    monthlyCost: undefined,
    encrypted: false,
    optimised: false,
    ...parts,
  };
}

export function wanCloud(name: string, members: readonly string[], parts: Partial<WanCloud> = {}): WanCloud {
  return {
    kind: 'ipvpn',
    name,
    path: ['wan', name],
    provider: undefined,
    asn: undefined,
    members: members.map((each, position) => ({
      site: each,
      bandwidth: 1e8,
      latency: 5,
      loss: undefined,
      utilisation: undefined,
      cost: 1,
      path: ['wan', name, 'members', position],
    })),
    monthlyCost: undefined,
    encrypted: false,
    optimised: false,
    ...parts,
  };
}

export function firewall(parts: Named<Firewall>): Firewall {
  return {
    path: ['firewalls', parts.name],
    stateful: true,
    sharesStateWith: [],
    highAvailability: false,
    permitInbound: [],
    rules: [],
    ...parts,
  };
}

export function internetEdge(parts: Named<InternetEdge>): InternetEdge {
  return {
    path: ['internetEdges', parts.name],
    site: 'dc',
    isp: 'Northwind Telecom',
    bandwidth: 1e9,
    latency: undefined,
    loss: undefined,
    utilisation: undefined,
    firewall: 'fw-inet',
    nat: prefixes('198.51.100.0/28'),
    natInbound: false,
    advertises: prefixes('198.51.100.0/28'),
    asn: undefined,
    maximumSessions: undefined,
    monthlyCost: undefined,
    ...parts,
  };
}

export function expressRouteEdge(parts: Named<ExpressRouteEdge>): ExpressRouteEdge {
  return {
    path: ['expressRouteEdges', parts.name],
    site: 'dc',
    cloud: undefined,
    firewall: 'fw-er',
    nat: prefixes('203.0.113.0/28'),
    natInbound: false,
    routers: [`${parts.name}-ce1`, `${parts.name}-ce2`],
    ...parts,
  };
}

const TIMERS = { keepalive: 60_000, hold: 180_000 };

export function microsoftPeering(parts: Partial<MicrosoftPeering> = {}): MicrosoftPeering {
  return {
    path: ['circuits', 'er-fra', 'microsoftPeering'],
    asn: asn(64500),
    vlan: 100,
    links: [prefix('192.0.2.0/30'), prefix('192.0.2.4/30')],
    advertises: prefixes('203.0.113.0/28'),
    routeFilter: ['12076:51002', '12076:51003'].map((text, position) => ({
      community: communityLiteral(text),
      written: text,
      path: ['circuits', 'er-fra', 'microsoftPeering', 'routeFilter', position],
    })),
    validation: 'configured',
    prepend: { asn: asn(64500), times: 0 },
    localPreference: undefined,
    timers: TIMERS,
    maximumPrefixes: undefined,
    md5: undefined,
    bfd: false,
    ...parts,
  };
}

export function privatePeering(parts: Partial<PrivatePeering> = {}): PrivatePeering {
  return {
    path: ['circuits', 'er-fra', 'privatePeering'],
    asn: asn(64500),
    vlan: 200,
    links: [prefix('172.16.0.0/30'), prefix('172.16.0.4/30')],
    advertises: prefixes('10.10.0.0/16'),
    vnets: ['hub'],
    weight: 0,
    optimised: false,
    prepend: { asn: asn(64500), times: 0 },
    localPreference: undefined,
    timers: TIMERS,
    md5: undefined,
    bfd: true,
    ...parts,
  };
}

export function circuit(parts: Named<Circuit>): Circuit {
  return {
    path: ['circuits', parts.name],
    location: 'frankfurt',
    secondaryLocation: undefined,
    provider: 'Equinix',
    model: 'exchange',
    sku: 'standard',
    billing: 'metered',
    bandwidth: 5e8,
    latency: undefined,
    promised: undefined,
    edge: 'er',
    resiliency: 'standard',
    pairedWith: undefined,
    direct: undefined,
    provisioning: 'provisioned',
    subscription: undefined,
    serviceKey: undefined,
    microsoftPeering: microsoftPeering(),
    privatePeering: undefined,
    globalReach: [],
    qos: false,
    monthlyCost: undefined,
    ...parts,
  };
}

export function virtualNetwork(parts: Named<VirtualNetwork>): VirtualNetwork {
  return {
    path: ['azure', 'vnets', parts.name],
    region: 'westeurope',
    addressSpace: prefixes('10.100.0.0/16'),
    gateway: { sku: 'ErGw1AZ', scaleUnits: undefined, path: ['azure', 'vnets', parts.name, 'gateway'] },
    gatewayOf: undefined,
    subnets: [],
    machines: [],
    serviceEndpoints: [],
    privateEndpoints: [],
    routes: [],
    peeredWith: [],
    natGateway: false,
    resolver: undefined,
    ...parts,
  };
}

export function service(parts: Named<PublishedService>): PublishedService {
  return {
    path: ['services', parts.name],
    site: 'dc',
    kind: 'web',
    address: addressOfText('10.30.0.10'),
    names: [],
    splitDns: true,
    backend: undefined,
    published: [],
    ports: [{ protocol: 'tcp', first: 443, last: 443 }],
    calledBy: [],
    tls: true,
    ...parts,
  };
}

export function environment(parts: Named<Environment>): Environment {
  return {
    path: ['environments', parts.name],
    region: 'europe',
    azureRegions: ['westeurope', 'northeurope'],
    canvasCdn: true,
    type: 'production',
    managed: false,
    vnetSupport: undefined,
    products: [],
    ipFirewall: undefined,
    powerPages: undefined,
    recovery: false,
    ...parts,
  };
}

/** One headquarters with clients, one datacentre with an internet edge and a circuit; a demand for the pages of an app. */
export function estateOf(parts: Partial<Estate> = {}): Estate {
  return {
    version: 1,
    organisation: {
      name: 'Contoso',
      asn: asn(64500),
      cloud: 'public',
      subscription: undefined,
      owns: [],
      microsoft365: { authorised: false, tenantRegion: undefined, services: [] },
      path: ['organisation'],
    },
    environments: [environment({ name: 'production' })],
    sites: [site({ name: 'hq', clients: prefixes('10.10.0.0/16') }), site({ name: 'dc' })],
    wan: [wanLink({ name: 'mpls', between: ['hq', 'dc'] })],
    firewalls: [firewall({ name: 'fw-inet' }), firewall({ name: 'fw-er' })],
    internetEdges: [internetEdge({ name: 'inet' })],
    expressRouteEdges: [expressRouteEdge({ name: 'er' })],
    circuits: [circuit({ name: 'er-fra' })],
    vnets: [],
    vpns: [],
    services: [],
    dataGateways: [],
    desktopFlowMachines: [],
    connectors: [],
    proxies: [],
    users: [],
    demands: [
      {
        name: 'everyday',
        path: ['demands', 'everyday'],
        flows: ['PP-F01'],
        from: ['hq'],
        users: [],
        to: ['production'],
        vnets: [],
        services: [],
        rate: undefined,
        peakFactor: 1,
        class: 'default',
      },
    ],
    intents: [],
    failureGroups: [],
    maintenance: [],
    routing: [],
    requirements: undefined,
    prices: {
      path: ['prices'],
      currency: 'USD',
      exchangeRates: [],
      microsoftDiscount: 0,
      providers: [],
      wanPerMbps: undefined,
      internetPerMbps: undefined,
      internal: { once: undefined, monthly: undefined },
      overrides: [],
      volumes: [],
      trafficHours: undefined,
    },
    availability: [],
    acceptedRisks: [],
    ...parts,
  };
}
