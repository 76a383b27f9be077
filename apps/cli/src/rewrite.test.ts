import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rewriteTogether } from './rewrite.ts';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'bothways-rewrite-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const contents = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

describe('several files replaced together', () => {
  it('are all replaced, and nothing else is left behind', () => {
    const folder = folderWith({ a: 'one', b: 'two', c: 'three' });
    const problem = rewriteTogether([
      { path: join(folder, 'a'), before: 'one', after: 'eins' },
      { path: join(folder, 'b'), before: 'two', after: 'zwei' },
    ]);
    expect(problem).toBeUndefined();
    expect(contents(folder)).toEqual({ a: 'eins', b: 'zwei', c: 'three' });
  });

  it('are left alone when one of them is not what was read', () => {
    const folder = folderWith({ a: 'one', b: 'somebody was here' });
    const problem = rewriteTogether([
      { path: join(folder, 'a'), before: 'one', after: 'eins' },
      { path: join(folder, 'b'), before: 'two', after: 'zwei' },
    ]);
    expect(problem).toMatch(/b' has changed since it was read; nothing was written/);
    expect(contents(folder)).toEqual({ a: 'one', b: 'somebody was here' });
  });

  it('are left alone when one of them is gone', () => {
    const folder = folderWith({ a: 'one' });
    const problem = rewriteTogether([
      { path: join(folder, 'a'), before: 'one', after: 'eins' },
      { path: join(folder, 'b'), before: 'two', after: 'zwei' },
    ]);
    expect(problem).toMatch(/cannot be written \(ENOENT\); nothing was changed/);
    expect(contents(folder)).toEqual({ a: 'one' });
  });

  it('keep a byte order mark that was there', () => {
    const folder = folderWith({ a: '\ufeffone' });
    expect(rewriteTogether([{ path: join(folder, 'a'), before: 'one', after: 'eins' }])).toBeUndefined();
    expect(contents(folder)).toEqual({ a: '\ufeffeins' });
  });
});
