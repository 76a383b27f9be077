/** The subnet of a gateway cannot grow while the gateway is in it. */
import type { Subnet, VirtualNetwork } from '@bothways/estate';
import { limits } from '@bothways/facts';
import { privatePeering } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';

const NAME = 'GatewaySubnet';

interface Small {
  readonly vnet: VirtualNetwork;
  readonly subnet: Subnet;
}

export const gatewaySubnetLargeEnough = defineRule<Small>({
  name: 'gateway-subnet-large-enough',
  title: 'The gateway subnet is too small',
  family: 'virtual networks',
  severity: 'warning',
  ids: ['CHK-ALZ-31', 'CHK-RC-12', 'ER-168'],
  what: 'Looks at the length of every subnet called GatewaySubnet.',
  why: 'Larger gateways, a second gateway for VPN, and more circuits need addresses; enlarging the subnet means taking the gateway down.',
  fix: 'make it a /27, or a /26 for a gateway with sixteen circuits',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'the subnet is a /28',
    ...privatePeering().map(
      ([text, by]) =>
        [text, by.replace('subnets: { apps: 10.100.0.0/24 }', 'subnets: { GatewaySubnet: 10.100.1.0/28 }')] as const,
    ),
  ),
  silent: example(
    'the subnet is a /27',
    ...privatePeering().map(
      ([text, by]) =>
        [text, by.replace('subnets: { apps: 10.100.0.0/24 }', 'subnets: { GatewaySubnet: 10.100.1.0/27 }')] as const,
    ),
  ),
  find: (view) =>
    view.estate.vnets.flatMap((vnet) =>
      vnet.subnets
        .filter(({ name, prefix }) => {
          const longest = prefix.family === 4 ? limits.gatewaySubnetLength4 : limits.gatewaySubnetLength6;
          return name === NAME && prefix.length > longest.value;
        })
        .map((subnet) => ({ vnet, subnet })),
    ),
  word: ({ vnet, subnet }) => ({
    message: `the gateway subnet of ${vnet.name} is a /${subnet.prefix.length}, a gateway needs a /${subnet.prefix.family === 4 ? limits.gatewaySubnetLength4.value : limits.gatewaySubnetLength6.value} or more`,
    path: subnet.path,
  }),
});
