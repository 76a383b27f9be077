/** Containers move with the environment, so a subnet has to wait in each region of the pair, of equal size. */
import type { Environment, Subnet, VirtualNetwork } from '@bothways/estate';
import { azureRegion } from '@bothways/facts';
import { listText } from '../causes.ts';
import { defineRule, example } from '../rule.ts';

interface Uneven {
  readonly environment: Environment;
  readonly missing: readonly string[];
  /** Prefix lengths, where they differ. */
  readonly lengths: readonly number[];
}

const ONE_NETWORK =
  'azure:\n  vnets:\n    west: { region: West Europe, addressSpace: 10.100.0.0/16, natGateway: true, subnets: { flows: { prefix: 10.100.0.0/24, delegated: true } } }\n\ndemands:\n';
const TWO_NETWORKS = ONE_NETWORK.replace(
  '\n\ndemands',
  '\n    north: { region: North Europe, addressSpace: 10.101.0.0/16, natGateway: true, subnets: { flows: { prefix: 10.101.0.0/24, delegated: true } } }\n\ndemands',
);

export const vnetSupportInBothRegions = defineRule<Uneven>({
  name: 'vnet-support-in-both-regions',
  title: 'Delegated subnets do not cover both regions of an environment alike',
  family: 'virtual networks',
  severity: 'error',
  ids: ['PP-C35', 'PP-C19', 'CHK-RC-05', 'PP-R19', 'PP-G15'],
  what: 'Compares the regions and sizes of the delegated subnets of an environment with its pair of Azure regions.',
  why: 'In a failover the containers start in the other region. Without a subnet there, or with a smaller one, they do not.',
  fix: 'delegate one subnet of equal size in each region of the pair',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'a subnet in West Europe only',
    ['{ region: Europe }', '{ region: Europe, managed: true, vnetSupport: west/flows }'],
    ['demands:\n', ONE_NETWORK],
  ),
  silent: example(
    'one in each region',
    ['{ region: Europe }', '{ region: Europe, managed: true, vnetSupport: [west/flows, north/flows] }'],
    ['demands:\n', TWO_NETWORKS],
  ),
  find: (view) => {
    const vnets = new Map(view.estate.vnets.map((each) => [each.name, each]));
    return view.estate.environments.flatMap((environment) => {
      const held = (environment.vnetSupport?.subnets ?? []).flatMap((each) =>
        delegated(vnets.get(each.vnet), each.subnet),
      );
      // Candidates of several pairs: the document does not say which regions it is.
      if (held.length === 0 || environment.azureRegions.length > 2) return [];
      const missing = environment.azureRegions.filter((id) => !held.some(({ region }) => region === id));
      const lengths = [...new Set(held.map(({ subnet }) => subnet.prefix.length))];
      return missing.length === 0 && lengths.length < 2 ? [] : [{ environment, missing, lengths }];
    });
  },
  word: ({ environment, missing, lengths }) => ({
    message:
      missing.length > 0
        ? `environment ${environment.name} also lives in ${listText(missing.map((id) => azureRegion(id)?.name ?? id))}, where no subnet is delegated to it`
        : `the delegated subnets of environment ${environment.name} differ in size: ${listText(lengths.map((each) => `/${each}`))}`,
    path: [...environment.path, 'vnetSupport'],
  }),
});

function delegated(
  vnet: VirtualNetwork | undefined,
  name: string,
): readonly { readonly region: string; readonly subnet: Subnet }[] {
  const subnet = vnet?.subnets.find((each) => each.name === name);
  return vnet === undefined || subnet === undefined ? [] : [{ region: vnet.region, subnet }];
}
