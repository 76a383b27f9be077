/** `npm test`: set-up, then every check of the workspace (checks.ts) on Node 24. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';

const node = await setUp();
const { status } = spawnSync(node, [join(root, 'scripts/checks.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
