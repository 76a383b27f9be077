/** Round trips for the workbench: a light row for each, and everything about one, hop by hop with the packet as it was. */
import { type EstateView, type HopWords, hopWords, packetText, placeOfOrigins } from '@bothways/checks';
import type { Place } from '@bothways/diagnostics';
import {
  DISPOSITION_CONDITIONS,
  deviceAt,
  type Hop,
  lastHop,
  type Packet,
  type RoundTrip,
  viaText,
  type Way,
} from '@bothways/forwarding';
import { setSize } from '@bothways/net';
import { type RoundTripView, roundTripView } from '../check.ts';
import type { Verdict } from '../overview.ts';
import { type QualityView, qualityView } from '../quality-view.ts';

/** One round trip in a list. */
export interface TripRow {
  readonly id: string;
  readonly flow: string;
  readonly flowName: string;
  readonly source: string;
  readonly destination: string;
  readonly environment: string | undefined;
  readonly family: 4 | 6;
  readonly outcome: Verdict;
  /** 'expressroute:NAME', 'internet:NAME' or 'internal'. */
  readonly there: string;
  readonly back: string | undefined;
  readonly symmetric: boolean;
  readonly dropped: DroppedView | undefined;
  readonly because: string | undefined;
  readonly addresses: string;
  /** Devices where the request starts, and where it is delivered or lost. */
  readonly ends: readonly [string, string];
}

export interface DroppedView {
  readonly device: string;
  readonly direction: 'request' | 'answer';
  readonly reason: string;
  readonly place: Place | undefined;
}

export interface HopDetail extends HopWords {
  /** 'SOURCE -> DESTINATION' as it arrived and as it left; equal where nothing was translated. */
  readonly arrives: string;
  readonly leaves: string;
  /** Ids of lines of the topology. */
  readonly arrivedOn: string | undefined;
  readonly leftOn: string | undefined;
}

export interface WayDetail {
  readonly via: string;
  readonly delivered: boolean;
  /** How it ended, in words. */
  readonly end: string;
  readonly hops: readonly HopDetail[];
}

export interface TripDetail extends TripRow {
  readonly packet: RoundTripView['packet'];
  readonly covers: RoundTripView['covers'];
  readonly ports: readonly string[];
  readonly openedBy: RoundTripView['openedBy'];
  readonly branches: number;
  readonly symmetry: RoundTripView['symmetry'];
  readonly forward: WayDetail;
  readonly return: WayDetail | undefined;
  readonly quality: QualityView;
}

export function tripRow(view: EstateView, trip: RoundTrip): TripRow {
  const { demand, forward, back } = trip;
  return {
    id: trip.id,
    flow: demand.flow.id,
    flowName: demand.flow.name,
    source: demand.source.name,
    destination: demand.target.name,
    environment: demand.environment,
    family: trip.family,
    outcome: trip.outcome,
    there: viaText(forward.via),
    back: back === undefined ? undefined : viaText(back.via),
    symmetric: trip.symmetry.edge,
    dropped: droppedView(view, trip),
    because: trip.because,
    addresses: addressesOf(trip),
    ends: [nameOf(view, forward.path.hops[0]), nameOf(view, forward.path.hops.at(-1))],
  };
}

export function tripDetail(view: EstateView, trip: RoundTrip, lineIds: readonly string[]): TripDetail {
  const { packet, covers, ports, openedBy, branches, symmetry } = roundTripView(view, trip);
  return {
    ...tripRow(view, trip),
    packet,
    covers,
    ports,
    openedBy,
    branches,
    symmetry,
    forward: wayDetail(view, trip.forward, lineIds),
    return: trip.back === undefined ? undefined : wayDetail(view, trip.back, lineIds),
    quality: qualityView(view, trip),
  };
}

function wayDetail(view: EstateView, way: Way, lineIds: readonly string[]): WayDetail {
  const words = hopWords(view, way);
  const { hops, last } = way.path;
  return {
    via: viaText(way.via),
    delivered: way.disposition === 'delivered',
    end: DISPOSITION_CONDITIONS[way.disposition],
    hops: words.map((word, at) => {
      const hop = hops[at];
      const next: Packet = hops[at + 1]?.packet ?? last;
      return {
        ...word,
        arrives: hop === undefined ? '' : packetText(hop.packet),
        leaves: packetText(next),
        arrivedOn: hop?.arrivedOn === undefined ? undefined : lineIds[hop.arrivedOn],
        leftOn: hop?.leftOn === undefined ? undefined : lineIds[hop.leftOn],
      };
    }),
  };
}

function droppedView(view: EstateView, { forward, back }: RoundTrip): DroppedView | undefined {
  const lost = back ?? forward;
  if (lost.disposition === 'delivered') return undefined;
  const hop = lastHop(lost.path);
  const device = deviceAt(view.compiled.network, hop.device);
  const step = hop.steps.find((each) => each.kind === 'dropped');
  return {
    device: device.name,
    direction: back === undefined ? 'request' : 'answer',
    reason: DISPOSITION_CONDITIONS[lost.disposition],
    place: placeOfOrigins(view, [...(step?.origins ?? []), ...device.origins]),
  };
}

function nameOf(view: EstateView, hop: Hop | undefined): string {
  return hop === undefined ? '' : deviceAt(view.compiled.network, hop.device).name;
}

function addressesOf({ covers, family }: RoundTrip): string {
  return setSize(covers, family).toString();
}
