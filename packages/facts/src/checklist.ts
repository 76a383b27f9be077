// The readiness checklist for Power Platform over ExpressRoute (PP-C01-PP-C51): each item with the evidence that settles
// it. PP-C01 to PP-C10 come from Microsoft's checklist, the others from rules in further documents. The evidence is ours.

import data from '../data/facts-power-platform.json' with { type: 'json' };
import { type Fact, type FactRow, factOf } from './fact-record.ts';
import { indexBy, oneOf } from './rows.ts';

/**
 * 'computed': follows from routes, policies and addresses of the modelled network. 'recorded': the design has to carry
 * the answer, which is then checked for presence and sense. 'manual': only people can confirm it.
 */
export type ChecklistProof = 'computed' | 'recorded' | 'manual';

export const checklistProofs: readonly ChecklistProof[] = ['computed', 'recorded', 'manual'];

/** `statement` is the item, `topic` its group: 'clients', 'communities', 'gateways'. */
export interface ChecklistItem extends Fact {
  readonly evidence: string;
  readonly proof: ChecklistProof;
  /** Flows of the catalogue the item is about; empty: all, or none in particular. */
  readonly flows: readonly string[];
  /** Ids of the rules behind it. */
  readonly facts: readonly string[];
}

interface ChecklistRow extends FactRow {
  readonly evidence: string;
  readonly proof: string;
  readonly flows: readonly string[];
  readonly facts: readonly string[];
}

const rows: readonly ChecklistRow[] = data.checklist;
const all: readonly ChecklistItem[] = rows.map((row) => ({
  ...factOf(row),
  evidence: row.evidence,
  proof: oneOf(row.proof, checklistProofs, row.id),
  flows: row.flows,
  facts: row.facts,
}));
const byId = indexBy(all, (entry) => entry.id);

export function checklist(): readonly ChecklistItem[] {
  return all;
}

export function checklistItem(id: string): ChecklistItem | undefined {
  return byId.get(id);
}
