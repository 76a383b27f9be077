/** What the reference keeps per device and prefix: plain values, nothing shared with the fast engine. */
import type { Device, DeviceIx } from '@bothways/network';
import type { Attributes } from './attributes.ts';

export interface ReferenceRoute {
  readonly session: number | undefined;
  readonly learned: 'local' | 'ebgp' | 'ibgp';
  readonly neighbourRouterId: number;
  /** The receiving end's flag: the neighbour is a client. */
  readonly fromClient: boolean;
  readonly attributes: Attributes;
  readonly originator: DeviceIx;
  readonly source: 'origination' | 'redistribution' | 'aggregate';
}

/** Best route per device. */
export type ReferenceTable = readonly (ReferenceRoute | undefined)[];

export interface ReferenceFibEntry {
  readonly protocol: 'connected' | 'static' | 'ebgp' | 'ibgp' | 'igp';
  readonly distance: number;
  /** 'deliver NAME', 'discard', or 'LINK>DEVICE' by link. */
  readonly action: string;
  /** Of a BGP route: the same of what ties would install instead. */
  readonly rivals?: readonly string[];
  /** Of an IGP route. */
  readonly cost?: number;
}

/** Whether a route may stand beside the best one. */
export function mayShare({ decision: { variant } }: Device, best: ReferenceRoute, other: ReferenceRoute): boolean {
  if (variant === undefined || variant === 'rfc' || variant === 'bird' || variant === 'frr-multipath-relax')
    return true;
  const [first, second] = [best.attributes.asPath, other.attributes.asPath];
  if (variant === 'junos' || best.learned === 'ebgp') return second[0] === first[0];
  return second.join() === first.join();
}
