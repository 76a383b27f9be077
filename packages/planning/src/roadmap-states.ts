/**
 * Every state between two estates, computed on the engine: nothing that worked before may stop working on the way.
 *
 * A state is made of the two estates: what stays, what is new already, what is old and still there. It is judged by the
 * round trips of all demands, each against what it was at the beginning.
 */
import type { Circuit, Estate, EstateDocument } from '@bothways/estate';
import { type RoundTrip, roundTrips } from '@bothways/forwarding';
import { compileNetwork } from '@bothways/network';
import { converge } from '@bothways/routing';
import type { Roadmap, RoadmapState } from './roadmap.ts';

export interface StateVerdict {
  /** Of the step that leads to it. */
  readonly step: string;
  /** Round trips that hold, and all of them. */
  readonly holding: number;
  readonly roundTrips: number;
  /** Round trips over a circuit, both ways. */
  readonly onCircuits: number;
  /** 'PP-F01 from munich to West Europe': held in the beginning and does not now. */
  readonly lost: readonly string[];
}

export function stateVerdicts(
  from: Estate,
  to: Estate,
  document: EstateDocument,
  roadmap: Roadmap,
): readonly StateVerdict[] {
  const before = new Set(tripsOf(from, document).flatMap((trip) => (trip.outcome === 'holds' ? [wordsOf(trip)] : [])));
  return roadmap.steps.flatMap(({ id, state }) => {
    if (state === undefined) return [];
    const trips = tripsOf(stateBetween(from, to, state), document);
    const broken = new Set(trips.flatMap((trip) => (trip.outcome === 'holds' ? [] : [wordsOf(trip)])));
    const holding = trips.filter(({ outcome }) => outcome === 'holds');
    return [
      {
        step: id,
        holding: holding.length,
        roundTrips: trips.length,
        onCircuits: holding.filter(({ forward, back }) =>
          [forward, back].every((way) => way?.via.kind === 'expressroute'),
        ).length,
        lost: [...before].filter((words) => broken.has(words)),
      },
    ];
  });
}

function wordsOf({ demand }: RoundTrip): string {
  return `${demand.flow.id} from ${demand.site.name} to ${demand.target.name}`;
}

function tripsOf(estate: Estate, document: EstateDocument): readonly RoundTrip[] {
  const compiled = compileNetwork(estate, document.placeOf, {});
  return roundTrips(compiled, converge(compiled.network)).roundTrips;
}

/** The estate while the roadmap is under way. */
function stateBetween(from: Estate, to: Estate, { circuits, filtered, moved, removed }: RoadmapState): Estate {
  const known = (name: string): boolean => from.circuits.some((each) => each.name === name);
  const kept = from.circuits.filter(({ name }) => !removed.has(name));
  const added = to.circuits.filter(({ name }) => !known(name) && circuits.has(name));
  const present = new Set([...kept, ...added].map(({ name }) => name));
  const settled = (circuit: Circuit): Circuit => ({
    ...circuit,
    pairedWith: circuit.pairedWith !== undefined && present.has(circuit.pairedWith) ? circuit.pairedWith : undefined,
    globalReach: circuit.globalReach.filter((name) => present.has(name)),
    microsoftPeering:
      circuit.microsoftPeering === undefined || known(circuit.name) || filtered.has(circuit.name)
        ? circuit.microsoftPeering
        : { ...circuit.microsoftPeering, routeFilter: undefined },
  });
  const sites = union(to.sites, from.sites).map((site) => {
    const before = from.sites.find(({ name }) => name === site.name);
    return before === undefined || moved.has(site.name) ? site : { ...site, breakout: before.breakout };
  });
  return {
    ...to,
    sites,
    wan: union(to.wan, from.wan),
    firewalls: union(to.firewalls, from.firewalls),
    internetEdges: union(to.internetEdges, from.internetEdges),
    expressRouteEdges: union(to.expressRouteEdges, from.expressRouteEdges),
    circuits: [...kept, ...added].map(settled),
    routing: [
      ...from.routing.filter(({ device }) => !moved.has(device)),
      ...to.routing.filter(({ device }) => moved.has(device)),
    ],
    intents: [],
    failureGroups: [],
    maintenance: [],
    acceptedRisks: [],
  };
}

function union<Value extends { readonly name: string }>(
  now: readonly Value[],
  before: readonly Value[],
): readonly Value[] {
  const names = new Set(now.map(({ name }) => name));
  return [...now, ...before.filter(({ name }) => !names.has(name))];
}
