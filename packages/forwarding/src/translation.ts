/**
 * Address translation: of the destination when a request arrives, of its source when it leaves, and both undone for the
 * answer by the state that the request left behind.
 *
 * Source translation takes the rule of the outgoing link; where none fits, one for sessions that came in on the link
 * they arrived on (inbound and hairpin translation). A rule fits a packet only if its pool has addresses of the packet's
 * family, as a rule of one family's table does in the kernel. Ports are kept (RFC 4787 section 4.2.1 calls that port
 * preservation); how many a pool has is a question of load, see exhaustion.ts.
 */
import type { PrefixSet } from '@bothways/net';
import type { DestinationNat, Device, InboundSourceNat, LinkIx, SourceNat } from '@bothways/network';
import { type Packet, portsFit, sameAddress } from './packet.ts';
import { hasFamily, insideAny } from './prefix-lists.ts';

/** Pools of a device that have no free ports left. */
export interface ExhaustedPool {
  readonly device: Device['ix'];
  readonly addresses: PrefixSet;
}

export function destinationRule(
  device: Device,
  arrivedOn: LinkIx | undefined,
  packet: Packet,
): DestinationNat | undefined {
  if (device.destinationNat === undefined || arrivedOn === undefined) return undefined;
  return device.destinationNat.find(
    (rule) =>
      rule.links.includes(arrivedOn) &&
      sameAddress(rule.publicAddress, packet.destination) &&
      rule.insideAddress.family === packet.destination.family &&
      portsFit(rule.ports, packet),
  );
}

/** `leavesOn` is undefined where the packet ends at a host behind the device. */
export function sourceRule(
  device: Device,
  arrivedOn: LinkIx | undefined,
  leavesOn: LinkIx | undefined,
  packet: Packet,
): SourceNat | InboundSourceNat | undefined {
  const { family } = packet.source;
  if (leavesOn !== undefined) {
    for (const rule of device.sourceNat) {
      if (rule.link === leavesOn && hasFamily(rule.pool, family) && insideAny(rule.sources, packet.source)) return rule;
    }
  }
  if (arrivedOn === undefined || device.inboundSourceNat === undefined) return undefined;
  return device.inboundSourceNat.find(
    (rule) =>
      rule.links.includes(arrivedOn) &&
      hasFamily(rule.pool, family) &&
      insideAny(rule.destinations, packet.destination),
  );
}

/** The device keeps state of what it translates. */
export function translates(device: Device): boolean {
  return device.sourceNat.length > 0 || device.destinationNat !== undefined || device.inboundSourceNat !== undefined;
}
