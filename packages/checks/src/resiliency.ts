/**
 * The resilience level each circuit reaches by Microsoft's table of levels (ER-138): standard, high, maximum. The table
 * was written for private peering; taking it for Microsoft peering too is our extension, and marked as such. The weighted
 * index of a gateway is another table: resiliency-index.ts.
 */
import type { Circuit } from '@bothways/estate';
import { type ResilienceLevelName, resilienceLevels } from '@bothways/facts';
import type { EstateView } from './view.ts';

export interface ResilienceOfCircuit {
  readonly circuit: string;
  readonly peering: 'private' | 'microsoft';
  readonly level: ResilienceLevelName;
  readonly survives: string;
  readonly advice: string;
  readonly fact: string;
  /** Microsoft's table speaks of private peering; for Microsoft peering the reading is ours. */
  readonly reading: 'published' | 'ours';
  /** What the level rests on, and what keeps it from a higher one. */
  readonly parts: readonly string[];
}

export function resilienceOfCircuits(view: EstateView): readonly ResilienceOfCircuit[] {
  return view.estate.circuits.flatMap((circuit) => [
    ...(circuit.privatePeering === undefined ? [] : [resilienceOf(view, circuit, 'private')]),
    ...(circuit.microsoftPeering === undefined ? [] : [resilienceOf(view, circuit, 'microsoft')]),
  ]);
}

function resilienceOf(view: EstateView, circuit: Circuit, peering: 'private' | 'microsoft'): ResilienceOfCircuit {
  const other = view.estate.circuits.find(
    (each) =>
      each.name !== circuit.name &&
      each.location !== circuit.location &&
      (each.name === circuit.pairedWith || each.pairedWith === circuit.name) &&
      (peering === 'private' ? each.privatePeering : each.microsoftPeering) !== undefined,
  );
  const isMetro = circuit.secondaryLocation !== undefined && circuit.secondaryLocation !== circuit.location;
  const level: ResilienceLevelName = other !== undefined ? 'maximum' : isMetro ? 'high' : 'standard';
  const row = resilienceLevels.find((each) => each.level === level);
  if (row === undefined) throw new Error(`no resilience level ${level}`);
  const edge = view.estate.expressRouteEdges.find(({ name }) => name === circuit.edge);
  return {
    circuit: circuit.name,
    peering,
    level,
    survives: row.survives,
    advice: row.advice,
    fact: row.fact,
    reading: peering === 'private' ? 'published' : 'ours',
    parts: [
      other === undefined
        ? 'no second circuit in another peering location is paired with it'
        : `paired with ${other.name} at ${other.location}`,
      isMetro
        ? `its links end at ${circuit.location} and ${circuit.secondaryLocation}`
        : 'both links end in one peering location',
      ...(edge === undefined
        ? []
        : [
            edge.routers[0] === edge.routers[1]
              ? `both links land on ${edge.routers[0]}`
              : `its links land on ${edge.routers[0]} and ${edge.routers[1]}`,
          ]),
    ],
  };
}
