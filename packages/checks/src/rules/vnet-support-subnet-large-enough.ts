/** A delegated subnet cannot grow while it is delegated. */
import type { Environment, Subnet, VirtualNetwork } from '@bothways/estate';
import { sizing } from '@bothways/facts';
import { prefixSize } from '@bothways/net';
import { listText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Full {
  readonly vnet: VirtualNetwork;
  readonly subnet: Subnet;
  readonly environments: readonly Environment[];
  readonly needs: number;
  readonly has: bigint;
}

const NETWORKS = (length: number): string =>
  `azure:\n  vnets:\n    west: { region: West Europe, addressSpace: 10.100.0.0/16, natGateway: true, subnets: { flows: { prefix: 10.100.0.0/${length}, delegated: true } } }\n    north: { region: North Europe, addressSpace: 10.101.0.0/16, natGateway: true, subnets: { flows: { prefix: 10.101.0.0/${length}, delegated: true } } }\n\ndemands:\n`;

export const vnetSupportSubnetLargeEnough = defineRule<Full>({
  name: 'vnet-support-subnet-large-enough',
  title: 'A delegated subnet has too few addresses for its environments',
  family: 'virtual networks',
  severity: 'error',
  ids: ['PP-C35', 'PP-G15', 'PP-G16', 'PP-Z34', 'PP-Z35', 'PP-Z36'],
  what: 'Adds up the addresses that the environments on each delegated subnet need, with those Azure keeps for itself.',
  why: 'Containers that find no address do not start, and the range of a delegated subnet is fixed.',
  fix: 'delegate a larger subnet, or spread the environments over several',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'a /28 for a production environment',
    ['{ region: Europe }', '{ region: Europe, managed: true, vnetSupport: [west/flows, north/flows] }'],
    ['demands:\n', NETWORKS(28)],
  ),
  silent: example(
    'a /26 for a production environment',
    ['{ region: Europe }', '{ region: Europe, managed: true, vnetSupport: [west/flows, north/flows] }'],
    ['demands:\n', NETWORKS(26)],
  ),
  find: (view) => {
    const uses = view.estate.environments.flatMap((environment) =>
      (environment.vnetSupport?.subnets ?? []).map(({ vnet, subnet }) => ({ key: `${vnet}/${subnet}`, environment })),
    );
    const byKey = groupedBy(uses, ({ key }) => key);
    return view.estate.vnets.flatMap((vnet) =>
      vnet.subnets.flatMap((subnet) => {
        const environments = (byKey.get(`${vnet.name}/${subnet.name}`) ?? []).map((each) => each.environment);
        if (environments.length === 0) return [];
        const needs = environments.reduce(
          (sum, { type }) =>
            sum +
            (type === 'production' ? sizing.subnetAddressesProduction : sizing.subnetAddressesNonProduction).value,
          sizing.subnetAddressesReserved.value,
        );
        const has = prefixSize(subnet.prefix);
        return has < BigInt(needs) ? [{ vnet, subnet, environments, needs, has }] : [];
      }),
    );
  },
  word: ({ vnet, subnet, environments, needs, has }, view) => ({
    message: `subnet ${subnet.name} of ${vnet.name} has ${has} addresses, ${listText(environments.map(({ name }) => name))} ${environments.length === 1 ? 'needs' : 'need'} ${needs}`,
    path: subnet.path,
    related: environments.slice(0, 1).map(({ name, path }) => ({
      message: `environment ${name}`,
      place: placeOf(view, [...path, 'vnetSupport']),
    })),
  }),
});
