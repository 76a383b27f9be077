/** A gateway can be linked to so many circuits, and all of them in one place are one. */
import type { Circuit, VirtualNetwork, VnetGateway } from '@bothways/estate';
import { findPeeringLocation, gatewayFigures, limits, scalableGatewaySteps } from '@bothways/facts';
import { listText } from '../causes.ts';
import { groupedBy } from '../estate-index.ts';
import { privatePeering, secondCircuit } from '../example-parts.ts';
import { defineRule, example } from '../rule.ts';
import { placeOf } from '../view.ts';

interface Linked {
  readonly vnet: VirtualNetwork;
  readonly circuits: readonly [Circuit, ...Circuit[]];
  readonly problem: 'too many' | 'too many in one location' | 'one location';
  readonly limit: number;
}

/** A second circuit in Frankfurt with private peering to the same network. */
const TWO_IN_ONE_PLACE = secondCircuit({
  location: 'Frankfurt',
  lines: '    privatePeering: { vlan: 201, links: [10.254.0.8/30, 10.254.0.12/30], vnets: [west] }\n',
});

export const gatewayTakesItsCircuits = defineRule<Linked>({
  name: 'gateway-takes-its-circuits',
  title: 'The circuits of a gateway are too many, or all in one place',
  family: 'virtual networks',
  severity: 'warning',
  ids: ['CHK-APRL-08', 'CHK-APRL-17', 'CHK-ALZ-04', 'CHK-ALZ-26', 'CHK-GAP-08', 'ER-034', 'ER-165'],
  what: 'Counts the circuits linked to each virtual network against the limit of its gateway, and the peering locations they come from.',
  why: 'Beyond the limit the connection is refused. Several circuits from one peering location cost as much as from two and fail together.',
  fix: 'choose a larger gateway, or take one circuit in another peering location',
  status: 'stable',
  since: '0.1.0',
  fires: example('two circuits, both in Frankfurt', ...privatePeering(), ...TWO_IN_ONE_PLACE),
  silent: example('one circuit', ...privatePeering()),
  find: (view) => {
    const links = view.estate.circuits.flatMap((circuit) =>
      (circuit.privatePeering?.vnets ?? []).map((vnet) => ({ vnet, circuit })),
    );
    const vnets = new Map(view.estate.vnets.map((each) => [each.name, each]));
    return [...groupedBy(links, ({ vnet }) => vnet)].flatMap(([name, [first, ...rest]]): readonly Linked[] => {
      const vnet = vnets.get(name);
      const circuits: readonly [Circuit, ...Circuit[]] = [first.circuit, ...rest.map(({ circuit }) => circuit)];
      if (vnet === undefined || circuits.length < 2) return [];
      const most = vnet.gateway === undefined ? undefined : circuitsOf(vnet.gateway);
      if (most !== undefined && circuits.length > most) return [{ vnet, circuits, problem: 'too many', limit: most }];
      const byPlace = groupedBy(circuits, ({ location }) => findPeeringLocation(location)?.id ?? location);
      const perPlace = limits.circuitsPerLocationAndNetwork.value;
      const crowded = [...byPlace.values()].find((each) => each.length > perPlace);
      if (crowded !== undefined)
        return [{ vnet, circuits: crowded, problem: 'too many in one location', limit: perPlace }];
      return byPlace.size === 1 ? [{ vnet, circuits, problem: 'one location', limit: 0 }] : [];
    });
  },
  word: ({ vnet, circuits, problem, limit }, view) => {
    const names = listText(circuits.map(({ name }) => name));
    const [first] = circuits;
    const place = findPeeringLocation(first.location)?.name ?? first.location;
    return {
      severity: problem === 'one location' ? 'warning' : 'error',
      message:
        problem === 'too many'
          ? `${circuits.length} circuits are linked to ${vnet.name}, its gateway takes ${limit}`
          : problem === 'one location'
            ? `${names} lead to ${vnet.name} and all end in ${place}`
            : `${circuits.length} circuits of ${place} are linked to ${vnet.name}, ${limit} are accepted`,
      path: [...first.path, 'privatePeering', 'vnets'],
      related: [{ message: 'the network', place: placeOf(view, vnet.path) }],
    };
  },
});

function circuitsOf({ sku, scaleUnits }: VnetGateway): number | undefined {
  const fixed = gatewayFigures.find((each) => each.sku === sku || each.zonalSku === sku);
  if (fixed !== undefined) return fixed.circuits;
  if (scaleUnits === undefined) return undefined;
  return scalableGatewaySteps.findLast(({ unitsFrom }) => scaleUnits >= unitsFrom)?.circuits;
}
