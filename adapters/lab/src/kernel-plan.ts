/**
 * The plan of a data-plane lab: a network with computed tables as Linux namespaces. Pure: the same network and tables
 * give the same plan.
 *
 * A box is one namespace. Devices that share a connection table are one box, because a table cannot be in two; each
 * device of a box keeps a routing table of its own, chosen by the packet mark. Routers have no addresses: next hops are
 * link-local ones (RFC 5549 for IPv4) with permanent neighbour entries, so the tables hold the network's prefixes and
 * nothing else.
 *
 * Hosts are one process outside: behind each device is a VXLAN interface (RFC 7348) that hands packets for hosts to it.
 * On the same interface each device reports every packet that arrives or that it drops, as a copy; what the copy is, is
 * said by the neighbour it is sent to (`ports-and-reports` below).
 *
 * Left out: how the tables came about (daemons, see plan.ts), link speeds, MTU.
 */
import type { Family, Prefix } from '@bothways/net';
import type { Device, DeviceIx, LinkIx, Network, SteeringRule } from '@bothways/network';
import type { ControlPlane, FibAction } from '@bothways/routing';
import type { LabPlan } from './plan.ts';

/** Why a device drops a packet. Each has a counter of its own per device, and a number in reports. */
export const dropReasons = ['loop', 'refused', 'no-state', 'denied', 'no-route', 'discarded', 'not-carried'] as const;
export type DropReason = (typeof dropReasons)[number];

export interface KernelPlan {
  readonly network: Network;
  readonly boxes: readonly Box[];
  /** By device. */
  readonly devices: readonly BoxDevice[];
  /** By link. */
  readonly wires: readonly KernelWire[];
  /** Number of the first device's VXLAN; the others follow. */
  readonly firstVni: number;
}

export interface Box {
  /** Namespace. */
  readonly name: string;
  readonly devices: readonly BoxDevice[];
  /** Addresses of the routers themselves, which no rule is about; undefined: they have none, and their tables are ours. */
  readonly wiring: readonly Prefix[] | undefined;
}

export interface BoxDevice {
  readonly device: Device;
  readonly box: string;
  /** Number in the box, 1 to 255; the lowest byte of the packet mark. */
  readonly slot: number;
  /** Interface towards the hosts. */
  readonly host: string;
  readonly vni: number;
  readonly ports: readonly Port[];
  readonly routes: readonly TableRoute[];
}

/** An end of a link. */
export interface Port {
  readonly link: LinkIx;
  readonly end: 0 | 1;
  readonly interface: string;
  /** Number in the box, from 1; 0 is the hosts. */
  readonly number: number;
  /** The far end of the link. */
  readonly peer: DeviceIx;
  readonly up: boolean;
}

interface KernelWire {
  readonly link: LinkIx;
  readonly boxes: readonly [string, string];
  readonly interfaces: readonly [string, string];
}

export interface TableRoute {
  readonly prefix: Prefix;
  readonly next:
    | { readonly kind: 'deliver' }
    | { readonly kind: 'discard' }
    /** An entry without a way out. */
    | { readonly kind: 'unreachable' }
    | { readonly kind: 'forward'; readonly ports: readonly Port[] };
}

export interface KernelPlanOptions {
  /** Starts every namespace name; letters and digits, 8 at most. */
  readonly prefix?: string;
  readonly firstVni?: number;
  /** True unless stated. */
  readonly isUp?: (link: LinkIx) => boolean;
  /** The nodes of a lab with daemons: their names, interfaces and main tables; undefined: boxes of their own. */
  readonly lab?: LabPlan;
}

/** Tables and connection state of a network, or why the kernel cannot be given it: one line each. */
export function planKernel(
  network: Network,
  plane: ControlPlane,
  options: KernelPlanOptions = {},
): KernelPlan | { readonly cannot: readonly string[] } {
  const { prefix = 'k', firstVni = 1, isUp = () => true, lab } = options;
  if (!/^[a-z][a-z0-9]{0,7}$/.test(prefix)) return { cannot: [`'${prefix}' cannot start namespace names`] };
  const groups = new Map<string, Device[]>();
  for (const device of network.devices) {
    const key = keepsState(device) ? `state ${stateGroup(device)}` : `device ${device.ix}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [device]);
    else group.push(device);
  }
  const shared = [...groups.values()].filter((devices) => devices.length > 1);
  if (lab !== undefined && shared.length > 0) {
    return {
      cannot: shared.map((devices) => {
        const names = devices.map(({ name }) => name).join(' and ');
        return `${names} share their connection table, and on Linux a table belongs to one namespace, as the routes of one router do; npm run oracle -- --estates compares their packets without daemons`;
      }),
    };
  }
  const boxes = [...groups.values()].map((devices, at) => {
    const name = lab?.nodes[devices[0]?.ix ?? -1]?.name ?? `${prefix}${at}`;
    return boxOf(network, plane, devices, { name, firstVni, isUp, lab });
  });
  const cannot = boxes.flatMap((box) => [...limits(box)]);
  for (const device of network.devices) cannot.push(...brokenChains(network, device, isUp));
  if (namedFlows(network).length > 61) cannot.push('policy routes name more than 61 flows');
  if (cannot.length > 0) return { cannot };
  const devices = boxes.flatMap((box) => box.devices).sort((a, b) => a.device.ix - b.device.ix);
  return { network, boxes, devices, wires: network.links.map(({ ix }) => wireOf(devices, ix)), firstVni };
}

/** The device has a connection table: a stateful firewall, or any translation. */
export function keepsState({ firewall, sourceNat, destinationNat = [], inboundSourceNat = [] }: Device): boolean {
  return firewall?.stateful === true || [sourceNat, destinationNat, inboundSourceNat].some((rules) => rules.length > 0);
}

/** Devices of one group share their connection table. */
export function stateGroup({ firewall, name }: Device): string {
  return firewall?.stateGroup ?? name;
}

/** The first steering rule that fits decides; a rule whose link is down is not there. */
export function steeringOf({
  device,
  ports,
}: BoxDevice): readonly { readonly rule: SteeringRule; readonly port: Port }[] {
  return (device.steering ?? []).flatMap((rule) => {
    const port = ports.find((each) => each.link === rule.next.link && each.up);
    return port === undefined ? [] : [{ rule, port }];
  });
}

interface BoxOptions {
  readonly name: string;
  readonly firstVni: number;
  readonly isUp: (link: LinkIx) => boolean;
  readonly lab: LabPlan | undefined;
}

/** Towards the hosts behind a device. */
export function hostInterface(device: DeviceIx): string {
  return `h${device}`;
}

function boxOf(
  network: Network,
  plane: ControlPlane,
  members: readonly Device[],
  { name, firstVni, isUp, lab }: BoxOptions,
): Box {
  let number = 0;
  const devices = members.map((device, at): BoxDevice => {
    const ports = network.links
      .filter(({ a, b }) => a === device.ix || b === device.ix)
      .map((link): Port => {
        number += 1;
        const end = link.a === device.ix ? 0 : 1;
        const peer = end === 0 ? link.b : link.a;
        return {
          link: link.ix,
          end,
          interface: lab?.links[link.ix]?.interface ?? portName(link.ix, end),
          number,
          peer,
          up: isUp(link.ix),
        };
      });
    return {
      device,
      box: name,
      slot: at + 1,
      host: hostInterface(device.ix),
      vni: firstVni + device.ix,
      ports,
      routes: routesOf(plane, device.ix, ports),
    };
  });
  return { name, devices, wiring: lab?.wiring };
}

/**
 * A policy route laid over several devices is withdrawn where one of its later links is down, for the packets that the
 * later rule would take: the kernel has no rule that looks so far.
 */
function brokenChains(network: Network, device: Device, isUp: (link: LinkIx) => boolean): readonly string[] {
  const broken = (device.steering ?? []).some(({ edge, next }) => {
    const passed = new Set([device.ix]);
    const open = [next.device];
    for (let ix = open.pop(); ix !== undefined; ix = open.pop()) {
      if (passed.has(ix)) continue;
      passed.add(ix);
      for (const rule of network.devices[ix]?.steering ?? []) {
        if (rule.edge !== edge) continue;
        if (!isUp(rule.next.link)) return isUp(next.link);
        open.push(rule.next.device);
      }
    }
    return false;
  });
  return broken ? ['a policy route over several devices, with a later link of it down'] : [];
}

function portName(link: LinkIx, end: 0 | 1): string {
  return `e${link}${end === 0 ? 'a' : 'b'}`;
}

function routesOf(plane: ControlPlane, device: DeviceIx, ports: readonly Port[]): readonly TableRoute[] {
  const routes: TableRoute[] = [];
  for (const { classIx, action } of plane.fibs[device]?.entries() ?? []) {
    const prefixes = plane.classes[classIx]?.prefixes ?? [];
    const next = nextOf(action, ports);
    for (const prefix of prefixes) routes.push({ prefix, next });
  }
  return routes;
}

function nextOf(action: FibAction, ports: readonly Port[]): TableRoute['next'] {
  if (action.kind !== 'forward') return { kind: action.kind };
  const through = action.next.flatMap((hop) => ports.find(({ link }) => link === hop.link) ?? []);
  return through.length === 0 ? { kind: 'unreachable' } : { kind: 'forward', ports: through };
}

function* limits(box: Box): Iterable<string> {
  if (box.devices.length > 255) yield `${box.name}: more than 255 devices share a connection table`;
  for (const device of box.devices) {
    const { name } = device.device;
    if (steeringOf(device).length > 255) yield `${name}: more than 255 policy routes`;
    if (device.ports.some(({ number }) => number > MOST_PORTS)) yield `${name}: more than ${MOST_PORTS} links`;
  }
}

/** Neighbours that reports go to have 16-bit numbers; those of ports start at 256 and stay below the broadcast address. */
const MOST_PORTS = 60_000;

function wireOf(devices: readonly BoxDevice[], link: LinkIx): KernelWire {
  const ends = ([0, 1] as const).map((end) =>
    devices.flatMap(({ box, ports }) =>
      ports.filter((port) => port.link === link && port.end === end).map((port) => ({ box, port })),
    ),
  );
  const [[a] = [], [b] = []] = ends;
  if (a === undefined || b === undefined) throw new Error(`link ${link} has no two ends`);
  return { link, boxes: [a.box, b.box], interfaces: [a.port.interface, b.port.interface] };
}

/**
 * Ports and reports. Packets that leave towards the hosts go to a neighbour whose number says what they are: 1 is a
 * packet for a host, 2 and up a copy of a dropped one, 256 and up a copy of one that arrived on a port.
 */
export const HOST_NEIGHBOUR = 1;

export function dropNeighbour(reason: DropReason): number {
  return 2 + dropReasons.indexOf(reason);
}

export function portNeighbour(port: Port): number {
  return 255 + port.number;
}

/** Every neighbour a device sends to on its host interface. */
export function neighbours({ ports }: BoxDevice): readonly number[] {
  return [
    HOST_NEIGHBOUR,
    ...dropReasons.map((reason) => dropNeighbour(reason)),
    ...ports.map((port) => portNeighbour(port)),
  ];
}

export function neighbourAddress(number: number, family: Family): string {
  return family === 4 ? `169.254.${number >>> 8}.${number & 255}` : `fe80::${number.toString(16)}`;
}

export function neighbourMac(number: number): string {
  return `02:b9:00:00:${hex(number >>> 8)}:${hex(number & 255)}`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** Table of a device, or of one of its steering rules (from 1). */
export function tableOf({ slot }: BoxDevice, steering = 0): number {
  return 1000 + slot * 256 + steering;
}

/** The packet mark: device of the box, steering rule, port it arrived on (0: from a host). */
export function mark(slot: number, steering = 0, port = 0): string {
  return `0x${((port * 2 ** 16 + steering * 256 + slot) >>> 0).toString(16)}`;
}

/**
 * What a request is about, as a DSCP (RFC 2474), which is how the lab's policy routes know an application: 0 an answer,
 * 1 a flow that no rule names, 2 and up the flows that rules name.
 */
export function flowCode(network: Network, flow: string): number {
  const at = namedFlows(network).indexOf(flow);
  return at < 0 ? 1 : at + 2;
}

function namedFlows({ devices }: Network): readonly string[] {
  const flows = devices.flatMap(({ steering = [] }) =>
    steering.flatMap((rule) => (rule.flows === 'all' ? [] : rule.flows)),
  );
  return [...new Set(flows)].sort();
}
