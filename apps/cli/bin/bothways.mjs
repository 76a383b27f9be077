#!/usr/bin/env node
/**
 * Starts the bundled command line. Three things happen before it: an old Node is replaced by the one that came with the
 * workspace, a checkout whose sources changed gets a new bundle, and V8's compile cache is switched on.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nodeIsAtLeast, packagedNode } from './runtime.mjs';

/** Exit code for "our fault", the same as in src/exit.ts. */
const OUR_FAULT = 3;
const self = fileURLToPath(import.meta.url);
const application = dirname(dirname(self));
const bundle = join(application, 'dist', 'bothways.js');
const inputs = join(application, 'dist', 'bothways.inputs.json');
const checkout = join(application, '..', '..');
const builder = join(checkout, 'scripts', 'bundle.ts');
const page = join(checkout, 'apps', 'web', 'dist', 'index.html');
const pageInputs = join(checkout, 'apps', 'web', 'dist', '.inputs.json');
const pageBuilder = join(checkout, 'scripts', 'bundle-web.ts');

if (nodeIsAtLeast(22, 18)) {
  if (existsSync(builder) && !isFresh(bundle, inputs)) build(builder, 'the command line', existsSync(bundle));
  // Only the workbench shows the page.
  if (process.argv[2] === 'serve' && existsSync(pageBuilder) && !isFresh(page, pageInputs)) {
    build(pageBuilder, 'the page', existsSync(page));
  }
  if (process.env['NODE_DISABLE_COMPILE_CACHE'] === undefined) {
    const modules = join(checkout, 'node_modules');
    // Without an argument Node keeps the cache in the temporary folder of the system.
    if (existsSync(modules)) module.enableCompileCache(join(modules, '.cache', 'bothways'));
    else module.enableCompileCache();
  }
  await import(pathToFileURL(bundle).href);
} else {
  const node = packagedNode(application);
  if (node === undefined) {
    process.stderr.write(
      `bothways needs Node 22.18 or newer and this is ${process.versions.node} (${process.execPath}).\n` +
        'In a checkout, `npm ci` installs a Node 24 of its own; elsewhere install Node 24 from your system.\n',
    );
    process.exit(2);
  }
  const child = spawn(node, [self, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; the child knows what to do with it, and this one waits for its answer.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(`bothways: cannot start ${node}: ${error.message}\n`);
    process.exit(OUR_FAULT);
  });
  child.on('exit', (status, signal) => {
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
    if (signal === null) process.exit(status ?? OUR_FAULT);
    process.kill(process.pid, signal);
  });
}

/** A bundle is fresh while every file that went into it has the size and time it had then. */
function isFresh(/** @type {string} */ built, /** @type {string} */ list) {
  if (!existsSync(built) || !existsSync(list)) return false;
  const recorded = /** @type {[path: string, size: number, modified: number][]} */ (
    JSON.parse(readFileSync(list, 'utf8'))
  );
  return recorded.every(([path, size, modified]) => {
    const found = statSync(join(checkout, path), { throwIfNoEntry: false });
    return found !== undefined && found.size === size && found.mtimeMs === modified;
  });
}

function build(/** @type {string} */ script, /** @type {string} */ what, /** @type {boolean} */ again) {
  const why = again ? 'sources changed, ' : '';
  process.stderr.write(`bothways: ${why}building ${what} ...\n`);
  const { status } = spawnSync(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0) return;
  process.stderr.write('bothways: the build failed, see above. `npm ci` repairs a half-installed workspace.\n');
  process.exit(OUR_FAULT);
}
