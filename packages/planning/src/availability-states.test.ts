import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ComponentSet,
  contains,
  minimalSets,
  type StateAnswer,
  stateProbabilities,
} from './availability-states.ts';

type Answer = 'holds' | 'broken';
const count = 8;

/** A decision tree: what is asked about first, and what follows; leaves are answers. Nothing makes it monotone. */
type Tree = Answer | { readonly component: number; readonly up: Tree; readonly failed: Tree };

const { tree } = fc.letrec<{ tree: Tree; branch: Tree; leaf: Tree }>((tie) => ({
  tree: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, tie('leaf'), tie('branch')),
  leaf: fc.constantFrom<Tree>('holds', 'broken'),
  branch: fc.record({ component: fc.nat(count - 1), up: tie('tree'), failed: tie('tree') }),
}));

function walk(root: Tree, failed: ComponentSet): StateAnswer<Answer> {
  const restsOn = new Set<number>();
  let at = root;
  while (typeof at !== 'string') {
    const isFailed = failed.includes(at.component);
    if (!isFailed) restsOn.add(at.component);
    at = isFailed ? at.failed : at.up;
  }
  return { answer: at, restsOn: [...restsOn].sort((a, b) => a - b) };
}

/** The slow twin: every state of all components. */
function enumerated(root: Tree, q: readonly number[]): number {
  let broken = 0;
  for (let bits = 0; bits < 2 ** count; bits++) {
    const failed = q.flatMap((_, ix) => ((bits >> ix) % 2 === 1 ? [ix] : []));
    if (walk(root, failed).answer === 'broken') {
      broken += q.reduce((product, each, ix) => product * (failed.includes(ix) ? each : 1 - each), 1);
    }
  }
  return broken;
}

const everything = { tolerance: 0, asked: 1_000_000 };
const seed = 90_125;
const failureOf = fc.array(fc.double({ min: 0.001, max: 0.999, noNaN: true }), { minLength: count, maxLength: count });

describe('the probability of an answer', () => {
  it(`is that of all states one by one, to 1e-12, with importances, monotone or not (seed ${seed})`, () => {
    fc.assert(
      fc.property(tree, failureOf, (root, q) => {
        const { byAnswer, unasked } = stateProbabilities(q, (failed) => walk(root, failed), everything);
        const broken = byAnswer.get('broken');
        expect(unasked).toBe(0);
        expect(Math.abs((broken?.probability ?? 0) - enumerated(root, q))).toBeLessThan(1e-12);
        const sum = [...byAnswer.values()].reduce((total, { probability }) => total + probability, 0);
        expect(Math.abs(sum - 1)).toBeLessThan(1e-12);
        for (const ix of q.keys()) {
          const difference = enumerated(root, q.with(ix, 1)) - enumerated(root, q.with(ix, 0));
          expect(Math.abs((broken?.birnbaum[ix] ?? 0) - difference)).toBeLessThan(1e-10);
        }
      }),
      { seed, numRuns: 200 },
    );
  });

  it(`is wrong by no more than what was not asked for (seed ${seed})`, () => {
    fc.assert(
      fc.property(tree, failureOf, fc.double({ min: 1e-6, max: 0.1, noNaN: true }), (root, q, tolerance) => {
        const small = q.map((each) => each / 20);
        const { byAnswer, unasked } = stateProbabilities(small, (failed) => walk(root, failed), {
          tolerance,
          asked: 1000,
        });
        const exact = enumerated(root, small);
        const broken = byAnswer.get('broken')?.probability ?? 0;
        expect(exact).toBeGreaterThanOrEqual(broken - 1e-12);
        expect(exact).toBeLessThanOrEqual(broken + unasked + 1e-12);
      }),
      { seed, numRuns: 200 },
    );
  });

  it('keeps the digits of very small probabilities', () => {
    const all: Tree = {
      component: 0,
      up: 'holds',
      failed: { component: 1, up: 'holds', failed: { component: 2, up: 'holds', failed: 'broken' } },
    };
    const { byAnswer } = stateProbabilities([1e-7, 1e-7, 1e-7], (failed) => walk(all, failed), everything);
    expect(Math.abs((byAnswer.get('broken')?.probability ?? 0) / 1e-21 - 1)).toBeLessThan(1e-14);
  });

  it('asks for few sets where few components matter', () => {
    const root: Tree = { component: 3, up: 'holds', failed: { component: 30, up: 'holds', failed: 'broken' } };
    const q = Array.from({ length: 40 }, () => 0.001);
    const { sets, unasked } = stateProbabilities(q, (failed) => walk(root, failed));
    expect(sets.map(({ failed }) => failed)).toEqual([[], [3], [3, 30]]);
    expect(unasked).toBe(0);
  });
});

describe('sets', () => {
  it('are minimal without those that contain another', () => {
    expect(minimalSets([[1, 2], [2], [0, 1], [0, 1, 3], [0, 1]])).toEqual([[2], [0, 1]]);
    expect(contains([1, 4, 7], [1, 7])).toBe(true);
    expect(contains([1, 4, 7], [1, 5])).toBe(false);
    expect(contains([1], [])).toBe(true);
  });
});
