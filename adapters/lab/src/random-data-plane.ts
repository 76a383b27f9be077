/**
 * Seeded random networks with one demand each: few devices and prefixes, so that everything meets everything. Statics
 * that loop, discard and share, firewalls with wrong insides, translation on the way, filters that refuse.
 */
import { loadEstate } from '@bothways/estate';
import { flow } from '@bothways/facts';
import { asn, type Prefix, prefix, prefixSet, Random } from '@bothways/net';
import type {
  CompiledNetwork,
  ConcreteDemand,
  Device,
  DeviceRole,
  Half,
  Link,
  LinkKind,
  Network,
  Session,
  StaticRoute,
} from '@bothways/network';

const CLIENTS = ['10.1.0.0/24', '2001:db8:1::/64'].map(prefix);
const PUBLIC_CLIENTS = ['203.0.113.128/26', '2001:db8:f::/64'].map(prefix);
/** Whole subnets and parts of them, so that clients of one site are treated differently. */
const TRANSLATED = ['10.1.0.0/24', '10.1.0.0/25', '10.1.0.192/26', '203.0.113.128/27'].map(prefix);
const SERVICES = ['20.0.0.0/8', '20.5.0.0/16', '20.5.6.0/24', '20.5.6.7/32', '2a01::/16', '2a01:5::/32'].map(prefix);
const POOLS = ['203.0.113.0/30', '203.0.113.4/31', '198.51.100.8/32', '198.51.100.0/30'].map(prefix);
const ANNOUNCED = ['203.0.113.0/24', '203.0.113.0/28', '198.51.100.0/24', '198.51.100.8/32', '0.0.0.0/0', '::/0'].map(
  prefix,
);
/** Parts of services that only firewalls know. */
const PUBLISHED = ['20.5.6.64/26', '20.5.128.0/17', '20.96.0.0/11', '2a01:5:8000::/33'].map(prefix);
/** What filters may name and no table holds. */
const FILTERED = ['10.1.0.64/26', '203.0.113.2/31', '203.0.113.160/27', '2001:db8:1::/80', '0.0.0.0/0', '::/0'].map(
  prefix,
);
const EVERYTHING: readonly Prefix[] = [...CLIENTS, ...PUBLIC_CLIENTS, ...SERVICES, ...POOLS, ...ANNOUNCED];

const KINDS: readonly { readonly role: DeviceRole; readonly half: Half }[] = [
  { role: 'site-router', half: 'customer' },
  { role: 'firewall', half: 'customer' },
  { role: 'firewall', half: 'customer' },
  { role: 'customer-edge', half: 'customer' },
  { role: 'internet', half: 'internet' },
  { role: 'msee', half: 'microsoft' },
  { role: 'azure-region', half: 'microsoft' },
  { role: 'microsoft-service', half: 'microsoft' },
];

const { estate, findings } = loadEstate([
  {
    name: 'random.yaml',
    text: [
      'bothways: 1',
      'organisation: { name: Random, asn: 64500 }',
      'environments: { production: { region: Europe } }',
      'sites: { home: { city: Munich, clients: 10.1.0.0/24 } }',
      'demands: { all: { flows: PP-F01, from: home, to: production } }',
    ].join('\n'),
  },
]);

export function randomDataPlane(seed: number): CompiledNetwork {
  if (estate === undefined) throw new Error(findings.map((each) => each.message).join('; '));
  const random = new Random(seed);
  const chance = (percent: number): boolean => random.below(100) < percent;
  const some = <Item>(items: readonly Item[], percent: number): Item[] => items.filter(() => chance(percent));

  const size = 3 + random.below(5);
  const kinds = Array.from({ length: size }, (_, ix) => {
    if (ix === 0) return KINDS[0] ?? random.pick(KINDS);
    // The last one is Microsoft's, so that some packets arrive.
    return ix === size - 1 ? random.pick(KINDS.filter(({ half }) => half === 'microsoft')) : random.pick(KINDS);
  });
  const links: Link[] = [];
  const addLink = (a: number, b: number): void => {
    const kind: LinkKind = random.pick(['lan', 'wan', 'internet', 'circuit', 'microsoft']);
    const ix = links.length;
    links.push({
      ix,
      name: `link ${ix}`,
      kind,
      ...(chance(60) ? { owner: `owner ${ix}` } : {}),
      a,
      b,
      cost: 1,
      bandwidth: undefined,
      latency: undefined,
      origins: [],
    });
  };
  for (let b = 1; b < size; b++) addLink(chance(70) ? b - 1 : random.below(b), b);
  for (let extra = random.below(size); extra > 0; extra--) {
    const a = random.below(size);
    const b = random.below(size);
    if (a !== b) addLink(a, b);
  }
  const linksOf = (ix: number): readonly Link[] => links.filter((link) => link.a === ix || link.b === ix);
  const clients = chance(70) ? CLIENTS : [...CLIENTS, ...PUBLIC_CLIENTS];

  const devices = kinds.map(({ role, half }, ix): Device => {
    const here = linksOf(ix);
    const name = `device ${ix}`;
    const hosted =
      ix === 0
        ? clients
        : role === 'internet'
          ? some([...SERVICES, prefix('0.0.0.0/0'), prefix('::/0')], 50)
          : half === 'microsoft'
            ? some(SERVICES, role === 'msee' ? 10 : 60)
            : some(EVERYTHING, 3);
    const connected = hosted.length === 0 ? [] : [{ name: `hosts of ${name}`, prefixes: hosted, origins: [] }];
    const announced = [...hosted, ...(half === 'customer' ? some([...ANNOUNCED, ...POOLS], 15) : [])];
    const statics = some(here, 25).map(
      (link): StaticRoute => ({
        prefix: random.pick(EVERYTHING),
        next: chance(15)
          ? { kind: 'discard' }
          : { kind: 'forward', link: link.ix, device: link.a === ix ? link.b : link.a },
        distance: random.pick([1, 1, 30, 254]),
        origins: [],
      }),
    );
    const wrongWay = chance(25);
    const inside = here.filter((link) => chance(30) || Math.min(link.a, link.b) < ix !== wrongWay).map(({ ix }) => ix);
    return {
      ix,
      name,
      role,
      half,
      asn: asn(64_512 + ix),
      routerId: ix + 1,
      connected,
      statics,
      originations:
        announced.length === 0
          ? []
          : [
              {
                name: `announcements of ${name}`,
                prefixes: announced,
                communities: [],
                largeCommunities: [],
                med: 0,
                originCode: 'igp',
                origins: [],
              },
            ],
      sourceFilters:
        role === 'msee' || chance(half === 'microsoft' ? 35 : 8)
          ? some(here, 50).map((link) => ({
              link: link.ix,
              permit: chance(30) ? some(FILTERED, 50) : some(EVERYTHING, 45),
              origins: [],
            }))
          : [],
      firewall:
        role === 'firewall'
          ? {
              stateful: chance(80),
              inside,
              permitInbound: chance(40) ? [{ destinations: some([...SERVICES, ...PUBLISHED], 40), origins: [] }] : [],
              stateGroup: chance(25) ? 'cluster' : name,
              origins: [],
            }
          : undefined,
      sourceNat:
        half === 'customer' && ix > 0 && chance(50)
          ? some(here, 60).map((link) => ({
              link: link.ix,
              sources: some(TRANSLATED, 60),
              pool: [random.pick(POOLS), ...(chance(25) ? [random.pick(POOLS)] : [])],
              origins: [],
            }))
          : [],
      decision: { maximumPaths: random.pick([1, 2, 4]) },
      origins: [],
    };
  });

  const policy = { ix: 0, name: 'accept everything', terms: [], otherwise: 'accept' as const, origins: [] };
  const sessions = some(links, 90).map((link, ix): Session => {
    const end = (device: number) => ({
      device,
      asn: asn(64_512 + device),
      import: 0,
      export: 0,
      nextHopSelf: true,
      routeReflectorClient: false,
      removePrivateAs: 'none' as const,
      allowAsIn: 0,
      maximumPrefixes: undefined,
    });
    return { ix, name: link.name, link: link.ix, ends: [end(link.a), end(link.b)], down: undefined, origins: [] };
  });
  const network: Network = { devices, links, sessions, policies: [policy] };
  const [demand] = estate.demands;
  const [site] = estate.sites;
  const pages = flow('PP-F01');
  if (demand === undefined || site === undefined || pages === undefined) throw new Error('the estate is incomplete');
  const targets = some(SERVICES, 60);
  const concrete: ConcreteDemand = {
    id: `random ${seed}`,
    demand,
    flow: pages,
    site,
    environment: undefined,
    target: {
      id: chance(20) ? 'public-internet' : 'services',
      name: 'services',
      azureRegion: undefined,
      set: prefixSet(targets.length === 0 ? SERVICES : targets),
      sources: [],
    },
    sources: clients,
  };
  return { estate, network, demands: { concrete: [concrete], skipped: [] }, siteRouters: new Map([['home', 0]]) };
}
