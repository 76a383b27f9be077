import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { command, root } from './bothways.ts';

/** A sweep that takes much longer than the test waits. */
const long = ['sweep', 'scenarios/PP-S33-both-coasts-with-expressroute', '-k', '4'];

/** Interrupts a sweep once it is under way; before that it ends by the signal, and is tried again. */
async function interrupted(
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  for (const delay of [1500, 4000, 10_000, 20_000]) {
    const child = spawn(process.execPath, [command, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = Promise.all([once(child, 'exit'), text(child.stdout)]);
    await setTimeout(delay);
    child.kill('SIGINT');
    const [, stdout] = await ended;
    if (child.signalCode === null) return { code: child.exitCode, stdout };
  }
  throw new Error('the sweep never started');
}

describe('a sweep that is interrupted', { timeout: 60_000 }, () => {
  it('prints what is done, and says that it is partial', async () => {
    const { code, stdout } = await interrupted(long);
    expect([0, 1]).toContain(code);
    expect(stdout).toMatch(/Partial: it was stopped before the end/);
    expect(stdout).not.toMatch(/survives what it claims to\./);
  });

  it('says in JSON which sets are missing', async () => {
    const { stdout } = await interrupted([...long, '--jobs', '2', '--json']);
    const answer = JSON.parse(stdout);
    expect(answer.partial).toBe(true);
    expect(answer.swept).toBeLessThan(answer.count);
    expect(answer.missing.at(-1)[1]).toBe(answer.count - 1);
  });

  it('ends by itself after the time it was given', async () => {
    const child = spawn(process.execPath, [command, ...long, '--limit', '1'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [, stdout] = await Promise.all([once(child, 'exit'), text(child.stdout)]);
    expect([0, 1]).toContain(child.exitCode);
    expect(stdout).toMatch(/Partial: it was stopped before the end/);
  });
});
