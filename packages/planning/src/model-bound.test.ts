import { Random } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import type { PlaceProblem } from './model.ts';
import { Relaxation, restrictionBelow } from './model-bound.ts';
import { enumeratedChoice } from './model-enumeration.ts';
import { placeProblem } from './model-sample.ts';
import { Search } from './model-search.ts';

function small(seed: number): PlaceProblem {
  return placeProblem(seed, {
    sites: 3 + (seed % 3),
    places: 3,
    copies: seed % 2 === 0 ? 1 : 2,
    alone: seed % 3 === 0,
  });
}

/** Prices per site of any size. */
function prices(problem: PlaceProblem, random: Random): Float64Array {
  return Float64Array.from(problem.demands, () => random.below(4000));
}

describe('the bound of the relaxation', () => {
  it('is below the cheapest choice, whatever the prices (seeds 1 to 150)', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const problem = small(seed);
      const cost = enumeratedChoice(problem)?.cost ?? Number.POSITIVE_INFINITY;
      const relaxation = new Relaxation(problem);
      const random = new Random(seed);
      for (let attempt = 0; attempt < 10; attempt++) {
        expect(relaxation.at(prices(problem, random)).bound).toBeLessThanOrEqual(cost + 1e-6);
      }
    }
  });

  it('rules out nothing that the cheapest choice uses (seeds 201 to 350)', () => {
    let ruledOut = 0;
    for (let seed = 201; seed <= 350; seed++) {
      const problem = small(seed);
      const best = enumeratedChoice(problem);
      if (best === undefined) continue;
      const relaxation = new Relaxation(problem);
      const random = new Random(seed);
      for (let attempt = 0; attempt < 10; attempt++) {
        const { pairs, places } = restrictionBelow(problem, relaxation.at(prices(problem, random)), best.cost);
        ruledOut += pairs.filter((each) => each === 0).length;
        for (const [site, used] of best.used.entries()) {
          for (let pair = problem.starts[site] ?? 0; pair < (problem.starts[site + 1] ?? 0); pair++) {
            if (!used.includes(problem.places[pair] ?? -1)) continue;
            expect({ seed, site, kept: pairs[pair], open: places[problem.places[pair] ?? 0] }).toEqual({
              seed,
              site,
              kept: 1,
              open: 1,
            });
          }
        }
      }
    }
    expect(ruledOut).toBeGreaterThan(20);
  });
});

describe('the search', () => {
  it('finds choices that are never cheaper than the cheapest, and often as cheap (seeds 401 to 500)', () => {
    let equal = 0;
    for (let seed = 401; seed <= 500; seed++) {
      const problem = small(seed);
      const best = enumeratedChoice(problem);
      const found = new Search(problem).from(new Uint8Array(problem.offers.length).fill(1), true);
      if (best === undefined || found === undefined) continue;
      expect(found.cost).toBeGreaterThanOrEqual(best.cost - 1e-6);
      if (found.cost < best.cost + 1e-6) equal++;
    }
    expect(equal).toBeGreaterThan(40);
  });
});
