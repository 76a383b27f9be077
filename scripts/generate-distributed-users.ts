// Writes docs/distributed-users.md: seven designs for the same distributed users, each computed, side by side.
//
//   npx node scripts/generate-distributed-users.ts            writes the page
//   npx node scripts/generate-distributed-users.ts --check    says whether it is out of date and changes nothing

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEstate } from '@bothways/estate';
import { checkEstate, openSweep, priceInEstate, sweepView } from '@bothways/twin';

const root = resolve(import.meta.dirname, '..');
const page = 'docs/distributed-users.md';

/** In the order of the discussion in the planning document. */
const DESIGNS: readonly (readonly [file: string, title: string])[] = [
  ['one-hub', 'One hub'],
  ['several-hubs', 'Several hubs'],
  ['circuit-per-branch', 'A circuit for each branch'],
  ['better-wan', 'One hub, better WAN'],
  ['ipvpn', 'IP VPN with a circuit of its provider'],
  ['local-breakouts', 'Local internet breakouts'],
  ['mixed-by-region', 'Mixed by region'],
];

interface Row {
  readonly file: string;
  readonly title: string;
  readonly holds: boolean;
  readonly circuits: number;
  readonly pools: number;
  readonly monthly: string;
  readonly longest: string;
  readonly mean: string;
  readonly onCircuits: string;
  readonly cutting: number;
  readonly warnings: readonly string[];
}

function rowOf(file: string, title: string): Row {
  const name = `examples/distributed-users/${file}.yaml`;
  const files = [{ name, text: readFileSync(join(root, name), 'utf8') }];
  const { estate } = loadEstate(files);
  const { report, findings } = checkEstate(files);
  const bill = priceInEstate(files).price;
  const { job } = openSweep(files, {});
  if (estate === undefined || report === undefined || bill === undefined || job === undefined) {
    throw new Error(`${name} cannot be computed: ${findings.map(({ message }) => message).join('; ')}`);
  }
  const users = new Map(estate.sites.map((site) => [site.name, site.users]));
  const everybody = [...users.values()].reduce((sum, each) => sum + each, 0);
  const apps = report.roundTrips.filter(({ flow, outcome }) => flow === 'PP-F01' && outcome === 'holds');
  const waits = new Map<string, number>();
  const onCircuits = new Set<string>();
  for (const { source, quality, forward } of apps) {
    waits.set(source, Math.max(waits.get(source) ?? 0, quality.roundTrip?.likelyMs ?? 0));
    if (forward.via.startsWith('expressroute:')) onCircuits.add(source);
  }
  const [slowest = '', longest = 0] = [...waits].toSorted((a, b) => b[1] - a[1])[0] ?? [];
  const mean = [...waits].reduce((sum, [site, wait]) => sum + wait * (users.get(site) ?? 0), 0) / everybody;
  const carried = [...onCircuits].reduce((sum, site) => sum + (users.get(site) ?? 0), 0);
  const sweep = sweepView(job, job.run(0, job.count), 0);
  const demand = sweep.questions.find(({ kind }) => kind === 'demand');
  return {
    file,
    title,
    holds: report.verdict === 'holds',
    circuits: estate.circuits.length,
    pools: estate.expressRouteEdges.length,
    monthly: bill.monthly.high === undefined ? `${bill.monthly.low} or more` : bill.monthly.low,
    longest: `${Math.round(longest)} ms (${slowest})`,
    mean: `${Math.round(mean)} ms`,
    onCircuits: `${Math.round((100 * carried) / everybody)} %`,
    cutting: demand?.sizes.find(({ elements }) => elements === 1)?.broken ?? 0,
    warnings: findings.flatMap(({ severity, rule, message }) =>
      severity === 'warning' || rule === 'link-has-headroom' ? [message] : [],
    ),
  };
}

export function pageText(): string {
  const rows = DESIGNS.map(([file, title]) => rowOf(file, title));
  const table = [
    '| Design | Works | Circuits, each with a pool | USD a month, as far as known | Longest round trip | Mean for a user | Users on circuits | Single failures that break something |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| [${row.title}](../examples/distributed-users/${row.file}.yaml) | ${row.holds ? 'yes' : '**no**'} | ${row.circuits} | ${row.monthly} | ${row.longest} | ${row.mean} | ${row.onCircuits} | ${row.cutting} |`,
    ),
  ];
  return [
    '# Seven designs for distributed users',
    '',
    'Six sites in Europe and Asia, 1,190 users, one environment in Europe: the choices that the planning document discusses for',
    'distributed users, each written as an estate and computed. Written by `npx node scripts/generate-distributed-users.ts`; a test',
    'fails when it is out of date.',
    '',
    ...table,
    '',
    'Round trips are those of model-driven app pages (PP-F01), stated where the document states a line and estimated from distances',
    'elsewhere. Amounts are list prices and what the documents state; firewalls and some other things have no price there, hence "or',
    'more". The last column counts single elements (line, device, circuit, provider, location, site) whose failure breaks some demand.',
    '',
    '## What the check says',
    '',
    ...rows.flatMap(({ title, warnings }) => [
      `- **${title}**: ${warnings.length === 0 ? 'nothing to warn of.' : `${warnings.join('; ')}.`}`,
    ]),
    '',
    'The price of a private way for everybody is a longer way for those far from it, or many circuits. A plan for the same users,',
    'with the requirements in place of a design: `bothways plan`.',
    '',
  ].join('\n');
}

export function isStale(text: string): boolean {
  return !existsSync(join(root, page)) || readFileSync(join(root, page), 'utf8') !== text;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const text = pageText();
  if (values.check) {
    if (isStale(text)) console.log(`${page} is out of date`);
    process.exitCode = isStale(text) ? 1 : 0;
  } else if (isStale(text)) {
    writeFileSync(join(root, page), text);
    console.log(`wrote ${page}`);
  }
}
