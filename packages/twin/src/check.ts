/** The main question: does every demand work, both ways? As plain values for the terminal, the page and JSON. */
import {
  type AcceptedFinding,
  applyAcceptedRisks,
  checkRules,
  type EstateView,
  type HopWords,
  hopWords,
  packetText,
  placeOfOrigins,
  type ResiliencyIndex,
  RULES,
  resiliencyIndices,
} from '@bothways/checks';
import {
  type Baseline,
  type BaselineEntry,
  compareFindings,
  countFindings,
  type Finding,
  type FindingJson,
  findingToJson,
  fingerprints,
  type Place,
  type Severity,
  since,
  type UnknownAnswer,
} from '@bothways/diagnostics';
import { type EstateDocument, subjectAt } from '@bothways/estate';
import {
  DISPOSITION_CONDITIONS,
  deviceAt,
  lastHop,
  type RoundTrip,
  type SessionAssumptions,
  viaText,
  type Way,
} from '@bothways/forwarding';
import { setPrefixes, setSize } from '@bothways/net';
import { addressFilesInUse } from './address-files.ts';
import { type InputFile, type Opened, type OpenOptions, openEstate, sessionAssumptions } from './estate-view.ts';
import { type OverviewLine, overviewOf, type Verdict } from './overview.ts';
import { type LoadView, loadJson, loadView, type QualityView, qualityJson, qualityView } from './quality-view.ts';

export interface Checked {
  /** False: the document has errors, and nothing was computed. */
  readonly usable: boolean;
  readonly findings: readonly Finding[];
  /** What the rules could not judge, by the input that is missing. */
  readonly unknown: readonly UnknownAnswer[];
  /** Texts by file name, for rendering. */
  readonly sources: ReadonlyMap<string, string>;
  readonly report: CheckReport | undefined;
  /** Findings that the document takes on, with the reason; not among `findings`. */
  readonly accepted: readonly AcceptedFinding[];
  /** Set after a comparison with an earlier run: `findings` are then only those that came since. */
  readonly since?: { readonly known: readonly Finding[]; readonly gone: readonly BaselineEntry[] };
}

export interface CheckOptions extends OpenOptions {
  /** ISO date against which accepted risks run out; without it none that ends is believed. */
  readonly today?: string;
}

export interface CheckReport {
  readonly verdict: Verdict;
  /** Name of the organisation. */
  readonly estate: string;
  readonly summary: Summary;
  readonly roundTrips: readonly RoundTripView[];
  readonly overview: readonly OverviewLine[];
  /** Worked out when it is first asked for. */
  readonly load: LoadView;
  /** Microsoft's index of each gateway, and the same table over Microsoft peering; worked out when first asked for. */
  readonly resiliency: readonly ResiliencyIndex[];
}

export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly roundTrips: number;
  readonly broken: number;
}

export interface WayView {
  readonly disposition: string;
  /** 'expressroute:NAME', 'internet:NAME' or 'internal'. */
  readonly via: string;
  readonly hops: readonly HopWords[];
}

export interface RoundTripView {
  readonly id: string;
  readonly flow: string;
  readonly flowName: string;
  readonly source: string;
  readonly destination: string;
  readonly environment: string | undefined;
  readonly family: 4 | 6;
  readonly scenario: readonly string[];
  readonly outcome: Verdict;
  /** The packet as the client sends it, and as Microsoft sees it. */
  readonly packet: { readonly sent: string; readonly received: string };
  /** What the verdict covers: prefixes in their shortest form and addresses. */
  readonly covers: { readonly prefixes: number; readonly addresses: string };
  readonly forward: WayView;
  readonly return: WayView | undefined;
  readonly symmetric: boolean;
  readonly symmetry: RoundTrip['symmetry'];
  readonly branches: number;
  readonly droppedAt:
    | { readonly device: string; readonly reason: string; readonly place: Place | undefined }
    | undefined;
  /** Of the service, 'tcp/443' or 'tcp/5671-5672'; empty where nobody says which. */
  readonly ports: readonly string[];
  /** Who opens the session. */
  readonly openedBy: 'customer' | 'microsoft';
  readonly asymmetry: RoundTrip['asymmetry'];
  /** Of an unknown outcome: what is not known. */
  readonly because: string | undefined;
  /** Worked out when it is first asked for. */
  readonly quality: QualityView;
}

/** Checks an estate. Pure; never throws on a bad document. */
export function checkEstate(files: readonly InputFile[], options: CheckOptions = {}): Checked {
  return checkOpened(openEstate(files, options), options);
}

/** The same for an estate that is open already. */
export function checkOpened({ document, findings: ofDocument, view }: Opened, options: CheckOptions): Checked {
  const { today } = options;
  const sources = document.printableSources;
  if (view === undefined) {
    const findings = withSubjects(document, ofDocument);
    return { usable: false, findings, unknown: [], sources, report: undefined, accepted: [] };
  }
  const judged = checkRules(view);
  const all = withSubjects(document, [...ofDocument, ...judged.findings].sort(compareFindings));
  const names = RULES.map((rule) => rule.name);
  const { findings, accepted } = applyAcceptedRisks(document, view.estate.acceptedRisks, all, names, today);
  return {
    usable: true,
    findings,
    unknown: judged.unknown,
    sources,
    report: reportOf(view, findings, sessionAssumptions(options)),
    accepted,
  };
}

function withSubjects(document: EstateDocument, findings: readonly Finding[]): readonly Finding[] {
  return findings.map((each) => ({ ...each, subject: subjectAt(document, each.place) }));
}

function reportOf(view: EstateView, findings: readonly Finding[], assumptions: SessionAssumptions): CheckReport {
  let load: LoadView | undefined;
  let resiliency: readonly ResiliencyIndex[] | undefined;
  const trips = view.data.roundTrips;
  const counts = countFindings(findings);
  const broken = trips.filter((trip) => trip.outcome === 'broken').length;
  const unknown = trips.some((trip) => trip.outcome === 'unknown');
  const verdict: Verdict = broken > 0 || counts.error > 0 ? 'broken' : unknown ? 'unknown' : 'holds';
  return {
    verdict,
    estate: view.estate.organisation.name,
    summary: {
      errors: counts.error,
      warnings: counts.warning,
      notes: counts.note,
      roundTrips: trips.length,
      broken,
    },
    roundTrips: trips.map((trip) => roundTripView(view, trip)),
    overview: overviewOf(view),
    get load() {
      load ??= loadView(view, assumptions);
      return load;
    },
    get resiliency() {
      resiliency ??= resiliencyIndices(view);
      return resiliency;
    },
  };
}

export function roundTripView(view: EstateView, trip: RoundTrip): RoundTripView {
  const { demand, forward, back } = trip;
  const sent = forward.path.hops[0]?.packet ?? forward.path.last;
  let quality: QualityView | undefined;
  const lost = back ?? forward;
  return {
    id: trip.id,
    flow: demand.flow.id,
    flowName: demand.flow.name,
    source: demand.source.name,
    destination: demand.target.name,
    environment: demand.environment,
    family: trip.family,
    scenario: [],
    outcome: trip.outcome,
    packet: { sent: packetText(sent), received: packetText(forward.path.last) },
    covers: {
      prefixes: setPrefixes(trip.covers, trip.family).length,
      addresses: setSize(trip.covers, trip.family).toString(),
    },
    forward: wayView(view, forward),
    return: back === undefined ? undefined : wayView(view, back),
    symmetric: trip.symmetry.edge,
    symmetry: trip.symmetry,
    branches: trip.branches,
    droppedAt: lost.disposition === 'delivered' ? undefined : droppedAt(view, lost),
    ports: trip.ports.map(({ protocol, first, last }) => `${protocol}/${first}${last === first ? '' : `-${last}`}`),
    openedBy: demand.opener,
    asymmetry: trip.asymmetry,
    because: trip.because,
    get quality() {
      quality ??= qualityView(view, trip);
      return quality;
    },
  };
}

function wayView(view: EstateView, way: Way): WayView {
  return { disposition: way.disposition, via: viaText(way.via), hops: hopWords(view, way) };
}

function droppedAt(view: EstateView, way: Way): RoundTripView['droppedAt'] {
  const hop = lastHop(way.path);
  const device = deviceAt(view.compiled.network, hop.device);
  const dropped = hop.steps.find((step) => step.kind === 'dropped');
  return {
    device: device.name,
    reason: DISPOSITION_CONDITIONS[way.disposition],
    place: placeOfOrigins(view, [...(dropped?.origins ?? []), ...device.origins]),
  };
}

/** Only what came since the baseline; the verdict stays that of the whole. */
export function checkedSince(checked: Checked, baseline: Baseline): Checked {
  const { added, known, gone } = since(checked.findings, baseline);
  return { ...checked, findings: added, since: { known, gone } };
}

const mildestLast: readonly Severity[] = ['error', 'warning', 'note'];

/**
 * Whether the check fails: a finding at or above the severity, or a broken round trip that nothing accepted or known
 * stands for. (Every broken round trip has a finding, so what is left without one was accepted or was there before.)
 */
export function checkFails({ findings, report, accepted, since: earlier }: Checked, failOn: Severity): boolean {
  const counting = mildestLast.slice(0, mildestLast.indexOf(failOn) + 1);
  if (findings.some(({ severity }) => counting.includes(severity))) return true;
  return report?.verdict === 'broken' && accepted.length === 0 && earlier === undefined;
}

/** The JSON contract of `check --format json`; keys in a fixed order, new keys only at the end of their object. */
export function checkJson(checked: Checked, version: string): object {
  const { report } = checked;
  return {
    bothways: version,
    schema: 'urn:bothways:check:1',
    // A document that cannot be used has no name and no answer.
    estate: report?.estate ?? '',
    verdict: report?.verdict ?? 'unknown',
    summary: report?.summary ?? { ...countSummary(checked.findings), roundTrips: 0, broken: 0 },
    roundTrips: report?.roundTrips.map(roundTripJson) ?? [],
    findings: findingsJson(checked.findings),
    addressFiles: addressFilesInUse(),
    accepted: checked.accepted.map(({ finding, risk }) => ({
      name: risk.name,
      because: risk.because,
      until: risk.until ?? null,
      finding: findingToJson(finding),
    })),
    since:
      checked.since === undefined
        ? null
        : { known: checked.since.known.length, gone: checked.since.gone.map((each) => ({ ...each })) },
    unknown: checked.unknown.map(unknownJson),
    load: report === undefined ? null : loadJson(report.load),
    resiliency: (report?.resiliency ?? []).map(resiliencyJson),
  };
}

/** Points of `most`; what is not in the document makes it a range. */
function resiliencyJson({ of, reading, lowest, highest, most, parts }: ResiliencyIndex): object {
  return {
    of,
    reading,
    lowest,
    highest,
    most,
    parts: parts.map((each) => ({
      part: each.part,
      lowest: each.lowest,
      highest: each.highest,
      because: each.because,
      fact: each.fact,
    })),
  };
}

function findingsJson(findings: readonly Finding[]): readonly FindingJson[] {
  return fingerprints(findings).map(({ finding, fingerprint }) => findingToJson(finding, [], fingerprint));
}

function countSummary(findings: readonly Finding[]): Pick<Summary, 'errors' | 'warnings' | 'notes'> {
  const counts = countFindings(findings);
  return { errors: counts.error, warnings: counts.warning, notes: counts.note };
}

export function roundTripJson(trip: RoundTripView): object {
  return {
    id: trip.id,
    flow: trip.flow,
    source: trip.source,
    destination: trip.destination,
    scenario: trip.scenario,
    forward: wayJson(trip.forward),
    return: trip.return === undefined ? null : wayJson(trip.return),
    symmetric: trip.symmetric,
    droppedAt:
      trip.droppedAt === undefined
        ? null
        : {
            device: trip.droppedAt.device,
            reason: trip.droppedAt.reason,
            place: trip.droppedAt.place === undefined ? null : placeJson(trip.droppedAt.place),
          },
    outcome: trip.outcome,
    family: trip.family,
    environment: trip.environment ?? null,
    packet: trip.packet,
    covers: trip.covers,
    symmetry: trip.symmetry,
    branches: trip.branches,
    ports: trip.ports,
    openedBy: trip.openedBy,
    asymmetry: trip.asymmetry,
    because: trip.because ?? null,
    quality: qualityJson(trip.quality),
  };
}

function wayJson(way: WayView): object {
  return {
    disposition: way.disposition,
    via: way.via,
    hops: way.hops.map((hop) => ({
      device: hop.device,
      action: hop.action,
      detail: hop.detail,
      place: hop.place === undefined ? null : placeJson(hop.place),
      facts: hop.facts,
    })),
  };
}

function unknownJson({ rule, ids, input, message, place }: UnknownAnswer): object {
  return { rule, ids, input, message, place: place === undefined ? null : placeJson(place) };
}

function placeJson(place: Place): object {
  return { file: place.file, line: place.line, column: place.column };
}
