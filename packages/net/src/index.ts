/** Address algebra: addresses, prefixes, AS numbers, communities, sets, atoms, longest match and seeded random numbers. */
export {
  type Address,
  address,
  addressOf,
  addressWidth,
  compareAddresses,
  type Family,
  formatAddress,
  highestBits,
  parseAddress,
} from './address.ts';
export { type Asn, type AsnKind, asn, asnKind, asnKindSource, asnLiteral, formatAsn, parseAsn } from './asn.ts';
export { type Atom, atomsOfPrefixes, atomsOfSets, type PrefixAtom } from './atoms.ts';
export {
  type Community,
  community,
  communityHigh,
  communityLiteral,
  communityLow,
  communityOf,
  compareLargeCommunities,
  formatCommunity,
  formatLargeCommunity,
  type LargeCommunity,
  parseCommunity,
  parseLargeCommunity,
  type WellKnownCommunity,
  wellKnownCommunity,
} from './community.ts';
export { type FrozenTable4, freezeTable4, highestTableValue, type TableLayout } from './frozen-ipv4.ts';
export { type FrozenTable6, freezeTable6 } from './frozen-ipv6.ts';
export { type FrozenTable, freezeTable } from './frozen-table.ts';
export { type Interval, intervalPrefixes, intervalsSize, prefixInterval } from './interval.ts';
export { type Parsed, parsed, problem, quoted, valueOrThrow } from './parsed.ts';
export {
  commonPrefix,
  comparePrefixes,
  firstAddress,
  formatPrefix,
  hostPrefix,
  lastAddress,
  nthAddress,
  type Prefix,
  parentPrefix,
  parsePrefix,
  prefix,
  prefixAround,
  prefixContains,
  prefixEquals,
  prefixesOverlap,
  prefixSize,
  rangePrefixes,
  splitPrefix,
} from './prefix.ts';
export {
  complementOf,
  differenceOf,
  emptySet,
  everyAddress,
  intersectionOf,
  intervalSet,
  type PrefixSet,
  prefixSet,
  setContains,
  setCovers,
  setEquals,
  setHas,
  setIntervals,
  setIsEmpty,
  setPrefixes,
  setSize,
  setsOverlap,
  setTouches,
  unionOf,
} from './prefix-set.ts';
export { PrefixTrie, type TrieEntry } from './prefix-trie.ts';
export { Random } from './random.ts';
export {
  type AddressScope,
  type SpecialPurpose,
  scopeOf,
  specialPurposeOf,
  specialPurposes,
} from './special-purpose.ts';
