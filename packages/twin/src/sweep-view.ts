/** What a sweep found, as plain values for the terminal and JSON: names instead of positions, a line behind each cause. */
import type { Place } from '@bothways/diagnostics';
import {
  type Answer,
  claimsToSurvive,
  DISPOSITION_CONDITIONS,
  type Disposition,
  decideLatency,
  detectionTime,
  type FailureSet,
  lastHop,
  missingSets,
  pathQuality,
  publicLink,
  type Question,
  type QuestionResult,
  type RoundTrip,
  type SetResult,
  type SweepShard,
  summaryOf,
  viaText,
  type Way,
} from '@bothways/forwarding';
import { formatAddress } from '@bothways/net';
import type { Link, Origin } from '@bothways/network';
import type { SweepJob, SweepParts } from './sweep.ts';

export interface SweepView {
  readonly verdict: Answer;
  readonly estate: string;
  /** Sets that were swept, of all that there are. */
  readonly swept: number;
  readonly count: number;
  readonly partial: boolean;
  /** First and last number of each run of sets that was not swept. */
  readonly missing: readonly (readonly [number, number])[];
  readonly elements: number;
  readonly most: number;
  readonly questions: readonly QuestionView[];
  /** What breaks most, first. */
  readonly important: readonly ImportantElement[];
  readonly worst: readonly SetView[];
  /** Sets that break nothing and send demands another way: those that move most, the first of `reroutedCount`. */
  readonly rerouted: readonly SetView[];
  readonly reroutedCount: number;
}

export interface QuestionView {
  readonly id: string;
  readonly kind: Question['kind'];
  readonly name: string;
  readonly place: Place | undefined;
  /** Without any failure. */
  readonly before: Answer;
  /** Under what an intent claims to survive, as far as it was swept; undefined where nothing is claimed. */
  readonly claim:
    | { readonly survives: string; readonly answer: Answer; readonly because: string | undefined }
    | undefined;
  /** By number of elements, from 1. */
  readonly sizes: readonly {
    readonly elements: number;
    readonly swept: number;
    readonly broken: number;
    readonly unknown: number;
  }[];
  /** How many minimal sets break it; `minimal` shows the first of them. */
  readonly minimalCount: number;
  readonly minimal: readonly MinimalView[];
}

export interface MinimalView {
  readonly set: string;
  readonly elements: readonly ElementView[];
  /** A round trip that is lost. */
  readonly example: ChangeView | undefined;
  /** Where no single round trip shows it: the link that is used too much, the users who do not get enough. */
  readonly because: string | undefined;
}

interface ElementView {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly place: Place | undefined;
}

export interface PathView {
  /** 'expressroute:NAME', 'internet:NAME' or 'internal'. */
  readonly there: string;
  readonly back: string | undefined;
  readonly devicesThere: readonly string[];
  readonly devicesBack: readonly string[] | undefined;
  /** Request branches times answer branches in use; the devices are those of one. */
  readonly branches: number;
}

/** One changed demand, which stands for all that change in the same way. */
export interface ChangeView {
  readonly demand: string;
  readonly flow: string;
  readonly source: string;
  readonly destination: string;
  readonly outcome: { readonly before: Answer; readonly after: Answer };
  readonly before: PathView;
  readonly after: PathView;
  readonly droppedAt:
    | {
        readonly device: string;
        readonly reason: string;
        /** What brought the packet to a device that has no way for it; absent: nothing in particular. */
        readonly cause?: string;
        readonly place: Place | undefined;
        readonly disposition: Disposition;
        readonly direction: 'request' | 'answer';
        /** Where the packet wanted to go. */
        readonly towards: string;
      }
    | undefined;
  /** Why a way is not what an intent asks for, where that is not the way itself. */
  readonly because?: string;
  readonly alike: {
    readonly demands: number;
    readonly flows: readonly string[];
    readonly sources: readonly string[];
    readonly destinations: readonly string[];
  };
}

export interface SetView {
  readonly set: string;
  readonly elements: readonly ElementView[];
  /** Ids of other sets that do exactly the same. */
  readonly alike: readonly string[];
  /** Concrete demands that are lost, and those that go another way or are lost. */
  readonly lost: number;
  readonly changed: number;
  /** Ids of questions. */
  readonly broken: readonly string[];
  readonly unknown: readonly string[];
  /** Sites and groups of users that nothing works for any more. */
  readonly cutOff: readonly string[];
  /** What is too small now and was not before: for certain where the least load is too much. */
  readonly overloads: readonly {
    readonly name: string;
    readonly certain: boolean;
    readonly leastBitsPerSecond: number;
    readonly mostBitsPerSecond: number;
    readonly capacityBitsPerSecond: number;
  }[];
  /** Pools and connection tables that are too small now and were not before; only where sessions per user are stated. */
  readonly pools: readonly {
    readonly kind: 'pool' | 'table';
    readonly name: string;
    readonly certain: boolean;
    readonly leastSessions: number;
    /** Null: not countable. */
    readonly mostSessions: number | null;
    readonly capacitySessions: number | undefined;
  }[];
  readonly changes: readonly ChangeView[];
  /** Kinds of change, of which `changes` shows the first. */
  readonly changeCount: number;
  /** Until the routers notice. */
  readonly detection: {
    readonly leastMilliseconds: number | undefined;
    readonly mostMilliseconds: number | undefined;
    readonly because: string;
    readonly session: string | undefined;
    readonly facts: readonly string[];
    readonly mostAfterwardsMilliseconds: number | undefined;
  };
}

interface ImportantElement extends ElementView {
  /** Ids of questions it breaks alone. */
  readonly breaks: readonly string[];
  /** Minimal sets of several elements it is part of. */
  readonly partOf: number;
}

/** `limit`: sets shown as the worst, and minimal sets and changes shown for each question and set. */
export function sweepView(job: SweepJob, shard: SweepShard, limit = 5): SweepView {
  const parts = job.parts();
  const { sweep, compiled } = parts;
  const { sets } = sweep;
  const summary = summaryOf(shard, sets, limit * LOOKED_AT);
  const sizeOf = ({ set }: SetResult): number => sets.at(set).elements.length;
  const rerouted = shard.sets.filter(
    ({ broken, unknown, overloads, pools, changed }) =>
      changed > 0 && broken.length + unknown.length + overloads.length + pools.length === 0,
  );
  const mostFirst = rerouted.toSorted((a, b) => sizeOf(a) - sizeOf(b) || b.changed - a.changed || a.set - b.set);
  const examples = examplesOf(parts, summary.questions, limit * LOOKED_AT);
  const questions = summary.questions.map((result) => questionView(parts, result, shard, limit, examples));
  return {
    verdict: verdictOf(questions, summary.partial),
    estate: compiled.estate.organisation.name,
    swept: summary.swept,
    count: summary.count,
    partial: summary.partial,
    missing: missingSets(shard),
    elements: sets.elements.length,
    most: sets.most,
    questions,
    important: summary.elements.slice(0, limit).map(({ element, breaks, partOf }) => ({
      ...elementView(parts, element),
      breaks: breaks.map((ix) => idOf(parts, ix)),
      partOf,
    })),
    worst: setViews(parts, summary.worst, limit),
    rerouted: setViews(parts, mostFirst.slice(0, limit * LOOKED_AT), limit),
    reroutedCount: rerouted.length,
  };
}

/** Sets are looked at for each one shown, because some do the same. */
const LOOKED_AT = 4;

/** The first `limit` sets, those that do the same as one. */
function setViews(parts: SweepParts, results: readonly SetResult[], limit: number): readonly SetView[] {
  const shown = new Map<string, { readonly view: SetView; readonly alike: string[] }>();
  for (const result of results) {
    const view = setView(parts, result, limit);
    const { broken, unknown, lost, changed, overloads, pools, changes } = view;
    const same = JSON.stringify([broken, unknown, lost, changed, overloads, pools, changes]);
    const held = shown.get(same);
    if (held !== undefined) held.alike.push(view.set);
    else if (shown.size < limit) shown.set(same, { view, alike: [] });
  }
  return [...shown.values()].map(({ view, alike }) => ({ ...view, alike }));
}

/** Intents are judged by what they claim; without intents every demand has to survive everything. */
function verdictOf(questions: readonly QuestionView[], partial: boolean): Answer {
  const claims = questions.flatMap(({ claim }) => (claim === undefined ? [] : [claim.answer]));
  const answers =
    claims.length > 0
      ? claims
      : questions
          .filter(({ kind }) => kind === 'demand')
          .map(({ before, sizes }): Answer => {
            if (before === 'broken' || sizes.some(({ broken }) => broken > 0)) return 'broken';
            return before === 'unknown' || partial || sizes.some(({ unknown }) => unknown > 0) ? 'unknown' : 'holds';
          });
  if (answers.includes('broken')) return 'broken';
  return answers.includes('unknown') ? 'unknown' : 'holds';
}

type Examples = ReadonlyMap<string, Pick<MinimalView, 'example' | 'because'>>;

const exampleKey = (question: number, set: number): string => `${question} ${set}`;

/** Set by set, so that each is worked out once for all questions and none has to be kept. */
function examplesOf(parts: SweepParts, results: readonly QuestionResult[], limit: number): Examples {
  const { questions, sets } = parts.sweep;
  const askedOf = new Map<number, number[]>();
  for (const { question, minimal } of results) {
    for (const ix of minimal.slice(0, limit)) {
      const list = askedOf.get(ix);
      if (list === undefined) askedOf.set(ix, [question]);
      else list.push(question);
    }
  }
  const examples = new Map<string, Pick<MinimalView, 'example' | 'because'>>();
  for (const [ix, asked] of [...askedOf].sort(([a], [b]) => a - b)) {
    const set = sets.at(ix);
    for (const at of asked) {
      const question = questions[at];
      if (question === undefined) continue;
      const example = exampleOf(parts, question, set);
      const measured = example === undefined ? parts.sweep.measuredUnder(set, at) : undefined;
      examples.set(exampleKey(at, ix), { example, because: measured?.reason });
    }
  }
  return examples;
}

function questionView(
  parts: SweepParts,
  result: QuestionResult,
  shard: SweepShard,
  limit: number,
  examples: Examples,
): QuestionView {
  const { sweep, document, compiled } = parts;
  const question = sweep.questions[result.question];
  if (question === undefined) throw new RangeError(`question ${result.question}`);
  const written =
    question.intent ??
    compiled.estate.demands.find(({ name }) => question.kind === 'demand' && name === question.name) ??
    compiled.estate.sites.find(({ name }) => question.kind === 'place' && name === question.name);
  return {
    id: question.id,
    kind: question.kind,
    name: question.name,
    place: written === undefined ? undefined : document.placeOf(written.path),
    before: result.before,
    claim: claimOf(parts, question, result, shard),
    sizes: result.of.map((swept, at) => ({
      elements: at + 1,
      swept,
      broken: result.broken[at] ?? 0,
      unknown: result.unknown[at] ?? 0,
    })),
    minimalCount: result.minimal.length,
    minimal: result.minimal.slice(0, limit * LOOKED_AT).map((ix) => {
      const set = sweep.sets.at(ix);
      return {
        set: set.id,
        elements: set.elements.map((element) => elementView(parts, element)),
        ...(examples.get(exampleKey(result.question, ix)) ?? { example: undefined, because: undefined }),
      };
    }),
  };
}

function claimOf(
  parts: SweepParts,
  question: Question,
  result: QuestionResult,
  shard: SweepShard,
): QuestionView['claim'] {
  const { intent } = question;
  if (intent === undefined) return undefined;
  const { sets } = parts.sweep;
  const { survives } = intent;
  const text = typeof survives === 'string' ? survives : `${survives.join(' or ')} failing`;
  if (result.before !== 'holds') {
    return { survives: text, answer: result.before, because: 'it does not hold before anything fails' };
  }
  const inClaim = (ix: number): boolean => claimsToSurvive(intent, sets.elements, sets.at(ix));
  const breaking = result.minimal.filter(inClaim);
  const [first] = breaking;
  if (first !== undefined) {
    const others = breaking.length === 1 ? '' : ` and ${breaking.length - 1} more`;
    return { survives: text, answer: 'broken', because: `${sets.at(first).id}${others}` };
  }
  const open = shard.sets.find(({ set, unknown }) => unknown.includes(result.question) && inClaim(set));
  if (open !== undefined) return { survives: text, answer: 'unknown', because: sets.at(open.set).id };
  const missing = notSwept(parts, intent, missingSets(shard).length > 0);
  return { survives: text, answer: missing === undefined ? 'holds' : 'unknown', because: missing };
}

/** Why the sweep does not cover a claim; undefined: it does. */
function notSwept({ sweep, compiled }: SweepParts, intent: Intent, partial: boolean): string | undefined {
  const { survives } = intent;
  if (survives === 'nothing') return undefined;
  if (partial) return 'the sweep was stopped before the end';
  const { elements, most } = sweep.sets;
  if (Array.isArray(survives)) {
    const absent = survives.filter((name: string) => !elements.some((element) => element.name === name));
    return absent.length === 0 ? undefined : `${absent.join(', ')} was not swept`;
  }
  if (survives === 'any-two-failures' && most < 2) return 'two failures at once were not swept: -k 2';
  const all = compiled.risks?.groups.length ?? 0;
  return elements.length < all ? 'not everything that can fail was swept' : undefined;
}

type Intent = NonNullable<Question['intent']>;

function exampleOf(parts: SweepParts, question: Question, set: FailureSet): ChangeView | undefined {
  const { sweep } = parts;
  for (const demand of question.demands) {
    const after = sweep.tripsUnder(set, demand);
    const before = sweep.tripsBeforeOf(demand);
    if (question.judge(after) !== 'broken' || question.judge(before) === 'broken') continue;
    const view = changeView(parts, question, before, after);
    const shown = after.find(({ id }) => id === view?.demand);
    const limit = question.intent?.latency;
    if (view === undefined || shown === undefined) return view;
    const open = question.intent?.private === true ? publicLinkOf(parts, shown) : undefined;
    if (shown.outcome === 'holds' && open !== undefined) {
      return { ...view, because: `it arrives, but over ${open.owner ?? open.name}, which is not private` };
    }
    if (limit === undefined) return view;
    const { outcome, reason } = decideLatency(limit, pathQuality(parts.compiled, shown));
    return shown.outcome === 'holds' && outcome === 'broken' ? { ...view, because: reason } : view;
  }
  return undefined;
}

function publicLinkOf({ compiled: { network } }: SweepParts, { forward, back }: RoundTrip): Link | undefined {
  return publicLink(network, forward) ?? (back === undefined ? undefined : publicLink(network, back));
}

function setView(parts: SweepParts, result: SetResult, limit: number): SetView {
  const { sweep, loads, compiled } = parts;
  const set = sweep.sets.at(result.set);
  const time = detectionTime(compiled.network, sweep.failuresOf(set));
  const changed = sweep.changesUnder(set);
  const views = alikeTogether(
    changed.flatMap(({ before, after }) => changeView(parts, undefined, before, after) ?? []),
  );
  const rank = ({ outcome }: ChangeView): number =>
    outcome.after === 'broken' ? 0 : outcome.after === 'unknown' ? 1 : 2;
  const broken = result.broken.map((ix) => idOf(parts, ix));
  return {
    set: set.id,
    elements: set.elements.map((element) => elementView(parts, element)),
    alike: [],
    lost: result.lost,
    changed: result.changed,
    broken,
    unknown: result.unknown.map((ix) => idOf(parts, ix)),
    cutOff: result.broken.flatMap((ix) => {
      const question = sweep.questions[ix];
      return question?.kind === 'place' ? [question.name] : [];
    }),
    overloads: result.overloads.map(([key, low, high]) => ({
      name: loads.nameOf(key),
      certain: low > (loads.capacity(key) ?? 0),
      leastBitsPerSecond: low,
      mostBitsPerSecond: high,
      capacityBitsPerSecond: loads.capacity(key) ?? 0,
    })),
    pools: result.pools.flatMap(([at, low, high, certain]) => {
      const kept = sweep.keptStates[at];
      if (kept === undefined) return [];
      const { kind, name, capacity } = kept;
      return [{ kind, name, certain, leastSessions: low, mostSessions: high, capacitySessions: capacity }];
    }),
    changes: views.toSorted((a, b) => rank(a) - rank(b)).slice(0, limit),
    changeCount: views.length,
    detection: {
      leastMilliseconds: time.detect?.least,
      mostMilliseconds: time.detect?.most,
      because: time.because,
      session: time.session,
      facts: time.facts,
      mostAfterwardsMilliseconds: time.afterwards?.most,
    },
  };
}

/** Demands that end in the same way, or go the same way out now, are one line with the first as its example. */
function alikeTogether(views: readonly ChangeView[]): readonly ChangeView[] {
  const groups = new Map<string, ChangeView[]>();
  for (const view of views) {
    const { outcome, before, after, droppedAt, source } = view;
    const end =
      droppedAt === undefined
        ? [after.there, after.back]
        : [droppedAt.device === source ? 'at its start' : droppedAt.device, droppedAt.disposition, droppedAt.direction];
    const key = JSON.stringify([outcome, before.there, before.back, end]);
    const held = groups.get(key);
    if (held === undefined) groups.set(key, [view]);
    else held.push(view);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const distinct = (of: (view: ChangeView) => string): readonly string[] => [...new Set(members.map(of))];
    return [
      {
        ...first,
        alike: {
          demands: members.length,
          flows: distinct(({ flow }) => flow),
          sources: distinct(({ source }) => source),
          destinations: distinct(({ destination }) => destination),
        },
      },
    ];
  });
}

/** The first round trip that says how the demand changed: a lost one before one that goes another way. */
function changeView(
  parts: SweepParts,
  question: Question | undefined,
  before: readonly RoundTrip[],
  after: readonly RoundTrip[],
): ChangeView | undefined {
  const fails = (trip: RoundTrip): boolean =>
    question === undefined ? trip.outcome !== 'holds' : question.judge([trip]) === 'broken';
  const other = (trip: RoundTrip): boolean => !before.some((each) => pathKey(each) === pathKey(trip));
  const shown = after.find((trip) => fails(trip) && other(trip)) ?? after.find(other) ?? after[0];
  const was = before.find((trip) => trip.id === shown?.id) ?? before[0];
  if (shown === undefined || was === undefined) return undefined;
  const { flow, source, target } = shown.demand;
  return {
    demand: shown.id,
    flow: flow.id,
    source: source.name,
    destination: target.name,
    outcome: { before: was.outcome, after: shown.outcome },
    before: pathView(parts, was),
    after: pathView(parts, shown),
    droppedAt: droppedAt(parts, shown),
    alike: { demands: 1, flows: [flow.id], sources: [source.name], destinations: [target.name] },
  };
}

function pathKey({ family, forward, back, branches }: RoundTrip): string {
  const hops = (way: Way | undefined): string => (way?.path.hops ?? []).map(({ device }) => device).join();
  return `${family} ${hops(forward)} ${hops(back)} ${forward.disposition} ${back?.disposition} ${branches}`;
}

function pathView({ compiled }: SweepParts, { forward, back, branches }: RoundTrip): PathView {
  const names = (way: Way): readonly string[] =>
    way.path.hops.map(({ device }) => compiled.network.devices[device]?.name ?? '');
  return {
    there: viaText(forward.via),
    back: back === undefined ? undefined : viaText(back.via),
    devicesThere: names(forward),
    devicesBack: back === undefined ? undefined : names(back),
    branches,
  };
}

function droppedAt(parts: SweepParts, { forward, back }: RoundTrip): ChangeView['droppedAt'] {
  const lost = back ?? forward;
  if (lost.disposition === 'delivered') return undefined;
  const hop = lastHop(lost.path);
  const dropped = hop.steps.find((step) => step.kind === 'dropped');
  const cause = dropped?.origins.find((origin) => origin.kind === 'derived');
  return {
    device: parts.compiled.network.devices[hop.device]?.name ?? '',
    reason: DISPOSITION_CONDITIONS[lost.disposition],
    ...(cause === undefined ? {} : { cause: cause.because }),
    place: placeOf(parts, dropped?.origins ?? []),
    disposition: lost.disposition,
    direction: back === undefined ? 'request' : 'answer',
    towards: formatAddress(hop.packet.destination),
  };
}

function elementView(parts: SweepParts, ix: number): ElementView {
  const element = parts.sweep.sets.elements[ix];
  if (element === undefined) throw new RangeError(`element ${ix}`);
  const { id, kinds, name, origins } = element;
  return { id, kind: kinds[0] ?? '', name, place: placeOf(parts, origins) };
}

function placeOf({ document }: SweepParts, origins: readonly Origin[]): Place | undefined {
  for (const origin of origins) if (origin.kind === 'document') return document.placeOf(origin.path);
  return undefined;
}

function idOf({ sweep }: SweepParts, question: number): string {
  return sweep.questions[question]?.id ?? '';
}

/** The view in the form of the other JSON answers. */
export function sweepJson(view: SweepView, version: string): object {
  return { bothways: version, schema: 'urn:bothways:sweep:1', ...view };
}
