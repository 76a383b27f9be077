/** Lists of prefixes of the network as sets, made once: a rule for 5,000 sites is asked at every hop. */
import { type Address, type Family, type Prefix, type PrefixSet, prefixSet, setHas, setIntervals } from '@bothways/net';

const sets = new WeakMap<readonly Prefix[], PrefixSet>();

export function setOf(prefixes: readonly Prefix[]): PrefixSet {
  let set = sets.get(prefixes);
  if (set === undefined) {
    set = prefixSet(prefixes);
    sets.set(prefixes, set);
  }
  return set;
}

export function insideAny(prefixes: readonly Prefix[], address: Address): boolean {
  return setHas(setOf(prefixes), address);
}

export function hasFamily(prefixes: readonly Prefix[], family: Family): boolean {
  return setIntervals(setOf(prefixes), family).length > 0;
}
