/**
 * Frames of the process that plays the hosts: Ethernet with IPv4 or IPv6 and UDP or TCP, built, answered and read.
 * Sources: RFC 791, RFC 8200 (IP), RFC 768, RFC 9293 (UDP, TCP), RFC 1071 (checksum), RFC 7348 (VXLAN).
 *
 * Every packet carries the number of its round trip where translation leaves it alone: in UDP in the payload, in TCP as
 * the sequence number, of a SYN as of the SYN with ACK that answers it. Left out: options, fragments, data over TCP.
 */
import type { Family } from '@bothways/net';

export interface Datagram {
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp';
  readonly source: bigint;
  readonly destination: bigint;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly dscp: number;
  /** Time to live or hop limit. */
  readonly life: number;
  /** 32 bits. */
  readonly trip: number;
  readonly direction: 'request' | 'answer';
}

const ETHERNET = 14;
const UDP_HEADER = 8;
const TCP_HEADER = 20;
/** Of our UDP payload, so that nothing else is taken for a probe. */
const MAGIC = 0xb07b;
const PAYLOAD = 8;
const SYN = 0x02;
const ACK = 0x10;

/** An Ethernet frame; hardware addresses as 6 bytes each. */
export function frame(destination: Uint8Array, source: Uint8Array, packet: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(ETHERNET + packet.length);
  bytes.set(destination, 0);
  bytes.set(source, 6);
  bytes.set(packet[0] !== undefined && packet[0] >>> 4 === 4 ? [0x08, 0x00] : [0x86, 0xdd], 12);
  bytes.set(packet, ETHERNET);
  return bytes;
}

export function encode(datagram: Datagram): Uint8Array {
  const { family, protocol } = datagram;
  const header = family === 4 ? 20 : 40;
  const length = header + (protocol === 'udp' ? UDP_HEADER + PAYLOAD : TCP_HEADER);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  const number = protocol === 'udp' ? 17 : 6;
  if (family === 4) {
    view.setUint8(0, 0x45);
    view.setUint8(1, datagram.dscp << 2);
    view.setUint16(2, length);
    view.setUint16(6, 0x4000);
    view.setUint8(8, datagram.life);
    view.setUint8(9, number);
    view.setUint32(12, Number(datagram.source));
    view.setUint32(16, Number(datagram.destination));
    view.setUint16(10, checksum(view, 0, 20, 0));
  } else {
    view.setUint32(0, 0x60000000 | (datagram.dscp << 22));
    view.setUint16(4, length - header);
    view.setUint8(6, number);
    view.setUint8(7, datagram.life);
    setAddress6(view, 8, datagram.source);
    setAddress6(view, 24, datagram.destination);
  }
  view.setUint16(header, datagram.sourcePort);
  view.setUint16(header + 2, datagram.destinationPort);
  if (protocol === 'udp') {
    view.setUint16(header + 4, UDP_HEADER + PAYLOAD);
    view.setUint16(header + 8, MAGIC);
    view.setUint16(header + 10, datagram.direction === 'request' ? 0 : 1);
    view.setUint32(header + 12, datagram.trip);
  } else {
    const isAnswer = datagram.direction === 'answer';
    view.setUint32(header + 4, datagram.trip);
    view.setUint32(header + 8, isAnswer ? datagram.trip + 1 : 0);
    view.setUint8(header + 12, (TCP_HEADER / 4) << 4);
    view.setUint8(header + 13, isAnswer ? SYN | ACK : SYN);
    view.setUint16(header + 14, 65_535);
  }
  const at = header + (protocol === 'udp' ? 6 : 16);
  const sum = checksum(view, header, length, pseudoHeader(view, family, length - header, number));
  // Zero says that there is none (RFC 768).
  view.setUint16(at, protocol === 'udp' && sum === 0 ? 0xffff : sum);
  return bytes;
}

/** Undefined for what no host of ours sent. */
export function decode(bytes: Uint8Array): Datagram | undefined {
  if (bytes.length < 28) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const family = view.getUint8(0) >>> 4 === 4 ? 4 : 6;
  const header = family === 4 ? 20 : 40;
  const number = view.getUint8(family === 4 ? 9 : 6);
  if (number !== 17 && number !== 6) return undefined;
  const protocol = number === 17 ? 'udp' : 'tcp';
  if (bytes.length < header + (protocol === 'udp' ? UDP_HEADER + PAYLOAD : TCP_HEADER)) return undefined;
  if (protocol === 'udp' && view.getUint16(header + 8) !== MAGIC) return undefined;
  const isAnswer = protocol === 'udp' ? view.getUint16(header + 10) === 1 : (view.getUint8(header + 13) & ACK) !== 0;
  return {
    family,
    protocol,
    source: family === 4 ? BigInt(view.getUint32(12)) : address6(view, 8),
    destination: family === 4 ? BigInt(view.getUint32(16)) : address6(view, 24),
    sourcePort: view.getUint16(header),
    destinationPort: view.getUint16(header + 2),
    dscp: family === 4 ? view.getUint8(1) >>> 2 : (view.getUint16(0) >>> 6) & 63,
    life: view.getUint8(family === 4 ? 8 : 7),
    trip: view.getUint32(protocol === 'udp' ? header + 12 : header + 4),
    direction: isAnswer ? 'answer' : 'request',
  };
}

/**
 * Puts the checksum of UDP or TCP into a packet of a kernel that left that to a network card: a tunnel has none. Other
 * packets stay as they are.
 */
export function summed(bytes: Uint8Array): void {
  if (bytes.length < 28) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const family = view.getUint8(0) >>> 4 === 4 ? 4 : 6;
  const header = family === 4 ? (view.getUint8(0) & 15) * 4 : 40;
  const number = view.getUint8(family === 4 ? 9 : 6);
  const end = family === 4 ? view.getUint16(2) : 40 + view.getUint16(4);
  if ((number !== 17 && number !== 6) || end > bytes.length) return;
  const at = header + (number === 17 ? 6 : 16);
  view.setUint16(at, 0);
  const sum = checksum(view, header, end, pseudoHeader(view, family, end - header, number));
  view.setUint16(at, number === 17 && sum === 0 ? 0xffff : sum);
}

/** What a server sends back, from the address and port that were asked. */
export function answerTo(request: Datagram, life: number): Datagram {
  return {
    ...request,
    source: request.destination,
    destination: request.source,
    sourcePort: request.destinationPort,
    destinationPort: request.sourcePort,
    dscp: 0,
    life,
    direction: 'answer',
  };
}

function setAddress6(view: DataView, at: number, bits: bigint): void {
  view.setBigUint64(at, bits >> 64n);
  view.setBigUint64(at + 8, bits & 0xffff_ffff_ffff_ffffn);
}

function address6(view: DataView, at: number): bigint {
  return (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8);
}

function pseudoHeader(view: DataView, family: Family, length: number, protocol: number): number {
  const [from, to] = family === 4 ? [12, 20] : [8, 40];
  let sum = length + protocol;
  for (let at = from; at < to; at += 2) sum += view.getUint16(at);
  return sum;
}

function checksum(view: DataView, from: number, to: number, start: number): number {
  let sum = start;
  for (let at = from; at + 1 < to; at += 2) sum += view.getUint16(at);
  // An odd last byte counts as the high half of a word.
  if ((to - from) % 2 === 1) sum += view.getUint8(to - 1) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
