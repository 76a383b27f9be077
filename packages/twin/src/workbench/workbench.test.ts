import { describe, expect, it } from 'vitest';
import { fileOf, hasFile, shippedFolders } from '../../test/shipped-estates.ts';
import { checkEstate } from '../check.ts';
import { diffOfFiles, documentValues, editFiles, Workbench } from './workbench.ts';

const estates = shippedFolders()
  .filter((name) => hasFile(name, 'estate.yaml'))
  .map((name) => ({
    name,
    files: [{ name: 'estate.yaml', text: fileOf(name, 'estate.yaml') }],
  }));
/** Opened once for all tests. */
const benches = estates.map(({ name, files }) => ({ name, files, bench: new Workbench(files) }));
const named = (name: string) => {
  const found = estates.find((each) => each.name.includes(name));
  if (found === undefined) throw new Error(`no estate ${name}`);
  return found.files;
};

describe('the workbench', () => {
  it('says of every shipped estate what the check says', () => {
    for (const { name, files, bench } of benches) {
      const checked = checkEstate(files);
      const outcomes = bench.verdict().trips.map(({ id, outcome }) => `${id} ${outcome}`);
      expect(outcomes, name).toEqual(checked.report?.roundTrips.map(({ id, outcome }) => `${id} ${outcome}`) ?? []);
      expect(bench.judgement().verdict, name).toBe(checked.report?.verdict ?? 'unknown');
      expect(bench.judgement().findings.length, name).toBe(checked.findings.length);
    }
  });

  it('draws every device that a round trip touches, with lines that end at what is drawn', () => {
    for (const { name, bench } of benches) {
      const topology = bench.topology();
      if (topology === undefined) continue;
      const ids = new Set(topology.nodes.map(({ id }) => id));
      expect(ids.size, name).toBe(topology.nodes.length);
      expect(new Set(topology.lines.map(({ id }) => id)).size, name).toBe(topology.lines.length);
      for (const { from, to } of topology.lines)
        expect(ids.has(from) && ids.has(to), `${name}: ${from} ${to}`).toBe(true);
      for (const { ends } of bench.verdict().trips)
        for (const end of ends) expect(ids.has(end), `${name}: ${end}`).toBe(true);
    }
  });

  it('every way of a round trip follows lines that are drawn', () => {
    for (const { name, bench } of benches) {
      const lines = new Set(bench.topology()?.lines.map(({ id }) => id));
      for (const { id } of bench.verdict().trips.slice(0, 6)) {
        const trip = bench.trip(id);
        for (const { leftOn } of [...(trip?.forward.hops ?? []), ...(trip?.return?.hops ?? [])]) {
          if (leftOn !== undefined) expect(lines.has(leftOn), `${name}: ${leftOn}`).toBe(true);
        }
      }
    }
  });

  it('one element failed: what the sweep says at once is what the network from nothing says', () => {
    for (const name of ['PP-S10', 'PP-S08', 'PP-S35', 'A5-one-pool']) {
      const bench = new Workbench(named(name));
      const before = new Map(bench.verdict().trips.map((trip) => [trip.id, trip.outcome]));
      for (const { id, kind } of bench.topology()?.elements ?? []) {
        // Nobody is left at a site that failed; the sweep leaves its demands out.
        if (kind === 'site') continue;
        const answer = bench.whatIf([id]);
        const changed = new Map(answer?.changes.map(({ after }) => [after.id, after.outcome]));
        for (const trip of changed.keys()) {
          expect(bench.trip(trip, [id])?.outcome, `${name} ${id} ${trip}`).toBe(changed.get(trip));
        }
        for (const [trip, outcome] of before) {
          const now = bench.trip(trip, [id])?.outcome;
          if (now !== undefined && now !== outcome) expect(changed.get(trip), `${name} ${id} ${trip}`).toBe(now);
        }
      }
    }
  }, 60_000);

  it('the matrix has a column for every element, and answers as the single questions do', () => {
    const bench = new Workbench(named('PP-S08'));
    const count = bench.topology()?.elements.length ?? 0;
    const matrix = bench.matrix(0, count);
    expect(matrix?.columns.length).toBe(count);
    for (const { element, answers, lost } of matrix?.columns ?? []) {
      const one = bench.whatIf([element]);
      expect(answers).toEqual(one?.questions.map(({ after }) => after));
      expect(lost).toBe(one?.lost);
    }
  });

  it('after edits, taking over from before, says what it says from nothing', () => {
    for (const name of ['PP-S10', 'PP-S08', 'A5-one-pool', 'PP-S35']) {
      const first = named(name);
      let bench = new Workbench(first);
      const edits: readonly (readonly [string | RegExp, string])[] = [
        [/, 198\.51\.100\.0\/28\]/, ']'],
        ['routeFilter: [West Europe, North Europe]', 'routeFilter: [North Europe]'],
        ['bandwidth: 1 Gbps', 'bandwidth: 2 Gbps'],
        ['asn: 64500', 'asn: 64501'],
        [/^sites:\n/m, 'sites:\n  annexe: { city: Oslo }\n'],
        [/^ {2}annexe: .*\n/m, ''],
        [/^sites:/m, 'sties:'],
        [/^sties:/m, 'sites:'],
      ];
      let files = first;
      for (const [from, to] of edits) {
        files = files.map((file) => ({ ...file, text: file.text.replace(from, to) }));
        bench = new Workbench(files, {}, bench);
        const afresh = new Workbench(files);
        expect(bench.verdict(), `${name} ${String(from)}`).toEqual(afresh.verdict());
        expect(bench.judgement(), `${name} ${String(from)}`).toEqual(afresh.judgement());
        for (const { id } of bench.verdict().trips.slice(0, 3)) expect(bench.trip(id)).toEqual(afresh.trip(id));
      }
    }
  }, 60_000);

  it('an element that an edit took away is passed over', () => {
    const bench = new Workbench(named('PP-S10'));
    expect(bench.whatIf(['circuit gone'])?.failed).toEqual([]);
    expect(bench.whatIf(['circuit gone', 'circuit er-fra'])?.failed).toEqual(['circuit er-fra']);
  });

  it('a fix by its fingerprint, with the difference that was shown', () => {
    const files = named('PP-S10');
    const bench = new Workbench(files);
    const [finding] = bench.judgement().findings;
    expect(finding?.diffs[0]).toMatch(/^-.*198\.51\.100\.0\/28\]/m);
    const after = bench.fixed(files, finding?.fingerprint ?? '', 0);
    expect(new Workbench(after ?? []).verdict().verdict).toBe('holds');
    expect(bench.fixed(files, 'unheard of', 0)).toBeUndefined();
  });

  it('a document with errors has findings and no picture', () => {
    const bench = new Workbench([{ name: 'estate.yaml', text: 'bothways: 1\nsites: {}\n' }]);
    expect(bench.verdict().usable).toBe(false);
    expect(bench.verdict().findings.length).toBeGreaterThan(0);
    expect(bench.topology()).toBeUndefined();
    expect(bench.whatIf(['x'])).toBeUndefined();
  });
});

describe('edits of the document from forms', () => {
  const text = '# our network\nsites:\n  hq: { city: Munich, users: 900 } # the tower\n  branch: { city: Milan }\n';
  const files = [{ name: 'estate.yaml', text }];

  it('change one value and keep comments and order', () => {
    const after = editFiles(files, [{ action: 'set', path: ['sites', 'hq', 'users'], value: 950 }]);
    expect(after[0]?.text).toBe(text.replace('900', '950'));
  });

  it('follow each other', () => {
    const after = editFiles(files, [
      { action: 'rename', path: ['sites', 'branch'], key: 'milan' },
      { action: 'insert', path: ['sites'], key: 'lyon', value: { city: 'Lyon' } },
      { action: 'remove', path: ['sites', 'hq', 'users'] },
    ]);
    expect(documentValues(after)).toEqual({
      sites: { hq: { city: 'Munich' }, milan: { city: 'Milan' }, lyon: { city: 'Lyon' } },
    });
    expect(after[0]?.text).toContain('# the tower');
  });

  it('that find nothing to do leave the text', () => {
    expect(editFiles(files, [{ action: 'remove', path: ['circuits', 'x'] }])).toEqual(files);
  });

  it('values cover session keys', () => {
    const secret = [
      { name: 'estate.yaml', text: 'circuits:\n  c: { microsoftPeering: { md5: hush }, serviceKey: psst }\n' },
    ];
    expect(JSON.stringify(documentValues(secret))).not.toMatch(/hush|psst/);
  });

  it('a difference of two states names the files that differ only', () => {
    const after = editFiles(files, [{ action: 'set', path: ['sites', 'hq', 'users'], value: 1 }]);
    expect(diffOfFiles(files, after)).toMatch(/--- estate.yaml/);
    expect(diffOfFiles(files, files)).toBe('');
  });
});
