import { Random } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { cutText, formatTable, nearestName, plural, printable, redact, textWidth, wrapText } from './index.ts';

describe('the nearest name', () => {
  const keys = ['name', 'nat-pool', 'peering-location', 'route-filter', 'bfd', 'asn', 'sites', 'circuits'];
  it.each([
    ['nmae', 'name'],
    ['nat_pool', 'nat-pool'],
    ['natpool', 'nat-pool'],
    ['Peering-Location', 'peering-location'],
    ['peeringlocation', 'peering-location'],
    ['ruote-filter', 'route-filter'],
    ['bfb', 'bfd'],
    ['site', 'sites'],
    ['circuit', 'circuits'],
    ['sties', 'sites'],
  ])('%s is near %s', (word, name) => {
    expect(nearestName(word, keys)).toBe(name);
  });

  it.each(['', 'x', 'provider', 'qqq', 'completely-else', 'x'.repeat(100_000)])('nothing is near %.20j', (word) => {
    expect(nearestName(word, keys)).toBeUndefined();
  });

  it('takes the nearest, and of equals the first', () => {
    expect(nearestName('edge', ['edges', 'edgy'])).toBe('edges');
    expect(nearestName('edge', ['edgy', 'edges'])).toBe('edgy');
    expect(nearestName('edges', ['edge', 'edges'])).toBe('edges');
  });
});

describe('wrapping', () => {
  it('breaks at spaces, keeps line feeds and cuts words that are too long', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('one\n\ntwo', 7)).toEqual(['one', '', 'two']);
    expect(wrapText('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl']);
    expect(wrapText('東京 大阪', 4)).toEqual(['東京', '大阪']);
    expect(wrapText('', 10)).toEqual(['']);
    expect(wrapText('ab', 0)).toEqual(['a', 'b']);
    expect(wrapText('ab', Number.NaN)).toEqual(['a', 'b']);
  });

  const seed = 20283;
  it(`never goes over the width and never loses a letter (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: random.below(60) }, () =>
        random.pick(['a', 'bc', ' ', '東', 'é', '👨‍👩‍👧', '-']),
      ).join('');
      const width = 2 + random.below(20);
      const lines = wrapText(text, width);
      expect(lines.every((line) => textWidth(line) <= width)).toBe(true);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
  });
});

describe('widths', () => {
  it.each([
    ['abc', 3],
    ['', 0],
    ['é', 1],
    ['e\u0301', 1],
    ['東京', 4],
    ['ﾊﾝ', 2],
    ['한글', 4],
    ['👨‍👩‍👧', 2],
    ['🇨🇭', 2],
    ['❤️', 2],
    ['❤', 1],
    ['…', 1],
    ['␛', 1],
  ])('%s takes %s cells', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it('cuts to a number of cells', () => {
    expect(cutText('abcdef', 6)).toBe('abcdef');
    expect(cutText('abcdef', 4)).toBe('abc…');
    expect(cutText('東京都', 4)).toBe('東…');
    expect(cutText('abc', 1)).toBe('…');
    expect(cutText('abc', 0)).toBe('');
  });
});

describe('safe text', () => {
  it('shows what would act on a terminal or hide', () => {
    expect(printable('\u001b[31m\u0007\n')).toBe('␛[31m␇␊');
    expect(printable('\u007f\u009b')).toBe('␡<U+009B>');
    expect(printable('a\u202eb\u2066c\u200bd\ufeff')).toBe('a<U+202E>b<U+2066>c<U+200B>d<U+FEFF>');
    expect(printable('\ud83d x \udc00')).toBe('<U+D83D> x <U+DC00>');
    expect(printable('\u{e0041}')).toBe('<U+E0041>');
  });

  it('leaves visible text of all scripts alone', () => {
    const text = 'Zürich 東京 العربية עברית हिन्दी 👩‍💻 ❤️ – “x”';
    expect(printable(text)).toBe(text);
    expect(printable(printable('\u001b'))).toBe('␛');
  });

  it('redacts every secret, the longest stretch where they overlap', () => {
    expect(redact('key=abc123; again abc123', ['abc123'])).toBe('key=[redacted]; again [redacted]');
    expect(redact('abcdef', ['abcd', 'cdef'])).toBe('[redacted]');
    expect(redact('abcd', ['cd', 'ab'])).toBe('[redacted]');
    expect(redact('aaaa', ['aa'])).toBe('[redacted]');
    expect(redact('nothing here', ['', 'secret'])).toBe('nothing here');
    expect(redact('a.c abc', ['a.c'])).toBe('[redacted] abc');
    expect(redact('secret at the start', ['secret'])).toBe('[redacted] at the start');
  });
});

describe('small words', () => {
  it('counts nouns', () => {
    expect([plural(0, 'error'), plural(1, 'error'), plural(2, 'error'), plural(2, 'entry', 'entries')]).toEqual([
      '0 errors',
      '1 error',
      '2 errors',
      '2 entries',
    ]);
  });
});

describe('tables', () => {
  const rows = [['Zürich', '2', 'ok'], ['東京', '10', ''], ['x']];

  it('align columns without borders', () => {
    expect(
      formatTable(rows, { header: ['site', 'paths', 'state'], align: ['left', 'right'] }).join('\n'),
    ).toMatchInlineSnapshot(`
      "site    paths  state
      ──────  ─────  ─────
      Zürich      2  ok
      東京       10
      x"
    `);
  });

  it('draw light borders', () => {
    expect(formatTable(rows, { borders: 'light', align: ['left', 'right'] }).join('\n')).toMatchInlineSnapshot(`
      "┌────────┬────┬────┐
      │ Zürich │  2 │ ok │
      │ 東京   │ 10 │    │
      │ x      │    │    │
      └────────┴────┴────┘"
    `);
  });

  it('cut wide columns, make cells printable and work when empty', () => {
    expect(formatTable([['abcdefgh', '\u001b[2J\n']], { columnWidth: 5 })).toEqual(['abcd…  ␛[2J␊']);
    expect(formatTable([])).toEqual([]);
    expect(formatTable([], { header: ['a'] })).toEqual(['a', '─']);
  });
});
