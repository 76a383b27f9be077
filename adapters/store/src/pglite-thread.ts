/**
 * PGlite on a thread of its own: starting it takes seconds of pure computation and every statement some more, and the
 * server goes on answering meanwhile.
 *
 * PGlite runs PostgreSQL with fsync off, so a commit is safe from the end of this process but not from the end of the
 * machine. What it wrote is therefore synced here before a commit is answered: the log always, everything else after a
 * checkpoint (which no longer can be repeated from the log).
 */
import { closeSync, fsyncSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

/** `sql` undefined: close. */
export interface ThreadRequest {
  readonly id: number;
  readonly sql: string | undefined;
  readonly parameters: readonly unknown[];
}

export interface ThreadAnswer {
  readonly id: number;
  readonly rows: readonly unknown[];
  readonly affected: number;
  readonly error: { readonly message: string; readonly code: string } | undefined;
}

const port = parentPort;
const folder: unknown = workerData;
if (port === null || typeof folder !== 'string')
  throw new Error('this is a thread of the store, started with a folder');

const database = new PGlite({ dataDir: folder });
const control = join(folder, 'global/pg_control');
let syncedUpTo = 0;
let checkpoint = 0;
let queue: Promise<unknown> = start();

port.on('message', (request: ThreadRequest) => {
  queue = queue.then(() => answer(request));
});

async function start(): Promise<void> {
  await database.waitReady;
  syncChanges();
  port?.postMessage({ id: 0, rows: [], affected: 0, error: undefined } satisfies ThreadAnswer);
}

async function answer({ id, sql, parameters }: ThreadRequest): Promise<void> {
  let reply: ThreadAnswer;
  try {
    if (sql === undefined) {
      await database.close();
      syncChanges();
      reply = { id, rows: [], affected: 0, error: undefined };
    } else {
      const { rows, affectedRows = 0 } = await database.query(sql, [...parameters], { rowMode: 'object' });
      if (sql === 'commit') syncChanges();
      reply = { id, rows, affected: affectedRows, error: undefined };
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    reply = { id, rows: [], affected: 0, error: { message, code } };
  }
  port?.postMessage(reply);
}

function syncChanges(): void {
  syncFolder(join(String(folder), 'pg_wal'), syncedUpTo);
  const { mtimeMs } = statSync(control);
  const started = Date.now();
  if (mtimeMs !== checkpoint) {
    syncFolder(String(folder), syncedUpTo);
    checkpoint = mtimeMs;
  }
  // Times of files are as coarse as the clock of the kernel: a margin keeps what was written in the same tick.
  syncedUpTo = started - 1000;
}

function syncFolder(path: string, since: number): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) syncFolder(inside, since);
    else if (entry.isFile() && statSync(inside).mtimeMs >= since) syncFile(inside, 'r+');
  }
  if (process.platform !== 'win32') syncFile(path, 'r');
}

function syncFile(path: string, flags: 'r' | 'r+'): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
