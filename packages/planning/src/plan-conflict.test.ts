import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallestConflict } from './plan-conflict.ts';

describe('the smallest conflict', () => {
  it('is as small as the smallest set that trying every subset finds, and a conflict itself (seed 7)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
        async (cores) => {
          const items = [0, 1, 2, 3, 4, 5, 6];
          const possible = async (subset: readonly number[]): Promise<boolean> =>
            !cores.some((core) => core.every((each) => subset.includes(each)));
          const found = await smallestConflict(items, possible);
          const least = Math.min(...cores.map((core) => core.length));
          if (cores.length === 0) expect(found).toBeUndefined();
          else {
            expect(found).toHaveLength(least);
            expect(await possible(found ?? [])).toBe(false);
          }
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });
});
