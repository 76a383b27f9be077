/** Passages that the examples of several rules put into the example estate. */

type Change = readonly [text: string, by: string];

interface SecondCircuit {
  readonly location?: string;
  readonly site?: string;
  readonly edge?: string;
  readonly advertises?: string;
  readonly filter?: string;
  /** Of the line between the two datacentres. */
  readonly core?: string;
  /** Lines of the circuit, indented by four spaces, each with a line feed. */
  readonly lines?: string;
  /** Lines of its Microsoft peering, indented by six spaces, each with a line feed. */
  readonly peering?: string;
}

/** A second datacentre in Amsterdam with an ExpressRoute edge `er2` and a circuit `er-ams`. */
export function secondCircuit({
  location = 'Amsterdam',
  site = 'dc2',
  edge = 'er2',
  advertises = '[203.0.113.16/28]',
  filter = '[West Europe, North Europe]',
  core = 'bandwidth: 1 Gbps',
  lines = '',
  peering = '',
}: SecondCircuit = {}): readonly Change[] {
  const ownEdge = edge === 'er2';
  return [
    ...(ownEdge
      ? ([
          ['  dc: { city: Frankfurt }', '  dc: { city: Frankfurt }\n  dc2: { city: Amsterdam }'],
          ['wan:\n', `wan:\n  core: { between: [dc, dc2], ${core} }\n`],
          [
            'expressRouteEdges:\n',
            `expressRouteEdges:\n  er2: { site: ${site}, firewall: fw-er2, nat: 203.0.113.16/28 }\n`,
          ],
        ] satisfies readonly Change[])
      : []),
    [
      'circuits:\n',
      `circuits:\n  er-ams:\n    location: ${location}\n    provider: Colt\n    bandwidth: 500 Mbps\n${lines}    edge: ${edge}\n    microsoftPeering:\n      vlan: 101\n      links: [192.0.2.8/30, 192.0.2.12/30]\n      advertises: ${advertises}\n${peering}      routeFilter: ${filter}\n`,
    ],
  ];
}

/** Private peering of the circuit to a virtual network with a gateway. */
export function privatePeering(gateway = 'ErGw1AZ', peering = '', vnet = ''): readonly Change[] {
  return [
    [
      '    edge: er\n',
      `    edge: er\n    privatePeering:\n      vlan: 200\n      links: [10.254.0.0/30, 10.254.0.4/30]\n      vnets: [west]\n${peering}`,
    ],
    [
      'demands:\n',
      `azure:\n  vnets:\n    west: { region: West Europe, addressSpace: 10.100.0.0/16, gateway: ${gateway}, subnets: { apps: 10.100.0.0/24 }${vnet} }\n\ndemands:\n`,
    ],
  ];
}

/** The intent of the example, made to bear the failure of any one element. */
export const ANY_FAILURE: Change = [
  '    over: expressroute',
  '    over: expressroute\n    survives: any-single-failure',
];

/** A service at the datacentre, published on an edge. */
export function service(words: string, name = 'orders'): Change {
  return ['demands:\n', `services:\n  ${name}: { site: dc, ${words} }\n\ndemands:\n`];
}

/** Servers at the datacentre, which services need. */
export const SERVERS: Change = ['  dc: { city: Frankfurt }', '  dc: { city: Frankfurt, servers: 10.30.0.0/24 }'];

/** The route filter of the example with Microsoft Entra ID besides, so that answers to it may take the circuit. */
export const SIGN_IN: Change = [
  'routeFilter: [West Europe, North Europe]',
  "routeFilter: [West Europe, North Europe, '12076:5060']",
];

/** A proxy at the datacentre, used by the clients of headquarters. */
export function proxied(words = ''): readonly Change[] {
  return [
    ['clients: 10.10.0.0/16 }', 'clients: 10.10.0.0/16, proxy: web }'],
    ['wan:\n', `proxies:\n  web: { site: dc, address: 10.30.0.5${words} }\n\nwan:\n`],
  ];
}
