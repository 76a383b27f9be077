/**
 * Where in a document a position is, from its text alone: the keys that lead there, and what is being written. It works
 * while the document is half written, which is when completion is asked for.
 *
 * Reads block style by indentation and flow style (`{ a: 1, b: [x] }`) by brackets within one line. Leaves out anchors and
 * flow collections over several lines.
 */

export type Step = string | number;

export interface YamlPosition {
  /** Keys that lead to the map or list the position is in, and the key itself where its value is being written. */
  readonly path: readonly Step[];
  /** A key or a value is being written. */
  readonly writes: 'key' | 'value';
  /** What stands before the position of the word that is being written, and where that word begins. */
  readonly word: string;
  readonly wordStart: number;
  /** Keys that the map has already. */
  readonly siblings: readonly string[];
}

interface Line {
  readonly indent: number;
  /** Columns of the dashes before the content, outermost first. */
  readonly dashes: readonly number[];
  readonly content: string;
  readonly key: string | undefined;
}

const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s#'"{}[\],&*!|>%@`][^#{}[\],]*?))\s*:(?=\s|$)/;

function readLine(text: string): Line | undefined {
  const dashes: number[] = [];
  let at = 0;
  for (;;) {
    while (text[at] === ' ') at++;
    if (text[at] !== '-' || !(text[at + 1] === ' ' || text[at + 1] === undefined)) break;
    dashes.push(at);
    at++;
  }
  const content = text.slice(at);
  if ((content === '' || content.startsWith('#')) && dashes.length === 0) return undefined;
  const found = KEY.exec(content);
  return { indent: at, dashes, content, key: found?.[1] ?? found?.[2] ?? found?.[3] };
}

export function yamlPositionAt(text: string, offset: number): YamlPosition {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const above = text.slice(0, lineStart).split('\n').slice(0, -1);
  const below = text.slice(text.indexOf('\n', offset) < 0 ? text.length : text.indexOf('\n', offset) + 1).split('\n');
  const here = readLine(before) ?? { indent: before.length, dashes: [], content: '', key: undefined };
  const columns = [...here.dashes, here.indent];
  const path = pathOfBlock(above, columns, here.dashes.length);
  const flow = flowPath(here.content, here.key);
  if (flow !== undefined) {
    const word = wordAtEnd(before, flow.writes);
    return {
      path: [...path, ...(here.key === undefined ? [] : [here.key]), ...flow.path],
      writes: flow.writes,
      word,
      wordStart: offset - word.length,
      siblings: flow.siblings,
    };
  }
  const value = here.key === undefined ? undefined : /:\s/.exec(here.content);
  if (here.key !== undefined && value !== null && value !== undefined) {
    const word = here.content.slice(value.index + 1).trimStart();
    return { path: [...path, here.key], writes: 'value', word, wordStart: offset - word.length, siblings: [] };
  }
  const isListValue = here.dashes.length > 0;
  return {
    path,
    writes: 'key',
    word: here.content,
    wordStart: offset - here.content.length,
    siblings: isListValue ? [] : siblingsOf(above, below, here.indent),
  };
}

/** The keys and list positions above the line that contain it. */
function pathOfBlock(above: readonly string[], columns: readonly number[], dashes: number): readonly Step[] {
  const path: Step[] = [];
  // Dashes on the line itself: each is an item of the list one further out.
  let limit = columns[0] ?? 0;
  const own: Step[] = [];
  for (let at = 0; at < dashes; at++) own.push(itemNumber(above, columns[at] ?? 0));
  let isItem = dashes > 0;
  for (let at = above.length - 1; at >= 0; at--) {
    const line = readLine(above[at] ?? '');
    if (line === undefined) continue;
    const columnsHere = [...line.dashes, line.indent];
    // A list may stand at the column of its key.
    const contains = (column: number): boolean =>
      column < limit || (isItem && column === limit && line.dashes.length === 0);
    for (let part = columnsHere.length - 1; part >= 0; part--) {
      const column = columnsHere[part] ?? 0;
      if (!contains(column)) continue;
      if (part === line.dashes.length) {
        if (line.key === undefined) continue;
        path.unshift(line.key);
      } else path.unshift(itemNumber(above.slice(0, at), column));
      limit = column;
      isItem = part < line.dashes.length;
    }
    if (limit === 0 && !isItem) break;
  }
  return [...path, ...own];
}

function itemNumber(above: readonly string[], column: number): number {
  let number = 0;
  for (let at = above.length - 1; at >= 0; at--) {
    const line = readLine(above[at] ?? '');
    if (line === undefined) continue;
    if (line.dashes.includes(column)) number++;
    else if ((line.dashes[0] ?? line.indent) <= column) break;
  }
  return number;
}

function siblingsOf(above: readonly string[], below: readonly string[], indent: number): readonly string[] {
  const found: string[] = [];
  const walk = (lines: readonly string[]): void => {
    for (const text of lines) {
      const line = readLine(text);
      if (line === undefined) continue;
      if (line.indent < indent) break;
      if (line.indent === indent && line.key !== undefined) found.push(line.key);
      // The first key of an item stands behind its dash.
      if (line.dashes.some((column) => column < indent)) break;
    }
  };
  walk(above.toReversed());
  walk(below);
  return found;
}

interface Flow {
  readonly path: readonly Step[];
  readonly writes: 'key' | 'value';
  readonly siblings: readonly string[];
}

/** Inside brackets that are open at the end of the text; undefined: there are none. */
function flowPath(content: string, key: string | undefined): Flow | undefined {
  const start = key === undefined ? 0 : content.indexOf(':') + 1;
  const open: { kind: '{' | '['; items: number; key: string | undefined; keys: string[] }[] = [];
  let word = '';
  let quote: string | undefined;
  for (const letter of content.slice(start)) {
    if (quote !== undefined) {
      if (letter === quote) quote = undefined;
      else word += letter;
      continue;
    }
    const top = open.at(-1);
    switch (letter) {
      case '"':
      case "'":
        quote = letter;
        break;
      case '{':
      case '[':
        open.push({ kind: letter, items: 0, key: undefined, keys: [] });
        word = '';
        break;
      case '}':
      case ']':
        open.pop();
        word = '';
        break;
      case ',':
        if (top !== undefined) {
          top.items++;
          top.key = undefined;
        }
        word = '';
        break;
      case ':':
        if (top?.kind === '{' && top.key === undefined) {
          top.key = word.trim();
          top.keys.push(top.key);
          word = '';
        } else word += letter;
        break;
      default:
        word += letter;
    }
  }
  const last = open.at(-1);
  if (last === undefined) return undefined;
  const path = open.flatMap(({ kind, items, key: name }): Step[] =>
    kind === '[' ? [items] : name === undefined ? [] : [name],
  );
  const isKey = last.kind === '{' && last.key === undefined;
  return { path, writes: isKey ? 'key' : 'value', siblings: isKey ? last.keys : [] };
}

function wordAtEnd(before: string, writes: 'key' | 'value'): string {
  const found = (writes === 'key' ? /[^{,\s]*$/ : /[^{[,:]*$/).exec(before);
  return (found?.[0] ?? '').trimStart();
}
