import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openSweep, type SweepJob, type SweepShard } from '@bothways/twin';
import { describe, expect, it } from 'vitest';
import { sweepAll } from './sweep-workers.ts';

const path = join(resolve(import.meta.dirname, '../../..'), 'examples/contoso/estate.yaml');
const files = [{ name: path, text: readFileSync(path, 'utf8') }];
const query = { most: 2, kinds: ['link', 'device', 'circuit', 'site', 'port', 'msee'] };

function job(): SweepJob {
  const { job: opened } = openSweep(files, query);
  if (opened === undefined) throw new Error('the example cannot be swept');
  return opened;
}

function swept(jobs: number | undefined, stopAfter?: number): Promise<SweepShard> {
  const interruption = new AbortController();
  return sweepAll(files, query, job(), {
    jobs,
    signal: interruption.signal,
    progress: (done) => {
      if (stopAfter !== undefined && done >= stopAfter) interruption.abort();
    },
  });
}

describe('a sweep on threads', { timeout: 120_000 }, () => {
  it('gives the same bytes however many there are', async () => {
    const one = await swept(undefined);
    expect(one.ranges).toEqual([[0, one.count - 1]]);
    expect(JSON.stringify(await swept(2))).toBe(JSON.stringify(one));
  });

  it('goes on with a new worker where one had too little memory', async () => {
    const runs: number[] = [];
    const interruption = new AbortController();
    const shard = await sweepAll(files, query, job(), {
      jobs: 2,
      memory: 8,
      signal: interruption.signal,
      progress: (done) => runs.push(done),
    });
    expect(JSON.stringify(shard)).toBe(JSON.stringify(await swept(undefined)));
    expect(runs.at(-1)).toBe(shard.count);
  });

  it('keeps what is done when it is stopped', async () => {
    const part = await swept(undefined, 50);
    expect(part.ranges).toEqual([[0, 49]]);
    expect(part.count).toBeGreaterThan(50);
    const whole = await swept(1);
    expect(part.sets).toEqual(whole.sets.filter(({ set }) => set < 50));
  });
});
