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
 * So do branches at a device whose routes only identifiers or their age tell apart: the ways of the table are one
 * possibility, those of each rival another one. It is followed as a choice of that one device for that one class of
 * prefixes; what the device would tell its neighbours instead is not computed again.
 *
 * Left out: fragments (packets carry "don't fragment", RFC 1191), IP options, multicast.
 */
import { setHas } from '@bothways/net';
import type { Device, DeviceIx, Link, LinkIx, Network, Origin, SteeringRule } from '@bothways/network';
import type { FibEntry, Hop as NextHop } from '@bothways/routing';
import type { Piece } from './address-space.ts';
import type { Disposition } from './disposition.ts';
import { answerDeniedBy, requestDeniedBy } from './firewall.ts';
import { errorReturns, LARGEST_PACKET } from './mtu.ts';
import { answerTo, isAnswerTo, type Packet, samePacket } from './packet.ts';
import type { Choice, Hop, PacketPath, SessionState, Step } from './path.ts';
import { insideAny, setOf } from './prefix-lists.ts';
import { staleAnnouncement } from './stale-announcement.ts';
import { destinationRule, sourceRule, translates } from './translation.ts';
import type { WalkInput } from './walk-input.ts';

/** Branches of one packet that are followed before the answer becomes 'too-many-branches'. */
export const MAXIMUM_BRANCHES = 256;

/** What a request is about besides its packet; answers need none of it. */
export interface Subject {
  /** Id of the flow: steering chooses by it. Undefined: only rules for every flow fit, as on the way to a proxy. */
  readonly flow: string | undefined;
  /** Bytes of its largest packet; absent: as large as packets are. */
  readonly size?: number | undefined;
}

type Errand =
  | { readonly kind: 'request'; readonly subject: Subject; readonly start: DeviceIx; readonly sent: Packet }
  | {
      readonly kind: 'answer';
      readonly sessions: readonly SessionState[];
      readonly start: DeviceIx;
      readonly sent: Packet;
    };

/**
 * A packet under way, with the path that it has left so far. The lists are its own: as long as there is one way on, the
 * walker moves and nothing is copied; a branch gets copies.
 */
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
  /** See `Hop`. */
  tie: number | undefined;
}

/** A branch in waiting, or one that ended where it would have left a device. */
interface Waiting {
  readonly walker: Walker;
  readonly path: PacketPath | undefined;
}

/** What a step of a walker comes to: it moved on, its path ended, or it has become several. */
type Moved = undefined | PacketPath | readonly Waiting[];

/** A request: opens sessions on the stateful devices it passes. */
export function walkRequest(
  input: WalkInput,
  start: DeviceIx,
  packet: Packet,
  subject: Subject,
): readonly PacketPath[] {
  return walk(input, { kind: 'request', subject, start, sent: packet }, subject.size);
}

/** An answer to a request that left these sessions behind. */
export function walkAnswer(
  input: WalkInput,
  start: DeviceIx,
  packet: Packet,
  sessions: readonly SessionState[],
  size?: number,
): readonly PacketPath[] {
  return walk(input, { kind: 'answer', sessions, start, sent: packet }, size);
}

const NO_STEPS: readonly Step[] = [];
const NO_ORIGINS: readonly Origin[] = [];

function walk(input: WalkInput, errand: Errand, size = LARGEST_PACKET): readonly PacketPath[] {
  const paths: PacketPath[] = [];
  let walker: Walker | undefined = {
    device: errand.start,
    arrivedOn: undefined,
    packet: errand.sent,
    size,
    cameByCircuit: false,
    hops: [],
    sessions: [],
    choices: [],
    tie: undefined,
  };
  const open: Waiting[] = [];
  while (walker !== undefined) {
    if (paths.length + open.length >= MAXIMUM_BRANCHES) {
      paths.push(ended(walker, NO_STEPS, undefined, walker.packet, 'too-many-branches'));
      break;
    }
    let moved: Moved = undefined;
    while (moved === undefined) moved = visit(input, walker, errand);
    if (isFork(moved)) {
      // In reverse, so that the first branch of the table is followed first.
      for (let at = moved.length - 1; at >= 0; at--) {
        const branch = moved[at];
        if (branch !== undefined) open.push(branch);
      }
    } else paths.push(moved);
    walker = undefined;
    while (walker === undefined) {
      const next = open.pop();
      if (next === undefined) break;
      if (next.path !== undefined) paths.push(next.path);
      else walker = next.walker;
    }
  }
  return paths;
}

function isFork(moved: PacketPath | readonly Waiting[]): moved is readonly Waiting[] {
  return Array.isArray(moved);
}

/** Takes a packet into a device and, where there is a way, out of it. */
function visit(input: WalkInput, walker: Walker, errand: Errand): Moved {
  const { network, state, space } = input;
  const device = deviceAt(network, walker.device);
  const { arrivedOn, hops } = walker;
  let { packet } = walker;
  for (let at = hops.length - 1; at >= 0; at--) {
    const hop = hops[at];
    if (hop?.device === device.ix && samePacket(hop.packet, packet)) {
      return dropped(walker, undefined, undefined, packet, 'loop', NO_ORIGINS);
    }
  }
  if (arrivedOn === undefined && !state.isDeviceUp(device.ix)) {
    return dropped(walker, undefined, undefined, packet, 'device-down', device.origins);
  }
  let steps: Step[] | undefined;
  for (const filter of device.sourceFilters) {
    if (filter.link !== arrivedOn) continue;
    if (!insideAny(filter.permit, packet.source)) {
      return dropped(walker, steps, undefined, packet, 'refused-at-microsoft-edge', filter.origins);
    }
    steps = [{ kind: 'source-accepted', origins: filter.origins }];
    break;
  }

  const { firewall } = device;
  if (errand.kind === 'request') {
    if (firewall !== undefined && arrivedOn !== undefined) {
      const denied = requestDeniedBy(firewall, arrivedOn, packet);
      if (denied !== undefined) return dropped(walker, steps, undefined, packet, 'denied', denied);
    }
    const rule = destinationRule(device, arrivedOn, packet);
    if (rule !== undefined) {
      const to: Packet = { source: packet.source, destination: rule.insideAddress, transport: packet.transport };
      steps = noted(steps, { kind: 'translated', from: packet, to, isUndone: false, origins: rule.origins });
      packet = to;
    }
  } else {
    if (firewall?.stateful === false && arrivedOn !== undefined) {
      const denied = answerDeniedBy(firewall, arrivedOn, packet);
      if (denied !== undefined) return dropped(walker, steps, undefined, packet, 'denied', denied);
    }
    if (firewall?.stateful === true || translates(device)) {
      const stateGroup = firewall?.stateGroup ?? device.name;
      const session = sessionOf(errand.sessions, stateGroup, packet);
      if (session !== undefined) {
        steps = noted(steps, { kind: 'session-matched', stateGroup, origins: firewall?.origins ?? device.origins });
        const { before, after } = session;
        if (before !== after) {
          const inner = answerTo(before);
          if (!samePacket(inner, packet)) {
            steps.push({ kind: 'translated', from: packet, to: inner, isUndone: true, origins: session.origins });
            packet = inner;
          }
        }
      } else if (firewall?.stateful === true) {
        return dropped(walker, steps, undefined, packet, 'no-state', firewall.origins);
      }
    }
  }

  const entry = space.entry(device.ix, packet.destination.family, space.atomOf(packet.destination));
  if (entry?.action.kind === 'deliver') {
    if (errand.kind === 'answer') return ended(walker, steps ?? NO_STEPS, entry, packet, 'delivered');
    return sendOn(input, walker, device, packet, steps, entry, undefined, 1);
  }
  if (errand.kind === 'request' && device.steering !== undefined) {
    const steering = steeringOf(input, device, arrivedOn, packet, errand.subject);
    if (steering !== undefined) {
      steps = noted(steps, { kind: 'steered', edge: steering.edge, origins: steering.origins });
      return leave(input, walker, errand, device, packet, steps, undefined, steering.next, 1);
    }
  }
  if (entry === undefined) {
    const stale = staleAnnouncement(network, state, device, packet.destination);
    return dropped(walker, steps, undefined, packet, 'no-route', stale);
  }
  if (entry.action.kind === 'discard') return dropped(walker, steps, entry, packet, 'discarded', entry.origins);
  const { next } = entry.action;
  const [only] = next;
  if (only === undefined) return dropped(walker, steps, entry, packet, 'no-route', entry.origins);
  const { rivals } = entry;
  if (rivals === undefined) {
    if (next.length === 1) return leave(input, walker, errand, device, packet, steps, entry, only, 1);
    return overWays(input, walker, errand, device, packet, steps, entry, next);
  }
  return [next, ...rivals.map((rival) => rival.next)].flatMap((ways, tie) => {
    const branch = copyOf(walker);
    branch.tie = tie;
    branch.choices.push(tieAt(network, device, entry, ways));
    return overWays(input, branch, errand, device, packet, steps, entry, ways);
  });
}

/** One branch for each of several ways. */
function overWays(
  input: WalkInput,
  walker: Walker,
  errand: Errand,
  device: Device,
  packet: Packet,
  steps: readonly Step[] | undefined,
  entry: FibEntry,
  ways: readonly NextHop[],
): readonly Waiting[] {
  const choices = choicesAt(input.network, device, entry, ways, walker.tie);
  return ways.flatMap((way, at) => {
    const branch = copyOf(walker);
    const choice = choices?.[at];
    if (choice !== undefined) branch.choices.push(choice);
    return branches(branch, leave(input, branch, errand, device, packet, steps?.slice(), entry, way, ways.length));
  });
}

/** What a branch has come to, as branches in waiting. */
function branches(walker: Walker, moved: Moved): readonly Waiting[] {
  if (moved === undefined) return [{ walker, path: undefined }];
  return isFork(moved) ? moved : [{ walker, path: moved }];
}

/** Out of a device by one way: what the way takes, then translation. */
function leave(
  input: WalkInput,
  walker: Walker,
  errand: Errand,
  device: Device,
  packet: Packet,
  before: Step[] | undefined,
  entry: FibEntry | undefined,
  way: NextHop,
  equalWays: number,
): Moved {
  const link = linkAt(input.network, way.link);
  let steps = before;
  if (walker.cameByCircuit && link.kind === 'internet' && device.half === 'microsoft') {
    return dropped(walker, steps, entry, packet, 'not-carried-by-expressroute', NO_TRANSIT);
  }
  if (link.mtu !== undefined && link.mtu < walker.size) {
    const returns = errorReturns(input, {
      from: device.ix,
      arrivedOn: walker.arrivedOn,
      quoted: walker.packet,
      home: errand.start,
      sender: errand.sent.source,
      sessions: errand.kind === 'request' ? walker.sessions : errand.sessions,
    });
    if (!returns) return dropped(walker, steps, entry, packet, 'too-big', link.origins);
    walker.size = link.mtu;
    steps = noted(steps, { kind: 'path-mtu', link: link.ix, bytes: link.mtu, origins: link.origins });
  }
  if (errand.kind === 'request') return sendOn(input, walker, device, packet, steps, entry, way, equalWays);
  moveOn(input.network, walker, packet, steps, entry, way, equalWays);
  return undefined;
}

/**
 * Session state and source translation of a request on its way out: by a link, or to a host behind the device where
 * `way` is undefined. One branch for each part of the pool that is treated alike.
 */
function sendOn(
  input: WalkInput,
  walker: Walker,
  device: Device,
  packet: Packet,
  before: Step[] | undefined,
  entry: FibEntry | undefined,
  way: NextHop | undefined,
  equalWays: number,
): Moved {
  const { firewall } = device;
  const { packet: arrived } = walker;
  const stateGroup = firewall?.stateGroup ?? device.name;
  let steps = before;
  const origins = steps?.findLast((step) => step.kind === 'translated')?.origins ?? firewall?.origins ?? device.origins;
  if (firewall?.stateful === true) {
    steps = noted(steps, { kind: 'session-opened', stateGroup, origins: firewall.origins });
  }
  const rule = sourceRule(device, walker.arrivedOn, way?.link, packet);
  if (rule === undefined) {
    if (firewall?.stateful === true || arrived !== packet) {
      walker.sessions.push({ stateGroup, before: arrived, after: packet, origins });
    }
    if (way === undefined) return ended(walker, steps ?? NO_STEPS, entry, packet, 'delivered');
    moveOn(input.network, walker, packet, steps, entry, way, equalWays);
    return undefined;
  }
  const pool = input.space.pieces(setOf(rule.pool), packet.source.family);
  const translate = (part: Piece, branch: Walker, sofar: Step[] | undefined): Moved => {
    const source = part.representative;
    if (input.exhausted?.some((each) => each.device === device.ix && setHas(each.addresses, source)) === true) {
      return dropped(branch, sofar, entry, packet, 'nat-exhausted', rule.origins);
    }
    const to: Packet = { source, destination: packet.destination, transport: packet.transport };
    const done = noted(sofar, { kind: 'translated', from: packet, to, isUndone: false, origins: rule.origins });
    branch.sessions.push({ stateGroup, before: arrived, after: to, origins: rule.origins });
    if (way === undefined) return ended(branch, done, entry, to, 'delivered');
    moveOn(input.network, branch, to, done, entry, way, equalWays);
    return undefined;
  };
  const [only] = pool;
  if (only !== undefined && pool.length === 1) return translate(only, walker, steps);
  return pool.flatMap((part) => {
    const branch = copyOf(walker);
    return branches(branch, translate(part, branch, steps?.slice()));
  });
}

const NO_TRANSIT: readonly Origin[] = [{ kind: 'fact', fact: 'ER-007' }];

function sessionOf(sessions: readonly SessionState[], stateGroup: string, answer: Packet): SessionState | undefined {
  for (const session of sessions) {
    if (session.stateGroup === stateGroup && isAnswerTo(answer, session.after)) return session;
  }
  return undefined;
}

function moveOn(
  network: Network,
  walker: Walker,
  packet: Packet,
  steps: readonly Step[] | undefined,
  entry: FibEntry | undefined,
  way: NextHop,
  equalWays: number,
): void {
  walker.hops.push({
    device: walker.device,
    arrivedOn: walker.arrivedOn,
    leftOn: way.link,
    packet: walker.packet,
    steps: steps ?? NO_STEPS,
    entry,
    equalWays,
    ...tieOf(walker),
  });
  walker.tie = undefined;
  if (deviceAt(network, way.device).half !== 'microsoft') walker.cameByCircuit = false;
  else if (!walker.cameByCircuit) {
    const { kind, peering } = linkAt(network, way.link);
    walker.cameByCircuit = kind === 'circuit' && peering !== 'private';
  }
  walker.device = way.device;
  walker.arrivedOn = way.link;
  walker.packet = packet;
}

/** The list with one more step; begun where there is none. */
function noted(steps: Step[] | undefined, step: Step): Step[] {
  if (steps === undefined) return [step];
  steps.push(step);
  return steps;
}

function copyOf(walker: Walker): Walker {
  return { ...walker, hops: [...walker.hops], sessions: [...walker.sessions], choices: [...walker.choices] };
}

function dropped(
  walker: Walker,
  steps: Step[] | undefined,
  entry: FibEntry | undefined,
  packet: Packet,
  because: Disposition,
  origins: readonly Origin[],
): PacketPath {
  return ended(walker, noted(steps, { kind: 'dropped', because, origins }), entry, packet, because);
}

function ended(
  walker: Walker,
  steps: readonly Step[],
  entry: FibEntry | undefined,
  packet: Packet,
  disposition: Disposition,
): PacketPath {
  const { hops, sessions, choices } = walker;
  hops.push({
    device: walker.device,
    arrivedOn: walker.arrivedOn,
    leftOn: undefined,
    packet: walker.packet,
    steps,
    entry,
    equalWays: 1,
    ...tieOf(walker),
  });
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
  tie: number | undefined,
): readonly Choice[] | undefined {
  if (ways.length === 1 || !choosesUnseen(device)) return undefined;
  const picks = ways.map((way) => linkAt(network, way.link).name);
  const because = `which of the equal ways ${picks.join(' and ')} ${device.name} takes is not known`;
  const node = tie === undefined ? `${device.ix}/${classIx}` : `${device.ix}/${classIx}/${tie}`;
  return picks.map((pick) => ({ node, pick, because }));
}

const NO_TIE = {};

function tieOf({ tie }: Walker): Pick<Hop, 'tie'> {
  return tie === undefined ? NO_TIE : { tie };
}

const UNSETTLED = 'only the age of routes, router ids or peer addresses part them, and which one it takes is not known';

/** The possibility that a branch takes where a tie decides. */
function tieAt(
  network: Network,
  { ix, name }: Device,
  { classIx, action, rivals = [] }: FibEntry,
  ways: readonly NextHop[],
): Choice {
  const text = (hops: readonly NextHop[]): string => hops.map(({ link }) => linkAt(network, link).name).join(' with ');
  const installed = action.kind === 'forward' ? [action.next] : [];
  const all = [...installed, ...rivals.map((rival) => rival.next)].map(text).join(' or ');
  const reasons = rivals.map((rival) => rival.because ?? UNSETTLED);
  const because = `${name} sends over ${all}: ${[...new Set(reasons)].join('; ')}`;
  return { node: `tie ${ix}/${classIx}`, pick: text(ways), because };
}

/** Of equal ways it takes one, and nobody outside knows which. */
export function choosesUnseen({ half, role }: Device): boolean {
  return half === 'internet' || role === 'provider-edge';
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
