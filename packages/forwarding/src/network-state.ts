/**
 * What a walk reads besides the tables: the one place where everything that a failure may change is asked for, so that
 * a sweep can record it.
 */
import type { DeviceIx, LinkIx, Network } from '@bothways/network';
import type { ControlPlane } from '@bothways/routing';

export interface NetworkState {
  /** The link, its two ends and everything that carries it. */
  isUp(link: LinkIx): boolean;
  isDeviceUp(device: DeviceIx): boolean;
}

/** The state that the tables of the control plane were computed for. */
export function stateOf(network: Network, { liveness }: ControlPlane): NetworkState {
  const isUp = (link: LinkIx): boolean =>
    liveness.link[link] === 1 && (network.links[link]?.carriedBy?.every(isUp) ?? true);
  return { isUp, isDeviceUp: (device) => liveness.device[device] === 1 };
}
