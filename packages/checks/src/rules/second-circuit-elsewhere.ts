/** An intent that bears any failure needs a circuit in a second peering location. */
import type { Circuit, Intent } from '@bothways/estate';
import { findPeeringLocation } from '@bothways/facts';
import { ANY_FAILURE, secondCircuit } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface OnePlace {
  readonly intent: Intent;
  readonly circuit: Circuit;
  readonly count: number;
  readonly location: string;
}

export const secondCircuitElsewhere = defineRule<OnePlace>({
  name: 'second-circuit-elsewhere',
  title: 'An intent bears any failure, but all circuits end in one peering location',
  family: 'resilience',
  severity: 'warning',
  ids: [
    'PP-C09',
    'PP-C37',
    'CHK-PP-08',
    'CHK-APRL-01',
    'CHK-APRL-14',
    'CHK-ALZ-20',
    'CHK-RC-04',
    'CHK-WAF-R01',
    'CHK-WAF-R03',
    'CHK-WAF-R08',
    'ER-010',
    'ER-138',
    'ER-146',
  ],
  what: 'Counts the peering locations of circuits with Microsoft peering where an intent wants a circuit and must bear any single failure.',
  why: 'A circuit has two links in one peering location. When the location, the provider or the circuit itself fails, only the internet is left, which the intent does not accept.',
  fix: 'add a circuit in another peering location, or let the intent accept the internet during a failure',
  status: 'stable',
  since: '0.1.0',
  fires: example('one circuit, and the intent bears any failure', ANY_FAILURE),
  silent: example('a second circuit in Amsterdam', ...secondCircuit(), ANY_FAILURE),
  find: (view) => {
    const peered = view.index.peered();
    const [first] = peered;
    if (first === undefined || new Set(peered.map(({ circuit }) => circuit.location)).size > 1) return [];
    const { circuit } = first;
    const location = findPeeringLocation(circuit.location)?.name ?? circuit.location;
    return view.index
      .resilientIntents()
      .filter(({ survives }) => survives === 'any-single-failure' || survives === 'any-two-failures')
      .map((intent) => ({ intent, circuit, count: peered.length, location }));
  },
  word: ({ intent, circuit, count, location }, view) => ({
    message: `intent ${intent.name} has to bear any failure over a circuit, but ${count === 1 ? `${circuit.name} is the only one` : `all ${count} circuits end in ${location}`}`,
    path: [...intent.path, 'survives'],
    related: [{ message: `where ${circuit.name} ends`, place: placeOf(view, [...circuit.path, 'location']) }],
  }),
});
