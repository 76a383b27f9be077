/** Starts and stops the server: the lock of the data folder, the port, the database behind it. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { hostname } from 'node:os';
import { redact } from '@bothways/diagnostics';
import { isFresh, lockFolder, openEmbedded, openPostgres, type Store } from '@bothways/store';
import { getRequestListener } from '@hono/node-server';
import { NotOpened, workbench } from './app.ts';
import { Audit } from './audit.ts';
import type { Services } from './environment.ts';
import { Estates, firstContent, type MainEstate } from './estates.ts';
import type { Gallery } from './gallery.ts';
import { DEFAULT_RATES } from './guard.ts';
import { type OidcOptions, oidcProblem, withOidc } from './oidc.ts';
import type { Rate } from './rate-limit.ts';
import { Sessions, type SignIn, withoutSignIn, withToken } from './sign-in.ts';

export interface ServerOptions {
  /** Address to listen on; anything but this machine itself requires sign-in. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Where the database and the audit log are kept. */
  readonly data: string;
  /** Connection string of a PostgreSQL; undefined: PGlite in the data folder. */
  readonly database: string | undefined;
  /** A fresh PGlite as a file, which makes a first start quick. */
  readonly databaseTemplate?: string;
  readonly main: MainEstate;
  readonly gallery: Gallery;
  readonly version: string;
  /** Folder of the built page. */
  readonly pageFolder: string | undefined;
  readonly report: Services['report'];
  /** One line for the log of the server; secrets are covered. */
  readonly log: (line: string) => void;
  /** Address under which a proxy in front of it makes the server known. */
  readonly publicUrl?: string;
  /** Sign-in through OpenID Connect; without it a token is made where one is needed. */
  readonly oidc?: OidcOptions;
  /** Milliseconds for the headers of a request, and for the whole of it. */
  readonly timeouts?: { readonly headers: number; readonly request: number };
  readonly rates?: { readonly requests: Rate; readonly changes: Rate };
}

export interface RunningServer {
  /** To open in a browser; with the token where one is needed. */
  readonly url: string;
  /** Resolves when the database is open and the estate is read. */
  readonly ready: Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: string }>;
  /** Answers what is under way, then closes the database. */
  readonly close: () => Promise<void>;
}

export type Started =
  | { readonly ok: true; readonly server: RunningServer }
  | { readonly ok: false; readonly problem: string };

/** A page on the same machine needs a few milliseconds; a large estate over a thin line a minute. */
const TIMEOUTS = { headers: 10_000, request: 60_000 } as const;
const CONNECTIONS = 1000;
/** Milliseconds that requests under way get when the server stops. */
const GRACE = 5000;

export async function startServer(options: ServerOptions): Promise<Started> {
  const { host, data, version, gallery, report, log } = options;
  const now = (): number => Date.now();
  const unfit = unfitOptions(options);
  if (unfit !== undefined) return { ok: false, problem: unfit };
  const locked = lockFolder(data);
  if (!locked.ok) {
    return { ok: false, problem: `${locked.problem}; stop that one, or give this one a folder of its own with --data` };
  }
  const { lock } = locked;
  const token = isLoopback(host) || options.oidc !== undefined ? undefined : randomBytes(32).toString('base64url');
  const secrets = [token, options.oidc?.clientSecret, passwordIn(options.database)].filter(
    (each) => each !== undefined,
  );
  const say = (line: string): void => log(redact(line, secrets));
  const audit = new Audit(data, secrets, now, say);

  let early = options.database === undefined && isFresh(data) ? firstContent(options.main) : undefined;
  const opening: Promise<{ readonly store: Store; readonly estates: Estates }> = (async () => {
    const opened =
      options.database === undefined
        ? await openEmbedded(lock, options.databaseTemplate)
        : await openPostgres(options.database);
    if (!opened.ok) throw new NotOpened(opened.problem);
    return { store: opened.store, estates: await Estates.open(opened.store, options.main, now, early) };
  })().finally(() => (early = undefined));
  const ready = opening.then(
    () => ({ ok: true }) as const,
    (error: unknown) => ({ ok: false, problem: error instanceof Error ? error.message : String(error) }) as const,
  );
  const estates = opening.then((open) => open.estates);
  // Whoever started the server hears of it through `ready`, whoever asks through the answer.
  estates.catch(() => undefined);
  const stopping = new AbortController();

  const { headers, request } = options.timeouts ?? TIMEOUTS;
  const server = createServer({
    headersTimeout: headers,
    requestTimeout: request,
    keepAliveTimeout: 5000,
    connectionsCheckingInterval: Math.min(1000, headers),
    maxHeaderSize: 16 * 1024,
  });
  server.maxConnections = CONNECTIONS;
  const listening = await listen(server, host, options.port);
  if (!listening.ok) {
    void opening.then(({ store }) => store.close()).catch(() => undefined);
    lock.release();
    return listening;
  }
  const { port } = listening;

  const base = options.publicUrl?.replace(/\/+$/, '') ?? `http://${urlHost(host)}:${port}`;
  const sessions = new Sessions({ port, secure: base.startsWith('https:'), now });
  const signIn: SignIn =
    options.oidc !== undefined
      ? withOidc(options.oidc, base, sessions, audit, now, say)
      : token === undefined
        ? withoutSignIn('you')
        : withToken(token, sessions, audit, now);
  const app = workbench({
    services: {
      estates,
      early: () => early,
      gallery,
      version,
      signIn: signIn.kind,
      report,
      audit,
      stopping: stopping.signal,
    },
    guard: {
      isOwnHost: ownHost(host, port, options.publicUrl),
      publicHost: options.publicUrl === undefined ? undefined : new URL(options.publicUrl).host.toLowerCase(),
      audit,
      now,
      ...(options.rates ?? DEFAULT_RATES),
    },
    signIn,
    pageFolder: options.pageFolder,
    fault: say,
  });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  server.on('request', (request, response) => void listener(request, response));
  const url = token === undefined ? `${base}/` : `${base}/sign-in#token=${token}`;
  lock.note(` at ${base}/`);
  return {
    ok: true,
    server: {
      url,
      ready,
      close: async () => {
        stopping.abort();
        const closed = new Promise<void>((done) => void server.close(() => done()));
        // A connection is idle when its answer is through: look again and again.
        const tidying = setInterval(() => server.closeIdleConnections(), 50);
        const patience = setTimeout(() => server.closeAllConnections(), GRACE);
        await closed;
        clearInterval(tidying);
        clearTimeout(patience);
        const open = await opening.catch(() => undefined);
        await open?.estates.close();
        await open?.store.close();
        lock.release();
      },
    },
  };
}

/** What of the options cannot be used, in words. */
function unfitOptions({ host, publicUrl, oidc }: ServerOptions): string | undefined {
  if (publicUrl !== undefined && !/^https?:\/\/[^/?#]+\/?$/.test(publicUrl)) {
    return `'${publicUrl}' is no address of a server: write https://bothways.example`;
  }
  if (oidc === undefined) return undefined;
  if (!isLoopback(host) && publicUrl === undefined) {
    return 'sign-in needs the address that browsers use, to come back to: give it with --url';
  }
  return oidcProblem(oidc);
}

function passwordIn(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { password } = new URL(url);
  return password === '' ? undefined : decodeURIComponent(password);
}

async function listen(
  server: Server,
  host: string,
  port: number,
): Promise<{ readonly ok: true; readonly port: number } | { readonly ok: false; readonly problem: string }> {
  return new Promise((done) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = {
        EADDRINUSE: `port ${port} is taken; choose another with --port, or 0 for any`,
        EACCES: `port ${port} needs more rights; choose one above 1023`,
        EADDRNOTAVAIL: `this machine has no address ${host}`,
      }[error.code ?? ''];
      done({ ok: false, problem: why ?? `cannot listen on ${host}:${port} (${error.code ?? error.message})` });
    });
    server.listen(port, host, () => {
      const address = server.address();
      done({ ok: true, port: typeof address === 'object' && address !== null ? address.port : port });
    });
  });
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Names that a request may ask for. A page of somebody else can point its own name at this machine, never a number or the
 * name of the machine.
 */
function ownHost(host: string, port: number, publicUrl: string | undefined): (asked: string) => boolean {
  const names = new Set<string>();
  const add = (name: string): void => {
    names.add(`${urlHost(name)}:${port}`.toLowerCase());
    if (port === 80) names.add(urlHost(name).toLowerCase());
  };
  for (const name of ['localhost', '127.0.0.1', '::1', host]) add(name);
  if (publicUrl !== undefined) names.add(new URL(publicUrl).host.toLowerCase());
  if (isLoopback(host)) return (asked) => names.has(asked);
  add(hostname());
  return (asked) => names.has(asked) || /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\])(:\d+)?$/.test(asked);
}

function urlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
