// The eight causes of asymmetric paths (A1-A8) with effect and cure (ER-115).

import data from '../data/facts-expressroute.json' with { type: 'json' };
import { type Fact, type FactRow, factOf } from './fact-record.ts';
import { indexBy } from './rows.ts';

/** `statement` is the cause. */
export interface AsymmetryCause extends Fact {
  readonly effect: string;
  readonly cure: string;
  /** Ids of the rules behind it. */
  readonly facts: readonly string[];
}

interface AsymmetryCauseRow extends FactRow {
  readonly effect: string;
  readonly cure: string;
  readonly facts: readonly string[];
}

const rows: readonly AsymmetryCauseRow[] = data.asymmetryCauses;
const all: readonly AsymmetryCause[] = rows.map((row) => ({
  ...factOf(row),
  effect: row.effect,
  cure: row.cure,
  facts: row.facts,
}));
const byId = indexBy(all, (entry) => entry.id);

export function asymmetryCauses(): readonly AsymmetryCause[] {
  return all;
}

export function asymmetryCause(id: string): AsymmetryCause | undefined {
  return byId.get(id);
}
