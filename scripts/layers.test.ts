import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, type Package, violations, type Workspace } from './layers.ts';

const root = resolve(import.meta.dirname, '..');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function manifest(folder: string): Manifest {
  const parsed: Manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  return parsed;
}

const folders = globSync('{packages,adapters,apps}/*/package.json', { cwd: root })
  .map((path) => dirname(path).replaceAll('\\', '/'))
  .sort();

const workspace: Workspace = {
  packages: folders.map((folder) => {
    const { name, dependencies = {} } = manifest(folder);
    return { folder, name, dependencies: Object.keys(dependencies) };
  }),
  developmentDependencies: Object.keys(manifest('.').devDependencies ?? {}),
  files: globSync('{packages,adapters,apps}/*/{src,test,bin}/**/*.{ts,tsx,mjs}', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
};

describe('the workspace', () => {
  it('imports only to the left, only what is declared, only package entries, without cycles', () => {
    expect(workspace.files.length).toBeGreaterThan(0);
    expect(violations(workspace)).toEqual([]);
  });

  it('has one version, and private packages only', () => {
    for (const folder of folders) {
      const { name, version, private: isPrivate, dependencies = {} } = manifest(folder);
      expect({ folder, version, isPrivate }).toEqual({ folder, version: manifest('.').version, isPrivate: true });
      for (const [dependency, range] of Object.entries(dependencies)) {
        expect(range, `${name} → ${dependency}: exact versions only`).toMatch(/^\d+\.\d+\.\d+$/);
      }
    }
  });

  it('compiles every package that has sources, and its tests', () => {
    const referenced = (config: string): readonly string[] => {
      const { references }: { references: readonly { path: string }[] } = JSON.parse(
        readFileSync(join(root, config), 'utf8'),
      );
      return references.map(({ path }) => path);
    };
    const withSources = folders.filter((folder) => existsSync(join(root, folder, 'tsconfig.json')));
    expect([...referenced('tsconfig.json')].sort()).toEqual([...withSources, 'tsconfig.test.json'].sort());
    expect([...referenced('tsconfig.test.json')].sort()).toEqual(withSources);
  });

  it('builds pure packages without Node or DOM types', () => {
    for (const folder of folders.filter((path) => path.startsWith('packages/'))) {
      const { extends: base, compilerOptions } = JSON.parse(readFileSync(join(root, folder, 'tsconfig.json'), 'utf8'));
      expect({ folder, base, types: compilerOptions.types, lib: compilerOptions.lib }).toEqual({
        folder,
        base: '../../tsconfig.base.json',
        types: undefined,
        lib: undefined,
      });
    }
    const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8'));
    expect(compilerOptions).toMatchObject({ lib: ['ES2023'], types: [] });
  });
});

describe('the checker itself', () => {
  const net: Package = { folder: 'packages/net', name: '@bothways/net', dependencies: [] };
  const estate: Package = {
    folder: 'packages/estate',
    name: '@bothways/estate',
    dependencies: ['@bothways/net', 'yaml'],
  };
  const facts: Package = { folder: 'packages/facts', name: '@bothways/facts', dependencies: ['@bothways/diagnostics'] };
  const diagnostics: Package = { folder: 'packages/diagnostics', name: '@bothways/diagnostics', dependencies: [] };
  const cli: Package = { folder: 'apps/cli', name: 'bothways', dependencies: ['@bothways/estate'] };

  function check(sources: Readonly<Record<string, string>>): readonly string[] {
    return violations({
      packages: [net, estate, facts, diagnostics, cli],
      developmentDependencies: ['vitest'],
      files: Object.entries(sources).map(([path, text]) => ({ path, text })),
    });
  }

  it.each<[string, string, string, RegExp | undefined]>([
    ['an import to the left', 'packages/estate/src/a.ts', "import { a } from '@bothways/net';", undefined],
    ['a declared library', 'packages/estate/src/a.ts', "import { parse } from 'yaml';", undefined],
    ['a test library in a test', 'packages/net/src/a.test.ts', "import { it } from 'vitest';", undefined],
    ['Node in a test', 'packages/net/src/a.test.ts', "import 'node:fs';", undefined],
    ['Node in an application', 'apps/cli/src/a.ts', "import 'node:fs';", undefined],
    ['an import to the right', 'packages/net/src/a.ts', "import { a } from '@bothways/estate';", /stands to its right/],
    [
      'a type import to the right',
      'packages/net/src/a.ts',
      "import type { A } from '@bothways/estate';",
      /to its right/,
    ],
    ['a re-export from the right', 'packages/net/src/a.ts', "export { a } from '@bothways/estate';", /to its right/],
    ['a late import from the right', 'packages/net/src/a.ts', "await import('@bothways/estate');", /to its right/],
    ['an import from beside', 'packages/facts/src/a.ts', "import '@bothways/diagnostics';", /to its right/],
    ['a deep import', 'packages/estate/src/a.ts', "import '@bothways/net/src/x.ts';", /reaches inside @bothways\/net/],
    ['a way around by path', 'packages/estate/src/a.ts', "import '../../net/src/x.ts';", /leaves the package/],
    ['itself by name', 'packages/net/src/a.ts', "import '@bothways/net';", /is the package itself/],
    ['an undeclared library', 'packages/net/src/a.ts', "import 'yaml';", /not declared in packages\/net/],
    ['an undeclared package', 'apps/cli/src/a.ts', "import '@bothways/net';", /not declared in apps\/cli/],
    ['a test library in a source', 'packages/net/src/a.ts', "import 'vitest';", /not declared/],
    ['Node in a pure package', 'packages/net/src/a.ts', "import 'node:fs';", /pure package/],
  ])('judges %s', (_, path, text, expected) => {
    const found = check({ [path]: text });
    if (expected === undefined) expect(found).toEqual([]);
    else expect(found).toEqual([expect.stringMatching(expected)]);
  });

  it('finds a cycle between files, also through types', () => {
    const found = check({
      'packages/net/src/a.ts': "import { b } from './b.ts';",
      'packages/net/src/b.ts': "import type { C } from './c.ts';",
      'packages/net/src/c.ts': "export * from './a.ts';",
    });
    expect(found).toEqual([
      'import cycle: packages/net/src/a.ts → packages/net/src/b.ts → packages/net/src/c.ts → packages/net/src/a.ts',
    ]);
  });

  it('asks for a place in the table for a new package', () => {
    const stray: Package = { folder: 'packages/stray', name: '@bothways/stray', dependencies: [] };
    expect(violations({ packages: [stray], developmentDependencies: [], files: [] })).toEqual([
      'packages/stray: give it a place in the table of scripts/layers.ts',
    ]);
  });

  it('refuses to pass over a file it cannot read', () => {
    expect(() => importsOf({ path: 'packages/net/src/a.ts', text: 'import {' })).toThrow(/packages\/net\/src\/a\.ts/);
  });
});
