/**
 * Proxies: which one the clients of a place use, and what one does. A proxy ends the client's connection and starts its
 * own: the client sends to the proxy's address, the proxy sends from it. Both connections have to work in both
 * directions; together they are one path with a step `relayed` at the proxy.
 *
 * A proxy carries TCP of demands that clients open towards public services; UDP, and private addresses, go straight.
 * A script may tell clients, targets or host names of one conversation different things: each part of it takes its own
 * way (see steeredParts), and only a part that nobody can answer for is unknown.
 *
 * A client whose address is not of the family of the proxy's has no round trips of that family: it asks the proxy by the
 * other one.
 *
 * A reverse proxy does the same at the other end, towards the service that the document names as its backend.
 *
 * Left out: caches, authentication to the proxy, what a reverse proxy does by path or host name.
 */
import {
  differenceOf,
  formatPrefix,
  intersectionOf,
  type PrefixSet,
  prefixSet,
  setIsEmpty,
  unionOf,
} from '@bothways/net';
import type { CompiledNetwork, CompiledProxy, Origin } from '@bothways/network';
import type { Conversation } from './conversation.ts';
import type { Packet, Protocol } from './packet.ts';
import type { Choice, PacketPath } from './path.ts';
import { lastHop } from './path.ts';

export type ProxyOrDirect = { readonly kind: 'direct' } | { readonly kind: 'proxy'; readonly name: string };

/** What a client does first, and what it tries in order where a proxy has failed. */
export type FirmChoice = ProxyOrDirect & { readonly fallback: readonly ProxyOrDirect[] };

/** What tells the clients of a place whether to use a proxy; the shape in which steering answers. */
export type ProxyChoice =
  | FirmChoice
  | {
      readonly kind: 'unresolved' | 'unknown';
      readonly possibilities: readonly FirmChoice[];
      readonly because: string;
    };

/** Decides for one conversation; given by whoever evaluates proxy scripts. */
export type ChooseProxy = (conversation: Conversation) => ProxyChoice;

/** One way a client may send: by the first of these proxies that is up, or straight. */
export interface Route {
  /** In the order in which they are tried; undefined: straight. */
  readonly tried: readonly (CompiledProxy | undefined)[];
  /** Where it is not known which way is taken. */
  readonly choice: Choice | undefined;
  /** Not even the possibilities are known. */
  readonly because: string | undefined;
}

const STRAIGHT: readonly Route[] = [{ tried: [undefined], choice: undefined, because: undefined }];

/** Clients, targets and names of a conversation that are told the same. */
export interface SteeredPart {
  readonly sources: PrefixSet;
  readonly targets: PrefixSet;
  /** Host names asked for; empty: all names of the conversation. */
  readonly names: readonly string[];
  readonly choice: ProxyChoice;
}

/**
 * A conversation by what its clients are told: for each group of host names, every client and every target is in exactly
 * one part. `choose` has one answer for all of them; absent: as steering says.
 */
export function steeredParts(
  { estate, steering }: CompiledNetwork,
  { source, flow, target, environment, written }: Conversation,
  choose: ProxyChoice | undefined,
): readonly SteeredPart[] {
  const whole = (choice: ProxyChoice): SteeredPart => ({ sources: source.set, targets: target.set, names: [], choice });
  if (choose !== undefined) return [whole(choose)];
  const isInside = written.kind === 'service' || estate.vnets.some((vnet) => vnet.name === target.id);
  if (steering === undefined || steering.proxies.length === 0 || isInside) return [whole(STRAIGHT_ON)];
  const parts = steering.partsFor(source.name, flow, target, environment);
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return [whole(only.choice)];
  // Gateways and servers of a site are no clients of its script by address: where it knows none of them, what holds for
  // all of its clients holds for them, and nothing else.
  const others = steering.proxyFor(source.name, flow, target, environment);
  const groups = new Map<string, (typeof parts)[number][]>();
  for (const part of parts) {
    const key = part.names.join();
    const held = groups.get(key);
    if (held === undefined) groups.set(key, [part]);
    else held.push(part);
  }
  return [...groups.values()].flatMap((group) => {
    const names = groups.size === 1 ? [] : (group[0]?.names ?? []);
    const rows = new Map<string, { readonly sources: PrefixSet; left: PrefixSet; readonly parts: SteeredPart[] }>();
    for (const part of group) {
      const key = part.sources.map(formatPrefix).join();
      const row = rows.get(key) ?? {
        sources: intersectionOf(prefixSet(part.sources), source.set),
        left: target.set,
        parts: [],
      };
      rows.set(key, row);
      row.left = differenceOf(row.left, part.targets);
      row.parts.push({ sources: row.sources, targets: part.targets, names, choice: part.choice });
    }
    const known = [...rows.values()];
    const rest = differenceOf(source.set, unionOf(...known.map((row) => row.sources)));
    return [
      ...known.flatMap((row) => [...row.parts, { sources: row.sources, targets: row.left, names, choice: others }]),
      { sources: rest, targets: target.set, names, choice: others },
    ].filter(({ sources, targets }) => !setIsEmpty(sources) && !setIsEmpty(targets));
  });
}

/** The ways that clients may send packets of this protocol who were told so, the likeliest first. */
export function routesOf(
  { steering }: CompiledNetwork,
  { source }: Conversation,
  protocol: Protocol | undefined,
  chosen: ProxyChoice,
): readonly Route[] {
  const proxies = steering?.proxies ?? [];
  if (proxies.length === 0 || protocol === 'udp') return STRAIGHT;
  const tried = (choice: FirmChoice): Route['tried'] =>
    [choice, ...choice.fallback].map((each) => {
      if (each.kind === 'direct') return undefined;
      const proxy = proxies.find(({ name }) => name === each.name);
      if (proxy === undefined) throw new Error(`a proxy '${each.name}' was chosen that the network does not have`);
      return proxy;
    });
  if (chosen.kind === 'direct' || chosen.kind === 'proxy') {
    return [{ tried: tried(chosen), choice: undefined, because: undefined }];
  }
  const { because, possibilities } = chosen;
  if (possibilities.length === 0) return [{ tried: [undefined], choice: undefined, because }];
  const node = `proxy of ${source.name}`;
  return possibilities.map((each) => {
    const names = tried(each);
    const pick = names.map((proxy) => proxy?.name ?? 'none').join(', ');
    return { tried: names, choice: { node, pick, because }, because: undefined };
  });
}

const STRAIGHT_ON: ProxyChoice = { kind: 'direct', fallback: [] };

/** Who ends a connection and starts another one. */
export interface Relay {
  readonly name: string;
  readonly origins: readonly Origin[];
}

/** The path to a relay and the one on from it, as one. */
export function joined(first: PacketPath, second: PacketPath, relay: Relay, sent: Packet): PacketPath {
  const before = lastHop(first);
  const [after, ...rest] = second.hops;
  if (after === undefined) throw new Error('a path without hops');
  const relayed = { kind: 'relayed', proxy: relay.name, from: first.last, to: sent, origins: relay.origins } as const;
  return {
    hops: [
      ...first.hops.slice(0, -1),
      {
        ...after,
        arrivedOn: before.arrivedOn,
        packet: before.packet,
        steps: [...before.steps, relayed, ...after.steps],
      },
      ...rest,
    ],
    disposition: second.disposition,
    last: second.last,
    sessions: second.sessions,
    choices: [...first.choices, ...second.choices],
  };
}
