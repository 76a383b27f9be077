/**
 * Compares the coverage table with the five documents themselves, for whoever has them.
 *
 *   npx node scripts/coverage/check-against-originals.ts FOLDER
 *
 * A file is recognised by what it says, whatever it is called. Exit code 0: every piece has its row and every row its
 * piece; 1: not so, each difference on a line; 2: no such folder.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paragraphsOf } from './paragraphs.ts';
import { type CoverageTable, coverage, documents, rowName } from './seed-coverage.ts';

interface OriginalFile {
  readonly name: string;
  readonly text: string;
}

/** Every difference between the files and the table, file by file. */
export function differences(files: readonly OriginalFile[], { rows }: CoverageTable): readonly string[] {
  const found: string[] = [];
  const seen = new Map<string, string>();
  for (const { name, text } of files) {
    const pieces = paragraphsOf(text);
    const digests = new Set(pieces.map(({ digest }) => digest));
    const shared = (document: string): number =>
      rows.filter((row) => row.document === document && digests.has(row.digest)).length;
    const document = [...documents].sort((a, b) => shared(b) - shared(a))[0] ?? '';
    if (shared(document) === 0) {
      found.push(`${name}: shares no piece with any of the documents`);
      continue;
    }
    const other = seen.get(document);
    if (other !== undefined) {
      found.push(`${name}: is ${document}, as ${other} is already`);
      continue;
    }
    seen.set(document, name);
    const mine = rows.filter((row) => row.document === document);
    const rowOf = new Map(mine.map((row) => [row.digest, row]));
    const missing = pieces.filter(({ digest }) => !rowOf.has(digest));
    const surplus = mine.filter(({ digest }) => !digests.has(digest));
    for (const { line, form, digest } of missing) {
      found.push(`${name}:${line}: this ${form} has no row in ${document}; its digest is ${digest}`);
    }
    for (const row of surplus) found.push(`${rowName(row)}: no such ${row.form} in ${name} (${row.digest})`);
    // What is new or gone moves everything below it; places are worth comparing when nothing is.
    if (missing.length > 0 || surplus.length > 0) continue;
    for (const { line, heading, ordinal, form, digest } of pieces) {
      const row = rowOf.get(digest);
      if (row === undefined || (row.heading === heading && row.ordinal === ordinal && row.form === form)) continue;
      found.push(
        `${name}:${line}: a ${form}, ${ordinal} below '${heading}'; the table has a ${row.form}, ${rowName(row)}`,
      );
    }
  }
  for (const document of documents) {
    if (!seen.has(document)) found.push(`${document}: none of the files`);
  }
  return found;
}

function filesOf(folder: string): readonly OriginalFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

function main(folder: string | undefined): number {
  let files: readonly OriginalFile[];
  try {
    if (folder === undefined) throw new Error('name the folder that holds the five documents');
    files = filesOf(folder);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const found = differences(files, coverage);
  for (const line of found) console.log(line);
  console.log(`${coverage.rows.length} rows, ${found.length === 0 ? 'no' : found.length} differences`);
  return found.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = main(process.argv[2]);
