/**
 * The thread that scripts run on. It takes one request at a time, puts the reply on the port and wakes whoever waits. It
 * can be ended at any moment: it holds nothing that cannot be made again.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { MessagePort, workerData } from 'node:worker_threads';
import type { PacReply, PacRequest } from '@bothways/network';
import { type Loaded, loadScript } from './engine.ts';

/** Scripts kept ready, about 2 MB each. */
const READY_LIMIT = 8;

interface Start {
  readonly port: MessagePort;
  /** How many replies have been put on the port; the first one says that the thread is ready and has no message. */
  readonly replied: Int32Array;
}

const start: unknown = workerData;
if (!isStart(start)) throw new Error('the thread for proxy scripts was started without a port');
const { port, replied } = start;
const engine = readFileSync(enginePath());
const ready = new Map<string, Loaded>();

port.on('message', (request: PacRequest) => {
  void serve(request);
});
wake();

async function serve(request: PacRequest): Promise<void> {
  const reply = await answer(request);
  port.postMessage(reply, []);
  wake();
}

function wake(): void {
  Atomics.add(replied, 0, 1);
  Atomics.notify(replied, 0);
}

function isStart(value: unknown): value is Start {
  return (
    typeof value === 'object' &&
    value !== null &&
    'port' in value &&
    value.port instanceof MessagePort &&
    'replied' in value &&
    value.replied instanceof Int32Array
  );
}

async function answer(request: PacRequest): Promise<PacReply> {
  const { script } = request;
  const loaded = ready.get(script) ?? (await loadScript(engine, script));
  ready.delete(script);
  ready.set(script, loaded);
  const [oldest] = ready.keys();
  if (ready.size > READY_LIMIT && oldest !== undefined) ready.delete(oldest);
  if (!loaded.ok) return loaded.reply;
  const reply = loaded.script.run(request);
  if (loaded.script.spent) ready.delete(script);
  return reply;
}

/** Beside the bundle, else where the package is installed. */
function enginePath(): string {
  const beside = fileURLToPath(new URL('./quickjs.wasm', import.meta.url));
  if (existsSync(beside)) return beside;
  const manifest = createRequire(import.meta.url).resolve('quickjs-wasi/package.json');
  return manifest.replace(/package\.json$/, 'quickjs.wasm');
}
