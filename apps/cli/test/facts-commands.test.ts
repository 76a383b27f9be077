import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { addressSets, facts } from '@bothways/facts';
import { describe, expect, it } from 'vitest';
import { bothways, contoso, type Ended, root, temporaryFolder } from './bothways.ts';

const fixtures = join(root, 'packages/facts/fixtures');
const october = join(fixtures, 'service-tags-public-20251028.json');
const november = join(fixtures, 'service-tags-public-20251110.json');

/** '20.50.0.0/18', '2603:1020:0:0:0:0:0:0/46': the groups of an address from its bits. */
function prefixText({ family, bits, length }: { family: 4 | 6; bits: bigint; length: number }): string {
  const width = family === 4 ? 8n : 16n;
  const count = family === 4 ? 4 : 8;
  const groups = Array.from(
    { length: count },
    (_, i) => (bits >> (width * BigInt(count - 1 - i))) & ((1n << width) - 1n),
  );
  return `${groups.map((group) => group.toString(family === 4 ? 10 : 16)).join(family === 4 ? '.' : ':')}/${length}`;
}

/** A service-tag file of the size of a real one, newer than what is built in: one prefix more in West Europe. */
const download = JSON.stringify({
  changeNumber: 380,
  cloud: 'Public',
  values: [...addressSets('public')]
    .filter(({ name }) => !name.startsWith('Microsoft365'))
    .map(({ name, region, service, prefixes }) => {
      const more = name === 'AzureCloud' || name === 'AzureCloud.westeurope' ? ['192.88.0.0/24'] : [];
      return {
        name,
        properties: {
          changeNumber: 1,
          region: region ?? '',
          systemService: service ?? '',
          addressPrefixes: [...prefixes.map(prefixText), ...more],
        },
      };
    }),
});

interface Place {
  readonly folder: string;
  readonly data: string;
  readonly file: string;
  readonly run: (...args: string[]) => Promise<Ended>;
}

function place(): Place {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const file = join(folder, 'ServiceTags_Public_20260119.json');
  writeFileSync(file, download);
  return { folder, data, file, run: (...args) => bothways(args, { env: { BOTHWAYS_DATA: data } }) };
}

describe('help', () => {
  it.concurrent.each([[['facts']], [['facts', 'update']], [['facts', 'diff']], [['reach']], [['show']]])(
    '%j --help shows usage and examples',
    async (words) => {
      const { code, stdout } = await bothways([...words, '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: bothways ${words.join(' ')}`));
      expect(stdout).toMatch(/Examples:\n {2}\S/);
    },
  );
});

const everyFact = facts().length;

describe('facts', () => {
  it('gives an overview, a search, and one fact with its source', async () => {
    expect((await bothways(['facts'])).stdout).toMatch(new RegExp(`^${everyFact} facts`));
    expect((await bothways(['facts', 'default', 'route'])).stdout).toMatch(/ER-125/);
    const { code, stdout } = await bothways(['facts', 'ER-028']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Source {6}articles\/expressroute\/expressroute-faqs\.md/);
    expect(stdout).toMatch(/commit\s+4260367da6fe/);
    expect(stdout).toMatch(/PP-C45/);
  });

  it('in JSON, the same every time', async () => {
    const [first, second] = [await bothways(['facts', 'X04', '--json']), await bothways(['facts', 'X04', '--json'])];
    expect(first.stdout).toBe(second.stdout);
    expect(JSON.parse(first.stdout)).toMatchObject({ id: 'X04', confidence: 'conflict' });
  });

  it('lists what is old against the day given', async () => {
    const args = ['facts', '--stale', '--as-of', '2026-11-20', '--older-than', '8 years', '--json'];
    const stale = JSON.parse((await bothways(args)).stdout);
    expect(stale).toMatchObject({ asOf: '2026-11-20', before: '2018-11-20', checked: everyFact });
    expect(stale.facts.map(({ date }: { date: string }) => date).at(-1) < '2018-11-20').toBe(true);
  });

  it.concurrent.each([
    [['facts', 'ER-999'], /ER-099/],
    [['facts', '--stale', '--as-of', 'today'], /no day/],
    [['facts', '--stale', '--older-than', '3'], /no age/],
    [['facts', '--stale', 'words'], /leave the query out/],
    [['reach', '300.1.1.1'], /300/],
    [['reach', '8.8.8.8', '--estate', 'no-such.yaml'], /does not exist/],
    [['reach', '8.8.8.8', '--cloud', 'moon'], /moon/],
    [['show', 'no-such.yaml'], /does not exist/],
    [['show', contoso, '--device', 'hq'], /--network/],
    [['show', contoso, '--network', '--device', 'er-ce'], /er-ce1/],
    [['facts', 'update'], /name at least one download/],
    [['facts', 'diff', 'no-such.json', november], /does not exist/],
    [['facts', 'diff', fixtures, november], /no plain file/],
  ])('%j is unusable input', async (args, problem) => {
    const { code, stdout, stderr } = await bothways(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(problem);
  });
});

describe('facts diff', () => {
  it('prints the difference of two weeks, plain or gzip', async () => {
    const folder = temporaryFolder();
    const packed = join(folder, 'service-tags-public-20251028.json.gz');
    writeFileSync(packed, gzipSync(readFileSync(october)));
    const plain = await bothways(['facts', 'diff', october, november]);
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(plain.stdout).toMatch(/change 375 of 2025-10-28 → change 376 of 2025-11-10/);
    expect(plain.stdout).toMatch(/6 → 8: 2 added, 0 removed, 4 changed, 2 with the same prefixes/);
    expect((await bothways(['facts', 'diff', packed, november])).stdout).toBe(plain.stdout);
    const all = await bothways(['facts', 'diff', october, november, '--all']);
    expect(all.stdout.match(/^ {6}[+−] /gm)?.length).toBe(3 + 1 + 3 + 4 + 5 + 2);
    const json = JSON.parse((await bothways(['facts', 'diff', october, november, '--json'])).stdout);
    expect(json.serviceTags[0].sets.length).toBe(6);
  });
});

describe('facts update', () => {
  it('compares, writes only with --apply, and later answers say what they rest on', async () => {
    const { data, file, run } = place();
    const compared = await run('facts', 'update', '--service-tags', file, '--estate', contoso);
    expect(compared).toMatchObject({ code: 0, stderr: '' });
    expect(compared.stdout).toMatch(/change 376 of 2025-11-10 → change 380 of 2026-01-19/);
    expect(compared.stdout).toMatch(/For Contoso: no action in the design/);
    expect(existsSync(data)).toBe(false);
    expect((await run('reach', '192.88.0.1', '--json')).stdout).toMatch(/"answer": "unknown"/);

    expect((await run('facts', 'update', '--service-tags', file, '--apply')).stdout).toMatch(/Written to/);
    expect(readdirSync(data)).toEqual(['addresses.json']);
    const reach = await run('reach', '192.88.0.1');
    expect(reach.stdout).toMatch(/12076:51002/);
    expect(reach.stdout).toMatch(/your update: service tags public: change 380 of 2026-01-19/);
    expect((await run('check', contoso)).stdout).toMatch(/your update: service tags public: change 380 of 2026-01-19/);
    const json = await run('check', contoso, '--format', 'json');
    expect(() => JSON.parse(json.stdout)).not.toThrow();
    expect(json.stderr).toMatch(/change 380 of 2026-01-19/);

    expect((await run('facts', 'update', '--reset')).stdout).toMatch(/Removed/);
    expect((await run('check', contoso)).stdout).not.toMatch(/your update/);
  });

  it('refuses wrong and truncated files without touching what was there', async () => {
    const { folder, data, file, run } = place();
    await run('facts', 'update', '--service-tags', file, '--apply');
    const before = readFileSync(join(data, 'addresses.json'));
    const bad: Readonly<Record<string, string | Uint8Array>> = {
      'cut_20260202.json': download.slice(0, 2_000_000),
      'empty_20260202.json': '',
      'other_20260202.json': '{"values": {}}',
      'part_20260202.json': readFileSync(november),
      'binary_20260202.json': new Uint8Array([0xff, 0xfe, 0x00]),
      'cut_20260202.json.gz': gzipSync(download).subarray(0, 10_000),
      'old_20260202.json': download.replace('"changeNumber":380', '"changeNumber":300'),
    };
    for (const [name, content] of Object.entries(bad)) {
      writeFileSync(join(folder, name), content);
      const { code, stderr } = await run('facts', 'update', '--service-tags', join(folder, name), '--apply');
      expect({ name, code }).toEqual({ name, code: 2 });
      expect(stderr).toMatch(/Nothing was (changed|written)/);
    }
    const mixed = await run('facts', 'update', '--service-tags', file, '--m365', file, '--apply');
    expect(mixed).toMatchObject({ code: 2, stdout: '' });
    expect(readFileSync(join(data, 'addresses.json'))).toEqual(before);
    expect(readdirSync(data)).toEqual(['addresses.json']);
  });

  it('does not compute on a damaged update, and says how to mend it', async () => {
    const { data, run } = place();
    mkdirSync(data);
    writeFileSync(join(data, 'addresses.json'), '{"format":"bothways-address-update"');
    const { code, stdout, stderr } = await run('check', contoso);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/facts update --reset/);
    expect((await run('facts', 'update', '--reset')).code).toBe(0);
    expect((await run('reach', '8.8.8.8')).code).toBe(0);
  });

  it('a folder that cannot be written is no half of a file', async () => {
    const { folder, file } = place();
    writeFileSync(join(folder, 'taken'), 'mine');
    const { code, stderr } = await bothways([
      'facts',
      'update',
      '--service-tags',
      file,
      '--apply',
      '--data',
      join(folder, 'taken'),
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/cannot be written/);
    expect(readFileSync(join(folder, 'taken'), 'utf8')).toBe('mine');
  });
});

describe('reach and show', () => {
  it('reach says yes or no, why, and the way from each site', async () => {
    const { code, stdout } = await bothways(['reach', '20.50.1.1', '--estate', contoso]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ExpressRoute: yes/);
    expect(stdout).toMatch(/hq, branch: 1 address over the circuit er-fra/);
    const unknown = await bothways(['reach', 'www.example.org', '--json']);
    expect(unknown.code).toBe(0);
    expect(JSON.parse(unknown.stdout)).toMatchObject({ answer: 'unknown', ways: [] });
  });

  it('show prints the document with its defaults, and the network with its sources', async () => {
    const document = await bothways(['show', contoso]);
    expect(document.code).toBe(0);
    expect(document.stdout).toMatch(/^bothways: 1$/m);
    expect(document.stdout).toMatch(/^ +model: exchange +# \S/m);
    const again = await bothways(['show', '-'], { input: document.stdout });
    expect(again.code).toBe(0);
    const verdict = await bothways(['check', '-', '--format', 'json'], { input: document.stdout });
    expect(JSON.parse(verdict.stdout)).toMatchObject({ verdict: 'holds', estate: 'Contoso' });
    const network = await bothways(['show', contoso, '--network']);
    expect(network.stdout).toMatch(/Customer: devices/);
    expect(network.stdout.replaceAll(/\s+/g, ' ')).toMatch(/at most 200 prefixes, then drop-session \(ER-028/);
    expect(network.stdout).toMatch(/\[line \d+/);
    const json = JSON.parse((await bothways(['show', contoso, '--network', '--json'])).stdout);
    expect(json.halves.map(({ half }: { half: string }) => half)).toEqual(['customer', 'internet', 'microsoft']);
  });
});
