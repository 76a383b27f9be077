import { readFileSync } from 'node:fs';
import { addressFiles, addressSets, microsoft365Sets } from '@bothways/facts';
import { formatPrefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { compareDownloads, type Download, type PreparedUpdate, prepareUpdate, updateImpact } from './facts-update.ts';

const contoso = [
  {
    name: 'estate.yaml',
    text: readFileSync(new URL('../../../examples/contoso/estate.yaml', import.meta.url), 'utf8'),
  },
];

type Prefixes = Readonly<Record<string, (prefixes: string[]) => string[]>>;

const inUse = [...addressSets('public')]
  .filter(({ name }) => !name.startsWith('Microsoft365'))
  .map(({ name, region, service, prefixes }) => ({
    name,
    properties: {
      changeNumber: 1,
      region: region ?? '',
      systemService: service ?? '',
      addressPrefixes: prefixes.map((each) => formatPrefix(each)),
    },
  }));

/** A download of the week after, in the form of the vendor: the sets in use with these changed. */
function tagDownload(changes: Prefixes = {}, changeNumber = 377): Download {
  const values = inUse.map(({ name, properties }) => {
    const change = changes[name];
    if (change === undefined) return { name, properties };
    return { name, properties: { ...properties, addressPrefixes: change(properties.addressPrefixes) } };
  });
  const text = JSON.stringify({ changeNumber, cloud: 'Public', values });
  return { text, fileName: 'ServiceTags_Public_20251117.json', date: '2025-11-17' };
}

/** The endpoint list in use, with one set changed. */
function listDownload(change: (set: Record<string, unknown>) => object, id: number): Download {
  const list = microsoft365Sets('public').map((set) => {
    const ports = (ranges: typeof set.ports.tcp): string =>
      ranges.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(',');
    const made = {
      id: set.id,
      serviceArea: set.serviceArea,
      urls: [...set.urls],
      ips: set.prefixes.map((each) => formatPrefix(each)),
      tcpPorts: ports(set.ports.tcp),
      udpPorts: ports(set.ports.udp),
      expressRoute: set.expressRoute,
      category: set.category,
      required: set.required,
    };
    return set.id === id ? { ...made, ...change(made) } : made;
  });
  return { text: JSON.stringify(list), fileName: 'worldwide_20260105.json', date: '2026-01-05' };
}

function prepared(tags: readonly Download[], lists: readonly Download[] = []): PreparedUpdate {
  const update = prepareUpdate(tags, lists);
  if (!update.ok) throw new Error(update.problem);
  return update.value;
}

const add =
  (...texts: string[]) =>
  (list: string[]): string[] => [...list, ...texts];

describe('an update', () => {
  it('of equal files changes nothing and asks for nothing', () => {
    const { change, data, obstacles } = prepared([tagDownload()], [listDownload(() => ({}), 1)]);
    expect(change.serviceTags[0]).toMatchObject({ fresh: 0, gone: 0, unchanged: expect.any(Number) });
    expect(change.serviceTags[0]?.sets).toEqual([]);
    expect(change.microsoft365[0]?.sets).toEqual([]);
    expect(obstacles).toEqual([]);
    expect(updateImpact(contoso, data)).toMatchObject({ usable: true, action: 'none', consequences: [] });
  });

  it('of sets the estate does not use asks for nothing', () => {
    const { data, change } = prepared([tagDownload({ 'ActionGroup.JapanEast': add('192.88.0.0/24') })]);
    expect(change.serviceTags[0]?.sets.map(({ name }) => name)).toEqual(['ActionGroup.JapanEast']);
    expect(updateImpact(contoso, data)).toMatchObject({ action: 'none', roundTrips: { changed: [] } });
  });

  it('inside the admitted regions concerns only lists that somebody wrote', () => {
    const grown = add('192.88.0.0/24');
    const { data } = prepared([tagDownload({ AzureCloud: grown, 'AzureCloud.westeurope': grown })]);
    const impact = updateImpact(contoso, data);
    expect(impact.action).toBe('if');
    expect(impact.roundTrips.changed).toEqual([]);
    const kinds = impact.consequences.map(({ touched, action }) => `${touched}: ${action}`);
    expect(kinds).toEqual(['firewall: if', 'prefix count: if']);
    expect(impact.consequences[0]).toMatchObject({ add: ['192.88.0.0/24'], remove: [] });
  });

  it('outside the admitted regions names the community that is missing and the round trips that leave the circuit', () => {
    const grown = add('192.88.1.0/24');
    const { data } = prepared([
      tagDownload({ AzureCloud: grown, 'AzureCloud.uksouth': grown, 'PowerPlatformInfra.WestEurope': grown }),
    ]);
    const impact = updateImpact(contoso, data);
    expect(impact.action).toBe('must');
    const filter = impact.consequences.find(({ touched }) => touched === 'route filter');
    expect(filter).toMatchObject({ action: 'must', element: 'er-fra', add: ['192.88.1.0/24'] });
    expect(filter?.text).toMatch(/12076:\d+ \(UK South\)/);
    expect(impact.roundTrips.changed.map(({ after }) => after?.forward.via)).toContain('internet:inet');
  });

  it('of names touches PAC files and proxies; of a flag nothing without authorisation', () => {
    const { data, change } = prepared(
      [],
      [listDownload(() => ({ urls: ['login.new.example'], expressRoute: false }), 56)],
    );
    expect(change.microsoft365[0]?.sets[0]).toMatchObject({
      id: 56,
      namesAdded: ['login.new.example'],
      properties: [{ property: 'expressRoute', before: 'true', after: 'false' }],
    });
    const impact = updateImpact(contoso, data);
    expect(impact.action).toBe('if');
    expect(impact.consequences.map(({ touched, action }) => `${touched}: ${action}`)).toEqual(
      expect.arrayContaining(['PAC and proxy lists: if', 'route filter: none']),
    );
  });

  it('that outgrows a prefix limit, a rule of the estate or its PAC file asks for a change', () => {
    const text = contoso[0]?.text ?? '';
    const strict = [
      {
        name: 'estate.yaml',
        text: `${text
          .replace('vlan: 100', 'vlan: 100\n      maximumPrefixes: 766')
          .replace(
            'users: 120,',
            'users: 120, pac: \'function FindProxyForURL(url, host) { return shExpMatch(host, "login.microsoftonline.com") ? "DIRECT" : "DIRECT"; }\',',
          )}
firewalls:
  fw-er:
    rules:
      - { action: allow, zone: inside, to: [20.50.0.0/18] }
`,
      },
    ];
    const grown = add('192.88.0.0/24');
    const { data } = prepared(
      [tagDownload({ AzureCloud: grown, 'AzureCloud.westeurope': grown })],
      [
        listDownload(
          (set) => ({ urls: [...(Array.isArray(set['urls']) ? set['urls'] : []), 'login.new.example'] }),
          56,
        ),
      ],
    );
    const impact = updateImpact(strict, data);
    expect(impact.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(impact.action).toBe('must');
    const must = impact.consequences.filter(({ action }) => action === 'must');
    expect(must.map(({ touched, element, add: missing }) => [touched, element, missing])).toEqual([
      ['firewall', 'fw-er', ['192.88.0.0/24']],
      ['PAC and proxy lists', 'branch', ['login.new.example']],
      ['prefix count', 'er-fra', []],
    ]);
    expect(must.at(-1)?.text).toMatch(/limit of 766 prefixes would take the session down/);
  });

  it('leaves the files in use as they were', () => {
    const { data } = prepared([tagDownload({ AzureCloud: add('192.88.0.0/24') })]);
    updateImpact(contoso, data);
    expect(addressFiles()[0]).toMatchObject({ changeNumber: 376, builtIn: true });
  });

  it('of a document with errors has findings and no answer', () => {
    const broken = [{ name: 'estate.yaml', text: 'bothways: 1\nsites: 3\n' }];
    const impact = updateImpact(broken, prepared([tagDownload()]).data);
    expect(impact.usable).toBe(false);
    expect(impact.findings.length).toBeGreaterThan(0);
  });

  it('is refused when it is a part of a file, twice the same cloud, or of another kind', () => {
    const whole = tagDownload();
    const part = {
      ...whole,
      text: JSON.stringify({ ...JSON.parse(whole.text), values: JSON.parse(whole.text).values.slice(0, 900) }),
    };
    expect(prepareUpdate([part], [])).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/lacks|part of a file/),
    });
    expect(prepareUpdate([whole, whole], [])).toMatchObject({ ok: false, problem: expect.stringMatching(/two files/) });
    expect(prepareUpdate([], [whole])).toMatchObject({ ok: false, problem: expect.stringMatching(/endpoint list/) });
    expect(prepareUpdate([{ ...whole, text: whole.text.slice(0, -9) }], [])).toMatchObject({ ok: false });
  });

  it('that is not newer, or undated, cannot be put to use', () => {
    expect(prepared([tagDownload({}, 376)]).obstacles).toEqual([expect.stringMatching(/not newer/)]);
    expect(prepared([{ ...tagDownload(), date: 'undated' }]).obstacles).toEqual([expect.stringMatching(/no day/)]);
  });
});

describe('two downloads', () => {
  const list = listDownload(() => ({ urls: ['outlook.office365.com'] }), 1);

  it('of one kind compare', () => {
    const tags = compareDownloads(tagDownload(), tagDownload({ Storage: () => [] }, 378));
    expect(tags.ok && tags.value.serviceTags[0]?.sets.map(({ name, after }) => [name, after])).toEqual([
      ['Storage', 0],
    ]);
    const lists = compareDownloads(list, { ...list, text: list.text.replace('"Optimize"', '"Allow"') });
    expect(lists.ok && lists.value.microsoft365[0]?.sets[0]?.properties).toEqual([
      { property: 'category', before: 'Optimize', after: 'Allow' },
    ]);
  });

  it('of two kinds, or broken, do not', () => {
    expect(compareDownloads(tagDownload(), list)).toMatchObject({ ok: false, problem: expect.stringMatching(/kind/) });
    expect(compareDownloads(list, { ...list, text: '[' })).toMatchObject({ ok: false });
    expect(compareDownloads({ ...list, text: '' }, tagDownload())).toMatchObject({ ok: false });
  });
});
