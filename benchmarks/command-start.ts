/**
 * From process start to verdict on the two-site example, with the peak of resident memory; beside it a bare Node and the
 * way through npx. Run: npx node benchmarks/command-start.ts
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const command = resolve(root, 'apps/cli/bin/bothways.mjs');
const runs = 15;
// Runs inside the measured process: the last thing it does is to say how much memory it took at most, in kB.
const reportMemory = `data:text/javascript,process.on('exit',()=>process.stderr.write('PEAK'+process.resourceUsage().maxRSS))`;

interface Measured {
  readonly title: string;
  /** Milliseconds. */
  readonly median: number;
  readonly worst: number;
  /** Megabytes; undefined where npm stands between. */
  readonly peak: number | undefined;
}

function measure(title: string, program: string, args: readonly string[]): Measured {
  const times: number[] = [];
  let peak: number | undefined;
  // The first run fills the compile cache and is not counted.
  for (let i = 0; i <= runs; i += 1) {
    const started = performance.now();
    const { status, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
    const elapsed = performance.now() - started;
    if (status !== 0) throw new Error(`${title} ended with ${status}: ${stderr}`);
    if (i > 0) times.push(elapsed);
    const memory = /PEAK(\d+)/.exec(stderr)?.[1];
    if (memory !== undefined) peak = Math.max(peak ?? 0, Number(memory) / 1024);
  }
  times.sort((a, b) => a - b);
  return { title, median: times[runs >> 1] ?? 0, worst: times.at(-1) ?? 0, peak };
}

const node = (...args: readonly string[]): readonly [string, readonly string[]] => [
  process.execPath,
  [`--import=${reportMemory}`, ...args],
];
const rows = [
  measure('node, empty script', ...node('--eval', '0')),
  measure('bothways --version', ...node(command, '--version')),
  measure('bothways check examples/contoso', ...node(command, 'check', 'examples/contoso')),
  measure('npx bothways check examples/contoso', 'npx', ['bothways', 'check', 'examples/contoso']),
];
console.log(`${`${runs} runs each`.padEnd(36)} median ms  worst ms  peak MB`);
for (const { title, median, worst, peak } of rows) {
  const numbers = [median, worst].map((value) => value.toFixed(0).padStart(10)).join('');
  console.log(`${title.padEnd(36)}${numbers}${(peak?.toFixed(0) ?? '-').padStart(9)}`);
}
