import { findPeeringLocation, findPowerPlatformRegion, powerPlatformRegions } from '@bothways/facts';
import { describe, expect, it } from 'vitest';
import {
  type Answers,
  estateDocument,
  nearestLocation,
  readLocation,
  readRegion,
  readSites,
} from './estate-document.ts';

function answers(changes: Partial<Answers>): Answers {
  const region = findPowerPlatformRegion('Europe');
  const location = findPeeringLocation('Frankfurt');
  if (region === undefined || location === undefined) throw new Error('Europe and Frankfurt are facts');
  const site = { name: 'hq', city: 'Munich', users: 900 };
  const organisation = 'Contoso';
  return {
    organisation,
    asn: '64500',
    region,
    sites: [site],
    location,
    provider: undefined,
    bandwidth: '500 Mbps',
    ...changes,
  };
}

describe('sites on the command line', () => {
  it('have a name, a city and users, of which only the name is needed', () => {
    expect(readSites('hq:Munich:900, branch : Milan,dc')).toEqual({
      ok: true,
      value: [
        { name: 'hq', city: 'Munich', users: 900 },
        { name: 'branch', city: 'Milan', users: 0 },
        { name: 'dc', city: undefined, users: 0 },
      ],
    });
  });

  it.each([
    ['', /name:city:users/],
    ['a:b:3:4', /name:city:users/],
    ['hq:Munich:-1', /whole number/],
    ['hq:Munich:1e3', /whole number/],
    ['head quarters:Munich:1', /cannot name a site/],
    ['hq,hq', /there twice/],
    [Array.from({ length: 251 }, (_, i) => `s${i}`).join(','), /250 sites at most/],
  ])('refuses %j', (text, problem) => {
    expect(readSites(text)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });
});

describe('names of Microsoft', () => {
  it('are found, or a near one is suggested', () => {
    expect(readRegion('europe')).toMatchObject({ ok: true, value: { name: 'Europe' } });
    expect(readRegion('Erope')).toEqual({ ok: false, problem: expect.stringMatching(/Did you mean 'Europe'/) });
    expect(readRegion('Middle-earth')).toEqual({ ok: false, problem: expect.stringMatching(/Known are: /) });
    expect(readLocation('Frankfurt')).toMatchObject({ ok: true, value: { city: 'Frankfurt' } });
  });

  it('give every region with known Azure regions a location of its own cloud', () => {
    for (const region of powerPlatformRegions().filter(({ pairs }) => pairs.length > 0)) {
      expect({ region: region.id, cloud: nearestLocation(region)?.cloud }).toEqual({
        region: region.id,
        cloud: region.cloud,
      });
    }
  });
});

describe('the document', () => {
  it('is what a newcomer reads first', () => {
    const sites = [
      { name: 'hq', city: 'Munich', users: 900 },
      { name: 'branch', city: 'Milan', users: 120 },
    ];
    expect(estateDocument(answers({ sites, provider: 'Equinix' }))).toMatchInlineSnapshot(`
      "# Contoso: what the network looks like, and what must hold. Check it with: bothways check
      # Replace the stand-ins (AS number, NAT pools, link subnets) by your own; "bothways schema" helps your editor.
      bothways: 1

      organisation:
        name: Contoso
        asn: 64500

      environments:
        production: { region: Europe }  # its servers: West Europe and North Europe

      sites:
        hq: { city: Munich, users: 900, clients: 10.10.0.0/16 }
        branch: { city: Milan, users: 120, clients: 10.20.0.0/16 }
        dc: { city: Frankfurt }

      wan:
        hq-dc: { between: [hq, dc], bandwidth: 200 Mbps, latency: 10 ms }
        branch-dc: { between: [branch, dc], bandwidth: 200 Mbps, latency: 10 ms }

      internetEdges:
        internet: { site: dc, bandwidth: 1 Gbps, firewall: fw-internet, nat: 198.51.100.0/28 }

      expressRouteEdges:
        edge: { site: dc, firewall: fw-edge, nat: 203.0.113.0/28 }

      circuits:
        main:
          location: Frankfurt
          provider: Equinix
          sku: standard
          billing: metered
          bandwidth: 500 Mbps
          edge: edge
          microsoftPeering:
            vlan: 100
            links: [192.0.2.0/30, 192.0.2.4/30]
            advertises: [203.0.113.0/28]  # this circuit only: the internet edge must not announce it too
            routeFilter: [West Europe, North Europe]  # both regions of the environment

      demands:
        everyday: { flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16], from: [hq, branch], to: production }

      intents:
        dataverse-is-private:
          flows: [PP-F01, PP-F02]
          from: [hq, branch]
          to: production
          over: expressroute
      "
    `);
  });

  it('buys Premium only where the location lies outside the region', () => {
    const sydney = findPeeringLocation('Sydney');
    if (sydney === undefined) throw new Error('Sydney is a fact');
    expect(estateDocument(answers({}))).toMatch(/sku: standard$/m);
    expect(estateDocument(answers({ location: sydney }))).toMatch(/sku: premium/);
  });

  it('quotes what YAML would read otherwise', () => {
    const text = estateDocument(answers({ organisation: 'no', sites: [{ name: 'on', city: 'A: "B"', users: 1 }] }));
    expect(text).toMatch(/name: "no"/);
    expect(text).toMatch(/"on": \{ city: "A: \\"B\\""/);
  });

  it('keeps one line to a comment', () => {
    expect(estateDocument(answers({ organisation: 'A\nbothways: 2' }))).toMatch(/^# A bothways: 2: /);
  });
});
