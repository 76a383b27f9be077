/**
 * The customer's half: site routers, WAN links, edge firewalls, customer-edge routers.
 *
 * The document says what exists, not how the inside routes. What is derived, and visible on every element: each
 * internal device speaks eBGP with a private AS of its own (the style of RFC 7938), so the nearest exit wins by path
 * length; a firewall starts sessions from the inside only; the customer edge holds a static route for every prefix it
 * announces, towards the firewall of its edge.
 *
 * Left out: IGP and iBGP inside the customer network, several VLANs per site, load balancers.
 */
import type { Estate, ExpressRouteEdge, Firewall, InternetEdge, Site } from '@bothways/estate';
import { type Asn, asn, type Prefix, parsePrefix } from '@bothways/net';
import type { DeviceDraft, NetworkBuilder } from './builder.ts';
import type { DeviceIx, LinkIx, Origin, PolicyIx, PolicyTerm } from './model.ts';
import { derived, fromDocument } from './origin.ts';

/** Private 32-bit AS numbers (RFC 6996): inside the customer, and for providers whose AS the document does not name. */
const FIRST_INTERNAL_ASN = 4_200_000_001;

/** AS 12076: Microsoft's end of every circuit (ER-048). */
export const MICROSOFT_EDGE_ASN: Asn = asn(12076);

export interface CustomerHalf {
  readonly siteRouters: ReadonlyMap<string, DeviceDraft>;
  readonly firewalls: ReadonlyMap<string, DeviceDraft>;
  /** Customer-edge routers per ExpressRoute edge: the one of the primary link, then of the secondary. */
  readonly customerEdges: ReadonlyMap<string, readonly [CustomerEdge, CustomerEdge]>;
}

/** A customer-edge router and its link to the firewall behind it. */
export interface CustomerEdge {
  readonly device: DeviceDraft;
  readonly towardsFirewall: LinkIx;
  readonly firewall: DeviceIx;
}

export function compileCustomerHalf(estate: Estate, builder: NetworkBuilder): CustomerHalf {
  const internalAsns = new AsnPool(FIRST_INTERNAL_ASN);
  const acceptAll = builder.addPolicy('accept everything', [], 'accept', [
    derived('inside the network every route is believed'),
  ]);
  const rejectAll = builder.addPolicy('announce nothing', [], 'reject', [
    derived('internal routes stay behind the firewall'),
  ]);

  const learnedOnly = builder.addPolicy(
    'pass on what was learned',
    [
      {
        name: 'announcements of an edge are meant for its outside',
        when: [{ kind: 'as-path-empty' }],
        set: [],
        then: 'reject',
        origins: [derived('pools and announced prefixes are not routed inside')],
      },
    ],
    'accept',
    [derived('an edge passes the routes of its outside to the inside')],
  );

  const siteRouters = new Map<string, DeviceDraft>();
  for (const site of estate.sites) siteRouters.set(site.name, addSiteRouter(site, builder, internalAsns));

  const breakoutImports = new Map<string, PolicyIx>();
  for (const site of estate.sites) {
    if (site.breakout === undefined) continue;
    breakoutImports.set(site.name, addBreakoutPolicy(site, builder));
  }
  const importAt = (siteName: string): PolicyIx => breakoutImports.get(siteName) ?? acceptAll;

  for (const wan of estate.wan) {
    const [from, to] = wan.between;
    const a = need(siteRouters, from);
    const b = need(siteRouters, to);
    const origins = [fromDocument(wan.path)];
    const link = builder.addLink(a.ix, b.ix, {
      name: wan.name,
      kind: 'wan',
      owner: wan.name,
      bandwidth: wan.bandwidth,
      latency: wan.latency,
      cost: wan.cost,
      origins,
    });
    builder.addSession(
      wan.name,
      link,
      { device: a.ix, import: importAt(from), export: acceptAll },
      { device: b.ix, import: importAt(to), export: acceptAll },
      origins,
    );
  }

  const firewalls = new Map<string, DeviceDraft>();
  const drafts = new FirewallDrafts(estate);
  const attach = (edge: InternetEdge | ExpressRouteEdge): DeviceDraft => {
    const firewall = need(drafts.declared, edge.firewall);
    let device = firewalls.get(firewall.name);
    if (device === undefined) {
      device = builder.addDevice({
        name: firewall.name,
        role: 'firewall',
        half: 'customer',
        asn: internalAsns.next(),
        origins: [fromDocument(firewall.path)],
        // ER-142 recommends running both links of a circuit active-active, so equal paths are shared.
        maximumPaths: 2,
      });
      firewalls.set(firewall.name, device);
    }
    const router = need(siteRouters, edge.site);
    const linkKey = `${device.ix}/${router.ix}`;
    if (!drafts.insideLinks.has(linkKey)) {
      const origins: Origin[] = [
        fromDocument(edge.path),
        derived(`${firewall.name} stands between ${edge.site} and the edge`),
      ];
      const link = builder.addLink(router.ix, device.ix, {
        name: `${edge.site}-${firewall.name}`,
        kind: 'lan',
        origins,
      });
      drafts.insideLinks.set(linkKey, link);
      builder.addSession(
        `${edge.site}-${firewall.name}`,
        link,
        // The breakout policy guards the WAN and the other edges; the site's own breakout edge is always believed.
        { device: router.ix, import: isOwnBreakout(estate, edge) ? acceptAll : importAt(edge.site), export: acceptAll },
        { device: device.ix, import: acceptAll, export: learnedOnly },
        origins,
      );
      device.firewall = {
        stateful: firewall.stateful,
        inside: [...(device.firewall?.inside ?? []), link],
        permitInbound: [],
        stateGroup: drafts.stateGroup(firewall.name),
        origins: [fromDocument(firewall.path)],
      };
    }
    return device;
  };

  // The link towards the provider is added with the internet (see internet.ts); here only the device comes to be.
  for (const edge of estate.internetEdges) attach(edge);

  const clientPrefixes = estate.sites.flatMap((site) => site.clients);
  const customerEdges = new Map<string, readonly [CustomerEdge, CustomerEdge]>();
  for (const edge of estate.expressRouteEdges) {
    const firewall = attach(edge);
    const made = new Map<string, CustomerEdge>();
    const edgeAsn = circuitAsn(estate, edge) ?? internalAsns.next();
    for (const name of edge.routers) {
      if (made.has(name)) continue;
      const device = builder.addDevice({
        name,
        role: 'customer-edge',
        half: 'customer',
        asn: edgeAsn,
        origins: [fromDocument(edge.path)],
      });
      const origins: Origin[] = [fromDocument(edge.path)];
      const link = builder.addLink(firewall.ix, device.ix, { name: `${firewall.name}-${name}`, kind: 'lan', origins });
      builder.addSession(
        `${firewall.name}-${name}`,
        link,
        { device: firewall.ix, import: acceptAll, export: rejectAll },
        { device: device.ix, import: acceptAll, export: learnedOnly },
        origins,
      );
      addSourceNat(firewall, link, edge.nat, clientPrefixes, edge.path);
      made.set(name, { device, towardsFirewall: link, firewall: firewall.ix });
    }
    for (const pool of edge.nat) addPoolDiscard(firewall, pool, [...edge.path, 'nat']);
    const [first, second] = edge.routers;
    customerEdges.set(edge.name, [need(made, first), need(made, second)]);
  }
  return { siteRouters, firewalls, customerEdges };
}

/**
 * Translation of clients that leave over `link`. Only IPv4 is translated: an IPv6 pool in `pool` would mean NPTv6,
 * which the document cannot say.
 */
export function addSourceNat(
  firewall: DeviceDraft,
  link: LinkIx,
  pool: readonly Prefix[],
  clients: readonly Prefix[],
  edgePath: readonly (string | number)[],
): void {
  const pool4 = pool.filter((prefix) => prefix.family === 4);
  if (pool4.length === 0) return;
  firewall.sourceNat.push({
    link,
    sources: clients.filter((prefix) => prefix.family === 4),
    pool: pool4,
    origins: [fromDocument([...edgePath, 'nat'])],
  });
}

/** A pool address without a translation behind it is dropped at the firewall instead of bouncing to the default route. */
export function addPoolDiscard(firewall: DeviceDraft, pool: Prefix, path: readonly (string | number)[]): void {
  firewall.statics.push({
    prefix: pool,
    next: { kind: 'discard' },
    distance: 254,
    origins: [fromDocument(path), derived('addresses of a pool end at the firewall that owns it')],
  });
}

function addSiteRouter(site: Site, builder: NetworkBuilder, asns: AsnPool): DeviceDraft {
  const origins = [fromDocument(site.path)];
  const router = builder.addDevice({
    name: site.name,
    role: 'site-router',
    half: 'customer',
    asn: asns.next(),
    origins,
  });
  if (site.clients.length > 0) {
    const clients = {
      name: `${site.name} clients`,
      prefixes: site.clients,
      origins: [fromDocument([...site.path, 'clients'])],
    };
    router.connected.push(clients);
    router.originations.push({ ...clients, communities: [], largeCommunities: [], med: 0, originCode: 'igp' });
  }
  return router;
}

/** A site with its own breakout does not believe the routes that come from Microsoft over the WAN or another edge. */
function addBreakoutPolicy(site: Site, builder: NetworkBuilder): PolicyIx {
  const origins = [fromDocument([...site.path, 'breakout'])];
  const term: PolicyTerm = {
    name: `${site.name} breaks out locally through ${site.breakout ?? ''}`,
    when: [{ kind: 'as-path-contains', any: [MICROSOFT_EDGE_ASN] }],
    set: [],
    then: 'reject',
    origins,
  };
  return builder.addPolicy(`${site.name} local breakout`, [term], 'accept', origins);
}

function isOwnBreakout(estate: Estate, edge: InternetEdge | ExpressRouteEdge): boolean {
  return estate.sites.some((site) => site.name === edge.site && site.breakout === edge.name);
}

/** The public AS of the customer edge: that of its first circuit's Microsoft peering. */
function circuitAsn(estate: Estate, edge: ExpressRouteEdge): Asn | undefined {
  return estate.circuits.find((circuit) => circuit.edge === edge.name && circuit.microsoftPeering !== undefined)
    ?.microsoftPeering?.asn;
}

class FirewallDrafts {
  readonly declared: ReadonlyMap<string, Firewall>;
  readonly insideLinks = new Map<string, LinkIx>();
  readonly #groups: ReadonlyMap<string, string>;

  constructor(estate: Estate) {
    this.declared = new Map(estate.firewalls.map((firewall) => [firewall.name, firewall]));
    this.#groups = stateGroups(estate.firewalls);
  }

  stateGroup(name: string): string {
    return this.#groups.get(name) ?? name;
  }
}

/** Firewalls that share state, directly or through others, get the name of the first of them in the document. */
function stateGroups(firewalls: readonly Firewall[]): ReadonlyMap<string, string> {
  const parent = new Map<string, string>(firewalls.map((firewall) => [firewall.name, firewall.name]));
  const order = new Map(firewalls.map((firewall, position) => [firewall.name, position]));
  const root = (name: string): string => {
    let at = name;
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up;
    return at;
  };
  for (const firewall of firewalls) {
    for (const other of firewall.sharesStateWith) {
      const [a, b] = [root(firewall.name), root(other)];
      if (a === b) continue;
      if ((order.get(a) ?? 0) < (order.get(b) ?? 0)) parent.set(b, a);
      else parent.set(a, b);
    }
  }
  return new Map(firewalls.map((firewall) => [firewall.name, root(firewall.name)]));
}

export class AsnPool {
  #next: number;
  constructor(first: number) {
    this.#next = first;
  }
  next(): Asn {
    const value = this.#next;
    this.#next += 1;
    return asn(value);
  }
}

/** Looks up what the loader has already checked to exist. */
export function need<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`the loader let the unknown name '${name}' pass`);
  return value;
}

const DEFAULT_ROUTES: readonly string[] = ['0.0.0.0/0', '::/0'];

/** 0.0.0.0/0 and ::/0. */
export function defaultRoutes(): readonly Prefix[] {
  return DEFAULT_ROUTES.flatMap((text) => {
    const parsed = parsePrefix(text);
    return parsed.ok ? [parsed.value] : [];
  });
}
