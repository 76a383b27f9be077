/** What the loader says when something about circuits is wrong. */
import { describe, expect, it } from 'vitest';
import { broken } from '../test/full-example.ts';

describe('circuits', () => {
  it('resiliency', () => {
    expect(
      broken(['location: Zurich Metro', 'location: Zurich Metro\n    resiliency: standard']),
    ).toMatchInlineSnapshot(`
      "
      error[estate/no-metro]: a circuit in Zurich Metro has metro resiliency, not standard
         --> contoso/estate.yaml:161:17
          |
      161 |     resiliency: standard
          |                 ^^^^^^^^
          |
          = help: write resiliency: metro, or one of the locations: Zurich, Zurich2
      "
    `);
    expect(broken(['location: Zurich Metro', 'location: Zurich Mtero'])).toMatchInlineSnapshot(`
      "
      error[estate/unknown-peering-location]: there is no peering location "Zurich Mtero"
         --> contoso/estate.yaml:160:15
          |
      160 |     location: Zurich Mtero
          |               ^^^^^^^^^^^^
          |
          = help: did you mean Zurich Metro?
      help: write Zurich Metro (check before applying)
          |
      160 -     location: Zurich Mtero
      160 +     location: Zurich Metro
      "
    `);
    expect(broken(['location: Amsterdam2', 'location: Frankfurt'])).toMatchInlineSnapshot(`
      "
      error[estate/same-location]: circuits er-ams and er-fra end in the same peering location
         --> contoso/estate.yaml:154:3
          |
      154 |   er-ams:
          |   ^^^^^^
         ::: contoso/estate.yaml:110:15
          |
      110 |     location: Frankfurt
          |               --------- the other circuit
          |
          = why: maximum resiliency means that the loss of a peering location is survived
          = help: move one of them to another location
      "
    `);
    expect(broken(['    pairedWith: er-ams\n', ''])).toMatchInlineSnapshot(`
      "
      error[estate/missing-key]: circuit er-fra has maximum resiliency but no pairedWith
         --> contoso/estate.yaml:109:3
          |
      109 |   er-fra:
          |   ^^^^^^
          |
          = help: add pairedWith and the circuit in the other peering location
      "
    `);
    expect(broken(['pairedWith: er-ams', 'pairedWith: er-fra'])).toMatchInlineSnapshot(`
      "
      error[estate/link-to-itself]: circuit er-fra is paired with itself
         --> contoso/estate.yaml:118:17
          |
      118 |     pairedWith: er-fra
          |                 ^^^^^^
          |
          = help: name another circuit
      "
    `);
    expect(broken(['location: Amsterdam2', 'location: Amsterdam2\n    pairedWith: er-metro'])).toMatchInlineSnapshot(`
      "
      error[estate/not-a-couple]: circuit er-fra is paired with er-ams, which is paired with er-metro
         --> contoso/estate.yaml:118:17
          |
      118 |     pairedWith: er-ams
          |                 ^^^^^^
         ::: contoso/estate.yaml:156:17
          |
      156 |     pairedWith: er-metro
          |                 -------- the other pair
          |
          = help: let each of two circuits name the other
      "
    `);
  });

  it('Direct ports', () => {
    expect(broken(['model: direct', 'model: ethernet'])).toMatchInlineSnapshot(`
      "
      error[estate/not-direct]: a circuit of model ethernet has no ports of its own
         --> contoso/estate.yaml:119:5
          |
      119 |     direct: { portSpeed: 10 Gbps, macsec: true }
          |     ^^^^^^
          |
          = help: write model: direct, or take the ports away
      "
    `);
    expect(broken(['portSpeed: 10 Gbps', 'portSpeed: 25 Gbps'])).toMatchInlineSnapshot(`
      "
      error[estate/bandwidth-step]: there are no Direct ports of 25 Gbps
         --> contoso/estate.yaml:119:26
          |
      119 |     direct: { portSpeed: 25 Gbps, macsec: true }
          |                          ^^^^^^^
          |
          = help: the speeds are 10 Gbps, 100 Gbps, 400 Gbps
          = see: ER-012
      "
    `);
    expect(broken(['    bandwidth: 5 Gbps', '    bandwidth: 40 Gbps'])).toMatchInlineSnapshot(`
      "
      error[estate/bandwidth-step]: there is no circuit of 40 Gbps on ExpressRoute Direct
         --> contoso/estate.yaml:115:16
          |
      115 |     bandwidth: 40 Gbps
          |                ^^^^^^^
          |
          = help: the steps are 1 Gbps, 2 Gbps, 5 Gbps, 10 Gbps
          = see: ER-012
      "
    `);
  });

  it('latency and what the provider promises', () => {
    expect(
      broken([
        '    latency: 4 ms\n    promised: { throughput: 150 Mbps, latency: 5 ms }',
        '    latency: 4\n    promised: { throughput: 150, latency: -5 ms }',
      ]),
    ).toMatchInlineSnapshot(`
      "
      error[estate/bad-duration]: "4" has no unit
         --> contoso/estate.yaml:163:14
          |
      163 |     latency: 4
          |              ^
          |
          = help: write the unit, e.g. 12 ms or 3 s
      error[estate/bad-bandwidth]: "150" has no unit
         --> contoso/estate.yaml:164:29
          |
      164 |     promised: { throughput: 150, latency: -5 ms }
          |                             ^^^
          |
          = help: write the unit, e.g. 200 Mbps or 1 Gbps
      error[estate/bad-duration]: a time cannot be negative
         --> contoso/estate.yaml:164:43
          |
      164 |     promised: { throughput: 150, latency: -5 ms }
          |                                           ^^^^^
          |
          = help: write the amount without the minus sign
      "
    `);
    expect(
      broken(['throughput: 150 Mbps, latency: 5 ms', 'throughput: 300 Mbps, latency: 3 ms']),
    ).toMatchInlineSnapshot(`
      "
      warning[estate/promise-not-kept]: the line takes 4 ms one way, the provider promises 3 ms
         --> contoso/estate.yaml:163:14
          |
      163 |     latency: 4 ms
          |              ^^^^
         ::: contoso/estate.yaml:164:48
          |
      164 |     promised: { throughput: 300 Mbps, latency: 3 ms }
          |                                                ---- the promise
          |
          = help: hold the provider to it; or write half of it where the contract speaks of the round trip
      warning[estate/promises-too-much]: the provider promises 300 Mbps on a circuit of 200 Mbps
         --> contoso/estate.yaml:164:29
          |
      164 |     promised: { throughput: 300 Mbps, latency: 3 ms }
          |                             ^^^^^^^^
         ::: contoso/estate.yaml:162:16
          |
      162 |     bandwidth: 200 Mbps
          |                -------- the bandwidth
          |
          = why: what both links carry together beyond the bandwidth of the circuit is a reserve, and
                 nobody guarantees it
          = help: write what the contract says of one link
          = see: ER-014
      "
    `);
    expect(broken(['throughput: 150 Mbps, latency: 5 ms', 'throughput: 200 Mbps, latency: 4 ms'])).toBe('\n\n');
  });

  it('sessions', () => {
    expect(
      broken(
        ['keepalive: 10 s, hold: 30 s', 'keepalive: 1 s, hold: 500 ms'],
        ['vlan: 200', 'vlan: 100'],
        ['localPreference: 150', 'localPreference: -1'],
        ['prepend: { times: 2, asn: 64501 }', 'prepend: { times: 20, asn: 8075 }'],
        ['prepend: 1\n', 'prepend: often\n'],
        ['vnets: [west, north]', 'vnets: [west, nort]'],
        ['weight: 100', 'weight: 99999'],
        ['globalReach: er-metro', 'globalReach: [er-metro, er-fra]'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/bad-number]: 20 is not between 0 and 16
         --> contoso/estate.yaml:131:25
          |
      131 |       prepend: { times: 20, asn: 8075 }
          |                         ^^
          |
          = help: write a number from 0 to 16
      error[estate/bad-number]: -1 is not between 0 and 4294967295
         --> contoso/estate.yaml:132:24
          |
      132 |       localPreference: -1
          |                        ^^
          |
          = help: write a number from 0 to 4294967295
      error[estate/short-timer]: the session would be down after 500 ms, before the next keepalive after 1
        s
         --> contoso/estate.yaml:133:15
          |
      133 |       timers: { keepalive: 1 s, hold: 500 ms }
          |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: let the hold time be three times the keepalive time
          = see: ER-056
      error[estate/short-timer]: 1 s is shorter than the shortest time Microsoft takes
         --> contoso/estate.yaml:133:28
          |
      133 |       timers: { keepalive: 1 s, hold: 500 ms }
          |                            ^^^
          |
          = help: write 3 s or more; bfd: true finds a failure faster
          = see: ER-056
      error[estate/short-timer]: 500 ms is shorter than the shortest time Microsoft takes
         --> contoso/estate.yaml:133:39
          |
      133 |       timers: { keepalive: 1 s, hold: 500 ms }
          |                                       ^^^^^^
          |
          = help: write 10 s or more; bfd: true finds a failure faster
          = see: ER-056
      error[estate/same-vlan]: both peerings use VLAN 100
         --> contoso/estate.yaml:139:13
          |
      139 |       vlan: 100
          |             ^^^
         ::: contoso/estate.yaml:125:13
          |
      125 |       vlan: 100
          |             --- the other peering
          |
          = help: give each peering a VLAN of its own
      error[estate/unknown-virtual-network]: there is no virtual network "nort"
         --> contoso/estate.yaml:143:21
          |
      143 |       vnets: [west, nort]
          |                     ^^^^
          |
          = help: did you mean north?
      help: write north (check before applying)
          |
      143 -       vnets: [west, nort]
      143 +       vnets: [west, north]
      error[estate/bad-number]: 99999 is not between 0 and 32000
         --> contoso/estate.yaml:144:15
          |
      144 |       weight: 99999
          |               ^^^^^
          |
          = help: write a number from 0 to 32000
      error[estate/bad-number]: "often" is not a whole number
         --> contoso/estate.yaml:146:16
          |
      146 |       prepend: often
          |                ^^^^^
          |
          = help: write a number from 0 to 16
      error[estate/link-to-itself]: circuit er-fra is joined to itself
         --> contoso/estate.yaml:151:29
          |
      151 |     globalReach: [er-metro, er-fra]
          |                             ^^^^^^
          |
          = help: name another circuit
      "
    `);
  });

  it('keys that cannot be keys, which are not shown', () => {
    const text = broken(['9d1f2a77-0000-4c3e-9c50-6b1f6e9d0a01', 'two words'], ['even-quieter', "'söcret'"]);
    expect(text).not.toMatch(/two words|söcret/);
    expect(text).toMatchInlineSnapshot(`
      "
      error[estate/bad-key]: the service key cannot be used
         --> contoso/estate.yaml:122:5
          |
      122 |     serviceKey: *********
          |     ^^^^^^^^^^
          |
          = help: copy it from the portal; it is a line of letters, digits and dashes
      error[estate/bad-key]: the session key cannot be used
         --> contoso/estate.yaml:149:7
          |
      149 |       md5: ********
          |       ^^^
          |
          = help: a key has 1 to 80 printable ASCII characters without spaces
      "
    `);
  });

  it('private peering of more prefixes and networks than there may be', () => {
    const prefixes = Array.from({ length: 101 }, (_, at) => `2001:db8:${(0x1000 + at).toString(16)}::/48`);
    const vnets = Array.from({ length: 11 }, (_, at) => `v${at}`);
    const spaces = vnets.map(
      (name, at) => `    ${name}: { region: West Europe, addressSpace: 10.${150 + at}.0.0/16 }\n`,
    );
    const text = broken(
      [
        'privatePeering: { vlan: 201,',
        `privatePeering: { vlan: 201, advertises: [${prefixes.join(', ')}], vnets: [${vnets.join(', ')}],`,
      ],
      ['  vpns:\n', `${spaces.join('')}  vpns:\n`],
    );
    expect(text.split('\n').filter((line) => line.includes('['))[0]).toContain('too-many');
    expect(text.split('\n').filter((line) => line.startsWith('error'))).toMatchInlineSnapshot(`
      [
        "error[estate/too-many-prefixes]: 101 IPv6 prefixes are advertised on private peering, 100 are",
        "error[estate/too-many-networks]: 11 virtual networks are linked, a standard circuit of 200 Mbps",
      ]
    `);
  });
});
