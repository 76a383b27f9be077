/**
 * One packet of a conversation and its answers, on every branch and by every way that a client may send.
 *
 * An answer is one only where it comes from the address that was asked and to the address that asked: a server behind
 * translation that answers a neighbour directly, with its inside address, is not heard (RFC 4787 section 6 is about what
 * spares them that: hairpinning with translation of both addresses).
 */
import type { CompiledProxy, Device, Network } from '@bothways/network';
import { type Conversation, isArrival, isHome } from './conversation.ts';
import { type Disposition, outcomeOf } from './disposition.ts';
import { answerTo, FIRST_CLIENT_PORT, isAnswerTo, type Packet } from './packet.ts';
import { type Choice, lastHop, type PacketPath } from './path.ts';
import type { TripOutcome } from './possibilities.ts';
import { joined, proxyDown, type Route } from './relay.ts';
import { deviceAt, MAXIMUM_BRANCHES, walkAnswer, walkRequest } from './walk.ts';
import type { WalkInput } from './walk-input.ts';
import { viaOf, type Way } from './ways.ts';

export interface Branch {
  readonly forward: Way;
  readonly back: Way | undefined;
  readonly outcome: TripOutcome;
  readonly choices: readonly Choice[];
  readonly because: string | undefined;
}

/** Branches of a whole round trip that are kept; more are unknown. */
const MOST = 16 * MAXIMUM_BRANCHES;

/** The branches of a packet by one route, in the order of the tables. */
export function branchesOf(
  input: WalkInput,
  conversation: Conversation,
  route: Route,
  packet: Packet,
): readonly Branch[] {
  const { tried, choice, because } = route;
  const family = packet.source.family;
  const usable = tried.filter((each) => each === undefined || each.address.family === family);
  if (usable.length === 0) return [];
  // Who finds no proxy that answers fails at the first one.
  const taken = usable.find((each) => each === undefined || input.state.isDeviceUp(each.device));
  const proxy = usable.includes(undefined) || taken !== undefined ? taken : usable[0];
  const found =
    proxy === undefined ? straight(input, conversation, packet) : relayed(input, conversation, proxy, packet);
  if (because !== undefined) return found.map((branch) => ({ ...branch, outcome: 'unknown', because }));
  if (choice === undefined) return found;
  return found.map((branch) => ({ ...branch, choices: [choice, ...branch.choices] }));
}

function straight(input: WalkInput, conversation: Conversation, packet: Packet): readonly Branch[] {
  const { network } = input;
  const home = conversation.source.device;
  const branches: Branch[] = [];
  for (const path of walkRequest(input, home, packet, { flow: conversation.flow.id })) {
    const forward = wayThere(network, path, (device) => isArrival(conversation, device));
    if (forward.disposition !== 'delivered') {
      branches.push(lostThere(forward));
      continue;
    }
    for (const answer of walkAnswer(input, lastHop(path).device, answerTo(path.last), path.sessions)) {
      if (branches.length >= MOST) return [...branches, surplus(forward)];
      branches.push(
        branchOf(
          forward,
          wayBack(network, answer, (device) => isHome(conversation, device), packet),
        ),
      );
    }
  }
  return branches;
}

/** Through a proxy: two connections, and the way back through both. */
function relayed(
  input: WalkInput,
  conversation: Conversation,
  proxy: CompiledProxy,
  packet: Packet,
): readonly Branch[] {
  const { network } = input;
  const home = conversation.source.device;
  const toProxy: Packet = {
    source: packet.source,
    destination: proxy.address,
    transport: { protocol: 'tcp', sourcePort: FIRST_CLIENT_PORT, destinationPort: proxy.port },
  };
  const fromProxy: Packet = { ...packet, source: proxy.address };
  if (!input.state.isDeviceUp(proxy.device)) {
    return [lostThere(wayOf(network, proxyDown(home, toProxy, proxy), 'there'))];
  }
  const onward = walkRequest(input, proxy.device, fromProxy, { flow: conversation.flow.id });
  const branches: Branch[] = [];
  for (const first of walkRequest(input, home, toProxy, { flow: undefined })) {
    const leg = wayThere(network, first, ({ ix }) => ix === proxy.device);
    if (leg.disposition !== 'delivered') {
      branches.push(lostThere(leg));
      continue;
    }
    for (const second of onward) {
      const path = joined(first, second, proxy, fromProxy);
      const forward = wayThere(network, path, (device) => isArrival(conversation, device));
      if (forward.disposition !== 'delivered') {
        branches.push(lostThere(forward));
        continue;
      }
      for (const toThe of walkAnswer(input, lastHop(second).device, answerTo(second.last), second.sessions)) {
        const half = wayBack(network, toThe, ({ ix }) => ix === proxy.device, fromProxy);
        if (half.disposition !== 'delivered') {
          branches.push(branchOf(forward, half));
          continue;
        }
        const sent = answerTo(first.last);
        for (const last of walkAnswer(input, proxy.device, sent, first.sessions)) {
          if (branches.length >= MOST) return [...branches, surplus(forward)];
          const whole = joined(half.path, wayBack(network, last, ({ ix }) => ix === home, toProxy).path, proxy, sent);
          branches.push(withinReach(branchOf(forward, wayOf(network, whole, 'back')), proxy));
        }
      }
    }
  }
  return branches;
}

/** The document says what a proxy reaches; where routing leads it elsewhere, one of the two is wrong. */
function withinReach(branch: Branch, { name, reach }: CompiledProxy): Branch {
  const { kind } = branch.forward.via;
  if (reach === 'both' || kind === 'internal' || kind === reach) return branch;
  const because = `the document says that ${name} reaches ${reach === 'internet' ? 'the internet' : 'ExpressRoute'} only, and routing leads it over ${kind === 'internet' ? 'the internet' : 'a circuit'}`;
  return { ...branch, outcome: branch.outcome === 'broken' ? 'broken' : 'unknown', because };
}

function lostThere(forward: Way): Branch {
  const outcome = outcomeOf(forward.disposition);
  return { forward, back: undefined, outcome, choices: forward.path.choices, because: unknownBecause(forward) };
}

function branchOf(forward: Way, back: Way): Branch {
  return {
    forward,
    back,
    outcome: outcomeOf(back.disposition),
    choices: back.path.choices.length === 0 ? forward.path.choices : [...forward.path.choices, ...back.path.choices],
    because: unknownBecause(back),
  };
}

function surplus(forward: Way): Branch {
  const because = `more than ${MOST} branches there and back`;
  return { forward, back: undefined, outcome: 'unknown', choices: [], because };
}

function unknownBecause({ disposition }: Way): string | undefined {
  return disposition === 'too-many-branches' ? `more than ${MAXIMUM_BRANCHES} equal-cost branches` : undefined;
}

/** A packet that was delivered at the wrong device did not arrive: nobody announced its destination there. */
function wayThere(network: Network, path: PacketPath, isRight: (device: Device) => boolean): Way {
  if (path.disposition !== 'delivered' || isRight(deviceAt(network, lastHop(path).device))) {
    return wayOf(network, path, 'there');
  }
  return wayOf(network, lostAtEnd(path, 'no-route'), 'there');
}

function wayBack(network: Network, path: PacketPath, isRight: (device: Device) => boolean, sent: Packet): Way {
  if (path.disposition !== 'delivered') return wayOf(network, path, 'back');
  if (!isRight(deviceAt(network, lastHop(path).device))) return wayOf(network, lostAtEnd(path, 'no-route'), 'back');
  if (!isAnswerTo(path.last, sent)) return wayOf(network, lostAtEnd(path, 'unexpected-answer'), 'back');
  return wayOf(network, path, 'back');
}

function wayOf(network: Network, path: PacketPath, direction: 'there' | 'back'): Way {
  return { path, disposition: path.disposition, via: viaOf(network, path, direction) };
}

function lostAtEnd(path: PacketPath, because: Disposition): PacketPath {
  const end = lastHop(path);
  const steps = [...end.steps, { kind: 'dropped' as const, because, origins: [] }];
  return { ...path, hops: [...path.hops.slice(0, -1), { ...end, steps }], disposition: because };
}
