import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type NetworkView, networkView } from './show-view.ts';

const text = readFileSync(new URL('../../../examples/contoso/estate.yaml', import.meta.url), 'utf8');
const files = [{ name: 'estate.yaml', text }];
const whole = networkView(files);

const elements = ({ halves }: NetworkView) =>
  halves.flatMap(({ devices, links, sessions, policies }) => [...devices, ...links, ...sessions, ...policies]);

describe('the network of the example', () => {
  it('has the devices of both halves, each once', () => {
    expect(whole.halves.map(({ half }) => half)).toEqual(['customer', 'internet', 'microsoft']);
    const names = whole.halves.flatMap(({ devices }) => devices.map(({ name }) => name));
    expect(names).toEqual(expect.arrayContaining(['hq', 'fw-er', 'er-ce1', 'er-fra-msee1', 'azure-westeurope']));
    expect(new Set(names).size).toBe(names.length);
  });

  it('says of every element where it comes from', () => {
    for (const element of elements(whole))
      expect([element.name, element.from.length > 0]).toEqual([element.name, true]);
  });

  it('points at the lines that say it', () => {
    const lines = text.split('\n');
    const lineOf = (from: readonly string[]): string =>
      from.flatMap((each) => /^line (\d+)$/.exec(each)?.[1] ?? []).map((at) => lines[Number(at) - 1] ?? '')[0] ?? '';
    const customer = whole.halves[0];
    const hq = customer?.devices.find(({ name }) => name === 'hq');
    expect(lineOf(hq?.from ?? [])).toContain('hq:');
    expect(lineOf(hq?.connected[0]?.from ?? [])).toContain('10.10.0.0/16');
    const wan = customer?.links.find(({ name }) => name === 'mpls-hq');
    expect(lineOf(wan?.from ?? [])).toContain('mpls-hq');
    expect(wan).toMatchObject({ bandwidth: 1e9, latency: 6 });
    const translation = customer?.devices.flatMap(({ nat }) => nat)[0];
    expect(translation?.pool.prefixes.length).toBeGreaterThan(0);
  });

  it('cites facts for what Microsoft does', () => {
    const session = whole.halves.flatMap(({ sessions }) => sessions).find(({ name }) => name === 'er-fra-primary');
    expect(session?.kind).toBe('eBGP');
    expect(session?.ends.flatMap(({ options }) => options).join()).toMatch(/200 prefixes.*ER-028/);
    const microsoft = whole.halves.find(({ half }) => half === 'microsoft');
    const terms = microsoft?.policies.flatMap((policy) => policy.terms) ?? [];
    expect(terms.flatMap(({ from }) => from).some((each) => /^ER-\d{3}$/.test(each))).toBe(true);
  });

  it('is the same every time', () => {
    expect(JSON.stringify(networkView(files))).toBe(JSON.stringify(whole));
  });
});

describe('one device', () => {
  it('comes with what it takes part in, and nothing else', () => {
    const view = networkView(files, 'er-ce1');
    expect(view.halves.flatMap(({ devices }) => devices.map(({ name }) => name))).toEqual(['er-ce1']);
    const sessions = view.halves.flatMap((half) => half.sessions);
    expect(sessions.length).toBeGreaterThan(1);
    for (const { ends } of sessions) expect(ends.map(({ device }) => device)).toContain('er-ce1');
  });

  it('that does not exist is a problem with a suggestion', () => {
    expect(networkView(files, 'er-ce')).toMatchObject({
      usable: true,
      problem: expect.stringMatching(/did you mean 'er-ce1'/),
    });
  });
});

it('a document with errors has findings', () => {
  const view = networkView([{ name: 'estate.yaml', text: 'bothways: 1\n' }]);
  expect(view).toMatchObject({ usable: false, halves: [] });
  expect(view.findings.length).toBeGreaterThan(0);
});
