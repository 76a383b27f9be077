/** A circuit that no demand uses costs the same as one that all of them use. */
import type { Circuit } from '@bothways/estate';
import { secondCircuit } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';

interface Idle {
  readonly circuit: Circuit;
}

export const circuitIsUsed = defineRule<Idle>({
  name: 'circuit-is-used',
  title: 'No demand uses a circuit',
  family: 'cost',
  severity: 'note',
  ids: ['PP-C09', 'PP-C40', 'CHK-WAF-C05', 'ER-142', 'ER-182'],
  what: 'Looks for circuits with Microsoft peering that are up, have a route filter, stand in for no other circuit, and are crossed by no round trip.',
  why: 'It is charged from the day its key exists. A standby that is never used may also turn out stale on the day it is needed.',
  fix: 'let routing prefer it for the sites next to it, pair it with the circuit it stands in for, or delete it',
  status: 'stable',
  since: '0.1.0',
  fires: example('a second circuit that all sites are further away from', ...secondCircuit()),
  silent: example(
    'the second circuit stands in for the first',
    ...secondCircuit({ lines: '    pairedWith: er-fra\n' }),
  ),
  find: (view) => {
    const joined = new Set(
      view.estate.circuits.flatMap(({ globalReach, name }) => (globalReach.length > 0 ? [name, ...globalReach] : [])),
    );
    const published = new Set(view.estate.services.flatMap((each) => each.published.map(({ edge }) => edge)));
    return view.index
      .peered()
      .filter(({ circuit, peering, filter, reach }) => {
        // What keeps it down, or keeps its routes away, is reported by other rules.
        const works = circuit.provisioning === 'provisioned' && peering.validation === 'configured';
        const useful = view.index.regionUses().some(({ region }) => {
          const community = region.communities.microsoftPeering;
          return community !== undefined && filter.has(community) && reach?.regions.includes(region.id) === true;
        });
        const otherUse =
          joined.has(circuit.name) || published.has(circuit.edge) || (circuit.privatePeering?.vnets.length ?? 0) > 0;
        if (!works || !useful || otherUse || circuit.pairedWith !== undefined) return false;
        return view.data.roundTrips.length > 0 && view.index.tripsOver('expressroute', circuit.name).length === 0;
      })
      .map(({ circuit }) => ({ circuit }));
  },
  word: ({ circuit }) => ({
    message: `no demand of the document uses circuit ${circuit.name}`,
    path: circuit.path,
  }),
});
