/**
 * The facts as pages: a search, one fact with its source and everything that cites it, and what has grown old. The day
 * against which age is measured is an input.
 */
import { RULES } from '@bothways/checks';
import { nearestName } from '@bothways/diagnostics';
import {
  asymmetryCause,
  checklistItem,
  contradiction,
  type Fact,
  type Flow,
  fact,
  facts,
  flow as flowOf,
  flows,
  limits,
  prices,
  type Quantity,
  type SourceRef,
  scenario,
  searchFacts,
  sizing,
  source,
  supportedServices,
  timers,
} from '@bothways/facts';
import { type AddressFilesInUse, addressFilesInUse } from './address-files.ts';

export interface FactLine {
  readonly id: string;
  readonly topic: string;
  readonly statement: string;
  readonly source: string;
  readonly date: string;
  readonly confidence: string;
}

export interface SourceView {
  readonly document: string;
  readonly repository: string | undefined;
  readonly date: string;
  readonly commit: string | undefined;
}

export interface Citation {
  readonly kind: 'flow' | 'rule' | 'contradiction' | 'checklist' | 'scenario' | 'fact' | 'figure' | 'service';
  readonly id: string;
  readonly title: string;
}

export interface FactPage extends FactLine {
  readonly value: number | undefined;
  readonly unit: string | undefined;
  readonly from: SourceView;
  readonly alsoIn: readonly SourceView[];
  /** Further texts of the kind: what each side says, evidence, effect and cure, the outcome expected. */
  readonly more: readonly { readonly title: string; readonly text: string }[];
  readonly citedBy: readonly Citation[];
}

export interface FactsOverview {
  readonly facts: number;
  readonly groups: readonly { readonly ids: string; readonly what: string; readonly count: number }[];
  readonly confidence: readonly { readonly confidence: string; readonly count: number }[];
  readonly oldest: string;
  readonly newest: string;
  readonly files: AddressFilesInUse;
}

/** The page of one fact or flow by its id in any spelling; undefined when there is none. */
export function factPage(id: string): FactPage | undefined {
  const wanted = idKey(id);
  const found = fact(id) ?? facts().find((each) => idKey(each.id) === wanted);
  if (found !== undefined) return pageOf(found);
  const flow = flowOf(id) ?? flows().find((each) => idKey(each.id) === wanted);
  return flow === undefined ? undefined : pageOfFlow(flow);
}

/** Whether the text has the form of an id, such as ER-028, X17, PP-C07: then a near id is of more use than a search. */
export function isFactId(text: string): boolean {
  return /^(?:(?:ER|PP-[A-Z]|[AX])-?\d{1,3}|CHK-[A-Z0-9]+-[A-Z]?\d{2})$/i.test(text);
}

export function nearestFactId(text: string): string | undefined {
  return nearestName(
    text.toUpperCase(),
    [...facts(), ...flows()].map(({ id }) => id),
  );
}

export function searchedFacts(query: string): readonly FactLine[] {
  return searchFacts(query).map(lineOf);
}

function lineOf(found: Fact): FactLine {
  const { id, topic, statement, date, confidence } = found;
  return { id, topic, statement, source: found.source.document, date, confidence };
}

function pageOf(found: Fact): FactPage {
  return {
    ...lineOf(found),
    value: found.value,
    unit: found.unit,
    from: sourceView(found.source),
    alsoIn: found.alsoIn.map(sourceView),
    more: moreOf(found.id),
    citedBy: citationsOf(found.id),
  };
}

function pageOfFlow(flow: Flow): FactPage {
  const [first, ...others] = flow.sources.flatMap((id) => source(id) ?? []);
  if (first === undefined) throw new RangeError(`${flow.id} has no source`);
  const names = Object.entries(flow.names).map(([variant, list]) => ({
    title: `names, ${variant}`,
    text: list.join(', '),
  }));
  return {
    id: flow.id,
    topic: `flow, ${flow.group}`,
    statement: `${flow.name}: ExpressRoute ${flow.expressRoute}. ${flow.reason}`,
    source: first.document,
    date: first.date,
    confidence: flow.confidence,
    value: undefined,
    unit: undefined,
    from: sourceView(first),
    alsoIn: others.map(sourceView),
    more: [
      { title: 'opened by', text: `${flow.tcpOpenedBy} (${flow.initiator}), ${flow.protocol}` },
      ...flow.conditions.map((text) => ({ title: 'condition', text })),
      ...names,
      ...flow.conflicts.flatMap((id) => {
        const conflict = contradiction(id);
        return conflict === undefined ? [] : [{ title: `sources disagree, ${id}`, text: conflict.statement }];
      }),
    ],
    citedBy: citationsOf(flow.id),
  };
}

function sourceView({ document, repository, date, commit }: SourceRef): SourceView {
  return { document, repository, date, commit };
}

function moreOf(id: string): FactPage['more'] {
  const disputed = contradiction(id);
  const item = checklistItem(id);
  const cause = asymmetryCause(id);
  const drawn = scenario(id);
  return [
    ...(disputed?.claims ?? []).map((claim) => ({
      title: `${claim.source.document} (${claim.date}) says`,
      text: claim.says,
    })),
    ...(item === undefined ? [] : [{ title: `evidence (${item.proof})`, text: item.evidence }]),
    ...(cause === undefined
      ? []
      : [
          { title: 'effect', text: cause.effect },
          { title: 'cure', text: cause.cure },
        ]),
    ...(drawn === undefined ? [] : [{ title: 'expected', text: drawn.expected }]),
  ];
}

/** Whatever names the id, by a field of its own or in its words; in the order flows, rules, facts, figures, services. */
function citationsOf(id: string): readonly Citation[] {
  const mention = new RegExp(`(?<![\\w-])${id.replaceAll('-', '\\-')}(?!\\d)`);
  const mentions = (...texts: readonly (string | undefined)[]): boolean =>
    texts.some((text) => text !== undefined && mention.test(text));
  return [
    ...flows()
      .filter((flow) => flow.id !== id && (flow.conflicts.includes(id) || mentions(flow.reason, ...flow.conditions)))
      .map((flow): Citation => ({ kind: 'flow', id: flow.id, title: flow.name })),
    ...RULES.filter((rule) => rule.ids.includes(id)).map(
      (rule): Citation => ({ kind: 'rule', id: rule.name, title: rule.title }),
    ),
    ...facts()
      .filter((each) => each.id !== id && (linkedIds(each).includes(id) || mentions(each.statement, ...wordsOf(each))))
      .map((each): Citation => ({ kind: kindOf(each), id: each.id, title: each.statement })),
    ...figures()
      .filter(({ quantity }) => quantity.fact === id)
      .map(
        ({ name, quantity }): Citation => ({ kind: 'figure', id: name, title: `${quantity.value} ${quantity.unit}` }),
      ),
    ...supportedServices()
      .filter((service) => service.facts.includes(id))
      .map((service): Citation => ({ kind: 'service', id: service.service, title: `offered: ${service.offered}` })),
  ];
}

function linkedIds({ id }: Fact): readonly string[] {
  const item = checklistItem(id);
  const drawn = scenario(id);
  return [
    ...(item?.facts ?? []),
    ...(item?.flows ?? []),
    ...(drawn?.facts ?? []),
    ...(drawn?.flows ?? []),
    ...(asymmetryCause(id)?.facts ?? []),
  ];
}

function wordsOf({ id }: Fact): readonly (string | undefined)[] {
  return [
    ...(contradiction(id)?.claims ?? []).map(({ says }) => says),
    checklistItem(id)?.evidence,
    scenario(id)?.expected,
    asymmetryCause(id)?.cure,
  ];
}

function kindOf({ id }: Fact): Citation['kind'] {
  if (contradiction(id) !== undefined) return 'contradiction';
  if (checklistItem(id) !== undefined) return 'checklist';
  return scenario(id) === undefined ? 'fact' : 'scenario';
}

function figures(): readonly { readonly name: string; readonly quantity: Quantity }[] {
  return [limits, timers, sizing].flatMap((table) =>
    Object.entries<Quantity>(table).map(([name, quantity]) => ({ name, quantity })),
  );
}

const groups: readonly (readonly [prefix: RegExp, ids: string, what: string])[] = [
  [/^ER-/, 'ER-', 'ExpressRoute: rules, limits, prices'],
  [/^A\d/, 'A', 'causes of asymmetric paths, with effect and cure'],
  [/^X\d/, 'X', 'places where the sources contradict each other'],
  [/^PP-C/, 'PP-C', 'checklist of Power Platform over ExpressRoute'],
  [/^CHK-/, 'CHK-', 'what the lists of reviewers ask'],
  [/^PP-[ST]/, 'PP-S, PP-T', 'situations with the outcome expected'],
  [/^PP-/, 'PP-', 'Power Platform: basics, design rules, sizing, open points'],
];

export function factsOverview(): FactsOverview {
  const all = facts();
  const counts = new Map<string, number>();
  const confidence = new Map<string, number>();
  for (const { id, confidence: word } of all) {
    const ids = groups.find(([prefix]) => prefix.test(id))?.[1] ?? id;
    counts.set(ids, (counts.get(ids) ?? 0) + 1);
    confidence.set(word, (confidence.get(word) ?? 0) + 1);
  }
  const dates = all
    .map(({ date }) => date)
    .filter((date) => /^\d/.test(date))
    .sort();
  return {
    facts: all.length,
    groups: [
      ...groups.map(([, ids, what]) => ({ ids, what, count: counts.get(ids) ?? 0 })),
      { ids: 'PP-F', what: 'flows, as in bothways reach PP-F01', count: flows().length },
    ],
    confidence: [...confidence].map(([word, count]) => ({ confidence: word, count })),
    oldest: dates[0] ?? '',
    newest: dates.at(-1) ?? '',
    files: addressFilesInUse(),
  };
}

// ---- Age

export interface StaleFacts {
  /** ISO day against which age was measured. */
  readonly asOf: string;
  /** ISO day: what is older is listed. */
  readonly before: string;
  /** Oldest first. */
  readonly facts: readonly FactLine[];
  /** Facts whose document shows no date: their age is unknown. */
  readonly undated: readonly FactLine[];
  readonly files: readonly { readonly name: string; readonly what: string; readonly date: string }[];
  /** List prices, dated as one table. */
  readonly prices: { readonly date: string; readonly stale: boolean };
  readonly checked: number;
}

const ageUnits = ['days', 'months', 'years'] as const;

export interface Age {
  readonly count: number;
  readonly unit: (typeof ageUnits)[number];
}

/** '24 months', '90 days', '2 years', with or without the blank. */
export function parseAge(text: string): Age | undefined {
  const match = /^\s*(\d{1,4})\s*(day|month|year)s?\s*$/i.exec(text);
  if (match === null) return undefined;
  const unit = ageUnits.find((word) => word.startsWith(match[2]?.toLowerCase() ?? '?'));
  return unit === undefined ? undefined : { count: Number(match[1]), unit };
}

/** '2025-02-30' is none. */
export function isIsoDay(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth(year, month);
}

/**
 * Facts and files that are certainly older than the age: a date given as a month or a year counts from its last day.
 * Throws RangeError when `asOf` is no ISO day.
 */
export function staleFacts(asOf: string, age: Age): StaleFacts {
  if (!isIsoDay(asOf)) throw new RangeError(`'${asOf}' is no ISO day`);
  const before = dayBefore(asOf, age);
  const isOld = (date: string): boolean => /^\d{4}/.test(date) && latestDay(date) < before;
  const { tags, endpoints } = addressFilesInUse();
  const all = facts();
  return {
    asOf,
    before,
    facts: all
      .filter(({ date }) => isOld(date))
      .map(lineOf)
      .sort((a, b) => compareText(latestDay(a.date), latestDay(b.date)) || compareText(a.id, b.id)),
    undated: all.filter(({ date }) => !/^\d{4}/.test(date)).map(lineOf),
    files: [
      ...tags.map(({ cloud, changeNumber, date, fileName }) => ({
        name: fileName,
        what: `service tags ${cloud}, change ${changeNumber}`,
        date,
      })),
      ...endpoints.map(({ instance, date, fileName }) => ({ name: fileName, what: `Microsoft 365 ${instance}`, date })),
    ].filter(({ date }) => isOld(date)),
    prices: { date: prices.date, stale: isOld(prices.date) },
    checked: all.length,
  };
}

function daysOfMonth(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 31;
}

/** The last day that a date can mean: '2024-05' is 2024-05-31. */
function latestDay(date: string): string {
  const [year = '', month, day] = date.split('-');
  if (month === undefined) return `${year}-12-31`;
  return day === undefined ? `${year}-${month}-${daysOfMonth(Number(year), Number(month))}` : date;
}

/** The same day of an earlier month, or that month's last day; days are counted on the Gregorian calendar. */
function dayBefore(asOf: string, { count, unit }: Age): string {
  let [year = 1, month = 1, day = 1] = asOf.split('-').map(Number);
  if (unit === 'days') {
    for (let left = count; left > 0; left -= 1) {
      day -= 1;
      if (day === 0) {
        month = month === 1 ? 12 : month - 1;
        if (month === 12) year -= 1;
        day = daysOfMonth(year, month);
      }
    }
  } else {
    const months = year * 12 + (month - 1) - count * (unit === 'years' ? 12 : 1);
    year = Math.max(0, Math.floor(months / 12));
    month = (((months % 12) + 12) % 12) + 1;
    day = Math.min(day, daysOfMonth(year, month));
  }
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** 'er28', 'ER-028' and 'ER 028' are one id. */
function idKey(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replaceAll(/([a-z])0+(?=\d)/g, '$1');
}
