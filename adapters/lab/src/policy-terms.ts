/**
 * A policy as a daemon's configuration wants it: for one address family, with conditions that are always or never true
 * folded away, negation only in front of a single test, and prefix lists as ranges of lengths.
 */
import { type Asn, addressWidth, type Community, type Family, type LargeCommunity, type Prefix } from '@bothways/net';
import type {
  CommunityRange,
  DeviceIx,
  LargeCommunityRange,
  Policy,
  PolicyAction,
  PolicyCondition,
  PrefixListEntry,
} from '@bothways/network';

export type PolicyTest =
  | { readonly kind: 'prefixes'; readonly ranges: readonly PrefixRange[] }
  | { readonly kind: 'communities'; readonly any: readonly Community[] }
  | { readonly kind: 'large-communities'; readonly any: readonly LargeCommunity[] }
  | { readonly kind: 'path-contains'; readonly any: readonly Asn[] }
  | { readonly kind: 'path-ends-with'; readonly any: readonly Asn[] }
  | { readonly kind: 'path-empty' }
  | { readonly kind: 'path-pattern'; readonly pattern: string }
  | { readonly kind: 'community-ranges'; readonly any: readonly CommunityRange[] }
  | { readonly kind: 'large-community-ranges'; readonly any: readonly LargeCommunityRange[] }
  | { readonly kind: 'next-hop'; readonly any: readonly DeviceIx[] }
  | { readonly kind: 'originated-here' };

export interface Literal {
  readonly negated: boolean;
  readonly test: PolicyTest;
}

/** Subnets of `prefix` with a length from `shortest` to `longest`. */
interface PrefixRange {
  readonly prefix: Prefix;
  readonly shortest: number;
  readonly longest: number;
}

export interface FamilyTerm {
  readonly when: readonly Literal[];
  readonly set: readonly PolicyAction[];
  readonly then: 'accept' | 'reject' | 'next';
}

export interface FamilyPolicy {
  readonly terms: readonly FamilyTerm[];
  readonly otherwise: 'accept' | 'reject';
}

/** Terms after one that always decides are gone; so are those that can never hold or do nothing. */
export function policyFor(policy: Policy, family: Family): FamilyPolicy {
  const terms: FamilyTerm[] = [];
  for (const { when, set, then } of policy.terms) {
    const literals = when.map((condition) => literal(condition, family, false));
    if (literals.includes(false)) continue;
    const kept = literals.filter((item) => typeof item !== 'boolean');
    const actions = then === 'reject' ? [] : set.filter((action) => !isIdle(action));
    if (then === 'next' && actions.length === 0) continue;
    if (kept.length === 0 && actions.length === 0 && then !== 'next') return { terms, otherwise: then };
    terms.push({ when: kept, set: actions, then });
    if (kept.length === 0 && then !== 'next') break;
  }
  return { terms, otherwise: policy.otherwise };
}

function literal(condition: PolicyCondition, family: Family, negated: boolean): Literal | boolean {
  const constant = (holds: boolean): boolean => holds !== negated;
  const listed = (test: PolicyTest, items: readonly unknown[]): Literal | boolean =>
    items.length === 0 ? constant(false) : { negated, test };
  switch (condition.kind) {
    case 'prefix-list': {
      const ranges = condition.entries.flatMap((entry) => rangeOf(entry, family));
      return listed({ kind: 'prefixes', ranges }, ranges);
    }
    case 'community':
      return listed({ kind: 'communities', any: condition.any }, condition.any);
    case 'large-community':
      return listed({ kind: 'large-communities', any: condition.any }, condition.any);
    case 'as-path-contains':
      return listed({ kind: 'path-contains', any: condition.any }, condition.any);
    case 'as-path-originated-by':
      return listed({ kind: 'path-ends-with', any: condition.any }, condition.any);
    case 'as-path-empty':
      return { negated, test: { kind: 'path-empty' } };
    case 'as-path-matches':
      return { negated, test: { kind: 'path-pattern', pattern: condition.pattern } };
    case 'community-in':
      return listed({ kind: 'community-ranges', any: condition.any }, condition.any);
    case 'large-community-in':
      return listed({ kind: 'large-community-ranges', any: condition.any }, condition.any);
    case 'next-hop':
      return listed({ kind: 'next-hop', any: condition.any }, condition.any);
    case 'originated-here':
      return { negated, test: { kind: 'originated-here' } };
    case 'family':
      return constant(condition.family === family);
    case 'not':
      return literal(condition.condition, family, !negated);
  }
}

export function rangeOf({ prefix, atLeast, atMost }: PrefixListEntry, family: Family): readonly PrefixRange[] {
  if (prefix.family !== family) return [];
  const shortest = Math.max(atLeast ?? prefix.length, prefix.length);
  const longest = atMost ?? (atLeast === undefined ? prefix.length : addressWidth(family));
  return shortest > longest ? [] : [{ prefix, shortest, longest }];
}

function isIdle(action: PolicyAction): boolean {
  switch (action.kind) {
    case 'prepend':
      return action.times === 0;
    case 'community-add':
    case 'large-community-add':
    case 'community-delete':
    case 'large-community-delete':
      return action.communities.length === 0;
    default:
      return false;
  }
}
