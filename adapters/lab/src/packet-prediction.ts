/**
 * What the engine says of one packet with real addresses, in the terms of a trace: every branch of the request and of
 * its answer, or why the kernel's packet would not be the engine's.
 */
import {
  type AddressSpace,
  answerTo,
  isAnswerTo,
  lastHop,
  type Packet,
  type PacketPath,
  type Transport,
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
  readonly transport: Transport;
  /** Undefined: none that a policy route names. */
  readonly flow: string | undefined;
}

/** A device, the link it was entered on, and the addresses it saw. */
interface SeenVisit {
  readonly device: DeviceIx;
  readonly arrivedOn: LinkIx | undefined;
  readonly source: Address;
  readonly destination: Address;
}

/** One way of a packet, predicted or observed. */
export interface SeenLeg {
  readonly visits: readonly SeenVisit[];
  readonly disposition: PacketPath['disposition'];
  /** As it ended. */
  readonly source: Address;
  readonly destination: Address;
}

export interface PredictedLeg extends SeenLeg {
  readonly visits: readonly PredictedVisit[];
  /** The same as it ended. */
  readonly isPooled: boolean;
}

interface PredictedVisit extends SeenVisit {
  /** The client's side (source of a request, destination of an answer) has an address of a pool, which gives any of its own. */
  readonly isPooled: boolean;
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
  'own-address-in-pool': 'a source is translated to addresses that the tables do not tell from its own',
  'udp-without-state':
    'an answer over UDP meets a connection table that does not know it, or a filter without state: to the kernel it is a new session',
  'too-big': 'a packet of 1,500 bytes is lost on a link that takes less; the packets of the lab are small',
  'device-down': 'the device that the packet would start at has failed',
  'too-many-branches': 'more equal-cost branches than the engine follows',
} as const;
export type Incomparable = keyof typeof incomparable;

const martians = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3', '::/127', 'fe80::/10', 'ff00::/8'].map(
  (text) => prefix(text),
);

export interface Prediction {
  /** Every branch of the request. */
  readonly trips: readonly PredictedTrip[];
  /** Why the kernel may do something else. */
  readonly incomparable: Incomparable | undefined;
}

export function predict(input: WalkInput, question: Question): Prediction {
  const { source, destination, start, transport, flow } = question;
  const reasons: (Incomparable | undefined)[] = [martian(source, destination)];
  const requests = walkRequest(input, start, { source, destination, transport }, { flow }).filter(isOfTables);
  const trips = requests.map((path): PredictedTrip => {
    reasons.push(whyRequest(input, path));
    const pooled = pooledPackets(path);
    const request = legOf(
      path,
      path.hops.map(({ packet }) => pooled.has(packet)),
      pooled.has(path.last),
    );
    if (path.disposition !== 'delivered') return { request, answers: [] };
    const answer = answerTo(path.last);
    reasons.push(martian(answer.source, answer.destination));
    const answers = walkAnswer(input, lastHop(path).device, answer, path.sessions).filter(isOfTables);
    for (const each of answers) reasons.push(whyAnswer(input.network, each, transport.protocol));
    return { request, answers: answers.map((each) => answerLeg(input.network, each, path, pooled)) };
  });
  return { trips, incomparable: reasons.find((each) => each !== undefined) };
}

/** What the tables say; the kernel has no other possibility of a tie. */
function isOfTables({ hops }: PacketPath): boolean {
  return hops.every(({ tie = 0 }) => tie === 0);
}

function martian(...addresses: readonly Address[]): Incomparable | undefined {
  return addresses.some((each) => isMartian(each)) ? 'martian' : undefined;
}

function whyRequest({ network, space }: WalkInput, path: PacketPath): Incomparable | undefined {
  if (meetsStateTwice(network, path)) return 'state-met-twice';
  if (becomesItself(space, path)) return 'own-address-in-pool';
  return whyEnded(path);
}

function whyAnswer(network: Network, path: PacketPath, protocol: Transport['protocol']): Incomparable | undefined {
  if (protocol === 'udp' && isUnknownSomewhere(network, path)) return 'udp-without-state';
  return whyEnded(path);
}

function whyEnded({ disposition }: PacketPath): Incomparable | undefined {
  return disposition === 'too-many-branches' || disposition === 'too-big' || disposition === 'device-down'
    ? disposition
    : undefined;
}

export function isMartian(address: Address): boolean {
  return martians.some((each) => prefixContains(each, address));
}

function legOf({ hops, disposition, last }: PacketPath, pooled: readonly boolean[], isPooled: boolean): PredictedLeg {
  return {
    visits: hops.map(({ device, arrivedOn, packet }, at) => ({
      device,
      arrivedOn,
      source: packet.source,
      destination: packet.destination,
      isPooled: pooled[at] === true,
    })),
    disposition,
    source: last.source,
    destination: last.destination,
    isPooled,
  };
}

/** The packets of a request whose source is of a pool. A client's own address can lie in the pool of a later device. */
function pooledPackets({ hops, last }: PacketPath): ReadonlySet<Packet> {
  const pooled = new Set<Packet>();
  let isPooled = false;
  for (const [at, { packet, steps }] of hops.entries()) {
    if (isPooled) pooled.add(packet);
    isPooled ||= steps.some((step) => step.kind === 'translated' && isOfSource(step));
    if (isPooled) pooled.add(hops[at + 1]?.packet ?? last);
  }
  return pooled;
}

/** A pool can give an address that equals the one before; what is not a translation of the destination is of the source. */
function isOfSource({ from, to }: { readonly from: Packet; readonly to: Packet }): boolean {
  return from.source !== to.source;
}

/** An answer gets back, device by device, the addresses that the request had before it. */
function answerLeg(network: Network, path: PacketPath, request: PacketPath, pooled: ReadonlySet<Packet>): PredictedLeg {
  let isPooled = pooled.has(request.last);
  const at = path.hops.map(({ device: ix, steps }) => {
    const before = isPooled;
    const device = deviceAt(network, ix);
    for (const step of steps) {
      if (step.kind !== 'translated') continue;
      const session = request.sessions.find(
        ({ stateGroup: group, after }) =>
          group === (device.firewall?.stateGroup ?? device.name) && isAnswerTo(step.from, after),
      );
      if (session !== undefined) isPooled = pooled.has(session.before);
    }
    return before;
  });
  return legOf(path, at, isPooled);
}

function becomesItself(space: AddressSpace, { hops }: PacketPath): boolean {
  return hops.some(({ steps }) =>
    steps.some(
      (step) =>
        step.kind === 'translated' &&
        step.from.destination.bits === step.to.destination.bits &&
        isAlike(space, step.from.source, step.to.source),
    ),
  );
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
