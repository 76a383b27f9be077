/**
 * The decision process as one table of elimination steps over the set of candidates (RFC 4271 section 9.1.2.2, with
 * weight from IOS and FRR in front and the reflection rules of RFC 4456 section 9 at the end). Each step keeps the
 * candidates with the best value. MED is compared inside each group of routes from one neighbouring AS, so the steps
 * form no total order; eliminating from the whole set makes the order of arrival irrelevant.
 *
 * The last steps say nothing about the network, only about names: they are marked `arbitrary`. Where one of them
 * decides, the outcome depends on identifiers that may not be public, and the decision says so.
 *
 * Left out: age of routes, accumulated IGP metric, and comparing MED between different neighbouring ASes.
 */
import { asnKind } from '@bothways/net';
import type { DecisionOptions, DecisionReading, DecisionVariant, DeviceIx } from '@bothways/network';
import { attributeTable } from './attributes.ts';
import type { Candidate } from './transfer.ts';

export type DecisionStepName =
  | 'next-hop'
  | 'weight'
  | 'local-preference'
  | 'locally-originated'
  | 'as-path-length'
  | 'origin'
  | 'med'
  | 'external'
  | 'igp-cost'
  | 'router-id'
  | 'cluster-list-length'
  | 'neighbour';

export interface DecisionContext {
  /** IGP cost to the candidate's next hop; infinite where there is no way. */
  cost(candidate: Candidate): number;
}

export interface DecisionStep {
  readonly name: DecisionStepName;
  /** What is compared, as a user reads it. */
  readonly title: string;
  readonly source: string;
  readonly prefer: 'lower' | 'higher';
  readonly value: (candidate: Candidate, context: DecisionContext) => number;
  /** Values are compared only between candidates of one group; absent: between all. */
  readonly group?: (candidate: Candidate) => number;
  /** Routes whose value is infinite cannot win, even alone. */
  readonly required?: boolean;
  /** Several routes left before the first such step may be installed side by side. */
  readonly arbitrary?: boolean;
}

/**
 * Routes that may stand beside the best one: of those that every step has left, all or those of one neighbouring AS or
 * path; or, from the whole set, every route that no step tells from the best one when it sees just the two.
 */
export type Sharing = 'equal' | 'neighbour-as' | 'neighbour-as-or-path' | 'equal-to-best';

const originRank = { igp: 0, egp: 1, incomplete: 2 } as const;
/** RFC 4271 section 9.1.2.2 c: a route with an empty path counts as from the local AS. No AS has this number. */
const LOCAL_AS = -1;

export const decisionSteps: readonly DecisionStep[] = [
  {
    name: 'next-hop',
    title: 'next hop can be reached',
    source: 'RFC 4271 section 9.1.2',
    prefer: 'lower',
    value: (candidate, context) =>
      context.cost(candidate) === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : 0,
    required: true,
  },
  {
    name: 'weight',
    title: 'highest weight',
    source: 'IOS, FRR',
    prefer: 'higher',
    value: (candidate) => candidate.attributes.weight,
  },
  {
    name: 'local-preference',
    title: 'highest local preference',
    source: 'RFC 4271 section 9.1.1',
    prefer: 'higher',
    value: (candidate) => candidate.attributes.localPreference,
  },
  {
    name: 'locally-originated',
    title: 'originated here',
    source: 'IOS, FRR',
    prefer: 'higher',
    value: (candidate) => (candidate.kind === 'local' ? 1 : 0),
  },
  {
    name: 'as-path-length',
    title: 'shortest AS path',
    source: 'RFC 4271 section 9.1.2.2 a',
    prefer: 'lower',
    value: (candidate) => candidate.attributes.asPath.length,
  },
  {
    name: 'origin',
    title: 'lowest origin: IGP, EGP, incomplete',
    source: 'RFC 4271 section 9.1.2.2 b',
    prefer: 'lower',
    value: (candidate) => originRank[candidate.attributes.originCode],
  },
  {
    name: 'med',
    title: 'lowest MED from the same neighbouring AS',
    source: 'RFC 4271 section 9.1.2.2 c',
    prefer: 'lower',
    value: (candidate) => candidate.attributes.med,
    group: (candidate) => candidate.attributes.asPath[0] ?? LOCAL_AS,
  },
  {
    name: 'external',
    title: 'eBGP before iBGP',
    source: 'RFC 4271 section 9.1.2.2 d',
    prefer: 'lower',
    value: (candidate) => (candidate.kind === 'ibgp' ? 1 : 0),
  },
  {
    name: 'igp-cost',
    title: 'lowest IGP cost to the next hop',
    source: 'RFC 4271 section 9.1.2.2 e',
    prefer: 'lower',
    value: (candidate, context) => context.cost(candidate),
  },
  {
    name: 'router-id',
    title: 'lowest router id, or originator of a reflected route',
    source: 'RFC 4271 section 9.1.2.2 f, RFC 4456 section 9',
    prefer: 'lower',
    value: (candidate) => candidate.attributes.originatorId ?? candidate.neighbourRouterId,
    arbitrary: true,
  },
  {
    name: 'cluster-list-length',
    title: 'shortest cluster list',
    source: 'RFC 4456 section 9',
    prefer: 'lower',
    value: (candidate) => candidate.attributes.clusterList.length,
    arbitrary: true,
  },
  {
    // RFC 4271 compares the addresses of the neighbours; the order of the sessions stands for them.
    name: 'neighbour',
    title: 'lowest neighbour address',
    source: 'RFC 4271 section 9.1.2.2 g',
    prefer: 'lower',
    value: (candidate) => candidate.session ?? -1,
    arbitrary: true,
  },
];

/** How one implementation departs from the table above. */
export interface DecisionVariantSpec {
  readonly title: string;
  readonly order: readonly DecisionStepName[];
  readonly sharing: Sharing;
  /** Every difference from 'rfc', and what is like it in a way that surprises. */
  readonly notes: readonly { readonly text: string; readonly source: string }[];
}

const commonOrder = decisionSteps.map(({ name }) => name);
/** No weight, and what a device routes itself goes before anything learned, whatever its LOCAL_PREF. */
const preferenceOrder = [
  'next-hop',
  'locally-originated',
  ...commonOrder.filter((name) => name !== 'next-hop' && name !== 'weight' && name !== 'locally-originated'),
] as const;

/**
 * The implementations by what decides differently. All compare MED inside each neighbouring AS over the whole set, which
 * is `bgp deterministic-med` on IOS-XE and FRR and `deterministic med` on BIRD; the age of a route, which IOS-XE, FRR and
 * Junos look at between external routes, is not modelled (`bgp bestpath compare-routerid` and `external-router-id`).
 */
export const decisionVariants: Readonly<Record<DecisionVariant, DecisionVariantSpec>> = {
  rfc: {
    title: 'RFC 4271',
    order: commonOrder,
    sharing: 'equal',
    notes: [
      {
        text: 'weight and local origin stand in front; both are equal everywhere unless somebody sets a weight',
        source: 'RFC 4271 section 9.1.1 leaves the degree of preference to local policy',
      },
    ],
  },
  frr: {
    title: 'FRR',
    order: commonOrder,
    sharing: 'neighbour-as-or-path',
    notes: [
      {
        text: 'several external paths need one neighbouring AS, internal ones the same AS path, without `multipath-relax`',
        source: 'FRR documentation, BGP, Route Selection, step 9 (multi-path check)',
      },
    ],
  },
  'frr-multipath-relax': {
    title: 'FRR with multipath-relax',
    order: commonOrder,
    sharing: 'equal-to-best',
    notes: [
      {
        text: 'a path that lost on MED to another one of its AS stands beside a best path of another AS, with which its MED is not compared',
        source: 'observed on FRR 8.4.4; FRR documentation, BGP, `bgp bestpath as-path multipath-relax`',
      },
    ],
  },
  'ios-xe': {
    title: 'Cisco IOS XE',
    order: commonOrder,
    sharing: 'neighbour-as-or-path',
    notes: [
      {
        text: 'several external paths need one neighbouring AS, internal ones the same AS path, without `multipath-relax`',
        source: 'Cisco document 13753, Select BGP Best Path Algorithm, BGP Multipath',
      },
      {
        text: 'what `network` and `redistribute` put into BGP goes before an aggregate of the same prefix',
        source: 'Cisco document 13753, Select BGP Best Path Algorithm, step 3',
      },
    ],
  },
  bird: {
    title: 'BIRD 2',
    order: preferenceOrder,
    sharing: 'equal',
    notes: [
      {
        text: 'there is no weight; the preference of the protocol, 200 for static routes and 100 for BGP, comes first',
        source: 'BIRD 2 User Guide, sections 3.3 (preference) and 6.3 (route selection rules)',
      },
      {
        text: 'paths of different neighbouring ASes stand side by side (`merge paths`)',
        source: 'BIRD 2 User Guide, section 6.6 (Kernel, merge paths)',
      },
    ],
  },
  junos: {
    title: 'Junos',
    order: preferenceOrder,
    sharing: 'neighbour-as',
    notes: [
      {
        text: 'there is no weight; the preference of the protocol, 0 and 5 for direct and static routes and 170 for BGP, comes first',
        source: 'Junos OS, Understanding BGP Path Selection, step 2',
      },
      {
        text: 'several paths need one neighbouring AS, without `multiple-as`',
        source: 'Junos OS, multipath (Protocols BGP)',
      },
    ],
  },
};

/** A variant made ready: the steps that say something about the network, those that only name, and what may share. */
export interface DecisionProcess {
  readonly meaningful: readonly DecisionStep[];
  readonly arbitrary: readonly DecisionStep[];
  readonly share: (best: Candidate, other: Candidate) => boolean;
  /** What shares is looked for among all candidates, not among those that every step has left. */
  readonly pairwise: boolean;
  /** What else the device may do; absent: nothing. */
  readonly readings?: readonly { readonly because: string; readonly process: DecisionProcess }[];
}

const sharings: Readonly<Record<Sharing, DecisionProcess['share']>> = {
  equal: () => true,
  'equal-to-best': () => true,
  'neighbour-as': sameNeighbourAs,
  'neighbour-as-or-path': (best, other) =>
    best.kind === 'ebgp' ? sameNeighbourAs(best, other) : samePathOfAses(best, other),
};

function sameNeighbourAs(a: Candidate, b: Candidate): boolean {
  return a.attributes.asPath[0] === b.attributes.asPath[0];
}

function samePathOfAses(a: Candidate, b: Candidate): boolean {
  return attributeTable.asPath.same(a.attributes, b.attributes);
}

function processFrom({ order, sharing }: DecisionVariantSpec): DecisionProcess {
  const steps = order.flatMap((name) => decisionSteps.filter((step) => step.name === name));
  return {
    meaningful: steps.filter((step) => step.arbitrary !== true),
    arbitrary: steps.filter((step) => step.arbitrary === true),
    share: sharings[sharing],
    pairwise: sharing === 'equal-to-best',
  };
}

const processes: Readonly<Record<DecisionVariant, DecisionProcess>> = {
  rfc: processFrom(decisionVariants.rfc),
  frr: processFrom(decisionVariants.frr),
  'frr-multipath-relax': processFrom(decisionVariants['frr-multipath-relax']),
  bird: processFrom(decisionVariants.bird),
  'ios-xe': processFrom(decisionVariants['ios-xe']),
  junos: processFrom(decisionVariants.junos),
};

export function processOf({ variant = 'rfc', readings }: DecisionOptions): DecisionProcess {
  const process = processes[variant];
  if (readings === undefined || readings.length === 0) return process;
  return {
    ...process,
    readings: readings.map(({ kind, because }) => {
      const meaningful = process.meaningful.map((step) => ({ ...step, ...read[kind][step.name] }));
      return { because, process: { ...process, meaningful } };
    }),
  };
}

/** Steps as a reading has them, by what the neighbour heard before it passed the route on. */
const read: Readonly<
  Record<DecisionReading['kind'], Partial<Record<DecisionStepName, Pick<DecisionStep, 'value' | 'group'>>>>
> = {
  'neighbours-med': {
    med: {
      value: (candidate) => (candidate.parent ?? candidate).attributes.med,
      group: ({ attributes, parent }) => (parent ?? { attributes }).attributes.asPath[0] ?? LOCAL_AS,
    },
  },
  'private-as-kept': {
    'as-path-length': {
      value: ({ attributes, parent }) => {
        const heard = parent?.attributes.asPath ?? [];
        if (!heard.some((asn) => asnKind(asn) === 'private')) return attributes.asPath.length;
        const own = attributes.asPath.length - heard.filter((asn) => asnKind(asn) !== 'private').length;
        const [first] = heard;
        if (first !== undefined && asnKind(first) === 'private') return own;
        return own + heard.findLastIndex((asn) => asnKind(asn) !== 'private') + 1;
      },
    },
  },
};

/** A candidate that lost: the step, its value, and the route that was better there. */
export interface Lost {
  readonly candidate: Candidate;
  readonly step: DecisionStepName;
  readonly value: number;
  readonly winnerValue: number;
  readonly winner: Candidate | undefined;
}

/** How a device chose among the routes it holds for one class of prefixes. */
export interface Decision {
  readonly classIx: number;
  readonly device: DeviceIx;
  /** The installed routes; the first is the one advertised to neighbours. Empty: none is usable. */
  readonly best: readonly Candidate[];
  readonly lost: readonly Lost[];
  /** The arbitrary step that cut the installed set down; undefined where the design itself decides. */
  readonly tieBrokenBy: DecisionStepName | undefined;
}

/** Leaves the winners of one step in `candidates`, in their order; losers are reported with who beat them. */
function eliminate(step: DecisionStep, candidates: Candidate[], context: DecisionContext, lost?: Lost[]): void {
  const { value, group, required } = step;
  const sign = step.prefer === 'lower' ? 1 : -1;
  if (group !== undefined) {
    eliminateInGroups(step, candidates, context, group, sign, lost);
    return;
  }
  let best = Number.POSITIVE_INFINITY;
  let winner: Candidate | undefined;
  let differ = false;
  for (const candidate of candidates) {
    const rank = sign * value(candidate, context);
    if (winner !== undefined && rank !== best) differ = true;
    if (winner === undefined || rank < best) {
      best = rank;
      winner = candidate;
    }
  }
  if (required === true && best === Number.POSITIVE_INFINITY) winner = undefined;
  else if (!differ) return;
  let kept = 0;
  for (const candidate of candidates) {
    const own = value(candidate, context);
    if (winner !== undefined && sign * own === best) {
      candidates[kept] = candidate;
      kept++;
    } else {
      lost?.push({ candidate, step: step.name, value: own, winnerValue: sign * best, winner });
    }
  }
  candidates.length = kept;
}

function eliminateInGroups(
  step: DecisionStep,
  candidates: Candidate[],
  context: DecisionContext,
  group: (candidate: Candidate) => number,
  sign: 1 | -1,
  lost: Lost[] | undefined,
): void {
  const first = candidates[0];
  if (first === undefined) return;
  const common = step.value(first, context);
  if (candidates.every((candidate) => step.value(candidate, context) === common)) return;
  const winners = new Map<number, Candidate>();
  for (const candidate of candidates) {
    const key = group(candidate);
    const winner = winners.get(key);
    if (winner === undefined || sign * (step.value(candidate, context) - step.value(winner, context)) < 0) {
      winners.set(key, candidate);
    }
  }
  let kept = 0;
  for (const candidate of candidates) {
    const winner = winners.get(group(candidate));
    const own = step.value(candidate, context);
    const winnerValue = winner === undefined ? own : step.value(winner, context);
    if (own === winnerValue) {
      candidates[kept] = candidate;
      kept++;
    } else {
      lost?.push({ candidate, step: step.name, value: own, winnerValue, winner });
    }
  }
  candidates.length = kept;
}

function compareArbitrarily(
  a: Candidate,
  b: Candidate,
  context: DecisionContext,
  { arbitrary }: DecisionProcess,
): number {
  for (const step of arbitrary) {
    const difference = step.value(a, context) - step.value(b, context);
    if (difference !== 0) return step.prefer === 'lower' ? difference : -difference;
  }
  return 0;
}

/** The most common number, without the bookkeeping that more of them need. */
function rankTwo(
  candidates: Candidate[],
  first: Candidate,
  second: Candidate,
  context: DecisionContext,
  process: DecisionProcess,
): void {
  for (const { value, group, prefer, required } of process.meaningful) {
    if (group !== undefined && group(first) !== group(second)) continue;
    const a = value(first, context);
    const b = value(second, context);
    if (a === b) {
      if (required !== true || a !== Number.POSITIVE_INFINITY) continue;
      candidates.length = 0;
      return;
    }
    candidates.length = 1;
    candidates[0] = a < b === (prefer === 'lower') ? first : second;
    return;
  }
  if (compareArbitrarily(first, second, context, process) <= 0) return;
  candidates[0] = second;
  candidates[1] = first;
}

/**
 * Reduces `candidates` (which it changes) to the routes that the meaningful steps leave, ordered by the arbitrary ones:
 * the first is the best path, of which `installable` tells what goes with it.
 */
export function rank(candidates: Candidate[], context: DecisionContext, process: DecisionProcess, lost?: Lost[]): void {
  const [first, second] = candidates;
  if (candidates.length === 2 && lost === undefined && first !== undefined && second !== undefined) {
    rankTwo(candidates, first, second, context, process);
    return;
  }
  for (const step of process.meaningful) {
    if (candidates.length < 2 && step.required !== true) return;
    eliminate(step, candidates, context, lost);
  }
  if (candidates.length > 1) candidates.sort((a, b) => compareArbitrarily(a, b, context, process));
}

/**
 * The routes installed side by side, the best first. Several only if the best one was learned (IOS and FRR alike). Where
 * more are equal than may be installed, the best is joined by those of the lowest neighbour addresses, whatever their
 * router ids: observed on FRR 8.4.4, whose list of equal paths is in the order of next hops. `all` holds the candidates
 * that `ranked` is left of, in any order.
 */
export function installable<Route extends Candidate>(
  ranked: readonly Route[],
  all: readonly Route[],
  context: DecisionContext,
  { maximumPaths }: DecisionOptions,
  process: DecisionProcess,
): readonly Route[] {
  const [first] = ranked;
  if (first === undefined) return [];
  if (first.kind === 'local' || maximumPaths <= 1) return [first];
  const { pairwise, share } = process;
  const beside = pairwise
    ? all
        .filter((route) => route !== first && isEqualTo(first, route, context, process))
        .sort((a, b) => compareArbitrarily(a, b, context, process))
    : ranked.filter((route) => route !== first && share(first, route));
  if (beside.length >= maximumPaths) {
    beside.sort((a, b) => (a.session ?? -1) - (b.session ?? -1));
    beside.length = maximumPaths - 1;
  }
  return [first, ...beside];
}

/** True where no meaningful step tells the two apart. */
function isEqualTo(best: Candidate, other: Candidate, context: DecisionContext, process: DecisionProcess): boolean {
  return process.meaningful.every(
    ({ group, value }) =>
      (group !== undefined && group(best) !== group(other)) || value(best, context) === value(other, context),
  );
}

/** The whole decision with its reasons. `candidates` may come in any order. */
export function decide(
  candidates: readonly Candidate[],
  context: DecisionContext,
  options: DecisionOptions,
  place: { readonly classIx: number; readonly device: DeviceIx },
): Decision {
  const process = processOf(options);
  const eliminated: Lost[] = [];
  const ranked = [...candidates].sort((a, b) => (a.session ?? -1) - (b.session ?? -1));
  rank(ranked, context, process, eliminated);
  const best = installable(ranked, candidates, context, options, process);
  const lost = eliminated.filter(({ candidate }) => !best.includes(candidate));
  const [first] = best;
  const last = best.at(-1);
  let tieBrokenBy: DecisionStepName | undefined;
  for (const candidate of ranked) {
    if (first === undefined || last === undefined) break;
    if (best.includes(candidate)) continue;
    // What could stand beside the best was cut by the limit, last in the order of neighbours.
    const isCut = best.length > 1 && process.share(first, candidate);
    const winner = isCut ? last : first;
    const step = process.arbitrary.find(
      (item) => (!isCut || item.name === 'neighbour') && item.value(candidate, context) !== item.value(winner, context),
    );
    if (step === undefined) throw new RangeError(`two routes over session ${candidate.session} at ${place.device}`);
    tieBrokenBy ??= step.name;
    const value = step.value(candidate, context);
    lost.push({ candidate, step: step.name, value, winnerValue: step.value(winner, context), winner });
  }
  return { classIx: place.classIx, device: place.device, best, lost, tieBrokenBy };
}
