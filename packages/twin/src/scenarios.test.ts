import { describe, expect, it } from 'vitest';
import {
  checkedText,
  expectedOf,
  fileOf,
  hasFile,
  shippedFolders,
  summaryOf,
  withFirstFix,
} from '../test/shipped-estates.ts';

const folders = shippedFolders();

it('finds the example and the scenarios', () => {
  expect(folders).toEqual(
    expect.arrayContaining([
      'examples/contoso',
      'scenarios/asymmetric-routing',
      'scenarios/no-route-filter',
      'scenarios/one-circuit',
    ]),
  );
});

describe.each(folders)('%s', (folder) => {
  it('gives exactly the findings and round trips that its folder expects', () => {
    const expected = expectedOf(folder);
    const found = summaryOf(checkedText(fileOf(folder, 'estate.yaml')));
    expect(found).toEqual(expected);
    expect(Object.keys(expected.roundTrips).length).toBeGreaterThan(0);
  });

  it('explains itself: purpose, origin, map and expectation', () => {
    expect(hasFile(folder, 'README.md')).toBe(true);
    const text = fileOf(folder, 'README.md');
    expect(text).toMatch(/^# \S/);
    expect(text).toContain('```\n  ');
    if (folder.startsWith('scenarios/')) {
      expect(text).toMatch(/^From: /m);
      expect(text).toContain('## What must come out, and why');
    }
  });
});

describe('the asymmetric routing figure', () => {
  const text = fileOf('scenarios/asymmetric-routing', 'estate.yaml');
  const checked = checkedText(text);
  const [finding] = checked.findings;
  const evidence = (finding?.evidence ?? []).flatMap(({ title, lines }) => [title, ...lines]).join('\n');

  it('is one error that names flow, firewall and prefix', () => {
    expect(checked.findings.filter((each) => each.severity === 'error')).toHaveLength(1);
    expect(finding?.message).toContain('fw-er drops them');
    expect(finding?.message).toContain('198.51.100.0/28 is announced on circuit er-fra');
    expect(finding?.why).toContain('PP-F01 from hq and branch');
  });

  it('shows the packet before and after translation', () => {
    expect(evidence).toMatch(/sent:? +10\.10\.\d+\.\d+ -> \d/);
    expect(evidence).toMatch(/as Microsoft sees it:? +198\.51\.100\.\d+ -> \d/);
  });

  it('shows both ways hop by hop, with the line behind the translation and the drop', () => {
    for (const device of ['hq', 'fw-inet', 'Northwind Telecom', 'internet', 'microsoft', 'azure-westeurope']) {
      expect(evidence).toContain(device);
    }
    for (const device of ['er-fra-msee1', 'er-ce1', 'fw-er']) expect(evidence).toContain(device);
    expect(evidence).toContain('(line 21)');
    expect(evidence).toContain('never saw (line 24)');
    expect(evidence).toContain('ER-091');
  });

  it('points at the announcement, and at the pool as the related place', () => {
    expect(finding?.place).toMatchObject({ line: 37, column: 36 });
    expect(finding?.related.map(({ place }) => place.line)).toEqual([21]);
  });

  it('holds after the printed fix', () => {
    if (finding === undefined) throw new Error('no finding');
    const mended = checkedText(withFirstFix(text, finding));
    const { exit, verdict, findings, roundTrips } = summaryOf(mended);
    expect({ exit, verdict, findings }).toEqual({
      exit: 0,
      verdict: 'holds',
      findings: [{ rule: 'estate/documentation-addresses', severity: 'note', line: 6 }],
    });
    expect(Object.values(roundTrips).every(({ outcome }) => outcome === 'holds')).toBe(true);
    expect(Object.keys(roundTrips)).toEqual(Object.keys(expectedOf('scenarios/asymmetric-routing').roundTrips));
  });
});

describe('the circuit without a route filter', () => {
  const text = fileOf('scenarios/no-route-filter', 'estate.yaml');
  const checked = checkedText(text);

  it('is said in one line', () => {
    const errors = checked.findings.filter((each) => each.severity === 'error');
    expect(errors.map((each) => each.message)).toMatchInlineSnapshot(`
      [
        "circuit er-fra has no route filter: nothing is learned over it, and all traffic to Microsoft falls to the internet",
      ]
    `);
    expect(errors.every((each) => !each.message.includes('\n'))).toBe(true);
  });

  it('leaves everything to the internet, both ways', () => {
    for (const trip of checked.report?.roundTrips ?? []) {
      expect([trip.forward.via, trip.return?.via], trip.id).toEqual(['internet:inet', 'internet:inet']);
    }
  });

  it('becomes the healthy network with the printed fix', () => {
    const error = checked.findings.find((each) => each.severity === 'error');
    if (error === undefined) throw new Error('no finding');
    const mended = summaryOf(checkedText(withFirstFix(text, error)));
    expect(mended).toEqual(expectedOf('scenarios/one-circuit'));
  });
});
