import { setImmediate } from 'node:timers/promises';
import { choosePlaces, enumeratedChoice, linearForm, placeProblem, pricedChoice } from '@bothways/planning';
import { afterAll, describe, expect, it } from 'vitest';
import { highsSolver } from './solver.ts';

const solver = highsSolver();
afterAll(() => solver.close());
const clock = (): number => performance.now() / 1000;

/** Small enough to try everything. */
function small(seed: number): ReturnType<typeof placeProblem> {
  return placeProblem(seed, {
    sites: 2 + (seed % 4),
    places: 2 + (seed % 3),
    copies: seed % 2 === 0 ? 1 : 2,
    alone: seed % 3 === 0,
  });
}

describe('the choice of places', () => {
  it('is the one that trying everything finds, for 1,000 seeded problems (seeds 1 to 1000)', async () => {
    const wrong: number[] = [];
    for (let seed = 1; seed <= 1000; seed++) {
      const problem = small(seed);
      const expected = enumeratedChoice(problem);
      const { choice, gap, infeasible } = await choosePlaces(problem, {
        solve: solver.solve,
        timeLimit: 20,
        relativeGap: 0,
      });
      const same =
        expected === undefined
          ? infeasible
          : choice !== undefined && Math.abs(choice.cost - expected.cost) < 1e-6 * expected.cost && gap < 1e-9;
      if (!same) wrong.push(seed);
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('is priced again from its sites alone to the same cost (seeds 2001 to 2020)', async () => {
    for (let seed = 2001; seed <= 2020; seed++) {
      const problem = placeProblem(seed, { sites: 12, places: 6, copies: seed % 2 === 0 ? 1 : 2, alone: true });
      const { choice } = await choosePlaces(problem, { solve: solver.solve, timeLimit: 20, relativeGap: 1e-3 });
      expect(choice === undefined ? undefined : pricedChoice(problem, choice.used)?.cost).toBe(choice?.cost);
    }
  });

  it('costs the same in the naive model (seeds 3001 to 3060)', async () => {
    for (let seed = 3001; seed <= 3060; seed++) {
      const problem = small(seed);
      const form = linearForm(problem, 'naive');
      const { outcome, values } = await solver.solve(form.model, { timeLimit: 20, relativeGap: 0 });
      const expected = enumeratedChoice(problem);
      if (expected === undefined) expect(outcome).toBe('infeasible');
      else expect(values === undefined ? undefined : form.choiceOf(values)?.cost).toBeCloseTo(expected.cost, 4);
    }
  });

  it('never has a bound above its cost, however early it is stopped (seeds 4001 to 4003)', async () => {
    for (let seed = 4001; seed <= 4003; seed++) {
      const problem = placeProblem(seed, { sites: 30, places: 12, copies: 2, alone: false });
      const early = await choosePlaces(problem, { solve: solver.solve, timeLimit: 0.05, relativeGap: 0, clock });
      const late = await choosePlaces(problem, { solve: solver.solve, timeLimit: 3, relativeGap: 0.002, clock });
      expect(early.bound).toBeLessThanOrEqual((late.choice?.cost ?? 0) * (1 + 1e-9));
      expect(late.bound).toBeLessThanOrEqual((early.choice?.cost ?? 0) * (1 + 1e-9));
    }
  }, 60_000);

  it('says at once that a site has too few places', async () => {
    const problem = placeProblem(5, { sites: 4, places: 1, copies: 2, alone: false });
    const { infeasible, choice } = await choosePlaces(problem, { solve: solver.solve, timeLimit: 5, relativeGap: 0 });
    expect({ infeasible, choice }).toEqual({ infeasible: true, choice: undefined });
  });

  it('reports a first answer before the last one, and ends when it is cancelled', async () => {
    const problem = placeProblem(6, { sites: 120, places: 40, copies: 2, alone: true });
    const seen: number[] = [];
    let cancel: () => void = () => undefined;
    const cancelled = new Promise<void>((resolve) => {
      cancel = resolve;
    });
    const begin = clock();
    const { choice, gap } = await choosePlaces(problem, {
      solve: solver.solve,
      timeLimit: 120,
      relativeGap: 0,
      clock,
      cancelled,
      pause: () => setImmediate(),
      onProgress: ({ cost }) => {
        seen.push(cost);
        if (seen.length === 3) setTimeout(cancel, 200);
      },
    });
    expect(choice).toBeDefined();
    expect(gap).toBeLessThan(0.5);
    expect(seen.length).toBeGreaterThan(1);
    expect(seen[0]).toBeGreaterThanOrEqual(choice?.cost ?? Number.POSITIVE_INFINITY);
    // Far below the limit, also where the processors are shared.
    expect(clock() - begin).toBeLessThan(60);
  }, 90_000);
});

describe('the solver', () => {
  it('says that a model has no solution', async () => {
    const solution = await solver.solve(
      {
        costs: Float64Array.of(1),
        lower: Float64Array.of(0),
        upper: Float64Array.of(1),
        whole: Uint8Array.of(1),
        rowLower: Float64Array.of(2),
        rowUpper: Float64Array.of(3),
        starts: Int32Array.of(0, 1),
        columns: Int32Array.of(0),
        values: Float64Array.of(1),
      },
      { timeLimit: 5, relativeGap: 0 },
    );
    expect(solution.outcome).toBe('infeasible');
  });

  it('rejects what is no model, and goes on working', async () => {
    const broken = {
      costs: Float64Array.of(1),
      lower: Float64Array.of(0),
      upper: Float64Array.of(1),
      whole: Uint8Array.of(1),
      rowLower: Float64Array.of(0),
      rowUpper: Float64Array.of(1),
      starts: Int32Array.of(0, 1),
      columns: Int32Array.of(7),
      values: Float64Array.of(1),
    };
    await expect(solver.solve(broken, { timeLimit: 5, relativeGap: 0 })).rejects.toThrow('the solver failed');
    const again = await solver.solve({ ...broken, columns: Int32Array.of(0) }, { timeLimit: 5, relativeGap: 0 });
    expect(again).toMatchObject({ outcome: 'optimal', cost: 0 });
  });
});
