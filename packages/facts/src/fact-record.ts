// What every numbered statement about Microsoft's side has in common, and how it is read from the rows in data/. The
// statements are ours; numbers and rules come from the document named. Two subjects are covered: ExpressRoute (ER-nnn,
// causes of asymmetry A1-A8) and Power Platform (PP-..., contradictions X01-X30).

import { oneOf } from './rows.ts';
import { type SourceRef, sourceOf } from './source.ts';

/**
 * How far a statement carries. 'stated': the document says so. 'older': said by a text from before 2022 that may have
 * been overtaken. 'inferred': our conclusion or computation. 'unverified': no document found. 'conflict': documents
 * disagree, the statement tells which reading the product uses. Where only a half-sentence is inferred, it says
 * "by deduction" and the record keeps the mark of its main statement.
 */
export type FactConfidence = 'stated' | 'older' | 'inferred' | 'unverified' | 'conflict';

export const factConfidences: readonly FactConfidence[] = ['stated', 'older', 'inferred', 'unverified', 'conflict'];

export interface Fact {
  /** 'ER-028', 'X17', 'A2', 'PP-C07', 'PP-S10' */
  readonly id: string;
  readonly topic: string;
  /** One to three short sentences. */
  readonly statement: string;
  /** The figure the statement turns on, where there is one; `limits` and `timers` hold the full tables. */
  readonly value: number | undefined;
  /** Unit of `value`: 's', 'percent', 'prefixes per Microsoft peering'. */
  readonly unit: string | undefined;
  /** The document that decides. */
  readonly source: SourceRef;
  /** Date of that document: ISO day, month or year, or 'undated'. */
  readonly date: string;
  readonly confidence: FactConfidence;
  /** Further documents that say the same or complete it. */
  readonly alsoIn: readonly SourceRef[];
}

export interface FactRow {
  readonly id: string;
  readonly topic: string;
  readonly statement: string;
  readonly value?: number | undefined;
  readonly unit?: string | undefined;
  readonly source: string;
  readonly date: string;
  readonly confidence: string;
  readonly alsoIn?: readonly string[] | undefined;
}

export function factOf(row: FactRow): Fact {
  return {
    id: row.id,
    topic: row.topic,
    statement: row.statement,
    value: row.value,
    unit: row.unit,
    source: sourceOf(row.source, row.id),
    date: row.date,
    confidence: oneOf(row.confidence, factConfidences, row.id),
    alsoIn: (row.alsoIn ?? []).map((id) => sourceOf(id, row.id)),
  };
}
