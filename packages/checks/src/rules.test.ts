import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits, type Finding } from '@bothways/diagnostics';
import { checklistItem, contradiction, fact } from '@bothways/facts';
import { describe, expect, it } from 'vitest';
import { checkText, EXAMPLE, exampleText } from '../test/example.ts';
import { RULES } from './index.ts';

const rules = RULES.map((rule) => [rule.name, rule] as const);

/** Applies the first fix offered, again and again, until no finding of the rule offers one. */
function mended(text: string, rule: string): { readonly text: string; readonly applied: readonly string[] } {
  let now = text;
  const applied: string[] = [];
  for (let round = 0; round < 10; round++) {
    const fix = checkText(now)
      .rules.filter((each) => each.rule === rule)
      .flatMap((each) => each.fixes)[0];
    if (fix === undefined) return { text: now, applied };
    const next = applyEdits(now, fix.edits);
    if (!next.ok) throw new Error(`'${fix.title}': ${next.problem}`);
    expect(next.value, `'${fix.title}' changes the document`).not.toBe(now);
    now = next.value;
    applied.push(fix.title);
  }
  throw new Error(`the fixes of ${rule} never come to an end`);
}

/** Rules and document findings above a note. */
function troublesOf(text: string): readonly string[] {
  const { document, rules: found } = checkText(text);
  return [...document, ...found].filter((each) => each.severity !== 'note').map((each) => each.rule);
}

function heading(each: Finding): string {
  const fixes = each.fixes.map((fix) => `; ${fix.safe ? 'fix' : 'proposal'}: ${fix.title}`).join('');
  return `${each.severity} line ${each.place?.line}: ${each.message}${fixes}`;
}

function headings(name: string): readonly string[] {
  const rule = RULES.find((each) => each.name === name);
  if (rule === undefined) throw new Error(`there is no rule ${name}`);
  const { rules: found } = checkText(exampleText(rule.fires));
  return found.filter((each) => each.rule === name).map(heading);
}

it('the example estate has no finding of any rule', () => {
  expect(checkText(EXAMPLE).rules).toEqual([]);
});

it('each rule has a file of its own, named after it, in order', () => {
  const files = readdirSync(join(import.meta.dirname, 'rules'))
    .filter((name) => name !== 'index.ts' && !name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.ts$/, ''))
    .sort();
  expect(RULES.map((rule) => rule.name)).toEqual(files);
});

describe.each(rules)('%s', (name, rule) => {
  it('has a complete page', () => {
    for (const text of [rule.title, rule.what, rule.why, rule.fix, rule.fires.title, rule.silent.title]) {
      expect(text.length).toBeGreaterThan(10);
    }
    expect(rule.since).toMatch(/^\d+\.\d+\.\d+$/);
    expect(rule.ids.length).toBeGreaterThan(0);
    expect(new Set(rule.ids).size).toBe(rule.ids.length);
  });

  it.each(rule.ids.map((id) => [id]))('rests on %s, which exists', (id) => {
    expect(fact(id) ?? checklistItem(id) ?? contradiction(id)).toBeDefined();
  });

  it(`fires: ${rule.fires.title}`, () => {
    const { document, rules: found } = checkText(exampleText(rule.fires));
    expect(document.filter((each) => each.severity === 'error')).toEqual([]);
    const mine = found.filter((each) => each.rule === name);
    expect(mine.length).toBeGreaterThan(0);
    for (const each of mine) {
      expect(each.place?.line, 'a place').toBeGreaterThan(0);
      expect(each.message).toMatch(/^\S.*[^.]$/);
      for (const id of each.ids) expect(fact(id) ?? checklistItem(id) ?? contradiction(id), id).toBeDefined();
    }
  });

  it(`is silent: ${rule.silent.title}`, () => {
    const { document, rules: found } = checkText(exampleText(rule.silent));
    expect(document.filter((each) => each.severity === 'error')).toEqual([]);
    expect(found.filter((each) => each.rule === name)).toEqual([]);
  });

  it('every fix leads to a valid document without the finding and without new trouble', () => {
    const before = exampleText(rule.fires);
    const offers = checkText(before)
      .rules.filter((each) => each.rule === name)
      .flatMap((each) => each.fixes);
    for (const fix of offers) {
      const once = applyEdits(before, fix.edits);
      if (!once.ok) throw new Error(`'${fix.title}': ${once.problem}`);
      expect(checkText(once.value).view, `'${fix.title}' leaves a valid document`).toBeDefined();
    }
    if (offers.length === 0) return;
    const { text } = mended(before, name);
    const after = checkText(text);
    expect(after.view).toBeDefined();
    expect(after.rules.filter((each) => each.rule === name)).toEqual([]);
    const known = new Set(troublesOf(before));
    expect(troublesOf(text).filter((each) => !known.has(each))).toEqual([]);
    // Each round is a whole check.
  }, 30_000);
});

const unsure = RULES.flatMap(({ name, unsure: sample }) =>
  sample === undefined ? [] : [[name, sample.title, sample] as const],
);

describe('what a rule cannot tell', () => {
  it.each(unsure)('%s says what it lacks: %s', (name, _, sample) => {
    const { document, unknown, rules: found } = checkText(exampleText(sample));
    expect(document.filter((each) => each.severity === 'error')).toEqual([]);
    const mine = unknown.filter((each) => each.rule === name);
    expect(mine.length).toBeGreaterThan(0);
    for (const each of mine) {
      expect(each.input.length).toBeGreaterThan(3);
      expect(each.message).toMatch(/^(whether|what|which|who|how) .*[^.]$/);
      expect(each.place?.line, 'a place').toBeGreaterThan(0);
    }
    // A question that is open is not answered at the same time.
    expect(found.filter((each) => each.rule === name)).toEqual([]);
  });

  it('is asked of several rules', () => {
    expect(unsure.length).toBeGreaterThan(5);
  });
});

describe('what the rules say about their own examples', () => {
  it('demand-is-computable', () => {
    expect(headings('demand-is-computable')).toMatchInlineSnapshot(`
      [
        "note line 42: PP-F48 Server-side synchronisation to Exchange Online stays inside Microsoft's network: no circuit can be placed on it",
      ]
    `);
  });

  it('intent-holds', () => {
    expect(headings('intent-holds')).toMatchInlineSnapshot(`
      [
        "error line 46: intent dataverse-is-private does not hold for PP-F01 from hq and branch, PP-F02 from hq and branch: it should use expressroute, but goes over internet:inet (8 of 8 round trips)",
      ]
    `);
  });

  it('internet-only-flow-has-internet', () => {
    expect(headings('internet-only-flow-has-internet')).toMatchInlineSnapshot(`
      [
        "error line 12: PP-F05 Canvas static content from the CDN needs the internet, but hq and branch cannot get there",
        "error line 12: PP-F16 Certificate revocation and status needs the internet, but hq and branch cannot get there",
      ]
    `);
  });

  it('microsoft365-authorised', () => {
    expect(headings('microsoft365-authorised')).toMatchInlineSnapshot(`
      [
        "error line 38: the route filter of er-fra selects Exchange Online (12076:5010), which needs an authorisation by Microsoft and the Premium SKU; fix: take Exchange Online out of the route filter of er-fra",
      ]
    `);
  });

  it('nat-pool-announced-on-circuit', () => {
    expect(headings('nat-pool-announced-on-circuit')).toMatchInlineSnapshot(`
      [
        "error line 24: 203.0.113.0/28, the pool of ExpressRoute edge er, is not announced on circuit er-fra, so Microsoft's edge drops what comes from it; proposal: announce 203.0.113.0/28 on er-fra; proposal: translate to 203.0.113.64/28 at er, which is announced on er-fra already",
      ]
    `);
  });

  it('no-shared-nat-pool', () => {
    expect(headings('no-shared-nat-pool')).toMatchInlineSnapshot(`
      [
        "error line 37: answers to 198.51.100.1 come back over circuit er-fra and fw-er drops them: 198.51.100.0/28 is announced on circuit er-fra, but it is the pool of internet edge inet; fix: stop announcing 198.51.100.0/28 on er-fra; inet keeps it",
      ]
    `);
  });

  it('one-pool-per-circuit', () => {
    expect(headings('one-pool-per-circuit')).toMatchInlineSnapshot(`
      [
        "error line 37: requests leave over circuit er-fra as 203.0.113.1, answers come back over circuit er-ams and fw-er2 drops them: 203.0.113.0/28 is announced on both; fix: stop announcing 203.0.113.0/28 on er-ams; er-fra keeps it",
      ]
    `);
  });

  it('prefixes-validated', () => {
    expect(headings('prefixes-validated')).toMatchInlineSnapshot(`
      [
        "error line 36: the prefixes announced on er-fra wait for validation, so its sessions are down and nothing uses the circuit",
      ]
    `);
  });

  it('round-trip-holds', () => {
    expect(headings('round-trip-holds')).toMatchInlineSnapshot(`
      [
        "error line 13: requests of PP-F01 from branch, PP-F02 from branch, PP-F11 from branch end at branch: a device on the way has no route to the destination",
      ]
    `);
  });

  it('route-filter-attached', () => {
    expect(headings('route-filter-attached')).toMatchInlineSnapshot(`
      [
        "error line 34: circuit er-fra has no route filter: nothing is learned over it, and all traffic to Microsoft falls to the internet; fix: attach a route filter to er-fra",
      ]
    `);
  });

  it('route-filter-covers-region-pair', () => {
    expect(headings('route-filter-covers-region-pair')).toMatchInlineSnapshot(`
      [
        "error line 38: the route filter of er-fra leaves out North Europe, where environment production also lives; fix: add North Europe to the route filter of er-fra",
      ]
    `);
  });

  it('sku-reaches-region', () => {
    expect(headings('sku-reaches-region')).toMatchInlineSnapshot(`
      [
        "error line 30: a standard circuit in New York does not reach West Europe and North Europe, where environment production lives; proposal: order er-fra as Premium",
      ]
    `);
  });
});
