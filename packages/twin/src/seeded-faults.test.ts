import { describe, expect, it } from 'vitest';
import { changedLines, FAULTS, type Fault, faultText } from '../test/faults.ts';
import { checkedText, fileOf, withFirstFix } from '../test/shipped-estates.ts';
import type { Checked } from './index.ts';

interface Result {
  readonly fault: Fault;
  readonly breaks: boolean;
  /** Errors and warnings of rules. */
  readonly reported: readonly string[];
  readonly onTheLine: boolean;
}

function resultOf(fault: Fault): Result {
  const text = faultText(fault);
  const checked: Checked = checkedText(text);
  const lines = changedLines(fileOf(fault.base, 'estate.yaml'), text);
  const found = checked.findings.filter((each) => each.severity !== 'note');
  return {
    fault,
    breaks: checked.report?.roundTrips.some(({ outcome }) => outcome === 'broken') ?? false,
    reported: found.map((each) => each.rule),
    onTheLine: found.some(({ place, related }) =>
      [place?.line, ...related.map((each) => each.place.line)].some(
        (line) => line !== undefined && lines.includes(line),
      ),
    ),
  };
}

const results = FAULTS.map(resultOf);
const name = ({ fault }: Result): string => `${fault.base.replace(/.*\//, '')}: ${fault.name}`;
const share = (part: number, of: number): string => `${part} of ${of} (${Math.round((100 * part) / of)} %)`;

describe(`${FAULTS.length} seeded faults`, () => {
  it.each(FAULTS.map((fault) => [`${fault.base}: ${fault.name}`, fault] as const))(
    '%s is a usable estate',
    (_, fault) => {
      const checked = checkedText(faultText(fault));
      expect(
        checked.findings.filter(({ rule, severity }) => rule.startsWith('estate/') && severity === 'error'),
      ).toEqual([]);
      expect(checked.usable).toBe(true);
    },
  );

  it('a round trip breaks where it must, and nowhere else', () => {
    const wrong = results.filter(({ breaks, fault }) => breaks !== (fault.effect === 'loses'));
    expect(wrong.map(name)).toEqual([]);
  });

  it('every fault that breaks a round trip is reported as an error that is more than a failed intent', () => {
    const breaking = results.filter((each) => each.breaks);
    expect(breaking.length).toBeGreaterThanOrEqual(30);
    const missed = breaking.filter(({ fault }) => {
      const errors = checkedText(faultText(fault)).findings.filter(({ severity }) => severity === 'error');
      return !errors.some(({ rule }) => rule !== 'intent-holds' && !rule.startsWith('estate/'));
    });
    expect(missed.map(name)).toEqual([]);
  });

  it.each(FAULTS.map((fault) => [`${fault.base}: ${fault.name}`, fault] as const))(
    '%s: safe fixes come to an end and break nothing',
    (_, fault) => {
      const start = faultText(fault);
      const broken = (checked: Checked): readonly string[] =>
        (checked.report?.roundTrips ?? []).filter(({ outcome }) => outcome === 'broken').map(({ id }) => id);
      let text = start;
      let checked = checkedText(text);
      const before = new Set(broken(checked));
      for (let round = 0; ; round++) {
        expect(round, 'the fixes never come to an end').toBeLessThan(10);
        const finding = checked.findings.find(({ fixes }) => fixes[0]?.safe === true);
        if (finding === undefined) break;
        text = withFirstFix(text, finding);
        checked = checkedText(text);
        expect(checked.usable, `after '${finding.fixes[0]?.title}'`).toBe(true);
      }
      expect(broken(checked).filter((id) => !before.has(id) && !id.includes('#'))).toEqual([]);
      expect(broken(checked).length).toBeLessThanOrEqual(before.size);
    },
  );

  it('names what was found, on which line, and what was not', () => {
    const found = results.filter((each) => each.reported.length > 0);
    const onTheLine = found.filter((each) => each.onTheLine);
    const breaking = results.filter((each) => each.breaks);
    const byCause = results.filter((each) => each.reported.some((rule) => rule !== 'intent-holds'));
    console.log(
      [
        `seeded faults: found ${share(found.length, results.length)}`,
        `of those that break a round trip: ${share(breaking.filter((each) => each.reported.length > 0).length, breaking.length)}`,
        `by a rule other than intent-holds: ${share(byCause.length, results.length)}`,
        `with the changed line as place or related place: ${share(onTheLine.length, found.length)}`,
      ].join('; '),
    );
    expect({
      'not found': results.filter((each) => each.reported.length === 0).map(name),
      'found on another line': found
        .filter((each) => !each.onTheLine)
        .map((each) => `${name(each)}: ${each.reported.join(', ')}`),
    }).toMatchInlineSnapshot(`
      {
        "found on another line": [
          "contoso: no filter: route-filter-attached, intent-holds",
          "PP-S03-branch-over-wan: no filter: route-filter-attached, intent-holds",
          "contoso: the WAN link of headquarters removed: internet-only-flow-has-internet, internet-only-flow-has-internet, site-has-a-way-out, intent-holds",
          "PP-S03-branch-over-wan: the WAN link of headquarters removed: intent-holds",
          "contoso: the WAN link of the branch removed: internet-only-flow-has-internet, internet-only-flow-has-internet, site-has-a-way-out, intent-holds",
          "PP-S03-branch-over-wan: the WAN link of the branch removed: internet-only-flow-has-internet, internet-only-flow-has-internet, site-has-a-way-out, intent-holds",
          "contoso: no internet edge: internet-only-flow-has-internet, internet-only-flow-has-internet, round-trip-holds, round-trip-holds",
          "contoso: the datacentre breaks out: intent-holds",
          "PP-S03-branch-over-wan: headquarters breaks out: intent-holds",
          "contoso: an intent that wants the internet: intent-holds",
          "PP-S03-branch-over-wan: an intent that wants the internet: intent-holds",
          "contoso: two circuits with one pool: one-pool-per-circuit, intent-holds",
          "PP-S03-branch-over-wan: two circuits with one pool: one-pool-per-circuit, intent-holds",
        ],
        "not found": [],
      }
    `);
  });
});
