/**
 * A lab of a described network: routing daemons fill the kernel's tables, and packets go through those tables, firewalls
 * and translation in the same namespaces. What the daemons hold and what becomes of packets is compared with the
 * prediction.
 *
 * Left out: firewalls that share a connection table (each daemon has a namespace of its own, a table cannot be in two),
 * link speeds, packets of more than a few bytes, proxies as programs of their own.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { stateOf } from '@bothways/forwarding';
import type { CompiledNetwork } from '@bothways/network';
import { type ControlPlane, converge } from '@bothways/routing';
import { compareTables, type Difference } from './compare.ts';
import { adapters, type DaemonName, readKernels } from './daemons.ts';
import { addHosts, addRules, type Drops, prepareHosts, readDrops, Sender } from './kernel-lab.ts';
import { type KernelPlan, planKernel } from './kernel-plan.ts';
import { askPrepared, emptyTally, type PacketReport, prepare } from './packet-oracle.ts';
import { type LabPlan, plan } from './plan.ts';
import { raiseLabs } from './raise.ts';
import { Sandbox } from './sandbox.ts';
import { type DeviceTable, predictedTables, type Tables } from './tables.ts';

export interface LabDesign {
  readonly compiled: CompiledNetwork;
  readonly daemon: DaemonName;
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

/** The plan of a lab, or why there cannot be one: a line each. */
export function planLab(
  compiled: CompiledNetwork,
  { daemon = 'bird', prefix = 'lab' }: { readonly daemon?: DaemonName; readonly prefix?: string } = {},
): LabDesign | { readonly cannot: readonly string[] } {
  const { network } = compiled;
  const routers = plan(network, { prefix, hosts: true });
  if ('problem' in routers) return { cannot: [routers.problem] };
  const { cannot } = adapters[daemon].render(routers);
  if (cannot.length > 0) return { cannot };
  const plane = converge(network);
  const state = stateOf(plane);
  const devices = planKernel(network, plane, { lab: routers, isUp: (link) => state.isUp(link) });
  if ('cannot' in devices) return devices;
  return { compiled, daemon, routers, devices, prediction: { plane, tables: predictedTables(plane, routers) } };
}

/** A lab that runs; closing it leaves nothing. */
export interface Lab {
  readonly design: LabDesign;
  readonly sandbox: Sandbox;
  close(): Promise<void>;
}

/** Resolves when every daemon runs; what they hold by then is `verifyLab`'s to ask. Rejects with what went wrong. */
export async function startLab(design: LabDesign, lifetime = 600): Promise<Lab> {
  const { routers, devices, daemon } = design;
  const sandbox = await Sandbox.open({ lifetime });
  try {
    await prepareHosts(sandbox);
    const refused = await raiseLabs(sandbox, [{ plan: routers, daemon, asShipped: new Set() }], () =>
      addHosts(sandbox, [devices]),
    );
    for (const why of refused.values()) throw new Error(why.join('; '));
    await addRules(sandbox, devices);
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  return { design, sandbox, close: () => sandbox.close() };
}

export interface LabVerdict {
  /** What the daemons hold otherwise than predicted. */
  readonly tables: readonly Difference[];
  /** Milliseconds from the question until the tables were as predicted, or as they stayed. */
  readonly settled: number;
  readonly packets: PacketReport;
  /** What the devices' own counters say was dropped. */
  readonly drops: readonly Drops[];
}

export interface VerifyOptions {
  /** Round trips; 60 unless stated. */
  readonly packets?: number;
  readonly seed?: number;
  /** Seconds that the tables may take; 45 unless stated. */
  readonly patience?: number;
}

/** Every table of every daemon, then packets of the estate's round trips. */
export async function verifyLab(
  { design, sandbox }: Lab,
  { packets = 60, seed = 1, patience = 45 }: VerifyOptions = {},
): Promise<LabVerdict> {
  const { compiled, devices, prediction } = design;
  const started = performance.now();
  let tables: readonly Difference[];
  do {
    tables = compareTables(prediction.tables, await observedTables(sandbox, design));
    if (tables.length > 0) await pause(100);
  } while (tables.length > 0 && performance.now() - started < patience * 1000);
  const settled = performance.now() - started;
  const tally = emptyTally();
  const prepared = prepare({ name: 'the lab', compiled, seed }, prediction.plane, devices, packets, tally);
  await askPrepared(sandbox, new Sender(sandbox), [prepared], tally);
  return { tables, settled, packets: tally, drops: await readDrops(sandbox, devices) };
}

async function observedTables(sandbox: Sandbox, { routers, daemon }: LabDesign): Promise<Tables> {
  const { asks, read, hasKernel } = adapters[daemon];
  const nodes = routers.nodes.filter((node) => node.alive);
  const questions = nodes.map((node) => asks(routers, node));
  const answers = await sandbox.ask(questions.flat());
  const kernels = await readKernels(
    sandbox,
    nodes.map((node) => ({ plan: routers, node })),
  );
  const tables = new Map<number, DeviceTable>();
  let at = 0;
  for (const [ix, node] of nodes.entries()) {
    const count = questions[ix]?.length ?? 0;
    const own = read(routers, node, answers.slice(at, at + count));
    at += count;
    tables.set(node.device.ix, { ...own, kernel: hasKernel ? kernels[ix] : undefined });
  }
  return tables;
}
