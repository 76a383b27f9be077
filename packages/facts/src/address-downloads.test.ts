import { formatPrefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import { dateInFileName, readEndpoints, readServiceTags } from './address-downloads.ts';
import { unpackPrefixes } from './packed-prefixes.ts';

const tag = {
  name: 'Storage.WestEurope',
  id: 'Storage.WestEurope',
  properties: {
    changeNumber: 7,
    region: 'westeurope',
    regionId: 18,
    platform: 'Azure',
    systemService: 'AzureStorage',
    addressPrefixes: ['20.60.0.0/16', '13.64.0.0/16', '2603:1020::/46'],
    networkFeatures: ['API', 'NSG'],
  },
};

function tags(changes: object = {}): string {
  return JSON.stringify({ changeNumber: 376, cloud: 'Public', values: [tag], ...changes });
}

const endpoint = {
  id: 1,
  serviceArea: 'Exchange',
  urls: ['outlook.office365.com', 'outlook.office.com'],
  ips: ['40.92.0.0/15'],
  tcpPorts: '443, 80',
  expressRoute: true,
  category: 'Optimize',
  required: true,
  notes: 'not carried over',
};

describe('service-tag files', () => {
  it('become lines of packed prefixes', () => {
    const read = readServiceTags(tags(), 'ServiceTags_Public_20251110.json', '2025-11-10');
    expect(read).toMatchObject({ ok: true, value: { cloud: 'public', changeNumber: 376, date: '2025-11-10' } });
    const [line = ''] = read.ok ? read.value.sets : [];
    const [name, region, service, change, v4 = '', v6 = ''] = line.split('|');
    expect([name, region, service, change]).toEqual(['Storage.WestEurope', 'westeurope', 'AzureStorage', '7']);
    const prefixes = [...unpackPrefixes(v4, 4), ...unpackPrefixes(v6, 6)].map((each) => formatPrefix(each));
    expect(prefixes).toEqual(['13.64.0.0/16', '20.60.0.0/16', '2603:1020::/46']);
  });

  it.each([
    ['Public', 'public'],
    ['AzureGovernment', 'usgov'],
    ['China', 'china'],
  ])('of %s are of the cloud %s', (word, cloud) => {
    expect(readServiceTags(tags({ cloud: word }), 'f', '2025-11-10')).toMatchObject({ ok: true, value: { cloud } });
  });

  it('are refused when truncated, at every length', () => {
    const whole = tags();
    for (let length = 0; length < whole.length; length += 1) {
      expect(readServiceTags(whole.slice(0, length), 'f', '2025-11-10').ok).toBe(false);
    }
  });

  const properties = (changes: object): string =>
    tags({ values: [{ ...tag, properties: { ...tag.properties, ...changes } }] });

  it.each<[string, string, RegExp]>([
    ['an empty file', '', /empty/],
    ['another JSON text', '42', /no list "values"/],
    ['an endpoint list', JSON.stringify([endpoint]), /no list "values"/],
    ['a page of HTML', '<!DOCTYPE html><html></html>', /not complete JSON/],
    ['no cloud', tags({ cloud: undefined }), /no known cloud/],
    ['an unknown cloud', tags({ cloud: 'constructor' }), /no known cloud/],
    ['no change number', tags({ changeNumber: 'x' }), /no change number/],
    ['a change number beyond whole numbers', tags({ changeNumber: 1e300 }), /no change number/],
    ['no sets', tags({ values: [] }), /no sets/],
    ['a set without name', tags({ values: [{}] }), /set number 1 has no name/],
    ['a set without properties', tags({ values: [{ name: 'A' }] }), /A has no properties/],
    ['a set twice', tags({ values: [tag, tag] }), /stands in the file twice/],
    ['a separator in a name', tags({ values: [{ ...tag, name: 'A|B' }] }), /unexpected character/],
    ['an escape in a region', properties({ region: '\u001b[2J' }), /unexpected character/],
    ['no prefixes', properties({ addressPrefixes: 'none' }), /no list of prefixes/],
    ['a prefix that is none', properties({ addressPrefixes: ['13.64.0.1/16'] }), /13\.64\.0\.1\/16/],
  ])('are refused with the reason: %s', (_, text, reason) => {
    const read = readServiceTags(text, 'f', '2025-11-10');
    expect(read).toEqual(expect.objectContaining({ ok: false, problem: expect.stringMatching(reason) }));
  });
});

describe('endpoint lists', () => {
  it('become sorted sets without notes', () => {
    const read = readEndpoints(JSON.stringify([{ ...endpoint, id: 9, urls: [] }, endpoint]), 'f', '2025-12-01');
    expect(read).toMatchObject({
      ok: true,
      value: {
        instance: 'worldwide',
        sets: [
          { id: 1, tcp: '80,443', udp: '', urls: ['outlook.office.com', 'outlook.office365.com'], v6: '' },
          { id: 9, urls: [] },
        ],
      },
    });
    expect(JSON.stringify(read)).not.toContain('carried');
  });

  it('are refused when truncated, at every length', () => {
    const whole = JSON.stringify([endpoint]);
    for (let length = 0; length < whole.length; length += 1) {
      expect(readEndpoints(whole.slice(0, length), 'f', '2025-12-01').ok).toBe(false);
    }
  });

  it.each<[string, unknown, RegExp]>([
    ['a service-tag file', { values: [] }, /no Microsoft 365 endpoint list/],
    ['no instance', [{ ...endpoint, urls: ['outlook.example'] }], /no known instance/],
    ['two instances', [endpoint, { ...endpoint, id: 2, urls: ['partner.outlook.cn'] }], /exactly one/],
    ['no id', [{ ...endpoint, id: '1' }], /has no id/],
    ['an id twice', [endpoint, endpoint], /twice/],
    ['no flag', [{ ...endpoint, expressRoute: 'yes' }], /does not say/],
    ['another category', [{ ...endpoint, category: 'Best' }], /none of the categories/],
    ['ports that are none', [{ ...endpoint, tcpPorts: '443;80' }], /ports/],
    ['a name that is none', [{ ...endpoint, urls: ['outlook.office365.com', 'a b\u001b'] }], /host name/],
    ['an address that is none', [{ ...endpoint, ips: ['40.92.0.0'] }], /endpoint set 1/],
  ])('are refused with the reason: %s', (_, value, reason) => {
    const read = readEndpoints(JSON.stringify(value), 'f', '2025-12-01');
    expect(read).toEqual(expect.objectContaining({ ok: false, problem: expect.stringMatching(reason) }));
  });
});

describe('the day in a file name', () => {
  it.each([
    ['ServiceTags_Public_20251110.json', '2025-11-10'],
    ['ServiceTags_Public_change376_2025-11-10.json', '2025-11-10'],
    ['ServiceTags_Public_20251310.json', undefined],
    ['get_endpoints_worldwide.json', undefined],
    ['tags_202511101.json', undefined],
  ])('of %s is %s', (name, day) => {
    expect(dateInFileName(name)).toBe(day);
  });
});
