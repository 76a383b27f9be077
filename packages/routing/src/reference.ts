/**
 * The slow twin of the control plane: one prefix at a time, synchronous rounds, every rule written out as the RFCs
 * state it, nothing compiled, classed, shared or cached. It exists to be compared with; it shares the model and the
 * attribute type with the fast engine and no code that decides anything.
 *
 * Rounds are synchronous, so a network with several stable states may swing here and rest there; `isStable` tells
 * whether given tables are a stable state.
 */
import { type Asn, asnKind, type Prefix, prefixContains, prefixEquals } from '@bothways/net';
import type { Device, DeviceIx, LinkIx, Network, PolicyIx, Session, SessionEnd } from '@bothways/network';
import type { Attributes } from './attributes.ts';
import { ReferenceConditions } from './reference-conditions.ts';
import { ReferenceIgp } from './reference-igp.ts';
import { largeText, listHolds, referencePolicy, sortLarge } from './reference-policy.ts';
import { mayShare, type ReferenceFibEntry, type ReferenceRoute, type ReferenceTable } from './reference-table.ts';
import type { Failures } from './wiring.ts';

export class Reference {
  readonly #network: Network;
  readonly #linkUp: readonly boolean[];
  readonly #deviceUp: readonly boolean[];
  readonly #igp: ReferenceIgp;
  readonly #sessionUp: boolean[];
  /** Session and family that a limit took down. */
  readonly #dropped = new Set<string>();
  readonly #coupled: boolean;
  #conditions = new ReferenceConditions(new Map());
  #swung = false;
  #unsettled = false;
  #conditionsUncertain = false;

  constructor(network: Network, failed: Failures = {}) {
    this.#network = network;
    this.#deviceUp = network.devices.map((device) => !(failed.devices ?? []).includes(device.ix));
    this.#linkUp = network.links.map((link) => this.#isIntact(link.ix, failed.links ?? [], []));
    this.#igp = new ReferenceIgp(
      network.devices.length,
      network.links.filter((link) => this.#inIgp(link)),
    );
    this.#coupled =
      network.devices.some(
        (device) =>
          (device.aggregates ?? []).length > 0 ||
          (device.redistributions ?? []).length > 0 ||
          device.originations.some((item) => item.condition !== undefined),
      ) || network.sessions.some(({ ends }) => ends.some((end) => end.conditionalAdvertisement !== undefined));
    this.#sessionUp = network.sessions.map(
      (session) => !(failed.sessions ?? []).includes(session.ix) && this.#canComeUp(session),
    );
    if (this.#coupled) this.#conditions = this.#conditionsWithoutBgp();
    this.#applyPrefixLimits();
  }

  /** Synchronous rounds from empty tables; undefined where they have not come to rest after `rounds`. */
  settle(prefix: Prefix, rounds = 200): ReferenceTable | undefined {
    let table: ReferenceTable = this.#network.devices.map(() => undefined);
    for (let round = 0; round < rounds; round++) {
      const next = this.#step(prefix, table);
      if (sameTable(table, next)) return table;
      table = next;
    }
    return undefined;
  }

  isStable(prefix: Prefix, table: ReferenceTable): boolean {
    return sameTable(table, this.#step(prefix, table));
  }

  /** True where a prefix did not come to rest while accepted prefixes were counted, so that limits are not certain. */
  areLimitsUncertain(): boolean {
    return this.#swung;
  }

  isSessionUp(session: number): boolean {
    const prefixes = this.#network.devices.flatMap((device) => this.#heldBy(device));
    const isSilent = prefixes.length > 0 && prefixes.every(({ family }) => !this.#carries(session, family));
    return this.#sessionUp[session] === true && !isSilent;
  }

  #carries(session: number, family: number): boolean {
    return this.#sessionUp[session] === true && !this.#dropped.has(`${session} ${family}`);
  }

  #heldBy(device: Device): readonly Prefix[] {
    return [
      ...device.originations.flatMap((item) => item.prefixes),
      ...(device.aggregates ?? []).map((item) => item.prefix),
      ...device.connected.flatMap((item) => item.prefixes),
      ...device.statics.map((item) => item.prefix),
    ];
  }

  /** Sessions of the routes installed side by side, given everybody's best route. */
  installed(prefix: Prefix, table: ReferenceTable, device: Device): readonly ReferenceRoute[] {
    const all = this.#candidates(prefix, table, device);
    const { best, equal } = this.#decide(device, all);
    if (best === undefined) return [];
    if (best.learned === 'local' || device.decision.maximumPaths <= 1) return [best];
    const beside =
      device.decision.variant === 'frr-multipath-relax'
        ? all.filter((route) => this.#decide(device, [best, route]).equal.length === 2)
        : equal;
    const others = beside.filter((route) => route !== best && mayShare(device, best, route));
    if (others.length >= device.decision.maximumPaths) others.sort((a, b) => (a.session ?? -1) - (b.session ?? -1));
    return [best, ...others.slice(0, device.decision.maximumPaths - 1)];
  }

  /** Next hops of what would be installed if another one of the equal routes came first, as 'LINK>DEVICE' by link. */
  #rivals(prefix: Prefix, table: ReferenceTable, device: Device): readonly string[] {
    const installed = this.installed(prefix, table, device);
    const [best] = installed;
    const { equal } = this.#decide(device, this.#candidates(prefix, table, device));
    if (best === undefined || best.learned === 'local') return [];
    const textOf = (routes: readonly ReferenceRoute[]): string =>
      joinHops(routes.flatMap((route) => this.#hops(device.ix, route.attributes)));
    const { maximumPaths } = device.decision;
    const texts = new Set<string>();
    let left = equal.filter(({ session }) => installed.every((each) => each.session !== session));
    for (let [first] = left; first !== undefined; [first] = left) {
      const lead = first;
      const joins = (route: ReferenceRoute): boolean => !mayShare(device, best, lead) && mayShare(device, lead, route);
      const rival =
        maximumPaths <= 1 ? [lead] : left.filter((each) => each === lead || joins(each)).slice(0, maximumPaths);
      left = left.filter((each) => !rival.includes(each));
      texts.add(textOf(rival));
    }
    return [...texts].filter((text) => text !== '' && text !== textOf(installed));
  }

  fib(prefix: Prefix, table: ReferenceTable, device: Device): ReferenceFibEntry | undefined {
    if (!this.#isUp(device.ix)) return undefined;
    const entries: ReferenceFibEntry[] = [];
    const connected = device.connected.find((item) => item.prefixes.some((held) => prefixEquals(held, prefix)));
    if (connected !== undefined) {
      entries.push({ protocol: 'connected', distance: 0, action: `deliver ${connected.name}` });
    }
    entries.push(...this.#staticEntries(prefix, device));
    const installed = this.installed(prefix, table, device).filter((route) => route.learned !== 'local');
    const [first] = installed;
    const [own] = this.installed(prefix, table, device);
    if (own?.learned === 'local' && own.source === 'aggregate') {
      entries.push({ protocol: 'ibgp', distance: 200, action: 'discard' });
    }
    if (first !== undefined && first.learned !== 'local') {
      const hops = installed.flatMap((route) => this.#hops(device.ix, route.attributes));
      const distance = first.learned === 'ebgp' ? 20 : 200;
      const rivals = this.#rivals(prefix, table, device);
      entries.push({ protocol: first.learned, distance, action: joinHops(hops), rivals });
    }
    entries.push(...this.#igpEntries(prefix, device));
    let best: ReferenceFibEntry | undefined;
    for (const entry of entries) if (best === undefined || entry.distance < best.distance) best = entry;
    return best;
  }

  /** `above`: tunnels that run over the link, so that one which runs over itself is asked once. */
  #isIntact(ix: LinkIx, failed: readonly LinkIx[], above: readonly LinkIx[]): boolean {
    const link = this.#network.links[ix];
    if (link === undefined || failed.includes(ix) || !this.#isUp(link.a) || !this.#isUp(link.b)) return false;
    const under = (link.carriedBy ?? []).filter((each) => !above.includes(each) && each !== ix);
    return under.every((each) => this.#isIntact(each, failed, [...above, ix]));
  }

  #isUp(device: DeviceIx): boolean {
    return this.#deviceUp[device] === true;
  }

  #isLinkUp(link: LinkIx): boolean {
    return this.#linkUp[link] === true;
  }

  #device(ix: DeviceIx): Device {
    const device = this.#network.devices[ix];
    if (device === undefined) throw new RangeError(`device ${ix} does not exist`);
    return device;
  }

  // ---- IGP.

  #inIgp(link: Network['links'][number]): boolean {
    const a = this.#device(link.a);
    const b = this.#device(link.b);
    if (!this.#isLinkUp(link.ix) || a.asn !== b.asn || link.igp === 'none' || link.igp === 'passive') return false;
    const inside = link.kind === 'lan' || link.kind === 'wan';
    return link.igp === 'active' || (inside && a.half === 'customer' && b.half === 'customer');
  }

  #cost(a: DeviceIx, b: DeviceIx): number {
    return this.#igp.cost(a, b);
  }

  #firstHops(from: DeviceIx, to: DeviceIx): readonly string[] {
    return this.#igp.firstHops(from, to);
  }

  #hops(from: DeviceIx, attributes: Attributes): readonly string[] {
    const { nextHop, nextHopLink } = attributes;
    if (nextHopLink !== undefined) {
      const link = this.#network.links[nextHopLink];
      if (link === undefined || !this.#isLinkUp(nextHopLink)) return [];
      if (link.a === from || link.b === from) return [`${nextHopLink}>${nextHop}`];
      if (!this.#inIgp(link) && link.igp !== 'passive') return [];
      const nearest = Math.min(this.#cost(from, link.a), this.#cost(from, link.b));
      if (nearest === Number.POSITIVE_INFINITY) return [];
      return [link.a, link.b].flatMap((end) => (this.#cost(from, end) === nearest ? this.#firstHops(from, end) : []));
    }
    if (this.#cost(from, nextHop) < Number.POSITIVE_INFINITY) return this.#firstHops(from, nextHop);
    const direct = this.#directLinks(from, nextHop);
    const lowest = Math.min(...direct.map((link) => link.cost));
    return direct.filter((link) => link.cost === lowest).map((link) => `${link.ix}>${nextHop}`);
  }

  #nextHopCost(from: DeviceIx, attributes: Attributes): number {
    const { nextHop, nextHopLink } = attributes;
    if (nextHop === from) return 0;
    if (nextHopLink !== undefined) {
      const link = this.#network.links[nextHopLink];
      if (link === undefined || !this.#isLinkUp(nextHopLink)) return Number.POSITIVE_INFINITY;
      if (link.a === from || link.b === from) return 0;
      if (!this.#inIgp(link) && link.igp !== 'passive') return Number.POSITIVE_INFINITY;
      return link.cost + Math.min(this.#cost(from, link.a), this.#cost(from, link.b));
    }
    const cost = this.#cost(from, nextHop);
    if (cost < Number.POSITIVE_INFINITY) return cost;
    return this.#directLinks(from, nextHop).length > 0 ? 0 : Number.POSITIVE_INFINITY;
  }

  #directLinks(a: DeviceIx, b: DeviceIx): Network['links'] {
    return this.#network.links.filter(
      (link) => this.#isLinkUp(link.ix) && ((link.a === a && link.b === b) || (link.a === b && link.b === a)),
    );
  }

  // ---- Sessions.

  #canComeUp(session: Session): boolean {
    const [first, second] = session.ends;
    if (session.down !== undefined || !this.#isUp(first.device) || !this.#isUp(second.device)) return false;
    if (session.link !== undefined) return this.#isLinkUp(session.link);
    return (
      this.#cost(first.device, second.device) < Number.POSITIVE_INFINITY ||
      this.#directLinks(first.device, second.device).length > 0
    );
  }

  #conditionsWithoutBgp(): ReferenceConditions {
    return this.#conditions.following(this.#network, this.#everyPrefix(), {
      settle: () => [],
      fib: (prefix, table, device) => this.fib(prefix, table, device),
      isUp: (device) => this.#isUp(device.ix),
    });
  }

  /** From what holds (at first what does without BGP) to what the tables say, until that repeats; unsettled where an earlier set does. */
  #settleConditions(): void {
    const seen = new Set<string>();
    for (;;) {
      const next = this.#conditions.following(this.#network, this.#everyPrefix(), {
        settle: (prefix) => {
          const table = this.settle(prefix);
          if (table === undefined) this.#conditionsUncertain = true;
          return table;
        },
        fib: (prefix, table, device) => this.fib(prefix, table, device),
        isUp: (device) => this.#isUp(device.ix),
      });
      if (next.text === this.#conditions.text) return;
      seen.add(this.#conditions.text);
      if (seen.has(next.text)) {
        this.#unsettled = true;
        return;
      }
      this.#conditions = next;
    }
  }

  /** True where a prefix did not come to rest while conditions were looked up. */
  areConditionsUncertain(): boolean {
    return this.#conditionsUncertain;
  }

  /** True where aggregates, redistribution and conditions go round in a circle. */
  areConditionsUnsettled(): boolean {
    return this.#unsettled;
  }

  /** Takes down what exceeds a limit, all at once, and looks again. */
  #applyPrefixLimits(): void {
    const prefixes = this.#everyPrefix();
    for (;;) {
      if (this.#coupled) this.#settleConditions();
      const counts = new Map<string, number>();
      for (const prefix of prefixes) {
        const table = this.settle(prefix);
        if (table === undefined) {
          this.#swung = true;
          continue;
        }
        for (const device of this.#network.devices) {
          for (const route of this.#candidates(prefix, table, device)) {
            const key = `${route.session} ${device.ix} ${prefix.family}`;
            counts.set(key, (counts.get(key) ?? 0) + 1);
          }
        }
      }
      let dropped = false;
      for (const session of this.#network.sessions) {
        for (const { device, maximumPrefixes } of session.ends) {
          if (maximumPrefixes?.action !== 'drop-session') continue;
          for (const family of [4, 6]) {
            const count = counts.get(`${session.ix} ${device} ${family}`) ?? 0;
            const limit = (family === 6 ? maximumPrefixes.limit6 : undefined) ?? maximumPrefixes.limit;
            if (count <= limit || !this.#carries(session.ix, family)) continue;
            this.#dropped.add(`${session.ix} ${family}`);
            dropped = true;
          }
        }
      }
      if (!dropped) return;
      this.#unsettled = false;
    }
  }

  #everyPrefix(): readonly Prefix[] {
    const all = this.#network.devices.flatMap((device) => [
      ...device.originations.flatMap((item) => item.prefixes),
      ...(device.aggregates ?? []).map((item) => item.prefix),
      ...(this.#coupled
        ? [...device.connected.flatMap((item) => item.prefixes), ...device.statics.map((item) => item.prefix)]
        : []),
    ]);
    return all.filter((prefix, ix) => all.findIndex((other) => prefixEquals(prefix, other)) === ix);
  }

  // ---- One synchronous round.

  #step(prefix: Prefix, table: ReferenceTable): ReferenceTable {
    return this.#network.devices.map((device) => this.#decide(device, this.#candidates(prefix, table, device)).best);
  }

  #candidates(prefix: Prefix, table: ReferenceTable, device: Device): readonly ReferenceRoute[] {
    if (!this.#isUp(device.ix)) return [];
    const routes: ReferenceRoute[] = [];
    const own = this.#localAttributes(prefix, device);
    if (own !== undefined) {
      const { source, attributes } = own;
      const local = { session: undefined, learned: 'local', fromClient: false, attributes, source } as const;
      routes.push({ ...local, neighbourRouterId: device.routerId, originator: device.ix });
    }
    for (const session of this.#network.sessions) {
      if (!this.#carries(session.ix, prefix.family)) continue;
      const [first, second] = session.ends;
      for (const [sender, receiver] of [
        [first, second],
        [second, first],
      ] as const) {
        const sent = table[sender.device];
        if (receiver.device !== device.ix || sent === undefined) continue;
        const route = this.#receive(prefix, session, sender, receiver, sent);
        if (route !== undefined) routes.push(route);
      }
    }
    return routes;
  }

  /** The first way of the device to put a prefix into BGP that holds. */
  #localAttributes(
    prefix: Prefix,
    device: Device,
  ): { readonly source: ReferenceRoute['source']; readonly attributes: Attributes } | undefined {
    const plain: Attributes = {
      asPath: [],
      originCode: 'igp',
      nextHop: device.ix,
      nextHopLink: undefined,
      med: 0,
      localPreference: 100,
      weight: 32768,
      communities: [],
      largeCommunities: [],
      originatorId: undefined,
      clusterList: [],
      aggregator: undefined,
    };
    for (const item of device.originations) {
      if (!item.prefixes.some((held) => prefixEquals(held, prefix))) continue;
      if (item.condition !== undefined && !this.#conditions.conditionHolds(device, item.condition)) continue;
      const { originCode, med } = item;
      const communities = [...new Set(item.communities)].sort((a, b) => a - b);
      const largeCommunities = sortLarge(item.largeCommunities);
      return { source: 'origination', attributes: { ...plain, originCode, med, communities, largeCommunities } };
    }
    for (const [entry, item] of (device.redistributions ?? []).entries()) {
      const taken = item.into === 'bgp' ? this.#conditions.taken(device, entry, prefix) : undefined;
      if (taken === undefined) continue;
      const { cost, gateway } = taken;
      const nextHop = gateway === undefined ? {} : { nextHop: gateway.device, nextHopLink: gateway.link };
      const offered: Attributes = { ...plain, ...nextHop, originCode: 'incomplete', med: item.metric ?? cost };
      const attributes = this.#policy(item.policy, offered, prefix, true, undefined);
      if (attributes !== undefined) return { source: 'redistribution', attributes };
    }
    for (const item of device.aggregates ?? []) {
      if (!prefixEquals(item.prefix, prefix)) continue;
      const originCode = this.#conditions.worstInside(device, prefix);
      if (originCode === undefined) continue;
      const { asn, routerId } = device;
      const communities = [...new Set(item.communities)].sort((a, b) => a - b);
      const attributes: Attributes = { ...plain, originCode, communities, aggregator: { asn, routerId } };
      return { source: 'aggregate', attributes };
    }
    return undefined;
  }

  /** Suppressed by an aggregate, or announced on a condition that does not hold. */
  #isHeldBack(prefix: Prefix, sender: SessionEnd, route: ReferenceRoute): boolean {
    const device = this.#device(sender.device);
    const isAggregate = route.learned === 'local' && route.source === 'aggregate';
    const suppressed = (device.aggregates ?? []).some(
      (item) =>
        !isAggregate &&
        item.suppress === 'all' &&
        item.prefix.length < prefix.length &&
        prefixContains(item.prefix, prefix) &&
        this.#conditions.worstInside(device, item.prefix) !== undefined,
    );
    const { conditionalAdvertisement } = sender;
    if (suppressed || conditionalAdvertisement === undefined) return suppressed;
    const { routes, condition } = conditionalAdvertisement;
    return listHolds(routes, prefix) && !this.#conditions.conditionHolds(device, condition);
  }

  #receive(
    prefix: Prefix,
    session: Session,
    sender: SessionEnd,
    receiver: SessionEnd,
    route: ReferenceRoute,
  ): ReferenceRoute | undefined {
    const from = this.#device(sender.device);
    const to = this.#device(receiver.device);
    const ebgp = sender.asn !== receiver.asn;
    const reflecting = !ebgp && route.learned === 'ibgp';
    if (route.session === session.ix || this.#isHeldBack(prefix, sender, route)) return undefined;
    if (reflecting && !route.fromClient && !sender.routeReflectorClient) return undefined;
    const wellKnown = route.attributes.communities.map((item) => item - 0xffff0000);
    if (wellKnown.includes(0xff02)) return undefined;
    if (ebgp && (wellKnown.includes(0xff01) || wellKnown.includes(0xff03))) return undefined;

    let sent = route.attributes;
    const self = { nextHop: sender.device, nextHopLink: session.link };
    if (ebgp) {
      sent = { ...sent, ...self, asPath: this.#stripped(sent.asPath, sender, receiver.asn) };
      if (route.learned !== 'local') sent = { ...sent, med: 0 };
      sent = { ...sent, originatorId: undefined, clusterList: [], localPreference: 100 };
    } else if (
      (route.learned === 'local' && sent.nextHop === sender.device) ||
      (route.learned !== 'ibgp' && sender.nextHopSelf)
    ) {
      sent = { ...sent, ...self };
    }
    if (reflecting) {
      const originatorId = sent.originatorId ?? route.neighbourRouterId;
      sent = { ...sent, originatorId, clusterList: [from.routerId, ...sent.clusterList] };
    }
    const allowed = this.#policy(sender.export, { ...sent, weight: 0 }, prefix, route.learned === 'local', self);
    if (allowed === undefined) return undefined;
    let arriving: Attributes = { ...allowed, weight: 0 };
    if (ebgp) arriving = { ...arriving, localPreference: 100, asPath: [...this.#shown(sender), ...arriving.asPath] };

    const own = arriving.asPath.filter((asn) => asn === receiver.asn || asn === to.asn).length;
    if (own > receiver.allowAsIn) return undefined;
    if (arriving.originatorId === to.routerId || arriving.clusterList.includes(to.routerId)) return undefined;
    if (arriving.nextHop === to.ix) return undefined;
    if (ebgp && receiver.localAs === 'prepend' && receiver.asn !== to.asn) {
      arriving = { ...arriving, asPath: [receiver.asn, ...arriving.asPath] };
    }
    const imported = this.#policy(receiver.import, arriving, prefix, false, undefined);
    if (imported === undefined) return undefined;
    return {
      session: session.ix,
      learned: ebgp ? 'ebgp' : 'ibgp',
      neighbourRouterId: from.routerId,
      fromClient: receiver.routeReflectorClient,
      attributes: imported,
      originator: route.originator,
      source: route.source,
    };
  }

  /** The AS of the session, and the sender's own behind it where `local-as` shows both. */
  #shown({ device, asn, localAs, removePrivateAs }: SessionEnd): readonly Asn[] {
    const own = this.#device(device).asn;
    if (asn === own || localAs === undefined || localAs === 'replace-as') return [asn];
    if (removePrivateAs !== 'none' && asnKind(own) === 'private') return [asn];
    return [asn, own];
  }

  #policy(
    ix: PolicyIx,
    attributes: Attributes,
    prefix: Prefix,
    here: boolean,
    self: { readonly nextHop: DeviceIx; readonly nextHopLink: LinkIx | undefined } | undefined,
  ): Attributes | undefined {
    const policy = this.#network.policies[ix];
    if (policy === undefined) throw new RangeError(`policy ${ix} does not exist`);
    return referencePolicy(policy, attributes, prefix, here, self);
  }

  #stripped(path: readonly Asn[], sender: SessionEnd, neighbour: Asn): readonly Asn[] {
    const kept: Asn[] = [];
    for (const asn of path) {
      if (sender.removePrivateAs === 'none' || asnKind(asn) !== 'private' || asn === neighbour) kept.push(asn);
      else if (sender.removePrivateAs === 'replace') kept.push(this.#device(sender.device).asn);
    }
    return kept;
  }

  // ---- RFC 4271 section 9.1.2.2, one filter after the other.

  #decide(
    device: Device,
    all: readonly ReferenceRoute[],
  ): { readonly best: ReferenceRoute | undefined; readonly equal: readonly ReferenceRoute[] } {
    const cost = (route: ReferenceRoute): number => this.#nextHopCost(device.ix, route.attributes);
    let left = all.filter((route) => cost(route) < Number.POSITIVE_INFINITY);
    const keepLowest = (value: (route: ReferenceRoute) => number): void => {
      const lowest = Math.min(...left.map(value));
      left = left.filter((route) => value(route) === lowest);
    };
    const { variant } = device.decision;
    if (variant === 'bird' || variant === 'junos') {
      keepLowest((route) => (route.learned === 'local' ? 0 : 1));
      keepLowest((route) => -route.attributes.localPreference);
    } else {
      keepLowest((route) => -route.attributes.weight);
      keepLowest((route) => -route.attributes.localPreference);
      keepLowest((route) => (route.learned === 'local' ? 0 : 1));
    }
    keepLowest((route) => route.attributes.asPath.length);
    keepLowest((route) => ['igp', 'egp', 'incomplete'].indexOf(route.attributes.originCode));
    const neighbourAs = (route: ReferenceRoute): Asn | undefined => route.attributes.asPath[0];
    left = left.filter(
      (route) =>
        !left.some((other) => neighbourAs(other) === neighbourAs(route) && other.attributes.med < route.attributes.med),
    );
    keepLowest((route) => (route.learned === 'ibgp' ? 1 : 0));
    keepLowest(cost);
    const identifier = (route: ReferenceRoute): number => route.attributes.originatorId ?? route.neighbourRouterId;
    const equal = left.toSorted(
      (a, b) =>
        identifier(a) - identifier(b) ||
        a.attributes.clusterList.length - b.attributes.clusterList.length ||
        (a.session ?? -1) - (b.session ?? -1),
    );
    return { best: equal[0], equal };
  }

  // ---- Forwarding entries of the other protocols.

  #staticEntries(prefix: Prefix, device: Device): readonly ReferenceFibEntry[] {
    const usable = device.statics.filter(
      ({ prefix: held, next }) => prefixEquals(held, prefix) && (next.kind === 'discard' || this.#isLinkUp(next.link)),
    );
    const lowest = Math.min(...usable.map((route) => route.distance));
    const hops = usable
      .filter((route) => route.distance === lowest)
      .flatMap(({ next }) => (next.kind === 'forward' ? [`${next.link}>${next.device}`] : []));
    if (usable.length === 0) return [];
    return [{ protocol: 'static', distance: lowest, action: hops.length === 0 ? 'discard' : joinHops(hops) }];
  }

  #igpEntries(prefix: Prefix, device: Device): readonly ReferenceFibEntry[] {
    const holders = this.#network.devices.filter(
      (other) =>
        other.ix !== device.ix &&
        this.#cost(device.ix, other.ix) < Number.POSITIVE_INFINITY &&
        other.connected.some((item) => item.prefixes.some((held) => prefixEquals(held, prefix))),
    );
    if (holders.length === 0) return this.#externalEntries(prefix, device);
    const lowest = Math.min(...holders.map((other) => this.#cost(device.ix, other.ix)));
    const hops = holders
      .filter((other) => this.#cost(device.ix, other.ix) === lowest)
      .flatMap((other) => this.#firstHops(device.ix, other.ix));
    return [{ protocol: 'igp', distance: 110, action: joinHops(hops), cost: lowest }];
  }

  /** Type 2: the lowest metric, and of these the nearest. */
  #externalEntries(prefix: Prefix, device: Device): readonly ReferenceFibEntry[] {
    const all = this.#network.devices.flatMap((other) =>
      (other.redistributions ?? []).flatMap(({ into, policy, metric = 20 }, entry) => {
        if (into !== 'igp') return [];
        const attributes = this.#conditions.attributesTaken(other, entry, prefix);
        if (attributes === undefined) return [];
        const accepted = this.#policy(policy, attributes, prefix, false, undefined);
        return accepted === undefined ? [] : [{ ix: other.ix, metric, cost: this.#cost(device.ix, other.ix) }];
      }),
    );
    const reachable = all.filter(({ cost }) => cost < Number.POSITIVE_INFINITY);
    if (reachable.length === 0 || all.some(({ ix }) => ix === device.ix)) return [];
    const metric = Math.min(...reachable.map((item) => item.metric));
    const best = reachable.filter((item) => item.metric === metric);
    const cost = Math.min(...best.map((item) => item.cost));
    const hops = best.filter((item) => item.cost === cost).flatMap(({ ix }) => this.#firstHops(device.ix, ix));
    return [{ protocol: 'igp', distance: 110, action: joinHops(hops), cost: metric }];
  }
}

function joinHops(hops: readonly string[]): string {
  const number = (hop: string): number => Number.parseInt(hop, 10);
  return [...new Set(hops)].sort((a, b) => number(a) - number(b) || (a < b ? -1 : 1)).join(' ');
}

/** Everything of a route that tells it from another one. */
export function routeText(route: ReferenceRoute | undefined): string {
  if (route === undefined) return 'none';
  const { session, learned, originator, source, attributes: held } = route;
  return [
    `session ${session} ${learned} from ${originator}`,
    `path ${held.asPath.join(' ')} origin ${held.originCode} next hop ${held.nextHop} link ${held.nextHopLink}`,
    `med ${held.med} local preference ${held.localPreference} weight ${held.weight}`,
    `communities ${held.communities.join(' ')} large ${held.largeCommunities.map(largeText).join(' ')}`,
    `originator ${held.originatorId} clusters ${held.clusterList.join(' ')}`,
    `aggregator ${held.aggregator?.asn} ${held.aggregator?.routerId} ${source}`,
  ].join(', ');
}

function sameTable(a: ReferenceTable, b: ReferenceTable): boolean {
  return a.map(routeText).join('\n') === b.map(routeText).join('\n');
}
