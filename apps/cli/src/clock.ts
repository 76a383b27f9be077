/** The one place where the command line asks what day it is. */
import { isIsoDay } from '@bothways/twin';

/** The day asked for, or today in UTC, as an ISO date; undefined when what was asked for is no day. */
export function dayOf(asked: string | undefined): string | undefined {
  if (asked === undefined) return new Date().toISOString().slice(0, 10);
  return isIsoDay(asked) ? asked : undefined;
}
