/**
 * The choice of places as a mixed-integer linear model, in two forms with the same optimum.
 *
 * The strong form ties every pair to the offers that can carry its site by a row of its own, which brings the linear
 * relaxation close to the optimum. The naive form, kept for comparison, ties the pairs of a place together by its
 * capacity only, which is how such a model is written down at first.
 */
import { chargedShare, type PlaceChoice, type PlaceProblem, pricedChoice } from './model.ts';
import { type LinearModel, ModelBuilder } from './model-solver.ts';

export interface LinearForm {
  readonly model: LinearModel;
  /** The choice that values of the columns stand for. */
  readonly choiceOf: (values: Float64Array) => PlaceChoice | undefined;
  /** Values of the columns for a choice. */
  readonly valuesOf: (choice: PlaceChoice) => Float64Array;
}

/** What is known already, from bounds: pairs that no better choice uses, places it does not open. */
export interface Restriction {
  readonly pairAllowed: (pair: number) => boolean;
  readonly placeAllowed: (place: number) => boolean;
}

const EVERYTHING: Restriction = { pairAllowed: () => true, placeAllowed: () => true };

export function linearForm(
  problem: PlaceProblem,
  form: 'strong' | 'naive' = 'strong',
  { pairAllowed, placeAllowed }: Restriction = EVERYTHING,
): LinearForm {
  const { demands, copies, alone, starts, places, costs, offers } = problem;
  const builder = new ModelBuilder();
  const pairColumn = new Int32Array(places.length).fill(-1);
  const aloneColumn = new Int32Array(demands.length).fill(-1);
  const offerColumns: number[][] = offers.map(() => []);
  const extraColumn = new Int32Array(offers.length).fill(-1);
  const pairsOfPlace: { site: number; pair: number }[][] = offers.map(() => []);

  for (const [place, list] of offers.entries()) {
    if (placeAllowed(place)) offerColumns[place] = list.map(({ fixed }) => builder.choice(fixed));
  }
  for (let site = 0; site < demands.length; site++) {
    const entries: { column: number; value: number }[] = [];
    for (let pair = starts[site] ?? 0; pair < (starts[site + 1] ?? 0); pair++) {
      const place = places[pair] ?? -1;
      if (!placeAllowed(place) || !pairAllowed(pair)) continue;
      const column = builder.choice(costs[pair] ?? 0);
      pairColumn[pair] = column;
      entries.push({ column, value: 1 });
      pairsOfPlace[place]?.push({ site, pair });
    }
    const copiesOfSite = copies[site] ?? 1;
    if (Number.isFinite(alone[site] ?? Number.POSITIVE_INFINITY)) {
      const column = builder.choice(alone[site] ?? 0);
      aloneColumn[site] = column;
      entries.push({ column, value: copiesOfSite });
    }
    builder.row(copiesOfSite, copiesOfSite, entries);
  }
  for (const [place, list] of offers.entries()) {
    const bought = offerColumns[place] ?? [];
    const users = pairsOfPlace[place] ?? [];
    if (bought.length === 0 || users.length === 0) continue;
    const column = (pair: number): number => pairColumn[pair] ?? -1;
    const demand = (site: number): number => demands[site] ?? 0;
    builder.row(Number.NEGATIVE_INFINITY, 0, [
      ...users.map(({ site, pair }) => ({ column: column(pair), value: demand(site) })),
      ...bought.map((each, ix) => ({ column: each, value: -(list[ix]?.capacity ?? 0) })),
    ]);
    builder.row(
      Number.NEGATIVE_INFINITY,
      1,
      bought.map((each) => ({ column: each, value: 1 })),
    );
    const rate = Math.max(...list.map(({ perUnit }) => perUnit));
    if (rate > 0) {
      // What is carried beyond offers without a charge per unit is charged.
      const extra = builder.amount(rate);
      extraColumn[place] = extra;
      builder.row(Number.NEGATIVE_INFINITY, 0, [
        ...users.map(({ site, pair }) => ({
          column: column(pair),
          value: demand(site) * chargedShare(problem, site),
        })),
        ...bought.flatMap((each, ix) =>
          list[ix]?.perUnit === 0 ? [{ column: each, value: -(list[ix]?.capacity ?? 0) }] : [],
        ),
        { column: extra, value: -1 },
      ]);
    }
    if (form === 'naive') continue;
    for (const { site, pair } of users) {
      const large = bought.filter((_, ix) => (list[ix]?.capacity ?? 0) >= demand(site));
      builder.row(Number.NEGATIVE_INFINITY, 0, [
        { column: column(pair), value: 1 },
        ...large.map((each) => ({ column: each, value: -1 })),
      ]);
    }
  }

  const usedOf = (values: Float64Array): readonly (readonly number[])[] =>
    Array.from(demands, (_, site) => {
      const used: number[] = [];
      for (let pair = starts[site] ?? 0; pair < (starts[site + 1] ?? 0); pair++) {
        const column = pairColumn[pair] ?? -1;
        if (column >= 0 && (values[column] ?? 0) > 0.5) used.push(places[pair] ?? -1);
      }
      return used;
    });
  return {
    model: builder.model(),
    choiceOf: (values) => pricedChoice(problem, usedOf(values)),
    valuesOf(choice) {
      const values = new Float64Array(builder.columns);
      const charged = new Float64Array(offers.length);
      for (const [site, used] of choice.used.entries()) {
        const own = aloneColumn[site] ?? -1;
        if (used.length === 0 && own >= 0) values[own] = 1;
        for (let pair = starts[site] ?? 0; pair < (starts[site + 1] ?? 0); pair++) {
          const column = pairColumn[pair] ?? -1;
          const place = places[pair] ?? -1;
          if (column < 0 || !used.includes(place)) continue;
          values[column] = 1;
          charged[place] = (charged[place] ?? 0) + (demands[site] ?? 0) * chargedShare(problem, site);
        }
      }
      for (const [place, columns] of offerColumns.entries()) {
        const offer = choice.bought[place] ?? -1;
        const column = columns[offer];
        if (column === undefined) continue;
        values[column] = 1;
        const extra = extraColumn[place] ?? -1;
        if (extra >= 0 && offers[place]?.[offer]?.perUnit !== 0) values[extra] = charged[place] ?? 0;
      }
      return values;
    },
  };
}
