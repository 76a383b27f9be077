/** Both datacentres of an environment have to be in the filter, or failover and half of the addresses miss the circuit. */

import type { Circuit, Environment, MicrosoftPeering } from '@bothways/estate';
import { editInsert } from '@bothways/estate';
import { type AzureRegion, azureRegion } from '@bothways/facts';
import { formatCommunity } from '@bothways/net';
import { listText } from '../causes.ts';
import { defineRule } from '../rule.ts';
import { placeOf } from '../view.ts';

interface MissingRegion {
  readonly circuit: Circuit;
  readonly peering: MicrosoftPeering;
  readonly environment: Environment;
  readonly missing: readonly [AzureRegion, ...AzureRegion[]];
}

export const routeFilterCoversRegionPair = defineRule<MissingRegion>({
  name: 'route-filter-covers-region-pair',
  title: 'A route filter leaves out an Azure region of an environment',
  family: 'route filters',
  severity: 'error',
  ids: ['PP-C14', 'PP-C19', 'CHK-GAP-02', 'ER-226', 'ER-073'],
  what: 'Compares the communities of every attached route filter with the Azure regions of every environment.',
  why: 'Power Platform has no community of its own and lives in a pair of regions; addresses of a region that is not in the filter are reached over the internet.',
  fix: 'add the regional community of the missing region to the route filter',
  status: 'stable',
  since: '0.1.0',
  fires: {
    title: 'only one region of the pair is in the filter',
    replace: [{ text: 'routeFilter: [West Europe, North Europe]', by: 'routeFilter: [West Europe]' }],
  },
  silent: { title: 'both regions of the pair', replace: [] },
  find: (view) =>
    view.estate.circuits.flatMap((circuit) => {
      const peering = circuit.microsoftPeering;
      const filter = peering?.routeFilter ?? [];
      if (peering === undefined || filter.length === 0) return [];
      const held = new Set(filter.map((entry) => entry.community));
      return view.estate.environments.flatMap((environment) => {
        const regions = environment.azureRegions.flatMap((id) => azureRegion(id) ?? []);
        const missing = regions.filter((region) => {
          const community = region.communities.microsoftPeering;
          return community !== undefined && !held.has(community);
        });
        const [first, ...rest] = missing;
        // A filter without any region of the environment serves something else; another circuit may serve this one.
        const served = regions.length > missing.length;
        const servedElsewhere = view.estate.circuits.some((other) =>
          (other.microsoftPeering?.routeFilter ?? []).some((entry) =>
            regions.some((region) => region.communities.microsoftPeering === entry.community),
          ),
        );
        return first === undefined || (!served && servedElsewhere)
          ? []
          : [{ circuit, peering, environment, missing: [first, ...rest] satisfies [AzureRegion, ...AzureRegion[]] }];
      });
    }),
  word: ({ circuit, peering, environment, missing }, view) => ({
    message: `the route filter of ${circuit.name} leaves out ${listText(missing.map((region) => region.name))}, where environment ${environment.name} also lives`,
    path: [...peering.path, 'routeFilter'],
    related: [{ message: `environment ${environment.name}`, place: placeOf(view, environment.path) }],
    help: `add ${listText(
      missing.map((region) => {
        const community = region.communities.microsoftPeering;
        return community === undefined ? region.name : `${region.name} (${formatCommunity(community)})`;
      }),
    )}`,
  }),
  mend: ({ circuit, peering, missing }, view) =>
    missing.length > 1
      ? []
      : [
          {
            title: `add ${missing[0].name} to the route filter of ${circuit.name}`,
            safe: true,
            edits: editInsert(view.document, [...peering.path, 'routeFilter'], missing[0].name),
          },
        ],
});
