/** Builds the page and the command line once before the tests. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

export default function build(): void {
  const root = resolve(import.meta.dirname, '../../..');
  for (const script of ['scripts/bundle-web.ts', 'scripts/bundle.ts']) {
    const { status, stderr } = spawnSync(process.execPath, [script], { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  }
}
