/** Private peering reaches every region, and light takes its time. */
import type { Site, VirtualNetwork } from '@bothways/estate';
import { type AzureRegion, azureRegion, azureRegions, greatCircleKilometres } from '@bothways/facts';
import { listText } from '../causes.ts';
import { privatePeering } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import type { CheckView } from '../view.ts';

/** Kilometres farther than the nearest region, by users; ours: about 10 ms one way. */
const MOST = 1_500;

interface Far {
  readonly vnet: VirtualNetwork;
  readonly region: AzureRegion;
  readonly nearest: AzureRegion;
  readonly here: number;
  readonly there: number;
  readonly sites: readonly Site[];
}

const application = ['demands:\n', 'demands:\n  application: { flows: [PP-F62], from: [hq], to: west }\n'] as const;

export const virtualNetworkNearItsSites = defineRule<Far>({
  name: 'virtual-network-near-its-sites',
  title: 'A virtual network stands much farther from its users than it had to',
  family: 'virtual networks',
  severity: 'note',
  ids: ['CHK-WAF-R04'],
  what: `Measures the distance from the sites whose demands use a virtual network to its Azure region and to the nearest region of the same cloud, by number of users; more than ${MOST} km of difference are said, a figure of ours.`,
  why: 'Every request pays for the distance, and a circuit does not make it shorter.',
  fix: 'place what these sites use in the nearer region, unless data has to stay where it is',
  status: 'preview',
  since: '0.1.0',
  fires: example(
    'the network of headquarters in Munich stands in Australia East',
    ...privatePeering().map(
      ([text, by]) => [text, by.replace('region: West Europe', 'region: Australia East')] as const,
    ),
    application,
  ),
  silent: example('it stands in West Europe', ...privatePeering(), application),
  find: (view) =>
    view.estate.vnets.flatMap((vnet): readonly Far[] => {
      const region = azureRegion(vnet.region);
      const sites = sitesUsing(view, vnet).filter(({ location, users }) => location !== undefined && users > 0);
      if (region === undefined || sites.length === 0) return [];
      const [nearest] = azureRegions()
        .filter(({ cloud }) => cloud === region.cloud)
        .map((each) => ({ nearest: each, there: distance(sites, each) }))
        .sort((a, b) => a.there - b.there || a.nearest.id.localeCompare(b.nearest.id, 'en'));
      const here = distance(sites, region);
      if (nearest === undefined || here - nearest.there <= MOST) return [];
      return [{ vnet, region, nearest: nearest.nearest, here, there: nearest.there, sites }];
    }),
  word: ({ vnet, region, nearest, here, there, sites }) => ({
    message: `${vnet.name} stands in ${region.name}, ${here} km from ${listText(sites.map(({ name }) => name))}; ${nearest.name} is ${there} km away`,
    path: [...vnet.path, 'region'],
  }),
});

function sitesUsing({ data }: CheckView, { name }: VirtualNetwork): readonly Site[] {
  return [
    ...new Set(
      data.roundTrips.flatMap(({ demand }) =>
        demand.target.name === name && demand.opener === 'customer' ? [demand.site] : [],
      ),
    ),
  ];
}

/** Kilometres, the average of all users. */
function distance(sites: readonly Site[], region: AzureRegion): number {
  let sum = 0;
  let users = 0;
  for (const site of sites) {
    if (site.location === undefined) continue;
    sum += site.users * greatCircleKilometres(site.location, region);
    users += site.users;
  }
  return Math.round(sum / users);
}
