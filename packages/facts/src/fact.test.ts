import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asymmetryCause, asymmetryCauses } from './asymmetry-causes.ts';
import { checklist } from './checklist.ts';
import { contradiction, contradictions } from './contradictions.ts';
import { fact, facts, searchFacts } from './fact.ts';
import type { Fact } from './fact-record.ts';
import { flow } from './flows.ts';
import { scenarios } from './scenarios.ts';

const isoOrUndated = /^(\d{4}(-\d{2}(-\d{2})?)?|undated)$/;

function series(start: string, count: number, digits: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => start + String(index + 1).padStart(digits, '0'));
}

function idsWith(pattern: RegExp): readonly string[] {
  return facts()
    .map((entry) => entry.id)
    .filter((id) => pattern.test(id));
}

function idsWhere(predicate: (entry: Fact) => boolean): readonly string[] {
  return facts()
    .filter(predicate)
    .map((entry) => entry.id);
}

describe('catalogue', () => {
  it('has every ER fact once and in order', () => {
    expect(idsWith(/^ER-/)).toEqual(series('ER-', 257, 3));
  });

  it('has every contradiction, checklist item, scenario and cause once and in order', () => {
    expect(idsWith(/^X/)).toEqual(series('X', 30, 2));
    expect(idsWith(/^PP-C/)).toEqual(series('PP-C', 51, 2));
    expect(idsWith(/^PP-S/)).toEqual(series('PP-S', 45, 2));
    expect(idsWith(/^A\d/)).toEqual(series('A', 8, 1));
  });

  it('numbers its own series without gaps', () => {
    expect(idsWith(/^PP-N/)).toEqual(series('PP-N', 17, 2));
    expect(idsWith(/^PP-R/)).toEqual(series('PP-R', 20, 2));
    expect(idsWith(/^PP-G/)).toEqual(series('PP-G', 37, 2));
    expect(idsWith(/^PP-P/)).toEqual(series('PP-P', 16, 2));
    expect(idsWith(/^PP-U/)).toEqual(series('PP-U', 11, 2));
    expect(idsWith(/^PP-T/)).toEqual(series('PP-T', 20, 2));
    expect(idsWith(/^PP-Z/)).toEqual(series('PP-Z', 46, 2));
  });

  it('has no id outside the known series and none twice', () => {
    expect(
      facts().filter(
        (entry) => !/^(ER-\d{3}|X\d{2}|A\d|PP-[CGNPRSTUZ]\d{2}|CHK-[A-Z0-9]+-[A-Z]?\d{2})$/.test(entry.id),
      ),
    ).toEqual([]);
    expect(new Set(facts().map((entry) => entry.id)).size).toBe(facts().length);
  });

  it('dates every record by its source', () => {
    expect(idsWhere((entry) => !isoOrUndated.test(entry.date) || entry.date !== entry.source.date)).toEqual([]);
    expect(idsWhere((entry) => entry.source.document.length < 4)).toEqual([]);
    expect(idsWhere((entry) => entry.alsoIn.some((further) => !isoOrUndated.test(further.date)))).toEqual([]);
  });

  it('does not name the deciding document again among the further ones', () => {
    const repeats = (entry: Fact): boolean => {
      const ids = [entry.source.id, ...entry.alsoIn.map((further) => further.id)];
      return new Set(ids).size !== ids.length;
    };
    expect(idsWhere(repeats)).toEqual([]);
  });

  it('states itself in one to four sentences of readable length', () => {
    expect(idsWhere((entry) => !/^[A-Z0-9].*[.]$/.test(entry.statement))).toEqual([]);
    expect(idsWhere((entry) => entry.statement.length > 330)).toEqual([]);
    expect(idsWhere((entry) => entry.topic === '')).toEqual([]);
  });

  it('makes no statement twice', () => {
    expect(new Set(facts().map((entry) => entry.statement)).size).toBe(facts().length);
  });

  it('gives a unit with every value and only then', () => {
    expect(idsWhere((entry) => (entry.unit === undefined) !== (entry.value === undefined))).toEqual([]);
  });

  it('marks what is not simply stated', () => {
    expect(fact('ER-039')?.confidence).toBe('stated');
    expect(fact('ER-207')?.confidence).toBe('older');
    expect(fact('ER-198')?.confidence).toBe('inferred');
    expect(fact('ER-250')?.confidence).toBe('unverified');
    expect(fact('ER-058')?.confidence).toBe('conflict');
    expect(contradictions().every((entry) => entry.confidence === 'conflict')).toBe(true);
  });

  it('refers only to facts and flows that exist', () => {
    const toFacts = [...checklist(), ...scenarios(), ...asymmetryCauses()].flatMap((entry) => entry.facts);
    const toFlows = [...checklist(), ...scenarios()].flatMap((entry) => entry.flows);
    expect(toFacts.filter((id) => fact(id) === undefined)).toEqual([]);
    expect(toFlows.filter((id) => flow(id) === undefined)).toEqual([]);
  });

  it('names only existing records within its sentences', () => {
    const mentioned = facts().flatMap(
      (entry) => entry.statement.match(/\b(?:ER-\d{3}|PP-[CFGNPRSTUZ]\d{2}|X\d{2})\b/g) ?? [],
    );
    expect(mentioned.length).toBeGreaterThan(10);
    expect(mentioned.filter((id) => fact(id) === undefined && flow(id) === undefined)).toEqual([]);
  });

  it('keeps one record per line in the data files', () => {
    const lines = ['facts-expressroute.json', 'facts-power-platform.json', 'review-checks.json']
      .flatMap((name) => readFileSync(new URL(`../data/${name}`, import.meta.url), 'utf8').split('\n'))
      .filter((line) => line.includes('"id": '));
    const ids = lines.map((line) => /^ {4}\{"id": "([^"]+)", .*\},?$/.exec(line)?.[1]);
    expect(new Set(ids)).toEqual(new Set(facts().map((entry) => entry.id)));
    expect(ids).toHaveLength(facts().length);
  });
});

describe('figures carried by facts', () => {
  it.each([
    ['ER-028', 200, 'prefixes per Microsoft peering'],
    ['ER-031', 1000, 'IPv4 prefixes per gateway'],
    ['ER-048', 12076, 'ASN'],
    ['ER-056', 180, 's'],
    ['ER-059', 300, 'ms'],
    ['ER-061', 1400, 'bytes'],
    ['ER-141', 28, 'metros'],
    ['ER-156', 45, 'days'],
    ['ER-169', 11000, 'routes'],
    ['ER-199', 210560, 'GB per month'],
    ['ER-239', 99.95, 'percent'],
    ['PP-N04', 4788, 'IPv4 addresses'],
    ['PP-G32', 400, 'services'],
    ['PP-Z01', 400, 'kbit/s'],
    ['PP-Z33', 10, 'members'],
    ['PP-Z41', 44304, 'addresses'],
  ])('%s is %d %s', (id, value, unit) => {
    expect(fact(id)).toMatchObject({ value, unit });
  });

  it('shows every large value in the digits of the statement', () => {
    const hides = (entry: Fact): boolean => {
      if (!entry.id.startsWith('ER-') || entry.value === undefined || entry.value < 1000) return false;
      return !entry.statement.replace(/(\d),(?=\d{3})/g, '$1').includes(String(entry.value));
    };
    expect(idsWhere(hides)).toEqual([]);
  });
});

describe('contradictions', () => {
  it('quote at least one dated claim each', () => {
    const claims = contradictions().flatMap((entry) => entry.claims);
    expect(contradictions().filter((entry) => entry.claims.length === 0)).toEqual([]);
    expect(claims.filter((claim) => !isoOrUndated.test(claim.date) || !/[.]$/.test(claim.says))).toEqual([]);
  });

  it('keep older editions apart from the current one', () => {
    const community = contradiction('X05');
    expect(community?.claims.map((claim) => [claim.source.id, claim.date])).toContainEqual(['P47', '2016']);
    expect(community?.date).toBe('2026-03-12');
  });

  it('follow a document that is among the sources of the record', () => {
    expect(contradiction('X22')?.source.id).toBe('P58');
    expect(contradiction('X31')).toBeUndefined();
  });
});

describe('causes of asymmetry', () => {
  it('come with effect and cure', () => {
    expect(asymmetryCauses()).toHaveLength(8);
    expect(asymmetryCause('A6')?.cure).toContain('public ASNs');
    expect(asymmetryCause('A9')).toBeUndefined();
  });
});

describe('search', () => {
  const idsFor = (query: string): readonly string[] => searchFacts(query).map((entry) => entry.id);

  it.each(['ER-028', 'er28', 'Er 028'])('finds a fact by its id: %s', (query) => {
    expect(idsFor(query)[0]).toBe('ER-028');
  });

  it.each([
    ['x7', 'X07'],
    ['pp-c7', 'PP-C07'],
    ['A2', 'A2'],
  ])('finds records of the other series by id: %s', (query, id) => {
    expect(idsFor(query)[0]).toBe(id);
  });

  it.each([
    ['hold time', 'ER-056'],
    ['route filter silent', 'ER-077'],
    ['NAT pool internet announce', 'ER-105'],
    ['12076:5040', 'ER-073'],
    ['200 prefixes session', 'PP-Z10'],
    ['4000 routes', 'ER-028'],
    ['hairpin', 'PP-S31'],
    ['ServiceBus tag', 'X11'],
    ['MACsec', 'ER-161'],
    ['communities', 'ER-226'],
    ['community', 'ER-226'],
  ])('finds "%s" in %s', (query, id) => {
    expect(idsFor(query)).toContain(id);
  });

  it('asks for all words as long as some fact has them all', () => {
    const found = searchFacts('metered unlimited').map((entry) => entry.statement.toLowerCase());
    expect(found.length).toBeGreaterThan(3);
    expect(found.filter((text) => !text.includes('metered') || !text.includes('unlimited'))).toEqual([]);
  });

  it('falls back to the most words when none has all', () => {
    expect(idsFor('MACsec zzzz')).toEqual(idsFor('MACsec'));
  });

  it('passes over filler words', () => {
    expect(idsFor('how many prefixes')).toEqual(idsFor('prefixes'));
    expect(idsFor('what is the')).toEqual([]);
  });

  it('finds nothing for nothing', () => {
    expect(searchFacts('')).toEqual([]);
    expect(searchFacts(' ,; ')).toEqual([]);
    expect(searchFacts('zzzzqq')).toEqual([]);
  });

  it('answers the same every time', () => {
    expect(idsFor('gateway region')).toEqual(idsFor('gateway region'));
    expect(new Set(idsFor('gateway region')).size).toBe(idsFor('gateway region').length);
  });
});
