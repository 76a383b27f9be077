/**
 * Reads the files of an estate: one file, all of a folder, or standard input. What cannot be read becomes a finding like
 * any other, so that text and JSON report it the same way; nothing is read beyond the size limit.
 */
import { closeSync, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Finding, finding, nearestName, plural } from '@bothways/diagnostics';
import type { InputFile } from '@bothways/twin';
import { fileBeside, isDocumentName, isOurOutput, referencedFiles } from '@bothways/twin';

/** Far above any real estate: 20,000 sites are 3.5 MB. */
const sizeLimit = 10 * 1024 * 1024;
const fileCountLimit = 1000;
const chunkSize = 64 * 1024;

export interface Input {
  readonly files: readonly InputFile[];
  /** Empty when everything was read; otherwise `files` is not to be used. */
  readonly findings: readonly Finding[];
}

/** `-` is standard input. */
export async function readInput(path: string): Promise<Input> {
  if (path === '-') return readStandardInput();
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    return failed(unreadable(path, error));
  }
  if (!stats.isDirectory()) return readFiles([path]);
  return readFolder(path);
}

function readFolder(folder: string): Input {
  let names: readonly string[];
  try {
    names = readdirSync(folder).filter(isDocumentName).sort();
  } catch (error) {
    return failed(unreadable(folder, error));
  }
  if (names.length === 0) {
    return failed(
      problem(
        'input/no-estate',
        `the folder '${folder}' holds no .yaml, .yml or .json file`,
        `name the file or folder of the estate, or start one with: bothways init ${folder}`,
      ),
    );
  }
  if (names.length > fileCountLimit) {
    return failed(
      problem(
        'input/too-many-files',
        `the folder '${folder}' holds ${names.length} documents; ${fileCountLimit} are read at most`,
        'give the folder of one estate; every .yaml, .yml and .json file directly in it belongs to it',
      ),
    );
  }
  const { files, findings } = readFiles(names.map((name) => join(folder, name)));
  return { files: files.filter(({ name, text }) => !isOurOutput(name, text)), findings };
}

function readFiles(paths: readonly string[]): Input {
  const files: InputFile[] = [];
  const findings: Finding[] = [];
  let left = sizeLimit;
  for (const path of paths) {
    let bytes: Uint8Array | undefined;
    try {
      bytes = readAtMost(path, left);
    } catch (error) {
      findings.push(unreadable(path, error));
      continue;
    }
    if (bytes === undefined) {
      findings.push(tooLarge(paths.length === 1 ? `'${path}'` : `the estate, with '${path}',`));
      break;
    }
    left -= bytes.length;
    const text = decode(path, bytes);
    if (typeof text === 'string') files.push({ name: path, text });
    else findings.push(text);
  }
  const attached = readAttachments(files, left);
  return { files: [...files, ...attached.files], findings: [...findings, ...attached.findings] };
}

/** Tables of sites and proxy scripts that the documents name. One that is not there is the loader's to report. */
function readAttachments(documents: readonly InputFile[], limit: number): Input {
  const names = new Set(
    documents.flatMap(({ name, text }) => referencedFiles(text).flatMap((written) => fileBeside(name, written) ?? [])),
  );
  const files: InputFile[] = [];
  const findings: Finding[] = [];
  let left = limit;
  for (const name of names) {
    let bytes: Uint8Array | undefined;
    try {
      bytes = readAtMost(name, left);
    } catch (error) {
      if (!isMissing(error)) findings.push(unreadable(name, error));
      continue;
    }
    if (bytes === undefined) {
      findings.push(tooLarge(`the estate, with '${name}',`));
      break;
    }
    left -= bytes.length;
    const text = decode(name, bytes);
    if (typeof text === 'string') files.push({ name, text });
    else findings.push(text);
  }
  return { files, findings };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function readStandardInput(): Promise<Input> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > sizeLimit) {
      process.stdin.destroy();
      return failed(tooLarge('standard input'));
    }
    chunks.push(bytes);
  }
  const text = decode('standard input', Buffer.concat(chunks));
  return typeof text === 'string' ? { files: [{ name: '<stdin>', text }], findings: [] } : failed(text);
}

/** Undefined when there is more than `limit`: a device or a pipe may never end, so its size is not asked for. */
function readAtMost(path: string, limit: number): Uint8Array | undefined {
  const descriptor = openSync(path, 'r');
  try {
    // A plain file tells its size: 50 MB are refused without reading one byte.
    if (statSync(path).size > limit) return undefined;
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const chunk = new Uint8Array(chunkSize);
      const count = readSync(descriptor, chunk, 0, chunkSize, null);
      if (count === 0) return Buffer.concat(chunks);
      size += count;
      if (size > limit) return undefined;
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    closeSync(descriptor);
  }
}

function decode(name: string, bytes: Uint8Array): string | Finding {
  const nul = bytes.indexOf(0);
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16) {
    return problem(
      'input/not-text',
      `'${name}' is UTF-16 text`,
      'save it as UTF-8; most editors offer this under "save with encoding"',
    );
  }
  if (nul >= 0) return notText(name, `byte ${nul + 1} is zero`);
  try {
    // A byte order mark at the start is dropped by the decoder.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return notText(name, `byte ${firstInvalidByte(bytes) + 1} is not UTF-8`);
  }
}

/** Position of the first byte that breaks UTF-8: the longest valid start is found by halving. */
function firstInvalidByte(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      valid = middle;
    } catch {
      invalid = middle;
    }
  }
  return valid;
}

function notText(name: string, because: string): Finding {
  return problem(
    'input/not-text',
    `'${name}' is not text: ${because}`,
    'an estate is a YAML or JSON document in UTF-8',
  );
}

function tooLarge(what: string): Finding {
  return problem(
    'input/too-large',
    `${what} is larger than ${plural(sizeLimit / 1024 / 1024, 'megabyte')} and was not read`,
    'an estate of 20,000 sites takes about 3.5 MB; is this the right file?',
  );
}

const systemReasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist: a part of the path is a file',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ELOOP: 'is a symbolic link that leads back to itself',
  ENAMETOOLONG: 'is too long for a file name',
  EISDIR: 'is a folder',
};

function unreadable(path: string, error: unknown): Finding {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const reason = systemReasons[code] ?? `cannot be read (${code === '' ? String(error) : code})`;
  const near = code === 'ENOENT' ? nearbyName(path) : undefined;
  const help = {
    ENOENT: near === undefined ? `start one with: bothways init ${path}` : `did you mean '${near}'?`,
    EACCES: 'check the permissions of the file and of the folders above it',
  }[code];
  return problem('input/unreadable', `'${path}' ${reason}`, help ?? 'give the path of an estate file or folder');
}

function nearbyName(path: string): string | undefined {
  const folder = dirname(path);
  try {
    const near = nearestName(basename(path), readdirSync(folder).sort());
    return near === undefined ? undefined : join(folder, near);
  } catch {
    return undefined;
  }
}

function problem(rule: string, message: string, help: string): Finding {
  return finding({ rule, severity: 'error', message, help });
}

function failed(reason: Finding): Input {
  return { files: [], findings: [reason] };
}
