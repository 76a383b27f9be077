/** How much of the time each intent holds, as plain values: minutes a year, percentages, ids of what fails. */
import type { EstateView } from '@bothways/checks';
import type { Finding } from '@bothways/diagnostics';
import {
  type Availability,
  availabilityOf,
  type Component,
  type IntentAvailability,
  MINUTES_OF_A_YEAR,
} from '@bothways/planning';
import { type InputFile, type OpenOptions, openEstate } from './estate-view.ts';
import { withNulls } from './quality-view.ts';

export interface AvailabilityView {
  readonly estate: string;
  readonly intents: readonly IntentAvailabilityView[];
  readonly components: readonly ComponentView[];
  readonly unused: readonly string[];
}

export interface ComponentView {
  readonly id: string;
  readonly kind: string;
  /** Percentage of the time; undefined: no figure, counted as always up. */
  readonly upPercent: number | undefined;
  readonly basis: Component['basis']['kind'];
  readonly because: string;
  readonly facts: readonly string[];
}

export interface IntentAvailabilityView {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly now: string;
  readonly availablePercent: number;
  readonly downMinutesPerYear: number;
  /** On top at most, where the answer is not known under some failures. */
  readonly unknownMinutesPerYear: number;
  /** On top at most, of failures too rare to be followed. */
  readonly errorMinutesPerYear: number;
  readonly cuts: readonly { readonly components: readonly string[]; readonly minutesPerYear: number }[];
  readonly importance: readonly ImportanceView[];
  readonly withoutFigure: readonly ImportanceView[];
  readonly helped: readonly { readonly broken: readonly string[]; readonly works: readonly string[] }[];
  readonly asked: number;
  readonly grounded: boolean;
}

export interface ImportanceView {
  readonly id: string;
  /** Birnbaum: by how much more probable it is broken with this down than with this up. */
  readonly birnbaum: number;
  readonly downtimeSharePercent: number | undefined;
  /** Minutes a year on top for every further hour a year that this is down. */
  readonly minutesPerHourDown: number;
}

export interface AvailabilityAnswer {
  readonly findings: readonly Finding[];
  readonly sources: ReadonlyMap<string, string>;
  /** Undefined: the document has errors, and nothing was computed. */
  readonly availability: AvailabilityView | undefined;
}

export function availabilityInEstate(files: readonly InputFile[], options: OpenOptions = {}): AvailabilityAnswer {
  const { document, findings, view } = openEstate(files, options);
  const availability = view === undefined ? undefined : availabilityView(view);
  return { findings, sources: document.printableSources, availability };
}

function availabilityView(view: EstateView, weighUnknown = true): AvailabilityView {
  const answer: Availability = availabilityOf(view.compiled, { plane: view.plane, weighUnknown });
  return {
    estate: view.estate.organisation.name,
    intents: answer.intents.map(intentView),
    components: answer.components.map((component) => componentView(view, component)),
    unused: answer.unused,
  };
}

function intentView(intent: IntentAvailability): IntentAvailabilityView {
  const importance = (each: IntentAvailability['importance'][number]): ImportanceView => ({
    id: each.id,
    birnbaum: each.birnbaum,
    downtimeSharePercent: each.shareOfDowntime === undefined ? undefined : each.shareOfDowntime * 100,
    minutesPerHourDown: each.minutesPerHourDown,
  });
  return {
    id: intent.question,
    kind: intent.kind,
    name: intent.name,
    now: intent.now,
    availablePercent: (1 - intent.broken) * 100,
    downMinutesPerYear: intent.minutesPerYear,
    unknownMinutesPerYear: intent.unknown * MINUTES_OF_A_YEAR,
    errorMinutesPerYear: intent.error * MINUTES_OF_A_YEAR,
    cuts: intent.cuts,
    importance: intent.importance.map(importance),
    withoutFigure: intent.withoutFigure.map(importance),
    helped: intent.helped,
    asked: intent.asked,
    grounded: intent.grounded,
  };
}

function componentView(view: EstateView, { id, kind, down, basis }: Component): ComponentView {
  const common = { id, kind, upPercent: down === undefined ? undefined : Number((100 - down * 100).toPrecision(12)) };
  switch (basis.kind) {
    case 'document': {
      const { file, line } = view.document.placeOf(basis.path);
      return { ...common, basis: basis.kind, because: `${file}:${line}`, facts: [] };
    }
    case 'commitment':
      return { ...common, basis: basis.kind, because: basis.conditions.join('; '), facts: basis.facts };
    case 'covered':
      return { ...common, basis: basis.kind, because: `inside the figure of ${basis.by}`, facts: [] };
    case 'unknown':
      return { ...common, basis: basis.kind, because: basis.because, facts: [] };
  }
}

export function availabilityJson(view: AvailabilityView): object {
  return withNulls(view);
}
