import { beforeAll, describe, expect, it } from 'vitest';
import { type CaseResult, plan, probeHost, renderGobgp, runCases } from '../../src/index.ts';
import { curated } from './curated.ts';
import { build } from './literal.ts';
import { linesOf, notRun } from './suite.ts';

const host = await probeHost(['gobgp']);

const networks = Object.entries(curated).map(([name, text]) => ({ name, network: build(text) }));
const reasons = new Map<string, readonly string[]>(
  networks.map(({ name, network }) => {
    const made = plan(network);
    return [name, 'problem' in made ? [made.problem] : renderGobgp(made).cannot];
  }),
);
const able = networks.filter(({ name }) => reasons.get(name)?.length === 0);

it('GoBGP can express about half of the suite, and says why not of the rest', () => {
  expect(able.length).toBeGreaterThanOrEqual(45);
});

describe.skipIf(!host.ok)(`${able.length} small networks on gobgp${notRun(host)}`, () => {
  const results = new Map<string, CaseResult>();
  beforeAll(async () => {
    const cases = able.map(({ name, network }) => ({ name, network, daemon: 'gobgp' as const }));
    for (const result of await runCases(cases)) results.set(result.name, result);
  }, 240_000);

  it.each(able.map(({ name }) => name))('%s', (name) => {
    const result = results.get(name);
    expect(result === undefined ? ['not run'] : linesOf(result)).toEqual([]);
  });
});
