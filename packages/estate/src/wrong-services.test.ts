/** What the loader says when something about services, gateways or users is wrong. */
import { describe, expect, it } from 'vitest';
import { broken } from '../test/full-example.ts';

describe('services, gateways, connectors, proxies and users', () => {
  it('services', () => {
    expect(
      broken(
        ['names: [mail.contoso.example,', 'names: [mail,'],
        ['edge: inet, address: 198.51.100.20', 'edge: intet, address: 198.51.100.20'],
        ['address: 203.0.113.8', 'address: 10.30.0.25'],
        ['address: 10.30.0.26', 'address: 10.77.0.26'],
        ['calledBy: [PP-F30, PP-F38]', 'calledBy: [PP-F30, PP-F01]'],
        ['kind: sql', 'kind: sqll'],
        ['ports: [443, tcp/25]', 'ports: []'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/bad-dns-name]: mail is not a DNS name
         --> contoso/estate.yaml:202:13
          |
      202 |     names: [mail, autodiscover.contoso.example]
          |             ^^^^
          |
          = help: write the full name, e.g. mail.example.com
      error[estate/unknown-edge]: there is no edge "intet"
         --> contoso/estate.yaml:204:17
          |
      204 |       - { edge: intet, address: 198.51.100.20, inboundNat: false }
          |                 ^^^^^
          |
          = help: did you mean inet?
      help: write inet (check before applying)
          |
      204 -       - { edge: intet, address: 198.51.100.20, inboundNat: false }
      204 +       - { edge: inet, address: 198.51.100.20, inboundNat: false }
      error[estate/not-public]: published address 10.30.0.25/32 of service mail is private (RFC 1918)
         --> contoso/estate.yaml:205:30
          |
      205 |       - { edge: er, address: 10.30.0.25 }
          |                              ^^^^^^^^^^
          |
          = why: Microsoft peering takes public addresses of your own or of your provider only
          = help: use public addresses
          = see: ER-033
      error[estate/empty-list]: service mail listens on no port
         --> contoso/estate.yaml:206:12
          |
      206 |     ports: []
          |            ^^
          |
          = help: name a port, or leave the key out
      error[estate/wrong-flow]: PP-F01 (Model-driven app pages) is opened by the customer, so it does not
        call a service
         --> contoso/estate.yaml:207:24
          |
      207 |     calledBy: [PP-F30, PP-F01]
          |                        ^^^^^^
          |
          = help: name flows that Microsoft opens: PP-F28, PP-F29, PP-F30, PP-F31, PP-F32, PP-F36, PP-F37,
                  PP-F38
      error[estate/wrong-choice]: kind of service stock cannot be "sqll"
         --> contoso/estate.yaml:215:28
          |
      215 |   stock: { site: dc, kind: sqll, address: 10.30.0.40, splitDns: false, backend: federation }
          |                            ^^^^
          |
          = help: did you mean sql?
      help: write sql (check before applying)
          |
      215 -   stock: { site: dc, kind: sqll, address: 10.30.0.40, splitDns: false, backend: federation }
      215 +   stock: { site: dc, kind: sql, address: 10.30.0.40, splitDns: false, backend: federation }
      warning[estate/outside-site]: 10.77.0.26/32 is in no subnet of site dc
         --> contoso/estate.yaml:212:14
          |
      212 |     address: 10.77.0.26
          |              ^^^^^^^^^^
         ::: contoso/estate.yaml:52:3
          |
       52 |   dc:
          |   -- the site
          |
          = help: add it to servers of dc, or use an address of 10.30.0.0/24, 2001:db8:30::/64
      "
    `);
  });

  it('a name that two edges have', () => {
    expect(broken(['  inet-hq: { site: hq', '  er: { site: hq }\n  inet-hq: { site: hq'])).toMatchInlineSnapshot(`
      "
      error[estate/ambiguous-name]: "er" is the name of an internet edge and of an ExpressRoute edge
         --> contoso/estate.yaml:206:17
          |
      206 |       - { edge: er, address: 203.0.113.8 }
          |                 ^^
         ::: contoso/estate.yaml:102:3
          |
      102 |   er: { site: hq }
          |   -- an internet edge
         ::: contoso/estate.yaml:106:3
          |
      106 |   er: { site: dc, firewall: fw-er, nat: [203.0.113.0/28], natInbound: true, routers: [ce1, c…
          |   -- an ExpressRoute edge
          |
          = help: give one of them another name
      "
    `);
  });

  it('gateways and connectors', () => {
    expect(
      broken(
        ['members: 2', 'members: 20'],
        ['region: North Europe\n    members', 'region: Nord Europe\n    members'],
        [
          'archive: { kind: SharePoint, site: hq, connector: stock-data }',
          'archive: { kind: SharePoint, site: qh, connector: stock-date }',
        ],
        ['environments: production\n    mode: tcp', 'environments: prod\n    mode: udp'],
        ['class: gateway, gateway: gateway-dc', 'class: vnet, gateway: gateway-dc'],
        ['orders: { kind: HTTP, service: mail }', 'orders: { kind: HTTP, class: gateway, service: male }'],
        ['machines: 12,', 'machines: 0,'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/unknown-azure-region]: there is no Azure region "Nord Europe"
         --> contoso/estate.yaml:220:13
          |
      220 |     region: Nord Europe
          |             ^^^^^^^^^^^
          |
          = help: did you mean North Europe?
      help: write North Europe (check before applying)
          |
      220 -     region: Nord Europe
      220 +     region: North Europe
      error[estate/bad-number]: 20 is not between 1 and 10
         --> contoso/estate.yaml:221:14
          |
      221 |     members: 20
          |              ^^
          |
          = help: write a number from 1 to 10
      error[estate/unknown-environment]: there is no environment "prod"
         --> contoso/estate.yaml:223:19
          |
      223 |     environments: prod
          |                   ^^^^
          |
          = help: known: production, sandbox
      error[estate/wrong-choice]: mode of data gateway gateway-dc cannot be "udp"
         --> contoso/estate.yaml:224:11
          |
      224 |     mode: udp
          |           ^^^
          |
          = help: write https or tcp
      error[estate/unknown-site]: there is no site "qh"
         --> contoso/estate.yaml:227:42
          |
      227 |       archive: { kind: SharePoint, site: qh, connector: stock-date }
          |                                          ^^
          |
          = help: did you mean hq?
      help: write hq (check before applying)
          |
      227 -       archive: { kind: SharePoint, site: qh, connector: stock-date }
      227 +       archive: { kind: SharePoint, site: hq, connector: stock-date }
      error[estate/unknown-connector]: there is no connector "stock-date"
         --> contoso/estate.yaml:227:57
          |
      227 |       archive: { kind: SharePoint, site: qh, connector: stock-date }
          |                                                         ^^^^^^^^^^
          |
          = help: did you mean stock-data?
      help: write stock-data (check before applying)
          |
      227 -       archive: { kind: SharePoint, site: qh, connector: stock-date }
      227 +       archive: { kind: SharePoint, site: qh, connector: stock-data }
      error[estate/bad-number]: 0 is not between 1 and 10000000
         --> contoso/estate.yaml:230:33
          |
      230 |   robots: { site: hq, machines: 0, clients: 10.10.64.0/24, environments: [production] }
          |                                 ^
          |
          = help: write a number from 1 to 10000000
      error[estate/one-of-two]: a connector of class vnet does not go through a data gateway
         --> contoso/estate.yaml:233:57
          |
      233 |   stock-data: { kind: SQL Server, class: vnet, gateway: gateway-dc, environments: production }
          |                                                         ^^^^^^^^^^
          |
          = help: write class: gateway, or take the gateway away
      error[estate/missing-key]: connector orders goes through a data gateway but names none
         --> contoso/estate.yaml:234:3
          |
      234 |   orders: { kind: HTTP, class: gateway, service: male }
          |   ^^^^^^
          |
          = help: add gateway
      error[estate/unknown-service]: there is no service "male"
         --> contoso/estate.yaml:234:50
          |
      234 |   orders: { kind: HTTP, class: gateway, service: male }
          |                                                  ^^^^
          |
          = help: known: mail, federation, stock
      "
    `);
  });

  it('proxies and users', () => {
    expect(
      broken(
        ['port: 3128, reach: both', 'port: 0, reach: all'],
        ['edges: [inet, inet-hq]', 'edges: [inet, outlet]'],
        ['kind: roaming, users: 300', 'kind: vpn, users: -5'],
        ['kind: vpn\n', 'kind: roaming\n'],
        ['splitTunnel: [PP-F16]', 'splitTunnel: [PP-X16]'],
        ['clients: 10.99.0.0/16', 'clients: 10.10.99.0/24'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/bad-number]: 0 is not between 1 and 65535
         --> contoso/estate.yaml:237:53
          |
      237 |   web-proxy: { site: hq, address: 10.11.0.10, port: 0, reach: all, rewrites: true, edges: [i…
          |                                                     ^
          |
          = help: write a number from 1 to 65535
      error[estate/wrong-choice]: reach of proxy web-proxy cannot be "all"
         --> contoso/estate.yaml:237:63
          |
      237 |   web-proxy: { site: hq, address: 10.11.0.10, port: 0, reach: all, rewrites: true, edges: [i…
          |                                                               ^^^
          |
          = help: write internet, expressroute or both
      error[estate/unknown-edge]: there is no edge "outlet"
         --> contoso/estate.yaml:237:98
          |
      237 | … reach: all, rewrites: true, edges: [inet, outlet] }
          |                                             ^^^^^^
          |
          = help: define it under internetEdges or expressRouteEdges
      error[estate/one-of-two]: user group home uses a VPN but does not describe it
         --> contoso/estate.yaml:240:17
          |
      240 |   home: { kind: vpn, users: -5, city: Berlin, country: DE }
          |                 ^^^
          |
          = help: add vpn with the edge and the addresses of the users
      error[estate/bad-number]: -5 is not between 0 and 10000000
         --> contoso/estate.yaml:240:29
          |
      240 |   home: { kind: vpn, users: -5, city: Berlin, country: DE }
          |                             ^^
          |
          = help: write a number from 0 to 10000000
      error[estate/one-of-two]: user group remote is roaming but has a VPN
         --> contoso/estate.yaml:243:11
          |
      243 |     kind: roaming
          |           ^^^^^^^
          |
          = help: write kind: vpn
      error[estate/overlapping-clients]: client subnet 10.10.99.0/24 of user group remote overlaps client
        subnet 10.10.0.0/16 of site hq
         --> contoso/estate.yaml:246:43
          |
      246 |     vpn: { edge: inet, site: dc, clients: 10.10.99.0/24, splitTunnel: [PP-X16] }
          |                                           ^^^^^^^^^^^^^
         ::: contoso/estate.yaml:31:15
          |
       31 |     clients: [10.10.0.0/16, 2001:db8:10::/48]
          |               ------------ the other one
          |
          = why: a route to one of them is a route to the other
          = help: give one of them other addresses
      error[estate/unknown-flow]: there is no flow "PP-X16"
         --> contoso/estate.yaml:246:72
          |
      246 |     vpn: { edge: inet, site: dc, clients: 10.10.99.0/24, splitTunnel: [PP-X16] }
          |                                                                        ^^^^^^
          |
          = help: the flows are PP-F01 and on; all stands for every one that the customer opens
      "
    `);
  });
});
