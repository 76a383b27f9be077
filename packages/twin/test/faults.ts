/** Mistakes people make, as small changes of an estate that is well. */
import { fileOf } from './shipped-estates.ts';

export interface Fault {
  readonly name: string;
  /** Folder of the healthy estate. */
  readonly base: string;
  /** Whether a packet or its answer is lost, by reasoning from the facts; 'diverts' may still be against an intent. */
  readonly effect: 'loses' | 'diverts';
  readonly replace: readonly (readonly [passage: string, by: string])[];
}

const contoso = 'examples/contoso';
const oneCircuit = 'scenarios/PP-S03-branch-over-wan';
const everywhere = [contoso, oneCircuit];

const FILTER = 'routeFilter: [West Europe, North Europe]';
const ANNOUNCED = 'advertises: [203.0.113.0/28]';
const ER_POOL = 'nat: 203.0.113.0/28';
const INET_POOL = 'nat: 198.51.100.0/28';
const HQ = 'clients: 10.10.0.0/16 }';
const HQ_LINK = '  mpls-hq: { between: [hq, dc], bandwidth: 1 Gbps, latency: 6 ms }\n';
const SECOND_SITE: readonly (readonly [string, string])[] = [
  ['  dc: { city: Frankfurt }', '  dc: { city: Frankfurt }\n  dc2: { city: Amsterdam }'],
  ['wan:\n', 'wan:\n  core: { between: [dc, dc2], bandwidth: 1 Gbps }\n'],
];

function secondCircuit(pool: string, announced: string, more = ''): readonly (readonly [string, string])[] {
  return [
    ...SECOND_SITE,
    ['expressRouteEdges:\n', `expressRouteEdges:\n  er2: { site: dc2, firewall: fw-er2, nat: ${pool} }\n`],
    [
      'circuits:\n',
      [
        'circuits:',
        '  er-ams:',
        '    location: Amsterdam',
        '    bandwidth: 500 Mbps',
        '    edge: er2',
        '    microsoftPeering:',
        '      vlan: 101',
        '      links: [192.0.2.8/30, 192.0.2.12/30]',
        `      advertises: ${announced}${more}`,
        '      routeFilter: [West Europe, North Europe]',
        '',
      ].join('\n'),
    ],
  ];
}

function on(
  base: string,
  effect: Fault['effect'],
  name: string,
  ...replace: readonly (readonly [string, string])[]
): Fault {
  return { name, base, effect, replace };
}

/** The same fault in each of the healthy estates. */
function onEach(
  effect: Fault['effect'],
  name: string,
  ...replace: readonly (readonly [string, string])[]
): readonly Fault[] {
  return everywhere.map((base) => on(base, effect, name, ...replace));
}

export const FAULTS: readonly Fault[] = [
  // Pools and announcements.
  ...onEach('loses', 'another pool at the ExpressRoute edge', [ER_POOL, 'nat: 203.0.113.16/28']),
  ...onEach('loses', 'a pool twice as large as what is announced', [ER_POOL, 'nat: 203.0.113.0/27']),
  ...onEach('loses', 'the pool of the internet edge at the ExpressRoute edge too', [ER_POOL, INET_POOL]),
  ...onEach('loses', 'no translation at the ExpressRoute edge', [`, ${ER_POOL}`, '']),
  ...onEach('loses', 'the pool of the ExpressRoute edge at the internet edge too', [INET_POOL, ER_POOL]),
  ...onEach('loses', 'half of the ExpressRoute pool at the internet edge', [INET_POOL, 'nat: 203.0.113.8/29']),
  ...onEach('loses', 'no translation at the internet edge', [`, ${INET_POOL}`, '']),
  ...onEach('loses', 'another prefix announced than the pool', [ANNOUNCED, 'advertises: [203.0.113.64/28]']),
  ...onEach('loses', 'half of the pool announced', [ANNOUNCED, 'advertises: [203.0.113.0/29]']),
  ...onEach('loses', 'both pools announced on the circuit', [
    ANNOUNCED,
    'advertises: [203.0.113.0/28, 198.51.100.0/28]',
  ]),
  ...onEach('loses', 'part of the internet pool announced on the circuit', [
    ANNOUNCED,
    'advertises: [203.0.113.0/28, 198.51.100.8/29]',
  ]),
  ...onEach('diverts', 'a supernet of the internet pool announced on the circuit', [
    ANNOUNCED,
    'advertises: [203.0.113.0/28, 198.51.100.0/24]',
  ]),
  ...onEach('diverts', 'the ExpressRoute pool announced to the internet too', [
    INET_POOL,
    `${INET_POOL}, advertises: [198.51.100.0/28, 203.0.113.0/28]`,
  ]),
  ...onEach('loses', 'half of the ExpressRoute pool announced to the internet', [
    INET_POOL,
    `${INET_POOL}, advertises: [198.51.100.0/28, 203.0.113.0/29]`,
  ]),
  ...onEach('loses', 'another prefix announced to the internet than the pool', [
    INET_POOL,
    `${INET_POOL}, advertises: 198.51.100.64/28`,
  ]),
  // The route filter.
  ...onEach('diverts', 'North Europe dropped from the filter', [FILTER, 'routeFilter: [West Europe]']),
  ...onEach('diverts', 'West Europe dropped from the filter', [FILTER, 'routeFilter: [North Europe]']),
  ...onEach('diverts', 'West Europe swapped for West US', [FILTER, 'routeFilter: [West US, North Europe]']),
  ...onEach('diverts', 'both regions swapped for others', [FILTER, 'routeFilter: [UK South, UK West]']),
  ...onEach('diverts', 'an empty filter', [FILTER, 'routeFilter: []']),
  ...onEach('diverts', 'no filter', [`\n      ${FILTER}`, '']),
  ...onEach('diverts', 'Exchange Online in the filter', [
    FILTER,
    'routeFilter: [West Europe, North Europe, Exchange Online]',
  ]),
  ...onEach('diverts', 'the old CRM Online community only', [FILTER, 'routeFilter: [12076:5040]']),
  // The circuit.
  ...onEach('diverts', 'validation still open', ['vlan: 100', 'vlan: 100\n      validation: validation-needed']),
  ...onEach('diverts', 'a circuit in New York', ['location: Frankfurt', 'location: New York']),
  ...onEach('diverts', 'a Local circuit', [
    'sku: standard\n    billing: metered',
    'sku: local\n    billing: unlimited',
  ]),
  // Sites, links, edges and firewalls.
  on(contoso, 'loses', 'the WAN link of headquarters removed', [HQ_LINK, '']),
  // Here headquarters has the internet edge itself.
  on(oneCircuit, 'diverts', 'the WAN link of headquarters removed', [HQ_LINK, '']),
  on(contoso, 'loses', 'the WAN link of the branch removed', [
    '  mpls-branch: { between: [branch, dc], bandwidth: 100 Mbps, latency: 11 ms }\n',
    '',
  ]),
  on(oneCircuit, 'loses', 'the WAN link of the branch removed', [
    '  mpls-branch: { between: [branch, hq], bandwidth: 100 Mbps, latency: 9 ms }\n',
    '',
  ]),
  on(contoso, 'loses', 'no internet edge', [
    'internetEdges:\n  inet: { site: dc, isp: Northwind Telecom, bandwidth: 1 Gbps, firewall: fw-inet, nat: 198.51.100.0/28 }\n\n',
    '',
  ]),
  on(contoso, 'diverts', 'the datacentre breaks out', [
    'dc: { city: Frankfurt }',
    'dc: { city: Frankfurt, breakout: inet }',
  ]),
  on(
    contoso,
    'loses',
    'the datacentre breaks out with the circuit announcing its pool',
    ['dc: { city: Frankfurt }', 'dc: { city: Frankfurt, breakout: inet }'],
    [ANNOUNCED, 'advertises: [203.0.113.0/28, 198.51.100.0/28]'],
  ),
  on(oneCircuit, 'diverts', 'headquarters breaks out', [HQ, 'clients: 10.10.0.0/16, breakout: inet }']),
  on(
    oneCircuit,
    'loses',
    'headquarters breaks out with the circuit announcing its pool',
    [HQ, 'clients: 10.10.0.0/16, breakout: inet }'],
    [ANNOUNCED, 'advertises: [203.0.113.0/28, 198.51.100.0/28]'],
  ),
  ...onEach('diverts', 'the environment elsewhere than the filter', [
    '{ region: Europe }',
    '{ region: United Kingdom }',
  ]),
  ...onEach('diverts', 'an intent that wants the internet', ['over: expressroute', 'over: internet']),
  ...onEach(
    'diverts',
    'both pools announced, but the firewalls keep no state',
    [ANNOUNCED, 'advertises: [203.0.113.0/28, 198.51.100.0/28]'],
    ['circuits:\n', 'firewalls:\n  fw-er: { stateful: false }\n  fw-inet: { stateful: false }\n\ncircuits:\n'],
  ),
  ...onEach(
    'diverts',
    'both pools announced, but the firewalls share their state',
    [ANNOUNCED, 'advertises: [203.0.113.0/28, 198.51.100.0/28]'],
    ['circuits:\n', 'firewalls:\n  fw-er: { sharesStateWith: fw-inet }\n\ncircuits:\n'],
  ),
  // Two circuits.
  ...onEach(
    'loses',
    'a second circuit announces the pool of the first',
    ...secondCircuit('203.0.113.16/28', '[203.0.113.16/28, 203.0.113.0/28]'),
  ),
  ...onEach('loses', 'two circuits with one pool', ...secondCircuit('203.0.113.0/28', '[203.0.113.0/28]')),
  ...onEach(
    'loses',
    'distinct pools, each announced on both circuits',
    ...secondCircuit('203.0.113.16/28', '[203.0.113.16/28, 203.0.113.0/28]'),
    [`      ${ANNOUNCED}`, '      advertises: [203.0.113.0/28, 203.0.113.16/28]'],
  ),
  ...onEach(
    'loses',
    'a second circuit with a longer prefix of the pool of the first',
    ...secondCircuit('203.0.113.16/28', '[203.0.113.16/28, 203.0.113.8/29]'),
  ),
];

export function faultText({ base, replace }: Fault): string {
  return replace.reduce(
    (text, [passage, by]) => {
      if (text.split(passage).length !== 2) throw new Error(`${base} must have '${passage}' once`);
      return text.replace(passage, () => by);
    },
    fileOf(base, 'estate.yaml'),
  );
}

/** The lines of the changed text that the healthy one does not have; where lines only went, the one now in their place. */
export function changedLines(before: string, after: string): readonly number[] {
  const held = before.split('\n');
  const now = after.split('\n');
  const fresh = now.flatMap((line, at) => (held.includes(line) ? [] : [at + 1]));
  if (fresh.length > 0) return fresh;
  return [now.findIndex((line, at) => line !== held[at]) + 1];
}
