/** Compiled estates, whole, with a few prefixes of each set: every table of every device on BIRD and FRR. */
import { join } from 'node:path';
import type { Prefix } from '@bothways/net';
import type { Network, PolicyCondition } from '@bothways/network';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CaseResult, compiledEstate, daemonNames, probeHost, runCases } from '../../src/index.ts';
import { linesOf, notRun } from './suite.ts';

const FEW = 3;

function networkOf(folder: string): Network {
  return withFewPrefixes(compiledEstate(join(import.meta.dirname, '../../../..', folder)).network);
}

/** The same of each list in tables and policies, so that policies still find what they look for. */
function withFewPrefixes(network: Network): Network {
  const few = (prefixes: readonly Prefix[]): readonly Prefix[] => prefixes.slice(0, FEW);
  const shorter = (condition: PolicyCondition): PolicyCondition => {
    if (condition.kind === 'not') return { kind: 'not', condition: shorter(condition.condition) };
    return condition.kind === 'prefix-list'
      ? { ...condition, entries: condition.entries.slice(0, 2 * FEW) }
      : condition;
  };
  return {
    ...network,
    devices: network.devices.map((device) => ({
      ...device,
      connected: device.connected.map((item) => ({ ...item, prefixes: few(item.prefixes) })),
      originations: device.originations.map((item) => ({ ...item, prefixes: few(item.prefixes) })),
    })),
    policies: network.policies.map((policy) => ({
      ...policy,
      terms: policy.terms.map((term) => ({ ...term, when: term.when.map(shorter) })),
    })),
  };
}

const estates = ['examples/contoso', 'scenarios/PP-S08-two-countries-two-circuits'].map((name) => ({
  name,
  network: networkOf(name),
}));
const host = await probeHost(daemonNames);

describe.skipIf(!host.ok)(`compiled estates on BIRD and FRR${notRun(host)}`, () => {
  const results = new Map<string, CaseResult>();
  beforeAll(async () => {
    const cases = estates.flatMap((estate) => daemonNames.map((daemon) => ({ ...estate, daemon })));
    for (const result of await runCases(cases)) results.set(`${result.name} on ${result.daemon}`, result);
  }, 120_000);

  it.each(estates.flatMap(({ name }) => daemonNames.map((daemon) => `${name} on ${daemon}`)))('%s', (key) => {
    const result = results.get(key);
    expect(result === undefined ? ['not run'] : linesOf(result)).toEqual([]);
    // An estate without routes would agree as well.
    expect([...(result?.observed.values() ?? [])].flatMap(({ candidates }) => [...candidates]).length).toBeGreaterThan(
      20,
    );
  });
});
