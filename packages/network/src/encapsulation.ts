/**
 * What tunnels add to a packet, layer by layer, and what they leave of a carrier's packet size.
 *
 * IPsec is ESP in tunnel mode with AES-GCM behind UDP for NAT traversal, which is what VPN gateways agree on unless told
 * otherwise. Padding (up to three bytes, RFC 4303 section 2.4) is none for the largest packet. Outer headers are IPv4.
 */
import type { Overhead } from './model.ts';

export type Encapsulation = 'ipsec' | 'gre' | 'vxlan';

const OUTER_IPV4: Overhead = { name: 'outer IPv4 header', bytes: 20, source: 'RFC 791 section 3.1' };

export const ENCAPSULATIONS: Readonly<Record<Encapsulation, readonly Overhead[]>> = {
  ipsec: [
    OUTER_IPV4,
    { name: 'UDP header', bytes: 8, source: 'RFC 3948 section 2.1' },
    { name: 'ESP header', bytes: 8, source: 'RFC 4303 section 2' },
    { name: 'initialisation vector', bytes: 8, source: 'RFC 4106 section 3.1' },
    { name: 'ESP trailer', bytes: 2, source: 'RFC 4303 section 2' },
    { name: 'integrity check value', bytes: 16, source: 'RFC 4106 section 6' },
  ],
  gre: [OUTER_IPV4, { name: 'GRE header', bytes: 4, source: 'RFC 2784 section 2.1' }],
  vxlan: [
    OUTER_IPV4,
    { name: 'UDP header', bytes: 8, source: 'RFC 7348 section 5' },
    { name: 'VXLAN header', bytes: 8, source: 'RFC 7348 section 5' },
    { name: 'inner Ethernet header', bytes: 14, source: 'RFC 7348 section 5' },
  ],
};

/** IP packet size of Ethernet (RFC 894), for carriers that say nothing. */
const ETHERNET = 1500;

/** What a tunnel over a carrier with this packet size takes. ESP payloads end on a multiple of four bytes. */
export function tunnelSize(
  encapsulation: Encapsulation,
  carrier = ETHERNET,
): { mtu: number; encapsulation: readonly Overhead[] } {
  const layers = ENCAPSULATIONS[encapsulation];
  const left = carrier - layers.reduce((sum, each) => sum + each.bytes, 0);
  if (encapsulation !== 'ipsec') return { mtu: left, encapsulation: layers };
  const padding = (left + 2) % 4;
  if (padding === 0) return { mtu: left, encapsulation: layers };
  return {
    mtu: left - padding,
    encapsulation: [...layers, { name: 'ESP padding', bytes: padding, source: 'RFC 4303 section 2.4' }],
  };
}
