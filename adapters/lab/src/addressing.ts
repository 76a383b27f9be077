/**
 * Addresses of the lab's own wiring, derived from positions so that the same network always gets the same ones.
 *
 * Every session has a pair of addresses of its own: on the interfaces of its link, or on the loopbacks when it runs over
 * several hops. They ascend with the position of the session, because the model lets the order of sessions stand for the
 * last step of the decision process, the lowest neighbour address (RFC 4271 section 9.1.2.2 g).
 */
import {
  type Address,
  addressOf,
  type Family,
  firstAddress,
  formatAddress,
  type Prefix,
  prefix,
  prefixAround,
  prefixContains,
} from '@bothways/net';
import type { Network } from '@bothways/network';

export const families: readonly Family[] = [4, 6];

/** Ranges for the wiring, the first that no prefix of the network reaches into is taken: RFC 6598, RFC 2544, RFC 1918. */
const ranges: Readonly<Record<Family, readonly Prefix[]>> = {
  4: ['100.64.0.0/10', '198.18.0.0/15', '172.16.0.0/12', '10.0.0.0/8'].map((text) => prefix(text)),
  6: ['fdb0:7a00::/32', 'fdb0:7a01::/32', 'fdb0:7a02::/32', 'fdb0:7a03::/32'].map((text) => prefix(text)),
};

export interface Wires {
  readonly range: Prefix;
  /** A block of four addresses for a session; the first end has number 1, the second number 2. */
  session(sessionIx: number, end: 0 | 1): Address;
  /** The same for a link. */
  link(linkIx: number, end: 0 | 1): Address;
}

const BLOCK = 4n;
/** Sessions lie in the lower half of a range, links in the upper. */
const half = (range: Prefix): bigint => (range.family === 4 ? 1n << BigInt(31 - range.length) : 1n << 40n);

/** Undefined when the network's prefixes leave no range free. */
export function wiresOf(network: Network, family: Family): Wires | undefined {
  const used = prefixesOf(network).filter((item) => item.family === family);
  const range = ranges[family].find((candidate) => !used.some((item) => prefixContains(candidate, item)));
  if (range === undefined) return undefined;
  const base = firstAddress(range).bits;
  const address = (offset: bigint, ix: number, end: 0 | 1): Address =>
    addressOf(family, base + offset + BigInt(ix) * BLOCK + BigInt(end + 1));
  return {
    range,
    session: (ix, end) => address(0n, ix, end),
    link: (ix, end) => address(half(range), ix, end),
  };
}

/** Every prefix the network puts into a table. */
export function prefixesOf(network: Network): readonly Prefix[] {
  return network.devices.flatMap((device) => [
    ...device.originations.flatMap((item) => item.prefixes),
    ...device.connected.flatMap((item) => item.prefixes),
    ...device.statics.map((item) => item.prefix),
    ...(device.aggregates ?? []).map((item) => item.prefix),
  ]);
}

/** The subnet of a pair: /30, or /126. */
export function pairPrefix(address: Address): Prefix {
  return prefixAround(address, address.family === 4 ? 30 : 126);
}

export function formatRouterId(id: number): string {
  return formatAddress(addressOf(4, BigInt(id)));
}

/** Locally administered, unique in a lab of up to 2^24 links. */
export function macAddress(linkIx: number, end: 0 | 1): string {
  const bytes = [linkIx >>> 16, linkIx >>> 8, linkIx, end].map((byte) => (byte & 255).toString(16).padStart(2, '0'));
  return `02:b7:${bytes.join(':')}`;
}
