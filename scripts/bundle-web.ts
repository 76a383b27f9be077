/**
 * Builds apps/web/dist: the page as ES modules in parts that are loaded when they are needed, the engine and the layout
 * each as a worker of its own, the style sheet, the icon, and the list of the files that went in, by which a stale page is
 * noticed.
 */
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'apps/web/src');
const folder = join(root, 'apps/web/dist');
const elk = createRequire(join(root, 'apps/web/package.json')).resolve('elkjs/lib/elk-worker.min.js');
const started = Date.now();
const modules = new Set<string>([elk, ...['index.html', 'icon.svg', 'app.css'].map((name) => join(source, name))]);

// Built beside the old page and put in its place as a whole: somebody may be loading it.
const next = `${folder}.${process.pid}`;
await rm(next, { recursive: true, force: true });
await mkdir(next, { recursive: true });
const page = await bundled(join(source, 'main.tsx'), 'app.js');
const engine = await bundled(join(source, 'engine/worker.ts'), 'engine.js');
for (const { fileName, code } of [...page, ...engine]) await writeFile(join(next, fileName), code);
await copyFile(elk, join(next, 'layout.js'));
for (const name of ['index.html', 'icon.svg']) await copyFile(join(source, name), join(next, name));
await writeFile(join(next, 'app.css'), smaller(await readFile(join(source, 'app.css'), 'utf8')));

// As in bundle.ts: a source saved while the build ran is stale at the next use.
const inputs: [string, number, number][] = [];
for (const path of [...modules].filter((id) => isAbsolute(id)).sort()) {
  const { size, mtimeMs } = await stat(path);
  inputs.push([relative(root, path).split(sep).join('/'), size, mtimeMs < started ? mtimeMs : 0]);
}
await writeFile(join(next, '.inputs.json'), JSON.stringify(inputs));
await rm(folder, { recursive: true, force: true });
await rename(next, folder);
const size = (chunks: readonly OutputChunk[]): number =>
  Math.round(chunks.reduce((sum, { code }) => sum + code.length, 0) / 1000);
console.log(
  `apps/web/dist: ${inputs.length} files, page ${size(page)} kB in ${page.length} parts, engine ${size(engine)} kB, ${Date.now() - started} ms`,
);

async function bundled(input: string, entry: string): Promise<readonly OutputChunk[]> {
  const bundle = await rolldown({
    input,
    platform: 'browser',
    cwd: root,
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    plugins: [
      {
        name: 'list-inputs',
        buildEnd() {
          for (const id of this.getModuleIds()) if (!id.includes('\0')) modules.add(id.split('?')[0] ?? id);
        },
      },
    ],
    onLog(level, log) {
      // Directives for servers that render React say nothing in a browser.
      if (level === 'warn' && log.code !== 'MODULE_LEVEL_DIRECTIVE') throw new Error(log.message);
    },
  });
  const { output } = await bundle.generate({
    format: 'esm',
    minify: true,
    entryFileNames: entry,
    chunkFileNames: '[name].js',
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await bundle.close();
  return output.filter((each) => each.type === 'chunk');
}

function smaller(css: string): string {
  return css
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\s*\n\s*/g, '\n')
    .trim();
}
