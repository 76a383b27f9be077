/** `npm start`: set-up, then the command line on the example; `npm start -- check scenarios/x` runs something else. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';

const node = await setUp();
const given = process.argv.slice(2);
const args = given.length > 0 ? given : ['check', 'examples/contoso'];
const { status } = spawnSync(node, [join(root, 'apps/cli/bin/bothways.mjs'), ...args], { cwd: root, stdio: 'inherit' });

if (given.length === 0 && status === 0) {
  process.stdout.write(`
That was  npx bothways check examples/contoso . From here:
  npx bothways check scenarios/PP-S10-asymmetric-routing     a network that breaks: which packet, where, the fix
  npx bothways trace examples/contoso --from hq --to production
                                                              one packet there and back, hop by hop
  npx bothways routes examples/contoso --device er-ce1        what a router knows, and why it chose it
  npx bothways serve examples/contoso                         the same in a page: look, change, pull cables
  npx bothways init my-network                                a document of your own to start from
  npx bothways --help                                         everything else
`);
}
process.exitCode = status ?? 3;
