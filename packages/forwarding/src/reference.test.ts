import {
  type Address,
  addressOf,
  differenceOf,
  formatAddress,
  intersectionOf,
  prefixInterval,
  prefixSet,
  Random,
  setEquals,
  setHas,
  setIntervals,
  setIsEmpty,
  unionOf,
} from '@bothways/net';
import type { CompiledNetwork, ConcreteDemand, Network } from '@bothways/network';
import { type ControlPlane, converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { randomEstate } from '../test/random-estate.ts';
import { Reference, type ReferenceTrip, type ReferenceWay, referenceVia } from '../test/reference.ts';
import { compiledFrom, shippedEstates } from '../test/shipped-estates.ts';
import { type RoundTrip, roundTrips, viaText, type Way } from './index.ts';

/** What the reference must agree on: devices and links (inside Microsoft only where a packet is lost), steps, translation. */
function wayText(network: Network, way: Way | undefined): string {
  if (way === undefined) return 'none';
  const { hops, disposition, last } = way.path;
  const passed = hops.map((hop) => ({
    device: hop.device,
    link: hop.leftOn,
    steps: hop.steps.map((step) => (step.kind === 'dropped' ? `dropped ${step.because}` : step.kind)).join(' '),
  }));
  return `${visible(network, passed)} ${disposition} as ${formatAddress(last.source)}`;
}

function referenceText(network: Network, way: ReferenceWay | undefined): string {
  if (way === undefined) return 'none';
  const passed = way.devices.map((device, at) => ({ device, link: way.links[at], steps: way.steps[at] ?? '' }));
  return `${visible(network, passed)} ${way.disposition} as ${formatAddress(way.source)}`;
}

interface Passed {
  readonly device: number;
  readonly link: number | undefined;
  readonly steps: string;
}

function visible(network: Network, passed: readonly Passed[]): string {
  return passed
    .filter(({ device, steps }) => {
      const { half, role } = network.devices[device] ?? {};
      return half !== 'microsoft' || role === 'msee' || steps.includes('dropped');
    })
    .map(({ device, link, steps }) => `${device}[${steps}]${link ?? ''}`)
    .join(' > ');
}

/**
 * Addresses where mistakes live: ends of what the verdicts cover, and ends of every prefix that a device compares with,
 * whether the verdicts know of it or not.
 */
function probes(random: Random, network: Network, trips: readonly RoundTrip[], count: number): readonly Address[] {
  const covered = trips.flatMap(({ covers, family }) =>
    setIntervals(covers, family).flatMap(({ first, last }) => [
      addressOf(family, first),
      addressOf(family, last),
      addressOf(family, first + random.bigBelow(last - first + 1n)),
    ]),
  );
  const compared = network.devices
    .flatMap(({ sourceFilters, sourceNat, firewall, statics }) => [
      ...sourceFilters.flatMap(({ permit }) => permit),
      ...sourceNat.flatMap(({ pool, sources }) => [...pool, ...sources]),
      ...(firewall?.permitInbound.flatMap(({ destinations }) => destinations) ?? []),
      ...statics.map(({ prefix }) => prefix),
    ])
    .flatMap((each) => {
      const { first, last } = prefixInterval(each);
      return [addressOf(each.family, first), addressOf(each.family, last)];
    })
    .filter((address) => trips.some((trip) => setHas(trip.covers, address)));
  return [...random.shuffle(covered).slice(0, count), ...random.shuffle(compared).slice(0, count)];
}

function clientsOf(demand: ConcreteDemand, random: Random, family: 4 | 6): readonly Address[] {
  return demand.sources
    .filter((each) => each.family === family)
    .map((each) =>
      addressOf(family, each.bits + random.bigBelow(1n << BigInt((family === 4 ? 32 : 128) - each.length))),
    );
}

function compareTrip(network: Network, trip: RoundTrip, expected: readonly ReferenceTrip[], where: string): void {
  const outcome = expected.every((each) => each.holds) ? 'holds' : 'broken';
  expect(trip.outcome, where).toBe(outcome);
  // The clients' own addresses differ from probe to probe; the answer ends where the request began.
  const shown = `${wayText(network, trip.forward)} < ${wayText(network, trip.back).replace(/ as .*$/, '')}`;
  const client = trip.forward.path.hops[0]?.packet.source;
  const worst = expected.filter((each) => each.holds === (outcome === 'holds'));
  const wanted = worst.map(({ there, back }) => {
    const text = referenceText(network, there);
    const untranslated = !there.steps.some((step) => step.includes('translated'));
    const sent = client !== undefined && untranslated ? text.replace(/ as .*$/, ` as ${formatAddress(client)}`) : text;
    return `${sent} < ${referenceText(network, back).replace(/ as .*$/, '')}`;
  });
  expect(wanted, where).toContain(shown);
  const mine = [viaText(trip.forward.via), ...(trip.back === undefined ? [] : [viaText(trip.back.via)])];
  const vias = expected.flatMap(({ there, back }) => [
    referenceVia(network.links, there),
    ...(back === undefined ? [] : [referenceVia(network.links, back)]),
  ]);
  const others = [...new Set(vias)].filter((via) => !mine.includes(via)).toSorted();
  expect(trip.otherVias.map(viaText).toSorted(), where).toEqual(others);
}

/** Every address of target and clients is in exactly one round trip of its demand and family. */
function expectPartition(demand: ConcreteDemand, trips: readonly RoundTrip[]): void {
  for (const family of [4, 6] as const) {
    const sources = prefixSet(demand.sources.filter((each) => each.family === family));
    const mine = trips.filter((trip) => trip.family === family);
    const target = intersectionOf(demand.target.set, prefixSet([everything(family)]));
    if (setIsEmpty(sources) || setIsEmpty(target)) {
      expect(mine).toEqual([]);
      continue;
    }
    for (const [at, trip] of mine.entries()) {
      for (const other of mine.slice(at + 1)) {
        const both = intersectionOf(trip.covers, other.covers);
        const clients = intersectionOf(trip.sources, other.sources);
        expect(setIsEmpty(both) || setIsEmpty(clients), `${trip.id} and ${other.id} share addresses`).toBe(true);
      }
    }
    expect(setEquals(unionOf(...mine.map((trip) => trip.covers)), target), `${demand.id} is covered`).toBe(true);
    for (const trip of mine) {
      const reached = mine.filter((other) => !setIsEmpty(intersectionOf(other.sources, trip.sources)));
      const rest = differenceOf(target, unionOf(...reached.map((other) => other.covers)));
      expect(setIsEmpty(rest), `the clients of ${trip.id} reach every address of ${demand.id}`).toBe(true);
    }
    expect(setEquals(unionOf(...mine.map((trip) => trip.sources)), sources), `${demand.id} has all clients`).toBe(true);
  }
}

const everything = (family: 4 | 6) => ({ family, bits: 0n, length: 0 }) as const;

interface Tally {
  compared: number;
  readonly seen: Map<string, number>;
}

function compareAll(compiled: CompiledNetwork, plane: ControlPlane, seed: number, count: number, tally: Tally): void {
  const random = new Random(seed);
  const reference = new Reference(compiled, plane);
  const { roundTrips: all } = roundTrips(compiled, plane);
  expect(new Set(all.map((trip) => trip.id)).size, 'ids are unique').toBe(all.length);
  for (const demand of compiled.demands.concrete) {
    const trips = all.filter((trip) => trip.demand.id === demand.id);
    expectPartition(demand, trips);
    for (const destination of probes(random, compiled.network, trips, count)) {
      for (const source of clientsOf(demand, random, destination.family)) {
        const covering = trips.filter((trip) => setHas(trip.covers, destination) && setHas(trip.sources, source));
        const where = `seed ${seed}: ${demand.id}, ${formatAddress(source)} to ${formatAddress(destination)}`;
        expect(covering.length, where).toBe(1);
        for (const trip of covering) {
          if (trip.outcome === 'unknown') continue;
          compareTrip(compiled.network, trip, reference.trips(demand, source, destination), where);
          tally.compared += 1;
          const { disposition } = trip.back ?? trip.forward;
          tally.seen.set(disposition, (tally.seen.get(disposition) ?? 0) + 1);
        }
      }
    }
  }
}

describe('against a reference that follows one packet at a time', () => {
  it.each(shippedEstates().map((each) => [each.name, each.text] as const))('%s, seed 1', (_, text) => {
    const compiled = compiledFrom(text);
    const tally: Tally = { compared: 0, seen: new Map() };
    compareAll(compiled, converge(compiled.network), 1, 12, tally);
    // A target of a single address gives fewer samples than asked for.
    expect(tally.compared).toBeGreaterThanOrEqual(8 * compiled.demands.concrete.length);
  });

  it('random networks with firewalls, translation and filters, seeds 1 to 1000', () => {
    const tally: Tally = { compared: 0, seen: new Map() };
    for (let seed = 1; seed <= 1000; seed++) {
      const compiled = randomEstate(seed);
      compareAll(compiled, converge(compiled.network), seed, 6, tally);
    }
    expect(tally.compared).toBeGreaterThan(3000);
    // A generator that never loses a packet in one of these ways would prove nothing about it.
    for (const kind of [
      'delivered',
      'no-state',
      'denied',
      'no-route',
      'discarded',
      'refused-at-microsoft-edge',
      'loop',
    ]) {
      expect(tally.seen.get(kind) ?? 0, kind).toBeGreaterThan(20);
    }
  });
});
