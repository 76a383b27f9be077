/** An intent is a test: what must hold, in the user's words, with the packet that breaks it. */
import type { Intent } from '@bothways/estate';
import { type RoundTrip, viaText } from '@bothways/forwarding';
import { tripEvidence, tripsText } from '../causes.ts';
import { defineRule } from '../rule.ts';
import type { CheckView } from '../view.ts';

interface BrokenIntent {
  readonly intent: Intent;
  readonly broken: readonly [RoundTrip, ...RoundTrip[]];
  readonly of: number;
}

export const intentHolds = defineRule<BrokenIntent>({
  name: 'intent-holds',
  title: 'An intent of the document does not hold',
  family: 'round trips',
  severity: 'error',
  ids: ['PP-C01', 'CHK-PP-01', 'CHK-PP-13', 'CHK-M365-15'],
  what: 'Compares every round trip that an intent speaks of with what the intent asks for: delivered both ways, over a circuit or over the internet, in both directions.',
  why: 'The document says that this must hold.',
  fix: 'mend the cause named by the other findings, or change the intent',
  status: 'stable',
  since: '0.1.0',
  fires: {
    title: 'the intent wants a circuit, but none is learned from',
    replace: [{ text: '\n      routeFilter: [West Europe, North Europe]', by: '' }],
  },
  silent: { title: 'Dataverse rides the circuit, as the intent wants', replace: [] },
  find: (view) =>
    view.estate.intents.flatMap((intent) => {
      const trips = tripsOf(view, intent);
      const [first, ...rest] = trips.filter((trip) => !satisfies(intent, trip));
      return first === undefined ? [] : [{ intent, broken: [first, ...rest], of: trips.length }];
    }),
  word: ({ intent, broken, of }, view) => ({
    message: `intent ${intent.name} does not hold for ${tripsText(broken)}: ${shortfall(intent, broken[0])} (${broken.length} of ${of} round trips)`,
    path: intent.path,
    ...(intent.because === undefined ? {} : { why: intent.because }),
    // A lost packet is shown by the finding that explains it; here only one that took another way than intended.
    evidence: broken[0].outcome === 'holds' ? tripEvidence(view, broken[0]) : [],
  }),
});

function tripsOf(view: CheckView, intent: Intent): readonly RoundTrip[] {
  return view.data.roundTrips.filter(
    ({ demand }) =>
      intent.flows.includes(demand.flow.id) &&
      intent.from.includes(demand.site.name) &&
      (demand.environment === undefined || intent.to.includes(demand.environment)),
  );
}

function satisfies(intent: Intent, trip: RoundTrip): boolean {
  if (trip.outcome !== 'holds') return false;
  if (intent.over === 'any') return true;
  const vias = [trip.forward.via, ...(trip.back === undefined ? [] : [trip.back.via]), ...trip.otherVias];
  return vias.every((via) => via.kind === intent.over);
}

function shortfall(intent: Intent, trip: RoundTrip): string {
  if (trip.outcome !== 'holds') return 'the answer does not arrive';
  return `it should use ${intent.over}, but goes over ${viaText(trip.forward.via)}`;
}
