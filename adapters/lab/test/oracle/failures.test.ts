import { beforeAll, describe, expect, it } from 'vitest';
import { type CaseResult, daemonNames, type LabCase, probeHost, runCases } from '../../src/index.ts';
import { build, type NetworkText, preference, term } from './literal.ts';
import { linesOf, notRun } from './suite.ts';

const host = await probeHost(daemonNames);

/** Two exits of one AS, the first preferred, with a router that has the choice; links by position: XA 0, YB 1, AB 2, AC 3, BC 4. */
const exits: NetworkText = {
  devices: {
    X: { as: 65011, half: 'provider', originate: ['10.0.0.0/8'] },
    Y: { as: 65012, half: 'provider', originate: ['10.0.0.0/8', '10.1.0.0/16'] },
    A: { as: 65001 },
    B: { as: 65001 },
    C: { as: 65001, connected: ['192.0.2.0/24'], statics: ['10.1.0.0/16 via A-C to A'] },
  },
  edges: { 'X-A': { b: { in: [term([], [preference(200)])] } }, 'Y-B': {}, 'A-B': {}, 'A-C': {}, 'B-C': { cost: 5 } },
};

/** A ring of the IGP with sessions over loopbacks; links AB 0, BC 1, CD 2, DA 3, XA 4. */
const ring: NetworkText = {
  devices: {
    A: { as: 65001 },
    B: { as: 65001 },
    C: { as: 65001, connected: ['192.0.2.0/24'] },
    D: { as: 65001 },
    X: { as: 65011, half: 'provider', originate: ['10.0.0.0/8'] },
  },
  edges: {
    'A-B': { session: 'none' },
    'B-C': { session: 'none' },
    'C-D': { session: 'none' },
    'D-A': { session: 'none', cost: 20 },
    'X-A': {},
    'A-C/loop': { session: 'multihop' },
    'A-D/loop': { session: 'multihop' },
  },
};

const failures: readonly (readonly [string, NetworkText, LabCase['failed'] & object])[] = [
  ['the preferred exit loses its link', exits, { links: [0] }],
  ['the preferred exit loses its session', exits, { sessions: [0] }],
  ['the router of the preferred exit fails', exits, { devices: [2] }],
  ['a link of a static route fails', exits, { links: [3] }],
  ['both exits fail', exits, { links: [0], devices: [1] }],
  ['a session between routers of the AS fails', exits, { sessions: [4] }],
  ['sessions over loopbacks go round a failed link', ring, { links: [0] }],
  ['a ring is cut twice', ring, { links: [1, 2] }],
  ['a router in the middle fails', ring, { devices: [1] }],
];

describe.skipIf(!host.ok)(`failures${notRun(host)}`, () => {
  const results = new Map<string, CaseResult>();
  beforeAll(async () => {
    const cases = failures.flatMap(([name, text, failed]) =>
      daemonNames.map((daemon): LabCase => ({ name, network: build(text), daemon, failed })),
    );
    for (const result of await runCases(cases)) results.set(`${result.daemon}: ${result.name}`, result);
  }, 120_000);

  it.each(daemonNames.flatMap((daemon) => failures.map(([name]) => `${daemon}: ${name}`)))('%s', (key) => {
    const result = results.get(key);
    expect(result === undefined ? ['not run'] : linesOf(result)).toEqual([]);
  });
});
