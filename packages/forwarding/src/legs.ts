/**
 * Connections one after the other, each of which starts where the one before it ended: there through all of them, back
 * through all of them. One is the plain case; a proxy and a reverse proxy make it two.
 *
 * An answer is one only where it comes from the address that was asked and to the address that asked: a server behind
 * translation that answers a neighbour directly, with its inside address, is not heard (RFC 4787 section 6 is about what
 * spares them that: hairpinning with translation of both addresses).
 */
import type { Device, DeviceIx, Network } from '@bothways/network';
import { type Disposition, outcomeOf } from './disposition.ts';
import { answerTo, isAnswerTo, type Packet } from './packet.ts';
import { type Choice, lastHop, type PacketPath } from './path.ts';
import type { TripOutcome } from './possibilities.ts';
import { joined, type Relay } from './relay.ts';
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

/** One connection. */
export interface Leg {
  readonly start: DeviceIx;
  /** As it is sent. */
  readonly packet: Packet;
  /** Id of the flow; undefined: only policy routes for every flow fit. */
  readonly flow: string | undefined;
  /** Bytes of its largest packet; absent: as large as packets are. */
  readonly size?: number;
  readonly arrives: (device: Device) => boolean;
  readonly returns: (device: Device) => boolean;
  /** Who ended the connection before and starts this one; undefined: it is the first. */
  readonly relay: Relay | undefined;
}

/** Branches of a whole round trip that are kept; more are unknown. */
const MOST = 16 * MAXIMUM_BRANCHES;

/** Every branch there and back, in the order of the tables. */
export function overLegs(input: WalkInput, legs: readonly Leg[]): readonly Branch[] {
  const { network } = input;
  const walked: (readonly PacketPath[])[] = [];
  const branches: Branch[] = [];

  function there(at: number, before: readonly PacketPath[], sofar: PacketPath | undefined): void {
    const leg = legAt(legs, at);
    const { start, packet, flow, size } = leg;
    walked[at] ??= walkRequest(input, start, packet, { flow, size });
    for (const path of walked[at]) {
      if (branches.length > MOST) return;
      const whole = sofar === undefined || leg.relay === undefined ? path : joined(sofar, path, leg.relay, packet);
      const forward = wayThere(network, whole, leg.arrives);
      const passed = [...before, path];
      if (forward.disposition !== 'delivered') branches.push(lostThere(forward));
      else if (at + 1 < legs.length) there(at + 1, passed, whole);
      else back(at, passed, forward, undefined);
    }
  }

  function back(at: number, passed: readonly PacketPath[], forward: Way, sofar: PacketPath | undefined): void {
    const leg = legAt(legs, at);
    const path = passed[at];
    if (path === undefined) throw new RangeError(`leg ${at} of ${passed.length} that were walked`);
    const sent = answerTo(path.last);
    const relay = legs[at + 1]?.relay;
    for (const answer of walkAnswer(input, lastHop(path).device, sent, path.sessions, leg.size)) {
      if (branches.length >= MOST) {
        if (branches.length === MOST) branches.push(surplus(forward));
        return;
      }
      const part = wayBack(network, answer, leg.returns, leg.packet);
      const way =
        sofar === undefined || relay === undefined
          ? part
          : wayOf(network, joined(sofar, part.path, relay, sent), 'back');
      if (way.disposition !== 'delivered' || at === 0) branches.push(branchOf(forward, way));
      else back(at - 1, passed, forward, way.path);
    }
  }

  there(0, [], undefined);
  return branches;
}

function legAt(legs: readonly Leg[], at: number): Leg {
  const leg = legs[at];
  if (leg === undefined) throw new RangeError(`leg ${at} of ${legs.length}`);
  return leg;
}

export function lostThere(forward: Way): Branch {
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

export function wayOf(network: Network, path: PacketPath, direction: 'there' | 'back'): Way {
  return { path, disposition: path.disposition, via: viaOf(network, path, direction) };
}

function lostAtEnd(path: PacketPath, because: Disposition): PacketPath {
  const end = lastHop(path);
  const steps = [...end.steps, { kind: 'dropped' as const, because, origins: [] }];
  return { ...path, hops: [...path.hops.slice(0, -1), { ...end, steps }], disposition: because };
}
