/** What the loader says when something about the requirements of a plan is wrong. */
import { describe, expect, it } from 'vitest';
import { check } from '../test/check.ts';
import { broken } from '../test/full-example.ts';
import { loadEstate } from './load.ts';

describe('the requirements of a plan', () => {
  it('reports every wrong value with a way out', () => {
    expect(
      broken(
        ['countries: [DE, NL]', 'countries: [DEU, NL]'],
        ['providers: [Equinix, Colt]', 'providers: [Equinx, Colt]'],
        ['locations: [Frankfurt, amsterdam2]', 'locations: [Frankfort, amsterdam2]'],
        ['  hubs: dc\n', '  hubs: dcc\n'],
        ['private: [Europe, hq]', 'private: [Europa, hq]'],
        ['latency: 60 ms\n  survives', 'latency: 60\n  survives'],
        ['survives: nothing\n  budget', 'survives: one-failure\n  budget'],
        ['budget: 9000 EUR', 'budget: 9000 JPY'],
        ['pools: 203.0.113.128/25', 'pools: 203.0.113.129/25'],
      ),
    ).toMatchInlineSnapshot(`
      "
      error[estate/bad-country]: "DEU" is not a country code
         --> contoso/estate.yaml:325:15
          |
      325 |   countries: [DEU, NL]
          |               ^^^
          |
          = help: write the two letters of ISO 3166-1, e.g. DE
      error[estate/unknown-provider]: there is no connectivity provider "Equinx"
         --> contoso/estate.yaml:326:15
          |
      326 |   providers: [Equinx, Colt]
          |               ^^^^^^
          |
          = help: did you mean Equinix?
      help: write Equinix (check before applying)
          |
      326 -   providers: [Equinx, Colt]
      326 +   providers: [Equinix, Colt]
      error[estate/unknown-peering-location]: there is no peering location "Frankfort"
         --> contoso/estate.yaml:327:15
          |
      327 |   locations: [Frankfort, amsterdam2]
          |               ^^^^^^^^^
          |
          = help: did you mean Frankfurt?
      help: write Frankfurt (check before applying)
          |
      327 -   locations: [Frankfort, amsterdam2]
      327 +   locations: [Frankfurt, amsterdam2]
      error[estate/unknown-site]: there is no site "dcc"
         --> contoso/estate.yaml:328:9
          |
      328 |   hubs: dcc
          |         ^^^
          |
          = help: did you mean dc?
      help: write dc (check before applying)
          |
      328 -   hubs: dcc
      328 +   hubs: dc
      error[estate/unknown-site]: there is no site, country or geopolitical region "Europa"
         --> contoso/estate.yaml:329:13
          |
      329 |   private: [Europa, hq]
          |             ^^^^^^
          |
          = help: did you mean Europe?
      help: write Europe (check before applying)
          |
      329 -   private: [Europa, hq]
      329 +   private: [Europe, hq]
      error[estate/bad-duration]: "60" has no unit
         --> contoso/estate.yaml:330:12
          |
      330 |   latency: 60
          |            ^^
          |
          = help: write the unit, e.g. 12 ms or 3 s
      error[estate/wrong-choice]: survives of requirements cannot be "one-failure"
         --> contoso/estate.yaml:331:13
          |
      331 |   survives: one-failure
          |             ^^^^^^^^^^^
          |
          = help: write nothing or any-single-failure
      error[estate/no-exchange-rate]: there is no exchange rate for JPY
         --> contoso/estate.yaml:332:11
          |
      332 |   budget: 9000 JPY
          |           ^^^^^^^^
          |
          = help: add exchangeRates: { JPY: ... } under prices, the amount that one US dollar buys
      error[estate/bad-prefix]: "203.0.113.129/25" has bits set after its first 25
         --> contoso/estate.yaml:333:10
          |
      333 |   pools: 203.0.113.129/25
          |          ^^^^^^^^^^^^^^^^
          |
          = help: the prefix is 203.0.113.128/25; the address alone is 203.0.113.129/32
      help: write 203.0.113.128/25 (check before applying)
          |
      333 -   pools: 203.0.113.129/25
      333 +   pools: 203.0.113.128/25
      "
    `);
  });

  it('refuses a misspelt key', () => {
    expect(
      check('bothways: 1\norganisation: { name: Fabrikam }\nrequirements: { privat: all }\n'),
    ).toMatchInlineSnapshot(`
      "
      error[estate/unknown-key]: requirements has no key "privat"
       --> estate.yaml:3:17
        |
      3 | requirements: { privat: all }
        |                 ^^^^^^
        |
        = help: did you mean private?
      help: rename it to private (check before applying)
        |
      3 - requirements: { privat: all }
      3 + requirements: { private: all }
      "
    `);
  });

  it('knows which sites are meant by all, a country, a geopolitical region and a name', () => {
    const text = (list: string): string => `
bothways: 1
organisation: { name: Fabrikam }
sites:
  munich: { city: Munich, clients: 10.1.0.0/16 }
  oslo: { city: Oslo, clients: 10.2.0.0/16 }
  singapore: { city: Singapore, clients: 10.3.0.0/16 }
  store: { city: Berlin }
requirements: { private: ${list} }
`;
    const sites = (list: string): readonly (readonly string[])[] | undefined =>
      loadEstate([{ name: 'a.yaml', text: text(list) }]).estate?.requirements?.private.map((each) => each.sites);
    expect(sites('all')).toEqual([['munich', 'oslo', 'singapore']]);
    expect(sites('[DE, Europe, singapore]')).toEqual([['munich'], ['munich', 'oslo'], ['singapore']]);
  });

  it('defaults to circuits for everybody that survive any single failure', () => {
    const { estate } = loadEstate([
      {
        name: 'a.yaml',
        text: 'bothways: 1\norganisation: { name: F }\nsites: { hq: { city: Munich, clients: 10.1.0.0/16 } }\nrequirements: {}\n',
      },
    ]);
    expect(estate?.requirements).toMatchObject({ survives: 'any-single-failure', private: [{ sites: ['hq'] }] });
  });
});
