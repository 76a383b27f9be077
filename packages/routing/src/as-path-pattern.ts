/**
 * Patterns over AS paths: the regular expressions of vendors' AS-path access lists, read over whole AS numbers instead of
 * characters, so that 6500 never matches inside 65001. A pattern is parsed into a tree and compiled into a deterministic
 * automaton (Thompson's construction, then subsets), so that matching looks at each AS number once, whatever the pattern.
 *
 *   65001        this AS number             .          any one AS number; so is [0-9]+
 *   [1 5-9]      one of these               ( | )      one of these patterns
 *   * + ?        any number, some, perhaps  {2} {2,5}  so many
 *   ^ $          begin and end of the path  _ , space  nothing: they only separate numbers
 *
 * A pattern matches anywhere unless it is anchored, as on routers: `_12076_` is every path through AS 12076, `^$` the
 * empty path. Sizes are bounded, so that no pattern takes long to compile.
 *
 * Left out: sub-expressions over digits (`6500[1-3]` is refused with the set that says it), back references, AS sets and
 * confederation segments.
 */
import type { Asn } from '@bothways/net';
import type { NumberRange } from '@bothways/network';

export type AsPathPattern =
  /** One AS number from these ranges. */
  | { readonly kind: 'one-of'; readonly ranges: readonly NumberRange[] }
  | { readonly kind: 'sequence'; readonly items: readonly AsPathPattern[] }
  | { readonly kind: 'choice'; readonly items: readonly AsPathPattern[] }
  /** `most` undefined: without end. */
  | {
      readonly kind: 'repeat';
      readonly item: AsPathPattern;
      readonly least: number;
      readonly most: number | undefined;
    }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' };

export type ParsedAsPathPattern =
  | { readonly ok: true; readonly value: AsPathPattern }
  | { readonly ok: false; readonly problem: string; readonly at: number };

const LARGEST_ASN = 0xffff_ffff;
const ANY: AsPathPattern = { kind: 'one-of', ranges: [{ from: 0, to: LARGEST_ASN }] };

/** Bounds on what is compiled; a pattern of an operator is far below each. */
const LONGEST_TEXT = 1000;
const MOST_REPEATS = 64;
const DEEPEST = 40;
const MOST_PARTS = 5000;
const MOST_STATES = 2000;

class Refusal extends Error {
  readonly at: number;

  constructor(problem: string, at: number) {
    super(problem);
    this.at = at;
  }
}

/** Reads a pattern; a problem has the position of the character it is about. */
export function parseAsPathPattern(text: string): ParsedAsPathPattern {
  if (text.length > LONGEST_TEXT) {
    return { ok: false, problem: `the pattern has ${text.length} characters, ${LONGEST_TEXT} is the most`, at: 0 };
  }
  try {
    return { ok: true, value: new Reader(text).read() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.message, at: error.at };
    throw error;
  }
}

const SEPARATORS = '_, \t';

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): AsPathPattern {
    const pattern = this.#choice();
    if (this.#at < this.#text.length) throw new Refusal(`'${this.#peek()}' has no beginning`, this.#at);
    return pattern;
  }

  #peek(): string {
    return this.#text[this.#at] ?? '';
  }

  #choice(): AsPathPattern {
    const items = [this.#sequence()];
    while (this.#peek() === '|') {
      this.#at++;
      items.push(this.#sequence());
    }
    const [first] = items;
    return items.length === 1 && first !== undefined ? first : { kind: 'choice', items };
  }

  #sequence(): AsPathPattern {
    const items: AsPathPattern[] = [];
    for (;;) {
      while (this.#peek() !== '' && SEPARATORS.includes(this.#peek())) this.#at++;
      const next = this.#peek();
      if (next === '' || next === '|' || next === ')') break;
      items.push(this.#repeated(this.#one()));
    }
    const [first] = items;
    return items.length === 1 && first !== undefined ? first : { kind: 'sequence', items };
  }

  #one(): AsPathPattern {
    const at = this.#at;
    const next = this.#peek();
    if (/[0-9]/.test(next)) {
      const value = this.#number();
      if (this.#peek() === '[') {
        throw new Refusal('a set stands for whole AS numbers; write [65001-65003] for 6500[1-3]', at);
      }
      return { kind: 'one-of', ranges: [{ from: value, to: value }] };
    }
    this.#at++;
    switch (next) {
      case '.':
        return ANY;
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '[':
        return this.#set(at);
      case '(':
        return this.#group(at);
      case '*':
      case '+':
      case '?':
      case '{':
        throw new Refusal(`'${next}' repeats nothing`, at);
      default:
        throw new Refusal(`'${next}' means nothing in an AS-path pattern`, at);
    }
  }

  #group(at: number): AsPathPattern {
    this.#depth++;
    if (this.#depth > DEEPEST) throw new Refusal(`parentheses are nested more than ${DEEPEST} deep`, at);
    const inner = this.#choice();
    if (this.#peek() !== ')') throw new Refusal("'(' is never closed", at);
    this.#at++;
    this.#depth--;
    return inner;
  }

  #set(at: number): AsPathPattern {
    const idiom = /^\[0-9\][+*]/.exec(this.#text.slice(at));
    if (idiom !== null) {
      // What routers need to say "one AS number" or "perhaps one" where a character is the unit.
      this.#at = at + idiom[0].length;
      return idiom[0].endsWith('+') ? ANY : { kind: 'repeat', item: ANY, least: 0, most: 1 };
    }
    const ranges: NumberRange[] = [];
    for (;;) {
      while (this.#peek() !== '' && SEPARATORS.includes(this.#peek())) this.#at++;
      if (this.#peek() === ']') break;
      if (!/[0-9]/.test(this.#peek())) throw new Refusal("'[' is not followed by AS numbers and ']'", at);
      const from = this.#number();
      let to = from;
      if (this.#peek() === '-') {
        this.#at++;
        to = this.#number();
      }
      if (to < from) throw new Refusal(`the range ${from}-${to} is empty`, at);
      ranges.push({ from, to });
    }
    this.#at++;
    if (ranges.length === 0) throw new Refusal('the set is empty', at);
    if (/[0-9]/.test(this.#peek())) {
      throw new Refusal('a set stands for whole AS numbers and is not continued by digits', at);
    }
    return { kind: 'one-of', ranges };
  }

  #number(): number {
    const at = this.#at;
    const digits = /^[0-9]+/.exec(this.#text.slice(at))?.[0] ?? '';
    this.#at += digits.length;
    const value = Number(digits);
    if (digits === '') throw new Refusal('an AS number is missing', at);
    if (value > LARGEST_ASN) throw new Refusal(`${digits} is more than 32 bits`, at);
    return value;
  }

  #repeated(item: AsPathPattern): AsPathPattern {
    let now = item;
    for (;;) {
      const at = this.#at;
      const sign = this.#peek();
      if (sign !== '*' && sign !== '+' && sign !== '?' && sign !== '{') return now;
      this.#at++;
      if (sign === '*') now = { kind: 'repeat', item: now, least: 0, most: undefined };
      if (sign === '+') now = { kind: 'repeat', item: now, least: 1, most: undefined };
      if (sign === '?') now = { kind: 'repeat', item: now, least: 0, most: 1 };
      if (sign === '{') now = this.#counted(now, at);
    }
  }

  #counted(item: AsPathPattern, at: number): AsPathPattern {
    const written = /^([0-9]+)(,([0-9]*))?\}/.exec(this.#text.slice(this.#at));
    if (written === null) throw new Refusal("'{' is not followed by a number, or two, and '}'", at);
    this.#at += written[0].length;
    const least = Number(written[1]);
    const most = written[2] === undefined ? least : written[3] === '' ? undefined : Number(written[3]);
    if (Math.max(least, most ?? 0) > MOST_REPEATS) throw new Refusal(`${MOST_REPEATS} repeats are the most`, at);
    if (most !== undefined && most < least) throw new Refusal(`{${least},${most}} is empty`, at);
    return { kind: 'repeat', item, least, most };
  }
}

/** Symbols besides the classes of AS numbers, which follow them. */
const START = 0;
const END = 1;
const FIRST_CLASS = 2;

export type AsPathMatcher = (path: readonly Asn[]) => boolean;

/** The compiled pattern, or why it is too large; see the bounds above. */
export function compileAsPathPattern(pattern: AsPathPattern): AsPathMatcher | { readonly problem: string } {
  const starts = classStarts(pattern);
  try {
    const parts = new Parts(starts);
    parts.build(pattern);
    return matcher(determined(parts, starts.length + FIRST_CLASS), starts);
  } catch (error) {
    if (error instanceof Refusal) return { problem: error.message };
    throw error;
  }
}

/** First AS numbers of the ranges between which the pattern can tell a difference, ascending from 0. */
function classStarts(pattern: AsPathPattern): readonly number[] {
  const starts = new Set([0]);
  const visit = (at: AsPathPattern): void => {
    if (at.kind === 'one-of') {
      for (const { from, to } of at.ranges) {
        starts.add(from);
        if (to < LARGEST_ASN) starts.add(to + 1);
      }
    } else if (at.kind === 'repeat') visit(at.item);
    else if (at.kind === 'sequence' || at.kind === 'choice') at.items.forEach(visit);
  };
  visit(pattern);
  return [...starts].sort((a, b) => a - b);
}

/** The nondeterministic automaton: from 0 to 1, by symbols and for free. */
class Parts {
  readonly free: number[][] = [[], []];
  readonly steps: { readonly symbols: ReadonlySet<number>; readonly to: number }[][] = [[], []];
  readonly #starts: readonly number[];

  constructor(starts: readonly number[]) {
    this.#starts = starts;
  }

  build(pattern: AsPathPattern): void {
    this.#between(pattern, 0, 1);
  }

  #add(): number {
    if (this.free.length >= MOST_PARTS) throw new Refusal(`the pattern has more than ${MOST_PARTS} parts`, 0);
    this.steps.push([]);
    return this.free.push([]) - 1;
  }

  #between(pattern: AsPathPattern, from: number, to: number): void {
    switch (pattern.kind) {
      case 'one-of':
        this.steps[from]?.push({ symbols: this.#symbols(pattern.ranges), to });
        return;
      case 'start':
      case 'end':
        this.steps[from]?.push({ symbols: new Set([pattern.kind === 'start' ? START : END]), to });
        return;
      case 'choice':
        for (const item of pattern.items) this.#between(item, from, to);
        return;
      case 'sequence': {
        let at = from;
        for (const item of pattern.items) {
          const next = this.#add();
          this.#between(item, at, next);
          at = next;
        }
        this.free[at]?.push(to);
        return;
      }
      case 'repeat':
        this.#repeat(pattern.item, pattern.least, pattern.most, from, to);
    }
  }

  #repeat(item: AsPathPattern, least: number, most: number | undefined, from: number, to: number): void {
    let at = from;
    const once = (): void => {
      const next = this.#add();
      this.#between(item, at, next);
      at = next;
    };
    for (let n = 0; n < least; n++) once();
    if (most === undefined) {
      // A state of its own, so that nothing outside enters the loop.
      const loop = this.#add();
      const end = this.#add();
      this.free[at]?.push(loop);
      this.#between(item, loop, end);
      this.free[end]?.push(loop);
      at = loop;
    } else {
      for (let n = least; n < most; n++) {
        this.free[at]?.push(to);
        once();
      }
    }
    this.free[at]?.push(to);
  }

  #symbols(ranges: readonly NumberRange[]): ReadonlySet<number> {
    const symbols = new Set<number>();
    for (const [ix, start] of this.#starts.entries()) {
      if (ranges.some(({ from, to }) => from <= start && start <= to)) symbols.add(FIRST_CLASS + ix);
    }
    return symbols;
  }
}

interface Automaton {
  readonly width: number;
  /** Next state by state times width plus symbol. */
  readonly next: readonly number[];
  readonly accepting: readonly boolean[];
}

/** Subset construction; the search for a place to begin and the rest after a match are part of the automaton. */
function determined({ free, steps }: Parts, width: number): Automaton {
  const closed = (items: Iterable<number>): readonly number[] => {
    const all = new Set(items);
    for (const item of all) for (const to of free[item] ?? []) all.add(to);
    // Whatever follows a match is a match.
    return all.has(1) ? [1] : [...all].sort((a, b) => a - b);
  };
  const known = new Map<string, number>();
  const sets: (readonly number[])[] = [];
  const stateOf = (set: readonly number[]): number => {
    const key = set.join();
    let state = known.get(key);
    if (state === undefined) {
      if (sets.length >= MOST_STATES) throw new Refusal(`the pattern needs more than ${MOST_STATES} states`, 0);
      state = sets.push(set) - 1;
      known.set(key, state);
    }
    return state;
  };
  stateOf(closed([0]));
  const next: number[] = [];
  for (let state = 0; state < sets.length; state++) {
    const set = sets[state] ?? [];
    for (let symbol = 0; symbol < width; symbol++) {
      const matched = set.length === 1 && set[0] === 1;
      const to = set.flatMap((item) => (steps[item] ?? []).filter((step) => step.symbols.has(symbol)));
      next.push(matched ? state : stateOf(closed([0, ...to.map((step) => step.to)])));
    }
  }
  return { width, next, accepting: sets.map((set) => set[0] === 1) };
}

function matcher({ width, next, accepting }: Automaton, starts: readonly number[]): AsPathMatcher {
  const symbolOf = (asn: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= asn) low = middle;
      else high = middle - 1;
    }
    return FIRST_CLASS + low;
  };
  const after = (state: number, symbol: number): number => next[state * width + symbol] ?? 0;
  return (path) => {
    let state = after(0, START);
    for (const asn of path) state = after(state, symbolOf(asn));
    return accepting[after(state, END)] === true;
  };
}
