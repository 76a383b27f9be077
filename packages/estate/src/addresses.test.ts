import { describe, expect, it } from 'vitest';
import { changed, check, example } from '../test/check.ts';

describe('addresses', () => {
  it('overlapping client subnets', () => {
    expect(check(changed(['10.20.0.0/16', '10.10.20.0/24']))).toMatchInlineSnapshot(`
      "
      error[estate/overlapping-clients]: client subnet 10.10.20.0/24 of site branch overlaps client subnet
        10.10.0.0/16 of site hq
        --> estate.yaml:13:47
         |
      13 |   branch: { city: Milan, users: 120, clients: 10.10.20.0/24 }
         |                                               ^^^^^^^^^^^^^
        ::: estate.yaml:12:44
         |
      12 |   hq: { city: Munich, users: 900, clients: 10.10.0.0/16 }
         |                                            ------------ the other one
         |
         = why: a route to one of them is a route to the other
         = help: give one of them other addresses
      "
    `);
  });

  it('client subnets inside a pool', () => {
    expect(check(changed(['10.20.0.0/16', '198.51.100.8/29']))).toMatchInlineSnapshot(`
      "
      error[estate/clients-in-pool]: NAT pool 198.51.100.0/28 of internet edge inet overlaps client subnet
        198.51.100.8/29 of site branch
        --> estate.yaml:21:88
         |
      21 | …width: 1 Gbps, firewall: fw-inet, nat: 198.51.100.0/28 }
         |                                         ^^^^^^^^^^^^^^^
        ::: estate.yaml:13:47
         |
      13 |   branch: { city: Milan, users: 120, clients: 198.51.100.8/29 }
         |                                               --------------- the other one
         |
         = why: answers to a translated address would go to the client that has it
         = help: give one of them other addresses
      "
    `);
  });

  it('clients with public addresses that the internet edge announces are no conflict', () => {
    const announced = [
      'nat: 198.51.100.0/28 }',
      'nat: 198.51.100.0/28, advertises: [198.51.100.0/28, 198.51.100.64/26] }',
    ] as const;
    expect(check(changed(['10.20.0.0/16', '198.51.100.64/26'], announced))).not.toContain('clients-in-pool');
  });

  it('a private pool on ExpressRoute', () => {
    expect(check(changed(['nat: 203.0.113.0/28', 'nat: 10.99.0.0/28']))).toMatchInlineSnapshot(`
      "
      error[estate/not-public]: NAT pool 10.99.0.0/28 of ExpressRoute edge er is private (RFC 1918)
        --> estate.yaml:24:41
         |
      24 |   er: { site: dc, firewall: fw-er, nat: 10.99.0.0/28 }
         |                                         ^^^^^^^^^^^^
         |
         = why: Microsoft peering takes public addresses of your own or of your provider only
         = help: use public addresses
         = see: ER-033
      "
    `);
  });

  it('a private pool on the internet', () => {
    expect(check(changed(['nat: 198.51.100.0/28', 'nat: 10.99.0.0/28']))).toMatchInlineSnapshot(`
      "
      warning[estate/not-public]: NAT pool 10.99.0.0/28 of internet edge inet is private (RFC 1918)
        --> estate.yaml:21:88
         |
      21 | …dwidth: 1 Gbps, firewall: fw-inet, nat: 10.99.0.0/28 }
         |                                          ^^^^^^^^^^^^
         |
         = why: the internet does not route it; somebody upstream must translate once more
         = help: use public addresses
      "
    `);
  });

  it('a shared prefix advertised to Microsoft', () => {
    expect(check(changed(['advertises: [203.0.113.0/28]', 'advertises: [100.64.0.0/24]']))).toMatchInlineSnapshot(`
      "
      error[estate/not-public]: advertised prefix 100.64.0.0/24 of circuit er-fra is shared between
        providers and their customers (RFC 6598)
        --> estate.yaml:37:20
         |
      37 |       advertises: [100.64.0.0/24]
         |                    ^^^^^^^^^^^^^
         |
         = why: Microsoft peering takes public addresses of your own or of your provider only
         = help: use public addresses
         = see: ER-033
      "
    `);
  });

  it('one /29 for both links', () => {
    expect(check(changed(['links: [192.0.2.0/30, 192.0.2.4/30]', 'links: 192.0.2.0/29']))).toMatchInlineSnapshot(`
      "
      error[estate/link-subnets]: the two links of a peering have a subnet each, here is one /29 for both
        --> estate.yaml:36:14
         |
      36 |       links: 192.0.2.0/29
         |              ^^^^^^^^^^^^
         |
         = help: write its halves: [192.0.2.0/30, 192.0.2.4/30]
         = see: ER-040, ER-042
      help: write 192.0.2.0/30, 192.0.2.4/30 (safe to apply)
         |
      36 -       links: 192.0.2.0/29
      36 +       links: [192.0.2.0/30, 192.0.2.4/30]
      "
    `);
  });

  it('link subnets of the wrong size', () => {
    expect(check(changed(['192.0.2.4/30]', '192.0.2.4/31]']))).toMatchInlineSnapshot(`
      "
      error[estate/link-subnets]: a link subnet is an IPv4 /30, not 192.0.2.4/31
        --> estate.yaml:36:29
         |
      36 |       links: [192.0.2.0/30, 192.0.2.4/31]
         |                             ^^^^^^^^^^^^
         |
         = help: a /30 holds the two routers of one link
         = see: ER-042
      "
    `);
  });

  it('link subnets that are the same', () => {
    expect(check(changed(['192.0.2.4/30]', '192.0.2.0/30]']))).toMatchInlineSnapshot(`
      "
      error[estate/link-overlap]: link subnet 192.0.2.0/30 of circuit er-fra is the same as link subnet
        192.0.2.0/30 of circuit er-fra
        --> estate.yaml:36:29
         |
      36 |       links: [192.0.2.0/30, 192.0.2.0/30]
         |                             ^^^^^^^^^^^^
        ::: estate.yaml:36:15
         |
      36 |       links: [192.0.2.0/30, 192.0.2.0/30]
         |               ------------ the other one
         |
         = why: the subnets of the links must be unique and used for nothing else
         = help: give one of them other addresses
         = see: ER-042
      "
    `);
  });

  it('a link subnet inside a pool', () => {
    expect(check(changed(['192.0.2.4/30]', '203.0.113.4/30]']))).toMatchInlineSnapshot(`
      "
      error[estate/link-overlap]: link subnet 203.0.113.4/30 of circuit er-fra overlaps NAT pool
        203.0.113.0/28 of ExpressRoute edge er
        --> estate.yaml:36:29
         |
      36 |       links: [192.0.2.0/30, 203.0.113.4/30]
         |                             ^^^^^^^^^^^^^^
        ::: estate.yaml:24:41
         |
      24 |   er: { site: dc, firewall: fw-er, nat: 203.0.113.0/28 }
         |                                         -------------- the other one
         |
         = why: the subnets of the links must be unique and used for nothing else
         = help: give one of them other addresses
         = see: ER-042
      "
    `);
  });

  it('private link subnets', () => {
    expect(check(changed(['192.0.2.4/30]', '10.0.0.4/30]']))).toMatchInlineSnapshot(`
      "
      error[estate/not-public]: link subnet 10.0.0.4/30 of circuit er-fra is private (RFC 1918)
        --> estate.yaml:36:29
         |
      36 |       links: [192.0.2.0/30, 10.0.0.4/30]
         |                             ^^^^^^^^^^^
         |
         = why: Microsoft peering takes public addresses of your own or of your provider only
         = help: use public addresses
         = see: ER-042
      "
    `);
  });

  it('a WAN link from a site to itself', () => {
    expect(check(changed(['between: [hq, dc]', 'between: [dc, dc]']))).toMatchInlineSnapshot(`
      "
      error[estate/link-to-itself]: the link joins "dc" with itself
        --> estate.yaml:17:23
         |
      17 |   mpls-hq: { between: [dc, dc], bandwidth: 1 Gbps, latency: 6 ms }
         |                       ^^^^^^^^
         |
         = help: name two different sites
      "
    `);
  });
});

describe('several files', () => {
  it('the same name in two files', () => {
    expect(check(example, 'sites:\n  hq: { city: Berlin }\n')).toMatchInlineSnapshot(`
      "
      error[estate/defined-twice]: sites.hq is defined in two files
        --> part-2.yaml:2:3
         |
       2 |   hq: { city: Berlin }
         |   ^^
        ::: part-1.yaml:12:3
         |
      12 |   hq: { city: Munich, users: 900, clients: 10.10.0.0/16 }
         |   -- first defined here
         |
         = help: keep one of them, or give one another name
      "
    `);
  });

  it('the same single thing in two files', () => {
    expect(check(example, 'organisation: { name: Fabrikam }\n')).toMatchInlineSnapshot(`
      "
      error[estate/defined-twice]: organisation is defined in two files
       --> part-2.yaml:1:1
        |
      1 | organisation: { name: Fabrikam }
        | ^^^^^^^^^^^^
       ::: part-1.yaml:4:1
        |
      4 | organisation:
        | ------------ first defined here
        |
        = help: keep one of them, or give one another name
      "
    `);
  });

  it('versions that differ', () => {
    expect(check(example, 'bothways: 2\n')).toMatchInlineSnapshot(`
      "
      error[estate/defined-twice]: the files state different versions of the format
       --> part-2.yaml:1:1
        |
      1 | bothways: 2
        | ^^^^^^^^
       ::: part-1.yaml:2:1
        |
      2 | bothways: 1
        | -------- first defined here
        |
        = help: state the same version everywhere, or in one file only
      "
    `);
  });
});
