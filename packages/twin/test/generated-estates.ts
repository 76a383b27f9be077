/**
 * Healthy estates by seed, in varied shapes, and the mistakes people make in them. A mistake is a change of passages that
 * stand in the document exactly once, so that the changed line is known.
 */
import { Random } from '@bothways/net';

export interface GeneratedEstate {
  readonly seed: number;
  readonly text: string;
  readonly datacentres: number;
  readonly branches: number;
  readonly isPublished: boolean;
  readonly isProxied: boolean;
  readonly sharesState: boolean;
}

const CITIES = ['Munich', 'Milan', 'Paris', 'Madrid', 'Vienna', 'Zurich', 'Lyon', 'Hamburg'];
const CENTRES = [
  { city: 'Frankfurt', location: 'Frankfurt', provider: 'Equinix' },
  { city: 'Amsterdam', location: 'Amsterdam', provider: 'Colt' },
];

export function generatedEstate(seed: number): GeneratedEstate {
  const random = new Random(seed);
  const coin = (): boolean => random.below(2) === 1;
  const datacentres = 1 + random.below(2);
  const branches = 1 + random.below(5);
  const sharesState = datacentres === 1 && random.below(4) === 0;
  // An announced internet pool draws the sessions to a service in it to the circuit (A4).
  const isPublished = coin() && !sharesState;
  const isProxied = coin();
  const isClustered = coin();
  const hasBfd = coin();
  const hasIntent = coin();
  const centres = CENTRES.slice(0, datacentres);
  const lines = [
    'bothways: 1',
    '',
    'organisation: { name: Contoso, asn: 64500, owns: [192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24] }',
    '',
    'environments:',
    '  production: { region: Europe }',
    '',
    'sites:',
  ];
  for (let at = 0; at < branches; at++) {
    const proxy = isProxied && at === 0 ? ', proxy: web' : '';
    lines.push(
      `  s${at}: { city: ${CITIES[random.below(CITIES.length)]}, users: ${10 + random.below(90)}, clients: 10.${10 + at}.0.0/16${proxy} }`,
    );
  }
  for (const [at, { city }] of centres.entries()) {
    lines.push(`  dc${at}: { city: ${city}, servers: 10.${200 + at}.0.0/24 }`);
  }
  lines.push('', 'wan:');
  for (let at = 0; at < branches; at++) {
    lines.push(
      `  w${at}: { between: [s${at}, dc${at % datacentres}], bandwidth: 1 Gbps, latency: ${2 + random.below(9)} ms }`,
    );
  }
  if (datacentres === 2) lines.push('  core: { between: [dc0, dc1], bandwidth: 10 Gbps, latency: 4 ms }');
  if (isProxied) lines.push('', 'proxies:', '  web: { site: dc0, address: 10.200.0.5, reach: both }');
  lines.push('', 'internetEdges:');
  for (let at = 0; at < datacentres; at++) {
    lines.push(
      `  inet${at}: { site: dc${at}, isp: Northwind ${at}, bandwidth: 2 Gbps, firewall: fi${at}, nat: 198.51.100.${at * 16}/28 }`,
    );
  }
  lines.push('', 'expressRouteEdges:');
  for (let at = 0; at < datacentres; at++) {
    lines.push(`  er${at}: { site: dc${at}, firewall: fe${at}, nat: 203.0.113.${at * 16}/28 }`);
  }
  const firewalls = [
    ...(sharesState ? ['  fe0: { sharesStateWith: fi0 }'] : []),
    ...(isClustered && !sharesState ? ['  fe0: { highAvailability: true }'] : []),
  ];
  if (firewalls.length > 0) lines.push('', 'firewalls:', ...firewalls);
  lines.push('', 'circuits:');
  for (const [at, { location, provider }] of centres.entries()) {
    const also = sharesState ? ', 198.51.100.0/28' : '';
    lines.push(
      `  c${at}:`,
      `    location: ${location}`,
      `    provider: ${provider}`,
      '    bandwidth: 1 Gbps',
      `    edge: er${at}`,
      '    microsoftPeering:',
      `      vlan: ${100 + at}`,
      `      links: [192.0.2.${at * 8}/30, 192.0.2.${at * 8 + 4}/30]`,
      `      advertises: [203.0.113.${at * 16}/28${also}]`,
      ...(hasBfd ? [`      bfd: true # c${at}`] : []),
      `      routeFilter: [West Europe, North Europe] # c${at}`,
    );
  }
  if (isPublished) {
    lines.push(
      '',
      'services:',
      '  orders: { site: dc0, address: 10.200.0.26, names: [orders.contoso.example], published: { edge: inet0, address: 198.51.100.5, inboundNat: true }, calledBy: PP-F28 }',
    );
  }
  const from = Array.from({ length: branches }, (_, at) => `s${at}`).join(', ');
  lines.push('', 'demands:', `  everyday: { flows: [PP-F01, PP-F02, PP-F16], from: [${from}], to: production }`);
  if (hasIntent) {
    lines.push('', 'intents:', `  private: { flows: [PP-F01], from: [${from}], to: production, over: expressroute }`);
  }
  return { seed, text: `${lines.join('\n')}\n`, datacentres, branches, isPublished, isProxied, sharesState };
}

export interface Mutation {
  readonly name: string;
  /** Undefined: the estate has nothing to get wrong in this way. */
  readonly replace: (estate: GeneratedEstate) => readonly (readonly [passage: string, by: string])[] | undefined;
}

const always =
  (...replace: readonly (readonly [string, string])[]): Mutation['replace'] =>
  () =>
    replace;

const POOL = 'firewall: fe0, nat: 203.0.113.0/28';
const OUT = 'firewall: fi0, nat: 198.51.100.0/28';
const FILTER = 'routeFilter: [West Europe, North Europe] # c0';
const SERVICE = 'published: { edge: inet0, address: 198.51.100.5, inboundNat: true }';

/** Where a document has no firewalls, a section of its own; the passage stands in every estate. */
function firewall(words: string): Mutation['replace'] {
  return ({ text }) =>
    text.includes('\nfirewalls:\n') ? undefined : [['\ncircuits:\n', `\nfirewalls:\n  ${words}\n\ncircuits:\n`]];
}

const announcing =
  (list: string): Mutation['replace'] =>
  ({ sharesState }) =>
    sharesState ? undefined : [['advertises: [203.0.113.0/28]', `advertises: [${list}]`]];

export const MUTATIONS: readonly Mutation[] = [
  { name: 'a wrong pool at the ExpressRoute edge', replace: always([POOL, 'firewall: fe0, nat: 203.0.113.240/28']) },
  { name: 'a pool twice as large as announced', replace: always([POOL, 'firewall: fe0, nat: 203.0.113.0/27']) },
  { name: 'no translation at the ExpressRoute edge', replace: always([POOL, 'firewall: fe0']) },
  { name: 'no translation at the internet edge', replace: always([OUT, 'firewall: fi0']) },
  {
    name: 'the pool of the internet edge at the ExpressRoute edge',
    replace: always([POOL, 'firewall: fe0, nat: 198.51.100.0/28']),
  },
  {
    name: 'the pool of the ExpressRoute edge at the internet edge',
    replace: always([OUT, 'firewall: fi0, nat: 203.0.113.0/28']),
  },
  { name: 'another prefix announced than the pool', replace: announcing('203.0.113.64/28') },
  { name: 'half of the pool announced', replace: announcing('203.0.113.0/29') },
  { name: 'the internet pool announced on the circuit', replace: announcing('203.0.113.0/28, 198.51.100.0/28') },
  { name: 'a longer part of the internet pool announced', replace: announcing('203.0.113.0/28, 198.51.100.0/29') },
  { name: 'one region dropped from the filter', replace: always([FILTER, 'routeFilter: [West Europe] # c0']) },
  { name: 'a region swapped for another', replace: always([FILTER, 'routeFilter: [West US, North Europe] # c0']) },
  { name: 'the retired community', replace: always([FILTER, "routeFilter: ['12076:5040'] # c0"]) },
  { name: 'no filter', replace: always([`      ${FILTER}\n`, '']) },
  { name: 'validation open', replace: always(['vlan: 100\n', 'vlan: 100\n      validation: validation-needed\n']) },
  {
    name: 'the WAN link of the first site gone',
    replace: ({ text }) => [[/ {2}w0: .*\n/.exec(text)?.[0] ?? '', '']],
  },
  {
    name: 'HTTPS denied at the ExpressRoute edge',
    replace: firewall('fe0: { rules: [{ action: deny, zone: inside, ports: [443] }] }'),
  },
  {
    name: 'everything denied at the internet edge',
    replace: firewall('fi0: { rules: [{ action: deny, zone: any }] }'),
  },
  {
    name: 'state not shared any more',
    replace: ({ sharesState }) => (sharesState ? [['\nfirewalls:\n  fe0: { sharesStateWith: fi0 }\n', '']] : undefined),
  },
  {
    name: 'the second circuit announces the first pool too',
    replace: ({ datacentres }) =>
      datacentres === 2
        ? [['advertises: [203.0.113.16/28]', 'advertises: [203.0.113.16/28, 203.0.113.0/28]']]
        : undefined,
  },
  {
    name: 'the second circuit announces a longer part of the first pool',
    replace: ({ datacentres }) =>
      datacentres === 2
        ? [['advertises: [203.0.113.16/28]', 'advertises: [203.0.113.16/28, 203.0.113.0/29]']]
        : undefined,
  },
  {
    name: 'the source of callers kept',
    replace: ({ isPublished }) =>
      isPublished ? [[SERVICE, 'published: { edge: inet0, address: 198.51.100.5, inboundNat: false }']] : undefined,
  },
  {
    name: 'the published address announced on the circuit',
    replace: ({ isPublished, sharesState }) =>
      isPublished && !sharesState
        ? [['advertises: [203.0.113.0/28]', 'advertises: [203.0.113.0/28, 198.51.100.5/32]']]
        : undefined,
  },
  {
    name: 'published on the circuit and not announced there',
    replace: ({ isPublished }) =>
      isPublished ? [[SERVICE, 'published: { edge: er0, address: 203.0.113.66, inboundNat: true }']] : undefined,
  },
  {
    name: 'a proxy at a site that has lost its link',
    replace: ({ isProxied, text }) =>
      isProxied
        ? [
            [
              'web: { site: dc0, address: 10.200.0.5, reach: both }',
              'web: { site: s0, address: 10.99.0.5, reach: both }',
            ],
            [/ {2}w0: .*\n/.exec(text)?.[0] ?? '', ''],
          ]
        : undefined,
  },
  {
    name: 'a private AS number prepended on the second circuit',
    replace: ({ datacentres }) =>
      datacentres === 2
        ? [
            [
              'advertises: [203.0.113.16/28]',
              'advertises: [203.0.113.16/28, 203.0.113.0/28]\n      prepend: { times: 3, asn: 64512 }',
            ],
          ]
        : undefined,
  },
  {
    name: 'a list of prefixes as long as it may be',
    replace: announcing(
      `203.0.113.0/28, ${Array.from({ length: 190 }, (_, at) => `203.0.113.${64 + at}/32`).join(', ')}`,
    ),
  },
  {
    name: 'an own limit below what Microsoft announces',
    replace: always(['vlan: 100\n', 'vlan: 100\n      maximumPrefixes: 20\n']),
  },
  {
    name: 'the first circuit on the second edge',
    replace: ({ datacentres }) => (datacentres === 2 ? [['    edge: er0\n', '    edge: er1\n']] : undefined),
  },
  {
    name: 'the clients of the first site discarded at the datacentre',
    replace: always([
      '\ndemands:\n',
      '\nrouting:\n  dc0: { statics: [{ prefix: 10.10.0.0/16, next: discard }] }\n\ndemands:\n',
    ]),
  },
  {
    name: 'the own routers reject the routes of one region',
    // A second circuit carries them all the same.
    replace: ({ datacentres }) =>
      datacentres === 2
        ? undefined
        : [
            [
              '\ndemands:\n',
              '\nrouting:\n  er0-ce1: { import: [{ match: { communities: [North Europe] }, then: reject }] }\n  er0-ce2: { import: [{ match: { communities: [North Europe] }, then: reject }] }\n\ndemands:\n',
            ],
          ],
  },
  {
    name: 'sessions from outside denied in front of the service',
    replace: (estate) =>
      estate.isPublished ? firewall('fi0: { rules: [{ action: deny, zone: outside }] }')(estate) : undefined,
  },
  {
    name: 'a proxy that reaches the internet alone',
    replace: ({ isProxied }) => (isProxied ? [['reach: both', 'reach: internet']] : undefined),
  },
  {
    name: 'a circuit that is not provisioned',
    replace: always(['    edge: er0\n', '    edge: er0\n    provisioning: not-provisioned\n']),
  },
  {
    name: 'the environment in another geography',
    replace: always(['{ region: Europe }', '{ region: United Kingdom }']),
  },
];

export function mutated({ text }: GeneratedEstate, replace: readonly (readonly [string, string])[]): string {
  return replace.reduce((now, [passage, by]) => {
    if (now.split(passage).length !== 2) throw new Error(`'${passage}' must be there once`);
    return now.replace(passage, () => by);
  }, text);
}
