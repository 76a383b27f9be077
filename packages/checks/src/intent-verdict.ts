/**
 * Intents as tests: each one held, broken or unknown, part by part, with the round trip that shows it.
 *
 * Delivery, the way taken and privacy are read off the round trips of the normal state. How long a round trip takes, what
 * a user gets and how full links are is decided by the measures of the data plane; a caller may pass others for the normal
 * state (`IntentFunctions`). Under the failures that the intent claims to survive all of it is asked again. A broken part
 * breaks the intent whatever the others say; an unknown one leaves it unknown.
 */
import type { Intent } from '@bothways/estate';
import { deviceAt, publicLink, type RoundTrip, viaText } from '@bothways/forwarding';
import { listText } from './causes.ts';
import { claims, elementsText, failureStudy, isAtFailedSite, studyTooLarge } from './failure-study.ts';
import { bandwidthOf, latencyOf, loadOnWay } from './measures.ts';
import type { EstateView } from './view.ts';

export type IntentOutcome = RoundTrip['outcome'];

/** What an intent can ask for. */
export type IntentPartKind = 'delivered' | 'way' | 'private' | 'failures' | 'latency' | 'bandwidth' | 'load';

export interface PartVerdict {
  readonly outcome: IntentOutcome;
  /** One sentence without a full stop. */
  readonly because: string;
  /** The round trip that breaks it, or leaves it unknown. */
  readonly counterexample?: RoundTrip;
  /** Smallest sets of elements whose failure breaks it. */
  readonly failingSets?: readonly (readonly string[])[];
}

export interface IntentPart extends PartVerdict {
  readonly kind: IntentPartKind;
}

export interface IntentVerdict {
  readonly intent: Intent;
  readonly outcome: IntentOutcome;
  readonly parts: readonly IntentPart[];
  /** The round trips the intent speaks of. */
  readonly trips: readonly RoundTrip[];
}

/** What measures a round trip; each is asked only where an intent wants it. */
export interface IntentFunctions {
  /** Whether the round trip stays below the milliseconds. */
  readonly latency: (view: EstateView, trip: RoundTrip, milliseconds: number) => PartVerdict;
  /** Whether every user gets the bits per second. */
  readonly bandwidth: (
    view: EstateView,
    intent: Intent,
    trips: readonly RoundTrip[],
    bitsPerSecond: number,
  ) => PartVerdict;
  /** Whether no link on the way is used above the fraction. */
  readonly load: (view: EstateView, trip: RoundTrip, fraction: number) => PartVerdict;
}

const MEASURES: IntentFunctions = { latency: latencyOf, bandwidth: bandwidthOf, load: loadOnWay };

export function intentVerdicts(view: EstateView, functions: Partial<IntentFunctions> = {}): readonly IntentVerdict[] {
  return view.estate.intents.map((intent) => intentVerdict(view, intent, functions));
}

export function intentVerdict(
  view: EstateView,
  intent: Intent,
  functions: Partial<IntentFunctions> = {},
): IntentVerdict {
  const trips = tripsOfIntent(view, intent);
  const parts = partsOf(view, intent, trips, { ...MEASURES, ...functions });
  return { intent, outcome: worstOf(parts.map((each) => each.outcome)), parts, trips };
}

/** The round trips an intent speaks of. */
export function tripsOfIntent(view: EstateView, intent: Intent): readonly RoundTrip[] {
  return view.data.roundTrips.filter(speaks(intent));
}

/** Whether an intent speaks of a round trip. */
function speaks(intent: Intent): (trip: RoundTrip) => boolean {
  const flows = new Set(intent.flows);
  const from = new Set([...intent.from, ...intent.users]);
  const to = new Set(intent.to);
  return ({ demand: { flow, site, environment, target } }) =>
    flows.has(flow.id) &&
    from.has(site.name) &&
    (environment === undefined || to.has(environment) || intent.vnets.includes(target.name));
}

/** What a single round trip lacks of what the intent asks for, delivery first; nothing: it is as it should be. */
export function shortfallOf(view: EstateView, intent: Intent, trip: RoundTrip): IntentPart | undefined {
  const lost = delivered(trip);
  if (lost !== undefined) return { kind: 'delivered', ...lost };
  const diverted = intent.over === 'any' ? undefined : wayTaken(intent.over, trip);
  if (diverted !== undefined) return { kind: 'way', ...diverted };
  const exposed = intent.private ? privacy(view, trip) : undefined;
  return exposed === undefined ? undefined : { kind: 'private', ...exposed };
}

function partsOf(
  view: EstateView,
  intent: Intent,
  trips: readonly RoundTrip[],
  functions: IntentFunctions,
): readonly IntentPart[] {
  if (trips.length === 0) {
    const flows = listText(intent.flows);
    return [
      {
        kind: 'delivered',
        outcome: 'unknown',
        because: `no demand of the document carries ${flows} from ${listText(intent.from)}, so there is no packet to follow`,
      },
    ];
  }
  const parts: IntentPart[] = [
    { kind: 'delivered', ...each(trips, delivered, `${trips.length} round trips arrive, both ways`) },
  ];
  if (intent.over !== 'any') {
    const over = intent.over === 'expressroute' ? 'a circuit' : 'the internet';
    parts.push({ kind: 'way', ...each(trips, (trip) => wayTaken(intent.over, trip), `both directions use ${over}`) });
  }
  if (intent.private) {
    parts.push({
      kind: 'private',
      ...each(
        trips,
        (trip) => privacy(view, trip),
        "no part of either direction crosses the internet before Microsoft's edge",
      ),
    });
  }
  const { latency, minimumBandwidthPerUser, load } = intent;
  if (latency !== undefined) {
    parts.push({ kind: 'latency', ...measured(trips, (trip) => functions.latency(view, trip, latency)) });
  }
  if (minimumBandwidthPerUser !== undefined) {
    parts.push({ kind: 'bandwidth', ...functions.bandwidth(view, intent, trips, minimumBandwidthPerUser) });
  }
  if (load !== undefined) {
    parts.push({ kind: 'load', ...measured(trips, (trip) => functions.load(view, trip, load)) });
  }
  if (intent.survives !== 'nothing') {
    parts.push({ kind: 'failures', ...survival(view, intent, trips, worstOf(parts.map(({ outcome }) => outcome))) });
  }
  return parts;
}

/**
 * Whether everything the intent asks for holds under the failures that it claims to survive. A site whose only way out
 * fails is cut off, and a site that fails as a whole has nobody left who could miss anything.
 */
function survival(view: EstateView, intent: Intent, trips: readonly RoundTrip[], before: IntentOutcome): PartVerdict {
  const asked = survivesText(intent);
  const spoken = speaks(intent);
  if (before === 'broken') return { outcome: 'broken', because: 'it does not hold before anything fails' };
  const study = failureStudy(view);
  if (study === undefined)
    return { outcome: 'unknown', because: `whether it survives ${asked}: ${studyTooLarge(view)}` };
  const from = new Set(trips.map(({ demand }) => demand.source.name));
  const failing: { readonly set: readonly string[]; readonly part: PartVerdict }[] = study.leaves
    .filter(({ element, site }) => from.has(site) && claims(intent, { set: NO_SET, elements: [element], changes: [] }))
    .map(({ element, site }) => ({
      set: [element.id],
      part: { outcome: 'broken', because: `${site} has no other way out` },
    }));
  let open: PartVerdict | undefined;
  const effects = [...study.singles(), ...(intent.survives === 'any-two-failures' ? (study.pairs() ?? []) : [])];
  for (const effect of effects) {
    if (!claims(intent, effect)) continue;
    const names = effect.elements.map(({ id }) => id);
    if (failing.some(({ set }) => set.every((id) => names.includes(id)))) continue;
    for (const trip of effect.changes.flatMap(({ after }) => after)) {
      if (!spoken(trip) || isAtFailedSite(effect, trip)) continue;
      const part = shortfallOf(view, intent, trip) ?? tooSlow(view, intent, trip);
      if (part?.outcome === 'broken') {
        failing.push({ set: names, part: { ...part, counterexample: trip } });
        break;
      }
      if (part?.outcome === 'unknown')
        open ??= { ...part, because: `when ${elementsText(effect)} fails, ${part.because}` };
    }
    if (failing.at(-1)?.set === names) continue;
    const lines = study.measured(effect.set, intent);
    if (lines?.outcome === 'broken') {
      failing.push({ set: names, part: { outcome: 'broken', because: lines.reason } });
    } else if (lines?.outcome === 'unknown') {
      open ??= { outcome: 'unknown', because: `when ${elementsText(effect)} fails, ${lines.reason}` };
    }
  }
  const [first] = failing;
  if (first !== undefined) {
    const more = failing.length === 1 ? '' : `; ${failing.length} smallest sets of failures break it`;
    return {
      ...first.part,
      because: `when ${first.set.join(' and ')} ${first.set.length === 1 ? 'fails' : 'fail'}, ${first.part.because}${more}`,
      failingSets: failing.map(({ set }) => set),
    };
  }
  if (open !== undefined) return open;
  if (intent.survives === 'any-two-failures' && study.pairs() === undefined) {
    return { outcome: 'unknown', because: `it survives any single failure; any two are ${studyTooLarge(view)}` };
  }
  return { outcome: 'holds', because: `it holds under ${asked}, ${study.count} elements that can fail` };
}

/** Undefined: it is fast enough, or nobody asks. */
function tooSlow(view: EstateView, { latency }: Intent, trip: RoundTrip): PartVerdict | undefined {
  const measure = latency === undefined ? undefined : latencyOf(view, trip, latency);
  return measure?.outcome === 'holds' ? undefined : measure;
}

const NO_SET = { id: '', elements: [] };

/** 'any single failure', 'the failure of west or east'. */
export function survivesText({ survives }: Pick<Intent, 'survives'>): string {
  return typeof survives === 'string' ? survives.replaceAll('-', ' ') : `the failure of ${survives.join(' or ')}`;
}

type Judge = (trip: RoundTrip) => PartVerdict | undefined;

/** The worst verdict over all trips; `judge` gives nothing for a trip that is as it should be. */
function each(trips: readonly RoundTrip[], judge: Judge, holds: string): PartVerdict {
  const failing = trips.flatMap((trip) => {
    const verdict = judge(trip);
    return verdict === undefined || verdict.outcome === 'holds' ? [] : [{ counterexample: trip, ...verdict }];
  });
  const shown = failing.find(({ outcome }) => outcome === 'broken') ?? failing[0];
  if (shown === undefined) return { outcome: 'holds', because: holds };
  const count = failing.filter(({ outcome }) => outcome === shown.outcome).length;
  const share = trips.length === 1 ? '' : ` (${count} of ${trips.length} round trips)`;
  return { ...shown, because: `${shown.because}${share}` };
}

function delivered(trip: RoundTrip): PartVerdict | undefined {
  if (trip.outcome === 'holds') return undefined;
  const what = `${trip.demand.flow.id} from ${trip.demand.site.name} to ${trip.demand.target.name}`;
  if (trip.outcome === 'unknown')
    return { outcome: 'unknown', because: `what ${what} does is not public or cannot be followed` };
  return {
    outcome: 'broken',
    because: `${trip.back === undefined ? 'the request' : 'the answer'} of ${what} does not arrive`,
  };
}

function wayTaken(over: Intent['over'], trip: RoundTrip): PartVerdict | undefined {
  // Lost packets are the first part's to report.
  if (trip.outcome !== 'holds' || trip.back === undefined) return undefined;
  const wrong = [trip.forward.via, trip.back.via, ...trip.otherVias].find(({ kind }) => kind !== over);
  if (wrong === undefined) return undefined;
  const direction = wrong === trip.forward.via ? 'goes' : wrong === trip.back.via ? 'comes back' : 'also goes';
  return {
    outcome: 'broken',
    because: `${trip.demand.flow.id} from ${trip.demand.site.name} to ${trip.demand.target.name} ${direction} over ${viaText(wrong)}`,
  };
}

function privacy(view: EstateView, trip: RoundTrip): PartVerdict | undefined {
  for (const way of [trip.forward, ...(trip.back === undefined ? [] : [trip.back])]) {
    const link = publicLink(view.compiled.network, way);
    if (link !== undefined) {
      const between = [link.a, link.b].map((ix) => deviceAt(view.compiled.network, ix).name).join(' and ');
      const carried = link.kind === 'vpn' ? ', a tunnel over the internet,' : '';
      return {
        outcome: 'broken',
        because: `${trip.demand.flow.id} from ${trip.demand.site.name} crosses the internet: ${link.owner ?? link.name}${carried} between ${between}`,
      };
    }
  }
  return undefined;
}

function measured(trips: readonly RoundTrip[], judge: (trip: RoundTrip) => PartVerdict): PartVerdict {
  const verdicts = trips.map((trip) => ({ counterexample: trip, ...judge(trip) }));
  const shown =
    verdicts.find(({ outcome }) => outcome === 'broken') ??
    verdicts.find(({ outcome }) => outcome === 'unknown') ??
    verdicts[0];
  if (shown === undefined) throw new Error('a part of an intent without round trips');
  return shown;
}

function worstOf(outcomes: readonly IntentOutcome[]): IntentOutcome {
  if (outcomes.includes('broken')) return 'broken';
  return outcomes.includes('unknown') ? 'unknown' : 'holds';
}
