/**
 * Atoms: the coarsest partition of one family's addresses such that all addresses of an atom are treated alike.
 *
 * The idea is the atomic predicates of Yang and Lam ("Real-Time Verification of Network Properties Using Atomic
 * Predicates", ICNP 2013) on one header field, where sorted boundaries do instead of decision diagrams, as in Delta-net
 * (Horn, Kheradmand and Prasad, NSDI 2017). Leaves out the other header fields: ports and protocols are left to callers.
 */
import { type Family, highestBits } from './address.ts';
import type { Interval } from './interval.ts';
import { comparePrefixes, type Prefix, prefixSize } from './prefix.ts';
import { type PrefixSet, setIntervals } from './prefix-set.ts';

/** Addresses that are in exactly the sets with these indices (ascending; none means outside all). */
export interface Atom {
  readonly members: readonly number[];
  readonly intervals: readonly Interval[];
}

/** Addresses that see exactly these groups, each at its longest covering prefix, from the longest to the shortest. */
export interface PrefixAtom {
  readonly chain: readonly number[];
  readonly intervals: readonly Interval[];
}

/** Collects intervals under small integer keys, joins neighbours, and remembers the order in which keys appeared. */
class IntervalGroups {
  private readonly open = new Map<number, { first: bigint; last: bigint }[]>();

  add(key: number, first: bigint, last: bigint): void {
    const list = this.open.get(key);
    if (list === undefined) {
      this.open.set(key, [{ first, last }]);
      return;
    }
    const previous = list.at(-1);
    if (previous !== undefined && previous.last + 1n === first) {
      previous.last = last;
    } else {
      list.push({ first, last });
    }
  }

  entries(): Iterable<[number, readonly Interval[]]> {
    return this.open;
  }
}

/** Membership lists as small integers; entering or leaving a set is a memorised step between them. */
class Memberships {
  private readonly lists: (readonly number[])[] = [[]];
  private readonly keys = new Map<string, number>([['', 0]]);
  private readonly steps = new Map<number, number>();
  private readonly setCount: number;

  constructor(setCount: number) {
    this.setCount = setCount;
  }

  list(key: number): readonly number[] {
    return this.lists[key] ?? [];
  }

  /** The list with `set` added if it was absent, or removed if it was there. */
  toggle(key: number, set: number): number {
    const step = key * this.setCount + set;
    const known = this.steps.get(step);
    if (known !== undefined) {
      return known;
    }
    const list = this.list(key);
    const toggled = list.includes(set)
      ? list.filter((member) => member !== set)
      : [...list, set].toSorted((a, b) => a - b);
    const text = toggled.join();
    let next = this.keys.get(text);
    if (next === undefined) {
      next = this.lists.length;
      this.lists.push(toggled);
      this.keys.set(text, next);
    }
    this.steps.set(step, next);
    return next;
  }
}

/**
 * The atoms of several sets: together they hold every address of the family once, each with the sets it is in. In order
 * of their first addresses. One sweep over the sorted interval ends.
 */
export function atomsOfSets(sets: readonly PrefixSet[], family: Family): readonly Atom[] {
  const changes: { at: bigint; set: number }[] = [];
  for (const [set, each] of sets.entries()) {
    for (const { first, last } of setIntervals(each, family)) {
      changes.push({ at: first, set }, { at: last + 1n, set });
    }
  }
  changes.sort((a, b) => (a.at === b.at ? a.set - b.set : a.at < b.at ? -1 : 1));
  const memberships = new Memberships(sets.length);
  const groups = new IntervalGroups();
  let key = 0;
  let start = 0n;
  for (const { at, set } of changes) {
    if (at > start) {
      groups.add(key, start, at - 1n);
      start = at;
    }
    key = memberships.toggle(key, set);
  }
  const highest = highestBits(family);
  if (start <= highest) {
    groups.add(key, start, highest);
  }
  return Array.from(groups.entries(), ([member, intervals]) => ({ members: memberships.list(member), intervals }));
}

/** Chains as interned lists: a chain is a head group and the number of the chain behind it; 0 is the empty chain. */
class Chains {
  private readonly heads: number[] = [-1];
  private readonly tails: number[] = [0];
  private readonly keys = new Map<number, number>();
  private readonly pushed = new Map<number, number>();
  private readonly groupCount: number;

  constructor(groupCount: number) {
    this.groupCount = groupCount;
  }

  private link(head: number, tail: number): number {
    const key = tail * this.groupCount + head;
    let chain = this.keys.get(key);
    if (chain === undefined) {
      chain = this.heads.length;
      this.heads.push(head);
      this.tails.push(tail);
      this.keys.set(key, chain);
    }
    return chain;
  }

  private without(chain: number, group: number): number {
    const before: number[] = [];
    let rest = chain;
    while (rest !== 0) {
      const head = this.heads[rest] ?? -1;
      const tail = this.tails[rest] ?? 0;
      if (head === group) {
        return before.reduceRight((behind, each) => this.link(each, behind), tail);
      }
      before.push(head);
      rest = tail;
    }
    return chain;
  }

  /** The chain with `group` in front, taken out of its later place if it had one. */
  push(chain: number, group: number): number {
    const key = chain * this.groupCount + group;
    let longer = this.pushed.get(key);
    if (longer === undefined) {
      longer = this.link(group, this.without(chain, group));
      this.pushed.set(key, longer);
    }
    return longer;
  }

  list(chain: number): readonly number[] {
    const groups: number[] = [];
    for (let rest = chain; rest !== 0; rest = this.tails[rest] ?? 0) {
      groups.push(this.heads[rest] ?? -1);
    }
    return groups;
  }
}

/**
 * The atoms of longest match over groups of prefixes, such as all prefixes that every device routes alike. A device that
 * holds some of the groups uses, for every address of an atom, the first group of `chain` that it holds. Groups that
 * share the same prefix stand in ascending order; an empty chain means that no prefix covers. Prefixes of the other
 * family are passed over. In order of first addresses; O(n log n) in the number of prefixes for chains of bounded length.
 */
export function atomsOfPrefixes(groups: readonly (readonly Prefix[])[], family: Family): readonly PrefixAtom[] {
  const entries: { prefix: Prefix; group: number }[] = [];
  for (const [group, prefixes] of groups.entries()) {
    for (const prefix of prefixes) {
      if (prefix.family === family) {
        entries.push({ prefix, group });
      }
    }
  }
  // The lowest group of equal prefixes goes last, so that it ends up in front of the others.
  entries.sort((a, b) => comparePrefixes(a.prefix, b.prefix) || b.group - a.group);
  const chains = new Chains(groups.length);
  const collected = new IntervalGroups();
  const enclosing: { last: bigint; outer: number }[] = [];
  let chain = 0;
  let start = 0n;
  const closeUntil = (limit: bigint): void => {
    for (let top = enclosing.at(-1); top !== undefined && top.last < limit; top = enclosing.at(-1)) {
      if (start <= top.last) {
        collected.add(chain, start, top.last);
        start = top.last + 1n;
      }
      chain = top.outer;
      enclosing.pop();
    }
  };
  for (const { prefix, group } of entries) {
    closeUntil(prefix.bits);
    if (start < prefix.bits) {
      collected.add(chain, start, prefix.bits - 1n);
      start = prefix.bits;
    }
    enclosing.push({ last: prefix.bits + prefixSize(prefix) - 1n, outer: chain });
    chain = chains.push(chain, group);
  }
  const highest = highestBits(family);
  closeUntil(highest + 1n);
  if (start <= highest) {
    collected.add(chain, start, highest);
  }
  return Array.from(collected.entries(), ([key, intervals]) => ({ chain: chains.list(key), intervals }));
}
