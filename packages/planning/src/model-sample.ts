/** Seeded problems of the choice of places, for tests and measurements: sites and places at random in a square, prices in the manner of real ones. */
import { Random } from '@bothways/net';
import type { PlaceOffer, PlaceProblem } from './model.ts';

export interface ProblemSize {
  readonly sites: number;
  readonly places: number;
  readonly copies: 1 | 2;
  /** Some sites may be on their own. */
  readonly alone: boolean;
}

const CAPACITIES = [50, 100, 200, 500, 1000, 2000, 5000, 10_000];
const METERED = [55, 110, 145, 290, 436, 872, 2180, 3400];
const UNLIMITED = [300, 575, 1150, 2750, 5700, 11_400, 25_650, 51_300];

export function placeProblem(seed: number, { sites, places, copies, alone }: ProblemSize): PlaceProblem {
  const random = new Random(seed);
  const between = (low: number, high: number): number => low + random.below(high - low + 1);
  const unit = (): number => between(0, 1_000_000) / 1_000_000;
  const point = (): readonly [number, number] => [unit(), unit()];
  const placePoints = Array.from({ length: places }, point);
  const demands: number[] = [];
  const starts = [0];
  const pairs: number[] = [];
  const costs: number[] = [];
  const own: number[] = [];
  for (let site = 0; site < sites; site++) {
    const [x, y] = point();
    const demand = 10 + Math.round(200 * unit() * unit());
    demands.push(demand);
    own.push(alone && between(0, 9) < 3 ? demand * 6 : Number.POSITIVE_INFINITY);
    const near = placePoints
      .map(([px, py], place) => ({ place, far: Math.hypot(px - x, py - y) }))
      .sort((a, b) => a.far - b.far || a.place - b.place)
      .filter(({ far }, rank) => far < 0.6 || rank < copies)
      .sort((a, b) => a.place - b.place);
    for (const { place, far } of near) {
      pairs.push(place);
      costs.push(Math.round(demand * (1 + 4 * far)));
    }
    starts.push(pairs.length);
  }
  const offers = placePoints.map((): readonly PlaceOffer[] => {
    const extra = 300 + between(0, 900);
    return CAPACITIES.flatMap((capacity, ix) => [
      { capacity, fixed: (METERED[ix] ?? 0) + extra, perUnit: 1.9 },
      { capacity, fixed: (UNLIMITED[ix] ?? 0) + extra, perUnit: 0 },
    ]);
  });
  return {
    demands: Float64Array.from(demands),
    copies: new Uint8Array(sites).fill(copies),
    alone: Float64Array.from(own),
    starts: Int32Array.from(starts),
    places: Int32Array.from(pairs),
    costs: Float64Array.from(costs),
    offers,
  };
}
