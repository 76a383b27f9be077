/**
 * One packet through the network, on every equal-cost branch.
 *
 * Per device, in this order: source filter of the link it arrived on, stateful firewall (an answer must match a session;
 * a request passes the rules, or starts inside), translation back of an answer, policy route of a request, longest match,
 * translation of a request on the way out. This is the order of the Linux kernel (conntrack before the routing decision, source NAT after it), and of the
 * firewalls the estate describes.
 *
 * Left out: ports and port capacity, destination NAT, proxies, MTU, ICMP errors.
 */
import { type Address, compareAddresses, type Prefix, type PrefixSet, prefixSet, setHas } from '@bothways/net';
import type { Device, DeviceIx, FirewallPolicyRule, Link, LinkIx, Network, SteeringRule } from '@bothways/network';
import type { FibEntry } from '@bothways/routing';
import type { AddressSpace } from './address-space.ts';
import type { Disposition } from './disposition.ts';
import type { Hop, Packet, PacketPath, SessionState, Step } from './path.ts';

/** Branches of one packet that are followed before the answer becomes 'too-many-branches'. */
const MAXIMUM_BRANCHES = 256;

export interface WalkInput {
  readonly network: Network;
  readonly space: AddressSpace;
}

/** What a request is about besides its addresses; answers need none of it. */
export interface Subject {
  /** Id of the flow: steering chooses by it. */
  readonly flow: string;
  /** The main port of the flow; undefined: rules that name ports do not fit. */
  readonly port: { readonly protocol: 'tcp' | 'udp'; readonly port: number } | undefined;
}

interface Position {
  readonly device: DeviceIx;
  readonly arrivedOn: LinkIx | undefined;
  readonly packet: Packet;
  readonly hops: readonly Hop[];
  readonly sessions: readonly SessionState[];
}

/** A request: opens sessions on the stateful devices it passes. */
export function walkRequest(
  input: WalkInput,
  start: DeviceIx,
  packet: Packet,
  subject: Subject,
): readonly PacketPath[] {
  return walk(input, start, packet, { kind: 'request', subject });
}

/** An answer to a request that left these sessions behind. */
export function walkAnswer(
  input: WalkInput,
  start: DeviceIx,
  packet: Packet,
  sessions: readonly SessionState[],
): readonly PacketPath[] {
  return walk(input, start, packet, { kind: 'answer', sessions });
}

type Errand =
  | { readonly kind: 'request'; readonly subject: Subject }
  | { readonly kind: 'answer'; readonly sessions: readonly SessionState[] };

function walk(input: WalkInput, start: DeviceIx, packet: Packet, errand: Errand): readonly PacketPath[] {
  const paths: PacketPath[] = [];
  const open: Position[] = [{ device: start, arrivedOn: undefined, packet, hops: [], sessions: [] }];
  for (let position = open.pop(); position !== undefined; position = open.pop()) {
    if (paths.length + open.length >= MAXIMUM_BRANCHES) {
      paths.push(ended(position, [], undefined, position.packet, 'too-many-branches'));
      break;
    }
    const visit = visitDevice(input, position, errand);
    if (visit.kind === 'end') paths.push(visit.path);
    // Pushed in reverse, so that the first branch of the table is followed first.
    else open.push(...visit.onward.toReversed());
  }
  return paths;
}

type Visit =
  | { readonly kind: 'end'; readonly path: PacketPath }
  | { readonly kind: 'onward'; readonly onward: readonly Position[] };

function visitDevice(input: WalkInput, position: Position, errand: Errand): Visit {
  const device = deviceAt(input.network, position.device);
  const steps: Step[] = [];
  let packet = position.packet;
  const end = (disposition: Disposition, entry?: FibEntry): Visit => ({
    kind: 'end',
    path: ended(position, steps, entry, packet, disposition),
  });
  const drop = (because: Disposition, origins: Device['origins'], entry?: FibEntry): Visit => {
    steps.push({ kind: 'dropped', because, origins });
    return end(because, entry);
  };

  if (position.hops.some((hop) => hop.device === device.ix && samePacket(hop.packet, packet))) {
    return drop('loop', []);
  }
  const filter = device.sourceFilters.find((each) => each.link === position.arrivedOn);
  if (filter !== undefined) {
    if (!insideAny(filter.permit, packet.source)) return drop('refused-at-microsoft-edge', filter.origins);
    steps.push({ kind: 'source-accepted', origins: filter.origins });
  }

  const firewall = device.firewall;
  const keepsState = firewall?.stateful === true || device.sourceNat.length > 0;
  const sessions = [...position.sessions];
  if (errand.kind === 'answer' && keepsState) {
    const group = firewall?.stateGroup ?? device.name;
    const session = errand.sessions.find((each) => each.stateGroup === group && isAnswerTo(packet, each.after));
    if (session === undefined && firewall?.stateful === true) return drop('no-state', firewall.origins);
    if (session !== undefined) {
      steps.push({ kind: 'session-matched', stateGroup: group, origins: firewall?.origins ?? device.origins });
      const inner: Packet = { source: packet.source, destination: session.before.source };
      if (!samePacket(inner, packet)) {
        steps.push({ kind: 'translated', from: packet, to: inner, origins: [] });
        packet = inner;
      }
    }
  }
  if (errand.kind === 'request' && firewall !== undefined && position.arrivedOn !== undefined) {
    const fromInside = firewall.inside.includes(position.arrivedOn);
    const rule = firewall.rules?.find((each) => ruleFits(each, fromInside, packet, errand.subject));
    if (rule?.action === 'deny') return drop('denied', rule.origins);
    const permitted = firewall.permitInbound.some((each) => insideAny(each.destinations, packet.destination));
    if (rule === undefined && !fromInside && !permitted) return drop('denied', firewall.origins);
  }
  const family = packet.destination.family;
  const entry = input.space.entry(device.ix, family, input.space.atomOf(packet.destination));
  if (entry?.action.kind === 'deliver') return end('delivered', entry);
  const steering = errand.kind === 'request' ? steeringOf(device, position, packet, errand.subject) : undefined;
  if (steering !== undefined) steps.push({ kind: 'steered', edge: steering.edge, origins: steering.origins });
  else if (entry === undefined) return drop('no-route', []);
  else if (entry.action.kind === 'discard') return drop('discarded', entry.origins, entry);
  const ways = steering !== undefined ? [steering.next] : entry?.action.kind === 'forward' ? entry.action.next : [];
  const onward: Position[] = [];
  for (const way of ways) {
    for (const outgoing of leave(input, device, way.link, packet, errand.kind === 'request', steps, sessions)) {
      onward.push({
        device: way.device,
        arrivedOn: way.link,
        packet: outgoing.packet,
        hops: [
          ...position.hops,
          {
            device: device.ix,
            arrivedOn: position.arrivedOn,
            leftOn: way.link,
            packet: position.packet,
            steps: outgoing.steps,
            entry: steering === undefined ? entry : undefined,
            equalWays: ways.length,
          },
        ],
        sessions: outgoing.sessions,
      });
    }
  }
  return { kind: 'onward', onward };
}

/** The policy route for this request; one that would send it back where it came from does not count. */
function steeringOf(device: Device, position: Position, packet: Packet, subject: Subject): SteeringRule | undefined {
  return device.steering?.find(
    (rule) =>
      (rule.flows === 'all' || rule.flows.includes(subject.flow)) &&
      rule.next.link !== position.arrivedOn &&
      insideAny(rule.sources, packet.source),
  );
}

/** Rules are judged for the main port of the flow. */
function ruleFits(rule: FirewallPolicyRule, fromInside: boolean, packet: Packet, { port }: Subject): boolean {
  if (rule.zone !== 'any' && (rule.zone === 'inside') !== fromInside) return false;
  if (rule.from.length > 0 && !insideAny(rule.from, packet.source)) return false;
  if (rule.to.length > 0 && !insideAny(rule.to, packet.destination)) return false;
  if (rule.ports.length === 0) return true;
  return (
    port !== undefined &&
    rule.ports.some((each) => each.protocol === port.protocol && each.first <= port.port && port.port <= each.last)
  );
}

interface Outgoing {
  readonly packet: Packet;
  readonly steps: readonly Step[];
  readonly sessions: readonly SessionState[];
}

/** Translation and session state of a request on its way out; one result for each part of the pool that is treated alike. */
function leave(
  input: WalkInput,
  device: Device,
  link: LinkIx,
  packet: Packet,
  isRequest: boolean,
  steps: readonly Step[],
  sessions: readonly SessionState[],
): readonly Outgoing[] {
  if (!isRequest) return [{ packet, steps, sessions }];
  const group = device.firewall?.stateGroup ?? device.name;
  const stateful = device.firewall?.stateful === true;
  const rule = device.sourceNat.find((each) => each.link === link && insideAny(each.sources, packet.source));
  if (rule === undefined) {
    if (!stateful) return [{ packet, steps, sessions }];
    return [
      {
        packet,
        steps: [...steps, { kind: 'session-opened', stateGroup: group, origins: device.firewall?.origins ?? [] }],
        sessions: [...sessions, { stateGroup: group, before: packet, after: packet }],
      },
    ];
  }
  return input.space.pieces(setOf(rule.pool), packet.source.family).map((part) => {
    const translated: Packet = { source: part.representative, destination: packet.destination };
    const opened: Step[] = stateful
      ? [{ kind: 'session-opened', stateGroup: group, origins: device.firewall?.origins ?? [] }]
      : [];
    return {
      packet: translated,
      steps: [...steps, ...opened, { kind: 'translated', from: packet, to: translated, origins: rule.origins }],
      sessions: [...sessions, { stateGroup: group, before: packet, after: translated }],
    };
  });
}

function ended(
  position: Position,
  steps: readonly Step[],
  entry: FibEntry | undefined,
  packet: Packet,
  disposition: Disposition,
): PacketPath {
  const hop: Hop = {
    device: position.device,
    arrivedOn: position.arrivedOn,
    leftOn: undefined,
    packet: position.packet,
    steps,
    entry,
    equalWays: 1,
  };
  return { hops: [...position.hops, hop], disposition, last: packet, sessions: position.sessions };
}

function isAnswerTo(answer: Packet, request: Packet): boolean {
  return (
    compareAddresses(answer.source, request.destination) === 0 &&
    compareAddresses(answer.destination, request.source) === 0
  );
}

function samePacket(a: Packet, b: Packet): boolean {
  return compareAddresses(a.source, b.source) === 0 && compareAddresses(a.destination, b.destination) === 0;
}

/** Lists of the network as sets, made once: a rule for 5,000 sites is asked at every hop. */
const listSets = new WeakMap<readonly Prefix[], PrefixSet>();

function setOf(prefixes: readonly Prefix[]): PrefixSet {
  let set = listSets.get(prefixes);
  if (set === undefined) {
    set = prefixSet(prefixes);
    listSets.set(prefixes, set);
  }
  return set;
}

function insideAny(prefixes: readonly Prefix[], address: Address): boolean {
  return setHas(setOf(prefixes), address);
}

export function deviceAt(network: Network, ix: DeviceIx): Device {
  const device = network.devices[ix];
  if (device === undefined) throw new RangeError(`device ${ix} of ${network.devices.length}`);
  return device;
}

export function linkAt(network: Network, ix: LinkIx): Link {
  const link = network.links[ix];
  if (link === undefined) throw new RangeError(`link ${ix} of ${network.links.length}`);
  return link;
}
