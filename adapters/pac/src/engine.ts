/**
 * One script in a virtual machine of its own: QuickJS in WebAssembly, without anything but the language and the PAC
 * functions. Before every run the whole memory of the machine is put back to what it was after the script was loaded, so
 * that a run is a function of its request alone, however many ran before.
 *
 * What a run may cost is counted in the engine's own steps and bytes, so that the same script stops at the same point on
 * every machine. One thing cannot be counted: a single built-in that takes for ever (a search in a huge text). The thread
 * around this engine has a deadline for that.
 *
 * The place of an exception is as near as the engine knows it; inside an expression that may be where the function starts.
 */
import type { PacProblem, PacReads, PacReply, PacRequest } from '@bothways/network';
import { Intrinsics, JSException, type JSValueHandle, QuickJS } from 'quickjs-wasi';
import { PAC_LIBRARY } from './library.ts';

/** Calls of the interrupt handler, one for about ten thousand steps: ten million steps, a tenth of a second or more. */
const STEP_LIMIT = 1000;
/** Bytes the script may hold, beside the engine. */
const MEMORY_LIMIT = 8 * 1024 * 1024;
/** 2026-01-05, a Monday, 12:00 UTC; milliseconds. What the clock shows until the request says otherwise. */
const USUAL_INSTANT = Date.UTC(2026, 0, 5, 12);
const FILE = 'proxy.pac';

const NOTHING_READ: PacReads = { networks: [], seconds: [], days: [], months: [], years: [] };

/** A script that is ready to run, or what is wrong with it. */
export type Loaded =
  | { readonly ok: true; readonly script: LoadedScript }
  | { readonly ok: false; readonly reply: PacReply };

interface Meter {
  steps: number;
  instant: number;
  clockRead: boolean;
  memory: { readonly buffer: ArrayBufferLike };
}

export async function loadScript(engine: Uint8Array, text: string): Promise<Loaded> {
  const meter: Meter = { steps: 0, instant: USUAL_INSTANT, clockRead: false, memory: { buffer: new ArrayBuffer(0) } };
  const { ALL, WEAK_REF, PROMISE, PERFORMANCE, DOM_EXCEPTION } = Intrinsics;
  const machine = await QuickJS.create({
    wasm: engine,
    memoryLimit: MEMORY_LIMIT,
    timezoneOffset: 0,
    intrinsics: ALL & ~(WEAK_REF | PROMISE | PERFORMANCE | DOM_EXCEPTION),
    interruptHandler: () => {
      meter.steps += 1;
      return meter.steps > STEP_LIMIT;
    },
    wasi: (memory: Meter['memory']) => {
      meter.memory = memory;
      return {
        clock_time_get(_clock: number, _precision: bigint, at: number): number {
          meter.clockRead = true;
          new DataView(memory.buffer).setBigUint64(at, BigInt(meter.instant) * 1_000_000n, true);
          return 0;
        },
        random_get(at: number, length: number): number {
          new Uint8Array(memory.buffer, at, length).fill(7);
          return 0;
        },
        // What the engine would print about itself goes nowhere.
        fd_write: (): number => 0,
      };
    },
  });
  try {
    const run = machine.evalCode(PAC_LIBRARY, 'library');
    meter.steps = 0;
    machine.evalCode(text, FILE).dispose();
    const find = machine.evalCode(`typeof FindProxyForURL === 'function' ? FindProxyForURL : undefined`);
    if (find.isUndefined) {
      return refused(
        {
          kind: 'no-function',
          message: 'it has no function FindProxyForURL',
          line: undefined,
          column: undefined,
        },
        meter.steps,
      );
    }
    return { ok: true, script: new LoadedScript(machine, meter, run, find) };
  } catch (thrown) {
    return refused(problemOf(thrown, meter), meter.steps);
  }
}

function refused(problem: PacProblem, cost: number): Loaded {
  return { ok: false, reply: { kind: 'problem', problem, reads: NOTHING_READ, cost } };
}

class LoadedScript {
  readonly #machine: QuickJS;
  readonly #meter: Meter;
  readonly #run: JSValueHandle;
  readonly #find: JSValueHandle;
  readonly #image: Uint8Array;
  #spent = false;

  constructor(machine: QuickJS, meter: Meter, run: JSValueHandle, find: JSValueHandle) {
    this.#machine = machine;
    this.#meter = meter;
    this.#run = run;
    this.#find = find;
    this.#image = machine.snapshot().memory;
  }

  /** True after a run that left something behind which no copy of the memory puts back: load the script again. */
  get spent(): boolean {
    return this.#spent;
  }

  run({ url, host, answers }: PacRequest): PacReply {
    const meter = this.#meter;
    new Uint8Array(meter.memory.buffer).set(this.#image);
    const { now } = answers;
    meter.steps = 0;
    meter.clockRead = false;
    meter.instant = typeof now === 'number' ? now : USUAL_INSTANT;
    try {
      const request = this.#machine.newString(JSON.stringify({ url, host, answers }));
      const text = this.#machine.callFunction(this.#run, this.#machine.undefined, this.#find, request).toString();
      const reply = replyOf(text, meter.steps);
      const asksForClock = meter.clockRead && typeof now !== 'number' && reply.kind !== 'question';
      return asksForClock
        ? { kind: 'question', question: { kind: 'now', about: '' }, reads: reply.reads, cost: reply.cost }
        : reply;
    } catch (thrown) {
      if (!(thrown instanceof JSException)) this.#spent = true;
      return { kind: 'problem', problem: problemOf(thrown, meter), reads: NOTHING_READ, cost: meter.steps };
    } finally {
      if (meter.memory.buffer.byteLength !== this.#image.byteLength) this.#spent = true;
    }
  }
}

const QUESTIONS = [
  'resolve',
  'resolve-all',
  'my-address',
  'my-addresses',
  'in-net',
  'seconds',
  'weekday',
  'date',
  'now',
  'random',
] as const;

/** The reply passed through a machine that the script could spoil: nothing in it is believed. */
function replyOf(text: string, cost: number): PacReply {
  const reply = recordOf(JSON.parse(text));
  const given = recordOf(reply['reads']);
  const numbers = (name: string): readonly number[] => listOf(given[name]).filter((each) => typeof each === 'number');
  const reads: PacReads = {
    networks: listOf(given['networks']).filter((each) => typeof each === 'string'),
    seconds: numbers('seconds'),
    days: numbers('days'),
    months: numbers('months'),
    years: numbers('years'),
  };
  const missing = recordOf(reply['missing']);
  const kind = QUESTIONS.find((each) => each === missing['kind']);
  if (kind !== undefined && typeof missing['about'] === 'string') {
    return { kind: 'question', question: { kind, about: missing['about'] }, reads, cost };
  }
  if (reply['thrown'] === true) {
    const stack = typeof reply['stack'] === 'string' ? reply['stack'] : '';
    const message = typeof reply['message'] === 'string' ? reply['message'] : 'something that is no error';
    return { kind: 'problem', problem: thrownProblem(message, stack), reads, cost };
  }
  if (typeof reply['wrong'] === 'string') {
    const message = `FindProxyForURL returned a ${reply['wrong']} where a text belongs`;
    return {
      kind: 'problem',
      problem: { kind: 'wrong-result', message, line: undefined, column: undefined },
      reads,
      cost,
    };
  }
  if (typeof reply['text'] === 'string') return { kind: 'answer', text: reply['text'], reads, cost };
  throw new Error('the script spoiled the functions around it');
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function problemOf(thrown: unknown, meter: Meter): PacProblem {
  const nowhere = { line: undefined, column: undefined };
  if (meter.steps > STEP_LIMIT) {
    return { kind: 'instructions', message: 'it was stopped after about ten million steps', ...nowhere };
  }
  if (thrown instanceof JSException) return thrownProblem(`${thrown.name}: ${thrown.message}`, thrown.stack ?? '');
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  // A trap of the machine itself: in practice the stack.
  return /stack|out of bounds|unreachable/i.test(message)
    ? { kind: 'memory', message: 'it calls itself too deeply', ...nowhere }
    : { kind: 'exception', message, ...nowhere };
}

function thrownProblem(message: string, stack: string): PacProblem {
  const found = /\(?proxy\.pac:(\d+)(?::(\d+))?\)?/.exec(stack);
  const line = found?.[1] === undefined ? undefined : Number(found[1]);
  const column = found?.[2] === undefined ? undefined : Number(found[2]);
  if (/^InternalError: (?:out of memory|string too long)/.test(message)) {
    return { kind: 'memory', message: 'it asked for more than 8 MB of memory', line, column };
  }
  if (/stack overflow|call stack size/i.test(message)) {
    return { kind: 'memory', message: 'it calls itself too deeply', line, column };
  }
  if (message.startsWith('InternalError: interrupted')) {
    return { kind: 'instructions', message: 'it was stopped after about ten million steps', line, column };
  }
  return { kind: message.startsWith('SyntaxError') ? 'syntax' : 'exception', message, line, column };
}
