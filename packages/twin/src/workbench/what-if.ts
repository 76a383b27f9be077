/**
 * What a set of failed elements does, at once: from the incremental state of a sweep, so that pulling one more cable costs
 * what it touches. The whole network under the set, for paths and loads, is computed from nothing when it is asked for.
 */
import type { EstateView } from '@bothways/checks';
import {
  type Answer,
  drainedBy,
  type FailureElement,
  type FailureSet,
  failureSets,
  failuresOf,
  type LoadModel,
  loadModel,
  pathQuality,
  questionsOf,
  type RoundTrip,
  roundTrips,
  Sweep,
  viaText,
} from '@bothways/forwarding';
import { converge } from '@bothways/routing';
import { type TripRow, tripRow } from './trip-view.ts';

export interface WhatIfView {
  /** Ids of the failed elements. */
  readonly failed: readonly string[];
  readonly verdict: Answer;
  readonly questions: readonly WhatIfQuestion[];
  /** Concrete demands that are lost, and those that go another way or are lost. */
  readonly lost: number;
  readonly moved: number;
  readonly changes: readonly WhatIfChange[];
  readonly overloads: readonly WhatIfOverload[];
}

export interface WhatIfQuestion {
  readonly id: string;
  readonly kind: 'intent' | 'demand' | 'place';
  readonly name: string;
  readonly before: Answer;
  readonly after: Answer;
}

/** A round trip that is not as it was. */
export interface WhatIfChange {
  readonly before: TripRow | undefined;
  readonly after: TripRow;
  /** Milliseconds both ways; undefined: lost, or a part is not known. */
  readonly latencyBefore: number | undefined;
  readonly latencyAfter: number | undefined;
}

export interface WhatIfOverload {
  readonly name: string;
  /** False: perhaps, where paths part. */
  readonly certain: boolean;
  readonly leastMbps: number;
  readonly mostMbps: number;
  readonly capacityMbps: number;
}

/** Intents by failures: one row for each question, one column for each element. */
export interface MatrixView {
  readonly questions: readonly Omit<WhatIfQuestion, 'after'>[];
  readonly columns: readonly MatrixColumn[];
  /** Elements in all; `columns` grows to it. */
  readonly of: number;
}

export interface MatrixColumn {
  readonly element: string;
  readonly kind: string;
  readonly name: string;
  /** By question. */
  readonly answers: readonly Answer[];
  readonly lost: number;
  readonly moved: number;
  readonly overloads: number;
}

/** Owns the state of a sweep over one opened estate. */
export class WhatIf {
  readonly elements: readonly FailureElement[];
  readonly #view: EstateView;
  readonly #sweep: Sweep;
  readonly #loads: LoadModel;
  readonly #positions: ReadonlyMap<string, number>;

  constructor(view: EstateView, elements: readonly FailureElement[]) {
    const { compiled, plane } = view;
    this.#view = view;
    this.elements = elements;
    this.#loads = loadModel(compiled);
    // Pairs, so that what single elements do is kept.
    this.#sweep = new Sweep({
      compiled,
      plane,
      sets: failureSets(elements, 2),
      questions: questionsOf(compiled),
      loads: this.#loads,
    });
    this.#positions = new Map(elements.map(({ id }, ix) => [id, ix]));
  }

  /** Ids that the estate does not have are passed over: an edit may have taken them away. */
  under(ids: readonly string[], mostChanges = 500): WhatIfView {
    const set = this.#setOf(ids);
    const result = set.elements.length === 0 ? undefined : this.#sweep.resultUnder(set);
    const { questions, before } = this.#sweep;
    const answers = this.#answers(result);
    const failed = set.elements.flatMap((ix) => this.elements[ix]?.id ?? []);
    return {
      failed,
      verdict: answers.includes('broken') ? 'broken' : answers.includes('unknown') ? 'unknown' : 'holds',
      questions: questions.map(({ id, kind, name }, ix) => ({
        id,
        kind,
        name,
        before: before[ix] ?? 'unknown',
        after: answers[ix] ?? 'unknown',
      })),
      lost: result?.lost ?? 0,
      moved: result?.changed ?? 0,
      changes: result === undefined ? [] : this.#changes(set, mostChanges),
      overloads: (result?.overloads ?? []).map(([key, low, high]) => {
        const capacity = this.#loads.capacity(key) ?? 0;
        return {
          name: this.#loads.nameOf(key),
          certain: low > capacity,
          leastMbps: low / 1e6,
          mostMbps: high / 1e6,
          capacityMbps: capacity / 1e6,
        };
      }),
    };
  }

  /** Columns of the matrix from one element to before another. */
  matrix(from: number, to: number): MatrixView {
    const end = Math.min(to, this.elements.length);
    const columns: MatrixColumn[] = [];
    for (let ix = from; ix < end; ix++) {
      const element = this.elements[ix];
      if (element === undefined) continue;
      const result = this.#sweep.resultUnder(this.#sweep.setOf([ix]));
      columns.push({
        element: element.id,
        kind: element.kinds[0] ?? '',
        name: element.name,
        answers: this.#answers(result),
        lost: result?.lost ?? 0,
        moved: result?.changed ?? 0,
        overloads: result?.overloads.length ?? 0,
      });
    }
    const { questions, before } = this.#sweep;
    return {
      questions: questions.map(({ id, kind, name }, ix) => ({ id, kind, name, before: before[ix] ?? 'unknown' })),
      columns,
      of: this.elements.length,
    };
  }

  /** The estate with these elements failed, computed from nothing: its paths, tables and loads. */
  viewUnder(ids: readonly string[]): EstateView {
    const set = this.#setOf(ids);
    if (set.elements.length === 0) return this.#view;
    const network = drainedBy(this.#view.compiled, this.elements, set) ?? this.#view.compiled.network;
    const compiled = { ...this.#view.compiled, network };
    const plane = converge(network, { failed: failuresOf(network, this.elements, set) });
    return { ...this.#view, compiled, plane, data: roundTrips(compiled, plane) };
  }

  #setOf(ids: readonly string[]): FailureSet {
    return this.#sweep.setOf(ids.flatMap((id) => this.#positions.get(id) ?? []));
  }

  #answers(result: { readonly broken: readonly number[]; readonly unknown: readonly number[] } | undefined) {
    const broken = new Set(result?.broken);
    const unknown = new Set(result?.unknown);
    return this.#sweep.before.map((before, ix): Answer => {
      if (broken.has(ix)) return 'broken';
      return unknown.has(ix) ? 'unknown' : before;
    });
  }

  #changes(set: FailureSet, most: number): readonly WhatIfChange[] {
    const changes: WhatIfChange[] = [];
    for (const { before, after } of this.#sweep.changesUnder(set)) {
      for (const trip of after) {
        if (changes.length >= most) return changes;
        const was = before.find(({ id }) => id === trip.id);
        if (was !== undefined && wayKey(was) === wayKey(trip)) continue;
        changes.push({
          before: was === undefined ? undefined : tripRow(this.#view, was),
          after: tripRow(this.#view, trip),
          latencyBefore: was === undefined ? undefined : this.#latency(was),
          latencyAfter: this.#latency(trip),
        });
      }
    }
    return changes;
  }

  #latency(trip: RoundTrip): number | undefined {
    return trip.outcome === 'holds' ? pathQuality(this.#view.compiled, trip).roundTrip?.likelyMs : undefined;
  }
}

function wayKey({ outcome, forward, back }: RoundTrip): string {
  const devices = (way: RoundTrip['back']): string => (way?.path.hops ?? []).map(({ device }) => device).join();
  return JSON.stringify([
    outcome,
    viaText(forward.via),
    forward.disposition,
    back?.disposition,
    devices(forward),
    devices(back),
  ]);
}
