import { randomUUID } from 'node:crypto';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type FolderLock, lockFolder, openEmbedded, type Store, type StoredFile } from '@bothways/store';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { template } from '../test/running.ts';
import { Estate } from './estate.ts';
import { isPlainName, locate, readState, writeFiles } from './estate-folder.ts';
import type { SaveAnswer } from './estate-model.ts';
import { mergeFiles, sameFiles } from './merge-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'bothways-estate-'));
let lock: FolderLock;
let store: Store;
let count = 0;

beforeAll(async () => {
  const locked = lockFolder(join(folder, 'data'));
  if (!locked.ok) throw new Error(locked.problem);
  lock = locked.lock;
  const opened = await openEmbedded(lock, template);
  if (!opened.ok) throw new Error(opened.problem);
  store = opened.store;
}, 60_000);

afterAll(async () => {
  await store.close();
  lock.release();
  rmSync(folder, { recursive: true, force: true });
});

const lines = (...each: string[]): string => each.map((line) => `${line}\n`).join('');
const document = lines('# a', '# b', '# c', 'bothways: 1', '# d', '# e', '# f');

interface OnDisk {
  readonly path: string;
  readonly file: string;
  readonly estate: Estate;
  readonly open: () => Promise<Estate>;
}

/** A folder with files, opened as an estate of its own. */
async function onDisk(files: Readonly<Record<string, string>> = { 'estate.yaml': document }): Promise<OnDisk> {
  count += 1;
  const path = join(folder, `estate-${count}`);
  mkdirSync(path);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  const located = locate(path);
  if (!located.ok) throw new Error(located.problem);
  const { place } = located;
  const open = (): Promise<Estate> =>
    Estate.onDisk({ id: 'main', name: 'test', source: 'disk', writable: true }, path, store, place, () => Date.now());
  return { path, file: join(path, 'estate.yaml'), estate: await open(), open };
}

function save(estate: Estate, base: number, text: string, more: readonly StoredFile[] = []): Promise<SaveAnswer> {
  const files = [{ name: 'estate.yaml', text }, ...more];
  return estate.save({ base, files, label: 'Edited', edit: randomUUID() }, 'ann');
}

async function texts(estate: Estate): Promise<readonly string[]> {
  const history = await estate.history({ limit: 500 });
  const revisions = await Promise.all(history.map(({ revision }) => estate.revision(revision)));
  return revisions.flatMap((each) => each?.files.map(({ text }) => text) ?? []);
}

describe('an estate on disk', () => {
  it('is read into its first revision, and a save replaces the file with exactly what was sent', async () => {
    const { estate, file } = await onDisk();
    expect(await estate.content()).toMatchObject({ revision: 1, files: [{ name: 'estate.yaml', text: document }] });
    const odd = '# größer 🐘\r\nbothways: 1\r\n\n\t';
    expect(await save(estate, 1, odd)).toEqual({ kind: 'saved', revision: 2 });
    expect(readFileSync(file, 'utf8')).toBe(odd);
    expect(await estate.history({ limit: 9 })).toMatchObject([
      { revision: 2, by: 'ann', label: 'Edited', source: 'page' },
      { revision: 1, by: 'an editor on disk', label: 'As found on disk', source: 'disk' },
    ]);
  });

  it('keeps a byte order mark and the rights of a file, and leaves nothing beside it', async () => {
    const { estate, file, path } = await onDisk({ 'estate.yaml': `\uFEFF${document}` });
    expect((await estate.content()).files[0]?.text).toBe(document);
    await save(estate, 1, `${document}# g\n`);
    expect(readFileSync(file, 'utf8')).toBe(`\uFEFF${document}# g\n`);
    expect(readdirSync(path)).toEqual(['estate.yaml']);
  });

  it('answers the same edit twice with the same revision, also when others saved since', async () => {
    const { estate } = await onDisk();
    const request = {
      base: 1,
      files: [{ name: 'estate.yaml', text: `${document}# x\n` }],
      label: 'x',
      edit: randomUUID(),
    };
    expect(await estate.save(request, 'ann')).toEqual({ kind: 'saved', revision: 2 });
    await save(estate, 2, `${document}# y\n`);
    expect(await estate.save(request, 'ann')).toEqual({ kind: 'saved', revision: 2 });
    expect((await estate.content()).revision).toBe(3);
  });

  it('offers the merge of two tabs that changed different lines, and takes it', async () => {
    const { estate } = await onDisk();
    await save(estate, 1, document.replace('# a', '# A'));
    const answer = await save(estate, 1, document.replace('# f', '# F'));
    const both = document.replace('# a', '# A').replace('# f', '# F');
    expect(answer).toMatchObject({
      kind: 'conflict',
      current: { revision: 2 },
      merged: [{ name: 'estate.yaml', text: both }],
      conflicts: [],
    });
    expect(await save(estate, 2, both)).toEqual({ kind: 'saved', revision: 3 });
  });

  it('shows both sides when two tabs changed the same line, and changes nothing', async () => {
    const { estate, file } = await onDisk();
    await save(estate, 1, document.replace('# b', '# one'));
    expect(await save(estate, 1, document.replace('# b', '# two'))).toMatchObject({
      kind: 'conflict',
      merged: undefined,
      conflicts: [
        {
          name: 'estate.yaml',
          parts: [
            { kind: 'agreed' },
            { kind: 'conflict', base: '# b\n', ours: '# two\n', theirs: '# one\n' },
            { kind: 'agreed' },
          ],
        },
      ],
    });
    expect(readFileSync(file, 'utf8')).toContain('# one');
  });

  it('makes a revision of what an editor changed on disk, before a save is judged', async () => {
    const { estate, file } = await onDisk();
    writeFileSync(file, document.replace('# a', '# disk'));
    expect(await save(estate, 1, document.replace('# f', '# page'))).toMatchObject({
      kind: 'conflict',
      current: { revision: 2 },
      merged: [{ text: document.replace('# a', '# disk').replace('# f', '# page') }],
    });
    expect((await estate.history({ limit: 1 }))[0]).toMatchObject({ label: 'Edited on disk', source: 'disk' });
  });

  it('tells listeners of every revision, once', async () => {
    const { estate, file } = await onDisk();
    const heard: number[] = [];
    const unlisten = estate.listen(({ revision }) => heard.push(revision));
    await save(estate, 1, `${document}# 2\n`);
    writeFileSync(file, `${document}# 3\n`);
    await estate.look();
    await estate.look();
    unlisten();
    await save(estate, 3, `${document}# 4\n`);
    expect(heard).toEqual([2, 3]);
  });

  it('waits for an editor that empties the file before it writes it', async () => {
    const { estate, file } = await onDisk();
    writeFileSync(file, '');
    const looking = estate.look();
    await pause(60);
    writeFileSync(file, `${document}# whole\n`);
    await looking;
    expect(await texts(estate)).toEqual([`${document}# whole\n`, document]);
  });

  it('refuses to save while the files cannot be read, and loses nothing', async () => {
    const { estate, file } = await onDisk();
    renameSync(file, `${file}.away`);
    expect(await save(estate, 1, `${document}# x\n`)).toMatchObject({ kind: 'refused', status: 507 });
    expect(await estate.content()).toMatchObject({ revision: 1, files: [{ text: document }] });
    renameSync(`${file}.away`, file);
    expect(await save(estate, 1, `${document}# x\n`)).toEqual({ kind: 'saved', revision: 2 });
    writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00]));
    expect(await save(estate, 2, document)).toMatchObject({
      kind: 'refused',
      problem: expect.stringContaining('UTF-8'),
    });
  });

  it('restores an old revision as a new one', async () => {
    const { estate, file } = await onDisk();
    await save(estate, 1, `${document}# x\n`);
    expect(await estate.restore(1, randomUUID(), 'bob')).toEqual({ kind: 'saved', revision: 3 });
    expect(readFileSync(file, 'utf8')).toBe(document);
    expect((await estate.history({ limit: 1 }))[0]).toMatchObject({ by: 'bob', label: 'Restored revision 1' });
    expect(await estate.restore(9, randomUUID(), 'bob')).toMatchObject({ kind: 'refused', status: 404 });
  });

  it('keeps tables that the document refers to, and takes new ones', async () => {
    const table = 'name,city\nhq,Munich\n';
    const { estate, path } = await onDisk({
      'estate.yaml': 'bothways: 1\nsites: { from: sites.csv }\n',
      'sites.csv': table,
    });
    expect((await estate.content()).files.map(({ name }) => name)).toEqual(['estate.yaml', 'sites.csv']);
    const document = 'bothways: 1\nsites: { from: [sites.csv, more/branches.csv] }\n';
    const branches = { name: 'more/branches.csv', text: 'name,city\nb1,Milan\n' };
    expect(await save(estate, 1, document, [branches])).toEqual({ kind: 'saved', revision: 2 });
    expect(readFileSync(join(path, 'more/branches.csv'), 'utf8')).toBe(branches.text);
    expect((await estate.content()).files.map(({ name }) => name).sort()).toEqual([
      'estate.yaml',
      'more/branches.csv',
      'sites.csv',
    ]);
  });

  it('never writes a file that the document does not refer to, or outside the folder', async () => {
    const { estate, path } = await onDisk();
    const wild = [
      '../outside.csv',
      '/etc/passwd',
      'other.yaml',
      'sites.csv',
      '.hidden.csv',
      'a/../../x.csv',
      'C:\\x.csv',
      'x.csv:y',
      'a//b.csv',
      './x.csv',
      'x\0.csv',
      '..',
      '',
      'con.csv.',
      `${'x'.repeat(300)}.csv`,
    ];
    for (const name of wild) {
      const answer = await save(estate, 1, document, [{ name, text: 'x' }]);
      expect({ name, answer }).toMatchObject({ answer: { kind: 'refused', status: 422 } });
      const referring = `bothways: 1\nsites: { from: ${JSON.stringify(name)} }\n`;
      if (name !== 'sites.csv') {
        expect({ name, answer: await save(estate, 1, referring, [{ name, text: 'x' }]) }).toMatchObject({
          answer: { kind: 'refused', status: 422 },
        });
      }
    }
    expect(readdirSync(path)).toEqual(['estate.yaml']);
    expect(await save(estate, 1, '', [])).toEqual({ kind: 'saved', revision: 2 });
    expect(await estate.save({ base: 2, files: [], label: 'x', edit: randomUUID() }, 'ann')).toMatchObject({
      status: 422,
    });
  });

  it('follows no link out of the folder, to read or to write', async () => {
    const secret = join(folder, 'secret.csv');
    writeFileSync(secret, 'name\nsecret\n');
    const { estate, path } = await onDisk();
    symlinkSync(secret, join(path, 'sites.csv'));
    symlinkSync(folder, join(path, 'up'));
    for (const name of ['sites.csv', 'up/secret.csv', 'up/new.csv']) {
      const answer = await save(estate, 1, `bothways: 1\nsites: { from: ${name} }\n`, [{ name, text: 'x' }]);
      expect({ name, answer }).toMatchObject({ answer: { kind: 'refused' } });
    }
    expect(readFileSync(secret, 'utf8')).toBe('name\nsecret\n');
    expect(readdirSync(folder)).not.toContain('new.csv');
    const pointing = await onDisk({ 'estate.yaml': 'bothways: 1\nsites: { from: here.csv }\n', 'here.csv': 'name\n' });
    rmSync(join(pointing.path, 'here.csv'));
    symlinkSync(secret, join(pointing.path, 'here.csv'));
    expect(JSON.stringify(await pointing.estate.content())).not.toContain('secret');
  });
});

describe('a save that was interrupted', () => {
  const interrupted = async ({ estate, path }: OnDisk, text: string): Promise<void> => {
    await estate.close();
    const change = { by: 'ann', label: 'Cut short', source: 'page', at: Date.now(), edit: randomUUID() } as const;
    await store.append(path, 1, { ...change, files: [{ name: 'estate.yaml', text }] }, { pending: true });
  };

  it('is completed at the next start when no file was replaced yet', async () => {
    const place = await onDisk();
    await interrupted(place, `${document}# x\n`);
    writeFileSync(join(place.path, '.estate.yaml.bothways-999999-0.tmp'), 'half');
    const estate = await place.open();
    expect(await estate.content()).toMatchObject({ revision: 2, files: [{ text: `${document}# x\n` }] });
    expect(readFileSync(place.file, 'utf8')).toBe(`${document}# x\n`);
    expect(readdirSync(place.path)).toEqual(['estate.yaml']);
  });

  it('is completed when every file was replaced already', async () => {
    const place = await onDisk();
    await interrupted(place, `${document}# x\n`);
    writeFileSync(place.file, `${document}# x\n`);
    expect(await (await place.open()).content()).toMatchObject({ revision: 2, files: [{ text: `${document}# x\n` }] });
  });

  it('stays in the history when somebody edited the file since, and the disk is what counts', async () => {
    const place = await onDisk();
    await interrupted(place, `${document}# x\n`);
    writeFileSync(place.file, `${document}# disk\n`);
    const estate = await place.open();
    expect(await texts(estate)).toEqual([`${document}# disk\n`, `${document}# x\n`, document]);
    expect(readFileSync(place.file, 'utf8')).toBe(`${document}# disk\n`);
  });
});

describe('an editor that writes into the replaced file', () => {
  it('finds its text in the history, merged with the save where that is possible', async () => {
    const { estate, file } = await onDisk();
    const descriptor = openSync(file, 'r+');
    expect(await save(estate, 1, document.replace('# a', '# page'))).toEqual({ kind: 'saved', revision: 2 });
    const late = document.replace('# f', '# late');
    ftruncateSync(descriptor, 0);
    writeSync(descriptor, late, 0);
    closeSync(descriptor);
    await estate.look();
    const both = document.replace('# a', '# page').replace('# f', '# late');
    expect(readFileSync(file, 'utf8')).toBe(both);
    expect(await texts(estate)).toContain(late);
    expect((await estate.content()).files[0]?.text).toBe(both);
  });

  it('undoes nothing that was saved since the editor read the file', async () => {
    const { estate, file } = await onDisk();
    const descriptor = openSync(file, 'r+');
    const first = document.replace('# a', '# one');
    const second = first.replace('# c', '# second');
    await save(estate, 1, first);
    await save(estate, 2, second);
    ftruncateSync(descriptor, 0);
    writeSync(descriptor, document.replace('# f', '# late'), 0);
    closeSync(descriptor);
    await estate.look();
    expect(readFileSync(file, 'utf8')).toBe(second.replace('# f', '# late'));
  });

  it('finds it there also when the same line was saved; the save stays on disk', async () => {
    const { estate, file } = await onDisk();
    const descriptor = openSync(file, 'r+');
    await save(estate, 1, document.replace('# a', '# page'));
    const late = document.replace('# a', '# late');
    ftruncateSync(descriptor, 0);
    writeSync(descriptor, late, 0);
    closeSync(descriptor);
    await estate.look();
    expect(readFileSync(file, 'utf8')).toBe(document.replace('# a', '# page'));
    expect(await texts(estate)).toContain(late);
  });
});

describe('two tabs and an editor on disk that fight', () => {
  it('lose nothing: every acknowledged save and every settled edit on disk is in the history', async () => {
    const { estate, file } = await onDisk();
    const acknowledged: string[] = [];
    const onDiskTexts: string[] = [];
    // Until there was enough of both, however busy the machine is.
    const end = Date.now() + 30_000;
    const goesOn = (): boolean => Date.now() < end && (acknowledged.length < 30 || onDiskTexts.length < 5);
    const tab = async (name: string, line: string): Promise<void> => {
      let base = 1;
      let text = document;
      for (let turn = 0; goesOn(); turn += 1) {
        const wanted = text.replace(new RegExp(`^# ${line}.*$`, 'm'), `# ${line} ${name} ${turn}`);
        const answer = await save(estate, base, wanted);
        if (answer.kind === 'saved') {
          acknowledged.push(wanted);
          ({ revision: base, text } = { revision: answer.revision, text: wanted });
        } else if (answer.kind === 'conflict') {
          base = answer.current.revision;
          text = (answer.merged ?? answer.current.files)[0]?.text ?? '';
        }
        await pause(7);
      }
    };
    const editor = async (): Promise<void> => {
      for (let turn = 0; goesOn(); turn += 1) {
        // As editors do: read, change, write beside it, rename.
        const text = readFileSync(file, 'utf8').replace(/^# f.*$/m, `# f disk ${turn}`);
        writeFileSync(`${file}.swp`, text);
        renameSync(`${file}.swp`, file);
        onDiskTexts.push(`# f disk ${turn}`);
        // The next edit would overwrite this one on disk, as editors do; it has to be seen before.
        for (let look = 0; look < 100; look += 1) {
          await pause(50);
          if ((await estate.content()).files[0]?.text.includes(`# f disk ${turn}\n`) === true) break;
        }
        await pause(300);
      }
    };
    await Promise.all([tab('one', 'a'), tab('two', 'c'), editor()]);
    await estate.look();
    const history = await texts(estate);
    expect(acknowledged.length).toBeGreaterThanOrEqual(5);
    expect(onDiskTexts.length).toBeGreaterThanOrEqual(3);
    for (const text of acknowledged) expect(history).toContain(text);
    for (const mark of onDiskTexts) expect(history.some((text) => text.includes(`${mark}\n`))).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe((await estate.content()).files[0]?.text);
  });
});

describe('merging the files of an estate', () => {
  const name = fc.constantFrom('estate.yaml', 'a.csv', 'b.csv');
  const text = fc.array(fc.constantFrom('x', 'y', 'z', 'w'), { maxLength: 6 }).map((each) => lines(...each));
  const files = fc
    .uniqueArray(fc.record({ name, text }), { selector: (file) => file.name })
    .map((each): readonly StoredFile[] => each);

  const seed = 88_101;
  it(`takes a side that the other did not touch, whole (seed ${seed})`, () => {
    fc.assert(
      fc.property(files, files, (base, changed) => {
        expect(sameFiles(mergeFiles(base, changed, base).files ?? [], changed)).toBe(true);
        expect(sameFiles(mergeFiles(base, base, changed).files ?? [], changed)).toBe(true);
        expect(sameFiles(mergeFiles(base, changed, changed).files ?? [], changed)).toBe(true);
      }),
      { seed, numRuns: 500 },
    );
  });

  const second = 88_102;
  it(`drops no file that somebody changed (seed ${second})`, () => {
    fc.assert(
      fc.property(files, files, files, (base, ours, theirs) => {
        const { files: merged, conflicts } = mergeFiles(base, ours, theirs);
        const textIn = (each: readonly StoredFile[], of: string) => each.find((file) => file.name === of)?.text;
        const said = new Set([...(merged ?? []), ...conflicts].map((each) => each.name));
        if (merged === undefined) return;
        for (const side of [ours, theirs]) {
          for (const file of side) if (textIn(base, file.name) !== file.text) expect(said).toContain(file.name);
        }
      }),
      { seed: second, numRuns: 500 },
    );
  });
});

describe('names of files', () => {
  const seed = 88_103;
  it(`that pass stay inside the folder, whatever they are made of (seed ${seed})`, () => {
    const piece = fc.constantFrom('..', '.', '/', '\\', 'a', 'b.csv', '\0', ':', ' ', '~', '%2e', 'é');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const written = pieces.join('');
        if (!isPlainName(written)) return;
        const path = join('/estate', written);
        expect(path.startsWith('/estate/')).toBe(true);
        expect(path).toBe(`/estate/${written}`);
      }),
      { seed, numRuns: 3000 },
    );
  });
});

describe('replacing files', () => {
  it('replaces all or none', () => {
    const path = mkdtempSync(join(folder, 'write-'));
    writeFileSync(join(path, 'estate.yaml'), 'one');
    writeFileSync(join(path, 'b.csv'), 'two');
    const place = { folder: path, document: undefined };
    const changes = [
      { name: 'estate.yaml', before: 'one', after: '1' },
      { name: 'b.csv', before: 'other', after: '2' },
    ];
    expect(writeFiles(place, changes)).toMatchObject({ ok: false, reason: 'changed' });
    expect(readState(place, ['b.csv'])).toMatchObject({ ok: true, files: [{ text: 'one' }, { text: 'two' }] });
    expect(writeFiles(place, [{ name: 'b.csv', before: undefined, after: 'x' }])).toMatchObject({ ok: false });
    rmSync(join(path, 'b.csv'));
    mkdirSync(join(path, 'b.csv'));
    expect(writeFiles(place, changes)).toMatchObject({ ok: false });
    expect(readFileSync(join(path, 'estate.yaml'), 'utf8')).toBe('one');
    expect(readdirSync(path).sort()).toEqual(['b.csv', 'estate.yaml']);
  });
});
