/** The merge of the files of an estate: each file line by line, and files that came or went as a whole. */
import { mergeTexts } from '@bothways/diagnostics';
import type { StoredFile } from '@bothways/store';
import type { FileConflict } from './estate-model.ts';

export interface MergedFiles {
  /** Undefined when there are conflicts. */
  readonly files: readonly StoredFile[] | undefined;
  readonly conflicts: readonly FileConflict[];
}

/** `ours` and `theirs` both come from `base`. The order of `theirs` is kept, what is only in `ours` follows. */
export function mergeFiles(
  base: readonly StoredFile[],
  ours: readonly StoredFile[],
  theirs: readonly StoredFile[],
): MergedFiles {
  const [before, mine, others] = [base, ours, theirs].map(
    (files) => new Map(files.map(({ name, text }) => [name, text])),
  );
  const merged: StoredFile[] = [];
  const conflicts: FileConflict[] = [];
  for (const name of new Set([...theirs, ...ours].map((file) => file.name))) {
    const [was, own, other] = [before?.get(name), mine?.get(name), others?.get(name)];
    // A file that one side dropped and the other left alone is gone; changed lines are never dropped with it.
    if (own === other || own === was) {
      if (other !== undefined) merged.push({ name, text: other });
    } else if (other === was) {
      if (own !== undefined) merged.push({ name, text: own });
    } else {
      const { text, parts } = mergeTexts(was ?? '', own ?? '', other ?? '');
      if (text === undefined) conflicts.push({ name, parts });
      else merged.push({ name, text });
    }
  }
  return { files: conflicts.length === 0 ? merged : undefined, conflicts };
}

/** Same names with the same texts, in whichever order. */
export function sameFiles(one: readonly StoredFile[], other: readonly StoredFile[]): boolean {
  if (one.length !== other.length) return false;
  const texts = new Map(one.map(({ name, text }) => [name, text]));
  return other.every(({ name, text }) => texts.get(name) === text);
}
