import { describe, expect, it } from 'vitest';
import { yamlPositionAt } from './yaml-path.ts';

/** The position of `|` in the text without it. */
function at(text: string) {
  const offset = text.indexOf('|');
  const { path, writes, word, siblings } = yamlPositionAt(text.replace('|', ''), offset);
  return { path: path.join('.'), writes, word, siblings };
}

describe('where a position in a document is', () => {
  it('a key at the root, beside those that are there', () => {
    expect(at('bothways: 1\nsites:\n  hq: {}\nwa|\ndemands: {}\n')).toEqual({
      path: '',
      writes: 'key',
      word: 'wa',
      siblings: ['sites', 'bothways', 'demands'],
    });
  });

  it('a key of a map in block style', () => {
    const found = at('circuits:\n  er-fra:\n    location: Frankfurt\n    ba|\n    sku: standard\n');
    expect(found).toEqual({ path: 'circuits.er-fra', writes: 'key', word: 'ba', siblings: ['location', 'sku'] });
  });

  it('a value in block style', () => {
    expect(at('circuits:\n  er-fra:\n    sku: pre|')).toEqual({
      path: 'circuits.er-fra.sku',
      writes: 'value',
      word: 'pre',
      siblings: [],
    });
  });

  it('a key in flow style', () => {
    expect(at('sites:\n  hq: { city: Munich, us|')).toEqual({
      path: 'sites.hq',
      writes: 'key',
      word: 'us',
      siblings: ['city'],
    });
  });

  it('a value in flow style, with blanks in it', () => {
    expect(at('sites:\n  hq: { city: New Y|').path).toBe('sites.hq.city');
    expect(at('sites:\n  hq: { city: New Y|').word).toBe('New Y');
  });

  it('an item of a list in flow style', () => {
    expect(at('wan:\n  mpls: { between: [hq, d|').path).toBe('wan.mpls.between.1');
    expect(at('demands:\n  all:\n    from: [hq, |').path).toBe('demands.all.from.1');
  });

  it('an item of a list in block style, indented or not', () => {
    expect(at('demands:\n  all:\n    flows:\n      - PP-F01\n      - PP|').path).toBe('demands.all.flows.1');
    expect(at('demands:\n  all:\n    flows:\n    - PP-F01\n    - PP|').path).toBe('demands.all.flows.1');
  });

  it('a key of a map that is an item', () => {
    const found = at(
      'firewalls:\n  fw:\n    rules:\n      - action: allow\n        from: [a]\n      - action: deny\n        z|',
    );
    expect(found.path).toBe('firewalls.fw.rules.1');
    expect(found.siblings).toContain('action');
    expect(found.siblings).not.toContain('from');
  });

  it('nothing of a comment or an empty line', () => {
    expect(at('sites:\n  # the offices\n\n  hq: {}\n  br|').path).toBe('sites');
  });

  it('the value after a quoted key', () => {
    expect(at('sites:\n  "head office":\n    city: M|').path).toBe('sites.head office.city');
  });
});
