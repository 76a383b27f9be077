/**
 * From requirements to plans: what to buy, where, how large, how resilient.
 *
 * Several plans, none of which is better than another in everything: the cheapest that satisfies the requirements, then
 * plans that pay for shorter ways or for surviving more. Each is proved on the engine before it counts; one that fails is
 * not shown, and the reason is. Where nothing satisfies the requirements, the smallest set of them that clashes is found.
 */
import { type EstateDocument, loadEstate } from '@bothways/estate';
import { type ChoiceOptions, choosePlaces } from './model-choice.ts';
import type { Solve, SolveProgress } from './model-solver.ts';
import {
  type PlanInput,
  type PlanOptions,
  planInput,
  type RequirementKind,
  requirementsOf,
} from './plan-candidates.ts';
import { smallestConflict } from './plan-conflict.ts';
import { type Design, designOf } from './plan-design.ts';
import { type PlanFile, planFiles, survives, UnwritablePlan } from './plan-document.ts';
import { demandsOf, type Verification, verifiedPlan } from './plan-verification.ts';

export type PlanName = 'cheapest' | 'balanced' | 'fastest' | 'safest';

export interface Plan {
  readonly name: PlanName;
  readonly design: Design;
  readonly files: readonly PlanFile[];
  readonly verification: Verification;
  readonly survives: boolean;
  /** Proved distance of the cost from the optimum of its model: 0 is optimal. */
  readonly gap: number;
  /** What the next cheaper way to do it would break, in words. */
  readonly nextCheaper: string | undefined;
  /** Where each circuit is, and what the plan would cost without its location, in the currency of the document a month. */
  readonly alternatives: readonly { readonly candidate: string; readonly extra: number | undefined }[];
}

export interface RefusedPlan {
  readonly name: PlanName;
  readonly because: string;
}

export interface Clash {
  readonly kind: RequirementKind;
  /** In the document; for `placeOf`. */
  readonly path: readonly (string | number)[];
  readonly text: string;
}

export interface Planned {
  readonly plans: readonly Plan[];
  readonly refused: readonly RefusedPlan[];
  /** Requirements that clash; empty unless nothing satisfies them. */
  readonly clash: readonly Clash[];
  /** What keeps a plan from being made at all, in words. */
  readonly problem: string | undefined;
  readonly currency: string;
  readonly missingPrices: readonly string[];
  readonly considered: { readonly sites: number; readonly candidates: number };
}

export interface PlanningOptions {
  readonly solve: Solve;
  /** Seconds for each plan; 30 unless stated. */
  readonly timeLimit?: number;
  readonly clock?: () => number;
  readonly onProgress?: (plan: PlanName, progress: SolveProgress) => void;
  readonly cancelled?: Promise<unknown>;
  /** Lets others run for a moment, so that a cancellation can be heard. */
  readonly pause?: () => Promise<void>;
}

const SECONDS = 30;
/** The solver goes on until nothing is left between cost and bound, or until its time is over. */
const GAP = 0;
/** Money for a millisecond of one user, each month, that makes latency count before everything else. */
const FASTEST_WEIGHT = 100;

/** Plans for the estate in `files`, or why there is none. The document must load without errors. */
export async function planEstate(files: readonly PlanFile[], options: PlanningOptions): Promise<Planned> {
  const { estate, document } = loadEstate(files);
  if (estate === undefined) throw new Error('the document of a plan has errors');
  const demands = demandsOf(files);
  const base: PlanOptions = { demands };
  const input = planInput(estate, base);
  const common = {
    currency: input.currency,
    missingPrices: input.missingPrices,
    considered: { sites: input.sites.length, candidates: input.candidates.length },
  };
  const nothing = (problem: string | undefined, clash: readonly Clash[]): Planned => ({
    plans: [],
    refused: [],
    clash,
    problem,
    ...common,
  });
  const lacking = lackOf(input, demands);
  if (lacking !== undefined) return nothing(lacking, []);

  const solved = (with_: PlanOptions, name: PlanName): Promise<Solved | undefined> => {
    return solvedPlan(planInput(estate, with_), name, options);
  };
  const budget = budgetIn(input);
  const cheapest = await solved(base, 'cheapest');
  if (cheapest === undefined || cheapest.design.monthly > budget) {
    return nothing(undefined, await clashOf(estate, demands, options));
  }

  const wanted = requirementsOf(estate);
  const drafts: { readonly name: PlanName; readonly solved: Solved }[] = [{ name: 'cheapest', solved: cheapest }];
  const fastest = await solved({ ...base, latencyWeight: FASTEST_WEIGHT }, 'fastest');
  if (fastest !== undefined) {
    drafts.push({ name: 'fastest', solved: fastest });
    // Between the two ends: what is best where a millisecond costs as much as on the straight line between them, which is
    // how the efficient choices of two measures are found (Aneja and Nair 1979).
    const gained = cheapest.design.latencySum - fastest.design.latencySum;
    const paid = fastest.design.monthly - cheapest.design.monthly;
    if (gained > 0 && paid > 0) {
      const balanced = await solved({ ...base, latencyWeight: paid / gained }, 'balanced');
      if (balanced !== undefined) drafts.push({ name: 'balanced', solved: balanced });
    }
  }
  if (wanted.survives === 'nothing') {
    const safest = await solved({ ...base, survives: 'any-single-failure' }, 'safest');
    if (safest !== undefined) drafts.push({ name: 'safest', solved: safest });
  }
  const affordable = drafts.filter(({ solved: { design } }) => design.monthly <= budget);
  const kept = affordable.filter(
    ({ solved: { design } }, ix) =>
      !affordable.some(({ solved: other }, at) => at !== ix && dominates(other.design, design, at < ix)),
  );
  const plans: Plan[] = [];
  const refused: RefusedPlan[] = [];
  const single = survives(cheapest.design) ? await solved({ ...base, survives: 'nothing' }, 'cheapest') : undefined;
  for (const { name, solved: each } of kept) {
    const made = madePlan(name, each, document);
    if ('because' in made) {
      refused.push(made);
      continue;
    }
    plans.push({
      ...made,
      nextCheaper: nextCheaper(name, each, cheapest, single, input.currency),
      alternatives: await alternativesTo(each, solved),
    });
  }
  return { plans, refused, clash: [], problem: undefined, ...common };
}

interface Solved {
  readonly input: PlanInput;
  readonly options: PlanOptions;
  readonly design: Design;
  readonly gap: number;
}

async function solvedPlan(
  input: PlanInput,
  name: PlanName,
  { solve, timeLimit = SECONDS, clock, onProgress, cancelled, pause }: PlanningOptions,
): Promise<Solved | undefined> {
  const choice: ChoiceOptions = {
    solve,
    timeLimit,
    relativeGap: GAP,
    ...(clock === undefined ? {} : { clock }),
    ...(onProgress === undefined ? {} : { onProgress: (progress) => onProgress(name, progress) }),
    ...(cancelled === undefined ? {} : { cancelled }),
    ...(pause === undefined ? {} : { pause }),
  };
  const chosen = await choosePlaces(input.problem, choice);
  if (chosen.choice === undefined) return undefined;
  return { input, options: input.options, design: designOf(input, chosen.choice), gap: chosen.gap };
}

function madePlan(
  name: PlanName,
  { input, design, gap }: Solved,
  document: EstateDocument,
): Omit<Plan, 'nextCheaper' | 'alternatives'> | RefusedPlan {
  let files: readonly PlanFile[];
  try {
    files = planFiles(input, design, document, headingOf(name, design, gap, input));
  } catch (thrown) {
    if (!(thrown instanceof UnwritablePlan)) throw thrown;
    return { name, because: thrown.message };
  }
  const both = survives(design);
  const kept = design.sites.filter(({ ways }) => ways.length > 1).map(({ site }) => site.name);
  const verification = verifiedPlan(files, new Set(both ? kept : []));
  const plan = { name, design, files, verification, survives: both, gap };
  return verification.holds ? plan : { name, because: reasonAgainst(verification) };
}

function reasonAgainst({ errors, intents, lost }: Verification): string {
  const [error] = errors;
  if (error !== undefined) return `the check finds an error: ${error.message}`;
  const [intent] = intents;
  if (intent !== undefined) return `intent ${intent.name} does not hold: ${intent.because}`;
  const [first] = lost;
  return first === undefined
    ? 'nothing is wrong with it'
    : `when ${first.element} fails, ${first.sites.join(', ')} would lose traffic`;
}

function headingOf(
  name: PlanName,
  design: Design,
  gap: number,
  { missingPrices, currency }: PlanInput,
): readonly string[] {
  return [
    `Plan ${name}: ${money(design.monthly, currency)} a month as far as prices are known, ${design.circuits.length} ${design.circuits.length === 1 ? 'circuit' : 'circuits'}, at most ${milliseconds(design.worstRoundTrip)} there and back.`,
    gap === 0
      ? 'No cheaper choice of locations, sizes and billing satisfies the requirements at these prices.'
      : `Proved to be within ${percent(gap)} of the cheapest choice at these prices.`,
    ...missingPrices.map((each) => `Not priced, because nobody says what it costs: ${each}.`),
    '',
  ];
}

function money(amount: number, currency: string): string {
  return `${amount.toFixed(2)} ${currency}`;
}

function milliseconds(value: number): string {
  return `${Math.round(value * 10) / 10} ms`;
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(2))} %`;
}

/** What keeps a plan from being made, other than requirements that clash. */
function lackOf({ estate, sites }: PlanInput, demands: ReadonlyMap<string, number>): string | undefined {
  if (estate.organisation.asn === undefined) {
    return 'the organisation has no AS number: add organisation.asn, a circuit needs one';
  }
  const unplaced = estate.sites.filter(({ name, location }) => (demands.get(name) ?? 0) > 0 && location === undefined);
  if (unplaced.length > 0) {
    return `nobody says where ${unplaced.map(({ name }) => name).join(', ')} is: add city or location`;
  }
  return sites.length === 0 ? 'no site has users or a rate, so there is nothing to plan for' : undefined;
}

function budgetIn({ estate, currency }: PlanInput): number {
  const budget = requirementsOf(estate).budget;
  if (budget === undefined) return Number.POSITIVE_INFINITY;
  const rate = (code: string): number =>
    code === 'USD'
      ? 1
      : (estate.prices.exchangeRates.find((each) => each.currency === code)?.perUsDollar ?? Number.NaN);
  const value = budget.currency === currency ? budget.amount : (budget.amount / rate(budget.currency)) * rate(currency);
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

/** Whether one design is at least as good in everything and better in something; equals go to the earlier. */
function dominates(a: Design, b: Design, earlier: boolean): boolean {
  const [safeA, safeB] = [survives(a), survives(b)];
  const [slackMoney, slackWait] = [0.005, 1e-6 * b.latencySum];
  const better = a.monthly < b.monthly - slackMoney || a.latencySum < b.latencySum - slackWait || (safeA && !safeB);
  const noWorse = a.monthly <= b.monthly + slackMoney && a.latencySum <= b.latencySum + slackWait && (safeA || !safeB);
  return noWorse && (better || earlier);
}

function nextCheaper(
  name: PlanName,
  each: Solved,
  cheapest: Solved,
  single: Solved | undefined,
  currency: string,
): string | undefined {
  if (name !== 'cheapest') {
    const saving = each.design.monthly - cheapest.design.monthly;
    const [from, to] = [cheapest.design.meanRoundTrip, each.design.meanRoundTrip];
    const broken = [
      ...(to < from
        ? [`a user waits ${milliseconds(from)} on average for a round trip instead of ${milliseconds(to)}`]
        : []),
      ...(survives(each.design) && !survives(cheapest.design)
        ? ['a single failure of a circuit, location, hub or provider cuts sites off']
        : []),
    ];
    return saving > 0
      ? `plan cheapest costs ${money(saving, currency)} less a month; then ${broken.join(', and ')}`
      : undefined;
  }
  if (single === undefined) return undefined;
  const saving = cheapest.design.monthly - single.design.monthly;
  return saving <= 0
    ? undefined
    : `one circuit for each site would cost ${money(saving, currency)} less a month and break survives: any-single-failure: each circuit, its location, its hub and its provider would be a single point of failure`;
}

/** What the plan costs without each of its locations, which is why they are in it. At most six are tried. */
async function alternativesTo(
  { input, options, design }: Solved,
  solved: (options: PlanOptions, name: PlanName) => Promise<Solved | undefined>,
): Promise<Plan['alternatives']> {
  const found: { candidate: string; extra: number | undefined }[] = [];
  if (input.problem.places.length > 2000) return found;
  for (const { candidate } of design.circuits.slice(0, 6)) {
    const without = new Set([...(options.withoutCandidates ?? []), candidate.id]);
    const other = await solved({ ...options, withoutCandidates: without }, 'cheapest');
    found.push({
      candidate: candidate.id,
      extra: other === undefined ? undefined : other.design.monthly - design.monthly,
    });
  }
  return found;
}

async function clashOf(
  estate: PlanInput['estate'],
  demands: ReadonlyMap<string, number>,
  options: PlanningOptions,
): Promise<readonly Clash[]> {
  const items = clashable(estate);
  const possible = async (subset: readonly Clash[]): Promise<boolean> => {
    const kinds = new Set(subset.map(({ kind }) => kind));
    const without = new Set(items.map(({ kind }) => kind).filter((kind) => !kinds.has(kind)));
    const input = planInput(estate, { demands, without });
    const found = await solvedPlan(input, 'cheapest', options);
    if (found === undefined) return false;
    return !kinds.has('budget') || found.design.monthly <= budgetIn(input);
  };
  return (await smallestConflict(items, possible)) ?? [];
}

function clashable(estate: PlanInput['estate']): readonly Clash[] {
  const wanted = requirementsOf(estate);
  const { path, countries, providers, locations, hubs, latency, budget } = wanted;
  const names = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => name).join(', ');
  const item = (kind: RequirementKind, text: string, present: boolean): readonly Clash[] =>
    present ? [{ kind, path: [...path, kind], text }] : [];
  return [
    ...item('countries', `circuits end only in ${names(countries)}`, countries.length > 0),
    ...item('providers', `only ${names(providers)} may be asked`, providers.length > 0),
    ...item('locations', `only ${names(locations)} may be used`, locations.length > 0),
    ...item('hubs', `circuits land only at ${names(hubs)}`, hubs.length > 0),
    ...item('private', `${names(wanted.private)}: traffic keeps to circuits`, wanted.private.length > 0),
    ...item('latency', `at most ${latency ?? 0} ms there and back`, latency !== undefined),
    ...item('survives', 'any single failure is survived', wanted.survives === 'any-single-failure'),
    ...item('budget', `at most ${budget?.amount ?? 0} ${budget?.currency ?? ''} a month`, budget !== undefined),
  ];
}
