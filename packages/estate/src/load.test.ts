import { inspect } from 'node:util';
import { applyEdits } from '@bothways/diagnostics';
import { formatCommunity, formatPrefix, prefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { changed, example } from '../test/check.ts';
import { defaultsApplied, type Estate, estateTemplate, loadEstate, secret } from './index.ts';

function estateOf(...texts: readonly string[]): Estate {
  const load = loadEstate(texts.map((text, index) => ({ name: `part-${index}.yaml`, text })));
  expect(load.findings.filter((finding) => finding.severity === 'error')).toEqual([]);
  if (load.estate === undefined) throw new Error('no estate without errors');
  return load.estate;
}

function change(from: string, to: string): string {
  return changed([from, to]);
}

describe('the two-site example', () => {
  const estate = estateOf(example);

  it('has its records in document order', () => {
    expect(estate.organisation).toMatchObject({
      name: 'Contoso',
      asn: 64_500,
      cloud: 'public',
      path: ['organisation'],
    });
    expect(estate.environments.map(({ name, region, azureRegions }) => [name, region, azureRegions])).toEqual([
      ['production', 'europe', ['westeurope', 'northeurope']],
    ]);
    expect(estate.sites.map(({ name, users }) => [name, users])).toEqual([
      ['hq', 900],
      ['branch', 120],
      ['dc', 0],
    ]);
    expect(estate.wan).toMatchObject([
      { kind: 'link', between: ['hq', 'dc'], bandwidth: 1e9, latency: 6 },
      { kind: 'link', between: ['branch', 'dc'], bandwidth: 100e6, latency: 11 },
    ]);
    expect(estate.firewalls.map(({ name, path }) => [name, path])).toEqual([
      ['fw-inet', ['internetEdges', 'inet', 'firewall']],
      ['fw-er', ['expressRouteEdges', 'er', 'firewall']],
    ]);
    expect(estate.demands.map(({ name, flows, from, to }) => [name, flows.length, from, to])).toEqual([
      ['everyday', 5, ['hq', 'branch'], ['production']],
    ]);
    expect(estate.intents.map(({ name, over }) => [name, over])).toEqual([['dataverse-is-private', 'expressroute']]);
  });

  it('has a complete circuit', () => {
    const [circuit] = estate.circuits;
    expect(circuit).toMatchObject({
      name: 'er-fra',
      location: 'frankfurt',
      model: 'exchange',
      sku: 'standard',
      billing: 'metered',
      bandwidth: 500e6,
      edge: 'er',
    });
    const peering = circuit?.microsoftPeering;
    expect(peering?.links.map(formatPrefix)).toEqual(['192.0.2.0/30', '192.0.2.4/30']);
    expect(peering?.advertises).toEqual([prefix('203.0.113.0/28')]);
    expect(peering?.routeFilter?.map(({ community, written }) => [formatCommunity(community), written])).toEqual([
      ['12076:51002', 'West Europe'],
      ['12076:51003', 'North Europe'],
    ]);
    expect(peering).toMatchObject({
      asn: 64_500,
      vlan: 100,
      validation: 'configured',
      prepend: { asn: 64_500, times: 0 },
      bfd: false,
      md5: undefined,
    });
  });

  it('knows where everything is written', () => {
    const { document } = loadEstate([{ name: 'e.yaml', text: example }]);
    const slice = (place: { line: number; column: number; endColumn: number }): string | undefined =>
      example.split('\n')[place.line - 1]?.slice(place.column - 1, place.endColumn - 1);
    expect(slice(document.placeOf(['sites', 'hq', 'clients']))).toBe('10.10.0.0/16');
    expect(slice(document.placeOf(['sites', 'hq', 'clients', 0]))).toBe('10.10.0.0/16');
    expect(slice(document.placeOfKey(['sites', 'hq', 'clients']))).toBe('clients');
    expect(slice(document.placeOf(['circuits', 'er-fra', 'microsoftPeering', 'links', 1]))).toBe('192.0.2.4/30');
    expect(slice(document.placeOf(['circuits', 'er-fra', 'microsoftPeering', 'md5']))).toBe('microsoftPeering');
    expect(slice(document.placeOf(['circuits', 'er-fra', 'location']))).toBe('Frankfurt');
    expect(slice(document.placeOf(['nowhere']))).toBe('bothways');
  });

  it('lists what the loader filled in', () => {
    const { document } = loadEstate([{ name: 'e.yaml', text: example }]);
    const filled = defaultsApplied(document).map(({ path, value }) => `${path.join('.')} = ${String(value)}`);
    expect(filled).toContain('organisation.cloud = public');
    expect(filled).toContain('circuits.er-fra.model = exchange');
    expect(filled).toContain('expressRouteEdges.er.routers = er-ce1,er-ce2');
    expect(filled).toContain('internetEdges.inet.advertises = 198.51.100.0/28');
    expect(filled).toContain('circuits.er-fra.microsoftPeering.asn = 64500');
    expect(filled.some((line) => line.startsWith('circuits.er-fra.sku'))).toBe(false);
    expect(defaultsApplied(document).every(({ because }) => because !== '')).toBe(true);
  });

  it('gives the same result every time', () => {
    const twice = [1, 2].map(() => loadEstate([{ name: 'e.yaml', text: example }]));
    expect(twice[0]?.estate).toEqual(twice[1]?.estate);
    expect(twice[0]?.findings).toEqual(twice[1]?.findings);
  });
});

describe('other ways to say the same', () => {
  it('takes JSON', () => {
    const json = JSON.stringify({
      bothways: 1,
      organisation: { name: 'Contoso', asn: 64_500 },
      sites: { hq: { users: 5, clients: ['10.0.0.0/8'] } },
    });
    expect(estateOf(json).sites[0]).toMatchObject({ name: 'hq', users: 5, clients: [prefix('10.0.0.0/8')] });
  });

  it('takes Windows line ends and a byte order mark', () => {
    expect(estateOf(`\ufeff${example.replaceAll('\n', '\r\n')}`)).toEqual(estateOf(example));
  });

  it('takes a folder of files as one document, whatever is in which', () => {
    const cut = example.indexOf('\nwan:');
    const later = example.indexOf('\ncircuits:');
    expect(estateOf(example.slice(0, cut), example.slice(cut, later), example.slice(later))).toEqual(estateOf(example));
  });

  it('joins one kind from two files in the order of the files', () => {
    const estate = estateOf(example, 'bothways: 1\nsites:\n  zug: { users: 1 }\n  aarau:\nintents:\n');
    expect(estate.sites.map((site) => site.name)).toEqual(['hq', 'branch', 'dc', 'zug', 'aarau']);
  });

  it('keeps document order for names that look like numbers', () => {
    const estate = estateOf(change('  dc: {', '  20: { users: 2 }\n  3: { users: 3 }\n  dc: {'));
    expect(estate.sites.map((site) => site.name)).toEqual(['hq', 'branch', '20', '3', 'dc']);
  });

  it('takes a name that JavaScript objects have already', () => {
    const estate = estateOf(change('  dc: {', '  constructor: { users: 2 }\n  toString: { users: 3 }\n  dc: {'));
    expect(estate.sites.map((site) => [site.name, site.users]).slice(2, 4)).toEqual([
      ['constructor', 2],
      ['toString', 3],
    ]);
  });

  it('reads dotted AS numbers as they are written', () => {
    expect(estateOf(change('asn: 64500', 'asn: 3.10')).organisation.asn).toBe(3 * 65_536 + 10);
  });

  it('follows aliases', () => {
    const estate = estateOf(
      change('from: [hq, branch]', 'from: &everybody [hq, branch]').replace('from: [hq, branch]', 'from: *everybody'),
    );
    expect(estate.intents[0]?.from).toEqual(['hq', 'branch']);
  });

  it('counts aliases but does not mind a thousand of them', () => {
    const sites = Array.from({ length: 1000 }, (_, at) => `  s${at}: { users: *many }`).join('\n');
    expect(
      estateOf(`bothways: 1\norganisation: { name: Contoso }\nsites:\n  first: { users: &many 7 }\n${sites}\n`).sites,
    ).toHaveLength(1001);
  });
});

describe('defaults', () => {
  it('asks for the everyday flows when the document has no demands', () => {
    const estate = estateOf(example.slice(0, example.indexOf('\ndemands:')));
    expect(estate.demands).toEqual([
      {
        name: 'everyday',
        path: ['demands', 'everyday'],
        flows: ['PP-F01', 'PP-F02', 'PP-F05', 'PP-F11', 'PP-F12', 'PP-F16'],
        from: ['hq', 'branch'],
        users: [],
        to: ['production'],
        vnets: [],
        services: [],
        rate: undefined,
        peakFactor: 1,
        class: 'default',
      },
    ]);
  });

  it('takes all to mean every site with clients and every flow the customer opens', () => {
    const estate = estateOf(
      change(
        'flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16]\n    from: [hq, branch]\n    to: production',
        'flows: all\n    from: all',
      ),
    );
    const [demand] = estate.demands;
    expect(demand?.from).toEqual(['hq', 'branch']);
    expect(demand?.to).toEqual(['production']);
    expect(demand?.flows.length).toBeGreaterThan(20);
  });

  it('advertises the pools of the edge, and gives a local circuit unlimited billing', () => {
    const estate = estateOf(
      change('      advertises: [203.0.113.0/28]\n', '').replace(
        '    sku: standard\n    billing: metered\n',
        '    sku: local\n',
      ),
    );
    expect(estate.circuits[0]).toMatchObject({
      billing: 'unlimited',
      microsoftPeering: { advertises: [prefix('203.0.113.0/28')] },
    });
  });

  it('tells an absent route filter from an empty one', () => {
    const filter = '      routeFilter: [West Europe, North Europe]\n';
    expect(estateOf(change(filter, '')).circuits[0]?.microsoftPeering?.routeFilter).toBeUndefined();
    expect(estateOf(change(filter, '      routeFilter: []\n')).circuits[0]?.microsoftPeering?.routeFilter).toEqual([]);
  });

  it('takes every pair of a geography until the document names one', () => {
    const us = (more: string) =>
      estateOf(change('{ region: Europe }', `{ region: United States${more} }`)).environments[0]?.azureRegions;
    expect(us('')).toEqual(['eastus', 'westus', 'centralus', 'eastus2']);
    expect(us(', azureRegion: East US 2')).toEqual(['centralus', 'eastus2']);
    expect(us(', pair: [centralus, eastus2]')).toEqual(['centralus', 'eastus2']);
  });

  it('makes one router of one name', () => {
    const estate = estateOf(change('nat: 203.0.113.0/28 }', 'nat: 203.0.113.0/28, routers: ce }'));
    expect(estate.expressRouteEdges[0]?.routers).toEqual(['ce', 'ce']);
  });

  it('lets a firewall be declared and share state', () => {
    const estate = estateOf(`${example}\nfirewalls:\n  fw-er: { sharesStateWith: fw-inet }\n`);
    expect(estate.firewalls.map(({ name, sharesStateWith }) => [name, sharesStateWith])).toEqual([
      ['fw-er', ['fw-inet']],
      ['fw-inet', []],
    ]);
  });
});

describe('secrets', () => {
  const key = 'Kx7-hidden-key';
  const text = change('vlan: 100', `vlan: 100\n      md5: ${key}`);

  it('can be revealed and are never shown', () => {
    const load = loadEstate([{ name: 'e.yaml', text }]);
    const md5 = load.estate?.circuits[0]?.microsoftPeering?.md5;
    const asUnknown: unknown = md5;
    expect(md5?.reveal()).toBe(key);
    expect(String(asUnknown)).toBe('[redacted]');
    for (const shown of [
      String(asUnknown),
      JSON.stringify({ md5 }),
      inspect(load.estate, { depth: 20 }),
      JSON.stringify({ ...md5 }),
    ]) {
      expect(shown).not.toContain(key);
    }
    expect(JSON.stringify(secret('x'))).toBe('"[redacted]"');
  });

  it('are covered in the text for showing, character by character', () => {
    for (const written of [text, `${text}\n# md5: ${key}\n`, `${text}\n\tbroken: [\n`, text.replace(key, `"${key}"`)]) {
      const { document } = loadEstate([{ name: 'e.yaml', text: written }]);
      const shown = document.printableSources.get('e.yaml') ?? '';
      expect(shown).not.toContain(key);
      expect(shown).toHaveLength(written.length);
      expect(document.sources.get('e.yaml')).toBe(written);
    }
  });
});

describe('fixes', () => {
  it('marked safe leave a document with fewer findings and no new ones', () => {
    let text = change('sku: standard', 'sku: Local')
      .replace('flows: [PP-F01, PP-F02]', 'flows: [pp-f01, PP-F02]')
      .replace('links: [192.0.2.0/30, 192.0.2.4/30]', 'links: 192.0.2.0/29')
      .replace('vlan: 100', 'vlan: 100\n      bfd: on')
      .replace('bothways: 1\n', '');
    for (let rounds = 0; rounds < 10; rounds += 1) {
      const load = loadEstate([{ name: 'e.yaml', text }]);
      const fix = load.findings.flatMap((finding) => finding.fixes).find((each) => each.safe);
      if (fix === undefined) break;
      const edited = applyEdits(text, fix.edits);
      if (!edited.ok) throw new Error(edited.problem);
      text = edited.value;
    }
    const { findings, estate } = loadEstate([{ name: 'e.yaml', text }]);
    expect(findings.map((finding) => finding.rule)).toEqual(['estate/documentation-addresses']);
    expect(estate?.circuits[0]).toMatchObject({ sku: 'local', billing: 'unlimited', microsoftPeering: { bfd: true } });
  });
});

describe('the template', () => {
  it('loads, and says that its addresses stand in for others', () => {
    const { findings, estate } = loadEstate([{ name: 't.yaml', text: estateTemplate() }]);
    expect(findings.map((finding) => finding.rule)).toEqual(['estate/documentation-addresses']);
    expect(estate?.circuits).toHaveLength(1);
  });

  it('takes answers and quotes them where it must', () => {
    const text = estateTemplate({
      organisation: 'Bits: and #1',
      region: 'United Kingdom',
      location: 'London',
      azureRegions: ['UK South'],
    });
    expect(estateOf(text).organisation.name).toBe('Bits: and #1');
  });
});
