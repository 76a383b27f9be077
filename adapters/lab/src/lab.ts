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
import type { CompiledNetwork, DeviceIx } from '@bothways/network';
import { type ControlPlane, converge } from '@bothways/routing';
import { compareTables, type Difference } from './compare.ts';
import { reasonOf } from './compare-trace.ts';
import { adapters, type DaemonName, readKernels } from './daemons.ts';
import { addHosts, addRules, type Drops, prepareHosts, readDrops, Sender } from './kernel-lab.ts';
import { type DropReason, type KernelPlan, planKernel } from './kernel-plan.ts';
import { privateMemory } from './measure.ts';
import { askPrepared, emptyTally, type Judged, type PacketReport, prepare } from './packet-oracle.ts';
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

/**
 * Resolves when every daemon runs; what they hold by then is `verifyLab`'s to ask. Rejects with what went wrong.
 * `lifetime` in seconds. Aborting the signal closes the lab, whatever it is doing: what is under way then rejects.
 */
export async function startLab(design: LabDesign, lifetime = 600, signal?: AbortSignal): Promise<Lab> {
  const { routers, devices, daemon } = design;
  const sandbox = await Sandbox.open({ lifetime });
  signal?.addEventListener('abort', () => void sandbox.close(), { once: true });
  try {
    signal?.throwIfAborted();
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
  /** Every packet that was sent. */
  readonly judged: readonly Judged[];
  /** What the devices' own counters say was dropped. */
  readonly drops: readonly Drops[];
  /** For each place and reason of a drop a client that does not give up at once. */
  readonly attempts: readonly Attempt[];
  /** Private memory of all daemons together, bytes. */
  readonly memory: number;
}

/** A connection that a client tries to open where its packets or the answers are dropped. */
export interface Attempt {
  readonly packet: Judged;
  readonly device: DeviceIx;
  readonly reason: DropReason;
  /** Seconds from the first at which a SYN was sent. */
  readonly sent: readonly number[];
  /** Whether the client got an answer. */
  readonly answered: boolean;
  /** What the counter of the device said before and after. */
  readonly counter: readonly [before: number, after: number];
}

export interface VerifyOptions {
  /** Round trips; 60 unless stated. */
  readonly packets?: number;
  readonly seed?: number;
  /** Seconds that the tables may take; 45 unless stated. */
  readonly patience?: number;
  /** First one packet of every round trip, however many that are; false unless stated. */
  readonly each?: boolean;
  /** How many drops are shown to a client that tries again; 0 unless stated. */
  readonly attempts?: number;
  readonly progress?: (stage: string) => void;
}

/** Milliseconds between a client's SYNs: one second, and double that each time (RFC 6298 sections 2.1 and 5.5). */
const PAUSES = [1000, 2000] as const;

/** Every table of every daemon, then packets of the estate's round trips. */
export async function verifyLab({ design, sandbox }: Lab, options: VerifyOptions = {}): Promise<LabVerdict> {
  const { packets = 60, seed = 1, patience = 45, each = false, attempts = 0, progress = () => {} } = options;
  const { compiled, devices, prediction } = design;
  const started = performance.now();
  let tables: readonly Difference[];
  do {
    tables = compareTables(prediction.tables, await observedTables(sandbox, design));
    const left = tables.length;
    if (left > 0) progress(`waiting for the tables, ${left.toLocaleString('en')} entries are not yet as predicted`);
    if (left > 0) await pause(100);
  } while (tables.length > 0 && performance.now() - started < patience * 1000);
  const settled = performance.now() - started;
  progress('sending packets');
  const tally = emptyTally();
  const prepared = prepare({ name: 'the lab', compiled, seed }, prediction.plane, devices, packets, tally, each);
  const judged: Judged[] = [];
  const sender = new Sender(sandbox);
  await askPrepared(sandbox, sender, [prepared], tally, (packet) => judged.push(packet));
  const drops = await readDrops(sandbox, devices);
  const report = { ...tally, repeated: sender.repeated };
  const tried = await tryAgain({ design, sandbox }, sender, judged, { attempts, progress });
  return { tables, settled, packets: report, judged, drops, attempts: tried, memory: await privateMemory(sandbox) };
}

/** Where a packet and its answer ended; undefined where nothing was dropped. */
export function dropOf({ observed }: Judged): { readonly device: DeviceIx; readonly reason: DropReason } | undefined {
  const leg = observed.answer ?? observed.request;
  const reason = leg === undefined ? undefined : reasonOf(leg.disposition);
  const device = leg?.visits.at(-1)?.device;
  return reason === undefined || device === undefined ? undefined : { device, reason };
}

/** One client for each place and reason, over TCP. */
async function tryAgain(
  { design: { devices }, sandbox }: Pick<Lab, 'design' | 'sandbox'>,
  sender: Sender,
  judged: readonly Judged[],
  { attempts, progress }: { readonly attempts: number; readonly progress: (stage: string) => void },
): Promise<readonly Attempt[]> {
  const places = new Map<string, Omit<Attempt, 'sent' | 'answered' | 'counter'>>();
  for (const packet of judged) {
    const drop = dropOf(packet);
    if (drop === undefined || packet.sending.question.transport.protocol !== 'tcp') continue;
    const key = `${drop.device} ${drop.reason}`;
    if (!places.has(key) && places.size < attempts) places.set(key, { packet, ...drop });
  }
  const tried: Attempt[] = [];
  for (const place of places.values()) {
    progress('a client tries again where its connection was lost');
    const counted = async (): Promise<number> =>
      (await readDrops(sandbox, devices))
        .filter(({ device, reason }) => device === place.device && reason === place.reason)
        .reduce((sum, { packets }) => sum + packets, 0);
    const before = await counted();
    const traces = await sender.insist(place.packet.sending, PAUSES);
    const sent = traces.map((_, at) => PAUSES.slice(0, at).reduce((sum, time) => sum + time, 0) / 1000);
    const answered = traces.at(-1)?.answer?.end.kind === 'delivered';
    tried.push({ ...place, sent, answered, counter: [before, await counted()] });
  }
  return tried;
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
