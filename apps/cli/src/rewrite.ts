/**
 * Replaces several files together: all of them are written beside their targets first, then renamed one after the other.
 * A file that is no longer what was read stops everything before the first rename; when a rename fails, those already
 * done are put back. A reader sees each file whole at any time.
 */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface Rewrite {
  readonly path: string;
  /** The text that was read, and the text to write. */
  readonly before: string;
  readonly after: string;
}

/** What went wrong, in words; undefined when every file was replaced. Nothing was changed where there is a problem. */
export function rewriteTogether(rewrites: readonly Rewrite[]): string | undefined {
  const prepared: { readonly target: string; readonly temporary: string; readonly original: Buffer }[] = [];
  let renamed = 0;
  try {
    for (const [position, { path, before, after }] of rewrites.entries()) {
      // A symbolic link stays one: its target is replaced.
      const target = realpathSync(path);
      const original = readFileSync(target);
      const mark = original.subarray(0, 3).equals(byteOrderMark) ? byteOrderMark : Buffer.alloc(0);
      if (!original.subarray(mark.length).equals(Buffer.from(before))) {
        return `'${path}' has changed since it was read; nothing was written`;
      }
      const temporary = join(dirname(target), `.${basename(target)}.bothways-${process.pid}-${position}.tmp`);
      prepared.push({ target, temporary, original });
      writeSynced(temporary, Buffer.concat([mark, Buffer.from(after)]));
      chmodSync(temporary, statSync(target).mode);
    }
    for (const { target, temporary, original } of prepared) {
      if (!readFileSync(target).equals(original)) throw new ChangedMeanwhile(target);
      renameSync(temporary, target);
      renamed += 1;
    }
    return undefined;
  } catch (error) {
    for (const { target, temporary, original } of prepared.slice(0, renamed)) {
      writeSynced(temporary, original);
      renameSync(temporary, target);
    }
    return error instanceof ChangedMeanwhile
      ? `'${error.path}' has changed since it was read; nothing was written`
      : `the files cannot be written (${error instanceof Error && 'code' in error ? String(error.code) : String(error)}); nothing was changed`;
  } finally {
    for (const { temporary } of prepared) rmSync(temporary, { force: true });
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

class ChangedMeanwhile extends Error {
  readonly path: string;

  constructor(path: string) {
    super(`${path} changed`);
    this.path = path;
  }
}

function writeSynced(path: string, bytes: Uint8Array): void {
  const descriptor = openSync(path, 'w');
  try {
    writeFileSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
