/**
 * Ports of a conversation cut into classes: ports that every rule of the network treats alike. One port per class is
 * followed and speaks for the others. TCP and UDP are never one class, because a proxy carries TCP only.
 */
import type { Network, PortRange } from '@bothways/network';
import { FIRST_CLIENT_PORT, LAST_PORT, type Protocol, type Transport } from './packet.ts';

export interface PortClass {
  readonly ports: readonly PortRange[];
  readonly protocol: Protocol | undefined;
  /** Packets that stand for the class, one for each range of client ports that is treated alike. */
  readonly transports: readonly (Transport | undefined)[];
}

interface Cuts {
  /** Destination ports of every rule. */
  readonly services: readonly PortRange[];
  /** One port for each part of the dynamic ports that filters without state tell apart, by protocol. */
  readonly clients: Readonly<Record<Protocol, readonly number[]>>;
}

const cutsByNetwork = new WeakMap<Network, Cuts>();

/** The classes of a list of ranges, in the order of their first ports; one without transport where nobody says ports. */
export function portClasses(network: Network, ports: readonly PortRange[]): readonly PortClass[] {
  if (ports.length === 0) return [{ ports: [], protocol: undefined, transports: [undefined] }];
  const { services, clients } = cutsOf(network);
  const classes = new Map<string, { readonly protocol: Protocol; readonly ports: PortRange[] }>();
  for (const { protocol, first, last } of disjoint(ports)) {
    const rules = services.filter((rule) => rule.protocol === protocol && rule.first <= last && rule.last >= first);
    const starts = new Set([first]);
    for (const rule of rules) {
      if (rule.first > first) starts.add(rule.first);
      if (rule.last < last) starts.add(rule.last + 1);
    }
    const sorted = [...starts].sort((a, b) => a - b);
    for (const [at, start] of sorted.entries()) {
      const end = (sorted[at + 1] ?? last + 1) - 1;
      const members = services.flatMap((rule, ix) => (holds(rule, protocol, start) ? [ix] : []));
      const key = `${protocol} ${members.join()}`;
      const held = classes.get(key);
      if (held === undefined) classes.set(key, { protocol, ports: [{ protocol, first: start, last: end }] });
      else held.ports.push({ protocol, first: start, last: end });
    }
  }
  return [...classes.values()].map(({ protocol, ports: held }) => {
    const destinationPort = held[0]?.first ?? 0;
    const transports = clients[protocol].map((sourcePort) => ({ protocol, sourcePort, destinationPort }));
    return { protocol, ports: held, transports };
  });
}

/** The same ports without overlaps, touching ranges joined: TCP first, ascending. */
export function disjoint(ports: readonly PortRange[]): readonly PortRange[] {
  const sorted = ports.toSorted((a, b) => a.protocol.localeCompare(b.protocol) || a.first - b.first || a.last - b.last);
  const joined: PortRange[] = [];
  for (const each of sorted) {
    const previous = joined.at(-1);
    if (previous !== undefined && previous.protocol === each.protocol && each.first <= previous.last + 1) {
      joined[joined.length - 1] = { ...previous, last: Math.max(previous.last, each.last) };
    } else joined.push(each);
  }
  return joined;
}

function cutsOf(network: Network): Cuts {
  const known = cutsByNetwork.get(network);
  if (known !== undefined) return known;
  const services = new Map<string, PortRange>();
  const clients = { tcp: new Set([FIRST_CLIENT_PORT]), udp: new Set([FIRST_CLIENT_PORT]) };
  for (const { firewall, destinationNat = [] } of network.devices) {
    const rules = firewall?.rules?.flatMap((rule) => rule.ports) ?? [];
    const permits = firewall?.permitInbound.flatMap((each) => each.ports ?? []) ?? [];
    for (const range of [...rules, ...permits, ...destinationNat.flatMap((each) => each.ports)]) {
      services.set(`${range.protocol} ${range.first} ${range.last}`, range);
    }
    if (firewall?.stateful !== false) continue;
    // Only filters without state see answers, whose destination port is the client's.
    for (const { protocol, first, last } of rules) {
      for (const port of [first, last + 1]) {
        if (port > FIRST_CLIENT_PORT && port <= LAST_PORT) clients[protocol].add(port);
      }
    }
  }
  const cuts: Cuts = { services: [...services.values()], clients: { tcp: [...clients.tcp], udp: [...clients.udp] } };
  cutsByNetwork.set(network, cuts);
  return cuts;
}

function holds(rule: PortRange, protocol: Protocol, port: number): boolean {
  return rule.protocol === protocol && rule.first <= port && port <= rule.last;
}
