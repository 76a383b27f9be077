/**
 * AS-path patterns and ranges of numbers in the languages of the daemons. FRR matches POSIX expressions against the path
 * as text, BIRD has masks over whole AS numbers. Sources: FRR user guide, "AS Path Access Lists"; BIRD 2.0 user guide,
 * "Data types", bgpmask.
 */
import type { LargeCommunityRange, NumberRange } from '@bothways/network';
import { type AsPathPattern, parseAsPathPattern } from '@bothways/routing';

const LARGEST_ASN = 0xffff_ffff;
/** Masks that one pattern may become. */
const MOST_MASKS = 32;

/** A POSIX expression for the decimal numbers of a range, both ends included. */
export function numberExpression({ from, to }: NumberRange): string {
  const parts: string[] = [];
  for (let low = from; low <= to; ) {
    const size = blockSize(low, to);
    const lead = Math.floor(low / size);
    const tens = Math.floor(lead / 10);
    const last = Math.min(tens * 10 + 9, Math.floor((to + 1) / size) - 1);
    const digit = lead === last ? String(lead % 10) : `[${lead % 10}-${last % 10}]`;
    parts.push(`${tens === 0 ? '' : tens}${digit}${'[0-9]'.repeat(String(size).length - 1)}`);
    low = (last + 1) * size;
  }
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join('|')})`;
}

/** The widest power of ten of numbers of one length that begin with `low` and end in the range. */
function blockSize(low: number, to: number): number {
  let size = 1;
  for (let wider = 10; wider <= low && low % wider === 0 && low + wider - 1 <= to; wider *= 10) size = wider;
  return size;
}

/** Undefined where the pattern cannot be read. */
export function frrPathExpression(pattern: string): string | undefined {
  const parsed = parseAsPathPattern(pattern);
  // Every number brings the separator in front of it; the last one needs one behind.
  return parsed.ok ? `${posix(parsed.value)}_` : undefined;
}

/** `between`: what stands in front of the first number. */
function posix(pattern: AsPathPattern, between = '_'): string {
  switch (pattern.kind) {
    case 'one-of':
      if (isAny(pattern.ranges)) return `${between}[0-9]+`;
      return `${between}(${pattern.ranges.map(numberExpression).join('|')})`;
    case 'sequence':
      return pattern.items.map((item) => posix(item, between)).join('');
    case 'choice':
      return `(${pattern.items.map((item) => posix(item, between)).join('|')})`;
    case 'repeat':
      return posixRepeat(pattern, between);
    case 'start':
      return '^';
    case 'end':
      return '$';
  }
}

/** Written out: the C library lets `^` of a repeated group hold again in later rounds, inside a number. */
function posixRepeat({ item, least, most }: AsPathPattern & { readonly kind: 'repeat' }, between: string): string {
  const first = posix(item, between);
  const later = posix(item, isNumber(item) ? ' ' : between);
  if (most === 0) return '';
  const more =
    most === undefined
      ? `(${later})*`
      : `(${later}`.repeat(most - Math.max(least, 1)) + ')?'.repeat(most - Math.max(least, 1));
  return least === 0 ? `(${first}${more})?` : `${first}${later.repeat(least - 1)}${more}`;
}

function isNumber(item: AsPathPattern): boolean {
  if (item.kind === 'sequence' || item.kind === 'choice') return item.items.length > 0 && item.items.every(isNumber);
  return item.kind === 'one-of';
}

function isAny(ranges: readonly NumberRange[]): boolean {
  return ranges.some(({ from, to }) => from === 0 && to === LARGEST_ASN);
}

const START = '^';
const END = '$';

/** Masks of which one has to match; undefined where masks cannot say it. */
export function birdPathMasks(pattern: string): readonly string[] | undefined {
  const parsed = parseAsPathPattern(pattern);
  const ways = parsed.ok ? masks(parsed.value) : undefined;
  if (ways === undefined) return undefined;
  const texts: string[] = [];
  for (const way of ways) {
    const [from, to] = [way.lastIndexOf(START), way.indexOf(END)];
    const inner = way.slice(from + 1, to < 0 ? undefined : to);
    const isAnchoredInside = way.slice(0, Math.max(from, 0)).some((item) => item !== START);
    if (isAnchoredInside || (to >= 0 && way.slice(to).some((item) => item !== END))) return undefined;
    texts.push(`[= ${[...(from < 0 ? ['*'] : []), ...inner, ...(to < 0 ? ['*'] : [])].join(' ')} =]`);
  }
  return texts;
}

type Way = readonly string[];

function masks(pattern: AsPathPattern): readonly Way[] | undefined {
  switch (pattern.kind) {
    case 'one-of': {
      if (isAny(pattern.ranges)) return [['?']];
      return [
        [`[${pattern.ranges.map(({ from, to }) => (from === to ? String(from) : `${from}..${to}`)).join(', ')}]`],
      ];
    }
    case 'sequence':
      return pattern.items.reduce<readonly Way[] | undefined>((ways, item) => joined(ways, masks(item)), [[]]);
    case 'choice': {
      const ways = pattern.items.map(masks);
      return ways.includes(undefined) ? undefined : bounded(ways.flatMap((item) => item ?? []));
    }
    case 'repeat':
      return repeated(pattern);
    case 'start':
      return [[START]];
    case 'end':
      return [[END]];
  }
}

function repeated({ item, least, most }: AsPathPattern & { readonly kind: 'repeat' }): readonly Way[] | undefined {
  const once = masks(item);
  let ways: readonly Way[] | undefined = [[]];
  for (let count = 0; count < least; count++) ways = joined(ways, once);
  if (most === undefined) {
    // Only one number can go on without end.
    const [[only, ...more] = [], ...others] = once ?? [];
    if (only === undefined || more.length > 0 || others.length > 0) return undefined;
    if (only === '?') return joined(ways, [['*']]);
    return joined(ways, [[], [`${only} +`]]);
  }
  const all: Way[] = [...(ways ?? [])];
  for (let count = least; count < most; count++) {
    ways = joined(ways, once);
    if (ways === undefined) return undefined;
    all.push(...ways);
  }
  return bounded(all);
}

function joined(first: readonly Way[] | undefined, second: readonly Way[] | undefined): readonly Way[] | undefined {
  if (first === undefined || second === undefined) return undefined;
  return bounded(first.flatMap((a) => second.map((b) => [...a, ...b])));
}

function bounded(ways: readonly Way[]): readonly Way[] | undefined {
  return ways.length > MOST_MASKS ? undefined : ways;
}

/** Values that are written one by one where BIRD takes a range in one place only. */
const MOST_VALUES = 256;

/** Members of a BIRD set; undefined where it would take too many. A range may stand in one place, with `*` behind it. */
export function birdLargeRange({ global, first, second }: LargeCommunityRange): readonly string[] | undefined {
  const size = (range: NumberRange): number => range.to - range.from + 1;
  if (size(global) * size(first) > MOST_VALUES) return undefined;
  const values = (range: NumberRange): readonly number[] =>
    Array.from({ length: size(range) }, (_, n) => range.from + n);
  return values(global).flatMap((a) => values(first).map((b) => `(${a}, ${b}, ${second.from}..${second.to})`));
}
