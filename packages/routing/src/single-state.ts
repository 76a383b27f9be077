/**
 * A proof that a class of prefixes has one stable state and always finds it, whatever fails.
 *
 * Griffin, Shepherd and Wilfong ("The stable paths problem and interdomain routing", 2002) show that a network without a
 * dispute wheel has exactly one stable state, that every fair order of activations reaches it, and that the same is
 * true when paths are taken away. So one proof for the whole network covers all its failures, and a failure that
 * takes away no path in use changes nothing.
 *
 * Along the rim of a wheel each pivot likes the way around at least as well as its own, which comes from another neighbour.
 * That cannot be where every step makes a route worse in the order (local preference, AS-path length, external before
 * internal): this is checked for every direction that lies on a cycle of directions the class can travel. Directions on
 * no cycle may do what they like; the circuit that raises the local preference is one. A direction that ends at a
 * device which sends the class nowhere else, and which has no other way as bad, is on no rim. What the class can travel
 * is found by running the policies with the attributes left open, which finds too much rather than too little.
 *
 * Left out, so that nothing is proven there: weights, MED, own ASNs allowed in received paths, and what `conditions.ts`
 * couples. A class without a proof may still have one stable state.
 */
import { type Asn, asnKind, type Community, communityHigh, communityLow } from '@bothways/net';
import type { DeviceIx, Network, Policy, PolicyCondition, PrefixListEntry } from '@bothways/network';
import { DEFAULT_LOCAL_PREFERENCE } from './attributes.ts';
import type { BgpClass } from './classes.ts';
import type { Direction, DirectionIx, Wiring } from './wiring.ts';
import { element } from './wiring.ts';

/** Undefined where no answer is certain. */
type Tristate = boolean | undefined;

/** Local preferences a route may have: least and greatest. */
interface Preferences {
  readonly low: number;
  readonly high: number;
}

const DEFAULT: Preferences = { low: DEFAULT_LOCAL_PREFERENCE, high: DEFAULT_LOCAL_PREFERENCE };

/** What may be said of every route that comes in over a direction, or that a device has itself. */
interface Arrival {
  readonly direction: Direction | undefined;
  preference: Preferences;
  /** AS-path length. */
  shortest: number;
  longest: number;
  /** How often `longest` grew. */
  growth: number;
  /** ASNs of several devices that are on the path for certain, one bit each. */
  asns: number;
}

/** Lengths that grow more often than this are taken to grow for ever. */
const MOST_GROWTH = 6;

/** What the proof asks of all policies and sessions of a network, whatever the class. */
function decidesByPath({ devices, sessions, policies }: Network): boolean {
  const weighs = policies.some(({ terms }) =>
    terms.some(({ set }) => set.some(({ kind }) => kind === 'med' || kind === 'weight')),
  );
  const looksTwice = sessions.some(({ ends }) =>
    ends.some(({ allowAsIn, localAs, asn, device }) => {
      const speaksOther = asn !== element(devices, device, 'device').asn;
      return allowAsIn > 0 || (speaksOther && localAs !== undefined && localAs !== 'replace-as');
    }),
  );
  return !weighs && !looksTwice;
}

export interface ClassLook {
  /** The class has one stable state under every set of failures. */
  readonly proven: boolean;
  /** Where proven: directions over which a route of the class may be accepted in some situation, chosen or not. */
  readonly accepted: ReadonlySet<DirectionIx>;
}

/** Owns what is asked of every class. */
export class SingleStates {
  readonly #wiring: Wiring;
  readonly #decides: boolean;
  readonly #added: ReadonlySet<Community>;
  /** By direction. */
  readonly #lengthening: readonly Lengthening[];

  constructor(wiring: Wiring) {
    this.#wiring = wiring;
    this.#decides = decidesByPath(wiring.network);
    const added = wiring.network.policies.flatMap(({ terms }) =>
      terms.flatMap(({ set }) => set.flatMap((action) => (action.kind === 'community-add' ? action.communities : []))),
    );
    this.#added = new Set(added);
    const bits = bitsOf(wiring.network);
    this.#lengthening = wiring.directions.map((direction) => lengtheningOf(wiring, direction, bits));
  }

  look(bgpClass: BgpClass): ClassLook {
    if (!this.#decides || !this.#sameMeaning(bgpClass)) return { proven: false, accepted: new Set() };
    const travel = this.#travel(bgpClass);
    const rim = onSomeRim(travel);
    const component = componentsOf(this.#wiring.network.devices.length, rim);
    const proven = rim.every((direction) => {
      if (component[direction.from.ix] !== component[direction.to.ix]) return true;
      const arrival = travel.arcs.get(direction.ix);
      return (
        arrival === undefined || worsens(direction, sourcesOf(travel, direction, this.#of(direction).loops), arrival)
      );
    });
    return { proven, accepted: travel.accepted };
  }

  /** Originations only, without MED, that agree in what is compared between AS-path length and the end. */
  #sameMeaning({ places }: BgpClass): boolean {
    const { devices } = this.#wiring.network;
    const codes = new Set<string>();
    for (const { kind, device, entry } of places) {
      if (kind !== 'origination') return false;
      const { med, originCode } = element(element(devices, device, 'device').originations, entry, 'origination');
      if (med !== 0) return false;
      codes.add(originCode);
    }
    return codes.size <= 1;
  }

  #travel(bgpClass: BgpClass): Travel {
    const { network, outgoing, policies } = this.#wiring;
    const local = new Set(bgpClass.places.map(({ device }) => device));
    const possible = new Set(this.#added);
    for (const { kind, device, entry } of bgpClass.places) {
      if (kind !== 'origination') continue;
      const { communities } = element(element(network.devices, device, 'device').originations, entry, 'origination');
      for (const community of communities) possible.add(community);
    }
    const held: Arrival[][] = network.devices.map(({ ix }) => (local.has(ix) ? [ownRoute()] : []));
    const arcs = new Map<DirectionIx, Arrival>();
    const accepted = new Set<DirectionIx>();
    const travel: Travel = { arcs, held, accepted };
    const queue = [...local];
    const waiting = new Set(queue);
    // By direction; of an external one, what its policies do does not depend on what is offered.
    const verdicts = new Map<DirectionIx, Preferences | undefined>();
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      waiting.delete(at);
      for (const direction of outgoing[at] ?? []) {
        const { external, to, receiver, sender } = direction;
        const sources = sourcesOf(travel, direction, this.#of(direction).loops);
        const [first] = sources;
        if (first === undefined) continue;
        let arrived: Preferences | undefined;
        if (external && verdicts.has(direction.ix)) arrived = verdicts.get(direction.ix);
        else {
          const question: Question = { bgpClass, listIx: policies.listIx, possible, here: false };
          const onExport: Question = local.has(at) ? { ...question, here: undefined } : question;
          const offered = sources.reduce((sum, each) => joined(sum, each.preference), first.preference);
          const exporting = element(network.policies, sender.export, 'policy');
          const sent = outcome(exporting, external ? DEFAULT : offered, onExport);
          const importing = element(network.policies, receiver.import, 'policy');
          arrived = sent === undefined ? undefined : outcome(importing, external ? DEFAULT : sent, question);
          if (external) verdicts.set(direction.ix, arrived);
        }
        if (arrived === undefined) continue;
        accepted.add(direction.ix);
        // Whoever has a route of its own chooses it unless the other is preferred.
        if (local.has(to.ix) && arrived.high <= DEFAULT_LOCAL_PREFERENCE) continue;
        if (!merge(travel, direction, arrived, sources, this.#of(direction))) continue;
        if (waiting.has(to.ix)) continue;
        waiting.add(to.ix);
        queue.push(to.ix);
      }
    }
    return travel;
  }

  #of({ ix }: Direction): Lengthening {
    return element(this.#lengthening, ix, 'direction');
  }
}

/** What a direction does to every AS path. */
interface Lengthening {
  /** Most times that policies put an AS in front. */
  readonly prepends: number;
  /** Bit of the AS that is put in front. */
  readonly front: number;
  /** Bits of the ASNs that stay; all but private ones where these are taken out. */
  readonly kept: number;
  /** Bits of the ASNs that the receiver does not take back. */
  readonly loops: number;
}

/** ASNs of one device alone need no bit: no path meets a device twice. */
function bitsOf({ devices, sessions }: Network): ReadonlyMap<Asn, number> {
  const speakers = new Map<Asn, Set<DeviceIx>>();
  const speaks = (asn: Asn, device: DeviceIx): void => {
    speakers.set(asn, (speakers.get(asn) ?? new Set()).add(device));
  };
  for (const { asn, ix } of devices) speaks(asn, ix);
  for (const { ends } of sessions) for (const { asn, device } of ends) speaks(asn, device);
  const shared = [...speakers].filter(([, by]) => by.size > 1).map(([asn]) => asn);
  return new Map(shared.slice(0, 30).map((asn, position) => [asn, 1 << position]));
}

function lengtheningOf({ network }: Wiring, direction: Direction, bits: ReadonlyMap<Asn, number>): Lengthening {
  const { external, sender, receiver, to } = direction;
  let prepends = 0;
  for (const ix of [sender.export, receiver.import]) {
    for (const { set } of element(network.policies, ix, 'policy').terms) {
      for (const action of set) if (action.kind === 'prepend') prepends += action.times;
    }
  }
  let kept = ~0;
  if (external && sender.removePrivateAs !== 'none') {
    kept = 0;
    for (const [asn, bit] of bits) if (asnKind(asn) !== 'private') kept |= bit;
  }
  const bit = (asn: Asn): number => bits.get(asn) ?? 0;
  return { prepends, front: external ? bit(sender.asn) : 0, kept, loops: bit(receiver.asn) | bit(to.asn) };
}

interface Travel {
  /** By direction: what arrives over it. */
  readonly arcs: Map<DirectionIx, Arrival>;
  /** By device: what it may hold. */
  readonly held: readonly Arrival[][];
  readonly accepted: ReadonlySet<DirectionIx>;
}

function ownRoute(): Arrival {
  return { direction: undefined, preference: DEFAULT, shortest: 0, longest: 0, growth: 0, asns: 0 };
}

/** What of the sender's routes may go over a direction: not what came from there, nor what is known to loop. */
function sourcesOf(
  { held }: Travel,
  { external, from, to, sender, session }: Direction,
  loops: number,
): readonly Arrival[] {
  return (held[from.ix] ?? []).filter((arrival) => {
    const { direction } = arrival;
    if (direction === undefined) return true;
    if (direction.session === session || direction.from.ix === to.ix) return false;
    if ((arrival.asns & loops) !== 0) return false;
    if (external || direction.external) return true;
    return direction.receiver.routeReflectorClient || sender.routeReflectorClient;
  });
}

/** Adds to what is known to arrive; false where nothing is new. */
function merge(
  { arcs, held }: Travel,
  direction: Direction,
  preference: Preferences,
  sources: readonly Arrival[],
  { prepends, front, kept }: Lengthening,
): boolean {
  const { external, from, to, sender } = direction;
  const added = external ? (sender.asn === from.asn ? 1 : 2) : 0;
  let shortest = Number.POSITIVE_INFINITY;
  let longest = 0;
  let asns = ~0;
  for (const source of sources) {
    shortest = Math.min(shortest, (kept === ~0 ? source.shortest : 0) + Math.min(added, 1));
    longest = Math.max(longest, source.longest + added + prepends);
    asns &= source.asns;
  }
  asns = (asns & kept) | front;
  const before = arcs.get(direction.ix);
  if (before === undefined) {
    const arrival: Arrival = { direction, preference, shortest, longest, growth: 0, asns };
    arcs.set(direction.ix, arrival);
    held[to.ix]?.push(arrival);
    return true;
  }
  if (longest > before.longest) {
    before.growth++;
    if (before.growth > MOST_GROWTH) longest = Number.POSITIVE_INFINITY;
  }
  const wider = joined(before.preference, preference);
  const fewer = before.asns & asns;
  const isNews =
    wider.low < before.preference.low ||
    wider.high > before.preference.high ||
    shortest < before.shortest ||
    longest > before.longest ||
    fewer !== before.asns;
  before.preference = wider;
  before.shortest = Math.min(before.shortest, shortest);
  before.longest = Math.max(before.longest, longest);
  before.asns = fewer;
  return isNews;
}

/**
 * Directions that the rim of a wheel can have: the device at the end passes the class on to a third one, or is a pivot
 * that may like this way as well as one from another neighbour.
 */
function onSomeRim({ arcs, held }: Travel): readonly Direction[] {
  let rim = [...arcs.values()].flatMap(({ direction }) => (direction === undefined ? [] : [direction]));
  const isPivot = ({ ix, from, to }: Direction): boolean => {
    const arrival = arcs.get(ix);
    if (arrival === undefined) return false;
    return (held[to.ix] ?? []).some((other) => {
      if (other.direction?.from.ix === from.ix) return false;
      if (arrival.preference.high !== other.preference.low) return arrival.preference.high > other.preference.low;
      return arrival.shortest <= other.longest;
    });
  };
  for (;;) {
    const next = new Map<DeviceIx, Set<DeviceIx>>();
    for (const { from, to } of rim) next.set(from.ix, (next.get(from.ix) ?? new Set()).add(to.ix));
    const left = rim.filter((direction) => {
      const onward = next.get(direction.to.ix);
      if (onward === undefined) return false;
      const passesOn = onward.size > (onward.has(direction.from.ix) ? 1 : 0);
      return passesOn || isPivot(direction);
    });
    if (left.length === rim.length) return rim;
    rim = left;
  }
}

function worsens({ external, sender }: Direction, sources: readonly Arrival[], arrival: Arrival): boolean {
  if (external && sender.removePrivateAs === 'all') return false;
  return sources.every((source) => {
    if (arrival.preference.high > source.preference.low) return false;
    // The AS in front makes the path longer; reflected, a route is as good at the client as at the reflector.
    return external || source.direction === undefined || source.direction.external;
  });
}

function joined(a: Preferences | undefined, b: Preferences): Preferences {
  if (a === undefined) return b;
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

interface Question {
  readonly bgpClass: BgpClass;
  readonly listIx: (entries: readonly PrefixListEntry[]) => number;
  /** Communities a route of the class may carry. */
  readonly possible: ReadonlySet<Community>;
  /** The device put the route into BGP itself. */
  readonly here: Tristate;
}

/** Local preferences of what a policy may accept; undefined: it rejects whatever comes. */
function outcome(policy: Policy, offered: Preferences, question: Question): Preferences | undefined {
  let current = offered;
  let accepted: Preferences | undefined;
  for (const { when, set, then } of policy.terms) {
    const fits = allOf(when.map((condition) => holds(condition, question)));
    if (fits === false) continue;
    let after = current;
    for (const action of set) {
      if (action.kind === 'local-preference') after = { low: action.value, high: action.value };
    }
    if (then === 'accept') accepted = joined(accepted, after);
    if (then === 'next') current = fits === true ? after : joined(current, after);
    else if (fits === true) return accepted;
  }
  return policy.otherwise === 'accept' ? joined(accepted, current) : accepted;
}

function allOf(answers: readonly Tristate[]): Tristate {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function holds(condition: PolicyCondition, question: Question): Tristate {
  const { bgpClass, listIx, possible, here } = question;
  switch (condition.kind) {
    case 'family':
      return condition.family === bgpClass.subject.family;
    case 'prefix-list':
      return bgpClass.subject.lists[listIx(condition.entries)] === 1;
    case 'community':
      return condition.any.some((community) => possible.has(community)) ? undefined : false;
    case 'community-in': {
      const fits = [...possible].some((community) =>
        condition.any.some(
          ({ asn, value }) =>
            asn.from <= communityHigh(community) &&
            communityHigh(community) <= asn.to &&
            value.from <= communityLow(community) &&
            communityLow(community) <= value.to,
        ),
      );
      return fits ? undefined : false;
    }
    case 'originated-here':
      return here;
    case 'not': {
      const answer = holds(condition.condition, question);
      return answer === undefined ? undefined : !answer;
    }
    default:
      return undefined;
  }
}

/** Strongly connected components by device (Tarjan 1972), without recursion. */
function componentsOf(size: number, arcs: readonly Direction[]): Int32Array {
  const next: DeviceIx[][] = Array.from({ length: size }, () => []);
  for (const { from, to } of arcs) next[from.ix]?.push(to.ix);
  const component = new Int32Array(size).fill(-1);
  const order = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const stack: DeviceIx[] = [];
  let found = 0;
  let components = 0;
  for (let root = 0; root < size; root++) {
    if (order[root] !== -1) continue;
    const work: { readonly device: DeviceIx; at: number }[] = [{ device: root, at: 0 }];
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      const { device } = top;
      if (top.at === 0 && order[device] === -1) {
        order[device] = found;
        low[device] = found;
        found++;
        stack.push(device);
      }
      const to = next[device]?.[top.at];
      if (to !== undefined) {
        top.at++;
        if (order[to] === -1) work.push({ device: to, at: 0 });
        else if (component[to] === -1) low[device] = Math.min(low[device] ?? 0, order[to] ?? 0);
        continue;
      }
      work.pop();
      const above = work.at(-1);
      if (above !== undefined) low[above.device] = Math.min(low[above.device] ?? 0, low[device] ?? 0);
      if (low[device] !== order[device]) continue;
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        component[member] = components;
        if (member === device) break;
      }
      components++;
    }
  }
  return component;
}
