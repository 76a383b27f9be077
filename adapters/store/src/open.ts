/**
 * Opens the database: PGlite in a folder, or PostgreSQL behind a connection string. One server at a time in either case;
 * a second one is refused in words, before it can read or write anything.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from '@bothways/diagnostics';
import { Kysely, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import type { FolderLock } from './lock.ts';
import { migrations, SCHEMA } from './migrations.ts';
import { PgliteThread, PgliteThreadDialect } from './pglite-dialect.ts';
import { COMPLETE } from './pglite-folder.ts';
import { Store } from './store.ts';
import type { Tables } from './tables.ts';

export type OpenedStore =
  | { readonly ok: true; readonly store: Store }
  /** Nothing was opened; the text says why and what to do. */
  | { readonly ok: false; readonly problem: string };

/** Number under which PostgreSQL keeps our lock: the letters 'both' and 'ways'. */
const LOCK = [0x626f7468, 0x77617973] as const;

/** Whether PGlite has nothing yet in this folder: what is opened there is empty. */
export function isFresh(folder: string): boolean {
  return !existsSync(join(folder, 'pglite', COMPLETE));
}

/**
 * PGlite keeps its files in `pglite` of the locked folder; the lock is the caller's to release, after the store is closed.
 *
 * @param template file that `writeTemplate` wrote: a first start then takes one second and not several
 */
export async function openEmbedded(lock: FolderLock, template?: string): Promise<OpenedStore> {
  const thread = await PgliteThread.start({ folder: join(lock.folder, 'pglite'), template });
  return migrated(new Kysely<Tables>({ dialect: new PgliteThreadDialect(thread) }), 'pglite', () => Promise.resolve());
}

/** @param url as in postgresql://user:password@host/database; never repeated in a message */
export async function openPostgres(url: string): Promise<OpenedStore> {
  const place = placeOf(url);
  if (place === undefined) {
    return { ok: false, problem: 'the connection string is none: write postgresql://user:password@host:5432/database' };
  }
  const guard = new pg.Client({ connectionString: url, application_name: 'bothways lock', keepAlive: true });
  guard.on('error', () => undefined);
  let taken: boolean;
  try {
    await guard.connect();
    const { rows } = await guard.query<{ taken: boolean }>('select pg_try_advisory_lock($1, $2) as taken', [...LOCK]);
    taken = rows[0]?.taken === true;
  } catch (error) {
    await guard.end().catch(() => undefined);
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, problem: `the database at ${place} cannot be opened: ${withoutSecret(message, url)}` };
  }
  if (!taken) {
    await guard.end();
    return { ok: false, problem: `the database at ${place} is in use by another server of Bothways` };
  }
  const pool = new pg.Pool({ connectionString: url, application_name: 'bothways', max: 4 });
  // A connection that breaks: the statement that runs fails by itself, and the next one opens another. Without somebody who
  // listens the whole program would end, also for one that breaks between two statements of a transaction.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return migrated(new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), 'postgresql', () => guard.end());
}

async function migrated(
  database: Kysely<Tables>,
  kind: 'pglite' | 'postgresql',
  unlock: () => Promise<void>,
): Promise<OpenedStore> {
  const migrator = new Migrator({ db: database, provider: migrations, migrationTableSchema: SCHEMA });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await database.destroy();
    await unlock();
    return {
      ok: false,
      problem: `the tables cannot be brought up to date: ${error instanceof Error ? error.message : 'unknown'}`,
    };
  }
  const store = new Store(database.withSchema(SCHEMA), kind, randomUUID(), unlock);
  await store.take();
  return { ok: true, store };
}

/** Host and database without user and password. */
function placeOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host, pathname, searchParams } = new URL(url);
  if (!/^postgres(ql)?:$/.test(protocol)) return undefined;
  const server = host === '' ? (searchParams.get('host') ?? 'localhost') : host;
  return `${server}${pathname}`;
}

function withoutSecret(message: string, url: string): string {
  const { password } = new URL(url);
  const plain = decodeURIComponent(password);
  return [password, plain].reduce((text, secret) => (secret === '' ? text : redact(text, [secret])), message);
}
