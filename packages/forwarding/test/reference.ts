/**
 * The slow twin of the data plane: one concrete packet at a time, longest match by looking at every prefix of a table,
 * every address of a pool and every port tried by itself, nothing cut into atoms or classes and nothing merged. Written
 * from the description of the model, not from the fast code.
 */
import {
  type Address,
  addressOf,
  compareAddresses,
  hostPrefix,
  type Prefix,
  type PrefixSet,
  prefixContains,
  prefixInterval,
  prefixSet,
  setHas,
  setIntervals,
} from '@bothways/net';
import type {
  CompiledNetwork,
  CompiledProxy,
  ConcreteDemand,
  Device,
  DirectChoice,
  FirewallPolicy,
  FirewallPolicyRule,
  InboundDemand,
  Link,
  PortRange,
  ProxiedChoice,
  ProxyChoice,
  SteeringRule,
} from '@bothways/network';
import type { ControlPlane, FibEntry } from '@bothways/routing';
import type { Disposition } from '../src/index.ts';
import type { ExhaustedPool } from '../src/translation.ts';

/** TCP or UDP with the ports of the packet itself. */
export interface Ports {
  readonly protocol: 'tcp' | 'udp';
  readonly from: number;
  readonly to: number;
}

/** One way of one packet, as far as it got. */
export interface ReferenceWay {
  readonly devices: readonly number[];
  readonly links: readonly number[];
  /** What happened at each device besides forwarding, in order. */
  readonly steps: readonly string[];
  readonly disposition: Disposition;
  readonly source: Address;
  readonly destination: Address;
  /** 'node=pick' of what others choose. */
  readonly chosen: readonly string[];
}

/** A request and, when it arrived, one of the ways its answer may take. */
export interface ReferenceTrip {
  readonly there: ReferenceWay;
  readonly back: ReferenceWay | undefined;
  readonly outcome: Outcome;
  readonly chosen: readonly string[];
}

export type Outcome = 'holds' | 'broken' | 'unknown';

/** What is said by whom, to be followed packet by packet. */
interface Call {
  readonly start: number;
  readonly place: string;
  readonly flow: string;
  readonly arrived: (device: Device) => boolean;
  readonly returned: (device: Device) => boolean;
  /** Clients towards public services, who may have a proxy. */
  readonly mayUseProxy: boolean;
  readonly demand: ConcreteDemand | undefined;
  /** Everything that may call, for who asks names over the other family. */
  readonly callers: PrefixSet;
  /** A name is asked for first. */
  readonly byName: boolean;
  readonly nameless: boolean;
  readonly behind: readonly {
    readonly from: Address;
    readonly at: number;
    readonly to: Address;
    readonly home: number;
    readonly port: Ports | undefined;
  }[];
}

interface Memory {
  readonly group: string;
  /** Source and destination before and after translation. */
  readonly inside: readonly [Address, Address];
  readonly outside: readonly [Address, Address];
}

interface Walker {
  readonly device: number;
  readonly arrivedOn: number | undefined;
  readonly source: Address;
  readonly destination: Address;
  readonly devices: readonly number[];
  readonly links: readonly number[];
  readonly steps: readonly string[];
  /** 'device source destination' of every visit. */
  readonly visits: readonly string[];
  readonly memories: readonly Memory[];
  readonly chosen: readonly string[];
  readonly size: number;
  /** Inside Microsoft since a circuit with Microsoft peering. */
  readonly fromCircuit: boolean;
}

/** What a leg carries besides addresses. */
interface Leg {
  readonly start: number;
  readonly sender: Address;
  readonly ports: Ports | undefined;
  readonly flow: string | undefined;
  /** Of an answer: what the request left behind. */
  readonly answerTo: readonly Memory[] | undefined;
  readonly size?: number;
}

interface Walked {
  readonly way: ReferenceWay;
  readonly memories: readonly Memory[];
}

export class Reference {
  readonly #compiled: CompiledNetwork;
  readonly #plane: ControlPlane;
  readonly #exhausted: readonly ExhaustedPool[];
  readonly #matches = new Map<string, FibEntry | undefined>();

  constructor(compiled: CompiledNetwork, plane: ControlPlane, exhausted: readonly ExhaustedPool[] = []) {
    this.#exhausted = exhausted;
    this.#compiled = compiled;
    this.#plane = plane;
  }

  /** Everything that may become of one packet of a demand and of its answer. */
  ofDemand(
    demand: ConcreteDemand,
    source: Address,
    destination: Address,
    ports: Ports | undefined,
    name?: string,
  ): readonly ReferenceTrip[] {
    const { site, flow, target } = demand;
    const start = this.#compiled.siteRouters.get(site.name);
    if (start === undefined) throw new Error(`no router for ${site.name}`);
    const anywhere = target.id === 'public-internet' || target.id === 'any';
    const call: Call = {
      start,
      place: site.name,
      flow: flow.id,
      arrived: (device) => anywhere || device.half === 'microsoft',
      returned: (device) => device.ix === start,
      mayUseProxy: !this.#compiled.estate.vnets.some((vnet) => vnet.name === target.id),
      demand,
      callers: prefixSet(demand.sources),
      byName: !this.#compiled.estate.vnets.some((vnet) => vnet.name === target.id),
      nameless: false,
      behind: [],
    };
    return this.#trips(call, source, destination, ports, name);
  }

  ofInbound(
    { from, flow, home, service, backends = [], hostName, unresolvable, sources }: InboundDemand,
    source: Address,
    destination: Address,
    ports: Ports | undefined,
  ): readonly ReferenceTrip[] {
    const call: Call = {
      start: from.device,
      place: from.name,
      flow: flow.id,
      arrived: (device) => device.ix === home,
      returned: (device) => device.ix === from.device || (from.kind === 'microsoft' && device.half === 'microsoft'),
      mayUseProxy: false,
      demand: undefined,
      callers: sources,
      byName: hostName !== undefined,
      nameless: unresolvable !== undefined,
      behind: backends.map((each, at) => {
        const port = each.service.ports[0];
        return {
          from: backends[at - 1]?.service.address ?? service.address,
          at: backends[at - 1]?.home ?? home,
          to: each.service.address,
          home: each.home,
          port: port === undefined ? undefined : { protocol: port.protocol, from: 49_152, to: port.first },
        };
      }),
    };
    return this.#trips(call, source, destination, ports);
  }

  /** Host names that may be asked for with a demand; `[undefined]` where names play no part. */
  namesOf({ site, flow, target, environment }: ConcreteDemand): readonly (string | undefined)[] {
    const parts = this.#compiled.steering?.partsFor(site.name, flow, target, environment) ?? [];
    return parts.length < 2 ? [undefined] : [...new Set(parts.flatMap(({ names }) => names))];
  }

  /** What a client is told for one name and one address: by the part that holds them, else by what holds for all. */
  #told(call: Call, source: Address, destination: Address, name: string | undefined): ProxyChoice | undefined {
    const { steering } = this.#compiled;
    const { demand, place } = call;
    if (steering === undefined || steering.proxies.length === 0 || demand === undefined) return undefined;
    const asked = [place, demand.flow, demand.target, demand.environment] as const;
    const parts = steering.partsFor(...asked);
    if (parts.length === 1) return parts[0]?.choice;
    const part = parts.find(
      ({ sources, targets, names }) =>
        (name === undefined || names.includes(name)) &&
        sources.some((each) => prefixContains(each, source)) &&
        setHas(targets, destination),
    );
    return part === undefined ? steering.proxyFor(...asked) : part.choice;
  }

  #trips(
    call: Call,
    source: Address,
    destination: Address,
    ports: Ports | undefined,
    name?: string,
  ): readonly ReferenceTrip[] {
    const told =
      call.mayUseProxy && ports?.protocol !== 'udp' ? this.#told(call, source, destination, name) : undefined;
    if (told === undefined) return this.#plain(call, source, destination, ports);
    if (!('possibilities' in told)) return this.#inOrder(call, source, destination, ports, told);
    return told.possibilities.flatMap((each, ix) =>
      this.#inOrder(call, source, destination, ports, each).map((trip) => ({
        ...trip,
        chosen: [...trip.chosen, `proxy=${ix}`],
      })),
    );
  }

  /** The first of a list that can be asked; the first proxy of all where none can. */
  #inOrder(
    call: Call,
    source: Address,
    destination: Address,
    ports: Ports | undefined,
    choice: DirectChoice | ProxiedChoice,
  ): readonly ReferenceTrip[] {
    const list = [choice, ...choice.fallback].flatMap((each): readonly (CompiledProxy | 'direct')[] => {
      if (each.kind === 'direct') return ['direct'];
      const proxy = this.#compiled.steering?.proxies.find(({ name }) => name === each.name);
      return proxy?.address.family === source.family ? [proxy] : [];
    });
    const answers = list.find((each) => each === 'direct' || this.#plane.liveness.device[each.device] === 1) ?? list[0];
    if (answers === undefined) return [];
    if (answers === 'direct') return this.#plain(call, source, destination, ports);
    return this.#proxied(call, source, destination, ports, answers);
  }

  #plain(call: Call, source: Address, destination: Address, ports: Ports | undefined): readonly ReferenceTrip[] {
    const isUp = this.#plane.liveness.device[call.start] === 1;
    const named = isUp ? this.#resolved(call, call.place, call.start, source, call.callers) : 'holds';
    if (named === 'broken') return [unsent(call.start, source, destination, 'name-not-resolved')];
    const trips = this.#connected(call, source, destination, ports);
    return named === 'holds' ? trips : trips.map(unsure);
  }

  /** Whether somebody's resolver answers: holds where one of its addresses does over UDP. */
  #resolved(call: Call, place: string, start: number, source: Address, callers: PrefixSet | undefined): Outcome {
    if (call.nameless) return 'broken';
    const resolver = call.byName ? this.#compiled.steering?.resolverDevice(place) : undefined;
    if (resolver === undefined || resolver.kind === 'azure' || resolver.device === start) return 'holds';
    if (resolver.addresses.length === 0) return this.#plane.liveness.device[resolver.device] === 1 ? 'holds' : 'broken';
    let found: Outcome = 'broken';
    for (const to of resolver.addresses) {
      const asking =
        to.family === source.family
          ? [source]
          : setIntervals(callers ?? { ipv4: [], ipv6: [] }, to.family).flatMap(({ first, last }) =>
              this.#edges(to.family, first, last),
            );
      if (asking.length === 0) continue;
      const over = (protocol: 'tcp' | 'udp'): Outcome => {
        const each = asking.map((from) => {
          const ports = { protocol, from: 49_152, to: 53 } as const;
          const leg: Leg = { start, sender: from, ports, flow: undefined, answerTo: undefined, size: 1280 };
          const trips = this.#send(leg, from, to).flatMap(({ way, memories }): readonly ReferenceTrip[] => {
            const there = this.#judged(way, ({ ix }) => ix === resolver.device);
            if (there.disposition !== 'delivered') return [lost(there)];
            const heard = this.#answers(there, memories, ports, 1280);
            return heard.map((answer) =>
              tripOf(
                there,
                this.#heard(answer, ({ ix }) => ix === start, from, to),
              ),
            );
          });
          return referenceOutcome(trips);
        });
        // Several clients that differ are as bad as the first one that fails.
        return each.find((one) => one !== 'holds') ?? 'holds';
      };
      const udp = over('udp');
      if (udp === 'holds') return 'holds';
      if (udp === 'unknown' || over('tcp') !== 'broken') found = 'unknown';
    }
    return found;
  }

  /** Addresses of an interval next to whatever anything compares with, which is where behaviour can change. */
  #edges(family: 4 | 6, first: bigint, last: bigint): readonly Address[] {
    const ends = this.#boundaries(family).filter((bits) => bits > first && bits <= last);
    return [first, ...ends].map((bits) => addressOf(family, bits));
  }

  #boundaries(family: 4 | 6): readonly bigint[] {
    const { devices } = this.#compiled.network;
    const prefixes = [
      ...this.#plane.classes.flatMap((each) => each.prefixes),
      ...devices.flatMap(
        ({ sourceFilters, sourceNat, destinationNat = [], inboundSourceNat = [], firewall, steering = [] }) => [
          ...sourceFilters.flatMap(({ permit }) => permit),
          ...sourceNat.flatMap(({ pool, sources }) => [...pool, ...sources]),
          ...destinationNat.flatMap((rule) => [hostPrefix(rule.publicAddress), hostPrefix(rule.insideAddress)]),
          ...inboundSourceNat.flatMap((rule) => [...rule.pool, ...rule.destinations]),
          ...(firewall?.permitInbound.flatMap((each) => each.destinations) ?? []),
          ...(firewall?.rules?.flatMap(({ from, to }) => [...from, ...to]) ?? []),
          ...steering.flatMap((rule) => rule.sources),
        ],
      ),
    ].filter((each) => each.family === family);
    return [...new Set(prefixes.map(prefixInterval).flatMap(({ first, last }) => [first, last + 1n]))].sort((a, b) =>
      a < b ? -1 : 1,
    );
  }

  #connected(call: Call, source: Address, destination: Address, ports: Ports | undefined): readonly ReferenceTrip[] {
    const { start, flow } = call;
    const leg: Leg = { start, sender: source, ports, flow, answerTo: undefined };
    return this.#send(leg, source, destination).flatMap(({ way, memories }): readonly ReferenceTrip[] => {
      const there = this.#judged(way, call.arrived);
      if (there.disposition !== 'delivered') return [lost(there)];
      const answered = (whole: ReferenceWay, half: ReferenceWay | undefined): readonly ReferenceTrip[] =>
        this.#answers(there, memories, ports).map((answer) => {
          const back = this.#heard(answer, call.returned, source, destination);
          return tripOf(whole, half === undefined ? back : glued(half, back));
        });
      const [backend] = call.behind;
      if (backend === undefined) return answered(there, undefined);
      // A reverse proxy: the same again from its own address, before it answers.
      const next: Leg = {
        start: backend.at,
        sender: backend.from,
        ports: backend.port,
        flow: undefined,
        answerTo: undefined,
      };
      return this.#send(next, backend.from, backend.to).flatMap((second): readonly ReferenceTrip[] => {
        const onward = this.#judged(second.way, ({ ix }) => ix === backend.home);
        const whole = glued(there, onward);
        if (onward.disposition !== 'delivered') return [lost(whole)];
        return this.#answers(onward, second.memories, backend.port).flatMap((answer): readonly ReferenceTrip[] => {
          const half = this.#heard(answer, ({ ix }) => ix === backend.at, backend.from, backend.to);
          return half.disposition === 'delivered' ? answered(whole, half) : [tripOf(whole, half)];
        });
      });
    });
  }

  /** Two connections: client to proxy, proxy to service; then back through both. */
  #proxied(
    call: Call,
    source: Address,
    destination: Address,
    ports: Ports | undefined,
    proxy: CompiledProxy,
  ): readonly ReferenceTrip[] {
    const { address, device } = proxy;
    if (address.family !== source.family) return [];
    if (this.#plane.liveness.device[call.start] !== 1) return this.#connected(call, source, destination, ports);
    if (this.#plane.liveness.device[device] !== 1) return [unsent(call.start, source, address, 'proxy-down')];
    const named = this.#resolved(call, proxy.name, device, address, undefined);
    if (named === 'broken') return [unsent(call.start, source, destination, 'name-not-resolved')];
    const trips = this.#overProxy(call, source, destination, ports, proxy);
    return named === 'holds' ? trips : trips.map(unsure);
  }

  #overProxy(
    call: Call,
    source: Address,
    destination: Address,
    ports: Ports | undefined,
    proxy: CompiledProxy,
  ): readonly ReferenceTrip[] {
    const { address, device } = proxy;
    const clientPorts: Ports = { protocol: 'tcp', from: 49_152, to: proxy.port };
    const atProxy = (each: Device) => each.ix === device;
    const toProxy: Leg = {
      start: call.start,
      sender: source,
      ports: clientPorts,
      flow: undefined,
      answerTo: undefined,
    };
    const onward: Leg = { start: device, sender: address, ports, flow: call.flow, answerTo: undefined };
    return this.#send(toProxy, source, address).flatMap((first): readonly ReferenceTrip[] => {
      const leg = this.#judged(first.way, atProxy);
      if (leg.disposition !== 'delivered') return [lost(leg)];
      return this.#send(onward, address, destination).flatMap((second): readonly ReferenceTrip[] => {
        const there = this.#judged(glued(leg, second.way), call.arrived);
        if (there.disposition !== 'delivered') return [lost(there)];
        const last = { ...second.way, source: there.source, destination: there.destination };
        return this.#answers(last, second.memories, ports).flatMap((answer): readonly ReferenceTrip[] => {
          const half = this.#heard(answer, atProxy, address, destination);
          if (half.disposition !== 'delivered') return [tripOf(there, half)];
          return this.#answers(leg, first.memories, clientPorts).map((rest) => {
            const back = glued(
              half,
              this.#heard(rest, (each) => each.ix === call.start, source, address),
            );
            const trip = tripOf(there, back);
            const border = referenceVia(this.#compiled.network.links, there, 'there').split(':')[0] ?? '';
            const fits = proxy.reach === 'both' || border === 'internal' || border === proxy.reach;
            return fits || trip.outcome === 'broken' ? trip : { ...trip, outcome: 'unknown' };
          });
        });
      });
    });
  }

  /** What the far end sends back once the request is there. */
  #answers(
    there: ReferenceWay,
    memories: readonly Memory[],
    ports: Ports | undefined,
    size = 1500,
  ): readonly ReferenceWay[] {
    const leg: Leg = {
      start: there.devices.at(-1) ?? -1,
      sender: there.destination,
      ports: ports === undefined ? undefined : { protocol: ports.protocol, from: ports.to, to: ports.from },
      flow: undefined,
      answerTo: memories,
      size,
    };
    return this.#send(leg, there.destination, there.source).map(({ way }) => way);
  }

  /** Ordered rules first, then the side it comes from, then what is permitted by name. */
  #mayStart(
    policy: FirewallPolicy,
    link: number,
    source: Address,
    destination: Address,
    ports: Ports | undefined,
  ): boolean {
    const said = ruled(policy, link, source, destination, ports);
    if (said !== undefined) return said === 'allow';
    if (policy.inside.includes(link)) return true;
    return policy.permitInbound.some(
      (permit) =>
        permit.destinations.some((prefix) => prefixContains(prefix, destination)) &&
        (permit.ports === undefined || permit.ports.length === 0 || isAmong(permit.ports, ports)),
    );
  }

  /** The first policy route that fits, is up and does not send the packet back. */
  #forced(device: Device, { arrivedOn, source }: Walker, { flow }: Leg): { link: number; device: number } | undefined {
    for (const rule of device.steering ?? []) {
      if (!wants(rule, flow, source) || rule.next.link === arrivedOn) continue;
      if (this.#isWhole(rule, flow, source, new Set([device.ix]))) return rule.next;
    }
    return undefined;
  }

  /** Whether the way of a policy route is up, from here to where no further rule of its edge leads on. */
  #isWhole(rule: SteeringRule, flow: string | undefined, source: Address, seen: ReadonlySet<number>): boolean {
    const { link, device } = rule.next;
    if (!this.#isUp(link)) return false;
    if (seen.has(device)) return true;
    const later = (this.#device(device).steering ?? []).filter((each) => each.edge === rule.edge);
    const mine = later.filter((each) => wants(each, flow, source));
    return mine.length === 0 || mine.some((each) => this.#isWhole(each, flow, source, new Set([...seen, device])));
  }

  #isUp(link: number): boolean {
    if (this.#plane.liveness.link[link] !== 1) return false;
    return (this.#link(link).carriedBy ?? []).every((each) => this.#isUp(each));
  }

  #judged(way: ReferenceWay, isRight: (device: Device) => boolean): ReferenceWay {
    if (way.disposition !== 'delivered' || isRight(this.#device(way.devices.at(-1) ?? -1))) return way;
    return { ...way, steps: withLast(way.steps, 'dropped no-route'), disposition: 'no-route' };
  }

  /** An answer counts only where it comes from who was asked, to who asked. */
  #heard(way: ReferenceWay, isRight: (device: Device) => boolean, asker: Address, asked: Address): ReferenceWay {
    const arrived = this.#judged(way, isRight);
    if (arrived.disposition !== 'delivered') return arrived;
    if (equal(arrived.source, asked) && equal(arrived.destination, asker)) return arrived;
    const steps = withLast(arrived.steps, 'dropped unexpected-answer');
    return { ...arrived, steps, disposition: 'unexpected-answer' };
  }

  #send(leg: Leg, source: Address, destination: Address): readonly Walked[] {
    const first: Walker = {
      device: leg.start,
      arrivedOn: undefined,
      source,
      destination,
      devices: [],
      links: [],
      steps: [],
      visits: [],
      memories: [],
      chosen: [],
      size: leg.size ?? 1500,
      fromCircuit: false,
    };
    return this.#visit(first, leg);
  }

  #visit(walker: Walker, leg: Leg): readonly Walked[] {
    const device = this.#device(walker.device);
    const { arrivedOn, chosen } = walker;
    const devices = [...walker.devices, device.ix];
    const notes: string[] = [];
    let { source, destination } = walker;
    const { memories } = walker;
    const stop = (disposition: Disposition): readonly Walked[] => {
      const said = disposition === 'delivered' ? notes : [...notes, `dropped ${disposition}`];
      const steps = [...walker.steps, said.join(' ')];
      const way = { devices, links: walker.links, steps, disposition, source, destination, chosen };
      return [{ way, memories }];
    };

    const visit = `${device.ix} ${text(source)} ${text(destination)}`;
    if (walker.visits.includes(visit)) return stop('loop');
    if (arrivedOn === undefined && this.#plane.liveness.device[device.ix] !== 1) return stop('device-down');
    for (const filter of device.sourceFilters) {
      if (filter.link !== arrivedOn) continue;
      if (!filter.permit.some((prefix) => prefixContains(prefix, source))) return stop('refused-at-microsoft-edge');
      notes.push('source-accepted');
      break;
    }

    const { firewall } = device;
    const isStateful = firewall?.stateful === true;
    const group = firewall === undefined ? device.name : firewall.stateGroup;
    if (leg.answerTo !== undefined) {
      if (firewall !== undefined && !isStateful && arrivedOn !== undefined) {
        if (ruled(firewall, arrivedOn, source, destination, leg.ports) === 'deny') return stop('denied');
      }
      const known = leg.answerTo.find(
        ({ group: its, outside: [from, to] }) => its === group && equal(from, destination) && equal(to, source),
      );
      if (known === undefined && isStateful) return stop('no-state');
      if (known !== undefined && (isStateful || changesAddresses(device))) {
        notes.push('session-matched');
        const [client, server] = known.inside;
        if (!equal(client, destination) || !equal(server, source)) notes.push('translated');
        destination = client;
        source = server;
      }
    } else {
      if (firewall !== undefined && arrivedOn !== undefined) {
        if (!this.#mayStart(firewall, arrivedOn, source, destination, leg.ports)) return stop('denied');
      }
      for (const rule of device.destinationNat ?? []) {
        if (arrivedOn === undefined || !rule.links.includes(arrivedOn)) continue;
        if (!equal(rule.publicAddress, destination) || rule.insideAddress.family !== destination.family) continue;
        if (rule.ports.length > 0 && !isAmong(rule.ports, leg.ports)) continue;
        destination = rule.insideAddress;
        notes.push('translated');
        break;
      }
    }

    const entry = this.#longestMatch(device.ix, destination);
    const isRequest = leg.answerTo === undefined;
    const arrivedAs: readonly [Address, Address] = [walker.source, walker.destination];
    if (entry?.action.kind === 'deliver') {
      if (!isRequest) return stop('delivered');
      if (isStateful) notes.push('session-opened');
      return this.#newSources(device, arrivedOn, undefined, source, destination).flatMap((newSource) => {
        const changed = newSource !== undefined;
        if (changed && this.#isExhausted(device.ix, newSource)) return stop('nat-exhausted');
        const last = newSource ?? source;
        const isKept = isStateful || changed || !equal(destination, walker.destination);
        const said = changed ? [...notes, 'translated'] : notes;
        const steps = [...walker.steps, said.join(' ')];
        const disposition = 'delivered' as const;
        const way = { devices, links: walker.links, steps, disposition, source: last, destination, chosen };
        const memory: Memory = { group, inside: arrivedAs, outside: [last, destination] };
        return [{ way, memories: isKept ? [...memories, memory] : memories }];
      });
    }
    const forced = isRequest ? this.#forced(device, walker, leg) : undefined;
    if (forced !== undefined) notes.push('steered');
    const table = entry?.action.kind === 'forward' ? entry.action.next : [];
    if (forced === undefined && entry === undefined) return stop('no-route');
    if (forced === undefined && entry?.action.kind === 'discard') return stop('discarded');
    if (forced === undefined && table.length === 0) return stop('no-route');

    const rivals = forced === undefined ? (entry?.rivals ?? []) : [];
    const sets = [forced === undefined ? table : [forced], ...rivals.map(({ next }) => next)];
    const place = `${device.ix} ${entry?.classIx ?? ''}`;
    const ways = sets.flatMap((hops, at) => {
      const tied = rivals.length === 0 ? chosen : [...chosen, `tie ${place}=${at}`];
      const isOpen = hops.length > 1 && (device.half === 'internet' || device.role === 'provider-edge');
      return hops.map((hop) => ({ hop, here: isOpen ? [...tied, `${place} ${at}=${hop.link}`] : tied }));
    });
    return ways.flatMap(({ hop, here }): readonly Walked[] => {
      const link = this.#link(hop.link);
      const said = [...notes];
      const endsHere = (disposition: Disposition): readonly Walked[] => {
        const steps = [...walker.steps, [...said, `dropped ${disposition}`].join(' ')];
        const way = { devices, links: walker.links, steps, disposition, source, destination, chosen: here };
        return [{ way, memories }];
      };
      if (walker.fromCircuit && device.half === 'microsoft' && link.kind === 'internet') {
        return endsHere('not-carried-by-expressroute');
      }
      const fits = Math.min(walker.size, link.mtu ?? walker.size);
      if (fits < walker.size) {
        const remembered = leg.answerTo ?? memories;
        const isTold =
          arrivedOn === undefined || this.#hears(device.ix, undefined, undefined, arrivedAs, remembered, leg, []);
        if (!isTold) return endsHere('too-big');
        said.push('path-mtu');
      }
      const next = this.#device(hop.device);
      const onCircuit = link.kind === 'circuit' && link.peering !== 'private';
      const further = {
        device: hop.device,
        arrivedOn: hop.link,
        destination,
        devices,
        links: [...walker.links, hop.link],
        visits: [...walker.visits, visit],
        chosen: here,
        size: fits,
        fromCircuit: next.half === 'microsoft' && (walker.fromCircuit || onCircuit),
      };
      if (!isRequest) {
        return this.#visit({ ...further, source, steps: [...walker.steps, said.join(' ')], memories }, leg);
      }
      if (isStateful) said.push('session-opened');
      return this.#newSources(device, arrivedOn, hop.link, source, destination).flatMap((newSource) => {
        if (newSource !== undefined && this.#isExhausted(device.ix, newSource)) return endsHere('nat-exhausted');
        const last = newSource ?? source;
        const steps = [...walker.steps, (newSource === undefined ? said : [...said, 'translated']).join(' ')];
        const isKept = isStateful || newSource !== undefined || !equal(destination, walker.destination);
        const memory: Memory = { group, inside: arrivedAs, outside: [last, destination] };
        const kept = isKept ? [...memories, memory] : memories;
        return this.#visit({ ...further, source: last, steps, memories: kept }, leg);
      });
    });
  }

  #isExhausted(device: number, address: Address): boolean {
    return this.#exhausted.some((pool) => pool.device === device && setHas(pool.addresses, address));
  }

  /** Every address that the source may become on its way out; undefined: it stays as it is. */
  #newSources(
    device: Device,
    arrivedOn: number | undefined,
    leavesOn: number | undefined,
    source: Address,
    destination: Address,
  ): readonly (Address | undefined)[] {
    for (const { link, sources, pool } of device.sourceNat) {
      if (link !== leavesOn || !sources.some((prefix) => prefixContains(prefix, source))) continue;
      const addresses = everyAddress(pool, source.family);
      if (addresses.length > 0) return addresses;
    }
    for (const { links, destinations, pool } of device.inboundSourceNat ?? []) {
      if (arrivedOn === undefined || !links.includes(arrivedOn)) continue;
      if (!destinations.some((prefix) => prefixContains(prefix, destination))) continue;
      const addresses = everyAddress(pool, source.family);
      if (addresses.length > 0) return addresses;
    }
    return [undefined];
  }

  /** Whether the ICMP error about a packet, on its way back, reaches who sent the packet, on every branch. */
  #hears(
    at: number,
    arrivedOn: number | undefined,
    from: Address | undefined,
    about: readonly [Address, Address],
    memories: readonly Memory[],
    leg: Leg,
    seen: readonly string[],
  ): boolean {
    const device = this.#device(at);
    const mark = `${at}/${text(about[0])}`;
    if (seen.includes(mark)) return false;
    let quoted = about;
    let origin = from;
    if (arrivedOn !== undefined) {
      const filter = device.sourceFilters.find(({ link }) => link === arrivedOn);
      if (filter !== undefined) {
        const sender = origin;
        if (sender === undefined || !filter.permit.some((prefix) => prefixContains(prefix, sender))) return false;
      }
      const { firewall } = device;
      const isStateful = firewall?.stateful === true;
      if (firewall !== undefined && !isStateful) {
        const to = quoted[0];
        const rule = firewall.rules?.find(
          (each) =>
            isOnSide(each, firewall.inside.includes(arrivedOn)) &&
            each.ports.length === 0 &&
            each.from.length === 0 &&
            (each.to.length === 0 || each.to.some((prefix) => prefixContains(prefix, to))),
        );
        if (rule?.action === 'deny') return false;
      }
      if (isStateful || changesAddresses(device)) {
        const group = firewall === undefined ? device.name : firewall.stateGroup;
        const before = quotedBefore(memories, group, quoted);
        if (before === undefined && isStateful) return false;
        if (before !== undefined) {
          // Behind translation of the other end the message carries that end's address.
          if (!equal(before[1], quoted[1])) origin = before[1];
          quoted = before;
        }
      }
    }
    const [client] = quoted;
    const entry = this.#longestMatch(at, client);
    if (entry?.action.kind === 'deliver') return at === leg.start && equal(client, leg.sender);
    if (entry?.action.kind !== 'forward' || entry.action.next.length === 0) return false;
    return entry.action.next.every(({ device: next, link }) =>
      this.#hears(next, link, origin, quoted, memories, leg, [...seen, mark]),
    );
  }

  #longestMatch(device: number, address: Address): FibEntry | undefined {
    const key = `${device} ${text(address)}`;
    if (this.#matches.has(key)) return this.#matches.get(key);
    let best: FibEntry | undefined;
    let longest = -1;
    for (const entry of this.#plane.fibs[device]?.entries() ?? []) {
      for (const prefix of this.#plane.classes[entry.classIx]?.prefixes ?? []) {
        if (prefix.length <= longest || !prefixContains(prefix, address)) continue;
        best = entry;
        longest = prefix.length;
      }
    }
    this.#matches.set(key, best);
    return best;
  }

  #device(ix: number): Device {
    const device = this.#compiled.network.devices[ix];
    if (device === undefined) throw new Error(`no device ${ix}`);
    return device;
  }

  #link(ix: number): Link {
    const link = this.#compiled.network.links[ix];
    if (link === undefined) throw new Error(`no link ${ix}`);
    return link;
  }
}

/** What of the trips is sure: choices of others are tried one after the other, by halving the problem at each. */
export function referenceOutcome(trips: readonly ReferenceTrip[]): Outcome {
  const outcomesOf = trips.map((trip) => trip.outcome);
  const [first] = outcomesOf;
  // Whatever is chosen, something is left of what all agree on.
  if (first !== undefined && outcomesOf.every((each) => each === first)) return first;
  const open = trips.flatMap((trip) => trip.chosen)[0];
  if (open === undefined) return outcomesOf.includes('broken') ? 'broken' : 'unknown';
  const node = `${open.split('=')[0]}=`;
  const picks = new Set(trips.flatMap((trip) => trip.chosen.filter((each) => each.startsWith(node))));
  const outcomes = new Set<Outcome>();
  for (const pick of picks) {
    const rest = trips
      .filter((trip) => trip.chosen.every((each) => !each.startsWith(node) || each === pick))
      .map((trip) => ({ ...trip, chosen: trip.chosen.filter((each) => each !== pick) }));
    if (rest.length > 0) outcomes.add(referenceOutcome(rest));
    if (outcomes.size > 1) return 'unknown';
  }
  const [only] = outcomes;
  return only === undefined || outcomes.size > 1 ? 'unknown' : only;
}

/** The circuit or edge of the customer next to the far end, as `viaText` words it. */
export function referenceVia(links: readonly Link[], way: ReferenceWay, direction: 'there' | 'back'): string {
  const crossed = way.links.flatMap((ix) => links[ix] ?? []);
  const borders = crossed.filter(
    ({ kind, owner }) => kind === 'circuit' || (kind === 'internet' && owner !== undefined),
  );
  const border = direction === 'there' ? borders.at(-1) : borders[0];
  if (border?.kind === 'circuit') return `expressroute:${border.owner ?? border.name}`;
  if (border !== undefined) return `internet:${border.owner ?? ''}`;
  return crossed.some(({ kind }) => kind === 'internet') ? 'internet:direct' : 'internal';
}

function unsure(trip: ReferenceTrip): ReferenceTrip {
  return trip.outcome === 'broken' ? trip : { ...trip, outcome: 'unknown' };
}

/** Given up where it would start. */
function unsent(device: number, source: Address, destination: Address, disposition: Disposition): ReferenceTrip {
  const steps = [`dropped ${disposition}`];
  return lost({ devices: [device], links: [], chosen: [], disposition, steps, source, destination });
}

function lost(there: ReferenceWay): ReferenceTrip {
  return { there, back: undefined, outcome: 'broken', chosen: there.chosen };
}

function tripOf(there: ReferenceWay, back: ReferenceWay): ReferenceTrip {
  const outcome = back.disposition === 'delivered' ? 'holds' : 'broken';
  return { there, back, outcome, chosen: [...there.chosen, ...back.chosen] };
}

/** Two connections that meet at a proxy, as one way. */
function glued(first: ReferenceWay, second: ReferenceWay): ReferenceWay {
  const meeting = [first.steps.at(-1), 'relayed', second.steps[0]].filter((each) => each !== '').join(' ');
  return {
    ...second,
    devices: [...first.devices, ...second.devices.slice(1)],
    links: [...first.links, ...second.links],
    steps: [...first.steps.slice(0, -1), meeting, ...second.steps.slice(1)],
    chosen: [...first.chosen, ...second.chosen],
  };
}

function wants(rule: SteeringRule, flow: string | undefined, source: Address): boolean {
  const mine = rule.flows === 'all' || rule.flows.some((each) => each === flow);
  return mine && rule.sources.some((prefix) => prefixContains(prefix, source));
}

function changesAddresses(device: Device): boolean {
  const { sourceNat, destinationNat = [], inboundSourceNat = [] } = device;
  return sourceNat.length + destinationNat.length + inboundSourceNat.length > 0;
}

/** A packet as it was before a device of the group changed it, going by what that group remembers. */
function quotedBefore(
  memories: readonly Memory[],
  group: string,
  [source, destination]: readonly [Address, Address],
): readonly [Address, Address] | undefined {
  for (const { group: its, inside, outside } of memories) {
    if (its !== group) continue;
    if (equal(outside[0], source) && equal(outside[1], destination)) return inside;
    if (equal(inside[1], source) && equal(inside[0], destination)) return [outside[1], outside[0]];
  }
  return undefined;
}

function ruled(
  policy: FirewallPolicy,
  link: number,
  source: Address,
  destination: Address,
  ports: Ports | undefined,
): 'allow' | 'deny' | undefined {
  for (const rule of policy.rules ?? []) {
    if (!isOnSide(rule, policy.inside.includes(link))) continue;
    if (rule.from.length > 0 && !rule.from.some((prefix) => prefixContains(prefix, source))) continue;
    if (rule.to.length > 0 && !rule.to.some((prefix) => prefixContains(prefix, destination))) continue;
    if (rule.ports.length === 0 || isAmong(rule.ports, ports)) return rule.action;
  }
  return undefined;
}

function isOnSide({ zone }: FirewallPolicyRule, inside: boolean): boolean {
  return zone === 'any' || zone === (inside ? 'inside' : 'outside');
}

function isAmong(ranges: readonly PortRange[], ports: Ports | undefined): boolean {
  if (ports === undefined) return false;
  return ranges.some(
    ({ protocol, first, last }) => protocol === ports.protocol && ports.to >= first && ports.to <= last,
  );
}

function everyAddress(pool: readonly Prefix[], family: 4 | 6): readonly Address[] {
  const found = new Map<bigint, Address>();
  for (const prefix of pool) {
    if (prefix.family !== family) continue;
    const { first, last } = prefixInterval(prefix);
    if (last - first > 255n) throw new Error('the reference tries every address of a pool: keep pools small');
    for (let bits = first; bits <= last; bits++) found.set(bits, addressOf(family, bits));
  }
  return [...found.values()];
}

function withLast(steps: readonly string[], note: string): readonly string[] {
  return [...steps.slice(0, -1), [steps.at(-1), note].filter((each) => each !== '').join(' ')];
}

function equal(a: Address, b: Address): boolean {
  return compareAddresses(a, b) === 0;
}

function text(address: Address): string {
  return `${address.family}:${address.bits}`;
}
