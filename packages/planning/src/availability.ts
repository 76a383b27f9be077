/**
 * How much of the time each intent holds: exact for independent failures of components, among them groups that fail
 * together. Which sets of failures break it is not read off the topology: the engine follows every round trip under the
 * set and says what its answer rests on (`availability-states.ts` does the sums). Nothing is sampled, and a failure that
 * mends what another one broke counts as that.
 *
 * A component counts with the availability that the document gives it, or its kind; a circuit without one with
 * Microsoft's commitment, where its conditions are met (ER-133 to ER-135, ER-239). For everything else no source has a
 * figure: such components are named and taken never to fail, so that the result is an upper bound, and it is said what
 * each of them would cost for every hour a year that it is down. What lies inside a circuit's figure (its ports and
 * Microsoft's edge routers) is not counted again.
 *
 * Left out: planned maintenance (one link at a time, ER-149), repair times, failures with a common cause that the document
 * does not declare, and Microsoft's own services.
 */
import type { Circuit, Estate, Path } from '@bothways/estate';
import { limits } from '@bothways/facts';
import {
  type Answer,
  FailureAnswers,
  type FailureElement,
  failureElements,
  type GroundedAnswer,
  questionsOf,
} from '@bothways/forwarding';
import type { CompiledNetwork } from '@bothways/network';
import type { ControlPlane } from '@bothways/routing';
import {
  type ComponentSet,
  contains,
  minimalSets,
  STATE_LIMITS,
  type StateLimits,
  type StateProbabilities,
  stateProbabilities,
} from './availability-states.ts';

export const MINUTES_OF_A_YEAR = 365 * 24 * 60;

export type AvailabilityBasis =
  | { readonly kind: 'document'; readonly path: Path }
  /** Microsoft's commitment for a circuit, with what it requires. */
  | { readonly kind: 'commitment'; readonly conditions: readonly string[]; readonly facts: readonly string[] }
  /** Inside the figure of this component. */
  | { readonly kind: 'covered'; readonly by: string }
  | { readonly kind: 'unknown'; readonly because: string };

export interface Component {
  /** As failures name it: 'circuit er-fra', 'link mpls-hq'. */
  readonly id: string;
  readonly kind: string;
  /** Probability that it is down; undefined: no figure, counted as never down. */
  readonly down: number | undefined;
  readonly basis: AvailabilityBasis;
}

export interface ComponentImportance {
  readonly id: string;
  /** By how much more probable it is that the intent is broken with the component down than with it up. */
  readonly birnbaum: number;
  /** Part of the time in which the intent is broken that this component is down as well; undefined: no figure. */
  readonly shareOfDowntime: number | undefined;
  /** Minutes a year by which an hour a year of downtime of it would add to the intent's. */
  readonly minutesPerHourDown: number;
}

export interface CutProbability {
  /** Ids of components, all of which are down at once. */
  readonly components: readonly string[];
  readonly minutesPerYear: number;
}

export interface IntentAvailability {
  readonly question: string;
  readonly kind: 'intent' | 'demand' | 'place';
  readonly name: string;
  /** Without failures. */
  readonly now: Answer;
  /** Probability that it is broken; more than this is excluded by `error`. */
  readonly broken: number;
  /** Probability of failures under which the answer is not known: it is broken for at most that much longer. */
  readonly unknown: number;
  /** Probability of failures that were too rare to be looked at: the only error of both. */
  readonly error: number;
  /** Of `broken`, by a year of 365 days. */
  readonly minutesPerYear: number;
  /** Smallest sets that break it, those that make most of the downtime first. */
  readonly cuts: readonly CutProbability[];
  /** Of components with a figure, the most important first. */
  readonly importance: readonly ComponentImportance[];
  /** Of components without a figure that matter, the most important first. */
  readonly withoutFigure: readonly ComponentImportance[];
  /** Failures that help: sets that work although a smaller one is broken, by id. */
  readonly helped: readonly { readonly broken: readonly string[]; readonly works: readonly string[] }[];
  /** Sets of failures that were followed. */
  readonly asked: number;
  /** False: the tables are not proven to have one stable state, and every component was taken to matter. */
  readonly grounded: boolean;
}

export interface Availability {
  readonly components: readonly Component[];
  /** Figures of the document that fit nothing that can fail. */
  readonly unused: readonly string[];
  readonly intents: readonly IntentAvailability[];
}

export interface AvailabilityOptions {
  readonly plane?: ControlPlane;
  readonly limits?: StateLimits;
  /** False: components without a figure are named but not weighed. */
  readonly weighUnknown?: boolean;
}

/** Per intent; an estate without intents is asked whether its demands hold. */
export function availabilityOf(compiled: CompiledNetwork, options: AvailabilityOptions = {}): Availability {
  const elements = failureElements(compiled).filter(({ kinds }) => kinds[0] !== 'maintenance');
  const components = elements.map((element) => componentOf(compiled.estate, element, elements));
  const all = questionsOf(compiled);
  const intents = all.filter(({ kind }) => kind === 'intent');
  const questions = intents.length > 0 ? intents : all.filter(({ kind }) => kind === 'demand');
  const engine = new FailureAnswers(compiled, elements, questions, options.plane);
  return {
    components,
    unused: compiled.estate.availability
      .filter(({ name, kind }) => name !== undefined && !elements.some((element) => isNamed(element, kind, name)))
      .map(({ kind, name }) => `${kind}.${name ?? ''}`),
    intents: questions.map(({ id, kind, name }, question) => ({
      question: id,
      kind,
      name,
      ...answered(components, (failed) => engine.answer(question, failed), options),
    })),
  };
}

function isNamed({ kinds, name }: FailureElement, kind: string, wanted: string): boolean {
  // Members of a pair are 'fw-er 1' and 'fw-er 2'.
  return kinds.some((each) => each === kind) && (name === wanted || name.replace(/ [12]$/, '') === wanted);
}

function componentOf(estate: Estate, element: FailureElement, elements: readonly FailureElement[]): Component {
  const { id, kinds, name } = element;
  const kind = kinds[0] ?? 'device';
  const own = estate.availability.find((each) => each.name !== undefined && isNamed(element, each.kind, each.name));
  const ofKind = estate.availability.find((each) => each.name === undefined && kinds.includes(each.kind));
  const stated = own ?? ofKind;
  if (stated !== undefined) {
    // 99.95 % is 0.0005 down: the decimal that was meant, not the binary fraction beside it.
    const down = Number((1 - stated.fraction).toPrecision(12));
    return { id, kind, down, basis: { kind: 'document', path: stated.path } };
  }
  const unknown = (because: string): Component => ({ id, kind, down: undefined, basis: { kind: 'unknown', because } });
  if (kind === 'circuit') {
    const circuit = estate.circuits.find((each) => each.name === name);
    const problem = circuit === undefined ? 'no such circuit' : commitmentProblem(circuit);
    return problem === undefined ? committed(id, kind) : unknown(problem);
  }
  if (kind === 'port' || kind === 'msee') {
    const whole = elements.find(
      (each) =>
        each.kinds[0] === 'circuit' &&
        (element.links.some((link) => each.links.includes(link)) ||
          element.devices.some((device) => each.devices.includes(device))),
    );
    if (whole !== undefined) return { id, kind, down: undefined, basis: { kind: 'covered', by: whole.id } };
  }
  return unknown('no source has a figure, and the document states none');
}

function committed(id: string, kind: string): Component {
  return {
    id,
    kind,
    down: Number((1 - limits.availability.value / 100).toPrecision(12)),
    basis: {
      kind: 'commitment',
      conditions: [
        'both BGP sessions of the peering are set up and up',
        "only between Microsoft's edge and the provider's edge",
        'only up to the configured bandwidth',
      ],
      facts: ['ER-133', 'ER-134', 'ER-135', 'ER-137', 'ER-239'],
    },
  };
}

/** undefined: the commitment applies. */
function commitmentProblem({ provisioning, microsoftPeering, privatePeering }: Circuit): string | undefined {
  if (provisioning !== 'provisioned') return 'the circuit is not provisioned, so that no commitment applies yet';
  if (microsoftPeering === undefined && privatePeering === undefined) return 'no peering is set up on the circuit';
  if (microsoftPeering?.validation === 'validation-needed') {
    return 'its prefixes are not validated, the sessions are down, and without both there is no commitment (ER-135)';
  }
  return undefined;
}

type Answered = Omit<IntentAvailability, 'question' | 'kind' | 'name'>;
type Ask = (failed: readonly number[]) => GroundedAnswer;

/** Weighing components without a figure needs fewer digits. */
const WEIGHING: StateLimits = { tolerance: 1e-11, asked: 2000 };

function answered(components: readonly Component[], ask: Ask, options: AvailabilityOptions): Answered {
  const { limits: stateLimits = STATE_LIMITS, weighUnknown = true } = options;
  const counted = components.flatMap(({ down }, ix) => (down !== undefined && down > 0 ? [ix] : []));
  const positions = new Map(counted.map((ix, at) => [ix, at]));
  const q = counted.map((ix) => components[ix]?.down ?? 0);
  const idOf = (at: number): string => components[counted[at] ?? -1]?.id ?? '';
  const idsOf = (set: ComponentSet): readonly string[] => set.map(idOf);
  const all = counted.map((_, at) => at);
  let grounded = true;
  // Whatever an answer rested on. What is never among it cannot change anything.
  const matters = new Set<number>();
  const states = (also: readonly number[], within: StateLimits): StateProbabilities<Answer> =>
    stateProbabilities(
      q,
      (failed) => {
        const { answer, restsOn } = ask([...failed.map((at) => counted[at] ?? -1), ...also]);
        if (restsOn === undefined) grounded = false;
        for (const ix of restsOn ?? []) matters.add(ix);
        return { answer, restsOn: restsOn?.flatMap((ix) => positions.get(ix) ?? []) ?? all };
      },
      within,
    );
  const found = states([], stateLimits);
  const allGrounded = grounded;
  const broken = found.byAnswer.get('broken')?.probability ?? 0;
  const birnbaum = found.byAnswer.get('broken')?.birnbaum ?? new Float64Array(q.length);
  return {
    now: ask([]).answer,
    broken,
    unknown: found.byAnswer.get('unknown')?.probability ?? 0,
    error: found.unasked,
    minutesPerYear: broken * MINUTES_OF_A_YEAR,
    cuts: cutsOf(found, q, idsOf),
    importance: byImportance(
      q.flatMap((each, at) => {
        const value = birnbaum[at] ?? 0;
        if (value === 0) return [];
        return [importanceOf(idOf(at), value, shareOf(broken, value, each))];
      }),
    ),
    withoutFigure: weighUnknown
      ? byImportance(
          components.flatMap(({ id, basis }, ix) => {
            if (basis.kind !== 'unknown' || (allGrounded && !matters.has(ix))) return [];
            const failed = states([ix], WEIGHING).byAnswer.get('broken')?.probability ?? 0;
            // What is left of a difference that is nothing but rounding and rare events.
            return Math.abs(failed - broken) < 1e-9 ? [] : [importanceOf(id, failed - broken, undefined)];
          }),
        )
      : [],
    helped: helpedBy(found).map(({ fewer, works }) => ({ broken: idsOf(fewer), works: idsOf(works) })),
    asked: found.sets.length,
    grounded,
  };
}

function importanceOf(id: string, birnbaum: number, shareOfDowntime: number | undefined): ComponentImportance {
  return { id, birnbaum, shareOfDowntime, minutesPerHourDown: birnbaum * 60 };
}

/** Minimal broken sets, each with the probability that at least these components are down. */
function cutsOf(
  { sets }: StateProbabilities<Answer>,
  q: readonly number[],
  idsOf: (set: ComponentSet) => readonly string[],
): readonly CutProbability[] {
  const broken = sets.flatMap(({ failed, answer }) => (answer === 'broken' ? [failed] : []));
  return minimalSets(broken)
    .map((cut) => ({
      components: idsOf(cut),
      minutesPerYear: cut.reduce((product, at) => product * (q[at] ?? 0), 1) * MINUTES_OF_A_YEAR,
    }))
    .sort((a, b) => b.minutesPerYear - a.minutesPerYear || compareText(a.components.join(), b.components.join()));
}

/** Failures on top of others that mend what those broke; the smallest sets. */
function helpedBy({
  changes,
}: StateProbabilities<Answer>): readonly { readonly fewer: ComponentSet; readonly works: ComponentSet }[] {
  const found: { fewer: ComponentSet; works: ComponentSet }[] = [];
  for (const { fewer, was, more, is } of changes) {
    if (was !== 'broken' || is !== 'holds') continue;
    if (!found.some(({ works }) => contains(more, works))) found.push({ fewer, works: more });
  }
  return found;
}

/** Of the time in which it is broken, the part in which a component is down that is down a fraction q of the time. */
function shareOf(broken: number, birnbaum: number, q: number): number {
  return broken === 0 ? 0 : Math.max(0, Math.min(1, (q * (broken + (1 - q) * birnbaum)) / broken));
}

function byImportance(list: readonly ComponentImportance[]): readonly ComponentImportance[] {
  return [...list].sort((a, b) => b.birnbaum - a.birnbaum || compareText(a.id, b.id));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
