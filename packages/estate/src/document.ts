/**
 * The document: all files as one tree, and the place of every value in it.
 *
 * Several files merge by kind: `sites` of one file and `sites` of another are one map. A name that stands in both is
 * reported and the first one kept. Leaves out what the values mean.
 */
import type { Finding, Place } from '@bothways/diagnostics';
import type { Path } from './model.ts';
import { placeBetween, type SourceFile } from './source-file.ts';
import {
  type AliasNode,
  type ListNode,
  type MapEntry,
  type MapNode,
  type Node,
  resolved,
  type ScalarNode,
} from './syntax-tree.ts';

/** A value that the document leaves out and the loader filled in. */
export interface AppliedDefault {
  readonly path: Path;
  /** JSON value in the units of the document, e.g. `standard` or `1`. */
  readonly value: string | number | boolean | readonly string[];
  /** Why this and not something else, in one line. */
  readonly because: string;
}

export interface EstateDocument {
  /** Text by file name, in the order the files were given. */
  readonly sources: ReadonlyMap<string, string>;
  /**
   * The same texts for showing: session keys are covered with asterisks, one for every character, so that places still
   * fit. Renderers take this one; edits apply to `sources`.
   */
  readonly printableSources: ReadonlyMap<string, string>;
  /** Where the value at `path` is written; the nearest existing parent when there is no such value. */
  readonly placeOf: (path: Path) => Place;
  /** Where the key (or list item) at `path` is written; falls back like `placeOf`. */
  readonly placeOfKey: (path: Path) => Place;
  /** The parsed files; edits and the loader walk it. */
  readonly tree: DocumentTree;
  /** Filled by the loader; empty until the document could be read. */
  readonly defaults: readonly AppliedDefault[];
}

export interface DocumentTree {
  readonly files: readonly SourceFile[];
  readonly root: MapNode | undefined;
  readonly aliases: readonly AliasNode[];
}

/** What a path leads to. */
export interface Location {
  readonly node: Node;
  /** The map entry or list item that holds the node; absent for the root. */
  readonly parent: MapNode | ListNode | undefined;
  readonly entry: MapEntry | undefined;
  readonly index: number | undefined;
  /** The outermost alias the path leads through (not the node itself), with the rest of the path below it. */
  readonly alias: { readonly node: AliasNode; readonly rest: Path } | undefined;
}

/** Kinds that are maps of named things and merge across files. */
export const NAMED_KINDS = [
  'environments',
  'sites',
  'wan',
  'firewalls',
  'internetEdges',
  'expressRouteEdges',
  'circuits',
  'vnets',
  'vpns',
  'services',
  'dataGateways',
  'desktopFlowMachines',
  'connectors',
  'proxies',
  'users',
  'demands',
  'intents',
  'failureGroups',
  'maintenance',
  'routing',
  'acceptedRisks',
] as const;

export type NamedKind = (typeof NAMED_KINDS)[number];

/** Where the map of a kind stands: at the top, or inside a section. */
export function kindPath(kind: NamedKind): readonly string[] {
  return kind === 'vnets' || kind === 'vpns' ? [SECTION, kind] : [kind];
}

/** The section that holds kinds instead of values. */
const SECTION = 'azure';

/** The kind whose map stands at the beginning of `path`, with the length of the path to that map. */
export function kindAt(path: Path): { readonly kind: NamedKind; readonly depth: number } | undefined {
  const depth = path[0] === SECTION ? 2 : 1;
  const kind = NAMED_KINDS.find((each) => each === path[depth - 1]);
  return kind !== undefined && kindPath(kind).length === depth ? { kind, depth } : undefined;
}

const MERGED: ReadonlySet<string> = new Set(NAMED_KINDS.map((kind) => kindPath(kind).join('.')));

/** Joins the roots of all files. `report` receives names that are defined twice. */
export function joinFiles(
  files: readonly SourceFile[],
  roots: readonly MapNode[],
  aliases: readonly AliasNode[],
  report: (finding: Finding) => void,
): DocumentTree {
  const first = roots[0];
  if (first === undefined || roots.length === 1) return { files, root: first, aliases };
  return { files, root: joinSections('', roots, report), aliases };
}

/** `prefix` is the path text of the maps with a dot behind it; empty for the roots. */
function joinSections(prefix: string, parts: readonly MapNode[], report: (finding: Finding) => void): MapNode {
  const [first] = parts;
  if (first === undefined) throw new Error('nothing to join');
  const joined: MapNode = { ...first, entries: [], byKey: new Map(), parts };
  for (const entry of parts.flatMap((each) => each.entries)) {
    const held = joined.byKey.get(entry.key);
    if (held === undefined) {
      joined.byKey.set(entry.key, entry);
      continue;
    }
    const left = resolved(held.value);
    const right = resolved(entry.value);
    const what = prefix + entry.key;
    const holdsNames = MERGED.has(what);
    const merged = holdsNames || what === SECTION;
    if (merged && left?.kind === 'map' && right?.kind === 'map') {
      const value = holdsNames
        ? joinMaps(what, left, right, report)
        : joinSections(`${what}.`, [...(left.parts ?? [left]), right], report);
      joined.byKey.set(entry.key, { ...held, value });
    } else if (merged && right?.kind === 'scalar' && right.text === '') {
      continue; // an empty section adds nothing
    } else if (merged && left?.kind === 'scalar' && left.text === '') {
      joined.byKey.set(entry.key, entry);
    } else if (what !== 'bothways') {
      report(definedTwice(what, held, entry));
    } else if (right?.kind === 'scalar' && left?.kind === 'scalar' && right.text !== left.text) {
      report(definedTwice(what, held, entry));
    }
  }
  joined.entries.push(...joined.byKey.values());
  return joined;
}

/** One map of named things from two; a name that stands in both is reported and the first one kept. */
export function joinMaps(kind: string, left: MapNode, right: MapNode, report: (finding: Finding) => void): MapNode {
  const joined: MapNode = {
    ...left,
    entries: [...left.entries],
    byKey: new Map(left.byKey),
    parts: [...(left.parts ?? [left]), ...(right.parts ?? [right])],
  };
  for (const entry of right.entries) {
    const held = joined.byKey.get(entry.key);
    if (held !== undefined) {
      report(definedTwice(`${kind}.${entry.key}`, held, entry));
      continue;
    }
    joined.entries.push(entry);
    joined.byKey.set(entry.key, entry);
  }
  return joined;
}

function definedTwice(what: string, first: MapEntry, second: MapEntry): Finding {
  const version = what === 'bothways';
  return {
    rule: 'estate/defined-twice',
    ids: [],
    severity: 'error',
    message: version
      ? 'the files state different versions of the format'
      : `${what} is defined ${first.keyNode.file === second.keyNode.file ? 'twice' : 'in two files'}`,
    help: version
      ? 'state the same version everywhere, or in one file only'
      : 'keep one of them, or give one another name',
    place: placeOfNode(second.keyNode),
    related: [{ message: 'first defined here', place: placeOfNode(first.keyNode) }],
    evidence: [],
    fixes: [],
  };
}

function placeOfNode(node: Node): Place {
  return placeBetween(node.file, node.start, Math.max(node.end, node.start));
}

/** Follows a path as far as it goes. `complete` tells whether that was all of it. */
export function locate(
  tree: DocumentTree,
  path: Path,
): { readonly location: Location; readonly complete: boolean } | undefined {
  if (tree.root === undefined) return undefined;
  let location: Location = { node: tree.root, parent: undefined, entry: undefined, index: undefined, alias: undefined };
  for (const [depth, step] of path.entries()) {
    const container = resolved(location.node);
    const alias =
      location.alias ?? (location.node.kind === 'alias' ? { node: location.node, rest: path.slice(depth) } : undefined);
    if (container?.kind === 'map') {
      const entry = container.byKey.get(String(step));
      if (entry === undefined) return { location, complete: false };
      location = { node: entry.value, parent: container, entry, index: undefined, alias };
    } else if (container?.kind === 'list' && typeof step === 'number') {
      const item = container.items[step];
      if (item === undefined) return { location, complete: false };
      location = { node: item, parent: container, entry: undefined, index: step, alias };
    } else return { location, complete: false };
  }
  return { location, complete: true };
}

/** The node at a path with aliases followed, or `undefined` when there is none. */
export function nodeAt(tree: DocumentTree, path: Path): ScalarNode | ListNode | MapNode | undefined {
  const found = locate(tree, path);
  return found?.complete === true ? resolved(found.location.node) : undefined;
}

export function estateDocument(tree: DocumentTree, defaults: readonly AppliedDefault[]): EstateDocument {
  const firstFile = tree.files[0];
  const nowhere: Place = { file: firstFile?.name ?? '', line: 1, column: 1, endLine: 1, endColumn: 1 };
  const placeOf = (path: Path): Place => {
    const found = locate(tree, path);
    if (found === undefined) return nowhere;
    const { node, entry } = found.location;
    if (node === tree.root) return { ...placeOfNode(node), ...startOf(node) };
    // A missing value, and a value written over several lines, are shown at their key.
    const multiline = node.kind !== 'scalar' && node.kind !== 'alias' && !node.flow;
    if (entry !== undefined && (multiline || node.end === node.start)) return placeOfNode(entry.keyNode);
    return placeOfNode(node);
  };
  const placeOfKey = (path: Path): Place => {
    const found = locate(tree, path);
    if (found?.complete !== true || found.location.entry === undefined) return placeOf(path);
    return placeOfNode(found.location.entry.keyNode);
  };
  return {
    sources: new Map(tree.files.map((file) => [file.name, file.text])),
    printableSources: new Map(tree.files.map((file) => [file.name, coverSecrets(file, tree)])),
    placeOf,
    placeOfKey,
    tree,
    defaults,
  };
}

/** The first key of a root map: a place for what is missing from the whole document. */
function startOf(root: Node): Partial<Place> {
  const first = root.kind === 'map' ? root.entries[0]?.keyNode : undefined;
  return first === undefined ? {} : placeOfNode(first);
}

/** Every scalar of a value, keys included. */
function scalarsBelow(node: Node): readonly ScalarNode[] {
  const value = resolved(node);
  if (value?.kind === 'scalar') return [value];
  if (value?.kind === 'list') return value.items.flatMap(scalarsBelow);
  return (value?.entries ?? []).flatMap((entry) => [entry.keyNode, ...scalarsBelow(entry.value)]);
}

/** Values under these keys are never shown. */
export const SECRET_KEYS: ReadonlySet<string> = new Set(['md5', 'serviceKey']);

/** The values under `md5` and `serviceKey`, wherever the key stands: a misplaced key is still a secret. */
export function secretNodes(tree: DocumentTree): readonly ScalarNode[] {
  const found = new Set<ScalarNode>();
  const visit = (node: Node): void => {
    if (node.kind === 'list') node.items.forEach(visit);
    if (node.kind !== 'map') return;
    for (const entry of node.entries) {
      if (SECRET_KEYS.has(entry.key)) for (const scalar of scalarsBelow(entry.value)) found.add(scalar);
      visit(entry.value);
    }
  };
  if (tree.root !== undefined) visit(tree.root);
  return [...found];
}

/** For files that could not be parsed, and for keys in comments. */
const SECRET_IN_TEXT = /(\b(?:md5|serviceKey)["']?[ \t]*:[ \t]*)("[^"\r\n]*"?|'[^'\r\n]*'?|[^\s,}][^,}\r\n]*)/g;

/** In a file that could not be parsed, a key may also stand on the line below. */
const SECRET_ON_NEXT_LINE =
  /(\b(?:md5|serviceKey)["']?[ \t]*:[ \t]*(?:[|>][-+0-9]*)?[ \t]*\r?\n[ \t]*)([^\s#][^\r\n]*)/g;

function coverSecrets(file: SourceFile, tree: DocumentTree): string {
  if (!file.text.includes('md5') && !file.text.includes('serviceKey')) return file.text;
  const cover = (text: string): string => text.replaceAll(/[^\r\n]/g, '*');
  const own = secretNodes(tree).filter((node) => node.file === file && node.end > node.start);
  let text = '';
  let from = 0;
  for (const node of own.toSorted((a, b) => a.start - b.start)) {
    text += file.text.slice(from, node.start) + cover(file.text.slice(node.start, node.end));
    from = node.end;
  }
  text += file.text.slice(from);
  const behind = text.replaceAll(SECRET_IN_TEXT, (_, key: string, value: string) => key + cover(value));
  return isParsed(file, tree)
    ? behind
    : behind.replaceAll(SECRET_ON_NEXT_LINE, (_, key: string, value: string) => key + cover(value));
}

function isParsed(file: SourceFile, { root }: DocumentTree): boolean {
  return root?.file === file || root?.parts?.some((part) => part.file === file) === true;
}
