/**
 * The network that the routing benchmarks run on: an enterprise with two customer edges, two firewalls and any number
 * of sites, one ExpressRoute circuit with two MSEEs, an internet provider, and Microsoft's network behind both.
 *
 *   site-1 ... site-n          (two links each, to fw-1 and fw-2; iBGP to the reflectors ce-1 and ce-2)
 *      fw-1 ---- fw-2 -------- isp ---------- microsoft-edge
 *       | \    / |              (eBGP)                |
 *      ce-1 ---- ce-2                                 |
 *       |         |            circuit                |
 *      msee-1 -- msee-2 ------ backbone --------- region-1 ... region-2
 *
 * With two sites it has twelve routers and twenty links besides the second region.
 */
import { asn, community, type Prefix } from '@bothways/net';
import type {
  Device,
  DeviceRole,
  Half,
  Link,
  LinkKind,
  Network,
  Origination,
  Policy,
  PolicyTerm,
  Session,
  SessionEnd,
} from '@bothways/network';

export interface EstateSize {
  readonly sites: number;
  /** Prefixes of the customer, and as many of Microsoft. */
  readonly prefixes: number;
  /** Sites that have prefixes of their own; all unless stated. The rest only listen. */
  readonly speakers?: number;
}

const CUSTOMER = asn(65001);
const PROVIDER = asn(3320);
const MSEE = asn(12076);
const MICROSOFT = asn(8075);
/** Microsoft's prefixes carry one of these each: a service or a region. */
const TAGS = 12;

export function expressRouteEstate(size: EstateSize): Network {
  const devices: Device[] = [];
  const links: Link[] = [];
  const sessions: Session[] = [];
  const policies: Policy[] = [];

  const device = (
    name: string,
    role: DeviceRole,
    half: Half,
    number: Device['asn'],
    parts: Partial<Device> = {},
  ): number => {
    const ix = devices.length;
    devices.push({
      ix,
      name,
      role,
      half,
      asn: number,
      routerId: 0x0a_00_00_01 + ix,
      connected: [],
      statics: [],
      originations: [],
      sourceFilters: [],
      firewall: undefined,
      sourceNat: [],
      decision: { maximumPaths: half === 'customer' ? 1 : 4 },
      origins: [],
      ...parts,
    });
    return ix;
  };
  const link = (a: number, b: number, kind: LinkKind, cost = 10): number => {
    const name = `${devices[a]?.name}-${devices[b]?.name}`;
    const item: Link = {
      ix: links.length,
      name,
      kind,
      a,
      b,
      cost,
      bandwidth: undefined,
      latency: undefined,
      origins: [],
    };
    return links.push(item) - 1;
  };
  const policy = (name: string, terms: readonly Partial<PolicyTerm>[], otherwise: Policy['otherwise']): number => {
    const full = terms.map((term): PolicyTerm => ({ name, when: [], set: [], then: 'accept', origins: [], ...term }));
    return policies.push({ ix: policies.length, name, terms: full, otherwise, origins: [] }) - 1;
  };
  const acceptAll = policy('all', [], 'accept');
  const session = (
    a: number,
    b: number,
    over: number | undefined,
    first: Partial<SessionEnd> = {},
    second: Partial<SessionEnd> = {},
  ): void => {
    const end = (ix: number, parts: Partial<SessionEnd>): SessionEnd => ({
      device: ix,
      asn: devices[ix]?.asn ?? CUSTOMER,
      import: acceptAll,
      export: acceptAll,
      nextHopSelf: true,
      routeReflectorClient: false,
      removePrivateAs: 'none',
      allowAsIn: 0,
      maximumPrefixes: undefined,
      ...parts,
    });
    const name = `${devices[a]?.name}-${devices[b]?.name}`;
    sessions.push({
      ix: sessions.length,
      name,
      link: over,
      ends: [end(a, first), end(b, second)],
      down: undefined,
      origins: [],
    });
  };

  // Customer.
  const own = customerPrefixes(size.prefixes);
  const speakers = size.speakers ?? size.sites;
  const share = Math.ceil(own.length / speakers);
  const sites = Array.from({ length: size.sites }, (_, n) => {
    const prefixes = own.slice(n * share, (n + 1) * share);
    return device(`site-${n + 1}`, 'site-router', 'customer', CUSTOMER, {
      connected: [{ name: `site ${n + 1}`, prefixes, origins: [] }],
      originations: [origination(`site ${n + 1}`, prefixes, n % 8)],
    });
  });
  const firewalls = [1, 2].map((n) => device(`fw-${n}`, 'firewall', 'customer', CUSTOMER));
  const edges = [1, 2].map((n) => device(`ce-${n}`, 'customer-edge', 'customer', CUSTOMER));
  const [fw1 = 0, fw2 = 0] = firewalls;
  const [ce1 = 0, ce2 = 0] = edges;
  for (const site of sites) for (const firewall of firewalls) link(site, firewall, 'lan');
  link(fw1, fw2, 'lan', 5);
  for (const firewall of firewalls) for (const edge of edges) link(firewall, edge, 'lan');
  link(ce1, ce2, 'lan', 5);
  for (const edge of edges) {
    for (const client of [...sites, ...firewalls]) session(edge, client, undefined, { routeReflectorClient: true });
  }
  session(ce1, ce2, undefined);

  // Microsoft and the provider.
  const isp = device('isp', 'internet-provider', 'provider', PROVIDER);
  const msees = [1, 2].map((n) => device(`msee-${n}`, 'msee', 'microsoft', MSEE));
  const microsoftEdge = device('microsoft-edge', 'microsoft-internet-edge', 'microsoft', MICROSOFT);
  const backbone = device('backbone', 'microsoft-backbone', 'microsoft', MICROSOFT);
  const published = microsoftPrefixes(size.prefixes);
  const slice = Math.ceil(published.length / TAGS);
  const region = device('region-1', 'azure-region', 'microsoft', MICROSOFT, {
    connected: [{ name: 'region', prefixes: published, origins: [] }],
    originations: Array.from({ length: TAGS }, (_, tag) =>
      origination(`service ${tag}`, published.slice(tag * slice, (tag + 1) * slice), tag),
    ),
  });
  const [msee1 = 0, msee2 = 0] = msees;
  const routeFilter = policy(
    'route filter',
    [{ when: [{ kind: 'community', any: [0, 1, 2, 3, 4, 5].map((tag) => community(12076, 51000 + tag)) }] }],
    'reject',
  );
  const declared = policy(
    'declared prefixes',
    [{ when: [{ kind: 'prefix-list', entries: [{ prefix: ipv4('10.0.0.0', 8), atMost: 28 }] }] }],
    'reject',
  );
  const fromCircuit = (preference: number): number =>
    policy(
      'from the circuit',
      [
        {
          name: 'bogons',
          when: [{ kind: 'prefix-list', entries: [{ prefix: ipv4('10.0.0.0', 8), atMost: 32 }] }],
          then: 'reject',
        },
        {
          name: 'too long',
          when: [{ kind: 'prefix-list', entries: [{ prefix: ipv4('0.0.0.0', 0), atLeast: 25 }] }],
          then: 'reject',
        },
        { name: 'prefer', set: [{ kind: 'local-preference', value: preference }] },
      ],
      'reject',
    );
  const toInternet = policy(
    'to the internet',
    [{ when: [{ kind: 'prefix-list', entries: [{ prefix: ipv4('10.64.0.0', 10), atMost: 24 }] }] }],
    'reject',
  );
  const limit = { limit: size.prefixes + 1, action: 'drop-session', origins: [] } as const;
  for (const [n, msee] of msees.entries()) {
    const edge = edges[n] ?? ce1;
    const circuit = link(edge, msee, 'circuit');
    session(
      edge,
      msee,
      circuit,
      { import: fromCircuit(200 - 50 * n) },
      { import: declared, export: routeFilter, maximumPrefixes: limit },
    );
    session(
      msee,
      backbone,
      link(msee, backbone, 'microsoft'),
      { removePrivateAs: 'all' },
      {
        import: policy('circuit first', [{ set: [{ kind: 'local-preference', value: 150 }] }], 'accept'),
      },
    );
  }
  link(msee1, msee2, 'microsoft');
  for (const firewall of firewalls) {
    session(firewall, isp, link(firewall, isp, 'internet'), { export: toInternet });
  }
  session(isp, microsoftEdge, link(isp, microsoftEdge, 'internet'));
  const nextHopSelf = policy('next hop self', [{ set: [{ kind: 'next-hop-self' }] }], 'accept');
  for (const client of [microsoftEdge, region]) {
    session(backbone, client, link(backbone, client, 'microsoft'), { routeReflectorClient: true, export: nextHopSelf });
  }
  link(microsoftEdge, region, 'microsoft');
  return { devices, links, sessions, policies };
}

function origination(name: string, prefixes: readonly Prefix[], tag: number): Origination {
  return {
    name,
    prefixes,
    communities: [community(12076, 51000 + tag)],
    largeCommunities: [],
    med: 0,
    originCode: 'igp',
    origins: [],
  };
}

function ipv4(address: string, length: number): Prefix {
  const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { family: 4, bits: BigInt(bits), length };
}

/** Every second /24 of 10.0.0.0/8, so that none is the neighbour of another. */
function customerPrefixes(count: number): readonly Prefix[] {
  return Array.from({ length: count }, (_, n) => ({ family: 4, bits: BigInt(0x0a00_0000 + n * 512), length: 24 }));
}

/** Three in four are IPv4 (/20 to /24), the rest IPv6 /48, as in the service tags. */
function microsoftPrefixes(count: number): readonly Prefix[] {
  return Array.from({ length: count }, (_, n): Prefix => {
    if (n % 4 === 3) return { family: 6, bits: (0x2603_1000n << 96n) + (BigInt(n) << 80n), length: 48 };
    return { family: 4, bits: BigInt(0x1400_0000 + n * 4096), length: 20 + (n % 5) };
  });
}
