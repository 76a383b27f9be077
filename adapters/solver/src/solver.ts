/**
 * HiGHS, compiled to WebAssembly, on a thread of its own: it blocks whatever thread it runs on, and a model can take a
 * minute. One model at a time; others wait in the order they came.
 */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { LinearModel, Solution, Solve, SolveOptions } from '@bothways/planning';
import type { Reply, Request } from './protocol.ts';

export interface Solver {
  readonly solve: Solve;
  /** Loads the engine; the first `solve` does so as well. */
  readonly ready: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export function highsSolver(): Solver {
  let thread: SolverThread | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const started = (): SolverThread => (thread ??= new SolverThread());
  return {
    ready: () => started().loaded(),
    solve(model, options) {
      const result = last.then(() => started().solve(model, options));
      last = result.catch(() => undefined);
      return result;
    },
    async close() {
      await last;
      await thread?.end();
      thread = undefined;
    },
  };
}

interface Waiting {
  readonly id: number;
  readonly resolve: (solution: Solution) => void;
  readonly reject: (reason: Error) => void;
  readonly onProgress: SolveOptions['onProgress'];
}

class SolverThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(4));
  readonly #ready: Promise<void>;
  #waiting: Waiting | undefined;
  #count = 0;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(workerLocation(), {
      workerData: { port: port2, cancelled: this.#cancelled },
      transferList: [port2],
      stdout: true,
      stderr: true,
    });
    let loaded: () => void = () => undefined;
    let failed: (reason: Error) => void = () => undefined;
    this.#ready = new Promise((resolve, reject) => {
      loaded = resolve;
      failed = reject;
    });
    this.#ready.catch(() => undefined);
    this.#worker.on('error', (reason) => {
      const error = reason instanceof Error ? reason : new Error(String(reason));
      failed(error);
      this.#waiting?.reject(error);
      this.#waiting = undefined;
    });
    port1.on('message', (message: Reply) => {
      if (message.kind === 'ready') loaded();
      else this.#hear(message);
    });
    // An idle solver does not keep the process alive.
    this.#worker.unref();
    port1.unref();
  }

  loaded(): Promise<void> {
    return this.#awake(() => this.#ready);
  }

  solve(model: LinearModel, options: SolveOptions): Promise<Solution> {
    return this.#awake(async () => {
      await this.#ready;
      return this.#ask(model, options);
    });
  }

  /** While somebody waits, the process does not end. */
  async #awake<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#worker.ref();
    this.#port.ref();
    try {
      return await work();
    } finally {
      this.#port.unref();
      this.#worker.unref();
    }
  }

  async end(): Promise<void> {
    this.#port.close();
    await this.#worker.terminate();
  }

  #ask(model: LinearModel, { timeLimit, relativeGap, start, onProgress, cancelled }: SolveOptions): Promise<Solution> {
    const id = ++this.#count;
    const answer = new Promise<Solution>((resolve, reject) => {
      this.#waiting = { id, resolve, reject, onProgress };
    });
    void this.#stopWhen(cancelled, id);
    const request: Request = { id, model, timeLimit, relativeGap, start };
    this.#port.postMessage(request, []);
    return answer;
  }

  async #stopWhen(cancelled: SolveOptions['cancelled'], id: number): Promise<void> {
    if (cancelled === undefined) return;
    await cancelled;
    if (Atomics.load(this.#cancelled, 0) < id) Atomics.store(this.#cancelled, 0, id);
  }

  #hear(message: Exclude<Reply, { readonly kind: 'ready' }>): void {
    const waiting = this.#waiting;
    if (waiting?.id !== message.id) return;
    if (message.kind === 'progress') {
      waiting.onProgress?.({ cost: message.cost, bound: message.bound });
      return;
    }
    this.#waiting = undefined;
    if (message.kind === 'failed') waiting.reject(new Error(`the solver failed: ${message.message}`));
    else {
      const { outcome, cost, bound, values } = message;
      waiting.resolve({ outcome, cost, bound, values });
    }
  }
}

/** The sources run as they are; the bundle has the thread in a file beside it. */
function workerLocation(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './solver-worker.js', import.meta.url);
}
