import { type Asn, asn, Random } from '@bothways/net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AsPathPattern, compileAsPathPattern, parseAsPathPattern } from './as-path-pattern.ts';
import { textMatches } from './reference-policy.ts';

function matches(text: string, path: readonly number[]): boolean {
  const parsed = parseAsPathPattern(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem} at ${parsed.at}`);
  const compiled = compileAsPathPattern(parsed.value);
  if (typeof compiled !== 'function') throw new Error(compiled.problem);
  return compiled(path.map((number) => asn(number)));
}

describe('an AS-path pattern', () => {
  it.each([
    ['_12076_', [65001, 12076, 8075], true],
    ['_12076_', [65001, 112076], false],
    ['12076', [12076], true],
    ['^12076_', [12076, 8075], true],
    ['^12076_', [65001, 12076], false],
    ['_8075$', [12076, 8075], true],
    ['_8075$', [8075, 12076], false],
    ['^$', [], true],
    ['^$', [1], false],
    ['', [1, 2], true],
    ['.*', [], true],
    ['^.$', [65001], true],
    ['^[0-9]+$', [65001], true],
    ['^[0-9]+$', [1, 2], false],
    ['^[0-9]+_[0-9]+$', [1, 2], true],
    ['^(65001 )+12076$', [65001, 65001, 12076], true],
    ['^(65001 )+12076$', [65001, 65002, 12076], false],
    ['^65001{2,3}$', [65001], false],
    ['^65001{2,3}$', [65001, 65001, 65001], true],
    ['^65001{2,3}$', [65001, 65001, 65001, 65001], false],
    ['^[64512-65534 4200000000-4294967294]*$', [64512, 65534, 4200000001], true],
    ['^[64512-65534]*$', [64512, 64511], false],
    ['^(1|2 3)?4$', [2, 3, 4], true],
    ['^(1|2 3)?4$', [4], true],
    ['^(1|2 3)?4$', [2, 4], false],
    ['(^|_)65001_', [7, 65001], true],
    ['^1|2$', [1, 9], true],
    ['^1|2$', [9, 1], false],
    ['1^2', [1, 2], false],
    ['4294967295', [4294967295], true],
  ] as const)('%s on %j: %s', (text, path, expected) => {
    expect(matches(text, path)).toBe(expected);
  });

  it.each([
    ['(1', "'(' is never closed", 0],
    ['1)', "')' has no beginning", 1],
    ['*1', "'*' repeats nothing", 0],
    ['[]', 'the set is empty', 0],
    ['[1', "'[' is not followed by AS numbers and ']'", 0],
    ['[5-1]', 'the range 5-1 is empty', 0],
    ['6500[1-3]', 'a set stands for whole AS numbers; write [65001-65003] for 6500[1-3]', 0],
    ['[1-3]5', 'a set stands for whole AS numbers and is not continued by digits', 0],
    ['4294967296', '4294967296 is more than 32 bits', 0],
    ['1{5,2}', '{5,2} is empty', 1],
    ['1{65}', '64 repeats are the most', 1],
    ['1 \\d', "'\\' means nothing in an AS-path pattern", 2],
    ['('.repeat(41), 'parentheses are nested more than 40 deep', 40],
    ['1'.repeat(1001), 'the pattern has 1001 characters, 1000 is the most', 0],
  ] as const)('%s is refused', (text, problem, at) => {
    expect(parseAsPathPattern(text)).toEqual({ ok: false, problem, at });
  });

  it.each(['(((1{64}){64}){64})', '^(.*1.{15})'])('%s is refused as too large, soon', (text) => {
    const parsed = parseAsPathPattern(text);
    const compiled = parsed.ok ? compileAsPathPattern(parsed.value) : parsed;
    expect(compiled).toHaveProperty('problem', expect.stringMatching(/more than (5000 parts|2000 states)/));
  });

  it('means what a regular expression over text says, 3,000 patterns, seed 61', () => {
    let found = 0;
    const property = fc.property(fc.nat(), (seed) => {
      const random = new Random(seed);
      const pattern = randomPattern(random, 3);
      const compiled = compileAsPathPattern(pattern);
      if (typeof compiled !== 'function') throw new Error(compiled.problem);
      for (let n = 0; n < 10; n++) {
        const path = Array.from({ length: random.below(6) }, (): Asn => asn(random.below(5)));
        const expected = textMatches(pattern, path);
        if (expected) found++;
        expect(compiled(path), `${JSON.stringify(pattern)} on ${path.join(' ')}`).toBe(expected);
      }
    });
    fc.assert(property, { seed: 61, numRuns: 3000 });
    expect(found).toBeGreaterThan(5000);
    expect(found).toBeLessThan(25_000);
  });
});

function randomPattern(random: Random, depth: number): AsPathPattern {
  const items = (): AsPathPattern[] => Array.from({ length: random.below(4) }, () => randomPattern(random, depth - 1));
  const kind = depth === 0 ? 0 : random.below(8);
  if (kind === 7) return random.pick([{ kind: 'start' }, { kind: 'end' }] as const);
  if (kind >= 5) return { kind: 'sequence', items: items() };
  if (kind === 4) return { kind: 'choice', items: [randomPattern(random, depth - 1), ...items()] };
  if (kind === 3) {
    const least = random.below(3);
    const most = random.pick([undefined, least, least + 1, least + 2]);
    return { kind: 'repeat', item: randomPattern(random, depth - 1), least, most };
  }
  const from = random.below(5);
  return { kind: 'one-of', ranges: [{ from, to: from + random.below(5 - from) }] };
}
