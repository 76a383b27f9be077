/** The web application: guards, sign-in, API, page; and what is said when something goes wrong. */

import { StoreLost } from '@bothways/store';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { callerOf, type Environment, type Services } from './environment.ts';
import { type GuardOptions, guard } from './guard.ts';
import { assetOrRefusal, Page } from './page.ts';
import { refuse } from './problem.ts';
import { addEstateRoutes } from './routes-estates.ts';
import { addKnowledgeRoutes } from './routes-knowledge.ts';
import { addReportRoute } from './routes-report.ts';
import type { SignIn } from './sign-in.ts';

/** Bytes of a body: 10 MB of files, most of whose characters JSON writes in one byte and some in six. */
const FILES_BODY = 32 * 1024 * 1024;
const OTHER_BODY = 2 * 1024 * 1024;

export interface AppOptions {
  readonly services: Services;
  readonly guard: GuardOptions;
  readonly signIn: SignIn;
  readonly pageFolder: string | undefined;
  /** Faults of ours, for the log of the server. */
  readonly fault: (message: string) => void;
}

export function workbench({ services, guard: guardOptions, signIn, pageFolder, fault }: AppOptions) {
  const { audit } = services;
  const page = new Page(pageFolder);
  const app = new OpenAPIHono<Environment>({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const [issue] = result.error.issues;
      const place = issue?.path.map(String).join('.') ?? '';
      const said = `${place === '' ? 'the request' : place}: ${issue?.message ?? 'not as described'}`;
      return refuse(context, 400, said.slice(0, 500));
    },
  });

  app.use(async (context, next) => {
    await next();
    const { headers } = context.res;
    headers.set('x-content-type-options', 'nosniff');
    headers.set('referrer-policy', 'no-referrer');
    headers.set('cross-origin-opener-policy', 'same-origin');
    headers.set('cross-origin-resource-policy', 'same-origin');
    headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()');
    if (!headers.has('x-frame-options')) headers.set('x-frame-options', 'DENY');
    if (!headers.has('content-security-policy')) {
      headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    }
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  });
  app.use(guard(guardOptions));
  const tooLarge = bodyLimitFor(FILES_BODY);
  const small = bodyLimitFor(OTHER_BODY);
  app.use((context, next) => (/^\/api\/estates(\/[^/]+)?$/.test(context.req.path) ? tooLarge : small)(context, next));

  signIn.addTo(app);
  const signedIn: MiddlewareHandler<Environment> = async (context, next) => {
    const user = signIn.userOf(context);
    if (user === undefined) return refuse(context, 401, 'sign in first');
    context.set('user', user);
    const changes = context.req.method !== 'GET' && context.req.method !== 'HEAD';
    if (changes && user.role !== 'editor') {
      audit.write({ action: `${context.req.method} ${context.req.path}`, by: user.name, refused: 403 });
      return refuse(context, 403, 'a viewer cannot change anything; ask for the role of an editor');
    }
    return next();
  };
  app.use('/api/*', signedIn);

  addKnowledgeRoutes(app, services);
  addEstateRoutes(app, services);
  addReportRoute(app, services);
  const description = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Bothways workbench',
      version: services.version,
      description: 'Changes need the header x-bothways: 1 and a JSON body.',
    },
  });
  app.get('/api/openapi.json', (context) => context.json(description));
  app.all('/api/*', (context) => refuse(context, 404, 'there is no such address in the API'));

  app.get('/', (context) => {
    const to = signIn.pageFor(context);
    return to === undefined ? page.html(context) : context.redirect(to);
  });
  app.get('/*', (context) => assetOrRefusal(page, context, context.req.path.slice(1)));
  app.notFound((context) => refuse(context, 404, 'there is no such page or file'));

  app.onError((error, context) => {
    if (error instanceof HTTPException && error.status === 400) return refuse(context, 400, 'the body is not JSON');
    if (error instanceof HTTPException && error.status === 413) return refuse(context, 413, error.message);
    if (error instanceof NotOpened) return refuse(context, 503, error.message);
    if (error instanceof StoreLost || isConnectionFault(error)) {
      fault(error.message);
      return refuse(context, 503, 'the database cannot be reached; nothing was acknowledged, try again');
    }
    fault(error.stack ?? error.message);
    audit.write({ action: `${context.req.method} ${context.req.path}`, by: callerOf(context), refused: 500 });
    return refuse(
      context,
      500,
      'this is our fault; the log of the server says more. Try again: a change that was saved is recognised',
    );
  });
  return app;
}

/** There is no database to answer from; the server is about to end. */
export class NotOpened extends Error {}

function bodyLimitFor(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: (context) => refuse(context, 413, `the body is larger than ${maxSize / 1024 / 1024} MB`),
  });
}

/** Refused, reset or ended connections, and what PostgreSQL says when it shuts down (class 57, 08). */
function isConnectionFault(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    /^(57P0|08)/.test(code) ||
    /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|ENOENT)$/.test(code) ||
    /Connection terminated|connection error|thread of the database/.test(error.message)
  );
}
