import { describe, expect, it } from 'vitest';
import { changed, check, example } from '../test/check.ts';

describe('names', () => {
  it('an unknown site with a near one', () => {
    expect(check(changed(['between: [hq, dc]', 'between: [hq, dcc]']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-site]: there is no site "dcc"
        --> estate.yaml:17:28
         |
      17 |   mpls-hq: { between: [hq, dcc], bandwidth: 1 Gbps, latency: 6 ms }
         |                            ^^^
         |
         = help: did you mean dc?
      help: write dc (check before applying)
         |
      17 -   mpls-hq: { between: [hq, dcc], bandwidth: 1 Gbps, latency: 6 ms }
      17 +   mpls-hq: { between: [hq, dc], bandwidth: 1 Gbps, latency: 6 ms }
      "
    `);
  });

  it('an unknown edge', () => {
    expect(check(changed(['edge: er\n', 'edge: er2\n']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-expressroute-edge]: there is no ExpressRoute edge "er2"
        --> estate.yaml:33:11
         |
      33 |     edge: er2
         |           ^^^
         |
         = help: did you mean er?
      help: write er (check before applying)
         |
      33 -     edge: er2
      33 +     edge: er
      "
    `);
  });

  it('an unknown internet edge', () => {
    expect(check(changed(['users: 900', 'users: 900, breakout: internet']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-internet-edge]: there is no internet edge "internet"
        --> estate.yaml:12:45
         |
      12 |   hq: { city: Munich, users: 900, breakout: internet, clients: 10.10.0.0/16 }
         |                                             ^^^^^^^^
         |
         = help: known: inet
      "
    `);
  });

  it('an unknown environment', () => {
    expect(check(changed(['to: production', 'to: produktion']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-environment]: there is no environment "produktion"
        --> estate.yaml:44:9
         |
      44 |     to: produktion
         |         ^^^^^^^^^^
         |
         = help: did you mean production?
      help: write production (check before applying)
         |
      44 -     to: produktion
      44 +     to: production
      "
    `);
  });

  it('an unknown firewall', () => {
    expect(check(`${example}\nfirewalls:\n  fw-er: { sharesStateWith: fw-int }\n`)).toMatchInlineSnapshot(`
      "
      error[estate/unknown-firewall]: there is no firewall "fw-int"
        --> estate.yaml:54:29
         |
      54 |   fw-er: { sharesStateWith: fw-int }
         |                             ^^^^^^
         |
         = help: did you mean fw-inet?
      help: write fw-inet (check before applying)
         |
      54 -   fw-er: { sharesStateWith: fw-int }
      54 +   fw-er: { sharesStateWith: fw-inet }
      "
    `);
  });

  it('a firewall name that is nearly a declared one', () => {
    expect(
      check(`${changed(['firewall: fw-er', 'firewall: fw-err'])}\nfirewalls:\n  fw-er: { stateful: false }\n`),
    ).toMatchInlineSnapshot(`
      "
      warning[estate/undeclared-firewall]: firewall fw-err is not declared, but fw-er is
        --> estate.yaml:24:29
         |
      24 |   er: { site: dc, firewall: fw-err, nat: 203.0.113.0/28 }
         |                             ^^^^^^
         |
         = why: a name that is not declared is a firewall of its own, with no state in common
         = help: write fw-er if that is meant, or declare fw-err under firewalls
      help: write fw-er (check before applying)
         |
      24 -   er: { site: dc, firewall: fw-err, nat: 203.0.113.0/28 }
      24 +   er: { site: dc, firewall: fw-er, nat: 203.0.113.0/28 }
      "
    `);
  });

  it('an unknown flow and one in small letters', () => {
    expect(check(changed(['PP-F02, PP-F05', 'PP-F99, pp-f05']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-flow]: there is no flow "PP-F99"
        --> estate.yaml:42:21
         |
      42 |     flows: [PP-F01, PP-F99, pp-f05, PP-F11, PP-F16]
         |                     ^^^^^^
         |
         = help: the flows are PP-F01 and on; all stands for every one that the customer opens
      error[estate/unknown-flow]: flow ids are written in capitals: PP-F05
        --> estate.yaml:42:29
         |
      42 |     flows: [PP-F01, PP-F99, pp-f05, PP-F11, PP-F16]
         |                             ^^^^^^
         |
         = help: write PP-F05
      help: write PP-F05 (safe to apply)
         |
      42 -     flows: [PP-F01, PP-F99, pp-f05, PP-F11, PP-F16]
      42 +     flows: [PP-F01, PP-F99, PP-F05, PP-F11, PP-F16]
      "
    `);
  });

  it('an unknown Power Platform region', () => {
    expect(check(changed(['region: Europe', 'region: Europa']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-region]: there is no Power Platform region "Europa"
       --> estate.yaml:9:25
        |
      9 |   production: { region: Europa }          # Power Platform geography: West Europe and North Eu…
        |                         ^^^^^^
        |
        = help: did you mean Europe?
      help: write Europe (check before applying)
        |
      9 -   production: { region: Europa }          # Power Platform geography: West Europe and North Eu…
      9 +   production: { region: Europe }          # Power Platform geography: West Europe and North Eu…
      "
    `);
  });

  it('an Azure region instead of a Power Platform region', () => {
    expect(check(changed(['region: Europe', 'region: Japan East']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-region]: there is no Power Platform region "Japan East"
       --> estate.yaml:9:25
        |
      9 |   production: { region: Japan East }          # Power Platform geography: West Europe and Nort…
        |                         ^^^^^^^^^^
        |
        = help: Japan East is an Azure region; its geography is Japan
      "
    `);
  });

  it('a pair that is not stated', () => {
    expect(check(changed(['region: Europe', 'region: United States']))).toMatchInlineSnapshot(`
      "
      note[estate/pair-not-stated]: United States has 2 pairs of Azure regions and the document does not
        say which one holds the environment
       --> estate.yaml:9:25
        |
      9 |   production: { region: United States }          # Power Platform geography: West Europe and N…
        |                         ^^^^^^^^^^^^^
        |
        = why: until it does, all of them have to be reachable
        = help: add azureRegion: eastus (or another of eastus, westus, centralus, eastus2)
        = see: PP-C14
      "
    `);
  });

  it('an Azure region outside the geography', () => {
    expect(
      check(changed(['region: Europe', 'region: United States, azureRegion: West Europe'])),
    ).toMatchInlineSnapshot(`
      "
      error[estate/unknown-azure-region]: there is no Azure region of United States called "West Europe"
       --> estate.yaml:9:53
        |
      9 |   production: { region: United States, azureRegion: West Europe }          # Power Platform ge…
        |                                                     ^^^^^^^^^^^
        |
        = help: the pairs are eastus and westus; centralus and eastus2
      "
    `);
  });

  it('an unknown peering location', () => {
    expect(check(changed(['location: Frankfurt', 'location: Frankfort']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-peering-location]: there is no peering location "Frankfort"
        --> estate.yaml:28:15
         |
      28 |     location: Frankfort
         |               ^^^^^^^^^
         |
         = help: did you mean Frankfurt?
      help: write Frankfurt (check before applying)
         |
      28 -     location: Frankfort
      28 +     location: Frankfurt
      "
    `);
  });

  it('an unknown city', () => {
    expect(check(changed(['city: Munich', 'city: Kleinkleckersdorf']))).toMatchInlineSnapshot(`
      "
      error[estate/unknown-city]: there is no city "Kleinkleckersdorf"
        --> estate.yaml:12:15
         |
      12 |   hq: { city: Kleinkleckersdorf, users: 900, clients: 10.10.0.0/16 }
         |               ^^^^^^^^^^^^^^^^^
         |
         = help: name a larger city nearby, or give location: [latitude, longitude]
      "
    `);
  });

  it('unknown entries of a route filter', () => {
    expect(
      check(changed(['[West Europe, North Europe]', '[West Europa, Exchange Onlin, 12076:70000, 65000:1]'])),
    ).toMatchInlineSnapshot(`
      "
      error[estate/unknown-route-filter-entry]: there is no Azure region or service "West Europa"
        --> estate.yaml:38:21
         |
      38 |       routeFilter: [West Europa, Exchange Onlin, 12076:70000, 65000:1]
         |                     ^^^^^^^^^^^
         |
         = help: did you mean West Europe?
      help: write West Europe (check before applying)
         |
      38 -       routeFilter: [West Europa, Exchange Onlin, 12076:70000, 65000:1]
      38 +       routeFilter: [West Europe, Exchange Onlin, 12076:70000, 65000:1]
      error[estate/unknown-route-filter-entry]: there is no Azure region or service "Exchange Onlin"
        --> estate.yaml:38:34
         |
      38 |       routeFilter: [West Europa, Exchange Onlin, 12076:70000, 65000:1]
         |                                  ^^^^^^^^^^^^^^
         |
         = help: did you mean Exchange Online?
      help: write Exchange Online (check before applying)
         |
      38 -       routeFilter: [West Europa, Exchange Onlin, 12076:70000, 65000:1]
      38 +       routeFilter: [West Europa, Exchange Online, 12076:70000, 65000:1]
      error[estate/bad-community]: "12076:70000" is no community: each half goes up to 65535
        --> estate.yaml:38:50
         |
      38 |       routeFilter: [West Europa, Exchange Onlin, 12076:70000, 65000:1]
         |                                                  ^^^^^^^^^^^
      warning[estate/unknown-community]: 65000:1 is not a community of Microsoft's
        --> estate.yaml:38:63
         |
      38 |       routeFilter: [West Europa, Exchange Onlin, 12076:70000, 65000:1]
         |                                                               ^^^^^^^
         |
         = why: a route filter lists values that Microsoft attaches to its routes, and those begin with
                12076
         = help: write an Azure region or a service by name
      "
    `);
  });
});

describe("rules of Microsoft's side that the document alone can break", () => {
  it('an environment in another cloud', () => {
    expect(check(changed(['region: Europe', 'region: GCC']))).toMatchInlineSnapshot(`
      "
      error[estate/cloud-mismatch]: region US Government Community Cloud (GCC) is in the US Government
        cloud, the organisation in the public cloud
       --> estate.yaml:9:25
        |
      9 |   production: { region: GCC }          # Power Platform geography: West Europe and North Europe
        |                         ^^^
       ::: estate.yaml:4:1
        |
      4 | organisation:
        | ------------ the organisation's cloud
        |
        = why: no circuit of one cloud carries traffic of another
        = help: set cloud: usgov under organisation, or choose a region of the public cloud
        = see: ER-027, PP-C13
      "
    `);
  });

  it('a peering location in another cloud', () => {
    expect(check(changed(['location: Frankfurt', 'location: Beijing']))).toMatchInlineSnapshot(`
      "
      error[estate/cloud-mismatch]: Beijing is a peering location of the China cloud, the organisation is
        in the public cloud
        --> estate.yaml:28:15
         |
      28 |     location: Beijing
         |               ^^^^^^^
        ::: estate.yaml:4:1
         |
       4 | organisation:
         | ------------ the organisation's cloud
         |
         = why: no circuit of one cloud carries traffic of another
         = help: choose a location of the public cloud
         = see: ER-027, PP-C13
      "
    `);
  });

  it('a route filter entry of another cloud', () => {
    expect(check(changed(['[West Europe, North Europe]', '[US Gov Virginia]']))).toMatchInlineSnapshot(`
      "
      error[estate/cloud-mismatch]: US Gov Virginia is in the US Government cloud, the organisation is in
        the public cloud
        --> estate.yaml:38:21
         |
      38 |       routeFilter: [US Gov Virginia]
         |                     ^^^^^^^^^^^^^^^
        ::: estate.yaml:4:1
         |
       4 | organisation:
         | ------------ the organisation's cloud
         |
         = help: a circuit carries traffic of its own cloud only
         = see: ER-027, PP-C13
      "
    `);
  });

  it('a bandwidth that is not offered', () => {
    expect(check(changed(['bandwidth: 500 Mbps', 'bandwidth: 300 Mbps']))).toMatchInlineSnapshot(`
      "
      error[estate/bandwidth-step]: there is no circuit of 300 Mbps through a provider
        --> estate.yaml:32:16
         |
      32 |     bandwidth: 300 Mbps
         |                ^^^^^^^^
         |
         = help: the steps are 50 Mbps, 100 Mbps, 200 Mbps, 500 Mbps, 1 Gbps, 2 Gbps, 5 Gbps, 10 Gbps
         = see: ER-011
      help: write 500 Mbps (check before applying)
         |
      32 -     bandwidth: 300 Mbps
      32 +     bandwidth: 500 Mbps
      "
    `);
  });

  it('a local circuit with metered billing', () => {
    expect(check(changed(['sku: standard', 'sku: local']))).toMatchInlineSnapshot(`
      "
      error[estate/local-is-unlimited]: a local circuit cannot have metered billing
        --> estate.yaml:31:14
         |
      31 |     billing: metered
         |              ^^^^^^^
         |
         = help: write unlimited, or choose another SKU
         = see: ER-021
      help: write unlimited (safe to apply)
         |
      31 -     billing: metered
      31 +     billing: unlimited
      "
    `);
  });

  it('a VLAN id out of range', () => {
    expect(check(changed(['vlan: 100', 'vlan: 4095']))).toMatchInlineSnapshot(`
      "
      error[estate/bad-vlan]: 4095 is not between 1 and 4094
        --> estate.yaml:35:13
         |
      35 |       vlan: 4095
         |             ^^^^
         |
         = help: write a number from 1 to 4094
      "
    `);
  });

  it('a private AS number', () => {
    expect(check(changed(['asn: 64500', 'asn: 64600']))).toMatchInlineSnapshot(`
      "
      warning[estate/private-asn]: AS 64600 is private
       --> estate.yaml:6:8
        |
      6 |   asn: 64600
        |        ^^^^^
        |
        = why: Microsoft peering with a private number always goes through validation by hand
        = help: use a public AS number, or plan for the validation
        = see: ER-051
      "
    `);
  });

  it("an AS number of Microsoft's", () => {
    expect(check(changed(['asn: 64500', 'asn: 65515']))).toMatchInlineSnapshot(`
      "
      error[estate/reserved-asn]: AS 65515 belongs to Microsoft
       --> estate.yaml:6:8
        |
      6 |   asn: 65515
        |        ^^^^^
        |
        = why: 65515 to 65520 are reserved by Microsoft
        = help: write the public AS number of your own side
        = see: ER-049
      "
    `);
  });

  it('no AS number at all', () => {
    expect(check(changed(['  asn: 64500\n', '']))).toMatchInlineSnapshot(`
      "
      error[estate/missing-asn]: Microsoft peering needs an AS number and neither it nor the organisation
        has one
        --> estate.yaml:33:5
         |
      33 |     microsoftPeering:
         |     ^^^^^^^^^^^^^^^^
         |
         = help: add asn under organisation, or here
         = see: ER-046
      "
    `);
  });

  it('more prefixes than a session takes', () => {
    expect(
      check(
        changed([
          'advertises: [203.0.113.0/28]',
          `advertises: [${Array.from({ length: 201 }, (_, at) => `8.8.${at}.0/24`).join(', ')}]`,
        ]),
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/too-many-prefixes]: 201 IPv4 prefixes are advertised on Microsoft peering, 200 are
        accepted
        --> estate.yaml:37:7
         |
      37 |       advertises: [8.8.0.0/24, 8.8.1.0/24, 8.8.2.0/24, 8.8.3.0/24, 8.8.4.0/24, 8.8.5.0/24, 8.…
         |       ^^^^^^^^^^
         |
         = why: one more than the limit takes the whole session down
         = help: advertise fewer, larger prefixes
         = see: ER-028, ER-030
      "
    `);
  });
});

describe('sites that demands start at', () => {
  const gateway =
    'dataGateways:\n  erp: { site: dc, members: 2, clients: 10.30.0.0/28, dataSources: { erp: SQL Server } }\n\ndemands:\n';

  it('a site that nothing can come from', () => {
    expect(check(changed(['from: [hq, branch]', 'from: [hq, dc]']))).toContain('estate/no-clients');
  });

  it('servers may be all there is', () => {
    const servers = ['dc: { city: Frankfurt }', 'dc: { city: Frankfurt, servers: 10.30.0.0/24 }'] as const;
    expect(check(changed(servers, ['from: [hq, branch]', 'from: [hq, dc]']))).not.toContain('estate/no-clients');
  });

  it('so may a data gateway', () => {
    expect(check(changed(['demands:\n', gateway], ['from: [hq, branch]', 'from: [hq, dc]']))).not.toContain(
      'estate/no-clients',
    );
  });
});
