/**
 * One process at a time for a folder. PGlite itself lets a second process in and loses what that one writes, so the door
 * is locked before it is opened: with the lock of the operating system that SQLite takes on its file. It goes away with
 * the process, however that ends, and needs no guess whether a left-over lock file is stale.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface FolderLock {
  readonly folder: string;
  /** Tells whoever is refused where the one inside can be reached. */
  readonly note: (text: string) => void;
  readonly release: () => void;
}

/** The folder is made. A problem in words when another process has it. */
export function lockFolder(
  folder: string,
): { readonly ok: true; readonly lock: FolderLock } | { readonly ok: false; readonly problem: string } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const holder = join(folder, 'holder.txt');
  const door = new DatabaseSync(join(folder, 'lock.sqlite'), { timeout: 0 });
  try {
    // Exclusive from here until the file is closed; nothing is ever written into it.
    door.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    door.close();
    if (!isBusy(error)) throw error;
    return { ok: false, problem: `the data folder '${folder}' is in use by ${holderIn(holder)}` };
  }
  const note = (text: string): void => writeFileSync(holder, `process ${process.pid}${text}\n`);
  note('');
  return { ok: true, lock: { folder, note, release: () => door.close() } };
}

/** SQLITE_BUSY and its extended codes. */
function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
  );
}

function holderIn(path: string): string {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return text === '' ? 'another process' : text;
  } catch {
    return 'another process';
  }
}
