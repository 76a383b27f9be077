/**
 * One opened estate that is asked many questions, for programs that stay: the page's worker. What a question needs is
 * computed when it is first asked and kept; the verdict comes before the rules have run.
 */
import { type EstateView, RULES, readinessItems, readinessScore } from '@bothways/checks';
import {
  applyEdits,
  type Edit,
  type Finding,
  type FindingJson,
  type Fix,
  findingToJson,
  fingerprints,
  type Severity,
  unifiedDiff,
} from '@bothways/diagnostics';
import {
  type EditValue,
  editInsert,
  editRemove,
  editRename,
  editSet,
  loadEstate,
  type Path,
  documentValues as valuesOf,
} from '@bothways/estate';
import { type FailureElement, failureElements, type RoundTrip } from '@bothways/forwarding';
import { type Checked, type CheckOptions, checkOpened } from '../check.ts';
import { type InputFile, type Opened, openEstate, sessionAssumptions } from '../estate-view.ts';
import { type IntentView, intentsOf } from '../intent-view.ts';
import type { OverviewLine, Verdict } from '../overview.ts';
import { billOfView, type CostView, costView } from '../price-view.ts';
import { type LoadView, loadView } from '../quality-view.ts';
import { flowsOf, type ReportFlow } from '../report/report-view.ts';
import { type RoutesQuery, type RoutesView, routesInView } from '../routes.ts';
import { type Traced, type TraceQuery, tripsFor } from '../trace.ts';
import { lineNames, type TopologyView, topologyView } from './topology-view.ts';
import { type TripDetail, type TripRow, tripDetail, tripRow } from './trip-view.ts';
import { type MatrixView, WhatIf, type WhatIfView } from './what-if.ts';

/** What is known as soon as the packets were followed. */
export interface VerdictView {
  /** False: the document has errors, and nothing was computed. */
  readonly usable: boolean;
  readonly estate: string;
  readonly verdict: Verdict;
  readonly trips: readonly TripRow[];
  readonly broken: number;
  /** Findings of the document itself. */
  readonly findings: readonly FindingView[];
}

/** A finding with each of its fixes as a difference of texts. */
export interface FindingView extends FindingJson {
  readonly diffs: readonly string[];
}

/** What the rules say. */
export interface JudgementView {
  readonly verdict: Verdict;
  readonly findings: readonly FindingView[];
  readonly counts: Readonly<Record<Severity, number>>;
  readonly unknown: Checked['unknown'];
  readonly accepted: readonly { readonly name: string; readonly because: string; readonly message: string }[];
  readonly overview: readonly OverviewLine[];
  readonly rules: number;
}

export interface CostSummary {
  readonly currency: string;
  readonly monthly: CostView;
  readonly once: CostView;
}

export interface ReadinessView {
  readonly score: ReturnType<typeof readinessScore>;
  readonly items: ReturnType<typeof readinessItems>;
}

/** A change of the document that keeps comments and order. */
export type DocumentEdit =
  | { readonly action: 'set'; readonly path: Path; readonly value: EditValue }
  | { readonly action: 'insert'; readonly path: Path; readonly value: EditValue; readonly key?: string }
  | { readonly action: 'remove'; readonly path: Path }
  | { readonly action: 'rename'; readonly path: Path; readonly key: string };

export class Workbench {
  readonly #opened: Opened;
  readonly #options: CheckOptions;
  readonly #lineIds: readonly string[];
  #elements: readonly FailureElement[] | undefined;
  #whatIf: WhatIf | undefined;
  #checked: Checked | undefined;
  #under: { readonly key: string; readonly view: EstateView } | undefined;

  /** `previous`: the same estate before an edit, from which what the edit leaves alone is taken over. */
  constructor(files: readonly InputFile[], options: CheckOptions = {}, previous?: Workbench) {
    this.#opened = openEstate(files, options, previous === undefined ? undefined : previous.#opened);
    this.#options = options;
    this.#lineIds = lineNames(this.#opened.view?.compiled.network.links ?? []);
  }

  verdict(): VerdictView {
    const { view, findings } = this.#opened;
    const trips = view === undefined ? [] : view.data.roundTrips.map((trip) => tripRow(view, trip));
    const broken = trips.filter(({ outcome }) => outcome === 'broken').length;
    return {
      usable: view !== undefined,
      estate: view?.estate.organisation.name ?? '',
      verdict: view === undefined ? 'unknown' : broken > 0 ? 'broken' : unknownOr(trips),
      trips,
      broken,
      findings: this.#findingViews(findings),
    };
  }

  judgement(): JudgementView {
    const { findings, unknown, accepted, report } = this.#check();
    return {
      verdict: report?.verdict ?? 'unknown',
      findings: this.#findingViews(findings),
      counts: {
        error: countOf(findings, 'error'),
        warning: countOf(findings, 'warning'),
        note: countOf(findings, 'note'),
      },
      unknown,
      accepted: accepted.map(({ finding, risk }) => ({
        name: risk.name,
        because: risk.because,
        message: finding.message,
      })),
      overview: report?.overview ?? [],
      rules: RULES.length,
    };
  }

  /** Undefined: the document has errors. */
  topology(): TopologyView | undefined {
    const { view } = this.#opened;
    return view === undefined ? undefined : topologyView(view, this.#failureElements(view));
  }

  /** One round trip with these elements failed; undefined where there is none of that id. */
  trip(id: string, failed: readonly string[] = []): TripDetail | undefined {
    const view = this.#viewUnder(failed);
    const trip = view?.data.roundTrips.find((each) => each.id === id);
    return view === undefined || trip === undefined ? undefined : tripDetail(view, trip, this.#lineIds);
  }

  /** Any address or demand somebody asks about, as `traceEstate` answers it. */
  trace(query: TraceQuery, failed: readonly string[] = []): Pick<Traced, 'problem'> & { trips: readonly TripDetail[] } {
    const view = this.#viewUnder(failed);
    if (view === undefined) return { problem: 'the document has errors', trips: [] };
    const found: { readonly problem: string | undefined; readonly trips: readonly RoundTrip[] } = tripsFor(view, query);
    return { problem: found.problem, trips: found.trips.map((trip) => tripDetail(view, trip, this.#lineIds)) };
  }

  routes(query: RoutesQuery, failed: readonly string[] = []): RoutesView | undefined {
    const view = this.#viewUnder(failed);
    return view === undefined ? undefined : routesInView(view, query, { findings: [], sources: new Map() });
  }

  load(failed: readonly string[] = []): LoadView | undefined {
    const view = this.#viewUnder(failed);
    return view === undefined ? undefined : loadView(view, sessionAssumptions(this.#options));
  }

  /** The files after one fix of one finding; undefined: there is none, or it does not fit the text any more. */
  fixed(files: readonly InputFile[], fingerprint: string, fix: number): readonly InputFile[] | undefined {
    const all = this.#check().findings;
    const found = fingerprints(all).find((each) => each.fingerprint === fingerprint);
    const edits = found?.finding.fixes[fix]?.edits;
    return edits === undefined ? undefined : filesAfter(files, edits);
  }

  /** What the estate costs, as far as prices are known; undefined: the document has errors. */
  cost(failed: readonly string[] = []): CostSummary | undefined {
    const view = this.#viewUnder(failed);
    if (view === undefined) return undefined;
    const { bill } = billOfView(view, {});
    const { currency, monthly, once } = bill;
    return { currency, monthly: costView(monthly, currency), once: costView(once, currency) };
  }

  readiness(): ReadinessView | undefined {
    const { view } = this.#opened;
    if (view === undefined) return undefined;
    const { findings, accepted } = this.#check();
    // As in a report: accepting a risk makes nothing ready.
    const items = readinessItems(view, RULES, [...findings, ...accepted.map(({ finding }) => finding)]);
    return { items, score: readinessScore(items) };
  }

  intents(): readonly IntentView[] {
    const { view, document } = this.#opened;
    return view === undefined ? [] : intentsOf(view, document);
  }

  /** The catalogue of flows with the ways that this estate's demands take. */
  flows(): readonly ReportFlow[] {
    const { view } = this.#opened;
    return view === undefined ? [] : flowsOf(view);
  }

  whatIf(failed: readonly string[]): WhatIfView | undefined {
    return this.#sweep()?.under(failed);
  }

  matrix(from: number, to: number): MatrixView | undefined {
    return this.#sweep()?.matrix(from, to);
  }

  #check(): Checked {
    this.#checked ??= checkOpened(this.#opened, this.#options);
    return this.#checked;
  }

  #failureElements(view: EstateView): readonly FailureElement[] {
    this.#elements ??= failureElements(view.compiled);
    return this.#elements;
  }

  #sweep(): WhatIf | undefined {
    const { view } = this.#opened;
    if (view !== undefined) this.#whatIf ??= new WhatIf(view, this.#failureElements(view));
    return this.#whatIf;
  }

  #viewUnder(failed: readonly string[]): EstateView | undefined {
    if (failed.length === 0) return this.#opened.view;
    const key = JSON.stringify(failed);
    if (this.#under?.key !== key) {
      const view = this.#sweep()?.viewUnder(failed);
      this.#under = view === undefined ? undefined : { key, view };
    }
    return this.#under?.view;
  }

  #findingViews(findings: readonly Finding[]): readonly FindingView[] {
    return fingerprints(findings).map(({ finding, fingerprint }) => ({
      ...findingToJson(finding, [], fingerprint),
      diffs: finding.fixes.map((fix) => this.#diffOf(fix)),
    }));
  }

  #diffOf({ edits }: Fix): string {
    const names = [...new Set(edits.map(({ file }) => file))];
    return names
      .map((name) => {
        const before = this.#opened.document.printableSources.get(name) ?? '';
        const after = applyEdits(
          before,
          edits.filter(({ file }) => file === name),
        );
        return after.ok ? unifiedDiff(before, after.value, { before: name, after: name }) : '';
      })
      .join('\n');
  }
}

/** What changed between two states of the same files, as a unified diff. */
export function diffOfFiles(before: readonly InputFile[], after: readonly InputFile[]): string {
  const names = [...new Set([...before, ...after].map(({ name }) => name))];
  const textOf = (files: readonly InputFile[], wanted: string): string =>
    files.find(({ name }) => name === wanted)?.text ?? '';
  return names
    .map((name) => unifiedDiff(textOf(before, name), textOf(after, name), { before: name, after: name }))
    .filter((text) => text !== '')
    .join('\n');
}

/** The document as plain values, for forms; undefined: there is none. */
export function documentValues(files: readonly InputFile[]): { readonly [key: string]: EditValue } | undefined {
  return valuesOf(loadEstate(files).document);
}

/** The files after some changes, one after the other; a change that finds nothing to do leaves them as they are. */
export function editFiles(files: readonly InputFile[], edits: readonly DocumentEdit[]): readonly InputFile[] {
  return edits.reduce((now, edit) => {
    const { document } = loadEstate(now);
    return filesAfter(now, editsOf(document, edit)) ?? now;
  }, files);
}

function filesAfter(files: readonly InputFile[], edits: readonly Edit[]): readonly InputFile[] | undefined {
  const after: InputFile[] = [];
  for (const file of files) {
    const changed = applyEdits(
      file.text,
      edits.filter((each) => each.file === file.name),
    );
    if (!changed.ok) return undefined;
    after.push({ name: file.name, text: changed.value });
  }
  return after;
}

function editsOf(document: Parameters<typeof editSet>[0], edit: DocumentEdit) {
  switch (edit.action) {
    case 'set':
      return editSet(document, edit.path, edit.value);
    case 'insert':
      return editInsert(document, edit.path, edit.value, edit.key);
    case 'remove':
      return editRemove(document, edit.path);
    case 'rename':
      return editRename(document, edit.path, edit.key);
  }
}

function unknownOr(trips: readonly TripRow[]): Verdict {
  return trips.some(({ outcome }) => outcome === 'unknown') ? 'unknown' : 'holds';
}

function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((each) => each.severity === severity).length;
}
