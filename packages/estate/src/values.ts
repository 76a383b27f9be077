/** The document as plain values, for programs that show it in another form. Aliases are followed; nothing is checked. */
import type { EstateDocument } from './document.ts';
import { isNull, type Node, resolved, type ScalarNode } from './syntax-tree.ts';
import type { EditValue } from './yaml-text.ts';

/** Undefined where there is no map at the root. Session keys are covered. */
export function documentValues(document: EstateDocument): { readonly [key: string]: EditValue } | undefined {
  const { root } = document.tree;
  return root === undefined ? undefined : mapOf(root.entries);
}

function valueOf(node: Node, key: string): EditValue {
  const found = resolved(node);
  switch (found?.kind) {
    case 'map':
      return mapOf(found.entries);
    case 'list':
      return found.items.map((item) => valueOf(item, key));
    case 'scalar':
      return key === 'md5' || key === 'serviceKey' ? '*'.repeat(8) : scalarValue(found);
    case undefined:
      return null;
  }
}

function mapOf(entries: readonly { readonly key: string; readonly value: Node }[]): {
  readonly [key: string]: EditValue;
} {
  return Object.fromEntries(entries.map(({ key, value }) => [key, valueOf(value, key)]));
}

/** What YAML takes the text of a scalar for. */
export function scalarValue(node: ScalarNode): EditValue {
  if (!node.plain) return node.text;
  if (isNull(node)) return null;
  if (node.text === 'true' || node.text === 'false') return node.text === 'true';
  const number = Number(node.text);
  return String(number) === node.text ? number : node.text;
}
