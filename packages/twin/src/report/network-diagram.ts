/** The topology of an estate as a diagram: every device of the customer and its providers, Microsoft's as far as used. */
import type { EstateView } from '@bothways/checks';
import { formatBandwidth } from '@bothways/estate';
import type { Device, DeviceRole, Link } from '@bothways/network';
import { type Diagram, type DiagramLine, type DiagramNode, layOut } from './diagram.ts';

/** From the customer on the left to Microsoft on the right. */
export const roleColumns: Readonly<Record<DeviceRole, number>> = {
  'vpn-users': 0,
  'roaming-users': 0,
  'site-router': 0,
  'provider-edge': 1,
  proxy: 2,
  firewall: 3,
  'customer-edge': 4,
  'internet-provider': 4,
  internet: 5,
  msee: 5,
  'microsoft-internet-edge': 6,
  'vnet-gateway': 6,
  'microsoft-backbone': 7,
  'vnet-appliance': 7,
  vnet: 8,
  'azure-region': 8,
  'microsoft-service': 8,
  'public-service': 8,
};

export const roleWords: Readonly<Record<DeviceRole, string>> = {
  'vpn-users': 'users by VPN',
  'roaming-users': 'roaming users',
  'site-router': 'site',
  'provider-edge': 'WAN cloud',
  proxy: 'proxy',
  firewall: 'firewall',
  'customer-edge': 'customer edge',
  'internet-provider': 'internet provider',
  internet: 'internet',
  msee: 'Microsoft edge',
  'microsoft-internet-edge': 'Microsoft edge',
  'vnet-gateway': 'VNet gateway',
  'microsoft-backbone': 'Microsoft backbone',
  'vnet-appliance': 'appliance',
  vnet: 'virtual network',
  'azure-region': 'Azure region',
  'microsoft-service': 'Microsoft service',
  'public-service': 'public service',
};

export const lineKinds: Readonly<Record<Link['kind'], DiagramLine['kind']>> = {
  lan: 'lan',
  wan: 'wan',
  internet: 'internet',
  circuit: 'circuit',
  microsoft: 'microsoft',
  vpn: 'tunnel',
  azure: 'microsoft',
  'global-reach': 'circuit',
};

/** More sites than this are drawn as one box that counts them. */
const mostSites = 14;
const othersId = 'further sites';

export function networkDiagram(view: EstateView): Diagram {
  const { network } = view.compiled;
  const used = new Set(
    view.data.roundTrips.flatMap(({ forward, back }) =>
      [forward, ...(back === undefined ? [] : [back])].flatMap(({ path }) => path.hops.map(({ device }) => device)),
    ),
  );
  const withEdge = new Set(
    network.links.flatMap(({ a, b }) => {
      const roles = [a, b].map((ix) => network.devices[ix]?.role);
      return roles.some((role) => role === 'firewall' || role === 'customer-edge' || role === 'internet-provider')
        ? [a, b]
        : [];
    }),
  );
  const shown = network.devices.filter(
    (device) => device.half !== 'microsoft' || device.role === 'msee' || used.has(device.ix),
  );
  const plainSites = shown.filter(({ role, ix }) => role === 'site-router' && !withEdge.has(ix));
  const hidden = new Set(plainSites.length > mostSites ? plainSites.slice(mostSites - 1).map(({ ix }) => ix) : []);
  const nodes = shown.filter(({ ix }) => !hidden.has(ix)).map((device) => nodeOf(device, withEdge.has(device.ix)));
  if (hidden.size > 0) {
    nodes.push({ id: othersId, title: `${hidden.size} more sites`, subtitle: 'site', column: 0, half: 'customer' });
  }
  const idOf = (ix: number): string => (hidden.has(ix) ? othersId : String(ix));
  const lines = new Map<string, DiagramLine>();
  for (const link of network.links) {
    const [from, to] = [idOf(link.a), idOf(link.b)];
    if (from === to || !nodes.some(({ id }) => id === from) || !nodes.some(({ id }) => id === to)) continue;
    const key = JSON.stringify([from, to, link.kind]);
    if (!lines.has(key)) lines.set(key, { from, to, label: lineLabel(link), kind: lineKinds[link.kind] });
  }
  return layOut(nodes, [...lines.values()]);
}

function nodeOf({ ix, name, role, half }: Device, hasEdge: boolean): DiagramNode {
  // A site with edges stands behind the WAN; the others in front of it.
  const column = role === 'site-router' && hasEdge ? 2 : roleColumns[role];
  // The subtitle says already whose service it is.
  const title = role === 'microsoft-service' ? name.replace(/^microsoft-/, '') : name;
  return { id: String(ix), title, subtitle: roleWords[role], column, half };
}

export function lineLabel({ owner, name, bandwidth, latency }: Link): string {
  return [
    owner ?? name,
    ...(bandwidth === undefined ? [] : [formatBandwidth(bandwidth)]),
    ...(latency === undefined ? [] : [`${latency} ms one way`]),
  ].join(', ');
}
