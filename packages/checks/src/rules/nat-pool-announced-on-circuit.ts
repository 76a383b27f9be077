/** Cause A1: the request takes the circuit with a source that the circuit does not announce. */

import type { Fix } from '@bothways/diagnostics';
import type { Circuit, ExpressRouteEdge, MicrosoftPeering } from '@bothways/estate';
import { editInsert, editSet } from '@bothways/estate';
import type { RoundTrip } from '@bothways/forwarding';
import { formatPrefix, type Prefix, prefixContains, prefixEquals } from '@bothways/net';
import { tripEvidence, tripsText } from '../causes.ts';
import { defineRule } from '../rule.ts';
import { idleAnnouncement, isTaken } from '../spare-prefix.ts';
import { brokenTrips, placeOf } from '../view.ts';

interface Unannounced {
  readonly circuit: Circuit;
  readonly peering: MicrosoftPeering;
  readonly edge: ExpressRouteEdge;
  readonly pool: Prefix;
  readonly poolIx: number;
  readonly broken: readonly RoundTrip[];
}

export const natPoolAnnouncedOnCircuit = defineRule<Unannounced>({
  name: 'nat-pool-announced-on-circuit',
  title: 'The NAT pool of an ExpressRoute edge is not announced on its circuit',
  family: 'addresses and NAT',
  severity: 'error',
  ids: ['PP-C04', 'PP-C06', 'PP-C07', 'CHK-PP-04', 'CHK-M365-04', 'CHK-GAP-04', 'ER-047', 'ER-090'],
  what: 'Compares the NAT pools of each ExpressRoute edge with the prefixes announced on its circuits.',
  why: "Microsoft's edge takes only sources from the announced list, and answers addresses that are not announced over the internet.",
  fix: 'announce the pool on the circuit, once it is validated',
  status: 'stable',
  since: '0.1.0',
  fires: {
    title: 'the circuit announces another prefix than the pool',
    replace: [{ text: 'advertises: [203.0.113.0/28]', by: 'advertises: [203.0.113.64/28]' }],
  },
  silent: { title: 'the pool is announced', replace: [] },
  find: (view) =>
    view.estate.circuits.flatMap((circuit) => {
      const peering = circuit.microsoftPeering;
      const edge = view.estate.expressRouteEdges.find((each) => each.name === circuit.edge);
      if (peering === undefined || edge === undefined) return [];
      return edge.nat.flatMap((pool, poolIx) => {
        if (peering.advertises.some((prefix) => prefixContains(prefix, pool))) return [];
        // With several circuits on one edge the pool has to be on the one that the requests take.
        const broken = brokenTrips(view).filter(
          (trip) =>
            trip.forward.via.kind === 'expressroute' &&
            trip.forward.via.name === circuit.name &&
            prefixContains(pool, trip.forward.path.last.source),
        );
        const elsewhere = view.estate.circuits.some(
          (other) =>
            other !== circuit &&
            other.edge === circuit.edge &&
            other.microsoftPeering?.advertises.some((prefix) => prefixContains(prefix, pool)) === true,
        );
        return broken.length === 0 && elsewhere ? [] : [{ circuit, peering, edge, pool, poolIx, broken }];
      });
    }),
  explains: (fact) => fact.broken,
  word: ({ circuit, peering, edge, pool, poolIx, broken }, view) => {
    const [first] = broken;
    return {
      message: `${formatPrefix(pool)}, the pool of ExpressRoute edge ${edge.name}, is not announced on circuit ${circuit.name}${first === undefined ? '' : ", so Microsoft's edge drops what comes from it"}`,
      path: [...edge.path, 'nat', poolIx],
      related: [
        { message: `what ${circuit.name} announces`, place: placeOf(view, [...peering.path, 'advertises']) },
        { message: `where ${circuit.name} lands`, place: placeOf(view, [...circuit.path, 'edge']) },
      ],
      ...(first === undefined
        ? { severity: 'warning' }
        : {
            why: `breaks ${tripsText(broken)}. Microsoft's edge takes only sources from the announced list (ER-047).`,
          }),
      help: `announce ${formatPrefix(pool)} on ${circuit.name}`,
      evidence: first === undefined ? [] : tripEvidence(view, first),
    };
  },
  mend: ({ circuit, peering, edge, pool, poolIx }, view) => {
    const announce: Fix = {
      title: `announce ${formatPrefix(pool)} on ${circuit.name}`,
      // A new announcement has to be validated by Microsoft first, so somebody must decide.
      safe: false,
      edits: editInsert(view.document, [...peering.path, 'advertises'], formatPrefix(pool)),
    };
    const idle = idleAnnouncement(view, edge);
    if (idle === undefined || edge.nat.some((each) => prefixEquals(each, idle))) return [announce];
    const move: Fix = {
      title: `translate to ${formatPrefix(idle)} at ${edge.name}, which is announced on ${circuit.name} already`,
      safe: false,
      edits: editSet(
        view.document,
        edge.nat.length === 1 ? [...edge.path, 'nat'] : [...edge.path, 'nat', poolIx],
        formatPrefix(idle),
      ),
    };
    // What another way uses cannot be announced here as well.
    return isTaken(view, pool, edge) ? [move, announce] : [announce, move];
  },
});
