/**
 * Every branch of a round trip as a tree that can be weighed: the ways of the request, and for each of them the ways of
 * its answer. A round trip shows one branch; where it has more, they are asked for again (`branchesOfTrip`).
 */
import type { CompiledNetwork } from '@bothways/network';
import type { Branch } from './legs.ts';
import type { PacketPath } from './path.ts';
import { branchesOfTrip, type RoundTrip, type RoundTripOptions } from './round-trip.ts';
import type { WalkInput } from './walk-input.ts';
import type { Way } from './ways.ts';

/** One way of the request, and the ways of its answer. */
export interface RequestBranch {
  readonly path: PacketPath;
  /** It reached a device that answers. */
  readonly arrived: boolean;
  readonly answers: readonly AnswerBranch[];
}

export interface AnswerBranch {
  readonly path: PacketPath;
  readonly arrived: boolean;
}

/** The branches of a round trip; undefined where there are more than are followed. */
export type BranchesOf = (trip: RoundTrip) => readonly RequestBranch[] | undefined;

/** Branches over the tables and the state of `input`; remembered by round trip. */
export function branchesOver(compiled: CompiledNetwork, input: WalkInput, options: RoundTripOptions = {}): BranchesOf {
  const known = new WeakMap<RoundTrip, { readonly branches: readonly RequestBranch[] | undefined }>();
  return (trip) => {
    if (trip.branches === 1) return byRequest([trip]);
    let held = known.get(trip);
    if (held === undefined) {
      held = { branches: byRequest(branchesOfTrip(compiled, input, trip, options)) };
      known.set(trip, held);
    }
    return held.branches;
  };
}

/** Branches of one request have the same way there, as one object. */
function byRequest(branches: readonly Pick<Branch, 'forward' | 'back'>[]): readonly RequestBranch[] | undefined {
  const answers = new Map<Way, AnswerBranch[]>();
  for (const { forward, back } of branches) {
    const arrived = forward.disposition === 'delivered';
    // A request that arrives is answered; one without an answer stands for branches that were left out.
    if ((arrived && back === undefined) || isLeftOut(forward) || isLeftOut(back)) return undefined;
    const held = answers.get(forward) ?? [];
    if (back !== undefined) held.push({ path: back.path, arrived: back.disposition === 'delivered' });
    answers.set(forward, held);
  }
  return [...answers].map(([{ path, disposition }, each]) => ({
    path,
    arrived: disposition === 'delivered',
    answers: each,
  }));
}

function isLeftOut(way: Way | undefined): boolean {
  return way?.disposition === 'too-many-branches';
}
