/** What estates need beyond pure computation. Nothing starts before an estate with a proxy script asks for it. */
import { pacEvaluator } from '@bothways/pac';
import type { OpenOptions } from '@bothways/twin';

export const openOptions: OpenOptions = { evaluatePac: pacEvaluator() };

/** With the sessions that a user holds, as written behind `--sessions-per-user`; undefined: what is written is no number. */
export function withSessions(stated: string | undefined): OpenOptions | undefined {
  if (stated === undefined) return openOptions;
  return /^[1-9]\d{0,8}$/.test(stated) ? { ...openOptions, sessionsPerUser: Number(stated) } : undefined;
}
