/** Writes text to standard output, and whole files or nothing to disk. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printable } from '@bothways/diagnostics';

/** A reader that stops early (`| head`) is no error: the rest is simply not wanted. */
export function acceptClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
}

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** One line on standard error; for a system error its code says the rest. */
export function complain(message: string, error?: unknown): void {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  process.stderr.write(`bothways: ${printable(message)}${code}\n`);
}

/** Stable text of a JSON answer: keys in the order they were made, two spaces. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}

/**
 * Writes to a temporary file beside the target and renames it: a reader sees the old file or the new one, never a half.
 * @throws the system's error when the folder cannot be written; the target is then as it was
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const temporary = join(dirname(path), `.bothways-${process.pid}.tmp`);
  try {
    const descriptor = openSync(temporary, 'wx');
    try {
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
