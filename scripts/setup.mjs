/**
 * Makes a fresh clone ready: installs what package-lock.json names when that changed, and finds the Node 24 that came
 * with it. Plain JavaScript without dependencies: it runs on the Node the machine happens to have (20 or newer).
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeIsAtLeast, packagedNode } from '../apps/cli/bin/runtime.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stamp = join(modules, '.bothways-setup');
const log = join(root, '.cache', 'setup.log');

/**
 * @returns {Promise<string>} path of the Node 24 to run everything else with; ends the process with an explanation when
 * that cannot be had
 */
export async function setUp() {
  if (!nodeIsAtLeast(20, 0)) {
    return giveUp(`Node 20 or newer is needed to start with, and this is ${process.versions.node}.`);
  }
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const wanted = createHash('sha256').update(lock).digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    if (!installedByHand(lock)) await install();
    writeFileSync(stamp, wanted);
  }
  const packaged = packagedNode(root);
  if (packaged !== undefined) return packaged;
  if (nodeIsAtLeast(24, 0)) return process.execPath;
  return giveUp(
    `Node 24 is needed, this is ${process.versions.node}, and npm has none for ${process.platform} ${process.arch}.\n` +
      'Install Node 24 and run the command again.',
  );
}

/**
 * Whether `npm install` or `npm ci` was run by hand since the lock file changed. npm notes what it installed in a lock
 * file of its own, written last; packages for other platforms are missing there.
 * @param {string} lock
 */
function installedByHand(lock) {
  const hidden = join(modules, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = packagesOf(lock);
  const present = packagesOf(readFileSync(hidden, 'utf8'));
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || (entry.optional === true && present[path] === undefined)) return true;
    const found = present[path];
    return found !== undefined && found.version === entry.version && found.integrity === entry.integrity;
  });
}

/**
 * @param {string} lock
 */
function packagesOf(lock) {
  const { packages } =
    /** @type {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean }> }} */ (
      JSON.parse(lock)
    );
  return packages;
}

async function install() {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const live = process.stderr.isTTY;
  process.stderr.write('Setting up: installing the packages of package-lock.json (once, a minute or so) ...');
  const ticking = live
    ? setInterval(() => process.stderr.write(`\rSetting up: installing packages, ${seconds()}\u001b[K`), 1000)
    : undefined;
  const { status, output } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  clearInterval(ticking);
  process.stderr.write(live ? '\r\u001b[K' : '\n');
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, output);
  if (status === 0) {
    process.stderr.write(`Set up in ${seconds()}.\n`);
    return;
  }
  const start = output
    .split('\n')
    .filter((line) => line.trim() !== 'npm error')
    .slice(0, 12)
    .join('\n');
  giveUp(
    `npm ci failed (exit ${status}). What it said first; all of it is in ${log}:\n\n${start}\n\n` +
      'Mostly this is the way to the package registry (offline, a proxy, a mirror): `npm ping` and\n' +
      '`npm config get registry` show it. Then run the same command again; nothing is left half-installed.',
  );
}

/**
 * @param {string[]} args
 * @returns {Promise<{ status: number, output: string }>}
 */
function npm(args) {
  // Under `npm start` npm names its own script; running that with this Node works on every platform.
  const script = process.env['npm_execpath'];
  const [command, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: command === 'npm' && process.platform === 'win32',
    });
    let output = '';
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('error', (error) => resolve({ status: -1, output: `${output}\ncannot start npm: ${error.message}` }));
    child.on('close', (code) => resolve({ status: code ?? -1, output }));
  });
}

/**
 * @param {string} message
 * @returns {never}
 */
function giveUp(message) {
  process.stderr.write(`\nBothways cannot start here.\n${message}\n`);
  process.exit(1);
}
