/**
 * Notices changes in the folder of an estate: the operating system says so where it can, and a look at sizes and times
 * once a second finds what it did not say (network drives, folders that came later).
 */
import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EstateFolder } from './estate-folder.ts';

const LOOK_EVERY = 1000;
/** Several notices for one save are one. */
const GATHER = 60;

/** @param names files to look at, asked each time. Returns what ends the watch. */
export function watchFolder({ folder }: EstateFolder, names: () => readonly string[], changed: () => void): () => void {
  let gathering: NodeJS.Timeout | undefined;
  const notice = (): void => {
    gathering ??= setTimeout(() => {
      gathering = undefined;
      changed();
    }, GATHER).unref();
  };
  const watchers: FSWatcher[] = [];
  for (const each of new Set([folder, ...names().map((name) => dirname(join(folder, name)))])) {
    try {
      const watcher = watch(each, { persistent: false }, notice);
      watcher.on('error', () => watcher.close());
      watchers.push(watcher);
    } catch {
      // No more watches to be had, or none on this kind of drive: the look below finds it.
    }
  }
  let known = signature(folder, names());
  const looking = setInterval(() => {
    const now = signature(folder, names());
    if (now === known) return;
    known = now;
    notice();
  }, LOOK_EVERY).unref();
  return () => {
    clearInterval(looking);
    clearTimeout(gathering);
    for (const watcher of watchers) watcher.close();
  };
}

function signature(folder: string, names: readonly string[]): string {
  let listing: readonly string[] = [];
  try {
    listing = readdirSync(folder);
  } catch {
    // Gone for the moment; that is a difference too.
  }
  return [...listing, ...names]
    .map((name) => {
      const stats = statSync(join(folder, name), { throwIfNoEntry: false, bigint: true });
      return `${name} ${stats?.ino} ${stats?.size} ${stats?.mtimeNs}`;
    })
    .join('\n');
}
