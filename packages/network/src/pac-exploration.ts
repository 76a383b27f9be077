/**
 * Every answer that a PAC file can give to one host name. What the script asks of the world (the address of the client,
 * that of the destination, the hour, whether some name resolves) has a list of possible answers, and the script is run
 * with each of them: depth first over the questions in the order in which it asks them.
 *
 * Address sets are cut piecewise: a network that the script compares with divides clients and destinations into those
 * inside and those outside, and two addresses of one class, the lowest and the highest, stand for all. Hours and dates
 * are cut at the ends of the ranges that the script names. Cuts found on the way start the exploration anew.
 *
 * Approximations, each on the side of 'unknown': local time and GMT are independent of each other, so are weekday and
 * date; a script that takes an address apart by itself is seen only if the two addresses of a class get different
 * answers; one that reads the clock itself is tried at every hour of a week and on the first of every month.
 */
import {
  type Address,
  addressOf,
  differenceOf,
  emptySet,
  type Family,
  formatAddress,
  intersectionOf,
  type Prefix,
  type PrefixSet,
  parseAddress,
  prefixAround,
  prefixSet,
  setIntervals,
  setIsEmpty,
} from '@bothways/net';
import {
  type PacEvaluator,
  type PacProblem,
  type PacQuestion,
  type PacReads,
  type PacReply,
  type PacValue,
  pacQuestionKey,
} from './pac.ts';

export interface PacWorld {
  /** Clients that ask. */
  readonly sources: PrefixSet;
  /** Addresses that the host name asked for may resolve to. */
  readonly targets: PrefixSet;
  /** What another name resolves to for these clients; undefined: nobody said. */
  readonly addressesOf: (name: string) => readonly Address[] | undefined;
  /** Milliseconds since 1970, UTC: the only times that count, local time being the same; absent: any time. */
  readonly instants?: readonly number[];
}

export type PacOutcome =
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'problem'; readonly problem: PacProblem };

/** Clients and destinations that are treated alike. */
export interface PacRegion {
  readonly sources: PrefixSet;
  readonly targets: PrefixSet;
  /** Different ones, in the order in which they were found. */
  readonly outcomes: readonly PacOutcome[];
  /** What decides between them where there are several: 'the time of day'. */
  readonly open: readonly string[];
  /** Clients that no class stands for: what they get is what any of the other clients gets. */
  readonly isRest: boolean;
}

/** Runs for one name and one set of cuts. */
const RUN_LIMIT = 10_000;
/** Times that new cuts may start an exploration anew. */
const ROUND_LIMIT = 12;
const CLASS_LIMIT = 1000;

/** What scripts compare with; shared by all names of a flow, so that their regions are the same. */
export class PacCuts {
  readonly networks = new Map<string, Prefix>();
  readonly seconds = new Set<number>();
  readonly days = new Set<number>();
  readonly months = new Set<number>();
  readonly years = new Set<number>();

  get size(): number {
    return this.networks.size + this.seconds.size + this.days.size + this.months.size + this.years.size;
  }

  add(reads: PacReads): void {
    for (const text of reads.networks) {
      const network = this.networks.has(text) ? undefined : networkOf(text);
      if (network !== undefined) this.networks.set(text, network);
    }
    for (const each of reads.seconds) this.seconds.add(modulo(each, 86_400));
    for (const each of reads.days) this.days.add(each);
    for (const each of reads.months) this.months.add(each);
    for (const each of reads.years) this.years.add(each);
  }
}

export interface PacAsked {
  readonly script: string;
  readonly host: string;
  readonly url: string;
}

/** The regions of one name; together they cover every pair of client and destination. Grows `cuts`. */
export function explorePac(
  evaluate: PacEvaluator,
  asked: PacAsked,
  world: PacWorld,
  cuts: PacCuts,
): readonly PacRegion[] {
  for (let round = 0; ; round += 1) {
    const before = cuts.size;
    const regions = new Exploration(evaluate, asked, world, cuts).regions();
    if (cuts.size === before || round === ROUND_LIMIT) return regions;
  }
}

interface Option {
  readonly value: PacValue;
  readonly source?: number;
  readonly target?: number;
  readonly end?: Representative['end'];
  /** Why nobody can say which option it is. */
  readonly open?: string;
}

interface Choice {
  readonly key: string;
  readonly options: readonly Option[];
  at: number;
}

interface Leaf {
  readonly outcome: PacOutcome;
  readonly source: number | undefined;
  readonly target: number | undefined;
  readonly open: readonly string[];
}

class Exploration {
  readonly #evaluate: PacEvaluator;
  readonly #asked: PacAsked;
  readonly #world: PacWorld;
  readonly #cuts: PacCuts;
  readonly #sources: Classes;
  readonly #targets: Classes;
  readonly #openNames: string[] = [];

  constructor(evaluate: PacEvaluator, asked: PacAsked, world: PacWorld, cuts: PacCuts) {
    this.#evaluate = evaluate;
    this.#asked = asked;
    this.#world = world;
    this.#cuts = cuts;
    const networks = [...cuts.networks.values()];
    this.#sources = new Classes(world.sources, networks);
    this.#targets = new Classes(world.targets, networks);
  }

  regions(): readonly PacRegion[] {
    const leaves = this.#leaves();
    const sources = this.#sources.parts(leaves.some((leaf) => leaf.source !== undefined));
    const targets = this.#targets.parts(leaves.some((leaf) => leaf.target !== undefined));
    return sources.flatMap((source) =>
      targets.map((target) => {
        const here = leaves.filter(
          (leaf) =>
            (leaf.source === undefined || source.ix === undefined || leaf.source === source.ix) &&
            (leaf.target === undefined || target.ix === undefined || leaf.target === target.ix),
        );
        const outcomes = new Map(here.map((leaf) => [JSON.stringify(leaf.outcome), leaf.outcome]));
        const open = new Set(here.flatMap((leaf) => leaf.open));
        if (outcomes.size > 1 && open.size === 0) open.add('an address that the script takes apart by itself');
        return {
          sources: source.set,
          targets: target.set,
          outcomes: [...outcomes.values()],
          open: [...open],
          isRest: source.isRest,
        };
      }),
    );
  }

  #leaves(): readonly Leaf[] {
    const leaves: Leaf[] = [];
    const path: Choice[] = [];
    if (this.#sources.tooMany || this.#targets.tooMany) {
      return [this.#givenUp(`it compares addresses with more than ${CLASS_LIMIT} networks`)];
    }
    for (let runs = 0; ; ) {
      const answers: Record<string, PacValue> = {};
      for (const choice of path) answers[choice.key] = choice.options[choice.at]?.value ?? null;
      if (runs === RUN_LIMIT) {
        leaves.push(this.#givenUp(`it can go more than ${RUN_LIMIT} ways for ${this.#asked.host}`));
        return leaves;
      }
      runs += 1;
      const reply = this.#evaluate({ ...this.#asked, answers });
      this.#cuts.add(reply.reads);
      if (reply.kind === 'question') {
        const key = pacQuestionKey(reply.question);
        if (!path.some((choice) => choice.key === key)) {
          path.push({ key, options: sameEnd(this.#options(reply.question, answers), path), at: 0 });
          continue;
        }
      }
      const taken = path.flatMap((choice) => choice.options[choice.at] ?? []);
      leaves.push({
        outcome: outcomeOf(reply),
        source: taken.findLast((option) => option.source !== undefined)?.source,
        target: taken.findLast((option) => option.target !== undefined)?.target,
        open: [...new Set(taken.flatMap((option) => option.open ?? []))],
      });
      // A script that hangs once is not run again.
      if (reply.kind === 'problem' && reply.problem.kind === 'time') return leaves;
      for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
        last.at += 1;
        if (last.at < last.options.length) break;
        path.pop();
      }
      if (path.length === 0) return leaves;
    }
  }

  #givenUp(message: string): Leaf {
    const problem: PacProblem = { kind: 'instructions', message, line: undefined, column: undefined };
    return { outcome: { kind: 'problem', problem }, source: undefined, target: undefined, open: [] };
  }

  #options({ kind, about }: PacQuestion, answers: Readonly<Record<string, PacValue>>): readonly Option[] {
    switch (kind) {
      case 'resolve':
        return about === this.#asked.host
          ? orNothing(fitting(this.#targets.of(4), answers[`resolve-all ${about}`]).map(asTarget))
          : this.#ofName(about, 4);
      case 'resolve-all': {
        if (about !== this.#asked.host) return this.#ofName(about, 'any');
        return orNothing(
          pairs(fitting(this.#targets.of(4), answers[`resolve ${about}`]), this.#targets.of(6)).map(asTarget),
        );
      }
      case 'my-address': {
        const four = fitting(this.#sources.of(4), answers['my-addresses']);
        return orUnknown((four.length > 0 ? four : this.#sources.of(6)).map(asSource));
      }
      case 'my-addresses':
        return orUnknown(pairs(fitting(this.#sources.of(4), answers['my-address']), this.#sources.of(6)).map(asSource));
      case 'in-net': {
        const [address = ''] = about.split(' ');
        const name = this.#openNames[Number(address.slice(address.lastIndexOf('.') + 1))] ?? 'a name';
        return [true, false].map((value) => ({ value, open: `the address of ${name}` }));
      }
      case 'seconds':
      case 'weekday':
      case 'date':
      case 'now':
        return this.#world.instants === undefined
          ? this.#anyTime(kind)
          : this.#givenTimes(kind, this.#world.instants, answers);
      case 'random':
        return [0, 0.25, 0.5, 0.75, 0.999].map((value) => ({ value, open: 'chance' }));
    }
  }

  #anyTime(kind: ClockQuestion): readonly Option[] {
    switch (kind) {
      case 'seconds':
        return [...new Set([0, ...this.#cuts.seconds])]
          .sort(ascending)
          .map((value) => ({ value, open: 'the time of day' }));
      case 'weekday':
        return [0, 1, 2, 3, 4, 5, 6].map((value) => ({ value, open: 'the day of the week' }));
      case 'date':
        return datesAround(this.#cuts).map((value) => ({ value, open: 'the date' }));
      case 'now':
        return INSTANTS.map((value) => ({ value, open: 'the clock, which the script reads by itself' }));
    }
  }

  /** Those of the times that fit what was answered before. */
  #givenTimes(
    kind: ClockQuestion,
    instants: readonly number[],
    answers: Readonly<Record<string, PacValue>>,
  ): readonly Option[] {
    const told = CLOCK_QUESTIONS.flatMap((each) =>
      [each, `${each} GMT`].flatMap((key) => (key in answers ? [{ each, value: answers[key] }] : [])),
    );
    const left = instants.filter((instant) => told.every(({ each, value }) => clockAt(each, instant) === value));
    const values = [...new Set(left.map((instant) => clockAt(kind, instant)))];
    return values.map((value) => (values.length === 1 ? { value } : { value, open: 'the time' }));
  }

  #ofName(name: string, family: 4 | 'any'): readonly Option[] {
    const known = this.#world.addressesOf(name);
    if (known === undefined) {
      const unknown = this.#openAddress(name);
      return [null, unknown].map((value) => ({ value, open: `whether ${name} resolves` }));
    }
    const texts = known.filter((each) => family === 'any' || each.family === family).map(formatAddress);
    if (texts.length === 0) return [{ value: null }];
    if (family === 'any') return [{ value: texts.join(';') }];
    return texts.map((value) => (texts.length === 1 ? { value } : { value, open: `the address of ${name}` }));
  }

  /** An address of 240.0.0.0/4 stands for one that nobody knows. */
  #openAddress(name: string): string {
    const held = this.#openNames.indexOf(name);
    if (held < 0) this.#openNames.push(name);
    return `240.0.0.${Math.min(255, held < 0 ? this.#openNames.length - 1 : held)}`;
  }
}

function outcomeOf(reply: PacReply): PacOutcome {
  if (reply.kind === 'answer') return { kind: 'answer', text: reply.text };
  if (reply.kind === 'problem') return { kind: 'problem', problem: reply.problem };
  // Only a script that spoils the functions around it asks again for what it was given.
  const message = `it does not take an answer to '${pacQuestionKey(reply.question)}'`;
  return { kind: 'problem', problem: { kind: 'exception', message, line: undefined, column: undefined } };
}

const CLOCK_QUESTIONS = ['seconds', 'weekday', 'date', 'now'] as const;
type ClockQuestion = (typeof CLOCK_QUESTIONS)[number];

/** What a clock shows at an instant. Days to dates as in Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
function clockAt(kind: ClockQuestion, instant: number): PacValue {
  const days = Math.floor(instant / 86_400_000);
  if (kind === 'now') return instant;
  if (kind === 'seconds') return Math.floor(modulo(instant, 86_400_000) / 1000);
  // The first of January 1970 was a Thursday.
  if (kind === 'weekday') return modulo(days + 4, 7);
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return `${yearOfEra + era * 400 + (month <= 2 ? 1 : 0)}-${month}-${day}`;
}

interface Part {
  readonly ix: number | undefined;
  readonly set: PrefixSet;
  readonly isRest: boolean;
}

interface Representative {
  readonly ix: number;
  readonly end: 'low' | 'high' | 'only';
  readonly text: string;
}

/** A set of addresses cut by the networks that the script compares with. */
class Classes {
  readonly #set: PrefixSet;
  /** There are more classes than anybody can try: nothing is known. */
  readonly tooMany: boolean;
  readonly #classes: readonly { readonly family: Family; readonly set: PrefixSet }[];

  constructor(set: PrefixSet, networks: readonly Prefix[]) {
    this.#set = set;
    const cuts = ([4, 6] as const).map((family) => cut(onlyFamily(set, family), networks));
    this.tooMany = cuts.includes(undefined);
    this.#classes = ([4, 6] as const).flatMap((family, ix) => (cuts[ix] ?? []).map((each) => ({ family, set: each })));
  }

  /** The lowest and the highest address of each class. */
  of(family: Family): readonly Representative[] {
    return this.#classes.flatMap((each, ix): readonly Representative[] => {
      if (each.family !== family) return [];
      const intervals = setIntervals(each.set, family);
      const first = intervals[0];
      const last = intervals.at(-1)?.last;
      if (first === undefined || last === undefined) return [];
      // The very first address of a subnet is nobody's.
      const low = first.first < first.last ? first.first + 1n : first.first;
      const text = (bits: bigint): string => formatAddress(addressOf(family, bits));
      if (low === last) return [{ ix, end: 'only', text: text(low) }];
      return [
        { ix, end: 'low', text: text(low) },
        { ix, end: 'high', text: text(last) },
      ];
    });
  }

  /** Where no run depended on the address: the whole set. Else each class, and what no class stands for. */
  parts(asked: boolean): readonly Part[] {
    if (!asked) return [{ ix: undefined, set: this.#set, isRest: false }];
    const leading = this.#classes.some((each) => each.family === 4) ? 4 : 6;
    const parts = this.#classes.flatMap((each, ix) =>
      each.family === leading ? [{ ix, set: each.set, isRest: false }] : [],
    );
    const rest = leading === 4 ? onlyFamily(this.#set, 6) : emptySet;
    return setIsEmpty(rest) ? parts : [...parts, { ix: undefined, set: rest, isRest: true }];
  }
}

/** undefined: into too many. */
function cut(set: PrefixSet, networks: readonly Prefix[]): readonly PrefixSet[] | undefined {
  let classes: readonly PrefixSet[] = setIsEmpty(set) ? [] : [set];
  for (const network of networks) {
    if (classes.length >= CLASS_LIMIT) return undefined;
    const inside = prefixSet([network]);
    classes = classes.flatMap((each) => {
      const parts = [intersectionOf(each, inside), differenceOf(each, inside)];
      return parts.some(setIsEmpty) ? [each] : parts;
    });
  }
  return classes;
}

function onlyFamily(set: PrefixSet, family: Family): PrefixSet {
  return family === 4 ? { ipv4: set.ipv4, ipv6: [] } : { ipv4: [], ipv6: set.ipv6 };
}

/** Keeps an answer that was given before in another form. */
function fitting(all: readonly Representative[], before: PacValue | undefined): readonly Representative[] {
  if (typeof before !== 'string') return all;
  const held = before.split(';');
  return all.filter((each) => held.includes(each.text));
}

/** 'IPv4;IPv6' with the class of the IPv4 address; of the one family where there is only one. */
function pairs(four: readonly Representative[], six: readonly Representative[]): readonly Representative[] {
  if (four.length === 0) return six;
  if (six.length === 0) return four;
  return four.flatMap((a) => six.map((b) => ({ ix: a.ix, end: a.end, text: `${a.text};${b.text}` })));
}

function asTarget({ ix, end, text }: Representative): Option {
  return { value: text, target: ix, end };
}

function asSource({ ix, end, text }: Representative): Option {
  return { value: text, source: ix, end };
}

/** The lowest client goes with the lowest destination and the highest with the highest: enough to see either taken apart. */
function sameEnd(options: readonly Option[], path: readonly Choice[]): readonly Option[] {
  const held = path.flatMap(({ options: taken, at }) => taken[at]?.end ?? []).find((end) => end !== 'only');
  return held === undefined
    ? options
    : options.filter(({ end }) => end === undefined || end === 'only' || end === held);
}

function orNothing(options: readonly Option[]): readonly Option[] {
  return options.length === 0 ? [{ value: null }] : options;
}

function orUnknown(options: readonly Option[]): readonly Option[] {
  return options.length === 0 ? [{ value: '240.0.0.255', open: 'the address of the client' }] : options;
}

/** '10.0.0.0 255.0.0.0', '10.0.0.0/8', '10.*' or a single address; undefined: no network at all. */
function networkOf(text: string): Prefix | undefined {
  const masked = /^(\S+) (\S+)$/.exec(text);
  if (masked !== null) {
    const [base, mask] = [parseAddress(masked[1] ?? ''), parseAddress(masked[2] ?? '')];
    if (!base.ok || !mask.ok || mask.value.family !== 4 || base.value.family !== 4) return undefined;
    const ones = mask.value.bits.toString(2).padStart(32, '0');
    return /^1*0*$/.test(ones) ? prefixAround(base.value, ones.replaceAll('0', '').length) : undefined;
  }
  const slash = /^(.+)\/(\d{1,3})$/.exec(text);
  const pattern = /^((?:\d{1,3}\.){1,3})\*$/.exec(text);
  const octets = pattern?.[1]?.split('.').length ?? 0;
  const written =
    slash?.[1] ?? (pattern === null ? text : `${pattern[1] ?? ''}${'0.'.repeat(5 - octets)}`.replace(/\.$/, ''));
  const base = parseAddress(written);
  if (!base.ok) return undefined;
  const whole = base.value.family === 4 ? 32 : 128;
  const length = slash === null ? (pattern === null ? whole : 8 * (octets - 1)) : Number(slash[2]);
  return length > whole ? undefined : prefixAround(base.value, length);
}

/** A Monday, 2026-01-05 00:00 UTC; milliseconds since 1970. */
const MONDAY = 1_767_571_200_000;
const HOUR = 3_600_000;
const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Every hour of a week, and noon on the first of every later month of that year. */
const INSTANTS: readonly number[] = [
  ...Array.from({ length: 168 }, (_, hour) => MONDAY + hour * HOUR),
  ...MONTH_LENGTHS.slice(0, -1).map((_, month) => {
    const days = MONTH_LENGTHS.slice(0, month + 1).reduce((sum, each) => sum + each, 0);
    return MONDAY + (days - 4) * 24 * HOUR + 12 * HOUR;
  }),
];

/** Dates on either side of every bound that the script names. */
function datesAround({ days, months, years }: PacCuts): readonly string[] {
  const near = (values: ReadonlySet<number>): readonly number[] =>
    [...values].flatMap((each) => [each - 1, each, each + 1]);
  const allYears = years.size === 0 ? [2026] : [...new Set(near(years))].sort(ascending);
  const allMonths = months.size === 0 ? [6] : MONTH_LENGTHS.map((_, month) => month + 1);
  const dates: string[] = [];
  for (const year of allYears) {
    for (const month of allMonths) {
      const length = (MONTH_LENGTHS[month - 1] ?? 31) + (month === 2 && year % 4 === 0 ? 1 : 0);
      const named = [1, length, ...near(days)].filter((day) => day >= 1 && day <= length);
      for (const day of [...new Set(named)].sort(ascending)) dates.push(`${year}-${month}-${day}`);
    }
  }
  return dates;
}

function ascending(a: number, b: number): number {
  return a - b;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
