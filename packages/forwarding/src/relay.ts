/**
 * Proxies: which one the clients of a place use, and what one does. A proxy ends the client's connection and starts its
 * own: the client sends to the proxy's address, the proxy sends from it. Both connections have to work in both
 * directions; together they are one path with a step `relayed` at the proxy.
 *
 * A proxy carries TCP of demands that clients open towards public services; UDP, and private addresses, go straight.
 * A client whose address is not of the family of the proxy's has no round trips of that family: it asks the proxy by the
 * other one.
 *
 * Left out: caches, authentication to the proxy, the second connection of a reverse proxy, whose server is not described.
 */
import type { CompiledNetwork, CompiledProxy, DeviceIx } from '@bothways/network';
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

/** The ways that clients of a conversation may send packets of this protocol, the likeliest first. */
export function routesOf(
  compiled: CompiledNetwork,
  conversation: Conversation,
  protocol: Protocol | undefined,
  choose: ChooseProxy,
): readonly Route[] {
  const { written, target } = conversation;
  const proxies = compiled.steering?.proxies ?? [];
  if (proxies.length === 0 || written.kind === 'service' || protocol === 'udp') return STRAIGHT;
  if (compiled.estate.vnets.some((vnet) => vnet.name === target.id)) return STRAIGHT;
  const tried = (choice: FirmChoice): Route['tried'] =>
    [choice, ...choice.fallback].map((each) => {
      if (each.kind === 'direct') return undefined;
      const proxy = proxies.find(({ name }) => name === each.name);
      if (proxy === undefined) throw new Error(`a proxy '${each.name}' was chosen that the network does not have`);
      return proxy;
    });
  const chosen = choose(conversation);
  if (chosen.kind === 'direct' || chosen.kind === 'proxy') {
    return [{ tried: tried(chosen), choice: undefined, because: undefined }];
  }
  const { because, possibilities } = chosen;
  if (possibilities.length === 0) return [{ tried: [undefined], choice: undefined, because }];
  const node = `proxy of ${conversation.source.name}`;
  return possibilities.map((each) => {
    const names = tried(each);
    const pick = names.map((proxy) => proxy?.name ?? 'none').join(', ');
    return { tried: names, choice: { node, pick, because }, because: undefined };
  });
}

const STRAIGHT_ON: ProxyChoice = { kind: 'direct', fallback: [] };

/** As the place is steered: by its proxy script, by its explicit proxy, or not at all. */
export function proxyBySteering({ steering }: CompiledNetwork): ChooseProxy {
  if (steering === undefined) return () => STRAIGHT_ON;
  return ({ source, flow, target, environment }) => steering.proxyFor(source.name, flow, target, environment);
}

/** The client's path to the proxy and the proxy's path on, as one. */
export function joined(first: PacketPath, second: PacketPath, proxy: CompiledProxy, sent: Packet): PacketPath {
  const before = lastHop(first);
  const [after, ...rest] = second.hops;
  if (after === undefined) throw new Error('a path without hops');
  const relayed = { kind: 'relayed', proxy: proxy.name, from: first.last, to: sent, origins: proxy.origins } as const;
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

/** A connection that is not even tried, because the proxy has failed. */
export function proxyDown(home: DeviceIx, packet: Packet, proxy: CompiledProxy): PacketPath {
  return {
    hops: [
      {
        device: home,
        arrivedOn: undefined,
        leftOn: undefined,
        packet,
        steps: [{ kind: 'dropped', because: 'proxy-down', origins: proxy.origins }],
        entry: undefined,
        equalWays: 1,
      },
    ],
    disposition: 'proxy-down',
    last: packet,
    sessions: [],
    choices: [],
  };
}
