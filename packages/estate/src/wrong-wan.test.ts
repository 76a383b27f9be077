/** What the loader says when something about the WAN or the edges is wrong. */
import { describe, expect, it } from 'vitest';
import { broken } from '../test/full-example.ts';

describe('the WAN', () => {
  it('clouds and their members', () => {
    expect(
      broken(
        [
          'members: { dc: { bandwidth: 1 Gbps, latency: 2 ms }, hq: }',
          'members: { dcc: { bandwidth: 1 Gpbs }, factory: }',
        ],
        ['kind: sdwan, members: [hq, dc]', 'kind: sdwn, members: [hq, hq, oslo, nowhere]'],
        ['loss: 0.1 %', 'loss: 0.1'],
        ['utilisation: 35 %', 'utilisation: 135 %'],
        ['monthlyCost: 2500 EUR', 'monthlyCost: 2500'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/member-twice]: site factory is a member of mpls twice
        --> contoso/estate.yaml:44:18
         |
      44 | …mpls: { bandwidth: 20 Mbps, latency: 14 ms, loss: 0.5 %, utilisation: 60 %, cost: 20 } }
         |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        ::: contoso/estate.yaml:73:44
         |
      73 |     members: { dcc: { bandwidth: 1 Gpbs }, factory: }
         |                                            ------- the first time
         |
         = help: name it once, here or at the site
      error[estate/bad-percentage]: "0.1" has no percent sign
        --> contoso/estate.yaml:63:11
         |
      63 |     loss: 0.1
         |           ^^^
         |
         = help: write the sign, e.g. 35 %
      error[estate/bad-percentage]: "135 %" is not between 0 % and 100 %
        --> contoso/estate.yaml:64:18
         |
      64 |     utilisation: 135 %
         |                  ^^^^^
         |
         = help: write a value between 0 % and 100 %
      error[estate/bad-amount]: "2500" has no currency
        --> contoso/estate.yaml:67:18
         |
      67 |     monthlyCost: 2500
         |                  ^^^^
         |
         = help: write an amount and a currency, e.g. 450 EUR
      error[estate/unknown-site]: there is no site "dcc"
        --> contoso/estate.yaml:73:16
         |
      73 |     members: { dcc: { bandwidth: 1 Gpbs }, factory: }
         |                ^^^
         |
         = help: did you mean dc?
      help: rename it to dc (check before applying)
         |
      73 -     members: { dcc: { bandwidth: 1 Gpbs }, factory: }
      73 +     members: { dc: { bandwidth: 1 Gpbs }, factory: }
      error[estate/bad-bandwidth]: "Gpbs" is not a unit of bandwidth
        --> contoso/estate.yaml:73:34
         |
      73 |     members: { dcc: { bandwidth: 1 Gpbs }, factory: }
         |                                  ^^^^^^
         |
         = help: did you mean 1 Gbps?
      help: write 1 Gbps (check before applying)
         |
      73 -     members: { dcc: { bandwidth: 1 Gpbs }, factory: }
      73 +     members: { dcc: { bandwidth: 1 Gbps }, factory: }
      error[estate/wrong-choice]: kind of WAN link overlay cannot be "sdwn"
        --> contoso/estate.yaml:77:20
         |
      77 |   overlay: { kind: sdwn, members: [hq, hq, oslo, nowhere], encrypted: true, optimised: true }
         |                    ^^^^
         |
         = help: did you mean sdwan?
      help: write sdwan (check before applying)
         |
      77 -   overlay: { kind: sdwn, members: [hq, hq, oslo, nowhere], encrypted: true, optimised: true }
      77 +   overlay: { kind: sdwan, members: [hq, hq, oslo, nowhere], encrypted: true, optimised: true }
      error[estate/member-twice]: site hq is a member of overlay twice
        --> contoso/estate.yaml:77:40
         |
      77 |   overlay: { kind: sdwn, members: [hq, hq, oslo, nowhere], encrypted: true, optimised: true }
         |                                        ^^
        ::: contoso/estate.yaml:77:36
         |
      77 |   overlay: { kind: sdwn, members: [hq, hq, oslo, nowhere], encrypted: true, optimised: true }
         |                                    -- the first time
         |
         = help: name it once, here or at the site
      error[estate/unknown-site]: there is no site "nowhere"
        --> contoso/estate.yaml:77:50
         |
      77 |   overlay: { kind: sdwn, members: [hq, hq, oslo, nowhere], encrypted: true, optimised: true }
         |                                                  ^^^^^^^
         |
         = help: known: hq, factory, dc, lyon, graz, oslo
      "
    `);
  });

  it('optimised by how much', () => {
    expect(broken(['encrypted: true, optimised: true', 'encrypted: true, optimised: 30 %'])).toMatchInlineSnapshot(`
      "
      error[estate/not-yes-or-no]: "30 %" is neither true nor false
        --> contoso/estate.yaml:77:74
         |
      77 |   overlay: { kind: sdwan, members: [hq, dc], encrypted: true, optimised: 30 % }
         |                                                                          ^^^^
         |
         = help: write true or false
      "
    `);
  });

  it('something between a link and a cloud', () => {
    expect(
      broken(['between: [hq, dc]\n    kind: link', 'between: [hq, dc]\n    kind: ipvpn\n    asn: 64499']),
    ).toMatchInlineSnapshot(`
      "
      error[estate/not-of-a-link]: a link between two sites has no kind
        --> contoso/estate.yaml:60:5
         |
      60 |     kind: ipvpn
         |     ^^^^
         |
         = help: take kind away, or write members instead of between
      error[estate/not-of-a-link]: a link between two sites has no asn
        --> contoso/estate.yaml:61:5
         |
      61 |     asn: 64499
         |     ^^^
         |
         = help: take asn away, or write members instead of between
      "
    `);
    expect(broken(['wan: { mpls: {', 'wan: { dark-fibre: {'])).toMatchInlineSnapshot(`
      "
      error[estate/not-a-cloud]: dark-fibre is a link between two sites, not a network that more can join
        --> contoso/estate.yaml:44:24
         |
      44 | …ibre: { bandwidth: 20 Mbps, latency: 14 ms, loss: 0.5 %, utilisation: 60 %, cost: 20 } }
         |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        ::: contoso/estate.yaml:58:3
         |
      58 |   dark-fibre:
         |   ---------- the link
         |
         = help: name a WAN entry with members, or add another link
      "
    `);
    expect(broken(['    between: [hq, dc]\n    kind: link', '    kind: link'])).toMatchInlineSnapshot(`
      "
      error[estate/not-two]: a WAN link joins two sites, here are 0
        --> contoso/estate.yaml:58:3
         |
      58 |   dark-fibre:
         |   ^^^^^^^^^^
         |
         = help: write [one-site, other-site]; a link for every further pair
      "
    `);
  });
});

describe('firewalls and edges', () => {
  it('the quality of a line to the internet', () => {
    expect(
      broken(['latency: 3 ms, loss: 0.2 %, utilisation: 45 %', 'latency: 3, loss: 0.2, utilisation: 145 %']),
    ).toMatchInlineSnapshot(`
      "
      error[estate/bad-duration]: "3" has no unit
         --> contoso/estate.yaml:102:75
          |
      102 |   inet-hq: { site: hq, firewall: fw-hq, nat: [198.51.100.64/28], latency: 3, loss: 0.2, util…
          |                                                                           ^
          |
          = help: write the unit, e.g. 12 ms or 3 s
      error[estate/bad-percentage]: "0.2" has no percent sign
         --> contoso/estate.yaml:102:84
          |
      102 |   inet-hq: { site: hq, firewall: fw-hq, nat: [198.51.100.64/28], latency: 3, loss: 0.2, util…
          |                                                                                    ^^^
          |
          = help: write the sign, e.g. 35 %
      error[estate/bad-percentage]: "145 %" is not between 0 % and 100 %
         --> contoso/estate.yaml:102:102
          |
      102 | …4/28], latency: 3, loss: 0.2, utilisation: 145 % }
          |                                             ^^^^^
          |
          = help: write a value between 0 % and 100 %
      "
    `);
  });

  it('rules and permits', () => {
    expect(
      broken(
        ['permitInbound: [mail, federation]', 'permitInbound: [mial, federation]'],
        ['action: deny, zone: outside', 'action: drop, zone: outsid'],
        ['ports: [443, udp/3478-3481]', 'ports: [443, udp/3481-3478, https, 70000]'],
        ['from: [10.10.0.0/16], ports', 'from: [10.10.0.0], port'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/unknown-service]: there is no service "mial"
        --> contoso/estate.yaml:84:21
         |
      84 |     permitInbound: [mial, federation]
         |                     ^^^^
         |
         = help: did you mean mail?
      help: write mail (check before applying)
         |
      84 -     permitInbound: [mial, federation]
      84 +     permitInbound: [mail, federation]
      error[estate/wrong-choice]: action of rule 1 of firewall fw-inet cannot be "drop"
        --> contoso/estate.yaml:86:19
         |
      86 |       - { action: drop, zone: outsid, to: 10.30.0.128/25 }
         |                   ^^^^
         |
         = help: write allow or deny
      error[estate/wrong-choice]: zone of rule 1 of firewall fw-inet cannot be "outsid"
        --> contoso/estate.yaml:86:31
         |
      86 |       - { action: drop, zone: outsid, to: 10.30.0.128/25 }
         |                               ^^^^^^
         |
         = help: did you mean outside?
      help: write outside (check before applying)
         |
      86 -       - { action: drop, zone: outsid, to: 10.30.0.128/25 }
      86 +       - { action: drop, zone: outside, to: 10.30.0.128/25 }
      error[estate/bad-prefix]: "10.10.0.0" has no prefix length
        --> contoso/estate.yaml:87:47
         |
      87 |       - { action: allow, zone: inside, from: [10.10.0.0], port: [443, udp/3481-3478, https, 7…
         |                                               ^^^^^^^^^
         |
         = help: write 10.10.0.0/32 for this one address
      error[estate/unknown-key]: rule 2 of firewall fw-inet has no key "port"
        --> contoso/estate.yaml:87:59
         |
      87 |       - { action: allow, zone: inside, from: [10.10.0.0], port: [443, udp/3481-3478, https, 7…
         |                                                           ^^^^
         |
         = help: did you mean ports?
      help: rename it to ports (check before applying)
         |
      87 -       - { action: allow, zone: inside, from: [10.10.0.0], port: [443, udp/3481-3478, https, 7…
      87 +       - { action: allow, zone: inside, from: [10.10.0.0], ports: [443, udp/3481-3478, https, …
      "
    `);
  });

  it('an edge nowhere, in two places, and on something that is no cloud', () => {
    expect(broken(['er-provider: { cloud: mpls,', 'er-provider: {'])).toMatchInlineSnapshot(`
      "
      error[estate/missing-key]: ExpressRoute edge er-provider has no site
         --> contoso/estate.yaml:106:3
          |
      106 |   er-provider: { firewall: none, nat: 203.0.113.16/28 }
          |   ^^^^^^^^^^^
          |
          = help: add site, or cloud when the provider of an IP VPN runs the edge
      "
    `);
    expect(broken(['er-provider: { cloud: mpls,', 'er-provider: { cloud: mpls, site: dc,'])).toMatchInlineSnapshot(`
      "
      error[estate/one-of-two]: an ExpressRoute edge stands at a site or on a cloud, not on both
         --> contoso/estate.yaml:106:25
          |
      106 |   er-provider: { cloud: mpls, site: dc, firewall: none, nat: 203.0.113.16/28 }
          |                         ^^^^
         ::: contoso/estate.yaml:106:37
          |
      106 |   er-provider: { cloud: mpls, site: dc, firewall: none, nat: 203.0.113.16/28 }
          |                                     -- the site
          |
          = help: take one of them away
      "
    `);
    expect(broken(['er-provider: { cloud: mpls,', 'er-provider: { cloud: overlay,'])).toMatchInlineSnapshot(`
      "
      error[estate/not-a-cloud]: overlay is not an IP VPN
         --> contoso/estate.yaml:106:25
          |
      106 |   er-provider: { cloud: overlay, firewall: none, nat: 203.0.113.16/28 }
          |                         ^^^^^^^
         ::: contoso/estate.yaml:77:3
          |
       77 |   overlay: { kind: sdwan, members: [hq, dc], encrypted: true, optimised: true }
          |   ------- overlay
          |
          = help: an ExpressRoute edge stands on an any-to-any network of a provider, or at a site
      "
    `);
    expect(broken(['er-provider: { cloud: mpls,', 'er-provider: { cloud: mlps,'])).toMatchInlineSnapshot(`
      "
      error[estate/unknown-wan-cloud]: there is no WAN cloud "mlps"
         --> contoso/estate.yaml:106:25
          |
      106 |   er-provider: { cloud: mlps, firewall: none, nat: 203.0.113.16/28 }
          |                         ^^^^
          |
          = help: did you mean mpls?
      help: write mpls (check before applying)
          |
      106 -   er-provider: { cloud: mlps, firewall: none, nat: 203.0.113.16/28 }
      106 +   er-provider: { cloud: mpls, firewall: none, nat: 203.0.113.16/28 }
      "
    `);
  });
});
