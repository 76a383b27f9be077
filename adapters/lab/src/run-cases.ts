/**
 * Runs many small networks side by side in one sandbox, as disjoint sets of nodes that start together, and compares what
 * their daemons hold with what the model predicts.
 *
 * A case agrees when its tables equal the prediction twice, a moment apart. It differs when its tables have stopped
 * changing and are not equal, or when time is up.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Device, Network } from '@bothways/network';
import { type ConvergeOptions, converge } from '@bothways/routing';
import { type CompareOptions, compareTables, type Difference } from './compare.ts';
import { adapters, type DaemonName, readKernels } from './daemons.ts';
import { type LabNode, type LabPlan, plan } from './plan.ts';
import { raiseLabs } from './raise.ts';
import { Sandbox } from './sandbox.ts';
import { type DeviceTable, predictedTables, type Tables } from './tables.ts';
import type { VariantName } from './variants.ts';

export interface LabCase {
  readonly name: string;
  readonly network: Network;
  readonly daemon: DaemonName;
  readonly failed?: ConvergeOptions['failed'];
  readonly compare?: CompareOptions;
  /** Leaves these habits of the daemon in; a difference is then expected. */
  readonly asShipped?: readonly VariantName[];
}

export interface CaseResult {
  readonly name: string;
  readonly daemon: DaemonName;
  readonly outcome:
    | { readonly kind: 'agrees' }
    | { readonly kind: 'differs'; readonly differences: readonly Difference[] }
    /** The network cannot be built with this daemon; the lines say why. */
    | { readonly kind: 'cannot'; readonly why: readonly string[] }
    /** A defect of the lab itself: a refused configuration, a daemon that ended. */
    | { readonly kind: 'broken'; readonly why: readonly string[] };
  /** Milliseconds from the start of the daemons until the tables were as at the end. */
  readonly settled: number;
  readonly observed: Tables;
}

export interface RunOptions {
  /** Milliseconds after the start of the daemons; 45,000 unless stated. */
  readonly deadline?: number;
  /** A difference counts when nothing changed for so many milliseconds; 3,000 unless stated. */
  readonly quiet?: number;
}

interface Running {
  readonly lab: LabCase;
  readonly plan: LabPlan;
  readonly predicted: Tables;
  /** Milliseconds that the tables must stay as predicted. */
  readonly confirm: number;
  /** A difference does not count before. */
  readonly leastQuiet: number;
  observed: Tables;
  text: string;
  changed: number;
  agreed: number | undefined;
  result: CaseResult | undefined;
}

const CONFIRM = 400;
/** Before a session is dropped for too many prefixes all is as after it; so the wait covers the time it takes to come up. */
const CONFIRM_DROPPED = 12_000;
/** FRR looks at conditions every five seconds, and a chain of them takes several turns. */
const QUIET_CONDITIONAL = 12_000;

/** Results in the order of the cases. */
export async function runCases(cases: readonly LabCase[], options: RunOptions = {}): Promise<readonly CaseResult[]> {
  const { deadline = 45_000, quiet = 3000 } = options;
  const running = cases.map(prepare);
  const sandbox = await Sandbox.open();
  try {
    const raising = running.filter((item) => item.result === undefined);
    const refused = await raiseLabs(
      sandbox,
      raising.map((item) => ({
        plan: item.plan,
        daemon: item.lab.daemon,
        asShipped: new Set(item.lab.asShipped),
      })),
    );
    for (const [at, why] of refused) {
      const item = raising[at];
      if (item !== undefined) item.result = result(item.lab, { kind: 'broken', why }, 0, new Map());
    }
    const started = performance.now();
    for (;;) {
      const open = running.filter((item) => item.result === undefined);
      if (open.length === 0) break;
      await look(sandbox, open, performance.now() - started, deadline, quiet);
      await pause(100);
    }
  } finally {
    await sandbox.close();
  }
  return running.flatMap((item) => item.result ?? []);
}

function prepare(given: LabCase, at: number): Running {
  const lab = { ...given, network: decidedBy(given) };
  const made = plan(lab.network, { prefix: `c${at}d`, failed: lab.failed ?? {} });
  const nothing: Tables = new Map();
  const common = { lab, observed: nothing, text: '', changed: 0, agreed: undefined };
  if ('problem' in made) {
    const empty: LabPlan = {
      network: lab.network,
      families: [],
      wiring: [],
      nodes: [],
      links: [],
      sessions: [],
      holdTime: 0,
      kernel: true,
      hosts: false,
    };
    const why = [made.problem];
    return {
      ...common,
      plan: empty,
      predicted: nothing,
      confirm: 0,
      leastQuiet: 0,
      result: result(lab, { kind: 'cannot', why }, 0, nothing),
    };
  }
  const { cannot } = adapters[lab.daemon].render(made, new Set(lab.asShipped));
  const plane = converge(lab.network, { failed: lab.failed ?? {} });
  const predicted = predictedTables(plane, made);
  const dropped = plane.limitsReached.some(({ action }) => action === 'drop-session');
  const conditional = lab.network.sessions.some(({ ends }) => ends.some((end) => end.conditionalAdvertisement));
  const confirm = dropped || conditional ? CONFIRM_DROPPED : CONFIRM;
  const leastQuiet = conditional ? QUIET_CONDITIONAL : 0;
  // A witness of a habit is run although the lab would not.
  const unable =
    cannot.length === 0 || lab.asShipped !== undefined
      ? undefined
      : result(lab, { kind: 'cannot', why: cannot }, 0, nothing);
  return { ...common, plan: made, predicted, confirm, leastQuiet, result: unable };
}

/** FRR, told to share between neighbouring ASes, finds what shares in a way of its own. */
function decidedBy({ network, daemon, asShipped = [] }: LabCase): Network {
  if (daemon !== 'frr' || asShipped.includes('frr-multipath-med')) return network;
  const relaxed = ({ maximumPaths, variant = 'rfc' }: Device['decision']): boolean =>
    maximumPaths > 1 && variant === 'rfc';
  const devices = network.devices.map((device): Device => {
    if (!relaxed(device.decision)) return device;
    return { ...device, decision: { ...device.decision, variant: 'frr-multipath-relax' } };
  });
  return { ...network, devices };
}

function result(lab: LabCase, outcome: CaseResult['outcome'], settled: number, observed: Tables): CaseResult {
  return { name: lab.name, daemon: lab.daemon, outcome, settled, observed };
}

interface Place {
  readonly item: Running;
  readonly node: LabNode;
  readonly plan: LabPlan;
}

async function look(
  sandbox: Sandbox,
  open: readonly Running[],
  now: number,
  deadline: number,
  quiet: number,
): Promise<void> {
  const places = open.flatMap((item): readonly Place[] =>
    item.plan.nodes.filter((node) => node.alive).map((node) => ({ item, node, plan: item.plan })),
  );
  const groups = places.map(({ item, node, plan: made }) => adapters[item.lab.daemon].asks(made, node));
  let answers: readonly string[];
  try {
    answers = await sandbox.ask(groups.flat());
  } catch (error) {
    const ended = await sandbox.ended();
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(
      [problem, ...ended.map((item) => `${item.key} ended (${item.status}): ${item.errors}`)].join('\n'),
      {
        cause: error,
      },
    );
  }
  const kernels = await readKernels(sandbox, places);
  const tables = new Map<Running, Map<number, DeviceTable>>();
  let at = 0;
  for (const [ix, { item, node, plan: made }] of places.entries()) {
    const count = groups[ix]?.length ?? 0;
    const read = adapters[item.lab.daemon].read(made, node, answers.slice(at, at + count));
    at += count;
    const own = tables.get(item) ?? new Map<number, DeviceTable>();
    tables.set(item, own);
    own.set(node.device.ix, { ...read, kernel: adapters[item.lab.daemon].hasKernel ? kernels[ix] : undefined });
  }
  for (const item of open) judge(item, tables.get(item) ?? new Map(), now, deadline, quiet);
}

function judge(item: Running, observed: Tables, now: number, deadline: number, quiet: number): void {
  const text = JSON.stringify([...observed].map(([device, table]) => [device, ...serial(table)]));
  if (text !== item.text) {
    item.text = text;
    item.changed = now;
    item.agreed = undefined;
  }
  item.observed = observed;
  const differences = compareTables(item.predicted, observed, item.lab.compare);
  if (differences.length === 0) {
    item.agreed ??= now;
    if (now - item.agreed >= item.confirm) item.result = result(item.lab, { kind: 'agrees' }, item.changed, observed);
    return;
  }
  // GoBGP takes many seconds to connect on a busy machine; a session that is still missing is no difference before the end.
  const connecting = differences.some(({ field, predicted }) => field === 'state' && predicted === 'up');
  if (now < deadline && (connecting || now - item.changed < Math.max(quiet, item.leastQuiet))) return;
  item.result = result(item.lab, { kind: 'differs', differences }, item.changed, observed);
}

function serial({ candidates, kernel, up }: DeviceTable): readonly unknown[] {
  const rows = [...candidates].map(
    ([prefix, list]) =>
      `${prefix} ${list
        .map((row) => JSON.stringify(row))
        .sort()
        .join()}`,
  );
  const actions = [...(kernel ?? [])].map(([prefix, action]) => `${prefix} ${action}`);
  return [rows.sort(), actions.sort(), [...up].sort()];
}
