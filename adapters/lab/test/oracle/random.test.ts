import { describe, expect, it } from 'vitest';
import {
  compareRandom,
  daemonNames,
  type OracleReport,
  probeHost,
  randomCoupledNetwork,
  randomNetwork,
  runCases,
} from '../../src/index.ts';
import { linesOf, notRun } from './suite.ts';

const host = await probeHost(daemonNames);

/** Seeds that once differed; what they were is in the name. */
const found: readonly (readonly [number, string])[] = [
  [4, 'FRR echoes a route into allowas-in'],
  [6, 'next-hop-self in an import policy on BIRD'],
  [5006, 'next-hop-self in an import policy on FRR'],
  [5017, 'a cluster loop on a session that is not to a client'],
  [5093, 'a session over loopbacks that have no way to each other but the default route'],
  [5130, 'private AS numbers replaced for two neighbours of one update group'],
  [5157, 'three equal paths where two were allowed'],
  [5228, 'FRR echoes a route whose private AS numbers it took out'],
];

/** Seeds of coupled networks that once differed. */
const foundCoupled: readonly (readonly [number, string])[] = [
  [30016, 'FRR makes no aggregate that it hears from a neighbour first'],
  [30037, 'FRR makes no aggregate that it hears from a neighbour first, and announces nothing'],
  [30057, 'FRR makes no aggregate that it hears over loopbacks first'],
  [30059, 'FRR makes no aggregate that a reflector has, and reflects that one'],
  [30128, 'FRR installs paths that lost on MED beside a best path of another AS'],
  [30174, 'FRR makes no aggregate, and a path through another AS is longer'],
  ...[30051, 30060, 30068, 30069, 30124, 30164, 30168, 30176, 30190, 30193, 30196].map(
    (seed) => [seed, 'the own private AS behind a local-as where private AS numbers are taken out'] as const,
  ),
];

function wrong({ results }: OracleReport): readonly string[] {
  return results.flatMap(({ seed, result }) => [`seed ${seed} on ${result.daemon}`, ...linesOf(result)]);
}

describe.skipIf(!host.ok)(`random networks on BIRD and FRR${notRun(host)}`, () => {
  it('agrees on 40 networks from seed 1000', { timeout: 240_000 }, async () => {
    const report = await compareRandom({ firstSeed: 1000, count: 40 });
    expect(wrong(report)).toEqual([]);
    // Nearly all have one answer; a generator that loses them would make this test empty.
    expect(report.compared).toBeGreaterThanOrEqual(64);
  });

  it('agrees on 25 networks that aggregate, redistribute and match by pattern, from seed 2000', {
    timeout: 240_000,
  }, async () => {
    const report = await compareRandom({ firstSeed: 2000, count: 25, generate: randomCoupledNetwork });
    expect(wrong(report)).toEqual([]);
    expect(report.compared).toBeGreaterThanOrEqual(18);
  });

  it('agrees on the seeds that once differed', { timeout: 120_000 }, async () => {
    const cases = [
      ...found.flatMap(([seed, name]) =>
        daemonNames.map((daemon) => ({ name: `seed ${seed}: ${name}`, network: randomNetwork(seed), daemon })),
      ),
      // BIRD has no aggregation.
      ...foundCoupled.map(([seed, name]) => {
        return { name: `seed ${seed}: ${name}`, network: randomCoupledNetwork(seed), daemon: 'frr' as const };
      }),
    ];
    const results = await runCases(cases);
    expect(
      results.flatMap((result) => linesOf(result).map((line) => `${result.name} on ${result.daemon}: ${line}`)),
    ).toEqual([]);
  });
});
