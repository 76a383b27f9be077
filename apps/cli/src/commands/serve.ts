/** The workbench. Built into a file of its own: the server and its libraries are loaded by no other command. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plainStyle, renderFindings } from '@bothways/diagnostics';
import {
  type Gallery,
  isLoopback,
  locate,
  type MainEstate,
  type ReportAnswer,
  type ReportFormat,
  readGallery,
  type ServerOptions,
  startServer,
} from '@bothways/server';
import { reportEstate } from '@bothways/twin';
import type { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { dayOf } from '../clock.ts';
import { dataFolder } from '../data-folder.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { complain, print } from '../output.ts';
import { reportContent } from '../report-content.ts';

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly database?: string;
  readonly data?: string;
  readonly url?: string;
  readonly open?: true;
}

/** Runs until it is interrupted. */
export async function serve(command: Command): Promise<ExitCode> {
  const options = command.opts<ServeOptions>();
  const [path] = command.args;
  const gallery = builtGallery();
  const main = mainEstate(path, gallery);
  if ('problem' in main) {
    complain(main.problem);
    return exitCode.unusable;
  }
  const database = options.database ?? process.env['BOTHWAYS_DATABASE'];
  const started = await startServer({
    host: options.host,
    port: options.port,
    data: resolve(options.data ?? join(dataFolder(process.env), 'workbench')),
    database: database === '' ? undefined : database,
    main,
    gallery,
    version: manifest.version,
    pageFolder: pageFolder(),
    report,
    log: (line) => complain(line),
    ...(options.url === undefined ? {} : { publicUrl: options.url }),
  } satisfies ServerOptions);
  if (!started.ok) {
    complain(started.problem);
    return exitCode.unusable;
  }
  const { server } = started;
  print(`Bothways is at ${server.url}`);
  if (!isLoopback(options.host)) {
    print('Whoever has this link may edit. It is not encrypted on the way: put a proxy with TLS in front of it, see --url.');
  }
  print('Ctrl-C ends it.');
  const interrupted = new Promise<'interrupted'>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done('interrupted'));
  });
  if (options.open === true) openBrowser(server.url);
  const ready = await Promise.race([server.ready, interrupted]);
  if (ready !== 'interrupted' && !ready.ok) {
    complain(ready.problem);
    await server.close();
    return exitCode.unusable;
  }
  await interrupted;
  await server.close();
  return exitCode.holds;
}

function mainEstate(path: string | undefined, gallery: Gallery): MainEstate | { readonly problem: string } {
  if (path === undefined) return { kind: 'example', ...gallery.example };
  const located = locate(path);
  return located.ok ? { kind: 'disk', place: located.place } : { problem: located.problem };
}

async function report(
  format: ReportFormat,
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<ReportAnswer> {
  const today = dayOf(undefined) ?? '';
  const { checked, view } = reportEstate(files, { version: manifest.version, today, date: today });
  if (view === undefined) {
    const said = renderFindings(checked.findings, checked.sources, plainStyle, { width: 100 });
    return { ok: false, problem: `the document has errors, so there is nothing to report on:\n${said}`.slice(0, 4000) };
  }
  const made = await reportContent(format, view);
  return 'problem' in made ? { ok: false, problem: made.problem } : { ok: true, content: made.content };
}

const fromSource = import.meta.url.endsWith('.ts');

/** Written beside this file when it was built; in a checkout that runs its sources, read from the folders. */
function builtGallery(): Gallery {
  if (fromSource) return readGallery(fileURLToPath(new URL('../../../..', import.meta.url)));
  const gallery: Gallery = JSON.parse(readFileSync(new URL('gallery.json', import.meta.url), 'utf8'));
  return gallery;
}

function pageFolder(): string {
  return fileURLToPath(new URL(fromSource ? '../../../web/dist' : '../../web/dist', import.meta.url));
}

function openBrowser(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['explorer.exe', url]
        : ['xdg-open', url];
  const child = spawn(program ?? '', args, { stdio: 'ignore', detached: true });
  child.on('error', () => complain('no browser could be opened; open the link yourself'));
  child.unref();
}
