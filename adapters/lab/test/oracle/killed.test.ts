/** A lab that is killed leaves nothing, whatever it was doing: the kernel ends what is in its sandbox. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { killLabs, probeHost, probePackets } from '../../src/index.ts';
import { notRun } from './suite.ts';

const daemons = await probeHost(['bird']);
const host = daemons.ok ? await probePackets() : daemons;
const estate = join(import.meta.dirname, '../../../../examples/contoso');
const TIMES = 5;

describe.skipIf(!host.ok)(`a lab that is killed${host.ok ? '' : notRun(host)}`, () => {
  it(`leaves no process, namespace or file, ${TIMES} times at different moments (seed 1)`, {
    timeout: 120_000,
  }, async () => {
    const kills = await killLabs(estate, TIMES, 1);
    const left = kills.map(({ processesLeft, namespacesLeft, filesLeft }) => [
      processesLeft,
      namespacesLeft,
      filesLeft,
    ]);
    expect(left).toEqual(kills.map(() => [0, 0, []]));
    // The last ones had daemons running in namespaces of their own.
    expect(Math.max(...kills.map(({ processes }) => processes))).toBeGreaterThan(3);
    expect(Math.max(...kills.map(({ namespaces }) => namespaces))).toBeGreaterThan(3);
  });
});
