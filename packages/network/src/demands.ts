/**
 * Demands made concrete: one flow from the clients of one place to one set of addresses.
 *
 * A flow that does not depend on the environment (static content, revocation lists, sign-in) appears once per place,
 * not once per environment. Flows of a data gateway or of desktop-flow machines start at the addresses of these; a
 * gateway or machine that no demand speaks of has its own demands all the same, because it dials out by itself
 * (PP-N11). Sessions that end at the customer are another list, see inbound.ts.
 */
import type { DataGateway, Demand, DesktopFlowMachines, Estate, Path, Site } from '@bothways/estate';
import { type Flow, flow as flowOf } from '@bothways/facts';
import { type Prefix, type PrefixSet, prefixSet } from '@bothways/net';
import { type Destinations, type FlowTarget, PUBLIC_INTERNET } from './destinations.ts';
import type { InboundDemand } from './inbound.ts';
import type { PortRange } from './model.ts';
import { machineName, type Place } from './places.ts';

export interface ConcreteDemand {
  /** 'PP-F01/hq/production/westeurope'; unique in the estate and stable under edits elsewhere. */
  readonly id: string;
  readonly demand: Demand;
  readonly flow: Flow;
  /** Where it starts: a site of the document, or a group of users or a machine in the shape of one. */
  readonly site: Site;
  /** The environment, or undefined where the target does not depend on it. */
  readonly environment: string | undefined;
  readonly target: FlowTarget;
  readonly sources: readonly Prefix[];
  /** What starts it, where that is not the clients of the place. */
  readonly by?: { readonly kind: 'data-gateway' | 'desktop-flow-machines' | 'servers'; readonly name: string };
  /** Ports it is limited to; absent: those of the flow. */
  readonly ports?: readonly PortRange[];
}

/** A demand that cannot be computed, and why. */
export interface SkippedDemand {
  readonly demand: Demand;
  readonly flow: Flow;
  readonly because:
    | 'opened-by-microsoft'
    | 'inside-microsoft'
    | 'does-not-cross-the-edge'
    /** Rides the sessions of a data gateway, of which no place of the demand has one. */
    | 'no-data-gateway'
    | 'no-desktop-flow-machines';
}

export interface Demands {
  readonly concrete: readonly ConcreteDemand[];
  /** Flows that `concrete` cannot hold; one that Microsoft opens may stand in `inbound` as well. */
  readonly skipped: readonly SkippedDemand[];
  /** Sessions that end at a service of the customer, opened by Microsoft or from elsewhere. */
  readonly inbound?: readonly InboundDemand[];
}

/** Flows that a data gateway opens: requests and answers ride the sessions it dials (PP-N11). */
const GATEWAY_FLOWS: ReadonlySet<string> = new Set(['PP-F33', 'PP-F34', 'PP-F40', 'PP-F41', 'PP-F42', 'PP-F43']);
const IMPLIED_GATEWAY_FLOWS = ['PP-F40', 'PP-F41', 'PP-F42', 'PP-F43'];

/** Flows that a desktop-flow machine opens. */
const MACHINE_FLOWS: ReadonlySet<string> = new Set(['PP-F35', 'PP-F44', 'PP-F45', 'PP-F46']);
const IMPLIED_MACHINE_FLOWS = ['PP-F44', 'PP-F45', 'PP-F46'];

/** A gateway in HTTPS mode uses no other port (PP-F40). */
const HTTPS_ONLY: readonly PortRange[] = [{ protocol: 'tcp', first: 443, last: 443 }];

export function compileDemands(
  estate: Estate,
  destinations: Destinations,
  places: ReadonlyMap<string, Place>,
): { readonly concrete: readonly ConcreteDemand[]; readonly skipped: readonly SkippedDemand[] } {
  const collector = new DemandCollector(estate, destinations, places);
  for (const demand of estate.demands) collector.addDemand(demand);
  for (const gateway of estate.dataGateways) collector.addGateway(gateway);
  for (const machines of estate.desktopFlowMachines) collector.addDesktopMachines(machines);
  for (const vnet of estate.vnets) {
    for (const machine of vnet.machines) {
      const name = machineName(vnet, machine);
      collector.addDemand(impliedDemand(estate, name, machine.path, machine.flows, [name]));
    }
  }
  const everythingElse = lazily(() => ({ ...PUBLIC_INTERNET, set: publicInternet(estate, destinations) }));
  return {
    concrete: collector.concrete.map((each) =>
      each.target === PUBLIC_INTERNET ? { ...each, target: everythingElse() } : each,
    ),
    skipped: collector.skipped,
  };
}

function publicInternet(estate: Estate, destinations: Destinations): PrefixSet {
  return destinations.publicInternet([
    ...estate.sites.flatMap((site) => [...site.clients, ...site.servers]),
    ...estate.internetEdges.flatMap((edge) => [...edge.nat, ...edge.advertises]),
    ...estate.expressRouteEdges.flatMap((edge) => edge.nat),
    ...estate.circuits.flatMap((circuit) => circuit.microsoftPeering?.advertises ?? []),
    ...estate.vnets.flatMap((vnet) => vnet.addressSpace),
  ]);
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** A demand that the document does not write because something it describes opens the sessions by itself. */
function impliedDemand(
  estate: Estate,
  name: string,
  path: Path,
  flows: readonly string[],
  from: readonly string[],
  environments?: readonly string[],
): Demand {
  const to =
    environments === undefined || environments.length === 0
      ? estate.environments.map((each) => each.name)
      : environments;
  return {
    name,
    path,
    flows,
    from,
    users: [],
    to,
    vnets: [],
    services: [],
    rate: undefined,
    peakFactor: 1,
    class: 'default',
  };
}

interface Start {
  readonly place: Place;
  readonly sources: readonly Prefix[];
  readonly by?: ConcreteDemand['by'];
  readonly ports?: readonly PortRange[];
  readonly gatewayRegion?: string;
}

class DemandCollector {
  readonly #estate: Estate;
  readonly #destinations: Destinations;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #concrete = new Map<string, ConcreteDemand>();
  readonly #skipped = new Map<string, SkippedDemand>();
  readonly #environments: ReadonlyMap<string, Estate['environments'][number]>;
  readonly #gateways = new Map<string, DataGateway[]>();
  readonly #machines = new Map<string, DesktopFlowMachines[]>();
  readonly #vnetTargets = new Map<string, FlowTarget>();

  constructor(estate: Estate, destinations: Destinations, places: ReadonlyMap<string, Place>) {
    this.#estate = estate;
    this.#destinations = destinations;
    this.#places = places;
    this.#environments = new Map(estate.environments.map((environment) => [environment.name, environment]));
    for (const each of estate.dataGateways) append(this.#gateways, each.site, each);
    for (const each of estate.desktopFlowMachines) append(this.#machines, each.site, each);
    for (const vnet of estate.vnets) {
      this.#vnetTargets.set(vnet.name, {
        id: vnet.name,
        name: vnet.name,
        azureRegion: undefined,
        set: prefixSet(vnet.addressSpace),
        sources: [`the address space of ${vnet.name}`],
      });
    }
  }

  get concrete(): readonly ConcreteDemand[] {
    return [...this.#concrete.values()];
  }

  get skipped(): readonly SkippedDemand[] {
    return [...this.#skipped.values()];
  }

  addDemand(demand: Demand): void {
    for (const id of demand.flows) {
      const flow = flowOf(id);
      if (flow === undefined) throw new Error(`the loader let the unknown flow '${id}' pass`);
      const because = skipReason(flow);
      if (because !== undefined) {
        this.#skipped.set(id, { demand, flow, because });
        continue;
      }
      const starts = [...demand.from, ...demand.users].flatMap((name) => this.#startsAt(name, flow));
      if (starts.length === 0 && GATEWAY_FLOWS.has(id)) {
        this.#skipped.set(id, { demand, flow, because: 'no-data-gateway' });
      } else if (starts.length === 0 && MACHINE_FLOWS.has(id)) {
        this.#skipped.set(id, { demand, flow, because: 'no-desktop-flow-machines' });
      }
      this.#addFlow(demand, flow, starts);
    }
  }

  addGateway(gateway: DataGateway): void {
    const { name, path, site, environments } = gateway;
    const demand = impliedDemand(this.#estate, name, path, IMPLIED_GATEWAY_FLOWS, [site], environments);
    this.#addImplied(demand, [this.#gatewayStart(gateway)]);
  }

  addDesktopMachines(machines: DesktopFlowMachines): void {
    const { name, path, site, environments } = machines;
    const demand = impliedDemand(this.#estate, name, path, IMPLIED_MACHINE_FLOWS, [site], environments);
    this.#addImplied(demand, [this.#machinesStart(machines)]);
  }

  #addImplied(demand: Demand, starts: readonly Start[]): void {
    for (const id of demand.flows) {
      const flow = flowOf(id);
      if (flow === undefined) throw new Error(`the flow catalogue has no '${id}'`);
      this.#addFlow(demand, flow, starts);
    }
  }

  #addFlow(demand: Demand, flow: Flow, starts: readonly Start[]): void {
    for (const name of demand.to) {
      const environment = this.#environments.get(name);
      if (environment === undefined) throw new Error(`the loader let the environment '${name}' pass`);
      // Targets depend on the gateway's region at most, which few places have.
      for (const region of new Set(starts.map((start) => start.gatewayRegion))) {
        const here = starts.filter((start) => start.gatewayRegion === region);
        for (const target of this.#targets(flow, environment.azureRegions, region)) {
          const bound = target.azureRegion === undefined ? undefined : name;
          for (const start of here) this.#add(demand, flow, start, bound, target);
        }
      }
    }
    for (const vnet of demand.vnets) {
      const target = this.#vnetTargets.get(vnet);
      if (target === undefined) throw new Error(`the loader let the virtual network '${vnet}' pass`);
      for (const start of starts) this.#add(demand, flow, start, undefined, target);
    }
  }

  /** A hairpin is what a machine in Azure does to reach the services of Microsoft peering (PP-F68). */
  #targets(flow: Flow, regions: readonly string[], gatewayRegion: string | undefined): readonly FlowTarget[] {
    const reached = flow.peering === 'private-then-microsoft' ? (flowOf('PP-F01') ?? flow) : flow;
    return this.#destinations.targetsOf(reached, regions, gatewayRegion);
  }

  #add(demand: Demand, flow: Flow, start: Start, environment: string | undefined, target: FlowTarget): void {
    const { place, sources, by, ports } = start;
    const parts = [flow.id, place.site.name];
    if (by !== undefined && by.kind !== 'servers') parts.push(by.name);
    if (environment !== undefined) parts.push(environment);
    const id = [...parts, target.id].join('/');
    if (this.#concrete.has(id)) return;
    const more = { ...(by === undefined ? {} : { by }), ...(ports === undefined ? {} : { ports }) };
    this.#concrete.set(id, { id, demand, flow, site: place.site, environment, target, sources, ...more });
  }

  #startsAt(name: string, flow: Flow): readonly Start[] {
    const place = this.#places.get(name);
    if (place === undefined) throw new Error(`the loader let the place '${name}' pass`);
    // Nobody else opens these: the clients of a place without a gateway or such machines are no start (PP-N11).
    if (GATEWAY_FLOWS.has(flow.id)) return (this.#gateways.get(name) ?? []).map((each) => this.#gatewayStart(each));
    if (MACHINE_FLOWS.has(flow.id)) return (this.#machines.get(name) ?? []).map((each) => this.#machinesStart(each));
    const { servers } = place.site;
    if (servers.length > 0 && /server/.test(flow.initiator)) {
      const sources = place.sources.length === 0 ? servers : [...place.sources, ...servers];
      return [{ place, sources, by: { kind: 'servers', name } }];
    }
    return [{ place, sources: place.sources }];
  }

  #gatewayStart(gateway: DataGateway): Start {
    const place = this.#places.get(gateway.site);
    if (place === undefined) throw new Error(`the loader let the site '${gateway.site}' pass`);
    return {
      place,
      sources: gateway.clients,
      by: { kind: 'data-gateway', name: gateway.name },
      ...(gateway.mode === 'https' ? { ports: HTTPS_ONLY } : {}),
      gatewayRegion: gateway.region,
    };
  }

  #machinesStart(machines: DesktopFlowMachines): Start {
    const place = this.#places.get(machines.site);
    if (place === undefined) throw new Error(`the loader let the site '${machines.site}' pass`);
    return { place, sources: machines.clients, by: { kind: 'desktop-flow-machines', name: machines.name } };
  }
}

function append<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const held = lists.get(key);
  if (held === undefined) lists.set(key, [item]);
  else held.push(item);
}

function skipReason(flow: Flow): SkippedDemand['because'] | undefined {
  if (flow.expressRoute === 'internal') return 'inside-microsoft';
  if (flow.expressRoute === 'not-applicable') return 'does-not-cross-the-edge';
  if (flow.tcpOpenedBy === 'microsoft') return 'opened-by-microsoft';
  return undefined;
}
