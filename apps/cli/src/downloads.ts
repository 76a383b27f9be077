/** Reads the address files that a user downloaded: plain or gzip, with the day they are from. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { dateInFileName } from '@bothways/facts';
import type { Download } from '@bothways/twin';

/** The public service-tag file has 4 MB. */
const sizeLimit = 64 * 1024 * 1024;

export type ReadDownload =
  | { readonly ok: true; readonly download: Download }
  | { readonly ok: false; readonly problem: string };

/** The day stands in the name; else it is `date`. The time of the file tells when it was copied, not what it is. */
export function readDownload(path: string, date: string | undefined): ReadDownload {
  let bytes: Uint8Array;
  try {
    const descriptor = openSync(path, 'r');
    try {
      const stats = fstatSync(descriptor);
      if (!stats.isFile()) return { ok: false, problem: `'${path}' is no plain file` };
      if (stats.size > sizeLimit) return { ok: false, problem: `'${path}' is larger than 64 MB and was not read` };
      bytes = readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return {
      ok: false,
      problem: code === 'ENOENT' ? `'${path}' does not exist` : `'${path}' cannot be read (${code})`,
    };
  }
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes, { maxOutputLength: sizeLimit });
  } catch {
    return { ok: false, problem: `'${path}' is a damaged or too large gzip file; download it again` };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { ok: false, problem: `'${path}' is not text in UTF-8` };
  }
  const fileName = basename(path).replace(/\.gz$/i, '');
  const day = dateInFileName(fileName) ?? date ?? 'undated';
  return { ok: true, download: { text, fileName, date: day } };
}
