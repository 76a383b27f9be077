/**
 * The document as a tree whose every node knows where it is written.
 *
 * Built in one pass over the events of js-yaml (YAML 1.2, of which JSON is a part). The events name the start of every
 * node and the end of scalars; the end of collections and the place of empty values are found here by stepping over
 * white space, comments and indicators behind the last thing read.
 *
 * Leaves out: merge keys (`<<`) and keys that are not text, both reported; resolution of plain scalars to numbers or
 * booleans, because the document's own units decide what a text means (`1.10` is an AS number, not 1.1).
 */
import { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import type { SourceFile } from './source-file.ts';

interface NodeBase {
  readonly file: SourceFile;
  /** Offset of the anchor or tag in front of the value, or of the value itself. */
  readonly outerStart: number;
  readonly start: number;
  /** Exclusive. */
  end: number;
  /** Number of nodes below and including this one when every alias is written out. */
  size: number;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly text: string;
  /** Written without quotes, so that an empty text or `null` means no value. */
  readonly plain: boolean;
}

export interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly flow: boolean;
  readonly items: Node[];
  /** Offset of each item's dash in block style; of the item itself in flow style. */
  readonly itemStarts: number[];
}

export interface MapEntry {
  readonly key: string;
  readonly keyNode: ScalarNode;
  /** Offset of the `?` of an explicit key, otherwise of the key. */
  readonly start: number;
  readonly value: Node;
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly entries: MapEntry[];
  readonly byKey: Map<string, MapEntry>;
  /** The maps of one kind in several files that this map stands for; absent on a map that is written in one place. */
  readonly parts?: readonly MapNode[];
}

export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  /** `undefined` when the alias was refused. */
  readonly target: Node | undefined;
}

export type Node = ScalarNode | ListNode | MapNode | AliasNode;

/** Something wrong with the text that the YAML grammar itself allows. */
export interface TreeProblem {
  readonly rule: string;
  readonly message: string;
  readonly help: string;
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  readonly related?: { readonly message: string; readonly start: number; readonly end: number };
}

export interface SyntaxTree {
  /** `undefined` when the file holds no value. */
  readonly root: Node | undefined;
  readonly aliases: readonly AliasNode[];
  readonly problems: readonly TreeProblem[];
}

/** How many nodes all aliases of one file may stand for together. */
const MAXIMUM_ALIAS_EXPANSION = 10_000;

const PLAIN_TAGS: ReadonlySet<string> = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'seq', 'map'].flatMap((name) => [
    `!!${name}`,
    `!<tag:yaml.org,2002:${name}>`,
  ]),
);

/** The value an alias stands for, or the node itself. */
export function resolved(node: Node | undefined): Exclude<Node, AliasNode> | undefined {
  let current = node;
  while (current?.kind === 'alias') current = current.target;
  return current;
}

/** True for a value that is not there: `key:`, `key: ~` and `key: null`. */
export function isNull(node: ScalarNode): boolean {
  return node.plain && (node.text === '' || node.text === '~' || /^(?:null|Null|NULL)$/.test(node.text));
}

type Container = ListNode | MapNode;

interface OpenContainer {
  readonly node: Container;
  /** The key that waits for its value (maps only). */
  key: { readonly node: ScalarNode; readonly start: number; readonly usable: boolean } | undefined;
}

/** `text` is what the events were read from: the text of the file, or one that differs from it in white space only. */
export function buildSyntaxTree(file: SourceFile, events: readonly Event[], text = file.text): SyntaxTree {
  return new TreeBuilder(file, text).build(events);
}

class TreeBuilder {
  readonly file: SourceFile;
  readonly text: string;
  readonly problems: TreeProblem[] = [];
  readonly aliases: AliasNode[] = [];
  readonly anchors = new Map<string, Node>();
  readonly open: OpenContainer[] = [];
  readonly unfinished = new Set<Node>();
  /** Offset just behind the last token read. */
  cursor = 0;
  root: Node | undefined;
  documents = 0;
  aliasExpansion = 0;

  constructor(file: SourceFile, text: string) {
    this.file = file;
    this.text = text;
  }

  build(events: readonly Event[]): SyntaxTree {
    for (const event of events) {
      switch (event.type) {
        case EVENT_ID.DOCUMENT:
          this.documents += 1;
          break;
        case EVENT_ID.SEQUENCE:
        case EVENT_ID.MAPPING:
          this.openContainer(event);
          break;
        case EVENT_ID.SCALAR:
          this.addScalar(event);
          break;
        case EVENT_ID.ALIAS:
          this.addAlias(event.anchorStart, event.anchorEnd);
          break;
        case EVENT_ID.POP:
          this.closeContainer();
          break;
      }
    }
    return { root: this.root, aliases: this.aliases, problems: this.problems };
  }

  /** Steps over white space and comments from `offset`. */
  skipBlank(offset: number): number {
    const { text } = this;
    let at = offset;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === 32 || code === 10 || code === 13 || code === 9 || code === 0xfeff) at += 1;
      else if (code === 35) {
        const feed = text.indexOf('\n', at);
        at = feed === -1 ? text.length : feed;
      } else break;
    }
    return at;
  }

  openContainer(event: Extract<Event, { type: typeof EVENT_ID.SEQUENCE | typeof EVENT_ID.MAPPING }>): void {
    const flow = event.style === COLLECTION_STYLE.FLOW;
    const outerStart = this.outerStart(event, event.start);
    const base = { file: this.file, outerStart, start: event.start, end: event.start, size: 1, flow };
    const node: Container =
      event.type === EVENT_ID.SEQUENCE
        ? { ...base, kind: 'list', items: [], itemStarts: [] }
        : { ...base, kind: 'map', entries: [], byKey: new Map() };
    this.checkTag(event.tagStart, event.tagEnd);
    this.place(node, () => {
      this.rememberAnchor(event, node);
      const bracket = event.type === EVENT_ID.SEQUENCE ? '[' : '{';
      this.cursor = flow && this.text[event.start] === bracket ? event.start + 1 : event.start;
    });
    this.unfinished.add(node);
    this.open.push({ node, key: undefined });
  }

  closeContainer(): void {
    const closed = this.open.pop();
    if (closed === undefined) return; // the end of a document
    const { node } = closed;
    const bracket = node.kind === 'list' ? ['[', ']'] : ['{', '}'];
    if (node.flow && this.text[node.start] === bracket[0]) {
      let at = this.skipBlank(this.cursor);
      while (at < this.text.length && ',:?'.includes(this.text.charAt(at))) at = this.skipBlank(at + 1);
      if (this.text[at] === bracket[1]) this.cursor = at + 1;
    }
    node.end = this.cursor;
    this.unfinished.delete(node);
    const parent = this.open.at(-1)?.node;
    if (parent !== undefined) parent.size += node.size;
  }

  addScalar(event: ScalarEvent): void {
    const { text } = this;
    this.checkTag(event.tagStart, event.tagEnd);
    const forcedText = event.tagStart !== -1 && text.slice(event.tagStart, event.tagEnd).includes('str');
    const plain = event.style === SCALAR_STYLE.PLAIN && !forcedText;
    let start = event.valueStart;
    let end = event.valueEnd;
    if (start === -1) {
      start = end = this.emptyValueAt(event);
    } else if (event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED) {
      start -= 1;
      end += 1;
    } else if (event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK) {
      const from = Math.max(this.cursor, event.anchorEnd, event.tagEnd);
      let indicator = from;
      while (indicator < start && text[indicator] !== '|' && text[indicator] !== '>') {
        indicator = text[indicator] === '#' ? this.skipBlank(indicator) : indicator + 1;
      }
      start = indicator;
      while (end > start && ' \t\r\n'.includes(text.charAt(end - 1))) end -= 1;
    }
    const node: ScalarNode = {
      kind: 'scalar',
      file: this.file,
      outerStart: this.outerStart(event, start),
      start,
      end,
      size: 1,
      text: event.valueStart === -1 ? '' : getScalarValue(text, event),
      plain,
    };
    this.place(node, () => {
      this.rememberAnchor(event, node);
      this.cursor = Math.max(this.cursor, end, event.anchorEnd, event.tagEnd);
    });
    const parent = this.open.at(-1)?.node;
    if (parent !== undefined) parent.size += 1;
  }

  addAlias(anchorStart: number, anchorEnd: number): void {
    const start = anchorStart - 1;
    const name = this.text.slice(anchorStart, anchorEnd);
    const found = this.anchors.get(name);
    let target: Node | undefined;
    if (found === undefined) {
      this.report(
        'estate/unknown-alias',
        `nothing above is marked &${name}`,
        `mark a value with &${name} before it is used, or write the value here`,
        start,
        anchorEnd,
      );
    } else if (this.unfinished.has(found)) {
      this.report(
        'estate/alias-in-itself',
        `*${name} stands inside the value it refers to`,
        'write the value out',
        start,
        anchorEnd,
      );
    } else {
      const before = this.aliasExpansion;
      this.aliasExpansion += found.size;
      if (this.aliasExpansion <= MAXIMUM_ALIAS_EXPANSION) target = found;
      else if (before <= MAXIMUM_ALIAS_EXPANSION) {
        this.report(
          'estate/alias-expansion',
          `the aliases of this file stand for more than ${MAXIMUM_ALIAS_EXPANSION.toLocaleString('en-GB')} values`,
          'write the values out, or use fewer aliases',
          start,
          anchorEnd,
        );
      }
    }
    const size = target?.size ?? 1;
    const node: AliasNode = { kind: 'alias', file: this.file, outerStart: start, start, end: anchorEnd, size, target };
    this.aliases.push(node);
    this.place(node, () => {
      this.cursor = anchorEnd;
    });
    const parent = this.open.at(-1)?.node;
    if (parent !== undefined) parent.size += size;
  }

  /** Puts a node where it belongs: root, list item, key or value. `advance` moves the cursor behind (or into) the node. */
  place(node: Node, advance: () => void): void {
    const container = this.open.at(-1);
    const before = this.cursor;
    if (container === undefined) {
      advance();
      if (this.documents > 1) {
        if (this.documents === 2) {
          this.report(
            'estate/several-documents',
            'this file holds more than one document',
            'keep one document in a file; a folder of files is read as one estate',
            node.start,
            Math.max(node.start, lineEnd(this.text, node.start)),
          );
          this.documents = 3;
        }
      } else this.root = node;
      return;
    }
    if (container.node.kind === 'list') {
      container.node.itemStarts.push(
        container.node.flow ? node.outerStart : this.indicatorBefore('-', before, node.outerStart),
      );
      container.node.items.push(node);
      advance();
      return;
    }
    if (container.key === undefined) {
      const start = this.indicatorBefore('?', before, node.outerStart);
      advance();
      container.key = this.readKey(node, start);
      return;
    }
    const { key } = container;
    container.key = undefined;
    advance();
    if (key.usable)
      this.addEntry(container.node, { key: key.node.text, keyNode: key.node, start: key.start, value: node });
  }

  readKey(node: Node, start: number): NonNullable<OpenContainer['key']> {
    const target = resolved(node);
    if (target?.kind === 'scalar') {
      const usable =
        node.kind === 'scalar' && target.text !== '' && target.text !== '<<' && target.text !== '__proto__';
      if (!usable) this.reportKey(node, target.text);
      return { node: target, start, usable };
    }
    this.report(
      'estate/key-not-text',
      'a key must be a plain name, not a list or a map',
      'give the entry a name',
      node.start,
      Math.max(node.end, node.start + 1),
    );
    const empty: ScalarNode = {
      kind: 'scalar',
      file: this.file,
      outerStart: start,
      start,
      end: start,
      size: 1,
      text: '',
      plain: true,
    };
    return { node: empty, start, usable: false };
  }

  reportKey(node: Node, key: string): void {
    const end = Math.max(node.end, node.start + 1);
    if (node.kind === 'alias')
      this.report('estate/key-not-text', 'an alias cannot be a key', 'write the name out', node.start, end);
    else if (key === '<<')
      this.report(
        'estate/merge-key',
        'merge keys (<<) are not part of an estate document',
        'repeat the keys, or give a whole value with an alias (key: *name)',
        node.start,
        end,
      );
    else if (key === '')
      this.report(
        'estate/empty-key',
        'there is a value without a key',
        'write a name before the colon',
        node.start,
        end,
      );
    else this.report('estate/reserved-key', `${key} cannot be used as a name`, 'choose another name', node.start, end);
  }

  addEntry(map: MapNode, entry: MapEntry): void {
    const first = map.byKey.get(entry.key);
    if (first === undefined) {
      map.entries.push(entry);
      map.byKey.set(entry.key, entry);
      return;
    }
    this.problems.push({
      rule: 'estate/duplicate-key',
      message: `${entry.key} is written twice in the same map`,
      help: 'remove one of them, or give it another name',
      file: this.file,
      start: entry.keyNode.start,
      end: entry.keyNode.end,
      related: { message: 'first written here', start: first.keyNode.start, end: first.keyNode.end },
    });
  }

  /** Where a value that is not written would stand: behind the colon or dash, its anchor or its tag. */
  emptyValueAt(event: ScalarEvent): number {
    const behindProperties = Math.max(event.anchorEnd, event.tagEnd);
    if (behindProperties !== -1) return behindProperties;
    const container = this.open.at(-1);
    if (container === undefined) return this.cursor;
    const indicator = container.node.kind === 'list' ? '-' : container.key === undefined ? '?' : ':';
    const at = this.skipBlank(this.cursor);
    return this.text[at] === indicator ? at + 1 : this.cursor;
  }

  /** Offset of `indicator` when it is the first thing after `from` and stands before `until`, otherwise `until`. */
  indicatorBefore(indicator: string, from: number, until: number): number {
    let at = this.skipBlank(from);
    if (this.text[at] === ',' && at < until) at = this.skipBlank(at + 1);
    return at < until && this.text[at] === indicator ? at : until;
  }

  outerStart(event: { readonly anchorStart: number; readonly tagStart: number }, start: number): number {
    const anchor = event.anchorStart === -1 ? start : event.anchorStart - 1;
    return Math.min(start, anchor, event.tagStart === -1 ? start : event.tagStart);
  }

  rememberAnchor(event: { readonly anchorStart: number; readonly anchorEnd: number }, node: Node): void {
    if (event.anchorStart !== -1) this.anchors.set(this.text.slice(event.anchorStart, event.anchorEnd), node);
  }

  checkTag(start: number, end: number): void {
    if (start === -1) return;
    const tag = this.text.slice(start, end);
    if (tag !== '!' && !PLAIN_TAGS.has(tag)) {
      this.report('estate/unknown-tag', `the tag ${tag} has no meaning here`, 'remove the tag', start, end);
    }
  }

  report(rule: string, message: string, help: string, start: number, end: number): void {
    this.problems.push({ rule, message, help, file: this.file, start, end });
  }
}

function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed === -1 ? text.length : feed;
}
