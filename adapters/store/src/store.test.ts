import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresMissing, type TemporaryPostgres, temporaryPostgres } from '../../../scripts/temporary-postgres.ts';
import { type Change, lockFolder, openEmbedded, openPostgres, type Store, StoreLost } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'bothways-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = Date.UTC(2026, 10, 20, 12);

function change(text: string, more: Partial<Change> = {}): Change {
  return { by: 'ann', label: 'Edited', source: 'page', at, files: [{ name: 'estate.yaml', text }], ...more };
}

interface Database {
  /** Opens the same database; the one before has to be closed. */
  readonly open: () => Promise<Store>;
  readonly remove: () => Promise<void>;
}

function suite(name: string, prepare: () => Promise<Database>): void {
  describe(`the store on ${name}`, () => {
    let database: Database;
    let store: Store;
    beforeAll(async () => {
      database = await prepare();
      store = await database.open();
    }, 60_000);
    afterAll(async () => {
      await store.close();
      await database.remove();
    });

    it('keeps revisions one after the other, with every byte of their files', async () => {
      await store.addEstate('a', 'First', at);
      const odd = 'größer: "x"\r\n\tline\u2028 🐘 \u0001\n\n';
      const files = [
        { name: 'estate.yaml', text: odd },
        { name: 'sites.csv', text: '' },
        { name: 'pac/b.pac', text: odd },
      ];
      expect(await store.append('a', 0, change('', { files, edit: 'e-1' }))).toEqual({ ok: true, revision: 1 });
      expect(await store.append('a', 1, change('two', { by: 'bob', source: 'disk' }))).toEqual({
        ok: true,
        revision: 2,
      });
      expect(await store.revision('a', 1)).toEqual({
        revision: 1,
        at,
        by: 'ann',
        label: 'Edited',
        source: 'page',
        files,
        pending: false,
      });
      expect(await store.history('a', { limit: 10 })).toEqual([
        { revision: 2, at, by: 'bob', label: 'Edited', source: 'disk' },
        { revision: 1, at, by: 'ann', label: 'Edited', source: 'page' },
      ]);
      expect(await store.history('a', { limit: 10, before: 2 })).toHaveLength(1);
      expect(await store.estates()).toEqual([{ id: 'a', name: 'First', head: 2 }]);
    });

    it('lets only one of two changes of the same revision in, and says which is newest', async () => {
      await store.addEstate('race', 'Race', at);
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, each) => store.append('race', 0, change(`writer ${each}`))),
      );
      expect(answers.filter(({ ok }) => ok)).toEqual([{ ok: true, revision: 1 }]);
      expect(answers.filter(({ ok }) => !ok)).toEqual(Array.from({ length: 7 }, () => ({ ok: false, head: 1 })));
    });

    it('shows a pending revision to nobody before it is complete, and forgets one that is withdrawn', async () => {
      await store.addEstate('b', 'Second', at);
      await store.append('b', 0, change('one'));
      await store.append('b', 1, change('two', { edit: 'e-2' }), { pending: true });
      expect((await store.estate('b'))?.head).toBe(1);
      expect(await store.revision('b', 2)).toBeUndefined();
      expect(await store.revisionOfEdit('b', 'e-2')).toBeUndefined();
      expect(await store.history('b', { limit: 9 })).toHaveLength(1);
      expect(await store.pending('b')).toMatchObject({ revision: 2, files: [{ name: 'estate.yaml', text: 'two' }] });
      await store.withdraw('b', 2);
      expect(await store.pending('b')).toBeUndefined();
      await store.append('b', 1, change('three', { edit: 'e-3' }), { pending: true });
      await store.complete('b', 2);
      expect((await store.estate('b'))?.head).toBe(2);
      expect(await store.revisionOfEdit('b', 'e-3')).toBe(2);
    });

    it('creates an estate with its first revision or not at all', async () => {
      await store.createEstate('c', 'Third', change('one'));
      await expect(store.createEstate('c', 'Third', change('two'))).rejects.toThrow(/duplicate key|unique/);
      expect((await store.revision('c', 1))?.files[0]?.text).toBe('one');
      await expect(store.createEstate('d', 'Zero', change('a\0b'))).rejects.toThrow(/0x00|encoding/);
      expect(await store.estate('d')).toBeUndefined();
    });

    it('keeps results by revision, the last one wins', async () => {
      await store.keepResult('c', 1, 'sweep', { sets: [1, null, '\u0000'] });
      await store.keepResult('c', 1, 'sweep', { sets: [2, null, '\u0000'] });
      expect(await store.result('c', 1, 'sweep')).toEqual({ value: { sets: [2, null, '\u0000'] } });
      expect(await store.result('c', 1, 'other')).toBeUndefined();
      await expect(store.keepResult('c', 9, 'sweep', 1)).rejects.toThrow(/foreign key/);
    });

    it('has everything after it was closed and opened, and lets the new owner write alone', async () => {
      await store.close();
      const next = await database.open();
      expect(await next.estates()).toHaveLength(4);
      expect((await next.revision('b', 2))?.files[0]?.text).toBe('three');
      await next.take();
      await expect(next.append('b', 2, change('four'))).resolves.toEqual({ ok: true, revision: 3 });
      store = next;
    });
  });
}

suite('PGlite', () => {
  const place = join(folder, 'embedded');
  return Promise.resolve({
    async open() {
      const locked = lockFolder(place);
      if (!locked.ok) throw new Error(locked.problem);
      const opened = await openEmbedded(locked.lock);
      if (!opened.ok) throw new Error(opened.problem);
      const close = opened.store.close.bind(opened.store);
      opened.store.close = async () => {
        await close();
        locked.lock.release();
      };
      return opened.store;
    },
    remove: () => Promise.resolve(),
  });
});

const missing = postgresMissing();
describe.skipIf(missing !== undefined)(
  `with a server of PostgreSQL${missing === undefined ? '' : `: ${missing}`}`,
  () => {
    let postgres: TemporaryPostgres;
    beforeAll(async () => {
      postgres = await temporaryPostgres();
    }, 60_000);
    afterAll(() => postgres.stop());

    const opened = async (url: string): Promise<Store> => {
      const answer = await openPostgres(url);
      if (!answer.ok) throw new Error(answer.problem);
      return answer.store;
    };

    suite('PostgreSQL', async () => {
      const url = postgres.database('suite');
      return { open: () => opened(url), remove: () => Promise.resolve() };
    });

    it('refuses a second server, in words without the password', async () => {
      const url = postgres.database('twice');
      const first = await opened(url);
      expect(await openPostgres(url)).toEqual({
        ok: false,
        problem: `the database at ${new URL(url).host}/twice is in use by another server of Bothways`,
      });
      await first.close();
      const second = await opened(url);
      await second.close();
    });

    it('stops the server that lost its lock from writing behind the next one', async () => {
      const url = postgres.database('lost');
      const first = await opened(url);
      await first.addEstate('a', 'A', at);
      const thief = new (await import('pg')).default.Client({ connectionString: url });
      await thief.connect();
      await thief.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`);
      await thief.end();
      const second = await opened(url);
      await expect(first.append('a', 0, change('behind'))).rejects.toThrow(StoreLost);
      expect(await second.append('a', 0, change('ahead'))).toEqual({ ok: true, revision: 1 });
      await first.close();
      await second.close();
    });

    it('says what is wrong with a connection string, without its password', async () => {
      const wrong = postgres.url.replace(/:[^:@]+@/, ':hunter2secret@');
      const refused = await openPostgres(wrong);
      expect(refused).toMatchObject({
        ok: false,
        problem: expect.stringMatching(/^the database at 127\.0\.0\.1:\d+\/postgres/),
      });
      expect(JSON.stringify(refused)).not.toContain('hunter2secret');
      expect(await openPostgres('mysql://x/y')).toMatchObject({
        ok: false,
        problem: expect.stringContaining('postgresql://'),
      });
      const nobody = await openPostgres('postgresql://u:p4ssw0rd@127.0.0.1:9/x');
      expect(nobody).toMatchObject({ ok: false, problem: expect.stringContaining('127.0.0.1:9/x') });
      expect(JSON.stringify(nobody)).not.toContain('p4ssw0rd');
    });
  },
);

describe('the lock of a data folder', () => {
  it('is refused twice, names who has it, and is free again afterwards', () => {
    const place = join(folder, 'lock');
    const first = lockFolder(place);
    if (!first.ok) throw new Error(first.problem);
    first.lock.note(' at http://127.0.0.1:7700/');
    expect(lockFolder(place)).toEqual({
      ok: false,
      problem: `the data folder '${place}' is in use by process ${process.pid} at http://127.0.0.1:7700/`,
    });
    first.lock.release();
    const again = lockFolder(place);
    expect(again.ok).toBe(true);
    if (again.ok) again.lock.release();
  });

  it('goes away with a process that is killed', async () => {
    const place = join(folder, 'killed');
    const script = `import { lockFolder } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)};
      console.log(lockFolder(${JSON.stringify(place)}).ok); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((ready) => child.stdout.once('data', () => ready()));
    expect(lockFolder(place)).toMatchObject({ ok: false, problem: expect.stringContaining(`process ${child.pid}`) });
    const ended = new Promise((done) => child.on('exit', done));
    child.kill('SIGKILL');
    await ended;
    const after = lockFolder(place);
    expect(after.ok).toBe(true);
    if (after.ok) after.lock.release();
  });
});
