/**
 * Plans for an estate as plain values: what to buy, why, what it costs, how it was proved; or which requirements clash.
 *
 * A document that has circuits already is planned afresh: what it buys today is put aside, what it needs stays.
 */
import { applyEdits, type Finding, type Place } from '@bothways/diagnostics';
import { editRemove, formatBandwidth, loadEstate } from '@bothways/estate';
import {
  type Clash,
  type Plan,
  type PlanName,
  type Planned,
  planEstate,
  type Solve,
  type SolveProgress,
  whyHere,
  whySize,
} from '@bothways/planning';
import type { InputFile } from './estate-view.ts';
import { type CostView, priceInEstate } from './price-view.ts';

export interface PlanQuery {
  readonly solve: Solve;
  /** Seconds for each plan. */
  readonly timeLimit?: number;
  readonly clock?: () => number;
  readonly onProgress?: (plan: PlanName, progress: SolveProgress) => void;
  readonly cancelled?: Promise<unknown>;
  /** Lets others run for a moment, so that a cancellation can be heard. */
  readonly pause?: () => Promise<void>;
}

export interface PlannedCircuitView {
  readonly name: string;
  readonly location: string;
  readonly provider: string;
  readonly sku: string;
  readonly billing: string;
  readonly bandwidth: string;
  readonly why: readonly string[];
  /** What the plan would cost more each month without this location; undefined: nothing would do, or it was not tried. */
  readonly withoutIt: { readonly tried: boolean; readonly extra: number | undefined };
}

export interface PlanView {
  readonly name: PlanName;
  /** A month, as the model counts it. */
  readonly monthly: number;
  /** A month by the bill of the finished document. */
  readonly bill: CostView | undefined;
  readonly gap: number;
  readonly worstRoundTrip: number;
  readonly longestRoundTrip: number;
  readonly meanRoundTrip: number;
  readonly survives: boolean;
  readonly circuits: readonly PlannedCircuitView[];
  readonly breakouts: readonly string[];
  readonly nextCheaper: string | undefined;
  readonly proof: {
    readonly failures: number;
    readonly insideEdges: readonly string[];
    readonly warnings: readonly string[];
  };
  readonly files: readonly InputFile[];
}

export interface ClashView extends Pick<Clash, 'kind' | 'text'> {
  readonly place: Place;
}

export interface PlannedView {
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  /** Undefined: the document has errors. */
  readonly result: PlannedResult | undefined;
}

export interface PlannedResult {
  readonly currency: string;
  readonly plans: readonly PlanView[];
  readonly refused: Planned['refused'];
  readonly clash: readonly ClashView[];
  readonly problem: string | undefined;
  readonly missingPrices: readonly string[];
  readonly considered: Planned['considered'];
  /** Kinds of the document that were put aside, because a plan decides them. */
  readonly putAside: readonly string[];
}

/** What a plan decides, where a document has circuits already. */
const DECIDED = [
  'circuits',
  'expressRouteEdges',
  'routing',
  'failureGroups',
  'maintenance',
  'intents',
  'acceptedRisks',
] as const;

/** Plans for an estate, or for what it needs. Never throws on a bad document. */
export async function planForEstate(files: readonly InputFile[], query: PlanQuery): Promise<PlannedView> {
  const given = loadEstate(files);
  const sources = given.document.printableSources;
  if (given.estate === undefined) return { findings: given.findings, sources, result: undefined };
  const { files: start, putAside } = startingPoint(files);
  const { document, estate, findings } = loadEstate(start);
  if (estate === undefined) return { findings, sources: document.printableSources, result: undefined };
  const planned = await planEstate(start, query);
  return {
    findings: given.findings,
    sources,
    result: {
      currency: planned.currency,
      plans: planned.plans.map(planView),
      refused: planned.refused,
      clash: planned.clash.map(({ kind, text, path }) => ({ kind, text, place: given.document.placeOf(path) })),
      problem: planned.problem,
      missingPrices: planned.missingPrices,
      considered: planned.considered,
      putAside,
    },
  };
}

function startingPoint(files: readonly InputFile[]): {
  readonly files: readonly InputFile[];
  readonly putAside: readonly string[];
} {
  const { estate } = loadEstate(files);
  if (estate === undefined || estate.circuits.length === 0) return { files, putAside: [] };
  let current = files;
  const putAside: string[] = [];
  for (const kind of DECIDED) {
    const { document } = loadEstate(current);
    const edits = editRemove(document, [kind]);
    if (edits.length === 0) continue;
    putAside.push(kind);
    current = current.map(({ name, text }) => {
      const result = applyEdits(
        text,
        edits.filter(({ file }) => file === name),
      );
      return result.ok ? { name, text: result.value } : { name, text };
    });
  }
  return { files: current, putAside };
}

function planView({ name, design, files, verification, survives, gap, nextCheaper, alternatives }: Plan): PlanView {
  const bill = priceInEstate(files).price;
  const names = new Map(verification.view?.estate.circuits.map((each) => [each.location, each.name]));
  return {
    name,
    monthly: design.monthly,
    bill: bill?.monthly,
    gap,
    worstRoundTrip: design.worstRoundTrip,
    longestRoundTrip: Math.max(0, ...design.sites.map(({ longestRoundTrip }) => longestRoundTrip)),
    meanRoundTrip: design.meanRoundTrip,
    survives,
    circuits: design.circuits.map((circuit) => {
      const { candidate, offer, provider } = circuit;
      const other = alternatives.find((each) => each.candidate === candidate.id);
      return {
        name: names.get(candidate.location.id) ?? candidate.id,
        location: candidate.location.name,
        provider,
        sku: offer.sku,
        billing: offer.billing,
        bandwidth: formatBandwidth(offer.bandwidth),
        why: [whyHere(circuit), whySize(circuit)],
        withoutIt: { tried: other !== undefined, extra: other?.extra },
      };
    }),
    breakouts: design.sites.flatMap(({ ways, site }) => (ways.length === 0 ? [site.name] : [])),
    nextCheaper,
    proof: {
      failures: verification.failures,
      insideEdges: verification.insideEdges,
      warnings: verification.warnings.map(({ message }) => message),
    },
    files,
  };
}

/** The JSON contract of `plan --format json`; keys in a fixed order, new keys only at the end of their object. */
export function planJson(result: PlannedResult, version: string): object {
  const { currency, plans, refused, clash, problem, missingPrices, considered, putAside } = result;
  return {
    bothways: version,
    schema: 'urn:bothways:plan:1',
    currency,
    problem: problem ?? null,
    plans: plans.map((plan) => ({
      name: plan.name,
      monthly: cents(plan.monthly),
      bill: plan.bill === undefined ? null : { low: plan.bill.low, high: plan.bill.high ?? null },
      gap: plan.gap,
      worstRoundTripMs: tenths(plan.worstRoundTrip),
      longestRoundTripMs: tenths(plan.longestRoundTrip),
      meanRoundTripMs: tenths(plan.meanRoundTrip),
      survivesAnySingleFailure: plan.survives,
      circuits: plan.circuits.map(({ withoutIt, ...circuit }) => ({
        ...circuit,
        withoutIt: withoutIt.tried ? { extra: withoutIt.extra === undefined ? null : cents(withoutIt.extra) } : null,
      })),
      breakouts: plan.breakouts,
      nextCheaper: plan.nextCheaper ?? null,
      proof: plan.proof,
      files: plan.files.map(({ name }) => name),
    })),
    refused,
    clash: clash.map(({ kind, text, place }) => ({ kind, text, file: place.file, line: place.line })),
    missingPrices,
    considered,
    putAside,
  };
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
