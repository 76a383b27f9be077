/**
 * How clients are steered besides routing. On devices, as policy routes: application breakout of an SD-WAN, the exits
 * of a proxy. Beside the network, as data: which proxy or PAC file the clients of a site use, where their names are
 * resolved, and which addresses the customer's own names have outside and inside.
 *
 * A policy route is laid along the whole way from the site to the edge, device by device, so that the data plane needs
 * only the device it looks at. The way is the one with the fewest links through the inside; clouds count as a device.
 *
 * Left out: SD-WAN overlays that choose a path by measured loss or delay.
 */
import type { Estate, ProxyScript, VirtualNetwork } from '@bothways/estate';
import { type Address, hostPrefix, type Prefix } from '@bothways/net';
import type { DeviceDraft, NetworkBuilder } from './builder.ts';
import type { CompilerFindings } from './compiler-findings.ts';
import type { CustomerHalf } from './customer-half.ts';
import type { EdgeFront } from './edges.ts';
import { attachHosts, need } from './inside.ts';
import type { DeviceIx, LinkIx, Origin, SteeringRule } from './model.ts';
import { fromDocument } from './origin.ts';
import { machineName } from './places.ts';

/**
 * What the clients of a site, or a machine in a virtual network, do that is not the default: no proxy, names resolved at
 * the site or by Azure.
 */
export interface SiteSteering {
  /** Name of the place: that of the site, 'hub/app-server' for a machine. */
  readonly site: string;
  /** Name of an explicit proxy. */
  readonly proxy: string | undefined;
  /** The script as it is in the document; nothing has evaluated it yet. */
  readonly pac: ProxyScript | undefined;
  readonly resolver:
    | { readonly kind: 'site'; readonly site: string }
    | { readonly kind: 'vnet'; readonly vnet: string }
    | { readonly kind: 'public' }
    | undefined;
  readonly origins: readonly Origin[];
}

export interface CompiledProxy {
  readonly name: string;
  readonly device: DeviceIx;
  readonly site: string;
  readonly address: Address;
  readonly port: number;
  readonly reach: 'internet' | 'expressroute' | 'both';
  readonly rewrites: boolean;
  /** Edges it leaves by; empty: those that routing gives. */
  readonly edges: readonly string[];
  readonly origins: readonly Origin[];
}

/** A name of the customer with the addresses that resolvers outside and inside give. */
export interface CustomerName {
  readonly name: string;
  readonly service: string;
  readonly outside: readonly Address[];
  readonly inside: Address;
  readonly origins: readonly Origin[];
}

/** A service that names inside a virtual network resolve to a private address for. */
export interface PrivateName {
  readonly vnet: string;
  readonly service: string;
  readonly address: Address;
  readonly origins: readonly Origin[];
}

export interface Steering {
  /** By name of the place; sites and machines with nothing but defaults are absent. */
  readonly sites: ReadonlyMap<string, SiteSteering>;
  readonly proxies: readonly CompiledProxy[];
  readonly names: readonly CustomerName[];
  readonly privateNames: readonly PrivateName[];
}

export function compileSteering(
  estate: Estate,
  customer: CustomerHalf,
  findings: CompilerFindings,
  builder: NetworkBuilder,
): Steering {
  const proxies = estate.proxies.map((proxy): CompiledProxy => {
    const origins: Origin[] = [fromDocument(proxy.path)];
    const router = need(customer.siteRouters, proxy.site);
    const device = builder.addDevice({
      name: proxy.name,
      role: 'proxy',
      half: 'customer',
      asn: customer.asns.next(),
      place: { site: proxy.site },
      origins,
    });
    attachHosts(device, proxy.name, [hostPrefix(proxy.address)], [fromDocument([...proxy.path, 'address'])]);
    const name = `${proxy.site}-${proxy.name}`;
    const link = builder.addLink(router.ix, device.ix, { name, kind: 'lan', origins });
    const { acceptAll } = customer.policies;
    builder.addSession(
      name,
      link,
      { device: router.ix, import: acceptAll, export: acceptAll },
      { device: device.ix, import: acceptAll, export: acceptAll },
      origins,
    );
    const { site, address, port, reach, rewrites, edges } = proxy;
    return { name: proxy.name, device: device.ix, site, address, port, reach, rewrites, edges, origins };
  });
  layPolicyRoutes(estate, customer, findings, builder);
  return {
    sites: siteSteering(estate),
    proxies,
    names: estate.services.flatMap((service) =>
      service.names.map((name, position) => ({
        name,
        service: service.name,
        outside: service.published.map((each) => each.address),
        inside: service.address,
        origins: [fromDocument([...service.path, 'names', position])],
      })),
    ),
    privateNames: estate.vnets.flatMap((vnet) =>
      vnet.privateEndpoints.map(({ service, address, path }) => ({
        vnet: vnet.name,
        service,
        address,
        origins: [fromDocument(path)],
      })),
    ),
  };
}

function siteSteering(estate: Estate): ReadonlyMap<string, SiteSteering> {
  const sites = new Map<string, SiteSteering>();
  for (const { name, path, proxy, pac, resolver } of estate.sites) {
    if (proxy === undefined && pac === undefined && resolver === undefined) continue;
    sites.set(name, {
      site: name,
      proxy,
      pac,
      resolver:
        resolver === undefined
          ? undefined
          : 'site' in resolver
            ? { kind: 'site', site: resolver.site }
            : { kind: 'public' },
      origins: [
        ...(proxy === undefined ? [] : [fromDocument([...path, 'proxy'])]),
        ...(pac === undefined ? [] : [fromDocument(pac.path)]),
        ...(resolver === undefined ? [] : [fromDocument([...path, 'resolver'])]),
      ],
    });
  }
  for (const vnet of estate.vnets) {
    for (const { name, steering } of machineSteering(vnet)) sites.set(name, steering);
  }
  return sites;
}

function machineSteering(vnet: VirtualNetwork): readonly { readonly name: string; readonly steering: SiteSteering }[] {
  const { resolver } = vnet;
  return vnet.machines.flatMap((machine) => {
    const { proxy, path } = machine;
    if (proxy === undefined && resolver === undefined) return [];
    const name = machineName(vnet, machine);
    const origins = [
      ...(proxy === undefined ? [] : [fromDocument([...path, 'proxy'])]),
      ...(resolver === undefined ? [] : [fromDocument([...vnet.path, 'resolver'])]),
    ];
    const steering: SiteSteering = {
      site: name,
      proxy,
      pac: undefined,
      resolver:
        resolver === undefined
          ? undefined
          : 'site' in resolver
            ? { kind: 'site', site: resolver.site }
            : { kind: 'vnet', vnet: resolver.vnet },
      origins,
    };
    return [{ name, steering }];
  });
}

/** One wish: these flows of these sources, starting at a device, leave by an edge. */
interface Wish {
  readonly flows: SteeringRule['flows'];
  readonly edge: string;
  readonly start: DeviceDraft;
  readonly sources: readonly Prefix[];
  readonly origin: Origin;
}

function layPolicyRoutes(
  estate: Estate,
  customer: CustomerHalf,
  findings: CompilerFindings,
  builder: NetworkBuilder,
): void {
  const wishes: Wish[] = estate.sites.flatMap((site) =>
    site.applicationBreakout.map((each) => ({
      flows: each.flows,
      edge: each.edge,
      start: need(customer.siteRouters, site.name),
      sources: [...site.clients, ...site.servers],
      origin: fromDocument(each.path),
    })),
  );
  for (const proxy of estate.proxies) {
    // With several edges routing chooses among them; only a single one is an order.
    if (proxy.edges.length !== 1) continue;
    const start = builder.deviceNamed(proxy.name);
    if (start === undefined) throw new Error(`the proxy '${proxy.name}' has no device`);
    for (const [position, edge] of proxy.edges.entries()) {
      const origin = fromDocument([...proxy.path, 'edges', position]);
      wishes.push({ flows: 'all', edge, start, sources: [hostPrefix(proxy.address)], origin });
    }
  }
  if (wishes.length === 0) return;
  const rules = new RuleCollector();
  const ways = new Ways(builder);
  for (const wish of wishes) {
    const front = need(customer.fronts, wish.edge);
    const path = ways.from(wish.start, front);
    if (path === undefined) {
      const message = `nothing leads from ${wish.start.name} to the edge ${wish.edge}, where some of its flows are to leave`;
      const at = wish.origin.kind === 'document' ? wish.origin.path : [];
      findings.add('network/unreachable-edge', 'error', message, at, { help: 'add a WAN link, or name another edge' });
      continue;
    }
    for (const step of path) rules.add(step.at, wish, step.next);
    for (const link of front.outside) {
      const { a, b } = builder.links[link] ?? { a: front.device.ix, b: front.device.ix };
      rules.add(front.device, wish, { link, device: a === front.device.ix ? b : a });
    }
  }
  rules.apply();
}

interface Step {
  readonly at: DeviceDraft;
  readonly next: SteeringRule['next'];
}

/** Shortest ways, by links, through devices of the customer and its providers towards the front of an edge. */
class Ways {
  readonly #builder: NetworkBuilder;
  readonly #adjacent: readonly (readonly { readonly link: LinkIx; readonly device: DeviceIx }[])[];
  readonly #trees = new Map<DeviceIx, ReadonlyMap<DeviceIx, SteeringRule['next']>>();

  constructor(builder: NetworkBuilder) {
    this.#builder = builder;
    const adjacent: { link: LinkIx; device: DeviceIx }[][] = builder.devices.map(() => []);
    for (const { ix, a, b, kind } of builder.links) {
      if (kind !== 'lan' && kind !== 'wan') continue;
      adjacent[a]?.push({ link: ix, device: b });
      adjacent[b]?.push({ link: ix, device: a });
    }
    this.#adjacent = adjacent;
  }

  from(start: DeviceDraft, front: EdgeFront): readonly Step[] | undefined {
    const tree = this.#trees.get(front.device.ix) ?? this.#grow(front.device.ix);
    this.#trees.set(front.device.ix, tree);
    const steps: Step[] = [];
    for (let at = start.ix; at !== front.device.ix; ) {
      const next = tree.get(at);
      const device = this.#builder.devices[at];
      if (next === undefined || device === undefined) return undefined;
      steps.push({ at: device, next });
      at = next.device;
    }
    return steps;
  }

  /** Breadth first from the front: per device the first step towards it; the oldest link wins a tie. */
  #grow(root: DeviceIx): ReadonlyMap<DeviceIx, SteeringRule['next']> {
    const tree = new Map<DeviceIx, SteeringRule['next']>();
    const open = [root];
    for (const at of open) {
      for (const { link, device } of this.#adjacent[at] ?? []) {
        if (device === root || tree.has(device)) continue;
        tree.set(device, { link, device: at });
        open.push(device);
      }
    }
    return tree;
  }
}

/** Rules of many sites with the same flows, edge and next step are one rule with all their sources. */
class RuleCollector {
  readonly #rules = new Map<
    string,
    { readonly device: DeviceDraft; readonly rule: SteeringRule; sources: Prefix[]; origins: Origin[] }
  >();

  add(device: DeviceDraft, wish: Wish, next: SteeringRule['next']): void {
    const flows = wish.flows === 'all' ? 'all' : wish.flows.join(' ');
    const key = `${device.ix} ${next.link} ${wish.edge} ${flows}`;
    let held = this.#rules.get(key);
    if (held === undefined) {
      const rule: SteeringRule = { flows: wish.flows, sources: [], next, edge: wish.edge, origins: [] };
      held = { device, rule, sources: [], origins: [] };
      this.#rules.set(key, held);
    }
    held.sources.push(...wish.sources);
    held.origins.push(wish.origin);
  }

  apply(): void {
    for (const { device, rule, sources, origins } of this.#rules.values()) {
      device.steering.push({ ...rule, sources, origins });
    }
  }
}
