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

  it('gives up beyond a thousand possibilities', () => {
    const many = Array.from({ length: 12 }, (_, node) => [`holds n${node}=1`, `broken n${node}=2`]).flat();
    expect(verdict(...many).outcome).toBe('unknown');
  });
});
