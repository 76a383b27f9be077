/**
 * Finds the Node that comes with the workspace. Plain JavaScript without dependencies: this runs on whatever Node the
 * machine has, before anything is known to be installed.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @param {string} from folder to look upwards from
 * @returns {string | undefined} path of a Node binary delivered through npm, if one is installed for this machine
 */
export function packagedNode(from) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', `node-${platform}-${process.arch}`, 'bin', binary);
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * @param {number} major
 * @param {number} minor
 * @returns {boolean} whether the running Node is at least major.minor
 */
export function nodeIsAtLeast(major, minor) {
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
