import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { watchFolder } from './watch.ts';

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !holds(); turn += 1) await pause(50);
  expect(holds()).toBe(true);
}

describe('watching the folder of an estate', () => {
  it('notices a change, and goes on noticing when the folder was replaced by another', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'bothways-watch-'));
    onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
    const folder = join(parent, 'estate');
    mkdirSync(folder);
    let noticed = 0;
    const end = watchFolder(
      { folder, document: undefined },
      () => ['estate.yaml'],
      () => (noticed += 1),
    );
    onTestFinished(end);
    writeFileSync(join(folder, 'estate.yaml'), '1');
    await until(() => noticed > 0);
    // What the operating system watches is gone with the old folder; only looking finds the new one.
    rmSync(folder, { recursive: true });
    await pause(1300);
    const before = noticed;
    mkdirSync(folder);
    writeFileSync(join(folder, 'estate.yaml'), '2');
    await until(() => noticed > before);
    end();
    const last = noticed;
    writeFileSync(join(folder, 'estate.yaml'), '3');
    await pause(1300);
    expect(noticed).toBe(last);
  });
});
