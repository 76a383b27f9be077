/**
 * A conversation: one flow between two ends, whoever opens it. Demands of the document that clients open and sessions
 * that end at a service of the customer have this one shape, so that both are round trips.
 */
import type { Demand, Site } from '@bothways/estate';
import type { Flow } from '@bothways/facts';
import { hostPrefix, type PrefixSet, prefixSet } from '@bothways/net';
import type {
  CompiledNetwork,
  ConcreteDemand,
  Device,
  DeviceIx,
  FlowTarget,
  InboundDemand,
  PortRange,
} from '@bothways/network';

export interface Conversation {
  /** 'PP-F01/hq/production/westeurope'; unique in the estate and stable under edits elsewhere. */
  readonly id: string;
  /** Who opens the session: decides firewall direction and translation. */
  readonly opener: 'customer' | 'microsoft';
  readonly flow: Flow;
  /** The customer's place: where it starts; of a session that Microsoft opens, where the service stands. */
  readonly site: Site;
  /** The environment, or undefined where the target does not depend on it. */
  readonly environment: string | undefined;
  readonly source: ConversationSource;
  readonly target: FlowTarget;
  /** Of the service that is asked; empty: nobody said, and rules that name ports do not fit. */
  readonly ports: readonly PortRange[];
  readonly written: Written;
}

export interface ConversationSource {
  /** Site, group of users, machine, Azure region, service or delegated subnet. */
  readonly name: string;
  readonly device: DeviceIx;
  /** Every address that may open the session. */
  readonly set: PrefixSet;
}

/** What the conversation was made from. */
export type Written =
  | { readonly kind: 'demand'; readonly demand: ConcreteDemand }
  | { readonly kind: 'service'; readonly inbound: InboundDemand };

/** The demand of the document that it was made for; undefined: it ends at a service of the customer. */
export function demandOf({ written }: Conversation): Demand | undefined {
  return written.kind === 'demand' ? written.demand.demand : undefined;
}

/** Every conversation of the estate: what clients open, then what ends at services of the customer. */
export function conversationsOf(compiled: CompiledNetwork): readonly Conversation[] {
  const { concrete, inbound = [] } = compiled.demands;
  return [
    ...concrete.map((demand) => outbound(compiled, demand)),
    ...inbound.map((each) => towardsService(compiled, each)),
  ];
}

/** A demand of a place of the estate. Throws where the place has no device: a bug of the compiler. */
export function outbound(compiled: CompiledNetwork, demand: ConcreteDemand): Conversation {
  const { id, flow, site, environment, target } = demand;
  const device = compiled.siteRouters.get(site.name);
  if (device === undefined) throw new Error(`site '${site.name}' has no router`);
  return {
    id,
    opener: 'customer',
    flow,
    site,
    environment,
    source: { name: site.name, device, set: prefixSet(demand.sources) },
    target,
    ports: demand.ports ?? flow.ports,
    written: { kind: 'demand', demand },
  };
}

export function towardsService(compiled: CompiledNetwork, inbound: InboundDemand): Conversation {
  const { id, flow, service, environment, from, sources, address, ports } = inbound;
  const site = compiled.estate.sites.find((each) => each.name === service.site);
  if (site === undefined) throw new Error(`the service '${service.name}' has no site`);
  return {
    id,
    opener: from.kind === 'microsoft' || from.kind === 'subnet' ? 'microsoft' : 'customer',
    flow,
    site,
    environment,
    source: { name: from.name, device: from.device, set: sources },
    target: {
      id: service.name,
      name: service.name,
      azureRegion: undefined,
      set: prefixSet([hostPrefix(address)]),
      sources: [`the address of ${service.name}`],
    },
    ports: ports.length === 0 ? flow.ports : ports,
    written: { kind: 'service', inbound },
  };
}

/**
 * Whether an answer that ends at this device is back where the session was opened. An address of Microsoft may belong to
 * a region and to a service inside it: either has heard the answer.
 */
export function isHome({ written, source }: Conversation, device: Device): boolean {
  if (device.ix === source.device) return true;
  return written.kind === 'service' && written.inbound.from.kind === 'microsoft' && device.half === 'microsoft';
}

/** Targets that may well be some public host which nobody announced by name. */
const ANYWHERE: ReadonlySet<string> = new Set(['public-internet', 'any']);

/**
 * Whether a packet that ends at this device arrived. One that ends at the catch-all of the public internet, or at the
 * wrong device, did not: nobody announced its destination there.
 */
export function isArrival({ written, target }: Conversation, device: Device): boolean {
  if (written.kind === 'service') return device.ix === written.inbound.home;
  return device.half === 'microsoft' || ANYWHERE.has(target.id);
}
