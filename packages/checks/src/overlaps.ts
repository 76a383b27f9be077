/**
 * Prefixes with values, asked for everything that overlaps a prefix: what encloses it and what lies inside. Prefixes nest
 * or are disjoint, so the ones inside stand next to each other in order and the enclosing ones are found by their length.
 */
import { comparePrefixes, formatPrefix, type Prefix, parentPrefix, prefixContains } from '@bothways/net';

export interface Held<T> {
  readonly prefix: Prefix;
  readonly value: T;
}

export interface Overlaps<T> {
  /** In order of prefix; entries of one prefix in the order given. */
  readonly all: readonly Held<T>[];
  readonly overlapping: (prefix: Prefix) => readonly Held<T>[];
  /** Entries that contain the prefix or are equal to it. */
  readonly enclosing: (prefix: Prefix) => readonly Held<T>[];
}

export function overlapsOf<T>(entries: readonly Held<T>[]): Overlaps<T> {
  const all = entries.toSorted((a, b) => comparePrefixes(a.prefix, b.prefix));
  const exact = new Map<string, Held<T>[]>();
  for (const entry of all) {
    const text = formatPrefix(entry.prefix);
    const held = exact.get(text);
    if (held === undefined) exact.set(text, [entry]);
    else held.push(entry);
  }
  const enclosing = (prefix: Prefix): readonly Held<T>[] => {
    const found: Held<T>[] = [];
    for (let at: Prefix | undefined = prefix; at !== undefined; at = parentPrefix(at)) {
      found.unshift(...(exact.get(formatPrefix(at)) ?? []));
    }
    return found;
  };
  const inside = (prefix: Prefix): readonly Held<T>[] => {
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = all[middle];
      if (entry !== undefined && comparePrefixes(entry.prefix, prefix) < 0) low = middle + 1;
      else high = middle;
    }
    const found: Held<T>[] = [];
    for (let at = low; at < all.length; at += 1) {
      const entry = all[at];
      if (entry === undefined || !prefixContains(prefix, entry.prefix)) break;
      if (comparePrefixes(entry.prefix, prefix) !== 0) found.push(entry);
    }
    return found;
  };
  return { all, enclosing, overlapping: (prefix) => [...enclosing(prefix), ...inside(prefix)] };
}
