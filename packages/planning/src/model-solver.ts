/**
 * What a solver of mixed-integer linear models has to offer, and the form it gets models in. The solver itself is an
 * adapter: it needs a thread and a clock, which nothing here has.
 */

/** Minimise `costs` over the columns; rows are stored one after the other (compressed sparse rows). */
export interface LinearModel {
  readonly costs: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** 1: the column takes whole values only. */
  readonly whole: Uint8Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  /** Entries of row r stand from `starts[r]` to before `starts[r + 1]`. */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

export interface SolveOptions {
  /** Seconds. */
  readonly timeLimit: number;
  /** The solver may stop when cost and bound are this close, relative to the cost. */
  readonly relativeGap: number;
  /** Values of all columns to begin with. */
  readonly start?: Float64Array;
  readonly onProgress?: (progress: SolveProgress) => void;
  /** Settles when the answer is not wanted any more; the solver then stops with what it has. */
  readonly cancelled?: Promise<unknown>;
}

export interface SolveProgress {
  /** Infinity while there is no solution. */
  readonly cost: number;
  /** No solution costs less. */
  readonly bound: number;
}

export interface Solution extends SolveProgress {
  /** 'stopped': by time limit or cancellation; `values` may be there all the same. */
  readonly outcome: 'optimal' | 'infeasible' | 'stopped';
  readonly values: Float64Array | undefined;
}

export type Solve = (model: LinearModel, options: SolveOptions) => Promise<Solution>;

interface Entry {
  readonly column: number;
  readonly value: number;
}

/** Collects columns and rows, and packs them. */
export class ModelBuilder {
  readonly #costs: number[] = [];
  readonly #upper: number[] = [];
  readonly #whole: number[] = [];
  readonly #rowLower: number[] = [];
  readonly #rowUpper: number[] = [];
  readonly #starts: number[] = [0];
  readonly #columns: number[] = [];
  readonly #values: number[] = [];

  get columns(): number {
    return this.#costs.length;
  }

  /** A column that is 0 or 1. */
  choice(cost: number): number {
    return this.#column(cost, 1, 1);
  }

  /** A column of 0 or more. */
  amount(cost: number): number {
    return this.#column(cost, Number.POSITIVE_INFINITY, 0);
  }

  row(lower: number, upper: number, entries: readonly Entry[]): void {
    this.#rowLower.push(lower);
    this.#rowUpper.push(upper);
    for (const { column, value } of entries) {
      this.#columns.push(column);
      this.#values.push(value);
    }
    this.#starts.push(this.#columns.length);
  }

  model(): LinearModel {
    return {
      costs: Float64Array.from(this.#costs),
      lower: new Float64Array(this.#costs.length),
      upper: Float64Array.from(this.#upper),
      whole: Uint8Array.from(this.#whole),
      rowLower: Float64Array.from(this.#rowLower),
      rowUpper: Float64Array.from(this.#rowUpper),
      starts: Int32Array.from(this.#starts),
      columns: Int32Array.from(this.#columns),
      values: Float64Array.from(this.#values),
    };
  }

  #column(cost: number, upper: number, whole: number): number {
    this.#costs.push(cost);
    this.#upper.push(upper);
    this.#whole.push(whole);
    return this.#costs.length - 1;
  }
}
