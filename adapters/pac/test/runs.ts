/** Runs of single expressions and of whole scripts, all on one thread. */
import type { PacReply, PacValue } from '@bothways/network';
import { pacEvaluator } from '../src/index.ts';

const HOST = 'contoso.crm4.dynamics.com';

export const evaluate = pacEvaluator();

/** A script whose function has this body. */
export function scriptOf(body: string): string {
  return `function FindProxyForURL(url, host) {\n${body}\n}`;
}

export function runOf(
  script: string,
  answers: Readonly<Record<string, PacValue | undefined>> = {},
  host = HOST,
): PacReply {
  const given = Object.fromEntries(
    Object.entries(answers).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
  return evaluate({ script, url: `https://${host}/`, host, answers: given });
}

/** One script for every expression, so that it is loaded once: the expression comes as the host. */
const EVALUATING = scriptOf(`var asked = host; host = '${HOST}'; return String(eval(asked));`);

/** The value of the expression as text. */
export function resultOf(expression: string, answers: Readonly<Record<string, PacValue | undefined>> = {}): PacReply {
  return runOf(EVALUATING, answers, expression);
}

export function answerOf(expression: string, answers: Readonly<Record<string, PacValue | undefined>> = {}): string {
  const reply = resultOf(expression, answers);
  return reply.kind === 'answer' ? reply.text : JSON.stringify(reply);
}
