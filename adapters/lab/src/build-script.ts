/**
 * The commands that build planned nodes, as input of `ip -batch` and of a shell per namespace. All links of all nodes
 * are made by one process, everything inside a namespace by one more: a process per command is what makes a lab slow.
 */
import { formatPrefix, type Prefix } from '@bothways/net';
import { ipBatch } from './ip-batch.ts';
import { HOST_NEIGHBOUR, hostInterface, neighbourAddress } from './kernel-plan.ts';
import type { Gateway, KernelRoute, LabInterface, LabNode, LabPlan } from './plan.ts';
import { kernelMetric } from './plan.ts';

export interface BuildScript {
  /** For `ip -batch -` in the sandbox: namespaces, then links between them. */
  readonly namespaces: string;
  readonly links: string;
  readonly nodes: readonly { readonly name: string; readonly shell: string }[];
}

export function buildScript(plans: readonly LabPlan[]): BuildScript {
  const nodes = plans.flatMap((plan) => plan.nodes.map((node) => ({ name: node.name, shell: nodeShell(plan, node) })));
  return {
    namespaces: lines(nodes.map((node) => `netns add ${node.name}`)),
    links: lines(plans.flatMap(linkLines)),
    nodes,
  };
}

function lines(items: readonly string[]): string {
  return items.map((item) => `${item}\n`).join('');
}

function linkLines(plan: LabPlan): readonly string[] {
  return plan.links.flatMap(({ link, interface: name }) => {
    const [a, b] = [plan.nodes[link.a], plan.nodes[link.b]];
    const [own, far] = [a?.interfaces.find((item) => item.link === link.ix), link.b];
    if (a === undefined || b === undefined || own === undefined || far === link.a) return [];
    return [
      `link add name ${name} address ${own.mac} netns ${a.name} type veth peer name ${name} address ${own.peerMac} netns ${b.name}`,
    ];
  });
}

const settings: readonly string[] = [
  'net/ipv4/ip_forward=1',
  'net/ipv4/ip_default_ttl=255',
  'net/ipv4/conf/all/rp_filter=0',
  'net/ipv4/conf/default/rp_filter=0',
  'net/ipv4/fib_multipath_hash_policy=1',
  'net/ipv6/conf/all/forwarding=1',
  'net/ipv6/conf/all/keep_addr_on_down=1',
];

function nodeShell(plan: LabPlan, node: LabNode): string {
  return lines([
    ...settings.map((item) => `echo ${item.split('=')[1]} > /proc/sys/${item.split('=')[0]}`),
    // Duplicate detection would keep IPv6 addresses back for a second, and the kernel's own link-local ones come late.
    'for file in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 > $file; done',
    'for file in /proc/sys/net/ipv6/conf/*/addr_gen_mode; do echo 1 > $file; done',
    ...ipBatch(
      plan.wiring.filter(({ family }) => family === 6).flatMap((range) => closedRange(range)),
      { family: 6 },
    ),
    ...ipBatch(nodeCommands(plan, node), { isLast: true }),
  ]);
}

/** Everything but rules of IPv6. */
function nodeCommands(plan: LabPlan, node: LabNode): readonly string[] {
  return [
    'link set dev lo up',
    ...node.loopbacks.map((address) => `addr add ${address} dev lo${address.includes(':') ? ' nodad' : ''}`),
    ...node.interfaces.flatMap((item) => [
      ...addressLines(item, 'add'),
      `link set dev ${item.name} ${item.up ? 'up' : 'down'}`,
      ...(item.up ? neighbourLines(item) : []),
    ]),
    // Only as far as routes to hosts need it; what is reported to them comes with the rules.
    ...(plan.hosts ? [`link set dev ${hostInterface(node.device.ix)} up`] : []),
    ...plan.wiring.filter(({ family }) => family === 4).flatMap((range) => closedRange(range)),
    ...routesOf(plan, node).map(({ words }) => `route add ${words}`),
  ];
}

/** For `ip -batch` in the namespace: the addresses of an interface. */
export function addressLines({ name, addresses, linkLocal }: LabInterface, verb: 'add' | 'replace'): readonly string[] {
  return [
    ...addresses.map((address) => `addr ${verb} ${address} dev ${name}${address.includes(':') ? ' nodad' : ''}`),
    `addr ${verb} ${linkLocal}/64 dev ${name} nodad`,
  ];
}

/** For `ip -batch`. Permanent, because the table of learned neighbours is one for the whole machine and small. */
export function neighbourLines({ name, peerAddresses, peerLinkLocal, peerMac }: LabInterface): readonly string[] {
  return [...peerAddresses, peerLinkLocal].map(
    (peer) => `neigh replace ${peer} lladdr ${peerMac} dev ${name} nud permanent`,
  );
}

/** A route of a node for `ip route`: the words that name it, and all words. */
export interface RouteText {
  readonly key: string;
  readonly words: string;
  readonly interfaces: readonly string[];
}

export function routesOf({ hosts }: LabPlan, { device, routes }: LabNode): readonly RouteText[] {
  const behind = hosts ? hostInterface(device.ix) : undefined;
  return routes.map((route) => ({
    key: `${formatPrefix(route.prefix)} metric ${kernelMetric(route.distance, route.cost)}`,
    words: routeWords(route, behind),
    interfaces:
      route.next.kind === 'forward' ? route.next.gateways.map((gateway) => gateway.interface) : [behind ?? 'lo'],
  }));
}

/** Sessions must not come up over a default route or another route of the network itself. */
function closedRange(range: Prefix): readonly string[] {
  const text = formatPrefix(range);
  return [
    `rule add to ${text} lookup main suppress_prefixlength ${range.length} pref 100`,
    `rule add unreachable to ${text} pref 101`,
  ];
}

/** The words after `ip route add` (or `del`). */
function routeWords({ prefix, next, distance, cost }: KernelRoute, hosts: string | undefined): string {
  const metric = `metric ${kernelMetric(distance, cost)}`;
  const text = formatPrefix(prefix);
  switch (next.kind) {
    case 'deliver':
      if (hosts === undefined) return `${text} dev lo ${metric}`;
      return `${text} via ${prefix.family === 4 ? 'inet6 ' : ''}${neighbourAddress(HOST_NEIGHBOUR, 6)} dev ${hosts} ${metric}`;
    case 'discard':
      return `blackhole ${text} ${metric}`;
    case 'forward': {
      const [only, ...more] = next.gateways;
      if (only !== undefined && more.length === 0) return `${text} ${via(only)} ${metric}`;
      return `${text} ${metric} ${next.gateways.map((gateway) => `nexthop ${via(gateway)}`).join(' ')}`;
    }
  }
}

function via({ address, interface: name }: Gateway): string {
  return `via ${address} dev ${name}`;
}
