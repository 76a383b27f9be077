/**
 * Random networks against real daemons: which seeds have one answer, which of these agree. A network with several
 * stable states or none is counted and not compared: the daemons may end in any of them.
 */
import type { Network } from '@bothways/network';
import { converge, otherStableStates } from '@bothways/routing';
import { type DaemonName, daemonNames } from './daemons.ts';
import { randomNetwork } from './random-network.ts';
import { type CaseResult, runCases } from './run-cases.ts';

export interface OracleReport {
  /** Networks generated. */
  readonly networks: number;
  /** Left out: an oscillation, or more than one stable state. */
  readonly withoutOneAnswer: number;
  /** Comparisons made: networks times daemons. */
  readonly compared: number;
  /** Not compared, because the daemon cannot express the network. */
  readonly inexpressible: number;
  readonly results: readonly { readonly seed: number; readonly result: CaseResult }[];
}

export interface OracleOptions {
  readonly firstSeed: number;
  readonly count: number;
  readonly daemons?: readonly DaemonName[];
  /** `randomNetwork` unless stated. */
  readonly generate?: (seed: number) => Network;
  /** Networks in one sandbox; 25 unless stated. */
  readonly together?: number;
  readonly progress?: (done: number, report: OracleReport) => void;
}

/** Whether the network has exactly one stable state, as far as the search for others finds. */
export function hasOneAnswer(network: Network): boolean {
  const plane = converge(network);
  return plane.outcome.kind === 'stable' && otherStableStates(plane).length === 0;
}

/** Compares networks of consecutive seeds; `results` holds only what did not agree. */
export async function compareRandom(options: OracleOptions): Promise<OracleReport> {
  const { firstSeed, count, daemons = daemonNames, generate = randomNetwork, together = 25, progress } = options;
  let report: OracleReport = { networks: 0, withoutOneAnswer: 0, compared: 0, inexpressible: 0, results: [] };
  for (let at = 0; at < count; at += together) {
    const seeds = Array.from({ length: Math.min(together, count - at) }, (_, n) => firstSeed + at + n);
    const candidates = seeds.map((seed) => ({ seed, network: generate(seed) }));
    const clear = candidates.filter(({ network }) => hasOneAnswer(network));
    const cases = clear.flatMap(({ seed, network }) =>
      daemons.map((daemon) => ({ seed, lab: { name: `seed ${seed}`, network, daemon } })),
    );
    const results = await runCases(cases.map(({ lab }) => lab));
    const unable = results.filter(({ outcome }) => outcome.kind === 'cannot').length;
    const wrong = results.flatMap((result, ix) => {
      const seed = cases[ix]?.seed;
      const kind = result.outcome.kind;
      return kind === 'agrees' || kind === 'cannot' || seed === undefined ? [] : [{ seed, result }];
    });
    report = {
      networks: report.networks + seeds.length,
      withoutOneAnswer: report.withoutOneAnswer + seeds.length - clear.length,
      compared: report.compared + cases.length - unable,
      inexpressible: report.inexpressible + unable,
      results: [...report.results, ...wrong],
    };
    progress?.(at + seeds.length, report);
  }
  return report;
}
