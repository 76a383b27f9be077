/**
 * The slow twin of the data plane: one concrete packet at a time, longest match by looking at every prefix of a table,
 * every address of a pool tried, nothing cut into atoms and nothing merged. Written from the description of the model,
 * not from the fast code.
 */
import { type Address, addressOf, compareAddresses, type Prefix, prefixContains, prefixInterval } from '@bothways/net';
import type { CompiledNetwork, ConcreteDemand, Device, FirewallPolicy, Link } from '@bothways/network';
import type { ControlPlane, FibEntry } from '@bothways/routing';
import type { Disposition } from '../src/index.ts';

/** One way of one packet, as far as it got. */
export interface ReferenceWay {
  readonly devices: readonly number[];
  readonly links: readonly number[];
  /** What happened at each device besides forwarding, in order. */
  readonly steps: readonly string[];
  readonly disposition: Disposition;
  readonly source: Address;
  readonly destination: Address;
}

/** A request and, when it arrived, one of the ways its answer may take. */
export interface ReferenceTrip {
  readonly there: ReferenceWay;
  readonly back: ReferenceWay | undefined;
  readonly holds: boolean;
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
}

export class Reference {
  readonly #compiled: CompiledNetwork;
  readonly #plane: ControlPlane;
  readonly #matches = new Map<string, FibEntry | undefined>();
  /** What the packet under way belongs to. */
  #demand: ConcreteDemand | undefined;

  constructor(compiled: CompiledNetwork, plane: ControlPlane) {
    this.#compiled = compiled;
    this.#plane = plane;
  }

  /** Everything that may become of one packet of a demand and of its answer. */
  trips(demand: ConcreteDemand, source: Address, destination: Address): readonly ReferenceTrip[] {
    const home = this.#compiled.siteRouters.get(demand.site.name);
    if (home === undefined) throw new Error(`no router for ${demand.site.name}`);
    const anywhere = demand.target.id === 'public-internet' || demand.target.id === 'any';
    this.#demand = demand;
    return this.#send(home, source, destination, undefined).flatMap(({ way, memories }): readonly ReferenceTrip[] => {
      const there = this.#judged(way, (device) => anywhere || device.half === 'microsoft');
      if (there.disposition !== 'delivered') return [{ there, back: undefined, holds: false }];
      const server = there.devices.at(-1) ?? -1;
      return this.#send(server, there.destination, there.source, memories).map((answer) => {
        const back = this.#judged(answer.way, (device) => device.ix === home);
        return { there, back, holds: back.disposition === 'delivered' };
      });
    });
  }

  /** Ordered rules first, then the side it comes from, then what is permitted by name. */
  #mayStart(policy: FirewallPolicy, link: number, source: Address, destination: Address): boolean {
    const inside = policy.inside.includes(link);
    const main = this.#demand?.ports?.[0] ?? this.#demand?.flow.ports[0];
    for (const rule of policy.rules ?? []) {
      if (rule.zone === 'inside' && !inside) continue;
      if (rule.zone === 'outside' && inside) continue;
      if (rule.from.length > 0 && !rule.from.some((prefix) => prefixContains(prefix, source))) continue;
      if (rule.to.length > 0 && !rule.to.some((prefix) => prefixContains(prefix, destination))) continue;
      const named = rule.ports.some(
        ({ protocol, first, last }) =>
          main !== undefined && protocol === main.protocol && main.first >= first && main.first <= last,
      );
      if (rule.ports.length === 0 || named) return rule.action === 'allow';
    }
    if (inside) return true;
    return policy.permitInbound.some(({ destinations }) =>
      destinations.some((prefix) => prefixContains(prefix, destination)),
    );
  }

  /** The first policy route that fits and does not send the packet back. */
  #forced(
    device: Device,
    arrivedOn: number | undefined,
    source: Address,
  ): { link: number; device: number } | undefined {
    for (const rule of device.steering ?? []) {
      const mine = rule.flows === 'all' || rule.flows.some((flow) => flow === this.#demand?.flow.id);
      if (!mine || rule.next.link === arrivedOn) continue;
      if (rule.sources.some((prefix) => prefixContains(prefix, source))) return rule.next;
    }
    return undefined;
  }

  #judged(way: ReferenceWay, isRight: (device: Device) => boolean): ReferenceWay {
    if (way.disposition !== 'delivered' || isRight(this.#device(way.devices.at(-1) ?? -1))) return way;
    return { ...way, steps: withLast(way.steps, 'dropped no-route'), disposition: 'no-route' };
  }

  #send(
    start: number,
    source: Address,
    destination: Address,
    answerTo: readonly Memory[] | undefined,
  ): readonly { readonly way: ReferenceWay; readonly memories: readonly Memory[] }[] {
    const first: Walker = {
      device: start,
      arrivedOn: undefined,
      source,
      destination,
      devices: [],
      links: [],
      steps: [],
      visits: [],
      memories: [],
    };
    return this.#visit(first, answerTo);
  }

  #visit(
    walker: Walker,
    answerTo: readonly Memory[] | undefined,
  ): readonly { readonly way: ReferenceWay; readonly memories: readonly Memory[] }[] {
    const device = this.#device(walker.device);
    const devices = [...walker.devices, device.ix];
    const notes: string[] = [];
    const { source } = walker;
    let { destination } = walker;
    const stop = (disposition: Disposition) => {
      if (disposition !== 'delivered') notes.push(`dropped ${disposition}`);
      const { links, memories } = walker;
      const way = { devices, links, steps: [...walker.steps, notes.join(' ')], disposition, source, destination };
      return [{ way, memories }];
    };

    const visit = `${device.ix} ${text(source)} ${text(destination)}`;
    if (walker.visits.includes(visit)) return stop('loop');
    for (const filter of device.sourceFilters) {
      if (filter.link !== walker.arrivedOn) continue;
      if (!filter.permit.some((prefix) => prefixContains(prefix, source))) return stop('refused-at-microsoft-edge');
      notes.push('source-accepted');
      break;
    }

    const { firewall } = device;
    const group = firewall === undefined ? device.name : firewall.stateGroup;
    if (answerTo !== undefined) {
      const known = answerTo.find(
        ({ group: its, outside: [from, to] }) => its === group && equal(from, destination) && equal(to, source),
      );
      if (known === undefined && firewall?.stateful === true) return stop('no-state');
      if (known !== undefined && (firewall?.stateful === true || device.sourceNat.length > 0)) {
        notes.push('session-matched');
        if (!equal(known.inside[0], destination)) notes.push('translated');
        destination = known.inside[0];
      }
    } else if (firewall !== undefined && walker.arrivedOn !== undefined) {
      if (!this.#mayStart(firewall, walker.arrivedOn, source, destination)) return stop('denied');
    }

    const entry = this.#longestMatch(device.ix, destination);
    if (entry?.action.kind === 'deliver') return stop('delivered');
    const forced = answerTo === undefined ? this.#forced(device, walker.arrivedOn, source) : undefined;
    if (forced !== undefined) notes.push('steered');
    const table = entry?.action.kind === 'forward' ? entry.action.next : [];
    if (forced === undefined && entry === undefined) return stop('no-route');
    if (forced === undefined && entry?.action.kind === 'discard') return stop('discarded');

    return (forced === undefined ? table : [forced]).flatMap((hop) => {
      const rule =
        answerTo === undefined
          ? device.sourceNat.find(
              (each) => each.link === hop.link && each.sources.some((prefix) => prefixContains(prefix, source)),
            )
          : undefined;
      const remembered = answerTo === undefined && (rule !== undefined || firewall?.stateful === true);
      const opened = answerTo === undefined && firewall?.stateful === true ? ['session-opened'] : [];
      const changed = rule === undefined ? [] : ['translated'];
      const newSources = rule === undefined ? [source] : everyAddress(rule.pool, source.family);
      return newSources.flatMap((newSource) =>
        this.#visit(
          {
            device: hop.device,
            arrivedOn: hop.link,
            source: newSource,
            destination,
            devices,
            links: [...walker.links, hop.link],
            steps: [...walker.steps, [...notes, ...opened, ...changed].join(' ')],
            visits: [...walker.visits, visit],
            memories: remembered
              ? [...walker.memories, { group, inside: [source, destination], outside: [newSource, destination] }]
              : walker.memories,
          },
          answerTo,
        ),
      );
    });
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
}

/** The first circuit or edge of the customer that the links cross, as `viaText` words it. */
export function referenceVia(links: readonly Link[], way: ReferenceWay): string {
  const crossed = way.links.flatMap((ix) => links[ix] ?? []);
  const border = crossed.find(({ kind, owner }) => kind === 'circuit' || (kind === 'internet' && owner !== undefined));
  if (border?.kind === 'circuit') return `expressroute:${border.owner ?? border.name}`;
  if (border !== undefined) return `internet:${border.owner ?? ''}`;
  return crossed.some(({ kind }) => kind === 'internet') ? 'internet:direct' : 'internal';
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
