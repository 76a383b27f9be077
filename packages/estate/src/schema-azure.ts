/** The shape of what lies behind private addresses in Azure, and of private peering. */

import {
  ADDRESS,
  BANDWIDTH,
  COUNT,
  choice,
  list,
  NAME,
  named,
  nameText,
  PREFIX,
  prefixText,
  REGION,
  record,
  records,
  scalar,
  shortRecord,
  YES_NO,
} from './schema-parts.ts';
import { circuitSession } from './schema-session.ts';

export const privatePeering = record('Private peering of the circuit: the way to virtual networks.', {
  ...circuitSession,
  links: list('Two /30 link subnets, private ones are fine: primary, secondary.', prefixText, {
    minItems: 2,
    maxItems: 2,
  }),
  links6: list('Two /126 link subnets: primary, secondary.', prefixText, { minItems: 2, maxItems: 2 }).optional(),
  advertises: list(
    'Prefixes announced to Azure. Default: clients and servers of all sites. 0.0.0.0/0 is forced tunnelling.',
    prefixText,
  ).optional(),
  vnets: list('Virtual networks linked to the circuit through their gateways.', nameText).optional(),
  optimised: scalar(
    'WAN optimisers stand at both ends, the far one in the virtual network. Default: false.',
    YES_NO,
  ).optional(),
  weight: scalar('Weight of the connections: a gateway prefers the heaviest of its circuits. Default: 0.', {
    type: 'integer',
    minimum: 0,
    maximum: 32_000,
    examples: [100],
  }).optional(),
});

const gateway = shortRecord(
  'Gateway of the network, for ExpressRoute or VPN: its SKU, or SKU and scale units.',
  'sku',
  {
    sku: scalar('SKU of the gateway.', { examples: ['ErGw1AZ', 'ErGw3AZ', 'ErGwScale', 'VpnGw1AZ'] }),
    scaleUnits: scalar('Scale units, of ErGwScale only. Default: 1.', {
      type: 'integer',
      minimum: 1,
      maximum: 40,
      examples: [2],
    }).optional(),
  },
);

const subnet = shortRecord('A subnet: its prefix, or a map.', 'prefix', {
  prefix: prefixText,
  delegated: scalar('Delegated to Power Platform environments. Default: false.', YES_NO).optional(),
});

const machine = shortRecord('A virtual machine that opens sessions: its address, or a map.', 'address', {
  address: scalar('Address in one of the subnets.', ADDRESS),
  calls: list('What it calls: flow ids or names of services.', scalar('A flow id or the name of a service.', NAME), {
    examples: ['PP-F68'],
  }).optional(),
  proxy: scalar('Explicit proxy it is set to use.', NAME).optional(),
});

export const vnet = record('A virtual network in Azure.', {
  region: scalar('Azure region.', REGION),
  addressSpace: list('Its prefixes, IPv4 and IPv6.', prefixText),
  gateway: gateway.optional(),
  gatewayOf: scalar(
    'Peered network whose gateway this one uses. Default: that of the only peered network that has one.',
    NAME,
  ).optional(),
  subnets: named('Subnets by name.', subnet).optional(),
  machines: named('Virtual machines that open sessions, by name.', machine).optional(),
  serviceEndpoints: list(
    'Azure services reached from inside the network.',
    scalar('An Azure service.', { examples: ['Microsoft.Storage', 'Microsoft.Sql'] }),
  ).optional(),
  privateEndpoints: records('Private addresses of services in the network.', {
    service: scalar('What it stands for.', { examples: ['Storage', 'SQL Database'] }),
    address: scalar('Its private address.', ADDRESS),
  }).optional(),
  routes: records('User-defined routes.', {
    prefix: scalar('Destination.', { ...PREFIX, examples: ['0.0.0.0/0'] }),
    next: scalar('Next hop: gateway, internet, none or the address of an appliance.', {
      pattern: '^(gateway|internet|none|[0-9a-fA-F:.]+)$',
      examples: ['gateway', 'internet', 'none', '10.1.0.4'],
    }),
  }).optional(),
  peeredWith: list('Virtual networks joined by peering; writing it at one of the two is enough.', nameText).optional(),
  natGateway: scalar('Reaches the internet through a NAT gateway. Default: false.', YES_NO).optional(),
  resolver: scalar(
    'Site or virtual network with the DNS servers that this one uses. Left out: names are resolved by Azure.',
    NAME,
  ).optional(),
});

export const vpn = record('A site-to-site VPN into a virtual network.', {
  site: scalar('Site at this end.', NAME),
  vnet: scalar('Virtual network at the other end.', NAME),
  bandwidth: scalar('What the tunnel carries.', BANDWIDTH).optional(),
  over: scalar('Internet edge it runs over. Default: the only one of the site.', NAME).optional(),
  backupOf: scalar('Circuit whose private peering it stands in for.', NAME).optional(),
});

export const azure = record('What you run in Azure behind private addresses.', {
  vnets: named('Virtual networks by name.', vnet).optional(),
  vpns: named('Site-to-site VPNs by name.', vpn).optional(),
});

export const dataGateway = record('An on-premises data gateway: members at one site, registered in one region.', {
  site: scalar('Site of the members.', NAME),
  region: scalar('Azure region it is registered in. Default: that of its first environment.', REGION).optional(),
  members: scalar('Number of members. Default: 1.', { ...COUNT, minimum: 1, maximum: 10, examples: [2] }).optional(),
  clients: list('Source addresses of the members. Default: servers of the site, else its clients.', prefixText, {
    examples: ['10.30.5.0/28'],
  }).optional(),
  environments: list('Environments that use it. Default: all.', nameText).optional(),
  mode: choice('Sessions to Azure Relay over HTTPS only, or over TCP ports of their own too. Default: https.', [
    'https',
    'tcp',
  ]).optional(),
  dataSources: named(
    'Data sources behind it, by name.',
    shortRecord('A data source: its kind, or a map.', 'kind', {
      kind: scalar('What it is.', { examples: ['SQL Server', 'SharePoint'] }),
      site: scalar('Site where it stands. Default: the site of the gateway.', NAME).optional(),
      connector: scalar('Connector that uses it.', NAME).optional(),
    }),
  ).optional(),
});
