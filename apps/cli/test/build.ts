/** Builds the bundle once before the tests, so that no test meets a command that first rebuilds itself. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

export default function build(): void {
  const root = resolve(import.meta.dirname, '../../..');
  const { status, stderr } = spawnSync(process.execPath, ['scripts/bundle.ts'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the bundle cannot be built:\n${stderr}`);
}
