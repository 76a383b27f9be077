// What reviewers' lists ask about ExpressRoute and Microsoft peering: resiliency library, landing-zone and other review
// checklists, the Well-Architected guide, PSRule, baseline alerts, the guides of Power Platform and Microsoft 365, and a
// list of our own for what none of them asks (CHK-GAP). Each in our words, with the source's own reference. Which rule
// answers one is not a fact; the checks know that.

import data from '../data/review-checks.json' with { type: 'json' };
import { type Fact, type FactRow, factOf } from './fact-record.ts';
import { indexBy, oneOf } from './rows.ts';

/** What an answer can be taken from without access to Azure. */
export type ReviewInput =
  | 'exported-state'
  | 'configuration'
  | 'routing-output'
  | 'declaration'
  | 'measurements'
  | 'model'
  | 'plan-file'
  | 'snapshots'
  | 'any-file';

const reviewInputs: readonly ReviewInput[] = [
  'exported-state',
  'configuration',
  'routing-output',
  'declaration',
  'measurements',
  'model',
  'plan-file',
  'snapshots',
  'any-file',
];

/** `topic` is what it is about: 'circuits', 'peering', 'operation'. */
export interface ReviewCheck extends Fact {
  /** The id or section that the source itself uses. */
  readonly reference: string;
  readonly decidedBy: readonly ReviewInput[];
}

interface ReviewRow extends FactRow {
  readonly reference: string;
  readonly decidedBy: readonly string[];
}

const rows: readonly ReviewRow[] = data.checks;
const all: readonly ReviewCheck[] = rows.map((row) => ({
  ...factOf(row),
  reference: row.reference,
  decidedBy: row.decidedBy.map((input) => oneOf(input, reviewInputs, row.id)),
}));
const byId = indexBy(all, (entry) => entry.id);

/** In the order of the lists. */
export function reviewChecks(): readonly ReviewCheck[] {
  return all;
}

/** By id: 'CHK-GAP-05'. */
export function reviewCheck(id: string): ReviewCheck | undefined {
  return byId.get(id);
}
