/**
 * Values as YAML text for edits: the shortest spelling that every YAML 1.2 reader (and the careful YAML 1.1 ones) takes
 * for the same value. Quotes only where plain text would mean something else.
 */

/** What an edit can write. */
export type EditValue = string | number | boolean | null | readonly EditValue[] | { readonly [key: string]: EditValue };

/** Where the text will stand: inside brackets, commas and brackets need quotes as well. `json`: quotes everywhere. */
export type TextStyle = 'block' | 'flow' | 'json';

const INDICATOR_FIRST = /^[-?:,[\]{}#&*!|>'"%@`=]/;
const BREAKS_PLAIN = /:(?:\s|$)|\s#|^\s|\s$/;
const BREAKS_PLAIN_IN_FLOW = /[,[\]{}]/;
/** Texts that some YAML version reads as null, a boolean, a number, a time or a merge key. */
const MEANS_SOMETHING_ELSE = new RegExp(
  `^(?:${[
    '~|null|true|false|yes|no|on|off|<<',
    '[-+]?\\.(?:inf|nan)',
    '[-+]?[0-9][0-9_]*(?:\\.[0-9_]*)?(?:e[-+]?[0-9]+)?',
    '[-+]?\\.[0-9][0-9_]*(?:e[-+]?[0-9]+)?',
    '[-+]?0(?:x[0-9a-f_]+|o[0-7_]+|b[01_]+)',
    '[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?', // base 60 of YAML 1.1: 65000:1
    '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?',
  ].join('|')})$`,
  'i',
);
/** Control characters, line breaks of any kind, the byte order mark, and halves of surrogate pairs. */
const NEEDS_ESCAPE = /[\p{Cc}\p{Cs}\u2028\u2029\ufeff]/gu;

export function scalarText(value: string | number | boolean | null, style: TextStyle): string {
  if (typeof value !== 'string') return String(value);
  if (style === 'json') return doubleQuoted(value);
  if (value.search(NEEDS_ESCAPE) !== -1) return doubleQuoted(value);
  const plain =
    value !== '' &&
    !INDICATOR_FIRST.test(value) &&
    !BREAKS_PLAIN.test(value) &&
    !(style === 'flow' && BREAKS_PLAIN_IN_FLOW.test(value)) &&
    !MEANS_SOMETHING_ELSE.test(value) &&
    !/^(?:---|\.\.\.)/.test(value);
  return plain ? value : `'${value.replaceAll("'", "''")}'`;
}

function doubleQuoted(value: string): string {
  return JSON.stringify(value).replace(
    NEEDS_ESCAPE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The value on one line: `[a, b]`, `{ key: value }`. */
export function flowText(value: EditValue, style: 'flow' | 'json'): string {
  if (isScalar(value)) return scalarText(value, style);
  if (isList(value)) return `[${value.map((item) => flowText(item, style)).join(', ')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${scalarText(key, style)}: ${flowText(item, style)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/**
 * The value as lines in block style, the first without indentation because it stands where the caller puts it. Lists of
 * scalars and empty collections stay on one line.
 */
export function blockLines(value: EditValue, indent: number): readonly string[] {
  if (isScalar(value)) return [scalarText(value, 'block')];
  const pad = ' '.repeat(indent);
  if (isList(value)) {
    if (value.every(isScalar)) return [flowText(value, 'flow')];
    return value.flatMap((item, index) => {
      const [first = '', ...rest] = blockLines(item, indent + 2);
      return [`${index === 0 ? '' : pad}- ${first}`, ...rest];
    });
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return ['{}'];
  return entries.flatMap(([key, item], index) => {
    const head = `${index === 0 ? '' : pad}${scalarText(key, 'block')}:`;
    if (fitsOnLine(item)) return [`${head} ${blockLines(item, indent)[0] ?? ''}`];
    const [first = '', ...rest] = blockLines(item, indent + 2);
    return [head, `${pad}  ${first}`, ...rest];
  });
}

/** True for values that block style writes behind the colon instead of below it. */
export function fitsOnLine(value: EditValue): boolean {
  if (isScalar(value)) return true;
  return isList(value) ? value.every(isScalar) : Object.keys(value).length === 0;
}

export function isScalar(value: EditValue): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null;
}

export function isList(value: EditValue): value is readonly EditValue[] {
  return Array.isArray(value);
}
