import { readFileSync } from 'node:fs';
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
    const { view, errors, warnings } = verifiedPlan(cheapest?.files ?? [], new Set());
    const estate = view?.estate;
    expect([...errors, ...warnings]).toEqual([]);
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

describe('plans with hubs of the document', () => {
  const hubs = `
bothways: 1
organisation: { name: Fabrikam, asn: 64500 }
environments: { production: { region: Europe } }
sites:
  munich: { city: Munich, users: 900, clients: 10.10.0.0/16 }
  milan: { city: Milan, users: 120, clients: 10.20.0.0/16 }
  dc-fra: { city: Frankfurt }
  dc-ams: { city: Amsterdam }
wan:
  a: { between: [munich, dc-fra], bandwidth: 1 Gbps, latency: 6 ms }
  b: { between: [munich, dc-ams], bandwidth: 1 Gbps, latency: 9 ms }
  c: { between: [milan, dc-fra], bandwidth: 1 Gbps, latency: 9 ms }
  d: { between: [milan, dc-ams], bandwidth: 1 Gbps, latency: 12 ms }
requirements: { hubs: [dc-fra, dc-ams] }
`;

  it('use the lines that are there and land only at the hubs, each at a location of its own', async () => {
    const { plans, refused } = await planned(hubs);
    expect(refused).toEqual([]);
    const estate = plans[0]?.verification.view?.estate;
    expect(estate?.wan.map(({ name: line }) => line)).toEqual(['a', 'b', 'c', 'd']);
    expect(estate?.expressRouteEdges.map(({ site }) => site)).toEqual(['dc-fra', 'dc-ams']);
    expect(new Set(estate?.circuits.map(({ location }) => location)).size).toBe(2);
    expect(plans[0]?.verification.holds).toBe(true);
  });

  it('are refused, with the reason, where a network that is there is itself a single point of failure', async () => {
    const cloud = hubs
      .replace(/ {2}a: .*/, '  mpls: { members: [munich, milan, dc-fra, dc-ams], bandwidth: 1 Gbps, latency: 5 ms }')
      .replaceAll(/ {2}[bcd]: .*\n/g, '');
    const { plans, refused } = await planned(cloud);
    expect(plans).toEqual([]);
    expect(refused.map(({ because }) => because).join()).toMatch(/when device mpls fails, munich, milan would lose/);
  });
});

describe('plans that cannot be written', () => {
  it('say so where the public addresses do not suffice', async () => {
    const { plans, refused } = await planned(changed('  latency: 80 ms', '  pools: 203.0.112.0/27\n  latency: 80 ms'));
    expect(plans).toEqual([]);
    expect(refused[0]?.because).toMatch(/not enough public addresses .* requirements\.pools/);
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
  it.each([2, 4, 5, 7, 8])(
    'a plan saves at equal or better latency and is proved under every single failure (seed %i)',
    async (seed) => {
      const found = await comparedWithReference([{ name, text: requirementDocument(seed) }], { solve: solver.solve });
      const wait = (sites: readonly { readonly longestRoundTrip: number }[] | undefined): number =>
        Math.max(...(sites ?? []).map(({ longestRoundTrip }) => longestRoundTrip));
      expect(found?.plan.verification.holds).toBe(true);
      expect(found?.reference.verification.holds).toBe(true);
      expect(wait(found?.plan.design.sites)).toBeLessThanOrEqual(wait(found?.reference.design.sites));
      expect(found?.saving).toBeGreaterThan(0);
    },
  );
});
