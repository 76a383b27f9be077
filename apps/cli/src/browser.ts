/**
 * Chromium, Chrome or Edge as a printer: run without a window, without network, with a profile of its own that is gone
 * afterwards. The pages it is given are written here and load nothing.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Environment = Readonly<Record<string, string | undefined>>;

const programs = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge', 'msedge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];
/** Milliseconds. */
const patience = 120_000;
/** Bytes of a page with pictures in it. */
const mostOutput = 256 * 1024 * 1024;

export function findBrowser(environment: Environment): string | undefined {
  const named = environment['BOTHWAYS_CHROMIUM'] ?? '';
  if (named !== '') return named;
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((each) => each !== '');
  return [...folders.flatMap((folder) => programs.map((name) => join(folder, name))), ...places].find(isProgram);
}

/**
 * Opens a page and does what the arguments say; what they write into the folder is read by `result` before it is removed.
 * A problem is in words, without the name of the deed: 'ended with exit code 1'.
 */
export function withPage<T>(
  browser: string,
  html: string,
  args: (folder: string) => readonly string[],
  result: (folder: string, output: string) => T,
): { readonly value: T } | { readonly problem: string } {
  const folder = mkdtempSync(join(tmpdir(), 'bothways-page-'));
  try {
    const page = join(folder, 'page.html');
    writeFileSync(page, html);
    const { status, signal, error, stdout } = spawnSync(
      browser,
      [
        '--headless',
        '--disable-gpu',
        '--disable-background-networking',
        '--host-resolver-rules=MAP * ~NOTFOUND',
        // As root Chromium has no sandbox to offer.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${join(folder, 'profile')}`,
        ...args(folder),
        pathToFileURL(page).href,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'], timeout: patience, maxBuffer: mostOutput, encoding: 'utf8' },
    );
    if (error !== undefined || status !== 0) {
      return { problem: `${browser}: ${error?.message ?? signal ?? `exit code ${status}`}` };
    }
    return { value: result(folder, stdout) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
