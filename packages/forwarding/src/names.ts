/**
 * Names: whoever asks for a service by name needs an answer from the resolver of the place first. The query is a packet of
 * its own to port 53 of the resolver and has to come back like any other (RFC 1035 section 4.2); through a proxy it is the
 * proxy that asks.
 *
 * A name resolves where queries over UDP and their answers arrive. Where they do not and TCP does, it depends on the
 * client (RFC 7766 section 5), which nobody described: unknown. A client with addresses of both families may ask for
 * either over the other. Azure's own resolver is on the host of each machine; no packet leaves for it.
 *
 * Addresses inside virtual networks are asked for as addresses. Left out: caches, several resolvers of one client, what
 * the resolver itself has to ask.
 */
import type { Address, PrefixSet } from '@bothways/net';
import type { CompiledNetwork, DeviceIx, Origin } from '@bothways/network';
import type { Conversation } from './conversation.ts';
import { type Leg, overLegs } from './legs.ts';
import { FIRST_CLIENT_PORT, type Packet, type Protocol } from './packet.ts';
import { type TripOutcome, verdictOf } from './possibilities.ts';
import type { WalkInput } from './walk-input.ts';

/** Who asks a resolver. */
export interface Asker {
  readonly place: string;
  readonly device: DeviceIx;
  /** Everything that the client may send from; undefined: one address. */
  readonly sources: PrefixSet | undefined;
  readonly address: Address;
}

export interface NameAnswer {
  readonly outcome: TripOutcome;
  readonly because: string | undefined;
  readonly origins: readonly Origin[];
}

const RESOLVED: NameAnswer = { outcome: 'holds', because: undefined, origins: [] };

/** Bytes of the largest packet of an answer over UDP that is sure to pass: the least that a link of IPv6 takes (RFC 8200). */
const QUERY_SIZE = 1280;

/**
 * What comes of the names of one conversation. Asked once per place and address; not kept for other conversations, so that
 * each is known to depend on what its own queries met.
 */
export class NameCheck {
  readonly #compiled: CompiledNetwork;
  readonly #input: WalkInput;
  readonly #conversation: Conversation;
  readonly #known = new Map<string, NameAnswer>();

  constructor(compiled: CompiledNetwork, input: WalkInput, conversation: Conversation) {
    this.#compiled = compiled;
    this.#input = input;
    this.#conversation = conversation;
  }

  ask(asker: Asker): NameAnswer {
    const { written, target } = this.#conversation;
    if (written.kind === 'service') {
      const { hostName, unresolvable } = written.inbound;
      if (unresolvable !== undefined) return { outcome: 'broken', ...unresolvable };
      if (hostName === undefined) return RESOLVED;
    } else if (this.#compiled.estate.vnets.some((vnet) => vnet.name === target.id)) return RESOLVED;
    const key = `${asker.place}\n${asker.device} ${asker.address.family} ${asker.address.bits}`;
    let answer = this.#known.get(key);
    if (answer === undefined) {
      answer = this.#answerTo(asker);
      this.#known.set(key, answer);
    }
    return answer;
  }

  #answerTo({ place, device, sources, address }: Asker): NameAnswer {
    const { steering } = this.#compiled;
    const { state, space } = this.#input;
    if (steering === undefined) return RESOLVED;
    const resolver = steering.resolverDevice(place);
    const { origins } = resolver;
    if (resolver.kind === 'azure' || resolver.device === device) return RESOLVED;
    const lost = { because: `${resolver.because}, which does not answer`, origins };
    if (resolver.addresses.length === 0) {
      return state.isDeviceUp(resolver.device) ? RESOLVED : { outcome: 'broken', ...lost };
    }
    let best: TripOutcome = 'broken';
    for (const destination of resolver.addresses) {
      const others = sources === undefined ? [] : space.pieces(sources, destination.family);
      const from =
        destination.family === address.family ? [address] : others.map(({ representative }) => representative);
      if (from.length === 0) continue;
      const over = (protocol: Protocol): TripOutcome => {
        const outcomes = from.map((source) => this.#query(device, resolver.device, { source, destination }, protocol));
        return outcomes.find((each) => each !== 'holds') ?? 'holds';
      };
      const byUdp = over('udp');
      if (byUdp === 'holds') return RESOLVED;
      if (byUdp === 'unknown' || over('tcp') !== 'broken') best = 'unknown';
    }
    if (best === 'broken') return { outcome: 'broken', ...lost };
    return { outcome: 'unknown', because: `${resolver.because}; whether it answers is not known`, origins };
  }

  #query(start: DeviceIx, resolver: DeviceIx, packet: Packet, protocol: Protocol): TripOutcome {
    const leg: Leg = {
      start,
      packet: { ...packet, transport: { protocol, sourcePort: FIRST_CLIENT_PORT, destinationPort: 53 } },
      flow: undefined,
      size: QUERY_SIZE,
      arrives: ({ ix }) => ix === resolver,
      returns: ({ ix }) => ix === start,
      relay: undefined,
    };
    return verdictOf(overLegs(this.#input, [leg])).outcome;
  }
}
