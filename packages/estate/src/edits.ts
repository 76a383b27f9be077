/**
 * Changes to a document as the smallest edits of its text, so that comments, order and layout outside them stay.
 *
 * Works from the offsets in the syntax tree. An edit inside a value that an alias (`*name`) stands for would change every
 * place that uses it; so the alias is replaced by the changed value written out. When a value that carries an anchor
 * goes away, the aliases that used it are written out as well.
 *
 * All functions give an empty list when there is nothing to do, or no way to do it that keeps the text well-formed.
 */
import type { Edit } from '@bothways/diagnostics';
import { type EstateDocument, type Location, locate } from './document.ts';
import type { Path } from './model.ts';
import { editBetween, lineEndOf, lineStartOf, positionAt, type SourceFile } from './source-file.ts';
import { isNull, type ListNode, type MapNode, type Node, resolved, type ScalarNode } from './syntax-tree.ts';
import { editTable } from './table-edits.ts';
import { scalarValue } from './values.ts';
import {
  blockLines,
  type EditValue,
  fitsOnLine,
  flowText,
  isList,
  isScalar,
  scalarText,
  type TextStyle,
} from './yaml-text.ts';

/** Writes `value` at `path`, in place of what is there or as something new. */
export function editSet(document: EstateDocument, path: Path, value: EditValue): readonly Edit[] {
  const found = locate(document.tree, path);
  if (found === undefined) return [];
  const { location, complete } = found;
  const inTable = editTable(document.tree, path, { action: 'set', value });
  if (inTable !== undefined) return inTable;
  if (!complete) return addMissing(document, path, value);
  if (location.alias !== undefined)
    return keepingAliases(document, path, [], rewriteAlias(location.alias, { action: 'set', value }));
  const { node } = location;
  if (node.kind === 'scalar' && isScalar(value) && scalarValue(node) === value) return [];
  const edits = node.kind === 'map' && node.parts !== undefined ? [] : replaceNode(location, value);
  return keepingAliases(document, path, [node], edits);
}

/**
 * Adds `value` to the list at `path`, or under `key` to the map there. A single value that stands for a list becomes a
 * list; a missing container is added. An existing key is set.
 */
export function editInsert(document: EstateDocument, path: Path, value: EditValue, key?: string): readonly Edit[] {
  const found = locate(document.tree, path);
  if (found === undefined) return [];
  const inTable = editTable(document.tree, path, { action: 'add', value, key });
  if (inTable !== undefined) return inTable;
  if (!found.complete) return addMissing(document, path, key === undefined ? [value] : { [key]: value });
  const container = resolved(found.location.node);
  if (container === undefined) return [];
  const { alias } = found.location;
  const within = alias ?? (found.location.node.kind === 'alias' ? { node: found.location.node, rest: [] } : undefined);
  if (container.kind === 'scalar') {
    const filled = key !== undefined ? { [key]: value } : isNull(container) ? [value] : [container.text, value];
    return key !== undefined && !isNull(container) ? [] : editSet(document, path, filled);
  }
  if (container.kind === 'map') {
    if (key === undefined) return [];
    if (container.byKey.has(key)) return editSet(document, [...path, key], value);
  } else if (key !== undefined) return [];
  const edits =
    within === undefined
      ? addEntry(container.kind === 'map' ? (container.parts?.[0] ?? container) : container, value, key)
      : rewriteAlias(within, { action: 'add', value, key });
  return keepingAliases(document, [...path, key ?? 0], [], edits);
}

/** Takes the key or list item at `path` away, with its line where it has lines of its own. */
export function editRemove(document: EstateDocument, path: Path): readonly Edit[] {
  const found = locate(document.tree, path);
  if (found === undefined) return [];
  const { location, complete } = found;
  const inTable = editTable(document.tree, path, { action: 'remove' });
  if (inTable !== undefined) return inTable;
  if (!complete) {
    // Item 0 of a list that is written as a single value is that value.
    const { node } = location;
    const single = node.kind === 'scalar' && !isNull(node) && path.at(-1) === 0;
    const parent = locate(document.tree, path.slice(0, -1));
    return single && parent?.complete === true ? editRemove(document, path.slice(0, -1)) : [];
  }
  if (location.alias !== undefined)
    return keepingAliases(document, path, [], rewriteAlias(location.alias, { action: 'remove' }));
  const { node, entry } = location;
  const parts = node.kind === 'map' ? node.parts : undefined;
  if (parts !== undefined && entry !== undefined) return removeFromEveryFile(document, path, entry.key);
  const container = owner(location);
  if (container === undefined) return [];
  const edits = removeItem(document, container, location);
  return keepingAliases(document, path, [node], edits);
}

/** Gives the key at `path` another name. References to it elsewhere stay as they are. */
export function editRename(document: EstateDocument, path: Path, key: string): readonly Edit[] {
  const inTable = editTable(document.tree, path, { action: 'rename', key });
  if (inTable !== undefined) return inTable;
  const found = locate(document.tree, path);
  const entry = found?.complete === true && found.location.alias === undefined ? found.location.entry : undefined;
  if (entry === undefined || entry.key === key || found?.location.parent?.kind !== 'map') return [];
  if (found.location.parent.byKey.has(key)) return [];
  const { keyNode } = entry;
  const style: TextStyle = found.location.parent.flow ? flowStyle(keyNode.file, found.location.parent) : 'block';
  const edits = [editBetween(keyNode.file, keyNode.start, keyNode.end, scalarText(key, style))];
  return keepingAliases(document, path, [], edits);
}

/** Sets a value whose parents may be missing too: adds the outermost missing key with everything below it. */
function addMissing(document: EstateDocument, path: Path, value: EditValue): readonly Edit[] {
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const found = locate(document.tree, path.slice(0, depth));
    if (found?.complete !== true) continue;
    const [step, ...below] = path.slice(depth);
    const nested = below.reduceRight<EditValue>(
      (inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }),
      value,
    );
    if (step === undefined) return [];
    const container = resolved(found.location.node);
    if (typeof step === 'number') {
      const length = container?.kind === 'list' ? container.items.length : 1;
      return step === length ? editInsert(document, path.slice(0, depth), nested) : [];
    }
    return editInsert(document, path.slice(0, depth), nested, step);
  }
  return [];
}

/** The one map of one file that holds the entry, when several were merged. */
function owner(location: Location): MapNode | ListNode | undefined {
  const { parent, entry } = location;
  if (parent?.kind !== 'map' || parent.parts === undefined || entry === undefined) return parent;
  return parent.parts.find((part) => part.byKey.get(entry.key)?.keyNode === entry.keyNode);
}

function removeFromEveryFile(document: EstateDocument, path: Path, key: string): readonly Edit[] {
  const holder = resolved(locate(document.tree, path.slice(0, -1))?.location.node);
  if (holder?.kind !== 'map') return [];
  const edits: Edit[] = [];
  const removed: Node[] = [];
  for (const part of holder.parts ?? [holder]) {
    const entry = part.byKey.get(key);
    if (entry === undefined) continue;
    removed.push(entry.value);
    edits.push(
      ...removeItem(document, part, { node: entry.value, parent: part, entry, index: undefined, alias: undefined }),
    );
  }
  return keepingAliases(document, [], removed, edits);
}

// Replacing

function replaceNode(location: Location, value: EditValue): readonly Edit[] {
  const { node, parent } = location;
  const { file } = node;
  const inFlow =
    node.kind !== 'alias' && node.kind !== 'scalar' ? node.flow || parent?.flow === true : parent?.flow === true;
  if (parent?.flow === true || isJson(file, parent)) {
    const text =
      isScalar(value) && isJson(file, parent) ? scalarText(value, 'json') : flowText(value, flowStyle(file, parent));
    return [editBetween(file, node.outerStart, Math.max(node.end, node.outerStart), gap(node, location) + text)];
  }
  const isBlock = (node.kind === 'map' || node.kind === 'list') && !node.flow;
  if (node.start === node.end && node.kind === 'scalar') {
    const before = file.text.charAt(node.outerStart - 1);
    if (before !== ':' && before !== '-') return [];
    return [editBetween(file, node.outerStart, node.end, behindIndicator(location, value, file))];
  }
  if (!isBlock) {
    const style = inFlow ? 'flow' : 'block';
    const text = isScalar(value)
      ? scalarText(value, style === 'flow' && parent === undefined ? 'flow' : 'block')
      : flowText(value, 'flow');
    return [editBetween(file, node.outerStart, node.end, text)];
  }
  const column = positionAt(file, node.start).column - 1;
  if (!fitsOnLine(value)) {
    const lines = blockLines(value, column);
    return [editBetween(file, node.start, node.end, lines.join(file.lineEnd))];
  }
  // A one-line value goes up behind the colon, unless a comment stands there.
  const text = isScalar(value) ? scalarText(value, 'block') : flowText(value, 'flow');
  const indicatorEnd = location.entry === undefined ? undefined : colonAfter(file, location.entry.keyNode.end);
  if (indicatorEnd !== undefined && file.text.slice(indicatorEnd, node.start).trim() === '') {
    return [editBetween(file, indicatorEnd, node.end, ` ${text}`)];
  }
  const parentColumn = location.entry === undefined ? -1 : positionAt(file, location.entry.start).column - 1;
  return [editBetween(file, node.outerStart, node.end, column <= parentColumn ? `  ${text}` : text)];
}

/** Offset behind the colon that follows a key, when it follows directly. */
function colonAfter(file: SourceFile, keyEnd: number): number | undefined {
  let at = keyEnd;
  while (file.text[at] === ' ') at += 1;
  return file.text[at] === ':' ? at + 1 : undefined;
}

/** What has to stand between an indicator and a value where there was no value. */
function gap(node: Node, location: Location): string {
  if (node.kind !== 'scalar' || node.end !== node.start || node.outerStart !== node.start) return '';
  return node.file.text.charAt(node.start - 1) === ':' || location.entry === undefined ? ' ' : ': ';
}

function behindIndicator(location: Location, value: EditValue, file: SourceFile): string {
  if (fitsOnLine(value)) return ` ${isScalar(value) ? scalarText(value, 'block') : flowText(value, 'flow')}`;
  const keyColumn = location.entry === undefined ? 0 : positionAt(file, location.entry.start).column - 1;
  if (location.entry === undefined) return ` ${flowText(value, 'flow')}`;
  const pad = ' '.repeat(keyColumn + 2);
  return `${file.lineEnd}${pad}${blockLines(value, keyColumn + 2).join(file.lineEnd)}`;
}

// Adding

function addEntry(container: MapNode | ListNode, value: EditValue, key: string | undefined): readonly Edit[] {
  return container.flow ? addToFlow(container, value, key) : addToBlock(container, value, key);
}

function addToFlow(container: MapNode | ListNode, value: EditValue, key: string | undefined): readonly Edit[] {
  const { file } = container;
  const style = flowStyle(file, container);
  const text = key === undefined ? flowText(value, style) : `${scalarText(key, style)}: ${flowText(value, style)}`;
  const last = lastEnd(container);
  const close = container.end - 1;
  if (!hasBrackets(container)) return [];
  if (last === undefined) {
    const inside = file.text.slice(container.start + 1, close);
    if (inside.trim() !== '') return [];
    return [editBetween(file, container.start + 1, close, container.kind === 'map' ? ` ${text} ` : text)];
  }
  const comma = nextToken(file, last);
  const hasComma = file.text[comma] === ',';
  const insertAt = hasComma ? comma + 1 : last;
  const multiline = positionAt(file, last).line !== positionAt(file, close).line;
  if (!multiline) return [editBetween(file, insertAt, insertAt, hasComma ? ` ${text}` : `, ${text}`)];
  const indent = indentOf(file, lastStart(container) ?? container.start);
  const lineEnd = lineEndOf(file, insertAt);
  const rest = file.text.slice(insertAt, lineEnd).trim();
  if (rest !== '' && !rest.startsWith('#'))
    return [editBetween(file, insertAt, insertAt, hasComma ? ` ${text}` : `, ${text}`)];
  const line = editBetween(file, lineEnd, lineEnd, `${file.lineEnd}${indent}${text}`);
  if (hasComma) return [line];
  return insertAt === lineEnd
    ? [editBetween(file, last, last, `,${file.lineEnd}${indent}${text}`)]
    : [editBetween(file, last, last, ','), line];
}

function addToBlock(container: MapNode | ListNode, value: EditValue, key: string | undefined): readonly Edit[] {
  const { file } = container;
  const firstStart = container.kind === 'map' ? container.entries[0]?.start : container.itemStarts[0];
  const last = lastEnd(container);
  if (firstStart === undefined || last === undefined) return [];
  const column = positionAt(file, firstStart).column - 1;
  const pad = ' '.repeat(column);
  const lines: string[] = [];
  if (key === undefined) {
    const [first = '', ...rest] = blockLines(value, column + 2);
    lines.push(`${pad}- ${first}`, ...rest);
  } else {
    const head = `${pad}${scalarText(key, 'block')}:`;
    if (fitsOnLine(value)) lines.push(`${head} ${blockLines(value, column)[0] ?? ''}`);
    else if (siblingsAreFlow(container) && !isList(value)) lines.push(`${head} ${flowText(value, 'flow')}`);
    else {
      const [first = '', ...rest] = blockLines(value, column + 2);
      lines.push(head, `${pad}  ${first}`, ...rest);
    }
  }
  const at = lineEndOf(file, last);
  return [editBetween(file, at, at, file.lineEnd + lines.join(file.lineEnd))];
}

/** True when the last collection among the entries is written on one line: new ones follow it. */
function siblingsAreFlow(container: MapNode | ListNode): boolean {
  const values = container.kind === 'map' ? container.entries.map((entry) => entry.value) : container.items;
  const sibling = values.findLast((node) => node.kind === 'map' || node.kind === 'list');
  return sibling === undefined ? false : (sibling.kind === 'map' || sibling.kind === 'list') && sibling.flow;
}

/** False for the map that `[a: b]` holds, which has no braces of its own. */
function hasBrackets(container: MapNode | ListNode): boolean {
  return container.file.text[container.start] === (container.kind === 'list' ? '[' : '{');
}

function lastEnd(container: MapNode | ListNode): number | undefined {
  const last = container.kind === 'map' ? container.entries.at(-1)?.value : container.items.at(-1);
  return last?.end;
}

function lastStart(container: MapNode | ListNode): number | undefined {
  return container.kind === 'map' ? container.entries.at(-1)?.start : container.itemStarts.at(-1);
}

function indentOf(file: SourceFile, offset: number): string {
  const start = lineStartOf(file, offset);
  return /^[ \t]*/.exec(file.text.slice(start, offset))?.[0] ?? '';
}

/** Offset of the next character that is neither white space nor comment. */
function nextToken(file: SourceFile, offset: number): number {
  let at = offset;
  for (;;) {
    while (at < file.text.length && ' \t\r\n'.includes(file.text.charAt(at))) at += 1;
    if (file.text[at] !== '#') return at;
    at = lineEndOf(file, at);
  }
}

// Removing

function removeItem(document: EstateDocument, container: MapNode | ListNode, location: Location): readonly Edit[] {
  const index =
    location.entry === undefined
      ? (location.index ?? -1)
      : (container.kind === 'map' ? container.entries : []).findIndex(
          (entry) => entry.keyNode === location.entry?.keyNode,
        );
  const starts = container.kind === 'map' ? container.entries.map((entry) => entry.start) : container.itemStarts;
  const ends =
    container.kind === 'map'
      ? container.entries.map((entry) => entry.value.end)
      : container.items.map((item) => item.end);
  const start = starts[index];
  const end = ends[index];
  if (start === undefined || end === undefined) return [];
  const { file } = container;
  if (container.flow) return removeFromFlow(container, starts, ends, index);
  if (starts.length === 1) return emptied(document, container, start, end);
  const lineStart = lineStartOf(file, start);
  const startsLine = file.text.slice(lineStart, start).trim() === '';
  if (startsLine) return [removeLines(file, start, end)];
  // The first entry of a map or list that begins behind a dash: what follows moves up to the dash.
  const next = starts[index + 1];
  if (next === undefined) return [];
  const between = file.text.slice(end, next);
  return [editBetween(file, start, between.includes('#') ? lineEndOf(file, end) : next, '')];
}

/** Removes whole lines, with the line end behind them or, at the end of the file, the one before. */
function removeLines(file: SourceFile, start: number, end: number): Edit {
  const from = lineStartOf(file, start);
  const to = lineEndOf(file, end);
  if (to < file.text.length) return editBetween(file, from, file.text.indexOf('\n', to) + 1, '');
  const previous = from === 0 ? 0 : lineEndOf(file, Math.max(0, lineStartOf(file, from - 1)));
  return editBetween(file, previous, to, '');
}

/** The last entry goes: an empty block collection has no text, so it becomes `[]` or `{}`. */
function emptied(document: EstateDocument, container: MapNode | ListNode, start: number, end: number): readonly Edit[] {
  const path = pathOf(document, container);
  if (path === undefined) return [];
  const found = locate(document.tree, path);
  const empty: EditValue = container.kind === 'list' ? [] : {};
  if (found?.complete === true && found.location.node === container && path.length > 0)
    return replaceNode(found.location, empty);
  // The root of a file, or one of several maps that were merged: an empty section says nothing, so only its lines go.
  return path.length === 0
    ? [removeLines(container.file, start, end)]
    : [editBetween(container.file, container.start, end, '{}')];
}

function pathOf(document: EstateDocument, wanted: Node): Path | undefined {
  const search = (node: Node, path: Path): Path | undefined => {
    if (node === wanted || (node.kind === 'map' && node.parts?.some((part) => part === wanted) === true)) return path;
    if (node.end < wanted.start && node.file === wanted.file && (node.kind !== 'map' || node.parts === undefined))
      return undefined;
    if (node.kind === 'map') {
      for (const entry of node.entries) {
        const found = search(entry.value, [...path, entry.key]);
        if (found !== undefined) return found;
      }
    } else if (node.kind === 'list') {
      for (const [index, item] of node.items.entries()) {
        const found = search(item, [...path, index]);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
  return document.tree.root === undefined ? undefined : search(document.tree.root, []);
}

function removeFromFlow(
  container: MapNode | ListNode,
  starts: readonly number[],
  ends: readonly number[],
  index: number,
): readonly Edit[] {
  const { file } = container;
  const start = starts[index] ?? container.start;
  const end = ends[index] ?? start;
  const next = starts[index + 1];
  if (next !== undefined) {
    const between = file.text.slice(end, next);
    if (!between.includes('#')) return [editBetween(file, start, next, '')];
    const comma = nextToken(file, end);
    return [editBetween(file, start, file.text[comma] === ',' ? comma + 1 : end, '')];
  }
  const previousEnd = ends[index - 1];
  if (previousEnd === undefined) {
    const close = container.end - 1;
    const inside = file.text.slice(container.start + 1, close);
    if (!hasBrackets(container)) return [];
    const comma = nextToken(file, end);
    const last = file.text[comma] === ',' ? comma + 1 : end;
    return inside.includes('#')
      ? [editBetween(file, start, last, '')]
      : [editBetween(file, container.start + 1, close, '')];
  }
  if (!file.text.slice(previousEnd, start).includes('#')) return [editBetween(file, previousEnd, end, '')];
  const comma = nextToken(file, end);
  return [editBetween(file, start, file.text[comma] === ',' ? comma + 1 : end, '')];
}

// Aliases

type AliasChange =
  | { readonly action: 'set'; readonly value: EditValue }
  | { readonly action: 'add'; readonly value: EditValue; readonly key: string | undefined }
  | { readonly action: 'remove' };

function rewriteAlias(alias: NonNullable<Location['alias']>, change: AliasChange): readonly Edit[] {
  const text = writtenOut(alias.node, alias.rest, change);
  if (text === undefined) return [];
  const { file, start, end } = alias.node;
  return [editBetween(file, start, end, text)];
}

/** A value on one line with its aliases written out, and with a change at `path` below it. `undefined`: it is removed. */
function writtenOut(node: Node, path: Path = [], change?: AliasChange): string | undefined {
  const value = resolved(node);
  const [step, ...rest] = path;
  const here = step === undefined ? change : undefined;
  if (here?.action === 'set') return flowText(here.value, 'flow');
  if (here?.action === 'remove') return undefined;
  const added = here === undefined ? [] : [flowText(here.value, 'flow')];
  if (value === undefined) return 'null';
  if (value.kind === 'scalar') {
    const text = scalarSource(value);
    return added.length === 0 ? text : `[${[text, ...added].join(', ')}]`;
  }
  if (value.kind === 'list') {
    const items = value.items.map((item, index) =>
      index === step ? writtenOut(item, rest, change) : writtenOut(item),
    );
    return `[${[...items.filter((item) => item !== undefined), ...added].join(', ')}]`;
  }
  const entries = value.entries.flatMap(({ key, value: item }) => {
    const text = key === String(step) ? writtenOut(item, rest, change) : writtenOut(item);
    return text === undefined ? [] : [`${scalarText(key, 'flow')}: ${text}`];
  });
  const newEntries = added.map(
    (text) => `${scalarText(here?.action === 'add' ? (here.key ?? '') : '', 'flow')}: ${text}`,
  );
  const all = [...entries, ...newEntries];
  return all.length === 0 ? '{}' : `{ ${all.join(', ')} }`;
}

/** A scalar as it is written, where that can stand inside brackets: `017` and `1.10` must not change their look. */
function scalarSource(node: ScalarNode): string {
  const source = node.file.text.slice(node.start, node.end);
  if (node.plain && isNull(node)) return 'null';
  const plain = node.plain && !/[\r\n,[\]{}]|:$/.test(source) && source === node.text;
  const quoted = /^(?:"[^\r\n]*"|'[^\r\n]*')$/.test(source);
  return plain || quoted ? source : scalarText(node.text, 'flow');
}

/**
 * Adds to `edits` what keeps every other alias at its value: an alias that stands for something `removed`, or for
 * something that holds the value at `path`, is replaced by what it stands for.
 */
function keepingAliases(
  document: EstateDocument,
  path: Path,
  removed: readonly Node[],
  edits: readonly Edit[],
): readonly Edit[] {
  const { aliases } = document.tree;
  if (edits.length === 0 || aliases.length === 0) return edits;
  const gone = new Set<Node>();
  const collect = (node: Node): void => {
    gone.add(node);
    if (node.kind === 'map') for (const entry of node.entries) collect(entry.value);
    else if (node.kind === 'list') node.items.forEach(collect);
  };
  removed.forEach(collect);
  const changing = new Set<Node>(gone);
  for (let depth = 0; depth < path.length; depth += 1) {
    const node = locate(document.tree, path.slice(0, depth))?.location.node;
    if (node === undefined || node.kind === 'alias') break;
    changing.add(node);
  }
  const written = aliases
    .filter((alias) => alias.target !== undefined && changing.has(alias.target) && !gone.has(alias))
    .map((alias) => editBetween(alias.file, alias.start, alias.end, writtenOut(alias) ?? 'null'))
    .filter((edit) => !edits.some((other) => overlap(edit, other)));
  return [...edits, ...written];
}

function overlap(a: Edit, b: Edit): boolean {
  if (a.file !== b.file) return false;
  const before = (left: Edit['start'], right: Edit['start']): boolean =>
    left.line < right.line || (left.line === right.line && left.column < right.column);
  return before(a.start, b.end) && before(b.start, a.end);
}

// Style

/** JSON text (by name, or because the surrounding keys are in double quotes) must stay JSON. */
function isJson(file: SourceFile, container: MapNode | ListNode | undefined): boolean {
  if (file.name.toLowerCase().endsWith('.json')) return true;
  const key = container?.kind === 'map' && container.flow ? container.entries[0]?.keyNode : undefined;
  return key !== undefined && file.text[key.start] === '"';
}

function flowStyle(file: SourceFile, container: MapNode | ListNode | undefined): 'flow' | 'json' {
  return isJson(file, container) ? 'json' : 'flow';
}
