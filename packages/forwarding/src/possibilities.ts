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

/** Steps of the search for a possibility in which nothing is lost. */
const MAXIMUM_STEPS = 10_000;

export function verdictOf(followed: readonly Judged[]): Verdict {
  if (followed.every((each) => each.outcome === 'holds')) return { outcome: 'holds', because: undefined };
  const branches = followed.filter(isPossible);
  const lost = branches.filter((each) => each.outcome !== 'holds');
  if (lost.length === 0) return { outcome: 'holds', because: undefined };
  const broken = lost.filter((each) => each.outcome === 'broken');
  if (broken.some(({ choices }) => choices.length === 0)) return { outcome: 'broken', because: undefined };
  const nodes = nodesOf(branches);
  const because =
    lost.find((each) => each.because !== undefined)?.because ??
    decisive(lost, nodes) ??
    [...nodes.values()].find(({ picks }) => picks.size > 1)?.because;
  if (broken.length === 0) return { outcome: 'unknown', because };
  const search = { nodes, steps: 0 };
  return isAvoidable(search, broken, new Map())
    ? { outcome: 'unknown', because }
    : { outcome: 'broken', because: undefined };
}

interface Node {
  readonly picks: Set<string>;
  readonly because: string;
}

function nodesOf(branches: readonly Judged[]): ReadonlyMap<string, Node> {
  const nodes = new Map<string, Node>();
  for (const { choices } of branches) {
    for (const { node, pick, because } of choices) {
      const held = nodes.get(node);
      if (held === undefined) nodes.set(node, { picks: new Set([pick]), because });
      else held.picks.add(pick);
    }
  }
  return nodes;
}

/** A choice on the way of what is lost, of which some other pick is there: what is not known is this one. */
function decisive(lost: readonly Judged[], nodes: ReadonlyMap<string, Node>): string | undefined {
  for (const { choices } of lost) {
    for (const { node, because } of choices) if ((nodes.get(node)?.picks.size ?? 0) > 1) return because;
  }
  return undefined;
}

/** A packet that comes to a device twice meets the same choice there. */
function isPossible({ choices }: Judged): boolean {
  const picks = new Map<string, string>();
  for (const { node, pick } of choices) {
    if ((picks.get(node) ?? pick) !== pick) return false;
    picks.set(node, pick);
  }
  return true;
}

/**
 * Whether some picks of all choices leave no broken branch in use. A branch is out of use as soon as one of its choices
 * is picked otherwise; so for the branch with the fewest open choices each of them is tried in turn, and the rest with
 * the ones before it as the branch has them. Given up after many steps: then it is taken to be avoidable, and not known.
 */
function isAvoidable(
  search: { readonly nodes: ReadonlyMap<string, Node>; steps: number },
  broken: readonly Judged[],
  picked: ReadonlyMap<string, string>,
): boolean {
  search.steps += 1;
  if (search.steps > MAXIMUM_STEPS) return true;
  let nearest: readonly Choice[] | undefined;
  const left: Judged[] = [];
  for (const branch of broken) {
    if (branch.choices.some(({ node, pick }) => (picked.get(node) ?? pick) !== pick)) continue;
    left.push(branch);
    const open = branch.choices.filter(({ node }) => !picked.has(node));
    if (nearest === undefined || open.length < nearest.length) nearest = open;
  }
  if (nearest === undefined) return true;
  const fixed = new Map(picked);
  for (const { node, pick } of nearest) {
    if (fixed.has(node)) continue;
    for (const other of search.nodes.get(node)?.picks ?? []) {
      if (other !== pick && isAvoidable(search, left, new Map(fixed).set(node, other))) return true;
    }
    fixed.set(node, pick);
  }
  return false;
}
