/** Round trips as the folders of the scenarios expect them, and what a computed round trip is in the same words. */
import {
  type Branch,
  bordersOf,
  branchesOfTrip,
  lastHop,
  type PacketPath,
  type RoundTrip,
  roundTrips,
  type Via,
  viaText,
  type WalkInput,
} from '@bothways/forwarding';
import { formatAddress, parsePrefix, prefixContains } from '@bothways/net';
import { type CompiledNetwork, drainedNetwork } from '@bothways/network';
import { converge, type Failures } from '@bothways/routing';

/** What is absent is not asserted, except `return` and `droppedAt` beside a `forward`: then nothing comes back or is lost. */
interface ExpectedTrip {
  readonly outcome: string;
  readonly forward?: string;
  readonly return?: string;
  readonly droppedAt?: string;
  /** Name of the disposition. */
  readonly reason?: string;
  /** A prefix that holds what Microsoft sees of the customer. */
  readonly seenAs?: string;
  readonly openedBy?: string;
  readonly ports?: readonly string[];
  /** Part of the name of an address set of the target. */
  readonly endsAt?: string;
  /** Devices on the way there, in this order. */
  readonly passes?: readonly string[];
  /** Devices on neither way. */
  readonly avoids?: readonly string[];
  /** Links on the way there, and on the way back. */
  readonly there?: readonly string[];
  readonly back?: readonly string[];
  /** Every border that the way there crosses. */
  readonly borders?: readonly string[];
  readonly because?: string;
}

/** Patterns of ids; a list: each part of the target is as one of them, and each of them occurs. */
export type ExpectedTrips = Readonly<Record<string, ExpectedTrip | readonly ExpectedTrip[]>>;

/** A computed round trip with what it was computed from: lists of links and devices hold for every branch. */
interface FollowedTrip {
  readonly compiled: CompiledNetwork;
  readonly trip: RoundTrip;
  readonly branches: readonly Branch[];
}

export function followed(compiled: CompiledNetwork, input: WalkInput, trip: RoundTrip): FollowedTrip {
  return { compiled, trip, branches: branchesOfTrip(compiled, input, trip) };
}

/** Round trips while elements have failed, by the names that `expected/sweep.json` uses, joined by ' + '. */
export function tripsUnder(compiled: CompiledNetwork, text: string): readonly FollowedTrip[] {
  let { network } = compiled;
  const devices: number[] = [];
  const links: number[] = [];
  const sessions: number[] = [];
  for (const name of text.split(' + ')) {
    const group = compiled.risks?.groups.find((each) => each.id === name);
    const window = compiled.risks?.maintenance.find((each) => `maintenance ${each.name}` === name);
    const device = network.devices.find((each) => `device ${each.name}` === name);
    const session = network.sessions.find((each) => `session ${each.name}` === name);
    if (group !== undefined) {
      devices.push(...group.devices);
      links.push(...group.links);
      sessions.push(...group.sessions);
    } else if (window !== undefined) network = drainedNetwork(network, window);
    else if (device !== undefined) devices.push(device.ix);
    else if (session !== undefined) sessions.push(session.ix);
    else throw new Error(`nothing of the network is called '${name}'`);
  }
  const failed: Failures = { devices, links, sessions };
  const under = { ...compiled, network };
  const data = roundTrips(under, converge(network, { failed }));
  return data.roundTrips.map((trip) => followed(under, data.input, trip));
}

export function fitsTripPattern(pattern: string, id: string): boolean {
  const [wanted = '', wantedPart] = pattern.split('#');
  const [given = '', givenPart] = id.split('#');
  const end = wanted.endsWith('*') ? wanted.slice(0, -1) : undefined;
  const fits = end === undefined ? wanted === given : given.startsWith(end);
  // Without a number: a star covers every part of a target.
  return fits && (wantedPart === undefined ? end !== undefined || givenPart === undefined : wantedPart === givenPart);
}

/**
 * Every difference between what is expected and what was computed, one line each.
 *
 * `every`: each round trip has to be expected; otherwise only those that a pattern fits.
 */
export function differences(
  expected: ExpectedTrips,
  trips: readonly FollowedTrip[],
  every: boolean,
): readonly string[] {
  const entries = Object.entries(expected);
  const found: string[] = [];
  const used = new Set<string>();
  for (const each of trips) {
    const { id } = each.trip;
    const target = id.split('#')[0] ?? id;
    const entry = entries.find(([pattern, wanted]) => fitsTripPattern(pattern, isList(wanted) ? target : id));
    if (entry === undefined) {
      if (every) found.push(`${id} is expected nowhere`);
      continue;
    }
    const [pattern, wanted] = entry;
    const possible = isList(wanted) ? wanted : [wanted];
    const results = possible.map((one) => mismatches(one, each));
    const at = results.findIndex((lines) => lines.length === 0);
    if (at >= 0) used.add(`${pattern} (${at})`);
    else {
      // The nearest of several is the one that says most.
      const nearest = results.toSorted((a, b) => a.length - b.length)[0] ?? [];
      used.add(`${pattern} (${results.indexOf(nearest)})`);
      found.push(...nearest.map((line) => `${id}: ${line}`));
    }
  }
  for (const [pattern, wanted] of entries) {
    const count = isList(wanted) ? wanted.length : 1;
    for (let at = 0; at < count; at++) {
      if (!used.has(`${pattern} (${at})`)) found.push(`no round trip is as expected of ${pattern}, entry ${at + 1}`);
    }
  }
  return found;
}

function isList(wanted: ExpectedTrip | readonly ExpectedTrip[]): wanted is readonly ExpectedTrip[] {
  return Array.isArray(wanted);
}

function mismatches(wanted: ExpectedTrip, { compiled, trip, branches }: FollowedTrip): readonly string[] {
  const { network } = compiled;
  const found: string[] = [];
  const compare = (what: string, expected: unknown, observed: unknown): void => {
    const [a, b] = [JSON.stringify(expected), JSON.stringify(observed)];
    if (a !== b) found.push(`${what}: expected ${a ?? 'nothing'}, observed ${b ?? 'nothing'}`);
  };
  const lost = trip.back ?? trip.forward;
  const isLost = lost.disposition !== 'delivered';
  compare('outcome', wanted.outcome, trip.outcome);
  if (wanted.forward !== undefined) {
    compare('forward', wanted.forward, viaText(trip.forward.via));
    compare('return', wanted.return, trip.back === undefined ? undefined : viaText(trip.back.via));
    compare('droppedAt', wanted.droppedAt, isLost ? nameOf(network, lastHop(lost.path).device) : undefined);
  }
  if (wanted.reason !== undefined) compare('reason', wanted.reason, lost.disposition);
  if (wanted.openedBy !== undefined) compare('openedBy', wanted.openedBy, trip.demand.opener);
  if (wanted.because !== undefined && trip.because?.includes(wanted.because) !== true) {
    compare('because', wanted.because, trip.because);
  }
  if (wanted.ports !== undefined) {
    const ports = trip.ports.map(
      ({ protocol, first, last }) => `${protocol}/${first}${last === first ? '' : `-${last}`}`,
    );
    compare('ports', wanted.ports, ports);
  }
  if (wanted.endsAt !== undefined) {
    const name = wanted.endsAt;
    const { sources } = trip.demand.target;
    if (!sources.some((each) => each.includes(name))) compare('endsAt', name, sources);
  }
  const paths = branches.map(({ forward, back }) => ({ there: forward.path, back: back?.path }));
  if (wanted.seenAs !== undefined) {
    const prefix = parsePrefix(wanted.seenAs);
    if (!prefix.ok) throw new Error(`'${wanted.seenAs}' is no prefix`);
    for (const { there, back } of paths) {
      const seen = trip.demand.opener === 'customer' ? there.last.source : back?.last.source;
      if (seen === undefined || !prefixContains(prefix.value, seen))
        compare('seenAs', wanted.seenAs, seen === undefined ? undefined : formatAddress(seen));
    }
  }
  const { passes, avoids, borders } = wanted;
  for (const { there, back } of paths) {
    const devices = there.hops.map((hop) => nameOf(network, hop.device));
    if (passes !== undefined && !isWithin(passes, devices)) compare('passes', passes, devices);
    for (const name of avoids ?? []) {
      const all = [...devices, ...(back?.hops ?? []).map((hop) => nameOf(network, hop.device))];
      if (all.includes(name)) compare('avoids', name, all);
    }
    if (borders !== undefined)
      compare(
        'borders',
        borders,
        bordersOf(network, there).map((each: Via) => viaText(each)),
      );
    for (const [what, links, path] of [
      ['there', wanted.there, there],
      ['back', wanted.back, back],
    ] as const) {
      if (links === undefined) continue;
      const taken = linksOf(network, path);
      if (!isWithin(links, taken)) compare(what, links, taken);
    }
  }
  return [...new Set(found)];
}

/** Whether all of them are there, in this order. */
function isWithin(wanted: readonly string[], given: readonly string[]): boolean {
  let at = 0;
  for (const each of given) if (each === wanted[at]) at++;
  return at === wanted.length;
}

function linksOf(network: CompiledNetwork['network'], path: PacketPath | undefined): readonly string[] {
  return (path?.hops ?? []).flatMap(({ leftOn }) => (leftOn === undefined ? [] : (network.links[leftOn]?.name ?? [])));
}

function nameOf(network: CompiledNetwork['network'], ix: number): string {
  return network.devices[ix]?.name ?? `device ${ix}`;
}
