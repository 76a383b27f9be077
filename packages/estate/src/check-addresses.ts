/**
 * Addresses that cannot stand together, and addresses that cannot be used where they stand.
 *
 * Overlaps are found by one pass over the prefixes in order: prefixes either nest or are disjoint, so a stack of the
 * prefixes that enclose the current one is enough. Each prefix is reported against the nearest one that encloses it, not
 * against all, which keeps the number of findings linear.
 */
import {
  type AddressScope,
  type Asn,
  asnKind,
  comparePrefixes,
  formatAsn,
  formatPrefix,
  type Prefix,
  prefixesOverlap,
  scopeOf,
} from '@bothways/net';
import type { Path } from './model.ts';
import type { PlacedPrefix } from './read-prefixes.ts';
import type { Reading } from './reading.ts';

type Use = 'clients' | 'servers' | 'network' | 'pool' | 'link';

interface UsedPrefix extends PlacedPrefix {
  readonly use: Use;
  /** Record the prefix belongs to, in words. */
  readonly owner: string;
}

/** Everything in the document that occupies addresses. */
export interface AddressUse {
  /** Of sites, and of users in a VPN. */
  readonly clients: readonly OwnedPrefixes[];
  readonly servers: readonly OwnedPrefixes[];
  /** Virtual networks. */
  readonly networks: readonly OwnedPrefixes[];
  readonly internetPools: readonly OwnedPrefixes[];
  /** What internet edges announce; it may hold the public addresses of clients and servers. */
  readonly advertisedToInternet: readonly OwnedPrefixes[];
  readonly expressRoutePools: readonly OwnedPrefixes[];
  readonly advertisedToMicrosoft: readonly OwnedPrefixes[];
  readonly links: readonly OwnedPrefixes[];
  /** Link subnets of private peering: they may be private. */
  readonly privateLinks: readonly OwnedPrefixes[];
  /** Public addresses of services. */
  readonly published: readonly PublishedAddress[];
  readonly asns: readonly { readonly asn: Asn; readonly path: Path }[];
}

interface PublishedAddress {
  readonly owner: string;
  readonly prefix: PlacedPrefix;
  readonly overExpressRoute: boolean;
}

export interface OwnedPrefixes {
  readonly owner: string;
  readonly prefixes: readonly PlacedPrefix[];
}

export function checkAddresses(reading: Reading, use: AddressUse): void {
  checkOverlaps(reading, use);
  for (const { owner, prefixes } of use.expressRoutePools) checkPublic(reading, owner, prefixes, 'NAT pool', 'error');
  for (const { owner, prefixes } of use.advertisedToMicrosoft)
    checkPublic(reading, owner, prefixes, 'advertised prefix', 'error');
  for (const { owner, prefixes } of use.links) checkPublic(reading, owner, prefixes, 'link subnet', 'error');
  for (const { owner, prefixes } of use.internetPools) checkPublic(reading, owner, prefixes, 'NAT pool', 'warning');
  for (const { owner, prefixes } of use.advertisedToInternet)
    checkPublic(reading, owner, prefixes, 'advertised prefix', 'warning');
  for (const { owner, prefix, overExpressRoute } of use.published)
    checkPublic(reading, owner, [prefix], 'published address', overExpressRoute ? 'error' : 'warning');
  noteStandIns(reading, use);
}

function used(use: Use, groups: readonly OwnedPrefixes[]): readonly UsedPrefix[] {
  return groups.flatMap(({ owner, prefixes }) => prefixes.map((each) => ({ ...each, use, owner })));
}

function checkOverlaps(reading: Reading, use: AddressUse): void {
  const everything = [
    ...used('clients', use.clients),
    ...used('servers', use.servers),
    ...used('network', use.networks),
    ...used('pool', [...use.internetPools, ...use.expressRoutePools]),
    ...used('link', [...use.links, ...use.privateLinks]),
  ];
  // The sort is stable: of equal prefixes the one that is written first encloses the other.
  const sorted = everything.toSorted((a, b) => comparePrefixes(a.prefix, b.prefix));
  const enclosing: UsedPrefix[] = [];
  for (const current of sorted) {
    while (enclosing.length > 0 && !overlaps(enclosing.at(-1)?.prefix, current.prefix)) enclosing.pop();
    // A pool that another pool holds says nothing about the clients around both, so look for the nearest conflict.
    const other = enclosing.findLast((each) => conflict(each, current));
    if (other !== undefined) reportOverlap(reading, other, current);
    const top = enclosing.at(-1);
    // Equal prefixes of one use add nothing to the stack, which keeps it as short as prefixes are deep.
    if (top === undefined || top.use !== current.use || comparePrefixes(top.prefix, current.prefix) !== 0)
      enclosing.push(current);
  }
}

function overlaps(outer: Prefix | undefined, inner: Prefix): boolean {
  return outer !== undefined && prefixesOverlap(outer, inner);
}

/**
 * The same pool at two edges is a design question (it may be intended), not an error of the document; nor are servers
 * among the clients of their own site.
 */
function conflict(outer: UsedPrefix, inner: UsedPrefix): boolean {
  if (outer.use === 'pool' && inner.use === 'pool') return false;
  const ofOneSite = outer.owner === inner.owner && outer.use !== inner.use;
  return !(ofOneSite && isOfSite(outer.use) && isOfSite(inner.use));
}

function isOfSite(use: Use): boolean {
  return use === 'clients' || use === 'servers';
}

function reportOverlap(reading: Reading, outer: UsedPrefix, inner: UsedPrefix): void {
  const uses = [outer.use, inner.use];
  const [rule, why] = uses.includes('link')
    ? ['estate/link-overlap', 'the subnets of the links must be unique and used for nothing else']
    : uses.includes('pool')
      ? ['estate/clients-in-pool', 'answers to a translated address would go to the client that has it']
      : uses.includes('network')
        ? ['estate/overlapping-networks', 'a route to one of them is a route to the other']
        : ['estate/overlapping-clients', 'a route to one of them is a route to the other'];
  const same = comparePrefixes(outer.prefix, inner.prefix) === 0;
  const [first, second] = [outer, inner].toSorted((a, b) => comparePaths(reading, a.path, b.path));
  if (first === undefined || second === undefined) return;
  reading.report({
    rule,
    ids: uses.includes('link') ? ['ER-042'] : [],
    path: second.path,
    message: `${describe(second)} ${same ? 'is the same as' : 'overlaps'} ${describe(first)}`,
    why,
    help: 'give one of them other addresses',
    related: [{ message: 'the other one', path: first.path }],
  });
}

function describe({ use, owner, prefix }: UsedPrefix): string {
  return `${WORDS[use]} ${formatPrefix(prefix)} of ${owner}`;
}

const WORDS: Readonly<Record<Use, string>> = {
  clients: 'client subnet',
  servers: 'server subnet',
  network: 'address space',
  pool: 'NAT pool',
  link: 'link subnet',
};

function comparePaths(reading: Reading, left: Path, right: Path): number {
  const a = reading.document.placeOf(left);
  const b = reading.document.placeOf(right);
  return a.file === b.file ? a.line - b.line || a.column - b.column : 0;
}

const SCOPE_NAMES: Partial<Readonly<Record<AddressScope, string>>> = {
  private: 'private (RFC 1918)',
  shared: 'shared between providers and their customers (RFC 6598)',
  'unique-local': 'unique local (RFC 4193)',
  mixed: 'not public as a whole',
};

function isPublic(scope: AddressScope): boolean {
  return scope === 'global' || scope === 'documentation';
}

function checkPublic(
  reading: Reading,
  owner: string,
  prefixes: readonly PlacedPrefix[],
  what: string,
  severity: 'error' | 'warning',
): void {
  for (const { prefix, path } of prefixes) {
    const scope = scopeOf(prefix);
    if (isPublic(scope)) continue;
    reading.report({
      rule: 'estate/not-public',
      ids: severity === 'error' ? (what === 'link subnet' ? ['ER-042'] : ['ER-033']) : [],
      severity,
      path,
      message: `${what} ${formatPrefix(prefix)} of ${owner} is ${SCOPE_NAMES[scope] ?? `set aside: ${scope}`}`,
      why:
        severity === 'error'
          ? 'Microsoft peering takes public addresses of your own or of your provider only'
          : 'the internet does not route it; somebody upstream must translate once more',
      help: 'use public addresses',
    });
  }
}

/** Examples and drafts use addresses and AS numbers that are set aside for documentation; said once, at the first. */
function noteStandIns(reading: Reading, use: AddressUse): void {
  const groups = [
    ...use.internetPools,
    ...use.advertisedToInternet,
    ...use.expressRoutePools,
    ...use.advertisedToMicrosoft,
    ...use.links,
  ];
  const prefixes = groups
    .flatMap((group) => group.prefixes)
    .filter(({ prefix }) => scopeOf(prefix) === 'documentation');
  const asns = use.asns.filter((each) => asnKind(each.asn) === 'documentation');
  const paths = [...prefixes, ...asns].map((each) => each.path);
  const first = paths.toSorted((a, b) => comparePaths(reading, a, b))[0];
  if (first === undefined) return;
  const named = [
    ...new Set([
      ...asns.map((each) => `AS ${formatAsn(each.asn)}`),
      ...prefixes.map((each) => formatPrefix(each.prefix)),
    ]),
  ];
  const listed = named.length > 4 ? `${named.slice(0, 3).join(', ')} and ${named.length - 3} more` : named.join(', ');
  reading.report({
    rule: 'estate/documentation-addresses',
    ids: ['ER-042', 'ER-053'],
    severity: 'note',
    path: first,
    message: `${listed} ${named.length === 1 ? 'is' : 'are'} set aside for documentation and ${named.length === 1 ? 'stands' : 'stand'} in for public numbers here`,
    why: 'Microsoft would refuse them on a real circuit',
    help: 'put your own addresses and AS number in before you order or configure anything',
  });
}
