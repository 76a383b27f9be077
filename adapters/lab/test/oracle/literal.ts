/**
 * Terse small networks. Devices by name; an edge 'A-B' is a link with a session over it, unless it says otherwise. Every
 * prefix has a twin in the other family, so that each case runs in IPv4 and IPv6.
 */
import {
  addressOf,
  asn,
  communityLiteral,
  type LargeCommunity,
  type Prefix,
  parseLargeCommunity,
  prefix,
  prefixAround,
  valueOrThrow,
} from '@bothways/net';
import type {
  Aggregate,
  DecisionVariant,
  Device,
  Half,
  Link,
  LinkKind,
  Network,
  NumberRange,
  Origination,
  Policy,
  PolicyAction,
  PolicyCondition,
  PolicyTerm,
  PrefixListEntry,
  Redistribution,
  RouteCondition,
  Session,
  SessionEnd,
  StaticRoute,
} from '@bothways/network';

interface DeviceText {
  readonly as: number;
  readonly half?: Half;
  /** 1 to 255; the position unless stated. */
  readonly id?: number;
  /** 'PREFIX', then any of 'med N', 'egp', 'incomplete', 'H:L' and 'G:A:B'. */
  readonly originate?: readonly string[];
  readonly connected?: readonly string[];
  /** 'PREFIX via EDGE to DEVICE [distance]' or 'PREFIX discard [distance]'. */
  readonly statics?: readonly string[];
  readonly paths?: number;
  readonly variant?: DecisionVariant;
  /** 'PREFIX', then any of 'summary-only' and 'H:L'. */
  readonly aggregate?: readonly string[];
  readonly redistribute?: readonly {
    readonly from: 'connected' | 'static' | 'igp';
    readonly policy?: readonly PolicyTerm[];
    readonly otherwise?: 'reject';
    readonly metric?: number;
  }[];
  /** Originations wait for an entry of the forwarding table for the prefix itself. */
  readonly importCheck?: true;
}

interface EndText {
  readonly in?: readonly PolicyTerm[];
  readonly out?: readonly PolicyTerm[];
  /** What becomes of a route no term decides; accepted unless stated. */
  readonly inOtherwise?: 'reject';
  readonly outOtherwise?: 'reject';
  /** On unless stated. */
  readonly nextHopSelf?: boolean;
  readonly client?: boolean;
  readonly removePrivate?: 'all' | 'replace';
  readonly allowAsIn?: number;
  readonly maximum?: number;
  readonly maximum6?: number;
  readonly warnAt?: number;
  readonly as?: number;
  readonly localAs?: 'prepend' | 'no-prepend' | 'replace-as';
  /** These go to the other end only while the BGP table holds `when`, or does not hold `unless`. IPv4 only. */
  readonly conditional?: { readonly routes: readonly string[]; readonly when?: string; readonly unless?: string };
}

interface EdgeText {
  readonly kind?: LinkKind;
  readonly cost?: number;
  /** 'none': a link only; 'multihop': a session over loopbacks and no link. */
  readonly session?: 'none' | 'multihop';
  /** The ends in the order of the name. */
  readonly a?: EndText;
  readonly b?: EndText;
  readonly down?: string;
}

export interface NetworkText {
  readonly devices: Readonly<Record<string, DeviceText>>;
  /** 'A-B', or 'A-B/2' for another one. */
  readonly edges: Readonly<Record<string, EdgeText>>;
  readonly families?: readonly (4 | 6)[];
}

const origins = [{ kind: 'derived', because: 'oracle' }] as const;

export function build(text: NetworkText): Network {
  const both = text.families ?? [4, 6];
  const names = Object.keys(text.devices);
  const links: Link[] = [];
  const sessions: Session[] = [];
  const policies: Policy[] = [];
  const edgeLinks = new Map<string, number>();
  const ix = (name: string): number => {
    const found = names.indexOf(name);
    if (found < 0) throw new Error(`no device ${name}`);
    return found;
  };
  const addPolicy = (name: string, terms: readonly PolicyTerm[] = [], otherwise: 'accept' | 'reject' = 'accept') => {
    const all = terms.map((term) => ({ ...term, when: term.when.map(twinned) }));
    return policies.push({ ix: policies.length, name, terms: all, otherwise, origins }) - 1;
  };
  for (const [name, edge] of Object.entries(text.edges)) {
    const [a, b] = name.replace(/\/.*/, '').split('-').map(ix);
    if (a === undefined || b === undefined) throw new Error(`edge ${name}`);
    let link: number | undefined;
    if (edge.session !== 'multihop') {
      link = links.length;
      edgeLinks.set(name, link);
      const { kind = 'wan', cost = 10 } = edge;
      links.push({ ix: link, name, kind, a, b, cost, bandwidth: undefined, latency: undefined, origins });
    }
    if (edge.session === 'none') continue;
    const end = (device: number, side: EndText = {}): SessionEnd => {
      const limit = side.maximum ?? side.warnAt;
      return {
        device,
        asn: asn(side.as ?? text.devices[names[device] ?? '']?.as ?? 0),
        import: addPolicy(`${name} ${device} in`, side.in, side.inOtherwise),
        export: addPolicy(`${name} ${device} out`, side.out, side.outOtherwise),
        nextHopSelf: side.nextHopSelf ?? true,
        routeReflectorClient: side.client ?? false,
        removePrivateAs: side.removePrivate ?? 'none',
        allowAsIn: side.allowAsIn ?? 0,
        maximumPrefixes:
          limit === undefined
            ? undefined
            : {
                limit,
                ...(side.maximum6 === undefined ? {} : { limit6: side.maximum6 }),
                action: side.maximum === undefined ? 'warn' : 'drop-session',
                origins,
              },
        ...(side.localAs === undefined ? {} : { localAs: side.localAs }),
        ...(side.conditional === undefined ? {} : { conditionalAdvertisement: conditional(side.conditional) }),
      };
    };
    const down = edge.down === undefined ? undefined : { because: edge.down, origins };
    sessions.push({ ix: sessions.length, name, link, ends: [end(a, edge.a), end(b, edge.b)], down, origins });
  }
  const prefixes = (item: string): readonly Prefix[] => {
    const base = prefix(item);
    if (base.family === 6) return [base];
    return both.map((family) => (family === 4 ? base : twin(base)));
  };
  const devices = names.map((name, position): Device => {
    const device = text.devices[name];
    if (device === undefined) throw new Error(`no device ${name}`);
    return {
      ix: position,
      name,
      role: 'site-router',
      half: device.half ?? 'customer',
      asn: asn(device.as),
      // 203.0.113.x as router id.
      routerId: 0xcb007100 + (device.id ?? position + 1),
      connected: (device.connected ?? []).map((item) => ({ name: item, prefixes: prefixes(item), origins })),
      statics: (device.statics ?? []).flatMap((item) => statics(item, prefixes, edgeLinks, ix)),
      originations: (device.originate ?? []).flatMap((item) =>
        originations(item, prefixes, device.importCheck === true),
      ),
      aggregates: (device.aggregate ?? []).flatMap((item) => aggregates(item, prefixes)),
      redistributions: (device.redistribute ?? []).map(
        ({ from, policy, otherwise, metric }): Redistribution => ({
          into: 'bgp',
          from,
          policy: addPolicy(`${name} ${from}`, policy, otherwise),
          ...(metric === undefined ? {} : { metric }),
          origins,
        }),
      ),
      sourceFilters: [],
      firewall: undefined,
      sourceNat: [],
      decision: { maximumPaths: device.paths ?? 1, ...(device.variant && { variant: device.variant }) },
      origins,
    };
  });
  return { devices, links, sessions, policies };
}

/** 2001:db8:: with the IPv4 bits behind it; the default route becomes the default route. */
function twin({ bits, length }: Prefix): Prefix {
  if (length === 0) return prefix('::/0');
  return prefixAround(addressOf(6, (0x20010db8n << 96n) | (bits << 64n)), length + 32);
}

function twinned(condition: PolicyCondition): PolicyCondition {
  if (condition.kind === 'not') return { kind: 'not', condition: twinned(condition.condition) };
  if (condition.kind !== 'prefix-list') return condition;
  const entries = condition.entries.flatMap((entry): readonly PrefixListEntry[] => {
    if (entry.prefix.family === 6) return [entry];
    const { atLeast, atMost } = entry;
    const whole = entry.prefix.length === 0;
    const six: PrefixListEntry = {
      // 'any le 32' of IPv4 becomes every twin and the default route.
      prefix: twin(entry.prefix),
      ...(atLeast === undefined ? {} : { atLeast: atLeast === 0 ? 0 : atLeast + 32 }),
      ...(atMost === undefined ? {} : { atMost: whole && atMost === 0 ? 0 : atMost + 32 }),
    };
    return [entry, six];
  });
  return { kind: 'prefix-list', entries };
}

function originations(
  text: string,
  prefixes: (item: string) => readonly Prefix[],
  checked: boolean,
): readonly Origination[] {
  const one = origination(text, prefixes);
  if (!checked) return [one];
  return one.prefixes.map((item) => ({
    ...one,
    prefixes: [item],
    condition: { prefix: item, state: 'present', table: 'forwarding' },
  }));
}

function aggregates(text: string, prefixes: (item: string) => readonly Prefix[]): readonly Aggregate[] {
  const [head = '', ...words] = text.split(' ');
  return prefixes(head).map((item) => ({
    prefix: item,
    suppress: words.includes('summary-only') ? 'all' : 'none',
    communities: words.filter((word) => word.includes(':')).map((word) => communityLiteral(word)),
    origins,
  }));
}

function conditional({
  routes,
  when,
  unless,
}: NonNullable<EndText['conditional']>): NonNullable<SessionEnd['conditionalAdvertisement']> {
  const list = inList(...routes);
  const condition: RouteCondition = {
    prefix: prefix(when ?? unless ?? ''),
    state: when === undefined ? 'absent' : 'present',
    table: 'bgp',
  };
  return { routes: list.kind === 'prefix-list' ? list.entries : [], condition, origins };
}

function origination(text: string, prefixes: (item: string) => readonly Prefix[]): Origination {
  const [head = '', ...words] = text.split(' ');
  let med = 0;
  let originCode: Origination['originCode'] = 'igp';
  const communities: string[] = [];
  const large: string[] = [];
  for (const [at, word] of words.entries()) {
    if (word === 'med') med = Number(words[at + 1]);
    else if (word === 'egp' || word === 'incomplete') originCode = word;
    else if (/^\d+:\d+:\d+$/.test(word)) large.push(word);
    else if (word.includes(':')) communities.push(word);
  }
  return {
    name: text,
    prefixes: prefixes(head),
    communities: communities.map((item) => communityLiteral(item)),
    largeCommunities: large.map(largeOf),
    med,
    originCode,
    origins,
  };
}

function statics(
  text: string,
  prefixes: (item: string) => readonly Prefix[],
  edges: ReadonlyMap<string, number>,
  ix: (name: string) => number,
): readonly StaticRoute[] {
  const words = text.split(' ');
  const discard = words[1] === 'discard';
  const link = edges.get(words[2] ?? '') ?? -1;
  const next = discard
    ? ({ kind: 'discard' } as const)
    : ({ kind: 'forward', link, device: ix(words[4] ?? '') } as const);
  const distance = Number(words[discard ? 2 : 5] ?? 1);
  return prefixes(words[0] ?? '').map((item) => ({ prefix: item, next, distance, origins }));
}

function largeOf(text: string): LargeCommunity {
  return valueOrThrow(parseLargeCommunity(text));
}

// Conditions.

/** 'PREFIX', 'PREFIX ge N', 'PREFIX le N', 'PREFIX ge N le M'. */
export function inList(...entries: readonly string[]): PolicyCondition {
  return {
    kind: 'prefix-list',
    entries: entries.map((text) => {
      const words = text.split(' ');
      const bound = (word: string): number | undefined => {
        const at = words.indexOf(word);
        return at < 0 ? undefined : Number(words[at + 1]);
      };
      const [atLeast, atMost] = [bound('ge'), bound('le')];
      return {
        prefix: prefix(words[0] ?? ''),
        ...(atLeast === undefined ? {} : { atLeast }),
        ...(atMost === undefined ? {} : { atMost }),
      };
    }),
  };
}
export const tagged = (...any: readonly string[]): PolicyCondition =>
  any.some((item) => item.split(':').length === 3)
    ? { kind: 'large-community', any: any.map(largeOf) }
    : { kind: 'community', any: any.map((item) => communityLiteral(item)) };
export const through = (...any: readonly number[]): PolicyCondition => ({
  kind: 'as-path-contains',
  any: any.map(asn),
});
export const startedBy = (...any: readonly number[]): PolicyCondition => ({
  kind: 'as-path-originated-by',
  any: any.map(asn),
});
export const ownRoutes: PolicyCondition = { kind: 'as-path-empty' };
export const family = (value: 4 | 6): PolicyCondition => ({ kind: 'family', family: value });
export const not = (condition: PolicyCondition): PolicyCondition => ({ kind: 'not', condition });

export const pathMatches = (pattern: string): PolicyCondition => ({ kind: 'as-path-matches', pattern });
/** 'A:B-C' or 'A:B:C', each number alone or a range. */
export function taggedIn(...texts: readonly string[]): PolicyCondition {
  const range = (text = ''): NumberRange => {
    const [from = '', to = from] = text.split('-');
    return { from: Number(from), to: Number(to) };
  };
  const parts = texts.map((text) => text.split(':').map(range));
  const part = (item: readonly NumberRange[], at: number): NumberRange => item[at] ?? range();
  if (parts.some((item) => item.length === 3)) {
    const any = parts.map((item) => ({ global: part(item, 0), first: part(item, 1), second: part(item, 2) }));
    return { kind: 'large-community-in', any };
  }
  return { kind: 'community-in', any: parts.map((item) => ({ asn: part(item, 0), value: part(item, 1) })) };
}

// Actions.

export const preference = (value: number): PolicyAction => ({ kind: 'local-preference', value });
export const med = (value: number): PolicyAction => ({ kind: 'med', value });
export const weight = (value: number): PolicyAction => ({ kind: 'weight', value });
export const prepend = (as: number, times: number): PolicyAction => ({ kind: 'prepend', asn: asn(as), times });
export const tag = (...items: readonly string[]): PolicyAction =>
  items.some((item) => item.split(':').length === 3)
    ? { kind: 'large-community-add', communities: items.map(largeOf) }
    : { kind: 'community-add', communities: items.map((item) => communityLiteral(item)) };
export const untag = (...items: readonly string[]): PolicyAction =>
  items.some((item) => item.split(':').length === 3)
    ? { kind: 'large-community-delete', communities: items.map(largeOf) }
    : { kind: 'community-delete', communities: items.map((item) => communityLiteral(item)) };
export const untagAll: PolicyAction = { kind: 'community-delete', communities: 'all' };
export const untagAllLarge: PolicyAction = { kind: 'large-community-delete', communities: 'all' };
export const nextHopSelf: PolicyAction = { kind: 'next-hop-self' };

/** A term; `then` is accept unless stated. */
export function term(
  when: readonly PolicyCondition[],
  set: readonly PolicyAction[] = [],
  then: PolicyTerm['then'] = 'accept',
): PolicyTerm {
  return { name: 'term', when, set, then, origins };
}
