/** Terse literals for small test networks: devices by name, links and sessions as 'A-B', policies as lists of terms. */
import { asn, community, formatPrefix, type Prefix, prefix } from '@bothways/net';
import type {
  Aggregate,
  ConnectedPrefixes,
  DecisionVariant,
  Device,
  Half,
  Link,
  LinkKind,
  Network,
  Origination,
  Policy,
  PolicyTerm,
  Redistribution,
  RouteCondition,
  Session,
  SessionEnd,
  StaticRoute,
} from '@bothways/network';
import type { Candidate, ControlPlane, FibEntry } from '../src/index.ts';

export type TermLiteral = Partial<PolicyTerm>;

export interface EndLiteral
  extends Partial<Omit<SessionEnd, 'device' | 'asn' | 'import' | 'export' | 'maximumPrefixes'>> {
  readonly asn?: number;
  readonly import?: readonly TermLiteral[];
  readonly export?: readonly TermLiteral[];
  /** What becomes of routes that no import or export term decides; accepted unless stated. */
  readonly otherwise?: 'accept' | 'reject';
  readonly maximum?: {
    readonly limit: number;
    readonly limit6?: number;
    readonly action: 'drop-session' | 'discard-surplus' | 'warn';
  };
}

interface DeviceLiteral {
  readonly asn: number;
  readonly half?: Half;
  readonly routerId?: number;
  readonly originate?: readonly (string | OriginationLiteral)[];
  readonly connected?: readonly string[];
  /** 'PREFIX via LINKNAME to DEVICE [distance]' or 'PREFIX discard [distance]'. */
  readonly statics?: readonly string[];
  readonly maximumPaths?: number;
  readonly variant?: DecisionVariant;
  /** 'PREFIX' or 'PREFIX summary-only'. */
  readonly aggregates?: readonly string[];
  /** 'FROM into INTO [metric]'; a list of terms, where there is one, decides what goes. */
  readonly redistribute?: readonly (string | readonly [string, readonly TermLiteral[]])[];
}

interface OriginationLiteral {
  readonly prefixes: readonly string[];
  readonly communities?: readonly string[];
  readonly med?: number;
  readonly originCode?: Origination['originCode'];
  readonly when?: string;
}

/** '[no] PREFIX in bgp' or '[no] PREFIX in forwarding'. */
export function routeCondition(text: string): RouteCondition {
  const words = text.split(' ');
  const absent = words[0] === 'no';
  const table = words.at(-1) === 'bgp' ? 'bgp' : 'forwarding';
  return { prefix: prefix(words[absent ? 1 : 0] ?? ''), state: absent ? 'absent' : 'present', table };
}

interface LinkLiteral {
  readonly igp?: NonNullable<Link['igp']>;
  readonly area?: number;
  readonly kind?: LinkKind;
  readonly cost?: number;
}

export interface SessionLiteral {
  /** Over a loopback; otherwise over the link of the same name. */
  readonly multihop?: boolean;
  readonly link?: string;
  readonly down?: string;
  /** The end named first and the one named second. */
  readonly first?: EndLiteral;
  readonly second?: EndLiteral;
}

export interface NetworkLiteral {
  readonly devices: Readonly<Record<string, DeviceLiteral>>;
  /** Named 'A-B', or 'A-B/2' for a second one. */
  readonly links: Readonly<Record<string, LinkLiteral>>;
  readonly sessions: Readonly<Record<string, SessionLiteral>>;
}

export function communityFrom(text: string): ReturnType<typeof community> {
  const [high, low] = text.split(':').map(Number);
  return community(high ?? 0, low ?? 0);
}

export function smallNetwork(literal: NetworkLiteral): Network {
  const names = Object.keys(literal.devices);
  const deviceIx = (name: string): number => {
    const ix = names.indexOf(name);
    if (ix < 0) throw new Error(`no device ${name}`);
    return ix;
  };
  const linkNames = Object.keys(literal.links);
  const ends = (name: string): readonly [number, number] => {
    const [first = '', second = ''] = name.replace(/\/.*/, '').split('-');
    return [deviceIx(first), deviceIx(second)];
  };
  const links = linkNames.map((name, ix): Link => {
    const [a, b] = ends(name);
    const { kind = 'wan', cost = 10, ...igp } = literal.links[name] ?? {};
    return { ix, name, kind, a, b, cost, ...igp, bandwidth: undefined, latency: undefined, origins: [] };
  });
  const policies: Policy[] = [{ ix: PASS, name: 'pass', terms: [], otherwise: 'accept', origins: [] }];
  const policyIx = (
    name: string,
    terms: readonly TermLiteral[] = [],
    otherwise: 'accept' | 'reject' = 'accept',
  ): number => {
    if (terms.length === 0 && otherwise === 'accept') return PASS;
    const full = terms.map((term, ix): PolicyTerm => ({ ...defaultTerm, name: `${name} ${ix}`, ...term }));
    return policies.push({ ix: policies.length, name, terms: full, otherwise, origins: [] }) - 1;
  };
  const devices = names.map((name, ix): Device => {
    const device = literal.devices[name];
    if (device === undefined) throw new Error(`no device ${name}`);
    return {
      ix,
      name,
      role: 'site-router',
      half: device.half ?? 'customer',
      asn: asn(device.asn),
      routerId: device.routerId ?? ix + 1,
      connected: (device.connected ?? []).map(
        (text): ConnectedPrefixes => ({
          name: `${name} ${text}`,
          prefixes: [prefix(text)],
          origins: [{ kind: 'derived', because: `${name} connected ${text}` }],
        }),
      ),
      statics: (device.statics ?? []).map((text): StaticRoute => staticRoute(text, linkNames, deviceIx)),
      originations: (device.originate ?? []).map((item, n) => origination(name, n, item)),
      sourceFilters: [],
      firewall: undefined,
      sourceNat: [],
      decision: {
        maximumPaths: device.maximumPaths ?? 1,
        ...(device.variant === undefined ? {} : { variant: device.variant }),
      },
      aggregates: (device.aggregates ?? []).map((text): Aggregate => {
        const suppress = text.endsWith(' summary-only') ? 'all' : 'none';
        const origins = [{ kind: 'derived', because: `${name} aggregates ${text}` }] as const;
        return { prefix: prefix(text.split(' ')[0] ?? ''), suppress, communities: [], origins };
      }),
      redistributions: (device.redistribute ?? []).map((item): Redistribution => {
        const [text, terms] = typeof item === 'string' ? [item, []] : item;
        const [from = '', , into = '', metric] = text.split(' ');
        return {
          from: oneOf(from, ['connected', 'static', 'igp', 'bgp']),
          into: oneOf(into, ['bgp', 'igp']),
          policy: policyIx(`${name} ${text}`, terms),
          ...(metric === undefined ? {} : { metric: Number(metric) }),
          origins: [{ kind: 'derived', because: `${name} redistributes ${text}` }],
        };
      }),
      origins: [],
    };
  });
  const sessions = Object.entries(literal.sessions).map(([name, session], ix): Session => {
    const [first, second] = ends(name);
    const end = (device: number, side: EndLiteral = {}): SessionEnd => {
      const { maximum } = side;
      return {
        device,
        asn: asn(side.asn ?? devices[device]?.asn ?? 0),
        import: policyIx(`${name} ${device} in`, side.import, side.otherwise),
        export: policyIx(`${name} ${device} out`, side.export, side.otherwise),
        nextHopSelf: side.nextHopSelf ?? true,
        routeReflectorClient: side.routeReflectorClient ?? false,
        removePrivateAs: side.removePrivateAs ?? 'none',
        allowAsIn: side.allowAsIn ?? 0,
        ...(side.localAs === undefined ? {} : { localAs: side.localAs }),
        ...(side.conditionalAdvertisement === undefined
          ? {}
          : { conditionalAdvertisement: side.conditionalAdvertisement }),
        maximumPrefixes: maximum === undefined ? undefined : { ...maximum, origins: [] },
      };
    };
    const link = session.multihop === true ? undefined : linkNames.indexOf(session.link ?? name);
    if (link === -1) throw new Error(`no link ${name}`);
    return {
      ix,
      name,
      link,
      ends: [end(first, session.first), end(second, session.second)],
      down: session.down === undefined ? undefined : { because: session.down, origins: [] },
      origins: [],
    };
  });
  return { devices, links, sessions, policies };
}

function oneOf<Text extends string>(text: string, texts: readonly Text[]): Text {
  const found = texts.find((item) => item === text);
  if (found === undefined) throw new Error(`'${text}' is not one of ${texts.join(', ')}`);
  return found;
}

/** The policy of every session end that has none of its own. */
const PASS = 0;
const defaultTerm: PolicyTerm = { name: '', when: [], set: [], then: 'accept', origins: [] };

function origination(device: string, n: number, item: string | OriginationLiteral): Origination {
  const literal = typeof item === 'string' ? { prefixes: [item] } : item;
  return {
    name: `${device} ${n}`,
    prefixes: literal.prefixes.map((text) => prefix(text)),
    communities: (literal.communities ?? []).map(communityFrom),
    largeCommunities: [],
    med: literal.med ?? 0,
    originCode: literal.originCode ?? 'igp',
    ...(literal.when === undefined ? {} : { condition: routeCondition(literal.when) }),
    origins: [{ kind: 'derived', because: `${device} originates ${n}` }],
  };
}

function staticRoute(text: string, links: readonly string[], deviceIx: (name: string) => number): StaticRoute {
  const words = text.split(' ');
  const discard = words[1] === 'discard';
  const next = discard
    ? ({ kind: 'discard' } as const)
    : ({ kind: 'forward', link: links.indexOf(words[2] ?? ''), device: deviceIx(words[4] ?? '') } as const);
  const distance = Number(words[discard ? 2 : 5] ?? 1);
  return { prefix: prefix(words[0] ?? ''), next, distance, origins: [{ kind: 'derived', because: text }] };
}

export function deviceNamed(network: Network, name: string): Device {
  const device = network.devices.find((item) => item.name === name);
  if (device === undefined) throw new Error(`no device ${name}`);
  return device;
}

export function linkNamed(network: Network, name: string): number {
  const link = network.links.find((item) => item.name === name);
  if (link === undefined) throw new Error(`no link ${name}`);
  return link.ix;
}

export function sessionNamed(network: Network, name: string): number {
  const session = network.sessions.find((item) => item.name === name);
  if (session === undefined) throw new Error(`no session ${name}`);
  return session.ix;
}

export function classIxOf(plane: ControlPlane, where: string | Prefix): number {
  const ix = plane.classOf(typeof where === 'string' ? prefix(where) : where);
  if (ix === undefined) throw new Error(`no class for ${typeof where === 'string' ? where : formatPrefix(where)}`);
  return ix;
}

/** The devices a route came through, from the device that holds it to the originator: 'C B A'. */
export function wayOf(plane: ControlPlane, route: Candidate | undefined): string {
  const names: string[] = [];
  for (let at = route; at !== undefined; at = at.parent) names.push(plane.network.devices[at.device]?.name ?? '?');
  return names.join(' ');
}

/** What the device's forwarding table says: 'ebgp A-B>B', 'igp A-B>B A-C>C', 'connected A 10.0.0.0/8', 'none'. */
export function fibText(plane: ControlPlane, device: string, where: string): string {
  const ix = plane.classOf(prefix(where));
  const entry = ix === undefined ? undefined : plane.fibs[deviceNamed(plane.network, device).ix]?.get(ix);
  return entry === undefined ? 'none' : `${entry.protocol} ${actionText(plane.network, entry)}`;
}

function actionText(network: Network, entry: FibEntry): string {
  if (entry.action.kind === 'discard') return 'discard';
  if (entry.action.kind === 'deliver') return entry.action.name;
  return entry.action.next
    .map((hop) => `${network.links[hop.link]?.name}>${network.devices[hop.device]?.name}`)
    .join(' ');
}

/**
 * The backup link of RFC 4264 section 3: Backup was asked to prefer anything to its own link to Customer, and prefers
 * what Upstream tells it; Upstream prefers its customer Backup to its peer Primary. Either way round is stable.
 *
 *   Customer --- Primary
 *      |            |  (peers)
 *    Backup ---- Upstream
 */
export const wedgie: NetworkLiteral = {
  devices: {
    Customer: { asn: 1, originate: ['10.0.0.0/8', { prefixes: ['172.16.0.0/12'], communities: ['65535:65282'] }] },
    Backup: { asn: 2 },
    Upstream: { asn: 3 },
    Primary: { asn: 4 },
  },
  links: { 'Customer-Backup': {}, 'Customer-Primary': {}, 'Backup-Upstream': {}, 'Upstream-Primary': {} },
  sessions: {
    'Customer-Backup': { second: { import: [{ name: 'backup', set: [{ kind: 'local-preference', value: 50 }] }] } },
    'Customer-Primary': {},
    'Backup-Upstream': {},
    'Upstream-Primary': {
      first: { import: [{ name: 'peer', set: [{ kind: 'local-preference', value: 80 }] }] },
      second: { import: [{ name: 'peer', set: [{ kind: 'local-preference', value: 80 }] }] },
    },
  },
};
