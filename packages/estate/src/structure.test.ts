import { describe, expect, it } from 'vitest';
import { changed, check } from '../test/check.ts';

describe('a document with another structure', () => {
  it('no version', () => {
    expect(check(changed(['bothways: 1\n', '']))).toMatchInlineSnapshot(`
      "
      error[estate/missing-key]: the document has no bothways
       --> estate.yaml:3:1
        |
      3 | organisation:
        | ^^^^^^^^^^^^
        |
        = help: begin the document with bothways: 1, the version of its format
      help: add bothways: 1 (safe to apply)
        |
      2 |
      3 + bothways: 1
      "
    `);
  });

  it('a version from the future', () => {
    expect(check(changed(['bothways: 1', 'bothways: 2']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-version]: this program does not know version 2 of the document format
       --> estate.yaml:2:11
        |
      2 | bothways: 2
        |           ^
        |
        = help: write bothways: 1, or use a newer release
      "
    `);
  });

  it('an unknown key with a near one', () => {
    expect(check(changed(['users: 900', 'usres: 900']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-key]: site hq has no key "usres"
        --> estate.yaml:12:23
         |
      12 |   hq: { city: Munich, usres: 900, clients: 10.10.0.0/16 }
         |                       ^^^^^
         |
         = help: did you mean users?
      help: rename it to users (check before applying)
         |
      12 -   hq: { city: Munich, usres: 900, clients: 10.10.0.0/16 }
      12 +   hq: { city: Munich, users: 900, clients: 10.10.0.0/16 }
      "
    `);
  });

  it('an unknown key that resembles none', () => {
    expect(check(changed(['users: 900', 'floor: 3']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-key]: site hq has no key "floor"
        --> estate.yaml:12:23
         |
      12 |   hq: { city: Munich, floor: 3, clients: 10.10.0.0/16 }
         |                       ^^^^^
         |
         = help: the keys are city, country, location, users, lan, clients, servers, wan, breakout,
                 applicationBreakout, resolver, proxy, pac
      "
    `);
  });

  it('a missing key', () => {
    expect(check(changed(['    location: Frankfurt\n', '']))).toMatchInlineSnapshot(`
      "
      error[estate/missing-key]: circuit er-fra has no location
        --> estate.yaml:27:3
         |
      27 |   er-fra:
         |   ^^^^^^
         |
         = help: add location
      "
    `);
  });

  it('a key without a value', () => {
    expect(check(changed(['location: Frankfurt', 'location:']))).toMatchInlineSnapshot(`
      "
      error[estate/no-value]: location of circuit er-fra has no value
        --> estate.yaml:28:5
         |
      28 |     location:
         |     ^^^^^^^^
         |
         = help: write one behind the colon, or remove the key
      "
    `);
  });

  it('a value where a map belongs', () => {
    expect(check(changed(['{ city: Frankfurt }', 'Frankfurt']))).toMatchInlineSnapshot(`
      "
      error[estate/wrong-kind]: site dc must be a map, not a single value
        --> estate.yaml:14:7
         |
      14 |   dc: Frankfurt
         |       ^^^^^^^^^
      "
    `);
  });

  it('a list where a map of names belongs', () => {
    expect(check(changed(['intents:\n', 'intents: []\nx-intents:\n']))).toMatchInlineSnapshot(`
      "
      error[estate/wrong-kind]: intents must be a map, not a list
        --> estate.yaml:46:10
         |
      46 | intents: []
         |          ^^
         |
         = help: write a name, a colon and below it what it names
      error[estate/unknown-key]: the document has no key "x-intents"
        --> estate.yaml:47:1
         |
      47 | x-intents:
         | ^^^^^^^^^
         |
         = help: the keys are bothways, organisation, environments, sites, wan, firewalls, internetEdges,
                 expressRouteEdges, circuits, azure, services, dataGateways, desktopFlowMachines,
                 connectors, proxies, users, demands, intents, failureGroups, maintenance, routing,
                 requirements, prices, availability, acceptedRisks
      "
    `);
  });

  it('a map where a value belongs', () => {
    expect(check(changed(['city: Munich', 'city: { name: Munich }']))).toMatchInlineSnapshot(`
      "
      error[estate/wrong-kind]: city of site hq must be a single value, not a map
        --> estate.yaml:12:15
         |
      12 |   hq: { city: { name: Munich }, users: 900, clients: 10.10.0.0/16 }
         |               ^^^^^^^^^^^^^^^^
      "
    `);
  });

  it('a choice in other letters', () => {
    expect(check(changed(['sku: standard', 'sku: Standard']))).toMatchInlineSnapshot(`
      "
      error[estate/wrong-choice]: sku of circuit er-fra cannot be "Standard"
        --> estate.yaml:30:10
         |
      30 |     sku: Standard
         |          ^^^^^^^^
         |
         = help: did you mean standard?
      help: write standard (safe to apply)
         |
      30 -     sku: Standard
      30 +     sku: standard
      "
    `);
  });

  it('a choice that does not exist', () => {
    expect(check(changed(['sku: standard', 'sku: gold']))).toMatchInlineSnapshot(`
      "
      error[estate/wrong-choice]: sku of circuit er-fra cannot be "gold"
        --> estate.yaml:30:10
         |
      30 |     sku: gold
         |          ^^^^
         |
         = help: write local, standard or premium
      "
    `);
  });

  it('a name that cannot be one', () => {
    expect(check(changed(['  dc: {', '  "new york": { users: 0 }\n  dc: {']))).toMatchInlineSnapshot(`
      "
      error[estate/bad-name]: "new york" cannot be a name
        --> estate.yaml:14:3
         |
      14 |   "new york": { users: 0 }
         |   ^^^^^^^^^^
         |
         = help: use letters, digits, dots, dashes and underscores (at most 63), beginning with a letter
                 or digit
      "
    `);
  });

  it('a site called all', () => {
    expect(check(changed(['  dc: {', '  all: { users: 0 }\n  dc: {']))).toMatchInlineSnapshot(`
      "
      error[estate/reserved-name]: "all" cannot be a name of one of the sites
        --> estate.yaml:14:3
         |
      14 |   all: { users: 0 }
         |   ^^^
         |
         = help: choose another name; "all" stands for every one of them
      "
    `);
  });
});

describe('scalars', () => {
  it('a bandwidth without a unit', () => {
    expect(check(changed(['bandwidth: 100 Mbps', 'bandwidth: 100']))).toMatchInlineSnapshot(`
      "
      error[estate/bad-bandwidth]: "100" has no unit
        --> estate.yaml:18:52
         |
      18 |   mpls-branch: { between: [branch, dc], bandwidth: 100, latency: 11 ms }
         |                                                    ^^^
         |
         = help: write the unit, e.g. 200 Mbps or 1 Gbps
      "
    `);
  });

  it('a bandwidth in bytes', () => {
    expect(check(changed(['bandwidth: 100 Mbps', 'bandwidth: 12.5 MB/s']))).toMatchInlineSnapshot(`
      "
      error[estate/bad-bandwidth]: "MB/s" counts bytes, a bandwidth counts bits
        --> estate.yaml:18:52
         |
      18 |   mpls-branch: { between: [branch, dc], bandwidth: 12.5 MB/s, latency: 11 ms }
         |                                                    ^^^^^^^^^
         |
         = help: multiply by eight and write bits, e.g. 800 Mbps for 100 MB/s
      "
    `);
  });

  it('a bandwidth in an unknown unit', () => {
    expect(check(changed(['bandwidth: 100 Mbps', 'bandwidth: 100 Mpbs']))).toMatchInlineSnapshot(`
      "
      error[estate/bad-bandwidth]: "Mpbs" is not a unit of bandwidth
        --> estate.yaml:18:52
         |
      18 |   mpls-branch: { between: [branch, dc], bandwidth: 100 Mpbs, latency: 11 ms }
         |                                                    ^^^^^^^^
         |
         = help: did you mean 100 Mbps?
      help: write 100 Mbps (check before applying)
         |
      18 -   mpls-branch: { between: [branch, dc], bandwidth: 100 Mpbs, latency: 11 ms }
      18 +   mpls-branch: { between: [branch, dc], bandwidth: 100 Mbps, latency: 11 ms }
      "
    `);
  });

  it('a latency without a unit', () => {
    expect(check(changed(['latency: 6 ms', 'latency: 6']))).toMatchInlineSnapshot(`
      "
      error[estate/bad-duration]: "6" has no unit
        --> estate.yaml:17:61
         |
      17 |   mpls-hq: { between: [hq, dc], bandwidth: 1 Gbps, latency: 6 }
         |                                                             ^
         |
         = help: write the unit, e.g. 12 ms or 3 s
      "
    `);
  });

  it('a prefix with host bits', () => {
    expect(check(changed(['10.10.0.0/16', '10.10.3.1/16']))).toMatchInlineSnapshot(`
      "
      error[estate/bad-prefix]: "10.10.3.1/16" has bits set after its first 16
        --> estate.yaml:12:44
         |
      12 |   hq: { city: Munich, users: 900, clients: 10.10.3.1/16 }
         |                                            ^^^^^^^^^^^^
         |
         = help: the prefix is 10.10.0.0/16; the address alone is 10.10.3.1/32
      help: write 10.10.0.0/16 (check before applying)
         |
      12 -   hq: { city: Munich, users: 900, clients: 10.10.3.1/16 }
      12 +   hq: { city: Munich, users: 900, clients: 10.10.0.0/16 }
      "
    `);
  });

  it('an address without a length', () => {
    expect(check(changed(['10.10.0.0/16', '10.10.3.1']))).toMatchInlineSnapshot(`
      "
      error[estate/bad-prefix]: "10.10.3.1" has no prefix length
        --> estate.yaml:12:44
         |
      12 |   hq: { city: Munich, users: 900, clients: 10.10.3.1 }
         |                                            ^^^^^^^^^
         |
         = help: write 10.10.3.1/32 for this one address
      "
    `);
  });

  it('an AS number that is none', () => {
    expect(check(changed(['asn: 64500', 'asn: 64500x']))).toMatchInlineSnapshot(`
      "
      error[estate/bad-asn]: "64500x" is no AS number
       --> estate.yaml:6:8
        |
      6 |   asn: 64500x
        |        ^^^^^^
        |
        = help: write it as 64500, AS64500 or 1.10
      "
    `);
  });

  it('a number of users that is none', () => {
    expect(check(changed(['users: 900', 'users: about 900']))).toMatchInlineSnapshot(`
      "
      error[estate/bad-number]: "about 900" is not a whole number
        --> estate.yaml:12:30
         |
      12 |   hq: { city: Munich, users: about 900, clients: 10.10.0.0/16 }
         |                              ^^^^^^^^^
         |
         = help: write a number from 0 to 10000000
      "
    `);
  });

  it('yes instead of true', () => {
    expect(check(changed(['vlan: 100', 'vlan: 100\n      bfd: yes']))).toMatchInlineSnapshot(`
      "
      error[estate/not-yes-or-no]: "yes" is neither true nor false
        --> estate.yaml:36:12
         |
      36 |       bfd: yes
         |            ^^^
         |
         = help: write true or false
      help: write true (safe to apply)
         |
      36 -       bfd: yes
      36 +       bfd: true
      "
    `);
  });

  it('a session key that cannot be one, and is not shown', () => {
    expect(check(changed(['vlan: 100', 'vlan: 100\n      md5: two words']))).toMatchInlineSnapshot(`
      "
      error[estate/bad-key]: the session key cannot be used
        --> estate.yaml:36:7
         |
      36 |       md5: *********
         |       ^^^
         |
         = help: a key has 1 to 80 printable ASCII characters without spaces
      "
    `);
  });
});
