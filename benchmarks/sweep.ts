/**
 * Failure sweeps: a twelve-router estate with all 210 sets of one or two failures, 100 sites with all single and double
 * failures and link loads on two threads, and 5,000 sites with every link failing once. Each beside its goal, with wall
 * clock, processor time and peak memory of the whole process with all of its threads, and compared with the slow way on a
 * sample: converged from nothing, every demand followed (`sweep-brute.ts`).
 *
 * `npx node benchmarks/sweep.ts small large huge --sample 5%` runs what is named; the large sample is by default 12 sets,
 * because one of them takes a third of a second the slow way.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  chosenElements,
  type FailureSets,
  failureElements,
  failureSets,
  loadModel,
  Sweep,
  type SweepInput,
  type SweepShard,
} from '@bothways/forwarding';
import { Random } from '@bothways/net';
import type { CompiledNetwork } from '@bothways/network';
import { type Compared, compiledFrom, linkSets, SESSIONS, SlowWay, slowly } from './sweep-brute.ts';
import { type SweepEstate, sweepEstate } from './sweep-estate.ts';

function sweepOf(
  compiled: CompiledNetwork,
  sets: FailureSets,
  numbers: Iterable<number> = allOf(sets),
  more: Pick<SweepInput, 'sessions'> = {},
): { readonly sweep: Sweep; readonly shard: SweepShard } {
  const sweep = new Sweep({ compiled, sets, loads: loadModel(compiled), ...more });
  const run = sweep.run(numbers, 1e9);
  const { value } = run.next();
  if (value === undefined || !('sets' in value)) throw new Error('the sweep is not done');
  return { sweep, shard: value };
}

function allOf({ count }: FailureSets): readonly number[] {
  return Array.from({ length: count }, (_, ix) => ix);
}

function report(name: string, measured: string, goal: string, more: string): void {
  console.log(`${name.padEnd(58)}${measured.padStart(12)}   goal ${goal.padEnd(10)} ${more}`);
}

/** Gives a function that tells whether a result of the slow way is that of the sweep. */
function comparison({ sets }: SweepShard): (slow: Compared) => boolean {
  const results = new Map(sets.map((result) => [result.set, result]));
  return ({ set, ...slow }) => {
    const { broken, unknown, lost, overloads, pools } = results.get(set) ?? NOTHING;
    const { broken: b, unknown: u, lost: l, overloads: o, pools: p } = slow;
    return JSON.stringify([broken, unknown, lost, overloads, pools]) === JSON.stringify([b, u, l, o, p]);
  };
}

const NOTHING: Omit<Compared, 'set'> = { broken: [], unknown: [], lost: 0, overloads: [], pools: [] };

/** Different sets, ascending. */
function sampleOf(count: number, size: number, seed: number): readonly number[] {
  const random = new Random(seed);
  const sample = new Set<number>();
  while (sample.size < Math.min(size, count)) sample.add(random.below(count));
  return [...sample].sort((a, b) => a - b);
}

function small(): void {
  const shape: SweepEstate = { branches: 4, linksEach: 2, hubs: 2, prefixesEach: 4 };
  const compiled = compiledFrom(sweepEstate(shape));
  const { devices } = compiled.network;
  const elements = chosenElements(failureElements(compiled), { kinds: ['device', 'link', 'port'] });
  const sets = failureSets(elements.slice(0, 20), 2);
  const routers = devices.filter(({ half }) => half === 'customer').length;
  for (const run of ['in a new process', 'again', 'a third time']) {
    const start = performance.now();
    const used = process.cpuUsage();
    const { shard, sweep } = sweepOf(compiled, sets);
    const time = performance.now() - start;
    const cpu = process.cpuUsage(used).user / 1000;
    const what = `${routers} routers of ${devices.length} devices, ${sets.count} sets, ${run}`;
    report(
      what,
      `${time.toFixed(0)} ms`,
      '200 ms',
      `${cpu.toFixed(0)} ms of processor time; ${sweep.tripsBefore.flat().length} round trips in each set, ${shard.sets.length} sets change some`,
    );
    if (run !== 'a third time') continue;
    const agrees = comparison(sweepOf(compiled, sets, allOf(sets), { sessions: SESSIONS }).shard);
    const slow = new SlowWay(compiled, sets);
    const started = performance.now();
    const different = allOf(sets).filter((ix) => !agrees(slow.resultOf(ix))).length;
    const milliseconds = performance.now() - started;
    report('  the slow way, all of them', `${milliseconds.toFixed(0)} ms`, '', `${different} sets differ`);
    if (different > 0) process.exitCode = 1;
  }
}

async function large(sampleSize: (count: number) => number): Promise<void> {
  const text = sweepEstate({ branches: 96, linksEach: 4, hubs: 4, prefixesEach: 10 });
  const { time, cpu, memory } = await commandOn(text, ['-k', '2', '--elements', 'link,port', '--jobs', '2']);
  const compiled = compiledFrom(text);
  const sets = linkSets(compiled, 2);
  const { network, demands, estate } = compiled;
  report(
    `${estate.sites.length} sites, ${network.links.length} links, ${sets.count} sets with link loads, 2 threads`,
    `${time.toFixed(1)} s`,
    '60 s',
    `${cpu.toFixed(0)} s of processor time; ${demands.concrete.length} demands, whole command; peak memory ${memory} MB of 1,000`,
  );
  const sample = sampleOf(sets.count, sampleSize(sets.count), SEED);
  // A large sample is held against a sweep of everything, in its order.
  const { shard } = sweepOf(compiled, sets, sample.length > 500 ? allOf(sets) : sample, {
    sessions: SESSIONS,
  });
  const agrees = comparison(shard);
  const threads = availableParallelism();
  const differing: number[] = [];
  let changing = 0;
  let done = 0;
  const started = performance.now();
  await slowly(text, 2, sample, threads, (slow) => {
    if (!agrees(slow)) differing.push(slow.set);
    if (shard.sets.some(({ set }) => set === slow.set)) changing++;
    done++;
    if (done % 500 === 0) console.log(`    ${done} of ${sample.length}, ${differing.length} differ`);
  });
  const seconds = (performance.now() - started) / 1000;
  const hours = (seconds / Math.max(1, sample.length) / 3600) * sets.count;
  report(
    `  the slow way, ${sample.length} of them, seed ${SEED}, ${threads} threads`,
    `${seconds.toFixed(1)} s`,
    '',
    `${changing} change something, ${differing.length} sets differ${differing.length === 0 ? '' : `: ${differing.slice(0, 20).join(', ')}`}; all of them would take ${hours.toFixed(1)} hours`,
  );
  if (differing.length > 0) process.exitCode = 1;
}

const SEED = 61;

async function commandOn(text: string, options: readonly string[]): ReturnType<typeof runProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'bothways-sweep-'));
  const path = join(folder, 'estate.yaml');
  writeFileSync(path, text);
  const measured = await runProgram(['sweep', path, ...options, '--json']);
  rmSync(folder, { recursive: true });
  return measured;
}

/** Wall time and processor time in seconds from start to end, and the most memory the process had, in MB. */
async function runProgram(
  args: readonly string[],
): Promise<{ readonly time: number; readonly cpu: number; readonly memory: number }> {
  const start = performance.now();
  const bin = join(import.meta.dirname, '../apps/cli/bin/bothways.mjs');
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  let memory = 0;
  let cpu = 0;
  const watch = setInterval(() => {
    memory = Math.max(memory, peakMemory(child.pid));
    cpu = Math.max(cpu, processorTime(child.pid));
  }, 200);
  await once(child, 'exit');
  clearInterval(watch);
  const { exitCode: code } = child;
  // 1: something breaks, as it does here.
  if (code !== 0 && code !== 1) throw new Error(`bothways ended with ${code}`);
  return { time: (performance.now() - start) / 1000, cpu, memory };
}

async function huge(): Promise<void> {
  const text = sweepEstate({ branches: 5000, linksEach: 1, hubs: 4, prefixesEach: 1 });
  const compiled = compiledFrom(text);
  const sets = linkSets(compiled, 1);
  const { sites } = compiled.estate;
  const what = `${sites.length} sites, all ${sets.count} single link failures`;
  for (const jobs of [1, 2]) {
    const { time, cpu, memory } = await commandOn(text, ['-k', '1', '--elements', 'link,port', '--jobs', `${jobs}`]);
    report(
      `${what}, ${jobs === 1 ? 'one thread' : `${jobs} threads`}`,
      `${time.toFixed(1)} s`,
      'none',
      `${cpu.toFixed(0)} s of processor time; ${compiled.demands.concrete.length} demands, whole command; peak memory ${memory} MB`,
    );
  }
  const sample = sampleOf(sets.count, 3, SEED);
  const { shard } = sweepOf(compiled, sets, sample, { sessions: SESSIONS });
  const agrees = comparison(shard);
  const slow = new SlowWay(compiled, sets);
  const started = performance.now();
  const different = sample.filter((ix) => !agrees(slow.resultOf(ix))).length;
  const seconds = (performance.now() - started) / 1000;
  report(`  the slow way, ${sample.length} of them`, `${seconds.toFixed(1)} s`, '', `${different} sets differ`);
  if (different > 0) process.exitCode = 1;
}

/** Of a process with its threads, MB; 0 where the system does not tell. */
function peakMemory(pid: number | undefined): number {
  try {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(peak ?? 0) / 1000);
  } catch {
    return 0;
  }
}

/** Of a process with its threads, seconds; 0 where the system does not tell. */
function processorTime(pid: number | undefined): number {
  try {
    // Fields 14 and 15, in hundredths; the name of the program before them may hold anything but is in brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
  } catch {
    return 0;
  }
}

/** '5%' or a number of sets. */
function sampleSizeFrom(stated: string | undefined): (count: number) => number {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(stated ?? '12') ?? [];
  if (number === undefined) throw new Error(`--sample ${stated ?? ''}: write --sample 40 or --sample 5%`);
  return (count) => (percent === '%' ? Math.ceil((count * Number(number)) / 100) : Number(number));
}

const asked = process.argv.slice(2);
const at = asked.indexOf('--sample');
const sampleSize = sampleSizeFrom(at < 0 ? undefined : asked[at + 1]);
const chosen = (name: string): boolean => !asked.some((each) => /^[a-z]/.test(each)) || asked.includes(name);
if (chosen('small')) small();
if (chosen('large')) await large(sampleSize);
if (chosen('huge')) await huge();
