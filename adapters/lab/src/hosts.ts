/**
 * Every host of a data-plane lab, played by one process: it sends requests behind the devices they start at, answers
 * what is delivered, and collects what the devices report. It speaks VXLAN (RFC 7348), so that a device is told apart by
 * a number and nothing but a UDP socket is needed.
 *
 * It judges nothing: reports go back as they came, and `trace.ts` reads them.
 */
import { createSocket, type Socket } from 'node:dgram';
import { answerTo, decode, encode, frame } from './frames.ts';
import { HOST_NEIGHBOUR } from './kernel-plan.ts';
import { hostsEnd } from './kernel-script.ts';
import type { Probe } from './requests.ts';

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
  readonly #router = bytesOf(hostsEnd.mac);
  readonly #self = bytesOf('02:b8:00:00:00:02');

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (message) => this.#receive(message));
    socket.on('error', () => {});
  }

  static async open(): Promise<Hosts> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20, sendBufferSize: 1 << 20 });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(hostsEnd.port, hostsEnd.near, () => resolve());
    });
    return new Hosts(socket);
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
    const packet = message.subarray(VXLAN + ETHERNET);
    const datagram = decode(packet);
    const trip = datagram === undefined ? undefined : this.#trips.get(datagram.trip);
    if (datagram === undefined || trip === undefined) return;
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

function bytesOf(mac: string): Uint8Array {
  return Uint8Array.from(mac.split(':').map((part) => Number.parseInt(part, 16)));
}
