/**
 * Newer address files that the user gave: where they are kept, and putting them to use before a command runs. They never
 * go into the program, so that a new version of it and a removed folder both lead back to what is built in.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import {
  type AddressData,
  newerThanBuiltIn,
  readAddressUpdate,
  useAddressData,
  writeAddressUpdate,
} from '@bothways/facts';
import { storedFile } from './data-folder.ts';
import { writeWhole } from './output.ts';

const nothing: AddressData = { tags: [], endpoints: [] };

export type Stored =
  | { readonly ok: true; readonly data: AddressData; readonly overtaken: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/** What the folder holds; without a file: nothing, which is no problem. Overtaken files are left out of `data`. */
export function readStored(folder: string): Stored {
  const path = storedFile(folder);
  if (!existsSync(path)) return { ok: true, data: nothing, overtaken: [] };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { ok: false, problem: `${path} cannot be read (${codeOf(error)})` };
  }
  const read = readAddressUpdate(text);
  if (!read.ok) return { ok: false, problem: `${path}: ${read.problem}` };
  const { newer, overtaken } = newerThanBuiltIn(read.value);
  return { ok: true, data: newer, overtaken };
}

/**
 * Writes all or nothing; the folder is made.
 * @throws the system's error when that is not possible
 */
export function writeStored(folder: string, data: AddressData): void {
  mkdirSync(folder, { recursive: true });
  writeWhole(storedFile(folder), writeAddressUpdate(data));
}

/** True when there was something to remove. */
export function removeStored(folder: string): boolean {
  const path = storedFile(folder);
  if (!existsSync(path)) return false;
  rmSync(path);
  return true;
}

/** Puts the stored files to use; when they cannot be read, what is built in stays in use. */
export function useStored(folder: string): {
  readonly problem: string | undefined;
  readonly overtaken: readonly string[];
} {
  const stored = readStored(folder);
  useAddressData(stored.ok ? stored.data : nothing);
  return stored.ok ? { problem: undefined, overtaken: stored.overtaken } : { problem: stored.problem, overtaken: [] };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
