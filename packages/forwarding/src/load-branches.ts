/**
 * Every branch of a round trip with what it needs to be weighed: the ways of the request, and for each of them the ways
 * of its answer. A round trip shows one branch of each; where it has more, the packet is walked again.
 */
import type { CompiledNetwork } from '@bothways/network';
import { lastHop, type Packet, type PacketPath } from './path.ts';
import type { RoundTrip } from './round-trip.ts';
import { deviceAt, type WalkInput, walkAnswer, walkRequest } from './walk.ts';

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

/** Targets that may well be some public host which nobody announced by name. */
const ANYWHERE: ReadonlySet<string> = new Set(['public-internet', 'any']);

/** Branches over the tables of `space`; remembered by round trip. */
export function branchesOver(compiled: CompiledNetwork, space: WalkInput['space']): BranchesOf {
  const input: WalkInput = { network: compiled.network, space };
  const known = new WeakMap<RoundTrip, { readonly branches: readonly RequestBranch[] | undefined }>();
  return (trip) => {
    if (trip.branches === 1) return shownBranches(trip);
    let held = known.get(trip);
    if (held === undefined) {
      held = { branches: walked(input, trip) };
      known.set(trip, held);
    }
    return held.branches;
  };
}

/** The branch that the round trip shows; all there is where it has one. */
export function shownBranches({ forward, back }: RoundTrip): readonly RequestBranch[] {
  const answers = back === undefined ? [] : [{ path: back.path, arrived: back.disposition === 'delivered' }];
  return [{ path: forward.path, arrived: forward.disposition === 'delivered', answers }];
}

function walked(input: WalkInput, trip: RoundTrip): readonly RequestBranch[] | undefined {
  const [first] = trip.forward.path.hops;
  if (first === undefined) throw new Error(`${trip.id} starts nowhere`);
  const { flow, target, ports } = trip.demand;
  const main = ports?.[0] ?? flow.ports[0];
  const port = main === undefined ? undefined : { protocol: main.protocol, port: main.first };
  const isRight = (device: number): boolean =>
    deviceAt(input.network, device).half === 'microsoft' || ANYWHERE.has(target.id);
  const branches = walkRequest(input, first.device, first.packet, { flow: flow.id, port }).map((path) => {
    const arrived = path.disposition === 'delivered' && isRight(lastHop(path).device);
    if (!arrived) return { path, arrived, answers: [] };
    const answer: Packet = { source: path.last.destination, destination: path.last.source };
    const answers = walkAnswer(input, lastHop(path).device, answer, path.sessions).map((each) => ({
      path: each,
      arrived: each.disposition === 'delivered' && lastHop(each).device === first.device,
    }));
    return { path, arrived, answers };
  });
  const paths = branches.flatMap(({ path, answers }) => [path, ...answers.map((each) => each.path)]);
  return paths.some(({ disposition }) => disposition === 'too-many-branches') ? undefined : branches;
}
