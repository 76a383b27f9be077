/** What became of one packet and its answer, read from the reports of the devices it met. */
import type { DeviceIx, LinkIx } from '@bothways/network';
import { type Datagram, decode } from './frames.ts';
import {
  type DropReason,
  dropNeighbour,
  dropReasons,
  HOST_NEIGHBOUR,
  type KernelPlan,
  portNeighbour,
} from './kernel-plan.ts';

interface Arrival {
  readonly device: DeviceIx;
  readonly link: LinkIx;
  /** The packet as it arrived. */
  readonly packet: Datagram;
}

type LegEnd =
  | { readonly kind: 'delivered'; readonly device: DeviceIx; readonly packet: Datagram }
  | { readonly kind: 'dropped'; readonly device: DeviceIx; readonly reason: DropReason; readonly packet: Datagram }
  /** No device reported anything more. */
  | { readonly kind: 'vanished' };

export interface Leg {
  readonly arrivals: readonly Arrival[];
  readonly end: LegEnd;
}

export interface Trace {
  readonly request: Leg;
  /** Undefined where the request was not delivered. */
  readonly answer: Leg | undefined;
  /** False: a report is missing, so that the way is not known whole. */
  readonly isWhole: boolean;
}

interface Report {
  readonly device: DeviceIx;
  readonly neighbour: number;
  readonly packet: Datagram;
}

/** `life` is the one that both packets started with. */
export function readReports(plan: KernelPlan, text: string, life: number): Trace {
  const reports = reportsIn(plan, Buffer.from(text, 'base64'));
  const request = legOf(plan, reports, 'request', life);
  const answer = request.leg.end.kind === 'delivered' ? legOf(plan, reports, 'answer', life) : undefined;
  return { request: request.leg, answer: answer?.leg, isWhole: request.isWhole && answer?.isWhole !== false };
}

function reportsIn({ firstVni }: KernelPlan, bytes: Buffer): readonly Report[] {
  const reports: Report[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt16BE(at + 6);
    const packet = decode(bytes.subarray(at + 8, at + 8 + length));
    if (packet !== undefined) {
      reports.push({ device: bytes.readUInt32BE(at) - firstVni, neighbour: bytes.readUInt16BE(at + 4), packet });
    }
    at += 8 + length;
  }
  return reports;
}

function legOf(
  plan: KernelPlan,
  all: readonly Report[],
  direction: Datagram['direction'],
  life: number,
): { readonly leg: Leg; readonly isWhole: boolean } {
  const reports = all.filter(({ packet }) => packet.direction === direction);
  const arrivals: Arrival[] = [];
  let end: LegEnd = { kind: 'vanished' };
  for (const { device, neighbour, packet } of reports) {
    const port = plan.devices[device]?.ports.find((each) => portNeighbour(each) === neighbour);
    const reason = dropReasons.find((each) => dropNeighbour(each) === neighbour);
    if (port !== undefined) arrivals.push({ device, link: port.link, packet });
    else if (reason !== undefined) end = { kind: 'dropped', device, reason, packet };
    else if (neighbour === HOST_NEIGHBOUR) end = { kind: 'delivered', device, packet };
  }
  // Every router takes one off, and so does the copy of what arrives: no number may be missing.
  arrivals.sort((a, b) => b.packet.life - a.packet.life);
  const isWhole =
    end.kind !== 'vanished' &&
    end.packet.life === life - arrivals.length - 1 &&
    arrivals.every(({ packet }, at) => packet.life === life - at - 2);
  return { leg: { arrivals, end }, isWhole };
}
