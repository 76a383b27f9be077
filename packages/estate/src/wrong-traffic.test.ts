/** What the loader says when something about demands, intents, routing or prices is wrong. */
import { describe, expect, it } from 'vitest';
import { broken } from '../test/full-example.ts';

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
         --> contoso/estate.yaml:251:16
          |
      251 |     from: [hq, factroy, hme]
          |                ^^^^^^^
          |
          = help: did you mean factory?
      help: write factory (check before applying)
          |
      251 -     from: [hq, factroy, hme]
      251 +     from: [hq, factory, hme]
      error[estate/unknown-site]: there is no site or user group "hme"
         --> contoso/estate.yaml:251:25
          |
      251 |     from: [hq, factroy, hme]
          |                         ^^^
          |
          = help: did you mean home?
      help: write home (check before applying)
          |
      251 -     from: [hq, factroy, hme]
      251 +     from: [hq, factroy, home]
      error[estate/unknown-environment]: there is no environment "productoin"
         --> contoso/estate.yaml:252:10
          |
      252 |     to: [productoin, wset, mail]
          |          ^^^^^^^^^^
          |
          = help: did you mean production?
      help: write production (check before applying)
          |
      252 -     to: [productoin, wset, mail]
      252 +     to: [production, wset, mail]
      error[estate/unknown-environment]: there is no environment "wset"
         --> contoso/estate.yaml:252:22
          |
      252 |     to: [productoin, wset, mail]
          |                      ^^^^
          |
          = help: did you mean west?
      help: write west (check before applying)
          |
      252 -     to: [productoin, wset, mail]
      252 +     to: [productoin, west, mail]
      error[estate/one-of-two]: a rate is either for every user or for all together, here is both
         --> contoso/estate.yaml:253:11
          |
      253 |     rate: { perUser: 50 kbps, total: 1 Gbps }
          |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: write perUser or total
      error[estate/bad-number]: 0.5 is not between 1 and 1000
         --> contoso/estate.yaml:254:17
          |
      254 |     peakFactor: 0.5
          |                 ^^^
          |
          = help: write a number from 1 to 1000
      error[estate/one-of-two]: a rate is either for every user or for all together, here is neither
         --> contoso/estate.yaml:255:32
          |
      255 |   reports: { flows: all, rate: {}, class: interactive }
          |                                ^^
          |
          = help: write perUser or total
      error[estate/bad-duration]: "150" has no unit
         --> contoso/estate.yaml:263:14
          |
      263 |     latency: 150
          |              ^^^
          |
          = help: write the unit, e.g. 12 ms or 3 s
      error[estate/unknown-failure-group]: there is no failure group "any-single-failur"
         --> contoso/estate.yaml:264:15
          |
      264 |     survives: any-single-failur
          |               ^^^^^^^^^^^^^^^^^
          |
          = help: did you mean any-single-failure?
      help: write any-single-failure (check before applying)
          |
      264 -     survives: any-single-failur
      264 +     survives: any-single-failure
      error[estate/unknown-failure-group]: there is no failure group "condiut"
         --> contoso/estate.yaml:267:64
          |
      267 |   factory-survives: { flows: PP-F01, from: factory, survives: [condiut, nothing], load: 80 %…
          |                                                                ^^^^^^^
          |
          = help: did you mean conduit?
      help: write conduit (check before applying)
          |
      267 -   factory-survives: { flows: PP-F01, from: factory, survives: [condiut, nothing], load: 80 %…
      267 +   factory-survives: { flows: PP-F01, from: factory, survives: [conduit, nothing], load: 80 %…
      error[estate/one-of-two]: nothing stands alone, not beside names of failure groups
         --> contoso/estate.yaml:267:73
          |
      267 |   factory-survives: { flows: PP-F01, from: factory, survives: [condiut, nothing], load: 80 %…
          |                                                                         ^^^^^^^
          |
          = help: write two intents
      "
    `);
  });

  it('a class of traffic that does not exist', () => {
    expect(broken(['class: interactive', 'class: video'])).toMatchInlineSnapshot(`
      "
      error[estate/wrong-choice]: class of demand reports cannot be "video"
         --> contoso/estate.yaml:255:59
          |
      255 |   reports: { flows: all, rate: { total: 20 Mbps }, class: video }
          |                                                           ^^^^^
          |
          = help: write voice, interactive or default
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
         --> contoso/estate.yaml:252:16
          |
      252 |     from: [hq, factory]
          |                ^^^^^^^
         ::: contoso/estate.yaml:40:3
          |
       40 |   factory:
          |   ------- a site
         ::: contoso/estate.yaml:241:3
          |
      241 |   factory: { kind: roaming, users: 300, city: Berlin, country: DE }
          |   ------- a user group
          |
          = help: give one of them another name
      error[estate/ambiguous-name]: "production" is the name of an environment and of a virtual network
         --> contoso/estate.yaml:253:10
          |
      253 |     to: [production, west, mail]
          |          ^^^^^^^^^^
         ::: contoso/estate.yaml:12:3
          |
       12 |   production:
          |   ---------- an environment
         ::: contoso/estate.yaml:188:5
          |
      188 |     production: { region: West Europe, addressSpace: 10.120.0.0/16 }
          |     ---------- a virtual network
          |
          = help: give one of them another name
      error[estate/ambiguous-name]: "production" is the name of an environment and of a virtual network
         --> contoso/estate.yaml:262:9
          |
      262 |     to: production
          |         ^^^^^^^^^^
         ::: contoso/estate.yaml:12:3
          |
       12 |   production:
          |   ---------- an environment
         ::: contoso/estate.yaml:188:5
          |
      188 |     production: { region: West Europe, addressSpace: 10.120.0.0/16 }
          |     ---------- a virtual network
          |
          = help: give one of them another name
      error[estate/ambiguous-name]: "factory" is the name of a site and of a user group
         --> contoso/estate.yaml:268:44
          |
      268 |   factory-survives: { flows: PP-F01, from: factory, to: production, load: 80 %, private: tru…
          |                                            ^^^^^^^
         ::: contoso/estate.yaml:40:3
          |
       40 |   factory:
          |   ------- a site
         ::: contoso/estate.yaml:241:3
          |
      241 |   factory: { kind: roaming, users: 300, city: Berlin, country: DE }
          |   ------- a user group
          |
          = help: give one of them another name
      error[estate/ambiguous-name]: "production" is the name of an environment and of a virtual network
         --> contoso/estate.yaml:268:57
          |
      268 |   factory-survives: { flows: PP-F01, from: factory, to: production, load: 80 %, private: tru…
          |                                                         ^^^^^^^^^^
         ::: contoso/estate.yaml:12:3
          |
       12 |   production:
          |   ---------- an environment
         ::: contoso/estate.yaml:188:5
          |
      188 |     production: { region: West Europe, addressSpace: 10.120.0.0/16 }
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
         --> contoso/estate.yaml:270:13
          |
      270 |   conduit: [dark-fiber, er-fra]
          |             ^^^^^^^^^^
          |
          = help: did you mean dark-fibre?
      help: write dark-fibre (check before applying)
          |
      270 -   conduit: [dark-fiber, er-fra]
      270 +   conduit: [dark-fibre, er-fra]
      error[estate/reserved-name]: "nothing" cannot be a name of one of the failureGroups
         --> contoso/estate.yaml:271:3
          |
      271 |   nothing: []
          |   ^^^^^^^
          |
          = help: choose another name; it stands for a number of failures in intents
      error[estate/empty-list]: the list of elements is empty
         --> contoso/estate.yaml:271:12
          |
      271 |   nothing: []
          |            ^^
          |
          = help: name what fails or is taken down
      error[estate/wrong-choice]: kind of maintenance window firmware cannot be "off"
         --> contoso/estate.yaml:274:46
          |
      274 |   firmware: { elements: [ce2, er-ams], kind: off }
          |                                              ^^^
          |
          = help: write drain or down
      error[estate/missing-key]: maintenance window yearly has no elements
         --> contoso/estate.yaml:275:3
          |
      275 |   yearly: { kind: down }
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
         --> contoso/estate.yaml:282:22
          |
      282 |           prefixes: [10.0.0.0/8 ge 24 le 16, 2001:db8::/32 lt 48]
          |                      ^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: write lengths from 8 to 32 behind it, e.g. 10.0.0.0/8 ge 8 le 32
      error[estate/bad-prefix]: "2001:db8::/32 lt 48" is not a prefix with lengths
         --> contoso/estate.yaml:282:46
          |
      282 |           prefixes: [10.0.0.0/8 ge 24 le 16, 2001:db8::/32 lt 48]
          |                                              ^^^^^^^^^^^^^^^^^^^
          |
          = help: write lengths from 32 to 128 behind it, e.g. 2001:db8::/32 ge 32 le 128
      error[estate/unknown-route-filter-entry]: there is no Azure region or service "Wets Europe"
         --> contoso/estate.yaml:283:25
          |
      283 |           communities: [Wets Europe, '64500:100000']
          |                         ^^^^^^^^^^^
          |
          = help: did you mean West Europe?
      help: write West Europe (check before applying)
          |
      283 -           communities: [Wets Europe, '64500:100000']
      283 +           communities: [West Europe, '64500:100000']
      error[estate/bad-community]: "64500:100000" is no community: each half goes up to 65535
         --> contoso/estate.yaml:283:38
          |
      283 |           communities: [Wets Europe, '64500:100000']
          |                                      ^^^^^^^^^^^^^^
      error[estate/bad-asn]: "microsoft" is no AS number
         --> contoso/estate.yaml:284:28
          |
      284 |           asPathContains: [microsoft]
          |                            ^^^^^^^^^
          |
          = help: write it as 64500, AS64500 or 1.10
      error[estate/bad-number]: "high" is not a whole number
         --> contoso/estate.yaml:286:43
          |
      286 |         set: { localPreference: 300, med: high, prepend: 2, communities: ['64500:200'] }
          |                                           ^^^^
          |
          = help: write a number from 0 to 4294967295
      error[estate/wrong-choice]: then of import 1 of routing of dc cannot be "allow"
         --> contoso/estate.yaml:287:15
          |
      287 |         then: allow
          |               ^^^^^
          |
          = help: write accept or reject
      error[estate/unknown-key]: import 2 of routing of dc has no key "than"
         --> contoso/estate.yaml:288:11
          |
      288 |       - { than: reject }
          |           ^^^^
          |
          = help: did you mean then?
      help: rename it to then (check before applying)
          |
      288 -       - { than: reject }
      288 +       - { then: reject }
      error[estate/wrong-choice]: defaultRoute of routing of dc cannot be "originates"
         --> contoso/estate.yaml:294:19
          |
      294 |     defaultRoute: originates
          |                   ^^^^^^^^^^
          |
          = help: did you mean originate?
      help: write originate (check before applying)
          |
      294 -     defaultRoute: originates
      294 +     defaultRoute: originate
      error[estate/bad-number]: 0 is not between 1 and 65535
         --> contoso/estate.yaml:295:14
          |
      295 |     igpCost: 0
          |              ^
          |
          = help: write a number from 1 to 65535
      error[estate/unknown-device]: there is no device "qh"
         --> contoso/estate.yaml:297:3
          |
      297 |   qh: { export: { then: accept }, defaultRoute: accept }
          |   ^^
          |
          = help: did you mean hq?
      help: rename it to hq (check before applying)
          |
      297 -   qh: { export: { then: accept }, defaultRoute: accept }
      297 +   hq: { export: { then: accept }, defaultRoute: accept }
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
         --> contoso/estate.yaml:300:13
          |
      300 |   currency: Euro
          |             ^^^^
          |
          = help: write the three letters of ISO 4217, e.g. EUR
      error[estate/bad-number]: "cheap" is not a number
         --> contoso/estate.yaml:301:36
          |
      301 |   exchangeRates: { EUR: 0.92, CHF: cheap }
          |                                    ^^^^^
          |
          = help: write a number from 0.000001 to 1000000
      error[estate/bad-percentage]: "12.5" has no percent sign
         --> contoso/estate.yaml:302:22
          |
      302 |   microsoftDiscount: 12.5
          |                      ^^^^
          |
          = help: write the sign, e.g. 35 %
      error[estate/no-exchange-rate]: there is no exchange rate for CHF
         --> contoso/estate.yaml:304:41
          |
      304 |     Equinix: { once: 1500 EUR, monthly: 450 CHF }
          |                                         ^^^^^^^
          |
          = help: add exchangeRates: { CHF: ... } under prices, the amount that one US dollar buys
      error[estate/bad-amount]: an amount cannot be negative
         --> contoso/estate.yaml:305:15
          |
      305 |   wanPerMbps: -4 EUR
          |               ^^^^^^
          |
          = help: write what is paid as a positive amount
      error[estate/bad-amount]: "EUROS" is not a currency
         --> contoso/estate.yaml:307:21
          |
      307 |   internal: { once: 40.000 EUROS, monthly: 500 USD }
          |                     ^^^^^^^^^^^^
          |
          = help: write three letters, e.g. EUR
      "
    `);
    expect(broken(['exchangeRates: { EUR: 0.92, CHF: 0.88 }', 'exchangeRates: { EUR: 0.92 }'])).toMatchInlineSnapshot(`
      "
      error[estate/no-exchange-rate]: there is no exchange rate for CHF
         --> contoso/estate.yaml:304:41
          |
      304 |     Equinix: { once: 1500 EUR, monthly: 450 CHF }
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
         --> contoso/estate.yaml:318:3
          |
      318 |   one-provider:
          |   ^^^^^^^^^^^^
          |
          = help: add because
      error[estate/bad-rule]: "one provider" is not the name of a rule
         --> contoso/estate.yaml:319:11
          |
      319 |     rule: one provider
          |           ^^^^^^^^^^^^
          |
          = help: write it as findings show it, e.g. nat/shared-pool
      error[estate/unknown-path]: nothing in the document is called circuits.er-far.bandwidth
         --> contoso/estate.yaml:320:12
          |
      320 |     where: circuits.er-far.bandwidth
          |            ^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: did you mean circuits.er-fra.bandwidth?
      help: write circuits.er-fra.bandwidth (check before applying)
          |
      320 -     where: circuits.er-far.bandwidth
      320 +     where: circuits.er-fra.bandwidth
      error[estate/bad-date]: 2027-02-29 is not in the calendar
         --> contoso/estate.yaml:321:12
          |
      321 |     until: 2027-02-29
          |            ^^^^^^^^^^
          |
          = help: write year, month and day, e.g. 2027-03-31
      "
    `);
  });

  it('unit prices, volumes and availabilities', () => {
    expect(
      broken(
        ['cross-connect: 310 EUR', 'cross-conect: 310 EUR'],
        ['outbound-zone1: 0.021 USD', 'outbound-zone1: 0.021'],
        ['volumes: { er-fra: 12500.5 }', 'volumes: { er-frq: 12500.5 }'],
        ['trafficHours: 220', 'trafficHours: 800'],
        ['link: 99.9 %', 'links: 99.9 %'],
        ['site.dc: 99.99 %', 'site.dc: 199.99 %'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/unknown-price]: there is no price "cross-conect"
         --> contoso/estate.yaml:308:16
          |
      308 |   overrides: { cross-conect: 310 EUR, outbound-zone1: 0.021 }
          |                ^^^^^^^^^^^^
          |
          = help: did you mean cross-connect?
      help: rename it to cross-connect (check before applying)
          |
      308 -   overrides: { cross-conect: 310 EUR, outbound-zone1: 0.021 }
      308 +   overrides: { cross-connect: 310 EUR, outbound-zone1: 0.021 }
      error[estate/bad-amount]: "0.021" has no currency
         --> contoso/estate.yaml:308:55
          |
      308 |   overrides: { cross-conect: 310 EUR, outbound-zone1: 0.021 }
          |                                                       ^^^^^
          |
          = help: write an amount and a currency, e.g. 450 EUR
      error[estate/unknown-circuit]: there is no circuit "er-frq"
         --> contoso/estate.yaml:309:14
          |
      309 |   volumes: { er-frq: 12500.5 }
          |              ^^^^^^
          |
          = help: did you mean er-fra?
      help: rename it to er-fra (check before applying)
          |
      309 -   volumes: { er-frq: 12500.5 }
      309 +   volumes: { er-fra: 12500.5 }
      error[estate/bad-number]: 800 is not between 0 and 744
         --> contoso/estate.yaml:310:17
          |
      310 |   trafficHours: 800
          |                 ^^^
          |
          = help: write a number from 0 to 744
      error[estate/unknown-kind]: there is no kind of thing that fails "links"
         --> contoso/estate.yaml:313:3
          |
      313 |   links: 99.9 %
          |   ^^^^^
          |
          = help: did you mean link?
      help: rename it to link (check before applying)
          |
      313 -   links: 99.9 %
      313 +   link: 99.9 %
      error[estate/bad-percentage]: "199.99 %" is not between 0 % and 100 %
         --> contoso/estate.yaml:315:12
          |
      315 |   site.dc: 199.99 %
          |            ^^^^^^^^
          |
          = help: write a value between 0 % and 100 %
      "
    `);
  });
});
