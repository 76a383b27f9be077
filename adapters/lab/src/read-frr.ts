/** FRR's JSON: `show bgp ipv4 unicast json detail` and `show bgp summary json`. */
import type { LabPlan } from './plan.ts';
import { field } from './sandbox.ts';
import { type NextHops, OWN, type Row } from './tables.ts';

/** Address of a neighbour as `device` sees it → session and family: '3 4'. */
export function peersOf(plan: LabPlan, device: number): ReadonlyMap<string, string> {
  const peers = new Map<string, string>();
  for (const { session, pairs } of plan.sessions) {
    for (const end of [0, 1] as const) {
      if (session.ends[end].device !== device) continue;
      for (const { family, addresses } of pairs) peers.set(addresses[end === 0 ? 1 : 0], `${session.ix} ${family}`);
    }
  }
  return peers;
}

export function readFrrRoutes(
  text: string,
  nextHops: NextHops,
  peers: ReadonlyMap<string, string>,
): Map<string, readonly Row[]> {
  const routes = new Map<string, readonly Row[]>();
  const all = field(parse(text), 'routes');
  for (const [prefix, paths] of entries(all)) {
    // The first element is a header, not a path.
    const rows = listOf(paths).filter((path) => field(path, 'peer') !== undefined && !isWaiting(path, peers));
    if (rows.length === 0) continue;
    routes.set(
      prefix,
      rows.map((path) => rowOf(path, nextHops, peers)),
    );
  }
  return routes;
}

/** A network statement whose route is not in the table is listed, and not valid. */
function isWaiting(path: unknown, peers: ReadonlyMap<string, string>): boolean {
  return field(path, 'valid') !== true && !peers.has(textOf(field(field(path, 'peer'), 'peerId')));
}

function rowOf(path: unknown, nextHops: NextHops, peers: ReadonlyMap<string, string>): Row {
  const peer = textOf(field(field(path, 'peer'), 'peerId'));
  const session = peers.get(peer);
  const local = session === undefined;
  const [hop] = listOf(field(path, 'nexthops')).filter((item) => field(item, 'scope') !== 'link-local');
  const list = (name: string): string =>
    listOf(field(field(path, name), 'list'))
      .map(textOf)
      .sort()
      .join(' ');
  const usable = field(path, 'valid') === true;
  return {
    session: local ? undefined : Number(session.split(' ')[0]),
    best: String(field(field(path, 'bestpath'), 'overall') === true),
    asPath: listOf(field(field(path, 'aspath'), 'segments'))
      .flatMap((item) => listOf(field(item, 'list')).map(textOf))
      .join(' '),
    origin: textOf(field(path, 'origin')).toLowerCase(),
    med: textOf(field(path, 'metric') ?? 0),
    localPreference: textOf(field(path, 'locPrf') ?? 100),
    weight: textOf(field(path, 'weight') ?? 0),
    communities: withNumbers(list('community')),
    largeCommunities: list('largeCommunity'),
    nextHop: local ? OWN : nextHops.name(textOf(field(hop, 'ip'))),
    originator: textOf(field(path, 'originatorId') ?? ''),
    clusterList: listOf(field(field(path, 'clusterList'), 'list'))
      .map(textOf)
      .join(' '),
    usable: String(usable),
  };
}

const wellKnown: Readonly<Record<string, string>> = {
  'no-export': '65535:65281',
  noExport: '65535:65281',
  'no-advertise': '65535:65282',
  noAdvertise: '65535:65282',
  'local-AS': '65535:65283',
  localAs: '65535:65283',
  'graceful-shutdown': '65535:0',
  blackhole: '65535:666',
};

function withNumbers(communities: string): string {
  return communities
    .split(' ')
    .map((item) => wellKnown[item] ?? item)
    .sort()
    .join(' ');
}

export function readFrrSessions(text: string, peers: ReadonlyMap<string, string>): ReadonlySet<string> {
  const up = new Set<string>();
  for (const [, family] of entries(parse(text))) {
    for (const [address, peer] of entries(field(family, 'peers'))) {
      const key = peers.get(address);
      if (key !== undefined && field(peer, 'state') === 'Established') up.add(key);
    }
  }
  return up;
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

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
