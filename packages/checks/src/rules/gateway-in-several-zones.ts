/** Gateways of the old sizes stand in one place. */
import type { VirtualNetwork, VnetGateway } from '@bothways/estate';
import { editSet } from '@bothways/estate';
import { gatewayFigures } from '@bothways/facts';
import { privatePeering } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';

interface OldSize {
  readonly vnet: VirtualNetwork;
  readonly gateway: VnetGateway;
  readonly zonal: string;
}

export const gatewayInSeveralZones = defineRule<OldSize>({
  name: 'gateway-in-several-zones',
  title: 'An ExpressRoute gateway is not zone redundant',
  family: 'virtual networks',
  severity: 'warning',
  ids: ['CHK-APRL-18', 'CHK-ALZ-13', 'CHK-WAF-R11', 'CHK-PSR-01', 'CHK-PSR-02', 'ER-165', 'ER-171'],
  what: 'Looks for ExpressRoute gateways of the sizes that exist in a zone-redundant form too.',
  why: 'The loss of one datacentre of the region takes the gateway, and with it every virtual network behind it. Changing over later is a migration, not an upgrade.',
  fix: 'order the gateway in its zone-redundant size',
  status: 'stable',
  since: '0.1.0',
  fires: example('a gateway of size Standard', ...privatePeering('Standard')),
  silent: example('a gateway of size ErGw1AZ', ...privatePeering()),
  find: (view) => {
    const zonal = new Map(gatewayFigures.map((each) => [each.sku, each.zonalSku]));
    return view.estate.vnets.flatMap((vnet) => {
      const found = vnet.gateway === undefined ? undefined : zonal.get(vnet.gateway.sku);
      return vnet.gateway === undefined || found === undefined ? [] : [{ vnet, gateway: vnet.gateway, zonal: found }];
    });
  },
  word: ({ vnet, gateway, zonal }) => ({
    message: `the gateway of ${vnet.name} has size ${gateway.sku}, which stands in one zone`,
    path: gateway.path,
    help: `order it as ${zonal}`,
  }),
  mend: ({ vnet, gateway, zonal }, view) => [
    {
      title: `order the gateway of ${vnet.name} as ${zonal}`,
      safe: false,
      edits: editSet(
        view.document,
        gateway.path.at(-1) === 'gateway' ? gateway.path : [...vnet.path, 'gateway'],
        zonal,
      ),
    },
  ],
});
