/** An opened estate: the document, the network compiled from it, its tables and its round trips. */
import type { Estate, EstateDocument } from '@bothways/estate';
import type { DataPlane, SessionAssumptions } from '@bothways/forwarding';
import type { CompiledNetwork } from '@bothways/network';
import type { ControlPlane } from '@bothways/routing';

export interface EstateView {
  readonly document: EstateDocument;
  readonly estate: Estate;
  readonly compiled: CompiledNetwork;
  readonly plane: ControlPlane;
  readonly data: DataPlane;
  /** Sessions of a user, where somebody measured them; absent: not known. */
  readonly sessions?: SessionAssumptions;
  /** Different failures times conversations that are computed at most; absent: what a check computes in half a second. */
  readonly failureWork?: number;
}
