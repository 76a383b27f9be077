/** GoBGP's JSON: `gobgp global rib -j` and `gobgp neighbor -j`. */
import { communityOf, formatCommunity } from '@bothways/net';
import { field } from './sandbox.ts';
import { type NextHops, OWN, type Row } from './tables.ts';

/** Path attribute type codes (IANA, "BGP Path Attributes"). */
const ORIGIN = 1;
const AS_PATH = 2;
const NEXT_HOP = 3;
const MED = 4;
const LOCAL_PREF = 5;
const COMMUNITIES = 8;
const MP_REACH = 14;
const LARGE_COMMUNITY = 32;

export function readGobgpRoutes(
  text: string,
  nextHops: NextHops,
  peers: ReadonlyMap<string, string>,
): Map<string, readonly Row[]> {
  const routes = new Map<string, readonly Row[]>();
  for (const [prefix, paths] of entries(parse(text))) {
    routes.set(
      prefix,
      listOf(paths).map((path) => rowOf(path, nextHops, peers)),
    );
  }
  return routes;
}

function rowOf(path: unknown, nextHops: NextHops, peers: ReadonlyMap<string, string>): Row {
  const attributes = new Map(listOf(field(path, 'attrs')).map((item) => [field(item, 'type'), item]));
  const session = peers.get(String(field(path, 'neighbor-ip')));
  const segments = listOf(field(attributes.get(AS_PATH), 'as_paths'));
  const hop = field(attributes.get(NEXT_HOP), 'nexthop') ?? field(attributes.get(MP_REACH), 'nexthop');
  const large = listOf(field(attributes.get(LARGE_COMMUNITY), 'value'));
  return {
    session: session === undefined ? undefined : Number(session.split(' ')[0]),
    best: String(field(path, 'best') === true),
    asPath: segments.flatMap((item) => listOf(field(item, 'asns')).map(String)).join(' '),
    origin: ['igp', 'egp', 'incomplete'][Number(field(attributes.get(ORIGIN), 'value') ?? 0)] ?? '',
    med: numberText(field(attributes.get(MED), 'metric'), 0),
    localPreference: numberText(field(attributes.get(LOCAL_PREF), 'value'), 100),
    weight: undefined,
    communities: listOf(field(attributes.get(COMMUNITIES), 'communities'))
      .map((item) => formatCommunity(communityOf(Number(item))))
      .sort()
      .join(' '),
    largeCommunities: large
      .map((item) => ['ASN', 'LocalData1', 'LocalData2'].map((part) => String(field(item, part))).join(':'))
      .sort()
      .join(' '),
    nextHop: session === undefined ? OWN : nextHops.name(String(hop)),
    originator: '',
    clusterList: '',
    usable: undefined,
  };
}

/** Session state 6 is ESTABLISHED. */
export function readGobgpSessions(text: string, peers: ReadonlyMap<string, string>): ReadonlySet<string> {
  const up = new Set<string>();
  for (const neighbour of listOf(parse(text))) {
    const state = field(neighbour, 'state');
    const key = peers.get(
      String(field(state, 'neighbor_address') ?? field(field(neighbour, 'conf'), 'neighbor_address')),
    );
    if (key !== undefined && field(state, 'session_state') === 6) up.add(key);
  }
  return up;
}

function numberText(value: unknown, otherwise: number): string {
  return String(typeof value === 'number' ? value : otherwise);
}

function parse(text: string): unknown {
  const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
  return value;
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
