/**
 * What the page asks the engine's worker, and what it answers. Every value crosses as a structured clone, so these are
 * plain data. `open` replaces the estate; all other questions are about the one that was opened last.
 */
import type {
  CostSummary,
  DocumentEdit,
  EstateReach,
  FactLine,
  FactPage,
  InputFile,
  IntentView,
  JudgementView,
  LoadView,
  MatrixView,
  ReadinessView,
  ReportFlow,
  RoutesQuery,
  RoutesView,
  TopologyView,
  TraceQuery,
  TripDetail,
  VerdictView,
  WhatIfView,
} from '@bothways/twin';

export interface Opened extends VerdictView {
  /** Milliseconds from the text to the verdict. */
  readonly took: number;
}

interface TracedView {
  readonly problem: string | undefined;
  readonly trips: readonly TripDetail[];
}

/** Question → what is said with it, and the answer; undefined: the document has errors. */
interface Questions {
  readonly open: {
    readonly ask: { readonly files: readonly InputFile[]; readonly today: string };
    readonly answer: Opened;
  };
  readonly judge: { readonly ask: object; readonly answer: JudgementView };
  readonly topology: { readonly ask: object; readonly answer: TopologyView | undefined };
  readonly trip: {
    readonly ask: { readonly id: string; readonly failed: readonly string[] };
    readonly answer: TripDetail | undefined;
  };
  readonly trace: {
    readonly ask: { readonly query: TraceQuery; readonly failed: readonly string[] };
    readonly answer: TracedView;
  };
  readonly routes: {
    readonly ask: { readonly query: RoutesQuery; readonly failed: readonly string[] };
    readonly answer: RoutesView | undefined;
  };
  readonly whatIf: { readonly ask: { readonly failed: readonly string[] }; readonly answer: WhatIfView | undefined };
  readonly matrix: {
    readonly ask: { readonly from: number; readonly to: number };
    readonly answer: MatrixView | undefined;
  };
  readonly load: { readonly ask: { readonly failed: readonly string[] }; readonly answer: LoadView | undefined };
  readonly cost: { readonly ask: { readonly failed: readonly string[] }; readonly answer: CostSummary | undefined };
  readonly readiness: { readonly ask: object; readonly answer: ReadinessView | undefined };
  readonly intents: { readonly ask: object; readonly answer: readonly IntentView[] };
  readonly flows: { readonly ask: object; readonly answer: readonly ReportFlow[] };
  readonly reach: { readonly ask: { readonly query: string }; readonly answer: EstateReach };
  readonly facts: { readonly ask: { readonly query: string }; readonly answer: readonly FactLine[] };
  readonly fact: { readonly ask: { readonly id: string }; readonly answer: FactPage | undefined };
  readonly rule: { readonly ask: { readonly name: string }; readonly answer: RuleWords | undefined };
  readonly schema: { readonly ask: object; readonly answer: object };
  readonly edit: {
    readonly ask: { readonly files: readonly InputFile[]; readonly edits: readonly DocumentEdit[] };
    readonly answer: readonly InputFile[];
  };
  /** The files after one fix of a finding of the open estate; undefined: it does not fit any more. */
  readonly fix: {
    readonly ask: { readonly files: readonly InputFile[]; readonly fingerprint: string; readonly fix: number };
    readonly answer: readonly InputFile[] | undefined;
  };
  /** The files after every safe fix, as `check --fix` would leave them. */
  readonly fixAll: {
    readonly ask: { readonly files: readonly InputFile[]; readonly today: string };
    readonly answer: { readonly files: readonly InputFile[]; readonly applied: number };
  };
  readonly diff: {
    readonly ask: { readonly before: readonly InputFile[]; readonly after: readonly InputFile[] };
    readonly answer: string;
  };
  /** The document as plain values, for forms; undefined: it is not well-formed. */
  readonly values: { readonly ask: { readonly files: readonly InputFile[] }; readonly answer: unknown };
  /** A report in one of the formats that the page can make by itself. */
  readonly report: {
    readonly ask: { readonly files: readonly InputFile[]; readonly format: 'html' | 'md'; readonly date: string };
    readonly answer: string | undefined;
  };
  /** Another estate beside the open one, for comparison: its verdict and rules, and what fails in it. */
  readonly variant: {
    readonly ask: { readonly files: readonly InputFile[]; readonly failed: readonly string[]; readonly today: string };
    readonly answer: VariantView;
  };
}

export interface RuleWords {
  readonly name: string;
  readonly title: string;
  readonly severity: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  readonly ids: readonly string[];
}

export interface VariantView {
  readonly verdict: VerdictView;
  readonly judgement: JudgementView;
  readonly trips: readonly (TripDetail | undefined)[];
  readonly load: LoadView | undefined;
  readonly cost: CostSummary | undefined;
}

export type Question = keyof Questions;
export type Ask<Q extends Question> = Questions[Q]['ask'];
export type Answer<Q extends Question> = Questions[Q]['answer'];

export type Request = {
  [Q in Question]: { readonly number: number; readonly question: Q; readonly ask: Ask<Q> };
}[Question];

export type Reply =
  | { readonly number: number; readonly answer: unknown }
  /** A fault of ours, in words. */
  | { readonly number: number; readonly fault: string };
