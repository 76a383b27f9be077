/**
 * The customer's half: site routers, WAN links and clouds, edge firewalls, customer-edge routers.
 *
 * The document says what exists, not how the inside routes. What is derived, and visible on every element: each
 * internal device speaks eBGP with a private AS of its own (the style of RFC 7938), so the nearest exit wins by path
 * length; a firewall starts sessions from the inside only; the customer edge holds a static route for every prefix it
 * announces, towards the device of its edge that translates.
 *
 * Left out: IGP and iBGP inside the customer network, several VLANs per site, load balancers.
 */
import type { Estate, Site, WanCloud, WanLink } from '@bothways/estate';
import type { Prefix } from '@bothways/net';
import type { DeviceDraft, NetworkBuilder } from './builder.ts';
import { attachEdges, type EdgeFront, type ExpressRouteFront } from './edges.ts';
import {
  AsnPool,
  attachHosts,
  EQUAL_WAYS,
  type InsidePolicies,
  MICROSOFT_EDGE_ASN,
  need,
  ownAnnouncements,
} from './inside.ts';
import type { InternalPrefixes } from './internal-prefixes.ts';
import { PRIVATE_MARK, preferenceTerms } from './marks.ts';
import type { Placement, PolicyIx, PolicyTerm } from './model.ts';
import { derived, fromDocument } from './origin.ts';
import { addDefaultRoute, stubSites } from './stub-sites.ts';

/** Private 32-bit AS numbers (RFC 6996): inside the customer, and for providers whose AS the document does not name. */
const FIRST_INTERNAL_ASN = 4_200_000_001;
const FIRST_CLOUD_ASN = 4_280_000_001;

export interface CustomerHalf {
  readonly siteRouters: ReadonlyMap<string, DeviceDraft>;
  /** The provider's edge of each WAN cloud. */
  readonly clouds: ReadonlyMap<string, DeviceDraft>;
  readonly firewalls: ReadonlyMap<string, DeviceDraft>;
  /** Per edge, internet and ExpressRoute: the device that translates and filters, and its links to the outside. */
  readonly fronts: ReadonlyMap<string, EdgeFront>;
  readonly expressRouteFronts: ReadonlyMap<string, ExpressRouteFront>;
  readonly asns: AsnPool;
  readonly policies: InsidePolicies;
  readonly internal: InternalPrefixes;
}

export function compileCustomerHalf(estate: Estate, internal: InternalPrefixes, builder: NetworkBuilder): CustomerHalf {
  const asns = new AsnPool(FIRST_INTERNAL_ASN);
  const shared = sharedPolicies(estate, builder);
  const siteRouters = new Map<string, DeviceDraft>();
  for (const site of estate.sites) siteRouters.set(site.name, addSiteRouter(site, builder, asns));
  addHosts(estate, siteRouters);

  const breakoutImports = new Map<string, PolicyIx>();
  for (const site of estate.sites) {
    if (site.breakout === undefined) continue;
    breakoutImports.set(site.name, addBreakoutPolicy(site, estate, builder));
  }
  const policies: InsidePolicies = {
    ...shared,
    importAt: (site) => breakoutImports.get(site) ?? shared.acceptAll,
  };

  const clouds = new Map<string, DeviceDraft>();
  const cloudAsns = new AsnPool(FIRST_CLOUD_ASN);
  const exportOver = exportsByCost(estate, shared.acceptAll, builder);
  const wanPlan: WanPlan = { siteRouters, policies, stubs: stubSites(estate), exportOver };
  for (const wan of estate.wan) {
    if (wan.kind === 'link') addWanLink(wan, wanPlan, builder);
    else clouds.set(wan.name, addWanCloud(wan, wanPlan, cloudAsns, builder));
  }

  const edges = attachEdges(estate, { siteRouters, clouds, asns, policies, internal }, builder);
  return { siteRouters, clouds, ...edges, asns, policies, internal };
}

function sharedPolicies(estate: Estate, builder: NetworkBuilder): Omit<InsidePolicies, 'importAt'> {
  const acceptAll = builder.addPolicy('accept everything', preferenceTerms(estate), 'accept', [
    derived('inside the network every route is believed'),
  ]);
  const rejectAll = builder.addPolicy('announce nothing', [], 'reject', [
    derived('internal routes stay behind the firewall'),
  ]);
  const learnedOnly = builder.addPolicy('pass on what was learned', [ownAnnouncements()], 'accept', [
    derived('an edge passes the routes of its outside to the inside'),
  ]);
  return { acceptAll, rejectAll, learnedOnly };
}

interface WanPlan {
  readonly siteRouters: ReadonlyMap<string, DeviceDraft>;
  readonly policies: InsidePolicies;
  /** Sites that are given a default route instead of all routes. */
  readonly stubs: ReadonlySet<string>;
  /** The policy that a device announces with over a line of this cost. */
  readonly exportOver: (device: DeviceDraft, cost: number) => PolicyIx;
}

/**
 * Sites speak BGP to each other, which knows no cost of a line, but prefers the shorter path: a line that costs more makes
 * the path longer, by its place among the costs that the estate uses. Where all lines cost the same nothing is added.
 */
function exportsByCost(estate: Estate, acceptAll: PolicyIx, builder: NetworkBuilder): WanPlan['exportOver'] {
  const costs = new Set(
    estate.wan.flatMap((wan) => (wan.kind === 'link' ? [wan.cost] : wan.members.map((member) => member.cost))),
  );
  const order = [...costs].sort((a, b) => a - b);
  const made = new Map<string, PolicyIx>();
  return (device, cost) => {
    const times = Math.min(order.indexOf(cost), MOST_PREPENDS);
    if (times <= 0) return acceptAll;
    const key = `${device.asn} ${times}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const because = derived(`lines that cost more make the path longer, this one by ${times}`);
    const policy = builder.addPolicy(
      `announce over a line of cost ${cost}`,
      [
        ...preferenceTerms(estate),
        {
          name: `cost ${cost}`,
          when: [],
          set: [{ kind: 'prepend', asn: device.asn, times }],
          then: 'accept',
          origins: [because],
        },
      ],
      'accept',
      [because],
    );
    made.set(key, policy);
    return policy;
  };
}

/** A path longer than this helps nobody; costs beyond so many different ones count alike. */
const MOST_PREPENDS = 20;

function addWanLink(
  wan: WanLink,
  { siteRouters, policies, stubs, exportOver }: WanPlan,
  builder: NetworkBuilder,
): void {
  const { rejectAll, importAt } = policies;
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
    ...lineQuality(wan),
    ...(wan.provider === undefined ? {} : { place: { provider: wan.provider } }),
    origins,
  });
  builder.addSession(
    wan.name,
    link,
    { device: a.ix, import: importAt(from), export: stubs.has(to) ? rejectAll : exportOver(a, wan.cost) },
    { device: b.ix, import: importAt(to), export: stubs.has(from) ? rejectAll : exportOver(b, wan.cost) },
    origins,
  );
  if (stubs.has(from)) addDefaultRoute(a, link, b, origins);
  if (stubs.has(to)) addDefaultRoute(b, link, a, origins);
}

/** A cloud is one device of the provider: any member reaches any other in two links. */
function addWanCloud(
  cloud: WanCloud,
  { siteRouters, policies, stubs, exportOver }: WanPlan,
  asns: AsnPool,
  builder: NetworkBuilder,
): DeviceDraft {
  const { acceptAll, rejectAll, importAt } = policies;
  const place: Placement = cloud.provider === undefined ? {} : { provider: cloud.provider };
  const spoken = cloud.asn ?? asns.next();
  const edge = builder.addDevice({
    name: cloud.name,
    role: 'provider-edge',
    half: 'provider',
    asn: spoken,
    place,
    origins: [fromDocument(cloud.path), derived('the edge routers of the provider as one device')],
    maximumPaths: EQUAL_WAYS,
  });
  for (const member of cloud.members) {
    const router = need(siteRouters, member.site);
    const origins = [fromDocument(member.path)];
    const name = `${member.site}-${cloud.name}`;
    const link = builder.addLink(router.ix, edge.ix, {
      name,
      kind: 'wan',
      owner: cloud.name,
      bandwidth: member.bandwidth,
      latency: member.latency,
      cost: member.cost,
      ...lineQuality({ ...member, encrypted: cloud.encrypted }),
      place,
      origins,
    });
    builder.addSession(
      name,
      link,
      { device: router.ix, import: importAt(member.site), export: exportOver(router, member.cost) },
      {
        device: edge.ix,
        import: acceptAll,
        export: stubs.has(member.site) ? rejectAll : exportOver(edge, member.cost),
      },
      origins,
    );
    if (stubs.has(member.site)) addDefaultRoute(router, link, edge, origins);
  }
  return edge;
}

interface LineQuality {
  readonly loss: number | undefined;
  readonly utilisation: number | undefined;
  readonly encrypted: boolean;
}

function lineQuality({ loss, utilisation, encrypted }: LineQuality): {
  readonly loss?: number;
  readonly utilisation?: number;
  readonly encrypted?: boolean;
} {
  return {
    ...(loss === undefined ? {} : { loss }),
    ...(utilisation === undefined ? {} : { utilisation }),
    ...(encrypted ? { encrypted } : {}),
  };
}

function addSiteRouter(site: Site, builder: NetworkBuilder, asns: AsnPool): DeviceDraft {
  const router = builder.addDevice({
    name: site.name,
    role: 'site-router',
    half: 'customer',
    asn: asns.next(),
    place: { site: site.name },
    origins: [fromDocument(site.path)],
  });
  attachHosts(router, `${site.name} clients`, site.clients, [fromDocument([...site.path, 'clients'])]);
  attachHosts(router, `${site.name} servers`, site.servers, [fromDocument([...site.path, 'servers'])]);
  return router;
}

/** Services, gateways and machines whose addresses lie in no prefix of their site are hosts of the site all the same. */
function addHosts(estate: Estate, siteRouters: ReadonlyMap<string, DeviceDraft>): void {
  const hosts = [
    ...estate.services.map(({ name, site, address, path }) => ({
      name,
      site,
      prefixes: [{ ...address, length: address.family === 4 ? 32 : 128 }],
      path: [...path, 'address'],
    })),
    ...[...estate.dataGateways, ...estate.desktopFlowMachines].map(({ name, site, clients, path }) => ({
      name,
      site,
      prefixes: clients,
      path: [...path, 'clients'],
    })),
  ];
  for (const { name, site, prefixes, path } of hosts) {
    const router = need(siteRouters, site);
    const known = router.connected.flatMap((each) => each.prefixes);
    const fresh = prefixes.filter((each) => !known.some((outer) => holds(outer, each)));
    attachHosts(router, name, fresh, [fromDocument(path), derived(`${name} stands at ${site}`)]);
  }
}

function holds(outer: Prefix, inner: Prefix): boolean {
  if (outer.family !== inner.family || outer.length > inner.length) return false;
  const rest = BigInt((outer.family === 4 ? 32 : 128) - outer.length);
  return outer.bits >> rest === inner.bits >> rest;
}

/** A site with its own breakout does not believe the routes that come from Microsoft over the WAN or another edge. */
function addBreakoutPolicy(site: Site, estate: Estate, builder: NetworkBuilder): PolicyIx {
  const origins = [fromDocument([...site.path, 'breakout'])];
  const hasPrivate = estate.vpns.length > 0 || estate.circuits.some((circuit) => circuit.privatePeering !== undefined);
  const privateRoutes: PolicyTerm = {
    name: 'private networks in Azure are no part of a breakout',
    when: [{ kind: 'large-community', any: [PRIVATE_MARK] }],
    set: [],
    then: 'accept',
    origins: [derived('a breakout leads to public services')],
  };
  const microsoftRoutes: PolicyTerm = {
    name: `${site.name} breaks out locally through ${site.breakout ?? ''}`,
    when: [{ kind: 'as-path-contains', any: [MICROSOFT_EDGE_ASN] }],
    set: [],
    then: 'reject',
    origins,
  };
  const terms = [...preferenceTerms(estate), ...(hasPrivate ? [privateRoutes] : []), microsoftRoutes];
  return builder.addPolicy(`${site.name} local breakout`, terms, 'accept', origins);
}
