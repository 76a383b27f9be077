/** Capacity and latency of an estate, opened and computed: what planning says, in Mbps where it counts bits. */
import type { EstateView } from '@bothways/checks';
import type { Finding } from '@bothways/diagnostics';
import { type Capacity, capacityOf, type Latencies, latencyOf } from '@bothways/planning';
import { type InputFile, type OpenOptions, openEstate, sessionAssumptions } from './estate-view.ts';
import { withNulls } from './quality-view.ts';

export interface CapacityQuery extends OpenOptions {
  /** Growth of the demands, percent a year. */
  readonly growthPercent?: number;
  readonly years?: number;
}

export interface CapacityView extends Omit<Capacity, 'lines' | 'circuits'> {
  readonly estate: string;
  readonly lines: readonly CapacityLineView[];
  readonly circuits: readonly CircuitStepView[];
}

export interface CapacityLineView {
  readonly kind: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly bandwidthMbps: number;
  readonly inUseMbps: number;
  readonly normalMbps: { readonly low: number; readonly high: number };
  readonly worstMbps: { readonly low: number; readonly high: number };
  readonly worstUnder: string | undefined;
  readonly headroomPercent: number;
  readonly worstHeadroomPercent: number;
  readonly judgement: string;
  readonly fullAfterYears: number | undefined;
  readonly worstFullAfterYears: number | undefined;
  readonly unstated: number;
}

export interface CircuitStepView {
  readonly circuit: string;
  readonly bandwidthMbps: number;
  readonly neededMbps: number;
  readonly neededThenMbps: number;
  readonly stepNowMbps: number | undefined;
  readonly stepThenMbps: number | undefined;
  readonly advice: string;
  readonly facts: readonly string[];
}

export interface CapacityAnswer {
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  /** Undefined: the document has errors, and nothing was computed. */
  readonly capacity: CapacityView | undefined;
}

export interface LatencyAnswer {
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  readonly latency: (Latencies & { readonly estate: string }) | undefined;
}

export function capacityInEstate(files: readonly InputFile[], query: CapacityQuery = {}): CapacityAnswer {
  const { document, findings, view } = openEstate(files, query);
  const capacity = view === undefined ? undefined : capacityView(view, query);
  return { findings, sources: document.printableSources, capacity };
}

function capacityView(view: EstateView, query: CapacityQuery): CapacityView {
  const { growthPercent, years } = query;
  const capacity = capacityOf(view.compiled, view.data, {
    plane: view.plane,
    sessions: sessionAssumptions(query),
    ...(growthPercent === undefined ? {} : { growthPercent }),
    ...(years === undefined ? {} : { years }),
  });
  return {
    estate: view.estate.organisation.name,
    ...capacity,
    lines: capacity.lines.map((line) => ({
      kind: line.kind,
      name: line.name,
      from: line.from,
      to: line.to,
      bandwidthMbps: line.bandwidth / 1e6,
      inUseMbps: line.inUse / 1e6,
      normalMbps: { low: line.normal.low / 1e6, high: line.normal.high / 1e6 },
      worstMbps: { low: line.worst.low / 1e6, high: line.worst.high / 1e6 },
      worstUnder: line.worstUnder,
      headroomPercent: line.headroomPercent,
      worstHeadroomPercent: line.worstHeadroomPercent,
      judgement: line.judgement,
      fullAfterYears: line.fullAfterYears,
      worstFullAfterYears: line.worstFullAfterYears,
      unstated: line.unstated,
    })),
    circuits: capacity.circuits.map((step) => ({
      circuit: step.circuit,
      bandwidthMbps: step.bandwidth / 1e6,
      neededMbps: step.needed / 1e6,
      neededThenMbps: step.neededThen / 1e6,
      stepNowMbps: step.stepNow === undefined ? undefined : step.stepNow / 1e6,
      stepThenMbps: step.stepThen === undefined ? undefined : step.stepThen / 1e6,
      advice: step.advice,
      facts: step.facts,
    })),
  };
}

export function capacityJson(view: CapacityView): object {
  return withNulls(view);
}

export function latencyInEstate(files: readonly InputFile[], options: OpenOptions = {}): LatencyAnswer {
  const { document, findings, view } = openEstate(files, options);
  const latency =
    view === undefined ? undefined : { estate: view.estate.organisation.name, ...latencyOf(view.compiled, view.data) };
  return { findings, sources: document.printableSources, latency };
}

export function latencyJson(view: Latencies): object {
  return withNulls(view);
}
