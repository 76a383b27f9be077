import { facts, flows } from '@bothways/facts';
import { describe, expect, it } from 'vitest';
import {
  factPage,
  factsOverview,
  isFactId,
  isIsoDay,
  nearestFactId,
  parseAge,
  searchedFacts,
  staleFacts,
} from './facts-view.ts';

describe('a fact', () => {
  it('has a statement, a value, a source with date and commit, and what cites it', () => {
    const page = factPage('er28');
    expect(page).toMatchObject({
      id: 'ER-028',
      value: 200,
      confidence: 'stated',
      from: {
        document: 'articles/expressroute/expressroute-faqs.md',
        date: '2026-03-31',
        commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      },
    });
    expect(page?.citedBy).toContainEqual({
      kind: 'figure',
      id: 'prefixes4PerMicrosoftPeeringSession',
      title: '200 prefixes',
    });
    expect(page?.citedBy.map(({ id }) => id)).toContain('PP-C45');
  });

  it('that is disputed has both sides, and the flows and rules that rest on it', () => {
    const page = factPage('X04');
    expect(page?.more.length).toBe(3);
    const kinds = page?.citedBy.map(({ kind, id }) => `${kind} ${id}`);
    expect(kinds).toEqual(expect.arrayContaining(['flow PP-F26', 'rule route-filter-attached', 'fact PP-N03']));
  });

  it('is not cited by ids that only begin alike', () => {
    for (const { id } of factPage('A1')?.citedBy ?? []) expect(id).not.toBe('A1');
    expect(factPage('PP-C01')?.citedBy.every(({ id }) => id !== 'PP-C01')).toBe(true);
  });

  it('exists for every id, flows included, in any spelling', () => {
    for (const { id } of [...facts(), ...flows()]) {
      expect(factPage(id)?.id).toBe(id);
      expect(factPage(id.toLowerCase().replaceAll('-', ''))?.id).toBe(id);
    }
  });

  it('that does not exist is not found; a near one is named', () => {
    expect(factPage('ER-999')).toBeUndefined();
    expect(isFactId('ER-999')).toBe(true);
    expect(isFactId('route filter')).toBe(false);
    expect(nearestFactId('PP-C5l')).toMatch(/^PP-C5/);
  });
});

describe('search and overview', () => {
  it('find by words, best first', () => {
    expect(searchedFacts('default route Microsoft peering').map(({ id }) => id)).toContain('ER-125');
    expect(searchedFacts('qwertyuiop')).toEqual([]);
  });

  it('count every fact once', () => {
    const overview = factsOverview();
    const counted = overview.groups.filter(({ ids }) => ids !== 'PP-F').reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(facts().length);
    expect(overview.confidence.reduce((sum, { count }) => sum + count, 0)).toBe(facts().length);
  });
});

describe('age', () => {
  it.each([
    ['24 months', { count: 24, unit: 'months' }],
    ['2years', { count: 2, unit: 'years' }],
    [' 1 Day ', { count: 1, unit: 'days' }],
    ['24', undefined],
    ['-3 months', undefined],
    ['3 weeks', undefined],
    ['', undefined],
  ])('%j is %j', (text, age) => {
    expect(parseAge(text)).toEqual(age);
  });

  it.each([
    ['2024-02-29', true],
    ['2025-02-29', false],
    ['2025-13-01', false],
    ['2025-1-1', false],
    ['0000-01-01', false],
  ])('%s is a day: %s', (text, is) => {
    expect(isIsoDay(text)).toBe(is);
  });

  it.each([
    ['2026-03-31', '1 month', '2026-02-28'],
    ['2024-03-30', '1 month', '2024-02-29'],
    ['2026-01-15', '24 months', '2024-01-15'],
    ['2026-01-01', '1 day', '2025-12-31'],
    ['2024-03-01', '1 day', '2024-02-29'],
    ['2026-11-20', '400 days', '2025-10-16'],
    ['2026-11-20', '8 years', '2018-11-20'],
  ])('%s less %s is %s', (asOf, age, before) => {
    const parsed = parseAge(age);
    if (parsed === undefined) throw new RangeError(age);
    expect(staleFacts(asOf, parsed).before).toBe(before);
  });

  it('lists exactly the facts before the day, oldest first; a month counts from its last day', () => {
    const stale = staleFacts('2026-11-20', { count: 8, unit: 'years' });
    const ids = new Set(stale.facts.map(({ id }) => id));
    for (const { id, date } of facts()) {
      const last = date.length === 4 ? `${date}-12-31` : date.length === 7 ? `${date}-31` : date;
      expect([id, ids.has(id)]).toEqual([id, /^\d/.test(date) && last < '2018-11-20']);
    }
    expect(stale.facts.length).toBeGreaterThan(10);
    expect(stale.undated.every(({ date }) => !/^\d/.test(date))).toBe(true);
    expect(stale.facts.length + stale.undated.length).toBeLessThan(stale.checked);
  });

  it('lists address files and prices, too', () => {
    const stale = staleFacts('2030-01-01', { count: 24, unit: 'months' });
    expect(stale.files.map(({ what }) => what)).toContain('service tags public, change 376');
    expect(stale.prices.stale).toBe(true);
    expect(staleFacts('2025-12-01', { count: 1, unit: 'years' }).files).toEqual([]);
  });

  it('is never measured against a day that is none', () => {
    expect(() => staleFacts('yesterday', { count: 1, unit: 'years' })).toThrow(/yesterday/);
  });
});
