/**
 * The choice of places by trying everything: the slow twin of the solver, for cases small enough. Every site tries every
 * set of places it may use.
 */
import { type PlaceChoice, type PlaceProblem, pricedChoice } from './model.ts';

/** The cheapest choice; `undefined` where there is none. Time grows with the product of the options of all sites. */
export function enumeratedChoice(problem: PlaceProblem): PlaceChoice | undefined {
  const sites = problem.demands.length;
  const options = Array.from({ length: sites }, (_, site) => optionsOf(problem, site));
  const used: (readonly number[])[] = Array.from({ length: sites }, () => []);
  let best: PlaceChoice | undefined;
  const visit = (site: number): void => {
    if (site === sites) {
      const priced = pricedChoice(problem, used);
      if (priced !== undefined && (best === undefined || priced.cost < best.cost)) best = priced;
      return;
    }
    for (const option of options[site] ?? []) {
      used[site] = option;
      visit(site + 1);
    }
  };
  visit(0);
  return best;
}

function optionsOf({ starts, places, copies, alone }: PlaceProblem, site: number): readonly (readonly number[])[] {
  const near = [...places.subarray(starts[site] ?? 0, starts[site + 1] ?? 0)];
  const options: (readonly number[])[] = Number.isFinite(alone[site] ?? Number.POSITIVE_INFINITY) ? [[]] : [];
  if ((copies[site] ?? 1) === 1) return [...options, ...near.map((place) => [place])];
  return [...options, ...near.flatMap((first, ix) => near.slice(ix + 1).map((second) => [first, second]))];
}
