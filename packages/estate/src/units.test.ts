import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandwidthText, durationText, moneyText, percentText } from './exact-text.ts';
import {
  estateJsonSchema,
  formatBandwidth,
  formatDuration,
  parseBandwidth,
  parseDuration,
  parseMoney,
  parsePercentage,
} from './index.ts';
import { parseDate, parsePorts } from './names.ts';

const value = <T>(result: { readonly ok: boolean; readonly value?: T }): T | undefined =>
  result.ok ? result.value : undefined;

describe('bandwidth', () => {
  it.each([
    ['200 Mbps', 200e6],
    ['1 Gbps', 1e9],
    ['2.5Gbps', 2.5e9],
    ['64 kbit/s', 64e3],
    ['10 Mbit/s', 10e6],
    ['10 Mb/s', 10e6],
    ['1 gbps', 1e9],
    ['1 GBPS', 1e9],
    ['9600 bps', 9600],
    [' 1 Tbps ', 1e12],
  ])('reads %s', (text, bits) => {
    expect(value(parseBandwidth(text))).toBe(bits);
  });

  it.each([
    '',
    '200',
    'Mbps',
    '200 MB/s',
    '200 MBytes',
    '1,000 Mbps',
    '1 000 Mbps',
    '-5 Mbps',
    '0 Mbps',
    '1 Gbps x',
    '1e3 Mbps',
    '1 Gpbs',
  ])('refuses %s with a way out', (text) => {
    const result = parseBandwidth(text);
    expect(result).toMatchObject({ ok: false });
    expect(result.ok ? '' : result.hint).toBeTruthy();
  });

  it('reads what it writes (seed 21)', () => {
    const rates = fc
      .integer({ min: 1, max: 999_999 })
      .chain((amount) => fc.constantFrom(1, 1e3, 1e6).map((unit) => amount * unit));
    fc.assert(
      fc.property(rates, (rate) => {
        // Three decimals of the unit are shown.
        expect(Math.abs((value(parseBandwidth(formatBandwidth(rate))) ?? 0) / rate - 1)).toBeLessThan(0.001);
      }),
      { seed: 21, numRuns: 500 },
    );
    expect([50e6, 1e9, 2.5e9, 400e9, 64e3, 9].map(formatBandwidth)).toEqual([
      '50 Mbps',
      '1 Gbps',
      '2.5 Gbps',
      '400 Gbps',
      '64 kbps',
      '9 bps',
    ]);
  });
});

describe('duration', () => {
  it.each([
    ['12 ms', 12],
    ['3 s', 3000],
    ['0.5s', 500],
    ['800 us', 0.8],
    ['2 min', 120_000],
    ['0 ms', 0],
  ])('reads %s', (text, milliseconds) => {
    expect(value(parseDuration(text))).toBe(milliseconds);
  });

  it.each(['', '12', 'ms', '-1 ms', '12 m', '12 days'])('refuses %s', (text) => {
    expect(parseDuration(text).ok).toBe(false);
  });

  it('writes a fitting unit', () => {
    expect([0, 0.8, 12, 1500].map(formatDuration)).toEqual(['0 ms', '800 us', '12 ms', '1.5 s']);
  });
});

describe('percentage', () => {
  it('reads a share and refuses everything else', () => {
    expect(value(parsePercentage('35 %'))).toBe(0.35);
    expect(value(parsePercentage('100%'))).toBe(1);
    for (const text of ['35', '101 %', '-1 %', '% 5', '']) expect(parsePercentage(text).ok).toBe(false);
  });
});

interface SchemaNode {
  readonly type?: unknown;
  readonly description?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
}

function isSchema(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null;
}

function schema(): SchemaNode {
  const json: unknown = JSON.parse(JSON.stringify(estateJsonSchema()));
  if (!isSchema(json)) throw new Error('no schema');
  return json;
}

describe('the JSON Schema', () => {
  it('is draft-07 with an id that nobody downloads', () => {
    expect(schema()).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: 'urn:bothways:estate:1',
      required: ['bothways', 'organisation'],
    });
  });

  it('describes every key, and allows no others', () => {
    let keys = 0;
    const visit = (node: SchemaNode, where: string): void => {
      if (node.type === 'object') expect(node.additionalProperties, where).toBeDefined();
      // The sites may have a table beside the names.
      if (node.properties !== undefined && where !== '.sites') expect(node.additionalProperties, where).toBe(false);
      for (const [key, each] of Object.entries(node.properties ?? {})) {
        keys += 1;
        expect(each.description, `${where}.${key}`).toMatch(/\w.*\.$/);
        visit(each, `${where}.${key}`);
      }
      if (isSchema(node.additionalProperties)) visit(node.additionalProperties, `${where}.*`);
      for (const each of [...(node.anyOf ?? []), ...(node.items === undefined ? [] : [node.items])]) visit(each, where);
    };
    visit(schema(), '');
    expect(keys).toBeGreaterThan(60);
  });

  it('agrees with the reader about units', () => {
    const wan = schema().properties?.['wan']?.additionalProperties;
    const properties = isSchema(wan) ? wan.properties : undefined;
    const bandwidth = new RegExp(properties?.['bandwidth']?.pattern ?? 'x', 'u');
    const latency = new RegExp(properties?.['latency']?.pattern ?? 'x', 'u');
    for (const text of [
      '200 Mbps',
      '1 Gbps',
      '2.5Gbps',
      '64 kbit/s',
      '10 Mb/s',
      '200',
      '200 MB/s',
      '1 Gpbs',
      'Mbps',
      '',
    ]) {
      expect([text, bandwidth.test(text)]).toEqual([text, parseBandwidth(text).ok]);
    }
    for (const text of ['12 ms', '3 s', '800 us', '12', '5 days']) {
      expect([text, latency.test(text)]).toEqual([text, parseDuration(text).ok]);
    }
  });
});

describe('amounts, ports and dates', () => {
  it.each([
    ['450 EUR', { amount: 450, currency: 'EUR' }],
    ['0.80eur', { amount: 0.8, currency: 'EUR' }],
    ['450', undefined],
    ['EUR 450', undefined],
    ['-1 EUR', undefined],
    ['1,000 EUR', undefined],
    ['5 Euro', undefined],
  ])('reads %s as an amount of money, or refuses it', (text, expected) => {
    const result = parseMoney(text);
    expect(result.ok ? result.value : undefined).toEqual(expected);
  });

  it.each([
    ['443', { protocol: 'tcp', first: 443, last: 443 }],
    ['UDP/500-510', { protocol: 'udp', first: 500, last: 510 }],
    ['0', undefined],
    ['65536', undefined],
    ['9-8', undefined],
    ['icmp/1', undefined],
    ['https', undefined],
  ])('reads %s as ports, or refuses it', (text, expected) => {
    const result = parsePorts(text);
    expect(result.ok ? result.value : undefined).toEqual(expected);
  });

  it.each([
    ['2028-02-29', true],
    ['2027-02-29', false],
    ['2100-02-29', false],
    ['2000-02-29', true],
    ['2027-13-01', false],
    ['2027-04-31', false],
    ['2027-00-10', false],
    ['27-01-01', false],
  ])('knows whether %s is in the calendar', (text, expected) => {
    expect(parseDate(text).ok).toBe(expected);
  });
});

describe('exact texts', () => {
  it('read back as the same number (seed 71)', () => {
    const positive = fc.oneof(
      fc.integer({ min: 1, max: 2 ** 40 }),
      fc.double({ min: 1e-9, max: 1e15, noNaN: true }),
      fc.constantFrom(0.1, 1e-7, 1 / 3, 123_456.789),
    );
    fc.assert(
      fc.property(positive, (number) => {
        const duration = parseDuration(durationText(number));
        expect(duration.ok && duration.value).toBe(number);
        const amount = parseMoney(moneyText({ amount: number, currency: 'EUR' }));
        expect(amount.ok && amount.value.amount).toBe(number);
        const whole = Math.ceil(number);
        const bandwidth = parseBandwidth(bandwidthText(whole));
        expect(bandwidth.ok && bandwidth.value).toBe(whole);
        const percentage = Number(`${number % 100}`) / 100;
        const fraction = parsePercentage(percentText(percentage));
        expect(fraction.ok && fraction.value).toBe(percentage);
      }),
      { seed: 71, numRuns: 1000 },
    );
  });
});
