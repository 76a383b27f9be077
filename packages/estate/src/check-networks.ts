/** What several records have to agree on: addresses inside subnets, subnets inside networks, delegated subnets, pairs. */
import { azureRegion } from '@bothways/facts';
import {
  type Address,
  comparePrefixes,
  formatAddress,
  formatPrefix,
  hostPrefix,
  type Prefix,
  prefixContains,
  prefixesOverlap,
} from '@bothways/net';
import type { Circuit, Environment, Path, Site } from './model.ts';
import type { VirtualNetwork } from './model-azure.ts';
import type { DataGateway, DesktopFlowMachines, Proxy, PublishedService } from './model-services.ts';
import type { Reading } from './reading.ts';

export function checkVirtualNetworks(reading: Reading, vnets: readonly VirtualNetwork[]): void {
  for (const vnet of vnets) {
    checkSubnets(reading, vnet);
    for (const { name, address, path } of vnet.machines) {
      const subnets = vnet.subnets.map((subnet) => subnet.prefix);
      const spaces = subnets.length === 0 ? vnet.addressSpace : subnets;
      if (holds(spaces, address)) continue;
      reportOutside(
        reading,
        reading.keyPath(path, 'address'),
        `machine ${name} has address ${formatAddress(address)}, which is in no subnet of ${vnet.name}`,
        spaces,
      );
    }
    for (const { service, address, path } of vnet.privateEndpoints) {
      if (holds(vnet.addressSpace, address)) continue;
      reportOutside(
        reading,
        [...path, 'address'],
        `the private endpoint of ${service} has address ${formatAddress(address)}, which is not in ${vnet.name}`,
        vnet.addressSpace,
      );
    }
  }
}

function checkSubnets(reading: Reading, { name, addressSpace, subnets }: VirtualNetwork): void {
  const sorted = subnets.toSorted((a, b) => comparePrefixes(a.prefix, b.prefix));
  for (const [index, subnet] of sorted.entries()) {
    const { prefix } = subnet;
    const at = reading.keyPath(subnet.path, 'prefix');
    if (!addressSpace.some((space) => space.family === prefix.family && prefixContains(space, prefix))) {
      reportOutside(
        reading,
        at,
        `subnet ${subnet.name} (${formatPrefix(prefix)}) is not in the address space of ${name}`,
        addressSpace,
      );
    }
    const before = sorted[index - 1];
    if (before === undefined || !prefixesOverlap(before.prefix, prefix)) continue;
    reading.report({
      rule: 'estate/overlapping-subnets',
      path: at,
      message: `subnet ${subnet.name} (${formatPrefix(prefix)}) overlaps subnet ${before.name} (${formatPrefix(before.prefix)})`,
      help: 'give one of them other addresses',
      related: [{ message: 'the other one', path: before.path }],
    });
  }
}

function holds(prefixes: readonly Prefix[], address: Address): boolean {
  return prefixes.some((prefix) => prefix.family === address.family && prefixContains(prefix, hostPrefix(address)));
}

function reportOutside(reading: Reading, path: Path, message: string, inside: readonly Prefix[]): void {
  const known = inside.slice(0, 4).map(formatPrefix).join(', ');
  reading.report({
    rule: 'estate/outside-network',
    path,
    message,
    help: inside.length === 0 ? 'give the network addresses first' : `use an address of ${known}`,
  });
}

/** Subnets of environments: delegated, and in the regions of the pair. */
export function checkVnetSupport(
  reading: Reading,
  environments: readonly Environment[],
  vnets: readonly VirtualNetwork[],
): void {
  const byName = new Map(vnets.map((vnet) => [vnet.name, vnet]));
  for (const environment of environments) {
    for (const { vnet: name, subnet: subnetName, path } of environment.vnetSupport?.subnets ?? []) {
      const vnet = byName.get(name);
      if (vnet === undefined) continue;
      const subnet = vnet.subnets.find((each) => each.name === subnetName);
      if (subnet !== undefined && !subnet.delegated) {
        reading.report({
          rule: 'estate/not-delegated',
          path,
          message: `subnet ${subnetName} of ${name} is not delegated to Power Platform`,
          help: 'write delegated: true at the subnet, or name another one',
          related: [{ message: 'the subnet', path: subnet.path }],
        });
      }
      if (environment.azureRegions.includes(vnet.region)) continue;
      const regions = environment.azureRegions.map((id) => azureRegion(id)?.name ?? id).join(', ');
      reading.report({
        rule: 'estate/network-elsewhere',
        path,
        message: `virtual network ${name} is in ${azureRegion(vnet.region)?.name ?? vnet.region}, environment ${environment.name} is not`,
        why: 'containers run in the regions of the environment, and their subnets have to be there',
        help: `name subnets in ${regions}`,
        related: [{ message: 'the network', path: [...vnet.path, 'region'] }],
      });
    }
  }
}

/** Two circuits that stand in for each other: in different locations, and each the pair of the other. */
export function checkPairs(reading: Reading, circuits: readonly Circuit[]): void {
  const byName = new Map(circuits.map((circuit) => [circuit.name, circuit]));
  for (const circuit of circuits) {
    const other = circuit.pairedWith === undefined ? undefined : byName.get(circuit.pairedWith);
    if (other === undefined) continue;
    const path = [...circuit.path, 'pairedWith'];
    if (other.pairedWith !== undefined && other.pairedWith !== circuit.name) {
      reading.report({
        rule: 'estate/not-a-couple',
        path,
        message: `circuit ${circuit.name} is paired with ${other.name}, which is paired with ${other.pairedWith}`,
        help: 'let each of two circuits name the other',
        related: [{ message: 'the other pair', path: [...other.path, 'pairedWith'] }],
      });
    } else if (other.location === circuit.location && circuit.name < other.name) {
      reading.report({
        rule: 'estate/same-location',
        path,
        message: `circuits ${circuit.name} and ${other.name} end in the same peering location`,
        why: 'maximum resiliency means that the loss of a peering location is survived',
        help: 'move one of them to another location',
        related: [{ message: 'the other circuit', path: [...other.path, 'location'] }],
      });
    }
  }
}

/** Things at a site whose addresses lie outside everything the site is said to have. */
export function checkInside(
  reading: Reading,
  sites: ReadonlyMap<string, Site>,
  things: {
    readonly services: readonly PublishedService[];
    readonly proxies: readonly Proxy[];
    readonly dataGateways: readonly DataGateway[];
    readonly desktopFlowMachines: readonly DesktopFlowMachines[];
  },
): void {
  const single = [...things.services, ...things.proxies].map(({ path, site, address }) => ({
    path: [...path, 'address'],
    site,
    prefixes: [hostPrefix(address)],
  }));
  const several = [...things.dataGateways, ...things.desktopFlowMachines].map(({ path, site, clients }) => ({
    path: [...path, 'clients'],
    site,
    prefixes: clients,
  }));
  for (const { path, site: name, prefixes } of [...single, ...several]) {
    const site = sites.get(name);
    const own = [...(site?.clients ?? []), ...(site?.servers ?? [])];
    if (own.length === 0) continue;
    const outside = prefixes.find(
      (prefix) => !own.some((each) => each.family === prefix.family && prefixContains(each, prefix)),
    );
    if (outside === undefined) continue;
    reading.report({
      rule: 'estate/outside-site',
      severity: 'warning',
      path,
      message: `${formatPrefix(outside)} is in no subnet of site ${name}`,
      help: `add it to servers of ${name}, or use an address of ${own.slice(0, 4).map(formatPrefix).join(', ')}`,
      related: [{ message: 'the site', path: ['sites', name] }],
    });
  }
}
