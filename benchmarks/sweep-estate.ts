/**
 * The estates that the sweep benchmarks run on, as documents: hubs with a circuit and an internet edge each, joined to
 * each other, and branches with several links into them.
 */

const CITIES = ['Munich', 'Milan', 'Paris', 'Madrid', 'Warsaw', 'Vienna', 'Lisbon', 'Oslo', 'Dublin', 'Zurich'];
const HUBS = [
  { city: 'Frankfurt', location: 'Frankfurt' },
  { city: 'London', location: 'London' },
  { city: 'Amsterdam', location: 'Amsterdam' },
  { city: 'Paris', location: 'Paris' },
] as const;

export interface SweepEstate {
  readonly branches: number;
  /** Links of each branch: to one hub after the other, then to the next branches. */
  readonly linksEach: number;
  readonly hubs: 1 | 2 | 3 | 4;
  /** Client prefixes of each branch. */
  readonly prefixesEach: number;
}

export function sweepEstate({ branches, linksEach, hubs, prefixesEach }: SweepEstate): string {
  const names = Array.from({ length: branches }, (_, ix) => `branch-${ix}`);
  const lines = [
    'bothways: 1',
    'organisation: { name: Contoso, asn: 64500 }',
    'environments: { production: { region: Europe } }',
    'sites:',
  ];
  const here = HUBS.slice(0, hubs);
  for (const [n, { city }] of here.entries()) {
    lines.push(`  hub-${n}: { city: ${city}, users: 50, clients: 10.${250 + n}.0.0/24 }`);
  }
  for (const [ix, name] of names.entries()) {
    const clients = Array.from({ length: prefixesEach }, (_, n) => {
      const at = (ix * prefixesEach + n) * 2;
      return `10.${Math.floor(at / 256)}.${at % 256}.0/24`;
    });
    lines.push(
      `  ${name}: { city: ${CITIES[ix % CITIES.length]}, users: ${20 + (ix % 200)}, clients: [${clients.join(', ')}] }`,
    );
  }
  lines.push('wan:');
  const link = (name: string, a: string, b: string, cost: number): void => {
    lines.push(`  ${name}: { between: [${a}, ${b}], bandwidth: 200 Mbps, latency: 8 ms, cost: ${cost} }`);
  };
  for (let a = 0; a < hubs; a++) for (let b = a + 1; b < hubs; b++) link(`core-${a}-${b}`, `hub-${a}`, `hub-${b}`, 5);
  for (const [ix, name] of names.entries()) {
    for (let n = 0; n < linksEach; n++) {
      const to = n < Math.min(2, hubs) ? `hub-${(ix + n) % hubs}` : `branch-${(ix + n - 1) % branches}`;
      link(`${name}-${n}`, name, to, 10 + n);
    }
  }
  lines.push('internetEdges:');
  for (const [n] of here.entries()) {
    lines.push(
      `  inet-${n}: { site: hub-${n}, isp: Northwind ${n}, bandwidth: 2 Gbps, firewall: fw-inet-${n}, nat: 198.51.100.${n * 16}/28 }`,
    );
  }
  lines.push('expressRouteEdges:');
  for (const [n] of here.entries()) {
    lines.push(`  er-${n}: { site: hub-${n}, firewall: fw-er-${n}, nat: 203.0.113.${n * 16}/28 }`);
  }
  lines.push('circuits:');
  for (const [n, { location }] of here.entries()) {
    lines.push(
      `  circuit-${n}:`,
      `    location: ${location}`,
      '    provider: Equinix',
      '    sku: premium',
      '    bandwidth: 1 Gbps',
      `    edge: er-${n}`,
      '    microsoftPeering:',
      `      vlan: ${100 + n}`,
      `      links: [192.0.2.${n * 8}/30, 192.0.2.${n * 8 + 4}/30]`,
      `      advertises: [203.0.113.${n * 16}/28]`,
      '      routeFilter: [West Europe, North Europe]',
    );
  }
  lines.push(
    'demands:',
    `  everyday: { flows: [PP-F01, PP-F02, PP-F05], from: [${names.join(', ')}], to: production, rate: { perUser: 400 kbps } }`,
    'intents:',
    `  private: { flows: PP-F01, from: [${names.join(', ')}], to: production, over: expressroute, survives: any-single-failure }`,
    `  roomy: { flows: PP-F01, from: [${names.join(', ')}], to: production, private: true, load: 90%, survives: any-single-failure }`,
  );
  return `${lines.join('\n')}\n`;
}
