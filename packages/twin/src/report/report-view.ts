/**
 * What a report says, as plain values: the JSON form of it, and what the other forms are written from. Everything is read
 * off the same check, so that report and command line cannot disagree.
 */
import {
  type EstateView,
  failureStudy,
  lostIn,
  type ReadinessItem,
  type ReadinessScore,
  type ResilienceOfCircuit,
  RULES,
  readinessItems,
  readinessScore,
  resilienceOfCircuits,
  studyTooLarge,
  tripsText,
} from '@bothways/checks';
import { type Finding, type FindingJson, findingToJson, redact } from '@bothways/diagnostics';
import { defaultsApplied, type EstateDocument } from '@bothways/estate';
import { contradiction, type Flow, fact, flow } from '@bothways/facts';
import { type AddressFilesInUse, addressFilesInUse } from '../address-files.ts';
import { type Checked, type CheckOptions, type CheckReport, checkOpened, roundTripView } from '../check.ts';
import { type InputFile, openEstate, THOROUGH_FAILURE_WORK } from '../estate-view.ts';
import { type IntentView, intentsOf } from '../intent-view.ts';
import type { Diagram } from './diagram.ts';
import { networkDiagram } from './network-diagram.ts';
import { type PathPicture, pathPictures } from './path-picture.ts';

export interface ReportView {
  readonly bothways: string;
  readonly schema: 'urn:bothways:report:1';
  readonly estate: string;
  /** ISO date the report is made for; absent: nobody said. */
  readonly date: string | undefined;
  readonly check: CheckReport;
  readonly findings: readonly OwnedFinding[];
  readonly accepted: readonly {
    readonly name: string;
    readonly because: string;
    readonly until: string | undefined;
    readonly finding: FindingJson;
  }[];
  readonly topology: Diagram;
  readonly paths: readonly PathPicture[];
  /** What failures make of the ways: one picture for each story, losses first. Empty: none changes anything, or none was computed. */
  readonly failedPaths: readonly FailedPath[];
  readonly readiness: { readonly score: ReadinessScore; readonly items: readonly ReadinessItem[] };
  readonly resilience: readonly ResilienceOfCircuit[];
  /** In words, why `failures` is absent where it is. */
  readonly failureBound: string;
  readonly intents: readonly IntentView[];
  /** Undefined: nothing was computed with failed elements. */
  readonly failures: readonly FailureRow[] | undefined;
  readonly flows: readonly ReportFlow[];
  readonly assumptions: readonly { readonly path: string; readonly value: string; readonly because: string }[];
  readonly facts: readonly ReportFact[];
  readonly contradictions: readonly ReportContradiction[];
  readonly addressFiles: AddressFilesInUse;
}

/** Who acts on a finding, by the part of the document it is about. */
export type Owner = 'wan' | 'edges' | 'power-platform' | 'azure' | 'servers' | 'architecture';

export interface OwnedFinding extends FindingJson {
  readonly owner: Owner;
}

/** One set of failed elements and what it breaks. */
export interface FailureRow {
  readonly elements: readonly string[];
  readonly broken: number;
  readonly changed: number;
  readonly says: string;
}

/** A round trip while elements are failed. */
interface FailedPath {
  readonly elements: readonly string[];
  readonly picture: PathPicture;
}

export interface ReportFlow {
  readonly id: string;
  readonly name: string;
  readonly openedBy: Flow['tcpOpenedBy'];
  readonly protocol: string;
  readonly eligibility: Flow['expressRoute'];
  readonly reason: string;
  readonly confidence: Flow['confidence'];
  /** The ways that the round trips of this estate take; empty: none was followed. */
  readonly ways: readonly string[];
  readonly outcome: CheckReport['verdict'] | 'not-followed';
}

interface ReportFact {
  readonly id: string;
  readonly statement: string;
  readonly source: string;
  readonly date: string;
  readonly confidence: string;
}

interface ReportContradiction {
  readonly id: string;
  readonly about: string;
  readonly used: string;
  readonly claims: readonly { readonly source: string; readonly date: string; readonly says: string }[];
}

export interface Reported {
  readonly checked: Checked;
  /** Undefined: the document has errors. */
  readonly view: ReportView | undefined;
}

export interface ReportOptions extends CheckOptions {
  readonly version: string;
  /** Printed as the date of the report. */
  readonly date?: string;
  readonly failures?: readonly FailureRow[];
}

/** Pure: same files and options, same report. */
export function reportEstate(files: readonly InputFile[], options: ReportOptions): Reported {
  const opened = openEstate(files, { failureWork: THOROUGH_FAILURE_WORK, ...options });
  const checked = checkOpened(opened, options);
  if (opened.view === undefined || checked.report === undefined) return { checked, view: undefined };
  const view = reportView(opened.view, opened.document, checked, checked.report, options);
  return { checked, view: withoutSecrets(view, secretsOf(opened.view)) };
}

function reportView(
  view: EstateView,
  document: EstateDocument,
  checked: Checked,
  check: CheckReport,
  { version, date, failures = failureRows(view) }: ReportOptions,
): ReportView {
  // An accepted finding answers the checklist as one that counts does: accepting a risk makes nothing ready.
  const all = [...checked.findings, ...checked.accepted.map(({ finding }) => finding)];
  const items = readinessItems(view, RULES, all, checked.unknown);
  const flows = flowsOf(view);
  const ids = [
    ...all.flatMap((each) => each.ids),
    ...check.roundTrips.flatMap((trip) =>
      [trip.forward, ...(trip.return === undefined ? [] : [trip.return])].flatMap(({ hops }) =>
        hops.flatMap((hop) => hop.facts),
      ),
    ),
    ...items.filter(({ original }) => original).flatMap((item) => item.facts),
    ...resilienceOfCircuits(view).map((each) => each.fact),
    ...check.resiliency.flatMap(({ parts }) => [...parts.map((each) => each.fact), 'ER-253', 'ER-257']),
    ...view.data.roundTrips.flatMap(({ demand }) => demand.flow.conflicts),
  ];
  return {
    bothways: version,
    schema: 'urn:bothways:report:1',
    estate: check.estate,
    date,
    check,
    findings: checked.findings.map((each) => ({ ...findingToJson(each), owner: ownerOf(each) })),
    accepted: checked.accepted.map(({ finding, risk }) => ({
      name: risk.name,
      because: risk.because,
      until: risk.until,
      finding: findingToJson(finding),
    })),
    topology: networkDiagram(view),
    paths: pathPictures(check.roundTrips),
    failedPaths: failedPaths(view),
    readiness: { score: readinessScore(items), items },
    resilience: resilienceOfCircuits(view),
    failureBound: studyTooLarge(view),
    intents: intentsOf(view, document),
    failures,
    flows,
    assumptions: defaultsApplied(document).map(({ path, value, because }) => ({
      path: path.join('.'),
      value: Array.isArray(value) ? value.join(', ') : String(value),
      because,
    })),
    facts: factsCited(ids),
    contradictions: contradictionsMet(ids),
    addressFiles: addressFilesInUse(),
  };
}

/** Every single failure that changes a round trip; undefined: more than a report computes. */
function failureRows(view: EstateView): readonly FailureRow[] | undefined {
  const study = failureStudy(view);
  if (study === undefined) return undefined;
  const rows = study.singles().map((effect): FailureRow => {
    const lost = lostIn(effect);
    const moved = effect.changes.length - new Set(lost.map(({ demand }) => demand.id)).size;
    const seconds = study.detection(effect.set).detect?.most;
    const noticed =
      seconds === undefined || seconds < 1000 ? '' : `; noticed after up to ${Math.round(seconds / 1000)} s`;
    const says = lost.length === 0 ? 'everything arrives by another way' : `lost: ${tripsText(lost)}`;
    return { elements: effect.elements.map(({ id }) => id), broken: lost.length, changed: moved, says: says + noticed };
  });
  const cut = study.leaves.map(
    ({ element, site }): FailureRow => ({
      elements: [element.id],
      broken: view.data.roundTrips.filter(({ demand }) => demand.source.name === site).length,
      changed: 0,
      says: `${site} is cut off: it has no other way out`,
    }),
  );
  return [...rows, ...cut].sort((a, b) => b.broken - a.broken || b.changed - a.changed);
}

/** More pictures than this say no more. */
const mostFailedPaths = 6;

/** What is lost first, then what moves; of failures that tell the same story the first. */
function failedPaths(view: EstateView): readonly FailedPath[] {
  const effects = failureStudy(view)?.singles() ?? [];
  const stories = effects.flatMap((effect) => {
    // Whoever stands at the device that failed sends nothing: there is no way to draw.
    const lost = lostIn(effect).filter(({ forward }) => forward.path.disposition !== 'device-down');
    const held = new Set(effect.changes.flatMap(({ before }) => before));
    const moved = effect.changes.flatMap(({ after }) =>
      after.filter((trip) => trip.outcome === 'holds' && !held.has(trip)),
    );
    const elements = effect.elements.map(({ id }) => id);
    return [...lost.slice(0, 1), ...moved.slice(0, 1)].map((trip) => ({ elements, trip: roundTripView(view, trip) }));
  });
  const pictures = pathPictures(stories.map(({ trip }) => trip));
  return pictures.slice(0, mostFailedPaths).flatMap((picture) => {
    const of = stories.find(({ trip }) => trip === picture.trip);
    return of === undefined ? [] : [{ elements: of.elements, picture }];
  });
}

const owners: Readonly<Record<string, Owner>> = {
  circuits: 'wan',
  expressRouteEdges: 'wan',
  wan: 'wan',
  routing: 'wan',
  maintenance: 'wan',
  internetEdges: 'edges',
  firewalls: 'edges',
  proxies: 'edges',
  environments: 'power-platform',
  connectors: 'power-platform',
  dataGateways: 'power-platform',
  desktopFlowMachines: 'power-platform',
  azure: 'azure',
  services: 'servers',
};

function ownerOf({ subject = '' }: Finding): Owner {
  return owners[subject.split(/[.[]/)[0] ?? ''] ?? 'architecture';
}

export function flowsOf(view: EstateView): readonly ReportFlow[] {
  const ids = [...new Set(view.estate.demands.flatMap(({ flows }) => flows))].sort();
  return ids.flatMap((id) => {
    const known = flow(id);
    if (known === undefined) return [];
    const trips = view.data.roundTrips.filter(({ demand }) => demand.flow.id === id);
    const ways = trips.map(({ forward }) =>
      forward.via.kind === 'internal'
        ? 'own network'
        : `${forward.via.kind === 'expressroute' ? 'circuit' : 'internet'} ${forward.via.name}`,
    );
    const outcomes = trips.map(({ outcome }) => outcome);
    return [
      {
        id,
        name: known.name,
        openedBy: known.tcpOpenedBy,
        protocol: known.protocol,
        eligibility: known.expressRoute,
        reason: known.reason,
        confidence: known.confidence,
        ways: [...new Set(ways)].sort(),
        outcome:
          outcomes.length === 0
            ? 'not-followed'
            : ((['broken', 'unknown', 'holds'] as const).find((each) => outcomes.includes(each)) ?? 'unknown'),
      },
    ];
  });
}

function factsCited(ids: readonly string[]): readonly ReportFact[] {
  return [...new Set(ids)].sort().flatMap((id) => {
    const found = fact(id);
    if (found === undefined || contradiction(id) !== undefined) return [];
    const { statement, source, date, confidence } = found;
    return [{ id, statement, source: source.document, date, confidence }];
  });
}

function contradictionsMet(ids: readonly string[]): readonly ReportContradiction[] {
  return [...new Set(ids)].sort().flatMap((id) => {
    const found = contradiction(id);
    if (found === undefined) return [];
    const claims = found.claims.map(({ source, date, says }) => ({ source: source.document, date, says }));
    return [{ id, about: found.topic, used: found.statement, claims }];
  });
}

/** What must not be printed. Nothing above takes it in; this makes sure, whatever name or note repeats a key. */
function secretsOf(view: EstateView): readonly string[] {
  const keys = view.estate.circuits.flatMap(({ serviceKey, microsoftPeering, privatePeering }) => [
    serviceKey,
    microsoftPeering?.md5,
    privatePeering?.md5,
  ]);
  return keys.flatMap((key) => key?.reveal() ?? []).filter(({ length }) => length >= 4);
}

function withoutSecrets(view: ReportView, secrets: readonly string[]): ReportView {
  if (secrets.length === 0) return view;
  const text = JSON.stringify(view, (_, each: unknown) => (typeof each === 'string' ? redact(each, secrets) : each));
  const covered: unknown = JSON.parse(text);
  if (!isCopyOf(covered, view)) throw new Error('the copy of a report is no report');
  return covered;
}

/** What went through text and back: the same keys, and nothing but strings changed. */
function isCopyOf<T>(value: unknown, original: T): value is T {
  return typeof value === typeof original;
}
