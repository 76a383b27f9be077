/**
 * How long a large estate takes from text to network: sites from a CSV file on one WAN cloud, one datacentre with an
 * internet edge, a circuit with both peerings, a virtual network. Run with `npx node benchmarks/compile.ts`, or with
 * numbers of sites behind it: `npx node benchmarks/compile.ts 5000` is one size in a cold process.
 */
import { type Estate, loadEstate } from '@bothways/estate';
import { compileNetwork } from '@bothways/network';

const CITIES = ['Munich', 'Milan', 'Paris', 'Madrid', 'Warsaw', 'Vienna', 'Lisbon', 'Oslo'];

/** Every site has a /24 of clients; every tenth has servers; every hundredth leaves by its own application breakout. */
function sitesCsv(sites: number): string {
  const rows = Array.from({ length: sites }, (_, ix) => {
    const clients = `10.${Math.floor(ix / 256)}.${ix % 256}.0/24`;
    const servers =
      ix % 10 === 0 ? `172.${16 + Math.floor(ix / 4096)}.${Math.floor(ix / 16) % 256}.${(ix % 16) * 16}/28` : '';
    const city = CITIES[ix % CITIES.length] ?? '';
    return [`site-${ix}`, city, 20 + (ix % 400), clients, servers, 'mpls', '100 Mbps', '8 ms'].join(',');
  });
  return ['name,city,users,clients,servers,wan,bandwidth,latency', ...rows].join('\n');
}

function document(sites: number): string {
  const names = Array.from({ length: sites }, (_, ix) => `site-${ix}`).join(', ');
  return `bothways: 1
organisation: { name: Contoso, asn: 64500 }
environments:
  production: { region: Europe }
sites:
  from: sites.csv
  dc: { city: Frankfurt, servers: 192.168.0.0/24 }
wan:
  mpls: { kind: ipvpn, provider: Fabrikam, members: [dc] }
internetEdges:
  inet: { site: dc, isp: Northwind Telecom, bandwidth: 10 Gbps, firewall: fw-inet, nat: 198.51.100.0/28 }
expressRouteEdges:
  er: { site: dc, firewall: fw-er, nat: 203.0.113.0/28 }
circuits:
  er-fra:
    location: Frankfurt
    provider: Equinix
    sku: premium
    bandwidth: 10 Gbps
    edge: er
    microsoftPeering:
      vlan: 100
      links: [192.0.2.0/30, 192.0.2.4/30]
      advertises: [203.0.113.0/28]
      routeFilter: [West Europe, North Europe]
    privatePeering:
      vlan: 200
      links: [169.254.10.0/30, 169.254.10.4/30]
      advertises: [10.0.0.0/8, 172.16.0.0/12]
      vnets: [hub]
azure:
  vnets:
    hub: { region: West Europe, addressSpace: 192.168.128.0/20, gateway: { sku: ErGw3AZ } }
demands:
  everyday:
    flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16]
    from: [${names}]
    to: production
`;
}

interface Measured {
  readonly load: number;
  readonly compile: number;
  readonly heap: number;
  readonly estate: Estate;
  readonly compiled: ReturnType<typeof compileNetwork>;
}

function measure(files: readonly { readonly name: string; readonly text: string }[]): Measured {
  const begin = performance.now();
  const { estate, findings } = loadEstate(files);
  const loaded = performance.now();
  if (estate === undefined)
    throw new Error(
      findings
        .map((each) => each.message)
        .slice(0, 5)
        .join('; '),
    );
  const compiled = compileNetwork(estate);
  const end = performance.now();
  return { load: loaded - begin, compile: end - loaded, heap: process.memoryUsage().heapUsed / 1e6, estate, compiled };
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell, ix) => (ix === 0 ? String(cell).padEnd(16) : String(cell).padStart(11))).join('');
}

console.log(
  row([
    'sites from CSV',
    'run',
    'load ms',
    'compile ms',
    'total ms',
    'devices',
    'links',
    'demands',
    'groups',
    'heap MB',
  ]),
);
const asked = process.argv.slice(2).map(Number);
for (const sites of asked.length > 0 ? asked : [20, 1000, 5000, 20_000]) {
  const files = [
    { name: 'estate.yaml', text: document(sites) },
    { name: 'sites.csv', text: sitesCsv(sites) },
  ];
  // The first run pays for code that is not compiled yet and for the address files, as a command does.
  for (const run of ['first', 'second', 'third']) {
    const { load, compile, heap, compiled } = measure(files);
    const { network, demands, risks } = compiled;
    console.log(
      row([
        sites,
        run,
        load.toFixed(0),
        compile.toFixed(0),
        (load + compile).toFixed(0),
        network.devices.length,
        network.links.length,
        demands.concrete.length,
        risks.groups.length,
        heap.toFixed(0),
      ]),
    );
  }
}
