/**
 * What happens to a route between the table of one speaker and the table of its neighbour: the rules of advertisement
 * (RFC 4271 section 9.2, RFC 4456 section 6, RFC 1997), export policy, the attributes that change on the way, loop
 * checks and import policy.
 *
 * A route is a node in the tree of paths it was carried along: the same neighbour's route over the same session is the
 * same object, so comparing two routes is comparing two references, and a route shows the whole way it came.
 *
 * Choices where implementations differ: a route is never sent back over the session it came from; a locally originated
 * MED is kept towards another AS, a learned one is removed before export policy runs; private ASNs are taken out before
 * export policy runs, except the neighbour's own (all as FRR 8 does); next-hop-self leaves reflected routes alone
 * (RFC 4456 section 10), the policy action of that name does not, and has no effect on import.
 *
 * Left out: confederations (RFC 5065), AS_SET (RFC 9774 deprecates it), additional paths (RFC 7911), third-party next hops
 * towards another AS. An origination on a condition is announced inside the AS with the own address, where routers give
 * the gateway of the route that fulfils it.
 */
import { type Asn, asnKind } from '@bothways/net';
import type { Device, DeviceIx, Network, SessionIx } from '@bothways/network';
import type { Attributes } from './attributes.ts';
import { DEFAULT_LOCAL_PREFERENCE } from './attributes.ts';
import { type AppliedTerm, applyPolicy, type PolicySubject, type PolicyTrace } from './policy.ts';
import { type Direction, element } from './wiring.ts';

/** `Device.originations`, `Device.redistributions` or `Device.aggregates`. */
export type LocalSource = 'origination' | 'redistribution' | 'aggregate';

/** A route in the table of `device`, as it stands after import. */
export interface Candidate {
  readonly kind: 'local' | 'ebgp' | 'ibgp';
  readonly device: DeviceIx;
  /** Undefined for a route the device originates. */
  readonly session: SessionIx | undefined;
  /** Who sent it; the device itself for a route it originates. */
  readonly neighbour: DeviceIx;
  readonly neighbourRouterId: number;
  readonly attributes: Attributes;
  /** The device that put it into BGP, out of which of its lists, and the position there. */
  readonly originator: DeviceIx;
  readonly source: LocalSource;
  readonly origination: number;
  /** The neighbour's own route that this one was made from. */
  readonly parent: Candidate | undefined;
}

/**
 * A candidate with what was made from it so far. Getters instead of fields keep it small: a large network holds
 * millions.
 */
export class PathNode implements Candidate {
  readonly attributes: Attributes;
  readonly parent: PathNode | undefined;
  /** The direction it arrived by; undefined for a local route. */
  readonly direction: Direction | undefined;
  /** The local route it began as. */
  readonly #origin: LocalOrigin;
  /** Routes made from it, by slot of the direction: null where none arrives. */
  #carried: (PathNode | null | undefined)[] | undefined;
  /** Attributes offered to the neighbours of an update group, by group: null where export policy rejects it. */
  #offered: (Attributes | null | undefined)[] | undefined;

  constructor(attributes: Attributes, origin: LocalOrigin, parent?: PathNode, direction?: Direction) {
    this.attributes = attributes;
    this.#origin = origin;
    this.parent = parent;
    this.direction = direction;
  }

  get kind(): Candidate['kind'] {
    if (this.direction === undefined) return 'local';
    return this.direction.external ? 'ebgp' : 'ibgp';
  }

  get device(): DeviceIx {
    return this.direction === undefined ? this.#origin.device.ix : this.direction.to.ix;
  }

  get session(): SessionIx | undefined {
    return this.direction?.session.ix;
  }

  get neighbour(): DeviceIx {
    return this.direction === undefined ? this.#origin.device.ix : this.direction.from.ix;
  }

  get neighbourRouterId(): number {
    return this.direction === undefined ? this.#origin.device.routerId : this.direction.from.routerId;
  }

  get originator(): DeviceIx {
    return this.#origin.device.ix;
  }

  get source(): LocalSource {
    return this.#origin.kind;
  }

  get origination(): number {
    return this.#origin.entry;
  }

  /** The neighbour's route, or null; the same object every time. */
  carry(direction: Direction, subject: PolicySubject): PathNode | null {
    const known = this.#carried?.[direction.slot];
    if (known !== undefined) return known;
    // Most routes of a large network go nowhere from where they are; they need no memory of it.
    if (advertisementRefused(direction, this) !== undefined) return null;
    const attributes = transfer(direction, this, subject);
    const arrived = attributes === undefined ? null : new PathNode(attributes, this.#origin, this, direction);
    this.#carried ??= [];
    this.#carried[direction.slot] = arrived;
    return arrived;
  }

  /** As `carry`, but what it makes is not remembered, so that it is another object the next time. */
  carryOnce(direction: Direction, subject: PolicySubject): PathNode | null {
    const known = this.#carried?.[direction.slot];
    if (known !== undefined) return known;
    const attributes = transfer(direction, this, subject, undefined, false);
    return attributes === undefined ? null : new PathNode(attributes, this.#origin, this, direction);
  }

  /** The attributes sent to every neighbour of the direction's update group; null: rejected. */
  offer(direction: Direction, subject: PolicySubject): Attributes | null {
    const known = this.#offered?.[direction.updateGroup];
    if (known !== undefined) return known;
    const attributes = exported(direction, this, subject, undefined) ?? null;
    this.#offered ??= [];
    this.#offered[direction.updateGroup] = attributes;
    return attributes;
  }

  /** Lets go of everything made from it, which can be made again. */
  forget(): void {
    this.#carried = undefined;
    this.#offered = undefined;
  }
}

/** True for two routes that came the same way, be they one object or not. */
export function samePath(a: PathNode | undefined, b: PathNode | undefined): boolean {
  let left = a;
  let right = b;
  while (left !== right) {
    // Local routes exist once, so two that differ are different routes.
    if (left?.direction === undefined || left.direction !== right?.direction) return false;
    left = left.parent;
    right = right.parent;
  }
  return true;
}

/** Where a route enters BGP: an entry of one of the device's lists. */
export interface LocalOrigin {
  readonly kind: LocalSource;
  readonly device: Device;
  readonly entry: number;
}

export type StopReason =
  | 'session-down'
  | 'suppressed'
  | 'condition'
  | 'nothing-to-send'
  | 'learned-on-this-session'
  | 'not-reflected'
  | 'no-advertise'
  | 'no-export'
  | 'export-policy'
  | 'as-loop'
  | 'originator-loop'
  | 'cluster-loop'
  | 'own-next-hop'
  | 'import-policy';

/** Filled while a transfer is explained: why the route stopped, and the policy terms that touched it. */
export interface TransferTrace {
  readonly network: Network;
  stopped: StopReason | undefined;
  readonly exported: AppliedTerm[];
  readonly imported: AppliedTerm[];
  /** The attributes when it stopped or arrived. */
  attributes: Attributes | undefined;
}

// RFC 1997, "Well-known Communities".
const NO_EXPORT = 0xffffff01;
const NO_ADVERTISE = 0xffffff02;
const NO_EXPORT_SUBCONFED = 0xffffff03;

/** The attributes a route has in the neighbour's table, or undefined; `trace` tells why, `remembers` keeps what is offered. */
export function transfer(
  direction: Direction,
  route: PathNode,
  subject: PolicySubject,
  trace?: TransferTrace,
  remembers = true,
): Attributes | undefined {
  const refused = advertisementRefused(direction, route);
  if (refused !== undefined) return stop(trace, refused, route.attributes);
  const isOffered = trace === undefined && remembers;
  const sent = isOffered ? route.offer(direction, subject) : exported(direction, route, subject, trace);
  if (sent === null || sent === undefined) return stop(trace, 'export-policy', route.attributes);
  const looping = loop(direction, sent);
  if (looping !== undefined) return stop(trace, looping, sent);
  const { receiver } = direction;
  // `local-as` without `no-prepend`: the AS spoken here is on the path as if it had stood between (FRR, IOS).
  const shown = receiver.localAs === 'prepend' && direction.external && receiver.asn !== direction.to.asn;
  const arrived = shown ? { ...sent, asPath: [receiver.asn, ...sent.asPath] } : sent;
  const tracing = trace === undefined ? undefined : policyTrace(trace, direction, 'import');
  const { attributes } = applyPolicy(direction.importPolicy, arrived, subject, false, tracing);
  if (attributes === undefined) return stop(trace, 'import-policy', arrived);
  if (trace !== undefined) trace.attributes = attributes;
  return attributes;
}

/** The policy as the network of the trace has it: its names may be newer than the direction. */
function policyTrace(
  { network, exported: sent, imported }: TransferTrace,
  direction: Direction,
  way: 'import' | 'export',
): PolicyTrace {
  const { ends } = element(network.sessions, direction.session.ix, 'session');
  const [from, to] = direction.ix % 2 === 0 ? ends : [ends[1], ends[0]];
  const policy = element(network.policies, way === 'export' ? from.export : to.import, 'policy');
  return { policy, terms: way === 'export' ? sent : imported };
}

function stop(trace: TransferTrace | undefined, reason: StopReason, attributes: Attributes): undefined {
  if (trace !== undefined) {
    trace.stopped = reason;
    trace.attributes = attributes;
  }
  return undefined;
}

function advertisementRefused(direction: Direction, route: PathNode): StopReason | undefined {
  if (route.session === direction.session.ix) return 'learned-on-this-session';
  if (!direction.external && route.kind === 'ibgp') {
    // RFC 4456 section 6: from a client to everybody, from anybody else to clients only.
    const fromClient = route.direction?.receiver.routeReflectorClient ?? false;
    if (!fromClient && !direction.sender.routeReflectorClient) return 'not-reflected';
  }
  for (const community of route.attributes.communities) {
    const value: number = community;
    if (value === NO_ADVERTISE) return 'no-advertise';
    if (direction.external && (value === NO_EXPORT || value === NO_EXPORT_SUBCONFED)) return 'no-export';
  }
  return undefined;
}

const NO_CLUSTERS: Attributes['clusterList'] = [];

function exported(
  direction: Direction,
  route: PathNode,
  subject: PolicySubject,
  trace: TransferTrace | undefined,
): Attributes | undefined {
  const { external, sender, from, session } = direction;
  const held = route.attributes;
  const reflected = !external && route.kind === 'ibgp';
  // RFC 4271 section 5.1.3: inside the AS, a route keeps the router that its packets are handed to, be that an external
  // neighbour or the gateway of a route that was redistributed.
  const isOwn = route.kind === 'local' && held.nextHop === from.ix;
  const ownNextHop = external || isOwn || (sender.nextHopSelf && route.kind !== 'ibgp');
  const offered: Attributes = {
    asPath: external ? withoutPrivate(held.asPath, direction) : held.asPath,
    originCode: held.originCode,
    nextHop: ownNextHop ? from.ix : held.nextHop,
    nextHopLink: ownNextHop ? session.link : held.nextHopLink,
    // RFC 4271 section 5.1.4: a learned MED must not reach another AS.
    med: external && route.kind !== 'local' ? 0 : held.med,
    localPreference: external ? DEFAULT_LOCAL_PREFERENCE : held.localPreference,
    weight: 0,
    communities: held.communities,
    largeCommunities: held.largeCommunities,
    originatorId: reflected ? (held.originatorId ?? route.neighbourRouterId) : undefined,
    clusterList: reflected ? [from.routerId, ...held.clusterList] : NO_CLUSTERS,
    aggregator: held.aggregator,
  };
  const tracing = trace === undefined ? undefined : policyTrace(trace, direction, 'export');
  const outcome = applyPolicy(direction.exportPolicy, offered, subject, route.kind === 'local', tracing);
  const { attributes } = outcome;
  if (attributes === undefined) return undefined;
  const nextHop = outcome.nextHopSelf ? from.ix : attributes.nextHop;
  const nextHopLink = outcome.nextHopSelf ? session.link : attributes.nextHopLink;
  if (external) {
    // What a policy said about LOCAL_PREF and weight stays behind (RFC 4271 section 5.1.5).
    return {
      ...attributes,
      // Spread lists keep room for more; there are millions of these.
      asPath: ownAsns(direction).concat(attributes.asPath),
      nextHop,
      nextHopLink,
      localPreference: DEFAULT_LOCAL_PREFERENCE,
      weight: 0,
    };
  }
  if (!outcome.nextHopSelf && attributes.weight === 0) return attributes;
  return { ...attributes, nextHop, nextHopLink, weight: 0 };
}

/**
 * What the sender puts in front of the path: the AS of the session, and its own behind that where it shows both; not
 * a private one where such are taken out (as FRR does).
 */
function ownAsns({ sender, from }: Direction): readonly Asn[] {
  const both = sender.asn !== from.asn && (sender.localAs === 'prepend' || sender.localAs === 'no-prepend');
  const isHidden = sender.removePrivateAs !== 'none' && asnKind(from.asn) === 'private';
  return both && !isHidden ? [sender.asn, from.asn] : [sender.asn];
}

/** What stands in for a private AS is the own one, not the one spoken on the session (as FRR does). */
function withoutPrivate(path: readonly Asn[], { sender, receiver, from }: Direction): readonly Asn[] {
  const neighbour = receiver.asn;
  if (sender.removePrivateAs === 'none') return path;
  const removed = (asn: Asn): boolean => asn !== neighbour && asnKind(asn) === 'private';
  if (!path.some(removed)) return path;
  if (sender.removePrivateAs === 'all') return path.filter((asn) => !removed(asn));
  return path.map((asn) => (removed(asn) ? from.asn : asn));
}

function loop(direction: Direction, sent: Attributes): StopReason | undefined {
  const { receiver, to } = direction;
  let own = 0;
  for (const asn of sent.asPath) if (asn === receiver.asn || asn === to.asn) own++;
  if (own > receiver.allowAsIn) return 'as-loop';
  if (sent.originatorId === to.routerId) return 'originator-loop';
  if (sent.clusterList.includes(to.routerId)) return 'cluster-loop';
  if (sent.nextHop === to.ix) return 'own-next-hop';
  return undefined;
}
