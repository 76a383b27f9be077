/**
 * Evaluates scripts on a thread of their own and waits for each reply, so that callers see an ordinary function. A reply
 * that does not come in time costs the script its thread; the next request gets a new one. The thread starts with the
 * first request and does not keep the process alive.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { PacEvaluator, PacReply, PacRequest } from '@bothways/network';

export interface PacEvaluatorOptions {
  /** Milliseconds that a single run may take by the clock; the step limit of the engine usually comes first. */
  readonly deadline?: number;
}

/** Milliseconds for a thread to start. */
const START_TIME = 20_000;
const DEADLINE = 3000;
/** Half of what all runs of a script may cost together: whoever waits does so twice at most. */
const TIMED_OUT = 110_000;
/** Megabytes; enough for the engine to notice a script that calls itself without end before the thread does. */
const STACK_SIZE = 16;

export function pacEvaluator({ deadline = DEADLINE }: PacEvaluatorOptions = {}): PacEvaluator {
  let thread: Thread | undefined;
  return (request) => {
    thread ??= new Thread();
    const reply = thread.ask(request, deadline);
    if (reply !== undefined) return reply;
    thread.end();
    thread = undefined;
    const message = 'it was stopped because it did not come to an end';
    return {
      kind: 'problem',
      problem: { kind: 'time', message, line: undefined, column: undefined },
      reads: { networks: [], seconds: [], days: [], months: [], years: [] },
      cost: TIMED_OUT,
    };
  };
}

class Thread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #replied = new Int32Array(new SharedArrayBuffer(4));
  #counted = 0;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(workerLocation(), {
      workerData: { port: port2, replied: this.#replied },
      transferList: [port2],
      resourceLimits: { stackSizeMb: STACK_SIZE },
      stdout: true,
      stderr: true,
    });
    this.#worker.unref();
    this.#port.unref();
    if (Atomics.wait(this.#replied, 0, 0, START_TIME) === 'timed-out') {
      throw new Error(`the thread for proxy scripts did not start within ${START_TIME} ms`);
    }
    this.#counted = 1;
  }

  /** undefined: no reply in time. */
  ask(request: PacRequest, deadline: number): PacReply | undefined {
    this.#port.postMessage(request, []);
    if (Atomics.wait(this.#replied, 0, this.#counted, deadline) === 'timed-out') return undefined;
    this.#counted += 1;
    const received: { readonly message: PacReply } | undefined = receiveMessageOnPort(this.#port);
    return received?.message;
  }

  end(): void {
    this.#port.close();
    void this.#worker.terminate();
  }
}

/** The sources run as they are; the bundle has the thread in a file beside it. */
function workerLocation(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './pac-worker.js', import.meta.url);
}
