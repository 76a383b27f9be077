/** What goes between the caller and the thread of the solver. */
import type { LinearModel } from '@bothways/planning';

export interface Request {
  /** Ascending from 1. */
  readonly id: number;
  readonly model: LinearModel;
  /** Seconds. */
  readonly timeLimit: number;
  readonly relativeGap: number;
  readonly start: Float64Array | undefined;
}

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly id: number; readonly cost: number; readonly bound: number }
  | {
      readonly kind: 'solved';
      readonly id: number;
      readonly outcome: 'optimal' | 'infeasible' | 'stopped';
      readonly cost: number;
      readonly bound: number;
      readonly values: Float64Array | undefined;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string };
