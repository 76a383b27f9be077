/** Ways of a round trip as the customer sees them: where they cross the border, and how far there and back are alike. */
import type { Link, LinkIx, Network } from '@bothways/network';
import type { Disposition } from './disposition.ts';
import type { PacketPath } from './path.ts';
import { deviceAt, linkAt } from './walk.ts';

/** How a path crosses the border of the customer: over a circuit, an internet edge, or not at all. */
export type Via =
  | { readonly kind: 'expressroute'; readonly name: string }
  | { readonly kind: 'internet'; readonly name: string }
  | { readonly kind: 'internal' };

export interface Way {
  readonly path: PacketPath;
  readonly disposition: Disposition;
  /** The border next to the far end, where several are crossed. */
  readonly via: Via;
}

/** Symmetry at three depths; harmless asymmetry has `edge` false or `hops` false while the round trip holds. */
export interface Symmetry {
  readonly edge: boolean;
  readonly statefulDevices: boolean;
  readonly hops: boolean;
}

/** 'fatal': the answer took another way than the request and was lost for it. */
export type Asymmetry = 'none' | 'harmless' | 'fatal';

/** Every circuit and internet edge that the path touches, in its order. */
export function bordersOf(network: Network, path: PacketPath): readonly Via[] {
  return path.hops.flatMap(({ leftOn }) => borderOf(network, leftOn) ?? []);
}

function borderOf(network: Network, ix: LinkIx | undefined): Via | undefined {
  if (ix === undefined) return undefined;
  const link = linkAt(network, ix);
  if (link.kind === 'circuit') return { kind: 'expressroute', name: link.owner ?? link.name };
  if (link.kind === 'internet' && link.owner !== undefined) return { kind: 'internet', name: link.owner };
  return undefined;
}

const INTERNAL: Via = { kind: 'internal' };
const DIRECT: Via = { kind: 'internet', name: 'direct' };

/**
 * The border next to the far end: the last one of a request, the first one of an answer. A machine in Azure that reaches
 * the internet through the datacentre crosses a circuit first; what its session is exposed to is the internet edge.
 */
export function viaOf(network: Network, path: PacketPath, direction: 'there' | 'back'): Via {
  const { hops } = path;
  const step = direction === 'there' ? -1 : 1;
  let seenInternet = false;
  for (let at = step === 1 ? 0 : hops.length - 1; at >= 0 && at < hops.length; at += step) {
    const leftOn = hops[at]?.leftOn;
    const border = borderOf(network, leftOn);
    if (border !== undefined) return border;
    if (leftOn !== undefined && linkAt(network, leftOn).kind === 'internet') seenInternet = true;
  }
  return seenInternet ? DIRECT : INTERNAL;
}

/** The first link of a way that belongs to the internet, or is a tunnel over it. */
export function publicLink(network: Network, { path }: Way): Link | undefined {
  const isPublic = ({ kind, carriedBy = [] }: Link): boolean =>
    kind === 'internet' || carriedBy.some((ix) => isPublic(linkAt(network, ix)));
  for (const { leftOn } of path.hops) {
    if (leftOn !== undefined && isPublic(linkAt(network, leftOn))) return linkAt(network, leftOn);
  }
  return undefined;
}

export function viaText(via: Via): string {
  return via.kind === 'internal' ? 'internal' : `${via.kind}:${via.name}`;
}

export function symmetryOf(network: Network, forward: Way, back: Way | undefined): Symmetry {
  if (back === undefined) return { edge: false, statefulDevices: false, hops: false };
  const there = forward.path.hops.map((hop) => hop.device);
  const here = back.path.hops.map((hop) => hop.device).toReversed();
  const stateful = (devices: readonly number[]): string =>
    devices.filter((ix) => deviceAt(network, ix).firewall?.stateful === true).join();
  return {
    edge: viaText(forward.via) === viaText(back.via),
    statefulDevices: stateful(there) === stateful(here),
    hops: there.join() === here.join(),
  };
}

/** An answer that was lost on the request's own way back is no matter of symmetry. */
export function asymmetryOf(symmetry: Symmetry, forward: Way, back: Way | undefined): Asymmetry {
  if (back === undefined) return 'none';
  if (back.disposition === 'delivered') {
    return symmetry.edge && symmetry.statefulDevices && symmetry.hops ? 'none' : 'harmless';
  }
  const there = forward.path.hops.map((hop) => hop.device).toReversed();
  return back.path.hops.every((hop, at) => hop.device === there[at]) ? 'none' : 'fatal';
}
