/**
 * Sessions that end at a service of the customer: opened by Microsoft towards a public address (PP-F28, PP-F30 to
 * PP-F32, PP-F37, PP-F38), from the delegated subnet of an environment over private peering (PP-F64, PP-F66), or by the
 * customer's own users and machines.
 *
 * The public address of a publication decides the way a request takes: a prefix that covers it and is announced on a
 * circuit draws it there, else it comes over the internet (PP-N10). Which address of Microsoft opens the session is not
 * fixed, so a demand holds all of them.
 */
import type { Environment, Estate, Path, Publication, PublishedService } from '@bothways/estate';
import { type Flow, flow as flowOf } from '@bothways/facts';
import { type Address, type PrefixSet, prefixSet } from '@bothways/net';
import type { Destinations } from './destinations.ts';
import { need } from './inside.ts';
import type { DeviceIx, Origin, PortRange } from './model.ts';
import { derived, fromDocument, fromFact } from './origin.ts';
import { machineName, type Place } from './places.ts';
import type { AddressAnswer } from './steering.ts';

export interface InboundDemand {
  /** 'PP-F28/erp/inet/production/westeurope'; unique in the estate. */
  readonly id: string;
  readonly flow: Flow;
  readonly service: PublishedService;
  /** Where the session enters; undefined: it is addressed to the inside address. */
  readonly publication: Publication | undefined;
  /** The environment behind the session, or undefined where none is. */
  readonly environment: string | undefined;
  readonly from: InboundStart;
  /** Every address that may open the session. */
  readonly sources: PrefixSet;
  /** Where the addresses come from, for the reader. */
  readonly sourceNames: readonly string[];
  /** Destination of the request as it is sent. */
  readonly address: Address;
  /** The device the service stands behind: a request that ends elsewhere has not arrived. */
  readonly home: DeviceIx;
  /** Services that a reverse proxy asks in turn, each asked by the one before it; absent: it answers itself. */
  readonly backends?: readonly Backend[];
  /** The name of the service that the address comes from; absent: whoever asks knows the address. */
  readonly hostName?: string;
  /** Why nobody can know the address: there is no session. */
  readonly unresolvable?: { readonly because: string; readonly origins: readonly Origin[] };
  /** Empty: those of the flow. */
  readonly ports: readonly PortRange[];
  readonly origins: readonly Origin[];
}

/** A service that is asked by the one in front of it, from that one's inside address. */
export interface Backend {
  readonly service: PublishedService;
  readonly home: DeviceIx;
  readonly origins: readonly Origin[];
}

export interface InboundStart {
  readonly kind: 'microsoft' | 'subnet' | 'site' | 'users' | 'machine';
  /** Region, service, subnet, site, group or machine. */
  readonly name: string;
  readonly device: DeviceIx;
}

/** A demand whose devices are still names: Microsoft's half is compiled after the addresses it must hold are known. */
export interface PlannedInbound extends Omit<InboundDemand, 'from' | 'home' | 'backends'> {
  readonly from: Omit<InboundStart, 'device'> & { readonly device: DeviceRef };
}

/** How to find the device of a start once everything is compiled. */
export type DeviceRef =
  | { readonly kind: 'microsoft'; readonly name: string }
  | { readonly kind: 'vnet'; readonly name: string }
  | { readonly kind: 'place'; readonly name: string };

/** Flows that containers of an environment open from their delegated subnet. */
const SUBNET_FLOWS = ['PP-F64', 'PP-F66'];

/** The flow of a connector that calls a public endpoint of the customer. */
const PUBLIC_CONNECTOR_FLOW = 'PP-F32';

export function planInbound(
  estate: Estate,
  destinations: Destinations,
  places: ReadonlyMap<string, Place>,
  addressFor: AddressFor,
): readonly PlannedInbound[] {
  const plan = new InboundPlan(estate, destinations, places, addressFor);
  for (const service of estate.services) {
    for (const id of service.calledBy) plan.called(service, id, estate.environments, [...service.path, 'calledBy']);
  }
  plan.connectors();
  plan.demands();
  plan.machines();
  return plan.planned;
}

/** What a name of the customer resolves to at a place. */
export type AddressFor = (place: string, name: string) => AddressAnswer | undefined;

class InboundPlan {
  readonly #estate: Estate;
  readonly #destinations: Destinations;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #services: ReadonlyMap<string, PublishedService>;
  readonly #addressFor: AddressFor;
  readonly #planned = new Map<string, PlannedInbound>();

  constructor(estate: Estate, destinations: Destinations, places: ReadonlyMap<string, Place>, addressFor: AddressFor) {
    this.#addressFor = addressFor;
    this.#estate = estate;
    this.#destinations = destinations;
    this.#places = places;
    this.#services = new Map(estate.services.map((service) => [service.name, service]));
  }

  get planned(): readonly PlannedInbound[] {
    return [...this.#planned.values()];
  }

  /** One flow towards a service: over private peering from delegated subnets, else to each of its public addresses. */
  called(service: PublishedService, id: string, environments: readonly Environment[], path: Path): void {
    const flow = flowOf(id);
    if (flow === undefined) throw new Error(`the loader let the unknown flow '${id}' pass`);
    const origins: Origin[] = [fromDocument(path)];
    if (SUBNET_FLOWS.includes(id)) this.#fromSubnets(service, flow, environments, origins);
    else this.#fromMicrosoft(service, flow, environments, origins);
  }

  connectors(): void {
    const byName = new Map(this.#estate.environments.map((each) => [each.name, each]));
    for (const connector of this.#estate.connectors) {
      if (connector.service === undefined) continue;
      const id =
        connector.class === 'customer-public'
          ? PUBLIC_CONNECTOR_FLOW
          : connector.class === 'vnet'
            ? 'PP-F64'
            : undefined;
      if (id === undefined) continue;
      const named = connector.environments.map((name) => need(byName, name));
      const environments = named.length === 0 ? this.#estate.environments : named;
      this.called(need(this.#services, connector.service), id, environments, connector.path);
    }
  }

  /** Services in the `to` of a demand: users reach them like anybody who stands where they do. */
  demands(): void {
    for (const demand of this.#estate.demands) {
      for (const [position, name] of demand.services.entries()) {
        const service = need(this.#services, name);
        const origins = [fromDocument([...demand.path, 'to', position])];
        for (const id of demand.flows) {
          const flow = flowOf(id);
          if (flow === undefined) throw new Error(`the loader let the unknown flow '${id}' pass`);
          if (SUBNET_FLOWS.includes(id)) {
            this.#fromSubnets(service, flow, this.#environments(demand.to), origins);
            continue;
          }
          if (flow.tcpOpenedBy === 'microsoft') {
            this.#fromMicrosoft(service, flow, this.#environments(demand.to), origins);
            continue;
          }
          for (const from of [...demand.from, ...demand.users]) this.#byName(service, flow, from, origins);
        }
      }
    }
  }

  machines(): void {
    for (const vnet of this.#estate.vnets) {
      for (const machine of vnet.machines) {
        for (const name of machine.services) {
          const flow = flowOf('PP-F64');
          if (flow === undefined) throw new Error('the flow catalogue has no PP-F64');
          const origins = [
            fromDocument(machine.path),
            derived('a machine in Azure reaches a service over private peering'),
          ];
          this.#fromPlace(need(this.#services, name), flow, machineName(vnet, machine), origins);
        }
      }
    }
  }

  #environments(names: readonly string[]): readonly Environment[] {
    const wanted = new Set(names);
    const found = this.#estate.environments.filter((each) => wanted.has(each.name));
    return found.length === 0 ? this.#estate.environments : found;
  }

  #fromMicrosoft(
    service: PublishedService,
    flow: Flow,
    environments: readonly Environment[],
    origins: readonly Origin[],
  ): void {
    for (const environment of environments) {
      for (const opener of this.#destinations.openersOf(flow, environment.azureRegions)) {
        const bound = environment.azureRegions.includes(opener.id) ? environment.name : undefined;
        for (const publication of service.published) {
          this.#add({
            id: [flow.id, service.name, publication.edge, ...(bound === undefined ? [] : [bound]), opener.id].join('/'),
            flow,
            service,
            publication,
            environment: bound,
            from: { kind: 'microsoft', name: opener.id, device: { kind: 'microsoft', name: opener.device } },
            sources: opener.set,
            sourceNames: opener.sources,
            address: publication.address,
            ports: service.ports,
            origins: [...origins, fromDocument(publication.path), fromFact('PP-N10')],
          });
        }
      }
    }
  }

  #fromSubnets(
    service: PublishedService,
    flow: Flow,
    environments: readonly Environment[],
    origins: readonly Origin[],
  ): void {
    const vnets = new Map(this.#estate.vnets.map((vnet) => [vnet.name, vnet]));
    for (const environment of environments) {
      for (const delegated of environment.vnetSupport?.subnets ?? []) {
        const subnet = need(vnets, delegated.vnet).subnets.find((each) => each.name === delegated.subnet);
        if (subnet === undefined) throw new Error(`the loader let the subnet '${delegated.subnet}' pass`);
        const name = `${delegated.vnet}/${delegated.subnet}`;
        this.#add({
          id: [flow.id, service.name, environment.name, name].join('/'),
          flow,
          service,
          publication: undefined,
          environment: environment.name,
          from: { kind: 'subnet', name, device: { kind: 'vnet', name: delegated.vnet } },
          sources: prefixSet([subnet.prefix]),
          sourceNames: [`delegated subnet ${name}`],
          address: service.address,
          ports: service.ports,
          origins: [...origins, fromDocument(delegated.path)],
        });
      }
    }
  }

  /** Users ask by name where the service has one, and go where their resolver says. */
  #byName(service: PublishedService, flow: Flow, place: string, origins: readonly Origin[]): void {
    const [hostName] = service.names;
    const answer = hostName === undefined ? undefined : this.#addressFor(place, hostName);
    if (hostName === undefined || answer === undefined) {
      this.#fromPlace(service, flow, place, origins);
      return;
    }
    if (answer.kind === 'unresolvable') {
      const { because } = answer;
      const asked = { hostName, unresolvable: { because, origins: answer.origins } };
      this.#fromPlace(service, flow, place, [...origins, ...answer.origins], [undefined], asked);
      return;
    }
    const ways = answer.view === 'outside' ? service.published : [undefined];
    this.#fromPlace(service, flow, place, [...origins, ...answer.origins], ways, { hostName });
  }

  /** From the inside to the inside address; roaming users know public addresses only. */
  #fromPlace(
    service: PublishedService,
    flow: Flow,
    name: string,
    origins: readonly Origin[],
    known?: readonly (Publication | undefined)[],
    asked: Pick<PlannedInbound, 'hostName' | 'unresolvable'> = {},
  ): void {
    const place = need(this.#places, name);
    const isRoaming = this.#estate.users.some((group) => group.name === name && group.kind === 'roaming');
    const ways = known ?? (isRoaming ? service.published : [undefined]);
    for (const publication of ways) {
      this.#add({
        id: [flow.id, service.name, ...(publication === undefined ? [] : [publication.edge]), name].join('/'),
        flow,
        service,
        publication,
        environment: undefined,
        from: { kind: place.kind, name, device: { kind: 'place', name } },
        sources: prefixSet(place.sources),
        sourceNames: [`addresses of ${name}`],
        address: publication?.address ?? service.address,
        ports: service.ports,
        ...asked,
        origins: publication === undefined ? origins : [...origins, fromDocument(publication.path)],
      });
    }
  }

  #add(planned: PlannedInbound): void {
    if (!this.#planned.has(planned.id)) this.#planned.set(planned.id, planned);
  }
}
