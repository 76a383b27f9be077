/** What an answer to an item of the readiness checklist looks like. */
import type { ChecklistItem } from '@bothways/facts';
import type { EstateView } from './view.ts';

export type Readiness = 'ready' | 'not-ready' | 'unknown' | 'not-applicable';

export interface ReadinessAnswer {
  readonly state: Readiness;
  /** What shows it: paths, lines, figures. One sentence each, without a full stop. */
  readonly evidence: readonly string[];
  /** What to do; absent where nothing is. */
  readonly todo?: string;
}

export interface ReadinessItem extends ReadinessAnswer {
  readonly id: string;
  readonly statement: string;
  /** True for the ten items of Microsoft's own checklist; the others come from further documents. */
  readonly original: boolean;
  readonly proof: ChecklistItem['proof'];
  /** Facts behind the item. */
  readonly facts: readonly string[];
  /** Rules that answer it. */
  readonly rules: readonly string[];
}

export interface ReadinessScore {
  readonly ready: number;
  readonly notReady: number;
  readonly unknown: number;
  readonly notApplicable: number;
}

/** A question about the estate that settles an item, or a part of it; nothing: it does not settle it. */
export type ReadinessQuestion = (view: EstateView) => ReadinessAnswer | undefined;
