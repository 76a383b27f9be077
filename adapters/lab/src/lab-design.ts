/** What a lab is made of, before it is built: its nodes, their rules, and what they should come to. Pure. */
import {
  chosenElements,
  drainedBy,
  type ElementFilter,
  type FailureElement,
  failureElements,
  failuresOf,
  setOf,
  stateOf,
} from '@bothways/forwarding';
import type { CompiledNetwork } from '@bothways/network';
import { type ControlPlane, converge, type Failures } from '@bothways/routing';
import { adapters, type DaemonName } from './daemons.ts';
import { type KernelPlan, planKernel } from './kernel-plan.ts';
import { type LabPlan, plan } from './plan.ts';
import { predictedTables, type Tables } from './tables.ts';

export interface LabDesign {
  readonly compiled: CompiledNetwork;
  readonly daemon: DaemonName;
  /** Starts every namespace name. */
  readonly prefix: string;
  /** Ids of the elements that have failed, in the order of the network's elements. */
  readonly failed: readonly string[];
  /** Routers, links and sessions. */
  readonly routers: LabPlan;
  /** Hosts, firewalls and translation of the same nodes. */
  readonly devices: KernelPlan;
  readonly prediction: LabPrediction;
}

export interface LabPrediction {
  readonly plane: ControlPlane;
  readonly tables: Tables;
}

export interface Impossible {
  /** A line each. */
  readonly cannot: readonly string[];
}

/** The plan of a lab, or why there cannot be one. */
export function planLab(
  compiled: CompiledNetwork,
  { daemon = 'bird', prefix = 'lab' }: { readonly daemon?: DaemonName; readonly prefix?: string } = {},
): LabDesign | Impossible {
  return designOf(compiled, daemon, prefix, [], {});
}

/** What of a lab can fail, as far as the filter goes: what `bothways sweep` can fail as well. */
export function labElements({ compiled }: LabDesign, filter: ElementFilter = {}): readonly FailureElement[] {
  return chosenElements(failureElements(compiled), filter);
}

/**
 * The lab of a network that nothing of has failed, with these elements failed; each by id. Throws RangeError for an
 * element that it does not have.
 */
export function designUnder(
  { compiled, daemon, prefix }: LabDesign,
  failed: readonly string[],
): LabDesign | Impossible {
  const elements = failureElements(compiled);
  const members = failed.map((id) => {
    const at = elements.findIndex((element) => element.id === id);
    if (at < 0) throw new RangeError(`no element '${id}'`);
    return at;
  });
  const set = setOf(elements, members);
  const ids = set.elements.flatMap((ix) => elements[ix]?.id ?? []);
  const network = drainedBy(compiled, elements, set);
  const now = network === undefined ? compiled : { ...compiled, network };
  return designOf(now, daemon, prefix, ids, failuresOf(compiled.network, elements, set));
}

function designOf(
  compiled: CompiledNetwork,
  daemon: DaemonName,
  prefix: string,
  ids: readonly string[],
  failed: Failures,
): LabDesign | Impossible {
  const { network } = compiled;
  const routers = plan(network, { prefix, hosts: true, failed });
  if ('problem' in routers) return { cannot: [routers.problem] };
  const { cannot } = adapters[daemon].render(routers);
  if (cannot.length > 0) return { cannot };
  const plane = converge(network, { failed });
  const state = stateOf(plane);
  const devices = planKernel(network, plane, { lab: routers, isUp: (link) => state.isUp(link) });
  if ('cannot' in devices) return devices;
  const prediction = { plane, tables: predictedTables(plane, routers) };
  return { compiled, daemon, prefix, failed: ids, routers, devices, prediction };
}
