/** Session up, nothing received: Microsoft peering without a route filter. */

import type { Circuit, MicrosoftPeering } from '@bothways/estate';
import { editSet } from '@bothways/estate';
import { azureRegion } from '@bothways/facts';
import { listText } from '../causes.ts';
import { defineRule } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface Unfiltered {
  readonly circuit: Circuit;
  readonly peering: MicrosoftPeering;
}

export const routeFilterAttached = defineRule<Unfiltered>({
  name: 'route-filter-attached',
  title: 'A Microsoft peering has no route filter, or an empty one',
  family: 'route filters',
  severity: 'error',
  ids: ['PP-C06', 'CHK-PP-06', 'CHK-GAP-01', 'ER-077', 'ER-078', 'X04'],
  what: 'Looks at the route filter of every Microsoft peering.',
  why: 'A peering configured since August 2017 receives no prefix before a route filter with at least one community is attached.',
  fix: 'attach a route filter with the regional communities of both Azure regions of each environment',
  status: 'stable',
  since: '0.1.0',
  fires: {
    title: 'no route filter is attached',
    replace: [{ text: '\n      routeFilter: [West Europe, North Europe]', by: '' }],
  },
  silent: { title: 'both regional communities are in the filter', replace: [] },
  find: (view) =>
    view.estate.circuits.flatMap((circuit) => {
      const peering = circuit.microsoftPeering;
      return peering !== undefined && (peering.routeFilter?.length ?? 0) === 0 ? [{ circuit, peering }] : [];
    }),
  word: ({ circuit, peering }, view) => ({
    message: `circuit ${circuit.name} has ${peering.routeFilter === undefined ? 'no route filter' : 'an empty route filter'}: nothing is learned over it, and all traffic to Microsoft falls to the internet`,
    path: peering.routeFilter === undefined ? peering.path : [...peering.path, 'routeFilter'],
    help: `attach a route filter with ${listText(wantedRegions(view).map((each) => each.name))}`,
  }),
  mend: ({ circuit, peering }, view) => {
    const regions = wantedRegions(view);
    if (regions.length === 0) return [];
    return [
      {
        title: `attach a route filter to ${circuit.name}`,
        safe: true,
        edits: editSet(
          view.document,
          [...peering.path, 'routeFilter'],
          regions.map((each) => each.name),
        ),
      },
    ];
  },
});

/** The Azure regions of all environments that have a published community. */
function wantedRegions(view: CheckView): readonly { readonly id: string; readonly name: string }[] {
  const ids = new Set(view.estate.environments.flatMap((environment) => environment.azureRegions));
  return [...ids].flatMap((id) => {
    const region = azureRegion(id);
    return region?.communities.microsoftPeering === undefined ? [] : [{ id, name: region.name }];
  });
}
