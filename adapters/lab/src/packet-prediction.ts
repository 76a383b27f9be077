/**
 * What the engine says of one packet with real addresses, in the terms of a trace: every branch of the request and of
 * its answer, or why the kernel's packet would not be the engine's.
 */
import {
  type AddressSpace,
  answerTo,
  lastHop,
  type Packet,
  type PacketPath,
  type WalkInput,
  walkAnswer,
  walkRequest,
} from '@bothways/forwarding';
import type { Address } from '@bothways/net';
import { prefix, prefixContains } from '@bothways/net';
import type { Device, DeviceIx, LinkIx, Network } from '@bothways/network';
import { keepsState, stateGroup } from './kernel-plan.ts';

export interface Question {
  readonly start: DeviceIx;
  readonly source: Address;
  readonly destination: Address;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly flow: string;
}

/** A device, the link it was entered on, and the addresses it saw. */
export interface PredictedVisit {
  readonly device: DeviceIx;
  readonly arrivedOn: LinkIx | undefined;
  readonly source: Address;
  readonly destination: Address;
}

export interface PredictedLeg {
  readonly visits: readonly PredictedVisit[];
  readonly disposition: PacketPath['disposition'];
  /** As it ended. */
  readonly source: Address;
  readonly destination: Address;
}

export interface PredictedTrip {
  readonly request: PredictedLeg;
  /** Every branch of the answer; empty where the request is not delivered. */
  readonly answers: readonly PredictedLeg[];
}

/** Why the engine's packet and the kernel's cannot be compared. */
export const incomparable = {
  martian: 'an address that the kernel does not forward (RFC 1812 section 5.3.7, RFC 4291)',
  'state-met-twice':
    'the request comes back, translated, to the connection table that translated it: the kernel then changes the port',
  'udp-without-state':
    'an answer over UDP meets a connection table that does not know it, or a filter without state: to the kernel it is a new session',
  'too-many-branches': 'more equal-cost branches than the engine follows',
} as const;
export type Incomparable = keyof typeof incomparable;

/** Any dynamic port: rules look at the port of the service only. */
const CLIENT_PORT = 49_152;

const martians = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3', '::/127', 'fe80::/10', 'ff00::/8'].map(
  (text) => prefix(text),
);

export function predictTrips(input: WalkInput, question: Question): readonly PredictedTrip[] | Incomparable {
  const { source, destination, start } = question;
  if (isMartian(source) || isMartian(destination)) return 'martian';
  const { protocol, port, flow } = question;
  const packet: Packet = {
    source,
    destination,
    transport: { protocol, sourcePort: CLIENT_PORT, destinationPort: port },
  };
  const trips: PredictedTrip[] = [];
  for (const path of walkRequest(input, start, packet, { flow })) {
    if (path.disposition === 'too-many-branches') return 'too-many-branches';
    if (meetsStateTwice(input.network, path)) return 'state-met-twice';
    const request = legOf(path);
    if (path.disposition !== 'delivered') {
      trips.push({ request, answers: [] });
      continue;
    }
    const answer = answerTo(path.last);
    if (isMartian(answer.source) || isMartian(answer.destination)) return 'martian';
    const answers = walkAnswer(input, lastHop(path).device, answer, path.sessions);
    for (const each of answers) {
      if (each.disposition === 'too-many-branches') return 'too-many-branches';
      if (question.protocol === 'udp' && isUnknownSomewhere(input.network, each)) return 'udp-without-state';
    }
    trips.push({ request, answers: answers.map(legOf) });
  }
  return trips;
}

export function isMartian(address: Address): boolean {
  return martians.some((each) => prefixContains(each, address));
}

function legOf({ hops, disposition, last }: PacketPath): PredictedLeg {
  return {
    visits: hops.map(({ device, arrivedOn, packet }) => ({
      device,
      arrivedOn,
      source: packet.source,
      destination: packet.destination,
    })),
    disposition,
    source: last.source,
    destination: last.destination,
  };
}

/** The last hop of a loop is the second visit itself. */
function meetsStateTwice(network: Network, { hops, disposition }: PacketPath): boolean {
  const met = (disposition === 'loop' ? hops.slice(0, -1) : hops).flatMap((hop) => {
    const device = deviceAt(network, hop.device);
    return keepsState(device) ? [stateGroup(device)] : [];
  });
  return new Set(met).size < met.length;
}

function isUnknownSomewhere(network: Network, { hops }: PacketPath): boolean {
  return hops.some(({ device: ix, steps }) => {
    const device = deviceAt(network, ix);
    if (device.firewall?.stateful === false) return true;
    return keepsState(device) && !steps.some((step) => step.kind === 'session-matched');
  });
}

function deviceAt(network: Network, ix: DeviceIx): Device {
  const device = network.devices[ix];
  if (device === undefined) throw new RangeError(`device ${ix}`);
  return device;
}

/** Addresses that every table, filter and pool treats alike: a pool gives any of them. */
export function isAlike(space: AddressSpace, a: Address, b: Address): boolean {
  return a.family === b.family && (a.bits === b.bits || space.atomOf(a) === space.atomOf(b));
}
