/**
 * What a place of the document is about, as a name that stays when lines move: the keys from the top down to it, as in
 * `circuits.er-fra.microsoftPeering.advertises[203.0.113.0/28]`. List items are named by what they say, not by their
 * number, so that an item put in front of them changes nothing.
 */
import type { Place } from '@bothways/diagnostics';
import { type EstateDocument, SECRET_KEYS } from './document.ts';
import type { SourceFile } from './source-file.ts';
import { type ListNode, type MapEntry, type MapNode, type Node, resolved } from './syntax-tree.ts';

/** Longer texts of list items are numbered instead: nobody reads them as a name. */
const longestItem = 60;

/** The name of what is written at the start of a place; empty for the document as a whole and for other files. */
export function subjectAt(document: EstateDocument, place: Place | undefined): string {
  const { root, files } = document.tree;
  const file = files.find((each) => each.name === place?.file);
  if (place === undefined || root === undefined || file === undefined) return '';
  const offset = (file.lineStarts[place.line - 1] ?? file.text.length) + place.column - 1;
  let name = '';
  let node: Node | undefined = root;
  while (node !== undefined) {
    const step: Step | undefined = stepInto(node, file, offset);
    if (step === undefined) return name;
    name = step.isItem ? `${name}[${step.name}]` : name === '' ? step.name : `${name}.${step.name}`;
    node = step.node;
  }
  return name;
}

function stepInto(node: Node, file: SourceFile, offset: number): Step | undefined {
  if (node.kind === 'map') return entryAt(node, file, offset);
  return node.kind === 'list' ? itemAt(node, offset) : undefined;
}

interface Step {
  readonly name: string;
  readonly isItem: boolean;
  readonly node: Node | undefined;
}

function entryAt(map: MapNode, file: SourceFile, offset: number): Step | undefined {
  for (const entry of map.entries) {
    if (isWithin(entry, file, offset)) {
      const onKey = entry.keyNode.file === file && offset < entry.value.outerStart && offset >= entry.start;
      // What stands below a secret key could only be named by saying it.
      return { name: entry.key, isItem: false, node: onKey || SECRET_KEYS.has(entry.key) ? undefined : entry.value };
    }
  }
  return undefined;
}

/** A kind that several files share is one map with parts: any of them may hold the place. */
function isWithin({ keyNode, start, value }: MapEntry, file: SourceFile, offset: number): boolean {
  if (value.kind === 'map' && value.parts !== undefined) {
    return (
      (keyNode.file === file && offset >= start && offset < value.end) ||
      value.parts.some((part) => part.file === file && offset >= part.outerStart && offset < part.end)
    );
  }
  return keyNode.file === file && offset >= start && offset < Math.max(value.end, keyNode.end);
}

function itemAt(list: ListNode, offset: number): Step | undefined {
  const index = list.items.findIndex(
    (item, at) => offset >= (list.itemStarts[at] ?? item.outerStart) && offset < Math.max(item.end, item.start + 1),
  );
  const item = list.items[index];
  if (item === undefined) return undefined;
  const value = resolved(item);
  const text = value?.kind === 'scalar' && value.text.length <= longestItem ? value.text : String(index);
  return { name: text, isItem: true, node: value?.kind === 'scalar' ? undefined : item };
}
