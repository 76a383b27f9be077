import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import OpenIdProvider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, gallery, type Running, running, saveOf } from '../test/running.ts';
import { type OidcOptions, oidcProblem, roleIn } from './oidc.ts';

const secret = 'a-secret-that-must-not-show';
let listener: Server;
let issuer: string;
let server: Running;
let options: OidcOptions;

const scenarioWithKey = (gallery.example.files[0]?.text ?? '').replace(
  /( +)microsoftPeering:\n/,
  (line, indent: string) => `${line}${indent}  md5: hunter2-of-peering\n`,
);

/** A real provider that lets everybody in under the name they give. */
beforeAll(async () => {
  listener = createServer();
  await new Promise<void>((done) => void listener.listen(0, '127.0.0.1', done));
  const address = listener.address();
  issuer = `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
  options = { issuer, clientId: 'bothways', clientSecret: secret, editors: ['network-architects', 'ann'] };
  server = await running({ oidc: options });
  const provider = new OpenIdProvider(issuer, {
    clients: [{ client_id: 'bothways', client_secret: secret, redirect_uris: [`${server.base}/sign-in/callback`] }],
    claims: { openid: ['sub', 'groups'], profile: ['name'], email: ['email', 'email_verified'] },
    cookies: { keys: ['for tests'] },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        name: `${id} of Contoso`,
        groups: id === 'bob' ? ['network-architects'] : ['visitors'],
        email: 'ann',
        email_verified: false,
      }),
    }),
  });
  listener.on('request', provider.callback());
}, 60_000);

afterAll(async () => {
  await server.close();
  listener.closeAllConnections();
  await new Promise((done) => listener.close(done));
});

/** Follows redirects and fills in the provider's forms, with cookies by host, as a browser does. */
class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();
  readonly visited: string[] = [];

  cookieFor(url: string): string {
    const jar = this.#cookies.get(new URL(url).hostname) ?? new Map<string, string>();
    return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async go(
    url: string,
    form?: Record<string, string>,
  ): Promise<{ readonly url: string; readonly status: number; readonly text: string }> {
    this.visited.push(url);
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: this.cookieFor(url), 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    const jar = this.#cookies.get(new URL(url).hostname) ?? new Map<string, string>();
    this.#cookies.set(new URL(url).hostname, jar);
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location !== null) return this.go(new URL(location, url).href);
    return { url, status: answer.status, text: await answer.text() };
  }

  /** Signs in at the provider as whoever is named, and agrees. */
  async signIn(name: string): Promise<{ readonly url: string; readonly status: number }> {
    let page = await this.go(`${server.base}/`);
    for (let step = 0; step < 5 && page.url.startsWith(issuer); step += 1) {
      const action = /action="([^"]+)"/.exec(page.text)?.[1] ?? '';
      const prompt = /name="prompt" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      const form = prompt === 'login' ? { prompt, login: name, password: 'x' } : { prompt };
      page = await this.go(new URL(action, page.url).href, form);
    }
    return page;
  }
}

describe('sign-in through OpenID Connect', () => {
  it('lets nobody in who has not signed in', async () => {
    const ask = clientOf(server.base);
    expect((await ask('GET', '/api/session')).status).toBe(401);
    expect((await ask('PUT', '/api/estates/main', saveOf(1, 'x'))).status).toBe(401);
    expect((await ask('GET', '/')).headers.get('location')).toBe('/sign-in');
  });

  it('makes an editor of a member of the right group, and a viewer of anybody else', async () => {
    const bob = new Browser();
    expect((await bob.signIn('bob')).url).toBe(`${server.base}/`);
    const asBob = clientOf(server.base, bob.cookieFor(server.base));
    expect((await asBob('GET', '/api/session')).body).toMatchObject({
      user: { name: 'bob of Contoso', role: 'editor' },
      signIn: 'oidc',
    });
    expect((await asBob('PUT', '/api/estates/main', saveOf(1, 'bothways: 1\n'))).status).toBe(200);
    expect((await asBob('GET', '/api/estates/main/history?limit=1')).body).toMatchObject([{ by: 'bob of Contoso' }]);

    const files = [{ name: 'estate.yaml', text: `${scenarioWithKey}\n` }];
    const { body: copy } = await asBob('POST', '/api/estates', { name: 'Keys', from: { files } });

    const eve = new Browser();
    await eve.signIn('eve');
    const asEve = clientOf(server.base, eve.cookieFor(server.base));
    expect((await asEve('GET', '/api/session')).body.user).toEqual({ name: 'eve of Contoso', role: 'viewer' });
    expect((await asEve('GET', '/api/estates/main')).body.revision).toBe(2);
    for (const [method, path, body] of [
      ['PUT', '/api/estates/main', saveOf(2, 'x')],
      ['POST', '/api/estates', { name: 'x', from: { gallery: 'x' } }],
      ['POST', '/api/estates/main/history/1/restore', {}],
      ['PUT', '/api/estates/main/results/x', { revision: 1, value: 1 }],
    ] as const) {
      expect({ path, status: (await asEve(method, path, body)).status }).toEqual({ path, status: 403 });
    }
    expect((await asEve('GET', '/api/estates/main')).body.revision).toBe(2);
    expect((await asBob('GET', `/api/estates/${copy.id}`)).body.files).toEqual(files);
    for (const path of [`/api/estates/${copy.id}`, `/api/estates/${copy.id}/history/1`]) {
      const [file] = (await asEve('GET', path)).body.files;
      expect(file.text).toMatch(/md5: aaaaaaa-aa-aaaaaaa\n/);
      expect(file.text).not.toContain('hunter2-of-peering');
    }
    await asEve('POST', '/api/sign-out', {});
    expect((await asEve('GET', '/api/session')).status).toBe(401);
    expect((await asBob('GET', '/api/session')).status).toBe(200);
  });

  it('refuses an answer that nobody here asked for, one used twice, and one begun in another browser', async () => {
    const ann = new Browser();
    await ann.signIn('ann');
    const callback = ann.visited.find((url) => url.includes('/sign-in/callback?')) ?? '';
    expect(callback).toContain('code=');
    expect((await ann.go(callback)).status).toBe(403);
    expect((await new Browser().go(callback)).status).toBe(403);
    const stranger = new Browser();
    await stranger.go(`${server.base}/sign-in`);
    expect((await stranger.go(callback)).status).toBe(403);
    const forged = new Browser();
    await forged.go(`${server.base}/sign-in`);
    expect(
      (await forged.go(`${server.base}/sign-in/callback?code=x&state=y&iss=${encodeURIComponent(issuer)}`)).status,
    ).toBe(403);
    expect((await clientOf(server.base, stranger.cookieFor(server.base))('GET', '/api/session')).status).toBe(401);
  });

  it('writes down who came in, and shows the secret nowhere', () => {
    const written = readFileSync(join(server.data, 'audit.jsonl'), 'utf8');
    expect(written).toContain('"action":"sign-in","by":"bob of Contoso","detail":"editor');
    expect(written).toContain('"refused":403');
    expect(written + server.log.join('\n')).not.toContain(secret);
  });

  it('says so when the issuer is away', async () => {
    await using alone = await running({ oidc: { ...options, issuer: 'http://127.0.0.1:9' } });
    expect((await clientOf(alone.base)('GET', '/sign-in')).status).toBe(503);
    expect(alone.log[0]).toContain('the issuer http://127.0.0.1:9 cannot be reached');
  });
});

describe('roles', () => {
  it('come from what a user cannot choose', () => {
    const editors = ['ann', 'network-architects', 'ann@contoso.example'];
    expect(roleIn({ sub: 'ann' }, editors)).toBe('editor');
    expect(roleIn({ sub: 'x', groups: ['network-architects'] }, editors)).toBe('editor');
    expect(roleIn({ sub: 'x', roles: ['network-architects'] }, editors)).toBe('editor');
    expect(roleIn({ sub: 'x', email: 'ann@contoso.example', email_verified: true }, editors)).toBe('editor');
    expect(roleIn({ sub: 'x', email: 'ann@contoso.example' }, editors)).toBe('viewer');
    expect(roleIn({ sub: 'x', email: 'ann@contoso.example', email_verified: 'true' }, editors)).toBe('viewer');
    expect(roleIn({ sub: 'x', name: 'ann', preferred_username: 'ann', groups: 'network-architects' }, editors)).toBe(
      'viewer',
    );
    expect(roleIn({ sub: 'x' }, [])).toBe('viewer');
    expect(roleIn({ sub: 'x' }, ['*'])).toBe('editor');
  });

  it('need an issuer that nobody can stand in for', () => {
    expect(oidcProblem({ ...options, issuer: 'http://login.example' })).toContain('https');
    expect(oidcProblem({ ...options, issuer: 'login.example' })).toContain('no address');
    expect(oidcProblem({ ...options, issuer: 'https://login.example/tenant' })).toBeUndefined();
    expect(oidcProblem({ ...options, clientId: '' })).toContain('client id');
  });
});
