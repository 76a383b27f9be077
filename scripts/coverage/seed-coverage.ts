/**
 * The coverage table: one row for each piece of the five source documents, with what it asks for in our words and what
 * represents it: keys of the estate document, facts, flows, scenarios, rules. The rows are data (seed-coverage.json); this
 * file reads them and says what is wrong with them.
 */
import { RULES } from '@bothways/checks';
import { estateJsonSchema } from '@bothways/estate';
import { asymmetryCauses, facts, flows, scenarios } from '@bothways/facts';
import { forms } from './paragraphs.ts';
import table from './seed-coverage.json' with { type: 'json' };

export const documents = ['D1', 'D2', 'D3', 'D4', 'D5'] as const;

export const representations = ['keys', 'facts', 'flows', 'scenarios', 'rules'] as const;

export type Representation = (typeof representations)[number];

export interface CoverageRow extends Readonly<Partial<Record<Representation, readonly string[] | undefined>>> {
  /** 'D1' to 'D5', as in the sources of the facts. */
  readonly document: string;
  readonly heading: string;
  /** From 1 below each heading. */
  readonly ordinal: number;
  readonly form: string;
  /** See paragraphs.ts. */
  readonly digest: string;
  /** What the piece asks for or states, at most fifteen words. */
  readonly gist: string;
  /** 'content' is represented by something; 'navigation' (front matter, links, column titles) by nothing. */
  readonly kind: string;
  /** What of the piece nothing represents yet; absent when all of it is. */
  readonly gap?: string | undefined;
}

export interface CoverageTable {
  /** How many pieces each document has. */
  readonly documents: Readonly<Record<string, { readonly paragraphs: number }>>;
  readonly rows: readonly CoverageRow[];
}

export const coverage: CoverageTable = table;

/** The piece a row is for, in words. */
export function rowName({ document, heading, ordinal }: CoverageRow): string {
  return heading === '' ? `${document}, front matter` : `${document}, ${heading}, ${ordinal}`;
}

/** Everything wrong with the table, in its order; empty for a complete one. */
export function coverageProblems({ documents: counts, rows }: CoverageTable): readonly string[] {
  const known = knownNames();
  const found = rows.flatMap((row) => rowProblems(row, known).map((problem) => `${rowName(row)}: ${problem}`));
  for (const document of documents) {
    const mine = rows.filter((row) => row.document === document);
    const count = counts[document]?.paragraphs ?? 0;
    if (mine.length !== count) found.push(`${document}: ${mine.length} rows for ${count} pieces`);
    found.push(...orderProblems(mine), ...uncited(document, mine));
  }
  return found;
}

type KnownNames = Readonly<Record<Representation, (name: string) => boolean>>;

function knownNames(): KnownNames {
  const schema = estateJsonSchema();
  const flowIds = new Set(flows().map(({ id }) => id));
  const scenarioIds = new Set([...scenarios(), ...asymmetryCauses()].map(({ id }) => id));
  const factIds = new Set(facts().flatMap(({ id }) => (scenarioIds.has(id) ? [] : [id])));
  const rules = new Set(RULES.map(({ name }) => name));
  return {
    keys: (name) => hasKey(schema, name.split('.')),
    facts: (name) => factIds.has(name),
    flows: (name) => flowIds.has(name),
    scenarios: (name) => scenarioIds.has(name),
    rules: (name) => rules.has(name),
  };
}

function rowProblems(row: CoverageRow, known: KnownNames): readonly string[] {
  const found: string[] = [];
  const cited = representations.flatMap((by) => (row[by] ?? []).map((name) => ({ by, name })));
  const words = row.gist.split(' ').length;
  if (!documents.some((document) => document === row.document)) found.push(`no document ${row.document}`);
  if (!forms.some((form) => form === row.form)) found.push(`no form ${row.form}`);
  if (!/^[0-9a-f]{12}$/.test(row.digest)) found.push('the digest is not twelve hexadecimal digits');
  if (row.gist === '' || words > 15) found.push(`${row.gist === '' ? 0 : words} words in the gist`);
  if (row.kind === 'content' && cited.length === 0) found.push('nothing represents it');
  if (row.kind === 'navigation' && cited.length > 0) found.push('navigation needs no representation');
  if (row.kind !== 'content' && row.kind !== 'navigation') found.push(`no kind ${row.kind}`);
  if (row.form === 'figure' && row.scenarios === undefined) found.push('a figure without a scenario');
  for (const { by, name } of cited) {
    if (!known[by](name)) found.push(`${name} is none of the ${by}`);
  }
  for (const by of representations) {
    const names = row[by];
    if (names !== undefined && new Set(names).size !== names.length) found.push(`${by} named twice`);
  }
  return found;
}

/** Digests are unique in a document, and ordinals count from 1 below each heading. */
function orderProblems(rows: readonly CoverageRow[]): readonly string[] {
  const found: string[] = [];
  const digests = new Set<string>();
  const perHeading = new Map<string, number>();
  for (const row of rows) {
    if (digests.has(row.digest)) found.push(`${rowName(row)}: the digest ${row.digest} stands twice`);
    digests.add(row.digest);
    const ordinal = (perHeading.get(row.heading) ?? 0) + 1;
    perHeading.set(row.heading, ordinal);
    if (row.ordinal !== ordinal) found.push(`${rowName(row)}: comes at place ${ordinal} below its heading`);
  }
  return found;
}

/** The way back: what the catalogue took from a document is named by a row of that document. */
function uncited(document: string, rows: readonly CoverageRow[]): readonly string[] {
  const cited = new Set(rows.flatMap((row) => representations.flatMap((by) => row[by] ?? [])));
  return facts()
    .filter(({ id, source }) => source.id === document && !openPoint.test(id) && !cited.has(id))
    .map(({ id }) => `${document}: no row names ${id}, which comes from there`);
}

/** Open points say what a document does not tell; no piece of it stands for them. */
const openPoint = /^PP-U/;

/**
 * Whether the schema of the document has a key: names of a map are '*', lists and alternatives need no step of their own,
 * e.g. 'circuits.*.microsoftPeering.routeFilter'.
 */
function hasKey(schema: unknown, path: readonly string[]): boolean {
  if (!isMap(schema)) return false;
  const [step, ...rest] = path;
  if (step === undefined) return true;
  const below = step === '*' ? schema['additionalProperties'] : property(schema['properties'], step);
  if (isMap(below) && hasKey(below, rest)) return true;
  const same = [schema['anyOf'], schema['oneOf'], schema['allOf'], schema['items']].flat();
  return same.some((part) => hasKey(part, path));
}

function property(value: unknown, key: string): unknown {
  return isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
