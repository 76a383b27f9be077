/** One behaviour suite for everything that answers longest match: the trie, both IPv4 layouts, IPv6 and the front. */
import { describe, expect, it } from 'vitest';
import {
  type Address,
  address,
  addressWidth,
  type Family,
  formatPrefix,
  freezeTable,
  freezeTable4,
  freezeTable6,
  highestBits,
  highestTableValue,
  lastAddress,
  type Prefix,
  PrefixTrie,
  prefix,
  prefixAround,
  prefixContains,
  Random,
} from './index.ts';

interface Entry {
  readonly prefix: Prefix;
  readonly value: number;
}

/** The definition: the longest covering prefix; of repeated prefixes the last given. */
function scan(entries: readonly Entry[], target: Address): number {
  let best = -1;
  let length = -1;
  for (const entry of entries) {
    if (entry.prefix.length >= length && prefixContains(entry.prefix, target)) {
      best = entry.value;
      length = entry.prefix.length;
    }
  }
  return best;
}

type Matcher = (entries: readonly Entry[]) => (target: Address) => number;

const trie: Matcher = (entries) => {
  const map = new PrefixTrie<number>();
  for (const { prefix: each, value } of entries) {
    map.set(each, value);
  }
  return (target) => map.longestMatch(target)?.value ?? -1;
};
const front: Matcher = (entries) => freezeTable(entries).lookup;
const layout4 =
  (layout: 'ranges' | 'direct'): Matcher =>
  (entries) => {
    const table = freezeTable4(
      entries.map((entry) => entry.prefix),
      entries.map(({ value }) => value),
      layout,
    );
    const results = new Int32Array(1);
    return (target) => {
      const bits = Number(target.bits);
      table.lookupAll(Uint32Array.of(bits), results);
      expect(results[0]).toBe(table.lookup(bits));
      return table.lookup(bits);
    };
  };
const table6: Matcher = (entries) => {
  const table = freezeTable6(
    entries.map((entry) => entry.prefix),
    entries.map(({ value }) => value),
  );
  return ({ bits }) => table.lookup(bits);
};

const matchers: readonly (readonly [name: string, family: Family, matcher: Matcher])[] = [
  ['trie', 4, trie],
  ['trie', 6, trie],
  ['front', 4, front],
  ['front', 6, front],
  ['sorted ranges', 4, layout4('ranges')],
  ['direct table', 4, layout4('direct')],
  ['sorted ranges', 6, table6],
];

const seed = 20273;

/** Random prefixes with a taste for neighbours, nesting, repeats, the ends of the space and lengths around byte limits. */
function randomEntries(random: Random, family: Family, count: number): readonly Entry[] {
  const width = addressWidth(family);
  const entries: Entry[] = [];
  for (let index = 0; index < count; index += 1) {
    const near = entries.length > 0 && random.below(2) === 0 ? random.pick(entries).prefix : undefined;
    const bits =
      near === undefined
        ? random.pick([random.bigBelow(1n << BigInt(width)), 0n, highestBits(family)])
        : near.bits ^ (1n << random.bigBelow(BigInt(width)));
    const length = random.pick([random.below(width + 1), width, 24, 25, 23, 31, near?.length ?? 16]);
    entries.push({ prefix: prefixAround({ family, bits }, length), value: random.below(20) });
  }
  return entries;
}

/** Addresses where answers can change: both ends of every prefix and the addresses next to them, and random ones. */
function telling(random: Random, family: Family, entries: readonly Entry[]): readonly Address[] {
  const edges = entries.flatMap((entry) => {
    const last = lastAddress(entry.prefix).bits;
    return [entry.prefix.bits - 1n, entry.prefix.bits, last, last + 1n];
  });
  const anywhere = Array.from({ length: 50 }, () => random.bigBelow(highestBits(family) + 1n));
  return [0n, highestBits(family), ...edges, ...anywhere]
    .filter((bits) => bits >= 0n && bits <= highestBits(family))
    .map((bits) => ({ family, bits }));
}

describe.each(matchers)('%s, IPv%s', (name, family, matcher) => {
  const rounds = name === 'direct table' ? 12 : 60;
  it(`answers as a scan of all entries does (seed ${seed})`, () => {
    const random = new Random(seed + family);
    for (let round = 0; round < rounds; round += 1) {
      const entries = randomEntries(random, family, random.below(60));
      const match = matcher(entries);
      for (const target of telling(random, family, entries)) {
        const found = match(target);
        const expected = scan(entries, target);
        if (found !== expected) {
          expect.fail(
            `round ${round}: ${target.bits} gives ${found}, not ${expected}, in ${JSON.stringify(
              entries.map((entry) => `${formatPrefix(entry.prefix)} ${entry.value}`),
            )}`,
          );
        }
      }
    }
  });

  it('answers -1 without entries and for what no prefix holds', () => {
    expect(matcher([])({ family, bits: 5n })).toBe(-1);
    expect(
      matcher([{ prefix: prefixAround({ family, bits: 8n }, addressWidth(family)), value: 3 }])({ family, bits: 9n }),
    ).toBe(-1);
  });

  it('answers for a default route at both ends of the space', () => {
    const match = matcher([{ prefix: prefixAround({ family, bits: 0n }, 0), value: 7 }]);
    expect(match({ family, bits: 0n })).toBe(7);
    expect(match({ family, bits: highestBits(family) })).toBe(7);
  });

  it('lets the last of repeated prefixes win', () => {
    const each = prefixAround({ family, bits: 0n }, 8);
    expect(
      matcher([
        { prefix: each, value: 1 },
        { prefix: each, value: 2 },
      ])({ family, bits: 1n }),
    ).toBe(2);
  });

  it('holds the highest value', () => {
    const each = prefixAround({ family, bits: 0n }, addressWidth(family) - 1);
    expect(matcher([{ prefix: each, value: highestTableValue }])({ family, bits: 1n })).toBe(highestTableValue);
  });
});

describe('large tables', () => {
  it(`choose the direct layout by themselves and agree with the searched one (seed ${seed})`, () => {
    const random = new Random(seed);
    const prefixes = Array.from({ length: 60_000 }, () =>
      prefixAround({ family: 4, bits: BigInt(random.nextUint32()) }, random.pick([8, 16, 22, 24, 24, 26, 30, 32])),
    );
    const values = prefixes.map((_, index) => index);
    const large = freezeTable4(prefixes, values);
    const searched = freezeTable4(prefixes, values, 'ranges');
    expect(large.bytes).toBeGreaterThan(2 ** 21);
    expect(searched.bytes).toBeLessThan(2 ** 21);
    const targets = Uint32Array.from({ length: 100_000 }, (_, index) =>
      index % 2 === 0 ? random.nextUint32() : Number(random.pick(prefixes).bits) + random.below(2),
    );
    const fromLarge = new Int32Array(targets.length);
    const fromSearched = new Int32Array(targets.length);
    large.lookupAll(targets, fromLarge);
    searched.lookupAll(targets, fromSearched);
    expect(fromLarge).toEqual(fromSearched);
  });
});

describe('tables refuse', () => {
  it('other families, other values, lists of different length', () => {
    expect(() => freezeTable4([prefix('::/0')], [1])).toThrow('a prefix of family 6 in a table of family 4');
    expect(() => freezeTable6([prefix('0.0.0.0/0')], [1])).toThrow(RangeError);
    expect(() => freezeTable4([prefix('0.0.0.0/0')], [-1])).toThrow('-1 is not a table value');
    expect(() => freezeTable4([prefix('0.0.0.0/0')], [highestTableValue + 1])).toThrow(RangeError);
    expect(() => freezeTable4([prefix('0.0.0.0/0')], [])).toThrow('1 prefixes but 0 values');
  });
});

describe('trie', () => {
  it(`behaves as a map with ordered entries through random changes (seed ${seed})`, () => {
    const random = new Random(seed);
    const map = new PrefixTrie<number>();
    const model = new Map<string, number>();
    const pool = [...randomEntries(random, 4, 40), ...randomEntries(random, 6, 40)].map((entry) => entry.prefix);
    for (let round = 0; round < 3000; round += 1) {
      const each = random.pick(pool);
      const text = formatPrefix(each);
      if (random.below(3) === 0) {
        expect(map.delete(each)).toBe(model.delete(text));
      } else {
        map.set(each, round);
        model.set(text, round);
      }
      const other = random.pick(pool);
      expect(map.get(other)).toBe(model.get(formatPrefix(other)));
      expect(map.size).toBe(model.size);
    }
    const listed = Array.from(map.entries(), (entry) => `${formatPrefix(entry.prefix)} ${entry.value}`);
    const expected = pool
      .filter((each, index) => pool.findIndex((other) => formatPrefix(other) === formatPrefix(each)) === index)
      .filter((each) => model.has(formatPrefix(each)))
      .toSorted((a, b) => a.family - b.family || (a.bits === b.bits ? a.length - b.length : a.bits < b.bits ? -1 : 1))
      .map((each) => `${formatPrefix(each)} ${model.get(formatPrefix(each))}`);
    expect(listed).toEqual(expected);
  });

  it('lists what covers a prefix, shortest first, and matches whole prefixes only', () => {
    const map = new PrefixTrie<string>();
    for (const text of ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24']) {
      map.set(prefix(text), text);
    }
    expect(map.covering(prefix('10.1.0.0/16')).map(({ value }) => value)).toEqual([
      '0.0.0.0/0',
      '10.0.0.0/8',
      '10.1.0.0/16',
    ]);
    expect(map.longestMatch(prefix('10.0.0.0/15'))?.value).toBe('10.0.0.0/8');
    expect(map.longestMatch(address('10.1.2.3'))?.prefix).toEqual(prefix('10.1.2.0/24'));
    expect(map.longestMatch(address('::1'))).toBeUndefined();
    expect(map.delete(prefix('10.2.0.0/16'))).toBe(false);
  });
});
