/** Standard stays in the geopolitical region of the peering location, Local in its metro, Premium reaches everywhere. */

import type { Circuit, Environment } from '@bothways/estate';
import { editSet } from '@bothways/estate';
import { azureRegion, findPeeringLocation, reachOf } from '@bothways/facts';
import { listText } from '../causes.ts';
import { defineRule } from '../rule.ts';
import { placeOf } from '../view.ts';

interface OutOfReach {
  readonly circuit: Circuit;
  readonly environment: Environment;
  readonly regions: readonly string[];
  readonly facts: readonly string[];
  readonly location: string;
}

export const skuReachesRegion = defineRule<OutOfReach>({
  name: 'sku-reaches-region',
  title: 'The SKU of a circuit does not reach an environment',
  family: 'reach',
  severity: 'error',
  ids: ['PP-C18', 'CHK-PP-11', 'CHK-WAF-R06', 'ER-023', 'ER-026'],
  what: 'Compares the geopolitical region of each peering location with the Azure regions of the environments that its route filter selects.',
  why: 'Prefixes outside the reach of the SKU are not announced on the circuit, so the traffic uses the internet.',
  fix: 'order the circuit as Premium, or place it in the geopolitical region of the environment',
  status: 'stable',
  since: '0.1.0',
  fires: {
    title: 'a Standard circuit in New York for an environment in Europe',
    replace: [{ text: 'location: Frankfurt', by: 'location: New York' }],
  },
  silent: { title: 'a Standard circuit in Frankfurt for an environment in Europe', replace: [] },
  find: (view) =>
    view.estate.circuits.flatMap((circuit) => {
      const location = findPeeringLocation(circuit.location);
      const filter = new Set(circuit.microsoftPeering?.routeFilter?.map((entry) => entry.community) ?? []);
      if (location === undefined || filter.size === 0) return [];
      const reach = reachOf(circuit.sku, location);
      return view.estate.environments.flatMap((environment) => {
        const regions = environment.azureRegions.filter((id) => {
          const community = azureRegion(id)?.communities.microsoftPeering;
          return community !== undefined && filter.has(community) && !reach.regions.includes(id);
        });
        return regions.length === 0
          ? []
          : [{ circuit, environment, regions, facts: reach.facts, location: location.name }];
      });
    }),
  word: ({ circuit, environment, regions, facts, location }, view) => ({
    message: `a ${circuit.sku} circuit in ${location} does not reach ${listText(regions.map((id) => azureRegion(id)?.name ?? id))}, where environment ${environment.name} lives`,
    path: [...circuit.path, 'sku'],
    ids: facts,
    related: [{ message: 'the peering location', place: placeOf(view, [...circuit.path, 'location']) }],
  }),
  mend: ({ circuit }, view) => [
    {
      title: `order ${circuit.name} as Premium`,
      // It costs more every month: not a decision for a program.
      safe: false,
      edits: editSet(view.document, [...circuit.path, 'sku'], 'premium'),
    },
  ],
});
