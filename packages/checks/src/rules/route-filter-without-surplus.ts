/** Every regional community draws all public addresses of a region onto the circuit, so none should stand there idly. */
import { type Circuit, editRemove, type RouteFilterEntry } from '@bothways/estate';
import { type AzureRegion, azureRegion, describeCommunity } from '@bothways/facts';
import { defineRule, example } from '../rule.ts';

interface Surplus {
  readonly circuit: Circuit;
  readonly entry: RouteFilterEntry;
  readonly region: AzureRegion;
}

export const routeFilterWithoutSurplus = defineRule<Surplus>({
  name: 'route-filter-without-surplus',
  title: 'A route filter selects a region that nothing in the document lives in',
  family: 'route filters',
  severity: 'note',
  ids: ['PP-C44', 'CHK-GAP-02', 'ER-083', 'ER-228', 'PP-N04'],
  what: 'Compares the regional communities of every route filter with the regions of environments, data gateways and virtual networks.',
  why: 'The community of a region brings all its Azure services, of every tenant; traffic that used the internet until now moves onto the circuit and fills it.',
  fix: 'take the region out, or say in the document what needs it',
  status: 'stable',
  since: '0.1.0',
  fires: example('UK South is selected and nobody needs it', [
    'routeFilter: [West Europe, North Europe]',
    'routeFilter: [West Europe, North Europe, UK South]',
  ]),
  silent: example('the regions of the environment only'),
  find: (view) => {
    const wanted = new Set(view.index.regionUses().flatMap(({ region }) => [region.id, region.pairedRegion]));
    return view.index.peered().flatMap(({ circuit, peering }) =>
      (peering.routeFilter ?? []).flatMap((entry) => {
        const row = describeCommunity(entry.community);
        const region = row?.azureRegion === undefined ? undefined : azureRegion(row.azureRegion);
        if (row?.kind !== 'regional' || region === undefined || wanted.has(region.id)) return [];
        return [{ circuit, entry, region }];
      }),
    );
  },
  word: ({ circuit, entry, region }) => ({
    message: `the route filter of ${circuit.name} selects ${region.name}, where no environment, data gateway or virtual network lives`,
    path: entry.path,
  }),
  mend: ({ circuit, entry, region }, view) => [
    {
      title: `take ${region.name} out of the route filter of ${circuit.name}`,
      // Something outside of the document may rely on it.
      safe: false,
      edits: editRemove(view.document, entry.path),
    },
  ],
});
