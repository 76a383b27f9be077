import { type EstateView, RULES, readinessItems } from '@bothways/checks';
import { asymmetryCauses, scenarios } from '@bothways/facts';
import { describe, expect, it } from 'vitest';
import { carrierDifferences, loadDifferences, pathDifferences, unknownNames } from '../test/expected-quality.ts';
import { differences, followed, tripsUnder } from '../test/expected-trips.ts';
import {
  checkedText,
  expectationOf,
  expectedOf,
  fileOf,
  hasFile,
  openedText,
  PARTS,
  qualityOf,
  readinessOf,
  shippedFolders,
  summaryOf,
  sweepOf,
  withFirstFix,
} from '../test/shipped-estates.ts';

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

  const opened = openedText(text);

  function view(): EstateView {
    if (opened.view === undefined) throw new Error('the estate cannot be used');
    return opened.view;
  }

  it('loads without an error and compiles what the figure shows', () => {
    expect(expectation.loads).toBe(true);
    expect(opened.findings.filter((each) => each.severity === 'error')).toEqual([]);
    const { network, findings } = view().compiled;
    // What the compiler remarks on is among the findings that the folder expects.
    expect(findings?.filter((each) => each.severity !== 'note')).toEqual([]);
    const { devices, links, sessions } = expectation.compiles;
    expect(devices.length).toBeGreaterThan(0);
    expect(network.devices.map((each) => each.name)).toEqual(expect.arrayContaining([...devices]));
    expect(network.links.map((each) => each.name)).toEqual(expect.arrayContaining([...links]));
    expect(network.sessions.map((each) => each.name)).toEqual(expect.arrayContaining([...sessions]));
  });

  it('decides everything', () => {
    expect(decided).toEqual(PARTS.filter((part) => part !== 'readiness' || expectation.readiness !== undefined));
  });

  it('comes to what its folder expects: exit code, verdict, findings', () => {
    const { exit, verdict, findings } = summaryOf(checkedText(text));
    expect({ exit, verdict, findings }).toEqual({
      exit: expectation.exit,
      verdict: expectation.verdict,
      findings: expectation.findings,
    });
  });

  it('comes to what its folder expects: every round trip', () => {
    const { compiled, data } = view();
    const trips = data.roundTrips.map((trip) => followed(compiled, data.input, trip));
    expect(trips.length).toBeGreaterThan(0);
    expect(differences(expectation.roundTrips, trips, true)).toEqual([]);
  });
});

/** Folders that state more, with each statement: a row for every test. */
function statements<T>(
  of: (folder: string) => Readonly<Record<string, T>> | undefined,
): readonly [string, string, T][] {
  return gallery.flatMap((folder) =>
    Object.entries(of(folder) ?? {}).map(([key, value]): [string, string, T] => [folder, key, value]),
  );
}

function viewOf(folder: string): EstateView {
  const { view } = openedText(fileOf(folder, 'estate.yaml'));
  if (view === undefined) throw new Error('the estate cannot be used');
  return view;
}

it.each(statements((folder) => readinessOf(folder)))('%s: %s of the checklist is answered', (folder, id, wanted) => {
  const view = viewOf(folder);
  const items = readinessItems(view, RULES, checkedText(fileOf(folder, 'estate.yaml')).findings);
  expect(items.find((each) => each.id === id)?.state).toBe(wanted);
});

it.each(statements(sweepOf))('%s comes to what it expects without %s', (folder, failed, expected) => {
  expect(differences(expected, tripsUnder(viewOf(folder).compiled, failed), false)).toEqual([]);
});

const judged = gallery.filter((folder) => hasFile(folder, 'expected/quality.json'));

it.each(judged)('%s has the quality of paths, the loads and the shared lines that it expects', (folder) => {
  const expected = qualityOf(folder);
  const view = viewOf(folder);
  expect(unknownNames(expected, view)).toEqual([]);
  expect(carrierDifferences(expected, view)).toEqual([]);
  expect(pathDifferences(expected, view)).toEqual([]);
  expect(loadDifferences(expected, view)).toEqual([]);
});

describe('an expectation that is not met', () => {
  const folder = 'scenarios/PP-S39-microsoft-calls-a-public-name';
  const { view } = openedText(fileOf(folder, 'estate.yaml'));
  const { roundTrips } = expectationOf(folder);
  const trips = (view?.data.roundTrips ?? []).map((trip) => {
    if (view === undefined) throw new Error('the estate cannot be used');
    return followed(view.compiled, view.data.input, trip);
  });
  const pattern = 'PP-F28/unregistered/inet/production/*';
  const wanted = { forward: 'internet:inet', return: 'internal', outcome: 'broken', droppedAt: 'fw-er' } as const;

  it.each([
    ['outcome', { ...wanted, outcome: 'holds' }],
    ['forward', { ...wanted, forward: 'expressroute:er-fra' }],
    ['return', { ...wanted, return: 'internet:inet' }],
    ['droppedAt', { ...wanted, droppedAt: 'fw-inet' }],
    ['reason', { ...wanted, reason: 'denied' }],
    ['openedBy', { ...wanted, openedBy: 'customer' }],
    ['ports', { ...wanted, ports: ['tcp/80'] }],
    ['endsAt', { ...wanted, endsAt: 'ApiManagement' }],
    ['passes', { ...wanted, passes: ['dc', 'fw-inet'] }],
    ['avoids', { ...wanted, avoids: ['fw-inet'] }],
    ['there', { ...wanted, there: ['er-fra-primary'] }],
    ['back', { ...wanted, back: ['inet'] }],
    ['borders', { ...wanted, borders: [] }],
    ['seenAs', { ...wanted, seenAs: '203.0.113.64/28' }],
    ['because', { ...wanted, because: 'nobody knows' }],
  ])('is told by %s', (what, expected) => {
    const found = differences({ ...roundTrips, [pattern]: expected }, trips, true);
    expect(found.filter((line) => line.includes(`: ${what}: expected`)).length).toBeGreaterThan(0);
  });

  it('is told where nothing or too much is expected', () => {
    expect(differences(roundTrips, trips, true)).toEqual([]);
    expect(differences({}, trips, true)).toHaveLength(trips.length);
    expect(differences({ ...roundTrips, 'PP-F99/*': wanted }, trips, true)).toEqual([
      'no round trip is as expected of PP-F99/*, entry 1',
    ]);
    const [first = ''] = Object.keys(roundTrips);
    const alternatives = [roundTrips[first], wanted].flat().filter((each) => each !== undefined);
    expect(differences({ ...roundTrips, [first]: alternatives }, trips, true)).toEqual([
      `no round trip is as expected of ${first}, entry 2`,
    ]);
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
