/**
 * Look-ups that rules share, each built once when first asked for: who meets whom in an estate. With them a rule over all
 * circuits, edges or sites stays linear.
 */
import type { Circuit, ExpressRouteEdge, Intent, InternetEdge, MicrosoftPeering, Path, Site } from '@bothways/estate';
import {
  type AzureRegion,
  azureRegion,
  findPeeringLocation,
  type PeeringLocation,
  type Reach,
  reachOf,
} from '@bothways/facts';
import type { RoundTrip, Via } from '@bothways/forwarding';
import type { Community, Prefix } from '@bothways/net';
import type { Device } from '@bothways/network';
import type { EstateView } from './estate-view.ts';
import { type Overlaps, overlapsOf } from './overlaps.ts';

/** A circuit with Microsoft peering, and what the facts say about where it ends. */
export interface Peered {
  readonly circuit: Circuit;
  readonly peering: MicrosoftPeering;
  readonly edge: ExpressRouteEdge | undefined;
  /** Undefined: a location that the facts do not have. */
  readonly location: PeeringLocation | undefined;
  readonly reach: Reach | undefined;
  /** Communities of the route filter; empty: none attached, or an empty one. */
  readonly filter: ReadonlySet<Community>;
}

/** Something of the document that stands at a place. */
interface Placed {
  /** 'NAT pool of internet edge inet' */
  readonly what: string;
  readonly owner: string;
  readonly path: Path;
}

/** Why an Azure region is wanted on a circuit. */
interface RegionUse {
  readonly region: AzureRegion;
  /** 'environment production', 'data gateway erp' */
  readonly by: string;
  readonly path: Path;
}

export interface EstateIndex {
  readonly peered: () => readonly Peered[];
  /** Circuits with Microsoft peering that end on an ExpressRoute edge. */
  readonly peeredOn: (edge: string) => readonly Peered[];
  readonly circuit: (name: string) => Circuit | undefined;
  readonly expressRouteEdge: (name: string) => ExpressRouteEdge | undefined;
  readonly internetEdge: (name: string) => InternetEdge | undefined;
  readonly site: (name: string) => Site | undefined;
  readonly device: (name: string) => Device | undefined;
  /** Round trips of which a branch crosses this circuit or internet edge, in either direction. */
  readonly tripsOver: (kind: Exclude<Via['kind'], 'internal'>, name: string) => readonly RoundTrip[];
  /** Prefixes that Microsoft's edge sends on the fuller link of a circuit, all families, before the customer's policy. */
  readonly receivedOn: (circuit: string) => number;
  readonly broken: () => readonly RoundTrip[];
  /** Prefixes announced on Microsoft peerings, by where they stand. */
  readonly announced: () => Overlaps<Peered & { readonly path: Path }>;
  /** NAT pools of all edges. */
  readonly pools: () => Overlaps<Placed & { readonly kind: 'internet' | 'expressroute' }>;
  /** Azure regions that environments, data gateways and virtual networks live in. */
  readonly regionUses: () => readonly RegionUse[];
  /** Intents that want a circuit and must bear a failure. */
  readonly resilientIntents: () => readonly Intent[];
  /** True: the document does not say it, the value is the loader's. */
  readonly isDefault: (path: Path) => boolean;
}

export function estateIndex(view: EstateView): EstateIndex {
  const { estate, compiled, data, document } = view;

  const peered = once(() =>
    estate.circuits.flatMap((circuit): readonly Peered[] => {
      const peering = circuit.microsoftPeering;
      if (peering === undefined) return [];
      const location = findPeeringLocation(circuit.location);
      return [
        {
          circuit,
          peering,
          edge: expressRouteEdges().get(circuit.edge),
          location,
          reach: location === undefined ? undefined : reachOf(circuit.sku, location),
          filter: new Set(peering.routeFilter?.map((entry) => entry.community)),
        },
      ];
    }),
  );
  const byEdge = once(() => groupedBy(peered(), ({ circuit }) => circuit.edge));
  const circuits = once(() => byName(estate.circuits));
  const expressRouteEdges = once(() => byName(estate.expressRouteEdges));
  const internetEdges = once(() => byName(estate.internetEdges));
  const sites = once(() => byName(estate.sites));
  const devices = once(() => byName(compiled.network.devices));
  const byVia = once(() => {
    const groups = new Map<string, RoundTrip[]>();
    for (const trip of data.roundTrips) {
      const vias = [trip.forward.via, ...(trip.back === undefined ? [] : [trip.back.via]), ...trip.otherVias];
      for (const key of new Set(vias.map(viaKey))) {
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [trip]);
        else group.push(trip);
      }
    }
    return groups;
  });
  const received = once(() => receivedByCircuit(view));
  const defaults = once(() => new Set(document.defaults.map(({ path }) => JSON.stringify(path))));

  return {
    peered,
    peeredOn: (edge) => byEdge().get(edge) ?? [],
    circuit: (name) => circuits().get(name),
    expressRouteEdge: (name) => expressRouteEdges().get(name),
    internetEdge: (name) => internetEdges().get(name),
    site: (name) => sites().get(name),
    device: (name) => devices().get(name),
    tripsOver: (kind, name) => byVia().get(`${kind}:${name}`) ?? [],
    receivedOn: (circuit) => received().get(circuit) ?? 0,
    broken: once(() => data.roundTrips.filter((trip) => trip.outcome === 'broken')),
    announced: once(() =>
      overlapsOf(
        peered().flatMap((each) =>
          each.peering.advertises.map((prefix, at) => ({
            prefix,
            value: { ...each, path: [...each.peering.path, 'advertises', at] },
          })),
        ),
      ),
    ),
    pools: once(() =>
      overlapsOf([
        ...estate.internetEdges.flatMap((edge) => poolsOf('internet', 'internet edge', edge)),
        ...estate.expressRouteEdges.flatMap((edge) => poolsOf('expressroute', 'ExpressRoute edge', edge)),
      ]),
    ),
    regionUses: once(() => [
      ...estate.environments.flatMap(({ name, azureRegions, path }) =>
        azureRegions.flatMap((id) => useOf(id, `environment ${name}`, path)),
      ),
      ...estate.dataGateways.flatMap(({ name, region, path }) => useOf(region, `data gateway ${name}`, path)),
      ...estate.vnets.flatMap(({ name, region, path }) => useOf(region, `virtual network ${name}`, path)),
    ]),
    resilientIntents: once(() =>
      estate.intents.filter(({ over, survives }) => over === 'expressroute' && survives !== 'nothing'),
    ),
    isDefault: (path) => defaults().has(JSON.stringify(path)),
  };
}

/** Counted from the tables: what each Microsoft edge router lets out to the customer. */
function receivedByCircuit({ compiled, plane }: EstateView): ReadonlyMap<string, number> {
  const { devices, sessions, links } = compiled.network;
  const counts = new Map<string, number>();
  for (const session of sessions) {
    const link = session.link === undefined ? undefined : links[session.link];
    if (link?.kind !== 'circuit' || link.peering !== 'microsoft' || link.owner === undefined) continue;
    const near = session.ends.find(({ device }) => devices[device]?.half !== 'microsoft');
    if (near === undefined) continue;
    const limited = plane.limitsReached.find((each) => each.session === session.ix && each.device === near.device);
    let count = limited?.accepted ?? 0;
    if (limited === undefined) {
      for (const each of plane.classes) {
        const route = plane.received(near.device, each.ix).find((one) => one.session === session.ix);
        if (route !== undefined && route.stopped === undefined) count += each.prefixes.length;
      }
    }
    counts.set(link.owner, Math.max(count, counts.get(link.owner) ?? 0));
  }
  return counts;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}

/** Items by key, both in order of first appearance. */
export function groupedBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly [T, ...T[]]> {
  const groups = new Map<K, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function viaKey(via: Via): string {
  return via.kind === 'internal' ? 'internal' : `${via.kind}:${via.name}`;
}

function poolsOf(
  kind: 'internet' | 'expressroute',
  word: string,
  { name, nat, path }: { readonly name: string; readonly nat: readonly Prefix[]; readonly path: Path },
): readonly { readonly prefix: Prefix; readonly value: Placed & { readonly kind: 'internet' | 'expressroute' } }[] {
  return nat.map((prefix, at) => ({
    prefix,
    value: { kind, what: `the NAT pool of ${word} ${name}`, owner: name, path: [...path, 'nat', at] },
  }));
}

function useOf(id: string, by: string, path: Path): readonly RegionUse[] {
  const region = azureRegion(id);
  return region === undefined ? [] : [{ region, by, path }];
}
