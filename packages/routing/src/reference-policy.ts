/** Policies as the slow twin of the control plane reads them: term after term, straight from the network. */
import { type Asn, type Prefix, prefixContains } from '@bothways/net';
import type { DeviceIx, LinkIx, NumberRange, Policy, PolicyCondition, PrefixListEntry } from '@bothways/network';
import { type AsPathPattern, parseAsPathPattern } from './as-path-pattern.ts';
import type { Attributes } from './attributes.ts';

/** `here`: on export, the device put the route into BGP itself; `self`: its own address, on export. */
export function referencePolicy(
  policy: Policy,
  attributes: Attributes,
  prefix: Prefix,
  here: boolean,
  self: { readonly nextHop: DeviceIx; readonly nextHopLink: LinkIx | undefined } | undefined,
): Attributes | undefined {
  let now = attributes;
  for (const term of policy.terms) {
    if (!term.when.every((condition) => conditionHolds(condition, now, prefix, here))) continue;
    if (term.then === 'reject') return undefined;
    for (const action of term.set) {
      if (action.kind === 'local-preference') now = { ...now, localPreference: action.value };
      if (action.kind === 'med') now = { ...now, med: action.value };
      if (action.kind === 'weight') now = { ...now, weight: action.value };
      if (action.kind === 'prepend') {
        for (let n = 0; n < action.times; n++) now = { ...now, asPath: [action.asn, ...now.asPath] };
      }
      if (action.kind === 'community-add') {
        const all = new Set([...now.communities, ...action.communities]);
        now = { ...now, communities: [...all].sort((a, b) => a - b) };
      }
      if (action.kind === 'community-delete') {
        const gone = action.communities;
        now = { ...now, communities: now.communities.filter((item) => gone !== 'all' && !gone.includes(item)) };
      }
      if (action.kind === 'large-community-add') {
        now = { ...now, largeCommunities: sortLarge([...now.largeCommunities, ...action.communities]) };
      }
      if (action.kind === 'large-community-delete') {
        const gone = action.communities === 'all' ? 'all' : action.communities.map(largeText);
        const kept = now.largeCommunities.filter((item) => gone !== 'all' && !gone.includes(largeText(item)));
        now = { ...now, largeCommunities: kept };
      }
      if (action.kind === 'next-hop-self' && self !== undefined) now = { ...now, ...self };
    }
    if (term.then === 'accept') return now;
  }
  return policy.otherwise === 'accept' ? now : undefined;
}

function conditionHolds(condition: PolicyCondition, attributes: Attributes, prefix: Prefix, here: boolean): boolean {
  switch (condition.kind) {
    case 'prefix-list':
      return listHolds(condition.entries, prefix);
    case 'community':
      return condition.any.some((item) => attributes.communities.includes(item));
    case 'large-community':
      return condition.any.some((item) => attributes.largeCommunities.map(largeText).includes(largeText(item)));
    case 'as-path-contains':
      return condition.any.some((asn) => attributes.asPath.includes(asn));
    case 'as-path-originated-by':
      return condition.any.some((asn) => attributes.asPath[attributes.asPath.length - 1] === asn);
    case 'as-path-empty':
      return attributes.asPath.length === 0;
    case 'as-path-matches':
      return patternMatches(condition.pattern, attributes.asPath);
    case 'community-in':
      return condition.any.some(({ asn, value }) =>
        attributes.communities.some((item) => within(item >>> 16, asn) && within(item & 0xffff, value)),
      );
    case 'large-community-in':
      return condition.any.some(({ global, first, second }) =>
        attributes.largeCommunities.some(
          (item) => within(item.global, global) && within(item.first, first) && within(item.second, second),
        ),
      );
    case 'next-hop':
      return condition.any.includes(attributes.nextHop);
    case 'originated-here':
      return here;
    case 'family':
      return prefix.family === condition.family;
    case 'not':
      return !conditionHolds(condition.condition, attributes, prefix, here);
  }
}

export const largeText = (item: Attributes['largeCommunities'][number]): string =>
  `${item.global}:${item.first}:${item.second}`;

export function sortLarge(list: Attributes['largeCommunities']): Attributes['largeCommunities'] {
  const unique = new Map(list.map((item) => [largeText(item), item]));
  return [...unique.values()].sort((a, b) => a.global - b.global || a.first - b.first || a.second - b.second);
}

export function listHolds(entries: readonly PrefixListEntry[], prefix: Prefix): boolean {
  return entries.some((entry) => {
    if (!prefixContains(entry.prefix, prefix)) return false;
    if (entry.atLeast === undefined && entry.atMost === undefined) return prefix.length === entry.prefix.length;
    return prefix.length >= (entry.atLeast ?? 0) && prefix.length <= (entry.atMost ?? 128);
  });
}

function within(value: number, { from, to }: NumberRange): boolean {
  return value >= from && value <= to;
}

/** As a regular expression over text: each AS number of the path is a letter, between '<' and '>'. */
export function textMatches(pattern: AsPathPattern, path: readonly Asn[]): boolean {
  const numbers = [...new Set(path)];
  const letter = (ix: number): string => String.fromCharCode(0x4e00 + ix);
  const text = path.map((asn) => letter(numbers.indexOf(asn))).join('');
  return new RegExp(expression(pattern, numbers, letter)).test(`<${text}>`);
}

function expression(pattern: AsPathPattern, numbers: readonly Asn[], letter: (ix: number) => string): string {
  const inner = (item: AsPathPattern): string => expression(item, numbers, letter);
  switch (pattern.kind) {
    case 'one-of': {
      const fitting = [...numbers.keys()].filter((ix) =>
        pattern.ranges.some((range) => within(numbers[ix] ?? -1, range)),
      );
      return fitting.length === 0 ? '(?!)' : `(?:${fitting.map(letter).join('|')})`;
    }
    case 'sequence':
      return pattern.items.map(inner).join('');
    case 'choice':
      return `(?:${pattern.items.map(inner).join('|')})`;
    case 'repeat':
      return `(?:${inner(pattern.item)}){${pattern.least},${pattern.most ?? ''}}`;
    case 'start':
      return '<';
    case 'end':
      return '>';
  }
}

function patternMatches(text: string, path: readonly Asn[]): boolean {
  const parsed = parseAsPathPattern(text);
  if (!parsed.ok) throw new RangeError(`AS-path pattern '${text}': ${parsed.problem}`);
  return textMatches(parsed.value, path);
}
