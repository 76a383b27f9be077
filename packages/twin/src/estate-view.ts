/** Opens an estate: load, compile, converge, follow every round trip. The stages in the order in which data flows. */

import type { EstateView } from '@bothways/checks';
import type { Finding } from '@bothways/diagnostics';
import { type EstateDocument, loadEstate } from '@bothways/estate';
import {
  applyExhaustion,
  branchesOver,
  type DataPlane,
  exhaustedPools,
  poolUses,
  roundTrips,
  type SessionAssumptions,
  sessionUses,
} from '@bothways/forwarding';
import { prefixSet } from '@bothways/net';
import { type CompiledNetwork, compileNetwork, type PacEvaluator } from '@bothways/network';
import { converge, reconverge } from '@bothways/routing';
import { scriptPlaces } from './script-places.ts';

export interface InputFile {
  /** As the user wrote it; findings name it. */
  readonly name: string;
  readonly text: string;
}

/** What an estate needs beyond pure computation; an application hands it in. */
export interface OpenOptions {
  /** Runs proxy scripts. Without it the proxies of sites that have one are unknown. */
  readonly evaluatePac?: PacEvaluator;
  /** Milliseconds since 1970, UTC: the times for which proxy scripts are asked; absent: any time. */
  readonly instants?: readonly number[];
  /** Sessions that each user holds at a time, measured; without it no pool is known to run out. */
  readonly sessionsPerUser?: number;
  /** Different failures times conversations that are computed at most; absent: what a check computes in half a second. */
  readonly failureWork?: number;
}

/** What tests and reports compute: some ten seconds. They are read longer than a check. */
export const THOROUGH_FAILURE_WORK = 250_000;

/** An estate with its tables and round trips, or the findings that say why there is none. */
export interface Opened {
  readonly document: EstateDocument;
  /** Findings of the document itself; `view` is present when none of them is an error. */
  readonly findings: readonly Finding[];
  readonly view: EstateView | undefined;
}

/** `previous`: the estate before an edit. Tables that the edit does not touch are taken over from it. */
export function openEstate(files: readonly InputFile[], options: OpenOptions = {}, previous?: Opened): Opened {
  const { estate, findings, document } = loadEstate(files);
  if (estate === undefined) return { document, findings, view: undefined };
  const compiled = compileNetwork(estate, document.placeOf, { ...options, placeInScript: scriptPlaces(document) });
  const before = previous?.view?.plane;
  const { network } = compiled;
  const plane = before === undefined ? converge(network) : reconverge(before, { network });
  const data = withExhaustion(compiled, roundTrips(compiled, plane), options);
  const sessions = sessionAssumptions(options);
  const { failureWork } = options;
  const bound = failureWork === undefined ? {} : { failureWork };
  const view: EstateView = { document, estate, compiled, plane, data, sessions, ...bound };
  return { document, findings: [...findings, ...compiled.findings], view };
}

/** Pools that run out for certain lose the sessions that they would have translated. */
function withExhaustion(compiled: CompiledNetwork, data: DataPlane, options: OpenOptions): DataPlane {
  const assumptions = sessionAssumptions(options);
  if (assumptions.sessionsPerUser === undefined) return data;
  const uses = sessionUses(compiled, data.roundTrips, branchesOver(compiled, data.input));
  const exhausted = exhaustedPools(poolUses(compiled, uses, assumptions));
  return applyExhaustion(
    compiled,
    data,
    exhausted.map(({ device, prefixes }) => ({ device, addresses: prefixSet(prefixes) })),
  );
}

export function sessionAssumptions({ sessionsPerUser }: OpenOptions): SessionAssumptions {
  return sessionsPerUser === undefined ? {} : { sessionsPerUser: () => sessionsPerUser };
}
