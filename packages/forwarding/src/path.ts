/** One way of a packet: hops with what happened at each, and how it ended. */
import type { DeviceIx, LinkIx, Origin } from '@bothways/network';
import type { FibEntry } from '@bothways/routing';
import type { Disposition } from './disposition.ts';
import type { Packet } from './packet.ts';

/** What a device did to the packet besides forwarding it. */
export type Step =
  | { readonly kind: 'source-accepted'; readonly origins: readonly Origin[] }
  | { readonly kind: 'session-opened'; readonly stateGroup: string; readonly origins: readonly Origin[] }
  | { readonly kind: 'session-matched'; readonly stateGroup: string; readonly origins: readonly Origin[] }
  | { readonly kind: 'steered'; readonly edge: string; readonly origins: readonly Origin[] }
  /** `isUndone`: an answer got the addresses of its session back. */
  | {
      readonly kind: 'translated';
      readonly from: Packet;
      readonly to: Packet;
      readonly isUndone: boolean;
      readonly origins: readonly Origin[];
    }
  /** A proxy ended the connection of `from` and started the one of `to`. */
  | {
      readonly kind: 'relayed';
      readonly proxy: string;
      readonly from: Packet;
      readonly to: Packet;
      readonly origins: readonly Origin[];
    }
  /** The link takes `bytes` at most; the sender was told and sends smaller packets from then on. */
  | { readonly kind: 'path-mtu'; readonly link: LinkIx; readonly bytes: number; readonly origins: readonly Origin[] }
  | { readonly kind: 'dropped'; readonly because: Disposition; readonly origins: readonly Origin[] };

export interface Hop {
  readonly device: DeviceIx;
  /** The link it arrived on; undefined at the first hop. */
  readonly arrivedOn: LinkIx | undefined;
  /** The link it left on; undefined where it was delivered or dropped. */
  readonly leftOn: LinkIx | undefined;
  /** The packet as it arrived. */
  readonly packet: Packet;
  readonly steps: readonly Step[];
  /** The table entry that decided; undefined where there was none or none was asked. */
  readonly entry: FibEntry | undefined;
  /** Equal-cost ways out, this one included. */
  readonly equalWays: number;
  /** Where a tie decides which ways there are: the possibility it is in, 0 that of the table; absent: no tie. */
  readonly tie?: number;
}

/** State that a stateful device or a translation keeps of a session: the packet before and after it. */
export interface SessionState {
  readonly stateGroup: string;
  readonly before: Packet;
  readonly after: Packet;
  /** Of the translation rules, or of the firewall where nothing was translated. */
  readonly origins: readonly Origin[];
}

/**
 * A choice that somebody other than the customer makes and that is not public: of several ways one is taken, and
 * nobody outside knows which. Branches that agree on `node` and differ in `pick` exclude each other.
 */
export interface Choice {
  readonly node: string;
  readonly pick: string;
  /** What is not known, in words, with the fact behind it. */
  readonly because: string;
}

export interface PacketPath {
  readonly hops: readonly Hop[];
  readonly disposition: Disposition;
  /** The packet as it ended: after all translations. */
  readonly last: Packet;
  readonly sessions: readonly SessionState[];
  /** What was chosen on the way by others than the customer; empty: the path is really used. */
  readonly choices: readonly Choice[];
}

/** The hop at which the path ended. */
export function lastHop(path: PacketPath): Hop {
  const hop = path.hops.at(-1);
  if (hop === undefined) throw new Error('a path without hops');
  return hop;
}

/** What is not even sent, and why. */
export function neverSent(
  device: DeviceIx,
  packet: Packet,
  because: Disposition,
  origins: readonly Origin[],
): PacketPath {
  const steps = [{ kind: 'dropped', because, origins }] as const;
  const hop: Hop = { device, arrivedOn: undefined, leftOn: undefined, packet, steps, entry: undefined, equalWays: 1 };
  return { hops: [hop], disposition: because, last: packet, sessions: [], choices: [] };
}
