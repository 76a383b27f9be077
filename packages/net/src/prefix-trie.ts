/**
 * A map from prefixes to values with longest match: one binary trie per family, one level per bit.
 *
 * The plain reference for the frozen tables, and the structure to use while entries still change. No path compression:
 * an IPv6 host route costs 128 nodes.
 */
import { type Address, addressWidth, type Family } from './address.ts';
import type { Prefix } from './prefix.ts';

interface Node<T> {
  entry: TrieEntry<T> | undefined;
  zero: Node<T> | undefined;
  one: Node<T> | undefined;
}

export interface TrieEntry<T> {
  readonly prefix: Prefix;
  readonly value: T;
}

function emptyNode<T>(): Node<T> {
  return { entry: undefined, zero: undefined, one: undefined };
}

/** The bits of an address as a string of 0 and 1, first bit first: indexing it is cheaper than shifting big integers. */
function bitText(family: Family, bits: bigint): string {
  return bits.toString(2).padStart(addressWidth(family), '0');
}

export class PrefixTrie<T> {
  private readonly ipv4: Node<T> = emptyNode();
  private readonly ipv6: Node<T> = emptyNode();
  private count = 0;

  /** Number of entries. */
  get size(): number {
    return this.count;
  }

  private root(family: Family): Node<T> {
    return family === 4 ? this.ipv4 : this.ipv6;
  }

  /** Adds the entry, or replaces the value at this exact prefix. */
  set(prefix: Prefix, value: T): void {
    const bits = bitText(prefix.family, prefix.bits);
    let node = this.root(prefix.family);
    for (let depth = 0; depth < prefix.length; depth += 1) {
      if (bits[depth] === '1') {
        node.one ??= emptyNode();
        node = node.one;
      } else {
        node.zero ??= emptyNode();
        node = node.zero;
      }
    }
    this.count += node.entry === undefined ? 1 : 0;
    node.entry = { prefix, value };
  }

  /** The value at this exact prefix. */
  get(prefix: Prefix): T | undefined {
    const bits = bitText(prefix.family, prefix.bits);
    let node: Node<T> | undefined = this.root(prefix.family);
    for (let depth = 0; depth < prefix.length && node !== undefined; depth += 1) {
      node = bits[depth] === '1' ? node.one : node.zero;
    }
    return node?.entry?.value;
  }

  /** Removes the entry at this exact prefix and the branch that only led there. False when there was none. */
  delete(prefix: Prefix): boolean {
    const bits = bitText(prefix.family, prefix.bits);
    const path: Node<T>[] = [];
    let node: Node<T> | undefined = this.root(prefix.family);
    for (let depth = 0; depth < prefix.length && node !== undefined; depth += 1) {
      path.push(node);
      node = bits[depth] === '1' ? node.one : node.zero;
    }
    if (node?.entry === undefined) {
      return false;
    }
    node.entry = undefined;
    this.count -= 1;
    for (let above = path.pop(); above !== undefined; above = path.pop()) {
      if (node.entry !== undefined || node.zero !== undefined || node.one !== undefined) {
        break;
      }
      if (bits[path.length] === '1') {
        above.one = undefined;
      } else {
        above.zero = undefined;
      }
      node = above;
    }
    return true;
  }

  /** The entry with the longest prefix that contains the address, or the whole prefix given. */
  longestMatch(target: Address | Prefix): TrieEntry<T> | undefined {
    return this.covering(target).at(-1);
  }

  /** Every entry whose prefix contains the address, or the whole prefix given, shortest first. */
  covering(target: Address | Prefix): readonly TrieEntry<T>[] {
    const bits = bitText(target.family, target.bits);
    const length = 'length' in target ? target.length : bits.length;
    const found: TrieEntry<T>[] = [];
    let node: Node<T> | undefined = this.root(target.family);
    for (let depth = 0; node !== undefined; depth += 1) {
      if (node.entry !== undefined) {
        found.push(node.entry);
      }
      if (depth === length) {
        break;
      }
      node = bits[depth] === '1' ? node.one : node.zero;
    }
    return found;
  }

  /** All entries in the order of `comparePrefixes`. */
  *entries(): Generator<TrieEntry<T>> {
    for (const root of [this.ipv4, this.ipv6]) {
      const waiting: Node<T>[] = [root];
      for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
        if (node.entry !== undefined) {
          yield node.entry;
        }
        if (node.one !== undefined) {
          waiting.push(node.one);
        }
        if (node.zero !== undefined) {
          waiting.push(node.zero);
        }
      }
    }
  }
}
