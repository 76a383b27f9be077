/**
 * Failure sweeps: a twelve-router estate with all 210 sets of one or two failures, 100 sites with all single and double
 * failures and link loads on two threads, and 5,000 sites with every link failing once. Each beside its goal, and compared
 * with the slow way on a sample: converged from nothing, every demand followed.
 *
 * `npx node benchmarks/sweep.ts small large huge --sample 40` runs what is named; the large sample is by default 12 sets,
 * because one of them takes about a second the slow way.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEstate } from '@bothways/estate';
import {
  branchesOver,
  type CarrierLoad,
  chosenElements,
  type FailureElement,
  type FailureSets,
  failureElements,
  failureSets,
  failuresOf,
  loadModel,
  loadOf,
  loadSpace,
  questionsOf,
  type RoundTrip,
  roundTrips,
  Sweep,
  type SweepShard,
  trafficOf,
} from '@bothways/forwarding';
import { Random } from '@bothways/net';
import { type CompiledNetwork, compileNetwork } from '@bothways/network';
import { converge, type Failures } from '@bothways/routing';
import { type SweepEstate, sweepEstate } from './sweep-estate.ts';

function compiledFrom(text: string): CompiledNetwork {
  const { estate, findings } = loadEstate([{ name: 'estate.yaml', text }]);
  if (estate === undefined) throw new Error(findings.map(({ message }) => message).join('; '));
  return compileNetwork(estate);
}

function sweepOf(compiled: CompiledNetwork, sets: FailureSets): { readonly sweep: Sweep; readonly shard: SweepShard } {
  const sweep = new Sweep({ compiled, sets, loads: loadModel(compiled) });
  const run = sweep.run(
    Array.from({ length: sets.count }, (_, ix) => ix),
    1e9,
  );
  const { value } = run.next();
  if (value === undefined || !('sets' in value)) throw new Error('the sweep is not done');
  return { sweep, shard: value };
}

function report(name: string, measured: string, goal: string, more: string): void {
  console.log(`${name.padEnd(58)}${measured.padStart(12)}   goal ${goal.padEnd(10)} ${more}`);
}

/** Sets whose answers are not those of the slow way. */
function differences(
  compiled: CompiledNetwork,
  sets: FailureSets,
  shard: SweepShard,
  sample: readonly number[],
): { readonly different: number; readonly milliseconds: number } {
  const questions = questionsOf(compiled);
  const traffic = trafficOf(compiled);
  const loadsUnder = (failed?: Failures): readonly CarrierLoad[] => {
    const plane = converge(compiled.network, failed === undefined ? {} : { failed });
    const { roundTrips: trips, input } = roundTrips(compiled, plane);
    const { carriers } = loadOf(compiled, loadSpace(compiled), traffic, trips, branchesOver(compiled, input)).load;
    return carriers.filter(({ carrier, verdict }) => carrier.bandwidth !== undefined && verdict !== 'fits');
  };
  const level = ({ verdict }: CarrierLoad): number => (verdict === 'overloaded' ? 2 : 1);
  const keyOf = ({ carrier, direction }: CarrierLoad): number => carrier.key + direction;
  const before = new Map(loadsUnder().map((each) => [keyOf(each), level(each)]));
  const results = new Map(shard.sets.map((result) => [result.set, result]));
  const start = performance.now();
  let different = 0;
  for (const ix of sample) {
    const failed = failuresOf(compiled.network, sets.elements, sets.at(ix));
    const overloads = loadsUnder(failed)
      .filter((each) => level(each) > (before.get(keyOf(each)) ?? 0))
      .map((each) => [keyOf(each), each.load.low, each.load.high])
      .sort(([a = 0], [b = 0]) => a - b);
    const plane = converge(compiled.network, { failed });
    const byDemand = new Map<unknown, RoundTrip[]>();
    for (const trip of roundTrips(compiled, plane).roundTrips) {
      const list = byDemand.get(trip.demand.id);
      if (list === undefined) byDemand.set(trip.demand.id, [trip]);
      else list.push(trip);
    }
    const broken = questions.flatMap(({ demands, needs, judge }, at) => {
      const answers = demands.map((demand) => judge(byDemand.get(compiled.demands.concrete[demand]?.id) ?? []));
      const lost =
        needs === 'any' ? answers.length > 0 && answers.every((each) => each === 'broken') : answers.includes('broken');
      return lost && shard.before[at] !== 'broken' ? [at] : [];
    });
    const found = results.get(ix);
    const same = broken.join() === (found?.broken ?? []).join() && overloads.join() === (found?.overloads ?? []).join();
    if (!same) different++;
  }
  return { different, milliseconds: performance.now() - start };
}

function sampleOf(count: number, size: number, seed: number): readonly number[] {
  const random = new Random(seed);
  return Array.from({ length: Math.min(size, count) }, () => random.below(count)).sort((a, b) => a - b);
}

function links(compiled: CompiledNetwork, most: number, limit: number): FailureSets {
  const elements: readonly FailureElement[] = chosenElements(failureElements(compiled), { kinds: ['link', 'port'] });
  return failureSets(elements.slice(0, limit), most);
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
    const all = Array.from({ length: sets.count }, (_, ix) => ix);
    const { different, milliseconds } = differences(compiled, sets, shard, all);
    report('  the slow way, all of them', `${milliseconds.toFixed(0)} ms`, '', `${different} sets differ`);
  }
}

async function large(sampleSize: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bothways-sweep-'));
  const path = join(folder, 'estate.yaml');
  const text = sweepEstate({ branches: 96, linksEach: 4, hubs: 4, prefixesEach: 10 });
  writeFileSync(path, text);
  const { time, cpu, memory } = await runProgram([
    'sweep',
    path,
    '-k',
    '2',
    '--elements',
    'link,port',
    '--jobs',
    '2',
    '--json',
  ]);
  rmSync(folder, { recursive: true });
  const compiled = compiledFrom(text);
  const sets = links(compiled, 2, Number.POSITIVE_INFINITY);
  const { network, demands, estate } = compiled;
  report(
    `${estate.sites.length} sites, ${network.links.length} links, ${sets.count} sets with link loads, 2 threads`,
    `${time.toFixed(1)} s`,
    '60 s',
    `${cpu.toFixed(0)} s of processor time; ${demands.concrete.length} demands, whole command; peak memory ${memory} MB of 1,000`,
  );
  const sample = sampleOf(sets.count, sampleSize, 61);
  const sweep = new Sweep({ compiled, sets, loads: loadModel(compiled) });
  const { value } = sweep.run(sample, 1e9).next();
  if (value === undefined || !('sets' in value)) throw new Error('the sweep is not done');
  const { different, milliseconds } = differences(compiled, sets, value, sample);
  const each = milliseconds / Math.max(1, sample.length);
  report(
    `  the slow way, ${sample.length} of them`,
    `${(milliseconds / 1000).toFixed(1)} s`,
    '',
    `${different} sets differ; all of them would take ${((each * sets.count) / 3_600_000).toFixed(1)} hours`,
  );
  if (different > 0) process.exitCode = 1;
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

function huge(): void {
  const start = performance.now();
  const compiled = compiledFrom(sweepEstate({ branches: 5000, linksEach: 1, hubs: 4, prefixesEach: 1 }));
  const sets = links(compiled, 1, Number.POSITIVE_INFINITY);
  const opened = performance.now();
  const { shard } = sweepOf(compiled, sets);
  const done = performance.now();
  report(
    `${compiled.estate.sites.length} sites, all ${sets.count} single link failures`,
    `${((done - opened) / 1000).toFixed(1)} s`,
    'none',
    `${shard.sets.length} sets change some of ${compiled.demands.concrete.length} demands; ${((opened - start) / 1000).toFixed(1)} s to compile; peak memory ${peakMemory(process.pid)} MB`,
  );
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

const asked = process.argv.slice(2);
const at = asked.indexOf('--sample');
const sampleSize = at < 0 ? 12 : Number(asked[at + 1]);
const chosen = (name: string): boolean => !asked.some((each) => /^[a-z]/.test(each)) || asked.includes(name);
if (chosen('small')) small();
if (chosen('large')) await large(sampleSize);
if (chosen('huge')) huge();
