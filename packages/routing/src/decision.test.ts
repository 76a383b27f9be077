import { asn, Random } from '@bothways/net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DecisionStepName, decide, decisionSteps } from './decision.ts';
import type { Attributes, Candidate } from './index.ts';

interface Literal extends Partial<Attributes> {
  readonly kind?: Candidate['kind'];
  readonly routerId?: number;
  readonly cost?: number;
}

const costs = new WeakMap<Candidate, number>();
const context = { cost: (candidate: Candidate): number => costs.get(candidate) ?? 0 };
const place = { classIx: 0, device: 0 };

function candidate(session: number, literal: Literal): Candidate {
  const { kind = 'ebgp', routerId = 9, cost = 0, ...attributes } = literal;
  const made: Candidate = {
    kind,
    device: 0,
    session: kind === 'local' ? undefined : session,
    neighbour: session + 1,
    neighbourRouterId: routerId,
    attributes: {
      asPath: [asn(65001)],
      originCode: 'igp',
      nextHop: session + 1,
      nextHopLink: session,
      med: 0,
      localPreference: 100,
      weight: 0,
      communities: [],
      largeCommunities: [],
      originatorId: undefined,
      clusterList: [],
      aggregator: undefined,
      ...attributes,
    },
    originator: 7,
    source: 'origination',
    origination: 0,
    parent: undefined,
  };
  costs.set(made, cost);
  return made;
}

const path = (...numbers: number[]): Attributes['asPath'] => numbers.map(asn);

/** Per step a winner and a loser that are equal in everything before it, and unequal the other way in the next step. */
const rows: Readonly<Record<DecisionStepName, readonly [Literal, Literal]>> = {
  'next-hop': [{}, { weight: 500, cost: Number.POSITIVE_INFINITY }],
  weight: [{ weight: 5 }, { localPreference: 200 }],
  'local-preference': [{ localPreference: 101, asPath: path(1, 2, 3) }, {}],
  'locally-originated': [{ kind: 'local', asPath: path(1, 2) }, {}],
  'as-path-length': [{ asPath: path(65001), originCode: 'incomplete' }, { asPath: path(65002, 65003) }],
  origin: [{ originCode: 'egp', med: 10 }, { originCode: 'incomplete' }],
  med: [{ med: 10, kind: 'ibgp' }, { med: 11 }],
  external: [{ kind: 'ebgp', cost: 5 }, { kind: 'ibgp' }],
  'igp-cost': [
    { kind: 'ibgp', cost: 5, routerId: 9 },
    { kind: 'ibgp', cost: 6, routerId: 1 },
  ],
  'router-id': [{ originatorId: 1, clusterList: [1, 2] }, { routerId: 2 }],
  'cluster-list-length': [{ clusterList: [1] }, { clusterList: [1, 2] }],
  neighbour: [{}, {}],
};

describe('decision steps', () => {
  it.each(decisionSteps.map((step) => step.name))('%s decides, whatever the order of arrival', (name) => {
    const [winnerLiteral, loserLiteral] = rows[name];
    // For the last step the lower session wins; elsewhere the winner has the higher one.
    const winner = candidate(name === 'neighbour' ? 1 : 4, winnerLiteral);
    const loser = candidate(3, loserLiteral);
    for (const order of [
      [winner, loser],
      [loser, winner],
    ]) {
      const decision = decide(order, context, { maximumPaths: 1 }, place);
      expect(decision.best).toEqual([winner]);
      expect(decision.lost).toMatchObject([{ candidate: loser, step: name, winner }]);
    }
  });

  it('cannot use a route whose next hop nobody knows, even alone', () => {
    const only = candidate(1, { cost: Number.POSITIVE_INFINITY });
    const decision = decide([only], context, { maximumPaths: 1 }, place);
    expect(decision).toMatchObject({ best: [], tieBrokenBy: undefined });
    expect(decision.lost).toMatchObject([{ step: 'next-hop', winner: undefined }]);
  });

  it('compare MED inside a neighbouring AS only, and before anything that would hide it', () => {
    // Pairwise comparison in order of arrival gives a, b or c here, depending on the order.
    const a = candidate(1, { asPath: path(65001), med: 20, routerId: 1 });
    const b = candidate(2, { asPath: path(65002), med: 0, routerId: 2 });
    const c = candidate(3, { asPath: path(65001), med: 10, routerId: 3 });
    for (const order of [
      [a, b, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ]) {
      const decision = decide(order, context, { maximumPaths: 1 }, place);
      expect(decision.best).toEqual([b]);
      expect(decision.lost.map((item) => [item.step, item.candidate.session])).toEqual([
        ['med', 1],
        ['router-id', 3],
      ]);
    }
  });

  it('name the tie-break that cut the installed routes', () => {
    const routes = [3, 2, 1].map((routerId, ix) => candidate(ix + 1, { routerId }));
    const decision = decide(routes, context, { maximumPaths: 2 }, place);
    // The best by router id, then the lowest neighbour address.
    expect(decision.best.map((item) => item.session)).toEqual([3, 1]);
    expect(decision.tieBrokenBy).toBe('neighbour');
    expect(decision.lost).toMatchObject([{ step: 'neighbour', value: 2, winnerValue: 1 }]);
  });
});

describe('a decision', { timeout: 60_000 }, () => {
  it('does not depend on the order of its candidates, 2,000 sets, seed 43', () => {
    const property = fc.property(fc.nat(), (seed) => {
      const random = new Random(seed);
      const candidates = Array.from({ length: 1 + random.below(7) }, (_, session) =>
        candidate(session, {
          kind: session > 0 ? random.pick(['ebgp', 'ibgp'] as const) : random.pick(['local', 'ebgp'] as const),
          weight: random.below(2),
          localPreference: 100 + random.below(2),
          asPath: path(...Array.from({ length: random.below(3) }, () => 1 + random.below(2))),
          originCode: random.pick(['igp', 'egp'] as const),
          med: random.below(3),
          originatorId: random.pick([undefined, undefined, 3]),
          clusterList: random.pick([[], [1], [1, 2]]),
          cost: random.pick([0, 0, 5, Number.POSITIVE_INFINITY]),
          routerId: 1 + random.below(3),
        }),
      );
      const options = { maximumPaths: 1 + random.below(3) };
      const expected = decide(candidates, context, options, place);
      expect(expected.best.length + expected.lost.length).toBe(candidates.length);
      for (let n = 0; n < 4; n++) {
        expect(decide(random.shuffle([...candidates]), context, options, place)).toEqual(expected);
      }
    });
    fc.assert(property, { seed: 43, numRuns: 2000 });
  });
});
