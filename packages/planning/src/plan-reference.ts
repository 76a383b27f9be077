/**
 * The usual design, for comparison: two circuits everywhere. Every site has circuits at its two nearest locations, shared
 * only with sites that have the same ones near; each large enough for all its sites. Then a plan that is at least as good
 * in what is measured: no site waits longer than the longest wait of the usual design, and both are proved under every
 * single failure.
 */
import { loadEstate } from '@bothways/estate';
import { pricedChoice } from './model.ts';
import { choosePlaces } from './model-choice.ts';
import type { PlanningOptions } from './plan.ts';
import { planInput } from './plan-candidates.ts';
import { type Design, designOf } from './plan-design.ts';
import { type PlanFile, planFiles } from './plan-document.ts';
import { demandsOf, type Verification, verifiedPlan } from './plan-verification.ts';

export interface ReferenceComparison {
  readonly reference: { readonly design: Design; readonly verification: Verification };
  readonly plan: { readonly design: Design; readonly verification: Verification; readonly gap: number };
  /** Part of the cost of the usual design that the plan saves. */
  readonly saving: number;
}

/** `undefined` where the usual design does not exist: a site with fewer than two locations. */
export async function comparedWithReference(
  files: readonly PlanFile[],
  { solve, timeLimit = 30, clock }: PlanningOptions,
): Promise<ReferenceComparison | undefined> {
  const { estate, document } = loadEstate(files);
  if (estate === undefined) throw new Error('the document of a plan has errors');
  const demands = demandsOf(files);
  const everything = { demands, survives: 'any-single-failure' } as const;
  const input = planInput(estate, everything);
  const { problem, roundTrips } = input;
  const nearest = Array.from(problem.demands, (_, site) => {
    const pairs = Array.from(
      { length: (problem.starts[site + 1] ?? 0) - (problem.starts[site] ?? 0) },
      (__, ix) => (problem.starts[site] ?? 0) + ix,
    );
    pairs.sort((a, b) => (roundTrips[a] ?? 0) - (roundTrips[b] ?? 0) || a - b);
    return pairs
      .slice(0, 2)
      .map((pair) => problem.places[pair] ?? 0)
      .sort((a, b) => a - b);
  });
  const usual = pricedChoice(problem, nearest);
  if (usual === undefined) return undefined;
  const reference = designOf(input, usual);
  const latency = Math.max(0, ...reference.sites.map(({ longestRoundTrip }) => longestRoundTrip));
  const limited = planInput(estate, { ...everything, latency });
  const chosen = await choosePlaces(limited.problem, {
    solve,
    timeLimit,
    relativeGap: 0,
    ...(clock === undefined ? {} : { clock }),
  });
  if (chosen.choice === undefined) return undefined;
  const design = designOf(limited, chosen.choice);
  const proved = (each: Design): Verification =>
    verifiedPlan(
      planFiles(each === reference ? input : limited, each, document, []),
      new Set(each.sites.filter(({ ways }) => ways.length > 1).map(({ site }) => site.name)),
    );
  return {
    reference: { design: reference, verification: proved(reference) },
    plan: { design, verification: proved(design), gap: chosen.gap },
    saving: reference.monthly === 0 ? 0 : (reference.monthly - design.monthly) / reference.monthly,
  };
}
