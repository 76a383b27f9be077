/** The commands that build a planned data plane: input of `ip -batch`, and of one shell per box. */
import { type Family, formatPrefix } from '@bothways/net';
import type { Network } from '@bothways/network';
import { macAddress } from './addressing.ts';
import { ipBatch } from './ip-batch.ts';
import {
  type Box,
  type BoxDevice,
  HOST_NEIGHBOUR,
  type KernelPlan,
  mark,
  neighbourAddress,
  neighbourMac,
  neighbours,
  type Port,
  steeringOf,
  type TableRoute,
  tableOf,
} from './kernel-plan.ts';
import { renderNftables } from './render-nftables.ts';

export interface KernelScript {
  /** For `ip -batch -` in the sandbox. */
  readonly namespaces: string;
  /** For `ip -batch -` in the sandbox: links between boxes. */
  readonly links: string;
  readonly boxes: readonly { readonly name: string; readonly shell: string }[];
  /** For `ip -batch -`: takes all of it away. */
  readonly removal: string;
}

/** Where the process that plays the hosts listens, and the far side that carries the host interfaces. RFC 5737. */
export const hostsEnd = {
  namespace: 'hosts',
  near: '192.0.2.1',
  far: '192.0.2.2',
  port: 4789,
  mac: '02:b8:00:00:00:01',
};

/** The same for the real ends of connections, whose own side is the first namespace of the sandbox. */
export const realEnds = {
  namespace: 'ends',
  near: '192.0.2.5',
  far: '192.0.2.6',
  /** Neighbours through which the devices are reached. */
  gateways: { 4: '169.254.0.1', 6: 'fe80::1' },
};

/** For `ip -batch -` in the sandbox, once, before any box. */
export const hostsScript = [
  'link set dev lo up',
  `netns add ${hostsEnd.namespace}`,
  `link add name hosts type veth peer name hosts netns ${hostsEnd.namespace}`,
  `addr add ${hostsEnd.near}/30 dev hosts`,
  'link set dev hosts up',
  '',
].join('\n');

/** For `ip -batch -` in the namespace of the host interfaces, once. */
export const hostsFarScript = [
  'link set dev lo up',
  `addr add ${hostsEnd.far}/30 dev hosts`,
  'link set dev hosts up',
  '',
].join('\n');

export function kernelScript(plans: readonly KernelPlan[]): KernelScript {
  const boxes = plans.flatMap((plan) => plan.boxes);
  return {
    namespaces: lines(boxes.map(({ name }) => `netns add ${name}`)),
    links: lines(
      plans.flatMap(({ wires }) =>
        wires.map(
          ({ link, boxes: [a, b], interfaces: [near, far] }) =>
            `link add name ${near} address ${macAddress(link, 0)} netns ${a} type veth peer name ${far} address ${macAddress(link, 1)} netns ${b}`,
        ),
      ),
    ),
    boxes: plans.flatMap(({ network, boxes: own }) =>
      own.map((box) => ({ name: box.name, shell: boxShell(network, box) })),
    ),
    removal: lines(boxes.map(({ name }) => `netns del ${name}`)),
  };
}

function lines(items: readonly string[]): string {
  return items.map((item) => `${item}\n`).join('');
}

const families = [4, 6] as const;

const settings: readonly string[] = [
  'net/ipv4/ip_forward=1',
  'net/ipv4/fib_multipath_hash_policy=1',
  'net/ipv6/conf/all/forwarding=1',
  'net/ipv6/fib_multipath_hash_policy=1',
];

/** Nothing but forwarding: no filtering by reverse path, no redirects, no addresses or neighbours of the kernel's own. */
const perInterface: readonly string[] = [
  'ipv4/conf/*/rp_filter=0',
  'ipv4/conf/*/send_redirects=0',
  'ipv6/conf/*/accept_dad=0',
  'ipv6/conf/*/addr_gen_mode=1',
];

function boxShell(network: Network, box: Box): string {
  return lines([
    ...settings.map((item) => `echo ${item.split('=')[1]} > /proc/sys/${item.split('=')[0]}`),
    ...perInterface.map(
      (item) => `for f in /proc/sys/net/${item.split('=')[0]}; do echo ${item.split('=')[1]} > $f; done`,
    ),
    ...ipBatch(['link set dev lo up', ...box.devices.flatMap((device) => deviceLines(device))]),
    ...families.flatMap((family) => ipBatch(box.devices.flatMap(ruleLines), { family })),
    ...rulesOf(network, box),
  ]);
}

function deviceLines(device: BoxDevice): readonly string[] {
  const { ports } = device;
  return [
    ...reportLines(device),
    ...ports
      .filter(({ up }) => up)
      .flatMap((port) => [
        `link set dev ${port.interface} up`,
        `neigh replace ${farAddress(port)} lladdr ${macAddress(port.link, port.end === 0 ? 1 : 0)} dev ${port.interface} nud permanent`,
      ]),
    ...device.routes.map((route) => routeLine(device, route, tableOf(device))),
    ...steeringLines(device),
  ];
}

/** The way to the hosts, and to whom copies of packets go. */
function reportLines(device: BoxDevice): readonly string[] {
  const { host, slot } = device;
  return [
    `link set dev ${host} up`,
    // One route per device of the box; the interface chooses. The protocol says that no table of the network holds it.
    `route replace 169.254.0.0/16 dev ${host} metric ${slot} proto kernel`,
    `route replace fe80::/64 dev ${host} metric ${slot} proto kernel`,
    ...neighbours(device).flatMap((number) =>
      ([4, 6] as const).map(
        (family) =>
          `neigh replace ${neighbourAddress(number, family)} lladdr ${neighbourMac(number)} dev ${host} nud permanent`,
      ),
    ),
  ];
}

function steeringLines(device: BoxDevice): readonly string[] {
  return steeringOf(device).flatMap(({ port }, at) => steeredLines(device, port, tableOf(device, at + 1)));
}

/** A steered request follows the rule wherever it is not for a host of the device itself. */
function steeredLines(device: BoxDevice, port: Port, table: number): readonly string[] {
  const next = { kind: 'forward', ports: [port] } as const;
  const defaults = (['0.0.0.0/0', '::/0'] as const).filter(
    (text) => !device.routes.some(({ prefix }) => formatPrefix(prefix) === text),
  );
  return [
    ...device.routes.map(({ prefix, next: before }) =>
      routeLine(device, { prefix, next: before.kind === 'deliver' ? before : next }, table),
    ),
    ...defaults.map((text) => `route add ${text} ${nextWords(device, next, text === '::/0' ? 6 : 4)} table ${table}`),
  ];
}

function routeLine(device: BoxDevice, { prefix, next }: TableRoute, table: number): string {
  const text = formatPrefix(prefix);
  if (next.kind === 'discard') return `route add blackhole ${text} table ${table}`;
  if (next.kind === 'unreachable') return `route add unreachable ${text} table ${table}`;
  if (next.kind === 'forward' && next.ports.length > 1) {
    return `route add ${text} table ${table} ${next.ports.map((port) => `nexthop ${via(farAddress(port), port.interface, prefix.family)}`).join(' ')}`;
  }
  return `route add ${text} ${nextWords(device, next, prefix.family)} table ${table}`;
}

function nextWords(device: BoxDevice, next: TableRoute['next'], family: Family): string {
  const [port] = next.kind === 'forward' ? next.ports : [];
  return port === undefined
    ? via(neighbourAddress(HOST_NEIGHBOUR, 6), device.host, family)
    : via(farAddress(port), port.interface, family);
}

function via(address: string, device: string, family: Family): string {
  return `via ${family === 4 ? 'inet6 ' : ''}${address} dev ${device}`;
}

/** The address of the other end of a port's link: nobody holds it, but everybody has an entry for it. */
function farAddress({ link, end }: Port): string {
  return `fe80::${(link + 1).toString(16)}:${end === 0 ? 2 : 1}`;
}

/** A mark that no table answers for must not fall through to the table of the box itself. */
function ruleLines(device: BoxDevice): readonly string[] {
  const { slot } = device;
  return [
    ...steeringRules(device),
    `rule add fwmark ${mark(slot)}/0xff lookup ${tableOf(device)} pref ${2000 + slot}`,
    `rule add fwmark ${mark(slot)}/0xff unreachable pref ${3000 + slot}`,
  ];
}

function steeringRules(device: BoxDevice): readonly string[] {
  const { slot } = device;
  return steeringOf(device).map(
    (_, at) => `rule add fwmark ${mark(slot, at + 1)}/0xffff lookup ${tableOf(device, at + 1)} pref ${1000 + slot}`,
  );
}

/** What a node of a lab with daemons gets on top of its tables: hosts, rules, translation, policy routes. */
export function dataPlaneShell(network: Network, box: Box): string {
  return lines([
    ...perInterface
      .filter((item) => item.startsWith('ipv4'))
      .map((item) => `for f in /proc/sys/net/${item.split('=')[0]}; do echo ${item.split('=')[1]} > $f; done`),
    'echo 1 > /proc/sys/net/ipv6/fib_multipath_hash_policy',
    ...ipBatch(box.devices.flatMap((device) => [...reportLines(device), ...steeringLines(device)])),
    ...families.flatMap((family) => ipBatch(box.devices.flatMap(steeringRules), { family })),
    ...rulesOf(network, box),
  ]);
}

/** The same once more, for a node whose rules have changed: in place of what `before` says it has. */
export function dataPlaneAgain(network: Network, box: Box, before: Box): string {
  const tables = before.devices.flatMap((device) => steeringOf(device).map((_, at) => tableOf(device, at + 1)));
  return lines([
    ...families.flatMap((family) => [
      ...before.devices.flatMap(steeringRules).map((rule) => `ip -${family} ${rule.replace('rule add', 'rule del')}`),
      ...tables.map((table) => `ip -${family} route flush table ${table} 2> /dev/null`),
    ]),
    dataPlaneShell(network, box),
  ]);
}

function rulesOf(network: Network, box: Box): readonly string[] {
  return [
    'nft -f - <<END',
    // Declared first, so that there is one to delete; all of it happens at once.
    ...['ip', 'ip6'].flatMap((family) => [`table ${family} bothways`, `delete table ${family} bothways`]),
    renderNftables(network, box),
    'END',
    // A packet from the middle of a session nobody has seen does not open one.
    '[ ! -e /proc/sys/net/netfilter/nf_conntrack_tcp_loose ] || echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose',
  ];
}

/** Input of `ip -batch` in the namespace of the host interfaces. */
export function hostLinks(plans: readonly KernelPlan[]): string {
  return lines(
    plans.flatMap(({ devices }) =>
      devices.map(
        ({ host, box, vni }) =>
          `link add name ${host} mtu 1500 address ${hostsEnd.mac} netns ${box} type vxlan id ${vni} remote ${hostsEnd.near} dstport ${hostsEnd.port} nolearning`,
      ),
    ),
  );
}
