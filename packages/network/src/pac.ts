/**
 * What it takes to evaluate a proxy auto-configuration file, as data. The engine that runs the script is an effect and is
 * handed in; this package decides which worlds the script is run in.
 *
 * A run is a pure function of its request. What the script wants to know of the machine it runs on (an address, the hour)
 * is answered from the request; a question without an answer ends the run and comes back, so that whoever asked can try
 * every answer that is possible.
 */

export interface PacRequest {
  readonly script: string;
  /** 'https://host/': browsers keep path and query of an encrypted request to themselves. */
  readonly url: string;
  readonly host: string;
  /** By `pacQuestionKey`. */
  readonly answers: Readonly<Record<string, PacValue>>;
}

/** `null`: the name does not resolve. */
export type PacValue = string | number | boolean | null;

/**
 * 'resolve': IPv4 address of the name in `about`. 'resolve-all': its addresses of both families, separated by ';'.
 * 'my-address', 'my-addresses': those of the client. 'in-net': whether an address that nobody knows, in `about` with the
 * network, is inside it. 'seconds' (of the day), 'weekday' (0: Sunday), 'date' ('2026-11-20'): `about` is 'GMT' or empty.
 * 'now': milliseconds since 1970, asked when the script reads the clock itself. 'random': from 0 up to 1.
 */
export interface PacQuestion {
  readonly kind:
    | 'resolve'
    | 'resolve-all'
    | 'my-address'
    | 'my-addresses'
    | 'in-net'
    | 'seconds'
    | 'weekday'
    | 'date'
    | 'now'
    | 'random';
  readonly about: string;
}

export function pacQuestionKey({ kind, about }: PacQuestion): string {
  return about === '' ? kind : `${kind} ${about}`;
}

/** Why a script gives no answer. Line and column are those of the script, from 1. */
export interface PacProblem {
  readonly kind: 'syntax' | 'no-function' | 'exception' | 'instructions' | 'memory' | 'time' | 'wrong-result';
  readonly message: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** What the script compared with, whether it matched or not: other answers inside the same bounds give the same run. */
export interface PacReads {
  /** '10.0.0.0 255.0.0.0', '2001:db8::/32', and patterns like '10.*'. */
  readonly networks: readonly string[];
  /** Seconds of the day at which a range starts or has just ended. */
  readonly seconds: readonly number[];
  /** Days of the month, months from 1 and years at either end of a range. */
  readonly days: readonly number[];
  readonly months: readonly number[];
  readonly years: readonly number[];
}

/** `cost`: what the run took, in units of about ten thousand steps of the engine; the same on every machine. */
export type PacReply =
  | { readonly kind: 'answer'; readonly text: string; readonly reads: PacReads; readonly cost: number }
  | { readonly kind: 'question'; readonly question: PacQuestion; readonly reads: PacReads; readonly cost: number }
  | { readonly kind: 'problem'; readonly problem: PacProblem; readonly reads: PacReads; readonly cost: number };

/** Must return for every script whatsoever, and give equal replies to equal requests. */
export type PacEvaluator = (request: PacRequest) => PacReply;
