/** Disaster recovery may run in a region outside of the geography; its routes have to be accepted beforehand. */
import { type Circuit, type Environment, editInsert } from '@bothways/estate';
import { type AzureRegion, azureRegion } from '@bothways/facts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Unprepared {
  readonly circuit: Circuit;
  readonly environment: Environment;
  readonly region: AzureRegion;
  readonly because: 'not selected' | 'out of reach';
}

export const routeFilterCoversRecoveryRegion = defineRule<Unprepared>({
  name: 'route-filter-covers-recovery-region',
  title: 'The region that an environment recovers in cannot be reached over the circuit',
  family: 'route filters',
  severity: 'warning',
  ids: ['PP-C19', 'CHK-GAP-02', 'PP-R15', 'PP-R16'],
  what: 'Takes the recovery partner of every region of an environment with disaster recovery, where it is no region of the environment itself, and looks for it in the route filters and within the reach of the SKU.',
  why: 'After a failover the addresses of the other region are the ones in use; without its routes everything falls to the internet on the worst day.',
  fix: 'select the community of the recovery region now, and order Premium where it lies outside of the geopolitical region',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'an environment in Brazil with recovery, and only Brazil South in the filter',
    ['{ region: Europe }', '{ region: Brazil, recovery: true }'],
    ['location: Frankfurt', 'location: Sao Paulo'],
    ['sku: standard', 'sku: premium'],
    ['routeFilter: [West Europe, North Europe]', 'routeFilter: [Brazil South]'],
  ),
  silent: example(
    'South Central US is selected as well, and the circuit is Premium',
    ['{ region: Europe }', '{ region: Brazil, recovery: true }'],
    ['location: Frankfurt', 'location: Sao Paulo'],
    ['sku: standard', 'sku: premium'],
    ['routeFilter: [West Europe, North Europe]', 'routeFilter: [Brazil South, South Central US]'],
  ),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, filter, reach }) =>
      view.estate.environments
        .filter(({ recovery }) => recovery)
        .flatMap((environment) =>
          environment.azureRegions.flatMap((id): readonly Unprepared[] => {
            const region = azureRegion(id);
            const other = region?.pairedRegion === undefined ? undefined : azureRegion(region.pairedRegion);
            const own = region?.communities.microsoftPeering;
            const community = other?.communities.microsoftPeering;
            if (other === undefined || own === undefined || community === undefined) return [];
            // A circuit that does not carry the environment has no part in its recovery.
            if (!filter.has(own) || environment.azureRegions.includes(other.id)) return [];
            if (!filter.has(community)) return [{ circuit, environment, region: other, because: 'not selected' }];
            if (reach?.regions.includes(other.id) === false)
              return [{ circuit, environment, region: other, because: 'out of reach' }];
            return [];
          }),
        ),
    ),
  word: ({ circuit, environment, region, because }, view) => ({
    message: `environment ${environment.name} recovers in ${region.name}, which ${because === 'not selected' ? `the route filter of ${circuit.name} does not select` : `a ${circuit.sku} circuit in ${circuit.location} does not reach`}`,
    path: because === 'not selected' ? [...circuit.path, 'microsoftPeering', 'routeFilter'] : [...circuit.path, 'sku'],
    related: [{ message: `environment ${environment.name}`, place: placeOf(view, [...environment.path, 'recovery']) }],
  }),
  mend: ({ circuit, region, because }, view) =>
    because === 'out of reach'
      ? []
      : [
          {
            title: `select ${region.name} in the route filter of ${circuit.name}`,
            safe: true,
            edits: editInsert(view.document, [...circuit.path, 'microsoftPeering', 'routeFilter'], region.name),
          },
        ],
});
