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
