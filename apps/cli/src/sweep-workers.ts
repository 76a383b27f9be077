/**
 * Sweeps on worker threads. Every worker opens the estate itself, from the same files, and is handed one run of sets
 * after the other; what it found comes back as plain values and is merged by number, so that the result does not depend
 * on how many workers there were or which was first. Small sweeps stay in this thread.
 */
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import {
  type InputFile,
  mergeShards,
  openSweep,
  type SweepJob,
  type SweepQuery,
  type SweepShard,
} from '@bothways/twin';
import { openOptions } from './open-options.ts';

/** What a worker is started with. */
interface Task {
  readonly files: readonly InputFile[];
  readonly query: SweepQuery;
}

interface Order {
  readonly from: number;
  readonly to: number;
}

export interface Sweeping {
  readonly jobs: number | undefined;
  readonly progress: (done: number) => void;
  /** Aborted: what is done is kept. */
  readonly signal: AbortSignal;
  /** Megabytes that each worker starts with; by default by the size of the job. */
  readonly memory?: number;
}

/** Sets that one thread does before anybody looks up; pairs with one element in common mostly fall into one run. */
const RUN = 500;
/** Below this, starting workers takes longer than they save. */
const WORTH_WORKERS = 3000;

/** Sweeps all sets of a job that `openSweep` made from these files. */
export async function sweepAll(
  files: readonly InputFile[],
  query: SweepQuery,
  job: SweepJob,
  { jobs, progress, signal, memory = memoryFor(job) }: Sweeping,
): Promise<SweepShard> {
  const threads = jobs ?? (job.count < WORTH_WORKERS ? 1 : availableParallelism());
  const shards: SweepShard[] = [];
  if (threads <= 1) {
    const run = jobs === undefined ? 50 : RUN;
    for (let from = 0; from < job.count && !signal.aborted; from += run) {
      shards.push(job.run(from, Math.min(from + run, job.count)));
      progress(Math.min(from + run, job.count));
      // Lets an interruption through.
      await setImmediate();
    }
    return merged(job, shards);
  }
  let next = 0;
  let done = 0;
  const order = (): Order | undefined => {
    if (next >= job.count || signal.aborted) return undefined;
    const from = next;
    next = Math.min(from + RUN, job.count);
    return { from, to: next };
  };
  const count = Math.min(threads, Math.ceil(job.count / RUN));
  await Promise.all(
    Array.from({ length: count }, () =>
      employ({ files, query }, memory, order, signal, (shard, { from, to }) => {
        shards.push(shard);
        done += to - from;
        progress(done);
      }),
    ),
  );
  return merged(job, shards);
}

function merged(job: SweepJob, shards: readonly SweepShard[]): SweepShard {
  return mergeShards(shards.length === 0 ? [job.run(0, 0)] : shards);
}

/**
 * Megabytes that a worker gets. V8 lets garbage grow with what it may have, not with what is needed; measured, this is
 * one and a half times what stays alive in an estate of 100 sites (145 MB). Where it is too little, another worker goes on
 * with what the system allows.
 */
function memoryFor({ size }: SweepJob): number {
  return Math.round(160 + size / 550);
}

/** Runs one worker until there are no more orders, or until it is interrupted. */
async function employ(
  task: Task,
  megabytes: number | undefined,
  order: () => Order | undefined,
  signal: AbortSignal,
  deliver: (shard: SweepShard, order: Order) => void,
): Promise<void> {
  const first = order();
  if (first === undefined) return;
  let current: Order | undefined = first;
  // A young generation that holds what one set makes: with less, a third of the time goes into copying it.
  const resourceLimits =
    megabytes === undefined ? {} : { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: 24 };
  const worker = new Worker(entry(), { workerData: task, resourceLimits });
  let tooSmall = false;
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      worker.on('error', (error) => {
        tooSmall = megabytes !== undefined && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        if (tooSmall) resolve();
        else reject(error);
      });
      worker.on('exit', (code) => {
        if (code === 0 || signal.aborted || tooSmall) resolve();
        else reject(new Error(`a worker of the sweep ended with ${code}`));
      });
      worker.on('message', (shard: SweepShard) => {
        if (current !== undefined) deliver(shard, current);
        current = order();
        if (current === undefined) resolve();
        else assign(worker, current);
      });
      assign(worker, first);
    });
  } finally {
    await worker.terminate();
  }
  if (!tooSmall || current === undefined) return;
  // Another one, with what the system allows, takes over where it stopped.
  let left: Order | undefined = current;
  const resumed = (): Order | undefined => {
    const next = left ?? order();
    left = undefined;
    return next;
  };
  await employ(task, undefined, resumed, signal, deliver);
}

function assign(worker: Pick<Worker, 'postMessage'>, order: Order): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  worker.postMessage(order);
}

/** The bundle holds everything in one file; from its sources the program starts beside this file. */
function entry(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './main.ts' : import.meta.url, import.meta.url);
}

/** What the program does when it is started as a worker. */
export function serveSweep(): void {
  const port = parentPort;
  const task: unknown = workerData;
  const job = isTask(task) ? openSweep(task.files, task.query, openOptions).job : undefined;
  if (port === null || job === undefined) throw new Error('a worker without a sweep to do');
  port.on('message', ({ from, to }: Order) => {
    port.postMessage(job.run(from, to));
  });
}

function isTask(data: unknown): data is Task {
  return typeof data === 'object' && data !== null && 'files' in data && 'query' in data;
}
