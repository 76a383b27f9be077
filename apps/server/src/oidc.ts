/**
 * Sign-in through OpenID Connect: authorization code with PKCE, state and nonce; the signature of the ID token is checked
 * against the keys of the issuer. Whoever signs in may look; the names in `editors` may change things.
 *
 * Roles come from what cannot be chosen by the user: the subject, a verified e-mail address, and the roles and groups that
 * the issuer put into the token.
 */
import { randomBytes } from 'node:crypto';
import { getCookie, setCookie } from 'hono/cookie';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  type IDToken,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { Audit } from './audit.ts';
import { callerOf } from './environment.ts';
import { RateLimit } from './rate-limit.ts';
import type { Role, User } from './session.ts';
import { addSignOut, noticePage, type Sessions, type SignIn } from './sign-in.ts';

export interface OidcOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined: a public client. */
  readonly clientSecret: string | undefined;
  /** Subjects, verified e-mail addresses, roles or groups that may edit; `*` is everybody. */
  readonly editors: readonly string[];
}

interface Attempt {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly until: number;
}

const CALLBACK = '/sign-in/callback';
const ATTEMPT_SECONDS = 600;
const ATTEMPTS = 1000;

/** Why these options cannot be used, in words. */
export function oidcProblem({ issuer, clientId }: OidcOptions): string | undefined {
  if (!URL.canParse(issuer)) return `the issuer '${issuer}' is no address: write https://login.example/tenant`;
  const { protocol, hostname } = new URL(issuer);
  const here = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  if (protocol !== 'https:' && !(protocol === 'http:' && here)) return 'the issuer must be reached over https';
  return clientId === '' ? 'the client id is empty' : undefined;
}

/** @param base address of this server as browsers see it, without a slash at the end */
export function withOidc(
  options: OidcOptions,
  base: string,
  sessions: Sessions,
  audit: Audit,
  now: () => number,
  log: (line: string) => void,
): SignIn {
  const attempts = new Map<string, Attempt>();
  const limit = new RateLimit({ burst: 30, perSecond: 1 });
  const secure = base.startsWith('https:');
  const cookie = secure ? '__Host-bothways-attempt' : `bothways-attempt-${new URL(base).port}`;
  let configuration: Promise<Configuration> | undefined;

  // Asked for when somebody signs in, and again after it failed: the issuer may start after this server.
  const configured = (): Promise<Configuration> => {
    configuration ??= configure(options).catch((error: unknown) => {
      configuration = undefined;
      throw error;
    });
    return configuration;
  };

  return {
    kind: 'oidc',
    userOf: (context) => sessions.find(context),
    pageFor: (context) => (sessions.find(context) === undefined ? '/sign-in' : undefined),
    addTo(app) {
      app.get('/sign-in', async (context) => {
        if (limit.take(callerOf(context), now()) > 0)
          return noticePage(context, 429, 'Too many attempts; wait a moment.');
        let issuer: Configuration;
        try {
          issuer = await configured();
        } catch (error) {
          log(`the issuer ${options.issuer} cannot be reached: ${messageOf(error)}`);
          return noticePage(context, 503, 'The sign-in service cannot be reached; try again in a moment.');
        }
        const attempt: Attempt = {
          verifier: randomPKCECodeVerifier(),
          state: randomState(),
          nonce: randomNonce(),
          until: now() + ATTEMPT_SECONDS * 1000,
        };
        const id = randomBytes(32).toString('base64url');
        if (attempts.size >= ATTEMPTS) {
          const [oldest] = attempts.keys();
          if (oldest !== undefined) attempts.delete(oldest);
        }
        attempts.set(id, attempt);
        setCookie(context, cookie, id, {
          path: '/',
          httpOnly: true,
          secure,
          sameSite: 'Lax',
          maxAge: ATTEMPT_SECONDS,
        });
        const target = buildAuthorizationUrl(issuer, {
          redirect_uri: base + CALLBACK,
          scope: 'openid profile email',
          code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
          code_challenge_method: 'S256',
          state: attempt.state,
          nonce: attempt.nonce,
        });
        return context.redirect(target.href);
      });

      app.get(CALLBACK, async (context) => {
        const id = getCookie(context, cookie) ?? '';
        const attempt = attempts.get(id);
        attempts.delete(id);
        const no = (detail: string) => {
          audit.write({ action: 'sign-in', by: callerOf(context), refused: 403, detail });
          return noticePage(context, 403, 'The sign-in did not succeed. Go back to the start page and try again.');
        };
        if (attempt === undefined || attempt.until < now()) return no('no sign-in was begun in this browser');
        let claims: Claims | undefined;
        try {
          const current = new URL(base + CALLBACK);
          current.search = new URL(context.req.url).search;
          const issuer = await configured();
          const tokens = await authorizationCodeGrant(issuer, current, {
            pkceCodeVerifier: attempt.verifier,
            expectedState: attempt.state,
            expectedNonce: attempt.nonce,
            idTokenExpected: true,
          });
          claims = await claimsOf(issuer, tokens.access_token, tokens.claims());
        } catch (error) {
          return no(messageOf(error));
        }
        if (claims === undefined) return no('the issuer sent no ID token');
        const user: User = { name: nameIn(claims), role: roleIn(claims, options.editors) };
        sessions.start(context, user);
        audit.write({ action: 'sign-in', by: user.name, detail: `${user.role}, from ${callerOf(context)}` });
        return context.redirect('/');
      });
      addSignOut(app, sessions, audit);
    },
  };
}

async function configure({ issuer, clientId, clientSecret }: OidcOptions): Promise<Configuration> {
  const url = new URL(issuer);
  const authentication = clientSecret === undefined ? None() : ClientSecretBasic(clientSecret);
  // Over plain HTTP on this machine only: oidcProblem has seen to that.
  const execute = url.protocol === 'http:' ? [allowInsecureRequests] : [];
  const configuration = await discovery(url, clientId, undefined, authentication, {
    execute: [...execute, enableNonRepudiationChecks],
    timeout: 10,
  });
  return configuration;
}

type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

/** Issuers put names, addresses and groups into the ID token or hand them out separately; what is in the token counts. */
async function claimsOf(
  issuer: Configuration,
  accessToken: string,
  token: IDToken | undefined,
): Promise<Claims | undefined> {
  if (token === undefined || issuer.serverMetadata().userinfo_endpoint === undefined) return token;
  const further = await fetchUserInfo(issuer, accessToken, token.sub).catch(() => ({}));
  return { ...further, ...token };
}

function nameIn(claims: Claims): string {
  const [name = claims.sub] = [claims['name'], claims['preferred_username'], claims['email']].filter(
    (each) => typeof each === 'string' && each !== '',
  );
  return String(name).slice(0, 100);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function roleIn(claims: Readonly<Record<string, unknown>>, editors: readonly string[]): Role {
  const lists = [claims['roles'], claims['groups']].flatMap(listOf);
  const email = claims['email_verified'] === true ? [claims['email']] : [];
  const names: readonly unknown[] = [claims['sub'], ...email, ...lists, '*'];
  return editors.some((editor) => names.includes(editor)) ? 'editor' : 'viewer';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
