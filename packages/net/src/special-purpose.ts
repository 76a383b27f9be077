/**
 * What address blocks are for: the IANA special-purpose registries (RFC 6890) together with the multicast and reserved
 * parts of the two address spaces. Each row cites its document. Leaves out ordinary allocations: whether a global address
 * has been given to somebody is registry data that changes daily.
 */
import { type Family, highestBits } from './address.ts';
import type { Interval } from './interval.ts';
import { intervalIndexAt } from './interval.ts';
import { comparePrefixes, type Prefix, prefix, prefixContains, prefixSize } from './prefix.ts';

/**
 * `global`: reachable from anywhere, as far as the registries say (anycast services such as AS112 included).
 * `translation`: maps IPv4 addresses into IPv6 (NAT64). `transition`: tunnels across IPv4 (6to4, Teredo).
 * `protocol`: set aside for protocols, never a host on the internet. `mixed`: the prefix holds more than one scope.
 */
export type AddressScope =
  | 'global'
  | 'private'
  | 'shared'
  | 'unique-local'
  | 'link-local'
  | 'loopback'
  | 'unspecified'
  | 'this-network'
  | 'documentation'
  | 'benchmarking'
  | 'multicast'
  | 'broadcast'
  | 'translation'
  | 'transition'
  | 'ipv4-mapped'
  | 'discard'
  | 'protocol'
  | 'reserved'
  | 'mixed';

export interface SpecialPurpose {
  readonly prefix: Prefix;
  readonly scope: Exclude<AddressScope, 'mixed'>;
  readonly name: string;
  readonly source: string;
}

type Row = readonly [text: string, scope: SpecialPurpose['scope'], name: string, source: string];

const ipv4Rows: readonly Row[] = [
  ['0.0.0.0/0', 'global', 'IPv4 unicast', 'RFC 791'],
  ['0.0.0.0/8', 'this-network', 'this network', 'RFC 791 section 3.2'],
  ['0.0.0.0/32', 'unspecified', 'this host on this network', 'RFC 1122 section 3.2.1.3'],
  ['10.0.0.0/8', 'private', 'private use', 'RFC 1918'],
  ['100.64.0.0/10', 'shared', 'shared address space', 'RFC 6598'],
  ['127.0.0.0/8', 'loopback', 'loopback', 'RFC 1122 section 3.2.1.3'],
  ['169.254.0.0/16', 'link-local', 'link local', 'RFC 3927'],
  ['172.16.0.0/12', 'private', 'private use', 'RFC 1918'],
  ['192.0.0.0/24', 'protocol', 'IETF protocol assignments', 'RFC 6890 section 2.1'],
  ['192.0.0.9/32', 'global', 'port control protocol anycast', 'RFC 7723'],
  ['192.0.0.10/32', 'global', 'TURN anycast', 'RFC 8155'],
  ['192.0.2.0/24', 'documentation', 'documentation, TEST-NET-1', 'RFC 5737'],
  ['192.88.99.0/24', 'reserved', '6to4 relay anycast, deprecated', 'RFC 7526'],
  ['192.168.0.0/16', 'private', 'private use', 'RFC 1918'],
  ['198.18.0.0/15', 'benchmarking', 'benchmarking', 'RFC 2544'],
  ['198.51.100.0/24', 'documentation', 'documentation, TEST-NET-2', 'RFC 5737'],
  ['203.0.113.0/24', 'documentation', 'documentation, TEST-NET-3', 'RFC 5737'],
  ['224.0.0.0/4', 'multicast', 'multicast', 'RFC 5771'],
  ['240.0.0.0/4', 'reserved', 'reserved for future use', 'RFC 1112 section 4'],
  ['255.255.255.255/32', 'broadcast', 'limited broadcast', 'RFC 919 section 7, RFC 8190'],
];

const ipv6Rows: readonly Row[] = [
  ['::/0', 'reserved', 'reserved by the IETF', 'RFC 4291 section 2.4'],
  ['::/128', 'unspecified', 'unspecified address', 'RFC 4291 section 2.5.2'],
  ['::1/128', 'loopback', 'loopback', 'RFC 4291 section 2.5.3'],
  ['::ffff:0:0/96', 'ipv4-mapped', 'IPv4-mapped addresses', 'RFC 4291 section 2.5.5.2'],
  ['64:ff9b::/96', 'translation', 'IPv4 and IPv6 translation', 'RFC 6052'],
  ['64:ff9b:1::/48', 'translation', 'local-use translation', 'RFC 8215'],
  ['100::/64', 'discard', 'discard-only block', 'RFC 6666'],
  ['100:0:0:1::/64', 'protocol', 'dummy prefix', 'RFC 9780'],
  ['2000::/3', 'global', 'global unicast', 'RFC 4291 section 2.4'],
  ['2001::/23', 'protocol', 'IETF protocol assignments', 'RFC 2928'],
  ['2001::/32', 'transition', 'Teredo', 'RFC 4380'],
  ['2001:1::1/128', 'global', 'port control protocol anycast', 'RFC 7723'],
  ['2001:1::2/128', 'global', 'TURN anycast', 'RFC 8155'],
  ['2001:1::3/128', 'global', 'DNS-SD service registration anycast', 'RFC 9665'],
  ['2001:2::/48', 'benchmarking', 'benchmarking', 'RFC 5180'],
  ['2001:3::/32', 'global', 'automatic multicast tunnelling', 'RFC 7450'],
  ['2001:4:112::/48', 'global', 'AS112', 'RFC 7535'],
  ['2001:20::/28', 'global', 'ORCHIDv2', 'RFC 7343'],
  ['2001:30::/28', 'global', 'drone remote identification', 'RFC 9374'],
  ['2001:db8::/32', 'documentation', 'documentation', 'RFC 3849'],
  ['2002::/16', 'transition', '6to4', 'RFC 3056'],
  ['3fff::/20', 'documentation', 'documentation', 'RFC 9637'],
  ['5f00::/16', 'protocol', 'segment routing identifiers', 'RFC 9602'],
  ['fc00::/7', 'unique-local', 'unique local', 'RFC 4193'],
  ['fe80::/10', 'link-local', 'link-local unicast', 'RFC 4291 section 2.5.6'],
  ['ff00::/8', 'multicast', 'multicast', 'RFC 4291 section 2.7'],
];

function readRows(rows: readonly Row[]): readonly SpecialPurpose[] {
  return rows
    .map(([text, scope, name, source]) => ({ prefix: prefix(text), scope, name, source }))
    .toSorted((a, b) => comparePrefixes(a.prefix, b.prefix));
}

const rowsOf: Readonly<Record<Family, readonly SpecialPurpose[]>> = { 4: readRows(ipv4Rows), 6: readRows(ipv6Rows) };

interface ScopeInterval extends Interval {
  readonly scope: SpecialPurpose['scope'];
}

/** The address space cut at every row, each piece with the scope of its most specific row, equal neighbours joined. */
function cutByScope(family: Family): readonly ScopeInterval[] {
  const rows = rowsOf[family];
  const starts = new Set<bigint>([0n]);
  for (const row of rows) {
    starts.add(row.prefix.bits);
    starts.add(row.prefix.bits + prefixSize(row.prefix));
  }
  starts.delete(highestBits(family) + 1n);
  const pieces: { first: bigint; last: bigint; scope: SpecialPurpose['scope'] }[] = [];
  for (const first of [...starts].toSorted((a, b) => (a < b ? -1 : 1))) {
    const scope = rows.findLast((row) => prefixContains(row.prefix, { family, bits: first }))?.scope ?? 'reserved';
    const previous = pieces.at(-1);
    if (previous !== undefined) {
      previous.last = first - 1n;
    }
    if (previous?.scope !== scope) {
      pieces.push({ first, last: highestBits(family), scope });
    }
  }
  const final = pieces.at(-1);
  if (final !== undefined) {
    final.last = highestBits(family);
  }
  return pieces;
}

const scopesOf: Readonly<Record<Family, readonly ScopeInterval[]>> = { 4: cutByScope(4), 6: cutByScope(6) };

/** The scope of all addresses of the prefix, or `mixed` when they differ. */
export function scopeOf(prefix: Prefix): AddressScope {
  const pieces = scopesOf[prefix.family];
  const piece = pieces[intervalIndexAt(pieces, prefix.bits)];
  return piece !== undefined && prefix.bits + prefixSize(prefix) - 1n <= piece.last ? piece.scope : 'mixed';
}

/** The most specific registry row that covers the whole prefix: what it is for, and which document says so. */
export function specialPurposeOf(prefix: Prefix): SpecialPurpose {
  const row = rowsOf[prefix.family].findLast((each) => prefixContains(each.prefix, prefix));
  if (row === undefined) {
    throw new RangeError(`no registry row covers /${prefix.length} of family ${prefix.family}`);
  }
  return row;
}

/** All rows of a family, in the order of `comparePrefixes`; the first is the whole address space. */
export function specialPurposes(family: Family): readonly SpecialPurpose[] {
  return rowsOf[family];
}
