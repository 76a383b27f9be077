/** Parts of the compiled network in words: prefix lists, conditions and actions of policies, rules of firewalls. */
import { formatAsn, formatCommunity, formatLargeCommunity, formatPrefix, type Prefix } from '@bothways/net';
import type {
  DeviceIx,
  FirewallPolicyRule,
  NumberRange,
  PolicyAction,
  PolicyCondition,
  PortRange,
  PrefixListEntry,
  RouteCondition,
} from '@bothways/network';

export interface PrefixList {
  readonly count: number;
  readonly prefixes: readonly string[];
}

export function entriesText(entries: readonly PrefixListEntry[]): string {
  return entries
    .map(({ prefix, atLeast, atMost }) =>
      [
        formatPrefix(prefix),
        ...(atLeast === undefined ? [] : [`from /${atLeast}`]),
        ...(atMost === undefined ? [] : [`to /${atMost}`]),
      ].join(' '),
    )
    .join(', ');
}

function rangeText({ from, to }: NumberRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

/** 'tcp 443, udp 1024-65535'; every port where there are none. */
export function portsText(ports: readonly PortRange[]): string {
  if (ports.length === 0) return 'every port';
  return ports
    .map(({ protocol, first, last }) => `${protocol} ${first === last ? first : `${first}-${last}`}`)
    .join(', ');
}

export function ruleText({ action, zone, from, to, ports }: FirewallPolicyRule): string {
  const list = (prefixes: readonly Prefix[]): string =>
    prefixes.length === 0 ? 'everything' : prefixes.map((each) => formatPrefix(each)).join(', ');
  const side = zone === 'any' ? 'on either side' : zone;
  return `${action} sessions that start ${side} from ${list(from)} to ${list(to)}, ${portsText(ports)}`;
}

export function routeConditionText({ prefix, state, table }: RouteCondition): string {
  return `while ${formatPrefix(prefix)} is ${state} in the ${table} table`;
}

export function prefixList(prefixes: readonly Prefix[]): PrefixList {
  return { count: prefixes.length, prefixes: prefixes.map((each) => formatPrefix(each)) };
}

export function conditionText(condition: PolicyCondition, nameOf: (device: DeviceIx) => string): string {
  switch (condition.kind) {
    case 'prefix-list':
      return `prefix in ${entriesText(condition.entries)}`;
    case 'community':
      return `community ${condition.any.map((each) => formatCommunity(each)).join(' or ')}`;
    case 'large-community':
      return `large community ${condition.any.map((each) => formatLargeCommunity(each)).join(' or ')}`;
    case 'as-path-contains':
      return `AS path with ${condition.any.map((each) => formatAsn(each)).join(' or ')}`;
    case 'as-path-originated-by':
      return `AS path from ${condition.any.map((each) => formatAsn(each)).join(' or ')}`;
    case 'as-path-matches':
      return `AS path matches ${condition.pattern}`;
    case 'community-in':
      return `community in ${condition.any.map((each) => `${rangeText(each.asn)}:${rangeText(each.value)}`).join(' or ')}`;
    case 'large-community-in':
      return `large community in ${condition.any
        .map((each) => [each.global, each.first, each.second].map((part) => rangeText(part)).join(':'))
        .join(' or ')}`;
    case 'next-hop':
      return `next hop ${condition.any.map((each) => nameOf(each)).join(' or ')}`;
    case 'originated-here':
      return 'originated here';
    case 'as-path-empty':
      return 'AS path empty';
    case 'family':
      return `IPv${condition.family}`;
    case 'not':
      return `not (${conditionText(condition.condition, nameOf)})`;
  }
}

export function actionText(action: PolicyAction): string {
  switch (action.kind) {
    case 'local-preference':
      return `local preference ${action.value}`;
    case 'med':
      return `MED ${action.value}`;
    case 'weight':
      return `weight ${action.value}`;
    case 'prepend':
      return `prepend ${formatAsn(action.asn)} ${action.times} times`;
    case 'community-add':
      return `add community ${action.communities.map((each) => formatCommunity(each)).join(', ')}`;
    case 'community-delete':
      return action.communities === 'all'
        ? 'delete all communities'
        : `delete community ${action.communities.map((each) => formatCommunity(each)).join(', ')}`;
    case 'large-community-add':
      return `add large community ${action.communities.map((each) => formatLargeCommunity(each)).join(', ')}`;
    case 'large-community-delete':
      return action.communities === 'all'
        ? 'delete all large communities'
        : `delete large community ${action.communities.map((each) => formatLargeCommunity(each)).join(', ')}`;
    case 'next-hop-self':
      return 'next hop self';
  }
}
