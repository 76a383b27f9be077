/** Raises planned labs in a sandbox: namespaces, links, addresses, configurations, daemons in their order. */
import { buildScript } from './build-script.ts';
import { adapters, type DaemonName, folderOf } from './daemons.ts';
import type { LabPlan } from './plan.ts';
import type { Sandbox } from './sandbox.ts';
import type { VariantName } from './variants.ts';

export interface PlannedLab {
  readonly plan: LabPlan;
  readonly daemon: DaemonName;
  readonly asShipped: ReadonlySet<VariantName>;
}

/**
 * Resolves when every daemon runs, to the configurations that were refused: position of the lab → why. Rejects when the
 * sandbox itself does not do what it was told. `linked` is waited for between the links and what is inside the nodes.
 */
export async function raiseLabs(
  sandbox: Sandbox,
  labs: readonly PlannedLab[],
  linked: () => Promise<void> = () => Promise.resolve(),
): Promise<ReadonlyMap<number, readonly string[]>> {
  const script = buildScript(labs.map((lab) => lab.plan));
  for (const input of [script.namespaces, script.links]) {
    const { errors } = await sandbox.run({ argv: ['ip', '-batch', '-'], input });
    if (errors !== '') throw new Error(`the sandbox could not be built: ${errors.trim()}`);
  }
  await linked();
  const nodes = await sandbox.runAll(
    script.nodes.map(({ name, shell }) => ({ namespace: name, argv: ['sh', '-s'], input: shell })),
  );
  for (const [at, { errors }] of nodes.entries()) {
    if (errors !== '') throw new Error(`node ${script.nodes[at]?.name}: ${errors.trim()}`);
  }
  for (const lab of labs) await sandbox.write(filesOf(lab));
  const refused = await checkFiles(sandbox, labs, ({ checksItself }) => !checksItself);
  for (const stage of [0, 1]) await startStage(sandbox, labs, stage, refused);
  const afterwards = labs.flatMap(({ plan, daemon }, at) =>
    refused.has(at)
      ? []
      : plan.nodes.filter((node) => node.alive).flatMap((node) => adapters[daemon].afterwards?.(node) ?? []),
  );
  for (const { status, output, errors } of await sandbox.runAll(afterwards)) {
    if (status !== 0) throw new Error(`${output} ${errors}`.trim());
  }
  await checkLogs(sandbox, labs, refused);
  return refused;
}

function filesOf({ plan, daemon, asShipped }: PlannedLab): readonly { readonly path: string; readonly text: string }[] {
  return adapters[daemon].render(plan, asShipped).nodes.flatMap(({ device, files }) => {
    const node = plan.nodes[device];
    if (node === undefined) return [];
    return Object.entries(files).map(([name, text]) => ({ path: `${folderOf(node)}/${name}`, text }));
  });
}

/** Adds to `refused` the labs whose daemons did not start because of their configurations; nothing of these runs. */
async function startStage(
  sandbox: Sandbox,
  labs: readonly PlannedLab[],
  stage: number,
  refused: Map<number, readonly string[]>,
): Promise<void> {
  const daemons = labs.flatMap(({ plan, daemon }, at) => {
    const make = adapters[daemon].stages[stage];
    if (make === undefined || refused.has(at)) return [];
    return plan.nodes.filter((node) => node.alive).map((node) => ({ at, daemon: make(node) }));
  });
  const problems = await sandbox.start(daemons.map(({ daemon }) => daemon));
  if (problems.length === 0) return;
  const found = await checkFiles(sandbox, labs, ({ checksItself }) => checksItself);
  for (const [at, why] of found) refused.set(at, why);
  const dropped = daemons.filter(({ at }) => found.has(at)).map(({ daemon }) => daemon.key);
  await sandbox.kill(dropped);
  const unexplained = problems.filter((problem) => !dropped.some((key) => problem.startsWith(`${key} `)));
  if (unexplained.length > 0) throw new Error(unexplained.join('; '));
}

/** What daemons say of configurations that they do not take, of the labs on daemons that are chosen. */
async function checkFiles(
  sandbox: Sandbox,
  labs: readonly PlannedLab[],
  isChosen: (adapter: (typeof adapters)[DaemonName]) => boolean,
): Promise<Map<number, readonly string[]>> {
  const checks = labs.flatMap(({ plan, daemon }, at) => {
    const adapter = adapters[daemon];
    const make = adapter.check;
    const nodes = plan.nodes.filter((node) => node.alive);
    return make === undefined || !isChosen(adapter) ? [] : nodes.map((node) => ({ at, node, run: make(node) }));
  });
  const refused = new Map<number, readonly string[]>();
  const results = await sandbox.runAll(checks.map(({ run }) => run));
  for (const [ix, { status, output, errors }] of results.entries()) {
    const check = checks[ix];
    if (status !== 0 && check !== undefined)
      refused.set(check.at, [`${check.node.name}: ${`${output} ${errors}`.trim()}`]);
  }
  return refused;
}

/** FRR starts with lines it does not understand, and says so in its log only. */
async function checkLogs(
  sandbox: Sandbox,
  labs: readonly PlannedLab[],
  refused: Map<number, readonly string[]>,
): Promise<void> {
  const { output } = await sandbox.run({ argv: ['sh', '-c', 'cd /run/lab && grep -s "No such command" */*.log'] });
  for (const line of output.split('\n')) {
    const [path = '', ...rest] = line.split(':');
    const name = path.split('/')[0] ?? '';
    const at = labs.findIndex(({ plan }) => plan.nodes.some((node) => node.name === name));
    if (at >= 0) refused.set(at, [...(refused.get(at) ?? []), `${name}: ${rest.join(':').trim()}`]);
  }
}
