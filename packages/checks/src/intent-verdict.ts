/**
 * Intents as tests: each one held, broken or unknown, part by part, with the round trip that shows it.
 *
 * Delivery, the way taken and privacy are read off the round trips of the normal state. What happens under failures, how
 * long a round trip takes and what a user gets are decided by functions that the caller passes in (`IntentFunctions`);
 * without one of them that part is unknown, and says which input is missing. A broken part breaks the intent whatever
 * the others say; an unknown one leaves it unknown.
 */
import type { Intent } from '@bothways/estate';
import { deviceAt, linkAt, type RoundTrip, viaText, type Way } from '@bothways/forwarding';
import type { Link } from '@bothways/network';
import { listText } from './causes.ts';
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

/** What other parts of the program know; each is asked only where an intent wants it. */
export interface IntentFunctions {
  /** Whether everything else the intent asks for still holds under the failures it claims to survive. */
  readonly failures?: (view: EstateView, intent: Intent, trips: readonly RoundTrip[]) => PartVerdict;
  /** Whether the round trip stays below the milliseconds. */
  readonly latency?: (view: EstateView, trip: RoundTrip, milliseconds: number) => PartVerdict;
  /** Whether every user gets the bits per second. */
  readonly bandwidth?: (view: EstateView, trip: RoundTrip, bitsPerSecond: number) => PartVerdict;
  /** Whether no link on the way is used above the fraction. */
  readonly load?: (view: EstateView, trip: RoundTrip, fraction: number) => PartVerdict;
}

export function intentVerdicts(view: EstateView, functions: IntentFunctions = {}): readonly IntentVerdict[] {
  return view.estate.intents.map((intent) => intentVerdict(view, intent, functions));
}

function intentVerdict(view: EstateView, intent: Intent, functions: IntentFunctions = {}): IntentVerdict {
  const trips = tripsOfIntent(view, intent);
  const parts = partsOf(view, intent, trips, functions);
  return { intent, outcome: worstOf(parts.map((each) => each.outcome)), parts, trips };
}

/** The round trips an intent speaks of. */
function tripsOfIntent(view: EstateView, intent: Intent): readonly RoundTrip[] {
  return view.data.roundTrips.filter(
    ({ demand }) =>
      intent.flows.includes(demand.flow.id) &&
      intent.from.includes(demand.site.name) &&
      (demand.environment === undefined || intent.to.includes(demand.environment)),
  );
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
  if (intent.latency !== undefined) {
    const { latency } = intent;
    parts.push({
      kind: 'latency',
      ...measured(view, trips, latency, functions.latency, 'the latency of the links on the way'),
    });
  }
  if (intent.minimumBandwidthPerUser !== undefined) {
    const rate = intent.minimumBandwidthPerUser;
    parts.push({
      kind: 'bandwidth',
      ...measured(view, trips, rate, functions.bandwidth, 'the traffic on the links of the way'),
    });
  }
  if (intent.load !== undefined) {
    parts.push({
      kind: 'load',
      ...measured(view, trips, intent.load, functions.load, 'the traffic on the links of the way'),
    });
  }
  if (intent.survives !== 'nothing') {
    const unknown: PartVerdict = {
      outcome: 'unknown',
      because: `nothing was computed with failed elements, so whether it survives ${survivesText(intent)} is not known`,
    };
    parts.push({ kind: 'failures', ...(functions.failures?.(view, intent, trips) ?? unknown) });
  }
  return parts;
}

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
    const link = publicLink(view, way);
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

/** The first link of a way that belongs to the internet, or is a tunnel over it. */
function publicLink(view: EstateView, way: Way): Link | undefined {
  const { network } = view.compiled;
  const isPublic = (link: Link): boolean =>
    link.kind === 'internet' || (link.carriedBy ?? []).some((ix) => isPublic(linkAt(network, ix)));
  return way.path.hops.flatMap(({ leftOn }) => (leftOn === undefined ? [] : [linkAt(network, leftOn)])).find(isPublic);
}

function measured(
  view: EstateView,
  trips: readonly RoundTrip[],
  limit: number,
  judge: ((view: EstateView, trip: RoundTrip, limit: number) => PartVerdict) | undefined,
  missing: string,
): PartVerdict {
  if (judge === undefined)
    return { outcome: 'unknown', because: `${missing} is not computed, so this part is not known` };
  const verdicts = trips.map((trip) => ({ counterexample: trip, ...judge(view, trip, limit) }));
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
