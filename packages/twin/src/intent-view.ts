/** The intents of a document as tests: each with its verdict, the reason part by part, and the packet that shows it. */
import {
  type EstateView,
  type IntentOutcome,
  type IntentPartKind,
  type IntentVerdict,
  intentVerdicts,
  survivesText,
} from '@bothways/checks';
import { type Finding, junitXml, type Place, type TestCase } from '@bothways/diagnostics';
import { type EstateDocument, formatBandwidth, formatDuration, formatPercentage, type Intent } from '@bothways/estate';
import { type RoundTripView, roundTripJson, roundTripView } from './check.ts';
import { type InputFile, type OpenOptions, openEstate, THOROUGH_FAILURE_WORK } from './estate-view.ts';

export interface IntentPartView {
  readonly kind: IntentPartKind;
  readonly outcome: IntentOutcome;
  readonly because: string;
  readonly counterexample: RoundTripView | undefined;
  readonly failingSets: readonly (readonly string[])[];
}

export interface IntentView {
  readonly name: string;
  /** What it asks for, in words. */
  readonly asks: string;
  /** The reason that the document gives. */
  readonly because: string | undefined;
  readonly place: Place;
  readonly outcome: IntentOutcome;
  readonly parts: readonly IntentPartView[];
  readonly roundTrips: number;
}

export interface Tested {
  readonly usable: boolean;
  readonly estate: string;
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  readonly intents: readonly IntentView[];
}

/** Judges every intent of an estate. Pure; never throws on a bad document. */
export function testEstate(files: readonly InputFile[], options: OpenOptions = {}): Tested {
  const { document, findings, view } = openEstate(files, { failureWork: THOROUGH_FAILURE_WORK, ...options });
  const sources = document.printableSources;
  if (view === undefined) return { usable: false, estate: '', findings, sources, intents: [] };
  return { usable: true, estate: view.estate.organisation.name, findings, sources, intents: intentsOf(view, document) };
}

export function intentsOf(view: EstateView, document: EstateDocument): readonly IntentView[] {
  return intentVerdicts(view).map((verdict) => ({
    ...intentView(verdict),
    place: document.placeOfKey(verdict.intent.path),
    parts: verdict.parts.map(({ kind, outcome, because, counterexample, failingSets }) => ({
      kind,
      outcome,
      because,
      counterexample: counterexample === undefined ? undefined : roundTripView(view, counterexample),
      failingSets: failingSets ?? [],
    })),
  }));
}

function intentView({
  intent,
  outcome,
  trips,
}: IntentVerdict): Pick<IntentView, 'name' | 'asks' | 'because' | 'outcome' | 'roundTrips'> {
  return { name: intent.name, asks: intentText(intent), because: intent.because, outcome, roundTrips: trips.length };
}

/** 'PP-F01 and PP-F02 from hq to production, both ways, over a circuit, within 150 ms'. */
export function intentText(intent: Intent): string {
  const { flows, from, users, to, vnets, services, over, latency, minimumBandwidthPerUser, load, survives } = intent;
  const over_ = { expressroute: ', over a circuit', internet: ', over the internet', any: '' }[over];
  return [
    `${names(flows)} from ${names([...from, ...users])} to ${names([...to, ...vnets, ...services])}, both ways${over_}`,
    ...(intent.private ? ['nothing of it on the internet'] : []),
    ...(latency === undefined ? [] : [`within ${formatDuration(latency)}`]),
    ...(minimumBandwidthPerUser === undefined ? [] : [`${formatBandwidth(minimumBandwidthPerUser)} for every user`]),
    ...(load === undefined ? [] : [`no link above ${formatPercentage(load)}`]),
    ...(survives === 'nothing' ? [] : [`surviving ${survivesText({ survives })}`]),
  ].join(', ');
}

function names(list: readonly string[]): string {
  return list.length > 4 ? `${list.slice(0, 3).join(', ')} and ${list.length - 3} more` : list.join(', ');
}

/** The JSON contract of `test --format json`; keys in a fixed order, new keys only at the end of their object. */
export function testJson({ usable, estate, intents, findings }: Tested, version: string): object {
  const count = (outcome: IntentOutcome): number => intents.filter((each) => each.outcome === outcome).length;
  return {
    bothways: version,
    schema: 'urn:bothways:test:1',
    estate,
    usable,
    summary: { intents: intents.length, held: count('holds'), broken: count('broken'), unknown: count('unknown') },
    intents: intents.map(({ name, asks, because, place, outcome, parts, roundTrips }) => ({
      name,
      asks,
      because: because ?? null,
      place: { file: place.file, line: place.line, column: place.column },
      outcome,
      roundTrips,
      parts: parts.map((part) => ({
        kind: part.kind,
        outcome: part.outcome,
        because: part.because,
        counterexample: part.counterexample === undefined ? null : roundTripJson(part.counterexample),
        failingSets: part.failingSets,
      })),
    })),
    errors: findings.filter(({ severity }) => severity === 'error').map(({ message }) => message),
  };
}

const caseOutcomes: Readonly<Record<IntentOutcome, TestCase['outcome']>> = {
  holds: 'passed',
  broken: 'failed',
  unknown: 'unknown',
};

export function testJunit({ estate, intents }: Tested): string {
  const cases = intents.map((intent): TestCase => {
    const shown = decisivePart(intent);
    return {
      group: 'intents',
      name: `${intent.name}: ${intent.asks}`,
      file: intent.place.file,
      line: intent.place.line,
      outcome: caseOutcomes[intent.outcome],
      ...(shown === undefined ? {} : { message: shown.because, kind: shown.kind }),
      details: intent.parts.flatMap((part) => [
        `${part.kind} ${part.outcome}: ${part.because}`,
        ...counterexampleLines(part),
      ]),
    };
  });
  return junitXml(`bothways test ${estate}`.trim(), [{ name: 'intents', cases }]);
}

/** The part that made the outcome what it is; undefined where everything holds. */
export function decisivePart({ outcome, parts }: IntentView): IntentPartView | undefined {
  return outcome === 'holds' ? undefined : parts.find((part) => part.outcome === outcome);
}

function counterexampleLines({ outcome, counterexample }: IntentPartView): readonly string[] {
  if (outcome === 'holds' || counterexample === undefined) return [];
  const { forward, return: back, packet } = counterexample;
  const chain = (way: RoundTripView['forward']): string => way.hops.map(({ device }) => device).join(' > ');
  return [
    `  packet ${packet.sent}`,
    `  there  ${chain(forward)} (${forward.via})`,
    `  back   ${back === undefined ? 'nothing to answer' : `${chain(back)} (${back.via})`}`,
  ];
}
