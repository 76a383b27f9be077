/** Estates by seed: healthy ones yield no error; in broken ones the mistake is found, placed and, where a fix is offered, mended. */
import { applyEdits } from '@bothways/diagnostics';
import { describe, expect, it } from 'vitest';
import { changedLines } from '../test/faults.ts';
import { type GeneratedEstate, generatedEstate, MUTATIONS, mutated } from '../test/generated-estates.ts';
import { type Checked, checkEstate, fixEstate } from './index.ts';

const check = (text: string): Checked => checkEstate([{ name: 'estate.yaml', text }]);

const broken = ({ report }: Checked): number =>
  (report?.roundTrips ?? []).filter(({ outcome }) => outcome === 'broken').length;

const healthy: readonly GeneratedEstate[] = Array.from({ length: 54 }, (_, seed) => generatedEstate(seed));

describe(`${healthy.length} healthy estates`, () => {
  it('differ from each other', () => {
    expect(new Set(healthy.map(({ text }) => text)).size).toBe(healthy.length);
  });

  it('yield no error and no broken round trip', () => {
    const troubled = healthy.flatMap(({ seed, text }) => {
      const checked = check(text);
      const errors = checked.findings.filter(({ severity }) => severity === 'error');
      return errors.length === 0 && checked.usable && broken(checked) === 0
        ? []
        : [`seed ${seed}: ${errors.map(({ rule, message }) => `${rule}: ${message}`).join('; ')}`];
    });
    expect(troubled).toEqual([]);
  }, 120_000);
});

interface Case {
  readonly name: string;
  readonly estate: GeneratedEstate;
  readonly text: string;
}

/** Every kind of mistake in estates of its own choice, up to seven of each. */
function cases(): readonly Case[] {
  return MUTATIONS.flatMap(({ name, replace }, kind) => {
    const found: Case[] = [];
    for (let at = 0; at < healthy.length && found.length < 7; at++) {
      const estate = healthy[(at + kind * 7) % healthy.length];
      const changes = estate === undefined ? undefined : replace(estate);
      if (estate === undefined || changes === undefined) continue;
      found.push({ name: `${name}, seed ${estate.seed}`, estate, text: mutated(estate, changes) });
    }
    return found;
  });
}

interface Result {
  readonly name: string;
  readonly breaks: boolean;
  readonly usable: boolean;
  /** Errors that name a cause. */
  readonly caused: readonly string[];
  readonly reported: boolean;
  readonly onTheLine: boolean;
  /** Undefined: no fix was offered. */
  readonly repaired: boolean | undefined;
}

function resultOf({ name, estate, text }: Case): Result {
  const checked = check(text);
  const lines = changedLines(estate.text, text);
  const found = checked.findings.filter(({ severity }) => severity !== 'note');
  const breaks = broken(checked) > 0;
  return {
    name,
    breaks,
    usable: checked.usable,
    caused: found
      .filter(({ severity, rule }) => severity === 'error' && rule !== 'intent-holds' && !rule.startsWith('estate/'))
      .map(({ rule }) => rule),
    reported: found.length > 0,
    onTheLine: found.some(({ place, related }) =>
      [place?.line, ...related.map((each) => each.place.line)].some(
        (line) => line !== undefined && lines.includes(line),
      ),
    ),
    repaired: breaks ? mended(text, checked) : undefined,
  };
}

/** Whether the first fix of the first error that has one, again and again, makes every round trip arrive. */
function mended(start: string, first: Checked): boolean | undefined {
  let checked = first;
  let text = start;
  for (let round = 0; round < 6; round++) {
    const fix = checked.findings.filter(({ severity }) => severity === 'error').flatMap(({ fixes }) => fixes)[0];
    if (fix === undefined) return round === 0 ? undefined : broken(checked) === 0;
    const edited = applyEdits(text, fix.edits);
    if (!edited.ok) throw new Error(edited.problem);
    text = edited.value;
    checked = check(text);
    if (broken(checked) === 0) return true;
  }
  return false;
}

const share = (part: number, of: number): string => `${part} of ${of} (${Math.round((100 * part) / of)} %)`;

describe('mistakes in them', () => {
  const all = cases();
  const results: Result[] = [];

  it('are at least 200 different ones, each in a usable estate', () => {
    expect(new Set(all.map(({ text }) => text)).size).toBe(all.length);
    expect(all.length).toBeGreaterThanOrEqual(200);
    results.push(...all.map(resultOf));
    expect(results.filter(({ usable }) => !usable).map(({ name }) => name)).toEqual([]);
  }, 300_000);

  it('are reported by an error that names the cause wherever they break a round trip', () => {
    const breaking = results.filter(({ breaks }) => breaks);
    expect(breaking.length).toBeGreaterThanOrEqual(100);
    expect(breaking.filter(({ caused }) => caused.length === 0).map(({ name }) => name)).toEqual([]);
  });

  it('are found, placed and mended in these shares', () => {
    const breaking = results.filter(({ breaks }) => breaks);
    const reported = results.filter((each) => each.reported);
    const placed = breaking.filter(({ onTheLine }) => onTheLine);
    const offered = breaking.filter(({ repaired }) => repaired !== undefined);
    const repaired = offered.filter((each) => each.repaired === true);
    const kinds = (list: readonly Result[]): string =>
      [...new Set(list.map(({ name }) => name.replace(/, seed .*/, '')))].join('; ');
    console.log(
      [
        `generated faults: found ${share(reported.length, results.length)}`,
        `of those that break a round trip: ${share(breaking.filter((each) => each.reported).length, breaking.length)}`,
        `placed on the changed line: ${share(placed.length, breaking.length)}`,
        `a fix is offered: ${share(offered.length, breaking.length)}`,
        `and makes every round trip arrive: ${share(repaired.length, offered.length)}`,
        `on another line: ${kinds(breaking.filter(({ onTheLine }) => !onTheLine))}`,
        `not found: ${kinds(results.filter((each) => !each.reported))}`,
        `not mended: ${kinds(offered.filter((each) => each.repaired !== true))}`,
      ].join('\n'),
    );
    expect(placed.length / breaking.length).toBeGreaterThan(0.85);
    expect(offered.length / breaking.length).toBeGreaterThan(0.95);
    expect(repaired.length / offered.length).toBeGreaterThan(0.95);
  });

  it('are made no worse by safe fixes, which come to an end', () => {
    // One of each kind.
    const kinds = new Map(all.map((each) => [each.name.replace(/, seed .*/, ''), each]));
    for (const { name, text } of kinds.values()) {
      const { before, after, files } = fixEstate([{ name: 'estate.yaml', text }]);
      const errors = ({ findings }: Checked): number => findings.filter(({ severity }) => severity === 'error').length;
      expect(after.usable, name).toBe(true);
      expect(broken(after), name).toBeLessThanOrEqual(broken(before));
      expect(errors(after), name).toBeLessThanOrEqual(errors(before));
      expect(fixEstate(files).changed, name).toEqual([]);
    }
  }, 120_000);
});
