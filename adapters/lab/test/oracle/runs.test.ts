/** Many programs at once in a sandbox. */
import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { probeHost } from '../../src/index.ts';
import { Sandbox } from '../../src/sandbox.ts';
import { notRun } from './suite.ts';

const host = await probeHost(['bird']);

describe.skipIf(!host.ok)(`programs in a sandbox${host.ok ? '' : notRun(host)}`, () => {
  it('give their words, input and status back, and one that takes too long keeps none from running', {
    timeout: 30_000,
  }, async () => {
    const sandbox = await Sandbox.open({ lifetime: 60 });
    try {
      // Several for each shell, whatever the number of processors.
      const count = 9 * availableParallelism();
      const runs = Array.from({ length: count }, (_, at) =>
        at === 0
          ? { argv: ['sleep', '20'] }
          : {
              argv: ['sh', '-c', `cat; printf "%s" "$1" >&2; exit ${at % 3}`, 'sh', `it's ${at}`],
              input: `$HOME ${at}\n`,
            },
      );
      const [slow, ...others] = await sandbox.runAll(runs, 1);
      expect(slow?.status).toBe(137);
      expect(others).toEqual(
        Array.from({ length: count - 1 }, (_, ix) => ({
          status: (ix + 1) % 3,
          output: `$HOME ${ix + 1}\n`,
          errors: `it's ${ix + 1}`,
        })),
      );
    } finally {
      await sandbox.close();
    }
  });
});
