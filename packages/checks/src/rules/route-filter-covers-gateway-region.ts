/** A data gateway dials the relay of its own region, which need not be a region of the environment. */
import { type Circuit, type DataGateway, editInsert } from '@bothways/estate';
import { type AzureRegion, azureRegion } from '@bothways/facts';
import { formatCommunity } from '@bothways/net';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Uncovered {
  readonly circuit: Circuit;
  readonly gateway: DataGateway;
  readonly region: AzureRegion;
}

export const routeFilterCoversGatewayRegion = defineRule<Uncovered>({
  name: 'route-filter-covers-gateway-region',
  title: 'The region of a data gateway is in no route filter',
  family: 'route filters',
  severity: 'warning',
  ids: ['PP-C15', 'CHK-GAP-02', 'PP-G11', 'PP-R13'],
  what: 'Compares the region each data gateway is registered in with the communities of all route filters.',
  why: 'The gateway opens its sessions to the relay of its region; without the community they use the internet, whatever the environment does.',
  fix: 'select the region of the gateway, or register the gateway in a region that is selected',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'the gateway is registered in UK South',
    [
      'demands:\n',
      'dataGateways:\n  erp: { site: dc, region: UK South, members: 2, clients: 10.30.0.0/28, dataSources: { erp: SQL Server } }\n\ndemands:\n',
    ],
    ['  dc: { city: Frankfurt }', '  dc: { city: Frankfurt, servers: 10.30.0.0/24 }'],
  ),
  silent: example(
    'the gateway is in a region of the environment',
    [
      'demands:\n',
      'dataGateways:\n  erp: { site: dc, members: 2, clients: 10.30.0.0/28, dataSources: { erp: SQL Server } }\n\ndemands:\n',
    ],
    ['  dc: { city: Frankfurt }', '  dc: { city: Frankfurt, servers: 10.30.0.0/24 }'],
  ),
  find: (view) => {
    const filtered = view.index.peered().filter(({ filter }) => filter.size > 0);
    const [first] = filtered;
    if (first === undefined) return [];
    return view.estate.dataGateways.flatMap((gateway) => {
      const region = azureRegion(gateway.region);
      const community = region?.communities.microsoftPeering;
      if (region === undefined || community === undefined || filtered.some(({ filter }) => filter.has(community))) {
        return [];
      }
      // The circuit next to the gateway would carry it.
      const near = filtered.find(({ edge }) => edge?.site === gateway.site) ?? first;
      return [{ circuit: near.circuit, gateway, region }];
    });
  },
  word: ({ circuit, gateway, region }, view) => ({
    message: `data gateway ${gateway.name} is registered in ${region.name}, which no route filter selects: its sessions use the internet`,
    path: [...gateway.path, 'region'],
    related: [
      {
        message: `the route filter of ${circuit.name}`,
        place: placeOf(view, [...circuit.path, 'microsoftPeering', 'routeFilter']),
      },
    ],
    help: `select ${region.name}${region.communities.microsoftPeering === undefined ? '' : ` (${formatCommunity(region.communities.microsoftPeering)})`} in the route filter of ${circuit.name}`,
  }),
  mend: ({ circuit, region }, view) => [
    {
      title: `select ${region.name} in the route filter of ${circuit.name}`,
      // Everything else in that region comes along.
      safe: false,
      edits: editInsert(view.document, [...circuit.path, 'microsoftPeering', 'routeFilter'], region.name),
    },
  ],
});
