/** What a bill is made of before prices are applied: one charge for one thing, with its quantity. */
import type { UnitPrice } from './price.ts';
import { exact, type Ratio } from './price-money.ts';

export type Party = 'microsoft' | 'connectivity provider' | 'building' | 'wan' | 'internet' | 'equipment' | 'own work';

/** Units, exact; `high` undefined: nothing bounds it. */
export interface Quantity {
  readonly low: Ratio;
  readonly high: Ratio | undefined;
  /** What is counted and where the number comes from: '2 cross-connects, one for each link'. */
  readonly text: string;
  /** 'exact', or what makes it an interval. */
  readonly basis: 'exact' | 'assumed' | 'unknown';
}

export interface BillItem {
  /** 'circuits.er-fra/fee': unique and stable under edits elsewhere. */
  readonly id: string;
  readonly party: Party;
  /** 'circuit er-fra' */
  readonly subject: string;
  readonly what: string;
  readonly period: 'month' | 'once';
  readonly quantity: Quantity;
  readonly price: UnitPrice;
  /** When the charge begins and ends, where that is not simply with its use. */
  readonly billed: string | undefined;
  /** Fact ids. */
  readonly facts: readonly string[];
}

/** GB (10^9 bytes) out of Microsoft in a month over one circuit. */
export interface MonthlyVolume {
  readonly low: Ratio;
  readonly high: Ratio;
  /** 'measured': the document has it. 'demands': from their rates. 'unknown': anything up to the circuit's bandwidth. */
  readonly basis: 'measured' | 'demands' | 'unknown';
  readonly text: string;
}

/** ER-199 counts a month as 730 hours. */
export const HOURS_OF_A_MONTH = 730;

export function counted(count: number, text: string): Quantity {
  const units = exact(count);
  return { low: units, high: units, text, basis: 'exact' };
}
