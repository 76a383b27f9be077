import { Random } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { applyEdits, type Edit } from './index.ts';

function edit(start: string, end: string, replacement: string, file = 'f'): Edit {
  const at = (text: string): Edit['start'] => {
    const [line = 0, column = 0] = text.split(':').map(Number);
    return { line, column };
  };
  return { file, start: at(start), end: at(end), replacement };
}

function edited(text: string, edits: readonly Edit[]): string {
  const result = applyEdits(text, edits);
  return result.ok ? result.value : `problem: ${result.problem}`;
}

describe('applying edits', () => {
  it('replaces, inserts and deletes, all by positions of the old text', () => {
    expect(edited('one two three', [edit('1:5', '1:8', '2'), edit('1:1', '1:4', '1')])).toBe('1 2 three');
    expect(edited('a\nb\n', [edit('2:1', '2:1', 'x\n')])).toBe('a\nx\nb\n');
    expect(edited('a\nb\nc\n', [edit('2:1', '3:1', '')])).toBe('a\nc\n');
    expect(edited('a\n', [edit('2:1', '2:1', 'end\n')])).toBe('a\nend\n');
    expect(edited('', [edit('1:1', '1:1', 'x')])).toBe('x');
    expect(edited('same', [])).toBe('same');
  });

  it('keeps carriage returns at line ends', () => {
    expect(edited('a\r\nb\r\n', [edit('1:2', '1:2', '!')])).toBe('a!\r\nb\r\n');
    expect(edited('a\r\nb\r\n', [edit('1:3', '1:3', '!')])).toBe(
      'problem: the edit at 1:3 lies outside the text, which has 3 lines',
    );
  });

  it('lets an insertion touch a replacement', () => {
    expect(edited('abc', [edit('1:2', '1:3', 'B'), edit('1:2', '1:2', '+'), edit('1:3', '1:3', '-')])).toBe('a+B-c');
  });

  it('refuses what is not clear', () => {
    expect(edited('abcdef', [edit('1:1', '1:4', 'x'), edit('1:3', '1:5', 'y')])).toBe(
      'problem: the edits at 1:1 and 1:3 overlap',
    );
    expect(edited('abcdef', [edit('1:2', '1:2', 'x'), edit('1:2', '1:2', 'y')])).toBe(
      'problem: the edits at 1:2 and 1:2 overlap',
    );
    expect(edited('abcdef', [edit('1:2', '1:3', 'x'), edit('1:2', '1:3', 'x')])).toBe(
      'problem: the edits at 1:2 and 1:2 overlap',
    );
    expect(edited('abcdef', [edit('1:1', '1:5', 'x'), edit('1:3', '1:3', 'y')])).toBe(
      'problem: the edits at 1:1 and 1:3 overlap',
    );
    expect(edited('abc', [edit('1:3', '1:1', 'x')])).toBe('problem: the edit from 1:3 to 1:1 runs backwards');
    expect(edited('abc', [edit('1:5', '1:5', 'x')])).toBe(
      'problem: the edit at 1:5 lies outside the text, which has 1 line',
    );
    expect(edited('abc', [edit('0:1', '1:1', 'x')])).toBe(
      'problem: the edit at 0:1 lies outside the text, which has 1 line',
    );
    expect(edited('abc', [edit('1:1', '2:1', 'x')])).toBe(
      'problem: the edit at 2:1 lies outside the text, which has 1 line',
    );
    expect(edited('abc', [edit('1:1', '1:2', 'x'), edit('1:3', '1:3', 'y', 'g')])).toBe(
      'problem: the edits are for different files: f and g',
    );
  });

  const seed = 20282;
  it(`gives the same as edits applied one by one from the end (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: 40 }, () => random.pick(['a', 'b', '\n', 'é', '東'])).join('');
      const cuts = [...new Set(Array.from({ length: 6 }, () => random.below(text.length + 1)))].toSorted(
        (a, b) => a - b,
      );
      const edits: Edit[] = [];
      let expected = text;
      for (let index = cuts.length - 2; index >= 0; index -= 2) {
        const [from = 0, to = 0] = cuts.slice(index, index + 2);
        const replacement = random.pick(['', 'X', 'new\nline']);
        const at = (offset: number): Edit['start'] => {
          const before = text.slice(0, offset).split('\n');
          return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
        };
        edits.push({ file: 'f', start: at(from), end: at(to), replacement });
        expected = expected.slice(0, from) + replacement + expected.slice(to);
      }
      expect(edited(text, random.shuffle(edits))).toBe(expected);
    }
  });
});
