/** BIRD's text tables, as its control socket gives them: `show route table T all` and `show protocols`. */
import { type NextHops, OWN, type Row } from './tables.ts';

/** Prefix text → candidates. */
export function readBirdRoutes(text: string, nextHops: NextHops): Map<string, readonly Row[]> {
  const routes = new Map<string, Row[]>();
  let prefix = '';
  let attributes = new Map<string, string>();
  let head:
    | { readonly protocol: string; readonly best: boolean; readonly usable: boolean; readonly weight: string }
    | undefined;
  const close = (): void => {
    if (head === undefined || prefix === '') return;
    const rows = routes.get(prefix) ?? [];
    routes.set(prefix, rows);
    rows.push(rowOf(head, attributes, nextHops));
    head = undefined;
  };
  for (const raw of text.split('\n')) {
    const line = raw.replace(/^\d{4}[- ]/, '');
    const route = /^\s*(\S+\/\d+)?\s+(unicast|unreachable|blackhole|prohibit) \[(\S+) [^\]]*\](.*)$/.exec(line);
    if (route !== null) {
      close();
      prefix = route[1] ?? prefix;
      attributes = new Map();
      head = {
        protocol: route[3] ?? '',
        best: / \* /.test(route[4] ?? ''),
        usable: route[2] === 'unicast',
        weight: /\((\d+)/.exec(route[4] ?? '')?.[1] ?? '',
      };
      continue;
    }
    const attribute = /^\s+(?:BGP\.)?([a-z_]+): ?(.*)$/.exec(line);
    if (attribute !== null) attributes.set(attribute[1] ?? '', attribute[2] ?? '');
  }
  close();
  return routes;
}

function rowOf(
  head: { readonly protocol: string; readonly best: boolean; readonly usable: boolean; readonly weight: string },
  attributes: ReadonlyMap<string, string>,
  nextHops: NextHops,
): Row {
  const session = /^s(\d+)_/.exec(head.protocol)?.[1];
  const value = (name: string): string => attributes.get(name) ?? '';
  const local = session === undefined;
  return {
    session: local ? undefined : Number(session),
    // BIRD marks its first route also when it cannot be reached.
    best: String(head.best && (head.usable || local)),
    asPath: value('as_path'),
    origin: value('origin').toLowerCase(),
    med: value('med') === '' ? '0' : value('med'),
    localPreference: value('local_pref') === '' ? '100' : value('local_pref'),
    weight: head.weight,
    communities: pairs(value('community')),
    largeCommunities: pairs(value('large_community')),
    nextHop: local ? OWN : nextHops.name(value('next_hop').split(' ')[0] ?? ''),
    originator: value('originator_id'),
    clusterList: value('cluster_list'),
    usable: String(head.usable || local),
  };
}

/** '(1,2) (3,4)' → '1:2 3:4'. */
function pairs(text: string): string {
  return [...text.matchAll(/\(([^)]*)\)/g)]
    .map((match) => (match[1] ?? '').replaceAll(/,\s*/g, ':'))
    .sort()
    .join(' ');
}

/** Sessions that are established: '3 4' is session 3 in IPv4. */
export function readBirdSessions(text: string): ReadonlySet<string> {
  const up = new Set<string>();
  for (const match of text.matchAll(/\bs(\d+)_([46])_[ei]\s+BGP\s.*\bEstablished\b/g))
    up.add(`${match[1]} ${match[2]}`);
  return up;
}
