/**
 * HTML to PDF through the print function of Chromium, which is run without a window, without network and with a profile
 * of its own. Page numbers and wide pages come from the style sheet. What Chromium writes of the clock is replaced, so
 * that the same report gives the same bytes with the same Chromium.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
const patience = 120_000;

export function pdfOf(
  html: string,
  environment: Environment,
): { readonly content: Uint8Array } | { readonly problem: string } {
  const browser = findBrowser(environment);
  if (browser === undefined) {
    return {
      problem:
        'a PDF needs Chromium, Chrome or Edge, and none was found; install one, name it in BOTHWAYS_CHROMIUM, or write .html and print that',
    };
  }
  const folder = mkdtempSync(join(tmpdir(), 'bothways-pdf-'));
  try {
    const [page, target] = [join(folder, 'report.html'), join(folder, 'report.pdf')];
    writeFileSync(page, html);
    const { status, signal, error } = spawnSync(
      browser,
      [
        '--headless',
        '--no-pdf-header-footer',
        '--generate-pdf-document-outline',
        '--disable-gpu',
        '--disable-background-networking',
        '--host-resolver-rules=MAP * ~NOTFOUND',
        // The page is ours, runs no script and loads nothing; as root Chromium has no sandbox to offer.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${join(folder, 'profile')}`,
        `--print-to-pdf=${target}`,
        pathToFileURL(page).href,
      ],
      { stdio: 'ignore', timeout: patience },
    );
    if (error !== undefined || status !== 0) {
      return { problem: `${browser} did not print the report (${error?.message ?? signal ?? `exit code ${status}`})` };
    }
    return { content: withoutClock(readFileSync(target)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function findBrowser(environment: Environment): string | undefined {
  const named = environment['BOTHWAYS_CHROMIUM'] ?? '';
  if (named !== '') return named;
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((each) => each !== '');
  return [...folders.flatMap((folder) => programs.map((name) => join(folder, name))), ...places].find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Dates are overwritten in place: the offsets of the file stay right. */
function withoutClock(pdf: Buffer): Uint8Array {
  const text = pdf.toString('latin1');
  const covered = text.replaceAll(
    /(\/(?:CreationDate|ModDate) ?\(D:)\d{14}/g,
    (_, head: string) => `${head}20000101000000`,
  );
  return Buffer.from(covered, 'latin1');
}
