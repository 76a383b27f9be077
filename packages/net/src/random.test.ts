import { describe, expect, it } from 'vitest';
import { Random } from './index.ts';

/** xoshiro128** in big integers, straight from the published recurrence, as the slow twin. */
function* reference(state: readonly bigint[]): Generator<number> {
  const mask = 0xffff_ffffn;
  const rotate = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (32n - by))) & mask;
  let [s0 = 0n, s1 = 0n, s2 = 0n, s3 = 0n] = state;
  for (;;) {
    yield Number((rotate((s1 * 5n) & mask, 7n) * 9n) & mask);
    const t = (s1 << 9n) & mask;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = rotate(s3, 11n);
  }
}

describe('seeded random numbers', () => {
  it('follows the published recurrence', () => {
    const random = new Random(1);
    const state = Reflect.get(random, 'state');
    const expected = reference(Array.from(state instanceof Uint32Array ? state : [], BigInt));
    for (let round = 0; round < 1000; round += 1) {
      expect(random.nextUint32()).toBe(expected.next().value);
    }
  });

  it('repeats for a seed and differs between seeds, also beyond 32 bits', () => {
    const firstOf = (seed: number): readonly number[] => {
      const random = new Random(seed);
      return Array.from({ length: 4 }, () => random.nextUint32());
    };
    expect(firstOf(5)).toEqual(firstOf(5));
    const seeds = [0, 1, 2, -1, 2 ** 32, 2 ** 32 + 1, 2 ** 40, Number.MAX_SAFE_INTEGER];
    expect(new Set(seeds.map((seed) => firstOf(seed).join())).size).toBe(seeds.length);
    expect(() => new Random(0.5)).toThrow(RangeError);
  });

  it('spreads evenly below a bound', () => {
    const random = new Random(20265);
    const counts = new Array<number>(7).fill(0);
    for (let round = 0; round < 70_000; round += 1) {
      const draw = random.below(7);
      counts[draw] = (counts[draw] ?? 0) + 1;
    }
    // The standard deviation of each count is about 93.
    for (const each of counts) {
      expect(Math.abs(each - 10_000)).toBeLessThan(500);
    }
  });

  it('stays below big bounds and reaches both halves', () => {
    const random = new Random(20266);
    const bound = (1n << 100n) + 1n;
    const draws = Array.from({ length: 200 }, () => random.bigBelow(bound));
    expect(draws.every((draw) => draw >= 0n && draw < bound)).toBe(true);
    expect(draws.some((draw) => draw > bound / 2n)).toBe(true);
    expect(draws.some((draw) => draw < bound / 2n)).toBe(true);
    expect(random.bigBelow(1n)).toBe(0n);
    expect(random.below(1)).toBe(0);
    expect(random.below(2 ** 32)).toBeLessThan(2 ** 32);
    expect(() => random.below(0)).toThrow(RangeError);
    expect(() => random.bigBelow(0n)).toThrow(RangeError);
  });

  it('picks and shuffles without losing anything', () => {
    const random = new Random(20267);
    const items = Array.from({ length: 50 }, (_, index) => index);
    const shuffled = random.shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
    expect(new Set(Array.from({ length: 1000 }, () => random.pick(items))).size).toBe(50);
    expect(() => random.pick([])).toThrow('there are no items');
  });
});
