/**
 * The private sandbox of a lab: user (unless root), network, mount and process namespaces, with the supervisor as its
 * first process. Closing it, or the death of either side, removes everything inside.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  type Ask,
  type Connect,
  type ConnectionResult,
  type Daemon,
  type Ended,
  isReply,
  type Listener,
  type LookUp,
  type LookUpResult,
  type NameServer,
  type Probe,
  type Reply,
  type Request,
  type Run,
  type RunResult,
} from './requests.ts';

export interface SandboxOptions {
  /** The sandbox ends itself after this many seconds, whatever happens; 600 unless stated. */
  readonly lifetime?: number;
}

/** Programs at once. Many of them wait, for a lock of the kernel's or for the one that started them. */
const WIDTH = 3 * availableParallelism();

const open = new Set<ChildProcessWithoutNullStreams>();
process.on('exit', () => {
  for (const child of open) child.kill('SIGKILL');
});

export class Sandbox {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #next = 1;
  #text = '';
  #errors = '';

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    open.add(child);
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => this.#receive(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      this.#errors = `${this.#errors}${chunk.toString('utf8')}`.slice(-4000);
    });
    child.stdin.on('error', () => {});
    child.on('error', (error) => this.#fail(error.message));
    child.on('exit', (status) => {
      open.delete(child);
      this.#fail(`the sandbox ended (${String(status)}) ${this.#errors.trim()}`);
    });
  }

  /** Rejects with the first line the kernel or the tools gave when no sandbox can be made here. */
  static async open({ lifetime = 600 }: SandboxOptions = {}): Promise<Sandbox> {
    const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
    const shape = [...user, '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const supervisor = fileURLToPath(supervisorLocation());
    const child = spawn('unshare', [...shape, process.execPath, supervisor, String(lifetime)], {
      env: { ...process.env, BOTHWAYS_LAB: 'sandbox' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const sandbox = new Sandbox(child);
    await new Promise((resolve, reject) => sandbox.#waiting.set(0, { resolve, reject }));
    return sandbox;
  }

  /** Of the process outside that holds the sandbox; the only one it started is the supervisor. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when it has ended, for whatever reason. */
  get closed(): Promise<void> {
    return new Promise((resolve) => {
      if (open.has(this.#child)) this.#child.once('exit', () => resolve());
      else resolve();
    });
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 2000);
    await gone;
    clearTimeout(timer);
  }

  async run(run: Run, seconds = 20): Promise<RunResult> {
    return runResult(await this.#ask({ op: 'run', ...run, seconds }));
  }

  async runAll(runs: readonly Run[], seconds = 60): Promise<readonly RunResult[]> {
    return listOf(await this.#ask({ op: 'run-all', runs, width: WIDTH, seconds }), runResult);
  }

  async write(files: readonly { readonly path: string; readonly text: string }[]): Promise<void> {
    await this.#ask({ op: 'write', files });
  }

  /** What went wrong, one line per daemon that did not start. */
  async start(daemons: readonly Daemon[], seconds = 20): Promise<readonly string[]> {
    return listOf(await this.#ask({ op: 'start', daemons, width: WIDTH, seconds }), String);
  }

  /** Resolves when the daemons are gone. */
  async kill(keys: readonly string[]): Promise<void> {
    await this.#ask({ op: 'kill', keys });
  }

  async ask(asks: readonly Ask[], seconds = 30): Promise<readonly string[]> {
    return listOf(await this.#ask({ op: 'ask', asks, seconds }), String);
  }

  /** For each probe what the devices reported, base64; read it with `readReports`. */
  async probe(probes: readonly Probe[]): Promise<readonly string[]> {
    return listOf(await this.#ask({ op: 'probe', probes }), String);
  }

  async relay(): Promise<void> {
    await this.#ask({ op: 'relay' });
  }

  async connect(connections: readonly Connect[], listeners: readonly Listener[]): Promise<readonly ConnectionResult[]> {
    return listOf(await this.#ask({ op: 'connect', connections, listeners }), (item) => {
      const end = String(field(item, 'end'));
      const seen = field(item, 'seen');
      return {
        end: end === 'connected' || end === 'timed-out' || end === 'refused' ? end : 'failed',
        milliseconds: Number(field(item, 'milliseconds')),
        ...(typeof seen === 'string' ? { seen } : {}),
      };
    });
  }

  async lookUp(lookUps: readonly LookUp[], servers: readonly NameServer[]): Promise<readonly LookUpResult[]> {
    return listOf(await this.#ask({ op: 'look-up', lookUps, servers }), (item) => {
      const end = field(item, 'end');
      return {
        end: end === 'answered' || end === 'no-such-name' ? end : 'timed-out',
        addresses: valuesOf(field(item, 'addresses')).map(String),
      };
    });
  }

  /** What was captured since the last time. */
  captured(vnis: readonly number[]): Promise<unknown> {
    return this.#ask({ op: 'captured', vnis });
  }

  async release(vnis: readonly number[]): Promise<void> {
    await this.#ask({ op: 'release', vnis });
  }

  async ended(): Promise<readonly Ended[]> {
    return listOf(await this.#ask({ op: 'ended' }), (item) => ({
      key: String(field(item, 'key')),
      status: String(field(item, 'status')),
      errors: String(field(item, 'errors')),
    }));
  }

  #ask(request: Request): Promise<unknown> {
    const id = this.#next++;
    if (!open.has(this.#child)) return Promise.reject(new Error('the sandbox has ended'));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.stdin.write(`${JSON.stringify({ id, request })}\n`);
    });
  }

  #receive(chunk: string): void {
    const pieces = chunk.split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      const line = this.#text + piece;
      this.#text = '';
      if (line === '') continue;
      const reply: unknown = JSON.parse(line);
      if (isReply(reply)) this.#settle(reply);
    }
    this.#text += last;
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.value);
    else waiting?.reject(new Error(reply.problem));
  }

  #fail(problem: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(problem));
    this.#waiting.clear();
  }
}

/** In a bundle it stands beside it. */
function supervisorLocation(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './supervisor.ts' : './lab-supervisor.js', import.meta.url);
}

export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The members of an object or a list. */
export function valuesOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function listOf<Item>(value: unknown, read: (item: unknown) => Item): readonly Item[] {
  return Array.isArray(value) ? value.map((item) => read(item)) : [];
}

function runResult(value: unknown): RunResult {
  return {
    status: Number(field(value, 'status')),
    output: String(field(value, 'output')),
    errors: String(field(value, 'errors')),
  };
}
