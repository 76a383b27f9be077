/**
 * The verdict over all branches of a round trip. Branches of the customer's own are all used: one that fails breaks the
 * round trip. Branches that hang on a choice of somebody else exclude each other: the verdict is that of all possibilities
 * if they agree, and unknown if they do not.
 */
import type { Choice } from './path.ts';

export type TripOutcome = 'holds' | 'broken' | 'unknown';

export interface Judged {
  readonly outcome: TripOutcome;
  readonly choices: readonly Choice[];
  /** Why the outcome of the branch is unknown. */
  readonly because: string | undefined;
}

export interface Verdict {
  readonly outcome: TripOutcome;
  /** Of an unknown outcome: what is not known. */
  readonly because: string | undefined;
}

/** Combinations of choices that are tried. */
const MAXIMUM_POSSIBILITIES = 1024;

export function verdictOf(branches: readonly Judged[]): Verdict {
  const lost = branches.filter((each) => each.outcome !== 'holds');
  if (lost.length === 0) return { outcome: 'holds', because: undefined };
  if (lost.some((each) => each.outcome === 'broken' && each.choices.length === 0)) {
    return { outcome: 'broken', because: undefined };
  }
  const nodes = new Map<string, { readonly picks: Set<string>; readonly because: string }>();
  for (const { node, pick, because } of branches.flatMap((each) => each.choices)) {
    const held = nodes.get(node);
    if (held === undefined) nodes.set(node, { picks: new Set([pick]), because });
    else held.picks.add(pick);
  }
  const because =
    lost.find((each) => each.because !== undefined)?.because ??
    [...nodes.values()].find((each) => each.picks.size > 1)?.because;
  let possibilities: readonly ReadonlyMap<string, string>[] = [new Map()];
  for (const [node, { picks }] of nodes) {
    possibilities = possibilities.flatMap((each) => [...picks].map((pick) => new Map([...each, [node, pick]])));
    if (possibilities.length > MAXIMUM_POSSIBILITIES) return { outcome: 'unknown', because };
  }
  const outcomes = new Set<TripOutcome>();
  for (const possibility of possibilities) {
    const taken = branches.filter((each) => each.choices.every(({ node, pick }) => possibility.get(node) === pick));
    if (taken.length > 0) outcomes.add(worst(taken));
  }
  const [only] = outcomes;
  if (outcomes.size === 1 && only !== undefined && only !== 'unknown') return { outcome: only, because: undefined };
  return { outcome: 'unknown', because };
}

function worst(branches: readonly Judged[]): TripOutcome {
  if (branches.some((each) => each.outcome === 'broken')) return 'broken';
  return branches.some((each) => each.outcome === 'unknown') ? 'unknown' : 'holds';
}
