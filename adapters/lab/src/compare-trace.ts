/** Whether what the kernel did to a packet is one of the branches that the engine predicts. */
import type { AddressSpace } from '@bothways/forwarding';
import { type Address, addressOf, formatAddress } from '@bothways/net';
import type { Datagram } from './frames.ts';
import { type DropReason, dropReasons } from './kernel-plan.ts';
import { isAlike, type PredictedLeg, type PredictedTrip, type SeenLeg } from './packet-prediction.ts';
import type { Leg, Trace } from './trace.ts';

/** How a packet ends that a device drops. */
export const dispositionOf: Readonly<Record<DropReason, SeenLeg['disposition']>> = {
  loop: 'loop',
  refused: 'refused-at-microsoft-edge',
  'no-state': 'no-state',
  denied: 'denied',
  'no-route': 'no-route',
  discarded: 'discarded',
  'not-carried': 'not-carried-by-expressroute',
};

/** Undefined of what is no drop of a device. */
export function reasonOf(disposition: SeenLeg['disposition']): DropReason | undefined {
  return dropReasons.find((reason) => dispositionOf[reason] === disposition);
}

/** The headers of a packet. */
export type Sent = Pick<Datagram, 'family' | 'source' | 'destination' | 'sourcePort' | 'destinationPort'>;

/** A leg in the engine's terms; it ends where the packet comes to a device a second time unchanged. */
function observedLeg(leg: Leg, start: number, sent: Sent): SeenLeg | undefined {
  const visits: SeenLeg['visits'][number][] = [
    {
      device: start,
      arrivedOn: undefined,
      source: addressOf(sent.family, sent.source),
      destination: addressOf(sent.family, sent.destination),
    },
  ];
  const before: { readonly device: number; readonly packet: Sent }[] = [{ device: start, packet: sent }];
  for (const { device, link, packet } of leg.arrivals) {
    const visit = {
      device,
      arrivedOn: link,
      source: addressOf(packet.family, packet.source),
      destination: addressOf(packet.family, packet.destination),
    };
    const again = before.some((each) => each.device === device && isSame(each.packet, packet));
    before.push({ device, packet });
    visits.push(visit);
    if (again) return { visits, disposition: 'loop', source: visit.source, destination: visit.destination };
  }
  const { end } = leg;
  if (end.kind === 'vanished') return undefined;
  return {
    visits,
    disposition: end.kind === 'delivered' ? 'delivered' : dispositionOf[end.reason],
    source: addressOf(end.packet.family, end.packet.source),
    destination: addressOf(end.packet.family, end.packet.destination),
  };
}

function isSame(a: Sent, b: Sent): boolean {
  return (
    a.source === b.source &&
    a.destination === b.destination &&
    a.sourcePort === b.sourcePort &&
    a.destinationPort === b.destinationPort
  );
}

export interface Observed {
  readonly request: SeenLeg | undefined;
  readonly answer: SeenLeg | undefined;
}

export function observedTrip(trace: Trace, start: number, sent: Sent): Observed {
  const request = observedLeg(trace.request, start, sent);
  const { end } = trace.request;
  if (trace.answer === undefined || end.kind !== 'delivered' || request?.disposition !== 'delivered')
    return { request, answer: undefined };
  const { family, source, destination, sourcePort, destinationPort } = end.packet;
  return {
    request,
    answer: observedLeg(trace.answer, end.device, {
      family,
      source: destination,
      destination: source,
      sourcePort: destinationPort,
      destinationPort: sourcePort,
    }),
  };
}

/** True where some branch of the request has a branch of the answer with both as observed. */
export function isPredicted(space: AddressSpace, trips: readonly PredictedTrip[], observed: Observed): boolean {
  return trips.some(
    ({ request, answers }) =>
      sameLeg(space, 'source', request, observed.request) &&
      (answers.length === 0
        ? observed.answer === undefined
        : answers.some((answer) => sameLeg(space, 'destination', answer, observed.answer))),
  );
}

interface Ends {
  readonly source: Address;
  readonly destination: Address;
}

/** `client`: the side of the client, whose address can be of a pool. */
function sameLeg(
  space: AddressSpace,
  client: keyof Ends,
  predicted: PredictedLeg,
  observed: SeenLeg | undefined,
): boolean {
  if (observed === undefined) return false;
  const service = client === 'source' ? 'destination' : 'source';
  const alike = (a: Ends & { readonly isPooled: boolean }, b: Ends): boolean =>
    a[service].bits === b[service].bits &&
    (a.isPooled ? isAlike(space, a[client], b[client]) : a[client].bits === b[client].bits);
  return (
    predicted.disposition === observed.disposition &&
    predicted.visits.length === observed.visits.length &&
    // Where a packet is dropped, the kernel has not yet translated an answer's source back.
    (predicted.disposition !== 'delivered' || alike(predicted, observed)) &&
    predicted.visits.every((visit, at) => {
      const other = observed.visits[at];
      return (
        other !== undefined &&
        other.device === visit.device &&
        other.arrivedOn === visit.arrivedOn &&
        alike(visit, other)
      );
    })
  );
}

/** 'hq > fw-er > er-ce1': the devices on the way. */
export function wayText(leg: SeenLeg | undefined, nameOf: (device: number) => string): string {
  return leg === undefined ? 'nothing was seen' : leg.visits.map(({ device }) => nameOf(device)).join(' > ');
}

/** '0 -e2> 3 -e4> 5 denied 10.1.0.1 to 20.5.6.7'. */
function legText(leg: SeenLeg | undefined): string {
  if (leg === undefined) return 'nothing more was seen';
  const way = leg.visits.map(({ device, arrivedOn, source, destination }, at) => {
    const before = leg.visits[at - 1];
    const changed =
      before !== undefined && (before.source.bits !== source.bits || before.destination.bits !== destination.bits);
    const packet = changed ? ` (${formatAddress(source)} to ${formatAddress(destination)})` : '';
    return `${arrivedOn === undefined ? '' : `-${arrivedOn}> `}${device}${packet}`;
  });
  return `${way.join(' ')} ${leg.disposition} ${formatAddress(leg.source)} to ${formatAddress(leg.destination)}`;
}

export function tripText({ request, answers }: PredictedTrip): string {
  return [legText(request), ...answers.map((answer) => `  answer ${legText(answer)}`)].join('\n');
}

export function observedText({ request, answer }: Observed): string {
  return answer === undefined ? legText(request) : `${legText(request)}\n  answer ${legText(answer)}`;
}
