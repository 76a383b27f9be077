/** With a delegated subnet the calls of plug-ins leave from the customer's network, which needs a way out for them. */
import { type Environment, editSet, type VirtualNetwork } from '@bothways/estate';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface NoWayOut {
  readonly environment: Environment;
  readonly vnet: VirtualNetwork;
}

const NETWORKS = (nat: string): string =>
  `azure:\n  vnets:\n    west: { region: West Europe, addressSpace: 10.100.0.0/16${nat}, subnets: { flows: { prefix: 10.100.0.0/24, delegated: true } } }\n    north: { region: North Europe, addressSpace: 10.101.0.0/16${nat}, subnets: { flows: { prefix: 10.101.0.0/24, delegated: true } } }\n\ndemands:\n`;

export const vnetSupportInternetDecided = defineRule<NoWayOut>({
  name: 'vnet-support-internet-decided',
  title: 'A delegated subnet has no NAT gateway, and nobody decided against one',
  family: 'virtual networks',
  severity: 'note',
  ids: ['PP-C35', 'PP-G14', 'PP-R19'],
  what: 'Looks for networks with delegated subnets that say neither that they have a NAT gateway nor that they have none.',
  why: 'From then on connectors and plug-ins of the environment that call public addresses leave from this subnet; without a way out they fail, also those that nobody thought of.',
  fix: 'add a NAT gateway, or write `natGateway: false` once it is decided that nothing may leave',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'nothing is said about a NAT gateway',
    ['{ region: Europe }', '{ region: Europe, managed: true, vnetSupport: [west/flows, north/flows] }'],
    ['demands:\n', NETWORKS('')],
  ),
  silent: example(
    'it is decided that there is none',
    ['{ region: Europe }', '{ region: Europe, managed: true, vnetSupport: [west/flows, north/flows] }'],
    ['demands:\n', NETWORKS(', natGateway: false')],
  ),
  find: (view) => {
    const vnets = new Map(view.estate.vnets.map((each) => [each.name, each]));
    const seen = new Set<string>();
    return view.estate.environments.flatMap((environment) =>
      (environment.vnetSupport?.subnets ?? []).flatMap(({ vnet: name }) => {
        const vnet = vnets.get(name);
        if (vnet === undefined || seen.has(name) || !view.index.isDefault([...vnet.path, 'natGateway'])) return [];
        seen.add(name);
        return [{ environment, vnet }];
      }),
    );
  },
  word: ({ environment, vnet }, view) => ({
    message: `calls of environment ${environment.name} leave from ${vnet.name}, and nobody said whether they may reach the internet`,
    path: vnet.path,
    related: [{ message: 'the environment', place: placeOf(view, [...environment.path, 'vnetSupport']) }],
  }),
  mend: ({ vnet }, view) => [
    {
      title: `plan a NAT gateway in ${vnet.name}`,
      safe: false,
      edits: editSet(view.document, [...vnet.path, 'natGateway'], true),
    },
  ],
});
