/**
 * Real TCP connections through a lab: for each client a socket of the kernel bound to its address, behind its device;
 * for each service one that listens where the prediction says that the packets arrive. What the client gets and which
 * address the service sees is compared with the prediction.
 *
 * One namespace holds all ends. An address can be behind one device at a time there, so that connections that need it
 * behind different ones go one after the other.
 *
 * Left out: UDP; connections that the prediction ends behind different devices by equal-cost ways.
 */
import type { AddressSpace } from '@bothways/forwarding';
import { type Address, type Family, formatAddress, parseAddress } from '@bothways/net';
import type { DeviceIx } from '@bothways/network';
import { flowCode, HOST_NEIGHBOUR, type KernelPlan, neighbourMac } from './kernel-plan.ts';
import { hostsEnd, realEnds } from './kernel-script.ts';
import type { Judged } from './packet-oracle.ts';
import { isAlike, type PredictedTrip } from './packet-prediction.ts';
import type { Connect, ConnectionResult, Listener } from './requests.ts';
import type { Sandbox } from './sandbox.ts';

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
export const CLIENT_PATIENCE = 4_000;

/** What a connection needs of the ends. */
interface Wanted {
  readonly packets: readonly Judged[];
  readonly connect: Connect;
  readonly listeners: readonly Listener[];
  /** Address → the device it is behind. */
  readonly places: ReadonlyMap<string, DeviceIx>;
  /** Whose packets carry which code (`flowCode`): address, port, code. */
  readonly codes: readonly (readonly [address: string, port: number, code: number])[];
  readonly expected: readonly PredictedTrip[];
  readonly holds: boolean;
}

export class Connector {
  readonly #sandbox: Sandbox;
  readonly #plan: KernelPlan;
  #isReady = false;
  #port = 0;

  constructor(sandbox: Sandbox, plan: KernelPlan) {
    this.#sandbox = sandbox;
    this.#plan = plan;
  }

  /** One connection for each group of packets; groups that no connection can stand for are left out. */
  async connect(groups: readonly (readonly Judged[])[], space: AddressSpace): Promise<readonly Connection[]> {
    const wanted = groups.flatMap((packets) => this.#wanted(packets) ?? []);
    if (wanted.length === 0) return [];
    if (!this.#isReady) await this.#prepare();
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
    const codes: [string, number, number][] = [];
    const ports = packets.map(() => this.#nextPort());
    let target: string | undefined;
    for (const [at, { sending, predicted }] of packets.entries()) {
      const { start, source, transport, flow } = sending.question;
      const own = formatAddress(source);
      if (!place(places, own, start)) return undefined;
      const code = flow === undefined ? 1 : flowCode(sending.plan.network, flow);
      codes.push([own, ports[at] ?? 0, code]);
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
    const never = packets.some(({ predicted }) => predicted.every((trip) => !isAnswered(trip)));
    // Where some branches hold and others do not, either may be met.
    if (!holds && !never) return undefined;
    return { packets, connect, listeners, places, codes, expected: packets.at(-1)?.predicted ?? [], holds };
  }

  async #wave(wanted: readonly Wanted[]): Promise<readonly ConnectionResult[]> {
    const places = new Map(wanted.flatMap((item) => [...item.places]));
    const lines = (verb: 'add' | 'del'): string =>
      [...places]
        .flatMap(([address, device]) => {
          const bits = address.includes(':') ? 128 : 32;
          return [
            `addr ${verb} ${address}/${bits} dev lo${verb === 'add' && bits === 128 ? ' nodad' : ''}\n`,
            `rule ${verb} pref 10 from ${address}/${bits} iif lo lookup ${tableOf(device)}\n`,
          ];
        })
        .join('');
    const byKey = new Map<string, Listener>();
    for (const each of wanted.flatMap(({ listeners }) => listeners)) {
      const key = `${each.address} ${each.port}`;
      const known = byKey.get(key);
      const isShared = each.kind === 'proxy' && known?.kind === 'proxy';
      byKey.set(key, isShared ? { ...each, ports: { ...known.ports, ...each.ports } } : each);
    }
    await this.#batch(undefined, lines('add'));
    await this.#rules(wanted);
    try {
      return await this.#sandbox.connect(
        wanted.map(({ connect }) => connect),
        [...byKey.values()],
      );
    } finally {
      await this.#batch(undefined, lines('del')).catch(() => {});
    }
  }

  async #rules(wanted: readonly Wanted[]): Promise<void> {
    const marks = wanted.flatMap(({ codes }) =>
      codes.map(([address, port, code]) => {
        const header = address.includes(':') ? 'ip6' : 'ip';
        return `${header} saddr ${address} tcp sport ${port} ${header} dscp set ${code}`;
      }),
    );
    const input = [
      'table inet ends',
      'delete table inet ends',
      'table inet ends { chain out { type filter hook output priority -150; policy accept;',
      ...marks,
      '}',
      '}',
      '',
    ].join('\n');
    const { status, errors } = await this.#sandbox.run({ argv: ['nft', '-f', '-'], input });
    if (status !== 0) throw new Error(`the ends of connections: ${errors.trim()}`);
  }

  /** The interfaces behind the devices, once. */
  async #prepare(): Promise<void> {
    const { namespace, near, far, gateways } = realEnds;
    await this.#batch(
      undefined,
      [
        `netns add ${namespace}`,
        `link add name ends type veth peer name ends netns ${namespace}`,
        `addr add ${near}/30 dev ends`,
        'link set dev ends up',
        '',
      ].join('\n'),
    );
    const { devices } = this.#plan;
    const names = devices.map(({ device }) => `x${device.ix}`);
    await this.#batch(
      namespace,
      [
        'link set dev lo up',
        `addr add ${far}/30 dev ends`,
        'link set dev ends up',
        ...devices.map(
          ({ vni }, at) =>
            `link add name ${names[at]} mtu 1500 address ${neighbourMac(HOST_NEIGHBOUR)} netns 1 type vxlan id ${vni} remote ${near} dstport ${hostsEnd.port} nolearning`,
        ),
        '',
      ].join('\n'),
    );
    const shell = [
      'for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $f; done',
      'for f in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 > $f; done',
      'for f in /proc/sys/net/ipv6/conf/*/addr_gen_mode; do echo 1 > $f; done',
      // A client and a service may both be here.
      'echo 1 > /proc/sys/net/ipv4/conf/all/accept_local',
      // Where a packet goes is looked for before whether its address is here.
      ...[4, 6].flatMap((family) => [`ip -${family} rule add pref 100 lookup local`, `ip -${family} rule del pref 0`]),
      'ip -batch - <<END',
      ...devices.flatMap(({ device }, at) => [
        `link set dev ${names[at]} up`,
        ...([4, 6] as const).flatMap((family) => [
          `neigh replace ${gateways[family]} lladdr ${hostsEnd.mac} dev ${names[at]} nud permanent`,
          `route add ${anywhere[family]} via ${gateways[family]} dev ${names[at]} onlink table ${tableOf(device.ix)}`,
        ]),
      ]),
      'END',
      '',
    ].join('\n');
    const { errors } = await this.#sandbox.run({ argv: ['sh', '-s'], input: shell });
    if (errors !== '') throw new Error(`the ends of connections: ${errors.trim()}`);
    await this.#sandbox.relay();
    this.#isReady = true;
  }

  async #batch(namespace: string | undefined, input: string): Promise<void> {
    const where = namespace === undefined ? {} : { namespace };
    const { status, errors } = await this.#sandbox.run({ ...where, argv: ['ip', '-batch', '-'], input });
    if (status !== 0 || errors !== '') throw new Error(`the ends of connections: ${errors.trim()}`);
  }
}

const anywhere: Readonly<Record<Family, string>> = { 4: '0.0.0.0/0', 6: '::/0' };

function tableOf(device: DeviceIx): number {
  return 10_000 + device;
}

/** False where the address is behind another device already. */
function place(places: Map<string, DeviceIx>, address: string, device: DeviceIx): boolean {
  const known = places.get(address);
  places.set(address, known ?? device);
  return known === undefined || known === device;
}

function isAnswered({ request, answers }: PredictedTrip): boolean {
  return request.disposition === 'delivered' && answers.every(({ disposition }) => disposition === 'delivered');
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
  const sources = expected.map(({ request }) => request.source);
  const agrees = result.end === 'connected' && sources.some((source) => isSeen(space, source, result.seen ?? ''));
  return {
    packets,
    connect,
    result,
    agrees,
    expected: sources[0] === undefined ? undefined : formatAddress(sources[0]),
  };
}

/** A pool may give any of its addresses. */
function isSeen(space: AddressSpace, predicted: Address, text: string): boolean {
  const seen = parseAddress(text);
  return seen.ok && isAlike(space, predicted, seen.value);
}
