import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from './index.ts';

const names = { before: 'a/estate.yaml', after: 'b/estate.yaml' };

/** What `patch` does with it, written down again: context and removed lines must be there, in their place. */
function patched(text: string, diff: string): string {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let at = 0;
  const body = diff.split('\n').slice(2);
  for (const [index, line] of body.entries()) {
    const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@$/.exec(line);
    if (head !== null) {
      const start = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      result.push(...lines.slice(at, start));
      at = start;
      continue;
    }
    if (line.startsWith('\\')) continue;
    const cut = body[index + 1]?.startsWith('\\') === true;
    const content = line.slice(1) + (cut ? '' : '\n');
    if (line.startsWith('+')) result.push(content);
    else {
      expect(lines[at]).toBe(content);
      if (line.startsWith(' ')) result.push(content);
      at += 1;
    }
  }
  return [...result, ...lines.slice(at)].join('');
}

describe('a unified diff', () => {
  it('shows the change with three lines around it', () => {
    const before = Array.from({ length: 12 }, (_, at) => `line ${at + 1}\n`).join('');
    expect(unifiedDiff(before, before.replace('line 6\n', 'six\nand a half\n'), names)).toMatchInlineSnapshot(`
      "--- a/estate.yaml
      +++ b/estate.yaml
      @@ -3,7 +3,8 @@
       line 3
       line 4
       line 5
      -line 6
      +six
      +and a half
       line 7
       line 8
       line 9"
    `);
  });

  it('says where the line break at the end is missing, and is empty for equal texts', () => {
    expect(unifiedDiff('a\nb', 'a\nb\n', names).split('\n').slice(2)).toEqual([
      '@@ -1,2 +1,2 @@',
      ' a',
      '-b',
      '\\ No newline at end of file',
      '+b',
    ]);
    expect(unifiedDiff('', 'a\n', names).split('\n').slice(2)).toEqual(['@@ -0,0 +1 @@', '+a']);
    expect(unifiedDiff('a\n', '', names).split('\n').slice(2)).toEqual(['@@ -1 +0,0 @@', '-a']);
    expect(unifiedDiff('same', 'same', names)).toBe('');
  });

  const seed = 20601;
  it(`turns the one text into the other (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let round = 0; round < 400; round += 1) {
      const text = (): string =>
        Array.from({ length: random.below(30) }, () => random.pick(['a', 'b', 'c', 'd'])).join('\n') +
        random.pick(['', '\n']);
      const [before, after] = [text(), text()];
      const diff = unifiedDiff(before, after, names);
      expect(diff === '' ? before : patched(before, diff)).toBe(after);
    }
  });

  it('is read by git', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bothways-diff-'));
    try {
      const before = Array.from({ length: 40 }, (_, at) => `line ${at}\n`).join('');
      const after = before.replace('line 3\n', '').replace('line 20\n', 'twenty\n').replace('line 39\n', 'last');
      writeFileSync(join(folder, 'estate.yaml'), before);
      writeFileSync(join(folder, 'change.diff'), `${unifiedDiff(before, after, names)}\n`);
      execFileSync('git', ['apply', 'change.diff'], { cwd: folder });
      expect(readFileSync(join(folder, 'estate.yaml'), 'utf8')).toBe(after);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('gives up the search for texts that have nothing in common, and stays right', () => {
    const before = Array.from({ length: 3000 }, (_, at) => `old ${at}\n`).join('');
    const after = Array.from({ length: 3000 }, (_, at) => `new ${at}\n`).join('');
    expect(patched(before, unifiedDiff(before, after, names))).toBe(after);
  });
});
