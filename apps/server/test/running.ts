/** A real server on a free port of this machine for tests, and a client that asks as the page does. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeTemplate } from '@bothways/store';
import { afterAll } from 'vitest';
import { postgresMissing, type TemporaryPostgres, temporaryPostgres } from '../../../scripts/temporary-postgres.ts';
import { type RunningServer, readGallery, type ServerOptions, startServer } from '../src/index.ts';

const root = resolve(import.meta.dirname, '../../..');
export const gallery = readGallery(root);
/** Made once for all tests. */
export const template = await writeTemplate(join(root, '.cache/store'));

export interface Running extends AsyncDisposable {
  readonly server: RunningServer;
  /** http://127.0.0.1:port, without a slash at the end. */
  readonly base: string;
  readonly data: string;
  /** What the server logged. */
  readonly log: readonly string[];
  readonly close: () => Promise<void>;
}

let postgres: Promise<TemporaryPostgres> | undefined;
let databases = 0;

/** A database of its own on the PostgreSQL of this test file, which starts quicker than PGlite; undefined: not installed. */
async function ownDatabase(): Promise<string | undefined> {
  if (postgresMissing() !== undefined) return undefined;
  postgres ??= temporaryPostgres();
  databases += 1;
  return (await postgres).database(`test${databases}`);
}

afterAll(async () => {
  await (await postgres)?.stop();
});

/** With the example, in a database of its own, unless the options say otherwise. `embedded`: PGlite. */
export async function running({
  embedded = false,
  ...options
}: Partial<ServerOptions> & { readonly embedded?: boolean } = {}): Promise<Running> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'bothways-server-'));
  const log: string[] = [];
  const started = await startServer({
    host: '127.0.0.1',
    port: 0,
    data,
    database: embedded ? undefined : await ownDatabase(),
    main: { kind: 'example', ...gallery.example },
    gallery,
    databaseTemplate: template,
    version: '0.0.0',
    pageFolder: undefined,
    report: (format) => Promise.resolve({ ok: true, content: `a report as ${format}<style>p{}</style>` }),
    log: (line) => void log.push(line),
    ...options,
  });
  if (!started.ok) throw new Error(started.problem);
  const { server } = started;
  const ready = await server.ready;
  if (!ready.ok) throw new Error(ready.problem);
  let open = true;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await server.close();
    if (options.data === undefined) rmSync(data, { recursive: true, force: true });
  };
  const { port } = new URL(server.url);
  return { server, base: `http://127.0.0.1:${port}`, data, log, close, [Symbol.asyncDispose]: close };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look at answers of every shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export type Client = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

/** As the page asks: same origin, JSON, the header of ours. */
export function clientOf(base: string, cookie?: string): Client {
  return async (method, path, body, headers = {}) => {
    const changes = method === 'PUT' || method === 'POST';
    const answer = await fetch(base + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(changes ? { 'content-type': 'application/json', 'x-bothways': '1', origin: base } : {}),
        ...(cookie === undefined ? {} : { cookie }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  };
}

/** A request with headers that fetch does not let through, such as Host. */
export function rawRequest(
  base: string,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ readonly status: number; readonly body: string; readonly headers: NodeJS.Dict<string | string[]> }> {
  const { hostname, port } = new URL(base);
  return new Promise((done, failed) => {
    const asked = request({ hostname, port, path, method, headers }, (answer) => {
      let text = '';
      answer.on('data', (data: Buffer) => (text += data.toString()));
      answer.on('end', () => done({ status: answer.statusCode ?? 0, body: text, headers: answer.headers }));
      answer.on('error', failed);
    });
    asked.on('error', failed);
    asked.end(body);
  });
}

/** A save of the one document of an estate. */
export function saveOf(base: number, text: string, more: object = {}): object {
  return { base, files: [{ name: 'estate.yaml', text }], label: 'Edited', edit: randomUUID(), ...more };
}

/** Events of a stream, until `count` of the named ones came. */
export async function events(base: string, path: string, count: number): Promise<readonly unknown[]> {
  const stop = new AbortController();
  const answer = await fetch(base + path, { signal: stop.signal });
  const found: unknown[] = [];
  let text = '';
  for await (const piece of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += piece;
    const whole = text.split('\n\n');
    text = whole.pop() ?? '';
    for (const event of whole) {
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (/^event: revision$/m.test(event) && data !== undefined) found.push(JSON.parse(data));
    }
    if (found.length >= count) break;
  }
  stop.abort();
  return found;
}
