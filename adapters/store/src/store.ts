/**
 * Estates, their revisions and results, in whichever PostgreSQL was opened. A revision never changes once it is complete;
 * restoring an old one adds a new one. Every change runs in a transaction that first proves that this server still holds
 * the database, so that one that lost its lock cannot write behind its successor.
 */
import { createHash } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { Change, Revision, RevisionHead, StoredEstate, StoredFile } from './model.ts';
import type { Tables } from './tables.ts';

export type Appended =
  | { readonly ok: true; readonly revision: number }
  /** Somebody else was first: the number that is newest now. */
  | { readonly ok: false; readonly head: number };

/** This server no longer holds the database; it has to end. */
export class StoreLost extends Error {
  constructor() {
    super('another server has taken over the database');
  }
}

export class Store {
  readonly kind: 'pglite' | 'postgresql';
  readonly #database: Kysely<Tables>;
  readonly #token: string;
  readonly #unlock: () => Promise<void>;

  /** @param unlock is called when the database is closed */
  constructor(database: Kysely<Tables>, kind: 'pglite' | 'postgresql', token: string, unlock: () => Promise<void>) {
    this.#database = database;
    this.kind = kind;
    this.#token = token;
    this.#unlock = unlock;
  }

  /** Makes this server the one that may write. The lock must be held. */
  async take(): Promise<void> {
    const row = { id: 1, token: this.#token, at: new Date() };
    await this.#database
      .insertInto('holder')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ token: row.token, at: row.at }))
      .execute();
  }

  async close(): Promise<void> {
    await this.#database.destroy();
    await this.#unlock();
  }

  /** By id. */
  async estates(): Promise<readonly StoredEstate[]> {
    return this.#database.selectFrom('estate').select(['id', 'name', 'head']).orderBy('id').execute();
  }

  async estate(id: string): Promise<StoredEstate | undefined> {
    return this.#database.selectFrom('estate').select(['id', 'name', 'head']).where('id', '=', id).executeTakeFirst();
  }

  /** Nothing happens when it is there already, but for its name. */
  async addEstate(id: string, name: string, at: number): Promise<void> {
    await this.#write((open) =>
      open
        .insertInto('estate')
        .values({ id, name, head: 0, at: new Date(at) })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ name }))
        .execute(),
    );
  }

  /** An estate and its first revision, both or neither. */
  async createEstate(id: string, name: string, change: Change): Promise<void> {
    await this.#write(async (open) => {
      await open
        .insertInto('estate')
        .values({ id, name, head: 1, at: new Date(change.at) })
        .execute();
      await insertRevision(open, id, 1, change, false);
    });
  }

  /**
   * The next revision after `after`. A pending one is written ahead of the files it stands for: it is not the newest
   * before `complete` says so.
   */
  async append(estate: string, after: number, change: Change, { pending = false } = {}): Promise<Appended> {
    return this.#write(async (open) => {
      const { head } = await open
        .selectFrom('estate')
        .select('head')
        .where('id', '=', estate)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (head !== after) return { ok: false, head };
      const number = head + 1;
      await insertRevision(open, estate, number, change, pending);
      if (!pending) await open.updateTable('estate').set({ head: number }).where('id', '=', estate).execute();
      return { ok: true, revision: number };
    });
  }

  /** The files of a pending revision are on disk. */
  async complete(estate: string, revision: number): Promise<void> {
    await this.#write(async (open) => {
      await open
        .updateTable('revision')
        .set({ pending: false })
        .where('estate', '=', estate)
        .where('number', '=', revision)
        .execute();
      await open.updateTable('estate').set({ head: revision }).where('id', '=', estate).execute();
    });
  }

  /** The files of a pending revision could not be written, and nothing of it is on disk. */
  async withdraw(estate: string, revision: number): Promise<void> {
    await this.#write(async (open) => {
      const files = open.deleteFrom('revision_file').where('estate', '=', estate).where('number', '=', revision);
      await files.execute();
      await open
        .deleteFrom('revision')
        .where('estate', '=', estate)
        .where('number', '=', revision)
        .where('pending', '=', true)
        .execute();
    });
  }

  /** The pending revision of an estate, if the server ended between announcing one and completing it. */
  async pending(estate: string): Promise<Revision | undefined> {
    const row = await this.#database
      .selectFrom('revision')
      .select('number')
      .where('estate', '=', estate)
      .where('pending', '=', true)
      .executeTakeFirst();
    return row === undefined ? undefined : this.#revision(estate, row.number);
  }

  /** A complete revision. */
  async revision(estate: string, number: number): Promise<Revision | undefined> {
    const found = await this.#revision(estate, number);
    return found?.pending === false ? found : undefined;
  }

  /** Number of the complete revision that this edit made, if it did. */
  async revisionOfEdit(estate: string, edit: string): Promise<number | undefined> {
    const row = await this.#database
      .selectFrom('revision')
      .select('number')
      .where('estate', '=', estate)
      .where('edit', '=', edit)
      .where('pending', '=', false)
      .executeTakeFirst();
    return row?.number;
  }

  /** Newest first, those before `before` only. */
  async history(
    estate: string,
    { limit, before }: { limit: number; before?: number },
  ): Promise<readonly RevisionHead[]> {
    let query = this.#database
      .selectFrom('revision')
      .select(['number', 'at', 'author', 'label', 'source'])
      .where('estate', '=', estate)
      .where('pending', '=', false)
      .orderBy('number', 'desc')
      .limit(limit);
    if (before !== undefined) query = query.where('number', '<', before);
    return (await query.execute()).map(headOf);
  }

  /** @param value becomes JSON */
  async keepResult(estate: string, revision: number, key: string, value: unknown): Promise<void> {
    const row = { value: JSON.stringify(value), at: new Date() };
    await this.#write((open) =>
      open
        .insertInto('result')
        .values({ estate, number: revision, key, ...row })
        .onConflict((conflict) => conflict.columns(['estate', 'number', 'key']).doUpdateSet(row))
        .execute(),
    );
  }

  /** In an object of its own: null is a value. */
  async result(estate: string, revision: number, key: string): Promise<{ readonly value: unknown } | undefined> {
    const row = await this.#database
      .selectFrom('result')
      .select('value')
      .where('estate', '=', estate)
      .where('number', '=', revision)
      .where('key', '=', key)
      .executeTakeFirst();
    return row === undefined ? undefined : { value: JSON.parse(row.value) };
  }

  async #revision(estate: string, number: number): Promise<(Revision & { pending: boolean }) | undefined> {
    const row = await this.#database
      .selectFrom('revision')
      .select(['number', 'at', 'author', 'label', 'source', 'pending'])
      .where('estate', '=', estate)
      .where('number', '=', number)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const files = await this.#database
      .selectFrom('revision_file')
      .innerJoin('blob', 'blob.hash', 'revision_file.blob')
      .select(['revision_file.name', 'blob.content'])
      .where('estate', '=', estate)
      .where('number', '=', number)
      .orderBy('position')
      .execute();
    return { ...headOf(row), pending: row.pending, files: files.map(({ name, content }) => ({ name, text: content })) };
  }

  async #write<Result>(work: (open: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    return this.#database.transaction().execute(async (open) => {
      const holder = await open.selectFrom('holder').select('token').where('id', '=', 1).forUpdate().executeTakeFirst();
      if (holder?.token !== this.#token) throw new StoreLost();
      return work(open);
    });
  }
}

interface HeadRow {
  readonly number: number;
  readonly at: Date;
  readonly author: string;
  readonly label: string;
  readonly source: string;
}

function headOf({ number, at, author, label, source }: HeadRow): RevisionHead {
  return { revision: number, at: at.getTime(), by: author, label, source: source === 'disk' ? 'disk' : 'page' };
}

async function insertRevision(
  open: Transaction<Tables>,
  estate: string,
  number: number,
  { by, label, source, at, edit, files }: Change,
  pending: boolean,
): Promise<void> {
  const row = { estate, number, at: new Date(at), author: by, label, source, edit: edit ?? null, pending };
  await open.insertInto('revision').values(row).execute();
  if (files.length === 0) return;
  const hashed = files.map((file) => ({ ...file, hash: hashOf(file) }));
  const blobs = new Map(hashed.map(({ hash, text }) => [hash, text]));
  await open
    .insertInto('blob')
    .values([...blobs].map(([hash, content]) => ({ hash, content })))
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();
  await open
    .insertInto('revision_file')
    .values(hashed.map(({ name, hash }, position) => ({ estate, number, position, name, blob: hash })))
    .execute();
}

function hashOf({ text }: StoredFile): string {
  return createHash('sha256').update(text).digest('hex');
}
