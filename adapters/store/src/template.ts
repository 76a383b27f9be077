/** A fresh PGlite as one file: unpacking it takes a fraction of the seconds that making one takes. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

/** Makes it where it is not there yet, for the installed version of PGlite; returns its path in `folder`. */
export async function writeTemplate(folder: string): Promise<string> {
  const version = versionOfPglite();
  const path = join(folder, `pglite-${version}.tar.gz`);
  if (existsSync(path)) return path;
  const database = new PGlite();
  await database.waitReady;
  const archive = await database.dumpDataDir('gzip');
  await database.close();
  mkdirSync(folder, { recursive: true });
  // Two tests may make it at the same time.
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, new Uint8Array(await archive.arrayBuffer()));
  renameSync(temporary, path);
  return path;
}

function versionOfPglite(): string {
  const require = createRequire(import.meta.url);
  const manifest: unknown = require(join(dirname(require.resolve('@electric-sql/pglite')), '../package.json'));
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) return 'unknown';
  return String(manifest.version);
}
