/**
 * Files that a document refers to: tables of sites and scripts for proxies.
 *
 * A reference is relative to the file it stands in and stays inside its folder, so that a document from elsewhere cannot
 * make a program read what lies around it. Nothing here touches a disk: whoever reads the document asks which files it
 * needs (`referencedFiles`) and hands them over together with it.
 */
import { type Finding, finding } from '@bothways/diagnostics';
import { quoted } from '@bothways/net';
import { joinMaps } from './document.ts';
import { type EstateFile, FILE_LIMITS, type FileLimits, type ParsedFile, parseFile } from './parse-file.ts';
import { readSiteTable } from './sites-csv.ts';
import { placeBetween, type SourceFile } from './source-file.ts';
import { type MapEntry, type MapNode, type Node, resolved, type ScalarNode } from './syntax-tree.ts';

const TABLE = /\.(?:csv|tsv)$/i;
const SCRIPT = /\.(?:pac|dat|js)$/i;
const EITHER = /\.(?:csv|tsv|pac|dat|js)\b/i;

/** True for files that documents refer to, which are no documents themselves. */
export function isAttachment(name: string): boolean {
  return TABLE.test(name) || SCRIPT.test(name);
}

/**
 * The files that the document in `text` refers to, as written there, each once and in order. References that would leave
 * the folder are left out; loading reports them. Empty for text that is no document.
 */
export function referencedFiles(text: string, limits: Partial<FileLimits> = {}): readonly string[] {
  if (!EITHER.test(text)) return []; // nearly every document; reading it twice would cost a second for the largest
  const { tree } = parseFile({ name: '', text }, { ...FILE_LIMITS, ...limits });
  const root = resolved(tree?.root);
  if (root?.kind !== 'map') return [];
  const written = [
    ...tableReferences(root).filter((node) => TABLE.test(node.text)),
    ...scriptReferences(root).filter((node) => SCRIPT.test(node.text)),
  ];
  return [...new Set(written.filter((node) => fileBeside('', node.text) !== undefined).map((node) => node.text))];
}

/** Name of the file that `reference` in file `from` stands for; `undefined` when it leaves the folder of `from`. */
export function fileBeside(from: string, reference: string): string | undefined {
  const steps = reference.split('/').filter((step) => step !== '.');
  const outside = steps.some((step) => step === '' || step === '..');
  if (outside || /[\\:\u0000]/.test(reference)) return undefined;
  const folder = from.slice(0, Math.max(from.lastIndexOf('/'), from.lastIndexOf('\\')) + 1);
  return folder + steps.join('/');
}

function entryOf(node: Node | undefined, key: string): Node | undefined {
  const map = resolved(node);
  return map?.kind === 'map' ? map.byKey.get(key)?.value : undefined;
}

/** The scalars under `from` of the sites. A site may be called `from`: then it is a map. */
function tableReferences(root: MapNode): readonly ScalarNode[] {
  const from = resolved(entryOf(root.byKey.get('sites')?.value, 'from'));
  if (from?.kind === 'scalar') return [from];
  if (from?.kind !== 'list') return [];
  return from.items.flatMap((item) => {
    const node = resolved(item);
    return node?.kind === 'scalar' ? [node] : [];
  });
}

function scriptReferences(root: MapNode): readonly ScalarNode[] {
  const sites = resolved(root.byKey.get('sites')?.value);
  if (sites?.kind !== 'map') return [];
  return sites.entries.flatMap(({ value }) => {
    const from = resolved(entryOf(entryOf(value, 'pac'), 'from'));
    return from?.kind === 'scalar' ? [from] : [];
  });
}

/** Files by name, and which of them something referred to. */
export class Attachments {
  readonly #files: ReadonlyMap<string, ParsedFile>;
  readonly #used = new Set<string>();

  constructor(files: readonly ParsedFile[]) {
    this.#files = new Map(files.map((each) => [each.file.name, each]));
  }

  /** The file a scalar refers to, or what is wrong with the reference; `undefined` for a file that was refused. */
  find(node: ScalarNode, kind: 'table' | 'script'): SourceFile | Finding | undefined {
    const name = fileBeside(node.file.name, node.text);
    const wrong = (rule: string, message: string, help: string): Finding =>
      finding({ rule, severity: 'error', message, help, place: placeBetween(node.file, node.start, node.end) });
    if (name === undefined) {
      return wrong(
        'estate/outside-folder',
        `${quoted(node.text)} is not a file beside the document`,
        'put the file into the folder of the document, or below it, and write its name with slashes',
      );
    }
    if (!(kind === 'table' ? TABLE : SCRIPT).test(node.text)) {
      return kind === 'table'
        ? wrong('estate/wrong-file', `${quoted(node.text)} is not a table`, 'name a .csv or .tsv file')
        : wrong('estate/wrong-file', `${quoted(node.text)} is not a proxy script`, 'name a .pac, .dat or .js file');
    }
    const held = this.#files.get(name);
    if (held === undefined) {
      return wrong('estate/missing-file', `there is no file ${quoted(name)}`, 'put it beside the document');
    }
    this.#used.add(name);
    return held.findings.length > 0 ? undefined : held.file;
  }

  /** A note for every file that was given and nothing refers to. */
  unused(): readonly Finding[] {
    return [...this.#files.values()]
      .filter(({ file }) => !this.#used.has(file.name))
      .map(({ file }) =>
        finding({
          rule: 'estate/unused-file',
          severity: 'note',
          message: `nothing in the document refers to ${file.name}`,
          help: TABLE.test(file.name) ? 'write from: and its name under sites' : 'write pac: { from: ... } at a site',
          place: placeBetween(file, 0, 0),
        }),
      );
  }
}

/** The document with the rows of its tables in place of `from`. */
export function withTables(root: MapNode, attachments: Attachments, report: (finding: Finding) => void): MapNode {
  const section = root.byKey.get('sites');
  const written = resolved(section?.value);
  const from = written?.kind === 'map' ? written.byKey.get('from') : undefined;
  if (section === undefined || written?.kind !== 'map' || from === undefined) return root;
  if (resolved(from.value)?.kind === 'map') return root; // a site of that name
  const named = written.entries.filter((entry) => entry !== from);
  let sites: MapNode = {
    ...written,
    entries: named,
    byKey: new Map(named.map((entry) => [entry.key, entry])),
    parts: [written],
  };
  reportOddReferences(from.value, report);
  const read = new Set<string>();
  for (const reference of tableReferences(root)) {
    const file = attachments.find(reference, 'table');
    if (file !== undefined && 'rule' in file) report(file);
    if (file === undefined || 'rule' in file) continue;
    if (read.has(file.name)) continue;
    read.add(file.name);
    const table = readSiteTable(file);
    table.findings.forEach(report);
    if (table.sites !== undefined) sites = joinMaps('sites', sites, table.sites, report);
  }
  const replaced: MapEntry = { ...section, value: sites };
  const entries = root.entries.map((entry) => (entry === section ? replaced : entry));
  return { ...root, entries, byKey: new Map(entries.map((entry) => [entry.key, entry])) };
}

function reportOddReferences(from: Node, report: (finding: Finding) => void): void {
  const list = resolved(from);
  for (const item of list?.kind === 'list' ? list.items : []) {
    if (resolved(item)?.kind === 'scalar') continue;
    report(
      finding({
        rule: 'estate/wrong-kind',
        severity: 'error',
        message: 'from of sites must be names of files',
        help: 'write from: sites.csv, or a list of such names',
        place: placeBetween(item.file, item.start, item.end),
      }),
    );
  }
}

/** Whether a file of the estate is a document or belongs to one. */
export function sortFiles(files: readonly EstateFile[]): {
  readonly documents: readonly EstateFile[];
  readonly attachments: readonly EstateFile[];
} {
  return {
    documents: files.filter((file) => !isAttachment(file.name)),
    attachments: files.filter((file) => isAttachment(file.name)),
  };
}
