/** What the loader says when something about virtual networks is wrong. */
import { describe, expect, it } from 'vitest';
import { broken } from '../test/full-example.ts';

describe('Azure', () => {
  it('addresses that are not where they should be', () => {
    expect(
      broken(
        ['apps: 10.100.0.0/24', 'apps: 10.110.0.0/24'],
        ['addressSpace: 10.101.0.0/16', 'addressSpace: 10.10.8.0/22'],
        ['power-platform: { prefix: 10.101.1.0/27', 'power-platform: { prefix: 10.10.8.0/27'],
        ['app2: 10.100.0.11', 'app2: 10.103.0.11'],
        ['service: Storage, address: 10.100.0.200', 'service: Storage, address: 10.7.0.1'],
        ['app1: { address: 10.100.0.10,', 'app1: { address: 10.100.1.10/32,'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/outside-network]: subnet apps (10.110.0.0/24) is not in the address space of west
         --> contoso/estate.yaml:175:15
          |
      175 |         apps: 10.110.0.0/24
          |               ^^^^^^^^^^^^^
          |
          = help: use an address of 10.100.0.0/16, 2001:db8:100::/48
      error[estate/bad-address]: 10.100.1.10/32 is a prefix, a single address is wanted
         --> contoso/estate.yaml:178:26
          |
      178 |         app1: { address: 10.100.1.10/32, calls: [PP-F68, mail], proxy: web-proxy }
          |                          ^^^^^^^^^^^^^^
          |
          = help: write 10.100.1.10
      help: write 10.100.1.10 (check before applying)
          |
      178 -         app1: { address: 10.100.1.10/32, calls: [PP-F68, mail], proxy: web-proxy }
      178 +         app1: { address: 10.100.1.10, calls: [PP-F68, mail], proxy: web-proxy }
      error[estate/outside-network]: machine app2 has address 10.103.0.11, which is in no subnet of west
         --> contoso/estate.yaml:179:15
          |
      179 |         app2: 10.103.0.11
          |               ^^^^^^^^^^^
          |
          = help: use an address of 10.110.0.0/24, 10.100.1.0/27
      error[estate/outside-network]: the private endpoint of Storage has address 10.7.0.1, which is not in
        west
         --> contoso/estate.yaml:181:55
          |
      181 |       privateEndpoints: [{ service: Storage, address: 10.7.0.1 }]
          |                                                       ^^^^^^^^
          |
          = help: use an address of 10.100.0.0/16, 2001:db8:100::/48
      error[estate/overlapping-networks]: address space 10.10.8.0/22 of virtual network north overlaps
        client subnet 10.10.0.0/16 of site hq
         --> contoso/estate.yaml:190:21
          |
      190 |       addressSpace: 10.10.8.0/22
          |                     ^^^^^^^^^^^^
         ::: contoso/estate.yaml:31:15
          |
       31 |     clients: [10.10.0.0/16, 2001:db8:10::/48]
          |               ------------ the other one
          |
          = why: a route to one of them is a route to the other
          = help: give one of them other addresses
      "
    `);
  });

  it('names, gateways and next hops', () => {
    expect(
      broken(
        ['region: northeurope', 'region: Nort Europe'],
        ['gateway: ErGw1AZ', 'gateway: ErGw1ZA'],
        ['peeredWith: spoke', 'peeredWith: [spok, west]'],
        ['gatewayOf: west', 'gatewayOf: north'],
        ['next: gateway', 'next: gatway'],
        ['next: none', 'next: 2001:db8::1'],
        ['calls: [PP-F68, mail]', 'calls: [PP-F99, pp-f68, mial]'],
        ['delegated: true }\n      machines', 'delegated: maybe }\n      machines'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/not-yes-or-no]: "maybe" is neither true nor false
         --> contoso/estate.yaml:176:61
          |
      176 |         power-platform: { prefix: 10.100.1.0/27, delegated: maybe }
          |                                                             ^^^^^
          |
          = help: write true or false
      error[estate/unknown-flow]: there is no flow "PP-F99"
         --> contoso/estate.yaml:178:47
          |
      178 |         app1: { address: 10.100.0.10, calls: [PP-F99, pp-f68, mial], proxy: web-proxy }
          |                                               ^^^^^^
          |
          = help: the flows are PP-F01 and on; all stands for every one that the customer opens
      error[estate/unknown-flow]: flow ids are written in capitals: PP-F68
         --> contoso/estate.yaml:178:55
          |
      178 |         app1: { address: 10.100.0.10, calls: [PP-F99, pp-f68, mial], proxy: web-proxy }
          |                                                       ^^^^^^
          |
          = help: write PP-F68
      help: write PP-F68 (safe to apply)
          |
      178 -         app1: { address: 10.100.0.10, calls: [PP-F99, pp-f68, mial], proxy: web-proxy }
      178 +         app1: { address: 10.100.0.10, calls: [PP-F99, PP-F68, mial], proxy: web-proxy }
      error[estate/unknown-service]: there is no service "mial"
         --> contoso/estate.yaml:178:63
          |
      178 |         app1: { address: 10.100.0.10, calls: [PP-F99, pp-f68, mial], proxy: web-proxy }
          |                                                               ^^^^
          |
          = help: did you mean mail?
      help: write mail (check before applying)
          |
      178 -         app1: { address: 10.100.0.10, calls: [PP-F99, pp-f68, mial], proxy: web-proxy }
      178 +         app1: { address: 10.100.0.10, calls: [PP-F99, pp-f68, mail], proxy: web-proxy }
      error[estate/bad-next-hop]: the next hop cannot be gatway
         --> contoso/estate.yaml:183:38
          |
      183 |         - { prefix: 0.0.0.0/0, next: gatway }
          |                                      ^^^^^^
          |
          = help: did you mean gateway?
      help: write gateway (check before applying)
          |
      183 -         - { prefix: 0.0.0.0/0, next: gatway }
      183 +         - { prefix: 0.0.0.0/0, next: gateway }
      error[estate/mixed-families]: the destination is IPv4, the next hop IPv6
         --> contoso/estate.yaml:185:43
          |
      185 |         - { prefix: 192.0.2.128/25, next: 2001:db8::1 }
          |                                           ^^^^^^^^^^^
          |
          = help: use addresses of one family
      error[estate/unknown-virtual-network]: there is no virtual network "spok"
         --> contoso/estate.yaml:186:20
          |
      186 |       peeredWith: [spok, west]
          |                    ^^^^
          |
          = help: did you mean spoke?
      help: write spoke (check before applying)
          |
      186 -       peeredWith: [spok, west]
      186 +       peeredWith: [spoke, west]
      error[estate/link-to-itself]: virtual network west is peered with itself
         --> contoso/estate.yaml:186:26
          |
      186 |       peeredWith: [spok, west]
          |                          ^^^^
          |
          = help: name another network
      error[estate/unknown-azure-region]: there is no Azure region "Nort Europe"
         --> contoso/estate.yaml:189:15
          |
      189 |       region: Nort Europe
          |               ^^^^^^^^^^^
          |
          = help: did you mean North Europe?
      help: write North Europe (check before applying)
          |
      189 -       region: Nort Europe
      189 +       region: North Europe
      error[estate/unknown-gateway-sku]: there is no gateway SKU "ErGw1ZA"
         --> contoso/estate.yaml:191:16
          |
      191 |       gateway: ErGw1ZA
          |                ^^^^^^^
          |
          = help: did you mean ErGw1AZ?
      help: write ErGw1AZ (check before applying)
          |
      191 -       gateway: ErGw1ZA
      191 +       gateway: ErGw1AZ
      error[estate/no-gateway-there]: spoke cannot use the gateway of north: the two are not peered, or it
        has none
         --> contoso/estate.yaml:193:75
          |
      193 |     spoke: { region: West Europe, addressSpace: 10.102.0.0/16, gatewayOf: north, resolver: d…
          |                                                                           ^^^^^
         ::: contoso/estate.yaml:188:5
          |
      188 |     north:
          |     ----- the other network
          |
          = help: add peeredWith: north, and a gateway there
      "
    `);
    expect(broken(['sku: ErGwScale', 'sku: ErGw3AZ'])).toMatchInlineSnapshot(`
      "
      error[estate/not-scalable]: a gateway of SKU ErGw3AZ has no scale units
         --> contoso/estate.yaml:173:32
          |
      173 |       gateway: { sku: ErGw3AZ, scaleUnits: 2 }
          |                                ^^^^^^^^^^
          |
          = help: take scaleUnits away, or write sku: ErGwScale
      "
    `);
    expect(broken(['region: northeurope', 'region: China East'])).toMatchInlineSnapshot(`
      "
      error[estate/cloud-mismatch]: Azure region China East is in the China cloud, the organisation is in
        the public cloud
         --> contoso/estate.yaml:189:15
          |
      189 |       region: China East
          |               ^^^^^^^^^^
         ::: contoso/estate.yaml:6:10
          |
        6 |   cloud: public
          |          ------ the organisation's cloud
          |
          = help: a circuit carries traffic of its own cloud only
          = see: ER-027, PP-C13
      "
    `);
  });

  it('name servers and proxies that are nowhere', () => {
    expect(
      broken(
        ['gatewayOf: west, resolver: dc', 'gatewayOf: west, resolver: dcc'],
        ['proxy: web-proxy }', 'proxy: web-prox }'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/unknown-proxy]: there is no proxy "web-prox"
         --> contoso/estate.yaml:178:69
          |
      178 |         app1: { address: 10.100.0.10, calls: [PP-F68, mail], proxy: web-prox }
          |                                                                     ^^^^^^^^
          |
          = help: did you mean web-proxy?
      help: write web-proxy (check before applying)
          |
      178 -         app1: { address: 10.100.0.10, calls: [PP-F68, mail], proxy: web-prox }
      178 +         app1: { address: 10.100.0.10, calls: [PP-F68, mail], proxy: web-proxy }
      error[estate/unknown-resolver]: there is no site or virtual network "dcc"
         --> contoso/estate.yaml:193:91
          |
      193 | …: 10.102.0.0/16, gatewayOf: west, resolver: dcc }
          |                                              ^^^
          |
          = help: did you mean dc?
      help: write dc (check before applying)
          |
      193 - … 10.102.0.0/16, gatewayOf: west, resolver: dcc }
      193 +     spoke: { region: West Europe, addressSpace: 10.102.0.0/16, gatewayOf: west, resolver: dc }
      "
    `);
    expect(broken(['gatewayOf: west, resolver: dc', 'gatewayOf: west, resolver: public'])).toMatchInlineSnapshot(`
      "
      error[estate/unknown-resolver]: there is no site or virtual network "public"
         --> contoso/estate.yaml:193:91
          |
      193 | … 10.102.0.0/16, gatewayOf: west, resolver: public }
          |                                             ^^^^^^
          |
          = help: name where the DNS servers stand, or leave the key out when Azure resolves names
      "
    `);
    expect(
      broken(
        ['    north:\n', '    factory:\n'],
        ['vnets: [west, north]', 'vnets: [west, factory]'],
        ['north/power-platform', 'factory/power-platform'],
        ['vnet: north', 'vnet: factory'],
        ['gatewayOf: west, resolver: dc', 'gatewayOf: west, resolver: factory'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/ambiguous-name]: "factory" is the name of a site and of a virtual network
         --> contoso/estate.yaml:193:91
          |
      193 | …10.102.0.0/16, gatewayOf: west, resolver: factory }
          |                                            ^^^^^^^
         ::: contoso/estate.yaml:40:3
          |
       40 |   factory:
          |   ------- a site
         ::: contoso/estate.yaml:188:5
          |
      188 |     factory:
          |     ------- a virtual network
          |
          = help: give one of them another name
      "
    `);
  });

  it('a VPN without an edge', () => {
    expect(
      broken(
        ['bandwidth: 500 Mbps, over: inet,', 'bandwidth: 500 Mbps,'],
        ['site: dc, vnet: north', 'site: factory, vnet: north'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/missing-key]: the VPN does not say which internet edge it runs over, and site factory
        has none
         --> contoso/estate.yaml:195:5
          |
      195 |     backup: { site: factory, vnet: north, bandwidth: 500 Mbps, backupOf: er-fra }
          |     ^^^^^^
          |
          = help: add over and an internet edge
      "
    `);
  });

  it('a section that is no map', () => {
    expect(broken(['azure:\n', 'azure: none\nx-azure:\n'])).toContain('azure must be a map, not a single value');
  });
});
