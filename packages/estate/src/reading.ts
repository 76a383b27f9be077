/**
 * What the reading of a document gathers while it goes on: findings, defaults, and the names that exist.
 *
 * Nothing here stops at an error. A value that cannot be read is reported once and then treated as unknown, so that one
 * run tells everything.
 */
import { type Edit, type Finding, type Fix, nearestName, type Place, type Severity } from '@bothways/diagnostics';
import type { Cloud } from '@bothways/facts';
import { type Parsed, quoted } from '@bothways/net';
import {
  type AppliedDefault,
  type EstateDocument,
  kindAt,
  kindPath,
  NAMED_KINDS,
  type NamedKind,
  nodeAt,
  secretNodes,
} from './document.ts';
import { editRename, editSet } from './edits.ts';
import type { Path } from './model.ts';
import type { Attachments } from './references.ts';
import { resolved } from './syntax-tree.ts';

/** Stands for a value whose problem has been reported already. Cannot be written in a document: NUL is refused. */
export const UNREADABLE = '\u0000';

/** Comparisons of names in one load, about half a second of them. */
const COMPARISONS = 500_000;

export interface Problem {
  readonly rule: string;
  readonly path: Path;
  readonly message: string;
  readonly severity?: Severity;
  readonly ids?: readonly string[];
  readonly why?: string;
  readonly help?: string;
  readonly related?: readonly { readonly message: string; readonly path: Path }[];
  readonly fixes?: readonly Fix[];
  /** Show the key, not the value. */
  readonly atKey?: boolean;
}

const SINGULAR: Readonly<Record<NamedKind, string>> = {
  environments: 'environment',
  sites: 'site',
  wan: 'WAN link',
  firewalls: 'firewall',
  internetEdges: 'internet edge',
  expressRouteEdges: 'ExpressRoute edge',
  circuits: 'circuit',
  vnets: 'virtual network',
  vpns: 'site-to-site VPN',
  services: 'service',
  dataGateways: 'data gateway',
  desktopFlowMachines: 'desktop flow machines',
  connectors: 'connector',
  proxies: 'proxy',
  users: 'user group',
  demands: 'demand',
  intents: 'intent',
  failureGroups: 'failure group',
  maintenance: 'maintenance window',
  routing: 'routing of',
  acceptedRisks: 'accepted risk',
};

export class Reading {
  readonly document: EstateDocument;
  readonly findings: Finding[];
  readonly defaults: AppliedDefault[];
  /** The names that stand in the document, whether or not what they name could be read. */
  readonly names: ReadonlyMap<NamedKind, ReadonlySet<string>>;
  /** Files that the document may refer to. */
  readonly attachments: Attachments;
  private secrets: readonly string[] | undefined;
  private comparisonsLeft = COMPARISONS;

  constructor(document: EstateDocument, findings: Finding[], defaults: AppliedDefault[], attachments: Attachments) {
    this.document = document;
    this.attachments = attachments;
    this.findings = findings;
    this.defaults = defaults;
    this.names = new Map(
      NAMED_KINDS.map((kind) => {
        const section = nodeAt(document.tree, kindPath(kind));
        return [kind, new Set(section?.kind === 'map' ? section.byKey.keys() : [])] as const;
      }),
    );
  }

  /** Whether the document has something at `path`. */
  has(path: Path): boolean {
    return nodeAt(this.document.tree, path) !== undefined;
  }

  report(problem: Problem): void {
    const { path, related, atKey, severity, ids, fixes, rule, message, why, help } = problem;
    this.findings.push({
      rule,
      ids: ids ?? [],
      severity: severity ?? 'error',
      message,
      ...(why === undefined ? {} : { why }),
      ...(help === undefined ? {} : { help }),
      place: atKey === true ? this.document.placeOfKey(path) : this.document.placeOf(path),
      related: (related ?? []).map((each) => ({ message: each.message, place: this.placeOfMention(each.path) })),
      evidence: [],
      fixes: fixes ?? [],
    });
  }

  /** A record is shown by its name, a value as a whole. */
  private placeOfMention(path: Path): Place {
    const map = nodeAt(this.document.tree, path)?.kind === 'map';
    return map ? this.document.placeOfKey(path) : this.document.placeOf(path);
  }

  /** Records that the document leaves a value out and gives the value to use. */
  applyDefault<T>(
    path: Path,
    filled: { readonly value: T; readonly because: string },
    shown?: AppliedDefault['value'],
  ): T {
    const value = shown ?? filled.value;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      this.defaults.push({ path, value, because: filled.because });
    } else if (Array.isArray(value)) {
      this.defaults.push({ path, value: value.map(String), because: filled.because });
    }
    return filled.value;
  }

  /** Reads one scalar. `undefined`: left out, or wrong and reported. */
  scalar<T>(path: Path, text: string | undefined, rule: string, parse: (text: string) => Parsed<T>): T | undefined {
    if (text === undefined || text === UNREADABLE) return undefined;
    const result = parse(text);
    if (result.ok) return result.value;
    this.report({ rule, path, message: result.problem, ...(result.hint === undefined ? {} : { help: result.hint }) });
    return undefined;
  }

  /** Path of item `index` of the list at `path`; the list itself when it is written as a single value. */
  itemPath(path: Path, index: number): Path {
    return nodeAt(this.document.tree, path)?.kind === 'list' ? [...path, index] : path;
  }

  recordPath(kind: NamedKind, name: string): Path {
    return [...kindPath(kind), name];
  }

  /** Reads every item of the list at `path`; items that were reported already, or are now, are left out. */
  items<T>(
    path: Path,
    texts: readonly string[] | undefined,
    one: (text: string, path: Path) => T | undefined,
  ): readonly T[] {
    const values: T[] = [];
    for (const [index, text] of (texts ?? []).entries()) {
      if (text === UNREADABLE) continue;
      const value = one(text, this.itemPath(path, index));
      if (value !== undefined) values.push(value);
    }
    return values;
  }

  /** Reads every map of the list at `path`. */
  records<Shape, T>(
    path: Path,
    shapes: readonly Shape[] | undefined,
    one: (shape: Shape, path: Path) => T | undefined,
  ): readonly T[] {
    return (shapes ?? []).flatMap((shape, index) => one(shape, this.itemPath(path, index)) ?? []);
  }

  /**
   * Reads every named thing of the map at `path`, in document order: JavaScript objects put keys that look like numbers
   * first. Names may also stand in a list, or alone.
   */
  named<Shape, T>(
    path: Path,
    shapes: Readonly<Record<string, Shape>> | undefined,
    one: (name: string, shape: Shape, path: Path) => T | undefined,
  ): readonly T[] {
    if (shapes === undefined) return [];
    const values: T[] = [];
    for (const [name, at] of this.namesAt(path)) {
      const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
      const value = shape === undefined ? undefined : one(name, shape, at);
      if (value !== undefined) values.push(value);
    }
    return values;
  }

  /** The names at `path`, each with the path to it: keys of a map, items of a list, or one name alone. */
  namesAt(path: Path): readonly (readonly [name: string, path: Path])[] {
    const node = nodeAt(this.document.tree, path);
    if (node?.kind === 'map') return node.entries.map((entry) => [entry.key, [...path, entry.key]]);
    if (node?.kind === 'scalar') return node.text === '' ? [] : [[node.text, path]];
    return (node?.items ?? []).flatMap((item, index) => {
      const name = resolved(item);
      return name?.kind === 'scalar' ? [[name.text, [...path, index]] as const] : [];
    });
  }

  /** Path of the value of `key`; that of the map itself when it is written in short form. */
  keyPath(path: Path, key: string): Path {
    return nodeAt(this.document.tree, path)?.kind === 'map' ? [...path, key] : path;
  }

  wrongCloud(path: Path, what: string, found: Cloud, cloud: Cloud, help?: string): void {
    this.report({
      rule: 'estate/cloud-mismatch',
      ids: ['ER-027', 'PP-C13'],
      path,
      message: `${what} is in the ${cloudName(found)}, the organisation is in the ${cloudName(cloud)}`,
      help: help ?? `a circuit carries traffic of its own cloud only`,
      related: [{ message: `the organisation's cloud`, path: ['organisation', 'cloud'] }],
    });
  }

  /** Checks that `text` names an edge, to the internet or to ExpressRoute, and only one. */
  edge(path: Path, text: string | undefined): string | undefined {
    if (text === undefined || text === UNREADABLE) return undefined;
    const kinds = (['internetEdges', 'expressRouteEdges'] as const).filter((kind) => this.names.get(kind)?.has(text));
    if (kinds.length === 1) return text;
    if (kinds.length === 2) {
      this.ambiguous(path, text, [
        ['an internet edge', ['internetEdges', text]],
        ['an ExpressRoute edge', ['expressRouteEdges', text]],
      ]);
      return undefined;
    }
    this.unknownName({
      rule: 'estate/unknown-edge',
      path,
      text,
      what: 'edge',
      candidates: [...(this.names.get('internetEdges') ?? []), ...(this.names.get('expressRouteEdges') ?? [])],
      otherwise: 'define it under internetEdges or expressRouteEdges',
    });
    return undefined;
  }

  /** Reports a name that several things have where either could be meant. */
  ambiguous(path: Path, text: string, meanings: readonly (readonly [what: string, path: Path])[]): void {
    this.report({
      rule: 'estate/ambiguous-name',
      path,
      message: `${quoted(text)} is the name of ${meanings.map(([what]) => what).join(' and of ')}`,
      help: 'give one of them another name',
      related: meanings.map(([what, at]) => ({ message: what, path: at })),
    });
  }

  /**
   * Checks that `text` names a thing of `kind`. Gives the name, or `undefined` after reporting. The name is the value at
   * `path`, or its last step where names are keys.
   */
  reference(kind: NamedKind, path: Path, text: string | undefined): string | undefined {
    if (text === undefined || text === UNREADABLE) return undefined;
    const names = this.names.get(kind) ?? new Set();
    if (names.has(text)) return text;
    this.unknownName({
      rule: `estate/unknown-${SINGULAR[kind].toLowerCase().replaceAll(' ', '-')}`,
      path,
      text,
      what: SINGULAR[kind],
      candidates: [...names],
      otherwise:
        names.size === 0
          ? `there is no ${SINGULAR[kind]} in the document; define it under ${kindPath(kind).join('.')}`
          : undefined,
    });
    return undefined;
  }

  /** Reports a name that nothing has, with the nearest one that something has. */
  unknownName(unknown: {
    readonly rule: string;
    readonly path: Path;
    readonly text: string;
    readonly what: string;
    readonly candidates: readonly string[];
    readonly otherwise?: string | undefined;
    readonly ids?: readonly string[];
  }): void {
    const { rule, path, text, what, candidates, otherwise, ids } = unknown;
    const near = this.nearest(text, candidates);
    const listed = candidates.length > 0 && candidates.length <= 8 ? `known: ${candidates.join(', ')}` : undefined;
    const help = near === undefined ? (otherwise ?? listed) : `did you mean ${near}?`;
    const atKey = path.at(-1) === text && nodeAt(this.document.tree, path.slice(0, -1))?.kind === 'map';
    this.report({
      rule,
      path,
      atKey,
      message: `there is no ${what} ${quoted(text)}`,
      ...(ids === undefined ? {} : { ids }),
      ...(help === undefined ? {} : { help }),
      fixes: near === undefined ? [] : atKey ? this.renaming(path, near) : this.replacement(path, near, false),
    });
  }

  /** The fix that writes `value` at `path`; none when it cannot be written. */
  replacement(path: Path, value: string | number | boolean | readonly string[], safe: boolean): readonly Fix[] {
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    return this.withoutSecrets(oneFix(`write ${text}`, safe, editSet(this.document, path, value)));
  }

  /** An edit that writes an alias out could copy a session key into a finding. */
  private withoutSecrets(fixes: readonly Fix[]): readonly Fix[] {
    this.secrets ??= secretNodes(this.document.tree).flatMap(({ text }) => (text === '' ? [] : [text]));
    const secrets = this.secrets;
    return fixes.filter((fix) => !fix.edits.some((edit) => secrets.some((text) => edit.replacement.includes(text))));
  }

  /**
   * The candidate that looks most like `text`. Comparing every wrong name with every right one would take minutes in a
   * large document that is wrong throughout, so after a fixed amount of comparing there are no more suggestions.
   */
  nearest(text: string, candidates: readonly string[]): string | undefined {
    if (candidates.length > this.comparisonsLeft) return undefined;
    this.comparisonsLeft -= candidates.length;
    return nearestName(text, candidates);
  }

  /** The fix that gives the key at `path` another name. */
  renaming(path: Path, key: string): readonly Fix[] {
    return oneFix(`rename it to ${key}`, false, editRename(this.document, path, key));
  }
}

const CLOUD_NAMES: Readonly<Record<Cloud, string>> = {
  public: 'public cloud',
  usgov: 'US Government cloud',
  china: 'China cloud',
};

export function cloudName(cloud: Cloud): string {
  return CLOUD_NAMES[cloud];
}

export function oneFix(title: string, safe: boolean, edits: readonly Edit[]): readonly Fix[] {
  return edits.length === 0 ? [] : [{ title, safe, edits }];
}

/** What a path is, in words: `circuit er-fra`, `Microsoft peering of circuit er-fra`. */
export function describePath(path: Path): string {
  const [section] = path;
  if (section === undefined) return 'the document';
  const kind = kindAt(path);
  const name = kind === undefined ? undefined : path[kind.depth];
  if (kind === undefined)
    return section === 'organisation' ? below(path.slice(1), 'the organisation') : below(path.slice(1), section);
  if (name === undefined) return path.join('.');
  return below(path.slice(kind.depth + 1), `${SINGULAR[kind.kind]} ${name}`);
}

const KEY_WORDS: ReadonlyMap<string, string> = new Map([
  ['microsoftPeering', 'Microsoft peering'],
  ['privatePeering', 'private peering'],
  ['microsoft365', 'Microsoft 365'],
]);

/** `a`, `b` below `whole`: `b of a of whole`; a position in a list goes with the list. */
function below(path: Path, whole: string | number): string {
  let words = String(whole);
  for (const [depth, step] of path.entries()) {
    if (typeof step === 'number') continue;
    const next = path[depth + 1];
    const word = KEY_WORDS.get(step) ?? step;
    words = `${typeof next === 'number' ? `${word.replace(/s$/, '')} ${next + 1}` : word} of ${words}`;
  }
  return words;
}
