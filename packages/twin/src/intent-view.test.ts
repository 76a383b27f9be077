import { type IntentFunctions, intentVerdicts } from '@bothways/checks';
import { describe, expect, it } from 'vitest';
import { readXml } from '../../diagnostics/test/readers.ts';
import { fileOf } from '../test/shipped-estates.ts';
import { openEstate } from './estate-view.ts';
import { type IntentView, testEstate, testJson, testJunit } from './index.ts';

const contoso = fileOf('examples/contoso', 'estate.yaml');
const asymmetric = fileOf('scenarios/PP-S10-asymmetric-routing', 'estate.yaml');

const intentText = (intent: string): string => `intents:\n  wanted: { ${intent} }\n`;

function withIntent(text: string, intent: string): string {
  return `${text.split('\nintents:')[0]}\n${intentText(intent)}`;
}

function tested(text: string, intent: string): IntentView {
  const [view, ...rest] = testEstate([{ name: 'estate.yaml', text: withIntent(text, intent) }]).intents;
  if (view === undefined || rest.length > 0) throw new Error('one intent expected');
  return view;
}

const outcomes = ({ parts }: IntentView): readonly string[] => parts.map(({ kind, outcome }) => `${kind} ${outcome}`);
const WHO = 'flows: [PP-F01, PP-F02], from: [hq, branch], to: production';

describe('an intent', () => {
  it('holds when every round trip arrives the way it is wanted', () => {
    const view = tested(contoso, `${WHO}, over: expressroute, private: true`);
    expect(view.outcome).toBe('holds');
    expect(outcomes(view)).toEqual(['delivered holds', 'way holds', 'private holds']);
    expect(view.asks).toBe(
      'PP-F01, PP-F02 from hq, branch to production, both ways, over a circuit, nothing of it on the internet',
    );
  });

  it('is broken by an answer that does not arrive, and shows the packet', () => {
    const view = tested(asymmetric, `${WHO}, over: any`);
    expect(view.outcome).toBe('broken');
    const [part] = view.parts;
    expect(part).toMatchObject({ kind: 'delivered', outcome: 'broken' });
    expect(part?.because).toMatch(/the answer of PP-F01 from hq to West Europe does not arrive \(8 of 8 round trips\)/);
    expect(part?.counterexample?.droppedAt?.device).toBe('fw-er');
    expect(view.place.line).toBeGreaterThan(1);
  });

  it('is broken by the wrong way and by the internet, though everything arrives', () => {
    const view = tested(contoso, 'flows: PP-F16, from: hq, to: production, over: expressroute, private: true');
    expect(outcomes(view)).toEqual(['delivered holds', 'way broken', 'private broken']);
    expect(view.parts[1]?.because).toMatch(/goes over internet:inet/);
    expect(view.parts[2]?.because).toMatch(/crosses the internet: inet between fw-inet and Northwind Telecom/);
  });

  it('is measured, and tried under every failure it claims to survive', () => {
    const measures = tested(contoso, `${WHO}, latency: 150 ms, minimumBandwidthPerUser: 10 kbps, load: 80 %`);
    expect(
      outcomes(measures)
        .slice(1)
        .map((each) => each.split(' ')[0]),
    ).toEqual(['latency', 'bandwidth', 'load']);
    for (const { because } of measures.parts.slice(1))
      expect(because).toMatch(/ ms|users fit|bit\/s| %|not known|nobody/);
    const failing = tested(contoso, `${WHO}, survives: any-single-failure`);
    expect(outcomes(failing)).toEqual(['delivered holds', 'failures broken']);
    expect(failing.parts[1]?.failingSets).toContainEqual(['link mpls-hq']);
    expect(failing.parts[1]?.because).toMatch(/^when .* fails?, /);
  });

  it('is tried for its bandwidth, load and latency under failures as well', () => {
    const coasts = fileOf('scenarios/PP-S33-both-coasts-with-expressroute', 'estate.yaml')
      .replace('boston: { bandwidth: 1 Gbps', 'boston: { bandwidth: 20 Mbps')
      .replace('flows: [PP-F01, PP-F02, PP-F16]', 'flows: PP-F01');
    const asked = (more: string): string | undefined => {
      const text = coasts.replace(/survives: \[west, east\]/, (survives) => `${survives}, ${more}`);
      const [view] = testEstate([{ name: 'estate.yaml', text }]).intents;
      const failures = view?.parts.find(({ kind }) => kind === 'failures');
      return `${failures?.outcome}: ${failures?.because}`;
    };
    expect(asked('load: 100%')).toMatch(
      /^broken: when declared west fails, \d+ % of boston-ipvpn is in use, more than 100 %/,
    );
    expect(asked('minimumBandwidthPerUser: 500 kbps')).toMatch(
      /^broken: when declared west fails, seattle: 200000000 bit\/s on 20000000 free bit\/s of boston-ipvpn/,
    );
    expect(asked('latency: 85 ms')).toMatch(/^broken: when declared \w+ fails, PP-F01 from \w+: .* more than 85 ms/);
    expect(asked('latency: 500 ms')).toMatch(/^holds: /);
  });

  it('about flows that nobody carries is unknown', () => {
    const view = tested(contoso, 'flows: PP-F20, from: hq, to: production');
    expect(view.outcome).toBe('unknown');
    expect(view.parts[0]?.because).toMatch(/no demand of the document carries PP-F20 from hq/);
  });

  it('is decided by the functions it is given', () => {
    const { view } = openEstate([
      { name: 'estate.yaml', text: withIntent(contoso, `${WHO}, latency: 150 ms, survives: any-single-failure`) },
    ]);
    if (view === undefined) throw new Error('the estate cannot be used');
    const functions: Partial<IntentFunctions> = {
      latency: (_, { demand }, limit) =>
        demand.site.name === 'branch'
          ? { outcome: 'broken', because: `more than ${limit} ms` }
          : { outcome: 'holds', because: 'short enough' },
    };
    const [verdict] = intentVerdicts(view, functions);
    expect(verdict?.outcome).toBe('broken');
    expect(verdict?.parts.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'delivered holds',
      'latency broken',
      'failures broken',
    ]);
    expect(verdict?.parts[1]?.counterexample?.demand.site.name).toBe('branch');
    expect(verdict?.parts[2]?.because).toBe('it does not hold before anything fails');
    const [plain] = intentVerdicts(view);
    // Every one of these is the only one of its kind.
    expect(plain?.parts[2]?.failingSets?.map(([id]) => id)).toContain('link mpls-hq');
  });
});

describe('the formats', () => {
  it('count what they list, and are the same each time', () => {
    const text = withIntent(asymmetric, WHO).concat('  other: { flows: PP-F16, from: hq, to: production }\n');
    const result = testEstate([{ name: 'estate.yaml', text }]);
    expect(testJson(result, '0.1.0')).toMatchObject({ summary: { intents: 2, held: 1, broken: 1, unknown: 0 } });
    expect(JSON.stringify(testJson(result, '0.1.0'))).toBe(
      JSON.stringify(testJson(testEstate([{ name: 'estate.yaml', text }]), '0.1.0')),
    );
    const suites = readXml(testJunit(result));
    expect(suites.attributes).toMatchObject({ tests: '2', failures: '1', skipped: '0' });
    expect(suites.children[0]?.children[0]?.children[0]?.text).toMatch(/packet 10\.10\.0\.1 -> .*\n {2}there {2}hq > /);
  });
});
