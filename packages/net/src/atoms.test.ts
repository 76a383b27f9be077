import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  atomsOfPrefixes,
  atomsOfSets,
  type Family,
  formatPrefix,
  type Interval,
  intervalPrefixes,
  intervalsSize,
  type Prefix,
  prefix,
  prefixAround,
  prefixContains,
  prefixSet,
  Random,
  setHas,
} from './index.ts';

const widths: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };
const firstOf: Readonly<Record<Family, bigint>> = { 4: 0xc000_0200n, 6: 0x2001_0db8n << 96n };

/** Prefixes inside 192.0.2.0/24 or 2001:db8::/120. */
function smallPrefix(family: Family): fc.Arbitrary<Prefix> {
  return fc
    .tuple(fc.nat(255), fc.integer({ min: 0, max: 8 }))
    .map(([offset, free]) => prefixAround({ family, bits: firstOf[family] + BigInt(offset) }, widths[family] - free));
}

function smallGroups(family: Family): fc.Arbitrary<Prefix[][]> {
  return fc.array(fc.array(smallPrefix(family), { maxLength: 6 }), { maxLength: 6 });
}

/** The definition, address by address: groups that cover it, by their longest covering prefix, ties by index. */
function chainAt(groups: readonly (readonly Prefix[])[], family: Family, bits: bigint): readonly number[] {
  return groups
    .map((prefixes, group) => ({
      group,
      length: prefixes
        .filter((each) => prefixContains(each, { family, bits }))
        .reduce((most, { length }) => Math.max(most, length), -1),
    }))
    .filter(({ length }) => length >= 0)
    .toSorted((a, b) => b.length - a.length || a.group - b.group)
    .map(({ group }) => group);
}

/** Checks that the atoms are a partition in canonical form, and gives the key of each address of the small space. */
function keysOf(
  atoms: readonly { readonly key: string; readonly intervals: readonly Interval[] }[],
  family: Family,
): readonly string[] {
  const total = atoms.reduce((sum, { intervals }) => sum + intervalsSize(intervals), 0n);
  expect(total).toBe(1n << BigInt(widths[family]));
  expect(new Set(atoms.map(({ key }) => key)).size).toBe(atoms.length);
  const starts = atoms.map(({ intervals }) => intervals[0]?.first ?? -1n);
  expect(starts).toEqual(starts.toSorted((a, b) => (a < b ? -1 : 1)));
  for (const { intervals } of atoms) {
    for (const [index, each] of intervals.entries()) {
      const previous = intervals[index - 1];
      expect(previous === undefined || previous.last + 1n < each.first).toBe(true);
    }
  }
  return Array.from({ length: 256 }, (_, offset) => {
    const bits = firstOf[family] + BigInt(offset);
    const found = atoms.filter(({ intervals }) => intervals.some(({ first, last }) => first <= bits && bits <= last));
    expect(found).toHaveLength(1);
    return found[0]?.key ?? '';
  });
}

const seed = 20272;

describe('atoms of sets', () => {
  it.each([4, 6] as const)(`IPv%s: every address has the sets it is in (seed ${seed})`, (family) => {
    fc.assert(
      fc.property(smallGroups(family), (groups) => {
        const sets = groups.map(prefixSet);
        const atoms = atomsOfSets(sets, family).map(({ members, intervals }) => ({ key: members.join(), intervals }));
        const expected = Array.from({ length: 256 }, (_, offset) =>
          [...sets.keys()]
            .filter((set) => {
              const chosen = sets[set];
              return chosen !== undefined && setHas(chosen, { family, bits: firstOf[family] + BigInt(offset) });
            })
            .join(),
        );
        expect(keysOf(atoms, family)).toEqual(expected);
      }),
      { seed, numRuns: 60 },
    );
  });

  it('without sets there is one atom, and a set of everything leaves no outside', () => {
    expect(atomsOfSets([], 4)).toEqual([{ members: [], intervals: [{ first: 0n, last: 0xffff_ffffn }] }]);
    expect(atomsOfSets([prefixSet([prefix('0.0.0.0/0')])], 4)).toEqual([
      { members: [0], intervals: [{ first: 0n, last: 0xffff_ffffn }] },
    ]);
    expect(atomsOfSets([prefixSet([prefix('0.0.0.0/0')])], 6)).toHaveLength(1);
  });

  it('a set that ends where another begins changes membership once', () => {
    const atoms = atomsOfSets([prefixSet([prefix('0.0.0.0/1')]), prefixSet([prefix('128.0.0.0/1')])], 4);
    expect(atoms.map(({ members }) => members)).toEqual([[0], [1]]);
  });
});

describe('atoms of prefixes', () => {
  it.each([4, 6] as const)(`IPv%s: every address has its chain of groups (seed ${seed})`, (family) => {
    fc.assert(
      fc.property(smallGroups(family), (groups) => {
        const atoms = atomsOfPrefixes(groups, family).map(({ chain, intervals }) => ({ key: chain.join(), intervals }));
        const expected = Array.from({ length: 256 }, (_, offset) =>
          chainAt(groups, family, firstOf[family] + BigInt(offset)).join(),
        );
        expect(keysOf(atoms, family)).toEqual(expected);
      }),
      { seed, numRuns: 120 },
    );
  });

  it('gives a device the group it uses, for whichever groups it holds', () => {
    const groups = [['0.0.0.0/0'], ['10.0.0.0/8', '192.0.2.0/24'], ['10.1.0.0/16'], ['10.1.2.0/24']].map((texts) =>
      texts.map(prefix),
    );
    const atoms = atomsOfPrefixes(groups, 4);
    const shown = atoms.map(({ chain, intervals }) => [chain, intervalPrefixes(4, intervals).length]);
    expect(atoms.map(({ chain }) => chain)).toEqual([[0], [1, 0], [2, 1, 0], [3, 2, 1, 0]]);
    expect(shown).toHaveLength(4);
    expect(
      atoms
        .at(-1)
        ?.intervals.flatMap((each) => intervalPrefixes(4, [each]))
        .map(formatPrefix),
    ).toEqual(['10.1.2.0/24']);
  });

  it('keeps a group once, at its longest prefix, and orders equal prefixes by group', () => {
    const groups = [['10.0.0.0/8', '10.1.2.0/24'], ['10.1.0.0/16'], ['10.1.0.0/16', '10.1.0.0/16']].map((texts) =>
      texts.map(prefix),
    );
    expect(atomsOfPrefixes(groups, 4).map(({ chain }) => chain)).toEqual([[], [0], [1, 2, 0], [0, 1, 2]]);
  });

  it('passes over the other family and works without prefixes', () => {
    expect(atomsOfPrefixes([[prefix('::/0')]], 4)).toEqual([
      { chain: [], intervals: [{ first: 0n, last: 0xffff_ffffn }] },
    ]);
    expect(atomsOfPrefixes([], 6)).toHaveLength(1);
    expect(atomsOfPrefixes([[prefix('::/0')]], 6).map(({ chain }) => chain)).toEqual([[0]]);
  });

  it(`handles many prefixes at random places, spot-checked against the definition (seed ${seed})`, () => {
    const random = new Random(seed);
    const groups = Array.from({ length: 40 }, () =>
      Array.from({ length: 250 }, () =>
        prefixAround({ family: 4, bits: BigInt(random.nextUint32()) }, random.pick([6, 8, 12, 16, 20, 24])),
      ),
    );
    const atoms = atomsOfPrefixes(groups, 4);
    expect(atoms.reduce((sum, { intervals }) => sum + intervalsSize(intervals), 0n)).toBe(1n << 32n);
    for (let round = 0; round < 25; round += 1) {
      const { chain, intervals } = random.pick(atoms);
      const { first, last } = random.pick(intervals);
      expect(chainAt(groups, 4, first)).toEqual(chain);
      expect(chainAt(groups, 4, last)).toEqual(chain);
    }
  });
});
