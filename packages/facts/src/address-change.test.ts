import { readFileSync } from 'node:fs';
import { differenceOf, formatPrefix, type Prefix, prefix, prefixSet, Random, setEquals, unionOf } from '@bothways/net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareEndpointFiles, compareTagFiles } from './address-change.ts';
import { builtInEndpointFile, builtInTagFile, type PackedTagFile } from './address-data.ts';
import { readServiceTags } from './address-downloads.ts';
import { packPrefixes } from './packed-prefixes.ts';

type Sets = Readonly<Record<string, readonly string[]>>;

function file(sets: Sets, changeNumber = 1): PackedTagFile {
  const lines = Object.entries(sets).map(([name, texts]) => {
    const prefixes = texts.map((text) => prefix(text));
    const packed = ([4, 6] as const).map((family) =>
      packPrefixes(
        prefixes.filter((each) => each.family === family),
        family,
      ),
    );
    return [name, '', 'Service', changeNumber, ...packed].join('|');
  });
  return { file: 'f.json', cloud: 'public', changeNumber, date: '2025-11-10', sets: lines };
}

describe('two service-tag files', () => {
  it('differ in sets and prefixes; a prefix written as two halves is no change of addresses', () => {
    const before = file({ A: ['10.0.0.0/23'], B: ['10.1.0.0/24', '10.2.0.0/24'], C: ['10.3.0.0/24'], D: [] });
    const after = file(
      { A: ['10.0.0.0/24', '10.0.1.0/24'], B: ['10.1.0.0/24', '10.2.0.0/25'], D: [], E: ['2001:db8::/32'] },
      2,
    );
    const change = compareTagFiles(before, after);
    const shown = change.sets.map((set) => [
      set.name,
      set.kind,
      set.added.map((each) => formatPrefix(each)),
      set.removed.map((each) => formatPrefix(each)),
      set.gained.ipv4.length + set.gained.ipv6.length,
      set.lost.ipv4.length + set.lost.ipv6.length,
    ]);
    expect(shown).toEqual([
      ['A', 'changed', ['10.0.0.0/24', '10.0.1.0/24'], ['10.0.0.0/23'], 0, 0],
      ['B', 'changed', ['10.2.0.0/25'], ['10.2.0.0/24'], 0, 1],
      ['C', 'removed', [], ['10.3.0.0/24'], 0, 1],
      ['E', 'added', ['2001:db8::/32'], [], 1, 0],
    ]);
    expect(change).toMatchObject({ renumbered: 1, unchanged: 0, fresh: 4, gone: 3 });
    expect(change.before).toMatchObject({ sets: 4, prefixes: 4, distinct: 4, addresses4: 1280n });
  });

  it('are the same when they are the same', () => {
    const builtIn = builtInTagFile('china');
    const change = compareTagFiles(builtIn, builtIn);
    expect(change).toMatchObject({ sets: [], renumbered: 0, unchanged: 327, fresh: 0, gone: 0 });
  });

  it('turn into one another: old without removed, with added, is new (100 pairs, seed 376)', () => {
    const prefixes = fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { maxLength: 20 }).map((numbers) =>
      numbers.map(
        (number): Prefix => ({
          family: 4,
          bits: BigInt(number >> 2) << 24n,
          length: 8 + 2 * (number & 3),
        }),
      ),
    );
    fc.assert(
      fc.property(prefixes, prefixes, (old, young) => {
        const texts = (list: readonly Prefix[]): string[] => list.map((each) => formatPrefix(each));
        const before = file({ A: texts(old) });
        const after = file({ A: texts(young) }, 2);
        const [set] = compareTagFiles(before, after).sets;
        const removed = new Set(texts(set?.removed ?? []));
        const made = [...texts(old).filter((text) => !removed.has(text)), ...texts(set?.added ?? [])].sort();
        expect(made).toEqual(texts(young).sort());
        if (set === undefined) return;
        const rebuilt = unionOf(differenceOf(prefixSet(old), set.lost), set.gained);
        expect(setEquals(rebuilt, prefixSet(young))).toBe(true);
      }),
      { seed: 376, numRuns: 100 },
    );
  });

  it('of two weeks, cut to eight sets: the difference counted by hand', () => {
    const read = (name: string, date: string): PackedTagFile => {
      const file = readServiceTags(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'), name, date);
      if (!file.ok) throw new Error(file.problem);
      return file.value;
    };
    const before = read('service-tags-public-20251028.json', '2025-10-28');
    const after = read('service-tags-public-20251110.json', '2025-11-10');
    const counts = (change: ReturnType<typeof compareTagFiles>) =>
      change.sets.map(({ name, kind, added, removed }) => [name, kind, added.length, removed.length]);
    const there = compareTagFiles(before, after);
    expect(counts(there)).toEqual([
      ['AzureCloud.swedencentral', 'changed', 3, 1],
      ['AzureCloud.westeurope', 'changed', 3, 4],
      ['MicrosoftCloudAppSecurity.GermanyWestCentral', 'added', 8, 0],
      ['MicrosoftCloudAppSecurity.JapanEast', 'added', 9, 0],
      ['MicrosoftCloudAppSecurity.WestUS3', 'changed', 5, 0],
      ['Storage.NorthEurope', 'changed', 2, 0],
    ]);
    expect(there).toMatchObject({ unchanged: 2, renumbered: 0 });
    expect(there.before).toMatchObject({ changeNumber: 375, sets: 6 });
    expect(there.after).toMatchObject({ changeNumber: 376, sets: 8 });
    const back = compareTagFiles(after, before);
    expect(counts(back).map(([name, , added, removed]) => [name, removed, added])).toEqual(
      counts(there).map(([name, , added, removed]) => [name, added, removed]),
    );
    expect([back.fresh, back.gone]).toEqual([there.gone, there.fresh]);
  });

  it('of different clouds do not compare', () => {
    expect(() => compareTagFiles(builtInTagFile('public'), builtInTagFile('china'))).toThrow(/public.*china/);
  });

  it('find what was done to a real file: a set dropped, one prefix taken out, one put in', () => {
    const real = builtInTagFile('usgov');
    const at = new Random(402).below(real.sets.length);
    const without = { ...real, changeNumber: 403, sets: real.sets.filter((_, i) => i !== at) };
    const change = compareTagFiles(real, without);
    expect(change.sets.map(({ name, kind }) => [name, kind])).toEqual([[real.sets[at]?.split('|')[0], 'removed']]);
    expect(change.unchanged).toBe(real.sets.length - 1);
  });
});

describe('two endpoint lists', () => {
  it('differ in names, flags and prefixes', () => {
    const real = builtInEndpointFile('worldwide');
    const [first] = real.sets;
    if (first === undefined) throw new RangeError('the list is empty');
    const changed = {
      ...first,
      expressRoute: !first.expressRoute,
      urls: ['new.example', ...first.urls.slice(1)],
      v6: '',
    };
    const change = compareEndpointFiles(real, { ...real, sets: [changed, ...real.sets.slice(2)] });
    expect(change.unchanged).toBe(real.sets.length - 2);
    const [set, gone] = change.sets;
    expect(set).toMatchObject({
      id: first.id,
      kind: 'changed',
      namesAdded: ['new.example'],
      namesRemoved: [first.urls[0]],
      properties: [{ property: 'expressRoute', before: 'true', after: 'false' }],
      added: [],
    });
    expect(set?.removed.every(({ family }) => family === 6)).toBe(true);
    expect(set?.removed.length).toBeGreaterThan(0);
    expect(gone).toMatchObject({ kind: 'removed', id: real.sets[1]?.id });
  });
});
