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
         --> contoso/estate.yaml:171:15
          |
      171 |         apps: 10.110.0.0/24
          |               ^^^^^^^^^^^^^
          |
          = help: use an address of 10.100.0.0/16, 2001:db8:100::/48
      error[estate/bad-address]: 10.100.1.10/32 is a prefix, a single address is wanted
         --> contoso/estate.yaml:174:26
          |
      174 |         app1: { address: 10.100.1.10/32, calls: [PP-F68, mail] }
          |                          ^^^^^^^^^^^^^^
          |
          = help: write 10.100.1.10
      help: write 10.100.1.10 (check before applying)
          |
      174 -         app1: { address: 10.100.1.10/32, calls: [PP-F68, mail] }
      174 +         app1: { address: 10.100.1.10, calls: [PP-F68, mail] }
      error[estate/outside-network]: machine app2 has address 10.103.0.11, which is in no subnet of west
         --> contoso/estate.yaml:175:15
          |
      175 |         app2: 10.103.0.11
          |               ^^^^^^^^^^^
          |
          = help: use an address of 10.110.0.0/24, 10.100.1.0/27
      error[estate/outside-network]: the private endpoint of Storage has address 10.7.0.1, which is not in
        west
         --> contoso/estate.yaml:177:55
          |
      177 |       privateEndpoints: [{ service: Storage, address: 10.7.0.1 }]
          |                                                       ^^^^^^^^
          |
          = help: use an address of 10.100.0.0/16, 2001:db8:100::/48
      error[estate/overlapping-networks]: address space 10.10.8.0/22 of virtual network north overlaps
        client subnet 10.10.0.0/16 of site hq
         --> contoso/estate.yaml:186:21
          |
      186 |       addressSpace: 10.10.8.0/22
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
         --> contoso/estate.yaml:172:61
          |
      172 |         power-platform: { prefix: 10.100.1.0/27, delegated: maybe }
          |                                                             ^^^^^
          |
          = help: write true or false
      error[estate/unknown-flow]: there is no flow "PP-F99"
         --> contoso/estate.yaml:174:47
          |
      174 |         app1: { address: 10.100.0.10, calls: [PP-F99, pp-f68, mial] }
          |                                               ^^^^^^
          |
          = help: the flows are PP-F01 and on; all stands for every one that the customer opens
      error[estate/unknown-flow]: flow ids are written in capitals: PP-F68
         --> contoso/estate.yaml:174:55
          |
      174 |         app1: { address: 10.100.0.10, calls: [PP-F99, pp-f68, mial] }
          |                                                       ^^^^^^
          |
          = help: write PP-F68
      help: write PP-F68 (safe to apply)
          |
      174 -         app1: { address: 10.100.0.10, calls: [PP-F99, pp-f68, mial] }
      174 +         app1: { address: 10.100.0.10, calls: [PP-F99, PP-F68, mial] }
      error[estate/unknown-service]: there is no service "mial"
         --> contoso/estate.yaml:174:63
          |
      174 |         app1: { address: 10.100.0.10, calls: [PP-F99, pp-f68, mial] }
          |                                                               ^^^^
          |
          = help: did you mean mail?
      help: write mail (check before applying)
          |
      174 -         app1: { address: 10.100.0.10, calls: [PP-F99, pp-f68, mial] }
      174 +         app1: { address: 10.100.0.10, calls: [PP-F99, pp-f68, mail] }
      error[estate/bad-next-hop]: the next hop cannot be gatway
         --> contoso/estate.yaml:179:38
          |
      179 |         - { prefix: 0.0.0.0/0, next: gatway }
          |                                      ^^^^^^
          |
          = help: did you mean gateway?
      help: write gateway (check before applying)
          |
      179 -         - { prefix: 0.0.0.0/0, next: gatway }
      179 +         - { prefix: 0.0.0.0/0, next: gateway }
      error[estate/mixed-families]: the destination is IPv4, the next hop IPv6
         --> contoso/estate.yaml:181:43
          |
      181 |         - { prefix: 192.0.2.128/25, next: 2001:db8::1 }
          |                                           ^^^^^^^^^^^
          |
          = help: use addresses of one family
      error[estate/unknown-virtual-network]: there is no virtual network "spok"
         --> contoso/estate.yaml:182:20
          |
      182 |       peeredWith: [spok, west]
          |                    ^^^^
          |
          = help: did you mean spoke?
      help: write spoke (check before applying)
          |
      182 -       peeredWith: [spok, west]
      182 +       peeredWith: [spoke, west]
      error[estate/link-to-itself]: virtual network west is peered with itself
         --> contoso/estate.yaml:182:26
          |
      182 |       peeredWith: [spok, west]
          |                          ^^^^
          |
          = help: name another network
      error[estate/unknown-azure-region]: there is no Azure region "Nort Europe"
         --> contoso/estate.yaml:185:15
          |
      185 |       region: Nort Europe
          |               ^^^^^^^^^^^
          |
          = help: did you mean North Europe?
      help: write North Europe (check before applying)
          |
      185 -       region: Nort Europe
      185 +       region: North Europe
      error[estate/unknown-gateway-sku]: there is no gateway SKU "ErGw1ZA"
         --> contoso/estate.yaml:187:16
          |
      187 |       gateway: ErGw1ZA
          |                ^^^^^^^
          |
          = help: did you mean ErGw1AZ?
      help: write ErGw1AZ (check before applying)
          |
      187 -       gateway: ErGw1ZA
      187 +       gateway: ErGw1AZ
      error[estate/no-gateway-there]: spoke cannot use the gateway of north: the two are not peered, or it
        has none
         --> contoso/estate.yaml:189:75
          |
      189 |     spoke: { region: West Europe, addressSpace: 10.102.0.0/16, gatewayOf: north }
          |                                                                           ^^^^^
         ::: contoso/estate.yaml:184:5
          |
      184 |     north:
          |     ----- the other network
          |
          = help: add peeredWith: north, and a gateway there
      "
    `);
    expect(broken(['sku: ErGwScale', 'sku: ErGw3AZ'])).toMatchInlineSnapshot(`
      "
      error[estate/not-scalable]: a gateway of SKU ErGw3AZ has no scale units
         --> contoso/estate.yaml:169:32
          |
      169 |       gateway: { sku: ErGw3AZ, scaleUnits: 2 }
          |                                ^^^^^^^^^^
          |
          = help: take scaleUnits away, or write sku: ErGwScale
      "
    `);
    expect(broken(['region: northeurope', 'region: China East'])).toMatchInlineSnapshot(`
      "
      error[estate/cloud-mismatch]: Azure region China East is in the China cloud, the organisation is in
        the public cloud
         --> contoso/estate.yaml:185:15
          |
      185 |       region: China East
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
         --> contoso/estate.yaml:191:5
          |
      191 |     backup: { site: factory, vnet: north, bandwidth: 500 Mbps, backupOf: er-fra }
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
