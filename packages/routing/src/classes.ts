/**
 * Classes of prefixes that behave alike everywhere: put into BGP in the same ways, connected and routed statically at
 * the same places, and held by the same prefix lists. The control plane works per class, so that
 * thousands of prefixes cost as much as a handful.
 *
 * Prefixes and prefix-list entries are sorted together (`prefix-order.ts`) and swept with a stack of the entries that
 * cover the present prefix, so each prefix learns the lists that hold it in one pass. What a prefix is made of is one
 * number: the state reached in a trie of tokens, one token per property.
 */
import { formatPrefix, type Prefix } from '@bothways/net';
import type { Device, DeviceIx, Network, PrefixListEntry, Redistribution, StaticRoute } from '@bothways/network';
import type { PolicySubject } from './policy.ts';
import { ascending, compareItems, itemCovers, type PrefixColumn, prefixColumn } from './prefix-order.ts';
import type { LocalSource } from './transfer.ts';

export interface PrefixClass {
  readonly ix: number;
  readonly family: 4 | 6;
  /** Ascending. */
  readonly prefixes: readonly Prefix[];
}

/** An entry of `Device.connected`, `Device.statics` or `Device.originations`. */
export interface Placement {
  readonly device: DeviceIx;
  /** Position in the device's list. */
  readonly entry: number;
}

/** A way in which a device may put a prefix into BGP; the first of a device that holds counts. */
export interface LocalPlace extends Placement {
  readonly kind: LocalSource;
}

/**
 * What BGP needs to know about a class; classes that differ only in statics or connected prefixes share one, unless
 * these are redistributed.
 */
export interface BgpClass {
  readonly ix: number;
  readonly subject: PolicySubject;
  /** Per device originations, then redistributions, then aggregates; empty where only the IGP wants to know lists. */
  readonly places: readonly LocalPlace[];
  readonly prefix: Prefix;
  /** How many prefixes it stands for. */
  readonly size: number;
}

export interface ClassTable {
  readonly classes: readonly PrefixClass[];
  readonly bgpClasses: readonly BgpClass[];
  /** Per class its `BgpClass`; undefined where nobody puts it into BGP. */
  readonly bgpClassOf: readonly (number | undefined)[];
  /** Per class, by device. */
  readonly connected: readonly (readonly Placement[])[];
  readonly statics: readonly (readonly Placement[])[];
  readonly classOf: (prefix: Prefix) => number | undefined;
}

type PlaceKind = LocalSource | 'external' | 'connected' | 'static';
type Place = Placement & { readonly kind: PlaceKind };

/** Sequences of tokens as numbers: each state of the trie stands for the sequence that leads to it, 0 for none. */
class Sequences {
  readonly #next = new Map<number, number>();
  readonly #parent: number[] = [-1];
  readonly #token: number[] = [-1];
  /** The latest step out of each state: neighbouring prefixes mostly take the same one. */
  readonly #latestToken: number[] = [-1];
  readonly #latestNext: number[] = [-1];

  /** The state after one more token. Tokens and states are below 2^26, so that a pair is an exact number. */
  after(state: number, token: number): number {
    if (this.#latestToken[state] === token) return this.#latestNext[state] ?? 0;
    const key = state * 0x400_0000 + token;
    let next = this.#next.get(key);
    if (next === undefined) {
      next = this.#parent.length;
      this.#next.set(key, next);
      this.#parent.push(state);
      this.#token.push(token);
      this.#latestToken.push(-1);
      this.#latestNext.push(-1);
    }
    this.#latestToken[state] = token;
    this.#latestNext[state] = next;
    return next;
  }

  tokens(state: number): readonly number[] {
    const tokens: number[] = [];
    for (let at = state; at > 0; at = this.#parent[at] ?? 0) tokens.push(this.#token[at] ?? 0);
    return tokens.reverse();
  }
}

/**
 * Everything of one family that names a prefix, in the order found: prefix-list entries first, so that a stable sort
 * puts an entry before the prefixes equal to it. An item is an entry where `bounds` has one, a property otherwise.
 */
interface Mentions {
  readonly prefixes: Prefix[];
  /** Token of the property; the prefix list of an entry. */
  readonly tokens: number[];
  readonly bounds: { readonly atLeast: number; readonly atMost: number }[];
}

/** `lists` by position in `PolicySubject.lists`; positions without a list may be left out. */
export function buildClasses(network: Network, lists: ReadonlyMap<number, readonly PrefixListEntry[]>): ClassTable {
  const mentions: Readonly<Record<4 | 6, Mentions>> = {
    4: { prefixes: [], tokens: [], bounds: [] },
    6: { prefixes: [], tokens: [], bounds: [] },
  };
  for (const [list, entries] of [...lists].sort(([a], [b]) => a - b)) {
    for (const entry of entries) {
      const { prefixes, tokens, bounds } = mentions[entry.prefix.family];
      prefixes.push(entry.prefix);
      tokens.push(list);
      bounds.push(lengthBounds(entry));
    }
  }
  const places = collectPlaces(network, (prefix, token) => {
    const { prefixes, tokens } = mentions[prefix.family];
    prefixes.push(prefix);
    tokens.push(token);
  });
  const collector = new Collector(places, Math.max(-1, ...lists.keys()) + 1);
  const families = ([4, 6] as const).map((family) => classifyFamily(family, mentions[family], collector));
  const classOf = (prefix: Prefix): number | undefined => families[prefix.family === 4 ? 0 : 1]?.(prefix);
  return collector.table(classOf);
}

/** `atLeast` alone reaches to host prefixes, `atMost` alone starts at the entry's own length, as in IOS and FRR. */
function lengthBounds({ prefix, atLeast, atMost }: PrefixListEntry): { atLeast: number; atMost: number } {
  const open = atLeast === undefined ? prefix.length : prefix.family === 4 ? 32 : 128;
  return { atLeast: atLeast ?? prefix.length, atMost: atMost ?? open };
}

/** The properties of the network by token, and every prefix that has one. Originations of a device come first. */
function collectPlaces(network: Network, give: (prefix: Prefix, token: number) => void): readonly Place[] {
  const places: Place[] = [];
  const place = (kind: PlaceKind, device: DeviceIx, entry: number): number => places.push({ kind, device, entry }) - 1;
  const redistributed = redistributedPrefixes(network);
  for (const { ix, originations, connected, statics, redistributions = [], aggregates = [] } of network.devices) {
    for (const [entry, { prefixes }] of originations.entries()) {
      const token = place('origination', ix, entry);
      for (const prefix of prefixes) give(prefix, token);
    }
    for (const [entry, redistribution] of redistributions.entries()) {
      const token = place(redistribution.into === 'bgp' ? 'redistribution' : 'external', ix, entry);
      for (const prefix of redistributed(ix, redistribution)) give(prefix, token);
    }
    for (const [entry, { prefix }] of aggregates.entries()) give(prefix, place('aggregate', ix, entry));
    for (const [entry, { prefixes }] of connected.entries()) {
      const token = place('connected', ix, entry);
      for (const prefix of prefixes) give(prefix, token);
    }
    const alike = new Map<string, number>();
    for (const [entry, route] of statics.entries()) {
      const key = staticKey(route);
      const token = alike.get(key) ?? place('static', ix, entry);
      alike.set(key, token);
      give(route.prefix, token);
    }
  }
  return places;
}

/**
 * What a redistribution may take: every prefix that the protocol could give the device. Prefixes of BGP need no mention;
 * those of the IGP are the ones connected, or put into it, anywhere in the AS.
 */
function redistributedPrefixes(network: Network): (device: DeviceIx, what: Redistribution) => Iterable<Prefix> {
  const heldBy = ({ connected }: Device): Prefix[] => connected.flatMap(({ prefixes }) => [...prefixes]);
  const stated = ({ statics }: Device): Prefix[] => statics.map(({ prefix }) => prefix);
  const put = (device: Device): Prefix[] =>
    (device.redistributions ?? []).flatMap(({ into, from }) => {
      if (into !== 'igp') return [];
      if (from === 'static') return stated(device);
      return from === 'bgp' ? network.devices.flatMap(announced) : [];
    });
  const announced = (device: Device): Prefix[] => [
    ...device.originations.flatMap(({ prefixes }) => [...prefixes]),
    ...(device.aggregates ?? []).map(({ prefix }) => prefix),
    ...(device.redistributions ?? []).flatMap(({ into, from }) => {
      if (into !== 'bgp') return [];
      if (from === 'static') return stated(device);
      return from === 'connected' ? heldBy(device) : [];
    }),
  ];
  const once = (prefixes: readonly Prefix[]): Iterable<Prefix> =>
    new Map(prefixes.map((prefix) => [formatPrefix(prefix), prefix])).values();
  return (ix, { from }) => {
    const device = network.devices[ix];
    if (device === undefined || from === 'bgp') return [];
    if (from === 'connected') return once(heldBy(device));
    if (from === 'static') return once(stated(device));
    const others = network.devices.filter((other) => other.ix !== ix && other.asn === device.asn);
    return once(others.flatMap((other) => [...heldBy(other), ...put(other)]));
  };
}

/** Statics of one device that differ in their prefix only need no classes of their own. */
function staticKey({ next, distance, origins }: StaticRoute): string {
  const target = next.kind === 'forward' ? `${next.link} ${next.device}` : 'discard';
  return `${target} ${distance} ${JSON.stringify(origins)}`;
}

/** Sorts and sweeps one family; gives the way to look a prefix up afterwards. */
function classifyFamily(
  family: 4 | 6,
  mentions: Mentions,
  collector: Collector,
): (prefix: Prefix) => number | undefined {
  const { prefixes, tokens, bounds } = mentions;
  const column = prefixColumn(family, prefixes);
  const order = ascending(column);
  const distinct: number[] = [];
  const classIx: number[] = [];
  const stack: number[] = [];
  let matched: readonly number[] = [];
  let matchedLength = -1;
  for (let at = 0; at < order.length; ) {
    const item = order[at] ?? 0;
    for (let top = stack.at(-1); top !== undefined && !itemCovers(column, top, item); top = stack.at(-1)) {
      stack.pop();
      matchedLength = -1;
    }
    if (item < bounds.length) {
      stack.push(item);
      matchedLength = -1;
      at++;
      continue;
    }
    const start = at;
    while (at < order.length && compareItems(column, order[at] ?? 0, item) === 0) {
      collector.add(tokens[order[at] ?? 0] ?? 0, at === start);
      at++;
    }
    const length = column.lengths[item] ?? 0;
    if (collector.isOriginated() && length !== matchedLength) {
      matchedLength = length;
      matched = holdingLists(stack, mentions, length);
    }
    distinct.push(item);
    classIx.push(collector.finish(family, prefixes[item], matched));
  }
  return (prefix) => lookUp(column, distinct, classIx, prefix);
}

function holdingLists(stack: readonly number[], { tokens, bounds }: Mentions, length: number): readonly number[] {
  const holding = new Set<number>();
  for (const item of stack) {
    const range = bounds[item];
    const list = tokens[item];
    if (range === undefined || list === undefined) continue;
    if (range.atLeast <= length && length <= range.atMost) holding.add(list);
  }
  return [...holding].sort((a, b) => a - b);
}

/** Binary search among the distinct prefixes of a family. */
function lookUp(
  column: PrefixColumn,
  distinct: readonly number[],
  classIx: readonly number[],
  prefix: Prefix,
): number | undefined {
  let low = 0;
  let high = distinct.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const held = column.prefixes[distinct[middle] ?? 0];
    if (held === undefined) return undefined;
    if (held.bits === prefix.bits && held.length === prefix.length) return classIx[middle];
    if (held.bits < prefix.bits || (held.bits === prefix.bits && held.length < prefix.length)) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

/** Gathers the properties of one prefix after the other and sorts the prefixes into classes. */
class Collector {
  readonly #places: readonly Place[];
  readonly #listCount: number;
  readonly #sequences = new Sequences();
  /** Sequence of the originations of the present prefix, then of the lists that hold it. */
  #bgp = 0;
  /** Sequence of its connected and static entries. */
  #place = 0;
  readonly #classes: { ix: number; family: 4 | 6; prefixes: Prefix[] }[] = [];
  readonly #bgpClasses: (Omit<BgpClass, 'size'> & { size: number })[] = [];
  /** The present prefix is redistributed into BGP, so that where it is connected or routed to matters there. */
  #redistributed = false;
  readonly #bgpClassOf: (number | undefined)[] = [];
  readonly #connected: (readonly Placement[])[] = [];
  readonly #statics: (readonly Placement[])[] = [];
  readonly #ixOf: Readonly<Record<4 | 6, Map<number, number>>> = { 4: new Map(), 6: new Map() };
  readonly #bgpIxOf: Readonly<Record<4 | 6, Map<number, number>>> = { 4: new Map(), 6: new Map() };

  constructor(places: readonly Place[], listCount: number) {
    this.#places = places;
    this.#listCount = listCount;
  }

  add(token: number, first: boolean): void {
    if (first) {
      this.#bgp = 0;
      this.#place = 0;
      this.#redistributed = false;
    }
    const kind = this.#places[token]?.kind;
    if (kind === 'redistribution') this.#redistributed = true;
    if (kind !== 'connected' && kind !== 'static') this.#bgp = this.#sequences.after(this.#bgp, token);
    else this.#place = this.#sequences.after(this.#place, token);
  }

  isOriginated(): boolean {
    return this.#bgp !== 0;
  }

  /** The class of the present prefix, which the given lists hold. */
  finish(family: 4 | 6, prefix: Prefix | undefined, lists: readonly number[]): number {
    if (prefix === undefined) throw new RangeError(`class ${this.#classes.length} without a prefix`);
    if (this.#bgp !== 0) {
      for (const list of lists) this.#bgp = this.#sequences.after(this.#bgp, this.#places.length + list);
      const beyond = this.#places.length + this.#listCount;
      if (this.#redistributed) this.#bgp = this.#sequences.after(this.#bgp, beyond + this.#place);
    }
    const key = this.#bgp * 0x400_0000 + this.#place;
    const known = this.#ixOf[family].get(key);
    const ix = known ?? this.#newClass(family, key, prefix);
    this.#classes[ix]?.prefixes.push(prefix);
    const bgpIx = this.#bgpClassOf[ix];
    const bgpClass = bgpIx === undefined ? undefined : this.#bgpClasses[bgpIx];
    if (bgpClass !== undefined) bgpClass.size++;
    return ix;
  }

  table(classOf: ClassTable['classOf']): ClassTable {
    return {
      classes: this.#classes,
      bgpClasses: this.#bgpClasses,
      bgpClassOf: this.#bgpClassOf,
      connected: this.#connected,
      statics: this.#statics,
      classOf,
    };
  }

  #newClass(family: 4 | 6, key: number, prefix: Prefix): number {
    const ix = this.#classes.length;
    this.#ixOf[family].set(key, ix);
    this.#classes.push({ ix, family, prefixes: [] });
    const here = this.#sequences.tokens(this.#place).flatMap((token) => this.#places[token] ?? []);
    this.#connected.push(here.filter((item) => item.kind === 'connected'));
    this.#statics.push(here.filter((item) => item.kind === 'static'));
    this.#bgpClassOf.push(this.#bgp === 0 ? undefined : this.#bgpClass(family, prefix));
    return ix;
  }

  #bgpClass(family: 4 | 6, prefix: Prefix): number {
    const known = this.#bgpIxOf[family].get(this.#bgp);
    if (known !== undefined) return known;
    const ix = this.#bgpClasses.length;
    this.#bgpIxOf[family].set(this.#bgp, ix);
    const lists = new Uint8Array(this.#listCount);
    const places: LocalPlace[] = [];
    for (const token of this.#sequences.tokens(this.#bgp)) {
      const place = this.#places[token];
      if (place === undefined) {
        // Beyond the lists: where the prefix is connected or routed to.
        if (token < this.#places.length + this.#listCount) lists[token - this.#places.length] = 1;
        continue;
      }
      const { kind, device, entry } = place;
      if (kind === 'origination' || kind === 'redistribution' || kind === 'aggregate') {
        places.push({ kind, device, entry });
      }
    }
    this.#bgpClasses.push({ ix, subject: { family, lists }, places, prefix, size: 0 });
    return ix;
  }
}
