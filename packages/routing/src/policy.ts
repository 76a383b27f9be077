/**
 * Import and export policies: ordered terms, the first whose conditions all hold decides, unless it says `next`.
 * A policy is compiled once per network; prefix lists become bits that every class of prefixes carries with it
 * (`classes.ts`), so that a policy never looks at a prefix while routes are exchanged.
 *
 * Left out: regular expressions over AS paths, calls from policy to policy.
 */
import type { Asn, Community, LargeCommunity } from '@bothways/net';
import type {
  Network,
  Origin,
  Policy,
  PolicyAction,
  PolicyCondition,
  PolicyIx,
  PrefixListEntry,
} from '@bothways/network';
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

type Test = (attributes: Attributes, subject: PolicySubject) => boolean;

interface CompiledTerm {
  readonly ix: number;
  readonly tests: readonly Test[];
  readonly set: readonly PolicyAction[];
  readonly nextHopSelf: boolean;
  readonly verdict: 'accept' | 'reject' | 'next';
}

export interface CompiledPolicy {
  readonly policy: Policy;
  readonly terms: readonly CompiledTerm[];
  /** No terms and `otherwise: 'accept'`: routes pass as they are. */
  readonly transparent: boolean;
}

export interface CompiledPolicies {
  readonly policies: readonly CompiledPolicy[];
  /** Every distinct prefix list of the network; the position is the bit in `PolicySubject.lists`. */
  readonly lists: readonly (readonly PrefixListEntry[])[];
}

export function compilePolicies(network: Network): CompiledPolicies {
  const lists: (readonly PrefixListEntry[])[] = [];
  const known = new Map<readonly PrefixListEntry[], number>();
  const listIx = (entries: readonly PrefixListEntry[]): number => {
    let ix = known.get(entries);
    if (ix === undefined) {
      ix = lists.length;
      known.set(entries, ix);
      lists.push(entries);
    }
    return ix;
  };
  const policies = network.policies.map((policy): CompiledPolicy => {
    const terms = policy.terms.map(
      (term, ix): CompiledTerm => ({
        ix,
        tests: term.when.map((condition) => compileCondition(condition, listIx)),
        set: term.set.filter((action) => action.kind !== 'next-hop-self'),
        nextHopSelf: term.set.some((action) => action.kind === 'next-hop-self'),
        verdict: term.then,
      }),
    );
    return { policy, terms, transparent: terms.length === 0 && policy.otherwise === 'accept' };
  });
  return { policies, lists };
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
    case 'family': {
      const { family } = condition;
      return (_, subject) => subject.family === family;
    }
    case 'not': {
      const test = compileCondition(condition.condition, listIx);
      return (attributes, subject) => !test(attributes, subject);
    }
  }
}

function containsLarge(list: readonly LargeCommunity[], community: LargeCommunity): boolean {
  return list.some((item) => sameLargeCommunity(item, community));
}

/**
 * Runs a route through a policy. `trace`, when given, receives every term that changed the route and the one that
 * rejected it, in order.
 */
export function applyPolicy(
  compiled: CompiledPolicy,
  attributes: Attributes,
  subject: PolicySubject,
  trace?: AppliedTerm[],
): PolicyOutcome {
  let current = attributes;
  let nextHopSelf = false;
  for (const term of compiled.terms) {
    if (!holds(term, current, subject)) continue;
    if (term.verdict === 'reject') {
      trace?.push(appliedTerm(compiled.policy, term.ix, 'rejected'));
      return { attributes: undefined, nextHopSelf };
    }
    if (term.set.length > 0 || term.nextHopSelf) {
      for (const action of term.set) current = applyAction(current, action);
      nextHopSelf ||= term.nextHopSelf;
      trace?.push(appliedTerm(compiled.policy, term.ix, 'changed'));
    }
    if (term.verdict === 'accept') return { attributes: current, nextHopSelf };
  }
  if (compiled.policy.otherwise === 'reject') {
    trace?.push(appliedTerm(compiled.policy, undefined, 'rejected'));
    return { attributes: undefined, nextHopSelf };
  }
  return { attributes: current, nextHopSelf };
}

function holds(term: CompiledTerm, attributes: Attributes, subject: PolicySubject): boolean {
  for (const test of term.tests) if (!test(attributes, subject)) return false;
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
export function applyAction(attributes: Attributes, action: PolicyAction): Attributes {
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
