/**
 * From text to a checked estate: 5,000 sites from a table, 20,000 sites in YAML, and the complete document of both ways.
 * Every size in a process of its own, with the peak of resident memory. Run: npx node benchmarks/estate-load.ts
 */
import { spawnSync } from 'node:child_process';
import { completeDocument, type EstateFile, loadEstate } from '@bothways/estate';

const HEAD = `bothways: 1
organisation: { name: Contoso, asn: 64500 }
environments: { production: { region: Europe } }
`;
const EDGES = `wan:
  mpls: { provider: Fabrikam, members: { hub: { bandwidth: 10 Gbps } }, bandwidth: 20 Mbps, latency: 15 ms }
internetEdges:
  inet: { site: hub, nat: 198.51.100.0/24 }
expressRouteEdges:
  er: { site: hub, nat: 203.0.113.0/24 }
circuits:
  er-fra:
    location: Frankfurt
    bandwidth: 1 Gbps
    edge: er
    microsoftPeering: { vlan: 100, links: [192.0.2.0/30, 192.0.2.4/30], routeFilter: [West Europe, North Europe] }
`;
const CITIES = ['Munich', 'Milan', 'Lyon', 'Oslo', 'Madrid', 'Warsaw', 'Dublin'];

function clients(index: number): string {
  return `10.${(index >> 8) & 255}.${index & 255}.0/24`;
}

function city(index: number): string {
  return CITIES[index % CITIES.length] ?? '';
}

function table(count: number): readonly EstateFile[] {
  const rows = Array.from({ length: count }, (_, index) => `site-${index},${city(index)},25,${clients(index)},mpls`);
  return [
    { name: 'estate.yaml', text: `${HEAD}sites:\n  from: sites.csv\n  hub: { city: Frankfurt }\n${EDGES}` },
    { name: 'sites.csv', text: `name,city,users,clients,wan\n${rows.join('\n')}\n` },
  ];
}

function yaml(count: number): readonly EstateFile[] {
  const lines = Array.from(
    { length: count },
    (_, index) => `  site-${index}: { city: ${city(index)}, users: 25, clients: ${clients(index)}, wan: mpls }`,
  );
  return [{ name: 'estate.yaml', text: `${HEAD}sites:\n  hub: { city: Frankfurt }\n${lines.join('\n')}\n${EDGES}` }];
}

const cases: ReadonlyMap<string, () => readonly EstateFile[]> = new Map([
  ['5,000 sites, table', () => table(5000)],
  ['5,000 sites, YAML', () => yaml(5000)],
  ['20,000 sites, table', () => table(20_000)],
  ['20,000 sites, YAML', () => yaml(20_000)],
]);

/** One cold load, as a command does it. */
function measure(title: string): void {
  const files = cases.get(title)?.() ?? [];
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const load = loadEstate(files);
  const loaded = performance.now();
  const text = completeDocument(load);
  const written = performance.now();
  const errors = load.findings.filter((finding) => finding.severity === 'error');
  if (text === undefined) throw new Error(`${title}: ${errors[0]?.message ?? 'no estate'}`);
  const peak = process.resourceUsage().maxRSS / 1024;
  const numbers = [
    `${(loaded - started).toFixed(0)} ms`,
    `${(written - loaded).toFixed(0)} ms`,
    `${((process.memoryUsage().rss - before) / 1024 / 1024).toFixed(0)} MB`,
    `${peak.toFixed(0)} MB`,
  ];
  console.log(title.padEnd(24) + numbers.map((each) => each.padStart(12)).join(''));
}

const [wanted] = process.argv.slice(2);
if (wanted === undefined) {
  console.log(
    'estate'.padEnd(24) + ['load', 'write whole', 'grew by', 'peak'].map((each) => each.padStart(12)).join(''),
  );
  for (const title of cases.keys()) {
    const { status } = spawnSync(process.execPath, [...process.execArgv, import.meta.filename, title], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
} else measure(wanted);
