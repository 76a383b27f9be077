import { asymmetryCauses, scenarios } from '@bothways/facts';
import { compileNetwork } from '@bothways/network';
import { describe, expect, it } from 'vitest';
import {
  checkedText,
  expectationOf,
  expectedOf,
  fileOf,
  fitsTripPattern,
  hasFile,
  shippedFolders,
  summaryOf,
  withFirstFix,
} from '../test/shipped-estates.ts';
import { openEstate } from './estate-view.ts';

const folders = shippedFolders();

const gallery = folders.filter((folder) => folder.startsWith('scenarios/'));

it('finds the example', () => {
  expect(folders).toContain('examples/contoso');
});

it('has one scenario for every figure that shows a network, and one for every cause of asymmetry', () => {
  const ids = gallery.map((folder) => /^scenarios\/(PP-S\d\d|A\d)-[a-z]/.exec(folder)?.[1]).filter(Boolean);
  const figures = scenarios().filter((each) => each.id.startsWith('PP-S') && each.id !== 'PP-S36');
  const causes = asymmetryCauses();
  const wanted = [...causes, ...figures].map((each) => each.id);
  expect(ids).toHaveLength(wanted.length);
  expect(new Set(ids)).toEqual(new Set(wanted));
});

it('the example gives exactly the findings and round trips that its folder expects', () => {
  const found = summaryOf(checkedText(fileOf('examples/contoso', 'estate.yaml')));
  expect(found).toEqual(expectedOf('examples/contoso'));
  expect(Object.keys(found.roundTrips).length).toBeGreaterThan(0);
});

describe.each(gallery)('%s', (folder) => {
  const text = fileOf(folder, 'estate.yaml');
  const expectation = expectationOf(folder);
  const { decided } = expectation;

  it('loads without an error and compiles what the figure shows', () => {
    expect(expectation.loads).toBe(true);
    const opened = openEstate([{ name: 'estate.yaml', text }]);
    expect(opened.findings.filter((each) => each.severity === 'error')).toEqual([]);
    if (opened.view === undefined) throw new Error('the estate cannot be used');
    const { network, findings } = compileNetwork(opened.view.estate);
    expect(findings).toEqual([]);
    const { devices, links, sessions } = expectation.compiles;
    expect(devices.length).toBeGreaterThan(0);
    expect(network.devices.map((each) => each.name)).toEqual(expect.arrayContaining([...devices]));
    expect(network.links.map((each) => each.name)).toEqual(expect.arrayContaining([...links]));
    expect(network.sessions.map((each) => each.name)).toEqual(expect.arrayContaining([...sessions]));
  });

  it(`comes to what its folder expects: ${decided.join(', ')}`, () => {
    const found = summaryOf(checkedText(text));
    const parts = (['exit', 'verdict', 'findings'] as const).filter((part) => decided.includes(part));
    for (const part of parts) expect(found[part], part).toEqual(expectation[part]);
    const wanted = Object.entries(expectation.roundTrips ?? {});
    const used = new Set<string>();
    for (const [id, trip] of Object.entries(found.roundTrips)) {
      const entry = wanted.find(([pattern]) => fitsTripPattern(pattern, id));
      if (entry === undefined) expect(decided, `${id} is expected nowhere`).toContain('someRoundTrips');
      else expect(trip, id).toEqual(entry[1]);
      if (entry !== undefined) used.add(entry[0]);
    }
    expect([...used].sort(), 'entries that no round trip fits').toEqual(wanted.map(([pattern]) => pattern).sort());
    expect(decided.some((part) => part === 'roundTrips' || part === 'someRoundTrips')).toBe(true);
  });
});

describe.each(folders)('%s', (folder) => {
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
  const text = fileOf('scenarios/PP-S10-asymmetric-routing', 'estate.yaml');
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
      findings: [
        { rule: 'estate/documentation-addresses', severity: 'note', line: 6 },
        // Everybody breaks out, so nothing is left on the circuit.
        { rule: 'circuit-is-used', severity: 'note', line: 27 },
      ],
    });
    expect(Object.values(roundTrips).every(({ outcome }) => outcome === 'holds')).toBe(true);
    expect(Object.keys(roundTrips)).toEqual(Object.keys(expectedOf('scenarios/PP-S10-asymmetric-routing').roundTrips));
  });
});

describe('the circuit without a route filter', () => {
  const text = fileOf('scenarios/PP-S21-no-route-filter', 'estate.yaml');
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
    expect(mended).toEqual(expectedOf('scenarios/PP-S03-branch-over-wan'));
  });
});
