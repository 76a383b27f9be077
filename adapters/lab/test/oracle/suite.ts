/** The curated suite on one daemon, all networks together in one sandbox, then one test per network. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CaseResult,
  formatDifference,
  type HostProbe,
  plan,
  probeHost,
  renderBird,
  renderFrr,
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

const networks = Object.entries(curated).map(([name, text]) => ({ name, network: build(text) }));

/** Reasons by the name of a network that the daemon cannot be given. */
export function inexpressibleOn(daemon: 'bird' | 'frr'): ReadonlyMap<string, readonly string[]> {
  const render = daemon === 'bird' ? renderBird : renderFrr;
  const reasons = new Map<string, readonly string[]>();
  for (const { name, network } of networks) {
    const made = plan(network);
    const why = 'problem' in made ? [made.problem] : render(made).cannot;
    if (why.length > 0) reasons.set(name, why);
  }
  return reasons;
}

export async function curatedOn(daemon: 'bird' | 'frr'): Promise<void> {
  const host = await probeHost([daemon]);
  const unable = inexpressibleOn(daemon);
  const able = networks.filter(({ name }) => !unable.has(name));
  describe.skipIf(!host.ok)(`${able.length} small networks on ${daemon}${notRun(host)}`, () => {
    const results = new Map<string, CaseResult>();
    beforeAll(async () => {
      const cases = able.map(({ name, network }) => ({ name, daemon, network }));
      for (const result of await runCases(cases)) results.set(result.name, result);
    }, 240_000);
    it.each(able.map(({ name }) => name))('%s', (name) => {
      const result = results.get(name);
      expect(result).toBeDefined();
      if (result !== undefined) expect(linesOf(result)).toEqual([]);
    });
  });
}
