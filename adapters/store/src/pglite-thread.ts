/**
 * PGlite on a thread of its own: starting it takes seconds of pure computation and every statement some more, and the
 * server goes on answering meanwhile.
 *
 * PGlite runs PostgreSQL with fsync off, so a commit is safe from the end of this process but not from the end of the
 * machine. What it wrote is therefore synced here before a commit is answered: the log always, everything else after a
 * checkpoint (which no longer can be repeated from the log).
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { COMPLETE } from './pglite-folder.ts';

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

/** What the thread is started with. */
export interface ThreadStart {
  readonly folder: string;
  /** Archive of a fresh database, which is quicker to unpack than to make; undefined: make one. */
  readonly template: string | undefined;
}

const port = parentPort;
const { folder, template } = startOf(workerData);
const control = join(folder, 'global/pg_control');
const complete = join(folder, COMPLETE);
const database = openedDatabase();
let syncedUpTo = 0;
let checkpoint = 0;
let queue: Promise<unknown> = start();

port?.on('message', (request: ThreadRequest) => {
  queue = queue.then(() => answer(request));
});

function startOf(data: unknown): ThreadStart {
  if (typeof data !== 'object' || data === null || !('folder' in data) || typeof data.folder !== 'string') {
    throw new Error('this is a thread of the store, started with a folder');
  }
  const template = 'template' in data && typeof data.template === 'string' ? data.template : undefined;
  return { folder: data.folder, template };
}

function openedDatabase(): PGlite {
  if (existsSync(complete)) return new PGlite({ dataDir: folder });
  rmSync(folder, { recursive: true, force: true });
  if (template === undefined) return new PGlite({ dataDir: folder });
  return new PGlite({ dataDir: folder, loadDataDir: new Blob([readFileSync(template)]) });
}

async function start(): Promise<void> {
  await database.waitReady;
  await syncChanges();
  if (!existsSync(complete)) {
    writeFileSync(complete, '');
    await syncFolder(folder, Date.now() - 1000);
  }
  port?.postMessage({ id: 0, rows: [], affected: 0, error: undefined } satisfies ThreadAnswer, []);
}

async function answer({ id, sql, parameters }: ThreadRequest): Promise<void> {
  let reply: ThreadAnswer;
  try {
    if (sql === undefined) {
      await database.close();
      await syncChanges();
      reply = { id, rows: [], affected: 0, error: undefined };
    } else {
      const { rows, affectedRows = 0 } = await database.query(sql, [...parameters], { rowMode: 'object' });
      if (sql === 'commit') await syncChanges();
      reply = { id, rows, affected: affectedRows, error: undefined };
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    reply = { id, rows: [], affected: 0, error: { message, code } };
  }
  port?.postMessage(reply, []);
}

async function syncChanges(): Promise<void> {
  await syncFolder(join(folder, 'pg_wal'), syncedUpTo);
  const { mtimeMs } = statSync(control);
  const started = Date.now();
  if (mtimeMs !== checkpoint) {
    await syncFolder(folder, syncedUpTo);
    checkpoint = mtimeMs;
  }
  // Times of files are as coarse as the clock of the kernel: a margin keeps what was written in the same tick.
  syncedUpTo = started - 1000;
}

/** All at once: a file system gathers what it has to wait for, and a thousand files take as long as a few. */
async function syncFolder(path: string, since: number): Promise<void> {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  const files = entries.map((entry) => join(entry.parentPath, entry.name));
  const changed = files
    .filter((_, at) => entries[at]?.isFile() === true)
    .filter((file) => statSync(file).mtimeMs >= since);
  await Promise.all(changed.map((file) => syncFile(file, 'r+')));
  if (process.platform === 'win32') return;
  const folders = files.filter((_, at) => entries[at]?.isDirectory() === true);
  await Promise.all([path, ...folders].map((each) => syncFile(each, 'r')));
}

async function syncFile(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
