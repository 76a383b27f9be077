/**
 * What a device might install instead of what it does, for all that is known: where only identifiers decide, whatever
 * else is tied; where it is not public how a device decides, what other readings of its decision install.
 *
 * Left out: what the device would tell its neighbours then. Each device's table is open on its own.
 */
import type { DecisionOptions } from '@bothways/network';
import { type DecisionContext, type DecisionProcess, installable, rank } from './decision.ts';
import type { Candidate } from './transfer.ts';

/** What could be installed instead, and why nobody knows that it is not. */
export interface Rival<Route> {
  readonly routes: readonly Route[];
  /** Undefined: only identifiers and the age of routes tell it from what is installed. */
  readonly because: string | undefined;
}

/**
 * What could be installed instead of `installed` had the arbitrary steps said otherwise: none of them says anything about
 * the network, and where a router looks at the age of a route first, nobody knows what they would say. Each is installed
 * side by side, the best first. Routes that only the number of paths keeps out stand alone, for any of those in use.
 * After them, what other readings of the decision install. `all` as in `installable`.
 */
export function rivalsOf<Route extends Candidate>(
  ranked: readonly Route[],
  all: readonly Route[],
  installed: readonly Route[],
  context: DecisionContext,
  options: DecisionOptions,
  process: DecisionProcess,
): readonly Rival<Route>[] {
  const tied = tiedWith(ranked, installed, options, process);
  if (process.readings === undefined) return tied;
  const rivals = [...tied];
  for (const reading of process.readings) {
    const otherwise = [...all];
    rank(otherwise, context, reading.process);
    const others = installable(otherwise, all, context, options, reading.process);
    const { because } = reading;
    rivals.push({ routes: others, because });
    for (const { routes } of tiedWith(otherwise, others, options, reading.process)) rivals.push({ routes, because });
  }
  return rivals.filter(
    ({ routes }, at) =>
      routes.length > 0 &&
      !sameMembers(routes, installed) &&
      rivals.findIndex((other) => sameMembers(other.routes, routes)) === at,
  );
}

function sameMembers<Route>(a: readonly Route[], b: readonly Route[]): boolean {
  return a.length === b.length && a.every((route) => b.includes(route));
}

function tiedWith<Route extends Candidate>(
  ranked: readonly Route[],
  installed: readonly Route[],
  { maximumPaths }: DecisionOptions,
  { share, pairwise }: DecisionProcess,
): readonly Rival<Route>[] {
  const [best] = installed;
  if (best === undefined || ranked.length < 2 || (!pairwise && installed.length === ranked.length)) return NO_RIVALS;
  const isOne = installed.length === 1;
  // What leads where the only one leads is no rival; in a mesh of reflectors most of it does.
  if (isOne && ranked.every((route) => sameNextHop(route, best))) return NO_RIVALS;
  const rivals: Rival<Route>[] = [];
  const seen = new Set(installed);
  for (const first of ranked) {
    if (seen.has(first) || (isOne && maximumPaths <= 1 && sameNextHop(first, best))) continue;
    const isAlone = maximumPaths <= 1 || share(best, first);
    const others = isAlone ? [] : ranked.filter((route) => route !== first && !seen.has(route) && share(first, route));
    const routes = [first, ...others.slice(0, maximumPaths - 1)];
    for (const route of routes) seen.add(route);
    rivals.push({ routes, because: undefined });
  }
  return rivals;
}

function sameNextHop({ attributes: a }: Candidate, { attributes: b }: Candidate): boolean {
  return a.nextHop === b.nextHop && a.nextHopLink === b.nextHopLink;
}

const NO_RIVALS: readonly [] = [];
