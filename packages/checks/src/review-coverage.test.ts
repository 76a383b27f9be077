import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checklist, reviewChecks } from '@bothways/facts';
import { describe, expect, it } from 'vitest';
import { isReviewId, RULES } from './index.ts';
import { reasonedIds, reviewCoverage } from './review-coverage.ts';

const rows = reviewCoverage();

/** Codes of findings that reading a document or compiling it can give. */
function documentCodes(): ReadonlySet<string> {
  const texts = ['estate', 'network'].flatMap((name) => {
    const folder = join(import.meta.dirname, '../..', name, 'src');
    return readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8'));
  });
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/'((?:estate|network)\/[a-z0-9-]+)'/g)].map(([, code]) => code ?? '')),
  );
}

describe('coverage of the reviewers lists', () => {
  it('has one row for every id of the facts, in their order', () => {
    const wanted = [...checklist(), ...reviewChecks()].map(({ id }) => id);
    expect(rows.map(({ id }) => id)).toEqual(wanted);
    expect(new Set(wanted).size).toBe(wanted.length);
  });

  it('answers each id by a rule or says why not', () => {
    expect(rows.filter(({ rules, reason }) => rules.length === 0 && reason === undefined)).toEqual([]);
  });

  it('gives reasons for ids that exist only, and in readable words', () => {
    const known = new Set(rows.map(({ id }) => id));
    expect(reasonedIds().filter((id) => !known.has(id))).toEqual([]);
    expect(rows.filter(({ reason }) => reason !== undefined && reason.text.length < 15)).toEqual([]);
  });

  it('names only rules that claim the id, and every id a rule claims', () => {
    for (const { id, rules } of rows) {
      expect(rules).toEqual(RULES.filter((rule) => rule.ids.includes(id)).map(({ name }) => name));
    }
    const known = new Set(rows.map(({ id }) => id));
    expect(RULES.flatMap(({ ids }) => ids.filter(isReviewId)).filter((id) => !known.has(id))).toEqual([]);
  });

  it('names only findings of the document that exist', () => {
    const codes = documentCodes();
    const named = rows.flatMap(({ reason }) => reason?.text.match(/\b(?:estate|network)\/[a-z0-9-]+/g) ?? []);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((code) => !codes.has(code))).toEqual([]);
  });

  it('uses every kind of reason', () => {
    expect(new Set(rows.flatMap(({ reason }) => reason?.kind ?? []))).toEqual(
      new Set(['document', 'command', 'construction', 'live', 'people', 'outside']),
    );
  });
});
