import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresMissing, temporaryPostgres } from '../../../scripts/temporary-postgres.ts';
import {
  type Client,
  clientOf,
  events,
  gallery,
  type Running,
  rawRequest,
  running,
  saveOf,
  template,
} from '../test/running.ts';
import { locate, type ServerOptions, startServer } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'bothways-http-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scenario = gallery.entries.find(({ id }) => id.startsWith('PP-S10'));
const document = scenario?.files[0]?.text ?? '';

function estateFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'estate.yaml'), document);
  return path;
}

function auditOf(server: Running): readonly Record<string, unknown>[] {
  return readFileSync(join(server.data, 'audit.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const missing = postgresMissing();
const databases = missing === undefined ? ['PGlite', 'PostgreSQL'] : ['PGlite'];

describe.each(databases)('the API with %s', (database) => {
  let server: Running;
  let ask: Client;
  const path = join(folder, `main-${database}`);
  beforeAll(async () => {
    mkdirSync(path);
    writeFileSync(join(path, 'estate.yaml'), document);
    const located = locate(path);
    if (!located.ok) throw new Error(located.problem);
    server = await running({ embedded: database === 'PGlite', main: { kind: 'disk', place: located.place } });
    ask = clientOf(server.base);
  }, 60_000);
  afterAll(async () => {
    await server.close();
  });

  it('says who asks, what there is, and what the document may say', async () => {
    expect((await ask('GET', '/api/session')).body).toEqual({
      user: { name: 'you', role: 'editor' },
      signIn: 'none',
      version: '0.0.0',
    });
    expect((await ask('GET', '/api/estates')).body).toEqual([
      { id: 'main', name: `main-${database}`, source: 'disk', writable: true },
    ]);
    expect((await ask('GET', '/api/schema')).body).toHaveProperty('$schema');
    expect((await ask('GET', '/api/facts?q=asymmetric')).body.length).toBeGreaterThan(0);
    expect((await ask('GET', '/api/facts/ER-091')).body).toMatchObject({ id: 'ER-091' });
    const [family] = (await ask('GET', '/api/rules')).body;
    expect((await ask('GET', `/api/rules/${encodeURIComponent(family.rules[0])}`)).body.name).toBe(family.rules[0]);
    for (const wrong of [
      '/api/facts/XX-999',
      '/api/rules/none',
      '/api/gallery/none',
      '/api/estates/none',
      '/api/none',
    ]) {
      expect({ wrong, ...(await ask('GET', wrong)).body }).toMatchObject({
        wrong,
        status: 404,
        detail: expect.any(String),
      });
    }
  });

  it('shows the gallery in the order of the tour', async () => {
    const { body } = await ask('GET', '/api/gallery');
    expect(body).toHaveLength(gallery.entries.length);
    expect(body[0]).toMatchObject({ id: expect.stringMatching(/^PP-S01/), order: 1, tour: 1 });
    expect(body.every(({ title, lesson }: { title: string; lesson: string }) => title !== '' && lesson !== '')).toBe(
      true,
    );
    const page = await ask('GET', `/api/gallery/${body[9].id}`);
    expect(page.body).toMatchObject({
      files: [{ name: 'estate.yaml' }],
      readme: expect.stringContaining('# Asymmetric'),
    });
  });

  it('reads, saves, refuses what is overtaken, keeps history and restores', async () => {
    const read = await ask('GET', '/api/estates/main');
    expect(read.body).toMatchObject({ revision: 1, files: [{ name: 'estate.yaml', text: document }] });
    const one = await ask('PUT', '/api/estates/main', saveOf(1, `# one\n${document}`));
    expect(one).toMatchObject({ status: 200, body: { revision: 2 } });
    expect(readFileSync(join(path, 'estate.yaml'), 'utf8')).toBe(`# one\n${document}`);
    const two = await ask('PUT', '/api/estates/main', saveOf(1, `${document}# two\n`));
    expect(two).toMatchObject({
      status: 409,
      body: { current: { revision: 2 }, merged: [{ text: `# one\n${document}# two\n` }] },
    });
    expect(two.headers.get('content-type')).toContain('application/problem+json');
    const three = await ask('PUT', '/api/estates/main', saveOf(1, `# other\n${document}`));
    expect(three).toMatchObject({ status: 409, body: { conflicts: [{ name: 'estate.yaml' }] } });
    expect(three.body.merged).toBeUndefined();
    const restored = await ask('POST', '/api/estates/main/history/1/restore', { edit: randomUUID() });
    expect(restored.body).toEqual({ revision: 3 });
    expect((await ask('GET', '/api/estates/main/history')).body).toMatchObject([
      { revision: 3, by: 'you', label: 'Restored revision 1', source: 'page' },
      { revision: 2, by: 'you', label: 'Edited' },
      { revision: 1, by: 'an editor on disk', source: 'disk', at: expect.stringMatching(/^\d{4}-.*Z$/) },
    ]);
    expect((await ask('GET', '/api/estates/main/history?limit=1&before=3')).body).toHaveLength(1);
    expect((await ask('GET', '/api/estates/main/history/2')).body.files[0].text).toBe(`# one\n${document}`);
    expect((await ask('GET', '/api/estates/main/history/99')).status).toBe(404);
  });

  it('tells of edits on disk and in other pages as they come', async () => {
    const { revision } = (await ask('GET', '/api/estates/main')).body;
    const hearing = events(server.base, '/api/estates/main/events', 3);
    await pause(100);
    await ask('PUT', '/api/estates/main', saveOf(revision, `${document}# page\n`));
    writeFileSync(join(path, 'estate.yaml'), `${document}# disk\n`);
    expect(await hearing).toMatchObject([
      { revision },
      { revision: revision + 1, by: 'you', label: 'Edited', source: 'page' },
      { revision: revision + 2, by: 'an editor on disk', label: 'Edited on disk', source: 'disk' },
    ]);
  });

  it('keeps copies of the gallery and of files, apart from each other', async () => {
    const created = await ask('POST', '/api/estates', { name: 'Mine', from: { gallery: scenario?.id } });
    expect(created.status).toBe(201);
    const { id } = created.body;
    expect((await ask('GET', `/api/estates/${id}`)).body).toMatchObject({
      id,
      name: 'Mine',
      source: 'database',
      revision: 1,
      files: [{ name: 'estate.yaml', text: document }],
    });
    expect((await ask('PUT', `/api/estates/${id}`, saveOf(1, 'bothways: 1\n'))).body).toEqual({ revision: 2 });
    const files = [{ name: 'my.yaml', text: 'bothways: 1\n' }];
    const other = await ask('POST', '/api/estates', { name: 'Files', from: { files } });
    expect((await ask('GET', `/api/estates/${other.body.id}`)).body.files).toEqual(files);
    expect((await ask('GET', '/api/estates')).body).toHaveLength(3);
    const wrong = [{ name: '../x.yaml', text: '' }];
    expect((await ask('POST', '/api/estates', { name: 'x', from: { files: wrong } })).status).toBe(422);
    expect((await ask('POST', '/api/estates', { name: 'x', from: { gallery: 'none' } })).status).toBe(404);
    expect((await ask('GET', '/api/estates')).body).toHaveLength(3);
  });

  it('keeps results by revision', async () => {
    const value = { sets: 12, worst: ['a', null], text: '\u0000\ud800' };
    expect((await ask('PUT', '/api/estates/main/results/sweep', { revision: 1, value })).status).toBe(200);
    expect((await ask('GET', '/api/estates/main/results/sweep?revision=1')).body).toEqual({ revision: 1, value });
    expect((await ask('GET', '/api/estates/main/results/sweep?revision=2')).status).toBe(404);
    expect((await ask('PUT', '/api/estates/main/results/sweep', { revision: 999, value })).status).toBe(404);
  });

  it('hands out reports, HTML with a policy of its own', async () => {
    const html = await ask('GET', '/api/estates/main/report?format=html');
    expect(html.body).toContain('a report as html');
    expect(html.headers.get('content-security-policy')).toMatch(/style-src 'sha256-[^']+'.*frame-ancestors 'self'/);
    const pdf = await ask('GET', '/api/estates/main/report?format=pdf');
    expect(pdf.headers.get('content-disposition')).toBe(`attachment; filename="main-${database}-report.pdf"`);
    expect((await ask('GET', '/api/estates/main/report?format=exe')).status).toBe(400);
  });

  it('writes down who changed what, and no content', () => {
    const written = auditOf(server);
    expect(written).toContainEqual(
      expect.objectContaining({ action: 'save', by: 'you', estate: 'main', revision: 2, detail: 'Edited' }),
    );
    expect(written).toContainEqual(expect.objectContaining({ action: 'save', refused: 409 }));
    expect(JSON.stringify(written)).not.toContain('organisation');
    expect(server.log).toEqual([]);
  });
});

describe('who is let in', () => {
  let server: Running;
  let ask: Client;
  beforeAll(async () => {
    const located = locate(estateFolder('guarded'));
    if (!located.ok) throw new Error(located.problem);
    server = await running({ main: { kind: 'disk', place: located.place } });
    ask = clientOf(server.base);
  }, 60_000);
  afterAll(() => server.close());
  const revision = async (): Promise<number> => (await ask('GET', '/api/estates/main')).body.revision;

  it('refuses a name that is not its own: a page whose name was pointed at this machine', async () => {
    const { port } = new URL(server.base);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1.nip.io:${port}`]) {
      for (const path of ['/', '/api/estates/main', '/api/session']) {
        expect({ host, status: (await rawRequest(server.base, path, { headers: { host } })).status }).toEqual({
          host,
          status: 421,
        });
      }
    }
    for (const host of [`localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
      expect((await rawRequest(server.base, '/api/session', { headers: { host } })).status).toBe(200);
    }
  });

  it('refuses changes from another origin, without the header, or not in JSON', async () => {
    const before = await revision();
    const body = JSON.stringify(saveOf(before, 'bothways: 1\n'));
    const host = new URL(server.base).host;
    const good = { host, 'content-type': 'application/json', 'x-bothways': '1', origin: server.base };
    const put = (headers: Record<string, string>) =>
      rawRequest(server.base, '/api/estates/main', { method: 'PUT', headers, body });
    const { 'x-bothways': _, ...withoutHeader } = good;
    const refusals: readonly (readonly [number, Record<string, string>])[] = [
      [403, { ...good, origin: 'https://evil.example' }],
      [403, { ...good, origin: 'null' }],
      [403, { ...good, origin: 'http://127.0.0.1:1' }],
      [403, { ...good, 'sec-fetch-site': 'cross-site' }],
      [403, { ...good, 'sec-fetch-site': 'same-site' }],
      [403, withoutHeader],
      [403, { ...good, 'x-bothways': '0' }],
      [415, { ...good, 'content-type': 'text/plain' }],
      [415, { ...good, 'content-type': 'application/x-www-form-urlencoded' }],
      [415, { ...good, 'content-type': 'application/jsonx' }],
    ];
    for (const [status, headers] of refusals)
      expect({ headers, status: (await put(headers)).status }).toEqual({ headers, status });
    expect(await revision()).toBe(before);
    const asked = { host, 'sec-fetch-site': 'cross-site' };
    expect((await rawRequest(server.base, '/api/estates/main', { headers: asked })).status).toBe(403);
    const answer = await rawRequest(server.base, '/api/session', { headers: { host, origin: 'https://evil.example' } });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    for (const method of ['DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      expect((await rawRequest(server.base, '/api/estates/main', { method, headers: good })).status).toBe(405);
    }
    expect(auditOf(server).filter(({ refused }) => refused === 403).length).toBeGreaterThan(5);
  });

  it('hands out nothing but the page and the API, whatever the path', async () => {
    const host = new URL(server.base).host;
    const paths = [
      '/../../../../etc/passwd',
      '/..%2f..%2f..%2fetc%2fpasswd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/....//etc/passwd',
      '/estate.yaml',
      '/audit.jsonl',
      '/lock.sqlite',
      '//etc/passwd',
      '/\\..\\..\\etc\\passwd',
      '/%00',
      '/index.html%00.js',
      '/api/estates/..%2f..%2fmain',
      '/api/estates/main/../../../etc/passwd',
      '/api/gallery/..%2f..%2fREADME.md',
      '/%ff%fe',
    ];
    for (const path of paths) {
      const { status, body } = await rawRequest(server.base, path, { headers: { host } });
      expect({ path, status, leaks: /root:|organisation|"action"/.test(body) }).toMatchObject({ path, leaks: false });
      expect([400, 404]).toContain(status);
    }
  });

  it('refuses bodies that are too large, announced or not', async () => {
    const before = await revision();
    const large = 'x'.repeat(33 * 1024 * 1024);
    expect((await ask('PUT', '/api/estates/main', saveOf(before, large))).status).toBe(413);
    const stream = new ReadableStream({
      pull(controller: ReadableStreamDefaultController<Uint8Array>) {
        controller.enqueue(new TextEncoder().encode('x'.repeat(1024 * 1024)));
      },
    });
    const headers = { 'content-type': 'application/json', 'x-bothways': '1', origin: server.base };
    const chunked = await fetch(`${server.base}/api/estates/main`, {
      method: 'PUT',
      headers,
      body: stream,
      duplex: 'half',
    }).then(
      ({ status }) => status,
      () => 'connection closed',
    );
    expect([413, 'connection closed']).toContain(chunked);
    const two = 'x'.repeat(3 * 1024 * 1024);
    expect((await ask('PUT', '/api/estates/main/results/a', { revision: 1, value: two })).status).toBe(413);
    expect((await ask('PUT', '/api/estates/main', saveOf(before, 'y'.repeat(10 * 1024 * 1024 + 1)))).status).toBe(422);
    expect(await revision()).toBe(before);
  });

  it('says in words what is wrong with a request', async () => {
    const before = await revision();
    const bad: readonly (readonly [unknown, RegExp])[] = [
      ['{', /not JSON/],
      ['', /not JSON|not as described|expected/i],
      [[], /expected object/i],
      [{ ...saveOf(before, 'x'), base: '1' }, /^base: /],
      [{ ...saveOf(before, 'x'), base: 1.5 }, /^base: /],
      [{ ...saveOf(before, 'x'), edit: 'x' }, /^edit: /],
      [{ ...saveOf(before, 'x'), label: '' }, /^label: /],
      [{ ...saveOf(before, 'x'), files: [] }, /^files: /],
      [{ ...saveOf(before, 'x'), more: 1 }, /more/],
      [saveOf(before, 'a\0b'), /^files\.0\.text: is not plain text/],
      [saveOf(before, '\ud800'), /^files\.0\.text: is not plain text/],
    ];
    for (const [body, said] of bad) {
      const answer = await ask('PUT', '/api/estates/main', body);
      expect({ body, status: answer.status, detail: answer.body.detail }).toEqual({
        body,
        status: 400,
        detail: expect.stringMatching(said),
      });
    }
    expect(await revision()).toBe(before);
  });

  it('says of a base that never was what is there now', async () => {
    const before = await revision();
    const answer = await ask('PUT', '/api/estates/main', saveOf(before + 100, '# mine\n'));
    expect(answer).toMatchObject({ status: 409, body: { current: { revision: before } } });
    expect(answer.body.merged).toBeUndefined();
  });

  it('cuts off who sends headers or a body too slowly, and goes on serving', async () => {
    // The times are shortened on the running server only: the code path is Node's own.
    await using slow = await running({ timeouts: { headers: 700, request: 1200 } });
    const { port } = new URL(slow.base);
    const drip = (first: string): Promise<string> =>
      new Promise((done) => {
        const socket = connect(Number(port), '127.0.0.1');
        let said = '';
        const dripping = setInterval(() => socket.write('x'), 100);
        socket.on('data', (data) => (said += data.toString()));
        socket.on('error', () => undefined);
        socket.on('close', () => {
          clearInterval(dripping);
          done(said);
        });
        socket.write(first);
      });
    const started = Date.now();
    const head = `PUT /api/estates/main HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Bothways: 1\r\nContent-Type: application/json\r\n`;
    const dripped = [drip('GET / HTTP/1.1\r\nX-Slow: '), drip(`${head}Content-Length: 1000\r\n\r\n{`)];
    expect((await clientOf(slow.base)('GET', '/api/session')).status).toBe(200);
    const [headers = '', body = ''] = await Promise.all(dripped);
    expect(Date.now() - started).toBeLessThan(8000);
    expect(headers).toMatch(/^HTTP\/1\.1 408/);
    expect(body === '' || body.startsWith('HTTP/1.1 408')).toBe(true);
    expect((await clientOf(slow.base)('GET', '/api/estates/main')).body.revision).toBe(1);
  });

  it('lets nobody ask without end', async () => {
    await using limited = await running({
      rates: { requests: { burst: 30, perSecond: 0.01 }, changes: { burst: 3, perSecond: 0.01 } },
    });
    const asking = clientOf(limited.base);
    const statuses: number[] = [];
    for (let each = 0; each < 5; each += 1) {
      statuses.push((await asking('PUT', '/api/estates/main/results/a', { revision: 1, value: each })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    for (let each = 0; each < 30; each += 1) statuses.push((await asking('GET', '/api/session')).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2 + 5);
    expect((await asking('GET', '/api/session')).headers.get('retry-after')).toMatch(/^\d+$/);
  });
});

describe('the page', () => {
  it('comes with a nonce of its own each time, in header and tags, and its parts compressed and checked by tag', async () => {
    const dist = join(folder, 'dist');
    mkdirSync(join(dist, 'parts'), { recursive: true });
    writeFileSync(
      join(dist, 'index.html'),
      '<!doctype html>\n<head></head><script src="app.js"></script><style>a{}</style>',
    );
    writeFileSync(join(dist, 'app.js'), `// ${'long '.repeat(1000)}`);
    writeFileSync(join(dist, 'parts/chunk-Ab3dEf9h.js'), 'x');
    writeFileSync(join(dist, '.inputs.json'), 'hidden');
    writeFileSync(join(folder, 'beside.js'), 'outside');
    await using server = await running({ pageFolder: dist });
    const ask = clientOf(server.base);
    const [one, two] = [await ask('GET', '/'), await ask('GET', '/')];
    const nonces = [one, two].map(
      ({ headers }) => /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '')?.[1],
    );
    expect(new Set(nonces).size).toBe(2);
    expect(one.body).toContain(`<script nonce="${nonces[0]}" src="app.js">`);
    expect(one.body).toContain(`<style nonce="${nonces[0]}">`);
    expect(one.body).toContain(`<meta property="csp-nonce" nonce="${nonces[0]}" />`);
    const policy = one.headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|\*/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(one.headers.get('x-content-type-options')).toBe('nosniff');
    const host = new URL(server.base).host;
    const app = await rawRequest(server.base, '/app.js', { headers: { host } });
    expect(app).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' },
    });
    const again = { host, 'if-none-match': String(app.headers['etag']) };
    expect((await rawRequest(server.base, '/app.js', { headers: again })).status).toBe(304);
    const squeezed = await fetch(`${server.base}/app.js`, { headers: { 'accept-encoding': 'gzip' } });
    expect(squeezed.headers.get('content-encoding')).toBe('gzip');
    expect(await squeezed.text()).toBe(readFileSync(join(dist, 'app.js'), 'utf8'));
    const part = await ask('GET', '/parts/chunk-Ab3dEf9h.js');
    expect(part.headers.get('cache-control')).toContain('immutable');
    for (const path of ['/.inputs.json', '/../beside.js', '/parts', '/parts/', '/none.js']) {
      expect({ path, status: (await rawRequest(server.base, path, { headers: { host } })).status }).toEqual({
        path,
        status: 404,
      });
    }
    writeFileSync(join(dist, 'app.js'), '// built again');
    expect((await ask('GET', '/app.js')).body).toBe('// built again');
  });
});

describe('other addresses than this machine', () => {
  it('ask for the token of the start, which gives a cookie that scripts cannot read', async () => {
    await using server = await running({ host: '0.0.0.0' });
    const token = new URLSearchParams(new URL(server.server.url).hash.slice(1)).get('token') ?? '';
    expect(token).toMatch(/^[\w-]{43}$/);
    const ask = clientOf(server.base);
    for (const path of [
      '/api/session',
      '/api/estates',
      '/api/estates/main',
      '/api/openapi.json',
      '/api/estates/main/events',
    ]) {
      expect({ path, status: (await ask('GET', path)).status }).toEqual({ path, status: 401 });
    }
    expect((await ask('PUT', '/api/estates/main', saveOf(1, 'x'))).status).toBe(401);
    const page = await ask('GET', '/');
    expect(page).toMatchObject({ status: 302 });
    expect(page.headers.get('location')).toBe('/sign-in');
    expect((await ask('GET', '/sign-in')).body).not.toContain(token);
    for (const wrong of [{ token: 'x' }, { token: `${token}x` }, { token: '' }, { token: [token] }, {}, 'x', [token]]) {
      expect((await ask('POST', '/api/sign-in', wrong)).status).toBe(401);
    }
    const signedIn = await ask('POST', '/api/sign-in', { token });
    const cookie = signedIn.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/; HttpOnly; SameSite=Lax/);
    const inside = clientOf(server.base, cookie.split(';')[0]);
    expect((await inside('GET', '/api/session')).body).toMatchObject({ user: { role: 'editor' }, signIn: 'token' });
    expect((await inside('PUT', '/api/estates/main', saveOf(1, 'bothways: 1\n'))).status).toBe(200);
    expect((await inside('GET', '/')).status).not.toBe(302);
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    expect((await inside('GET', '/api/estates/main', undefined, elsewhere)).status).toBe(403);
    await inside('POST', '/api/sign-out', {});
    expect((await inside('GET', '/api/session')).status).toBe(401);
    const written = readFileSync(join(server.data, 'audit.jsonl'), 'utf8');
    expect(written).toContain('wrong token');
    expect(written).not.toContain(token);
    const late = [];
    for (let each = 0; each < 6; each += 1) late.push((await ask('POST', '/api/sign-in', { token: 'x' })).status);
    expect(late).toContain(429);
  });
});

describe('starting', () => {
  it('refuses a folder or a port that is taken, and options that would be unsafe, in words', async () => {
    await using server = await running();
    const options: ServerOptions = {
      host: '127.0.0.1',
      port: 0,
      data: server.data,
      database: undefined,
      main: { kind: 'example', ...gallery.example },
      gallery,
      version: '0',
      pageFolder: undefined,
      report: () => Promise.resolve({ ok: false, problem: '' }),
      log: () => undefined,
    };
    expect(await startServer(options)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/is in use by process \d+ at http:\/\/127\.0\.0\.1:\d+\/; stop that one/),
    });
    const data = join(folder, 'other-data');
    const { port } = new URL(server.base);
    expect(await startServer({ ...options, data, port: Number(port) })).toMatchObject({
      ok: false,
      problem: expect.stringContaining('is taken'),
    });
    const oidc = { issuer: 'http://login.example', clientId: 'x', clientSecret: undefined, editors: [] };
    const unsafeOptions: readonly Partial<ServerOptions>[] = [
      { oidc },
      { publicUrl: 'javascript:alert(1)' },
      { host: '0.0.0.0', oidc: { ...oidc, issuer: 'https://x.example' } },
    ];
    for (const unsafe of unsafeOptions) {
      expect(await startServer({ ...options, data, ...unsafe })).toMatchObject({ ok: false });
    }
  });

  it('listens, and shows the estate, while the database still starts, and stops in the middle of a stream', async () => {
    const log: string[] = [];
    const started = performance.now();
    const answer = await startServer({
      host: '127.0.0.1',
      port: 0,
      data: join(folder, 'early'),
      database: undefined,
      databaseTemplate: template,
      main: { kind: 'example', ...gallery.example },
      gallery,
      version: '0',
      pageFolder: undefined,
      report: () => Promise.resolve({ ok: false, problem: '' }),
      log: (line) => void log.push(line),
    });
    if (!answer.ok) throw new Error(answer.problem);
    const { server } = answer;
    const base = server.url.slice(0, -1);
    expect((await clientOf(base)('GET', '/api/session')).status).toBe(200);
    // A second on a machine that does nothing else; here it shares its processors.
    expect(performance.now() - started).toBeLessThan(5000);
    const early = await clientOf(base)('GET', '/api/estates/main');
    expect((await clientOf(base)('GET', '/api/estates')).body).toMatchObject([{ id: 'main', source: 'database' }]);
    expect(await Promise.race([server.ready, Promise.resolve('not yet')])).toBe('not yet');
    const edit = saveOf(1, `${early.body.files[0].text}# early\n`);
    expect(await clientOf(base)('PUT', '/api/estates/main', edit)).toMatchObject({
      status: 200,
      body: { revision: 2 },
    });
    await server.ready;
    const stream = events(base, '/api/estates/main/events', 99);
    await pause(50);
    const stopping = performance.now();
    await server.close();
    expect(performance.now() - stopping).toBeLessThan(8000);
    expect(await stream).toHaveLength(1);
    expect(log).toEqual([]);
  });
});

describe.skipIf(missing !== undefined)(
  `a database that goes away${missing === undefined ? '' : `: ${missing}`}`,
  () => {
    it('loses nothing: saves are refused meanwhile, and go on afterwards with files and history in agreement', async () => {
      const postgres = await temporaryPostgres();
      const path = estateFolder('dropping');
      const located = locate(path);
      if (!located.ok) throw new Error(located.problem);
      await using server = await running({ database: postgres.url, main: { kind: 'disk', place: located.place } });
      const ask = clientOf(server.base);
      const { body: copy } = await ask('POST', '/api/estates', { name: 'Copy', from: { gallery: scenario?.id } });
      const kept: { readonly id: string; readonly text: string }[] = [];
      const refused: number[] = [];
      for (let turn = 0; turn < 40; turn += 1) {
        const id: string = turn % 2 === 0 ? 'main' : copy.id;
        const cut =
          turn % 4 < 2
            ? postgres.run(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'bothways'`)
            : undefined;
        const { status, body } = await ask('GET', `/api/estates/${id}`);
        const text = `${document}# turn ${turn}\n`;
        const saved =
          status === 200 ? (await ask('PUT', `/api/estates/${id}`, saveOf(body.revision, text))).status : status;
        if (saved === 200) kept.push({ id, text });
        else refused.push(saved);
        await cut;
      }
      expect(refused.every((status) => status === 503 || status === 409)).toBe(true);
      for (const id of ['main', copy.id]) {
        expect(
          (await ask('PUT', `/api/estates/${id}`, saveOf(1, document, { edit: randomUUID() }))).status,
        ).toBeLessThan(500);
        const { body: history } = await ask('GET', `/api/estates/${id}/history?limit=500`);
        const texts = await Promise.all(
          history.map(
            async ({ revision }: { revision: number }) =>
              (await ask('GET', `/api/estates/${id}/history/${revision}`)).body.files[0].text,
          ),
        );
        const own = kept.filter((each) => each.id === id);
        expect(own.length).toBeGreaterThan(3);
        for (const { text } of own) expect(texts).toContain(text);
      }
      const { body: main } = await ask('GET', '/api/estates/main');
      expect(readFileSync(join(path, 'estate.yaml'), 'utf8')).toBe(main.files[0].text);
      await server.close();
      await postgres.stop();
    });
  },
);
