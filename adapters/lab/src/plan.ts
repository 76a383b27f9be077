/**
 * The plan of a lab: the network as nodes, interfaces with addresses, kernel routes and sessions. Pure: the same network
 * gives the same plan. Everything a daemon does not work out itself (connected prefixes, statics, the IGP) becomes
 * kernel routes whose metric holds the administrative distance in its highest byte, as zebra reads it, so that the
 * kernel itself chooses between protocols the way a router does.
 *
 * Left out: packet filters, translation, services (they belong to the data plane of the lab).
 */
import { comparePrefixes, type Family, formatAddress, type Prefix, prefixAround, prefixEquals } from '@bothways/net';
import type { Device, DeviceIx, Link, LinkIx, Network, Session, SessionIx } from '@bothways/network';
import { families, formatRouterId, macAddress, pairPrefix, prefixesOf, type Wires, wiresOf } from './addressing.ts';
import { cheapest, type Hop, type IgpRoutes, igpRoutes, type Route } from './igp-routes.ts';

export interface PlanOptions {
  /** Starts every namespace name; letters and digits, 8 at most. */
  readonly prefix?: string;
  readonly failed?: {
    readonly devices?: readonly DeviceIx[];
    readonly links?: readonly LinkIx[];
    readonly sessions?: readonly SessionIx[];
  };
  /** Seconds; keepalive is a third. 90 unless stated, so that a busy machine drops nothing. */
  readonly holdTime?: number;
  /** Routes of BGP go into the kernel; true unless stated. */
  readonly kernel?: boolean;
  /** Hosts are behind an interface of each node (`kernel-plan.ts`), not addresses of the node itself; false unless stated. */
  readonly hosts?: boolean;
}

export interface LabPlan {
  readonly network: Network;
  /** Families that the network's prefixes use. */
  readonly families: readonly Family[];
  /** Where the addresses of the wiring lie, by family. */
  readonly wiring: readonly Prefix[];
  /** By device. */
  readonly nodes: readonly LabNode[];
  /** By link. */
  readonly links: readonly LabLink[];
  /** By session. */
  readonly sessions: readonly LabSession[];
  readonly holdTime: number;
  readonly kernel: boolean;
  readonly hosts: boolean;
}

export interface LabNode {
  readonly device: Device;
  /** Namespace. */
  readonly name: string;
  readonly routerId: string;
  /** False: the device failed, no daemon runs and its links are down. */
  readonly alive: boolean;
  /** Addresses on `lo`, with length. */
  readonly loopbacks: readonly string[];
  readonly interfaces: readonly LabInterface[];
  readonly routes: readonly KernelRoute[];
  /** Where BGP next hops are found; costs of the IGP. */
  readonly underlay: readonly UnderlayRoute[];
}

export interface LabInterface {
  readonly link: LinkIx;
  readonly name: string;
  readonly mac: string;
  readonly peerMac: string;
  readonly linkLocal: string;
  readonly peerLinkLocal: string;
  readonly up: boolean;
  /** With length. */
  readonly addresses: readonly string[];
  readonly peerAddresses: readonly string[];
}

export interface LabLink {
  readonly link: Link;
  readonly up: boolean;
  /** Interface name, the same at both ends. */
  readonly interface: string;
}

export interface Gateway extends Hop {
  readonly interface: string;
  readonly address: string;
}

export interface KernelRoute {
  readonly prefix: Prefix;
  readonly next:
    | { readonly kind: 'deliver' }
    | { readonly kind: 'discard' }
    | { readonly kind: 'forward'; readonly gateways: readonly Gateway[] };
  readonly distance: number;
  readonly cost: number;
}

export interface UnderlayRoute {
  readonly prefix: Prefix;
  readonly cost: number;
  /** Undefined: on the link itself. */
  readonly gateways: readonly Gateway[] | undefined;
  readonly interface: string;
}

export interface LabSession {
  readonly session: Session;
  /** False: shut down in the configuration. */
  readonly enabled: boolean;
  readonly pairs: readonly AddressPair[];
}

export interface AddressPair {
  readonly family: Family;
  /** By end of the session. */
  readonly addresses: readonly [string, string];
}

/** Kernel metric of a route: zebra takes the highest byte as the distance. Never 0, which IPv6 reads as 1024. */
export function kernelMetric(distance: number, cost: number): number {
  return distance * 2 ** 24 + Math.max(cost, distance === 0 ? 1 : 0);
}

/** What a kernel route stands for; undefined: the lab's own wiring. Routes of the IGP have its distance and a cost. */
export function protocolOf({ underlay }: LabNode, route: KernelRoute): 'connected' | 'static' | 'igp' | undefined {
  const { prefix, next, distance, cost } = route;
  if (underlay.some((item) => prefixEquals(item.prefix, prefix))) return undefined;
  if (next.kind === 'deliver') return 'connected';
  return distance === 110 && cost > 0 ? 'igp' : 'static';
}

/** Every address of a device that can stand as a BGP next hop. */
export function nextHopAddresses({ sessions }: LabPlan, device: DeviceIx, family: Family): readonly string[] {
  return sessions.flatMap(({ session, pairs }) =>
    ([0, 1] as const).flatMap((end) => {
      if (session.ends[end].device !== device) return [];
      return pairs.filter((pair) => pair.family === family).map((pair) => pair.addresses[end]);
    }),
  );
}

/** A problem instead of a plan where the network's own addresses leave no room for the wiring. */
export function plan(network: Network, options: PlanOptions = {}): LabPlan | { readonly problem: string } {
  const used = prefixesOf(network);
  const wires = new Map<Family, Wires>();
  for (const family of families) {
    if (!used.some((item) => item.family === family)) continue;
    const found = wiresOf(network, family);
    if (found === undefined)
      return { problem: `IPv${family} prefixes of the network cover every range for its wiring` };
    wires.set(family, found);
  }
  const { prefix = 'lab', failed = {}, holdTime = 90, kernel = true, hosts = false } = options;
  if (!/^[a-z][a-z0-9]{0,7}$/.test(prefix)) return { problem: `'${prefix}' cannot start namespace names` };
  const dead = new Set(failed.devices);
  const cut = new Set(failed.links);
  const shut = new Set(failed.sessions);
  const up = (link: Link): boolean => !cut.has(link.ix) && !dead.has(link.a) && !dead.has(link.b);
  const igp = igpRoutes(network, up);
  const wiring: Wiring = { network, wires, igp, up };
  return {
    network,
    families: [...wires.keys()],
    wiring: [...wires.values()].map(({ range }) => range),
    nodes: network.devices.map((device) => ({
      device,
      name: `${prefix}${device.ix}`,
      routerId: formatRouterId(device.routerId),
      alive: !dead.has(device.ix),
      loopbacks: loopbacksOf(wiring, device.ix).map((address) => formatHost(address)),
      interfaces: network.links
        .filter((link) => isAt(link, device.ix))
        .map((link) => interfaceOf(wiring, link, device.ix)),
      routes: kernelRoutes(wiring, device),
      underlay: underlayRoutes(wiring, device.ix),
    })),
    links: network.links.map((link) => ({ link, up: up(link), interface: interfaceName(link.ix) })),
    sessions: network.sessions.map((session) => ({
      session,
      enabled: session.down === undefined && !shut.has(session.ix),
      pairs: [...wires].map(([family, own]) => ({
        family,
        addresses: [formatAddress(own.session(session.ix, 0)), formatAddress(own.session(session.ix, 1))] as const,
      })),
    })),
    holdTime,
    kernel,
    hosts,
  };
}

interface Wiring {
  readonly network: Network;
  readonly wires: ReadonlyMap<Family, Wires>;
  readonly igp: IgpRoutes;
  readonly up: (link: Link) => boolean;
}

type Wire = ReturnType<Wires['session']>;

function formatHost(address: Wire): string {
  return `${formatAddress(address)}/${address.family === 4 ? 32 : 128}`;
}

function interfaceName(link: LinkIx): string {
  return `e${link}`;
}

/** Different on every link, because FRR takes equal ones for one next hop. */
function linkLocal(link: LinkIx, end: 0 | 1): string {
  return `fe80::${(link + 1).toString(16)}:${end + 1}`;
}

function isAt(link: Link, device: DeviceIx): boolean {
  return link.a === device || link.b === device;
}

function farEnd(link: Link, device: DeviceIx): DeviceIx {
  return link.a === device ? link.b : link.a;
}

function endOf(session: Session, device: DeviceIx): 0 | 1 {
  return session.ends[0].device === device ? 0 : 1;
}

function loopbacksOf({ network, wires }: Wiring, device: DeviceIx): readonly Wire[] {
  const over = network.sessions.filter(
    ({ link, ends }) => link === undefined && ends.some((end) => end.device === device),
  );
  return [...wires.values()].flatMap((own) => over.map((session) => own.session(session.ix, endOf(session, device))));
}

/** The addresses of a device on a link: the link's own pair, then one per session on it. */
function linkAddresses({ network, wires }: Wiring, link: Link, device: DeviceIx): readonly Wire[] {
  const over = network.sessions.filter((session) => session.link === link.ix);
  return [...wires.values()].flatMap((own) => [
    own.link(link.ix, link.a === device ? 0 : 1),
    ...over.map((session) => own.session(session.ix, endOf(session, device))),
  ]);
}

function interfaceOf(wiring: Wiring, link: Link, device: DeviceIx): LabInterface {
  const far = farEnd(link, device);
  const own = link.a === device ? 0 : 1;
  const text = (address: Wire): string => `${formatAddress(address)}/${pairPrefix(address).length}`;
  return {
    link: link.ix,
    name: interfaceName(link.ix),
    mac: macAddress(link.ix, own),
    peerMac: macAddress(link.ix, own === 0 ? 1 : 0),
    linkLocal: linkLocal(link.ix, own),
    peerLinkLocal: linkLocal(link.ix, own === 0 ? 1 : 0),
    up: wiring.up(link),
    addresses: linkAddresses(wiring, link, device).map(text),
    peerAddresses: linkAddresses(wiring, link, far).map((address) => formatAddress(address)),
  };
}

function gateways({ network, wires }: Wiring, hops: readonly Hop[], family: Family): readonly Gateway[] {
  return hops.flatMap((hop): readonly Gateway[] => {
    const link = network.links[hop.link];
    const own = wires.get(family);
    if (link === undefined || own === undefined) return [];
    const address = formatAddress(own.link(link.ix, link.a === hop.device ? 0 : 1));
    return [{ ...hop, interface: interfaceName(link.ix), address }];
  });
}

function kernelRoutes(wiring: Wiring, device: Device): readonly KernelRoute[] {
  const routes: KernelRoute[] = [];
  for (const item of device.connected.flatMap(({ prefixes }) => prefixes)) {
    if (routes.some((route) => prefixEquals(route.prefix, item))) continue;
    routes.push({ prefix: item, next: { kind: 'deliver' }, distance: 0, cost: 0 });
  }
  routes.push(...staticRoutes(wiring, device), ...igpPrefixes(wiring, device));
  for (const { prefix, cost, gateways: through } of underlayRoutes(wiring, device.ix)) {
    if (through === undefined) continue;
    routes.push({ prefix, next: { kind: 'forward', gateways: through }, distance: 110, cost });
  }
  return routes;
}

/** Statics of one prefix and distance together: several next hops are one route; one that discards only stands alone. */
function staticRoutes(wiring: Wiring, device: Device): readonly KernelRoute[] {
  const groups = new Map<string, { prefix: Prefix; distance: number; hops: Hop[] }>();
  for (const { prefix, next, distance } of device.statics) {
    if (next.kind === 'forward') {
      const link = wiring.network.links[next.link];
      if (link === undefined || !wiring.up(link)) continue;
    }
    const key = `${prefix.family} ${prefix.bits} ${prefix.length} ${distance}`;
    const group = groups.get(key) ?? { prefix, distance, hops: [] };
    groups.set(key, group);
    if (next.kind === 'forward') group.hops.push({ link: next.link, device: next.device });
  }
  return [...groups.values()].map(({ prefix, distance, hops }) => {
    const through = gateways(wiring, cheapest([{ cost: 0, hops }])?.hops ?? [], prefix.family);
    const next =
      through.length === 0 ? ({ kind: 'discard' } as const) : ({ kind: 'forward', gateways: through } as const);
    return { prefix, next, distance, cost: 0 };
  });
}

/** Prefixes connected to other devices of the IGP, to the nearest of them. */
function igpPrefixes(wiring: Wiring, device: Device): readonly KernelRoute[] {
  const holders = wiring.network.devices.flatMap(({ ix, connected }) =>
    connected.flatMap(({ prefixes }) => prefixes.map((prefix) => ({ ix, prefix }))),
  );
  holders.sort((a, b) => comparePrefixes(a.prefix, b.prefix) || a.ix - b.ix);
  const routes: KernelRoute[] = [];
  for (let at = 0; at < holders.length; ) {
    const first = holders[at];
    if (first === undefined) break;
    let end = at;
    while (end < holders.length && prefixEquals(holders[end]?.prefix ?? first.prefix, first.prefix)) end++;
    const ways = holders
      .slice(at, end)
      .map(({ ix }) => (ix === device.ix ? undefined : wiring.igp.between(device.ix, ix)));
    at = end;
    const way = cheapest(ways);
    if (way === undefined) continue;
    const through = gateways(wiring, way.hops, first.prefix.family);
    routes.push({ prefix: first.prefix, next: { kind: 'forward', gateways: through }, distance: 110, cost: way.cost });
  }
  return routes;
}

/** Routes to every address that can be a BGP next hop. */
function underlayRoutes(wiring: Wiring, device: DeviceIx): readonly UnderlayRoute[] {
  const { network, wires, igp, up } = wiring;
  const routes: UnderlayRoute[] = [];
  for (const link of network.links) {
    if (!up(link)) continue;
    const subnets = linkAddresses(wiring, link, link.a).map((address) => pairPrefix(address));
    if (isAt(link, device)) {
      for (const prefix of subnets) {
        routes.push({ prefix, cost: 0, gateways: undefined, interface: interfaceName(link.ix) });
      }
      continue;
    }
    if (!igp.carries(link.ix)) continue;
    const way = cheapest([igp.between(device, link.a), igp.between(device, link.b)]);
    if (way === undefined) continue;
    for (const prefix of subnets) {
      const through = gateways(wiring, way.hops, prefix.family);
      routes.push({ prefix, cost: way.cost + link.cost, gateways: through, interface: '' });
    }
  }
  for (const { ix } of network.devices) {
    if (ix === device) continue;
    const loopbacks = loopbacksOf(wiring, ix);
    if (loopbacks.length === 0) continue;
    const way = igp.between(device, ix) ?? beside(wiring, device, ix);
    if (way === undefined) continue;
    for (const address of loopbacks) {
      const through = gateways(wiring, way.hops, address.family);
      const prefix = prefixAround(address, address.family === 4 ? 32 : 128);
      routes.push({ prefix, cost: way.cost, gateways: through, interface: '' });
    }
  }
  return wires.size === 0 ? [] : routes;
}

/** A loopback outside the IGP on a device at the other end of a link: static routes over the cheapest such links. */
function beside({ network, up }: Wiring, from: DeviceIx, to: DeviceIx): Route | undefined {
  const links = network.links.filter((link) => up(link) && isAt(link, from) && farEnd(link, from) === to);
  const way = cheapest(links.map(({ ix, cost }) => ({ cost, hops: [{ link: ix, device: to }] })));
  return way === undefined ? undefined : { cost: 0, hops: way.hops };
}
