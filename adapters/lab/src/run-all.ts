/**
 * Programs in many namespaces, by a few shells that start them one after the other: to fork a shell takes a tenth of
 * what it takes to fork the supervisor.
 *
 * Runs inside the supervisor.
 */
import { type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Run, RunResult } from './requests.ts';

/** What a program ends with that was killed because it took too long, as shells count. */
const KILLED = 137;

let calls = 0;

/** The words that run a program inside a namespace. */
export function inside(namespace: string | undefined, argv: readonly string[]): readonly string[] {
  return namespace === undefined ? argv : ['nsenter', `--net=/run/netns/${namespace}`, '--', ...argv];
}

/** Results in the order of the runs, `width` at a time; each may take so many seconds. */
export async function runAll(
  runs: readonly Run[],
  width: number,
  seconds: number,
  env: SpawnOptions['env'],
): Promise<readonly RunResult[]> {
  const folder = `/run/runs/${calls++}`;
  mkdirSync(folder, { recursive: true });
  const lines = runs.map(({ namespace, argv, input }, at) => {
    if (input !== undefined) writeFileSync(`${folder}/${at}.in`, input);
    const words = inside(namespace, argv).map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    return `${words.join(' ')} < ${input === undefined ? '/dev/null' : `${at}.in`} > ${at}.out 2> ${at}.err; echo $?`;
  });
  const statuses: number[] = [];
  const shells = Array.from({ length: Math.min(width, runs.length) }, async (_, first) => {
    let left = [...lines.keys()].filter((at) => at % width === first);
    while (left.length > 0) {
      const script = left.map((at) => `${lines[at]}\n`).join('');
      const ended = await shell(script, folder, seconds, env);
      for (const [ix, at] of left.entries()) statuses[at] = ended[ix] ?? KILLED;
      // The one that took too long is over; what is behind it is not.
      left = left.slice(ended.length + 1);
    }
  });
  await Promise.all(shells);
  const results = runs.map((_, at) => ({
    status: statuses[at] ?? KILLED,
    output: readFileSync(`${folder}/${at}.out`, 'utf8'),
    errors: readFileSync(`${folder}/${at}.err`, 'utf8'),
  }));
  rmSync(folder, { recursive: true });
  return results;
}

/** The statuses of the lines of a script that came to an end, before one took too long. */
function shell(script: string, cwd: string, seconds: number, env: SpawnOptions['env']): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-s'], { env, cwd, detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
    let said = '';
    // With everything that it has started; all of that may have ended just now.
    const end = (): void => {
      if (child.pid === undefined || child.exitCode !== null) return;
      process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(end, seconds * 1000);
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
      timer.refresh();
    });
    child.stdin.on('error', () => {});
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', () => {
      clearTimeout(timer);
      resolve(said.split('\n').slice(0, -1).map(Number));
    });
    child.stdin.end(script);
  });
}
