/** A lab that is killed leaves nothing, whatever it was doing: the kernel ends what is in its sandbox. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { probeHost, probePackets } from '../../src/index.ts';
import { notRun } from './suite.ts';

const daemons = await probeHost(['bird']);
const host = daemons.ok ? await probePackets() : daemons;
const times = Number(process.env['BOTHWAYS_LAB_KILLS'] ?? '10');
const estate = join(import.meta.dirname, '../../../../examples/contoso');

/** Everything a lab starts inherits the environment: processes that carry the mark. */
function marked(mark: string): readonly string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, 'utf8').includes(`BOTHWAYS_LAB_MARK=${mark}\0`);
    } catch {
      // Gone meanwhile, or somebody else's.
      return false;
    }
  });
}

/** Process 1 of the sandbox, among the marked ones. */
function firstOf(pids: readonly string[]): number | undefined {
  const found = pids.find((pid) => {
    try {
      return /^NSpid:\t\d+\t(\d+\t)*1$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  });
  return found === undefined ? undefined : Number(found);
}

async function leftOf(mark: string, most: number): Promise<number> {
  let left = marked(mark).length;
  for (let waited = 0; left > most && waited < 5000; waited += 50) {
    await pause(50);
    left = marked(mark).length;
  }
  return left;
}

/** Most processes seen while the lab lived, and those left after the kill, of the program or of the sandbox. */
async function killedAfter(
  milliseconds: number,
  which: 'program' | 'sandbox',
): Promise<{ readonly most: number; readonly left: number }> {
  const mark = `${process.pid}-${milliseconds}`;
  const child = spawn(process.execPath, [join(import.meta.dirname, 'kept-lab.ts'), estate], {
    env: { ...process.env, BOTHWAYS_LAB_MARK: mark },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  await pause(milliseconds);
  const before = marked(mark);
  const first = which === 'sandbox' ? firstOf(before) : undefined;
  let besideProgram = 0;
  if (first !== undefined) {
    process.kill(first, 'SIGKILL');
    besideProgram = (await leftOf(mark, 1)) > 1 ? 1 : 0;
  }
  child.kill('SIGKILL');
  await ended;
  return { most: before.length, left: besideProgram + (await leftOf(mark, 0)) };
}

describe.skipIf(!host.ok)(`a lab that is killed${host.ok ? '' : notRun(host)}`, () => {
  it(`leaves no process, ${times} times at different moments`, { timeout: 20_000 + times * 10_000 }, async () => {
    const results = [];
    for (let at = 0; at < times; at++) {
      const which = at % 2 === 0 ? 'program' : 'sandbox';
      results.push(await killedAfter(Math.round(20 + (at * 2500) / times), which));
    }
    expect(results.map(({ left }) => left)).toEqual(results.map(() => 0));
    // The last ones had daemons running.
    expect(Math.max(...results.map(({ most }) => most))).toBeGreaterThan(3);
  });
});
