/** An intent is a test: what must hold, in the user's words, with the packet that breaks it. */
import type { Intent } from '@bothways/estate';
import { type RoundTrip, viaText } from '@bothways/forwarding';
import { tripEvidence, tripsText } from '../causes.ts';
import { type IntentPart, shortfallOf, tripsOfIntent } from '../intent-verdict.ts';
import { defineRule } from '../rule.ts';

interface BrokenIntent {
  readonly intent: Intent;
  readonly broken: readonly [RoundTrip, ...RoundTrip[]];
  readonly of: number;
  /** What the first of them lacks. */
  readonly part: IntentPart;
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
      const trips = tripsOfIntent(view, intent);
      const lacking = trips.flatMap((trip) => {
        const part = shortfallOf(view, intent, trip);
        return part?.outcome === 'broken' ? [{ trip, part }] : [];
      });
      const [first, ...rest] = lacking;
      if (first === undefined) return [];
      return [{ intent, broken: [first.trip, ...rest.map(({ trip }) => trip)], of: trips.length, part: first.part }];
    }),
  word: ({ intent, broken, of, part }, view) => ({
    message: `intent ${intent.name} does not hold for ${tripsText(broken)}: ${shortfall(intent, broken[0], part)} (${broken.length} of ${of} round trips)`,
    path: intent.path,
    ...(intent.because === undefined ? {} : { why: intent.because }),
    // A lost packet is shown by the finding that explains it; here only one that took another way than intended.
    evidence: broken[0].outcome === 'holds' ? tripEvidence(view, broken[0]) : [],
  }),
});

function shortfall(intent: Intent, trip: RoundTrip, part: IntentPart): string {
  if (part.kind === 'delivered') return 'the answer does not arrive';
  if (part.kind === 'private') return part.because;
  return `it should use ${intent.over}, but goes over ${viaText(trip.forward.via)}`;
}
