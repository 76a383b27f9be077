/**
 * The network as the control plane walks it: sessions cut into two directions each, policies compiled, and what is up
 * under a set of failed elements.
 *
 * A network that was edited from another one shares with it what behaves alike: a direction is the same object where
 * neither its ends nor its policies changed, so that routes carried over it are still good.
 *
 * The session of a model stands for one per family, as routers have them; a limit on prefixes takes down the one it counts.
 *
 * Direction 2s carries routes from the first end of session s to the second, direction 2s + 1 the other way.
 */
import type { Family } from '@bothways/net';
import type {
  Device,
  DeviceIx,
  LinkIx,
  Network,
  Origin,
  PrefixListEntry,
  Session,
  SessionEnd,
  SessionIx,
} from '@bothways/network';
import { alike } from './alike.ts';
import { buildIgp, type Igp } from './igp.ts';
import type { Liveness } from './liveness.ts';
import { type CompiledPolicies, type CompiledPolicy, compilePolicies, PolicyLineage } from './policy.ts';

export type DirectionIx = number;

/** Elements that are down, on top of what the network itself says. */
export interface Failures {
  readonly devices?: readonly DeviceIx[];
  readonly links?: readonly LinkIx[];
  readonly sessions?: readonly SessionIx[];
}

export interface Direction {
  readonly ix: DirectionIx;
  readonly session: Session;
  readonly sender: SessionEnd;
  readonly receiver: SessionEnd;
  readonly from: Device;
  readonly to: Device;
  readonly external: boolean;
  readonly exportPolicy: CompiledPolicy;
  readonly importPolicy: CompiledPolicy;
  /** Number among all directions that the sender has and, in the networks before an edit, had. */
  readonly slot: number;
  /** Directions of one sender that are offered the same attributes have the same number, counted per sender. */
  readonly updateGroup: number;
  /** Position in `PolicySubject.lists` of what is announced on a condition only. */
  readonly conditionalList: number | undefined;
}

/** What networks that were edited from one another share: numbers given once per sender. Only ever grows. */
class Lineage {
  readonly policies = new PolicyLineage();
  readonly slots: number[];
  readonly groups: readonly Map<string, number>[];
  directions = 0;

  constructor(devices: number) {
    this.slots = new Array<number>(devices).fill(0);
    this.groups = Array.from({ length: devices }, () => new Map<string, number>());
  }

  /** Numbers may outgrow the network by so much, then a new lineage begins. */
  isLong(network: Network): boolean {
    return (
      this.directions > 8 * network.sessions.length + 256 || this.policies.size > 4 * network.policies.length + 256
    );
  }
}

export interface Wiring {
  readonly network: Network;
  readonly lineage: Lineage;
  readonly policies: CompiledPolicies;
  /** Per device and aggregate the position in `PolicySubject.lists` of what it takes in. */
  readonly aggregateLists: readonly (readonly number[])[];
  readonly directions: readonly Direction[];
  /** By device: it has a session with another AS. */
  readonly hearsOtherAses: readonly boolean[];
  readonly outgoing: readonly (readonly Direction[])[];
  readonly incoming: readonly (readonly Direction[])[];
}

/** `earlier`: the wiring of the network that this one was edited from, if the two have one shape. */
export function buildWiring(network: Network, earlier?: Wiring): Wiring {
  const lineage = earlier?.lineage ?? new Lineage(network.devices.length);
  const policies = compilePolicies(network, lineage.policies);
  const aggregateLists = network.devices.map(({ aggregates = [] }) =>
    aggregates.map(({ prefix }) => policies.listIx([{ prefix, atLeast: prefix.length + 1 }])),
  );
  const directions: Direction[] = [];
  const outgoing: Direction[][] = network.devices.map(() => []);
  const incoming: Direction[][] = network.devices.map(() => []);
  for (const [ix, session] of network.sessions.entries()) {
    if (session.ix !== ix) throw new RangeError(`session ${session.ix} stands at position ${ix}`);
    const [first, second] = session.ends;
    for (const [sender, receiver] of [
      [first, second],
      [second, first],
    ] as const) {
      const from = element(network.devices, sender.device, 'device');
      const to = element(network.devices, receiver.device, 'device');
      const exportPolicy = element(policies.policies, sender.export, 'policy');
      const importPolicy = element(policies.policies, receiver.import, 'policy');
      const held = earlier?.directions[directions.length];
      const conditionalList = conditionalListOf(sender, policies.listIx);
      let direction = held;
      if (
        held === undefined ||
        held.exportPolicy !== exportPolicy ||
        held.importPolicy !== importPolicy ||
        held.conditionalList !== conditionalList ||
        !sameEnd(held.sender, sender) ||
        !sameEnd(held.receiver, receiver)
      ) {
        lineage.directions++;
        const slot = element(lineage.slots, from.ix, 'device');
        lineage.slots[from.ix] = slot + 1;
        const group = element(lineage.groups, from.ix, 'device');
        direction = {
          ix: directions.length,
          session,
          sender,
          receiver,
          from,
          to,
          external: sender.asn !== receiver.asn,
          exportPolicy,
          importPolicy,
          slot,
          updateGroup: updateGroup(group, session, sender, receiver, exportPolicy),
          conditionalList,
        };
      }
      if (direction === undefined) throw new RangeError(`direction ${directions.length} was not made`);
      directions.push(direction);
      outgoing[from.ix]?.push(direction);
      incoming[to.ix]?.push(direction);
    }
    if (session.link !== undefined) checkLink(network, session, session.link);
  }
  const hearsOtherAses = incoming.map((list) => list.some(({ external }) => external));
  return { hearsOtherAses, network, lineage, policies, aggregateLists, directions, outgoing, incoming };
}

/** Policies are compared by what they do, and the condition of an advertisement is no business of the routes. */
function sameEnd(a: SessionEnd, b: SessionEnd): boolean {
  const rest = { import: 0, export: 0, conditionalAdvertisement: undefined };
  return alike({ ...a, ...rest }, { ...b, ...rest });
}

function conditionalListOf(
  { conditionalAdvertisement }: SessionEnd,
  listIx: (entries: readonly PrefixListEntry[]) => number,
): number | undefined {
  return conditionalAdvertisement === undefined ? undefined : listIx(conditionalAdvertisement.routes);
}

/**
 * True where positions in one network mean the same in the other, so that the second can be an edit of the first. Links
 * and sessions may come and go at the end of their lists.
 */
export function sameShape(a: Network, b: Network): boolean {
  const links = Math.min(a.links.length, b.links.length);
  const sessions = Math.min(a.sessions.length, b.sessions.length);
  return (
    a.devices.length === b.devices.length &&
    a.devices.every((device, ix) => {
      const other = b.devices[ix];
      return other !== undefined && device.asn === other.asn && device.routerId === other.routerId;
    }) &&
    a.links.slice(0, links).every((link, ix) => link.a === b.links[ix]?.a && link.b === b.links[ix]?.b) &&
    a.sessions.slice(0, sessions).every((session, ix) => {
      const other = b.sessions[ix];
      if (other === undefined || session.link !== other.link) return false;
      return session.ends.every((end, side) => end.device === other.ends[side]?.device);
    })
  );
}

/** Everything that the attributes on offer depend on, besides the route. */
function updateGroup(
  known: Map<string, number>,
  session: Session,
  sender: SessionEnd,
  receiver: SessionEnd,
  { identity }: CompiledPolicy,
): number {
  const { asn, localAs, nextHopSelf, removePrivateAs } = sender;
  const key = `${asn} ${receiver.asn} ${localAs} ${identity} ${nextHopSelf} ${removePrivateAs} ${session.link}`;
  const group = known.get(key) ?? known.size;
  known.set(key, group);
  return group;
}

/** The item at a position that the network promises to hold; anything else is a bug of whoever built the network. */
export function element<Item>(items: readonly Item[], ix: number, kind: string): Item {
  const item = items[ix];
  if (item === undefined) throw new RangeError(`${kind} ${ix} of ${items.length} does not exist`);
  return item;
}

function checkLink(network: Network, session: Session, linkIx: LinkIx): void {
  const link = element(network.links, linkIx, 'link');
  const [first, second] = session.ends;
  const fits =
    (link.a === first.device && link.b === second.device) || (link.b === first.device && link.a === second.device);
  if (fits) return;
  throw new RangeError(
    `session ${session.ix} joins ${first.device} and ${second.device}, its link ${linkIx} joins ${link.a} and ${link.b}`,
  );
}

export type SessionState =
  | {
      readonly kind: 'up';
      /** Carries nothing of this family, whose routers talk over a session of their own that exceeded its limit. */
      readonly without?: {
        readonly family: Family;
        readonly cause: 'maximum-prefixes';
        readonly because: string;
        readonly origins: readonly Origin[];
      };
    }
  | {
      readonly kind: 'down';
      readonly cause: 'declared' | 'failed' | 'device-failed' | 'link-failed' | 'unreachable' | 'maximum-prefixes';
      readonly because: string;
      readonly origins: readonly Origin[];
    };

/** What is up, and how devices reach each other, under a set of failures. */
export interface Situation {
  readonly liveness: Liveness;
  readonly igp: Igp;
  readonly sessions: readonly SessionState[];
}

/** True where the direction's session is up and carries the family. */
export function isUp({ sessions }: Situation, { session }: Direction, family: Family): boolean {
  return carries(sessions[session.ix], family);
}

export function carries(state: SessionState | undefined, family: Family): boolean {
  return state?.kind === 'up' && state.without?.family !== family;
}

/** True where a session carries one family only, so that the two see different networks. */
export function differsByFamily({ sessions }: Situation): boolean {
  return sessions.some((state) => state.kind === 'up' && state.without !== undefined);
}

/** `before`, of a network with the same IGP, lends its own where no link has changed. */
export function situationUnder(network: Network, failed: Failures, before?: Situation): Situation {
  const liveness: Liveness = {
    device: new Uint8Array(network.devices.length).fill(1),
    link: new Uint8Array(network.links.length).fill(1),
  };
  for (const ix of failed.devices ?? []) liveness.device[element(network.devices, ix, 'device').ix] = 0;
  for (const ix of failed.links ?? []) liveness.link[element(network.links, ix, 'link').ix] = 0;
  for (const link of network.links) {
    if (liveness.device[link.a] !== 1 || liveness.device[link.b] !== 1) liveness.link[link.ix] = 0;
  }
  takeDownTunnels(network, liveness);
  const sameLinks = before !== undefined && liveness.link.every((up, ix) => up === before.liveness.link[ix]);
  const igp = sameLinks ? before.igp : buildIgp(network, liveness);
  const failedSessions = new Set(failed.sessions);
  for (const ix of failedSessions) element(network.sessions, ix, 'session');
  const sessions = network.sessions.map((session) => sessionState(session, failedSessions, liveness, igp));
  return { liveness, igp, sessions };
}

/** A tunnel is down with any link that carries it; tunnels may run over tunnels. */
function takeDownTunnels({ links }: Network, { link: up }: Liveness): void {
  const tunnels = links.filter(({ carriedBy = [] }) => carriedBy.length > 0);
  let before = -1;
  let down = 0;
  while (down !== before) {
    before = down;
    for (const { ix, carriedBy = [] } of tunnels) {
      if (up[ix] !== 1 || carriedBy.every((under) => up[element(links, under, 'link').ix] === 1)) continue;
      up[ix] = 0;
      down++;
    }
  }
}

const UP: SessionState = { kind: 'up' };

function sessionState(session: Session, failed: ReadonlySet<SessionIx>, liveness: Liveness, igp: Igp): SessionState {
  const { origins } = session;
  const [first, second] = session.ends;
  if (session.down !== undefined) return { kind: 'down', cause: 'declared', ...session.down };
  if (failed.has(session.ix)) return { kind: 'down', cause: 'failed', because: 'the session failed', origins };
  if (liveness.device[first.device] !== 1 || liveness.device[second.device] !== 1) {
    return { kind: 'down', cause: 'device-failed', because: 'a device at its end failed', origins };
  }
  if (session.link !== undefined) {
    if (liveness.link[session.link] === 1) return UP;
    return { kind: 'down', cause: 'link-failed', because: 'the link under it failed', origins };
  }
  if (igp.cost(first.device, second.device, undefined) < Number.POSITIVE_INFINITY) return UP;
  return { kind: 'down', cause: 'unreachable', because: 'the two ends have no way to each other', origins };
}
