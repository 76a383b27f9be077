/**
 * Runs as process 1 of the sandbox: builds, starts daemons in the foreground, talks to their sockets. It ends when its
 * standard input ends or its time is over, and the kernel then ends every daemon and removes every namespace with it.
 *
 * Started with the greatest lifetime in seconds as its argument. Requests arrive as JSON lines (`requests.ts`).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { connectAll } from './ends.ts';
import { Hosts } from './hosts.ts';
import { lookUpAll } from './name-ends.ts';
import {
  type Ask,
  type Daemon,
  type Ended,
  type Envelope,
  isEnvelope,
  type Reply,
  type Request,
  type Run,
  type RunResult,
} from './requests.ts';
import { inside, runAll } from './run-all.ts';

const lifetime = Number(process.argv[2] ?? '60');
setTimeout(() => process.exit(3), lifetime * 1000).unref();

const running = new Map<string, ChildProcess>();
const ended: Ended[] = [];
let hosts: Hosts | undefined;
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/lib/frr:/usr/libexec/frr` };

async function each<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) results[at] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

function run({ namespace, argv, input }: Run, seconds: number): Promise<RunResult> {
  return new Promise((resolve) => {
    const [program = '', ...rest] = inside(namespace, argv);
    const child = spawn(program, rest, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.stdin.on('error', () => {});
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ status: 127, output: '', errors: error.message });
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({
        status: status ?? 137,
        output: Buffer.concat(output).toString('utf8'),
        errors: Buffer.concat(errors).toString('utf8'),
      });
    });
    child.stdin.end(input ?? '');
  });
}

async function start(daemon: Daemon, seconds: number): Promise<string | undefined> {
  const [program = '', ...rest] = inside(daemon.namespace, daemon.argv);
  // What an earlier one that was killed has left says nothing about this one.
  rmSync(daemon.ready, { force: true });
  const child = spawn(program, rest, { env, cwd: daemon.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  running.set(daemon.key, child);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (errors.length < 4000) errors += chunk.toString('utf8');
  });
  let over = false;
  child.on('error', (error) => {
    over = true;
    errors += error.message;
  });
  child.on('exit', (status, signal) => {
    over = true;
    if (running.get(daemon.key) === child) running.delete(daemon.key);
    ended.push({ key: daemon.key, status: String(status ?? signal), errors });
  });
  const deadline = performance.now() + seconds * 1000;
  while (!isReady(daemon.ready)) {
    if (over) return `${daemon.key} ended: ${errors.trim()}`;
    if (performance.now() > deadline) return `${daemon.key} was not ready in ${seconds} s`;
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  return undefined;
}

function isReady(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && (found.isSocket() || found.size > 0);
}

/** Resolves when it is gone, to whether there was anything. */
function kill(key: string): Promise<boolean> {
  const child = running.get(key);
  if (child === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    child.once('exit', () => resolve(true));
    child.kill('SIGKILL');
  });
}

/** FRR: the command and a zero byte; the answer ends with three zero bytes and a status. */
function askFrr(socketPath: string, command: string, seconds: number): Promise<string> {
  return conversation(
    socketPath,
    seconds,
    (socket) => socket(`${command}\0`),
    (buffer, finish) => {
      const end = buffer.length - 4;
      if (end < 0 || buffer[end] !== 0 || buffer[end + 1] !== 0 || buffer[end + 2] !== 0) return;
      if (buffer[end + 3] === 0) finish(buffer.toString('utf8', 0, end));
      else
        finish(undefined, `status ${buffer[end + 3]}: ${command}: ${buffer.toString('utf8', 0, Math.min(end, 400))}`);
    },
  );
}

/** BIRD: a greeting, then a line; the answer ends with a line that has a code and a space. */
function askBird(socketPath: string, command: string, seconds: number): Promise<string> {
  let asked = false;
  return conversation(
    socketPath,
    seconds,
    () => {},
    (buffer, finish, send) => {
      if (buffer.length === 0 || buffer[buffer.length - 1] !== 10) return;
      const lineStart = buffer.lastIndexOf(10, buffer.length - 2) + 1;
      const last = buffer.toString('utf8', lineStart);
      const code = /^(\d{4}) /.exec(last)?.[1];
      if (code === undefined) return;
      if (!asked) {
        asked = true;
        send(`${command}\n`);
        return;
      }
      const text = buffer.toString('utf8');
      if (code.startsWith('8') || code.startsWith('9')) finish(undefined, `${command}: ${last.trim()}`);
      else finish(text.slice(text.indexOf('\n') + 1));
    },
  );
}

function conversation(
  path: string,
  seconds: number,
  open: (send: (text: string) => void) => void,
  look: (buffer: Buffer, finish: (text?: string, problem?: string) => void, send: (text: string) => void) => void,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    // Joined only when the tail can be the end: answers reach tens of megabytes.
    let chunks: Buffer[] = [];
    const timer = setTimeout(() => finish(undefined, `${path} did not answer in ${seconds} s`), seconds * 1000);
    const send = (text: string): void => {
      socket.write(text);
    };
    function finish(text?: string, problem?: string): void {
      clearTimeout(timer);
      socket.destroy();
      if (text === undefined) reject(new Error(problem ?? `${path} closed the connection`));
      else resolve(text);
    }
    socket.on('connect', () => open(send));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const tail = chunk[chunk.length - 1];
      if (
        tail !== 10 &&
        tail !== 0 &&
        chunk.length > 4 &&
        chunk[chunk.length - 4] !== 0 &&
        chunk[chunk.length - 2] !== 0
      ) {
        return;
      }
      const buffer = Buffer.concat(chunks);
      chunks = [buffer];
      look(buffer, finish, send);
    });
    socket.on('error', (error) => finish(undefined, `${path}: ${error.message}`));
    socket.on('close', () => finish(undefined, `${path} closed the connection`));
  });
}

async function askGobgp(socketPath: string, command: string, seconds: number): Promise<string> {
  const argv = ['gobgp', '--target', `unix://${socketPath}`, '-j', ...command.split(' ')];
  const { status, output, errors } = await run({ argv }, seconds);
  if (status !== 0) throw new Error(`gobgp ${command}: ${errors.trim()}`);
  return output;
}

function ask({ socket, dialect, command }: Ask, seconds: number): Promise<string> {
  if (dialect === 'gobgp') return askGobgp(socket, command, seconds);
  return dialect === 'frr' ? askFrr(socket, command, seconds) : askBird(socket, command, seconds);
}

async function answer(request: Request): Promise<unknown> {
  switch (request.op) {
    case 'run':
      return run(request, request.seconds);
    case 'run-all':
      return runAll(request.runs, request.width, request.seconds, env);
    case 'write':
      for (const { path, text } of request.files) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
      return null;
    case 'start': {
      const problems = await each(request.daemons, request.width, (daemon) => start(daemon, request.seconds));
      return problems.filter((problem) => problem !== undefined);
    }
    case 'kill':
      return each(request.keys, request.keys.length, kill);
    case 'ask':
      return each(request.asks, 16, (item) => ask(item, request.seconds));
    case 'ended':
      return ended;
    case 'probe':
      hosts ??= await Hosts.open();
      return hosts.probe(request.probes);
    case 'relay':
      hosts ??= await Hosts.open();
      await hosts.relay();
      return null;
    case 'connect':
      return connectAll(request.connections, request.listeners);
    case 'look-up':
      return lookUpAll(request.lookUps, request.servers);
    case 'captured':
      hosts ??= await Hosts.open();
      return hosts.captured(request.vnis);
    case 'release':
      hosts?.release(request.vnis);
      return null;
  }
}

async function serve({ id, request }: Envelope): Promise<void> {
  let reply: Reply;
  try {
    reply = { id, ok: true, value: await answer(request) };
  } catch (error) {
    reply = { id, ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

/** A private /run so that namespaces and sockets collide with nothing, and /var/tmp for FRR's crash buffers. */
async function prepare(): Promise<string | undefined> {
  const group = readFileSync('/etc/group', 'utf8').replaceAll(/^frrvty:.*$/gm, 'frrvty:x:0:root');
  const script = [
    'set -e',
    'mount -t tmpfs -o mode=755 tmpfs /run',
    'mkdir -p /run/netns /run/lab',
    'mount -t tmpfs tmpfs /var/tmp',
    // FRR wants its user in the group frrvty; in a user namespace there is only user 0.
    'cat > /run/lab/group',
    'mount --bind /run/lab/group /etc/group',
  ].join('\n');
  const { status, errors } = await run({ argv: ['sh', '-c', script], input: group }, 10);
  return status === 0 ? undefined : errors.trim();
}

// Outside a sandbox of its own this would cover the machine's /run.
if (process.pid !== 1 || process.env['BOTHWAYS_LAB'] !== 'sandbox') {
  process.stderr.write('the supervisor of a lab runs only as process 1 of its sandbox\n');
  process.exit(2);
}
const problem = await prepare();
process.stdout.write(
  `${JSON.stringify(problem === undefined ? { id: 0, ok: true, value: null } : { id: 0, ok: false, problem })}\n`,
);
if (problem !== undefined) process.exit(2);
const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const envelope: unknown = JSON.parse(line);
  if (isEnvelope(envelope)) void serve(envelope);
});
input.on('close', () => process.exit(0));
