/**
 * Seeded random networks for the oracle: small, dense in the features that interact. The same seed gives the same
 * network. Left out: what no two daemons do alike or what depends on the order of arrival (maximum prefixes that cut).
 */
import { asn, communityLiteral, type LargeCommunity, type Prefix, prefix, Random } from '@bothways/net';
import type {
  Device,
  Half,
  Link,
  LinkKind,
  Network,
  Origin,
  Origination,
  Policy,
  PolicyAction,
  PolicyCondition,
  PolicyTerm,
  PrefixListEntry,
  Session,
  SessionEnd,
  StaticRoute,
} from '@bothways/network';

const origins: readonly Origin[] = [{ kind: 'derived', because: 'random network' }];
const prefixes: readonly Prefix[] = [
  '10.0.0.0/8',
  '10.1.0.0/16',
  '10.1.2.0/24',
  '0.0.0.0/0',
  '192.0.2.0/24',
  '2001:db8::/32',
  '2001:db8:1::/48',
].map((text) => prefix(text));
/** Several speakers of one AS, so that iBGP and the IGP have something to do. */
const speakers: readonly { readonly as: number; readonly half: Half }[] = [
  { as: 65001, half: 'customer' },
  { as: 65001, half: 'customer' },
  { as: 65001, half: 'customer' },
  { as: 65002, half: 'customer' },
  { as: 3320, half: 'provider' },
  { as: 3320, half: 'provider' },
  { as: 12076, half: 'microsoft' },
];
const communities = ['12076:1', '12076:2', '65001:7'].map((text) => communityLiteral(text));
const wellKnown = ['no-export', 'no-advertise'].map((text) => communityLiteral(text));
const large: readonly LargeCommunity[] = [
  { global: 65001, first: 1, second: 2 },
  { global: 65001, first: 2, second: 1 },
];
const asNumbers = [65001, 65002, 3320, 12076].map(asn);

export function randomNetwork(seed: number): Network {
  return new Generator(seed).network();
}

class Generator {
  readonly #random: Random;
  readonly #policies: Policy[] = [];

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  network(): Network {
    const size = 3 + this.#below(4);
    const chosen = Array.from({ length: size }, () => this.#pick(speakers));
    const links = this.#links(chosen);
    const sessions = this.#sessions(chosen, links);
    const devices = chosen.map(({ as, half }, ix): Device => this.#device(ix, as, half, links));
    return { devices, links, sessions, policies: this.#policies };
  }

  #below(limit: number): number {
    return this.#random.below(limit);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return this.#random.pick(items);
  }

  #chance(percent: number): boolean {
    return this.#below(100) < percent;
  }

  #some<Item>(items: readonly Item[], percent: number): readonly Item[] {
    const chosen = items.filter(() => this.#chance(percent));
    return chosen.length > 0 ? chosen : [this.#pick(items)];
  }

  #links(chosen: readonly { readonly as: number }[]): readonly Link[] {
    const links: Link[] = [];
    const add = (a: number, b: number): void => {
      const ix = links.length;
      const kind: LinkKind =
        chosen[a]?.as === chosen[b]?.as ? this.#pick(['lan', 'wan']) : this.#pick(['wan', 'circuit']);
      const cost = this.#pick([10, 10, 20, 30]);
      links.push({ ix, name: `link ${ix}`, kind, a, b, cost, bandwidth: undefined, latency: undefined, origins });
    };
    for (let b = 1; b < chosen.length; b++) add(this.#below(b), b);
    for (let extra = this.#below(chosen.length); extra > 0; extra--) {
      const [a, b] = [this.#below(chosen.length), this.#below(chosen.length)];
      if (a !== b) add(a, b);
    }
    return links;
  }

  #sessions(chosen: readonly { readonly as: number }[], links: readonly Link[]): readonly Session[] {
    const sessions: Session[] = [];
    const add = (a: number, b: number, link: number | undefined): void => {
      const ix = sessions.length;
      const down = this.#chance(3) ? { because: 'not validated', origins } : undefined;
      const ends = [this.#end(a, chosen[a]?.as ?? 0), this.#end(b, chosen[b]?.as ?? 0)] as const;
      sessions.push({ ix, name: `session ${ix}`, link, ends, down, origins });
    };
    for (const link of links) if (this.#chance(90)) add(link.a, link.b, link.ix);
    for (const [a, first] of chosen.entries()) {
      for (const [b, second] of chosen.entries()) {
        if (a < b && first.as === second.as && this.#chance(25)) add(a, b, undefined);
      }
    }
    return sessions;
  }

  #end(device: number, as: number): SessionEnd {
    return {
      device,
      asn: asn(as),
      import: this.#policy(),
      export: this.#policy(),
      nextHopSelf: this.#chance(75),
      routeReflectorClient: this.#chance(35),
      removePrivateAs: this.#pick(['none', 'none', 'none', 'all', 'replace'] as const),
      allowAsIn: this.#chance(10) ? 1 : 0,
      maximumPrefixes: undefined,
    };
  }

  #policy(): number {
    const ix = this.#policies.length;
    const terms = Array.from({ length: this.#chance(50) ? 0 : 1 + this.#below(3) }, (_, n): PolicyTerm => {
      const when = Array.from({ length: this.#pick([0, 1, 1, 1, 2]) }, () => this.#condition());
      const set = Array.from({ length: this.#pick([0, 1, 1, 2]) }, () => this.#action());
      return { name: `term ${n}`, when, set, then: this.#pick(['accept', 'accept', 'next', 'reject']), origins };
    });
    this.#policies.push({ ix, name: `policy ${ix}`, terms, otherwise: this.#chance(8) ? 'reject' : 'accept', origins });
    return ix;
  }

  #entry(): PrefixListEntry {
    const base = this.#pick(prefixes);
    const longest = base.family === 4 ? 32 : 128;
    const atLeast = base.length + this.#below(longest - base.length + 1);
    return this.#pick<PrefixListEntry>([
      { prefix: base },
      { prefix: base, atLeast },
      { prefix: base, atMost: atLeast },
      { prefix: base, atLeast, atMost: longest },
    ]);
  }

  #condition(): PolicyCondition {
    const chosen = this.#pick<PolicyCondition>([
      { kind: 'prefix-list', entries: [this.#entry(), this.#entry()] },
      { kind: 'community', any: this.#some(communities, 50) },
      { kind: 'large-community', any: this.#some(large, 50) },
      { kind: 'as-path-contains', any: this.#some(asNumbers, 30) },
      { kind: 'as-path-originated-by', any: this.#some(asNumbers, 30) },
      { kind: 'as-path-empty' },
      { kind: 'family', family: this.#pick([4, 6] as const) },
    ]);
    return this.#chance(20) ? { kind: 'not', condition: chosen } : chosen;
  }

  #action(): PolicyAction {
    return this.#pick<PolicyAction>([
      { kind: 'community-add', communities: this.#some(this.#chance(10) ? wellKnown : communities, 40) },
      { kind: 'community-delete', communities: this.#chance(30) ? 'all' : this.#some(communities, 50) },
      { kind: 'large-community-add', communities: this.#some(large, 60) },
      { kind: 'large-community-delete', communities: this.#chance(30) ? 'all' : this.#some(large, 50) },
      { kind: 'local-preference', value: this.#pick([50, 100, 150, 200]) },
      { kind: 'local-preference', value: this.#pick([90, 110]) },
      { kind: 'med', value: this.#below(3) * 10 },
      { kind: 'weight', value: this.#pick([0, 100]) },
      { kind: 'prepend', asn: this.#pick(asNumbers), times: 1 + this.#below(2) },
      { kind: 'next-hop-self' },
    ]);
  }

  #device(ix: number, as: number, half: Half, links: readonly Link[]): Device {
    const originations = this.#chance(45)
      ? this.#some(prefixes, 35).map(
          (item): Origination => ({
            name: `origination of ${ix}`,
            prefixes: [item],
            communities: this.#chance(40) ? this.#some(communities, 40) : [],
            largeCommunities: this.#chance(20) ? this.#some(large, 50) : [],
            med: this.#pick([0, 0, 5, 10]),
            originCode: this.#pick(['igp', 'igp', 'egp', 'incomplete']),
            origins,
          }),
        )
      : [];
    return {
      ix,
      name: `device ${ix}`,
      role: 'site-router',
      half,
      asn: asn(as),
      // Not ascending with the position, so that the router id decides for itself: 203.0.113.x.
      routerId: 0xcb007100 + ((ix * 37 + 11) % 250) + 1,
      connected: this.#chance(20) ? [{ name: `hosts of ${ix}`, prefixes: [this.#pick(prefixes)], origins }] : [],
      statics: this.#chance(20) ? [this.#static(ix, links)] : [],
      originations,
      sourceFilters: [],
      firewall: undefined,
      sourceNat: [],
      // Never fewer than there can be: which of several equal paths a limit keeps is a variant of its own.
      decision: { maximumPaths: this.#pick([1, 1, 16]) },
      origins,
    };
  }

  #static(device: number, links: readonly Link[]): StaticRoute {
    const own = links.filter((link) => link.a === device || link.b === device);
    const target = this.#pick(prefixes);
    const distance = this.#pick([1, 1, 30, 150, 250]);
    if (own.length === 0 || this.#chance(30)) {
      return { prefix: target, next: { kind: 'discard' }, distance, origins };
    }
    const link = this.#pick(own);
    const next = { kind: 'forward', link: link.ix, device: link.a === device ? link.b : link.a } as const;
    return { prefix: target, next, distance, origins };
  }
}
