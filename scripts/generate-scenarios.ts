// Writes what follows from the folders of scenarios/: the table of what is asserted, and the gallery with a picture each.
//
//   npx node scripts/generate-scenarios.ts            docs/scenarios.md and docs/gallery/
//   npx node scripts/generate-scenarios.ts --check    says which of them are out of date and changes nothing

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { scenario } from '@bothways/facts';
import { pacEvaluator } from '@bothways/pac';
import { estatePictures } from '@bothways/twin';

const root = resolve(import.meta.dirname, '..');
const pageFile = 'docs/scenarios.md';
const galleryFolder = 'docs/gallery';

/** Name of the shape and the scenario it is the estate of; in the order in which they are listed. */
const shapes: readonly (readonly [name: string, folder: string])[] = entriesOf('scenarios/shapes.json');

function entriesOf(path: string): readonly (readonly [string, string])[] {
  const value: unknown = JSON.parse(read(path));
  if (typeof value !== 'object' || value === null) throw new Error(`${path} is no object`);
  return Object.entries(value).map(([name, folder]) => [name, String(folder)]);
}

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
  /** The first paragraph: what it shows. */
  readonly shows: string;
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
  const shows = /^# .+\n\n([^]+?)\n\n/.exec(readme)?.[1];
  if (title === undefined || from === undefined || shows === undefined)
    throw new Error(`scenarios/${name}/README.md lacks its title, its first paragraph or its origin`);
  const expectation = expectationOf(name);
  return {
    name,
    id: /^(PP-S\d\d|A\d)-/.exec(name)?.[1] ?? '',
    title,
    shows: shows.replaceAll('\n', ' '),
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
    'before it is run; [the gallery](gallery/README.md) shows each with its pictures. This page is written by',
    '`npx node scripts/generate-scenarios.ts` from `scenarios/`.',
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
    '## To start from',
    '',
    '`bothways init --from NAME` writes any of the estates above, by its id or folder. These have the name of a shape as well;',
    'nothing is lost in any of them, and a shape with a weakness is warned of it.',
    '',
    '| Shape | Scenario |',
    '|---|---|',
    ...shapes.map(
      ([name, folder]) => `| ${name} | [${cell(folderOf(folder).title)}](../scenarios/${folder}/README.md) |`,
    ),
    '',
  ].join('\n');
}

/** A picture that is read by itself needs its own ground: the page around it may be dark. */
function onWhite(svg: string): string {
  return `${svg.replace(' role="img"', ' role="img" style="background:#ffffff"')}\n`;
}

/** One page with every scenario: what it shows, the network, a round trip for each story, and how to start from it. */
function galleryFiles(): readonly GeneratedFile[] {
  const files: GeneratedFile[] = [];
  const shapeOf = new Map(shapes.map(([name, folder]) => [folder, name]));
  const entry = (folder: Folder): readonly string[] => {
    const text = read(`scenarios/${folder.name}/estate.yaml`);
    const pictures = estatePictures([{ name: 'estate.yaml', text }], { evaluatePac: pacEvaluator() });
    if (pictures === undefined) throw new Error(`scenarios/${folder.name}/estate.yaml has errors`);
    const [first] = pictures.roundTrips;
    files.push({ path: `${galleryFolder}/${folder.name}.svg`, text: onWhite(pictures.network) });
    if (first !== undefined)
      files.push({ path: `${galleryFolder}/${folder.name}-both-ways.svg`, text: onWhite(first.svg) });
    const start = shapeOf.get(folder.name) ?? (folder.id === '' ? folder.name : folder.id);
    return [
      `### ${folder.id === '' ? '' : `${folder.id}: `}${folder.title}`,
      '',
      folder.shows,
      '',
      `![The network of ${folder.name}](${folder.name}.svg)`,
      '',
      ...(first === undefined ? [] : [`${first.title}:`, '', `![There and back](${folder.name}-both-ways.svg)`, '']),
      `Verdict: **${folder.verdict}**. [Why](../../scenarios/${folder.name}/README.md) · [the document](../../scenarios/${folder.name}/estate.yaml) · start from it: \`npx bothways init my-network --from ${start}\``,
      '',
    ];
  };
  const folders = scenarioFolders().map(folderOf);
  const page = [
    '# Gallery',
    '',
    'Every scenario with its network and one of its round trips: the way there as a solid line above the devices, the way back',
    'as a dashed line below them. A lost packet ends in a cross. Written by `npx node scripts/generate-scenarios.ts` from',
    '`scenarios/`; the pictures are those of `bothways report`.',
    '',
    '## Figures of the documents',
    '',
    ...folders.filter(({ id }) => id.startsWith('PP-S')).flatMap(entry),
    '## Causes of asymmetric routing',
    '',
    ...folders.filter(({ id }) => id.startsWith('A')).flatMap(entry),
    '## Shapes that are described in words only',
    '',
    ...folders.filter(({ id }) => id === '').flatMap(entry),
  ];
  return [{ path: `${galleryFolder}/README.md`, text: page.join('\n') }, ...files];
}

export function generatedFiles(): readonly GeneratedFile[] {
  return [{ path: pageFile, text: pageText() }, ...galleryFiles()];
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
    mkdirSync(join(root, galleryFolder), { recursive: true });
    for (const { path, text } of generatedFiles()) {
      if (!outdated.includes(path)) continue;
      writeFileSync(join(root, path), text);
      console.log(`wrote ${path}`);
    }
  }
}
