/**
 * Seeded random networks with a demand, sessions that come in and sometimes a proxy: few devices and prefixes, so that
 * everything meets everything. Statics that loop, discard and share, firewalls with and without state, rules on ports,
 * wrong insides, translation of sources and destinations on the way out, in and round a corner, filters that refuse,
 * steering, narrow links, failures.
 */
import { type Intent, loadEstate } from '@bothways/estate';
import { flow } from '@bothways/facts';
import {
  address,
  asn,
  differenceOf,
  formatAddress,
  hostPrefix,
  intersectionOf,
  nthAddress,
  type Prefix,
  prefix,
  prefixSet,
  Random,
} from '@bothways/net';
import type {
  CompiledNetwork,
  ConcreteDemand,
  DestinationNat,
  Device,
  DeviceRole,
  FirewallPolicyRule,
  Half,
  InboundDemand,
  InboundSourceNat,
  Link,
  LinkKind,
  Network,
  Policy,
  PortRange,
  ProxyChoice,
  Session,
  StaticRoute,
  Steering,
  SteeringPart,
  SteeringRule,
} from '@bothways/network';
import type { Failures } from '@bothways/routing';
import { conversationsOf } from '../src/conversation.ts';
import type { Traffic, TrafficBundle } from '../src/traffic.ts';

const CLIENTS = ['10.1.0.0/24', '2001:db8:1::/64'].map(prefix);
const PUBLIC_CLIENTS = ['203.0.113.128/26', '2001:db8:f::/64'].map(prefix);
/** Whole subnets and parts of them, so that clients of one site are treated differently. */
const TRANSLATED = ['10.1.0.0/24', '10.1.0.0/25', '10.1.0.192/26', '203.0.113.128/27'].map(prefix);
const SERVICES = ['20.0.0.0/8', '20.5.0.0/16', '20.5.6.0/24', '20.5.6.7/32', '2a01::/16', '2a01:5::/32'].map(prefix);
const POOLS = ['203.0.113.0/30', '203.0.113.4/31', '198.51.100.8/32', '198.51.100.0/30'].map(prefix);
const ANNOUNCED = ['203.0.113.0/24', '203.0.113.0/28', '198.51.100.0/24', '198.51.100.8/32', '0.0.0.0/0', '::/0'].map(
  prefix,
);
/** Parts of services that only firewalls know. */
const PUBLISHED = ['20.5.6.64/26', '20.5.128.0/17', '20.96.0.0/11', '2a01:5:8000::/33'].map(prefix);
/** What filters may name and no table holds. */
const FILTERED = ['10.1.0.64/26', '203.0.113.2/31', '203.0.113.160/27', '2001:db8:1::/80', '0.0.0.0/0', '::/0'].map(
  prefix,
);
/** Where a service of the customer stands, what it is called outside, and what callers are translated to. */
const INSIDE_ADDRESS = address('10.2.0.9');
const PUBLIC_ADDRESSES = ['203.0.113.5', '198.51.100.9', '20.5.6.99'].map(address);
const INBOUND_POOLS = ['100.64.0.0/31', '10.1.0.250/31', '2001:db8:2::/127'].map(prefix);
const BACKEND_ADDRESS = address('10.2.0.77');
const PROXY_ADDRESS = address('10.3.0.8');
const EVERYTHING: readonly Prefix[] = [
  ...CLIENTS,
  ...PUBLIC_CLIENTS,
  ...SERVICES,
  ...POOLS,
  ...ANNOUNCED,
  ...INBOUND_POOLS,
  ...PUBLIC_ADDRESSES.map(hostPrefix),
  hostPrefix(INSIDE_ADDRESS),
  hostPrefix(PROXY_ADDRESS),
];
const PORTS: readonly PortRange[] = [
  { protocol: 'tcp', first: 443, last: 443 },
  { protocol: 'tcp', first: 1500, last: 3000 },
  { protocol: 'udp', first: 0, last: 65_535 },
  { protocol: 'tcp', first: 60_000, last: 65_535 },
];
const ASKED: readonly PortRange[] = [
  { protocol: 'tcp', first: 443, last: 443 },
  { protocol: 'tcp', first: 440, last: 450 },
  { protocol: 'udp', first: 443, last: 443 },
  { protocol: 'tcp', first: 1000, last: 2000 },
];
/** Both a little less than a packet and less than what a tunnel leaves. */
const SIZES = [1400, 1438, 1500];

const KINDS: readonly { readonly role: DeviceRole; readonly half: Half }[] = [
  { role: 'site-router', half: 'customer' },
  { role: 'firewall', half: 'customer' },
  { role: 'firewall', half: 'customer' },
  { role: 'customer-edge', half: 'customer' },
  { role: 'provider-edge', half: 'provider' },
  { role: 'internet', half: 'internet' },
  { role: 'msee', half: 'microsoft' },
  { role: 'azure-region', half: 'microsoft' },
  { role: 'microsoft-service', half: 'microsoft' },
];

const { estate, findings } = loadEstate([
  {
    name: 'random.yaml',
    text: [
      'bothways: 1',
      'organisation: { name: Random, asn: 64500 }',
      'environments: { production: { region: Europe } }',
      'sites:',
      '  home:',
      '    { city: Munich, clients: 10.1.0.0/24, servers: 10.2.0.0/24, pac: "function FindProxyForURL() { return 10.3.0.8 }" }',
      'services: { web: { site: home, kind: web, address: 10.2.0.9 }, behind: { site: home, address: 10.2.0.77, ports: 1500 } }',
      'demands: { all: { flows: PP-F01, from: home, to: production } }',
    ].join('\n'),
  },
]);

export function randomEstate(seed: number): CompiledNetwork {
  if (estate === undefined) throw new Error(findings.map((each) => each.message).join('; '));
  const random = new Random(seed);
  const chance = (percent: number): boolean => random.below(100) < percent;
  const some = <Item>(items: readonly Item[], percent: number): Item[] => items.filter(() => chance(percent));

  const size = 3 + random.below(5);
  const kinds = Array.from({ length: size }, (_, ix) => {
    if (ix === 0) return KINDS[0] ?? random.pick(KINDS);
    // The last one is Microsoft's, so that some packets arrive.
    return ix === size - 1 ? random.pick(KINDS.filter(({ half }) => half === 'microsoft')) : random.pick(KINDS);
  });
  const links: Link[] = [];
  const addLink = (a: number, b: number): void => {
    const kind: LinkKind = random.pick(['lan', 'wan', 'internet', 'circuit', 'microsoft']);
    const ix = links.length;
    links.push({
      ix,
      name: `link ${ix}`,
      kind,
      ...(chance(60) ? { owner: `owner ${ix}` } : {}),
      a,
      b,
      cost: 1,
      bandwidth: undefined,
      latency: undefined,
      ...(chance(12) ? { mtu: random.pick(SIZES) } : {}),
      ...(kind === 'circuit' && chance(30) ? { peering: 'private' as const } : {}),
      ...(ix > 0 && chance(12) ? { carriedBy: [random.below(ix)] } : {}),
      origins: [],
    });
  };
  for (let b = 1; b < size; b++) addLink(chance(70) ? b - 1 : random.below(b), b);
  for (let extra = random.below(size); extra > 0; extra--) {
    const a = random.below(size);
    const b = random.below(size);
    if (a !== b) addLink(a, b);
  }
  const linksOf = (ix: number): readonly Link[] => links.filter((link) => link.a === ix || link.b === ix);
  const clients = chance(70) ? CLIENTS : [...CLIENTS, ...PUBLIC_CLIENTS];
  const somePorts = (percent: number): readonly PortRange[] => (chance(percent) ? some(PORTS, 40) : []);
  const rules = (): readonly FirewallPolicyRule[] =>
    Array.from({ length: 1 + random.below(3) }, () => ({
      action: random.pick(['allow', 'allow', 'deny']),
      zone: random.pick(['inside', 'outside', 'any']),
      from: some([...EVERYTHING, ...PUBLISHED], 8),
      to: some([...EVERYTHING, ...PUBLISHED], 8),
      ports: somePorts(50),
      origins: [],
    }));
  const customers = kinds.flatMap(({ half }, ix) => (half === 'customer' ? [ix] : []));
  const server = random.pick(customers);
  // What came later draws from a generator of its own, so that a seed stays the network that it was.
  const apart = new Random(seed + 3_000_000);
  const backend = apart.pick(customers);
  const resolverAt = apart.below(100) < 30 ? apart.below(size) : undefined;
  const proxyAt = chance(15) ? random.pick(customers) : undefined;

  const devices = kinds.map(({ role, half }, ix): Device => {
    const here = linksOf(ix);
    const name = `device ${ix}`;
    const hosted: Prefix[] =
      ix === 0
        ? [...clients]
        : role === 'internet'
          ? some([...SERVICES, prefix('0.0.0.0/0'), prefix('::/0')], 50)
          : half === 'microsoft'
            ? some(SERVICES, role === 'msee' ? 10 : 60)
            : some(EVERYTHING, 2);
    if (ix === backend) hosted.push(hostPrefix(BACKEND_ADDRESS));
    if (ix === server) hosted.push(hostPrefix(INSIDE_ADDRESS));
    if (ix === proxyAt) hosted.push(hostPrefix(PROXY_ADDRESS));
    const connected = hosted.length === 0 ? [] : [{ name: `hosts of ${name}`, prefixes: hosted, origins: [] }];
    const statics = some(here, 25).map(
      (link): StaticRoute => ({
        prefix: random.pick(EVERYTHING),
        next: chance(15)
          ? { kind: 'discard' }
          : { kind: 'forward', link: link.ix, device: link.a === ix ? link.b : link.a },
        distance: random.pick([1, 1, 30, 254]),
        origins: [],
      }),
    );
    const wrongWay = chance(25);
    const inside = here.filter((link) => chance(30) || Math.min(link.a, link.b) < ix !== wrongWay).map(({ ix }) => ix);
    const outward = (percent: number): number[] =>
      here.filter((link) => chance(inside.includes(link.ix) ? percent / 3 : percent)).map((link) => link.ix);
    const destinationNat: DestinationNat[] =
      half === 'customer' && chance(40)
        ? some(PUBLIC_ADDRESSES, 60).map((publicAddress) => ({
            service: 'web',
            links: outward(90),
            publicAddress,
            insideAddress: INSIDE_ADDRESS,
            ports: somePorts(30),
            origins: [],
          }))
        : [];
    const inboundSourceNat: InboundSourceNat[] =
      half === 'customer' && chance(30)
        ? [
            {
              links: outward(80),
              destinations: chance(50) ? [hostPrefix(INSIDE_ADDRESS)] : some([...EVERYTHING, ...PUBLISHED], 30),
              pool: [random.pick(INBOUND_POOLS)],
              origins: [],
            },
          ]
        : [];
    const steering: SteeringRule[] =
      chance(20) && here.length > 0
        ? [random.pick(here), random.pick(here)].map((link) => ({
            flows: random.pick(['all', ['PP-F01'], ['PP-F02']] as const),
            sources: some(EVERYTHING, 50),
            next: { link: link.ix, device: link.a === ix ? link.b : link.a },
            edge: chance(50) ? link.name : 'an edge',
            origins: [],
          }))
        : [];
    const owned = [
      // What no table knows is cut all the same.
      ...some(destinationNat, 60).map((rule) => hostPrefix(rule.publicAddress)),
      ...inboundSourceNat.flatMap((rule) => rule.pool),
    ];
    const announced = [...hosted, ...owned, ...(half === 'customer' ? some([...ANNOUNCED, ...POOLS], 15) : [])];
    return {
      ix,
      name,
      role,
      half,
      asn: asn(64_512 + ix),
      routerId: ix + 1,
      connected,
      statics,
      originations:
        announced.length === 0
          ? []
          : [
              {
                name: `announcements of ${name}`,
                prefixes: announced,
                communities: [],
                largeCommunities: [],
                med: 0,
                originCode: 'igp',
                origins: [],
              },
            ],
      sourceFilters:
        role === 'msee' || chance(half === 'microsoft' ? 35 : 8)
          ? some(here, 50).map((link) => ({
              link: link.ix,
              permit: chance(30) ? some(FILTERED, 50) : some(EVERYTHING, 45),
              origins: [],
            }))
          : [],
      firewall:
        role === 'firewall'
          ? {
              stateful: chance(60),
              inside,
              ...(chance(45) ? { rules: rules() } : {}),
              permitInbound: chance(70)
                ? [
                    {
                      destinations: [
                        ...some([...SERVICES, ...PUBLISHED], 30),
                        ...some(PUBLIC_ADDRESSES, 70).map(hostPrefix),
                      ],
                      ...(chance(30) ? { ports: somePorts(80) } : {}),
                      origins: [],
                    },
                  ]
                : [],
              stateGroup: chance(25) ? 'cluster' : name,
              origins: [],
            }
          : undefined,
      sourceNat:
        half === 'customer' && ix > 0 && chance(50)
          ? some(here, 60).map((link) => ({
              link: link.ix,
              sources: some(TRANSLATED, 60),
              pool: [random.pick(POOLS), ...(chance(25) ? [random.pick(POOLS)] : [])],
              origins: [],
            }))
          : [],
      ...(destinationNat.length > 0 ? { destinationNat } : {}),
      ...(inboundSourceNat.length > 0 ? { inboundSourceNat } : {}),
      ...(steering.length > 0 ? { steering } : {}),
      decision: { maximumPaths: random.pick([1, 2, 4]) },
      origins: [],
    };
  });

  const policy = { ix: 0, name: 'accept everything', terms: [], otherwise: 'accept' as const, origins: [] };
  const sessions = some(links, 90).map((link, ix): Session => {
    const end = (device: number) => ({
      device,
      asn: asn(64_512 + device),
      import: 0,
      export: 0,
      nextHopSelf: true,
      routeReflectorClient: false,
      removePrivateAs: 'none' as const,
      allowAsIn: 0,
      maximumPrefixes: undefined,
    });
    return { ix, name: link.name, link: link.ix, ends: [end(link.a), end(link.b)], down: undefined, origins: [] };
  });
  const network: Network = { devices, links, sessions, policies: [policy] };
  const [demand] = estate.demands;
  const [site] = estate.sites;
  const pages = flow('PP-F01');
  if (demand === undefined || site === undefined || pages === undefined) throw new Error('the estate is incomplete');
  const targets = some(SERVICES, 60);
  const concrete: ConcreteDemand = {
    id: `random ${seed}`,
    demand,
    flow: pages,
    site,
    environment: undefined,
    target: {
      id: chance(20) ? 'public-internet' : 'services',
      name: 'services',
      azureRegion: undefined,
      set: prefixSet(targets.length === 0 ? SERVICES : targets),
      sources: [],
    },
    sources: clients,
    ...(chance(70) ? { ports: some(ASKED, 40) } : {}),
  };
  const [service, behind] = estate.services;
  if (service === undefined) throw new Error('the estate has no service');
  const callers: readonly InboundDemand['from'][] = [
    { kind: 'microsoft', name: 'a region', device: size - 1 },
    { kind: 'subnet', name: 'a subnet', device: size - 1 },
    { kind: 'site', name: 'home', device: 0 },
  ];
  const inbound = some(callers, 50).map((from): InboundDemand => {
    const sources = from.kind === 'site' ? clients : [random.pick(SERVICES), random.pick(SERVICES)];
    return {
      id: `random ${seed} from ${from.name}`,
      flow: pages,
      service,
      publication: undefined,
      environment: undefined,
      from,
      sources: prefixSet(sources),
      sourceNames: [],
      address: chance(75) ? random.pick(PUBLIC_ADDRESSES) : INSIDE_ADDRESS,
      home: chance(90) ? server : 0,
      ...(apart.below(100) < 25 && behind !== undefined
        ? { backends: [{ service: behind, home: backend, origins: [] }] }
        : {}),
      ...(apart.below(100) < 50 ? { hostName: 'web.example' } : {}),
      ...(apart.below(100) < 5 ? { unresolvable: { because: 'nobody publishes it', origins: [] } } : {}),
      ports: some(ASKED, 30),
      origins: [],
    };
  });
  const script = chance(40) ? site.pac : undefined;
  const nobody = { because: 'nobody asks', origins: [] } as const;
  const straight = { kind: 'direct', fallback: [], ...nobody } as const;
  const relayed = { kind: 'proxy', name: 'relay', fallback: [], ...nobody } as const;
  const named = script !== undefined && script.text.includes(formatAddress(PROXY_ADDRESS));
  const unknown: ProxyChoice = { kind: 'unknown', possibilities: named ? [straight, relayed] : [straight], ...nobody };
  const choice: ProxyChoice = proxyAt === undefined ? straight : script === undefined ? relayed : unknown;
  const [upper, lower] = [clients.slice(0, 1), clients.slice(1)];
  const told = new Random(seed + 2_000_000);
  const wholeTarget = concrete.target.set;
  const half = intersectionOf(wholeTarget, prefixSet(PUBLISHED));
  const orDirect = { ...relayed, fallback: [{ kind: 'direct' }] } as const;
  // Clients, targets and names apart: two names of which one has rows and columns, and clients that no row knows.
  const parts: readonly SteeringPart[] =
    proxyAt === undefined || script === undefined || told.below(2) === 0
      ? [{ sources: clients, names: [], targets: wholeTarget, choice }]
      : [
          { sources: upper, names: ['a.example'], targets: half, choice: orDirect },
          { sources: upper, names: ['a.example'], targets: differenceOf(wholeTarget, half), choice: straight },
          { sources: told.below(2) === 0 ? lower : [], names: ['a.example'], targets: wholeTarget, choice: relayed },
          { sources: clients, names: ['b.example', 'c.example'], targets: wholeTarget, choice: straight },
        ];
  const steering: Steering = {
    sites: new Map([
      [
        'home',
        {
          site: 'home',
          proxy: 'relay',
          pac: script,
          resolver: undefined,
          origins: [],
        },
      ],
    ]),
    proxies:
      proxyAt === undefined
        ? []
        : [
            {
              name: 'relay',
              device: proxyAt,
              site: 'home',
              address: PROXY_ADDRESS,
              port: 8080,
              reach: random.pick(['internet', 'expressroute', 'both', 'both', 'both']),
              rewrites: false,
              edges: [],
              origins: [],
            },
          ],
    names: [],
    privateNames: [],
    proxyFor: () => (parts.length === 1 ? choice : unknown),
    partsFor: () => parts,
    addressFor: () => undefined,
    dnsAnswer: () => ({ where: undefined, near: 'unknown', because: 'nobody asks', fact: undefined }),
    resolverDevice: () =>
      resolverAt === undefined
        ? { kind: 'azure', name: undefined, device: 0, addresses: [], ...nobody }
        : {
            kind: 'site',
            name: 'home',
            device: resolverAt,
            addresses:
              devices[resolverAt]?.connected[0]?.prefixes.slice(0, 2).map((each) => nthAddress(each, 0n)) ?? [],
            ...nobody,
          },
  };
  return {
    estate,
    network,
    demands: { concrete: [concrete], skipped: [], inbound },
    siteRouters: new Map([['home', 0]]),
    steering,
  };
}

/** Nothing for most seeds, else a link or two or a device; of every seventh the proxy, if it has one. */
export function randomFailures(seed: number, { network: { devices, links }, steering }: CompiledNetwork): Failures {
  const random = new Random(seed + 1_000_000);
  const [proxy] = steering?.proxies ?? [];
  if (proxy !== undefined && seed % 7 === 0) return { devices: [proxy.device] };
  const kind = random.below(10);
  if (kind < 5) return {};
  if (kind < 7) return { links: [random.below(links.length)] };
  if (kind < 9) return { links: [...new Set([random.below(links.length), random.below(links.length)])] };
  return { devices: [random.below(devices.length)] };
}

/** The same with tastes: half of the directions raise or lower the local preference, so that nothing is proven of the tables. */
export function randomPreferences(seed: number, compiled: CompiledNetwork): CompiledNetwork {
  const random = new Random(seed + 2_000_000);
  const { network } = compiled;
  const tastes = [50, 150, 200].map((preference, at): Policy => {
    const term = { name: 'taste', when: [], set: [], then: 'accept', origins: [] } as const;
    return {
      ix: network.policies.length + at,
      name: `prefer ${preference}`,
      terms: [{ ...term, set: [{ kind: 'local-preference', value: preference }] }],
      otherwise: 'accept',
      origins: [],
    };
  });
  const all = [...network.policies, ...tastes];
  const sessions = network.sessions.map((session): Session => {
    const [a, b] = session.ends;
    const taste = (): number => (random.below(2) === 0 ? 0 : random.below(all.length));
    return {
      ...session,
      ends: [
        { ...a, import: taste() },
        { ...b, import: taste() },
      ],
    };
  });
  return { ...compiled, network: { ...network, policies: all, sessions } };
}

/** The same with bandwidths, and rates that some of its conversations share. */
export function randomTraffic(
  seed: number,
  compiled: CompiledNetwork,
): { readonly compiled: CompiledNetwork; readonly traffic: Traffic } {
  const random = new Random(seed + 3_000_000);
  const { network, demands } = compiled;
  const links = network.links.map((link) =>
    random.below(4) === 0
      ? link
      : { ...link, bandwidth: 50 + random.below(200), utilisation: random.pick([0, 0.07, 0.5]) },
  );
  const ids = [...demands.concrete, ...(demands.inbound ?? [])].map(({ id }) => id);
  const bundles = Array.from({ length: 1 + random.below(3) }, (_, at): TrafficBundle => {
    const own = ids.filter(() => random.below(3) > 0);
    const there = random.below(301);
    const back = random.below(301);
    return {
      id: `bundle ${at}`,
      names: [],
      demands: own,
      places: [],
      users: 0,
      class: 'default',
      rate:
        random.below(5) === 0
          ? { kind: 'unknown', missing: 'a rate' }
          : { kind: 'known', there, back, basis: 'document', origins: [], assumptions: [] },
    };
  });
  const byDemand = new Map<string, number[]>();
  for (const [at, bundle] of bundles.entries()) {
    for (const id of bundle.demands) byDemand.set(id, [...(byDemand.get(id) ?? []), at]);
  }
  return { compiled: { ...compiled, network: { ...network, links } }, traffic: { bundles, byDemand } };
}

/** The same estate with users at every place, and intents about everything that ask for a private way, bandwidth, load. */
export function randomIntents(seed: number, compiled: CompiledNetwork): CompiledNetwork {
  const random = new Random(seed + 4_000_000);
  const { estate: own } = compiled;
  const spoken = conversationsOf(compiled);
  const intent = (name: string, asked: Partial<Intent>): Intent => ({
    name,
    path: ['intents', name],
    flows: [...new Set(spoken.map(({ flow: { id } }) => id))],
    from: [...new Set(spoken.map(({ site }) => site.name))].filter(() => random.below(6) > 0),
    users: [],
    to: [...new Set(spoken.flatMap(({ environment }) => environment ?? []))],
    vnets: [],
    services: [],
    over: 'any',
    latency: undefined,
    survives: 'any-single-failure',
    minimumBandwidthPerUser: undefined,
    load: undefined,
    private: false,
    because: undefined,
    ...asked,
  });
  const users = <Place extends { readonly users: number }>(place: Place): Place => ({
    ...place,
    users: random.pick([0, 1, 20, 20, 20, 400]),
  });
  const devices = compiled.network.devices.map((device) =>
    device.firewall === undefined || random.below(6) === 0
      ? device
      : { ...device, firewall: { ...device.firewall, maximumSessions: random.pick([20, 20, 500, 13_000]) } },
  );
  return {
    ...compiled,
    network: { ...compiled.network, devices },
    estate: {
      ...own,
      sites: own.sites.map(users),
      users: own.users.map(users),
      intents: [
        ...own.intents,
        intent('keeps private', { private: true }),
        intent('has headroom', { load: random.pick([0.6, 1, 2, 3]) }),
        intent('is wide enough', { minimumBandwidthPerUser: random.pick([1, 5, 50, 2_000_000]) }),
        intent('has both', { load: 1, minimumBandwidthPerUser: random.pick([1, 2, 10]) }),
      ],
    },
  };
}
