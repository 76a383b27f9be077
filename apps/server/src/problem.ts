/** Refusals as RFC 9457 writes them: what is wrong, in words that help. */
import type { Context } from 'hono';

export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

const titles = {
  400: 'The request is not understood',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not possible here',
  409: 'Something changed meanwhile',
  413: 'Too large',
  415: 'Not JSON',
  421: 'Not this server',
  422: 'These files cannot be used',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'A fault of Bothways',
  503: 'Not ready',
  507: 'Cannot be written',
} as const;

export type ProblemStatus = keyof typeof titles;

export function problemOf(status: ProblemStatus, detail: string): Problem {
  return { type: 'about:blank', title: titles[status], status, detail };
}

export const PROBLEM_TYPE = 'application/problem+json';

/** The answer to a request that is refused; a typed response, as the description of the API wants it. */
export function refuse<Status extends ProblemStatus>(context: Context, status: Status, detail: string) {
  return context.json(problemOf(status, detail), status, { 'content-type': PROBLEM_TYPE });
}
