// Where a fact comes from: the documents and files the data rows name, each with its date. Dates are as precise as the
// document gives them (ISO day, month or year; 'undated' where a page shows none).

import sourceRows from '../data/sources.json' with { type: 'json' };
import expressRouteSourceRows from '../data/sources-expressroute.json' with { type: 'json' };
import { indexBy } from './rows.ts';

export interface SourceRef {
  /** Short code used in the rows: 'ER-ROUTING', 'D1', 'P47', 'FILE-TAGS'. */
  readonly id: string;
  readonly document: string;
  readonly repository: string | undefined;
  /** ISO day, month or year of the text that was read, or 'undated'. */
  readonly date: string;
  readonly commit: string | undefined;
}

interface SourceRow {
  readonly id: string;
  readonly document: string;
  readonly repository?: string | undefined;
  readonly date: string;
  readonly commit?: string | undefined;
}

const rows: readonly SourceRow[] = [...sourceRows, ...expressRouteSourceRows];
const all: readonly SourceRef[] = rows.map((row) => ({
  id: row.id,
  document: row.document,
  repository: row.repository,
  date: row.date,
  commit: row.commit,
}));
const byId = indexBy(all, (entry) => entry.id);

export function sources(): readonly SourceRef[] {
  return all;
}

export function source(id: string): SourceRef | undefined {
  return byId.get(id);
}

/** For rows of this package only: a row that names an unknown source is a bug. */
export function sourceOf(id: string, record: string): SourceRef {
  const found = byId.get(id);
  if (found === undefined) throw new RangeError(`${record}: unknown source '${id}'`);
  return found;
}
