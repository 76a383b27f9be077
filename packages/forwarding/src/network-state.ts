/**
 * What a walk reads besides the tables: the one place where everything that a failure may change is asked for, so that
 * a sweep can record it.
 */
import type { DeviceIx, LinkIx } from '@bothways/network';
import type { ControlPlane } from '@bothways/routing';

export interface NetworkState {
  /** The link, its two ends and everything that carries it. */
  isUp(link: LinkIx): boolean;
  isDeviceUp(device: DeviceIx): boolean;
}

/** The state that the tables of the control plane were computed for. */
export function stateOf({ liveness }: ControlPlane): NetworkState {
  return { isUp: (link) => liveness.link[link] === 1, isDeviceUp: (device) => liveness.device[device] === 1 };
}
