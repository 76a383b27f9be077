/**
 * Real TCP connections through a lab: for each client a socket of the kernel bound to its address, behind its device;
 * for each service one that listens where the prediction says that the packets arrive. What the client gets and which
 * address the service sees is compared with the prediction.
 *
 * An address can be behind one device at a time (`real-ends.ts`), so that connections that need it behind different ones
 * go one after the other.
 *
 * Left out: UDP; connections that the prediction ends behind different devices by equal-cost ways.
 */
import type { AddressSpace } from '@bothways/forwarding';
import { formatAddress, parseAddress } from '@bothways/net';
import type { DeviceIx } from '@bothways/network';
import { flowCode } from './kernel-plan.ts';
import type { Judged } from './packet-oracle.ts';
import { isAlike, type PredictedLeg, type PredictedTrip } from './packet-prediction.ts';
import type { Code, Ends } from './real-ends.ts';
import type { Connect, ConnectionResult, Listener } from './requests.ts';

export interface Connection {
  /** The packets that went the same way before: one, or to a proxy and from it. */
  readonly packets: readonly Judged[];
  /** What the client did. */
  readonly connect: Connect;
  readonly result: ConnectionResult;
  /** Whether it ended as predicted, with an address that was predicted at the service. */
  readonly agrees: boolean;
  /** Undefined: it was to time out. */
  readonly expected: string | undefined;
}

/** The first port of clients; each connection of a wave has one of its own. */
const FIRST_PORT = 20_000;
const PORTS = 40_000;
/** A client sends its SYN at the start, after 1 s and after 3 s (RFC 6298); before the fourth it gives up. */
const CLIENT_PATIENCE = 4_000;

/** What a connection needs of the ends. */
interface Wanted {
  readonly packets: readonly Judged[];
  readonly connect: Connect;
  readonly listeners: readonly Listener[];
  /** Address → the device it is behind. */
  readonly places: ReadonlyMap<string, DeviceIx>;
  readonly codes: readonly Code[];
  readonly expected: readonly PredictedTrip[];
  readonly holds: boolean;
}

export class Connector {
  readonly #ends: Ends;
  #port = 0;

  constructor(ends: Ends) {
    this.#ends = ends;
  }

  /** One connection for each group of packets; groups that no connection can stand for are left out. */
  async connect(groups: readonly (readonly Judged[])[], space: AddressSpace): Promise<readonly Connection[]> {
    const wanted = groups.flatMap((packets) => this.#wanted(packets) ?? []);
    if (wanted.length === 0) return [];
    const results = new Map<Wanted, Connection>();
    let left: readonly Wanted[] = wanted;
    while (left.length > 0) {
      const { now, later } = nextWave(left);
      for (const [at, result] of (await this.#wave(now)).entries()) {
        const item = now[at];
        if (item !== undefined) results.set(item, judged(item, result, space));
      }
      left = later;
    }
    return wanted.flatMap((item) => results.get(item) ?? []);
  }

  #nextPort(): number {
    this.#port = (this.#port + 1) % PORTS;
    return FIRST_PORT + this.#port;
  }

  #wanted(packets: readonly Judged[]): Wanted | undefined {
    const [first, second] = packets;
    if (first === undefined || packets.some(({ sending }) => sending.question.transport.protocol !== 'tcp'))
      return undefined;
    const places = new Map<string, DeviceIx>();
    const listeners: Listener[] = [];
    const codes: Code[] = [];
    const ports = packets.map(() => this.#nextPort());
    let target: string | undefined;
    for (const [at, { sending, predicted }] of packets.entries()) {
      const { start, source, transport, flow } = sending.question;
      const own = formatAddress(source);
      if (!place(places, own, start)) return undefined;
      const code = flow === undefined ? 1 : flowCode(sending.plan.network, flow);
      codes.push([own, 'tcp', ports[at] ?? 0, code]);
      for (const { request } of predicted) {
        if (request.disposition !== 'delivered') continue;
        const address = formatAddress(request.destination);
        if (!place(places, address, request.visits.at(-1)?.device ?? -1)) return undefined;
        const port = transport.destinationPort;
        if (listeners.some((each) => each.address === address && each.port === port)) continue;
        if (second === undefined || at > 0) {
          listeners.push({ kind: 'service', address, port });
          continue;
        }
        const { destination, transport: onward } = second.sending.question;
        const to = formatAddress(destination);
        target = destination.family === 6 ? `[${to}]:${onward.destinationPort}` : `${to}:${onward.destinationPort}`;
        listeners.push({ kind: 'proxy', address, port, ports: { [`${to} ${onward.destinationPort}`]: ports[1] ?? 0 } });
      }
    }
    const { source, destination, transport } = first.sending.question;
    const connect: Connect = {
      source: formatAddress(source),
      sourcePort: ports[0] ?? 0,
      destination: formatAddress(destination),
      port: transport.destinationPort,
      ...(target === undefined ? {} : { target }),
      milliseconds: CLIENT_PATIENCE,
    };
    const holds = packets.every(({ predicted }) => predicted.every(isAnswered));
    const never = packets.some(({ predicted }) => predicted.every(isLost));
    // Where some branches hold and others do not, either may be met.
    if (!holds && !never) return undefined;
    return { packets, connect, listeners, places, codes, expected: packets.at(-1)?.predicted ?? [], holds };
  }

  async #wave(wanted: readonly Wanted[]): Promise<readonly ConnectionResult[]> {
    const places = new Map(wanted.flatMap((item) => [...item.places]));
    const byKey = new Map<string, Listener>();
    for (const each of wanted.flatMap(({ listeners }) => listeners)) {
      const key = `${each.address} ${each.port}`;
      const known = byKey.get(key);
      const isShared = each.kind === 'proxy' && known?.kind === 'proxy';
      byKey.set(key, isShared ? { ...each, ports: { ...known.ports, ...each.ports } } : each);
    }
    return this.#ends.during(
      places,
      wanted.flatMap(({ codes }) => codes),
      (sandbox) =>
        sandbox.connect(
          wanted.map(({ connect }) => connect),
          [...byKey.values()],
        ),
    );
  }
}

/** False where the address is behind another device already. */
function place(places: Map<string, DeviceIx>, address: string, device: DeviceIx): boolean {
  const known = places.get(address);
  places.set(address, known ?? device);
  return known === undefined || known === device;
}

/** Whichever of its branches it takes. */
function isAnswered({ request, answers }: PredictedTrip): boolean {
  return request.disposition === 'delivered' && answers.every(({ disposition }) => disposition === 'delivered');
}

/** Whichever of its branches it takes. */
function isLost({ request, answers }: PredictedTrip): boolean {
  return request.disposition !== 'delivered' || answers.every(({ disposition }) => disposition !== 'delivered');
}

/** As many of them as can stand together. */
function nextWave(wanted: readonly Wanted[]): { readonly now: readonly Wanted[]; readonly later: readonly Wanted[] } {
  const now: Wanted[] = [];
  const later: Wanted[] = [];
  const places = new Map<string, DeviceIx>();
  const proxied = new Set<string>();
  for (const item of wanted) {
    const targets = item.listeners.flatMap((each) => (each.kind === 'proxy' ? Object.keys(each.ports) : []));
    const fits =
      [...item.places].every(([address, device]) => (places.get(address) ?? device) === device) &&
      !targets.some((target) => proxied.has(target));
    if (!fits) {
      later.push(item);
      continue;
    }
    for (const [address, device] of item.places) places.set(address, device);
    for (const target of targets) proxied.add(target);
    now.push(item);
  }
  return { now, later };
}

function judged(
  { packets, connect, expected, holds }: Wanted,
  result: ConnectionResult,
  space: AddressSpace,
): Connection {
  if (!holds) return { packets, connect, result, agrees: result.end === 'timed-out', expected: undefined };
  const agrees =
    result.end === 'connected' && expected.some(({ request }) => isSeen(space, request, result.seen ?? ''));
  const [first] = expected;
  return {
    packets,
    connect,
    result,
    agrees,
    expected: first === undefined ? undefined : formatAddress(first.request.source),
  };
}

/** A pool may give any of its addresses. */
function isSeen(space: AddressSpace, { source, isPooled }: PredictedLeg, text: string): boolean {
  const seen = parseAddress(text);
  if (!seen.ok) return false;
  return formatAddress(seen.value) === formatAddress(source) || (isPooled && isAlike(space, source, seen.value));
}
