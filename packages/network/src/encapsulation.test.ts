import { describe, expect, it } from 'vitest';
import { ENCAPSULATIONS, tunnelSize } from './encapsulation.ts';

describe('what a tunnel leaves of 1,500 bytes', () => {
  it('is 1,438 with IPsec, AES-GCM and NAT traversal', () => {
    expect(tunnelSize('ipsec').mtu).toBe(1438);
  });

  it('is 1,476 with GRE and 1,450 with VXLAN', () => {
    expect([tunnelSize('gre').mtu, tunnelSize('vxlan').mtu]).toEqual([1476, 1450]);
  });

  it('adds up with its layers, padding included', () => {
    for (const carrier of [1500, 1492, 1499, 1400, 9000]) {
      for (const kind of ['ipsec', 'gre', 'vxlan'] as const) {
        const { mtu, encapsulation } = tunnelSize(kind, carrier);
        expect(
          encapsulation.reduce((sum, each) => sum + each.bytes, mtu),
          `${kind} in ${carrier}`,
        ).toBe(carrier);
      }
    }
  });

  it('ends ESP payloads on a multiple of four bytes (RFC 4303 section 2.4)', () => {
    for (let carrier = 1400; carrier < 1408; carrier++) expect((tunnelSize('ipsec', carrier).mtu + 2) % 4).toBe(0);
  });

  it('names a document for every layer', () => {
    for (const each of Object.values(ENCAPSULATIONS).flat()) expect(each.source).toMatch(/^RFC \d+ section/);
  });
});
