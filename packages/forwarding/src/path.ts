/** One way of a packet: hops with what happened at each, and how it ended. */
import type { Address } from '@bothways/net';
import type { DeviceIx, LinkIx, Origin } from '@bothways/network';
import type { FibEntry } from '@bothways/routing';
import type { Disposition } from './disposition.ts';

/** The fields of a packet that tables, filters and translation look at. */
export interface Packet {
  readonly source: Address;
  readonly destination: Address;
}

/** What a device did to the packet besides forwarding it. */
export type Step =
  | { readonly kind: 'source-accepted'; readonly origins: readonly Origin[] }
  | { readonly kind: 'session-opened'; readonly stateGroup: string; readonly origins: readonly Origin[] }
  | { readonly kind: 'session-matched'; readonly stateGroup: string; readonly origins: readonly Origin[] }
  | { readonly kind: 'steered'; readonly edge: string; readonly origins: readonly Origin[] }
  | { readonly kind: 'translated'; readonly from: Packet; readonly to: Packet; readonly origins: readonly Origin[] }
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
}

/** State that a stateful device or a translation keeps of a session: the packet before and after it. */
export interface SessionState {
  readonly stateGroup: string;
  readonly before: Packet;
  readonly after: Packet;
}

export interface PacketPath {
  readonly hops: readonly Hop[];
  readonly disposition: Disposition;
  /** The packet as it ended: after all translations. */
  readonly last: Packet;
  readonly sessions: readonly SessionState[];
}

/** The hop at which the path ended. */
export function lastHop(path: PacketPath): Hop {
  const hop = path.hops.at(-1);
  if (hop === undefined) throw new Error('a path without hops');
  return hop;
}
