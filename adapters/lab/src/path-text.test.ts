import { asn, Random } from '@bothways/net';
import { compileAsPathPattern, parseAsPathPattern } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { birdLargeRange, birdPathMasks, frrPathExpression, numberExpression } from './path-text.ts';

describe('ranges of numbers as expressions', () => {
  it('hold exactly their numbers, 300 ranges, seed 91', () => {
    const random = new Random(91);
    for (let n = 0; n < 300; n++) {
      const from = random.below(random.pick([12, 120, 70_000]));
      const to = from + random.below(random.pick([1, 15, 3000]));
      const expression = new RegExp(`^(${numberExpression({ from, to })})$`);
      for (const value of [from - 1, from, (from + to) >> 1, to, to + 1, from * 10, Math.floor(to / 10)]) {
        if (value < 0) continue;
        expect(expression.test(String(value)), `${value} in ${from} to ${to}`).toBe(value >= from && value <= to);
      }
    }
  });
});

const patterns = [
  '_65002_',
  '65001$',
  '^65003 65002',
  '^65003 [65005-65020]+$',
  '^65003 (65002 65001|165001)$',
  '^.{2}$',
  '^.{2,3}$',
  '^[0-9]+$',
  '^$',
  '^65003 65002?( 65001)*$',
  '65003 .* 65001',
];

describe('AS-path patterns for FRR', () => {
  it.each(patterns)('%s matches the text of the paths that the model matches', (pattern) => {
    // FRR's own meaning of the underscore.
    const expression = new RegExp((frrPathExpression(pattern) ?? '').replaceAll('_', '(^|[,{}() ]|$)'));
    const parsed = parseAsPathPattern(pattern);
    const matches = parsed.ok ? compileAsPathPattern(parsed.value) : undefined;
    if (typeof matches !== 'function') throw new Error(pattern);
    const random = new Random(92);
    let matched = 0;
    for (let n = 0; n < 2000; n++) {
      const path = Array.from({ length: random.below(5) }, () =>
        random.pick([65001, 65002, 65003, 165001, 6500, 65010]),
      );
      const expected = matches(path.map(asn));
      matched += expected ? 1 : 0;
      expect(expression.test(path.join(' ')), path.join(' ')).toBe(expected);
    }
    expect(matched).toBeGreaterThan(0);
  });
});

describe('what BIRD cannot say', () => {
  it('is a repeated group, and ranges in two places of a large community', () => {
    expect(birdPathMasks('^65003 [65005-65020]+$')).toEqual([
      '[= [65003] [65005..65020] =]',
      '[= [65003] [65005..65020] [65005..65020] + =]',
    ]);
    expect(birdPathMasks('^(65001 65002)+$')).toBeUndefined();
    const full = { from: 0, to: 4_294_967_295 };
    expect(birdLargeRange({ global: { from: 1, to: 1 }, first: full, second: full })).toBeUndefined();
    expect(
      birdLargeRange({ global: { from: 1, to: 1 }, first: { from: 2, to: 3 }, second: { from: 0, to: 9 } }),
    ).toEqual(['(1, 2, 0..9)', '(1, 3, 0..9)']);
  });
});
