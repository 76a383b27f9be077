/**
 * Import and export policies: ordered terms, the first whose conditions all hold decides, unless it says `next`.
 * A policy is compiled once per network; prefix lists become bits that every class of prefixes carries with it
 * (`classes.ts`), so that a policy never looks at a prefix while routes are exchanged.
 *
 * Left out: calls from policy to policy.
 */
import { type Asn, type Community, communityHigh, communityLow, type LargeCommunity } from '@bothways/net';
import type {
  CommunityRange,
  DeviceIx,
  LargeCommunityRange,
  Network,
  NumberRange,
  Origin,
  Policy,
  PolicyAction,
  PolicyCondition,
  PolicyIx,
  PrefixListEntry,
} from '@bothways/network';
import { alike } from './alike.ts';
import { compileAsPathPattern, parseAsPathPattern } from './as-path-pattern.ts';
import type { Attributes } from './attributes.ts';
import { sameLargeCommunity, sortedCommunities, sortedLargeCommunities } from './attributes.ts';

/** What a policy may know about the prefixes it is asked about. */
export interface PolicySubject {
  readonly family: 4 | 6;
  /** One byte per prefix list of the network: 1 where the list holds the prefixes. */
  readonly lists: Uint8Array;
}

/** The term that rejected or changed a route; `term` is undefined when no term decided and `otherwise` did. */
export interface AppliedTerm {
  readonly policy: PolicyIx;
  readonly policyName: string;
  readonly term: number | undefined;
  readonly termName: string;
  readonly effect: 'accepted' | 'rejected' | 'changed';
  readonly origins: readonly Origin[];
}

export interface PolicyOutcome {
  /** Undefined: rejected. */
  readonly attributes: Attributes | undefined;
  /** `next-hop-self` was among the actions; the session decides what that is. */
  readonly nextHopSelf: boolean;
}

/** `here`: the policy is an export policy and the device put the route into BGP itself. */
type Test = (attributes: Attributes, subject: PolicySubject, here: boolean) => boolean;

interface CompiledTerm {
  readonly ix: number;
  readonly tests: readonly Test[];
  readonly set: readonly PolicyAction[];
  readonly nextHopSelf: boolean;
  readonly verdict: 'accept' | 'reject' | 'next';
}

export interface CompiledPolicy {
  /** Policies that behave differently have different numbers, over all networks of one lineage. */
  readonly identity: number;
  readonly terms: readonly CompiledTerm[];
  readonly otherwise: Policy['otherwise'];
}

export interface CompiledPolicies {
  /** As in the network; policies that are alike are one. */
  readonly policies: readonly CompiledPolicy[];
  /** Lists that this network uses: by position in `PolicySubject.lists`, ascending. */
  readonly lists: ReadonlyMap<number, readonly PrefixListEntry[]>;
  /** The position of a list that the network uses. */
  readonly listIx: (entries: readonly PrefixListEntry[]) => number;
}

/**
 * What networks that were edited from one another share: lists and policies that are alike are one and have one number,
 * so that what was computed with them stays true. Only ever grows.
 */
export class PolicyLineage {
  readonly #lists = new Alike<readonly PrefixListEntry[]>();
  readonly #policies = new Alike<Policy>();
  readonly #compiled: CompiledPolicy[] = [];

  get size(): number {
    return this.#compiled.length;
  }

  listIx(entries: readonly PrefixListEntry[]): number {
    const [first] = entries;
    return this.#lists.numberOf(entries, `${entries.length} ${first?.prefix.bits} ${first?.prefix.length}`);
  }

  compiled(policy: Policy, listIx: (entries: readonly PrefixListEntry[]) => number): CompiledPolicy {
    const { terms, otherwise } = policy;
    const shape = terms.map(({ when, set, then }) => `${when.map(({ kind }) => kind).join()} ${set.length} ${then}`);
    const identity = this.#policies.numberOf(policy, `${shape.join(' ')} ${otherwise}`);
    const compiled = this.#compiled[identity] ?? compilePolicy(policy, identity, listIx);
    this.#compiled[identity] = compiled;
    return compiled;
  }
}

/** Gives each distinct item a number. */
class Alike<Item> {
  readonly #buckets = new Map<string, { readonly item: Item; readonly number: number }[]>();
  #size = 0;

  /** Items that are alike have the same key. */
  numberOf(item: Item, key: string): number {
    const bucket = this.#buckets.get(key) ?? [];
    this.#buckets.set(key, bucket);
    const known = bucket.find((other) => alike(withoutPlace(other.item), withoutPlace(item)));
    if (known !== undefined) return known.number;
    const number = this.#size++;
    bucket.push({ item, number });
    return number;
  }
}

/** A policy behaves the same wherever it stands. */
function withoutPlace(item: unknown): unknown {
  return typeof item === 'object' && item !== null && 'ix' in item ? { ...item, ix: undefined } : item;
}

export function compilePolicies(network: Network, lineage: PolicyLineage): CompiledPolicies {
  const known = new Map<readonly PrefixListEntry[], number>();
  const lists = new Map<number, readonly PrefixListEntry[]>();
  const listIx = (entries: readonly PrefixListEntry[]): number => {
    let ix = known.get(entries);
    if (ix === undefined) {
      ix = lineage.listIx(entries);
      known.set(entries, ix);
      lists.set(ix, entries);
    }
    return ix;
  };
  for (const { terms } of network.policies) {
    for (const { when } of terms) for (const condition of when) nameLists(condition, listIx);
  }
  const policies = network.policies.map((policy) => lineage.compiled(policy, listIx));
  return { policies, lists, listIx };
}

/** Numbers the lists in the order of the network, whether the policy was compiled before or not. */
function nameLists(condition: PolicyCondition, listIx: (entries: readonly PrefixListEntry[]) => number): void {
  if (condition.kind === 'not') nameLists(condition.condition, listIx);
  if (condition.kind === 'prefix-list') listIx(condition.entries);
}

function compilePolicy(
  { terms, otherwise }: Policy,
  identity: number,
  listIx: (entries: readonly PrefixListEntry[]) => number,
): CompiledPolicy {
  const compiled = terms.map((term, ix): CompiledTerm => {
    const set = term.set.filter((action) => action.kind !== 'next-hop-self');
    const nextHopSelf = set.length < term.set.length;
    return { ix, tests: term.when.map((item) => compileCondition(item, listIx)), set, nextHopSelf, verdict: term.then };
  });
  return { identity, terms: compiled, otherwise };
}

function compileCondition(condition: PolicyCondition, listIx: (entries: readonly PrefixListEntry[]) => number): Test {
  switch (condition.kind) {
    case 'prefix-list': {
      const ix = listIx(condition.entries);
      return (_, subject) => subject.lists[ix] === 1;
    }
    case 'community': {
      const any = new Set<Community>(condition.any);
      return (attributes) => attributes.communities.some((community) => any.has(community));
    }
    case 'large-community': {
      const { any } = condition;
      return (attributes) => attributes.largeCommunities.some((held) => containsLarge(any, held));
    }
    case 'as-path-contains': {
      const any = new Set<Asn>(condition.any);
      return (attributes) => attributes.asPath.some((asn) => any.has(asn));
    }
    case 'as-path-originated-by': {
      const any = new Set<Asn>(condition.any);
      return (attributes) => {
        const first = attributes.asPath.at(-1);
        return first !== undefined && any.has(first);
      };
    }
    case 'as-path-empty':
      return (attributes) => attributes.asPath.length === 0;
    case 'as-path-matches': {
      const matches = compiledPattern(condition.pattern);
      return (attributes) => matches(attributes.asPath);
    }
    case 'community-in': {
      const { any } = condition;
      return (attributes) => attributes.communities.some((item) => any.some((range) => isInRange(item, range)));
    }
    case 'large-community-in': {
      const { any } = condition;
      return (attributes) =>
        attributes.largeCommunities.some((item) => any.some((range) => isInLargeRange(item, range)));
    }
    case 'next-hop': {
      const any = new Set<DeviceIx>(condition.any);
      return (attributes) => any.has(attributes.nextHop);
    }
    case 'originated-here':
      return (_, _subject, here) => here;
    case 'family': {
      const { family } = condition;
      return (_, subject) => subject.family === family;
    }
    case 'not': {
      const test = compileCondition(condition.condition, listIx);
      return (attributes, subject, here) => !test(attributes, subject, here);
    }
  }
}

/** Throws RangeError for a pattern that `parseAsPathPattern` refuses: who built the network has let it in. */
function compiledPattern(text: string): (path: readonly Asn[]) => boolean {
  const parsed = parseAsPathPattern(text);
  const compiled = parsed.ok ? compileAsPathPattern(parsed.value) : parsed;
  if (typeof compiled === 'function') return compiled;
  throw new RangeError(`AS-path pattern '${text}': ${compiled.problem}`);
}

const isIn = (value: number, { from, to }: NumberRange): boolean => from <= value && value <= to;

function isInRange(item: Community, { asn, value }: CommunityRange): boolean {
  return isIn(communityHigh(item), asn) && isIn(communityLow(item), value);
}

function isInLargeRange(item: LargeCommunity, { global, first, second }: LargeCommunityRange): boolean {
  return isIn(item.global, global) && isIn(item.first, first) && isIn(item.second, second);
}

function containsLarge(list: readonly LargeCommunity[], community: LargeCommunity): boolean {
  return list.some((item) => sameLargeCommunity(item, community));
}

/** Receives every term that changed a route and the one that rejected it, in order. */
export interface PolicyTrace {
  /** For names and origins, which are not compiled. */
  readonly policy: Policy;
  readonly terms: AppliedTerm[];
}

/** Runs a route through a policy. */
export function applyPolicy(
  compiled: CompiledPolicy,
  attributes: Attributes,
  subject: PolicySubject,
  here: boolean,
  trace?: PolicyTrace,
): PolicyOutcome {
  let current = attributes;
  let nextHopSelf = false;
  for (const term of compiled.terms) {
    if (!holds(term, current, subject, here)) continue;
    if (term.verdict === 'reject') {
      trace?.terms.push(appliedTerm(trace.policy, term.ix, 'rejected'));
      return { attributes: undefined, nextHopSelf };
    }
    if (term.set.length > 0 || term.nextHopSelf) {
      for (const action of term.set) current = applyAction(current, action);
      nextHopSelf ||= term.nextHopSelf;
      trace?.terms.push(appliedTerm(trace.policy, term.ix, 'changed'));
    }
    if (term.verdict === 'accept') return { attributes: current, nextHopSelf };
  }
  if (compiled.otherwise === 'reject') {
    trace?.terms.push(appliedTerm(trace.policy, undefined, 'rejected'));
    return { attributes: undefined, nextHopSelf };
  }
  return { attributes: current, nextHopSelf };
}

function holds(term: CompiledTerm, attributes: Attributes, subject: PolicySubject, here: boolean): boolean {
  for (const test of term.tests) if (!test(attributes, subject, here)) return false;
  return true;
}

function appliedTerm(policy: Policy, ix: number | undefined, effect: AppliedTerm['effect']): AppliedTerm {
  const term = ix === undefined ? undefined : policy.terms[ix];
  return {
    policy: policy.ix,
    policyName: policy.name,
    term: ix,
    termName: term === undefined ? `otherwise ${policy.otherwise}` : term.name,
    effect,
    origins: term === undefined ? policy.origins : term.origins,
  };
}

/** One action of a term on the attributes; `next-hop-self` is the session's business and changes nothing here. */
function applyAction(attributes: Attributes, action: PolicyAction): Attributes {
  switch (action.kind) {
    case 'local-preference':
      return { ...attributes, localPreference: action.value };
    case 'med':
      return { ...attributes, med: action.value };
    case 'weight':
      return { ...attributes, weight: action.value };
    case 'prepend': {
      const added = Array.from({ length: action.times }, () => action.asn);
      return { ...attributes, asPath: [...added, ...attributes.asPath] };
    }
    case 'community-add':
      return { ...attributes, communities: sortedCommunities([...attributes.communities, ...action.communities]) };
    case 'community-delete': {
      const { communities } = action;
      if (communities === 'all') return { ...attributes, communities: [] };
      return { ...attributes, communities: attributes.communities.filter((item) => !communities.includes(item)) };
    }
    case 'large-community-add': {
      const all = sortedLargeCommunities([...attributes.largeCommunities, ...action.communities]);
      return { ...attributes, largeCommunities: all };
    }
    case 'large-community-delete': {
      const { communities } = action;
      if (communities === 'all') return { ...attributes, largeCommunities: [] };
      const kept = attributes.largeCommunities.filter((item) => !containsLarge(communities, item));
      return { ...attributes, largeCommunities: kept };
    }
    case 'next-hop-self':
      return attributes;
  }
}
