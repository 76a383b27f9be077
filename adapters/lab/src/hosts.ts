/**
 * Every host of a data-plane lab, played by one process: it sends requests behind the devices they start at, answers
 * what is delivered, and collects what the devices report. It speaks VXLAN (RFC 7348), so that a device is told apart by
 * a number and nothing but a UDP socket is needed.
 *
 * It judges nothing: reports go back as they came, and `trace.ts` reads them.
 */
import { createSocket, type Socket } from 'node:dgram';
import { answerTo, decode, encode, frame, summed } from './frames.ts';
import { HOST_NEIGHBOUR } from './kernel-plan.ts';
import { hostsEnd, realEnds } from './kernel-script.ts';
import { FIRST_CAPTURE_VNI, type Probe } from './requests.ts';

/** Probes under way at once: so few that their reports fit in the socket's buffer. */
const WINDOW = 24;
/** Milliseconds between looks at what has gone silent. */
const TICK = 100;
/** Looks without a report after which a packet is lost without a trace. Looks and not time: this process may be kept waiting. */
const SILENT_LOOKS = 8;
/** Largest number of reports that one probe may cause; beyond it the reports end. */
const MOST_REPORTS = 600;
const VXLAN = 8;
const ETHERNET = 14;

/** Bytes of captured frames that are kept until somebody asks for them. */
const MOST_CAPTURED = 64 * 2 ** 20;

interface Captured {
  readonly vni: number;
  /** Microseconds since 1970. */
  readonly at: number;
  /** Base64. */
  readonly frame: string;
}

interface Trip {
  readonly probe: Probe;
  readonly reports: Buffer[];
  size: number;
  silent: number;
  done: (reports: string) => void;
}

export class Hosts {
  readonly #socket: Socket;
  readonly #trips = new Map<number, Trip>();
  readonly #captures = new Map<number, { frames: Captured[]; size: number; missed: number }>();
  readonly #router = bytesOf(hostsEnd.mac);
  readonly #self = bytesOf('02:b8:00:00:00:02');

  #ends: Socket | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (message) => this.#receive(message));
    socket.on('error', () => {});
  }

  static async open(): Promise<Hosts> {
    return new Hosts(await bound(hostsEnd.near));
  }

  /** From now on, what is no probe of ours goes to and fro between the devices and the real ends. */
  async relay(): Promise<void> {
    if (this.#ends !== undefined) return;
    const ends = await bound(realEnds.near);
    ends.on('message', (message) => {
      if (message.length < VXLAN + ETHERNET) return;
      summed(message.subarray(VXLAN + ETHERNET));
      this.#socket.send(message, hostsEnd.port, hostsEnd.far);
    });
    this.#ends = ends;
  }

  /** For each probe what was reported, base64 (see `readReports`), in the order of the probes. */
  async probe(probes: readonly Probe[]): Promise<readonly string[]> {
    const results: string[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let at = next++; at < probes.length; at = next++) {
        const probe = probes[at];
        if (probe !== undefined) results[at] = await this.#one(probe);
      }
    };
    // After what has arrived is read.
    const watch = setInterval(() => setImmediate(() => this.#giveUp()), TICK);
    try {
      await Promise.all(Array.from({ length: Math.min(WINDOW, probes.length) }, worker));
    } finally {
      clearInterval(watch);
    }
    return results;
  }

  captured(vnis: readonly number[]): { readonly frames: readonly Captured[]; readonly missed: number } {
    const frames: Captured[] = [];
    let missed = 0;
    for (const vni of vnis) {
      const held = this.#captures.get(vni);
      frames.push(...(held?.frames ?? []));
      missed += held?.missed ?? 0;
      this.#captures.set(vni, { frames: [], size: 0, missed: 0 });
    }
    return { frames: frames.sort((a, b) => a.at - b.at), missed };
  }

  release(vnis: readonly number[]): void {
    for (const vni of vnis) this.#captures.delete(vni);
  }

  #keep(vni: number, frame: Buffer): void {
    const held = this.#captures.get(vni);
    if (held === undefined) return;
    held.size += frame.length;
    const at = Math.round((performance.timeOrigin + performance.now()) * 1000);
    if (held.size > MOST_CAPTURED) held.missed += 1;
    else held.frames.push({ vni, at, frame: frame.toString('base64') });
  }

  #one(probe: Probe): Promise<string> {
    return new Promise((done) => {
      this.#trips.set(probe.trip, { probe, reports: [], size: 0, silent: 0, done });
      this.#send(probe.vni, Buffer.from(probe.packet, 'base64'));
    });
  }

  #send(vni: number, packet: Uint8Array): void {
    const head = Buffer.alloc(VXLAN);
    head.writeUInt8(0x08, 0);
    head.writeUIntBE(vni, 4, 3);
    this.#socket.send([head, frame(this.#router, this.#self, packet)], hostsEnd.port, hostsEnd.far);
  }

  #receive(message: Buffer): void {
    if (message.length < VXLAN + ETHERNET) return;
    const captured = message.readUIntBE(4, 3);
    if (captured >= FIRST_CAPTURE_VNI) {
      this.#keep(captured, message.subarray(VXLAN));
      return;
    }
    const packet = message.subarray(VXLAN + ETHERNET);
    const datagram = decode(packet);
    const trip = datagram === undefined ? undefined : this.#trips.get(datagram.trip);
    if (datagram === undefined || trip === undefined) {
      const isForHost = message.readUInt16BE(VXLAN + 4) === HOST_NEIGHBOUR;
      if (isForHost) this.#ends?.send(message, hostsEnd.port, realEnds.far);
      return;
    }
    const vni = message.readUIntBE(4, 3);
    const neighbour = message.readUInt16BE(VXLAN + 4);
    const head = Buffer.alloc(8);
    head.writeUInt32BE(vni, 0);
    head.writeUInt16BE(neighbour, 4);
    head.writeUInt16BE(packet.length, 6);
    trip.reports.push(head, packet);
    trip.size += 1;
    trip.silent = 0;
    const isHere = neighbour === HOST_NEIGHBOUR;
    if (isHere && datagram.direction === 'request' && trip.size < MOST_REPORTS) {
      this.#send(vni, encode(answerTo(datagram, trip.probe.life)));
    } else if (isHere || neighbour < 256 || trip.size >= MOST_REPORTS) {
      this.#finish(trip);
    }
  }

  #finish(trip: Trip): void {
    this.#trips.delete(trip.probe.trip);
    trip.done(Buffer.concat(trip.reports).toString('base64'));
  }

  #giveUp(): void {
    for (const trip of this.#trips.values()) {
      trip.silent += 1;
      if (trip.silent > SILENT_LOOKS) this.#finish(trip);
    }
  }
}

async function bound(address: string): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20, sendBufferSize: 1 << 20 });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(hostsEnd.port, address, () => resolve());
  });
  return socket;
}

function bytesOf(mac: string): Uint8Array {
  return Uint8Array.from(mac.split(':').map((part) => Number.parseInt(part, 16)));
}
