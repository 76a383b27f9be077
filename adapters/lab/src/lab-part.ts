/** The part of a large network that a lab is built of, and what is said about where it was cut. Pure. */
import { subsetFor, type Wanted } from '@bothways/forwarding';
import { type CompiledNetwork, partOf } from '@bothways/network';
import { converge } from '@bothways/routing';

export interface LabPart {
  readonly compiled: CompiledNetwork;
  /** Devices of the whole network and of the part. */
  readonly devices: { readonly of: number; readonly kept: number };
  readonly roundTrips: number;
  /** Entries of the kept devices that are the same without the rest, and those that are gone with it. */
  readonly entries: { readonly same: number; readonly gone: number };
  /** Single failures inside that were asked about. */
  readonly failures: number;
  /** Devices that were kept because a failure leads through them, with that failure. */
  readonly takenIn: readonly { readonly device: string; readonly without: string }[];
  /** Names of the lines that were cut. */
  readonly boundary: readonly string[];
  /** What the rest could change; empty: the cut is safe. */
  readonly doubts: readonly string[];
}

/** A problem in words where there is no such part. `progress` is told how many failures were asked about. */
export function labPart(
  compiled: CompiledNetwork,
  wanted: Wanted,
  progress?: (done: number, of: number) => void,
): LabPart | { readonly problem: string } {
  const { network, steering, estate } = compiled;
  if (steering !== undefined && steering.proxies.length > 0) {
    return { problem: 'a part of an estate with explicit proxies cannot be built; leave --sites and --circuits out' };
  }
  const circuit = wanted.circuits.find((name) => !estate.circuits.some((each) => each.name === name));
  if (circuit !== undefined) return { problem: `the estate has no circuit '${circuit}'` };
  const site = wanted.sites.find((name) => !compiled.siteRouters.has(name));
  if (site !== undefined) return { problem: `the estate has no site '${site}'` };
  const subset = subsetFor(compiled, converge(network), wanted, progress);
  if (subset === undefined) return { problem: `no demand of the estate concerns ${wanted.sites.join(', ')}` };
  const nameOf = (ix: number): string => network.devices[ix]?.name ?? String(ix);
  return {
    compiled: partOf(subset.compiled, new Set(subset.inside)),
    devices: { of: network.devices.length, kept: subset.inside.length },
    roundTrips: subset.roundTrips,
    entries: subset.entries,
    failures: subset.failures,
    takenIn: subset.takenIn.map(({ device, without }) => ({ device: nameOf(device), without })),
    boundary: subset.boundary.map((ix) => network.links[ix]?.name ?? String(ix)),
    doubts: subset.doubts,
  };
}
