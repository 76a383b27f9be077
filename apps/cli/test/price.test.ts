import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bothways, contoso, root, temporaryFolder } from './bothways.ts';

const example = readFileSync(join(root, contoso, 'estate.yaml'), 'utf8');

/** The example with prices for everything, in a folder of its own. */
function priced(): string {
  const file = join(temporaryFolder(), 'estate.yaml');
  writeFileSync(
    file,
    `${example}
prices:
  currency: EUR
  exchangeRates: { EUR: 0.92 }
  providers: { Equinix: { once: 1500 EUR, monthly: 450 EUR } }
  wanPerMbps: 4 EUR
  internetPerMbps: 0.80 EUR
  internal: { once: 40000 EUR, monthly: 500 EUR }
  overrides: { cross-connect: 310 EUR, cross-connect-once: 0 EUR, firewall: 200 EUR, router: 100 EUR }
  volumes: { er-fra: 12500 }
`,
  );
  return file;
}

describe('bothways price', () => {
  it('prints the list price with its date, what is missing and how to state it', async () => {
    const { code, stdout } = await bothways(['price', contoso, '--as-of', '2026-11-20']);
    expect(code).toBe(0);
    expect(stdout).toContain('Contoso, 36 months: at least 10,440.00 USD');
    expect(stdout).toMatch(
      /Standard circuit, metered, 500 Mbps, Frankfurt, zone 1 +290\.00 a month +list of 2026-07-21 \(ER-197\)/,
    );
    expect(stdout).toContain('prices.overrides.cross-connect');
    expect(stdout).toContain('unlimited pays from 98,400 GB out');
    expect(stdout).not.toContain('more than a year ago');
  });

  it('announces a list that is more than a year old', async () => {
    const { stdout } = await bothways(['price', contoso, '--as-of', '2027-07-22']);
    expect(stdout).toContain('! the list prices are of 2026-07-21, more than a year ago');
  });

  it('adds up a bill without gaps, for programs and over another term', async () => {
    const { code, stdout } = await bothways(['price', priced(), '--term', '12', '--format', 'json']);
    expect(code).toBe(0);
    const view = JSON.parse(stdout);
    // 266.80 + 287.50 + 450 + 620 + 4400 + 800 + 400 + 200 + 500
    expect(view).toMatchObject({
      currency: 'EUR',
      termMonths: 12,
      monthly: { low: '7924.30', high: '7924.30' },
      once: { low: '41500.00', high: '41500.00' },
      term: { low: '136591.60', high: '136591.60' },
    });
    expect(view.lines.every((line: { readonly status: string }) => line.status === 'known')).toBe(true);
    expect(view.lines.find((line: { readonly id: string }) => line.id === 'wan.mpls-hq/line').because).toMatch(
      /^line \d+$/,
    );
  });

  it('writes the bill of materials as CSV and as a workbook with the same figures', async () => {
    const estate = priced();
    const folder = temporaryFolder();
    const csv = join(folder, 'bill.csv');
    expect(await bothways(['price', estate, '-o', csv])).toMatchObject({ code: 0, stdout: `Wrote ${csv}.\n` });
    const rows = readFileSync(csv, 'utf8').split('\r\n');
    expect(rows[0]).toMatch(/^Id,Party,For,What,Period/);
    expect(rows.find((row) => row.startsWith('circuits.er-fra/fee'))).toContain(',266.8,266.8,EUR,known,');
    expect(rows.find((row) => row.includes('over 36 months'))).toContain(',326774.8,326774.8,EUR,known');
    const workbook = join(folder, 'bill.xlsx');
    expect(await bothways(['price', estate, '-o', workbook])).toMatchObject({ code: 0 });
    const parts = unzipSync(readFileSync(workbook));
    const sheet = strFromU8(parts['xl/worksheets/sheet1.xml'] ?? new Uint8Array());
    expect(sheet).toContain('<v>266.8</v>');
    expect(sheet).toContain('<v>326774.8</v>');
    expect(sheet).not.toContain('<f>');
  });

  it.each([
    [['--term', 'long'], /whole number of months/],
    [['--as-of', '2026-02-30'], /is not a day/],
    [['-o', 'bill.ods'], /end it with \.csv or \.xlsx/],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await bothways(['price', contoso, ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('bothways capacity', () => {
  it('shows the busy hour, the worst failure and the bandwidth to order', async () => {
    const { code, stdout } = await bothways(['capacity', contoso, '--growth', '20']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /port er-fra-primary, customer → Microsoft +500 Mbps.*18 % +device er-ce2 +in year 5; at worst in year 2/,
    );
    expect(stdout).toContain('order 1\n  Gbps: raising needs room on the port and cannot be taken back');
  });

  it('ends with 1 where something does not fit today', async () => {
    const file = join(temporaryFolder(), 'estate.yaml');
    writeFileSync(file, example.replace('bandwidth: 100 Mbps', 'bandwidth: 10 Mbps'));
    const { code, stdout } = await bothways(['capacity', file, '--format', 'json']);
    expect(code).toBe(1);
    const lines: readonly { readonly name: string; readonly judgement: string }[] = JSON.parse(stdout).lines;
    expect(lines.find(({ name }) => name === 'mpls-branch')?.judgement).toBe('overloaded');
  });
});

describe('bothways latency', () => {
  it('ranks the ways of each site', async () => {
    const { code, stdout } = await bothways(['latency', contoso, '--format', 'json']);
    expect(code).toBe(0);
    const { sites, guidanceMs } = JSON.parse(stdout);
    expect(guidanceMs).toBe(150);
    expect(sites[0]).toMatchObject({ site: 'hq', region: 'westeurope', faster: { candidate: { inUse: false } } });
    const shown = await bothways(['latency', contoso]);
    expect(shown.stdout).toMatch(/circuit er-fra +17\.4 ms +in use/);
  });
});

describe('bothways availability', () => {
  it('counts what has a figure and names what has none', async () => {
    const { code, stdout } = await bothways(['availability', contoso]);
    expect(code).toBe(0);
    expect(stdout).toContain('intent dataverse-is-private: at most 99.9500 % of the time, 4.38 h down a year');
    expect(stdout).toContain('commitment of Microsoft');
    expect(stdout).toMatch(/Without a figure, counted as always up\n +device hq/);
  });

  it('takes figures from the document', async () => {
    const file = join(temporaryFolder(), 'estate.yaml');
    writeFileSync(file, `${example}\navailability: { link.mpls-hq: 99 %, link.mpls-hk: 99 % }\n`);
    const { stdout } = await bothways(['availability', file, '--format', 'json']);
    const { intents, unused } = JSON.parse(stdout);
    expect(unused).toEqual(['link.mpls-hk']);
    expect(intents[0].downMinutesPerYear).toBeCloseTo((1 - 0.9995 * 0.99) * 525_600, 6);
  });
});

describe('bothways compare', () => {
  it('puts two estates side by side and marks what is better', async () => {
    const file = join(temporaryFolder(), 'slow.yaml');
    writeFileSync(file, example.replace('latency: 11 ms', 'latency: 31 ms').replace('sku: standard', 'sku: premium'));
    const { code, stdout } = await bothways(['compare', contoso, file, '--format', 'json']);
    expect(code).toBe(0);
    const rows: readonly {
      readonly measure: string;
      readonly a: string;
      readonly b: string;
      readonly better?: string;
    }[] = JSON.parse(stdout).rows;
    expect(rows.find(({ measure }) => measure === 'branch, slowest round trip')).toMatchObject({
      a: '38 ms',
      b: '78 ms',
      better: 'a',
    });
    expect(rows.find(({ measure }) => measure === 'per month')).toMatchObject({
      a: 'at least 290.00 USD',
      b: 'at least 690.00 USD',
    });
    const page = await bothways(['compare', contoso, file, '--format', 'markdown']);
    expect(page.stdout).toContain('| latency | branch, slowest round trip | **38 ms** | 78 ms |');
  });

  it('refuses an estate that cannot be read, and one alone', async () => {
    const file = join(temporaryFolder(), 'bad.yaml');
    writeFileSync(file, 'bothways: 2\n');
    expect(await bothways(['compare', contoso, file])).toMatchObject({ code: 2, stdout: '' });
    expect((await bothways(['compare', contoso])).code).toBe(2);
  });
});
