/**
 * Round trips: for each conversation, every address of its two ends and every port, the way there and the way back.
 *
 * What takes the same ways is one round trip; a conversation has several only where parts of it differ. A round trip
 * holds when the request and its answer arrive on every branch that is really used; otherwise the first branch that
 * fails is the one shown.
 */
import { type Family, type PrefixSet, setEquals, setHas, unionOf } from '@bothways/net';
import type { CompiledNetwork, ConcreteDemand, Network, PortRange } from '@bothways/network';
import type { ControlPlane } from '@bothways/routing';
import { AddressSpace, type Piece } from './address-space.ts';
import { branchesOf } from './branches.ts';
import { type Conversation, conversationsOf, outbound } from './conversation.ts';
import type { Branch } from './legs.ts';
import { NameCheck } from './names.ts';
import { stateOf } from './network-state.ts';
import type { Packet } from './packet.ts';
import type { Step } from './path.ts';
import { disjoint, type PortClass, portClasses } from './port-classes.ts';
import { type TripOutcome, type Verdict, verdictOf } from './possibilities.ts';
import { type ChooseProxy, type Route, routesOf, type SteeredPart, steeredParts } from './relay.ts';
import type { ExhaustedPool } from './translation.ts';
import { deviceAt } from './walk.ts';
import type { WalkInput } from './walk-input.ts';
import { type Asymmetry, asymmetryOf, type Symmetry, symmetryOf, type Via, viaText, type Way } from './ways.ts';

export interface RoundTrip {
  /** The conversation's id; '#2', '#3' … where parts of it behave differently. */
  readonly id: string;
  readonly demand: Conversation;
  readonly family: Family;
  /** Addresses that open the session; the round trips of a conversation are a partition of openers, targets, ports and names. */
  readonly sources: PrefixSet;
  /** Destination addresses this verdict covers. */
  readonly covers: PrefixSet;
  /** Ports of the service this verdict covers; empty where nobody says which. */
  readonly ports: readonly PortRange[];
  /** Host names this verdict covers; empty where all names of the conversation are treated alike. */
  readonly names: readonly string[];
  readonly outcome: TripOutcome;
  /** Of an unknown outcome: what is not known, with the fact behind it. */
  readonly because: string | undefined;
  readonly forward: Way;
  /** Undefined when the request did not arrive. */
  readonly back: Way | undefined;
  readonly symmetry: Symmetry;
  readonly asymmetry: Asymmetry;
  /** Request branches times answer branches that were followed. */
  readonly branches: number;
  /** Where else a branch goes: other circuits or edges than the ones shown. */
  readonly otherVias: readonly Via[];
}

export interface DataPlane {
  readonly space: AddressSpace;
  readonly input: WalkInput;
  readonly roundTrips: readonly RoundTrip[];
}

export interface RoundTripOptions {
  /** Which proxy clients use; absent: what steering says. */
  readonly chooseProxy?: ChooseProxy;
  readonly exhausted?: readonly ExhaustedPool[];
}

/** Everything that the estate communicates, both ways. */
export function roundTrips(compiled: CompiledNetwork, plane: ControlPlane, options: RoundTripOptions = {}): DataPlane {
  const space = new AddressSpace(plane, compiled.network);
  const input: WalkInput = walkInput(compiled, plane, space, options);
  const all = conversationsOf(compiled).flatMap((each) => roundTripsOf(compiled, input, each, options));
  return { space, input, roundTrips: all };
}

export function walkInput(
  { network }: CompiledNetwork,
  plane: ControlPlane,
  space: AddressSpace,
  { exhausted }: RoundTripOptions = {},
): WalkInput {
  return { network, space, state: stateOf(plane), ...(exhausted === undefined ? {} : { exhausted }) };
}

/** The round trips of a demand that the estate need not contain: what the trace command asks for. */
export function roundTripsOfDemand(
  compiled: CompiledNetwork,
  { input }: DataPlane,
  demand: ConcreteDemand,
): readonly RoundTrip[] {
  return roundTripsOf(compiled, input, outbound(compiled, demand));
}

/** The round trips of one conversation. */
export function roundTripsOf(
  compiled: CompiledNetwork,
  input: WalkInput,
  conversation: Conversation,
  { chooseProxy }: RoundTripOptions = {},
): readonly RoundTrip[] {
  const ports = portClasses(compiled.network, conversation.ports);
  const parts: Part[] = [];
  const names = new NameCheck(compiled, input, conversation);
  const steered = steeredParts(compiled, conversation, chooseProxy?.(conversation));
  for (const told of steered) {
    const classes = ports.map((each) => ({
      ...each,
      routes: routesOf(compiled, conversation, each.protocol, told.choice),
    }));
    for (const family of [4, 6] as const) {
      for (const from of input.space.pieces(told.sources, family)) {
        for (const part of partsFrom(input, conversation, classes, from, told, names)) {
          const same = parts.find((each) => each.names === part.names && isSame(each, part));
          if (same === undefined) parts.push(part);
          else same.sources = unionOf(same.sources, part.sources);
        }
      }
    }
  }
  const apart = new Set(steered.flatMap((each) => each.names));
  const joined = apart.size === 0 ? parts : byNames(parts, apart.size);
  return joined.map((part, at) => tripOf(input.network, conversation, part, at));
}

function isSame(a: Part, b: Part): boolean {
  return a.key === b.key && setEquals(a.covers, b.covers) && samePorts(a.ports, b.ports);
}

/** Names that are treated differently and fare alike are one part; one that holds all `count` names needs none. */
function byNames(parts: readonly Part[], count: number): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const at = joined.findIndex((each) => isSame(each, part) && setEquals(each.sources, part.sources));
    const same = joined[at];
    if (same === undefined) joined.push(part);
    else joined[at] = { ...same, names: [...same.names, ...part.names] };
  }
  return joined.map((part) => (part.names.length === count ? { ...part, names: [] } : part));
}

/** Every branch of a packet that stands for a round trip, the shown one among them: for whoever weighs them. */
export function branchesOfTrip(
  compiled: CompiledNetwork,
  input: WalkInput,
  trip: RoundTrip,
  { chooseProxy }: RoundTripOptions = {},
): readonly Branch[] {
  const { demand, family } = trip;
  const [from] = input.space.pieces(trip.sources, family);
  const [to] = input.space.pieces(trip.covers, family);
  const [ports] = portClasses(compiled.network, trip.ports);
  if (from === undefined || to === undefined || ports === undefined) throw new Error(`${trip.id} covers nothing`);
  const [name] = trip.names;
  const told = steeredParts(compiled, demand, chooseProxy?.(demand)).find(
    ({ sources, targets, names }) =>
      setHas(sources, from.representative) &&
      setHas(targets, to.representative) &&
      (name === undefined || names.length === 0 || names.includes(name)),
  );
  if (told === undefined) throw new Error(`nobody was told anything about ${trip.id}`);
  const routes = routesOf(compiled, demand, ports.protocol, told.choice);
  return followed(input, demand, { ...ports, routes }, from, to, new NameCheck(compiled, input, demand));
}

/** Openers, targets, ports and names that behave alike. */
interface Part {
  readonly key: string;
  readonly family: Family;
  readonly branches: readonly Branch[];
  readonly verdict: Verdict;
  readonly covers: PrefixSet;
  readonly names: readonly string[];
  sources: PrefixSet;
  ports: readonly PortRange[];
}

interface RoutedPorts extends PortClass {
  readonly routes: readonly Route[];
}

/** What one piece of the openers sees: parts by target, then by ports. */
function partsFrom(
  input: WalkInput,
  conversation: Conversation,
  classes: readonly RoutedPorts[],
  from: Piece,
  { targets: target, names }: SteeredPart,
  check: NameCheck,
): readonly Part[] {
  const parts: Part[] = [];
  const { family, set: sources } = from;
  for (const ports of classes) {
    const groups = new Map<string, { readonly branches: readonly Branch[]; readonly pieces: Piece[] }>();
    for (const to of input.space.pieces(target, family)) {
      const branches = followed(input, conversation, ports, from, to, check);
      if (branches.length === 0) continue;
      const story = branches.map((branch) => signature(input.network, branch)).join(' | ');
      const key = `${family} ${story}${choicesText(branches)}`;
      const same = groups.get(key);
      if (same === undefined) groups.set(key, { branches, pieces: [to] });
      else same.pieces.push(to);
    }
    for (const [key, { branches, pieces }] of groups) {
      const covers = input.space.together(target, family, pieces);
      const same = parts.find((each) => each.key === key && setEquals(each.covers, covers));
      if (same !== undefined) same.ports = disjoint([...same.ports, ...ports.ports]);
      else
        parts.push({ key, family, branches, verdict: verdictOf(branches), names, sources, covers, ports: ports.ports });
    }
  }
  return parts;
}

/** Every branch of a packet of these pieces and ports, by every route that it may take. */
function followed(
  input: WalkInput,
  conversation: Conversation,
  { transports, routes }: RoutedPorts,
  from: Piece,
  to: Piece,
  check: NameCheck,
): readonly Branch[] {
  const branches: Branch[] = [];
  for (const route of routes) {
    for (const transport of transports) {
      const packet: Packet = { source: from.representative, destination: to.representative, transport };
      branches.push(...branchesOf(input, conversation, route, packet, check));
    }
  }
  return branches;
}

function tripOf(network: Network, conversation: Conversation, part: Part, at: number): RoundTrip {
  const { branches, verdict, family, sources, covers, ports, names } = part;
  const shown =
    branches.find((branch) => branch.outcome === verdict.outcome) ??
    branches.find((branch) => branch.outcome !== 'holds') ??
    branches[0];
  if (shown === undefined) throw new Error(`no branch for ${conversation.id}`);
  const symmetry = symmetryOf(network, shown.forward, shown.back);
  return {
    id: at === 0 ? conversation.id : `${conversation.id}#${at + 1}`,
    demand: conversation,
    family,
    sources,
    covers,
    ports,
    names,
    outcome: verdict.outcome,
    because: verdict.because,
    forward: shown.forward,
    back: shown.back,
    symmetry,
    asymmetry: asymmetryOf(symmetry, shown.forward, shown.back),
    branches: branches.length,
    otherVias: otherVias(branches, shown),
  };
}

function otherVias(branches: readonly Branch[], shown: Branch): readonly Via[] {
  const mine = new Set([viaText(shown.forward.via), ...(shown.back === undefined ? [] : [viaText(shown.back.via)])]);
  const others = new Map<string, Via>();
  for (const branch of branches) {
    for (const way of [branch.forward, branch.back]) {
      if (way === undefined || mine.has(viaText(way.via))) continue;
      others.set(viaText(way.via), way.via);
    }
  }
  return [...others.values()];
}

function samePorts(a: readonly PortRange[], b: readonly PortRange[]): boolean {
  return (
    a.length === b.length &&
    a.every((each, at) => {
      const other = b[at];
      return each.protocol === other?.protocol && each.first === other.first && each.last === other.last;
    })
  );
}

/**
 * Branches with equal signatures tell the customer the same story. Where Microsoft delivers inside its network is not
 * part of it: a region and a service that shares its addresses are one answer.
 */
function signature(network: Network, branch: Branch): string {
  const unknown = branch.outcome === 'unknown' ? '?' : '';
  return `${waySignature(network, branch.forward)}<${waySignature(network, branch.back)}${unknown}`;
}

/** Who chooses what on which branch; prefixes of other classes make other choices, and the same story. */
function choicesText(branches: readonly Branch[]): string {
  if (branches.every(({ choices }) => choices.length === 0)) return '';
  const numbers = new Map<string, number>();
  const numberOf = (node: string): number => {
    const number = numbers.get(node) ?? numbers.size;
    numbers.set(node, number);
    return number;
  };
  const texts = branches.map(({ choices }) => choices.map(({ node, pick }) => `${numberOf(node)}=${pick}`).join());
  return ` ? ${texts.join(' | ')}`;
}

/** What the source became is part of the story: the answer is drawn to it. Undone, it is the opener's own again. */
function stepSignature(step: Step): string {
  if (step.kind !== 'translated' || step.isUndone || step.from.source === step.to.source) return step.kind;
  return `translated ${step.to.source.bits}`;
}

function waySignature(network: Network, way: Way | undefined): string {
  if (way === undefined) return '';
  let text = `${way.disposition} ${viaText(way.via)}@`;
  for (const hop of way.path.hops) {
    const { half, role } = deviceAt(network, hop.device);
    if (half === 'microsoft' && role !== 'msee' && !hop.steps.some((step) => step.kind === 'dropped')) continue;
    text += `${hop.device}/${hop.leftOn ?? ''}:${hop.steps.map(stepSignature).join('+')}>`;
  }
  return text;
}
