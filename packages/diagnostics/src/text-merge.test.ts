import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeTexts } from './index.ts';

const lines = (...each: string[]): string => each.map((line) => `${line}\n`).join('');
const base = lines('a', 'b', 'c', 'd', 'e');

/** A text of unique lines, so that a lost or doubled one shows. */
const start = Array.from({ length: 12 }, (_, at) => `line ${at}`);

type Op = { readonly at: number; readonly remove: number; readonly add: number };
const edits = fc.array(fc.record({ at: fc.nat({ max: 12 }), remove: fc.nat({ max: 3 }), add: fc.nat({ max: 3 }) }), {
  maxLength: 4,
});

/** Edits from bottom to top, each line that is added marked with its author. */
function edited(author: string, ops: readonly Op[]): string {
  const text = [...start];
  for (const [index, { at, remove, add }] of ops.toSorted((a, b) => b.at - a.at).entries()) {
    text.splice(at, remove, ...Array.from({ length: add }, (_, each) => `${author} ${index} ${each}`));
  }
  return lines(...text);
}

describe('a three-way merge', () => {
  it('takes changes of different lines from both sides', () => {
    const merged = mergeTexts(base, base.replace('b', 'B'), base.replace('e', 'E'));
    expect(merged.text).toBe(lines('a', 'B', 'c', 'd', 'E'));
  });

  it('shows both sides where the same line was changed, and only there', () => {
    const merged = mergeTexts(base, base.replace('e', 'E').replace('b', 'mine'), base.replace('b', 'other'));
    expect(merged).toEqual({
      text: undefined,
      parts: [
        { kind: 'agreed', text: 'a\n' },
        { kind: 'conflict', base: 'b\n', ours: 'mine\n', theirs: 'other\n' },
        { kind: 'agreed', text: 'c\nd\nE\n' },
      ],
    });
  });

  it('takes an equal change once', () => {
    expect(mergeTexts(base, base.replace('c', 'C'), base.replace('c', 'C')).text).toBe(base.replace('c', 'C'));
  });

  it('asks where neighbouring lines were changed, and where both added at the same place', () => {
    expect(mergeTexts(base, base.replace('b', 'B'), base.replace('c', 'C')).text).toBeUndefined();
    expect(mergeTexts(base, `${base}mine\n`, `${base}other\n`).text).toBeUndefined();
  });

  it('keeps line ends as they are, and a missing one at the end', () => {
    expect(mergeTexts('a\r\nb\r\nc', 'A\r\nb\r\nc', 'a\r\nb\r\nc\r\n').text).toBe('A\r\nb\r\nc\r\n');
  });

  it('gives the other side when one did nothing, and the base when neither did', () => {
    expect(mergeTexts(base, base, 'x')).toEqual({ text: 'x', parts: [{ kind: 'agreed', text: 'x' }] });
    expect(mergeTexts(base, '', base).text).toBe('');
    expect(mergeTexts('', '', '')).toEqual({ text: '', parts: [] });
  });

  const seed = 88_001;
  it(`loses no line of either side and brings none back (seed ${seed})`, () => {
    fc.assert(
      fc.property(edits, edits, (mine, others) => {
        const [ours, theirs] = [edited('ours', mine), edited('theirs', others)];
        const { parts, text } = mergeTexts(lines(...start), ours, theirs);
        const side = (which: 'ours' | 'theirs'): string =>
          parts.map((part) => (part.kind === 'agreed' ? part.text : part[which])).join('');
        for (const [which, author] of [
          ['ours', ours],
          ['theirs', theirs],
        ] as const) {
          const kept = side(which).split('\n');
          const own = author.split('\n');
          for (const line of own.filter((each) => each.startsWith(which))) expect(kept).toContain(line);
        }
        // A line of the base stays in a clean merge exactly when both sides kept it.
        if (text !== undefined) {
          const merged = text.split('\n');
          for (const line of start) {
            const both = ours.split('\n').includes(line) && theirs.split('\n').includes(line);
            expect(merged.filter((each) => each === line)).toHaveLength(both ? 1 : 0);
          }
        }
      }),
      { seed, numRuns: 2000 },
    );
  });

  const second = 88_002;
  it(`does not depend on who is first (seed ${second})`, () => {
    fc.assert(
      fc.property(edits, edits, (mine, others) => {
        const [ours, theirs] = [edited('ours', mine), edited('theirs', others)];
        expect(mergeTexts(lines(...start), ours, theirs).text).toBe(mergeTexts(lines(...start), theirs, ours).text);
      }),
      { seed: second, numRuns: 500 },
    );
  });

  const third = 88_003;
  it(`agrees with git where both merge cleanly, and never merges what git refuses (seed ${third})`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'bothways-merge-'));
    try {
      execFileSync('git', ['--version']);
      fc.assert(
        fc.property(edits, edits, (mine, others) => {
          const texts = { ours: edited('ours', mine), base: lines(...start), theirs: edited('theirs', others) };
          for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
          const names = ['ours', 'base', 'theirs'];
          const git = spawnSync('git', ['merge-file', '-p', ...names], { cwd: folder, encoding: 'utf8' });
          const { text } = mergeTexts(texts.base, texts.ours, texts.theirs);
          if (text !== undefined && git.status === 0) expect(text).toBe(git.stdout);
          if (git.status !== 0) expect(text).toBeUndefined();
        }),
        { seed: third, numRuns: 60 },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
