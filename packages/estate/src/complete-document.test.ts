import { Random } from '@bothways/net';
import { load as parseYaml } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { example } from '../test/check.ts';
import { fullExample, fullFiles } from '../test/full-example.ts';
import { plainEstate } from '../test/plain.ts';
import { pathsOf, without } from '../test/values.ts';
import { completeDocument, defaultsApplied, type EstateFile, estateJsonSchema, loadEstate } from './index.ts';

const [, ...attachments] = fullFiles;

/** The estate of the files, and the estate of its complete document. */
function twice(files: readonly EstateFile[]): { readonly first: unknown; readonly second: unknown } | undefined {
  const load = loadEstate(files);
  const text = completeDocument(load);
  if (load.estate === undefined) {
    expect(text).toBeUndefined();
    return undefined;
  }
  const again = loadEstate([{ name: files[0]?.name ?? '', text: text ?? '' }, ...attachments]);
  const errors = again.findings.filter((finding) => finding.severity === 'error');
  expect(errors, text).toEqual([]);
  expect(again.estate).toBeDefined();
  return {
    first: plainEstate(load.estate),
    second: again.estate === undefined ? undefined : plainEstate(again.estate),
  };
}

describe('the complete document', () => {
  it('of the two-site example has everything with its reason', () => {
    const text = completeDocument(loadEstate([{ name: 'estate.yaml', text: example }])) ?? '';
    expect(text.slice(0, text.indexOf('wan:'))).toMatchInlineSnapshot(`
      "bothways: 1
      organisation:
        name: Contoso
        asn: 64500
        cloud: public # the public cloud is by far the most used
        microsoft365:
          authorised: false # Microsoft 365 over ExpressRoute needs an authorisation that few tenants have
      environments:
        production:
          region: Europe
          canvasCdn: true # the content delivery network is on unless an administrator switches it off
          type: production # what a design is made for
          managed: false # an environment is managed only when an administrator makes it so
          recovery: false # disaster recovery has to be ordered for each environment
      sites:
        hq:
          city: Munich
          country: DE # the country of the city
          location: [48.14, 11.58] # the middle of the city
          users: 900
          clients: [10.10.0.0/16]
          resolver: hq # names are resolved where the clients are unless another place is named
        branch:
          city: Milan
          country: IT # the country of the city
          location: [45.46, 9.19] # the middle of the city
          users: 120
          clients: [10.20.0.0/16]
          resolver: branch # names are resolved where the clients are unless another place is named
        dc:
          city: Frankfurt
          country: DE # the country of the city
          location: [50.11, 8.68] # the middle of the city
          users: 0 # a site without users is a place for equipment
      "
    `);
    expect(text.slice(text.indexOf('circuits:'))).toMatchInlineSnapshot(`
      "circuits:
        er-fra:
          location: Frankfurt
          provider: Equinix
          model: exchange # a cross-connection at an exchange is the usual way to reach a provider
          sku: standard
          billing: metered
          bandwidth: 500 Mbps
          edge: er
          resiliency: standard # both links of a circuit end in one peering location
          provisioning: provisioned # a design assumes that the provider has done its part
          microsoftPeering:
            asn: 64500 # the AS number of the organisation
            vlan: 100
            links: [192.0.2.0/30, 192.0.2.4/30]
            advertises: [203.0.113.0/28]
            prepend: 0 # nothing is added to the path unless asked for
            timers:
              keepalive: 60 s # what Microsoft uses (ER-056)
              hold: 180 s # what Microsoft uses (ER-056)
            bfd: false # it has to be switched on at both ends
            routeFilter: [West Europe, North Europe]
            validation: configured # a design assumes that validation of the prefixes has succeeded
          qos: false # markings count only when both sides were set up for them
      demands:
        everyday:
          flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16]
          from: all
          to: all
          peakFactor: 1 # the rate is taken for the busy hour
          class: default # what nobody marked is best effort (ER-129)
      intents:
        dataverse-is-private:
          flows: [PP-F01, PP-F02]
          from: all
          to: all
          over: expressroute
          survives: nothing # the intent is asked for in the normal state
          private: false # the intent asks which way to take, not what the way is made of
      prices:
        currency: USD # the currency of the list prices
        microsoftDiscount: 0 % # list prices
      "
    `);
  });

  it('marks every default, and nothing else', () => {
    for (const files of [[{ name: 'estate.yaml', text: example }], fullFiles]) {
      const load = loadEstate(files);
      const remarks = (completeDocument(load) ?? '').split('\n').filter((line) => / # /.test(line));
      expect(remarks).toHaveLength(defaultsApplied(load.document).length);
    }
  });

  it('says nothing about an estate that could not be loaded', () => {
    expect(completeDocument(loadEstate([{ name: 'estate.yaml', text: 'bothways: 1' }]))).toBeUndefined();
  });

  it('never has a key in it', () => {
    const text = completeDocument(loadEstate(fullFiles)) ?? '';
    expect(text).not.toMatch(/quiet|9d1f2a77/);
    expect(text.match(/\[redacted\]/g)).toHaveLength(4 - 1);
  });

  it('gives the same estate for the examples', () => {
    for (const files of [[{ name: 'estate.yaml', text: example }], fullFiles]) {
      const both = twice(files);
      expect(both?.second).toEqual(both?.first);
      expect(both).toBeDefined();
    }
  });

  it('is complete: completing it again changes nothing but the remarks', () => {
    const text = completeDocument(loadEstate(fullFiles)) ?? '';
    const again = completeDocument(loadEstate([{ name: 'contoso/estate.yaml', text }, ...attachments])) ?? '';
    const bare = (each: string): string => each.replaceAll(/ # .*$/gm, '');
    expect(bare(again)).toBe(bare(text));
    expect(again).not.toMatch(/ # /);
  });

  it('gives the same estate when anything is left out (seeds 41 to 43)', () => {
    let compared = 0;
    for (const seed of [41, 42, 43]) {
      const random = new Random(seed);
      const whole = parseYaml(fullExample);
      const paths = pathsOf(whole).filter((path) => path.length > 0);
      for (let round = 0; round < 100; round += 1) {
        let changed = whole;
        for (let count = random.below(5); count > 0; count -= 1) {
          changed = without(changed, paths[random.below(paths.length)] ?? []);
        }
        const text = JSON.stringify(changed, undefined, 1);
        const both = twice([{ name: 'contoso/estate.json', text }, ...attachments]);
        if (both === undefined) continue;
        compared += 1;
        expect(both.second, text).toEqual(both.first);
      }
    }
    expect(compared).toBeGreaterThan(60);
  });
});

describe('the example that has everything', () => {
  it('says what lines and networks are like, what was promised, and who resolves names', () => {
    const { estate } = loadEstate(fullFiles);
    const named = <Item extends { readonly name: string }>(items: readonly Item[] | undefined, name: string) =>
      items?.find((each) => each.name === name);
    expect(named(estate?.sites, 'factory')?.lan).toMatchObject({ bandwidth: 1e9, utilisation: 0.2 });
    expect(named(estate?.sites, 'hq')?.lan).toBeUndefined();
    expect(named(estate?.internetEdges, 'inet-hq')).toMatchObject({ latency: 3, loss: 0.002, utilisation: 0.45 });
    expect(named(estate?.internetEdges, 'inet')).toMatchObject({ latency: undefined, utilisation: undefined });
    expect(named(estate?.circuits, 'er-metro')).toMatchObject({
      latency: 4,
      promised: { throughput: 150e6, latency: 5 },
    });
    expect(named(estate?.circuits, 'er-fra')).toMatchObject({ latency: undefined, promised: undefined });
    expect(estate?.wan.map(({ name, optimised }) => [name, optimised])).toEqual([
      ['dark-fibre', false],
      ['mpls', false],
      ['overlay', true],
    ]);
    expect(estate?.vnets.map(({ name, resolver }) => [name, resolver])).toEqual([
      ['west', undefined],
      ['north', undefined],
      ['spoke', { site: 'dc' }],
    ]);
    const machines = named(estate?.vnets, 'west')?.machines;
    expect(machines?.map(({ name, proxy }) => [name, proxy])).toEqual([
      ['app1', 'web-proxy'],
      ['app2', undefined],
    ]);
    expect(estate?.demands.map((demand) => demand.class)).toEqual(['default', 'interactive']);
  });

  it('may have the name servers in a virtual network', () => {
    const text = fullExample.replace('resolver: dc }', 'resolver: north }');
    const { estate } = loadEstate([{ name: 'contoso/estate.yaml', text }, ...attachments]);
    expect(estate?.vnets.at(-1)?.resolver).toEqual({ vnet: 'north' });
  });

  it('uses every key of the schema', () => {
    const used = new Set(
      pathsOf(parseYaml(fullExample)).flatMap((path) => path.filter((step) => typeof step === 'string')),
    );
    const keys = new Set<string>();
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === 'properties' && typeof value === 'object' && value !== null)
          for (const name of Object.keys(value)) keys.add(name);
        visit(value);
      }
    };
    visit(estateJsonSchema());
    expect([...keys].filter((key) => !used.has(key))).toEqual(['text']); // `pac` in short form
    expect(keys.size).toBeGreaterThan(150);
  });
});
