import { readFileSync } from 'node:fs';
import { loadEstate } from '@bothways/estate';
import { comparedWithReference, type Planned, planEstate, requirementDocument, verifiedPlan } from '@bothways/planning';
import { afterAll, describe, expect, it } from 'vitest';
import { highsSolver } from './solver.ts';

const solver = highsSolver();
afterAll(() => solver.close());

const path = new URL('../../../examples/requirements/REQUIREMENTS.yaml', import.meta.url);
const example = readFileSync(path, 'utf8');
const name = 'requirements.yaml';

const known = new Map<string, Promise<Planned>>();

/** Each document is planned once. */
function planned(text: string): Promise<Planned> {
  const made = known.get(text) ?? planEstate([{ name, text }], { solve: solver.solve });
  known.set(text, made);
  return made;
}

function changed(from: string, to: string): string {
  expect(example).toContain(from);
  return example.replace(from, to);
}

describe('plans for the example', () => {
  it('are proved under every single failure, and none is better than another in everything', async () => {
    const { plans, refused, clash, problem } = await planned(example);
    expect({ refused, clash, problem }).toEqual({ refused: [], clash: [], problem: undefined });
    expect(plans.map((plan) => plan.name)).toEqual(['cheapest', 'fastest', 'balanced']);
    for (const { verification, survives, gap } of plans) {
      expect({ holds: verification.holds, survives, gap }).toEqual({ holds: true, survives: true, gap: 0 });
      expect(verification.failures).toBeGreaterThan(50);
    }
    const measures = plans.map(({ design }) => ({
      cost: design.monthly,
      wait: design.latencySum,
    }));
    for (const [ix, a] of measures.entries()) {
      for (const [at, b] of measures.entries()) {
        if (ix !== at) expect(a.cost <= b.cost && a.wait <= b.wait).toBe(false);
      }
    }
  });

  it('are complete estates: circuits with pools of their own, the site that may breaks out, sources kept', async () => {
    const { plans } = await planned(example);
    const [cheapest] = plans;
    const { estate, findings } = loadEstate(cheapest?.files ?? []);
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    const pools = estate?.expressRouteEdges.flatMap(({ nat }) => nat.map(({ bits }) => bits)) ?? [];
    expect(new Set(pools).size).toBe(estate?.circuits.length);
    expect(estate?.sites.find((site) => site.name === 'oslo')?.breakout).toBe('internet-oslo');
    expect(new Set(estate?.circuits.map(({ provider }) => provider)).size).toBe(2);
    expect(cheapest?.files[0]?.text).toContain('# oslo may use the internet');
    expect(cheapest?.nextCheaper).toMatch(/less a month and break survives: any-single-failure/);
  });

  it('with a failure in it is found out by the proof', async () => {
    const { plans } = await planned(example);
    const files = plans[0]?.files.map((file) =>
      file.name === name ? file : { ...file, text: file.text.replace(/ {2}munich-to-hub-paris: .*\n/, '') },
    );
    const { holds, lost, errors, intents } = verifiedPlan(files ?? [], new Set(['munich']));
    expect(holds).toBe(false);
    expect(lost.length + errors.length + intents.length).toBeGreaterThan(0);
    expect(lost.map(({ element }) => element).join()).toMatch(/hub-london/);
  });

  it('need one circuit where nothing has to be survived, and show what more would cost', async () => {
    const { plans } = await planned(changed('  latency: 80 ms', '  survives: nothing\n  latency: 80 ms'));
    expect(plans.map((plan) => [plan.name, plan.survives])).toContainEqual(['cheapest', false]);
    expect(plans.map((plan) => [plan.name, plan.survives])).toContainEqual(['safest', true]);
  });
});

describe('requirements that clash', () => {
  it('are the smallest set: two providers are needed to survive one', async () => {
    const one = changed('providers: [Equinix, Colt, Orange, Megaport]', 'providers: [Equinix]');
    const { plans, clash } = await planned(one);
    expect(plans).toEqual([]);
    expect(clash.map(({ kind }) => kind)).toEqual(['providers', 'private', 'survives']);
  });

  it('a budget that nothing meets clashes with what costs', async () => {
    const { clash } = await planned(changed('budget: 20000 USD', 'budget: 900 USD'));
    expect(clash.map(({ kind }) => kind)).toEqual(['private', 'budget']);
  });

  it('without any one of them a plan exists', async () => {
    const { clash } = await planned(changed('latency: 80 ms', 'latency: 5 ms'));
    expect(clash.map(({ kind }) => kind)).toEqual(['latency']);
    expect((await planned(example)).plans.length).toBeGreaterThan(0);
  });

  it('says what is missing altogether', async () => {
    const { problem } = await planned(changed(', asn: 64500', ''));
    expect(problem).toMatch(/AS number/);
  });
});

describe('beside two circuits everywhere', () => {
  it('a plan saves at equal or better latency and is proved under every single failure (seeds 2, 4, 5, 7, 8)', async () => {
    for (const seed of [2, 4, 5, 7, 8]) {
      const found = await comparedWithReference([{ name, text: requirementDocument(seed) }], { solve: solver.solve });
      const wait = (sites: readonly { readonly longestRoundTrip: number }[] | undefined): number =>
        Math.max(...(sites ?? []).map(({ longestRoundTrip }) => longestRoundTrip));
      expect({ seed, holds: found?.plan.verification.holds }).toEqual({ seed, holds: true });
      expect(wait(found?.plan.design.sites)).toBeLessThanOrEqual(wait(found?.reference.design.sites));
      expect(found?.saving).toBeGreaterThan(0);
    }
  });
});
