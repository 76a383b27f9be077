/** The curated suite on one daemon, all networks together in one sandbox, then one test per network. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CaseResult,
  type DaemonName,
  formatDifference,
  type HostProbe,
  probeHost,
  runCases,
} from '../../src/index.ts';
import { curated } from './curated.ts';
import { build } from './literal.ts';

/** What a reader of a failed test wants: the first differences, as lines. */
export function linesOf({ outcome }: CaseResult): readonly string[] {
  if (outcome.kind === 'agrees') return [];
  if (outcome.kind === 'differs') return outcome.differences.slice(0, 12).map((item) => formatDifference(item));
  return outcome.why;
}

/** Behind the title of what cannot run here: the reason. */
export function notRun(host: HostProbe): string {
  return host.ok ? '' : `: not run, ${host.problem}`;
}

export async function curatedOn(daemon: DaemonName): Promise<void> {
  const host = await probeHost([daemon]);
  describe.skipIf(!host.ok)(`${Object.keys(curated).length} small networks on ${daemon}${notRun(host)}`, () => {
    const results = new Map<string, CaseResult>();
    beforeAll(async () => {
      const cases = Object.entries(curated).map(([name, text]) => ({ name, daemon, network: build(text) }));
      for (const result of await runCases(cases)) results.set(result.name, result);
    }, 240_000);
    it.each(Object.keys(curated))('%s', (name) => {
      const result = results.get(name);
      expect(result).toBeDefined();
      if (result !== undefined) expect(linesOf(result)).toEqual([]);
    });
  });
}
