/**
 * Labs that run, known to other processes of the same user: a file for each in a folder that only the user can read. A
 * lab is told by its processes, number and start time together, so that a number that the system gave to somebody else
 * is never taken for it; what a killed lab left behind is removed by whoever looks next.
 */
import { spawn } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Lab } from './lab.ts';
import { labElements } from './lab-design.ts';
import { field } from './sandbox.ts';

interface ProcessId {
  readonly pid: number;
  /** In ticks since the machine started: /proc/PID/stat, field 22 (proc_pid_stat(5)). */
  readonly started: string;
}

export interface RunningLab {
  readonly name: string;
  /** As the user gave it. */
  readonly estate: string;
  readonly daemon: string;
  /** The program in whose foreground the lab runs. */
  readonly keeper: ProcessId;
  /** Process 1 of the sandbox, by its number outside. */
  readonly supervisor: ProcessId;
  /** Device to namespace. */
  readonly nodes: readonly { readonly device: string; readonly namespace: string }[];
  /** Everything that can fail. */
  readonly elements: readonly { readonly id: string; readonly name: string }[];
  /** Elements that have failed by now, by id. */
  readonly failed: readonly string[];
}

/** The word about a lab that this process keeps. */
export interface Announcement {
  /** Where the lab is asked (`lab-control.ts`). */
  readonly socket: string;
  /** Says anew what has failed. */
  update(): void;
  forget(): void;
}

/** Tells of a lab. Throws where the folder is not the user's own. */
export function announceLab(name: string, estate: string, lab: Lab): Announcement {
  const { design, sandbox } = lab;
  const where = folder();
  const path = join(where, `${name}.json`);
  const keeper = processOf(process.pid);
  const supervisor = processOf(onlyChild(sandbox.pid));
  if (keeper === undefined || supervisor === undefined) throw new Error('the lab has no process');
  const nodes = design.routers.nodes.map(({ device, name: namespace }) => ({ device: device.name, namespace }));
  const elements = labElements(design).map(({ id, name: own }) => ({ id, name: own }));
  const update = (): void => {
    const { failed } = lab.current;
    const word: RunningLab = { name, estate, daemon: design.daemon, keeper, supervisor, nodes, elements, failed };
    const whole = join(where, `.${name}.${process.pid}`);
    writeFileSync(whole, JSON.stringify(word), { mode: 0o600 });
    renameSync(whole, path);
  };
  update();
  return { socket: socketOf(name), update, forget: () => rmSync(path, { force: true }) };
}

/** Where a lab of this name is asked. */
export function socketOf(name: string): string {
  return join(folder(), `${name}.sock`);
}

/** Sorted by name. */
export function runningLabs(): readonly RunningLab[] {
  const where = folder();
  const labs: RunningLab[] = [];
  const files = readdirSync(where).sort();
  for (const file of files.filter((each) => each.endsWith('.json'))) {
    const lab = read(join(where, file));
    if (lab !== undefined && runs(lab.supervisor)) labs.push(lab);
    else rmSync(join(where, file), { force: true });
  }
  // A lab listens only after it was announced; a word that is half written belongs to a process that runs.
  const names = new Set(labs.map(({ name }) => name));
  for (const file of files) {
    const [, writer] = /^\..*\.(\d+)$/.exec(file) ?? [];
    const isLeft =
      writer === undefined ? !names.has(file.replace(/\.sock$/, '')) : processOf(Number(writer)) === undefined;
    if (isLeft && !file.endsWith('.json')) rmSync(join(where, file), { force: true });
  }
  return labs;
}

/** A program in the namespace of a node, at the user's terminal; resolves to its status. */
export function enterNode({ supervisor }: RunningLab, namespace: string, argv: readonly string[]): Promise<number> {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials'];
  const lab = ['--target', String(supervisor.pid), ...user, '--net', '--mount', '--pid'];
  const node = ['nsenter', `--net=/run/netns/${namespace}`, '--', ...argv];
  const child = spawn('nsenter', [...lab, '--', ...node], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status) => resolve(status ?? 1));
  });
}

/** Asks the lab to end, and ends it after five seconds; false where it would not. */
export async function endLab(lab: RunningLab): Promise<boolean> {
  if (runs(lab.keeper)) process.kill(lab.keeper.pid, 'SIGTERM');
  for (let waited = 0; waited < 5000 && runs(lab.supervisor); waited += 20) await pause(20);
  if (runs(lab.supervisor)) process.kill(lab.supervisor.pid, 'SIGKILL');
  for (let waited = 0; waited < 1000 && runs(lab.supervisor); waited += 20) await pause(20);
  return !runs(lab.supervisor);
}

/** Made where it is not there; in a temporary folder of all users somebody else may have made it. */
function folder(): string {
  const own = process.getuid?.() ?? 0;
  const runtime = process.env['XDG_RUNTIME_DIR'] ?? '';
  const path = runtime === '' ? join(tmpdir(), `bothways-${own}`) : join(runtime, 'bothways');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== own || (found.mode & 0o022) !== 0) {
    throw new Error(`${path} is not a folder that only this user can write to`);
  }
  return path;
}

function read(path: string): RunningLab | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isLab(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isLab(value: unknown): value is RunningLab {
  const isProcess = (each: unknown): boolean =>
    Number.isInteger(field(each, 'pid')) &&
    Number(field(each, 'pid')) > 1 &&
    typeof field(each, 'started') === 'string';
  return (
    [field(value, 'name'), field(value, 'estate'), field(value, 'daemon')].every((each) => typeof each === 'string') &&
    [field(value, 'keeper'), field(value, 'supervisor')].every(isProcess) &&
    [field(value, 'nodes'), field(value, 'elements'), field(value, 'failed')].every((each) => Array.isArray(each))
  );
}

function onlyChild(pid: number): number {
  return Number.parseInt(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'), 10);
}

function processOf(pid: number): ProcessId | undefined {
  try {
    // The name, field 2, may hold anything; fields behind it start with the state, field 3.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const started = fields[19];
    return started === undefined || fields[0] === 'Z' ? undefined : { pid, started };
  } catch {
    return undefined;
  }
}

function runs({ pid, started }: ProcessId): boolean {
  return processOf(pid)?.started === started;
}
