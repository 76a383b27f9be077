/**
 * The dependency direction of the workspace, and a reader of imports that checks it: a package imports only from its
 * left, only what its package.json declares, only through the package entry, without cycles between its own files, and
 * pure packages import nothing of Node. What a global could smuggle in (console, fetch) is the compiler's to refuse: pure
 * packages compile without Node or DOM types.
 */
import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** Folder → the workspace packages it may import. `adapters` and `apps` stand for every folder in them. */
const mayImport: Readonly<Record<string, readonly string[]>> = leftToRight([
  ['net'],
  ['diagnostics', 'facts'],
  ['estate'],
  ['network'],
  ['routing', 'artefacts', 'sources'],
  ['forwarding'],
  ['checks'],
  ['planning'],
  ['twin'],
  ['adapters'],
  ['server'],
  ['apps'],
]);

/** Each row may import every row above it, and nothing beside it. */
function leftToRight(rows: readonly (readonly string[])[]): Record<string, readonly string[]> {
  return Object.fromEntries(rows.flatMap((row, i) => row.map((name) => [name, rows.slice(0, i).flat()])));
}

export interface SourceFile {
  /** Relative to the repository, with forward slashes: packages/net/src/address.ts. */
  readonly path: string;
  readonly text: string;
}

export interface Package {
  /** packages/net */
  readonly folder: string;
  /** @bothways/net */
  readonly name: string;
  /** Names in dependencies. */
  readonly dependencies: readonly string[];
}

export interface Workspace {
  readonly packages: readonly Package[];
  /** devDependencies of the root: tests may import these. */
  readonly developmentDependencies: readonly string[];
  readonly files: readonly SourceFile[];
}

/** One line for each import that breaks a rule, in the order of files and imports. */
export function violations(workspace: Workspace): readonly string[] {
  const found: string[] = [];
  for (const { folder } of workspace.packages) {
    if (!(layerOf(folder) in mayImport)) found.push(`${folder}: give it a place in the table of scripts/layers.ts`);
  }
  for (const file of workspace.files) {
    const owner = workspace.packages.find(({ folder }) => file.path.startsWith(`${folder}/`));
    if (owner === undefined) continue;
    for (const target of importsOf(file)) {
      const problem = problemWith(file, owner, target, workspace);
      if (problem !== undefined) found.push(`${file.path}: ${problem}`);
    }
  }
  return [...found, ...cycles(workspace.files)];
}

function problemWith(file: SourceFile, owner: Package, target: string, workspace: Workspace): string | undefined {
  const isTest = /\.(test|bench)\.ts$/.test(file.path) || file.path.startsWith(`${owner.folder}/test/`);
  const isPure = owner.folder.startsWith('packages/');
  if (target.startsWith('.')) {
    const resolved = posix.join(posix.dirname(file.path), target);
    return resolved.startsWith(`${owner.folder}/`) || isTest
      ? undefined
      : `'${target}' leaves the package, import it by name`;
  }
  if (target.startsWith('node:')) {
    return isPure && !isTest ? `'${target}' in a pure package; effects belong to adapters and apps` : undefined;
  }
  const [scope = '', name = ''] = target.split('/');
  const packageName = scope.startsWith('@') ? `${scope}/${name}` : scope;
  const inside = workspace.packages.find((candidate) => candidate.name === packageName);
  if (inside !== undefined) {
    if (target !== packageName) return `'${target}' reaches inside ${packageName}, import its entry`;
    if (inside === owner) return `'${target}' is the package itself, import the file`;
    const allowed = mayImport[layerOf(owner.folder)] ?? [];
    if (!allowed.includes(layerOf(inside.folder)))
      return `${owner.name} may not import ${packageName}: it stands to its right`;
  }
  const declared = isTest ? [...owner.dependencies, ...workspace.developmentDependencies] : owner.dependencies;
  return declared.includes(packageName) ? undefined : `'${target}' is not declared in ${owner.folder}/package.json`;
}

/** packages/net → net; apps/cli → apps; the server stands left of the other apps. */
function layerOf(folder: string): string {
  const [top = '', name = ''] = folder.split('/');
  return top === 'packages' || name === 'server' ? name : top;
}

/** Every module a file names: imports, re-exports, and import() of a plain string. */
export function importsOf({ path, text }: SourceFile): readonly string[] {
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message ?? 'cannot be parsed'}`);
  const named = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.flatMap(({ moduleRequest }) => {
      const literal = /^(['"`])([^$]*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
      return literal?.[2] ?? [];
    }),
  ];
  return [...new Set(named)];
}

/** Files that import each other, directly or around a corner: one line for each cycle found. */
function cycles(files: readonly SourceFile[]): readonly string[] {
  const known = new Map(files.map((file) => [file.path, file]));
  const finished = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      found.push(`import cycle: ${[...trail.slice(start), path].join(' → ')}`);
      return;
    }
    const file = known.get(path);
    if (file === undefined || finished.has(path)) return;
    for (const target of importsOf(file)) {
      if (target.startsWith('.')) visit(posix.join(posix.dirname(path), target), [...trail, path]);
    }
    finished.add(path);
  };
  for (const { path } of files) visit(path, []);
  return found;
}
