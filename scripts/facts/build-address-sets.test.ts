import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { build } from './build-address-sets.ts';

let folder = '';
let output = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'address-sets-'));
  output = join(folder, 'data');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Tag {
  readonly name: string;
  readonly region?: string;
  readonly prefixes: readonly string[];
}

const indispensable: readonly Tag[] = [
  'Sql',
  'Storage',
  'AzureCloud',
  'AzureActiveDirectory',
  'PowerPlatformInfra',
].map((name, index) => ({ name, prefixes: [`13.${64 + index}.0.0/16`, `2603:10${10 + index}::/32`] }));

function tagFile(tags: readonly Tag[] = indispensable, cloud = 'Public'): string {
  const values = tags.map(({ name, region = '', prefixes }) => ({
    name,
    id: name,
    properties: {
      changeNumber: 7,
      region,
      regionId: 0,
      platform: 'Azure',
      systemService: name,
      addressPrefixes: prefixes,
      networkFeatures: ['API'],
    },
  }));
  return JSON.stringify({ changeNumber: 376, cloud, values }, undefined, 2);
}

function endpointFile(): string {
  return JSON.stringify([
    {
      id: 9,
      serviceArea: 'Exchange',
      urls: ['outlook.office365.com'],
      ips: ['40.92.0.0/15', '2a01:111:f400::/48'],
      tcpPorts: '443, 80',
      expressRoute: true,
      category: 'Allow',
      required: true,
      notes: 'not carried over',
    },
    {
      id: 2,
      serviceArea: 'Common',
      urls: ['b.example', 'a.example'],
      expressRoute: false,
      category: 'Default',
      required: false,
    },
  ]);
}

function saved(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function run(...args: string[]): { code: number; text: string } {
  const { code, lines } = build([...args, '--output', output]);
  return { code, text: lines.join('\n').replaceAll(folder, '…') };
}

function written(): string[] {
  try {
    return readdirSync(output).sort();
  } catch {
    return [];
  }
}

describe('build-address-sets', () => {
  it('writes one line for each set, sorted by name, with the date of the file name', () => {
    const path = saved('ServiceTags_Public_20251110.json', tagFile());
    expect(run('--public', path)).toEqual({
      code: 0,
      text: expect.stringMatching(/^address-sets-public\.json: \d+ bytes$/),
    });
    expect(readFileSync(join(output, 'address-sets-public.json'), 'utf8')).toMatchInlineSnapshot(`
      "{"file":"ServiceTags_Public_20251110.json","cloud":"public","changeNumber":376,"date":"2025-11-10","sets":[
      "AzureActiveDirectory||AzureActiveDirectory|7|gBjqD|gCzgkmgT",
      "AzureCloud||AzureCloud|7|gBiqD|gCygkmgT",
      "PowerPlatformInfra||PowerPlatformInfra|7|gBkqD|gC0gkmgT",
      "Sql||Sql|7|gBgqD|gCwgkmgT",
      "Storage||Storage|7|gBhqD|gCxgkmgT"
      ]}
      "
    `);
  });

  it('gives the same bytes for the same content in another order', () => {
    run('--public', saved('ServiceTags_Public_20251110.json', tagFile()));
    const first = readFileSync(join(output, 'address-sets-public.json'), 'utf8');
    const shuffled = [...indispensable].reverse().map((tag) => ({ ...tag, prefixes: [...tag.prefixes].reverse() }));
    run('--public', saved('ServiceTags_Public_20251110.json', tagFile(shuffled)));
    expect(readFileSync(join(output, 'address-sets-public.json'), 'utf8')).toBe(first);
  });

  it('reads endpoint lists, with a date from the command line and without the notes', () => {
    const path = saved('worldwide.json', endpointFile());
    expect(run('--m365-worldwide', path, '--date', 'm365-worldwide=2025-12-01').code).toBe(0);
    const text = readFileSync(join(output, 'microsoft365-worldwide.json'), 'utf8');
    expect(text).toMatchInlineSnapshot(`
      "{"file":"worldwide.json","instance":"worldwide","date":"2025-12-01","sets":[
      {"id":2,"serviceArea":"Common","expressRoute":false,"category":"Default","required":false,"tcp":"","udp":"","urls":["a.example","b.example"],"v4":"","v6":""},
      {"id":9,"serviceArea":"Exchange","expressRoute":true,"category":"Allow","required":true,"tcp":"80,443","udp":"","urls":["outlook.office365.com"],"v4":"euhF","v6":"gDgg9jxgkgqB"}
      ]}
      "
    `);
    expect(text).not.toContain('carried');
  });

  it('refuses a truncated file, at every length, and writes nothing', () => {
    const whole = tagFile();
    for (let length = 0; length < whole.length; length += 97) {
      const { code, text } = run('--public', saved('ServiceTags_Public_20251110.json', whole.slice(0, length)));
      expect(code, `${length} characters`).toBe(1);
      expect(text).toMatch(/complete JSON|is empty/);
      expect(text).toContain('Nothing was written.');
    }
    expect(written()).toEqual([]);
  });

  it('leaves the old data alone when one of several inputs is wrong', () => {
    const good = saved('ServiceTags_Public_20251110.json', tagFile());
    run('--public', good);
    const before = readFileSync(join(output, 'address-sets-public.json'), 'utf8');
    const newer = saved('ServiceTags_Public_20251117.json', tagFile([...indispensable, { name: 'New', prefixes: [] }]));
    const { code, text } = run('--public', newer, '--china', good);
    expect(code).toBe(1);
    expect(text).toContain('the file is of the cloud public, not china');
    expect(readFileSync(join(output, 'address-sets-public.json'), 'utf8')).toBe(before);
    expect(written()).toEqual(['address-sets-public.json']);
  });

  it.each<[string, string, string]>([
    ['no service-tag file', endpointFile(), 'it has no list "values"'],
    ['another cloud', tagFile(indispensable, 'China'), 'the file is of the cloud china, not public'],
    ['a missing set', tagFile(indispensable.slice(1)), 'the file has no set Sql; it is incomplete'],
    ['a set twice', tagFile([...indispensable, ...indispensable]), 'the set Sql stands in the file twice'],
    [
      'a prefix with host bits',
      tagFile([...indispensable, { name: 'Odd', prefixes: ['13.64.0.1/16'] }]),
      'Odd: "13.64.0.1/16" has bits set after its first 16',
    ],
    ['a separator in a name', tagFile([...indispensable, { name: 'A|B', prefixes: [] }]), 'unexpected character'],
    ['another kind of JSON', '42', 'it has no list "values"'],
  ])('refuses %s', (_, content, problem) => {
    const { code, text } = run('--public', saved('ServiceTags_Public_20251110.json', content));
    expect(code).toBe(1);
    expect(text).toContain(problem);
    expect(written()).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['a service-tag file', tagFile(), 'the outermost value is no list'],
    [
      'another instance',
      endpointFile().replace('outlook.office365.com', 'partner.outlook.cn'),
      'the list is of the instance china, not worldwide',
    ],
    ['unreadable ports', endpointFile().replace('443, 80', '443;80'), 'endpoint set 9 has an unreadable list of ports'],
    ['a set twice', endpointFile().replace('"id":2', '"id":9'), 'the endpoint set 9 stands in the list twice'],
    [
      'a set without flag',
      endpointFile().replace('"required":false', '"required":"no"'),
      'endpoint set 2 does not say',
    ],
  ])('refuses an endpoint list that is %s', (_, content, problem) => {
    const { code, text } = run('--m365-worldwide', saved('list_20251201.json', content));
    expect(code).toBe(1);
    expect(text).toContain(problem);
  });

  it('says what is missing on the command line', () => {
    expect(run()).toMatchObject({ code: 2, text: expect.stringContaining('Name at least one download') });
    expect(run('--colour', 'x').code).toBe(2);
    expect(run('--date', 'public=yesterday').text).toContain('write --date m365-worldwide=2025-12-01');
    expect(run('--public', saved('tags.json', tagFile())).text).toContain('add --date public=YYYY-MM-DD');
    expect(run('--public', join(folder, 'absent_20251110.json')).text).toContain('ENOENT');
  });
});
