/**
 * Two estates side by side: verdicts, bill, capacity, latency, availability. Every row is one measure with both values and
 * which of the two is better, where that can be said; an interval is better than another only where they do not overlap.
 */
import type { EstateView } from '@bothways/checks';
import type { Finding } from '@bothways/diagnostics';
import {
  type Availability,
  availabilityOf,
  type Capacity,
  type Cost,
  capacityOf,
  type Latencies,
  latencyOf,
  MINUTES_OF_A_YEAR,
  minorText,
} from '@bothways/planning';
import { checkEstate } from './check.ts';
import { type InputFile, openEstate } from './estate-view.ts';
import { billOfView, type PriceQuery } from './price-view.ts';

export interface ComparedRow {
  readonly group: 'verdict' | 'price' | 'capacity' | 'latency' | 'availability';
  readonly measure: string;
  readonly a: string;
  readonly b: string;
  readonly better: 'a' | 'b' | 'same' | undefined;
}

export interface ComparedView {
  readonly a: string;
  readonly b: string;
  readonly rows: readonly ComparedRow[];
  /** What makes rows hard to compare: another currency, intents that only one of them has. */
  readonly remarks: readonly string[];
}

export interface Compared {
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  /** Undefined: one of the documents has errors, and nothing was compared. */
  readonly compared: ComparedView | undefined;
}

interface Measured {
  readonly name: string;
  readonly view: EstateView;
  readonly bill: ReturnType<typeof billOfView>['bill'];
  readonly capacity: Capacity;
  readonly latency: Latencies;
  readonly availability: Availability;
  readonly errors: number;
  readonly warnings: number;
  readonly verdict: string;
}

export function compareEstates(
  a: readonly InputFile[],
  b: readonly InputFile[],
  names: { readonly a: string; readonly b: string },
  query: PriceQuery & { readonly growthPercent?: number } = {},
): Compared {
  const opened = [openEstate(a, query), openEstate(b, query)] as const;
  const findings = opened.flatMap((each) => (each.view === undefined ? each.findings : []));
  const sources = new Map(opened.flatMap(({ document }) => [...document.printableSources]));
  const [first, second] = opened.map(({ view }) => view);
  if (first === undefined || second === undefined) return { findings, sources, compared: undefined };
  const one = measured(names.a, first, a, query);
  const other = measured(names.b, second, b, query);
  return {
    findings,
    sources,
    compared: {
      a: names.a,
      b: names.b,
      rows: [
        ...verdictRows(one, other),
        ...priceRows(one, other),
        ...capacityRows(one, other),
        ...latencyRows(one, other),
        ...availabilityRows(one, other),
      ],
      remarks: remarksOn(one, other),
    },
  };
}

function measured(
  name: string,
  view: EstateView,
  files: readonly InputFile[],
  query: PriceQuery & { readonly growthPercent?: number },
): Measured {
  const { growthPercent } = query;
  const { report } = checkEstate(files, query.asOf === undefined ? query : { ...query, today: query.asOf });
  if (report === undefined) throw new Error(`${name} was opened and cannot be checked`);
  const { summary, verdict } = report;
  return {
    name,
    view,
    bill: billOfView(view, query).bill,
    capacity: capacityOf(view.compiled, view.data, {
      plane: view.plane,
      ...(growthPercent === undefined ? {} : { growthPercent }),
    }),
    latency: latencyOf(view.compiled, view.data),
    availability: availabilityOf(view.compiled, { plane: view.plane, weighUnknown: false }),
    errors: summary.errors,
    warnings: summary.warnings,
    verdict,
  };
}

type Better = ComparedRow['better'];

/** Smaller is better. */
function smaller(a: number, b: number): Better {
  return a === b ? 'same' : a < b ? 'a' : 'b';
}

function smallerCost(a: Cost, b: Cost): Better {
  if (a.low === b.low && a.high === b.high && a.high === a.low) return 'same';
  if (a.high !== undefined && a.high < b.low) return 'a';
  return b.high !== undefined && b.high < a.low ? 'b' : undefined;
}

function verdictRows(a: Measured, b: Measured): readonly ComparedRow[] {
  const rank: Readonly<Record<string, number>> = { holds: 0, unknown: 1, broken: 2 };
  return [
    {
      group: 'verdict',
      measure: 'round trips',
      a: a.verdict,
      b: b.verdict,
      better: smaller(rank[a.verdict] ?? 3, rank[b.verdict] ?? 3),
    },
    {
      group: 'verdict',
      measure: 'errors',
      a: String(a.errors),
      b: String(b.errors),
      better: smaller(a.errors, b.errors),
    },
    {
      group: 'verdict',
      measure: 'warnings',
      a: String(a.warnings),
      b: String(b.warnings),
      better: smaller(a.warnings, b.warnings),
    },
  ];
}

function priceRows(a: Measured, b: Measured): readonly ComparedRow[] {
  const sameMoney = a.bill.currency === b.bill.currency;
  const row = (measure: string, of: (bill: Measured['bill']) => Cost): ComparedRow => {
    const [mine, theirs] = [of(a.bill), of(b.bill)];
    return {
      group: 'price',
      measure,
      a: costWords(mine, a.bill.currency),
      b: costWords(theirs, b.bill.currency),
      better: sameMoney ? smallerCost(mine, theirs) : undefined,
    };
  };
  const open = (bill: Measured['bill']): number => bill.lines.filter(({ status }) => status === 'missing').length;
  return [
    row('per month', ({ monthly }) => monthly),
    row('once', ({ once }) => once),
    row(`over ${a.bill.termMonths} months`, ({ term }) => term),
    {
      group: 'price',
      measure: 'prices that are missing',
      a: String(open(a.bill)),
      b: String(open(b.bill)),
      better: undefined,
    },
  ];
}

function costWords({ low, high }: Cost, currency: string): string {
  if (high === undefined) return low === 0 ? 'not known' : `at least ${minorText(low, currency)}`;
  return low === high ? minorText(low, currency) : `${minorText(low, currency)} to ${minorText(high, currency)}`;
}

function capacityRows(a: Measured, b: Measured): readonly ComparedRow[] {
  const least = ({ capacity }: Measured, of: 'headroomPercent' | 'worstHeadroomPercent'): number | undefined => {
    const shares = capacity.lines.map((line) => line[of]);
    return shares.length === 0 ? undefined : Math.min(...shares);
  };
  const row = (measure: string, of: 'headroomPercent' | 'worstHeadroomPercent'): ComparedRow => {
    const [mine, theirs] = [least(a, of), least(b, of)];
    const words = (value: number | undefined): string =>
      value === undefined ? 'no stated bandwidth' : `${value} % free`;
    return {
      group: 'capacity',
      measure,
      a: words(mine),
      b: words(theirs),
      better: mine === undefined || theirs === undefined ? undefined : smaller(-mine, -theirs),
    };
  };
  return [
    row('fullest line in the busy hour', 'headroomPercent'),
    row('fullest line under the worst single failure', 'worstHeadroomPercent'),
  ];
}

function latencyRows(a: Measured, b: Measured): readonly ComparedRow[] {
  const slowest = ({ latency }: Measured): ReadonlyMap<string, number | undefined> => {
    const bySite = new Map<string, number | undefined>();
    for (const { site, candidates } of latency.sites) {
      for (const { inUse, milliseconds } of candidates) {
        if (!inUse) continue;
        const held = bySite.has(site) ? bySite.get(site) : 0;
        bySite.set(site, held === undefined || milliseconds === undefined ? undefined : Math.max(held, milliseconds));
      }
    }
    return bySite;
  };
  const [mine, theirs] = [slowest(a), slowest(b)];
  const words = (value: number | undefined, has: boolean): string =>
    has ? (value === undefined ? 'not known' : `${value} ms`) : 'no way';
  return [...new Set([...mine.keys(), ...theirs.keys()])].map((site) => {
    const [one, other] = [mine.get(site), theirs.get(site)];
    return {
      group: 'latency',
      measure: `${site}, slowest round trip`,
      a: words(one, mine.has(site)),
      b: words(other, theirs.has(site)),
      better: one === undefined || other === undefined ? undefined : smaller(one, other),
    };
  });
}

function availabilityRows(a: Measured, b: Measured): readonly ComparedRow[] {
  const byId = ({ availability }: Measured) => new Map(availability.intents.map((each) => [each.question, each]));
  const [mine, theirs] = [byId(a), byId(b)];
  const words = (intent: Availability['intents'][number] | undefined): string => {
    if (intent === undefined) return 'not asked for';
    if (intent.now !== 'holds') return `${intent.now} without any failure`;
    const unknown = intent.unknown * MINUTES_OF_A_YEAR;
    const more = unknown === 0 ? '' : `, up to ${minutesText(unknown)} more not known`;
    return `${minutesText(intent.minutesPerYear)} down a year${more}`;
  };
  return [...new Set([...mine.keys(), ...theirs.keys()])].map((id) => {
    const [one, other] = [mine.get(id), theirs.get(id)];
    return {
      group: 'availability',
      measure: id,
      a: words(one),
      b: words(other),
      better: one === undefined || other === undefined ? undefined : lessDown(one, other),
    };
  });
}

/** By the time in which it is broken, as far as what is not known cannot turn it round. */
function lessDown(a: Availability['intents'][number], b: Availability['intents'][number]): Better {
  const [mostA, mostB] = [a.broken + a.unknown + a.error, b.broken + b.unknown + b.error];
  if (mostA === a.broken && mostB === b.broken && mostA === mostB) return 'same';
  if (mostA < b.broken) return 'a';
  return mostB < a.broken ? 'b' : undefined;
}

/** '12 s', '3.4 min', '5.2 h'. */
export function minutesText(minutes: number): string {
  if (minutes === 0) return '0 min';
  if (minutes < 1) return `${Number((minutes * 60).toPrecision(2))} s`;
  return minutes < 120 ? `${Number(minutes.toPrecision(3))} min` : `${Number((minutes / 60).toPrecision(3))} h`;
}

function remarksOn(a: Measured, b: Measured): readonly string[] {
  const remarks: string[] = [];
  if (a.bill.currency !== b.bill.currency) {
    remarks.push(`prices are in ${a.bill.currency} and ${b.bill.currency}: write the same prices.currency in both`);
  }
  const counted = ({ availability }: Measured): string =>
    availability.components.flatMap(({ id, down }) => (down === undefined ? [] : [`${id} ${down}`])).join(', ');
  if (counted(a) !== counted(b)) {
    remarks.push(
      'availability counts components with a figure only, and the two estates have figures for different ones',
    );
  }
  return remarks;
}

/** A table for a pull request or a page. */
export function comparedMarkdown({ a, b, rows, remarks }: ComparedView): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const mark = (text: string, better: boolean): string => (better ? `**${cell(text)}**` : cell(text));
  return [
    `| | | ${cell(a)} | ${cell(b)} |`,
    '|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.group} | ${cell(row.measure)} | ${mark(row.a, row.better === 'a')} | ${mark(row.b, row.better === 'b')} |`,
    ),
    ...(remarks.length === 0 ? [] : ['', ...remarks.map((each) => `- ${each}`)]),
    '',
  ].join('\n');
}
