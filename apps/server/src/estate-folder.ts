/**
 * The files of an estate on disk: which ones there are, reading them whole, and replacing them so that a reader sees each
 * old or new and never a half. Nothing outside the folder is read or written, whatever the document or the page says.
 *
 * Names are relative to the folder, with forward slashes. Texts are without byte order mark; a file that has one keeps it.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { StoredFile } from '@bothways/store';
import { fileBeside, isDocumentName, isOurOutput, referencedFiles } from '@bothways/twin';

/** Together; the same limit as on the command line. */
export const SIZE_LIMIT = 10 * 1024 * 1024;
export const FILE_LIMIT = 1000;

export interface EstateFolder {
  /** Real path. */
  readonly folder: string;
  /** The one document, or undefined: every document directly in the folder. */
  readonly document: string | undefined;
}

export type Located =
  | { readonly ok: true; readonly place: EstateFolder }
  | { readonly ok: false; readonly problem: string };

export type FolderState =
  | {
      readonly ok: true;
      /** Documents in the order of their names, then what they refer to. */
      readonly files: readonly StoredFile[];
      /** Milliseconds since 1970 of the newest change of a file. */
      readonly changed: number;
    }
  | { readonly ok: false; readonly problem: string };

/** @param path a document, or a folder with at least one */
export function locate(path: string): Located {
  let stats: Stats;
  let real: string;
  try {
    real = realpathSync(resolve(path));
    stats = statSync(real);
  } catch (error) {
    return { ok: false, problem: `'${path}' cannot be read (${codeOf(error)})` };
  }
  const place: EstateFolder = stats.isDirectory()
    ? { folder: real, document: undefined }
    : { folder: dirname(real), document: basename(real) };
  const state = readState(place, []);
  return state.ok ? { ok: true, place } : state;
}

/** Everything the estate is made of, and the files of `also` as far as they exist. */
export function readState(place: EstateFolder, also: readonly string[]): FolderState {
  try {
    const reader = new Reader(place.folder);
    const documents = (place.document === undefined ? documentNames(place.folder) : [place.document])
      .map((name) => ({ name, text: reader.read(name) }))
      .filter(({ name, text }) => place.document !== undefined || !isOurOutput(name, text));
    if (documents.length === 0) return { ok: false, problem: `'${place.folder}' holds no estate document` };
    const further = new Set([...referencesOf(documents), ...also]);
    for (const { name } of documents) further.delete(name);
    const attached = [...further].flatMap((name) => {
      const text = reader.readIfThere(name);
      return text === undefined ? [] : [{ name, text }];
    });
    return { ok: true, files: [...documents, ...attached], changed: reader.changed };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.message };
    return { ok: false, problem: `the files in '${place.folder}' cannot be read (${codeOf(error)})` };
  }
}

/** What documents refer to, each once, in order. */
export function referencesOf(documents: readonly StoredFile[]): readonly string[] {
  const names = documents.flatMap(({ name, text }) =>
    referencedFiles(text).flatMap((written) => fileBeside(name, written) ?? []),
  );
  return [...new Set(names)].filter(isPlainName);
}

/** A path inside the folder, of visible files: no absolute path, no way up, nothing hidden, no stream of Windows. */
export function isPlainName(name: string): boolean {
  if (name.length > 255 || /[\\:\u0000-\u001f\u007f]/.test(name)) return false;
  return name.split('/').every((step) => step !== '' && !step.startsWith('.') && !/[. ]$/.test(step));
}

export interface FileChange {
  readonly name: string;
  /** What must be there now; undefined: no file. */
  readonly before: string | undefined;
  readonly after: string;
}

export type Written =
  | { readonly ok: true; readonly late: LateWrites }
  | { readonly ok: false; readonly reason: 'changed' | 'failed'; readonly problem: string };

/**
 * Watches the files that were replaced: an editor that had one open may still write into it. Such a text is no longer in
 * the folder, so it is handed out here.
 */
export interface LateWrites {
  /** What was written into replaced files since the last call. */
  readonly read: () => readonly LateText[];
  readonly close: () => void;
}

interface LateText {
  readonly name: string;
  /** What the editor started from, and what it wrote. */
  readonly before: string;
  readonly text: string;
}

interface Prepared {
  readonly name: string;
  readonly target: string;
  readonly temporary: string;
  readonly old: { readonly descriptor: number; readonly bytes: Buffer } | undefined;
}

/** Replaces all or none; what was there must be what `before` says. Synced to the disk when it returns. */
export function writeFiles({ folder }: EstateFolder, changes: readonly FileChange[]): Written {
  const prepared: Prepared[] = [];
  let renamed = 0;
  try {
    for (const [position, { name, before, after }] of changes.entries()) {
      const target = targetOf(folder, name);
      const temporary = join(dirname(target), `.${basename(target)}.bothways-${process.pid}-${position}.tmp`);
      const old = openOld(target, name, before);
      prepared.push({ name, target, temporary, old });
      const mark = old !== undefined && hasMark(old.bytes) ? byteOrderMark : Buffer.alloc(0);
      const mode = old === undefined ? 0o644 : fstatSync(old.descriptor).mode;
      writeSynced(temporary, Buffer.concat([mark, Buffer.from(after)]), mode);
    }
    for (const { name, target, temporary, old } of prepared) {
      if (old === undefined) linkSync(temporary, target);
      else {
        if (!isStill(target, old)) throw new ChangedMeanwhile(name);
        renameSync(temporary, target);
      }
      renamed += 1;
    }
    for (const parent of new Set(prepared.map(({ target }) => dirname(target)))) syncFolder(parent);
    return { ok: true, late: lateWrites(prepared) };
  } catch (error) {
    for (const { target, temporary, old } of prepared.slice(0, renamed)) {
      if (old === undefined) rmSync(target, { force: true });
      else {
        writeSynced(temporary, old.bytes, fstatSync(old.descriptor).mode);
        renameSync(temporary, target);
      }
    }
    for (const { old } of prepared) if (old !== undefined) closeSync(old.descriptor);
    if (error instanceof ChangedMeanwhile || codeOf(error) === 'EEXIST') {
      const name = error instanceof ChangedMeanwhile ? error.file : 'a file';
      return { ok: false, reason: 'changed', problem: `${name} was changed on disk at the same moment` };
    }
    const problem = error instanceof Unreadable ? error.message : `the files cannot be written (${codeOf(error)})`;
    return { ok: false, reason: 'failed', problem };
  } finally {
    for (const { temporary } of prepared) rmSync(temporary, { force: true });
  }
}

/** Temporary files that a server left behind when it was killed. */
export function removeLeftovers({ folder }: EstateFolder, names: readonly string[]): void {
  for (const parent of new Set([folder, ...names.map((name) => dirname(join(folder, name)))])) {
    for (const entry of listing(parent)) {
      if (/^\..+\.bothways-\d+-\d+\.tmp$/.test(entry)) rmSync(join(parent, entry), { force: true });
    }
  }
}

function lateWrites(prepared: readonly Prepared[]): LateWrites {
  const open = prepared.flatMap(({ name, old }) =>
    old === undefined ? [] : [{ name, descriptor: old.descriptor, known: old.bytes }],
  );
  return {
    read: () =>
      open.flatMap((each) => {
        const bytes = readWhole(each.descriptor);
        if (bytes.equals(each.known)) return [];
        const text = textOf(bytes);
        // Emptied and not yet written, or in the middle of a character.
        if (text === undefined || text === '') return [];
        const before = textOf(each.known) ?? '';
        each.known = bytes;
        return [{ name: each.name, before, text }];
      }),
    close: () => {
      for (const { descriptor } of open.splice(0)) closeSync(descriptor);
    },
  };
}

function openOld(target: string, name: string, before: string | undefined): Prepared['old'] {
  let descriptor: number;
  try {
    descriptor = openSync(target, 'r');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    if (before === undefined) return undefined;
    throw new ChangedMeanwhile(name);
  }
  const bytes = readWhole(descriptor);
  if (before !== undefined && textOf(bytes) === before) return { descriptor, bytes };
  closeSync(descriptor);
  throw new ChangedMeanwhile(name);
}

/** The same file with the same content, looked at as late as possible. */
function isStill(target: string, old: { readonly descriptor: number; readonly bytes: Buffer }): boolean {
  if (!readWhole(old.descriptor).equals(old.bytes)) return false;
  const now = statSync(target, { throwIfNoEntry: false });
  const then = fstatSync(old.descriptor);
  return now !== undefined && now.ino === then.ino && now.dev === then.dev;
}

/** Where a file is written: inside the folder, and not through a link. */
function targetOf(folder: string, name: string): string {
  if (!isPlainName(name)) throw new Unreadable(`'${name}' is no name of a file in the folder of the estate`);
  const target = join(folder, name);
  let existing = dirname(target);
  while (lstatSync(existing, { throwIfNoEntry: false }) === undefined) existing = dirname(existing);
  checkInside(folder, existing, name);
  mkdirSync(dirname(target), { recursive: true });
  if (lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return target;
  const real = realpathSync(target);
  checkInside(folder, real, name);
  return real;
}

function checkInside(folder: string, path: string, name: string): void {
  const real = realpathSync(path);
  if (real !== folder && !real.startsWith(folder.endsWith(sep) ? folder : folder + sep)) {
    throw new Unreadable(`'${name}' is a link that leaves the folder of the estate; the server does not follow it`);
  }
}

function documentNames(folder: string): readonly string[] {
  const names = listing(folder).filter(isDocumentName).filter(isPlainName).sort();
  if (names.length > FILE_LIMIT) throw new Unreadable(`'${folder}' holds more than ${FILE_LIMIT} documents`);
  return names;
}

function listing(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

class Reader {
  readonly #folder: string;
  #left = SIZE_LIMIT;
  changed = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  readIfThere(name: string): string | undefined {
    try {
      return isPlainName(name) ? this.read(name) : undefined;
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
      throw error;
    }
  }

  read(name: string): string {
    const path = join(this.#folder, name);
    checkInside(this.#folder, path, name);
    const descriptor = openSync(path, 'r');
    try {
      const stats = fstatSync(descriptor);
      if (!stats.isFile()) throw new Unreadable(`'${name}' is no plain file`);
      if (stats.size > this.#left) throw new Unreadable('the estate is larger than 10 MB');
      this.#left -= stats.size;
      this.changed = Math.max(this.changed, stats.mtimeMs);
      const text = textOf(readWhole(descriptor));
      if (text === undefined) throw new Unreadable(`'${name}' is not text in UTF-8`);
      return text;
    } finally {
      closeSync(descriptor);
    }
  }
}

class Unreadable extends Error {}

class ChangedMeanwhile extends Error {
  readonly file: string;

  constructor(file: string) {
    super(`${file} changed`);
    this.file = file;
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

function hasMark(bytes: Buffer): boolean {
  return bytes.subarray(0, 3).equals(byteOrderMark);
}

/** From the start, wherever the descriptor stands. */
function readWhole(descriptor: number): Buffer {
  const bytes = Buffer.alloc(fstatSync(descriptor).size);
  let read = 0;
  while (read < bytes.length) {
    const count = readSync(descriptor, bytes, read, bytes.length - read, read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}

/** Undefined: not UTF-8, or with a zero byte. */
function textOf(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function writeSynced(path: string, bytes: Uint8Array, mode: number): void {
  const descriptor = openSync(path, 'w', mode & 0o777);
  try {
    writeFileSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The names in a folder are data of their own. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
