/** An environment that fails over lives at other addresses. */
import type { Environment } from '@bothways/estate';
import { azureRegion } from '@bothways/facts';
import { type RoundTrip, viaText } from '@bothways/forwarding';
import { tripEvidence, tripsText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Diverted {
  readonly environment: Environment;
  /** Names of the region that works over a circuit and of the one that does not. */
  readonly from: string;
  readonly to: string;
  readonly trips: readonly [RoundTrip, ...RoundTrip[]];
}

const reject = (router: string, region: string): string =>
  `  ${router}: { import: [{ match: { communities: [${region}] }, then: reject }] }\n`;

export const regionFailoverKeepsTheCircuit = defineRule<Diverted>({
  name: 'region-failover-keeps-the-circuit',
  title: 'When an Azure region is lost, an environment leaves the circuit',
  family: 'resilience',
  severity: 'warning',
  ids: ['PP-C19', 'PP-C38', 'CHK-GAP-11', 'CHK-WAF-R02'],
  what: 'Takes away one Azure region of the pair that an environment lives in, and compares the round trips to the other region with those to the lost one: what used a circuit should use one still. A region that the route filter leaves out is reported by `route-filter-covers-region-pair`.',
  why: 'On the day of a disaster everything that was private goes over the internet, or does not arrive at all.',
  fix: 'let the routes of the other region come over the same circuit: SKU, route filter and the policies of the own routers',
  status: 'preview',
  since: '0.1.0',
  fires: example('the own routers reject the routes of North Europe', [
    'demands:\n',
    `routing:\n${reject('er-ce1', 'North Europe')}${reject('er-ce2', 'North Europe')}\ndemands:\n`,
  ]),
  silent: example('they accept both regions'),
  find: (view) => {
    const filtered = regionsFiltered(view);
    return view.estate.environments.flatMap((environment): readonly Diverted[] => {
      const { name, azureRegions } = environment;
      const trips = view.data.roundTrips.filter(
        ({ demand }) =>
          demand.environment === name && demand.opener === 'customer' && demand.flow.expressRoute === 'yes',
      );
      const isWell = (trip: RoundTrip): boolean => trip.outcome === 'holds' && trip.forward.via.kind === 'expressroute';
      const byRegion = groupedBy(trips, ({ demand }) => demand.target.azureRegion ?? '');
      return azureRegions.flatMap((to) => {
        const there = (byRegion.get(to) ?? []).filter((trip) => !isWell(trip) && trip.outcome !== 'unknown');
        const other = azureRegions.find((id) => id !== to && (byRegion.get(id) ?? []).some(isWell));
        if (other === undefined || !filtered.has(to)) return [];
        const unwell = new Set((byRegion.get(other) ?? []).filter((trip) => !isWell(trip)).map(placeAndFlow));
        const well = new Set((byRegion.get(other) ?? []).map(placeAndFlow).filter((key) => !unwell.has(key)));
        const [first, ...rest] = there.filter((trip) => well.has(placeAndFlow(trip)));
        if (first === undefined) return [];
        return [{ environment, from: nameOf(other), to: nameOf(to), trips: [first, ...rest] as const }];
      });
    });
  },
  word: ({ environment, from, to, trips }, view) => {
    const [first] = trips;
    const becomes = first.outcome === 'broken' ? 'do not arrive' : `use ${viaText(first.forward.via)}`;
    return {
      message: `when ${from} is lost and ${environment.name} lives in ${to}, ${tripsText(trips)} ${becomes}`,
      path: environment.path,
      evidence: tripEvidence(view, first),
    };
  },
});

function placeAndFlow({ demand, family }: RoundTrip): string {
  return `${demand.flow.id} ${demand.source.name} ${family}`;
}

function nameOf(id: string): string {
  return azureRegion(id)?.name ?? id;
}

/** Regions whose community some route filter selects. */
function regionsFiltered(view: CheckView): ReadonlySet<string> {
  const selected = new Set(view.index.peered().flatMap(({ filter }) => [...filter]));
  return new Set(
    view.estate.environments
      .flatMap(({ azureRegions }) => azureRegions)
      .filter((id) => {
        const wanted = azureRegion(id)?.communities.microsoftPeering;
        return wanted !== undefined && selected.has(wanted);
      }),
  );
}
