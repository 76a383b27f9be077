/** What the loader says about each kind of the complete document when something in it is wrong. */
import { describe, expect, it } from 'vitest';
import { check } from '../test/check.ts';
import { fullExample, fullFiles } from '../test/full-example.ts';

const [, ...attachments] = fullFiles;

/** The findings of the full example with some things changed; each must be there. */
function broken(...changes: readonly (readonly [from: string, to: string])[]): string {
  const text = changes.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replace(from, to);
  }, fullExample);
  return check({ name: 'contoso/estate.yaml', text }, ...attachments);
}

describe('the organisation and environments', () => {
  it('choices and names that do not exist', () => {
    expect(
      broken(
        ['services: [exchange, teams]', 'services: [exchange, skype]'],
        ['products: [power-apps,', 'products: [power-aps,'],
        ['type: production', 'type: live'],
        ['[west/power-platform, north/power-platform]', '[west/apps, west/power-platfrom, nort/power-platform, spoke]'],
        ['powerPages: { cdn: true', 'powerPages: { cdm: true'],
        ['ipFirewall: [198.51.100.0/24,', 'ipFirewall: [198.51.100.1/24,'],
        ['recovery: true', 'recovery: yes'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/wrong-choice]: services of Microsoft 365 of the organisation cannot be "skype"
       --> contoso/estate.yaml:9:80
        |
      9 |   microsoft365: { authorised: true, tenantRegion: Europe, services: [exchange, skype] }
        |                                                                                ^^^^^
        |
        = help: write exchange, sharepoint or teams
      error[estate/wrong-choice]: type of environment production cannot be "live"
        --> contoso/estate.yaml:16:11
         |
      16 |     type: live
         |           ^^^^
         |
         = help: write production, sandbox, developer, trial, teams or default
      error[estate/not-delegated]: subnet apps of west is not delegated to Power Platform
         --> contoso/estate.yaml:18:19
          |
       18 |     vnetSupport: [west/apps, west/power-platfrom, nort/power-platform, spoke]
          |                   ^^^^^^^^^
         ::: contoso/estate.yaml:171:15
          |
      171 |         apps: 10.100.0.0/24
          |               ------------- the subnet
          |
          = help: write delegated: true at the subnet, or name another one
      error[estate/unknown-subnet]: virtual network west has no subnet "power-platfrom"
        --> contoso/estate.yaml:18:30
         |
      18 |     vnetSupport: [west/apps, west/power-platfrom, nort/power-platform, spoke]
         |                              ^^^^^^^^^^^^^^^^^^^
         |
         = help: did you mean west/power-platform?
      help: write west/power-platform (check before applying)
         |
      18 -     vnetSupport: [west/apps, west/power-platfrom, nort/power-platform, spoke]
      18 +     vnetSupport: [west/apps, west/power-platform, nort/power-platform, spoke]
      error[estate/unknown-virtual-network]: there is no virtual network "nort"
        --> contoso/estate.yaml:18:51
         |
      18 |     vnetSupport: [west/apps, west/power-platfrom, nort/power-platform, spoke]
         |                                                   ^^^^^^^^^^^^^^^^^^^
         |
         = help: did you mean north/power-platform?
      help: write north/power-platform (check before applying)
         |
      18 -     vnetSupport: [west/apps, west/power-platfrom, nort/power-platform, spoke]
      18 +     vnetSupport: [west/apps, west/power-platfrom, north/power-platform, spoke]
      error[estate/bad-subnet-name]: "spoke" is not the name of a network and of a subnet
        --> contoso/estate.yaml:18:72
         |
      18 |     vnetSupport: [west/apps, west/power-platfrom, nort/power-platform, spoke]
         |                                                                        ^^^^^
         |
         = help: write network/subnet, e.g. hub-west/power-platform
      error[estate/wrong-choice]: products of environment production cannot be "power-aps"
        --> contoso/estate.yaml:19:16
         |
      19 |     products: [power-aps, dataverse, power-pages]
         |                ^^^^^^^^^
         |
         = help: did you mean power-apps?
      help: write power-apps (check before applying)
         |
      19 -     products: [power-aps, dataverse, power-pages]
      19 +     products: [power-apps, dataverse, power-pages]
      error[estate/bad-prefix]: "198.51.100.1/24" has bits set after its first 24
        --> contoso/estate.yaml:20:18
         |
      20 |     ipFirewall: [198.51.100.1/24, 2001:db8:ffff::/48]
         |                  ^^^^^^^^^^^^^^^
         |
         = help: the prefix is 198.51.100.0/24; the address alone is 198.51.100.1/32
      help: write 198.51.100.0/24 (check before applying)
         |
      20 -     ipFirewall: [198.51.100.1/24, 2001:db8:ffff::/48]
      20 +     ipFirewall: [198.51.100.0/24, 2001:db8:ffff::/48]
      error[estate/unknown-key]: powerPages of environment production has no key "cdm"
        --> contoso/estate.yaml:21:19
         |
      21 |     powerPages: { cdm: true, waf: false }
         |                   ^^^
         |
         = help: did you mean cdn?
      help: rename it to cdn (check before applying)
         |
      21 -     powerPages: { cdm: true, waf: false }
      21 +     powerPages: { cdn: true, waf: false }
      error[estate/not-yes-or-no]: "yes" is neither true nor false
        --> contoso/estate.yaml:22:15
         |
      22 |     recovery: yes
         |               ^^^
         |
         = help: write true or false
      help: write true (safe to apply)
         |
      22 -     recovery: yes
      22 +     recovery: true
      "
    `);
  });

  it('a delegated subnet in another region', () => {
    expect(broken(['region: northeurope', 'region: France Central'])).toMatchInlineSnapshot(`
      "
      error[estate/network-elsewhere]: virtual network north is in France Central, environment production
        is not
         --> contoso/estate.yaml:18:40
          |
       18 |     vnetSupport: [west/power-platform, north/power-platform]
          |                                        ^^^^^^^^^^^^^^^^^^^^
         ::: contoso/estate.yaml:185:15
          |
      185 |       region: France Central
          |               -------------- the network
          |
          = why: containers run in the regions of the environment, and their subnets have to be there
          = help: name subnets in West Europe, North Europe
      "
    `);
  });
});

describe('sites', () => {
  it('names, codes and coordinates', () => {
    expect(
      broken(
        ['    country: DE\n    users: 900', '    country: FR\n    users: 900'],
        ['location: [47.5, 9.7]', 'location: [47.5, 190]'],
        ['{ latitude: 50.11, longitude: 8.68 }', '[50.11]'],
        ['resolver: dc', 'resolver: dcc'],
        ['proxy: web-proxy', 'proxy: web-proxi'],
        ['{ flows: [PP-F16], edge: inet-hq }', '{ flows: [PP-F16], edge: inet-qh }'],
        ['country: DE }', 'country: Germany }'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/wrong-country]: Munich is in DE, not in FR
        --> contoso/estate.yaml:29:14
         |
      29 |     country: FR
         |              ^^
         |
         = help: write DE, or give the location of another Munich
      help: write DE (check before applying)
         |
      29 -     country: FR
      29 +     country: DE
      error[estate/unknown-edge]: there is no edge "inet-qh"
        --> contoso/estate.yaml:35:34
         |
      35 |       - { flows: [PP-F16], edge: inet-qh }
         |                                  ^^^^^^^
         |
         = help: did you mean inet-hq?
      help: write inet-hq (check before applying)
         |
      35 -       - { flows: [PP-F16], edge: inet-qh }
      35 +       - { flows: [PP-F16], edge: inet-hq }
      error[estate/unknown-site]: there is no site "dcc"
        --> contoso/estate.yaml:37:15
         |
      37 |     resolver: dcc
         |               ^^^
         |
         = help: did you mean dc?
      help: write dc (check before applying)
         |
      37 -     resolver: dcc
      37 +     resolver: dc
      error[estate/unknown-proxy]: there is no proxy "web-proxi"
        --> contoso/estate.yaml:38:12
         |
      38 |     proxy: web-proxi
         |            ^^^^^^^^^
         |
         = help: did you mean web-proxy?
      help: write web-proxy (check before applying)
         |
      38 -     proxy: web-proxi
      38 +     proxy: web-proxy
      error[estate/bad-number]: 190 is not between -180 and 180
        --> contoso/estate.yaml:41:22
         |
      41 |     location: [47.5, 190]
         |                      ^^^
         |
         = help: north and east are positive, south and west negative
      error[estate/wrong-kind]: location of site dc must be a map, not a list
        --> contoso/estate.yaml:53:15
         |
      53 |     location: [50.11]
         |               ^^^^^^^
         |
         = help: write [latitude, longitude]
      error[estate/bad-country]: "Germany" is not a country code
         --> contoso/estate.yaml:236:61
          |
      236 |   home: { kind: roaming, users: 300, city: Berlin, country: Germany }
          |                                                             ^^^^^^^
          |
          = help: write the two letters of ISO 3166-1, e.g. DE
      "
    `);
  });

  it('proxy scripts', () => {
    expect(broken(['{ from: proxy.pac }', '{ from: proxy.pca }'])).toMatchInlineSnapshot(`
      "
      error[estate/wrong-file]: "proxy.pca" is not a proxy script
        --> contoso/estate.yaml:39:18
         |
      39 |     pac: { from: proxy.pca }
         |                  ^^^^^^^^^
         |
         = help: name a .pac, .dat or .js file
      note[estate/unused-file]: nothing in the document refers to contoso/proxy.pac
       --> contoso/proxy.pac:1:1
        |
      1 | function FindProxyForURL(url, host) {
        | ^
        |
        = help: write pac: { from: ... } at a site
      "
    `);
    expect(broken(['{ from: proxy.pac }', 'proxy.pac'])).toMatchInlineSnapshot(`
      "
      error[estate/not-a-script]: this is not a proxy script
        --> contoso/estate.yaml:39:10
         |
      39 |     pac: proxy.pac
         |          ^^^^^^^^^
         |
         = help: to name a file, write pac: { from: proxy.pac }; a script has a function FindProxyForURL
      note[estate/unused-file]: nothing in the document refers to contoso/proxy.pac
       --> contoso/proxy.pac:1:1
        |
      1 | function FindProxyForURL(url, host) {
        | ^
        |
        = help: write pac: { from: ... } at a site
      "
    `);
    expect(broken(['{ from: proxy.pac }', '{ from: proxi.pac }'])).toMatchInlineSnapshot(`
      "
      error[estate/missing-file]: there is no file "contoso/proxi.pac"
        --> contoso/estate.yaml:39:18
         |
      39 |     pac: { from: proxi.pac }
         |                  ^^^^^^^^^
         |
         = help: put it beside the document
      note[estate/unused-file]: nothing in the document refers to contoso/proxy.pac
       --> contoso/proxy.pac:1:1
        |
      1 | function FindProxyForURL(url, host) {
        | ^
        |
        = help: write pac: { from: ... } at a site
      "
    `);
    expect(broken(['{ from: proxy.pac }', '{ from: proxy.pac, text: x }'])).toMatchInlineSnapshot(`
      "
      error[estate/text-or-file]: a proxy script is given twice
        --> contoso/estate.yaml:39:10
         |
      39 |     pac: { from: proxy.pac, text: x }
         |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
         |
         = help: write the script itself, or from: and the name of a file
      note[estate/unused-file]: nothing in the document refers to contoso/proxy.pac
       --> contoso/proxy.pac:1:1
        |
      1 | function FindProxyForURL(url, host) {
        | ^
        |
        = help: write pac: { from: ... } at a site
      "
    `);
  });

  it('a resolver called public, a group called all', () => {
    expect(
      broken(
        ['  dc:\n    city', '  public:\n  dc:\n    city'],
        ['  home: {', '  all: {'],
        ['factory, home]', 'factory]'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/reserved-name]: "public" cannot be a name of one of the sites
        --> contoso/estate.yaml:51:3
         |
      51 |   public:
         |   ^^^^^^
         |
         = help: choose another name; "public" stands for a resolver on the internet
      error[estate/reserved-name]: "all" cannot be a name of one of the users
         --> contoso/estate.yaml:237:3
          |
      237 |   all: { kind: roaming, users: 300, city: Berlin, country: DE }
          |   ^^^
          |
          = help: choose another name; "all" stands for every one of them
      "
    `);
  });
});

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
        ::: contoso/estate.yaml:72:44
         |
      72 |     members: { dcc: { bandwidth: 1 Gpbs }, factory: }
         |                                            ------- the first time
         |
         = help: name it once, here or at the site
      error[estate/bad-percentage]: "0.1" has no percent sign
        --> contoso/estate.yaml:62:11
         |
      62 |     loss: 0.1
         |           ^^^
         |
         = help: write the sign, e.g. 35 %
      error[estate/bad-percentage]: "135 %" is not between 0 % and 100 %
        --> contoso/estate.yaml:63:18
         |
      63 |     utilisation: 135 %
         |                  ^^^^^
         |
         = help: write a value between 0 % and 100 %
      error[estate/bad-amount]: "2500" has no currency
        --> contoso/estate.yaml:66:18
         |
      66 |     monthlyCost: 2500
         |                  ^^^^
         |
         = help: write an amount and a currency, e.g. 450 EUR
      error[estate/unknown-site]: there is no site "dcc"
        --> contoso/estate.yaml:72:16
         |
      72 |     members: { dcc: { bandwidth: 1 Gpbs }, factory: }
         |                ^^^
         |
         = help: did you mean dc?
      help: rename it to dc (check before applying)
         |
      72 -     members: { dcc: { bandwidth: 1 Gpbs }, factory: }
      72 +     members: { dc: { bandwidth: 1 Gpbs }, factory: }
      error[estate/bad-bandwidth]: "Gpbs" is not a unit of bandwidth
        --> contoso/estate.yaml:72:34
         |
      72 |     members: { dcc: { bandwidth: 1 Gpbs }, factory: }
         |                                  ^^^^^^
         |
         = help: did you mean 1 Gbps?
      help: write 1 Gbps (check before applying)
         |
      72 -     members: { dcc: { bandwidth: 1 Gpbs }, factory: }
      72 +     members: { dcc: { bandwidth: 1 Gbps }, factory: }
      error[estate/wrong-choice]: kind of WAN link overlay cannot be "sdwn"
        --> contoso/estate.yaml:76:20
         |
      76 |   overlay: { kind: sdwn, members: [hq, hq, oslo, nowhere], encrypted: true }
         |                    ^^^^
         |
         = help: did you mean sdwan?
      help: write sdwan (check before applying)
         |
      76 -   overlay: { kind: sdwn, members: [hq, hq, oslo, nowhere], encrypted: true }
      76 +   overlay: { kind: sdwan, members: [hq, hq, oslo, nowhere], encrypted: true }
      error[estate/member-twice]: site hq is a member of overlay twice
        --> contoso/estate.yaml:76:40
         |
      76 |   overlay: { kind: sdwn, members: [hq, hq, oslo, nowhere], encrypted: true }
         |                                        ^^
        ::: contoso/estate.yaml:76:36
         |
      76 |   overlay: { kind: sdwn, members: [hq, hq, oslo, nowhere], encrypted: true }
         |                                    -- the first time
         |
         = help: name it once, here or at the site
      error[estate/unknown-site]: there is no site "nowhere"
        --> contoso/estate.yaml:76:50
         |
      76 |   overlay: { kind: sdwn, members: [hq, hq, oslo, nowhere], encrypted: true }
         |                                                  ^^^^^^^
         |
         = help: known: hq, factory, dc, lyon, graz, oslo
      "
    `);
  });

  it('something between a link and a cloud', () => {
    expect(
      broken(['between: [hq, dc]\n    kind: link', 'between: [hq, dc]\n    kind: ipvpn\n    asn: 64499']),
    ).toMatchInlineSnapshot(`
      "
      error[estate/not-of-a-link]: a link between two sites has no kind
        --> contoso/estate.yaml:59:5
         |
      59 |     kind: ipvpn
         |     ^^^^
         |
         = help: take kind away, or write members instead of between
      error[estate/not-of-a-link]: a link between two sites has no asn
        --> contoso/estate.yaml:60:5
         |
      60 |     asn: 64499
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
        ::: contoso/estate.yaml:57:3
         |
      57 |   dark-fibre:
         |   ---------- the link
         |
         = help: name a WAN entry with members, or add another link
      "
    `);
    expect(broken(['    between: [hq, dc]\n    kind: link', '    kind: link'])).toMatchInlineSnapshot(`
      "
      error[estate/not-two]: a WAN link joins two sites, here are 0
        --> contoso/estate.yaml:57:3
         |
      57 |   dark-fibre:
         |   ^^^^^^^^^^
         |
         = help: write [one-site, other-site]; a link for every further pair
      "
    `);
  });
});

describe('firewalls and edges', () => {
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
        --> contoso/estate.yaml:83:21
         |
      83 |     permitInbound: [mial, federation]
         |                     ^^^^
         |
         = help: did you mean mail?
      help: write mail (check before applying)
         |
      83 -     permitInbound: [mial, federation]
      83 +     permitInbound: [mail, federation]
      error[estate/wrong-choice]: action of rule 1 of firewall fw-inet cannot be "drop"
        --> contoso/estate.yaml:85:19
         |
      85 |       - { action: drop, zone: outsid, to: 10.30.0.128/25 }
         |                   ^^^^
         |
         = help: write allow or deny
      error[estate/wrong-choice]: zone of rule 1 of firewall fw-inet cannot be "outsid"
        --> contoso/estate.yaml:85:31
         |
      85 |       - { action: drop, zone: outsid, to: 10.30.0.128/25 }
         |                               ^^^^^^
         |
         = help: did you mean outside?
      help: write outside (check before applying)
         |
      85 -       - { action: drop, zone: outsid, to: 10.30.0.128/25 }
      85 +       - { action: drop, zone: outside, to: 10.30.0.128/25 }
      error[estate/bad-prefix]: "10.10.0.0" has no prefix length
        --> contoso/estate.yaml:86:47
         |
      86 |       - { action: allow, zone: inside, from: [10.10.0.0], port: [443, udp/3481-3478, https, 7…
         |                                               ^^^^^^^^^
         |
         = help: write 10.10.0.0/32 for this one address
      error[estate/unknown-key]: rule 2 of firewall fw-inet has no key "port"
        --> contoso/estate.yaml:86:59
         |
      86 |       - { action: allow, zone: inside, from: [10.10.0.0], port: [443, udp/3481-3478, https, 7…
         |                                                           ^^^^
         |
         = help: did you mean ports?
      help: rename it to ports (check before applying)
         |
      86 -       - { action: allow, zone: inside, from: [10.10.0.0], port: [443, udp/3481-3478, https, 7…
      86 +       - { action: allow, zone: inside, from: [10.10.0.0], ports: [443, udp/3481-3478, https, …
      "
    `);
  });

  it('an edge nowhere, in two places, and on something that is no cloud', () => {
    expect(broken(['er-provider: { cloud: mpls,', 'er-provider: {'])).toMatchInlineSnapshot(`
      "
      error[estate/missing-key]: ExpressRoute edge er-provider has no site
         --> contoso/estate.yaml:105:3
          |
      105 |   er-provider: { firewall: none, nat: 203.0.113.16/28 }
          |   ^^^^^^^^^^^
          |
          = help: add site, or cloud when the provider of an IP VPN runs the edge
      "
    `);
    expect(broken(['er-provider: { cloud: mpls,', 'er-provider: { cloud: mpls, site: dc,'])).toMatchInlineSnapshot(`
      "
      error[estate/one-of-two]: an ExpressRoute edge stands at a site or on a cloud, not on both
         --> contoso/estate.yaml:105:25
          |
      105 |   er-provider: { cloud: mpls, site: dc, firewall: none, nat: 203.0.113.16/28 }
          |                         ^^^^
         ::: contoso/estate.yaml:105:37
          |
      105 |   er-provider: { cloud: mpls, site: dc, firewall: none, nat: 203.0.113.16/28 }
          |                                     -- the site
          |
          = help: take one of them away
      "
    `);
    expect(broken(['er-provider: { cloud: mpls,', 'er-provider: { cloud: overlay,'])).toMatchInlineSnapshot(`
      "
      error[estate/not-a-cloud]: overlay is not an IP VPN
         --> contoso/estate.yaml:105:25
          |
      105 |   er-provider: { cloud: overlay, firewall: none, nat: 203.0.113.16/28 }
          |                         ^^^^^^^
         ::: contoso/estate.yaml:76:3
          |
       76 |   overlay: { kind: sdwan, members: [hq, dc], encrypted: true }
          |   ------- overlay
          |
          = help: an ExpressRoute edge stands on an any-to-any network of a provider, or at a site
      "
    `);
    expect(broken(['er-provider: { cloud: mpls,', 'er-provider: { cloud: mlps,'])).toMatchInlineSnapshot(`
      "
      error[estate/unknown-wan-cloud]: there is no WAN cloud "mlps"
         --> contoso/estate.yaml:105:25
          |
      105 |   er-provider: { cloud: mlps, firewall: none, nat: 203.0.113.16/28 }
          |                         ^^^^
          |
          = help: did you mean mpls?
      help: write mpls (check before applying)
          |
      105 -   er-provider: { cloud: mlps, firewall: none, nat: 203.0.113.16/28 }
      105 +   er-provider: { cloud: mpls, firewall: none, nat: 203.0.113.16/28 }
      "
    `);
  });
});

describe('circuits', () => {
  it('resiliency', () => {
    expect(
      broken(['location: Zurich Metro', 'location: Zurich Metro\n    resiliency: standard']),
    ).toMatchInlineSnapshot(`
      "
      error[estate/no-metro]: a circuit in Zurich Metro has metro resiliency, not standard
         --> contoso/estate.yaml:159:17
          |
      159 |     resiliency: standard
          |                 ^^^^^^^^
          |
          = help: write resiliency: metro, or one of the locations: Zurich, Zurich2
      "
    `);
    expect(broken(['location: Zurich Metro', 'location: Zurich Mtero'])).toMatchInlineSnapshot(`
      "
      error[estate/unknown-peering-location]: there is no peering location "Zurich Mtero"
         --> contoso/estate.yaml:158:15
          |
      158 |     location: Zurich Mtero
          |               ^^^^^^^^^^^^
          |
          = help: did you mean Zurich Metro?
      help: write Zurich Metro (check before applying)
          |
      158 -     location: Zurich Mtero
      158 +     location: Zurich Metro
      "
    `);
    expect(broken(['location: Amsterdam2', 'location: Frankfurt'])).toMatchInlineSnapshot(`
      "
      error[estate/same-location]: circuits er-ams and er-fra end in the same peering location
         --> contoso/estate.yaml:152:3
          |
      152 |   er-ams:
          |   ^^^^^^
         ::: contoso/estate.yaml:109:15
          |
      109 |     location: Frankfurt
          |               --------- the other circuit
          |
          = why: maximum resiliency means that the loss of a peering location is survived
          = help: move one of them to another location
      "
    `);
    expect(broken(['    pairedWith: er-ams\n', ''])).toMatchInlineSnapshot(`
      "
      error[estate/missing-key]: circuit er-fra has maximum resiliency but no pairedWith
         --> contoso/estate.yaml:108:3
          |
      108 |   er-fra:
          |   ^^^^^^
          |
          = help: add pairedWith and the circuit in the other peering location
      "
    `);
    expect(broken(['pairedWith: er-ams', 'pairedWith: er-fra'])).toMatchInlineSnapshot(`
      "
      error[estate/link-to-itself]: circuit er-fra is paired with itself
         --> contoso/estate.yaml:117:17
          |
      117 |     pairedWith: er-fra
          |                 ^^^^^^
          |
          = help: name another circuit
      "
    `);
    expect(broken(['location: Amsterdam2', 'location: Amsterdam2\n    pairedWith: er-metro'])).toMatchInlineSnapshot(`
      "
      error[estate/not-a-couple]: circuit er-fra is paired with er-ams, which is paired with er-metro
         --> contoso/estate.yaml:117:17
          |
      117 |     pairedWith: er-ams
          |                 ^^^^^^
         ::: contoso/estate.yaml:154:17
          |
      154 |     pairedWith: er-metro
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
         --> contoso/estate.yaml:118:5
          |
      118 |     direct: { portSpeed: 10 Gbps, macsec: true }
          |     ^^^^^^
          |
          = help: write model: direct, or take the ports away
      "
    `);
    expect(broken(['portSpeed: 10 Gbps', 'portSpeed: 25 Gbps'])).toMatchInlineSnapshot(`
      "
      error[estate/bandwidth-step]: there are no Direct ports of 25 Gbps
         --> contoso/estate.yaml:118:26
          |
      118 |     direct: { portSpeed: 25 Gbps, macsec: true }
          |                          ^^^^^^^
          |
          = help: the speeds are 10 Gbps, 100 Gbps, 400 Gbps
          = see: ER-012
      "
    `);
    expect(broken(['    bandwidth: 5 Gbps', '    bandwidth: 40 Gbps'])).toMatchInlineSnapshot(`
      "
      error[estate/bandwidth-step]: there is no circuit of 40 Gbps on ExpressRoute Direct
         --> contoso/estate.yaml:114:16
          |
      114 |     bandwidth: 40 Gbps
          |                ^^^^^^^
          |
          = help: the steps are 1 Gbps, 2 Gbps, 5 Gbps, 10 Gbps
          = see: ER-012
      "
    `);
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
         --> contoso/estate.yaml:130:25
          |
      130 |       prepend: { times: 20, asn: 8075 }
          |                         ^^
          |
          = help: write a number from 0 to 16
      error[estate/bad-number]: -1 is not between 0 and 4294967295
         --> contoso/estate.yaml:131:24
          |
      131 |       localPreference: -1
          |                        ^^
          |
          = help: write a number from 0 to 4294967295
      error[estate/short-timer]: the session would be down after 500 ms, before the next keepalive after 1
        s
         --> contoso/estate.yaml:132:15
          |
      132 |       timers: { keepalive: 1 s, hold: 500 ms }
          |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: let the hold time be three times the keepalive time
          = see: ER-056
      error[estate/short-timer]: 1 s is shorter than the shortest time Microsoft takes
         --> contoso/estate.yaml:132:28
          |
      132 |       timers: { keepalive: 1 s, hold: 500 ms }
          |                            ^^^
          |
          = help: write 3 s or more; bfd: true finds a failure faster
          = see: ER-056
      error[estate/short-timer]: 500 ms is shorter than the shortest time Microsoft takes
         --> contoso/estate.yaml:132:39
          |
      132 |       timers: { keepalive: 1 s, hold: 500 ms }
          |                                       ^^^^^^
          |
          = help: write 10 s or more; bfd: true finds a failure faster
          = see: ER-056
      error[estate/same-vlan]: both peerings use VLAN 100
         --> contoso/estate.yaml:138:13
          |
      138 |       vlan: 100
          |             ^^^
         ::: contoso/estate.yaml:124:13
          |
      124 |       vlan: 100
          |             --- the other peering
          |
          = help: give each peering a VLAN of its own
      error[estate/unknown-virtual-network]: there is no virtual network "nort"
         --> contoso/estate.yaml:142:21
          |
      142 |       vnets: [west, nort]
          |                     ^^^^
          |
          = help: did you mean north?
      help: write north (check before applying)
          |
      142 -       vnets: [west, nort]
      142 +       vnets: [west, north]
      error[estate/bad-number]: 99999 is not between 0 and 32000
         --> contoso/estate.yaml:143:15
          |
      143 |       weight: 99999
          |               ^^^^^
          |
          = help: write a number from 0 to 32000
      error[estate/bad-number]: "often" is not a whole number
         --> contoso/estate.yaml:144:16
          |
      144 |       prepend: often
          |                ^^^^^
          |
          = help: write a number from 0 to 16
      error[estate/link-to-itself]: circuit er-fra is joined to itself
         --> contoso/estate.yaml:149:29
          |
      149 |     globalReach: [er-metro, er-fra]
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
         --> contoso/estate.yaml:121:5
          |
      121 |     serviceKey: *********
          |     ^^^^^^^^^^
          |
          = help: copy it from the portal; it is a line of letters, digits and dashes
      error[estate/bad-key]: the session key cannot be used
         --> contoso/estate.yaml:147:7
          |
      147 |       md5: ********
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
         --> contoso/estate.yaml:198:13
          |
      198 |     names: [mail, autodiscover.contoso.example]
          |             ^^^^
          |
          = help: write the full name, e.g. mail.example.com
      error[estate/unknown-edge]: there is no edge "intet"
         --> contoso/estate.yaml:200:17
          |
      200 |       - { edge: intet, address: 198.51.100.20, inboundNat: false }
          |                 ^^^^^
          |
          = help: did you mean inet?
      help: write inet (check before applying)
          |
      200 -       - { edge: intet, address: 198.51.100.20, inboundNat: false }
      200 +       - { edge: inet, address: 198.51.100.20, inboundNat: false }
      error[estate/not-public]: published address 10.30.0.25/32 of service mail is private (RFC 1918)
         --> contoso/estate.yaml:201:30
          |
      201 |       - { edge: er, address: 10.30.0.25 }
          |                              ^^^^^^^^^^
          |
          = why: Microsoft peering takes public addresses of your own or of your provider only
          = help: use public addresses
          = see: ER-033
      error[estate/empty-list]: service mail listens on no port
         --> contoso/estate.yaml:202:12
          |
      202 |     ports: []
          |            ^^
          |
          = help: name a port, or leave the key out
      error[estate/wrong-flow]: PP-F01 (Model-driven app pages) is opened by the customer, so it does not
        call a service
         --> contoso/estate.yaml:203:24
          |
      203 |     calledBy: [PP-F30, PP-F01]
          |                        ^^^^^^
          |
          = help: name flows that Microsoft opens: PP-F28, PP-F29, PP-F30, PP-F31, PP-F32, PP-F36, PP-F37,
                  PP-F38
      error[estate/wrong-choice]: kind of service stock cannot be "sqll"
         --> contoso/estate.yaml:211:28
          |
      211 |   stock: { site: dc, kind: sqll, address: 10.30.0.40 }
          |                            ^^^^
          |
          = help: did you mean sql?
      help: write sql (check before applying)
          |
      211 -   stock: { site: dc, kind: sqll, address: 10.30.0.40 }
      211 +   stock: { site: dc, kind: sql, address: 10.30.0.40 }
      warning[estate/outside-site]: 10.77.0.26/32 is in no subnet of site dc
         --> contoso/estate.yaml:208:14
          |
      208 |     address: 10.77.0.26
          |              ^^^^^^^^^^
         ::: contoso/estate.yaml:51:3
          |
       51 |   dc:
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
         --> contoso/estate.yaml:202:17
          |
      202 |       - { edge: er, address: 203.0.113.8 }
          |                 ^^
         ::: contoso/estate.yaml:101:3
          |
      101 |   er: { site: hq }
          |   -- an internet edge
         ::: contoso/estate.yaml:105:3
          |
      105 |   er: { site: dc, firewall: fw-er, nat: [203.0.113.0/28], natInbound: true, routers: [ce1, c…
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
         --> contoso/estate.yaml:216:13
          |
      216 |     region: Nord Europe
          |             ^^^^^^^^^^^
          |
          = help: did you mean North Europe?
      help: write North Europe (check before applying)
          |
      216 -     region: Nord Europe
      216 +     region: North Europe
      error[estate/bad-number]: 20 is not between 1 and 10
         --> contoso/estate.yaml:217:14
          |
      217 |     members: 20
          |              ^^
          |
          = help: write a number from 1 to 10
      error[estate/unknown-environment]: there is no environment "prod"
         --> contoso/estate.yaml:219:19
          |
      219 |     environments: prod
          |                   ^^^^
          |
          = help: known: production, sandbox
      error[estate/wrong-choice]: mode of data gateway gateway-dc cannot be "udp"
         --> contoso/estate.yaml:220:11
          |
      220 |     mode: udp
          |           ^^^
          |
          = help: write https or tcp
      error[estate/unknown-site]: there is no site "qh"
         --> contoso/estate.yaml:223:42
          |
      223 |       archive: { kind: SharePoint, site: qh, connector: stock-date }
          |                                          ^^
          |
          = help: did you mean hq?
      help: write hq (check before applying)
          |
      223 -       archive: { kind: SharePoint, site: qh, connector: stock-date }
      223 +       archive: { kind: SharePoint, site: hq, connector: stock-date }
      error[estate/unknown-connector]: there is no connector "stock-date"
         --> contoso/estate.yaml:223:57
          |
      223 |       archive: { kind: SharePoint, site: qh, connector: stock-date }
          |                                                         ^^^^^^^^^^
          |
          = help: did you mean stock-data?
      help: write stock-data (check before applying)
          |
      223 -       archive: { kind: SharePoint, site: qh, connector: stock-date }
      223 +       archive: { kind: SharePoint, site: qh, connector: stock-data }
      error[estate/bad-number]: 0 is not between 1 and 10000000
         --> contoso/estate.yaml:226:33
          |
      226 |   robots: { site: hq, machines: 0, clients: 10.10.64.0/24, environments: [production] }
          |                                 ^
          |
          = help: write a number from 1 to 10000000
      error[estate/one-of-two]: a connector of class vnet does not go through a data gateway
         --> contoso/estate.yaml:229:57
          |
      229 |   stock-data: { kind: SQL Server, class: vnet, gateway: gateway-dc, environments: production }
          |                                                         ^^^^^^^^^^
          |
          = help: write class: gateway, or take the gateway away
      error[estate/missing-key]: connector orders goes through a data gateway but names none
         --> contoso/estate.yaml:230:3
          |
      230 |   orders: { kind: HTTP, class: gateway, service: male }
          |   ^^^^^^
          |
          = help: add gateway
      error[estate/unknown-service]: there is no service "male"
         --> contoso/estate.yaml:230:50
          |
      230 |   orders: { kind: HTTP, class: gateway, service: male }
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
         --> contoso/estate.yaml:233:53
          |
      233 |   web-proxy: { site: hq, address: 10.11.0.10, port: 0, reach: all, rewrites: true, edges: [i…
          |                                                     ^
          |
          = help: write a number from 1 to 65535
      error[estate/wrong-choice]: reach of proxy web-proxy cannot be "all"
         --> contoso/estate.yaml:233:63
          |
      233 |   web-proxy: { site: hq, address: 10.11.0.10, port: 0, reach: all, rewrites: true, edges: [i…
          |                                                               ^^^
          |
          = help: write internet, expressroute or both
      error[estate/unknown-edge]: there is no edge "outlet"
         --> contoso/estate.yaml:233:98
          |
      233 | … reach: all, rewrites: true, edges: [inet, outlet] }
          |                                             ^^^^^^
          |
          = help: define it under internetEdges or expressRouteEdges
      error[estate/one-of-two]: user group home uses a VPN but does not describe it
         --> contoso/estate.yaml:236:17
          |
      236 |   home: { kind: vpn, users: -5, city: Berlin, country: DE }
          |                 ^^^
          |
          = help: add vpn with the edge and the addresses of the users
      error[estate/bad-number]: -5 is not between 0 and 10000000
         --> contoso/estate.yaml:236:29
          |
      236 |   home: { kind: vpn, users: -5, city: Berlin, country: DE }
          |                             ^^
          |
          = help: write a number from 0 to 10000000
      error[estate/one-of-two]: user group remote is roaming but has a VPN
         --> contoso/estate.yaml:239:11
          |
      239 |     kind: roaming
          |           ^^^^^^^
          |
          = help: write kind: vpn
      error[estate/overlapping-clients]: client subnet 10.10.99.0/24 of user group remote overlaps client
        subnet 10.10.0.0/16 of site hq
         --> contoso/estate.yaml:242:43
          |
      242 |     vpn: { edge: inet, site: dc, clients: 10.10.99.0/24, splitTunnel: [PP-X16] }
          |                                           ^^^^^^^^^^^^^
         ::: contoso/estate.yaml:31:15
          |
       31 |     clients: [10.10.0.0/16, 2001:db8:10::/48]
          |               ------------ the other one
          |
          = why: a route to one of them is a route to the other
          = help: give one of them other addresses
      error[estate/unknown-flow]: there is no flow "PP-X16"
         --> contoso/estate.yaml:242:72
          |
      242 |     vpn: { edge: inet, site: dc, clients: 10.10.99.0/24, splitTunnel: [PP-X16] }
          |                                                                        ^^^^^^
          |
          = help: the flows are PP-F01 and on; all stands for every one that the customer opens
      "
    `);
  });
});

describe('demands, intents, failures, routing, prices and risks', () => {
  it('demands and intents', () => {
    expect(
      broken(
        ['from: [hq, factory, home]', 'from: [hq, factroy, hme]'],
        ['to: [production, west, mail]', 'to: [productoin, wset, mail]'],
        ['rate: { perUser: 50 kbps }', 'rate: { perUser: 50 kbps, total: 1 Gbps }'],
        ['rate: { total: 20 Mbps }', 'rate: {}'],
        ['peakFactor: 2.5', 'peakFactor: 0.5'],
        ['survives: any-single-failure', 'survives: any-single-failur'],
        ['survives: [conduit]', 'survives: [condiut, nothing]'],
        ['latency: 150 ms', 'latency: 150'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/unknown-site]: there is no site or user group "factroy"
         --> contoso/estate.yaml:247:16
          |
      247 |     from: [hq, factroy, hme]
          |                ^^^^^^^
          |
          = help: did you mean factory?
      help: write factory (check before applying)
          |
      247 -     from: [hq, factroy, hme]
      247 +     from: [hq, factory, hme]
      error[estate/unknown-site]: there is no site or user group "hme"
         --> contoso/estate.yaml:247:25
          |
      247 |     from: [hq, factroy, hme]
          |                         ^^^
          |
          = help: did you mean home?
      help: write home (check before applying)
          |
      247 -     from: [hq, factroy, hme]
      247 +     from: [hq, factroy, home]
      error[estate/unknown-environment]: there is no environment "productoin"
         --> contoso/estate.yaml:248:10
          |
      248 |     to: [productoin, wset, mail]
          |          ^^^^^^^^^^
          |
          = help: did you mean production?
      help: write production (check before applying)
          |
      248 -     to: [productoin, wset, mail]
      248 +     to: [production, wset, mail]
      error[estate/unknown-environment]: there is no environment "wset"
         --> contoso/estate.yaml:248:22
          |
      248 |     to: [productoin, wset, mail]
          |                      ^^^^
          |
          = help: did you mean west?
      help: write west (check before applying)
          |
      248 -     to: [productoin, wset, mail]
      248 +     to: [productoin, west, mail]
      error[estate/one-of-two]: a rate is either for every user or for all together, here is both
         --> contoso/estate.yaml:249:11
          |
      249 |     rate: { perUser: 50 kbps, total: 1 Gbps }
          |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: write perUser or total
      error[estate/bad-number]: 0.5 is not between 1 and 1000
         --> contoso/estate.yaml:250:17
          |
      250 |     peakFactor: 0.5
          |                 ^^^
          |
          = help: write a number from 1 to 1000
      error[estate/one-of-two]: a rate is either for every user or for all together, here is neither
         --> contoso/estate.yaml:251:32
          |
      251 |   reports: { flows: all, rate: {} }
          |                                ^^
          |
          = help: write perUser or total
      error[estate/bad-duration]: "150" has no unit
         --> contoso/estate.yaml:259:14
          |
      259 |     latency: 150
          |              ^^^
          |
          = help: write the unit, e.g. 12 ms or 3 s
      error[estate/unknown-failure-group]: there is no failure group "any-single-failur"
         --> contoso/estate.yaml:260:15
          |
      260 |     survives: any-single-failur
          |               ^^^^^^^^^^^^^^^^^
          |
          = help: did you mean any-single-failure?
      help: write any-single-failure (check before applying)
          |
      260 -     survives: any-single-failur
      260 +     survives: any-single-failure
      error[estate/unknown-failure-group]: there is no failure group "condiut"
         --> contoso/estate.yaml:263:64
          |
      263 |   factory-survives: { flows: PP-F01, from: factory, survives: [condiut, nothing] }
          |                                                                ^^^^^^^
          |
          = help: did you mean conduit?
      help: write conduit (check before applying)
          |
      263 -   factory-survives: { flows: PP-F01, from: factory, survives: [condiut, nothing] }
      263 +   factory-survives: { flows: PP-F01, from: factory, survives: [conduit, nothing] }
      error[estate/one-of-two]: nothing stands alone, not beside names of failure groups
         --> contoso/estate.yaml:263:73
          |
      263 |   factory-survives: { flows: PP-F01, from: factory, survives: [condiut, nothing] }
          |                                                                         ^^^^^^^
          |
          = help: write two intents
      "
    `);
  });

  it('a name that a site and a group of users have, or a network and an environment', () => {
    expect(
      broken(
        ['  home: { kind', '  factory: { kind'],
        ['factory, home]', 'factory]'],
        ['survives: [conduit]', 'to: production'],
        [
          '    north:\n      region',
          '    production: { region: West Europe, addressSpace: 10.120.0.0/16 }\n    north:\n      region',
        ],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/ambiguous-name]: "factory" is the name of a site and of a user group
         --> contoso/estate.yaml:248:16
          |
      248 |     from: [hq, factory]
          |                ^^^^^^^
         ::: contoso/estate.yaml:40:3
          |
       40 |   factory:
          |   ------- a site
         ::: contoso/estate.yaml:237:3
          |
      237 |   factory: { kind: roaming, users: 300, city: Berlin, country: DE }
          |   ------- a user group
          |
          = help: give one of them another name
      error[estate/ambiguous-name]: "production" is the name of an environment and of a virtual network
         --> contoso/estate.yaml:249:10
          |
      249 |     to: [production, west, mail]
          |          ^^^^^^^^^^
         ::: contoso/estate.yaml:12:3
          |
       12 |   production:
          |   ---------- an environment
         ::: contoso/estate.yaml:184:5
          |
      184 |     production: { region: West Europe, addressSpace: 10.120.0.0/16 }
          |     ---------- a virtual network
          |
          = help: give one of them another name
      error[estate/ambiguous-name]: "production" is the name of an environment and of a virtual network
         --> contoso/estate.yaml:258:9
          |
      258 |     to: production
          |         ^^^^^^^^^^
         ::: contoso/estate.yaml:12:3
          |
       12 |   production:
          |   ---------- an environment
         ::: contoso/estate.yaml:184:5
          |
      184 |     production: { region: West Europe, addressSpace: 10.120.0.0/16 }
          |     ---------- a virtual network
          |
          = help: give one of them another name
      error[estate/ambiguous-name]: "factory" is the name of a site and of a user group
         --> contoso/estate.yaml:264:44
          |
      264 |   factory-survives: { flows: PP-F01, from: factory, to: production }
          |                                            ^^^^^^^
         ::: contoso/estate.yaml:40:3
          |
       40 |   factory:
          |   ------- a site
         ::: contoso/estate.yaml:237:3
          |
      237 |   factory: { kind: roaming, users: 300, city: Berlin, country: DE }
          |   ------- a user group
          |
          = help: give one of them another name
      error[estate/ambiguous-name]: "production" is the name of an environment and of a virtual network
         --> contoso/estate.yaml:264:57
          |
      264 |   factory-survives: { flows: PP-F01, from: factory, to: production }
          |                                                         ^^^^^^^^^^
         ::: contoso/estate.yaml:12:3
          |
       12 |   production:
          |   ---------- an environment
         ::: contoso/estate.yaml:184:5
          |
      184 |     production: { region: West Europe, addressSpace: 10.120.0.0/16 }
          |     ---------- a virtual network
          |
          = help: give one of them another name
      "
    `);
  });

  it('failure groups and maintenance', () => {
    expect(
      broken(
        ['conduit: [dark-fibre, er-fra]', 'conduit: [dark-fiber, er-fra]'],
        ['carrier: { elements: [Northwind Telecom, Frankfurt, ce1] }', 'nothing: []'],
        ['kind: down', 'kind: off'],
        ['yearly: fw-hq', 'yearly: { kind: down }'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/unknown-element]: there is no site, link, edge, device, circuit, provider or peering
        location "dark-fiber"
         --> contoso/estate.yaml:266:13
          |
      266 |   conduit: [dark-fiber, er-fra]
          |             ^^^^^^^^^^
          |
          = help: did you mean dark-fibre?
      help: write dark-fibre (check before applying)
          |
      266 -   conduit: [dark-fiber, er-fra]
      266 +   conduit: [dark-fibre, er-fra]
      error[estate/reserved-name]: "nothing" cannot be a name of one of the failureGroups
         --> contoso/estate.yaml:267:3
          |
      267 |   nothing: []
          |   ^^^^^^^
          |
          = help: choose another name; it stands for a number of failures in intents
      error[estate/empty-list]: the list of elements is empty
         --> contoso/estate.yaml:267:12
          |
      267 |   nothing: []
          |            ^^
          |
          = help: name what fails or is taken down
      error[estate/wrong-choice]: kind of maintenance window firmware cannot be "off"
         --> contoso/estate.yaml:270:46
          |
      270 |   firmware: { elements: [ce2, er-ams], kind: off }
          |                                              ^^^
          |
          = help: write drain or down
      error[estate/missing-key]: maintenance window yearly has no elements
         --> contoso/estate.yaml:271:3
          |
      271 |   yearly: { kind: down }
          |   ^^^^^^
          |
          = help: add elements
      "
    `);
  });

  it('routing', () => {
    expect(
      broken(
        ['10.0.0.0/8 ge 16 le 24', '10.0.0.0/8 ge 24 le 16'],
        ['2001:db8::/32 le 48', '2001:db8::/32 lt 48'],
        ["communities: [West Europe, '64500:100']", "communities: [Wets Europe, '64500:100000']"],
        ['asPathContains: [8075]', 'asPathContains: [microsoft]'],
        ['med: 10', 'med: high'],
        ['then: accept\n', 'then: allow\n'],
        ['igpCost: 10', 'igpCost: 0'],
        ['  hq: { export', '  qh: { export'],
        ['defaultRoute: originate', 'defaultRoute: originates'],
        ['{ then: reject }', '{ than: reject }'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/bad-prefix]: "10.0.0.0/8 ge 24 le 16" fits no prefix
         --> contoso/estate.yaml:278:22
          |
      278 |           prefixes: [10.0.0.0/8 ge 24 le 16, 2001:db8::/32 lt 48]
          |                      ^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: write lengths from 8 to 32 behind it, e.g. 10.0.0.0/8 ge 8 le 32
      error[estate/bad-prefix]: "2001:db8::/32 lt 48" is not a prefix with lengths
         --> contoso/estate.yaml:278:46
          |
      278 |           prefixes: [10.0.0.0/8 ge 24 le 16, 2001:db8::/32 lt 48]
          |                                              ^^^^^^^^^^^^^^^^^^^
          |
          = help: write lengths from 32 to 128 behind it, e.g. 2001:db8::/32 ge 32 le 128
      error[estate/unknown-route-filter-entry]: there is no Azure region or service "Wets Europe"
         --> contoso/estate.yaml:279:25
          |
      279 |           communities: [Wets Europe, '64500:100000']
          |                         ^^^^^^^^^^^
          |
          = help: did you mean West Europe?
      help: write West Europe (check before applying)
          |
      279 -           communities: [Wets Europe, '64500:100000']
      279 +           communities: [West Europe, '64500:100000']
      error[estate/bad-community]: "64500:100000" is no community: each half goes up to 65535
         --> contoso/estate.yaml:279:38
          |
      279 |           communities: [Wets Europe, '64500:100000']
          |                                      ^^^^^^^^^^^^^^
      error[estate/bad-asn]: "microsoft" is no AS number
         --> contoso/estate.yaml:280:28
          |
      280 |           asPathContains: [microsoft]
          |                            ^^^^^^^^^
          |
          = help: write it as 64500, AS64500 or 1.10
      error[estate/bad-number]: "high" is not a whole number
         --> contoso/estate.yaml:282:43
          |
      282 |         set: { localPreference: 300, med: high, prepend: 2, communities: ['64500:200'] }
          |                                           ^^^^
          |
          = help: write a number from 0 to 4294967295
      error[estate/wrong-choice]: then of import 1 of routing of dc cannot be "allow"
         --> contoso/estate.yaml:283:15
          |
      283 |         then: allow
          |               ^^^^^
          |
          = help: write accept or reject
      error[estate/unknown-key]: import 2 of routing of dc has no key "than"
         --> contoso/estate.yaml:284:11
          |
      284 |       - { than: reject }
          |           ^^^^
          |
          = help: did you mean then?
      help: rename it to then (check before applying)
          |
      284 -       - { than: reject }
      284 +       - { then: reject }
      error[estate/wrong-choice]: defaultRoute of routing of dc cannot be "originates"
         --> contoso/estate.yaml:290:19
          |
      290 |     defaultRoute: originates
          |                   ^^^^^^^^^^
          |
          = help: did you mean originate?
      help: write originate (check before applying)
          |
      290 -     defaultRoute: originates
      290 +     defaultRoute: originate
      error[estate/bad-number]: 0 is not between 1 and 65535
         --> contoso/estate.yaml:291:14
          |
      291 |     igpCost: 0
          |              ^
          |
          = help: write a number from 1 to 65535
      error[estate/unknown-device]: there is no device "qh"
         --> contoso/estate.yaml:293:3
          |
      293 |   qh: { export: { then: accept }, defaultRoute: accept }
          |   ^^
          |
          = help: did you mean hq?
      help: rename it to hq (check before applying)
          |
      293 -   qh: { export: { then: accept }, defaultRoute: accept }
      293 +   hq: { export: { then: accept }, defaultRoute: accept }
      "
    `);
  });

  it('prices', () => {
    expect(
      broken(
        ['currency: EUR', 'currency: Euro'],
        ['microsoftDiscount: 12.5 %', 'microsoftDiscount: 12.5'],
        ['CHF: 0.88', 'CHF: cheap'],
        ['wanPerMbps: 4 EUR', 'wanPerMbps: -4 EUR'],
        ['once: 40000 EUR', 'once: 40.000 EUROS'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/bad-currency]: "Euro" is not a currency
         --> contoso/estate.yaml:296:13
          |
      296 |   currency: Euro
          |             ^^^^
          |
          = help: write the three letters of ISO 4217, e.g. EUR
      error[estate/bad-number]: "cheap" is not a number
         --> contoso/estate.yaml:297:36
          |
      297 |   exchangeRates: { EUR: 0.92, CHF: cheap }
          |                                    ^^^^^
          |
          = help: write a number from 0.000001 to 1000000
      error[estate/bad-percentage]: "12.5" has no percent sign
         --> contoso/estate.yaml:298:22
          |
      298 |   microsoftDiscount: 12.5
          |                      ^^^^
          |
          = help: write the sign, e.g. 35 %
      error[estate/no-exchange-rate]: there is no exchange rate for CHF
         --> contoso/estate.yaml:300:41
          |
      300 |     Equinix: { once: 1500 EUR, monthly: 450 CHF }
          |                                         ^^^^^^^
          |
          = help: add exchangeRates: { CHF: ... } under prices, the amount that one US dollar buys
      error[estate/bad-amount]: an amount cannot be negative
         --> contoso/estate.yaml:301:15
          |
      301 |   wanPerMbps: -4 EUR
          |               ^^^^^^
          |
          = help: write what is paid as a positive amount
      error[estate/bad-amount]: "EUROS" is not a currency
         --> contoso/estate.yaml:303:21
          |
      303 |   internal: { once: 40.000 EUROS, monthly: 500 USD }
          |                     ^^^^^^^^^^^^
          |
          = help: write three letters, e.g. EUR
      "
    `);
    expect(broken(['exchangeRates: { EUR: 0.92, CHF: 0.88 }', 'exchangeRates: { EUR: 0.92 }'])).toMatchInlineSnapshot(`
      "
      error[estate/no-exchange-rate]: there is no exchange rate for CHF
         --> contoso/estate.yaml:300:41
          |
      300 |     Equinix: { once: 1500 EUR, monthly: 450 CHF }
          |                                         ^^^^^^^
          |
          = help: add exchangeRates: { CHF: ... } under prices, the amount that one US dollar buys
      "
    `);
  });

  it('accepted risks', () => {
    expect(
      broken(
        ['rule: availability/one-provider', 'rule: one provider'],
        ['where: circuits.er-fra', 'where: circuits.er-far.bandwidth'],
        ['until: 2027-03-31', 'until: 2027-02-29'],
        ['    because: a second provider is ordered\n', ''],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/missing-key]: accepted risk one-provider has no because
         --> contoso/estate.yaml:306:3
          |
      306 |   one-provider:
          |   ^^^^^^^^^^^^
          |
          = help: add because
      error[estate/bad-rule]: "one provider" is not the name of a rule
         --> contoso/estate.yaml:307:11
          |
      307 |     rule: one provider
          |           ^^^^^^^^^^^^
          |
          = help: write it as findings show it, e.g. nat/shared-pool
      error[estate/unknown-path]: nothing in the document is called circuits.er-far.bandwidth
         --> contoso/estate.yaml:308:12
          |
      308 |     where: circuits.er-far.bandwidth
          |            ^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: did you mean circuits.er-fra.bandwidth?
      help: write circuits.er-fra.bandwidth (check before applying)
          |
      308 -     where: circuits.er-far.bandwidth
      308 +     where: circuits.er-fra.bandwidth
      error[estate/bad-date]: 2027-02-29 is not in the calendar
         --> contoso/estate.yaml:309:12
          |
      309 |     until: 2027-02-29
          |            ^^^^^^^^^^
          |
          = help: write year, month and day, e.g. 2027-03-31
      "
    `);
  });
});
