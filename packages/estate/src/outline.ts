/** A document to be written: fields in order, each with its path, so that a remark can be put behind every value. */
import type { Path } from './model.ts';
import { blockLines, type EditValue, flowText, isList, isScalar, scalarText } from './yaml-text.ts';

export interface Field {
  readonly key: string;
  /** Where the value stands in the document it was read from, for remarks. */
  readonly path: Path;
  readonly content: Content;
}

type Content =
  | { readonly kind: 'value'; readonly value: EditValue }
  | { readonly kind: 'map'; readonly fields: readonly Field[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Field[])[] };

/** Makes the fields of one record; what is `undefined` is left out. */
export interface FieldMaker {
  readonly value: (key: string, value: EditValue | undefined) => readonly Field[];
  /** A list of scalars; an empty one is left out. */
  readonly some: (key: string, values: readonly (string | number)[]) => readonly Field[];
  readonly map: (key: string, fields: readonly Field[]) => readonly Field[];
  readonly list: (key: string, items: readonly (readonly Field[])[]) => readonly Field[];
}

export function fieldsAt(base: Path): FieldMaker {
  const field = (key: string, content: Content): readonly Field[] => [{ key, path: [...base, key], content }];
  return {
    value: (key, value) => (value === undefined ? [] : field(key, { kind: 'value', value })),
    some: (key, values) => (values.length === 0 ? [] : field(key, { kind: 'value', value: values })),
    map: (key, fields) => (fields.length === 0 ? [] : field(key, { kind: 'map', fields })),
    list: (key, items) => (items.length === 0 ? [] : field(key, { kind: 'list', items })),
  };
}

/** Longer lists go over several lines. */
const WIDTH = 110;

/** The fields as YAML in block style. `remark` gives the comment behind the value at a path. */
export function outlineText(fields: readonly Field[], remark: (path: Path) => string | undefined): string {
  const lines: string[] = [];
  const comment = (path: Path): string => {
    const text = remark(path);
    return text === undefined ? '' : ` # ${text}`;
  };
  const write = (all: readonly Field[], indent: number, dash: boolean): void => {
    for (const [index, { key, path, content }] of all.entries()) {
      const pad = dash && index === 0 ? `${' '.repeat(indent - 2)}- ` : ' '.repeat(indent);
      const head = `${pad}${scalarText(key, 'block')}:`;
      if (content.kind === 'value') writeValue(head, content.value, indent, comment(path));
      else {
        lines.push(`${head}${comment(path)}`);
        if (content.kind === 'map') write(content.fields, indent + 2, false);
        else for (const item of content.items) write(item, indent + 4, true);
      }
    }
  };
  const writeValue = (head: string, value: EditValue, indent: number, behind: string): void => {
    if (typeof value === 'string' && isPlainLines(value)) {
      const pad = ' '.repeat(indent + 2);
      lines.push(`${head} |${behind}`);
      for (const line of value.slice(0, -1).split('\n')) lines.push(line === '' ? '' : pad + line);
      return;
    }
    const short = isScalar(value) ? scalarText(value, 'block') : flowText(value, 'flow');
    if (!isList(value) || head.length + short.length < WIDTH || !value.every(isScalar)) {
      lines.push(`${head} ${short}${behind}`);
      return;
    }
    lines.push(`${head}${behind}`);
    for (const item of value) lines.push(`${' '.repeat(indent + 2)}- ${blockLines(item, indent + 2)[0] ?? ''}`);
  };
  write(fields, 0, false);
  return `${lines.join('\n')}\n`;
}

/** Text of several lines that a literal block keeps as it is. */
function isPlainLines(text: string): boolean {
  return (
    /^[^\s][^\p{Cc}\u2028\u2029\ufeff\p{Cs}]*\n(?:[^\p{Cc}\u2028\u2029\ufeff\p{Cs}]*[^\s\p{Cc}\u2028\u2029\ufeff\p{Cs}]\n|\n(?!$))*$/u.test(
      text,
    ) && text.indexOf('\n') < text.length - 1
  );
}
