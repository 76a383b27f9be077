/**
 * Sites from a CSV file, as nodes of the document tree.
 *
 * A row becomes the map that the same site would be in YAML, and every node keeps the place of its cell, so that findings
 * and edits work the same for both. The grammar is RFC 4180, with what spreadsheets make of it: a byte order mark,
 * semicolons or tabs for commas, any line end, blank lines. Leaves out the meaning of values: cells are read like YAML
 * scalars.
 */
import { type Finding, finding, nearestName } from '@bothways/diagnostics';
import { quoted } from '@bothways/net';
import { editBetween, placeBetween, type SourceFile } from './source-file.ts';
import type { ListNode, MapEntry, MapNode, Node, ScalarNode } from './syntax-tree.ts';

export interface CsvCell {
  /** Without quotes and outer white space. */
  readonly text: string;
  /** Offsets of the cell with its quotes, without outer white space; `start` and `end` are equal for an empty one. */
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

interface CsvRow {
  readonly cells: readonly CsvCell[];
  readonly start: number;
  /** Behind the last cell, before the line end. */
  readonly end: number;
}

/** A column and how its cells are read. */
type Column =
  | { readonly kind: 'scalar'; readonly key: string }
  | { readonly kind: 'list'; readonly key: string }
  | { readonly kind: 'inner'; readonly holder: 'location' | 'wan'; readonly key: string };

const NAME_COLUMN = 'name';

const COLUMNS: ReadonlyMap<string, Column> = new Map<string, Column>([
  [NAME_COLUMN, { kind: 'scalar', key: NAME_COLUMN }],
  ['city', { kind: 'scalar', key: 'city' }],
  ['country', { kind: 'scalar', key: 'country' }],
  ['latitude', { kind: 'inner', holder: 'location', key: 'latitude' }],
  ['longitude', { kind: 'inner', holder: 'location', key: 'longitude' }],
  ['users', { kind: 'scalar', key: 'users' }],
  ['clients', { kind: 'list', key: 'clients' }],
  ['servers', { kind: 'list', key: 'servers' }],
  ['wan', { kind: 'list', key: 'wan' }],
  ['bandwidth', { kind: 'inner', holder: 'wan', key: 'bandwidth' }],
  ['latency', { kind: 'inner', holder: 'wan', key: 'latency' }],
  ['breakout', { kind: 'scalar', key: 'breakout' }],
  ['resolver', { kind: 'scalar', key: 'resolver' }],
  ['proxy', { kind: 'scalar', key: 'proxy' }],
]);

/** Columns of a file of sites, in the order they are best written. */
export const SITE_COLUMNS: readonly string[] = [...COLUMNS.keys()];

/** Errors follow from errors; past this number they no longer help. */
const MOST = 50;

export interface SiteTable {
  /** A map of sites by name; `undefined` when the file has no sites that could be read. */
  readonly sites: MapNode | undefined;
  readonly findings: readonly Finding[];
}

/** Reads the file into a map of sites. Names that stand twice are reported and the first one kept. */
export function readSiteTable(file: SourceFile): SiteTable {
  const findings: Finding[] = [];
  const report = (problem: CsvProblem): void => {
    if (findings.length < MOST) findings.push(csvFinding(file, problem));
  };
  const delimiter = delimiterOf(file.text);
  const rows = parseRows(file, delimiter, report);
  const [header, ...body] = rows;
  if (header === undefined) {
    report({
      rule: 'estate/empty-file',
      message: 'the file of sites is empty',
      help: `begin with a line of columns: ${SITE_COLUMNS.slice(0, 7).join(delimiter)}`,
      start: 0,
      end: 0,
    });
    return { sites: undefined, findings };
  }
  const columns = readHeader(header, report);
  if (columns === undefined) return { sites: undefined, findings };
  const sites = emptyMap(file, header.start, header.end);
  for (const row of body) {
    const site = siteOfRow(file, row, header, columns, report);
    if (site === undefined) continue;
    const held = sites.byKey.get(site.key);
    if (held === undefined) {
      sites.entries.push(site);
      sites.byKey.set(site.key, site);
    } else {
      report({
        rule: 'estate/defined-twice',
        message: `sites.${site.key} is defined twice`,
        help: 'keep one of them, or give one another name',
        start: site.keyNode.start,
        end: site.keyNode.end,
        related: { message: 'first defined here', start: held.keyNode.start, end: held.keyNode.end },
      });
    }
  }
  return { sites, findings };
}

/** The cell of a column in the row that begins at `rowStart`; `undefined` when there is no such column. */
export function cellAt(file: SourceFile, rowStart: number, column: string): CsvCell | undefined {
  const rows = parseRows(file, delimiterOf(file.text), () => {});
  const [header] = rows;
  const index = header?.cells.findIndex((cell) => cell.text.toLowerCase() === column) ?? -1;
  return rows.find((row) => row.start === rowStart)?.cells[index];
}

interface CsvProblem {
  readonly rule: string;
  readonly message: string;
  readonly help: string;
  readonly start: number;
  readonly end: number;
  readonly related?: { readonly message: string; readonly start: number; readonly end: number };
  /** What to write there instead. */
  readonly replacement?: string;
}

type Report = (problem: CsvProblem) => void;

function csvFinding(file: SourceFile, problem: CsvProblem): Finding {
  const { rule, message, help, start, end, related, replacement } = problem;
  return finding({
    rule,
    severity: 'error',
    message,
    help,
    place: placeBetween(file, start, end),
    related:
      related === undefined
        ? []
        : [{ message: related.message, place: placeBetween(file, related.start, related.end) }],
    fixes:
      replacement === undefined
        ? []
        : [{ title: `write ${replacement}`, safe: false, edits: [editBetween(file, start, end, replacement)] }],
  });
}

/** The separator of the first line: whichever of comma, semicolon and tab it has most of. */
export function delimiterOf(text: string): ',' | ';' | '\t' {
  const firstLine = /[^\r\n]*/.exec(text)?.[0] ?? '';
  const count = (separator: string): number => firstLine.split(separator).length;
  if (count(';') > count(',') && count(';') >= count('\t')) return ';';
  return count('\t') > count(',') ? '\t' : ',';
}

function parseRows(file: SourceFile, delimiter: string, report: Report): readonly CsvRow[] {
  const { text } = file;
  const rows: CsvRow[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    const start = at;
    const cells: CsvCell[] = [];
    for (;;) {
      const { cell, next } = readCell(text, at, delimiter, report);
      cells.push(cell);
      at = next;
      if (text[at] !== delimiter) break;
      at += 1;
    }
    const end = at;
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    const blank = cells.every((cell) => cell.text === '');
    if (!blank && text[start] !== '#') rows.push({ cells, start, end });
  }
  return rows;
}

/** One cell; `next` is the offset of the delimiter or line end behind it. */
function readCell(
  text: string,
  from: number,
  delimiter: string,
  report: Report,
): { readonly cell: CsvCell; readonly next: number } {
  let start = from;
  while (text[start] === ' ') start += 1;
  if (text[start] === '"') return readQuoted(text, start, delimiter, report);
  let next = start;
  while (next < text.length && text[next] !== delimiter && text[next] !== '\n' && text[next] !== '\r') next += 1;
  let end = next;
  while (end > start && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1;
  return { cell: { text: text.slice(start, end), start, end, quoted: false }, next };
}

function readQuoted(
  text: string,
  start: number,
  delimiter: string,
  report: Report,
): { readonly cell: CsvCell; readonly next: number } {
  let at = start + 1;
  let content = '';
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) {
      const lineEnd = text.slice(start).search(/[\r\n]|$/) + start;
      report({
        rule: 'estate/csv-quote',
        message: 'the quote that opens here is not closed',
        help: 'close it, or write a quote inside a cell twice',
        start,
        end: lineEnd,
      });
      return { cell: { text: '', start, end: text.length, quoted: true }, next: text.length };
    }
    content += text.slice(at, quote);
    at = quote + 1;
    if (text[at] !== '"') break;
    content += '"';
    at += 1;
  }
  const end = at;
  while (text[at] === ' ') at += 1;
  if (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') {
    report({
      rule: 'estate/csv-quote',
      message: 'there is text behind the closing quote',
      help: 'put the whole cell in quotes, and write a quote inside it twice',
      start,
      end: at + 1,
    });
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at += 1;
  }
  return { cell: { text: content.trim(), start, end, quoted: true }, next: at };
}

/** Column by position; `undefined` for one that could not be read. Nothing when there are no names. */
function readHeader(header: CsvRow, report: Report): readonly (Column | undefined)[] | undefined {
  const isHeader = header.cells.some((cell) => nearestName(cell.text.toLowerCase(), SITE_COLUMNS) !== undefined);
  if (!isHeader) {
    report({
      rule: 'estate/missing-column',
      message: 'the first line does not name the columns',
      help: 'begin with a line such as name,city,users,clients',
      start: header.start,
      end: header.end,
    });
    return undefined;
  }
  const first = new Map<string, CsvCell>();
  const columns = header.cells.map((cell) => {
    const word = cell.text.toLowerCase();
    const column = COLUMNS.get(word);
    const { start, end } = cell;
    if (column === undefined) {
      const near = nearestName(word, SITE_COLUMNS);
      const free = near !== undefined && !header.cells.some((other) => other.text.toLowerCase() === near);
      report({
        rule: 'estate/unknown-column',
        message: cell.text === '' ? 'a column has no name' : `sites have no column ${quoted(cell.text)}`,
        help: free ? `did you mean ${near}?` : `the columns are ${SITE_COLUMNS.join(', ')}`,
        start,
        end,
        ...(free ? { replacement: near } : {}),
      });
      return undefined;
    }
    const held = first.get(word);
    if (held !== undefined) {
      report({
        rule: 'estate/column-twice',
        message: `there are two columns ${word}`,
        help: 'put several values into one cell, with spaces between them',
        start,
        end,
        related: { message: 'the first one', start: held.start, end: held.end },
      });
      return undefined;
    }
    first.set(word, cell);
    return column;
  });
  if (first.has(NAME_COLUMN)) {
    const wan = ['bandwidth', 'latency'].find((word) => first.has(word));
    if (wan === undefined || first.has('wan')) return columns;
    const cell = first.get(wan);
    report({
      rule: 'estate/missing-column',
      message: `column ${wan} says nothing without a column wan`,
      help: 'add a column wan with the WAN cloud of the site',
      start: cell?.start ?? header.start,
      end: cell?.end ?? header.end,
    });
    return columns;
  }
  const nearName = header.cells.some((cell) => nearestName(cell.text.toLowerCase(), [NAME_COLUMN]) !== undefined);
  if (!nearName) {
    report({
      rule: 'estate/missing-column',
      message: 'there is no column name',
      help: 'the first line names the columns, e.g. name,city,users,clients',
      start: header.start,
      end: header.end,
    });
  }
  return undefined;
}

function siteOfRow(
  file: SourceFile,
  row: CsvRow,
  header: CsvRow,
  columns: readonly (Column | undefined)[],
  report: Report,
): MapEntry | undefined {
  // A separator at the end of a row, as spreadsheets write it, adds no cell.
  const surplus = row.cells.slice(columns.length).some((cell) => cell.text !== '');
  if (surplus || row.cells.length < columns.length) {
    report({
      rule: 'estate/csv-row',
      message: `this row has ${row.cells.length} cells, the first line names ${columns.length} columns`,
      help: surplus ? 'put a cell that holds the separator in quotes' : 'leave a cell empty, but keep its separator',
      start: row.start,
      end: row.end,
      related: { message: 'the columns', start: header.start, end: header.end },
    });
    if (surplus) return undefined;
  }
  const site = emptyMap(file, row.start, row.end);
  const inner = new Map<string, MapNode>();
  let name: ScalarNode | undefined;
  let clouds: readonly ScalarNode[] = [];
  for (const [index, column] of columns.entries()) {
    const cell = row.cells[index];
    if (cell === undefined || column === undefined || cell.text === '') continue;
    const node = scalarNode(file, cell.text, cell.start, cell.end);
    if (column.key === NAME_COLUMN) name = node;
    else if (column.key === 'wan') clouds = itemsOf(file, cell);
    else if (column.kind === 'scalar') addEntry(site, column.key, node);
    else if (column.kind === 'list') addEntry(site, column.key, listNode(file, cell));
    else {
      const holder = inner.get(column.holder) ?? emptyMap(file, cell.start, cell.end);
      holder.end = cell.end;
      inner.set(column.holder, holder);
      addEntry(holder, column.key, node);
    }
  }
  const location = inner.get('location');
  if (location !== undefined) addEntry(site, 'location', location);
  const first = clouds[0];
  if (first !== undefined) {
    const wan = emptyMap(file, first.start, clouds.at(-1)?.end ?? first.end);
    for (const cloud of clouds) {
      const line = inner.get('wan') ?? emptyMap(file, cloud.start, cloud.end);
      const entry: MapEntry = { key: cloud.text, keyNode: cloud, start: cloud.start, value: line };
      wan.entries.push(entry);
      wan.byKey.set(cloud.text, entry);
    }
    addEntry(site, 'wan', wan);
  }
  if (name === undefined) {
    report({
      rule: 'estate/no-value',
      message: 'this row has no name',
      help: 'write the name of the site, or remove the row',
      start: row.start,
      end: row.end,
    });
    return undefined;
  }
  return { key: name.text, keyNode: name, start: row.start, value: site };
}

function emptyMap(file: SourceFile, start: number, end: number): MapNode {
  return { kind: 'map', file, outerStart: start, start, end, size: 1, flow: true, entries: [], byKey: new Map() };
}

function addEntry(map: MapNode, key: string, value: Node): void {
  const { file, start, end } = value;
  // A CSV file has no keys beside its values; what is said about a key is shown at the cell.
  const entry: MapEntry = { key, keyNode: scalarNode(file, key, start, end), start, value };
  map.entries.push(entry);
  map.byKey.set(key, entry);
}

function scalarNode(file: SourceFile, text: string, start: number, end: number): ScalarNode {
  return { kind: 'scalar', file, outerStart: start, start, end, size: 1, text, plain: false };
}

function listNode(file: SourceFile, cell: CsvCell): ListNode {
  const items = itemsOf(file, cell);
  return {
    kind: 'list',
    file,
    outerStart: cell.start,
    start: cell.start,
    end: cell.end,
    size: items.length + 1,
    flow: true,
    items: [...items],
    itemStarts: items.map((item) => item.start),
  };
}

/** Several values in one cell, with spaces, commas, semicolons or bars between them. */
function itemsOf(file: SourceFile, cell: CsvCell): readonly ScalarNode[] {
  const from = cell.quoted ? cell.start + 1 : cell.start;
  const to = cell.quoted ? cell.end - 1 : cell.end;
  return Array.from(file.text.slice(from, to).matchAll(/[^\s,;|]+/g), (match) =>
    scalarNode(file, match[0], from + match.index, from + match.index + match[0].length),
  );
}
