/**
 * What every request has to pass before anything looks at it: the right name of the server (a page of somebody else whose
 * name was pointed at this machine has the wrong one), the right origin, the header that only our page can send, not too
 * often, not too much. Refusals change nothing and are written down.
 */
import type { Context, MiddlewareHandler } from 'hono';
import type { Audit } from './audit.ts';
import { callerOf, type Environment } from './environment.ts';
import { type ProblemStatus, refuse } from './problem.ts';
import { type Rate, RateLimit } from './rate-limit.ts';

export interface GuardOptions {
  /** Whether a Host header, in lower case, names this server. */
  readonly isOwnHost: (host: string) => boolean;
  /** Host of the address under which a proxy makes the server known; the origin of the page then. */
  readonly publicHost: string | undefined;
  readonly audit: Audit;
  readonly now: () => number;
  readonly requests: Rate;
  readonly changes: Rate;
}

export const DEFAULT_RATES = {
  requests: { burst: 300, perSecond: 100 },
  changes: { burst: 60, perSecond: 20 },
} as const satisfies Record<string, Rate>;

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const changing: ReadonlySet<string> = new Set(['PUT', 'POST']);

export function guard({
  isOwnHost,
  publicHost,
  audit,
  now,
  requests,
  changes,
}: GuardOptions): MiddlewareHandler<Environment> {
  const all = new RateLimit(requests);
  const writes = new RateLimit(changes);
  return async (context, next) => {
    const { method } = context.req;
    const caller = callerOf(context);
    const no = (status: ProblemStatus, detail: string) => {
      audit.write({ action: `${method} ${context.req.path.slice(0, 200)}`, by: caller, refused: status, detail });
      return refuse(context, status, detail);
    };
    const host = (context.req.header('host') ?? '').toLowerCase();
    if (!isOwnHost(host)) return no(421, 'the request is for another name than that of this server');
    const wait = all.take(caller, now()) || (changing.has(method) ? writes.take(caller, now()) : 0);
    if (wait > 0) {
      context.header('retry-after', String(wait));
      return no(429, `wait ${wait} s and try again`);
    }
    if (!reading.has(method) && !changing.has(method)) return no(405, `${method} is not understood here`);
    const stranger = strangerIn(context, [host, publicHost], !reading.has(method));
    if (stranger !== undefined) return no(403, stranger);
    if (changing.has(method) && !isJson(context.req.header('content-type'))) {
      return no(415, 'the body must be JSON: content-type application/json');
    }
    return next();
  };
}

/** How a request shows that it does not come from our own page. */
function strangerIn(
  context: Context<Environment>,
  hosts: readonly (string | undefined)[],
  changes: boolean,
): string | undefined {
  const site = context.req.header('sec-fetch-site');
  const isApi = context.req.path.startsWith('/api/');
  // A link from elsewhere may open the page; nothing else may be asked for from elsewhere.
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && (isApi || changes)) {
    return 'another site may not ask here';
  }
  if (!changes) return undefined;
  const origin = context.req.header('origin');
  if (origin !== undefined && !isFrom(origin, hosts)) return 'another site may not change anything here';
  if (context.req.header('x-bothways') !== '1') return 'the header x-bothways: 1 is missing';
  return undefined;
}

function isFrom(origin: string, hosts: readonly (string | undefined)[]): boolean {
  return URL.canParse(origin) && hosts.includes(new URL(origin).host);
}

function isJson(type: string | undefined): boolean {
  return type !== undefined && /^application\/json(\s*;.*)?$/i.test(type);
}
