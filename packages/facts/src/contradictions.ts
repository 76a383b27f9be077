// Places where Microsoft's own documents disagree (X01-X30): what each one says, and which reading the product uses. A
// finding that rests on one of them shows both sides.

import data from '../data/facts-power-platform.json' with { type: 'json' };
import { type Fact, type FactRow, factOf } from './fact-record.ts';
import { indexBy } from './rows.ts';
import { type SourceRef, sourceOf } from './source.ts';

export interface Claim {
  readonly source: SourceRef;
  /** Date of the edition that says it; differs from the source's own date where an older edition is meant. */
  readonly date: string;
  readonly says: string;
}

/** `statement` is the reading to use, `topic` what the disagreement is about; `source` is the document followed. */
export interface Contradiction extends Fact {
  readonly claims: readonly Claim[];
}

interface ContradictionRow extends FactRow {
  readonly claims: readonly { readonly source: string; readonly date: string; readonly says: string }[];
}

const rows: readonly ContradictionRow[] = data.contradictions;
const all: readonly Contradiction[] = rows.map((row) => ({
  ...factOf(row),
  claims: row.claims.map((claim) => ({
    source: sourceOf(claim.source, row.id),
    date: claim.date,
    says: claim.says,
  })),
}));
const byId = indexBy(all, (entry) => entry.id);

export function contradictions(): readonly Contradiction[] {
  return all;
}

export function contradiction(id: string): Contradiction | undefined {
  return byId.get(id);
}
