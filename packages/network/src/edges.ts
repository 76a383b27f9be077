/**
 * Edges of the customer: for each the device that filters and translates (its front), and, of an ExpressRoute edge,
 * the customer-edge routers behind that device.
 *
 * A front is the firewall the document names. An ExpressRoute edge without one (`firewall: none`, or routers of a
 * provider) has the site's router or the provider's edge as its front, which keeps no state; where the document gives
 * a pool all the same, the translation is done there (ER-002), and both links share it (ER-110).
 */
import type { Estate, ExpressRouteEdge, Firewall, InternetEdge } from '@bothways/estate';
import type { Asn, Prefix } from '@bothways/net';
import type { DeviceDraft, NetworkBuilder } from './builder.ts';
import { type InboundPools, inboundPools } from './inbound-pools.ts';
import { type AsnPool, type InsidePolicies, MICROSOFT_EDGE_ASN, need, ownAnnouncements } from './inside.ts';
import type { InternalPrefixes } from './internal-prefixes.ts';
import { PRIVATE_MARK } from './marks.ts';
import type { FirewallPolicyRule, Half, LinkIx, Origin, Placement, PolicyIx } from './model.ts';
import { derived, fromDocument } from './origin.ts';

/** The device of an edge that translates and filters. */
export interface EdgeFront {
  readonly edge: InternetEdge | ExpressRouteEdge;
  readonly device: DeviceDraft;
  /** Links from the front towards the outside of this edge. */
  readonly outside: LinkIx[];
  /** The device on the inside of the front: a site's router or the edge of a WAN cloud; the front itself without a firewall. */
  readonly core: DeviceDraft;
  /** Address that sources of inbound sessions become; undefined where nothing is translated on the way in. */
  readonly inboundPool: readonly Prefix[] | undefined;
}

export interface ExpressRouteFront extends EdgeFront {
  readonly edge: ExpressRouteEdge;
  /** Customer-edge routers: the one of the primary link, then of the secondary. */
  readonly routers: readonly [CustomerEdge, CustomerEdge];
}

/** A customer-edge router and its link to the front behind it. */
export interface CustomerEdge {
  readonly device: DeviceDraft;
  readonly towardsInside: LinkIx;
  readonly inside: DeviceDraft;
}

interface Inside {
  readonly siteRouters: ReadonlyMap<string, DeviceDraft>;
  readonly clouds: ReadonlyMap<string, DeviceDraft>;
  readonly asns: AsnPool;
  readonly policies: InsidePolicies;
  readonly internal: InternalPrefixes;
}

export interface Edges {
  readonly firewalls: ReadonlyMap<string, DeviceDraft>;
  readonly fronts: ReadonlyMap<string, EdgeFront>;
  readonly expressRouteFronts: ReadonlyMap<string, ExpressRouteFront>;
}

export function attachEdges(estate: Estate, inside: Inside, builder: NetworkBuilder): Edges {
  const { policies, internal } = inside;
  const attacher = new FrontAttacher(estate, inside, builder);
  const fronts = new Map<string, EdgeFront>();
  const expressRouteFronts = new Map<string, ExpressRouteFront>();
  // The link towards the provider is added with the internet (see internet.ts); here only the device comes to be.
  for (const edge of estate.internetEdges) fronts.set(edge.name, attacher.front(edge));

  const edgeAsns = asnsOfEdges(estate);
  // A router may serve several edges: one box, with a link to the front of each.
  const boxes = new Map<string, DeviceDraft>();
  const links = new Map<string, LinkIx>();
  for (const edge of estate.expressRouteEdges) {
    const front = attacher.front(edge);
    const { device: inner } = front;
    const atProvider = edge.cloud !== undefined;
    const made = new Map<string, CustomerEdge>();
    const edgeAsn = edgeAsns.get(edge.name) ?? inside.asns.next();
    const origins: Origin[] = [fromDocument(edge.path)];
    for (const name of edge.routers) {
      if (made.has(name)) continue;
      const device =
        boxes.get(name) ??
        builder.addDevice({
          name,
          role: 'customer-edge',
          half: atProvider ? 'provider' : 'customer',
          asn: edgeAsn,
          ...(front.core.place === undefined ? {} : { place: front.core.place }),
          origins,
        });
      boxes.set(name, device);
      const linkName = `${inner.name}-${name}`;
      let link = links.get(linkName);
      if (link === undefined) {
        link = builder.addLink(inner.ix, device.ix, { name: linkName, kind: 'lan', origins });
        links.set(linkName, link);
        builder.addSession(
          linkName,
          link,
          { device: inner.ix, import: attacher.importFromEdge(front), export: policies.rejectAll },
          { device: device.ix, import: policies.acceptAll, export: policies.learnedOnly },
          origins,
        );
      }
      addSourceNat(inner, link, edge.nat, internal, edge.path);
      front.outside.push(link);
      made.set(name, { device, towardsInside: link, inside: inner });
    }
    for (const pool of edge.nat) addPoolDiscard(inner, pool, [...edge.path, 'nat']);
    const [first, second] = edge.routers;
    const whole: ExpressRouteFront = { ...front, edge, routers: [need(made, first), need(made, second)] };
    fronts.set(edge.name, whole);
    expressRouteFronts.set(edge.name, whole);
  }
  return { firewalls: attacher.firewalls, fronts, expressRouteFronts };
}

class FrontAttacher {
  readonly firewalls = new Map<string, DeviceDraft>();
  readonly #inside: Inside;
  readonly #builder: NetworkBuilder;
  readonly #declared: ReadonlyMap<string, Firewall>;
  readonly #groups: ReadonlyMap<string, string>;
  readonly #ownBreakouts: ReadonlySet<string>;
  readonly #insideLinks = new Map<string, LinkIx>();
  readonly #pools: InboundPools;
  readonly #exports = new Map<string, PolicyIx>();
  readonly #maximumSessions = new Map<string, number>();
  #toInternetEdges: PolicyIx | undefined;

  constructor(estate: Estate, inside: Inside, builder: NetworkBuilder) {
    this.#inside = inside;
    this.#builder = builder;
    this.#declared = new Map(estate.firewalls.map((firewall) => [firewall.name, firewall]));
    this.#groups = stateGroups(estate.firewalls);
    this.#ownBreakouts = new Set(
      estate.sites.flatMap((site) => (site.breakout === undefined ? [] : [`${site.name}\n${site.breakout}`])),
    );
    this.#pools = inboundPools(estate);
    for (const { firewall, maximumSessions } of estate.internetEdges) {
      if (maximumSessions === undefined) continue;
      const least = Math.min(maximumSessions, this.#maximumSessions.get(firewall) ?? maximumSessions);
      this.#maximumSessions.set(firewall, least);
    }
  }

  front(edge: InternetEdge | ExpressRouteEdge): EdgeFront {
    const core = this.#core(edge);
    const device = edge.firewall === undefined ? core : this.#firewall(edge.firewall, edge, core);
    const inboundPool = this.#pools.forFront(edge, device.name);
    return { edge, device, outside: [], core, inboundPool };
  }

  /** A front without a firewall hears the edge like any other neighbour; a firewall believes it. */
  importFromEdge({ device, core, edge }: EdgeFront): PolicyIx {
    const { acceptAll, importAt } = this.#inside.policies;
    return device === core && edge.site !== undefined ? importAt(edge.site) : acceptAll;
  }

  #core(edge: InternetEdge | ExpressRouteEdge): DeviceDraft {
    if (edge.site !== undefined) return need(this.#inside.siteRouters, edge.site);
    if ('cloud' in edge && edge.cloud !== undefined) return need(this.#inside.clouds, edge.cloud);
    throw new Error(`the loader let the edge '${edge.name}' pass without a site`);
  }

  #firewall(name: string, edge: InternetEdge | ExpressRouteEdge, core: DeviceDraft): DeviceDraft {
    const { asns, policies } = this.#inside;
    const declared = need(this.#declared, name);
    const half: Half = 'customer';
    const place: Placement | undefined = core.place;
    let device = this.firewalls.get(name);
    if (device === undefined) {
      device = this.#builder.addDevice({
        name,
        role: 'firewall',
        half,
        asn: asns.next(),
        ...(place === undefined ? {} : { place }),
        origins: [fromDocument(declared.path)],
        // ER-142 recommends running both links of a circuit active-active, so equal paths are shared.
        maximumPaths: 2,
      });
      this.firewalls.set(name, device);
    }
    const linkKey = `${device.ix}/${core.ix}`;
    if (this.#insideLinks.has(linkKey)) return device;
    const origins: Origin[] = [fromDocument(edge.path), derived(`${name} stands between ${core.name} and the edge`)];
    const link = this.#builder.addLink(core.ix, device.ix, { name: `${core.name}-${name}`, kind: 'lan', origins });
    this.#insideLinks.set(linkKey, link);
    // The breakout policy guards the WAN and the other edges; the site's own breakout edge is always believed.
    const isOwnBreakout = this.#ownBreakouts.has(`${core.name}\n${edge.name}`);
    const hears = edge.site === undefined || isOwnBreakout ? policies.acceptAll : policies.importAt(edge.site);
    this.#builder.addSession(
      `${core.name}-${name}`,
      link,
      { device: core.ix, import: hears, export: this.#exportToFirewall(edge) },
      { device: device.ix, import: policies.acceptAll, export: this.#exportToInside(name) },
      origins,
    );
    const maximumSessions = this.#maximumSessions.get(name);
    device.firewall = {
      stateful: declared.stateful,
      ...(declared.rules.length === 0 ? {} : { rules: declared.rules.map(ruleOf) }),
      ...(declared.highAvailability ? { highAvailability: true } : {}),
      ...(maximumSessions === undefined ? {} : { maximumSessions }),
      inside: [...(device.firewall?.inside ?? []), link],
      permitInbound: [],
      stateGroup: this.#groups.get(name) ?? name,
      origins: [fromDocument(declared.path)],
    };
    return device;
  }

  /**
   * A firewall at an internet edge knows the inside and its provider. What another edge learned from Microsoft stays away
   * from it, or it would send answers to sessions that came in from the internet back inside.
   */
  #exportToFirewall(edge: InternetEdge | ExpressRouteEdge): PolicyIx {
    if (!('isp' in edge)) return this.#inside.policies.acceptAll;
    if (this.#toInternetEdges !== undefined) return this.#toInternetEdges;
    const origins = [derived('an internet edge does not hear of the circuits')];
    this.#toInternetEdges = this.#builder.addPolicy(
      'to internet edges: the inside only',
      [
        {
          name: 'private networks in Azure are part of the inside',
          when: [{ kind: 'large-community', any: [PRIVATE_MARK] }],
          set: [],
          then: 'accept',
          origins,
        },
        {
          name: 'routes that Microsoft announces on a circuit',
          when: [{ kind: 'as-path-contains', any: [MICROSOFT_EDGE_ASN] }],
          set: [],
          then: 'reject',
          origins,
        },
      ],
      'accept',
      origins,
    );
    return this.#toInternetEdges;
  }

  /** The inside learns what the outside announces and, where sessions come in translated, the address they come from. */
  #exportToInside(firewall: string): PolicyIx {
    const pool = this.#pools.ofDevice(firewall);
    if (pool === undefined) return this.#inside.policies.learnedOnly;
    const known = this.#exports.get(firewall);
    if (known !== undefined) return known;
    const because = [derived('answers to translated sessions come back to the firewall that translated them')];
    const policy = this.#builder.addPolicy(
      `${firewall}: pass on what was learned, and its own address`,
      [
        {
          name: 'the address that inbound sessions are translated to',
          when: [{ kind: 'prefix-list', entries: pool.map((prefix) => ({ prefix })) }],
          set: [],
          then: 'accept',
          origins: because,
        },
        ownAnnouncements(),
      ],
      'accept',
      because,
    );
    this.#exports.set(firewall, policy);
    return policy;
  }
}

/** The public AS of the customer edge: that of its first circuit's Microsoft peering, else of its private peering. */
function asnsOfEdges(estate: Estate): ReadonlyMap<string, Asn> {
  const asns = new Map<string, Asn>();
  for (const { edge, microsoftPeering } of estate.circuits) {
    if (microsoftPeering !== undefined && !asns.has(edge)) asns.set(edge, microsoftPeering.asn);
  }
  for (const { edge, privatePeering } of estate.circuits) {
    if (privatePeering !== undefined && !asns.has(edge)) asns.set(edge, privatePeering.asn);
  }
  return asns;
}

function ruleOf(rule: Firewall['rules'][number]): FirewallPolicyRule {
  const { action, zone, from, to, ports } = rule;
  return { action, zone, from, to, ports, origins: [fromDocument(rule.path)] };
}

/** Translation of sessions from the inside that leave over `link`, each family to addresses of its own kind. */
export function addSourceNat(
  front: DeviceDraft,
  link: LinkIx,
  pool: readonly Prefix[],
  internal: InternalPrefixes,
  edgePath: readonly (string | number)[],
): void {
  for (const family of [4, 6] as const) {
    const addresses = pool.filter((prefix) => prefix.family === family);
    if (addresses.length === 0) continue;
    front.sourceNat.push({
      link,
      sources: internal.byFamily[family],
      pool: addresses,
      origins: [fromDocument([...edgePath, 'nat'])],
    });
  }
}

/** A pool address without a translation behind it is dropped at the front instead of bouncing to the default route. */
export function addPoolDiscard(front: DeviceDraft, pool: Prefix, path: readonly (string | number)[]): void {
  front.statics.push({
    prefix: pool,
    next: { kind: 'discard' },
    distance: 254,
    origins: [fromDocument(path), derived('addresses of a pool end at the device that owns it')],
  });
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
