/**
 * FRR configurations of a planned lab: one file for zebra, one for bgpd, per device. Statics and the IGP are kernel
 * routes that zebra reads; `staticd` is not used (its cost grows faster than the square of the number of routes).
 *
 * Defaults that make FRR differ from run to run or from RFC 4271 are switched off: oldest path, ECMP by default, MED
 * depending on order. Source: FRR user's guide, chapters "BGP" and "Route Maps".
 */
import {
  type Asn,
  addressWidth,
  type Community,
  type Family,
  formatLargeCommunity,
  formatPrefix,
  prefixEquals,
} from '@bothways/net';
import type {
  CommunityRange,
  DeviceIx,
  LargeCommunityRange,
  Origination,
  PolicyAction,
  PrefixListEntry,
  SessionEnd,
} from '@bothways/network';
import { inexpressible } from './expressible.ts';
import { frrPathExpression, numberExpression } from './path-text.ts';
import {
  type KernelRoute,
  kernelMetric,
  type LabNode,
  type LabPlan,
  type LabSession,
  nextHopAddresses,
  protocolOf,
} from './plan.ts';
import { type FamilyPolicy, type FamilyTerm, type PolicyTest, policyFor, rangeOf } from './policy-terms.ts';
import { limitOf, type Rendered } from './rendered.ts';
import type { VariantName } from './variants.ts';

export function renderFrr(plan: LabPlan, asShipped: ReadonlySet<VariantName> = new Set()): Rendered {
  const nodes = plan.nodes
    .filter((node) => node.alive)
    .map((node) => ({
      device: node.device.ix,
      files: { 'zebra.conf': zebra(node), 'bgpd.conf': new BgpdFile(plan, node, asShipped).text() },
    }));
  return { nodes, cannot: inexpressible(plan.network, 'frr') };
}

function zebra(node: LabNode): string {
  return [
    `hostname d${node.device.ix}`,
    'log file zebra.log warnings',
    `router-id ${node.routerId}`,
    'no ip nht resolve-via-default',
    'no ipv6 nht resolve-via-default',
    // The kernel takes a link that goes down out of its groups of next hops, and zebra uses them again as they were.
    'no zebra nexthop kernel enable',
    '',
  ].join('\n');
}

type Way = 'in' | 'out';

/** Collects lists and route-maps, which must stand before the router block that uses them. */
class BgpdFile {
  readonly #asShipped: ReadonlySet<VariantName>;
  readonly #plan: LabPlan;
  readonly #node: LabNode;
  readonly #lists: string[] = [];
  readonly #maps: string[] = [];
  #listCount = 0;

  constructor(plan: LabPlan, node: LabNode, asShipped: ReadonlySet<VariantName>) {
    this.#asShipped = asShipped;
    this.#plan = plan;
    this.#node = node;
  }

  text(): string {
    const { families, sessions } = this.#plan;
    const { device, routerId } = this.#node;
    const router = [
      `router bgp ${device.asn}`,
      ` bgp router-id ${routerId}`,
      ' no bgp ebgp-requires-policy',
      ' no bgp default ipv4-unicast',
      ' no bgp default show-hostname',
      ` ${device.originations.some((item) => item.condition !== undefined) ? '' : 'no '}bgp network import-check`,
      ' bgp bestpath compare-routerid',
      ...(device.decision.variant === 'frr' ? [] : [' bgp bestpath as-path multipath-relax']),
      ' bgp deterministic-med',
      ...(this.#asShipped.has('frr-reflected-policy') ? [] : [' bgp route-reflector allow-outbound-policy']),
      ' coalesce-time 0',
      // The shortest there is, in seconds; it looks at the conditions of all neighbours.
      ' bgp conditional-advertisement timer 5',
      ` timers bgp ${Math.floor(this.#plan.holdTime / 3)} ${this.#plan.holdTime}`,
    ];
    const own = sessions.flatMap((item): readonly { readonly item: LabSession; readonly end: 0 | 1 }[] => {
      const [first, second] = item.session.ends;
      if (first.device === device.ix) return [{ item, end: 0 }];
      return second.device === device.ix ? [{ item, end: 1 }] : [];
    });
    for (const { item, end } of own) {
      for (const { addresses } of item.pairs) router.push(...this.#neighbour(item, end, addresses));
    }
    for (const family of families) {
      router.push(` address-family ipv${family} unicast`);
      const { maximumPaths } = device.decision;
      if (!this.#asShipped.has('frr-ecmp')) {
        router.push(`  maximum-paths ${maximumPaths}`, `  maximum-paths ibgp ${maximumPaths}`);
      }
      router.push(...this.#originations(family), ...this.#aggregates(family), ...this.#redistributed(family));
      for (const { item, end } of own) {
        for (const pair of item.pairs) {
          if (pair.family === family) router.push(...this.#activation(item, end, family, pair.addresses));
        }
      }
      router.push(' exit-address-family');
    }
    const head = [`hostname d${device.ix}`, 'log file bgpd.log warnings', 'bgp route-map delay-timer 1'];
    return `${[...head, ...this.#lists, ...this.#maps, ...router].join('\n')}\n`;
  }

  #neighbour({ session, enabled }: LabSession, own: 0 | 1, addresses: readonly [string, string]): readonly string[] {
    const end = session.ends[own];
    const other = session.ends[own === 0 ? 1 : 0];
    const peer = addresses[own === 0 ? 1 : 0];
    const lines = [
      ` neighbor ${peer} remote-as ${other.asn}`,
      ...(end.asn === this.#node.device.asn
        ? []
        : [` neighbor ${peer} local-as ${end.asn}${localAsWords[end.localAs ?? 'replace-as']}`]),
      ` neighbor ${peer} update-source ${addresses[own]}`,
      ` neighbor ${peer} timers connect 1`,
      ` neighbor ${peer} advertisement-interval 0`,
      ...(session.link === undefined && end.asn !== other.asn ? [` neighbor ${peer} ebgp-multihop 255`] : []),
      // The witness needs routes whose next hop is known when they arrive: who opens a session has asked zebra before.
      ...(own === 0 && this.#asShipped.has('frr-aggregate-heard-first') ? [` neighbor ${peer} passive`] : []),
      ...(enabled ? [] : [` neighbor ${peer} shutdown`]),
    ];
    return lines;
  }

  #activation(
    { session }: LabSession,
    own: 0 | 1,
    family: Family,
    addresses: readonly [string, string],
  ): readonly string[] {
    const end = session.ends[own];
    const other = session.ends[own === 0 ? 1 : 0];
    const peer = addresses[own === 0 ? 1 : 0];
    const name = `s${session.ix}_${family}`;
    const external = end.asn !== other.asn;
    // The neighbour would keep a route that comes back where nothing in the path shows that it is its own, or where
    // that does not matter to it: mark what it sent, and do not send that.
    const unseen = other.allowAsIn > 0 || end.removePrivateAs !== 'none';
    const left = this.#asShipped.has('frr-echo') || this.#asShipped.has('frr-private-as-per-group');
    const echoes = external && unseen && !left;
    const mark = session.ix + 1;
    const denied = ['deny 1', ` match tag ${mark}`];
    const marked = ['permit 1', ` set tag ${mark}`, ' on-match next'];
    const outbound = this.#policy(`${name}_out`, end.export, family, 'out', echoes ? [denied] : []);
    const first = [
      ...(echoes ? [marked] : []),
      ...this.#apartFromAggregates(family),
      ...(external ? [] : this.#globalNextHop(other.device, family)),
    ];
    const inbound = this.#policy(`${name}_in`, end.import, family, 'in', first);
    return [
      `  neighbor ${peer} activate`,
      `  neighbor ${peer} send-community all`,
      `  no neighbor ${peer} send-community extended`,
      ...(inbound === undefined ? [] : [`  neighbor ${peer} route-map ${inbound} in`]),
      ...(outbound === undefined ? [] : [`  neighbor ${peer} route-map ${outbound} out`]),
      ...(end.nextHopSelf && !external ? [`  neighbor ${peer} next-hop-self`] : []),
      ...(end.routeReflectorClient && !external ? [`  neighbor ${peer} route-reflector-client`] : []),
      ...(end.allowAsIn > 0 ? [`  neighbor ${peer} allowas-in ${end.allowAsIn}`] : []),
      ...(external ? this.#removePrivate(peer, end) : []),
      ...this.#maximum(peer, end, family),
      ...this.#conditional(peer, name, end, family),
    ];
  }

  /** An extended community, which nobody compares or sends on, tells a route that is heard from the own aggregate. */
  #apartFromAggregates(family: Family): readonly (readonly string[])[] {
    if (this.#asShipped.has('frr-aggregate-heard-first')) return [];
    const own = (this.#node.device.aggregates ?? []).filter(({ prefix }) => prefix.family === family);
    if (own.length === 0) return [];
    const ranges = own.map(({ prefix }) => ({ prefix, shortest: prefix.length, longest: prefix.length }));
    const match = this.#match({ kind: 'prefixes', ranges }, family);
    return [
      ['permit 2', ` ${match}`, ' set extcommunity rt 65535:1', ' on-match next'],
      ['permit 3', ' on-match next'],
    ];
  }

  /** What stands for the gateway of a redistributed route is its global address, not the link-local one sent with it. */
  #globalNextHop(sender: DeviceIx, family: Family): readonly (readonly string[])[] {
    const { redistributions = [] } = this.#plan.network.devices[sender] ?? {};
    if (family === 4 || redistributions.length === 0 || this.#asShipped.has('frr-own-link-local')) return [];
    return [['permit 4', ' set ipv6 next-hop prefer-global', ' on-match next']];
  }

  #conditional(
    peer: string,
    name: string,
    { conditionalAdvertisement }: SessionEnd,
    family: Family,
  ): readonly string[] {
    if (conditionalAdvertisement === undefined || conditionalAdvertisement.condition.prefix.family !== family)
      return [];
    const { routes, condition } = conditionalAdvertisement;
    const map = (suffix: string, entries: readonly PrefixListEntry[]): string => {
      const ranges = entries.flatMap((entry) => rangeOf(entry, family));
      const match = this.#match({ kind: 'prefixes', ranges }, family);
      this.#maps.push(`route-map ${name}_${suffix} permit 10`, ` ${match}`);
      return `${name}_${suffix}`;
    };
    const way = condition.state === 'present' ? 'exist-map' : 'non-exist-map';
    return [`  neighbor ${peer} advertise-map ${map('what', routes)} ${way} ${map('when', [condition])}`];
  }

  #aggregates(family: Family): readonly string[] {
    return (this.#node.device.aggregates ?? []).flatMap(({ prefix, suppress, communities }, ix) => {
      if (prefix.family !== family) return [];
      const only = suppress === 'all' ? ' summary-only' : '';
      if (communities.length === 0) return [`  aggregate-address ${formatPrefix(prefix)}${only}`];
      const name = `a${ix}_${family}`;
      this.#maps.push(`route-map ${name} permit 10`, ` set community ${communities.map(numericCommunity).join(' ')}`);
      return [`  aggregate-address ${formatPrefix(prefix)}${only} route-map ${name}`];
    });
  }

  /** Connected, static and IGP routes are kernel routes here; what tells them apart is the prefix and the metric. */
  #redistributed(family: Family): readonly string[] {
    const { device, routes } = this.#node;
    const name = `r_${family}`;
    const map = new RouteMap(name);
    map.startAt(10);
    for (const { into, from, policy, metric } of device.redistributions ?? []) {
      if (into !== 'bgp' || from === 'bgp') continue;
      const rules = this.#rules(policy, family);
      const byMetric = new Map<number, KernelRoute[]>();
      for (const route of routes) {
        if (route.prefix.family !== family || protocolOf(this.#node, route) !== from) continue;
        // Both are kernel routes to zebra, so that the list has to leave out what another protocol holds better.
        if (routes.some((other) => prefixEquals(other.prefix, route.prefix) && other.distance < route.distance))
          continue;
        const held = kernelMetric(route.distance, route.cost) % 2 ** 24;
        byMetric.set(held, [...(byMetric.get(held) ?? []), route]);
      }
      const taken = map.position + 10 * byMetric.size + 10;
      const next = taken + 10 + lengthOf(rules) + 10;
      for (const [held, some] of byMetric) {
        const ranges = some.map(({ prefix }) => ({ prefix, shortest: prefix.length, longest: prefix.length }));
        const match = this.#match({ kind: 'prefixes', ranges }, family);
        map.add('permit', [match, `match metric ${held}`, `on-match goto ${taken}`]);
      }
      map.add('permit', [`on-match goto ${next}`]);
      const med = metric ?? (from === 'igp' ? undefined : 0);
      map.add('permit', [...(med === undefined ? [] : [`set metric ${med}`]), 'on-match next']);
      this.#rulesInto(map, rules, family, 'in');
      map.startAt(next);
    }
    if (map.lines.length === 0) return [];
    map.add('deny', []);
    this.#maps.push(`no route-map ${name} optimization`, ...map.lines);
    return [`  redistribute kernel route-map ${name}`];
  }

  #removePrivate(peer: string, { removePrivateAs }: SessionEnd): readonly string[] {
    if (removePrivateAs === 'none') return [];
    return [`  neighbor ${peer} remove-private-AS all${removePrivateAs === 'replace' ? ' replace-AS' : ''}`];
  }

  #maximum(peer: string, { maximumPrefixes }: SessionEnd, family: Family): readonly string[] {
    if (maximumPrefixes === undefined) return [];
    const warn = maximumPrefixes.action === 'drop-session' ? '' : ' warning-only';
    return [`  neighbor ${peer} maximum-prefix ${limitOf(maximumPrefixes, family)}${warn}`];
  }

  #originations(family: Family): readonly string[] {
    const lines: string[] = [];
    const seen = new Set<string>();
    for (const [ix, item] of this.#node.device.originations.entries()) {
      const prefixes = item.prefixes.filter((prefix) => prefix.family === family).map((prefix) => formatPrefix(prefix));
      if (prefixes.length === 0) continue;
      const name = `o${ix}_${family}`;
      this.#maps.push(`route-map ${name} permit 10`, ...originated(item));
      for (const prefix of prefixes) {
        if (seen.has(prefix)) continue;
        seen.add(prefix);
        lines.push(`  network ${prefix} route-map ${name}`);
      }
    }
    return lines;
  }

  /** The name of the route-map, undefined where everything passes as it is. `first`: entries before the policy. */
  #policy(
    name: string,
    policyIx: number,
    family: Family,
    way: Way,
    first: readonly (readonly string[])[],
  ): string | undefined {
    const rules = this.#rules(policyIx, family);
    if (rules.terms.length === 0 && rules.otherwise === 'accept' && first.length === 0) return undefined;
    this.#maps.push(`no route-map ${name} optimization`);
    const entries = new RouteMap(name);
    for (const [effect = '', ...body] of first) entries.lines.push(`route-map ${name} ${effect}`, ...body);
    entries.startAt(10);
    this.#rulesInto(entries, rules, family, way);
    this.#maps.push(...entries.lines);
    return name;
  }

  #rules(policyIx: number, family: Family): FamilyPolicy {
    const policy = this.#plan.network.policies[policyIx];
    return policy === undefined ? { terms: [], otherwise: 'accept' } : policyFor(policy, family);
  }

  #rulesInto(map: RouteMap, rules: FamilyPolicy, family: Family, way: Way): void {
    let start = map.position;
    for (const term of rules.terms) {
      const next = start + lengthOfTerm(term);
      this.#term(map, term, { start, next }, family, way);
      start = next;
    }
    map.startAt(start);
    map.add(rules.otherwise === 'accept' ? 'permit' : 'deny', []);
  }

  /**
   * One entry per test, jumping to the next term where it fails, then one per action: a route-map entry holds one match
   * and one set of a kind and cannot negate, a term may.
   */
  #term(
    map: RouteMap,
    { when, set, then }: FamilyTerm,
    { start, next }: { readonly start: number; readonly next: number },
    family: Family,
    way: Way,
  ): void {
    map.startAt(start);
    for (const { negated, test } of when) {
      const match = this.#match(test, family);
      if (negated) {
        map.add('permit', [match, `on-match goto ${next}`]);
      } else {
        map.add('permit', [match, `on-match goto ${map.position + 20}`]);
        map.add('permit', [`on-match goto ${next}`]);
      }
    }
    for (const action of set) {
      // On import the next hop is the neighbour's; there is no self to set.
      if (way === 'in' && action.kind === 'next-hop-self') continue;
      map.add('permit', [...this.#set(action, family), 'on-match next']);
    }
    if (then === 'next') map.add('permit', [`on-match goto ${next}`]);
    else map.add(then === 'accept' ? 'permit' : 'deny', []);
  }

  #match(test: PolicyTest, family: Family): string {
    const name = `l${this.#listCount++}`;
    switch (test.kind) {
      case 'prefixes': {
        const ip = family === 4 ? 'ip' : 'ipv6';
        for (const [ix, { prefix, shortest, longest }] of test.ranges.entries()) {
          const from = shortest > prefix.length ? ` ge ${shortest}` : '';
          const open = longest === addressWidth(family) && shortest > prefix.length;
          const to =
            longest > shortest && !open
              ? ` le ${longest}`
              : longest === shortest && from !== ''
                ? ` le ${longest}`
                : '';
          this.#lists.push(`${ip} prefix-list ${name} seq ${(ix + 1) * 5} permit ${formatPrefix(prefix)}${from}${to}`);
        }
        return `match ${ip} address prefix-list ${name}`;
      }
      case 'communities':
        for (const item of test.any) {
          this.#lists.push(`bgp community-list standard ${name} permit ${numericCommunity(item)}`);
        }
        return `match community ${name}`;
      case 'large-communities':
        for (const item of test.any) {
          this.#lists.push(`bgp large-community-list standard ${name} permit ${formatLargeCommunity(item)}`);
        }
        return `match large-community ${name}`;
      case 'path-contains':
        for (const asn of test.any) this.#lists.push(`bgp as-path access-list ${name} permit _${asn}_`);
        return `match as-path ${name}`;
      case 'path-ends-with':
        for (const asn of test.any) this.#lists.push(`bgp as-path access-list ${name} permit _${asn}$`);
        return `match as-path ${name}`;
      case 'path-empty':
        this.#lists.push(`bgp as-path access-list ${name} permit ^$`);
        return `match as-path ${name}`;
      case 'path-pattern':
        this.#lists.push(`bgp as-path access-list ${name} permit ${frrPathExpression(test.pattern) ?? test.pattern}`);
        return `match as-path ${name}`;
      case 'next-hop': {
        const ip = family === 4 ? 'ip' : 'ipv6';
        const addresses = test.any.flatMap((device) => nextHopAddresses(this.#plan, device, family));
        const full = family === 4 ? 32 : 128;
        const items = addresses.length === 0 ? [`deny ${family === 4 ? '0.0.0.0/0' : '::/0'}`] : [];
        for (const item of [...items, ...addresses.map((address) => `permit ${address}/${full}`)]) {
          this.#lists.push(`${ip} prefix-list ${name} ${item}`);
        }
        return `match ${ip} next-hop prefix-list ${name}`;
      }
      case 'originated-here':
        return 'match peer local';
      case 'community-ranges':
        for (const item of test.any) {
          this.#lists.push(`bgp community-list expanded ${name} permit _${communityExpression(item)}_`);
        }
        return `match community ${name}`;
      case 'large-community-ranges':
        for (const item of test.any) {
          this.#lists.push(`bgp large-community-list expanded ${name} permit _${largeCommunityExpression(item)}_`);
        }
        return `match large-community ${name}`;
    }
  }

  #set(action: PolicyAction, family: Family): readonly string[] {
    switch (action.kind) {
      case 'local-preference':
        return [`set local-preference ${action.value}`];
      case 'med':
        return [`set metric ${action.value}`];
      case 'weight':
        return [`set weight ${action.value}`];
      case 'prepend':
        return [`set as-path prepend ${Array.from({ length: action.times }, (): Asn => action.asn).join(' ')}`];
      case 'community-add':
        return [`set community ${action.communities.map(numericCommunity).join(' ')} additive`];
      case 'community-delete': {
        if (action.communities === 'all') return ['set community none'];
        const name = `l${this.#listCount++}`;
        for (const item of action.communities) {
          this.#lists.push(`bgp community-list standard ${name} permit ${numericCommunity(item)}`);
        }
        return [`set comm-list ${name} delete`];
      }
      case 'large-community-add':
        return [
          `set large-community ${action.communities.map((item) => formatLargeCommunity(item)).join(' ')} additive`,
        ];
      case 'large-community-delete': {
        if (action.communities === 'all') return ['set large-community none'];
        const name = `l${this.#listCount++}`;
        for (const item of action.communities) {
          this.#lists.push(`bgp large-community-list standard ${name} permit ${formatLargeCommunity(item)}`);
        }
        return [`set large-comm-list ${name} delete`];
      }
      case 'next-hop-self':
        return family === 4 ? ['set ip next-hop peer-address'] : ['set ipv6 next-hop peer-address'];
    }
  }
}

/** 'prepend' is what the command does unless told otherwise. */
const localAsWords = { prepend: '', 'no-prepend': ' no-prepend', 'replace-as': ' no-prepend replace-as' } as const;

function communityExpression({ asn, value }: CommunityRange): string {
  return `${numberExpression(asn)}:${numberExpression(value)}`;
}

function largeCommunityExpression({ global, first, second }: LargeCommunityRange): string {
  return [global, first, second].map(numberExpression).join(':');
}

/** Numbers that a term takes in a route-map. */
function lengthOfTerm({ when, set }: FamilyTerm): number {
  return 20 * when.length + 10 * set.length + 10;
}

function lengthOf({ terms }: FamilyPolicy): number {
  return terms.reduce((sum, term) => sum + lengthOfTerm(term), 0);
}

class RouteMap {
  readonly lines: string[] = [];
  position = 0;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  startAt(position: number): void {
    this.position = position;
  }

  add(effect: 'permit' | 'deny', body: readonly string[]): void {
    this.lines.push(`route-map ${this.#name} ${effect} ${this.position}`, ...body.map((line) => ` ${line}`));
    this.position += 10;
  }
}

function originated({ originCode, med, communities, largeCommunities }: Origination): readonly string[] {
  return [
    ` set origin ${originCode}`,
    ...(med === 0 ? [] : [` set metric ${med}`]),
    ...(communities.length === 0 ? [] : [` set community ${communities.map(numericCommunity).join(' ')}`]),
    ...(largeCommunities.length === 0
      ? []
      : [` set large-community ${largeCommunities.map((item) => formatLargeCommunity(item)).join(' ')}`]),
  ];
}

/** Never a name: FRR knows the well-known ones by others. */
function numericCommunity(community: Community): string {
  return `${Math.floor(community / 0x10000)}:${community % 0x10000}`;
}
