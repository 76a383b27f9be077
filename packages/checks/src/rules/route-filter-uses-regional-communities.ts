/** The communities of one service of a region carry that service alone, not Power Platform. */
import { type Circuit, editInsert, type RouteFilterEntry } from '@bothways/estate';
import { type AzureRegion, azureRegion, describeCommunity } from '@bothways/facts';
import { formatCommunity } from '@bothways/net';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Narrow {
  readonly circuit: Circuit;
  readonly entry: RouteFilterEntry;
  readonly name: string;
  readonly region: AzureRegion;
  readonly by: string;
  readonly wantedAt: readonly (string | number)[];
}

export const routeFilterUsesRegionalCommunities = defineRule<Narrow>({
  name: 'route-filter-uses-regional-communities',
  title: 'A route filter selects one service of a region where the whole region is needed',
  family: 'route filters',
  severity: 'warning',
  ids: ['PP-C14', 'CHK-GAP-02', 'ER-071', 'ER-226', 'PP-N02'],
  what: 'Looks for communities of Storage, SQL, Cosmos DB or Backup of a region an environment lives in, where the community of the region itself is not selected.',
  why: 'Power Platform comes with the community of the region; that of a single service brings the addresses of that service only.',
  fix: 'select the community of the region',
  status: 'stable',
  since: '0.1.0',
  fires: example('Storage of North Europe instead of North Europe', [
    'routeFilter: [West Europe, North Europe]',
    'routeFilter: [West Europe, 12076:52003]',
  ]),
  silent: example('the communities of both regions'),
  find: (view) =>
    view.index.peered().flatMap(({ circuit, peering, filter }) =>
      (peering.routeFilter ?? []).flatMap((entry) => {
        const row = describeCommunity(entry.community);
        const region = row?.azureRegion === undefined ? undefined : azureRegion(row.azureRegion);
        if (row === undefined || region === undefined || row.kind === 'regional' || row.kind === 'private-peering') {
          return [];
        }
        const whole = region.communities.microsoftPeering;
        if (whole === undefined || filter.has(whole)) return [];
        const use = view.index.regionUses().find((each) => each.region === region && each.by.startsWith('environment'));
        return use === undefined ? [] : [{ circuit, entry, name: row.name, region, by: use.by, wantedAt: use.path }];
      }),
    ),
  word: ({ circuit, entry, name, region, by, wantedAt }, view) => ({
    message: `the route filter of ${circuit.name} selects ${name} (${formatCommunity(entry.community)}) only, but ${by} needs all of ${region.name}`,
    path: entry.path,
    related: [{ message: by, place: placeOf(view, wantedAt) }],
    help: `select ${region.name}`,
  }),
  mend: ({ circuit, entry, region }, view) => [
    {
      title: `select ${region.name} in the route filter of ${circuit.name}`,
      safe: true,
      edits: editInsert(view.document, entry.path.slice(0, -1), region.name),
    },
  ],
});
