/**
 * Gigabytes that leave Microsoft over each circuit in a month, from the demands of the estate: their average rates, laid
 * on the ways they take, for the hours of the document or all 730 of a month (ER-199).
 *
 * An interval, because traffic may divide in ways nobody sees; because the published figure per client (PP-Z01) says what
 * a client should be given and not what it uses, so that it counts from nothing; and because a demand without a rate can
 * be anything up to what the circuit carries. What a document measured goes before all of this.
 */
import { branchesOver, type DataPlane, loadOf, loadSpace, trafficOf } from '@bothways/forwarding';
import type { CompiledNetwork } from '@bothways/network';
import { fullMonth } from './bill-azure.ts';
import { HOURS_OF_A_MONTH, type MonthlyVolume } from './bill-item.ts';
import { compareRatios, exact, product, quotient, type Ratio } from './price-money.ts';

/** By circuit; circuits that the document has a volume for are absent. */
export function monthlyVolumes(compiled: CompiledNetwork, data: DataPlane): ReadonlyMap<string, MonthlyVolume> {
  const { estate } = compiled;
  const space = loadSpace(compiled);
  // Rates of the document are averages; the load model makes busy hours of them.
  const average = trafficOf(compiled, {
    shares: ({ peakFactor }) => ({ there: 1 / peakFactor, back: 1 / peakFactor }),
  });
  const branchesOf = branchesOver(compiled, data.input);
  const { totals, contributions } = loadOf(compiled, space, average, data.roundTrips, branchesOf);
  const guided = new Set(average.bundles.flatMap(({ id, rate }) => (isGuided(rate) ? [id] : [])));
  const hours = estate.prices.trafficHours ?? HOURS_OF_A_MONTH;
  const measured = new Set(estate.prices.volumes.map(({ circuit }) => circuit));
  const volumes = new Map<string, MonthlyVolume>();
  for (const { name, bandwidth } of estate.circuits) {
    const carrier = space.carriers.find((each) => each.kind === 'circuit' && each.circuit === name);
    if (carrier === undefined || measured.has(name)) continue;
    const key = carrier.key + FROM_MICROSOFT;
    const { low, high } = totals.at(key);
    const ofGuidance = contributions
      .filter(({ bundle }) => guided.has(bundle))
      .flatMap(({ loads }) => loads.filter((each) => each.key === key));
    const least = ofGuidance.reduce((sum, load) => sum - load.low, low);
    const unstated = totals.unstated[key] ?? 0;
    const ceiling = fullMonth(bandwidth);
    const most = unstated > 0 ? ceiling : smaller(gigabytes(high, hours), ceiling);
    volumes.set(name, {
      low: smaller(gigabytes(least, hours), ceiling),
      high: most,
      basis: unstated > 0 ? 'unknown' : 'demands',
      text: volumeText(hours, estate.prices.trafficHours !== undefined, ofGuidance.length > 0, unstated),
    });
  }
  return volumes;
}

const FROM_MICROSOFT = 1;

function isGuided(rate: { readonly kind: string; readonly basis?: string }): boolean {
  return rate.kind === 'known' && rate.basis === 'guidance';
}

/** 10^9 bytes. */
function gigabytes(bitsPerSecond: number, hours: number): Ratio {
  return quotient(product(exact(bitsPerSecond), exact(hours), exact(3600)), exact(8e9));
}

function smaller(a: Ratio, b: Ratio): Ratio {
  return compareRatios(a, b) <= 0 ? a : b;
}

function volumeText(hours: number, stated: boolean, guided: boolean, unstated: number): string {
  const parts = [`average rates of the demands for ${hours} hours${stated ? '' : ', because nobody said fewer'}`];
  if (guided) parts.push('users without a rate from nothing to the published figure for one client (PP-Z01)');
  if (unstated > 0) {
    const sets = unstated === 1 ? 'one set of sessions' : `${unstated} sets of sessions`;
    parts.push(`${sets} without a rate, up to the full rate of the circuit`);
  }
  return parts.join('; ');
}
