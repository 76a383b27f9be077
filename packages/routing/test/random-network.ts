/** Seeded random networks: small, dense in the features that interact, wrong on purpose now and then. */
import { asn, community, type LargeCommunity, type Prefix, prefix, Random } from '@bothways/net';
import type {
  Device,
  Half,
  Link,
  LinkKind,
  Network,
  Policy,
  PolicyAction,
  PolicyCondition,
  PolicyTerm,
  PrefixListEntry,
  RouteCondition,
  Session,
  SessionEnd,
  StaticRoute,
} from '@bothways/network';
import type { Failures } from '../src/index.ts';

const prefixPool = [
  '10.0.0.0/8',
  '10.1.0.0/16',
  '10.1.2.0/24',
  '0.0.0.0/0',
  '192.0.2.0/24',
  '2001:db8::/32',
  '::/0',
].map((text) => prefix(text));
const asPool: readonly { readonly asn: number; readonly half: Half }[] = [
  { asn: 65001, half: 'customer' },
  { asn: 65001, half: 'customer' },
  { asn: 65001, half: 'customer' },
  { asn: 65002, half: 'customer' },
  { asn: 3320, half: 'provider' },
  { asn: 12076, half: 'microsoft' },
  { asn: 8075, half: 'microsoft' },
];
const communities = [community(12076, 1), community(12076, 2), community(65535, 65281), community(65535, 65282)];
const large: readonly LargeCommunity[] = [
  { global: 65001, first: 1, second: 2 },
  { global: 65001, first: 2, second: 1 },
];
const asOf = (ix: number): { readonly asn: number; readonly half: Half } => ({ asn: 65001 + ix, half: 'customer' });
const variants = ['rfc', 'frr', 'bird', 'ios-xe', 'junos', 'frr-multipath-relax'] as const;
const asNumbers = [65001, 65002, 3320, 12076, 8075].map(asn);

const patterns = [
  '_12076_',
  '^$',
  '^65001',
  '8075$',
  '^[64512-65534]+$',
  '^(65001|3320) .*',
  '^.{1,2}$',
  '_12076 [0-9]+ _65001',
];

export interface RandomNetworkOptions {
  /** Aggregates, redistribution, conditions, local AS numbers, and the decision process of one vendor or another. */
  readonly coupled?: boolean;
  /**
   * 'plain' policies leave preferences alone, so that there is mostly one stable state; 'wild' ones do anything;
   * 'contrary' ones set preferences against each other all over the place, so that cycles and several stable states
   * are common.
   */
  readonly policies: 'plain' | 'wild' | 'contrary';
}

export function randomNetwork(seed: number, options: RandomNetworkOptions): Network {
  const random = new Random(seed);
  const chance = (percent: number): boolean => random.below(100) < percent;
  const some = <Item>(items: readonly Item[], percent: number): Item[] => items.filter(() => chance(percent));
  const coupled = options.coupled === true;
  const zoned = coupled && chance(50);
  const wild = options.policies !== 'plain';
  const contrary = options.policies === 'contrary';

  const size = (contrary ? 4 : 2) + random.below(contrary ? 4 : 6);
  // Speakers that contradict each other are each an AS of their own, so that no loop check settles the matter.
  const speakers = Array.from({ length: size }, (_, ix) => (contrary ? asOf(ix) : random.pick(asPool)));
  const links: Link[] = [];
  const addLink = (a: number, b: number): void => {
    const kind: LinkKind = random.pick(['lan', 'wan', 'wan', 'circuit', 'microsoft']);
    const cost = random.pick([10, 10, 10, 20, 30]);
    const ix = links.length;
    const mode = coupled && chance(30) ? { igp: random.pick(['active', 'passive', 'none'] as const) } : {};
    const igp = zoned ? { ...mode, area: random.pick([0, 0, 1, 2]) } : mode;
    links.push({
      ix,
      name: `${a}-${b}`,
      kind,
      a,
      b,
      cost,
      ...igp,
      bandwidth: undefined,
      latency: undefined,
      origins: [],
    });
  };
  for (let b = 1; b < size; b++) addLink(random.below(b), b);
  for (let extra = random.below(size + 1) + (contrary ? size : 0); extra > 0; extra--) {
    const a = random.below(size);
    const b = random.below(size);
    if (a !== b) addLink(a, b);
  }

  const entry = (): PrefixListEntry => {
    const base = random.pick(prefixPool);
    const longest = base.family === 4 ? 32 : 128;
    const atLeast = base.length + random.below(longest - base.length + 1);
    const shapes: PrefixListEntry[] = [
      { prefix: base },
      { prefix: base, atLeast },
      { prefix: base, atMost: atLeast },
      { prefix: base, atLeast, atMost: longest },
    ];
    return random.pick(shapes);
  };
  const newer = (): PolicyCondition[] => [
    { kind: 'as-path-matches', pattern: random.pick(patterns) },
    {
      kind: 'community-in',
      any: [{ asn: { from: 12000, to: random.pick([12076, 65535]) }, value: { from: 2, to: random.pick([2, 65535]) } }],
    },
    {
      kind: 'large-community-in',
      any: [
        { global: { from: 65001, to: 65001 }, first: { from: 0, to: random.below(3) }, second: { from: 1, to: 9 } },
      ],
    },
    {
      kind: 'next-hop',
      any: some(
        speakers.map((_, ix) => ix),
        40,
      ),
    },
    { kind: 'originated-here' },
  ];
  const condition = (): PolicyCondition => {
    const kinds: PolicyCondition[] = [
      { kind: 'prefix-list', entries: [entry(), entry()] },
      { kind: 'community', any: some(communities, 50) },
      { kind: 'large-community', any: some(large, 50) },
      { kind: 'as-path-contains', any: some(asNumbers, 30) },
      { kind: 'as-path-originated-by', any: some(asNumbers, 30) },
      { kind: 'as-path-empty' },
      { kind: 'family', family: random.pick([4, 6] as const) },
      ...(coupled ? newer() : []),
    ];
    const chosen = random.pick(kinds);
    return chance(20) ? { kind: 'not', condition: chosen } : chosen;
  };
  const action = (): PolicyAction => {
    const tags: PolicyAction[] = [
      { kind: 'community-add', communities: some(communities, 40) },
      { kind: 'community-delete', communities: chance(30) ? 'all' : some(communities, 50) },
      { kind: 'large-community-add', communities: some(large, 60) },
      { kind: 'large-community-delete', communities: chance(30) ? 'all' : some(large, 50) },
    ];
    const preferences: PolicyAction[] = [
      { kind: 'local-preference', value: random.pick([50, 100, 150, 200]) },
      { kind: 'med', value: random.below(3) * 10 },
      { kind: 'weight', value: random.below(2) * 100 },
      { kind: 'prepend', asn: random.pick(asNumbers), times: 1 + random.below(2) },
      { kind: 'next-hop-self' },
    ];
    return random.pick(wild ? [...tags, ...preferences] : tags);
  };
  const policies: Policy[] = [];
  const policy = (): number => {
    const ix = policies.length;
    // Shared policies put several sessions of a speaker into one update group.
    if (ix > 0 && chance(contrary ? 10 : 40)) return random.below(ix);
    if (contrary && chance(70)) {
      const refuse: PolicyTerm = {
        name: `policy ${ix} refuses`,
        when: [{ kind: 'as-path-contains', any: some(speakers, 25).map((speaker) => asn(speaker.asn)) }],
        set: [],
        then: 'reject',
        origins: [],
      };
      const value = random.pick([50, 150, 200]);
      const prefer: PolicyTerm = {
        name: `policy ${ix} prefers`,
        when: [],
        set: [{ kind: 'local-preference', value }],
        then: 'accept',
        origins: [],
      };
      policies.push({ ix, name: `policy ${ix}`, terms: [refuse, prefer], otherwise: 'accept', origins: [] });
      return ix;
    }
    const terms = Array.from({ length: chance(50) ? 0 : 1 + random.below(3) }, (_, n): PolicyTerm => {
      const when = chance(30) ? [] : [condition()];
      const then = random.pick(
        wild ? (['accept', 'accept', 'next', 'reject'] as const) : (['accept', 'next'] as const),
      );
      return { name: `policy ${ix} term ${n}`, when, set: chance(70) ? [action()] : [], then, origins: [] };
    });
    policies.push({
      ix,
      name: `policy ${ix}`,
      terms,
      otherwise: wild && chance(10) ? 'reject' : 'accept',
      origins: [],
    });
    return ix;
  };

  const routeCondition = (): RouteCondition => ({
    prefix: random.pick(prefixPool),
    state: random.pick(['present', 'absent'] as const),
    table: random.pick(['bgp', 'forwarding'] as const),
  });
  const coupledEnd = (): Partial<SessionEnd> => ({
    ...(chance(15)
      ? {
          asn: random.pick(asNumbers),
          localAs: random.pick(['prepend', 'no-prepend', 'replace-as'] as const),
        }
      : {}),
    ...(chance(15)
      ? { conditionalAdvertisement: { routes: [entry(), entry()], condition: routeCondition(), origins: [] } }
      : {}),
  });
  const coupledDevice = (): Partial<Device> => ({
    ...(chance(30)
      ? {
          aggregates: [
            {
              prefix: random.pick([...prefixPool, prefix('10.0.0.0/7'), prefix('10.1.0.0/17')]),
              suppress: random.pick(['none', 'all'] as const),
              communities: some(communities, 20),
              origins: [],
            },
          ],
        }
      : {}),
    ...(chance(40)
      ? {
          redistributions: Array.from({ length: 1 + random.below(2) }, () => ({
            into: random.pick(['bgp', 'bgp', 'igp'] as const),
            from: random.pick(['connected', 'static', 'igp', 'bgp'] as const),
            policy: policy(),
            ...(chance(30) ? { metric: random.below(3) * 10 } : {}),
            origins: [],
          })).filter(({ into, from }) => into !== from),
        }
      : {}),
  });

  const end = (device: number): SessionEnd => ({
    device,
    asn: asn(speakers[device]?.asn ?? 0),
    import: policy(),
    export: policy(),
    nextHopSelf: chance(75),
    routeReflectorClient: chance(35),
    removePrivateAs: contrary ? 'none' : random.pick(['none', 'none', 'all', 'replace'] as const),
    allowAsIn: wild && chance(15) ? 1 : 0,
    maximumPrefixes: chance(5)
      ? {
          limit: 1 + random.below(3),
          ...(coupled && chance(50) ? { limit6: 1 + random.below(2) } : {}),
          action: random.pick(['drop-session', 'warn'] as const),
          origins: [],
        }
      : undefined,
    ...(coupled ? coupledEnd() : {}),
  });
  const sessions: Session[] = [];
  const addSession = (a: number, b: number, link: number | undefined): void => {
    const ix = sessions.length;
    const down = chance(3) ? { because: 'not validated', origins: [] } : undefined;
    sessions.push({ ix, name: `session ${ix}`, link, ends: [end(a), end(b)], down, origins: [] });
  };
  for (const link of links) if (chance(85)) addSession(link.a, link.b, chance(80) ? link.ix : undefined);
  for (let extra = random.below(3); extra > 0; extra--) {
    const a = random.below(size);
    const b = random.below(size);
    if (a !== b && speakers[a]?.asn === speakers[b]?.asn) addSession(a, b, undefined);
  }

  const pick = (percent: number): Prefix[] => some(prefixPool, percent);
  const devices = speakers.map(
    (speaker, ix): Device => ({
      ix,
      name: `device ${ix}`,
      role: 'site-router',
      half: speaker.half,
      asn: asn(speaker.asn),
      routerId: ((ix * 5) % 8) + 1,
      connected: chance(40) ? [{ name: `hosts ${ix}`, prefixes: pick(30), origins: [] }] : [],
      statics: links
        .filter((link) => (link.a === ix || link.b === ix) && chance(20))
        .map(
          (link): StaticRoute => ({
            prefix: random.pick(prefixPool),
            next: chance(15)
              ? { kind: 'discard' }
              : { kind: 'forward', link: link.ix, device: link.a === ix ? link.b : link.a },
            distance: random.pick([1, 1, 30, 150, 254]),
            origins: [],
          }),
        ),
      originations: Array.from({ length: random.below(3) }, (_, n) => ({
        name: `origination ${n}`,
        prefixes: pick(25),
        communities: some(communities, 15),
        largeCommunities: some(large, 15),
        med: wild ? random.below(2) * 10 : 0,
        originCode: random.pick(['igp', 'igp', 'incomplete'] as const),
        ...(coupled && chance(25) ? { condition: routeCondition() } : {}),
        origins: [],
      })),
      sourceFilters: [],
      firewall: undefined,
      sourceNat: [],
      decision: { maximumPaths: random.pick([1, 1, 2, 4]), ...(coupled ? { variant: random.pick(variants) } : {}) },
      origins: [],
      ...(coupled ? coupledDevice() : {}),
    }),
  );
  return { devices, links, sessions, policies };
}

/** Nothing, one or several elements that fail. */
export function randomFailures(seed: number, network: Network): Failures {
  const random = new Random(seed);
  const some = (count: number): number[] =>
    Array.from({ length: count }, (_, ix) => ix).filter(() => random.below(100) < 10);
  return {
    devices: some(network.devices.length),
    links: some(network.links.length),
    sessions: some(network.sessions.length),
  };
}

export const randomPrefixes: readonly Prefix[] = [...prefixPool, prefix('10.0.0.0/7'), prefix('10.1.0.0/17')];
