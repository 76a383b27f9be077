/**
 * Microsoft's resiliency index by its published table (ER-253 to ER-257): routes that arrive through two peering
 * locations, one metro or one location, multiplied by failover tests; zones of the gateway; absence of further advice.
 *
 * Which way routes arrive is read off the tables of the gateway. The table does not say how several sets of routes count
 * together: the set with the fewest ways counts here. When tests took place, in which zones a gateway stands and what
 * Azure advises are not in the document, so the index is a range, and its parts say why.
 *
 * Microsoft computes it for private peering only (ER-257). The same table over the routes that the customer learns on
 * Microsoft peering is our extension and marked as such; it has no gateway, so 90 points are its most.
 */
import type { Circuit, VirtualNetwork } from '@bothways/estate';
import { type ResiliencyRouteWay, resiliencyIndexTable } from '@bothways/facts';
import type { DeviceIx } from '@bothways/network';
import { listText } from './causes.ts';
import type { EstateView } from './estate-view.ts';

export interface ResiliencyPart {
  readonly part: 'routes' | 'tests' | 'gateway' | 'advice';
  /** Points; of the tests the number that the points of the routes are multiplied by. */
  readonly lowest: number;
  readonly highest: number;
  /** One sentence without a full stop. */
  readonly because: string;
  readonly fact: string;
}

export interface ResiliencyIndex {
  /** 'the gateway of west', 'Microsoft peering'. */
  readonly of: string;
  readonly reading: 'published' | 'ours';
  readonly lowest: number;
  readonly highest: number;
  /** Points that the best design has. */
  readonly most: number;
  readonly parts: readonly ResiliencyPart[];
}

/** One for each gateway that a circuit is linked to, then one for Microsoft peering, where there is any. */
export function resiliencyIndices(view: EstateView): readonly ResiliencyIndex[] {
  const circuits = circuitsOfEdges(view);
  const gateways = view.estate.vnets.flatMap((vnet): readonly ResiliencyIndex[] => {
    const device = view.compiled.network.devices.find(
      ({ role, name }) => role === 'vnet-gateway' && name === `${vnet.name}-gateway`,
    );
    if (device === undefined || vnet.gateway === undefined) return [];
    const classes = view.plane.classes.map(({ ix }) => ix);
    const arrivals = poorest(classes, (classIx) => arrivalsAt(view, [device.ix], classIx, circuits));
    return arrivals === undefined
      ? []
      : [indexOf(`the gateway of ${vnet.name}`, 'published', arrivals, gatewayPart(vnet))];
  });
  const microsoft = poorest(classesUsed(view), (classIx) => arrivalsAt(view, customerEdges(view), classIx, circuits));
  return microsoft === undefined ? gateways : [...gateways, indexOf('Microsoft peering', 'ours', microsoft, undefined)];
}

/** Links by circuit that a route arrives over: 1 or 2. */
type Arrivals = ReadonlyMap<Circuit, number>;

interface Poorest {
  readonly through: ResiliencyRouteWay;
  readonly arrivals: Arrivals;
}

function indexOf(
  of: string,
  reading: ResiliencyIndex['reading'],
  { through, arrivals }: Poorest,
  gateway: ResiliencyPart | undefined,
): ResiliencyIndex {
  const { routes, tests, withoutAdvice } = resiliencyIndexTable;
  const row = routes.find((each) => each.through === through);
  const [best] = tests;
  const top = Math.max(...routes.map(({ points }) => points));
  const topTest = Math.max(...tests.map(({ times }) => times));
  if (row === undefined || best === undefined) throw new Error(`the table of the index lacks ${through}`);
  const tested = through === 'two-locations';
  const parts: ResiliencyPart[] = [
    { part: 'routes', lowest: row.points, highest: row.points, because: routesText(through, arrivals), fact: row.fact },
    {
      part: 'tests',
      lowest: 1,
      highest: tested ? topTest : 1,
      because: tested
        ? `when failover of both locations was tested is not in the document; ${best.times} times within ${best.daysTo} days`
        : 'only a pair of circuits in two peering locations can be tested for points',
      fact: best.fact,
    },
    ...(gateway === undefined ? [] : [gateway]),
    {
      part: 'advice',
      lowest: 0,
      highest: withoutAdvice.points,
      because: 'what Azure advises besides is seen in Azure alone',
      fact: withoutAdvice.fact,
    },
  ];
  return {
    of,
    reading,
    lowest: row.points + (gateway?.lowest ?? 0),
    highest: row.points * (tested ? topTest : 1) + (gateway?.highest ?? 0) + withoutAdvice.points,
    most: top * topTest + (gateway === undefined ? 0 : gatewayMost()) + withoutAdvice.points,
    parts,
  };
}

function routesText(through: ResiliencyRouteWay, arrivals: Arrivals): string {
  const names = listText([...arrivals.keys()].map(({ name }) => name));
  const places = listText([...new Set([...arrivals.keys()].map(({ location }) => location))].sort());
  switch (through) {
    case 'two-locations':
      return `every route arrives through two peering locations, the poorest over ${names} at ${places}`;
    case 'metro':
      return `some routes arrive over the metro circuit ${names} alone`;
    case 'one-location':
      return `some routes arrive through ${places} alone, over ${names}`;
    case 'lost-link':
      return `some routes arrive over one link of ${names} alone`;
  }
}

function gatewayMost(): number {
  return Math.max(...resiliencyIndexTable.gateways.map(({ highest }) => highest));
}

function gatewayPart({ gateway }: VirtualNetwork): ResiliencyPart | undefined {
  if (gateway === undefined) return undefined;
  const { sku, scaleUnits } = gateway;
  const { gateways, scalableGateway } = resiliencyIndexTable;
  const row = gateways.find((each) => each.sku === sku);
  if (row !== undefined) {
    const zones = row.lowest === row.highest ? '' : ': in one zone or over several, which is not in the document';
    return {
      part: 'gateway',
      lowest: row.lowest,
      highest: row.highest,
      because: `its size is ${sku}${zones}`,
      fact: row.fact,
    };
  }
  const points = scalableGateway.map((each) => each.points);
  const units = scaleUnits;
  const step = units === undefined ? undefined : scalableGateway.findLast(({ unitsFrom }) => unitsFrom <= units);
  return {
    part: 'gateway',
    lowest: step?.points ?? Math.min(...points),
    highest: step?.points ?? Math.max(...points),
    because: `its size is ${sku}${units === undefined ? ', and its scale units are not stated' : ` of ${units} scale units`}`,
    fact: scalableGateway[0]?.fact ?? 'ER-255',
  };
}

/** The set of routes that arrives over the fewest ways; undefined: none arrives. */
function poorest(classes: readonly number[], arrivalsOf: (classIx: number) => Arrivals): Poorest | undefined {
  const order = resiliencyIndexTable.routes.map(({ through }) => through);
  let found: Poorest | undefined;
  for (const classIx of classes) {
    const arrivals = arrivalsOf(classIx);
    if (arrivals.size === 0) continue;
    const through = wayOf(arrivals);
    if (found === undefined || order.indexOf(through) > order.indexOf(found.through)) found = { through, arrivals };
  }
  return found;
}

function wayOf(arrivals: Arrivals): ResiliencyRouteWay {
  if (new Set([...arrivals.keys()].map(({ location }) => location)).size > 1) return 'two-locations';
  const whole = [...arrivals].filter(([, links]) => links > 1).map(([circuit]) => circuit);
  if (whole.length === 0) return 'lost-link';
  return whole.some(
    ({ location, secondaryLocation }) => secondaryLocation !== undefined && secondaryLocation !== location,
  )
    ? 'metro'
    : 'one-location';
}

function arrivalsAt(
  { plane }: EstateView,
  devices: readonly DeviceIx[],
  classIx: number,
  circuits: ReadonlyMap<DeviceIx, Circuit>,
): Arrivals {
  const links = new Map<Circuit, Set<DeviceIx>>();
  for (const device of devices) {
    for (const { from, sent, stopped } of plane.received(device, classIx)) {
      const circuit = circuits.get(from);
      if (circuit === undefined || sent === undefined || stopped !== undefined) continue;
      const held = links.get(circuit);
      if (held === undefined) links.set(circuit, new Set([from]));
      else held.add(from);
    }
  }
  return new Map([...links].map(([circuit, from]) => [circuit, from.size]));
}

/** Microsoft's edge routers of every circuit, of both peerings. */
function circuitsOfEdges({ estate, compiled: { network } }: EstateView): ReadonlyMap<DeviceIx, Circuit> {
  const byName = new Map(estate.circuits.map((circuit) => [circuit.name, circuit]));
  const found = new Map<DeviceIx, Circuit>();
  for (const { kind, owner, a, b } of network.links) {
    const circuit = kind !== 'circuit' || owner === undefined ? undefined : byName.get(owner);
    if (circuit === undefined) continue;
    for (const ix of [a, b]) if (network.devices[ix]?.role === 'msee') found.set(ix, circuit);
  }
  return found;
}

/** Routers of the customer at the far end of Microsoft peerings. */
function customerEdges({ compiled: { network } }: EstateView): readonly DeviceIx[] {
  const found = new Set<DeviceIx>();
  for (const { kind, peering, a, b } of network.links) {
    if (kind !== 'circuit' || peering !== 'microsoft') continue;
    for (const ix of [a, b]) if (network.devices[ix]?.role !== 'msee') found.add(ix);
  }
  return [...found];
}

/** Classes of routes by which requests leave over a circuit. */
function classesUsed({ data, compiled: { network } }: EstateView): readonly number[] {
  const found = new Set<number>();
  for (const { forward } of data.roundTrips) {
    if (forward.via.kind !== 'expressroute') continue;
    for (const { entry, leftOn } of forward.path.hops) {
      const link = leftOn === undefined ? undefined : network.links[leftOn];
      if (link?.kind === 'circuit' && link.peering === 'microsoft' && entry !== undefined) found.add(entry.classIx);
    }
  }
  return [...found].sort((a, b) => a - b);
}
