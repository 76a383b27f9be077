/**
 * For tests and benchmarks: the workbench as its user meets it: `bothways serve` as a process, Chromium on its address. Whatever the page logs as an
 * error, every request that leaves the server's address and every violation of the content policy is kept and must be
 * empty at the end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

export const root = resolve(import.meta.dirname, '..');
const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

/** Suites say so and pass where there is no browser; `npm test` prints what to install. */
export const hasBrowser = executable !== undefined;

export interface Workbench extends AsyncDisposable {
  readonly url: string;
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the console and of scripts, foreign requests, violations. */
  readonly complaints: readonly string[];
}

/** `path`: an estate on disk; without it the example. */
export async function workbench(path?: string, dark = false): Promise<Workbench> {
  if (executable === undefined) throw new Error('no browser');
  const data = mkdtempSync(join(tmpdir(), 'bothways-web-'));
  const args = ['serve', ...(path === undefined ? [] : [path]), '--port', '0', '--data', data];
  const server = spawn(process.execPath, [join(root, 'apps/cli/bin/bothways.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await addressOf(server);
  const profile = mkdtempSync(join(tmpdir(), 'bothways-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executable,
    headless: true,
    acceptDownloads: true,
    colorScheme: dark ? 'dark' : 'light',
    viewport: { width: 1440, height: 900 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const complaints: string[] = [];
  context.on('page', (opened) => listen(opened, url, complaints));
  const page = context.pages()[0] ?? (await context.newPage());
  listen(page, url, complaints);
  await page.goto(url);
  return {
    url,
    page,
    context,
    complaints,
    async [Symbol.asyncDispose]() {
      await context.close();
      const ended = new Promise((done) => server.once('exit', done));
      server.kill('SIGTERM');
      await ended;
      for (const folder of [data, profile]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

const listened = new WeakSet<Page>();

function listen(page: Page, url: string, complaints: string[]): void {
  if (listened.has(page)) return;
  listened.add(page);
  page.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/i.test(message.text())) {
      complaints.push(`console: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => complaints.push(`script: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(url) && !/^(blob|data|about):/.test(address)) complaints.push(`outside: ${address}`);
  });
}

async function addressOf(server: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((found, failed) => {
    const read = (data: Buffer): void => {
      said += data.toString();
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)?.[0];
      if (address !== undefined) found(address);
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('exit', (status) => failed(new Error(`serve ended with ${status}: ${said}`)));
  });
}

/** The banner's words once they match. */
export async function verdict(page: Page, wanted: RegExp): Promise<string> {
  const banner = page.getByRole('status', { name: 'Verdict' });
  await banner.filter({ hasText: wanted }).waitFor();
  return banner.innerText();
}

export async function openPage(page: Page, title: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('link', { name: new RegExp(`^${title}`) })
    .click();
  await page.getByRole('main', { name: title }).waitFor();
}
