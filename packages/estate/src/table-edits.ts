/**
 * Edits of sites that are rows of a CSV file: cells are replaced, emptied or filled, rows removed. A value without a
 * column of its own has no place in a row, so setting it gives no edit.
 */
import type { Edit } from '@bothways/diagnostics';
import { type DocumentTree, locate } from './document.ts';
import type { Path } from './model.ts';
import { isAttachment } from './references.ts';
import { cellAt, delimiterOf } from './sites-csv.ts';
import { editBetween, lineEndOf, type SourceFile } from './source-file.ts';
import { type Node, resolved } from './syntax-tree.ts';
import { type EditValue, isList, isScalar } from './yaml-text.ts';

export type TableChange =
  | { readonly action: 'set'; readonly value: EditValue }
  | { readonly action: 'add'; readonly value: EditValue; readonly key: string | undefined }
  | { readonly action: 'remove' }
  | { readonly action: 'rename'; readonly key: string };

/** The edits of a change at `path`; `undefined` when what is there is not a row of a table. */
export function editTable(tree: DocumentTree, path: Path, change: TableChange): readonly Edit[] | undefined {
  const found = locate(tree, path);
  if (found === undefined) return undefined;
  const { location, complete } = found;
  const { node, entry } = location;
  const { file } = node;
  if (!isAttachment(file.name)) return undefined;
  if (!complete) return change.action === 'set' ? fillCell(tree, path, change.value) : [];
  switch (change.action) {
    case 'set':
      return replaceCell(node, location.parent?.kind === 'list', change.value);
    case 'add':
      return addToCell(tree, path, node, change.value, change.key);
    case 'rename':
      return entry === undefined ? [] : renameInTable(path, entry.keyNode, change.key);
    default:
      if (path.length === 2) return [removeRow(file, node)];
      return location.parent?.kind === 'list'
        ? [removeItem(file, node)]
        : [editBetween(file, node.start, node.end, '')];
  }
}

/** Names of sites and of the clouds they are in are in cells; other keys are columns. */
function renameInTable(path: Path, keyNode: Node, key: string): readonly Edit[] {
  if (path.length === 2) return replaceCell(keyNode, false, key);
  return path.length === 4 && path[2] === 'wan' ? replaceCell(keyNode, true, key) : [];
}

function cellText(file: SourceFile, value: EditValue): string | undefined {
  if (isList(value)) {
    const items = value.map((item) => (isScalar(item) ? itemText(item) : undefined));
    const known = items.filter((item) => item !== undefined);
    return known.length === items.length ? known.join(' ') : undefined;
  }
  if (!isScalar(value)) return undefined;
  const text = value === null ? '' : String(value);
  const plain = !text.includes(delimiterOf(file.text)) && !/["\r\n]|^\s|\s$|^#/.test(text);
  return plain ? text : `"${text.replaceAll('"', '""')}"`;
}

/** A value among others in one cell; nothing in it may look like a separator. */
function itemText(value: EditValue): string | undefined {
  const text = isScalar(value) ? String(value) : '';
  return /^[^\s,;|"]+$/.test(text) ? text : undefined;
}

function replaceCell(node: Node, isItem: boolean, value: EditValue): readonly Edit[] {
  const { file, start, end } = node;
  const text = isItem ? itemText(value) : cellText(file, value);
  if (node.kind === 'map' || text === undefined || text === file.text.slice(start, end)) return [];
  return [editBetween(file, start, end, text)];
}

/** Writes into an empty cell: the column is that of the last step. */
function fillCell(tree: DocumentTree, path: Path, value: EditValue): readonly Edit[] {
  const row = locate(tree, path.slice(0, 2));
  const key = path.at(-1);
  if (row?.complete !== true || path.length > 4 || typeof key !== 'string') return [];
  const { file, start } = row.location.node;
  const cell = cellAt(file, start, key);
  const text = cellText(file, value);
  return cell === undefined || cell.start !== cell.end || text === undefined
    ? []
    : [editBetween(file, cell.start, cell.end, text)];
}

function addToCell(
  tree: DocumentTree,
  path: Path,
  node: Node,
  value: EditValue,
  key: string | undefined,
): readonly Edit[] {
  const container = resolved(node);
  if (container?.kind === 'map' && key !== undefined) {
    const held = container.byKey.get(key);
    return held === undefined ? fillCell(tree, [...path, key], value) : replaceCell(held.value, false, value);
  }
  const text = itemText(value);
  if (container?.kind !== 'list' || key !== undefined || text === undefined) return [];
  const last = container.items.at(-1);
  return last === undefined ? [] : [editBetween(last.file, last.end, last.end, ` ${text}`)];
}

/** Takes an item and the white space or separator in front of it away; the first item goes with what is behind it. */
function removeItem(file: SourceFile, node: Node): Edit {
  const before = /[\s,;|]+$/.exec(file.text.slice(0, node.start))?.[0] ?? '';
  const isFirst = before.includes('\n') || before === '' || before.includes(delimiterOf(file.text));
  if (!isFirst) return editBetween(file, node.start - before.length, node.end, '');
  const behind = /^[ |]+/.exec(file.text.slice(node.end))?.[0] ?? '';
  return editBetween(file, node.start, node.end + behind.length, '');
}

function removeRow(file: SourceFile, node: Node): Edit {
  const to = lineEndOf(file, node.end);
  const next = file.text.indexOf('\n', to);
  return editBetween(file, node.start, next === -1 ? file.text.length : next + 1, '');
}
