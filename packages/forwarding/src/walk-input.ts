/** What a walk is made over. */
import type { Network } from '@bothways/network';
import type { AddressSpace } from './address-space.ts';
import type { NetworkState } from './network-state.ts';
import type { ExhaustedPool } from './translation.ts';

export interface WalkInput {
  readonly network: Network;
  /** The tables: everything that is looked up in them is asked of the space. */
  readonly space: AddressSpace;
  /** Whatever else a failure may change. */
  readonly state: NetworkState;
  readonly exhausted?: readonly ExhaustedPool[];
}
