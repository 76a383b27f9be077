/** The way from one estate to another as plain values, with every state on the way judged. */
import type { Finding } from '@bothways/diagnostics';
import { loadEstate } from '@bothways/estate';
import {
  datesOf,
  dayAfter,
  type LeadTimes,
  type Roadmap,
  roadmapCalendar,
  roadmapChart,
  roadmapOf,
  type StateVerdict,
  type StepKind,
  stateVerdicts,
} from '@bothways/planning';
import type { InputFile } from './estate-view.ts';

export interface RoadmapStepView {
  readonly id: string;
  readonly kind: StepKind;
  readonly title: string;
  readonly after: readonly string[];
  readonly days: number | undefined;
  readonly dates: string;
  readonly begins: string;
  /** First day after it. */
  readonly ends: string;
  readonly notBefore: boolean;
  readonly skill: string;
  readonly facts: readonly string[];
  /** Undefined: packets do not notice the step. */
  readonly state: StateVerdict | undefined;
}

export interface RoadmapView {
  readonly from: string;
  readonly to: string;
  readonly start: string;
  readonly end: string;
  readonly steps: readonly RoadmapStepView[];
  /** Lead times that nobody said. */
  readonly missing: readonly string[];
  /** No state loses what worked in the beginning. */
  readonly safe: boolean;
  /** iCalendar text. */
  readonly calendar: string;
  /** SVG text. */
  readonly chart: string;
}

export interface RoadmapQuery {
  /** ISO day. */
  readonly start: string;
  readonly leads: LeadTimes;
  readonly name: string;
}

export interface RoadmapResult {
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  /** Undefined: one of the documents has errors. */
  readonly view: RoadmapView | undefined;
}

export function roadmapBetween(
  from: readonly InputFile[],
  to: readonly InputFile[],
  { start, leads, name }: RoadmapQuery,
): RoadmapResult {
  const before = loadEstate(from);
  const after = loadEstate(to);
  const findings = [...before.findings, ...after.findings].filter(({ severity }) => severity === 'error');
  const sources = new Map([...before.document.printableSources, ...after.document.printableSources]);
  if (before.estate === undefined || after.estate === undefined) return { findings, sources, view: undefined };
  const roadmap = roadmapOf(before.estate, after.estate, leads);
  const verdicts = stateVerdicts(before.estate, after.estate, after.document, roadmap);
  return { findings, sources, view: viewOf(roadmap, verdicts, { start, name }, before.estate.organisation.name) };
}

function viewOf(
  roadmap: Roadmap,
  verdicts: readonly StateVerdict[],
  { start, name }: Pick<RoadmapQuery, 'start' | 'name'>,
  organisation: string,
): RoadmapView {
  const byStep = new Map(verdicts.map((each) => [each.step, each]));
  return {
    from: organisation,
    to: name,
    start,
    end: dayAfter(start, roadmap.days),
    steps: roadmap.steps.map((step) => ({
      id: step.id,
      kind: step.kind,
      title: step.title,
      after: step.after,
      days: step.days,
      dates: datesOf(step, start),
      begins: dayAfter(start, step.begins),
      ends: dayAfter(start, step.ends),
      notBefore: step.notBefore,
      skill: step.skill,
      facts: step.facts,
      state: byStep.get(step.id),
    })),
    missing: roadmap.missing,
    safe: verdicts.every(({ lost }) => lost.length === 0),
    calendar: roadmapCalendar(roadmap, start, name),
    chart: roadmapChart(roadmap, start, name),
  };
}

/** The JSON contract of `roadmap --format json`; keys in a fixed order, new keys only at the end of their object. */
export function roadmapJson(view: RoadmapView, version: string): object {
  const { from, to, start, end, steps, missing, safe } = view;
  return {
    bothways: version,
    schema: 'urn:bothways:roadmap:1',
    from,
    to,
    start,
    end,
    safe,
    missing,
    steps: steps.map(({ days, state, ...step }) => ({ ...step, days: days ?? null, state: state ?? null })),
  };
}
