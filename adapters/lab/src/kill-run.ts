/**
 * Labs that are killed at any moment, to see that nothing is left: no process, no network namespace, and no file once
 * the next command has looked. Killed is now the program, now the first process of the sandbox.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Random } from '@bothways/net';
import { runningLabs } from './running-labs.ts';

export interface Kill {
  readonly which: 'program' | 'sandbox';
  /** Milliseconds from the moment that building began. */
  readonly after: number;
  /** When it was killed. */
  readonly processes: number;
  readonly namespaces: number;
  /** Afterwards. */
  readonly processesLeft: number;
  readonly namespacesLeft: number;
  readonly filesLeft: readonly string[];
}

/** Milliseconds in which a lab of some twenty nodes is up. */
const SPAN = 4000;

/** One lab after the other; moments by seed. Each kill is told as it has happened. */
export async function killLabs(
  estate: string,
  times: number,
  seed: number,
  tell: (kill: Kill) => void = () => {},
): Promise<readonly Kill[]> {
  const random = new Random(seed);
  const kills: Kill[] = [];
  for (let at = 0; at < times; at++) {
    const which = at % 2 === 0 ? 'program' : 'sandbox';
    // One in each part of the time, so that every stage is met.
    const after = Math.round((SPAN * (at + random.below(1000) / 1000)) / times);
    const kill = await killOne(estate, which, after, `${process.pid}-${seed}-${at}`);
    kills.push(kill);
    tell(kill);
  }
  return kills;
}

async function killOne(estate: string, which: Kill['which'], after: number, mark: string): Promise<Kill> {
  const runtime = mkdtempSync(join(tmpdir(), 'bothways-kill-'));
  const outside = networkOf('self');
  try {
    const program = fileURLToPath(new URL('./kept-lab.ts', import.meta.url));
    const child = spawn(process.execPath, [program, estate, 'kept'], {
      env: { ...process.env, BOTHWAYS_LAB_MARK: mark, XDG_RUNTIME_DIR: runtime },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    await pause(after);
    const before = marked(mark);
    const namespaces = namespacesOf(before);
    if (outside !== undefined) namespaces.delete(outside);
    const first = which === 'sandbox' ? firstOf(before) : undefined;
    let left = 0;
    if (first !== undefined) {
      process.kill(first, 'SIGKILL');
      // The program itself is not killed yet.
      left = Math.max(0, (await waitFor(mark, 1)) - 1);
    }
    child.kill('SIGKILL');
    await ended;
    left += await waitFor(mark, 0);
    const here = namespacesOf(allProcesses());
    return {
      which,
      after,
      processes: before.length,
      namespaces: namespaces.size,
      processesLeft: left,
      namespacesLeft: [...namespaces].filter((each) => here.has(each)).length,
      filesLeft: filesIn(runtime),
    };
  } finally {
    rmSync(runtime, { recursive: true, force: true });
  }
}

/** What is there after the next command has looked. */
function filesIn(runtime: string): readonly string[] {
  const before = process.env['XDG_RUNTIME_DIR'];
  process.env['XDG_RUNTIME_DIR'] = runtime;
  try {
    mkdirSync(join(runtime, 'bothways'), { recursive: true, mode: 0o700 });
    const names = runningLabs().map(({ name }) => `${name} is said to run`);
    return [...names, ...readdirSync(join(runtime, 'bothways'))];
  } finally {
    if (before === undefined) delete process.env['XDG_RUNTIME_DIR'];
    else process.env['XDG_RUNTIME_DIR'] = before;
  }
}

function allProcesses(): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/** Everything a lab starts inherits the environment. */
function marked(mark: string): readonly string[] {
  return allProcesses().filter((pid) => text(`/proc/${pid}/environ`).includes(`BOTHWAYS_LAB_MARK=${mark}\0`));
}

/** Process 1 of the sandbox. */
function firstOf(pids: readonly string[]): number | undefined {
  const found = pids.find((pid) => /^NSpid:\t\d+\t(\d+\t)*1$/m.test(text(`/proc/${pid}/status`)));
  return found === undefined ? undefined : Number(found);
}

/** The network namespaces that the processes are in, or that are named where they can see it, by inode. */
function namespacesOf(pids: readonly string[]): Set<string> {
  const found = new Set<string>();
  const looked = new Set<string>();
  for (const pid of pids) {
    const own = networkOf(pid);
    if (own !== undefined) found.add(own);
    const mounts = linkOf(`/proc/${pid}/ns/mnt`);
    if (mounts === undefined || looked.has(mounts)) continue;
    looked.add(mounts);
    const folder = `/proc/${pid}/root/run/netns`;
    for (const name of listOf(folder)) {
      try {
        found.add(String(statSync(join(folder, name)).ino));
      } catch {
        // Gone meanwhile.
      }
    }
  }
  return found;
}

/** Inode of its network namespace. */
function networkOf(pid: string): string | undefined {
  return /\d+/.exec(linkOf(`/proc/${pid}/ns/net`) ?? '')?.[0];
}

/** What has gone meanwhile, or is somebody else's, is empty. */
function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function listOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function waitFor(mark: string, most: number): Promise<number> {
  let left = marked(mark).length;
  for (let waited = 0; left > most && waited < 10_000; waited += 50) {
    await pause(50);
    left = marked(mark).length;
  }
  return left;
}
