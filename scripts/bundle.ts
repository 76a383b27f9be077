/**
 * Builds apps/cli/dist/bothways.js, one ES module with everything but Node itself inside, and beside it the thread that
 * runs proxy scripts with its engine, the thread that solves models with its own, the first process of a lab's sandbox, the
 * workbench's server with the thread of its database and its gallery, and the list of the files that went in, by which
 * bin/bothways.mjs sees that a rebuild is due. PGlite and pg stay packages: the one brings 25 MB of WebAssembly and data,
 * the other looks for optional parts.
 */
import { globSync } from 'node:fs';
import { copyFile, mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { readGallery } from '@bothways/server';
import { writeTemplate } from '@bothways/store';
import { rolldown } from 'rolldown';

const pac = createRequire(new URL('../adapters/pac/package.json', import.meta.url));
const solver = createRequire(new URL('../adapters/solver/package.json', import.meta.url));
const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'apps/cli/dist');
const started = Date.now();
const modules = new Set<string>();

const program = await bundled('apps/cli/src/main.ts');
const thread = await bundled('adapters/pac/src/worker.ts');
const solverThread = await bundled('adapters/solver/src/worker.ts');
const supervisor = await bundled('adapters/lab/src/supervisor.ts');
const server = await bundled('apps/cli/src/commands/serve.ts');
const database = await bundled('adapters/store/src/pglite-thread.ts');
const gallery = readGallery(root);
for (const name of globSync('{scenarios/*,examples/contoso}/*.{md,yaml,yml,json,csv,tsv,pac,dat,js}', { cwd: root })) {
  modules.add(join(root, name));
}
const engine = join(dirname(pac.resolve('quickjs-wasi/package.json')), 'quickjs.wasm');
const highs = solver.resolve('highs/runtime');
modules.add(engine);
modules.add(highs);

// A source saved while the build ran gets time 0: the bundle is then stale at its next use, never falsely fresh.
const inputs: [string, number, number][] = [];
for (const path of [...modules].filter((id) => isAbsolute(id)).sort()) {
  const { size, mtimeMs } = await stat(path);
  inputs.push([relative(root, path).split(sep).join('/'), size, mtimeMs < started ? mtimeMs : 0]);
}
await mkdir(folder, { recursive: true });
await copyFile(engine, join(folder, 'quickjs.wasm'));
await copyFile(await writeTemplate(join(root, '.cache/store')), join(folder, 'store-template.tar.gz'));
await copyFile(highs, join(folder, 'highs.wasm'));
await replace(join(folder, 'pac-worker.js'), thread);
await replace(join(folder, 'solver-worker.js'), solverThread);
await replace(join(folder, 'lab-supervisor.js'), supervisor);
await replace(join(folder, 'serve.js'), server);
await replace(join(folder, 'store-thread.js'), database);
await replace(join(folder, 'gallery.json'), JSON.stringify(gallery));
await replace(join(folder, 'bothways.js'), program);
await replace(join(folder, 'bothways.inputs.json'), JSON.stringify(inputs));
console.log(
  `apps/cli/dist/bothways.js: ${inputs.length} files, ${Math.round([program, thread, solverThread, supervisor, server, database].reduce((sum, { length }) => sum + length, 0) / 1000)} kB, ${Date.now() - started} ms`,
);

/** One module with everything it imports. */
async function bundled(entry: string): Promise<string> {
  const bundle = await rolldown({
    input: join(root, entry),
    platform: 'node',
    cwd: root,
    external: ['@electric-sql/pglite', 'pg'],
    plugins: [
      {
        name: 'serve-apart',
        resolveId(source) {
          // The server is the only command in a file of its own: nothing else pays for loading it.
          return source === './commands/serve.ts' ? { id: './serve.js', external: true } : null;
        },
      },
      {
        name: 'list-inputs',
        buildEnd() {
          for (const id of this.getModuleIds()) modules.add(id);
        },
      },
    ],
    onLog(level, log) {
      // An unresolved import would only show when the command runs: make every warning stop the build.
      if (level === 'warn') throw new Error(log.message);
    },
  });
  const { output } = await bundle.generate({
    format: 'esm',
    codeSplitting: false,
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await bundle.close();
  const [chunk, ...others] = output;
  if (others.length > 0) throw new Error(`expected one bundled file, got ${output.length}`);
  return chunk.code;
}

/** Whole or not at all: two commands may find the bundle stale at the same moment. */
async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}
