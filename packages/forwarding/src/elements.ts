/**
 * What can fail, and sets of it: ports, links, devices, edge routers, circuits, places, providers, sites and declared
 * groups (`CompiledNetwork.risks`), the members of firewall pairs, and maintenance windows.
 *
 * One member of a pair in high availability takes over from the other with its connection table, so that alone it
 * changes nothing; both together are the pair. A tunnel fails with what carries it.
 *
 * Sets are numbered without being made: first all of one element, then all of two, in the order of the elements. The
 * set of a number is the combination of that rank (Knuth, TAOCP 4A, 7.2.1.3), so a worker can start anywhere.
 */
import { type CompiledNetwork, drainedNetwork, type Network, type Origin, type RiskKind } from '@bothways/network';
import type { Failures } from '@bothways/routing';

export type ElementKind = RiskKind | 'firewall-member' | 'nat' | 'proxy' | 'maintenance';

/** Position in the list of elements. */
export type ElementIx = number;

export interface FailureElement {
  /** 'link mpls-hq', 'firewall member fw-er 1': unique and stable under edits elsewhere. */
  readonly id: string;
  /** The first is what it is, the others what it is besides: a device that translates is 'nat' too. */
  readonly kinds: readonly ElementKind[];
  readonly name: string;
  readonly devices: readonly number[];
  readonly links: readonly number[];
  readonly sessions: readonly number[];
  /** Of a member of a pair: the device that fails with the last member. */
  readonly pair?: number;
  /** Sessions that are drained instead of taken down: name of the maintenance window. */
  readonly drains?: string;
  readonly origins: readonly Origin[];
}

/** Elements that fail at once. */
export interface FailureSet {
  /** Ids of the elements in their order, with ' + ' between. */
  readonly id: string;
  /** Ascending. */
  readonly elements: readonly ElementIx[];
}

/** Everything of a network that can fail, in the order of its risk groups, then the maintenance windows. */
export function failureElements({ network, risks }: CompiledNetwork): readonly FailureElement[] {
  const elements: FailureElement[] = [];
  for (const group of risks?.groups ?? []) {
    const { id, kind, name, devices, links, sessions, origins } = group;
    const [only] = devices.length === 1 ? devices : [];
    if (kind === 'firewall-pair' && only !== undefined) {
      for (const member of [1, 2]) {
        elements.push({
          id: `firewall member ${name} ${member}`,
          kinds: ['firewall-member'],
          name: `${name} ${member}`,
          devices: [],
          links: [],
          sessions: [],
          pair: only,
          origins,
        });
      }
      continue;
    }
    elements.push({ id, kinds: kindsOf(network, kind, devices), name, devices, links, sessions, origins });
  }
  for (const { name, kind, devices, links, sessions, origins } of risks?.maintenance ?? []) {
    const common = { id: `maintenance ${name}`, kinds: ['maintenance' as const], name, origins };
    elements.push(
      kind === 'drain'
        ? { ...common, devices: [], links: [], sessions: [], drains: name }
        : { ...common, devices, links, sessions },
    );
  }
  return elements;
}

function kindsOf({ devices }: Network, kind: RiskKind, failing: readonly number[]): readonly ElementKind[] {
  if (kind !== 'device') return [kind];
  const boxes = failing.flatMap((ix) => devices[ix] ?? []);
  const kinds: ElementKind[] = boxes.some(({ role }) => role === 'proxy') ? ['proxy'] : ['device'];
  if (boxes.some(({ sourceNat, inboundSourceNat }) => sourceNat.length + (inboundSourceNat?.length ?? 0) > 0)) {
    kinds.push('nat');
  }
  return kinds;
}

/** Which elements a sweep is about; what is absent does not restrict. */
export interface ElementFilter {
  readonly kinds?: readonly ElementKind[];
  /** Names or ids of elements. */
  readonly names?: readonly string[];
}

export function chosenElements(
  elements: readonly FailureElement[],
  { kinds, names }: ElementFilter,
): readonly FailureElement[] {
  return elements.filter(
    (element) =>
      (kinds === undefined || element.kinds.some((kind) => kinds.includes(kind))) &&
      (names === undefined || names.includes(element.name) || names.includes(element.id)),
  );
}

/** All sets of 1 to `most` elements. */
export interface FailureSets {
  readonly elements: readonly FailureElement[];
  readonly most: number;
  readonly count: number;
  /** Throws RangeError outside 0 to count - 1. */
  at(ix: number): FailureSet;
}

/** Throws RangeError where the sets are too many to be counted exactly. */
export function failureSets(elements: readonly FailureElement[], most = 1): FailureSets {
  const size = elements.length;
  const starts = [0];
  for (let members = 1; members <= Math.min(most, size); members++) {
    const next = (starts.at(-1) ?? 0) + choose(size, members);
    if (!Number.isSafeInteger(next)) throw new RangeError(`${size} elements have too many sets of up to ${most}`);
    starts.push(next);
  }
  const count = starts.at(-1) ?? 0;
  return {
    elements,
    most,
    count,
    at(ix) {
      if (!(ix >= 0 && ix < count)) throw new RangeError(`set ${ix} of ${count}`);
      let members = 1;
      while ((starts[members] ?? 0) <= ix) members++;
      return setOf(elements, combination(size, members, ix - (starts[members - 1] ?? 0)));
    },
  };
}

export function setOf(elements: readonly FailureElement[], members: readonly ElementIx[]): FailureSet {
  const ascending = [...new Set(members)].sort((a, b) => a - b);
  const ids = ascending.map((ix) => {
    const element = elements[ix];
    if (element === undefined) throw new RangeError(`element ${ix} of ${elements.length}`);
    return element.id;
  });
  return { id: ids.join(' + '), elements: ascending };
}

/** The failures of a set, in the form the control plane takes them. */
export function failuresOf(network: Network, elements: readonly FailureElement[], set: FailureSet): Failures {
  const devices = new Set<number>();
  const links = new Set<number>();
  const sessions = new Set<number>();
  const members = new Map<number, number>();
  for (const ix of set.elements) {
    const element = elements[ix];
    if (element === undefined) throw new RangeError(`element ${ix} of ${elements.length}`);
    for (const device of element.devices) devices.add(device);
    for (const link of element.links) links.add(link);
    for (const session of element.sessions) sessions.add(session);
    if (element.pair !== undefined) members.set(element.pair, (members.get(element.pair) ?? 0) + 1);
  }
  for (const [pair, failed] of members) if (failed > 1) devices.add(pair);
  takeTunnelsDown(network, devices, links);
  const ascending = (items: ReadonlySet<number>): number[] => [...items].sort((a, b) => a - b);
  return { devices: ascending(devices), links: ascending(links), sessions: ascending(sessions) };
}

const tunnels = new WeakMap<Network, readonly number[]>();

function takeTunnelsDown(network: Network, devices: ReadonlySet<number>, links: Set<number>): void {
  let carried = tunnels.get(network);
  if (carried === undefined) {
    carried = network.links.flatMap(({ ix, carriedBy = [] }) => (carriedBy.length > 0 ? [ix] : []));
    tunnels.set(network, carried);
  }
  const isDown = (ix: number): boolean => {
    const link = network.links[ix];
    return link === undefined || links.has(ix) || devices.has(link.a) || devices.has(link.b);
  };
  for (let more = true; more; ) {
    more = false;
    for (const ix of carried) {
      if (links.has(ix) || network.links[ix]?.carriedBy?.some(isDown) !== true) continue;
      links.add(ix);
      more = true;
    }
  }
}

/** The network with the maintenance windows of a set that drain; undefined where there is none. */
export function drainedBy(
  { network, risks }: CompiledNetwork,
  elements: readonly FailureElement[],
  set: FailureSet,
): Network | undefined {
  let drained: Network | undefined;
  for (const ix of set.elements) {
    const window = risks?.maintenance.find(({ name }) => name === elements[ix]?.drains);
    if (window !== undefined) drained = drainedNetwork(drained ?? network, window);
  }
  return drained;
}

/** Number of sets of `members` out of `size`. */
function choose(size: number, members: number): number {
  let product = 1;
  for (let n = 1; n <= members; n++) product = (product * (size - members + n)) / n;
  return Math.round(product);
}

/** The combination of a rank, in lexicographic order. */
function combination(size: number, members: number, rank: number): readonly number[] {
  const chosen: number[] = [];
  let left = rank;
  let next = 0;
  for (let missing = members; missing > 0; missing--) {
    for (;;) {
      const beginning = choose(size - next - 1, missing - 1);
      if (left < beginning) break;
      left -= beginning;
      next++;
    }
    chosen.push(next);
    next++;
  }
  return chosen;
}
