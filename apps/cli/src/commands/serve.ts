/** The workbench. Built into a file of its own: the server and its libraries are loaded by no other command. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Gallery,
  isLoopback,
  locate,
  type MainEstate,
  type OidcOptions,
  type ReportAnswer,
  type ReportFormat,
  readGallery,
  type ServerOptions,
  savedGallery,
  startServer,
} from '@bothways/server';
import type { InputFile } from '@bothways/twin';
import type { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { dataFolder } from '../data-folder.ts';
import { type ExitCode, exitCode } from '../exit.ts';
import { complain, print } from '../output.ts';
import { answerAsReportThread, reportOnThread } from '../report-thread.ts';

interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly database?: string;
  readonly data?: string;
  readonly url?: string;
  readonly open?: true;
  readonly oidcIssuer?: string;
  readonly oidcClientId?: string;
  readonly oidcClientSecretFile?: string;
  readonly oidcEditors?: readonly string[];
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
  const oidc = oidcOptions(options);
  if (oidc !== undefined && 'problem' in oidc) {
    complain(oidc.problem);
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
    ...(oidc === undefined ? {} : { oidc }),
    ...(fromSource ? {} : { databaseTemplate: fileURLToPath(new URL('store-template.tar.gz', import.meta.url)) }),
  } satisfies ServerOptions);
  if (!started.ok) {
    complain(started.problem);
    return exitCode.unusable;
  }
  const { server } = started;
  const unsafe = !isLoopback(options.host) && oidc === undefined;
  const warning =
    'Whoever has this link may edit. It is not encrypted on the way: put a proxy with TLS in front, see --url.';
  print([`Bothways is at ${server.url}`, ...(unsafe ? [warning] : []), 'Ctrl-C ends it.'].join('\n'));
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

/** Flags, or the environment; the secret comes from the environment or a file only, where no list of processes shows it. */
function oidcOptions(options: ServeOptions): OidcOptions | { readonly problem: string } | undefined {
  const issuer = options.oidcIssuer ?? process.env['BOTHWAYS_OIDC_ISSUER'];
  const clientId = options.oidcClientId ?? process.env['BOTHWAYS_OIDC_CLIENT_ID'];
  if (issuer === undefined && clientId === undefined) return undefined;
  if (issuer === undefined || clientId === undefined) {
    return { problem: 'sign-in needs both --oidc-issuer and --oidc-client-id' };
  }
  const file = options.oidcClientSecretFile;
  let clientSecret = process.env['BOTHWAYS_OIDC_CLIENT_SECRET'];
  try {
    if (file !== undefined) clientSecret = readFileSync(file, 'utf8').trim();
  } catch {
    return { problem: `the file '${file}' with the client secret cannot be read` };
  }
  return { issuer, clientId, clientSecret, editors: options.oidcEditors ?? [] };
}

function mainEstate(path: string | undefined, gallery: Gallery): MainEstate | { readonly problem: string } {
  if (path === undefined) return { kind: 'example', ...gallery.example };
  const located = locate(path);
  return located.ok ? { kind: 'disk', place: located.place } : { problem: located.problem };
}

async function report(format: ReportFormat, files: readonly InputFile[]): Promise<ReportAnswer> {
  const made = await reportOnThread(new URL(import.meta.url), format, files);
  return 'problem' in made ? { ok: false, problem: made.problem } : { ok: true, content: made.content };
}

const fromSource = import.meta.url.endsWith('.ts');

/** Written beside this file when it was built; in a checkout that runs its sources, read from the folders. */
function builtGallery(): Gallery {
  if (fromSource) return readGallery(fileURLToPath(new URL('../../../..', import.meta.url)));
  return savedGallery(readFileSync(new URL('gallery.json', import.meta.url), 'utf8'));
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

// The server starts this module again for each report.
answerAsReportThread();
