/**
 * The traffic matrix: how much each place sends to and gets from what it asks, in bit/s, for the busy hour.
 *
 * The unit is the bundle, not the single demand: a document gives one rate for several flows, and no source says how
 * it divides between them, between the regions of a pair or between IPv4 and IPv6. A bundle therefore holds everything
 * that one rate speaks about; where its parts take different ways, its load on a line is an interval (see load.ts).
 *
 * A rate counts whole in each direction: the document states one figure, a circuit has its bandwidth in each direction
 * (ER-013), and no source divides a client's traffic into requests and answers. Callers that know better pass `shares`.
 * Where the document has no rate, the only published figure is that of model-driven apps (PP-Z01); it is one per
 * client, however many demands speak of the client (PP-U10). It is what a client should be given, so a load computed
 * from it is a planning figure. Everything else without a rate is unknown, and says what is missing.
 *
 * Left out: the hours of the day, growth, acknowledgements of the other direction.
 */
import type { Demand, Estate } from '@bothways/estate';
import { sizing, type TrafficClass } from '@bothways/facts';
import type { CompiledNetwork, ConcreteDemand, InboundDemand, Origin } from '@bothways/network';
import { wholeBits } from './whole-bits.ts';

/** Everything that one rate speaks about. */
export interface TrafficBundle {
  /** 'everyday/hq', 'everyday' for a total that cannot be divided, 'guidance/hq', 'gateway-1/dc'. Unique. */
  readonly id: string;
  /** Names of the demands of the document, or of the gateway or machine that opens the sessions by itself. */
  readonly names: readonly string[];
  /** Ids of the concrete demands, outbound and inbound, in the order of the compiled network. */
  readonly demands: readonly string[];
  /** Sites, user groups and machines, in document order. */
  readonly places: readonly string[];
  /** Users of the places; machines, gateways and servers count none. */
  readonly users: number;
  readonly class: TrafficClass;
  readonly rate: TrafficRate;
}

export type TrafficRate =
  | {
      readonly kind: 'known';
      /** Bit/s of requests, in the direction in which sessions are opened. Whole number. */
      readonly there: number;
      /** Bit/s of answers. Whole number. */
      readonly back: number;
      /** 'document': the rate is written there. 'guidance': the published figure per client. */
      readonly basis: 'document' | 'guidance';
      readonly origins: readonly Origin[];
      /** What was assumed on the way from the figure to the rate. */
      readonly assumptions: readonly string[];
    }
  | { readonly kind: 'unknown'; readonly missing: string };

export interface Traffic {
  readonly bundles: readonly TrafficBundle[];
  /** Positions in `bundles` by id of a concrete demand: which bundles change when the trips of a demand change. */
  readonly byDemand: ReadonlyMap<string, readonly number[]>;
}

/** Parts of the rate that count in each direction, 0 to 1. */
export interface DirectionShares {
  readonly there: number;
  readonly back: number;
}

export interface TrafficOptions {
  /** By demand of the document; undefined: the whole rate in each direction. */
  readonly shares?: (demand: Demand) => DirectionShares | undefined;
}

const WHOLE: DirectionShares = { there: 1, back: 1 };
const WHOLE_ASSUMED = 'the rate counts whole in each direction, because no source divides it';

/** Flows of a client of model-driven apps, whose need is published. */
const GUIDED_FLOWS: ReadonlySet<string> = new Set(['PP-F01', 'PP-F02']);
const GUIDANCE: Origin = { kind: 'fact', fact: sizing.clientBandwidth.fact };
const guidancePerUser = sizing.clientBandwidth.value * 1000;

/** A demand that something was compiled from, with what it is matched by. */
interface Part {
  readonly id: string;
  readonly flow: string;
  readonly group: string;
  readonly place: string;
  /** Whether the sessions start at something that is no user: a gateway, desktop-flow machines. */
  readonly byMachine: boolean;
  readonly isFor: (demand: Demand) => boolean;
}

export function trafficOf(compiled: CompiledNetwork, options: TrafficOptions = {}): Traffic {
  const { estate, demands } = compiled;
  const vnets = new Set(estate.vnets.map(({ name }) => name));
  const parts = [
    ...demands.concrete.map((concrete) => outboundPart(concrete, vnets)),
    ...(demands.inbound ?? []).map(inboundPart),
  ];
  const users = usersByPlace(estate);
  const byPlace = new Map<string, Part[]>();
  for (const part of parts) append(byPlace, part.place, part);
  const bundles: TrafficBundle[] = [];
  const claimed = new Set<string>();
  const guided = new Map<string, GuidedPlace>();

  for (const demand of estate.demands) {
    const places = [...demand.from, ...demand.users].map((name) => ({
      name,
      users: users.get(name) ?? 0,
      parts: (byPlace.get(name) ?? []).filter((part) => part.isFor(demand)),
    }));
    const present = places.filter((place) => place.parts.length > 0);
    for (const { parts: here } of present) for (const { id } of here) claimed.add(id);
    if (demand.rate === undefined) collectGuided(guided, bundles, demand, present);
    else if ('perUser' in demand.rate) bundles.push(...perUserBundles(demand, demand.rate.perUser, present, options));
    else bundles.push(...totalBundles(demand, demand.rate.total, present, options));
  }
  for (const [name, place] of guided) bundles.push(guidanceBundle(name, place));
  bundles.push(...unstated(compiled, parts, claimed));

  const byDemand = new Map<string, number[]>();
  for (const [position, bundle] of bundles.entries()) {
    for (const id of bundle.demands) append(byDemand, id, position);
  }
  return { bundles: withUniqueIds(bundles), byDemand };
}

/** A gateway may be called like a demand: later ones are numbered. */
function withUniqueIds(bundles: readonly TrafficBundle[]): readonly TrafficBundle[] {
  const seen = new Map<string, number>();
  return bundles.map((bundle) => {
    const count = (seen.get(bundle.id) ?? 0) + 1;
    seen.set(bundle.id, count);
    return count === 1 ? bundle : { ...bundle, id: `${bundle.id}#${count}` };
  });
}

/** Users of a place that sessions start from; 0 for machines. */
export function usersByPlace(estate: Estate): ReadonlyMap<string, number> {
  return new Map([...estate.sites, ...estate.users].map(({ name, users }) => [name, users]));
}

function outboundPart(concrete: ConcreteDemand, vnets: ReadonlySet<string>): Part {
  const { id, flow, site, environment, target, demand: own } = concrete;
  const byMachine = concrete.by !== undefined && concrete.by.kind !== 'servers';
  return {
    id,
    flow: flow.id,
    group: flow.group,
    place: site.name,
    byMachine,
    isFor: (demand) =>
      demand === own ||
      (demand.flows.includes(flow.id) &&
        (vnets.has(target.id)
          ? demand.vnets.includes(target.id)
          : environment === undefined
            ? demand.to.length > 0
            : demand.to.includes(environment))),
  };
}

function inboundPart({ id, flow, from, service }: InboundDemand): Part {
  const ofCustomer = from.kind === 'site' || from.kind === 'users' || from.kind === 'machine';
  return {
    id,
    flow: flow.id,
    group: flow.group,
    place: from.name,
    byMachine: from.kind !== 'site' && from.kind !== 'users',
    isFor: (demand) => ofCustomer && demand.flows.includes(flow.id) && demand.services.includes(service.name),
  };
}

interface Present {
  readonly name: string;
  readonly users: number;
  readonly parts: readonly Part[];
}

function perUserBundles(
  demand: Demand,
  perUser: number,
  places: readonly Present[],
  options: TrafficOptions,
): readonly TrafficBundle[] {
  return places.map(({ name, users, parts }) => ({
    ...bundleOf(`${demand.name}/${name}`, demand, [name], users, parts),
    rate:
      users === 0
        ? { kind: 'unknown', missing: `${name} has no number of users, and the rate is one per user` }
        : documentRate(demand, perUser * users, [], options),
  }));
}

/** A total is divided by users where every place has some; else it stays one bundle over all its places. */
function totalBundles(
  demand: Demand,
  total: number,
  places: readonly Present[],
  options: TrafficOptions,
): readonly TrafficBundle[] {
  const [only, ...others] = places;
  if (only === undefined) return [];
  const everyUser = places.reduce((sum, { users }) => sum + users, 0);
  if (others.length > 0 && places.some(({ users }) => users === 0)) {
    const parts = places.flatMap((place) => place.parts);
    const names = places.map(({ name }) => name);
    const bundle = bundleOf(demand.name, demand, names, everyUser, parts);
    return [{ ...bundle, rate: documentRate(demand, total, [], options) }];
  }
  const assumptions = others.length === 0 ? [] : ['the total divides over the places as their users do'];
  const portions = others.length === 0 ? [total] : divided(wholeBits(total), places);
  return places.map(({ name, users, parts }, position) => ({
    ...bundleOf(`${demand.name}/${name}`, demand, [name], users, parts),
    rate: documentRate(demand, portions[position] ?? 0, assumptions, options),
  }));
}

/** Whole numbers in the proportion of the users that add up to `total`: the first places get what is left over. */
function divided(total: number, places: readonly Present[]): readonly number[] {
  const everyUser = places.reduce((sum, { users }) => sum + users, 0);
  const portions = places.map(({ users }) => Math.floor((total * users) / everyUser));
  let rest = total - portions.reduce((sum, each) => sum + each, 0);
  return portions.map((portion) => {
    if (rest <= 0) return portion;
    rest -= 1;
    return portion + 1;
  });
}

function documentRate(
  demand: Demand,
  average: number,
  assumptions: readonly string[],
  { shares }: TrafficOptions,
): TrafficRate {
  const stated = shares?.(demand);
  const { there, back } = stated ?? WHOLE;
  const busy = average * demand.peakFactor;
  return {
    kind: 'known',
    there: wholeBits(busy * there),
    back: wholeBits(busy * back),
    basis: 'document',
    origins: [{ kind: 'document', path: [...demand.path, 'rate'] }],
    assumptions: stated === undefined ? [...assumptions, WHOLE_ASSUMED] : assumptions,
  };
}

interface GuidedPlace {
  readonly demands: Demand[];
  readonly parts: Part[];
  readonly users: number;
  peakFactor: number;
}

/** Demands without a rate: clients of model-driven apps are gathered per place, the rest cannot be known. */
function collectGuided(
  guided: Map<string, GuidedPlace>,
  bundles: TrafficBundle[],
  demand: Demand,
  places: readonly Present[],
): void {
  for (const { name, users, parts } of places) {
    const isGuided = parts.some((part) => GUIDED_FLOWS.has(part.flow));
    const clients = isGuided ? parts.filter(({ group, byMachine }) => group === 'client' && !byMachine) : [];
    const rest = parts.filter((part) => !clients.includes(part));
    if (rest.length > 0) {
      const flows = [...new Set(rest.map(({ flow }) => flow))].join(', ');
      const missing = `demand ${demand.name} has no rate, and none is published for ${flows} (PP-U10)`;
      const id = `${demand.name}/${name}`;
      bundles.push({ ...bundleOf(id, demand, [name], users, rest), rate: { kind: 'unknown', missing } });
    }
    if (clients.length === 0) continue;
    const held = guided.get(name) ?? { demands: [], parts: [], users, peakFactor: 1 };
    held.demands.push(demand);
    held.parts.push(...clients.filter((part) => !held.parts.includes(part)));
    held.peakFactor = Math.max(held.peakFactor, demand.peakFactor);
    guided.set(name, held);
  }
}

function guidanceBundle(place: string, { demands, parts, users, peakFactor }: GuidedPlace): TrafficBundle {
  const rate = wholeBits(guidancePerUser * users * peakFactor);
  return {
    id: `guidance/${place}`,
    names: demands.map(({ name }) => name),
    demands: parts.map(({ id }) => id),
    places: [place],
    users,
    class: demands[0]?.class ?? 'default',
    rate:
      users === 0
        ? { kind: 'unknown', missing: `${place} has no number of users, and the published figure is one per user` }
        : {
            kind: 'known',
            there: rate,
            back: rate,
            basis: 'guidance',
            origins: [GUIDANCE],
            assumptions: [
              `every user gets the ${sizing.clientBandwidth.value} kbit/s that a client of model-driven apps should have`,
              WHOLE_ASSUMED,
            ],
          },
  };
}

/** Sessions that the document gives no rate for at all: gateways, machines, what Microsoft opens. */
function unstated(compiled: CompiledNetwork, parts: readonly Part[], claimed: ReadonlySet<string>): TrafficBundle[] {
  const implied = new Map(compiled.demands.concrete.map(({ id, demand }) => [id, demand.name]));
  const groups = new Map<string, Part[]>();
  for (const part of parts) {
    if (claimed.has(part.id)) continue;
    append(groups, `${implied.get(part.id) ?? part.flow}/${part.place}`, part);
  }
  return [...groups].map(([id, members]) => {
    const name = id.slice(0, id.length - (members[0]?.place.length ?? 0) - 1);
    const flows = [...new Set(members.map(({ flow }) => flow))].join(', ');
    return {
      id,
      names: [name],
      demands: members.map((part) => part.id),
      places: [...new Set(members.map(({ place }) => place))],
      users: 0,
      class: 'default',
      rate: { kind: 'unknown', missing: `no demand of the document gives a rate for ${flows}` },
    };
  });
}

function bundleOf(
  id: string,
  demand: Demand,
  places: readonly string[],
  users: number,
  parts: readonly Part[],
): Omit<TrafficBundle, 'rate'> {
  const demands = [...new Set(parts.map((part) => part.id))];
  return { id, names: [demand.name], demands, places, users, class: demand.class };
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const held = lists.get(key);
  if (held === undefined) lists.set(key, [item]);
  else held.push(item);
}
