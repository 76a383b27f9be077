import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Judged, type TripOutcome, verdictOf } from './possibilities.ts';

/** 'broken a=1 b=2': a branch that hangs on two choices. */
function branch(text: string): Judged {
  const [outcome, ...choices] = text.split(' ');
  const known: readonly TripOutcome[] = ['holds', 'broken', 'unknown'];
  const found = known.find((each) => each === outcome);
  if (found === undefined) throw new Error(text);
  return {
    outcome: found,
    because: undefined,
    choices: choices.map((each) => {
      const [node = '', pick = ''] = each.split('=');
      return { node, pick, because: `${node} is not known` };
    }),
  };
}

/** The outcome if all combinations agree on it. */
function byTrying(branches: readonly Judged[]): TripOutcome {
  const nodes = [...new Set(branches.flatMap(({ choices }) => choices.map(({ node }) => node)))];
  const picksOf = (node: string) => [
    ...new Set(branches.flatMap(({ choices }) => choices.filter((each) => each.node === node).map(({ pick }) => pick))),
  ];
  const outcomes = new Set<TripOutcome>();
  const combine = (at: number, picked: ReadonlyMap<string, string>): void => {
    const node = nodes[at];
    if (node !== undefined) {
      for (const pick of picksOf(node)) combine(at + 1, new Map(picked).set(node, pick));
      return;
    }
    const used = branches.filter(({ choices }) => choices.every((each) => picked.get(each.node) === each.pick));
    const order: readonly TripOutcome[] = ['broken', 'unknown', 'holds'];
    for (const outcome of order) {
      if (!used.some((each) => each.outcome === outcome)) continue;
      outcomes.add(outcome);
      return;
    }
  };
  combine(0, new Map());
  const [only] = outcomes;
  return only === undefined || outcomes.size > 1 ? 'unknown' : only;
}

const verdict = (...branches: readonly string[]) => verdictOf(branches.map(branch));

describe('the verdict over all branches', () => {
  it('is broken by one branch that is really used', () => {
    expect(verdict('holds', 'broken', 'holds').outcome).toBe('broken');
    expect(verdict('holds a=1', 'holds a=2', 'broken').outcome).toBe('broken');
  });

  it('is unknown where possibilities disagree, and names what is not known', () => {
    expect(verdict('holds a=1', 'broken a=2')).toEqual({ outcome: 'unknown', because: 'a is not known' });
  });

  it('is what all possibilities agree on', () => {
    expect(verdict('holds a=1', 'holds a=2').outcome).toBe('holds');
    expect(verdict('broken a=1', 'broken a=2').outcome).toBe('broken');
    // Within a possibility a single lost branch is enough.
    expect(verdict('holds a=1', 'broken a=1', 'broken a=2').outcome).toBe('broken');
  });

  it('takes choices together: whatever is picked, something fails', () => {
    expect(verdict('broken a=1', 'holds a=2 b=1', 'broken a=2 b=2').outcome).toBe('unknown');
    expect(verdict('broken a=1', 'broken a=2 b=1', 'broken a=2 b=2', 'holds b=1').outcome).toBe('broken');
  });

  it('is unknown where a branch is, unless another one is broken for sure', () => {
    expect(verdict('holds', 'unknown').outcome).toBe('unknown');
    expect(verdict('unknown', 'broken').outcome).toBe('broken');
  });

  it('leaves out branches that pick one choice in two ways', () => {
    expect(verdict('holds a=1', 'holds a=2', 'broken a=1 a=2').outcome).toBe('holds');
  });

  it('is certain about more possibilities than anybody could try', () => {
    const many = Array.from({ length: 40 }, (_, node) => [`holds n${node}=1`, `broken n${node}=2`]).flat();
    expect(verdict(...many).outcome).toBe('unknown');
    expect(verdict(...many, 'broken a=1', 'broken a=2').outcome).toBe('broken');
  });

  it('is what trying every combination of choices says, 2,000 sets of branches, seed 71', () => {
    const each = fc.tuple(
      fc.constantFrom('holds', 'broken', 'broken', 'unknown'),
      fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2')), {
        selector: ([node]) => node,
        maxLength: 3,
      }),
    );
    const seen = new Set<TripOutcome>();
    fc.assert(
      fc.property(fc.array(each, { minLength: 1, maxLength: 10 }), (drawn) => {
        // Every possibility has a branch, as every walk has.
        const all = [
          ...drawn.map(([outcome, choices]) => [outcome, ...choices.map((one) => one.join('='))].join(' ')),
          'holds',
        ];
        const { outcome } = verdict(...all);
        seen.add(outcome);
        expect(outcome).toBe(byTrying(all.map(branch)));
      }),
      { seed: 71, numRuns: 2000 },
    );
    expect(seen.size).toBe(3);
  });
});
