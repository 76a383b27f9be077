// Writes what follows from the folders of scenarios/: the page that lists them, and the templates of `bothways init`.
//
//   npx node scripts/generate-scenarios.ts            docs/scenarios.md and apps/cli/src/templates.ts
//   npx node scripts/generate-scenarios.ts --check    says which of them are out of date and changes nothing

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { scenario } from '@bothways/facts';

const root = resolve(import.meta.dirname, '..');
const pageFile = 'docs/scenarios.md';
const templatesFile = 'apps/cli/src/templates.ts';

/** Name of the template, and the scenario it is the estate of; in the order in which they are listed. */
const TEMPLATES: readonly (readonly [name: string, folder: string])[] = [
  ['branch-over-wan', 'PP-S03-branch-over-wan'],
  ['several-branches', 'PP-S04-several-branches-over-wan'],
  ['poor-wan-link', 'PP-S05-poor-wan-link'],
  ['local-breakout', 'PP-S06-local-internet-breakout'],
  ['branch-with-own-circuit', 'PP-S07-branch-with-own-circuit'],
  ['ipvpn', 'shape-any-to-any-ipvpn'],
  ['two-hubs', 'PP-S08-two-countries-two-circuits'],
  ['circuit-and-internet', 'PP-S09-one-by-circuit-one-by-internet'],
  ['sdwan-breakout', 'shape-sdwan-application-breakout'],
  ['roaming-and-vpn-users', 'PP-S45-mobile-office-and-vpn-users'],
  ['three-connectivity-models', 'PP-S27-three-connectivity-models'],
  ['direct', 'shape-expressroute-direct'],
  ['metro', 'shape-metro-circuit'],
  ['maximum-resiliency', 'PP-S33-both-coasts-with-expressroute'],
  ['both-peerings', 'PP-S11-microsoft-and-private-peering'],
  ['global-reach', 'shape-global-reach'],
  ['forced-tunnelling', 'shape-forced-tunnelling'],
  ['hairpin', 'PP-S31-hairpin-through-the-datacentre'],
  ['vpn-beside-private-peering', 'shape-vpn-beside-private-peering'],
];

/** Path relative to the repository, and the text that belongs there. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

interface Folder {
  readonly name: string;
  /** 'PP-S08', 'A5', or '' for a shape. */
  readonly id: string;
  readonly title: string;
  /** The paragraph that starts with 'From: ', without it. */
  readonly from: string;
  readonly verdict: string;
  /** What is asserted besides the findings and the round trips of the normal state. */
  readonly more: readonly string[];
}

/** What this script needs of `expected/check.json`; the tests of the scenarios check the whole of it. */
interface Expectation {
  readonly verdict: string;
  readonly readiness: boolean;
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function scenarioFolders(): readonly string[] {
  return readdirSync(join(root, 'scenarios'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function expectationOf(name: string): Expectation {
  const value: unknown = JSON.parse(read(`scenarios/${name}/expected/check.json`));
  if (typeof value !== 'object' || value === null || !('verdict' in value) || typeof value.verdict !== 'string') {
    throw new Error(`scenarios/${name}/expected/check.json does not say the verdict`);
  }
  return { verdict: value.verdict, readiness: 'readiness' in value };
}

/** Parts of the expectation beyond what every scenario has. */
function furtherParts(name: string, { readiness }: Expectation): readonly string[] {
  const sweep = `scenarios/${name}/expected/sweep.json`;
  const failing: unknown = existsSync(join(root, sweep)) ? JSON.parse(read(sweep)) : {};
  const failures = typeof failing === 'object' && failing !== null ? Object.keys(failing).length : 0;
  return [
    ...(readiness ? ['readiness'] : []),
    ...(failures === 0 ? [] : [`${failures} ${failures === 1 ? 'failure' : 'failures'}`]),
    ...(existsSync(join(root, `scenarios/${name}/expected/quality.json`)) ? ['quality'] : []),
  ];
}

function folderOf(name: string): Folder {
  const readme = read(`scenarios/${name}/README.md`);
  const title = /^# (.+)$/m.exec(readme)?.[1];
  const from = /^From: ([^]+?)\n\n/m.exec(readme)?.[1];
  if (title === undefined || from === undefined)
    throw new Error(`scenarios/${name}/README.md lacks its title or origin`);
  const expectation = expectationOf(name);
  return {
    name,
    id: /^(PP-S\d\d|A\d)-/.exec(name)?.[1] ?? '',
    title,
    from: from.replaceAll('\n', ' '),
    verdict: expectation.verdict,
    more: furtherParts(name, expectation),
  };
}

/** 'Document (date)' and what of it, from a sentence such as 'Document (date), the figure x (PP-S01 in the facts).' */
export function originOf(from: string): { readonly document: string; readonly part: string } {
  const [, document = from, part = ''] =
    /^(.*?)(?:, (?=the figures? |figure |table |cause |the text )|; (?=no figure))(.*)$/.exec(from) ?? [];
  return { document, part };
}

function figureOf(folder: Folder): string {
  const known = scenario(folder.id)?.figure;
  if (known !== undefined) return known;
  return folder.id === '' ? 'none' : `cause ${folder.id}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function pageText(): string {
  const folders = scenarioFolders().map(folderOf);
  const table = (rows: readonly Folder[]): readonly string[] => [
    '| Id | Figure | Document | What it shows | Verdict | Asserted |',
    '|---|---|---|---|---|---|',
    ...rows.map((each) =>
      [
        '',
        each.id === '' ? 'shape' : each.id,
        cell(figureOf(each)),
        cell(originOf(each.from).document),
        `[${cell(each.title)}](../scenarios/${each.name}/README.md)`,
        each.verdict,
        ['exit code', 'findings', 'round trips', ...each.more].join(', '),
        '',
      ]
        .join(' | ')
        .trim(),
    ),
  ];
  return [
    '# Scenarios',
    '',
    'Networks that Bothways is tested against. Each folder says what it shows, draws a map and derives what must come out',
    'before it is run. This page is written by `npx node scripts/generate-scenarios.ts` from `scenarios/`.',
    '',
    'Every finding and every round trip of each of them is asserted; *failures* are sets of failed elements, and what must',
    'come out then.',
    '',
    '## Figures',
    '',
    ...table(folders.filter(({ id }) => id.startsWith('PP-S'))),
    '',
    '## Causes of asymmetric routing',
    '',
    ...table(folders.filter(({ id }) => id.startsWith('A'))),
    '',
    '## Shapes that are described in words only',
    '',
    ...table(folders.filter(({ id }) => id === '')),
    '',
    '## Templates',
    '',
    '`bothways init --template NAME` writes one of these estates to start from. Nothing is lost in any of them; a shape with',
    'a weakness is warned of it.',
    '',
    '| Template | Scenario |',
    '|---|---|',
    ...TEMPLATES.map(
      ([name, folder]) => `| ${name} | [${cell(folderOf(folder).title)}](../scenarios/${folder}/README.md) |`,
    ),
    '',
  ].join('\n');
}

/** A string literal as the formatter would write it. */
function literal(text: string): string {
  return text.includes("'") && !text.includes('"')
    ? `"${text.replaceAll('\\', '\\\\')}"`
    : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

export function templatesText(): string {
  return [
    '// Generated by scripts/generate-scenarios.ts from the folders of scenarios/; do not edit.',
    '',
    '/** An estate to start from. */',
    'export interface Template {',
    '  readonly name: string;',
    '  /** Folder of the scenario it comes from. */',
    '  readonly scenario: string;',
    '  readonly title: string;',
    '  /** The document. */',
    '  readonly text: string;',
    '}',
    '',
    'export const TEMPLATES: readonly Template[] = [',
    ...TEMPLATES.flatMap(([name, folder]) => [
      '  {',
      `    name: ${literal(name)},`,
      `    scenario: ${literal(folder)},`,
      `    title: ${literal(folderOf(folder).title)},`,
      `    text: \`${templateLiteral(read(`scenarios/${folder}/estate.yaml`))}\`,`,
      '  },',
    ]),
    '];',
    '',
  ].join('\n');
}

function templateLiteral(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
}

export function generatedFiles(): readonly GeneratedFile[] {
  return [
    { path: pageFile, text: pageText() },
    { path: templatesFile, text: templatesText() },
  ];
}

/** Paths of files that are not what they should be. */
export function stale(files: readonly GeneratedFile[]): readonly string[] {
  return files.filter(({ path, text }) => !existsSync(join(root, path)) || read(path) !== text).map(({ path }) => path);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const outdated = stale(generatedFiles());
  if (values.check) {
    for (const path of outdated) console.log(`${path} is out of date`);
    process.exitCode = outdated.length === 0 ? 0 : 1;
  } else {
    for (const { path, text } of generatedFiles()) {
      if (!outdated.includes(path)) continue;
      writeFileSync(join(root, path), text);
      console.log(`wrote ${path}`);
    }
  }
}
