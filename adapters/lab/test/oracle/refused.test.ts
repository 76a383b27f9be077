/** A configuration that BIRD does not take, beside one that it does. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compiledEstate, type DaemonName, planLab, probeHost } from '../../src/index.ts';
import { type LabPlan, plan } from '../../src/plan.ts';
import { raiseLabs } from '../../src/raise.ts';
import { Sandbox } from '../../src/sandbox.ts';
import { notRun } from './suite.ts';

const host = await probeHost(['bird']);
const daemon: DaemonName = 'bird';

function planned(prefix: string): LabPlan {
  const design = planLab(
    compiledEstate(join(import.meta.dirname, '../../../../scenarios/PP-S25-without-expressroute')),
  );
  if ('cannot' in design) throw new Error(design.cannot.join('; '));
  const made = plan(design.routers.network, { prefix });
  if ('problem' in made) throw new Error(made.problem);
  return made;
}

/** A neighbour whose address is none. */
function broken(made: LabPlan): LabPlan {
  return {
    ...made,
    sessions: made.sessions.map((session) => ({
      ...session,
      pairs: session.pairs.map((pair) => ({ ...pair, addresses: ['nobody', 'nobody'] as const })),
    })),
  };
}

describe.skipIf(!host.ok)(`a refused configuration${host.ok ? '' : notRun(host)}`, () => {
  it('is told with file and line, and only the lab that has it does not run', { timeout: 30_000 }, async () => {
    const sandbox = await Sandbox.open({ lifetime: 60 });
    try {
      const asShipped = new Set<never>();
      const refused = await raiseLabs(sandbox, [
        { plan: planned('good'), daemon, asShipped },
        { plan: broken(planned('bad')), daemon, asShipped },
      ]);
      expect([...refused.keys()]).toEqual([1]);
      expect(refused.get(1)?.join()).toMatch(/^bad\d+: .*\/run\/lab\/bad\d+\/bird\.conf:\d+:\d+ syntax error/);
      const { output } = await sandbox.run({
        argv: ['sh', '-c', 'for p in /proc/[0-9]*; do readlink $p/cwd; done'],
      });
      const folders = output.split('\n').filter((line) => /^\/run\/lab\/\w+$/.test(line));
      expect(folders.length).toBeGreaterThan(1);
      expect(folders.filter((each) => !each.startsWith('/run/lab/good'))).toEqual([]);
    } finally {
      await sandbox.close();
    }
  });
});
