/**
 * One packet through the network, on every equal-cost branch.
 *
 * Per device, in this order: source filter of the link it arrived on; firewall (see firewall.ts: an answer must match a
 * session where state is kept, a request must be allowed to start one); translation back of an answer; translation of a
 * request's destination; longest match, or the policy route of a request; size of the packet against the link; translation
 * of a request's source on the way out. This is the order of the Linux kernel (conntrack and destination translation
 * before the routing decision, source translation after it), and of the firewalls the estate describes.
 *
 * Equal-cost ways are all used: by the customer's devices, and by Microsoft, which shares traffic to the customer over up
 * to four equal circuits (ER-035). The internet and the cloud of a WAN provider are one device each here and many in
 * truth: which of several equal ways they take is nobody's promise, so one of them is taken and it is not known which. The
 * branches remember their choice (see possibilities.ts).
 *
 * Left out: fragments (packets carry "don't fragment", RFC 1191), IP options, multicast.
 */
import { setHas } from '@bothways/net';
import type { Device, DeviceIx, Link, LinkIx, Network, Origin, SteeringRule } from '@bothways/network';
import type { FibEntry, Hop as NextHop } from '@bothways/routing';
import type { AddressSpace } from './address-space.ts';
import type { Disposition } from './disposition.ts';
import { answerDeniedBy, requestDeniedBy } from './firewall.ts';
import { errorReturns, LARGEST_PACKET } from './mtu.ts';
import type { NetworkState } from './network-state.ts';
import { answerTo, isAnswerTo, type Packet, samePacket } from './packet.ts';
import type { Choice, Hop, PacketPath, SessionState, Step } from './path.ts';
import { insideAny, setOf } from './prefix-lists.ts';
import { destinationRule, type ExhaustedPool, sourceRule, translates } from './translation.ts';

/** Branches of one packet that are followed before the answer becomes 'too-many-branches'. */
export const MAXIMUM_BRANCHES = 256;

export interface WalkInput {
  readonly network: Network;
  readonly space: AddressSpace;
  readonly state: NetworkState;
  readonly exhausted?: readonly ExhaustedPool[];
}

/** What a request is about besides its packet; answers need none of it. */
export interface Subject {
  /** Id of the flow: steering chooses by it. Undefined: only rules for every flow fit, as on the way to a proxy. */
  readonly flow: string | undefined;
}

type Errand =
  | { readonly kind: 'request'; readonly subject: Subject; readonly start: DeviceIx; readonly sent: Packet }
  | {
      readonly kind: 'answer';
      readonly sessions: readonly SessionState[];
      readonly start: DeviceIx;
      readonly sent: Packet;
    };

/** A packet under way. The lists are its own: a branch gets copies. */
interface Walker {
  device: DeviceIx;
  arrivedOn: LinkIx | undefined;
  packet: Packet;
  /** Largest size that the sender uses on this way. */
  size: number;
  /** It entered Microsoft's half over Microsoft peering. */
  cameByCircuit: boolean;
  hops: Hop[];
  sessions: SessionState[];
  choices: Choice[];
}

/** A branch in waiting, or one that ended where it would have left a device. */
type Waiting = { readonly walker: Walker; readonly path: PacketPath | undefined };

/** A request: opens sessions on the stateful devices it passes. */
export function walkRequest(
  input: WalkInput,
  start: DeviceIx,
  packet: Packet,
  subject: Subject,
): readonly PacketPath[] {
  return walk(input, { kind: 'request', subject, start, sent: packet });
}

/** An answer to a request that left these sessions behind. */
export function walkAnswer(
  input: WalkInput,
  start: DeviceIx,
  packet: Packet,
  sessions: readonly SessionState[],
): readonly PacketPath[] {
  return walk(input, { kind: 'answer', sessions, start, sent: packet });
}

const NO_STEPS: readonly Step[] = [];
const NO_ORIGINS: readonly Origin[] = [];

function walk(input: WalkInput, errand: Errand): readonly PacketPath[] {
  const paths: PacketPath[] = [];
  const first: Walker = {
    device: errand.start,
    arrivedOn: undefined,
    packet: errand.sent,
    size: LARGEST_PACKET,
    cameByCircuit: false,
    hops: [],
    sessions: [],
    choices: [],
  };
  const open: Waiting[] = [{ walker: first, path: undefined }];
  for (let waiting = open.pop(); waiting !== undefined; waiting = open.pop()) {
    const { walker } = waiting;
    if (paths.length + open.length >= MAXIMUM_BRANCHES) {
      paths.push(ended(walker, NO_STEPS, undefined, walker.packet, 'too-many-branches'));
      break;
    }
    let { path } = waiting;
    while (path === undefined) {
      const visited = visit(input, walker, errand);
      if (visited.kind === 'end') {
        path = visited.path;
        break;
      }
      const { onward } = visited;
      const [only] = onward;
      if (only !== undefined && onward.length === 1) {
        path = moveOn(input.network, walker, only);
        continue;
      }
      // Pushed in reverse, so that the first branch of the table is followed first.
      for (const each of onward.toReversed()) {
        const branch = copyOf(walker);
        open.push({ walker: branch, path: moveOn(input.network, branch, each) });
      }
      break;
    }
    if (path !== undefined) paths.push(path);
  }
  return paths;
}

type Visit =
  | { readonly kind: 'end'; readonly path: PacketPath }
  | { readonly kind: 'onward'; readonly onward: readonly Onward[] };

/** One way out of a device, or what keeps the packet from taking it. */
interface Onward {
  readonly way: NextHop;
  readonly packet: Packet;
  readonly steps: readonly Step[];
  readonly session: SessionState | undefined;
  readonly choice: Choice | undefined;
  readonly size: number;
  readonly entry: FibEntry | undefined;
  readonly equalWays: number;
  /** It ends here after all. */
  readonly lost: Disposition | undefined;
}

function visit(input: WalkInput, walker: Walker, errand: Errand): Visit {
  const device = deviceAt(input.network, walker.device);
  const { arrivedOn } = walker;
  const isRequest = errand.kind === 'request';
  const { firewall } = device;
  const group = firewall?.stateGroup ?? device.name;
  const steps: Step[] = [];
  let packet = walker.packet;
  const drop = (because: Disposition, origins: readonly Origin[], entry?: FibEntry): Visit => {
    steps.push({ kind: 'dropped', because, origins });
    return { kind: 'end', path: ended(walker, steps, entry, packet, because) };
  };

  for (const hop of walker.hops) {
    if (hop.device === device.ix && samePacket(hop.packet, packet)) return drop('loop', NO_ORIGINS);
  }
  if (arrivedOn === undefined && !input.state.isDeviceUp(device.ix)) return drop('device-down', device.origins);
  const filter = device.sourceFilters.find((each) => each.link === arrivedOn);
  if (filter !== undefined) {
    if (!insideAny(filter.permit, packet.source)) return drop('refused-at-microsoft-edge', filter.origins);
    steps.push({ kind: 'source-accepted', origins: filter.origins });
  }

  if (isRequest) {
    if (firewall !== undefined && arrivedOn !== undefined) {
      const denied = requestDeniedBy(firewall, arrivedOn, packet);
      if (denied !== undefined) return drop('denied', denied);
    }
    const rule = destinationRule(device, arrivedOn, packet);
    if (rule !== undefined) {
      const to: Packet = { source: packet.source, destination: rule.insideAddress, transport: packet.transport };
      steps.push({ kind: 'translated', from: packet, to, origins: rule.origins });
      packet = to;
    }
  } else {
    if (firewall?.stateful === false && arrivedOn !== undefined) {
      const denied = answerDeniedBy(firewall, arrivedOn, packet);
      if (denied !== undefined) return drop('denied', denied);
    }
    if (firewall?.stateful === true || translates(device)) {
      const session = errand.sessions.find((each) => each.stateGroup === group && isAnswerTo(packet, each.after));
      if (session !== undefined) {
        steps.push({ kind: 'session-matched', stateGroup: group, origins: firewall?.origins ?? device.origins });
        const inner = answerTo(session.before);
        if (!samePacket(inner, packet)) {
          steps.push({ kind: 'translated', from: packet, to: inner, origins: session.origins });
          packet = inner;
        }
      } else if (firewall?.stateful === true) return drop('no-state', firewall.origins);
    }
  }

  const { family } = packet.destination;
  const entry = input.space.entry(device.ix, family, input.space.atomOf(packet.destination));
  const passage: Passage = { input, walker, errand, device, packet, steps, entry };
  if (entry?.action.kind === 'deliver') return deliver(passage, entry);
  const steering = isRequest ? steeringOf(input, device, arrivedOn, packet, errand.subject) : undefined;
  if (steering !== undefined) {
    steps.push({ kind: 'steered', edge: steering.edge, origins: steering.origins });
    return { kind: 'onward', onward: leave({ ...passage, entry: undefined }, steering.next, 1, undefined) };
  }
  if (entry === undefined) return drop('no-route', NO_ORIGINS);
  if (entry.action.kind === 'discard') return drop('discarded', entry.origins, entry);
  const { next } = entry.action;
  const [only] = next;
  if (only === undefined) return drop('no-route', entry.origins, entry);
  if (next.length === 1) return { kind: 'onward', onward: leave(passage, only, 1, undefined) };
  const choices = choicesAt(input.network, device, entry, next);
  return {
    kind: 'onward',
    onward: next.flatMap((way, at) => leave(passage, way, next.length, choices?.[at])),
  };
}

/** A packet at a device, filtered and ready to go on. */
interface Passage {
  readonly input: WalkInput;
  readonly walker: Walker;
  readonly errand: Errand;
  readonly device: Device;
  /** After translation back or of the destination. */
  readonly packet: Packet;
  readonly steps: readonly Step[];
  readonly entry: FibEntry | undefined;
}

/** A host behind the device gets the packet; a request leaves its state all the same. */
function deliver(passage: Passage, entry: FibEntry): Visit {
  const { walker, errand, packet, steps } = passage;
  if (errand.kind === 'answer') return { kind: 'end', path: ended(walker, steps, entry, packet, 'delivered') };
  const ends = translated(passage, undefined, steps).map((each): Onward => {
    const lost = each.isExhausted ? 'nat-exhausted' : 'delivered';
    const way = { link: -1, device: walker.device };
    return { ...each, way, choice: undefined, size: walker.size, entry, equalWays: 1, lost };
  });
  return { kind: 'onward', onward: ends };
}

/** One result for each part of the pool that is treated alike. */
function leave(passage: Passage, way: NextHop, equalWays: number, choice: Choice | undefined): readonly Onward[] {
  const { input, walker, errand, device, packet, entry } = passage;
  const link = linkAt(input.network, way.link);
  const whole = { way, choice, entry, equalWays };
  const stop = (because: Disposition, origins: readonly Origin[]): readonly Onward[] => {
    const steps: readonly Step[] = [...passage.steps, { kind: 'dropped', because, origins }];
    return [{ ...whole, packet, steps, session: undefined, size: walker.size, lost: because }];
  };
  if (walker.cameByCircuit && link.kind === 'internet' && device.half === 'microsoft') {
    return stop('not-carried-by-expressroute', NO_TRANSIT);
  }
  let { steps } = passage;
  let { size } = walker;
  if (link.mtu !== undefined && link.mtu < size) {
    const returns = errorReturns(input, {
      from: device.ix,
      arrivedOn: walker.arrivedOn,
      quoted: walker.packet,
      home: errand.start,
      sender: errand.sent.source,
      sessions: errand.kind === 'request' ? walker.sessions : errand.sessions,
    });
    if (!returns) return stop('too-big', link.origins);
    size = link.mtu;
    steps = [...steps, { kind: 'path-mtu', link: link.ix, bytes: size, origins: link.origins }];
  }
  if (errand.kind === 'answer') {
    return [{ ...whole, packet, steps, session: undefined, size, lost: undefined }];
  }
  return translated(passage, way.link, steps).map(({ isExhausted, ...each }) => ({
    ...whole,
    ...each,
    size,
    lost: isExhausted ? 'nat-exhausted' : undefined,
  }));
}

const NO_TRANSIT: readonly Origin[] = [{ kind: 'fact', fact: 'ER-007' }];

interface Translated extends Pick<Onward, 'packet' | 'steps' | 'session'> {
  readonly isExhausted: boolean;
}

/** Source translation and session state of a request on its way out. */
function translated(passage: Passage, leavesOn: LinkIx | undefined, before: readonly Step[]): readonly Translated[] {
  const { input, walker, device, packet } = passage;
  const { firewall } = device;
  const stateGroup = firewall?.stateGroup ?? device.name;
  const rule = sourceRule(device, walker.arrivedOn, leavesOn, packet);
  const steps: readonly Step[] =
    firewall?.stateful === true
      ? [...before, { kind: 'session-opened', stateGroup, origins: firewall.origins }]
      : before;
  const { packet: arrived } = walker;
  if (rule === undefined) {
    const origins =
      before.findLast((step) => step.kind === 'translated')?.origins ?? firewall?.origins ?? device.origins;
    const keeps = firewall?.stateful === true || arrived !== packet;
    const session = keeps ? { stateGroup, before: arrived, after: packet, origins } : undefined;
    return [{ packet, steps, session, isExhausted: false }];
  }
  return input.space.pieces(setOf(rule.pool), packet.source.family).map((part) => {
    const isExhausted =
      input.exhausted?.some((each) => each.device === device.ix && setHas(each.addresses, part.representative)) ??
      false;
    if (isExhausted) {
      const lost: Step = { kind: 'dropped', because: 'nat-exhausted', origins: rule.origins };
      return { packet, steps: [...steps, lost], session: undefined, isExhausted };
    }
    const to: Packet = {
      source: part.representative,
      destination: packet.destination,
      transport: packet.transport,
    };
    return {
      packet: to,
      steps: [...steps, { kind: 'translated', from: packet, to, origins: rule.origins }],
      session: { stateGroup, before: arrived, after: to, origins: rule.origins },
      isExhausted,
    };
  });
}

/** Takes the way, or ends where it is lost. */
function moveOn(network: Network, walker: Walker, onward: Onward): PacketPath | undefined {
  const { way, steps, entry, equalWays, lost } = onward;
  if (onward.session !== undefined) walker.sessions.push(onward.session);
  if (onward.choice !== undefined) walker.choices.push(onward.choice);
  if (lost !== undefined) return ended(walker, steps, entry, onward.packet, lost);
  walker.hops.push({
    device: walker.device,
    arrivedOn: walker.arrivedOn,
    leftOn: way.link,
    packet: walker.packet,
    steps,
    entry,
    equalWays,
  });
  if (deviceAt(network, way.device).half !== 'microsoft') walker.cameByCircuit = false;
  else if (!walker.cameByCircuit) {
    const { kind, peering } = linkAt(network, way.link);
    walker.cameByCircuit = kind === 'circuit' && peering !== 'private';
  }
  walker.device = way.device;
  walker.arrivedOn = way.link;
  walker.packet = onward.packet;
  walker.size = onward.size;
  return undefined;
}

function copyOf(walker: Walker): Walker {
  return { ...walker, hops: [...walker.hops], sessions: [...walker.sessions], choices: [...walker.choices] };
}

function ended(
  walker: Walker,
  steps: readonly Step[],
  entry: FibEntry | undefined,
  packet: Packet,
  disposition: Disposition,
): PacketPath {
  walker.hops.push({
    device: walker.device,
    arrivedOn: walker.arrivedOn,
    leftOn: undefined,
    packet: walker.packet,
    steps,
    entry,
    equalWays: 1,
  });
  const { hops, sessions, choices } = walker;
  return { hops, disposition, last: packet, sessions, choices };
}

/** The policy route for this request; one whose way to its edge is down, or back where it came from, does not count. */
function steeringOf(
  input: WalkInput,
  device: Device,
  arrivedOn: LinkIx | undefined,
  packet: Packet,
  { flow }: Subject,
): SteeringRule | undefined {
  return device.steering?.find(
    (rule) =>
      (rule.flows === 'all' || (flow !== undefined && rule.flows.includes(flow))) &&
      rule.next.link !== arrivedOn &&
      insideAny(rule.sources, packet.source) &&
      leadsOut(input, rule, flow, packet, [device.ix]),
  );
}

/** A policy route is laid device by device; whoever steers knows whether its whole way to the edge is up. */
function leadsOut(
  input: WalkInput,
  { edge, next }: SteeringRule,
  flow: string | undefined,
  packet: Packet,
  passed: readonly DeviceIx[],
): boolean {
  if (!input.state.isUp(next.link)) return false;
  const further = deviceAt(input.network, next.device).steering?.filter(
    (rule) =>
      rule.edge === edge &&
      (rule.flows === 'all' || (flow !== undefined && rule.flows.includes(flow))) &&
      insideAny(rule.sources, packet.source),
  );
  if (further === undefined || further.length === 0 || passed.includes(next.device)) return true;
  return further.some((rule) => leadsOut(input, rule, flow, packet, [...passed, next.device]));
}

/** Per way what somebody else chooses there; undefined where every way is really used. */
function choicesAt(
  network: Network,
  device: Device,
  { classIx }: FibEntry,
  ways: readonly NextHop[],
): readonly Choice[] | undefined {
  if (device.half !== 'internet' && device.role !== 'provider-edge') return undefined;
  const picks = ways.map((way) => linkAt(network, way.link).name);
  const because = `which of the equal ways ${picks.join(' and ')} ${device.name} takes is not known`;
  return picks.map((pick) => ({ node: `${device.ix}/${classIx}`, pick, because }));
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
