/**
 * The nftables rules of a box: source filters, firewalls with connection tracking or without, translation both ways,
 * policy routes, and for every drop a named counter and a copy to the process that plays the hosts. Pure text.
 *
 * Everything is done before the routing decision (hook prerouting), in the order in which the kernel itself works:
 * -300 arrival and source filter, -200 connection tracking, -150 firewall, -100 translation of destinations (and the
 * translation back of answers), -95 policy routes, -90 whether there is a route; after the decision, 100 translation of
 * sources. A firewall that filters in the forward hook does the same, except that a packet without a route is gone
 * before it is judged.
 *
 * How requests and answers are told apart: in TCP a request is a SYN and its answer a SYN with ACK, which connection
 * tracking knows as well. In UDP nobody can tell them apart without state; `kernel-semantics.ts` says what follows.
 */
import {
  addressOf,
  type Family,
  formatAddress,
  formatPrefix,
  type Prefix,
  prefixSet,
  setIntervals,
} from '@bothways/net';
import type { FirewallPolicy, FirewallPolicyRule, LinkIx, Network, PortRange } from '@bothways/network';
import {
  type Box,
  type BoxDevice,
  type DropReason,
  dropNeighbour,
  dropReasons,
  flowCode,
  keepsState,
  mark,
  neighbourAddress,
  type Port,
  portNeighbour,
  steeringOf,
} from './kernel-plan.ts';

/** A ruleset for `nft -f`: one table per family. */
export function renderNftables(network: Network, box: Box): string {
  return ([4, 6] as const).map((family) => familyTable(network, box, family)).join('\n');
}

/** Name of the counter of a drop. */
export function counterName(device: BoxDevice, reason: DropReason): string {
  return `c${device.device.ix}_${reason.replaceAll('-', '_')}`;
}

interface Writer {
  readonly network: Network;
  readonly family: Family;
  /** 'ip' or 'ip6'. */
  readonly header: string;
  /** Prefix sets by their text. */
  readonly sets: Map<string, string>;
  readonly chains: string[];
}

function familyTable(network: Network, box: Box, family: Family): string {
  const header = family === 4 ? 'ip' : 'ip6';
  const writer: Writer = { network, family, header, sets: new Map(), chains: [] };
  const { devices } = box;
  const counters = devices.flatMap((device) =>
    dropReasons.map((reason) => `counter ${counterName(device, reason)} { }`),
  );
  for (const device of devices) {
    for (const reason of dropReasons) dropChain(writer, device, reason);
  }
  base(writer, 'arrival', 'filter', 'prerouting', -300, [
    // Routers talk to each other without a mark, which is what every other rule goes by.
    ...wiringLines(writer, box),
    // What the kernels themselves tell their neighbours is no packet of the lab.
    'meta l4proto != { tcp, udp } drop',
    ...devices.flatMap((device) => arrival(writer, device)),
  ]);
  perDevice(writer, 'wall', 'filter', 'prerouting', -150, devices, wall);
  perDevice(writer, 'published', 'nat', 'prerouting', -100, devices, published);
  perDevice(writer, 'steering', 'filter', 'prerouting', -95, devices, steering);
  perDevice(writer, 'routed', 'filter', 'prerouting', -90, devices, routed);
  perDevice(writer, 'transit', 'filter', 'postrouting', -50, devices, transit);
  perDevice(writer, 'translated', 'nat', 'postrouting', 100, devices, translated);
  const sets = [...writer.sets].map(
    ([elements, name]) =>
      `set ${name} { type ${family === 4 ? 'ipv4_addr' : 'ipv6_addr'}; flags interval; auto-merge; elements = { ${elements} }; }`,
  );
  return [`table ${header} bothways {`, ...indented([...counters, ...sets, ...writer.chains]), '}'].join('\n');
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split('\n').map((each) => `  ${each}`));
}

function chain(writer: Writer, name: string, rules: readonly string[]): void {
  writer.chains.push([`chain ${name} {`, ...indented(rules), '}'].join('\n'));
}

function base(
  writer: Writer,
  name: string,
  type: 'filter' | 'nat',
  hook: 'prerouting' | 'postrouting',
  priority: number,
  rules: readonly string[],
): void {
  if (rules.length === 0) return;
  chain(writer, name, [`type ${type} hook ${hook} priority ${priority}; policy accept;`, ...rules]);
}

/** A chain of every device that has something to say, entered by the device in the mark. */
function perDevice(
  writer: Writer,
  name: string,
  type: 'filter' | 'nat',
  hook: 'prerouting' | 'postrouting',
  priority: number,
  devices: readonly BoxDevice[],
  rulesOf: (writer: Writer, device: BoxDevice) => readonly string[],
): void {
  const jumps: string[] = [];
  for (const device of devices) {
    const rules = rulesOf(writer, device);
    if (rules.length === 0) continue;
    const own = `${name}_${device.device.ix}`;
    chain(writer, own, rules);
    jumps.push(`meta mark & 0xff == ${mark(device.slot)} jump ${own}`);
  }
  base(writer, name, type, hook, priority, jumps);
}

function dropChainName(device: BoxDevice, reason: DropReason): string {
  return `drop_${device.device.ix}_${reason.replaceAll('-', '_')}`;
}

function dropChain(writer: Writer, device: BoxDevice, reason: DropReason): void {
  const to = neighbourAddress(dropNeighbour(reason), writer.family);
  chain(writer, dropChainName(device, reason), [
    `counter name "${counterName(device, reason)}"`,
    `dup to ${to} device "${device.host}"`,
    'drop',
  ]);
}

function drop(device: BoxDevice, reason: DropReason): string {
  return `goto ${dropChainName(device, reason)}`;
}

function wiringLines(writer: Writer, { wiring }: Box): readonly string[] {
  if (wiring === undefined) return [];
  const within = whenIn(writer, 'daddr', wiring);
  const neighbourhood = writer.family === 6 ? ['ip6 daddr fe80::/10 return'] : [];
  return [...(within === undefined ? [] : [`${within}return`]), ...neighbourhood];
}

function arrival(writer: Writer, device: BoxDevice): readonly string[] {
  const { family } = writer;
  const ports = device.ports.filter(({ up }) => up);
  return [
    `iifname "${device.host}" meta mark set ${mark(device.slot)} return`,
    ...ports.map(
      (port) =>
        `iifname "${port.interface}" meta mark set ${mark(device.slot, 0, port.number)} dup to ${neighbourAddress(portNeighbour(port), family)} device "${device.host}"`,
    ),
    ...ports.flatMap((port) => circuitMark(writer, device, port)),
    `meta mark & 0xff == ${mark(device.slot)} ${family === 4 ? 'ip ttl' : 'ip6 hoplimit'} < 2 ${drop(device, 'loop')}`,
    ...device.device.sourceFilters.flatMap(({ link, permit }) => {
      const port = ports.find((each) => each.link === link);
      if (port === undefined) return [];
      return [`iifname "${port.interface}" ${unlessIn(writer, 'saddr', permit)}${drop(device, 'refused')}`];
    }),
  ];
}

/**
 * A circuit gives no transit to the internet (ER-007). Microsoft's devices know a packet that came over a circuit's
 * Microsoft peering by a mark in the packet, for which the lab takes the ECN field (RFC 3168): set where it comes off
 * the circuit, cleared where it leaves Microsoft's half.
 */
function circuitMark({ network, header }: Writer, { device }: BoxDevice, port: Port): readonly string[] {
  if (!hasTransit(network)) return [];
  const link = network.links[port.link];
  const set = (word: string): readonly string[] => [`iifname "${port.interface}" ${header} ecn set ${word}`];
  if (device.half !== 'microsoft') return set('not-ect');
  return link?.kind === 'circuit' && link.peering !== 'private' ? set('ect1') : [];
}

function transit({ network, header }: Writer, device: BoxDevice): readonly string[] {
  if (!hasTransit(network) || device.device.half !== 'microsoft') return [];
  return device.ports
    .filter(({ link, up }) => up && network.links[link]?.kind === 'internet')
    .map((port) => `oifname "${port.interface}" ${header} ecn ect1 ${drop(device, 'not-carried')}`);
}

/** Some device of Microsoft's has a link to the internet, so that there is anything to keep packets from. */
function hasTransit({ devices, links }: Network): boolean {
  return links.some(
    ({ kind, a, b }) => kind === 'internet' && [a, b].some((end) => devices[end]?.half === 'microsoft'),
  );
}

/** Words that hold for an address in the prefixes; undefined where none is of the family. */
function whenIn(
  { family, header, sets }: Writer,
  field: 'saddr' | 'daddr',
  prefixes: readonly Prefix[],
): string | undefined {
  const mine = prefixes.filter((each) => each.family === family);
  if (mine.length === 0) return undefined;
  const [only] = mine;
  if (mine.length === 1 && only?.length === 0) return '';
  return `${header} ${field} @${setName(sets, mine)} `;
}

function unlessIn({ family, header, sets }: Writer, field: 'saddr' | 'daddr', prefixes: readonly Prefix[]): string {
  const mine = prefixes.filter((each) => each.family === family);
  return mine.length === 0 ? '' : `${header} ${field} != @${setName(sets, mine)} `;
}

function setName(sets: Map<string, string>, prefixes: readonly Prefix[]): string {
  const text = [...new Set(prefixes.map((each) => formatPrefix(each)))].join(', ');
  const known = sets.get(text);
  if (known !== undefined) return known;
  const name = `s${sets.size}`;
  sets.set(text, name);
  return name;
}

function wall(writer: Writer, device: BoxDevice): readonly string[] {
  const { firewall } = device.device;
  if (firewall === undefined) return [];
  const inside = whenFrom(device, firewall.inside);
  const judged = (firewall.rules ?? []).flatMap((rule) => ruleLines(writer, device, firewall, rule));
  const permitted = firewall.permitInbound.flatMap(({ destinations, ports = [] }) => {
    const to = whenIn(writer, 'daddr', destinations);
    return to === undefined ? [] : portWords(ports).map((words) => `${to}${words}return`);
  });
  return [
    `iifname "${device.host}" return`,
    ...(firewall.stateful
      ? ['ct state established,related return', `ct state invalid ${drop(device, 'no-state')}`, ...judged]
      : // Rules see an answer as the packet that it is; without one that fits it passes.
        [...judged, 'tcp flags & (syn | ack) == syn | ack return']),
    ...(inside === undefined ? [] : [`${inside}return`]),
    ...permitted,
    drop(device, 'denied'),
  ];
}

function ruleLines(
  writer: Writer,
  device: BoxDevice,
  firewall: FirewallPolicy,
  rule: FirewallPolicyRule,
): readonly string[] {
  const zone =
    rule.zone === 'any'
      ? ''
      : rule.zone === 'inside'
        ? whenFrom(device, firewall.inside)
        : unlessFrom(device, firewall.inside);
  const from = rule.from.length === 0 ? '' : whenIn(writer, 'saddr', rule.from);
  const to = rule.to.length === 0 ? '' : whenIn(writer, 'daddr', rule.to);
  if (zone === undefined || from === undefined || to === undefined) return [];
  const verdict = rule.action === 'allow' ? 'return' : drop(device, 'denied');
  return portWords(rule.ports).map((ports) => `${zone}${from}${to}${ports}${verdict}`);
}

/** One per protocol; one without words where every port fits. */
function portWords(ranges: readonly PortRange[]): readonly string[] {
  if (ranges.length === 0) return [''];
  return (['tcp', 'udp'] as const).flatMap((protocol) => {
    const mine = ranges.filter((each) => each.protocol === protocol);
    if (mine.length === 0) return [];
    return mine.map(({ first, last }) => `${protocol} dport ${first === last ? first : `${first}-${last}`} `);
  });
}

function portsOf({ ports }: BoxDevice, links: readonly LinkIx[]): BoxDevice['ports'] {
  return ports.filter(({ link, up }) => up && links.includes(link));
}

function whenFrom(device: BoxDevice, links: readonly LinkIx[]): string | undefined {
  const names = portsOf(device, links).map((port) => `"${port.interface}"`);
  return names.length === 0 ? undefined : `iifname { ${names.join(', ')} } `;
}

function unlessFrom(device: BoxDevice, links: readonly LinkIx[]): string {
  const names = portsOf(device, links).map((port) => `"${port.interface}"`);
  return names.length === 0 ? '' : `iifname != { ${names.join(', ')} } `;
}

function published({ family, header }: Writer, device: BoxDevice): readonly string[] {
  return (device.device.destinationNat ?? []).flatMap(({ links, publicAddress, insideAddress, ports }) => {
    const from = whenFrom(device, links);
    if (from === undefined || publicAddress.family !== family || insideAddress.family !== family) return [];
    const to = `${header} daddr ${formatAddress(publicAddress)} `;
    return portWords(ports).map((words) => `${from}${to}${words}dnat to ${formatAddress(insideAddress)}`);
  });
}

function steering(writer: Writer, device: BoxDevice): readonly string[] {
  return steeringOf(device).flatMap(({ rule, port }, at) => {
    const from = whenIn(writer, 'saddr', rule.sources);
    if (from === undefined) return [];
    const codes = rule.flows === 'all' ? [] : rule.flows.map((flow) => flowCode(writer.network, flow));
    const about = rule.flows === 'all' ? '!= 0' : `{ ${[...new Set(codes)].join(', ')} }`;
    if (rule.flows !== 'all' && codes.length === 0) return [];
    const set = `meta mark set meta mark & 0xffff00ff | ${mark(0, at + 1)}`;
    return [`${writer.header} dscp ${about} iifname != "${port.interface}" ${from}${set} return`];
  });
}

/** The look-up finds no way out where there is no route or one that discards; the latter only where one covers the packet. */
function routed(writer: Writer, device: BoxDevice): readonly string[] {
  const discards = device.routes.flatMap(({ prefix, next }) => (next.kind === 'discard' ? [prefix] : []));
  const discarded = whenIn(writer, 'daddr', discards);
  const missing = 'fib daddr . mark oif missing';
  return [
    ...(discarded === undefined ? [] : [`${missing} ${discarded}${drop(device, 'discarded')}`]),
    `${missing} ${drop(device, 'no-route')}`,
  ];
}

function translated(writer: Writer, device: BoxDevice): readonly string[] {
  if (!keepsState(device.device)) return [];
  const rules = device.device.sourceNat.flatMap(({ link, sources, pool }, at) => {
    const [port] = portsOf(device, [link]);
    const from = whenIn(writer, 'saddr', sources);
    const to = poolWords(writer, `pool_${device.device.ix}_${at}`, pool);
    return port === undefined || from === undefined || to === undefined
      ? []
      : [`oifname "${port.interface}" ${from}${to}`];
  });
  const inbound = (device.device.inboundSourceNat ?? []).flatMap(({ links, destinations, pool }, at) => {
    const marks = portsOf(device, links).map(({ number }) => mark(0, 0, number));
    const to = whenIn(writer, 'daddr', destinations);
    const words = poolWords(writer, `inward_${device.device.ix}_${at}`, pool);
    if (marks.length === 0 || to === undefined || words === undefined) return [];
    return [`meta mark & 0xffff0000 { ${marks.join(', ')} } ${to}${words}`];
  });
  return [...rules, ...inbound];
}

function poolWords(writer: Writer, name: string, pool: readonly Prefix[]): string | undefined {
  const { family } = writer;
  const mine = pool.filter((each) => each.family === family);
  if (mine.length === 0) return undefined;
  const ranges = setIntervals(prefixSet(mine), family).map(({ first, last }) => {
    const [from, to] = [first, last].map((bits) => formatAddress(addressOf(family, bits)));
    return first === last ? `${from}` : `${from}-${to}`;
  });
  const [only] = ranges;
  if (ranges.length === 1) return `snat to ${only}`;
  // Several ranges: one of them for each session.
  for (const [at, range] of ranges.entries()) chain(writer, `${name}_${at}`, [`snat to ${range}`]);
  const parts = ranges.map((_, at) => `${at} : goto ${name}_${at}`);
  return `numgen inc mod ${ranges.length} vmap { ${parts.join(', ')} }`;
}
