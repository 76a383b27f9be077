/** What the reference keeps per device and prefix: plain values, nothing shared with the fast engine. */
import type { DeviceIx } from '@bothways/network';
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
  /** Of an IGP route. */
  readonly cost?: number;
}
