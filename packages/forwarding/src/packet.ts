/**
 * Packets as tables, filters and translation see them. Ports are those of TCP and UDP; ICMP exists only as the error
 * message that a packet which is too big causes (see mtu.ts). Translation keeps ports.
 */
import { type Address, compareAddresses } from '@bothways/net';
import type { PortRange } from '@bothways/network';

export type Protocol = PortRange['protocol'];

export interface Transport {
  readonly protocol: Protocol;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

export interface Packet {
  readonly source: Address;
  readonly destination: Address;
  /** Absent: nobody said which ports; rules that name ports do not fit. */
  readonly transport?: Transport | undefined;
}

/** The port that a client's side of a session stands for: the first of the dynamic ports (RFC 6335 section 6). */
export const FIRST_CLIENT_PORT = 49_152;
export const LAST_PORT = 65_535;

/** The packet that answers this one. */
export function answerTo(packet: Packet): Packet {
  return {
    source: packet.destination,
    destination: packet.source,
    transport: packet.transport === undefined ? undefined : swapped(packet.transport),
  };
}

function swapped({ protocol, sourcePort, destinationPort }: Transport): Transport {
  return { protocol, sourcePort: destinationPort, destinationPort: sourcePort };
}

export function isAnswerTo(answer: Packet, request: Packet): boolean {
  return sameAddress(answer.source, request.destination) && sameAddress(answer.destination, request.source);
}

export function samePacket(a: Packet, b: Packet): boolean {
  return a === b || (sameAddress(a.source, b.source) && sameAddress(a.destination, b.destination));
}

export function sameAddress(a: Address, b: Address): boolean {
  return a === b || compareAddresses(a, b) === 0;
}

/** True where the destination port is in one of the ranges; an empty list fits every packet. */
export function portsFit(ranges: readonly PortRange[] | undefined, packet: Packet): boolean {
  if (ranges === undefined || ranges.length === 0) return true;
  const { transport } = packet;
  if (transport === undefined) return false;
  const { protocol, destinationPort } = transport;
  return ranges.some(
    (each) => each.protocol === protocol && each.first <= destinationPort && destinationPort <= each.last,
  );
}
