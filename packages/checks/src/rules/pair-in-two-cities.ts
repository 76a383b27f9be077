/** Two peering locations of one city are two buildings, not two places. */
import type { Circuit } from '@bothways/estate';
import { findPeeringLocation } from '@bothways/facts';
import { secondCircuit } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface OneCity {
  readonly circuit: Circuit;
  readonly other: Circuit;
  readonly city: string;
}

export const pairInTwoCities = defineRule<OneCity>({
  name: 'pair-in-two-cities',
  title: 'Two paired circuits end in one city',
  family: 'resilience',
  severity: 'note',
  ids: ['PP-C37', 'CHK-APRL-01', 'CHK-WAF-R03', 'ER-138', 'ER-151'],
  what: 'Compares the cities of the peering locations of circuits that the document pairs for maximum resiliency.',
  why: 'Microsoft counts the two locations as separate, but floods, power cuts and diggers do not.',
  fix: 'place the second circuit in another city, unless latency forbids it',
  status: 'stable',
  since: '0.1.0',
  fires: example(
    'Frankfurt and Frankfurt2',
    ...secondCircuit({ location: 'Frankfurt2', lines: '    pairedWith: er-fra\n' }),
  ),
  silent: example('Frankfurt and Amsterdam', ...secondCircuit({ lines: '    pairedWith: er-fra\n' })),
  find: (view) => {
    const seen = new Set<string>();
    return view.estate.circuits.flatMap((circuit) => {
      const other = circuit.pairedWith === undefined ? undefined : view.index.circuit(circuit.pairedWith);
      if (other === undefined || seen.has(other.name)) return [];
      seen.add(circuit.name);
      const here = findPeeringLocation(circuit.location);
      const there = findPeeringLocation(other.location);
      // One location for both is an error of the document.
      return here !== undefined && here.id !== there?.id && here.city === there?.city
        ? [{ circuit, other, city: here.city }]
        : [];
    });
  },
  word: ({ circuit, other, city }, view) => ({
    message: `${circuit.name} and ${other.name} stand in for each other, and both end in ${city}`,
    path: [...circuit.path, 'location'],
    related: [{ message: 'the other circuit', place: placeOf(view, [...other.path, 'location']) }],
  }),
});
