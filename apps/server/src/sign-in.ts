/** How somebody becomes a user: not at all on this machine alone, with a token for one person, or through OpenID Connect. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Audit } from './audit.ts';
import { callerOf, type Environment } from './environment.ts';
import { refuse } from './problem.ts';
import { RateLimit } from './rate-limit.ts';
import type { SignInKind, User } from './session.ts';

export interface SignIn {
  readonly kind: SignInKind;
  /** Adds the addresses it needs; they are reachable without being signed in. */
  readonly addTo: (app: OpenAPIHono<Environment>) => void;
  readonly userOf: (context: Context<Environment>) => User | undefined;
  /** Where somebody goes who asks for the page and is not signed in. */
  readonly pageFor: (context: Context<Environment>) => string | undefined;
}

/** Only for a server that nobody else can reach. */
export function withoutSignIn(name: string): SignIn {
  const user: User = { name, role: 'editor' };
  return { kind: 'none', addTo: () => undefined, userOf: () => user, pageFor: () => undefined };
}

const SESSION_SECONDS = 12 * 60 * 60;
const SESSIONS = 10_000;

/** Sessions live in memory: whoever restarts the server signs everybody out. Only the hash of a cookie is kept. */
export class Sessions {
  readonly #cookie: string;
  readonly #secure: boolean;
  readonly #now: () => number;
  readonly #users = new Map<string, { readonly user: User; readonly until: number }>();

  /** Cookies are shared by all ports of a machine, so their name tells servers apart. */
  constructor({ port, secure, now }: { readonly port: number; readonly secure: boolean; readonly now: () => number }) {
    this.#cookie = secure ? '__Host-bothways' : `bothways-${port}`;
    this.#secure = secure;
    this.#now = now;
  }

  start(context: Context<Environment>, user: User): void {
    const value = randomBytes(32).toString('base64url');
    if (this.#users.size >= SESSIONS) {
      const [oldest] = this.#users.keys();
      if (oldest !== undefined) this.#users.delete(oldest);
    }
    this.#users.set(digest(value), { user, until: this.#now() + SESSION_SECONDS * 1000 });
    setCookie(context, this.#cookie, value, {
      path: '/',
      httpOnly: true,
      secure: this.#secure,
      // A link from elsewhere opens the page signed in; requests from elsewhere are refused by the guard.
      sameSite: 'Lax',
      maxAge: SESSION_SECONDS,
    });
  }

  find(context: Context<Environment>): User | undefined {
    const value = getCookie(context, this.#cookie);
    const session = value === undefined ? undefined : this.#users.get(digest(value));
    return session === undefined || session.until < this.#now() ? undefined : session.user;
  }

  end(context: Context<Environment>): void {
    const value = getCookie(context, this.#cookie);
    if (value !== undefined) this.#users.delete(digest(value));
    deleteCookie(context, this.#cookie, { path: '/', secure: this.#secure });
  }
}

/** One person has the token; whoever has it may edit. */
export function withToken(token: string, sessions: Sessions, audit: Audit, now: () => number): SignIn {
  const attempts = new RateLimit({ burst: 10, perSecond: 0.2 });
  const expected = createHash('sha256').update(token).digest();
  const user: User = { name: 'the owner', role: 'editor' };
  return {
    kind: 'token',
    userOf: (context) => sessions.find(context),
    pageFor: (context) => (sessions.find(context) === undefined ? '/sign-in' : undefined),
    addTo(app) {
      app.get('/sign-in', (context) => signInPage(context));
      app.post('/api/sign-in', async (context) => {
        const wait = attempts.take(callerOf(context), now());
        if (wait > 0) {
          context.header('retry-after', String(wait));
          return refuse(context, 429, `too many attempts; wait ${wait} s`);
        }
        const body: unknown = await context.req.json().catch(() => undefined);
        const given = typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
        const right =
          typeof given === 'string' && timingSafeEqual(createHash('sha256').update(given).digest(), expected);
        if (!right) {
          audit.write({ action: 'sign-in', by: callerOf(context), refused: 401, detail: 'wrong token' });
          return refuse(context, 401, 'this is not the token that the server printed when it started');
        }
        sessions.start(context, user);
        audit.write({ action: 'sign-in', by: user.name, detail: `from ${callerOf(context)}` });
        return context.json({ ok: true }, 200);
      });
      addSignOut(app, sessions, audit);
    },
  };
}

export function addSignOut(app: OpenAPIHono<Environment>, sessions: Sessions, audit: Audit): void {
  app.post('/api/sign-out', (context) => {
    const user = sessions.find(context);
    sessions.end(context);
    if (user !== undefined) audit.write({ action: 'sign-out', by: user.name });
    return context.json({ ok: true }, 200);
  });
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}

/** A page that says one thing. */
export function noticePage(context: Context<Environment>, status: 403 | 429 | 503, text: string): Response {
  return context.html(
    `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Sign in · Bothways</title>
  </head>
  <body>
    <main>
      <h1>Bothways</h1>
      <p>${text}</p>
      <p><a href="/sign-in">Sign in</a></p>
    </main>
  </body>
</html>
`,
    status,
  );
}

/** The token comes behind the #, which a browser sends to nobody; the script takes it out of the address. */
function signInPage(context: Context<Environment>): Response {
  const nonce = randomBytes(18).toString('base64');
  return context.html(
    `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Sign in · Bothways</title>
    <style nonce="${nonce}">
      body { font: 16px/1.5 "Segoe UI", system-ui, sans-serif; max-width: 32rem; margin: 10vh auto; padding: 0 1rem; color-scheme: light dark }
      input, button { font: inherit; padding: 0.4rem 0.6rem; width: 100%; box-sizing: border-box; margin-top: 0.5rem }
    </style>
  </head>
  <body>
    <main>
      <h1>Sign in to Bothways</h1>
      <p id="said" role="status">The server printed a token when it was started. Open the link it printed, or enter the token.</p>
      <form>
        <label for="token">Token</label>
        <input id="token" type="password" autocomplete="off" required />
        <button>Sign in</button>
      </form>
    </main>
    <script nonce="${nonce}">
      const said = document.getElementById('said');
      const input = document.getElementById('token');
      async function signIn(token) {
        const answer = await fetch('/api/sign-in', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-bothways': '1' },
          body: JSON.stringify({ token }),
        });
        if (answer.ok) location.replace('/');
        else said.textContent = (await answer.json()).detail;
      }
      document.querySelector('form').addEventListener('submit', (event) => {
        event.preventDefault();
        signIn(input.value.trim());
      });
      const given = new URLSearchParams(location.hash.slice(1)).get('token');
      history.replaceState(null, '', '/sign-in');
      if (given) signIn(given);
    </script>
  </body>
</html>
`,
    200,
    {
      'content-security-policy': `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
    },
  );
}
