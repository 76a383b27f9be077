/**
 * Chromium, Chrome or Edge as a printer: run without a window, without network, with a profile of its own that is gone
 * afterwards. The pages it is given are written here and load nothing.
 */
import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);

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
export async function withPage<T>(
  browser: string,
  html: string,
  args: (folder: string) => readonly string[],
  result: (folder: string, output: string) => T,
): Promise<{ readonly value: T } | { readonly problem: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'bothways-page-'));
  try {
    const page = join(folder, 'page.html');
    writeFileSync(page, html);
    const { stdout } = await execute(
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
      { timeout: patience, maxBuffer: mostOutput, encoding: 'utf8' },
    );
    return { value: result(folder, stdout) };
  } catch (error) {
    return { problem: `${browser}: ${endOf(error)}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the system said, the exit code or the signal, without the whole command line. */
function endOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = (key: string): unknown => Object.getOwnPropertyDescriptor(error, key)?.value;
  const code = said('code');
  if (typeof code === 'number') return `exit code ${code}`;
  const signal = said('signal');
  return typeof signal === 'string' ? signal : typeof code === 'string' ? code : error.message;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
