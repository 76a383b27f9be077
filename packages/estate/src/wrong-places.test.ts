/** What the loader says when something about environments or sites is wrong. */
import { describe, expect, it } from 'vitest';
import { broken } from '../test/full-example.ts';

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
         ::: contoso/estate.yaml:175:15
          |
      175 |         apps: 10.100.0.0/24
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
         ::: contoso/estate.yaml:189:15
          |
      189 |       region: France Central
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
        --> contoso/estate.yaml:54:15
         |
      54 |     location: [50.11]
         |               ^^^^^^^
         |
         = help: write [latitude, longitude]
      error[estate/bad-country]: "Germany" is not a country code
         --> contoso/estate.yaml:240:61
          |
      240 |   home: { kind: roaming, users: 300, city: Berlin, country: Germany }
          |                                                             ^^^^^^^
          |
          = help: write the two letters of ISO 3166-1, e.g. DE
      "
    `);
  });

  it('a local network without units, and with a key of its own', () => {
    expect(
      broken([
        'lan: { bandwidth: 1 Gbps, utilisation: 20 % }',
        'lan: { bandwidth: 1000, utilisation: 0.2, loss: 1 % }',
      ]),
    ).toMatchInlineSnapshot(`
      "
      error[estate/bad-bandwidth]: "1000" has no unit
        --> contoso/estate.yaml:46:23
         |
      46 |     lan: { bandwidth: 1000, utilisation: 0.2, loss: 1 % }
         |                       ^^^^
         |
         = help: write the unit, e.g. 200 Mbps or 1 Gbps
      error[estate/bad-percentage]: "0.2" has no percent sign
        --> contoso/estate.yaml:46:42
         |
      46 |     lan: { bandwidth: 1000, utilisation: 0.2, loss: 1 % }
         |                                          ^^^
         |
         = help: write the sign, e.g. 35 %
      error[estate/unknown-key]: lan of site factory has no key "loss"
        --> contoso/estate.yaml:46:47
         |
      46 |     lan: { bandwidth: 1000, utilisation: 0.2, loss: 1 % }
         |                                               ^^^^
         |
         = help: the keys are bandwidth, utilisation
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
        --> contoso/estate.yaml:52:3
         |
      52 |   public:
         |   ^^^^^^
         |
         = help: choose another name; "public" stands for a resolver on the internet
      error[estate/reserved-name]: "all" cannot be a name of one of the users
         --> contoso/estate.yaml:241:3
          |
      241 |   all: { kind: roaming, users: 300, city: Berlin, country: DE }
          |   ^^^
          |
          = help: choose another name; "all" stands for every one of them
      "
    `);
  });
});
