/** One packet of a conversation and its answers, on every branch and by every way that a client may send. */
import type { CompiledProxy } from '@bothways/network';
import { type Conversation, isArrival, isHome } from './conversation.ts';
import { type Branch, type Leg, lostThere, overLegs, wayOf } from './legs.ts';
import type { Asker, NameCheck } from './names.ts';
import { FIRST_CLIENT_PORT, type Packet, type Transport } from './packet.ts';
import { neverSent } from './path.ts';
import type { Route } from './relay.ts';
import type { WalkInput } from './walk-input.ts';

/** The branches of a packet by one route, in the order of the tables. */
export function branchesOf(
  input: WalkInput,
  conversation: Conversation,
  route: Route,
  packet: Packet,
  names: NameCheck,
): readonly Branch[] {
  const { tried, choice, because } = route;
  const family = packet.source.family;
  const usable = tried.filter((each) => each === undefined || each.address.family === family);
  if (usable.length === 0) return [];
  // Who finds no proxy that answers fails at the first one.
  const taken = usable.find((each) => each === undefined || input.state.isDeviceUp(each.device));
  const proxy = usable.includes(undefined) || taken !== undefined ? taken : usable[0];
  const found = resolvedFirst(input, conversation, proxy, packet, names);
  if (because !== undefined) return found.map((branch) => ({ ...branch, outcome: 'unknown', because }));
  if (choice === undefined) return found;
  return found.map((branch) => ({ ...branch, choices: [choice, ...branch.choices] }));
}

/** Through a proxy it is the proxy that has to resolve the name. */
function resolvedFirst(
  input: WalkInput,
  conversation: Conversation,
  proxy: CompiledProxy | undefined,
  packet: Packet,
  names: NameCheck,
): readonly Branch[] {
  const { source } = conversation;
  const asker: Asker =
    proxy === undefined
      ? { place: source.name, device: source.device, sources: source.set, address: packet.source }
      : { place: proxy.name, device: proxy.device, sources: undefined, address: proxy.address };
  if (!input.state.isDeviceUp(source.device)) return overLegs(input, legsOf(conversation, packet));
  if (proxy !== undefined && !input.state.isDeviceUp(proxy.device)) return relayed(input, conversation, proxy, packet);
  const answer = names.ask(asker);
  if (answer.outcome === 'broken') {
    const path = neverSent(source.device, packet, 'name-not-resolved', answer.origins);
    return [lostThere(wayOf(input.network, path, 'there'))];
  }
  const found =
    proxy === undefined ? overLegs(input, legsOf(conversation, packet)) : relayed(input, conversation, proxy, packet);
  if (answer.outcome !== 'unknown') return found;
  return found.map((branch) =>
    branch.outcome === 'broken' ? branch : { ...branch, outcome: 'unknown', because: answer.because },
  );
}

/** The connection to the service, and those of a reverse proxy to what is behind it. */
function legsOf(conversation: Conversation, packet: Packet): readonly Leg[] {
  const { source, flow, written } = conversation;
  const legs: Leg[] = [
    {
      start: source.device,
      packet,
      flow: flow.id,
      arrives: (device) => isArrival(conversation, device),
      returns: (device) => isHome(conversation, device),
      relay: undefined,
    },
  ];
  if (written.kind !== 'service' || written.inbound.backends === undefined) return legs;
  let front = { service: written.inbound.service, home: written.inbound.home };
  for (const { service, home, origins } of written.inbound.backends) {
    const { home: start } = front;
    const [port] = service.ports;
    const transport: Transport | undefined =
      port === undefined
        ? undefined
        : { protocol: port.protocol, sourcePort: FIRST_CLIENT_PORT, destinationPort: port.first };
    legs.push({
      start,
      packet: { source: front.service.address, destination: service.address, transport },
      flow: undefined,
      arrives: ({ ix }) => ix === home,
      returns: ({ ix }) => ix === start,
      relay: { name: front.service.name, origins },
    });
    front = { service, home };
  }
  return legs;
}

/** Through a proxy: two connections, and the way back through both. */
function relayed(
  input: WalkInput,
  conversation: Conversation,
  proxy: CompiledProxy,
  packet: Packet,
): readonly Branch[] {
  const { device: home } = conversation.source;
  const { device, address, port, origins } = proxy;
  const transport: Transport = { protocol: 'tcp', sourcePort: FIRST_CLIENT_PORT, destinationPort: port };
  const toProxy: Packet = { source: packet.source, destination: address, transport };
  if (!input.state.isDeviceUp(device)) {
    return [lostThere(wayOf(input.network, neverSent(home, toProxy, 'proxy-down', origins), 'there'))];
  }
  const legs: readonly Leg[] = [
    {
      start: home,
      packet: toProxy,
      flow: undefined,
      arrives: ({ ix }) => ix === device,
      returns: ({ ix }) => ix === home,
      relay: undefined,
    },
    {
      start: device,
      packet: { ...packet, source: address },
      flow: conversation.flow.id,
      arrives: (at) => isArrival(conversation, at),
      returns: ({ ix }) => ix === device,
      relay: proxy,
    },
  ];
  return overLegs(input, legs).map((branch) => withinReach(branch, proxy));
}

/** The document says what a proxy reaches; where routing leads it elsewhere, one of the two is wrong. */
function withinReach(branch: Branch, { name, reach }: CompiledProxy): Branch {
  const { kind } = branch.forward.via;
  if (reach === 'both' || kind === 'internal' || kind === reach) return branch;
  const because = `the document says that ${name} reaches ${reach === 'internet' ? 'the internet' : 'ExpressRoute'} only, and routing leads it over ${kind === 'internet' ? 'the internet' : 'a circuit'}`;
  return { ...branch, outcome: branch.outcome === 'broken' ? 'broken' : 'unknown', because };
}
