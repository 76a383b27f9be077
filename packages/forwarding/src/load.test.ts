import { Random } from '@bothways/net';
import type { CompiledNetwork } from '@bothways/network';
import { type ControlPlane, converge } from '@bothways/routing';
import { describe, expect, it } from 'vitest';
import { randomEstate } from '../test/random-estate.ts';
import { Reference, type ReferenceTrip, referenceOutcome } from '../test/reference.ts';
import { compiledFrom, shippedEstate, shippedEstates, withText } from '../test/shipped-estates.ts';
import {
  type AddressSpace,
  type BranchesOf,
  branchesOver,
  type Contribution,
  contributionOf,
  type KeyLoad,
  type LoadSpace,
  LoadTotals,
  loadModel,
  loadOf,
  loadSpace,
  type NetworkLoad,
  networkLoad,
  type RoundTrip,
  roundTrips,
  type TrafficBundle,
  trafficOf,
  tripsByDemand,
} from './index.ts';
import { portClasses } from './port-classes.ts';

interface Opened {
  readonly compiled: CompiledNetwork;
  readonly plane: ControlPlane;
  readonly space: LoadSpace;
  readonly trips: readonly RoundTrip[];
  readonly branchesOf: BranchesOf;
  readonly addresses: AddressSpace;
}

function opened(compiled: CompiledNetwork): Opened {
  const plane = converge(compiled.network);
  const data = roundTrips(compiled, plane);
  const branchesOf = branchesOver(compiled, data.input);
  return { compiled, plane, space: loadSpace(compiled), trips: data.roundTrips, branchesOf, addresses: data.space };
}

function loadIn(text: string): NetworkLoad {
  const { compiled, space, trips, branchesOf } = opened(compiledFrom(text));
  return loadOf(compiled, space, trafficOf(compiled), trips, branchesOf).load;
}

/** 'name from > to: low high verdict' of everything with that name. */
function linesOf(load: NetworkLoad, ...names: readonly string[]): readonly string[] {
  return load.carriers
    .filter(({ carrier }) => names.includes(carrier.name))
    .map(({ from, to, load: { low, high }, verdict }) => `${from} > ${to}: ${low} ${high} ${verdict}`);
}

function bundle(there: number, back: number, demands: readonly string[] = []): TrafficBundle {
  return {
    id: 'one',
    names: [],
    demands,
    places: [],
    users: 0,
    class: 'default',
    rate: { kind: 'known', there, back, basis: 'document', origins: [], assumptions: [] },
  };
}

describe('by hand', () => {
  const rated = withText(
    shippedEstate('examples/contoso'),
    `    flows: [PP-F01, PP-F02, PP-F05, PP-F11, PP-F16]
    from: [hq, branch]
    to: production
`,
    `    flows: [PP-F01, PP-F02]
    from: [hq, branch]
    to: production
    rate: { perUser: 100 kbps }
  certificates: { flows: PP-F16, from: [hq, branch], to: production, rate: { total: 1020 kbps } }
`,
  );

  it('a demand over one circuit halves on its two links; one over the internet stays there', () => {
    const load = loadIn(rated);
    // 900 x 100 kbps + 900 kbps; 120 x 100 kbps + 120 kbps.
    expect(linesOf(load, 'mpls-hq', 'mpls-branch')).toEqual([
      'hq > dc: 90900000 90900000 fits',
      'dc > hq: 90900000 90900000 fits',
      'branch > dc: 12120000 12120000 fits',
      'dc > branch: 12120000 12120000 fits',
    ]);
    expect(linesOf(load, 'inet')).toEqual([
      'fw-inet > Northwind Telecom: 1020000 1020000 fits',
      'Northwind Telecom > fw-inet: 1020000 1020000 fits',
    ]);
    expect(linesOf(load, 'er-fra-secondary')).toEqual([
      'er-ce2 > er-fra-msee2: 51000000 51000000 fits',
      'er-fra-msee2 > er-ce2: 51000000 51000000 fits',
      'customer > Microsoft: 51000000 51000000 fits',
      'Microsoft > customer: 51000000 51000000 fits',
    ]);
    expect(load.circuits.map((each) => [each.circuit, each.direction, each.load.low, each.configuredRate])).toEqual([
      ['er-fra', 0, 102_000_000, 'fits'],
      ['er-fra', 1, 102_000_000, 'fits'],
    ]);
    expect(linesOf(load, 'hq').slice(0, 1)).toEqual(['clients > hq: 90900000 90900000 unknown']);
  });

  it('one rate for flows that part is an interval where they part', () => {
    const load = loadIn(shippedEstate('scenarios/PP-S20-wan-performance'));
    expect(linesOf(load, 'mpls-branch', 'inet').filter((_, at) => at % 2 === 0)).toEqual([
      'branch > dc: 12000000 12000000 fits',
      'fw-inet > Northwind Telecom: 0 102000000 fits',
    ]);
  });

  it('counts the stated use of a line, and names what overflows', () => {
    const load = loadIn(shippedEstate('scenarios/PP-S05-poor-wan-link'));
    // 60 users with 400 kbit/s on what 85 % of use leaves of 2 Mbps.
    expect(load.overloaded.map(({ carrier, inUse, load: { low } }) => [carrier.name, inUse, low])).toEqual([
      ['radio', 1_700_000, 24_000_000],
      ['radio', 1_700_000, 24_000_000],
    ]);
  });

  it('a circuit above its rate lives on both links, and one failure costs the rest', () => {
    const load = loadIn(withText(rated, 'perUser: 100 kbps', 'perUser: 800 kbps'));
    // 1,020 x 800 kbps = 816 Mbps over two links of 500.
    expect(linesOf(load, 'er-fra-primary')[0]).toBe('er-ce1 > er-fra-msee1: 408000000 408000000 fits');
    const [there] = load.circuits;
    expect([there?.configuredRate, there?.lostWhenOneLinkFails]).toEqual([
      'overloaded',
      { low: 316_000_000, high: 316_000_000 },
    ]);
    expect(there?.facts).toContain('ER-014');
  });

  it('both peerings of a circuit add up on its ports, and a hairpin counts twice', () => {
    const text = withText(
      shippedEstate('scenarios/PP-S31-hairpin-through-the-datacentre'),
      'everyday: { flows: [PP-F01, PP-F02], from: [hq], to: production }',
      'everyday: { flows: [PP-F01, PP-F02], from: [hq], to: production, rate: { total: 10 Mbps } }',
    );
    const { compiled, space, trips, branchesOf } = opened(compiledFrom(text));
    const hairpins = trips.filter(({ demand }) => demand.flow.id === 'PP-F68');
    expect(hairpins.length).toBeGreaterThan(0);
    const totals = new LoadTotals(space);
    totals.add(contributionOf(space, bundle(3_000_000, 5_000_000), hairpins.slice(0, 1), branchesOf));
    const [there, back] = networkLoad(compiled, space, totals).circuits;
    // The request comes in and goes out, the answer as well: 3 + 5 in each direction.
    expect([there?.load, back?.load]).toEqual([
      { low: 8_000_000, high: 8_000_000 },
      { low: 8_000_000, high: 8_000_000 },
    ]);
  });

  it('direction 0 of a circuit leads to Microsoft', () => {
    const { compiled, space, trips, branchesOf } = opened(compiledFrom(rated));
    const traffic = trafficOf(compiled, { shares: () => ({ there: 0.25, back: 1 }) });
    const { load } = loadOf(compiled, space, traffic, trips, branchesOf);
    expect(load.circuits.map((each) => [each.direction, each.load.high])).toEqual([
      [0, 25_500_000],
      [1, 102_000_000],
    ]);
    expect(load.circuits[0]?.ports.map(({ from, to, load: { low } }) => [from, to, low])).toEqual([
      ['customer', 'Microsoft', 12_750_000],
      ['customer', 'Microsoft', 12_750_000],
    ]);
  });

  it('a tunnel loads the line it runs over, away from the customer and back', () => {
    const text = withText(
      shippedEstate('scenarios/PP-S45-mobile-office-and-vpn-users'),
      'everyday: { flows: [PP-F01, PP-F02], from: [hq, mobile, remote], to: production }',
      'everyday: { flows: [PP-F01, PP-F02], from: remote, to: production, rate: { perUser: 10 kbps } }',
    );
    const { compiled, space, trips, branchesOf } = opened(compiledFrom(text));
    const traffic = trafficOf(compiled, { shares: () => ({ there: 0.25, back: 1 }) });
    const { load } = loadOf(compiled, space, traffic, trips, branchesOf);
    // 120 x 10 kbps of answers go out to the users through the internet edge; a quarter comes in.
    expect(linesOf(load, 'inet')).toEqual([
      'fw-inet > Northwind Telecom: 1200000 1200000 fits',
      'Northwind Telecom > fw-inet: 300000 300000 fits',
    ]);
  });

  it('a round trip that is lost carries nothing', () => {
    const { compiled, space, trips, branchesOf } = opened(
      compiledFrom(shippedEstate('scenarios/A1-pool-not-announced-on-the-circuit')),
    );
    const { totals } = loadOf(compiled, space, trafficOf(compiled), trips, branchesOf);
    const circuit = space.carriers.find(({ kind }) => kind === 'circuit');
    expect(totals.at(circuit?.key ?? -1)).toEqual({ low: 0, high: 0 });
  });

  it('traffic without a rate is counted beside the verdict', () => {
    const { compiled, space, trips, branchesOf } = opened(
      compiledFrom(shippedEstate('scenarios/PP-S31-hairpin-through-the-datacentre')),
    );
    const { load } = loadOf(compiled, space, trafficOf(compiled), trips, branchesOf);
    const port = load.carriers.find(({ carrier }) => carrier.kind === 'port');
    expect(port).toMatchObject({ unstated: 1, verdict: 'fits' });
  });
});

const everything = shippedEstates().map(({ name, text }) => [name, text] as const);

/** Tunnels count on the lines below as well, which are no way of their own: here they do not. */
function withoutTunnels(state: Opened): Opened {
  const { network } = state.compiled;
  const links = network.links.map((link) => ({ ...link, carriedBy: [] }));
  return { ...state, space: loadSpace({ ...state.compiled, network: { ...network, links } }) };
}

/** What devices let in and out over links, and what begins and ends at them. */
function balances({ compiled, space }: Opened, { loads }: Contribution): ReadonlyMap<number, number> {
  const balance = new Map<number, number>();
  for (const { key, high } of loads) {
    const link = space.carriers[key >> 1]?.link;
    if (link === undefined) continue;
    const { a, b } = compiled.network.links[link] ?? { a: -1, b: -1 };
    const [from, to] = key % 2 === 0 ? [a, b] : [b, a];
    balance.set(from, (balance.get(from) ?? 0) - high);
    balance.set(to, (balance.get(to) ?? 0) + high);
  }
  return balance;
}

function expectConserved(state: Opened, trip: RoundTrip, where: string): number {
  const { space, branchesOf } = state;
  const contribution = contributionOf(space, bundle(1_000_003, 400_009), [trip], branchesOf);
  if (contribution.loads.some(({ low, high }) => low !== high)) return 0;
  const ends = new Set<number | undefined>();
  for (const { path, answers } of branchesOf(trip) ?? []) {
    for (const each of [path, ...answers.map((answer) => answer.path)]) {
      ends.add(each.hops[0]?.device).add(each.hops.at(-1)?.device);
    }
  }
  let sum = 0;
  for (const [device, balance] of balances(state, contribution)) {
    sum += balance;
    if (!ends.has(device)) expect(balance, `${where}: ${trip.id} at device ${device}`).toBe(0);
  }
  expect(sum, where).toBe(0);
  const home = trip.forward.path.hops[0]?.device ?? -1;
  const askedAtHome = (branchesOf(trip) ?? []).map(({ path }) => path.hops.at(-1)?.device === home);
  // An answer may end at another device of Microsoft than the one that asked.
  if (trip.outcome === 'holds' && trip.forward.path.hops.length > 1 && trip.demand.opener === 'customer') {
    // A request may end where it began: what a reverse proxy elsewhere asks may stand beside the clients (random 102).
    const away = 400_009 - 1_000_003;
    const balance = balances(state, contribution).get(home);
    const text = `${where}: ${trip.id} at its home`;
    expect(balance, text).toBeGreaterThanOrEqual(askedAtHome.every((each) => each) ? 0 : away);
    expect(balance, text).toBeLessThanOrEqual(askedAtHome.some((each) => each) ? 0 : away);
  }
  return contribution.loads.length > 0 ? 1 : 0;
}

describe('conservation: what goes into a device comes out of it', () => {
  it.each(everything)('%s', (name, text) => {
    const state = withoutTunnels(opened(compiledFrom(text)));
    for (const trip of state.trips) expectConserved(state, trip, name);
  });

  it('random networks, seeds 1 to 300', () => {
    let checked = 0;
    for (let seed = 1; seed <= 300; seed += 1) {
      const state = withoutTunnels(opened(randomEstate(seed)));
      for (const trip of state.trips) checked += expectConserved(state, trip, `seed ${seed}`);
    }
    expect(checked).toBeGreaterThan(200);
  });
});

describe('sums', () => {
  it.each(everything)('%s: contributions in any order, taken out and put in again, give the same totals', (_, text) => {
    const { compiled, space, trips, branchesOf } = opened(compiledFrom(text));
    const { totals, contributions } = loadOf(compiled, space, trafficOf(compiled), trips, branchesOf);
    const random = new Random(7);
    const again = new LoadTotals(space);
    for (const each of random.shuffle(contributions)) again.add(each);
    for (const each of random.shuffle(contributions).slice(0, 3)) {
      again.subtract(each);
      again.add(each);
    }
    expect(again).toEqual(totals);
    for (const each of random.shuffle(contributions)) again.subtract(each);
    expect(again).toEqual(new LoadTotals(space));
    for (const { loads } of contributions) {
      for (const { low, high } of loads) {
        expect(Number.isSafeInteger(low) && Number.isSafeInteger(high) && low <= high && low >= 0).toBe(true);
      }
    }
  });

  it('the contribution of a bundle needs the round trips of its own demands only', () => {
    const { compiled, space, trips, branchesOf } = opened(compiledFrom(shippedEstate('examples/contoso')));
    const { bundles } = trafficOf(compiled);
    const { contributions } = loadOf(compiled, space, trafficOf(compiled), trips, branchesOf);
    const byDemand = tripsByDemand(trips);
    for (const [at, each] of bundles.entries()) {
      const own = each.demands.flatMap((id) => byDemand.get(id) ?? []);
      expect(contributionOf(space, each, own.toReversed(), branchesOf)).toEqual(contributions[at]);
    }
  });

  it('a bundle loads the least and the most of its round trips, in any order, seeds 1 to 300', () => {
    let apart = 0;
    for (let seed = 1; seed <= 300; seed += 1) {
      const { space, trips, branchesOf } = opened(randomEstate(seed));
      const followed = trips.filter((trip) => branchesOf(trip) !== undefined);
      const weigh = (own: readonly RoundTrip[]): readonly KeyLoad[] =>
        contributionOf(space, bundle(1_000_003, 400_009), own, branchesOf).loads;
      const single = followed.map((trip) => new Map(weigh([trip]).map((load) => [load.key, load])));
      const keys = [...new Set(single.flatMap((loads) => [...loads.keys()]))].sort((a, b) => a - b);
      const wanted = keys.map((key): KeyLoad => {
        const lows = single.map((loads) => loads.get(key)?.low ?? 0);
        const highs = single.map((loads) => loads.get(key)?.high ?? 0);
        if (new Set(highs.filter((high) => high > 0)).size > 1) apart += 1;
        return { key, low: Math.min(...lows), high: Math.max(...highs) };
      });
      expect(weigh(followed), `seed ${seed}`).toEqual(wanted);
      expect(weigh(followed.toReversed()), `seed ${seed}`).toEqual(wanted);
    }
    expect(apart).toBeGreaterThan(20);
  });

  it.each(everything.slice(0, 12))('%s: the model of a sweep sums up to the loads', (_, text) => {
    const { compiled, space, trips, branchesOf } = opened(compiledFrom(text));
    const { totals } = loadOf(compiled, space, trafficOf(compiled), trips, branchesOf);
    const model = loadModel(compiled);
    const byDemand = tripsByDemand(trips);
    const ids = [...byDemand.keys()];
    expect(model.size).toBe(2 * model.keys);
    const low = new Float64Array(model.keys);
    const high = new Float64Array(model.keys);
    const unstated = new Float64Array(model.keys);
    for (const [at, demands] of model.bundles.entries()) {
      const own = demands.flatMap((each) => trips.filter(({ demand }) => demand.id === ids[each]));
      const loads = model.contribution(at, own, branchesOf);
      for (let from = 0; from < loads.length; from += 3) {
        const [key = 0, least = 0, most = 0] = loads.slice(from, from + 3);
        if (key >= model.keys) {
          unstated[key - model.keys] = (unstated[key - model.keys] ?? 0) + most;
          continue;
        }
        low[key] = (low[key] ?? 0) + least;
        high[key] = (high[key] ?? 0) + most;
      }
    }
    expect(low).toEqual(totals.low);
    expect(high).toEqual(totals.high);
    // What nobody stated a rate for is a count, and no load.
    for (const count of unstated) expect(count % 1).toBe(0);
    for (const key of low.keys()) expect(model.nameOf(key)).not.toBe('');
  });

  it('more users never lower a load', () => {
    const text = shippedEstate('scenarios/PP-S32-one-coast-with-expressroute');
    const totalsWith = (users: number): LoadTotals => {
      const state = opened(compiledFrom(withText(text, 'users: 600', `users: ${users}`)));
      const { compiled, space, trips, branchesOf } = state;
      return loadOf(compiled, space, trafficOf(compiled), trips, branchesOf).totals;
    };
    let before = totalsWith(1);
    for (const users of [2, 3, 10, 599, 600, 601, 5000]) {
      const after = totalsWith(users);
      for (const [key, low] of before.low.entries()) {
        expect(after.low[key] ?? 0, `key ${key} with ${users} users`).toBeGreaterThanOrEqual(low);
        expect(after.high[key] ?? 0, `key ${key} with ${users} users`).toBeGreaterThanOrEqual(before.high[key] ?? 0);
      }
      before = after;
    }
  });
});

/** Shares of each direction of each link, out of everything the reference says may become of the packet. */
function referenceShares(
  { compiled }: Opened,
  trips: readonly ReferenceTrip[],
): { readonly there: ReadonlyMap<string, number>; readonly back: ReadonlyMap<string, number> } {
  const sums = { there: new Map<string, number>(), back: new Map<string, number>() };
  const count = (direction: 'there' | 'back', devices: readonly number[], links: readonly number[], share: number) => {
    for (const [at, link] of links.entries()) {
      const key = `${link} from ${devices[at] ?? ''}`;
      sums[direction].set(key, (sums[direction].get(key) ?? 0) + share);
    }
  };
  const ways = new Map<string, ReferenceTrip[]>();
  for (const trip of trips) {
    const key = trip.there.links.join();
    const held = ways.get(key);
    if (held === undefined) ways.set(key, [trip]);
    // One address of a pool stands for all: the caller looks only at packets for which they are alike.
    else if (held[0] !== undefined && held[0].there.source.bits === trip.there.source.bits) held.push(trip);
  }
  const requests = [...ways.values()].flatMap((each) => each[0]?.there ?? []);
  for (const answers of ways.values()) {
    const there = answers[0]?.there;
    if (there === undefined) continue;
    const share = shareOf(
      there.links,
      requests.map(({ links }) => links),
    );
    const backs = new Map(answers.map(({ back }) => [back?.links.join(), back] as const));
    const links = [...backs.values()].flatMap((back) => (back === undefined ? [] : [back.links]));
    for (const back of backs.values()) {
      if (back?.disposition !== 'delivered') continue;
      const part = share * shareOf(back.links, links);
      count('there', there.devices, there.links, part);
      count('back', back.devices, back.links, part);
    }
  }
  expect(compiled.network.links.length).toBeGreaterThan(0);
  return sums;
}

/** One over the number of links that ways leave by, at every device of the way. */
function shareOf(way: readonly number[], ways: readonly (readonly number[])[]): number {
  let share = 1;
  for (const at of way.keys()) {
    const alike = ways.filter((other) => other.slice(0, at).join() === way.slice(0, at).join());
    share /= new Set(alike.map((other) => other[at])).size;
  }
  return share;
}

interface Case {
  readonly state: Opened;
  readonly trip: RoundTrip;
  readonly contribution: Contribution;
  /** Everything that may become of the packet, apart for everything that somebody else may choose. */
  readonly worlds: readonly (readonly ReferenceTrip[])[];
  readonly seed: number;
}

const RATE = 1_000_000_000;

/** Round trips of random networks with several branches: those with a load that is certain, and those without. */
function sharedCases(
  first: number,
  last: number,
): { readonly certain: readonly Case[]; readonly open: readonly Case[] } {
  const cases = { certain: Array.of<Case>(), open: Array.of<Case>() };
  for (let seed = first; seed <= last; seed += 1) {
    const state = withoutTunnels(opened(randomEstate(seed)));
    const { compiled, plane, space, trips, branchesOf } = state;
    const reference = new Reference(compiled, plane);
    for (const trip of trips) {
      if (trip.branches === 1 || branchesOf(trip) === undefined) continue;
      const contribution = contributionOf(space, bundle(RATE, 0), [trip], branchesOf);
      const kind = contribution.loads.every(({ low, high }) => low === high) ? 'certain' : 'open';
      const worlds = worldsOf(state, reference, trip, seed);
      if (trip.outcome === 'holds') {
        for (const each of worlds) expect(referenceOutcome(each), `seed ${seed}, ${trip.id}`).toBe('holds');
      }
      cases[kind].push({ state, trip, contribution, worlds, seed });
    }
  }
  return cases;
}

/**
 * Worlds that exclude each other: host names, which a proxy script may tell different things, client ports that filters
 * tell apart, and what others choose. Of a round trip for some names the reference is asked by each of them: without a
 * name it would answer for the first part of the script, which may be another round trip (random network 24).
 */
function worldsOf(
  { compiled, addresses }: Opened,
  reference: Reference,
  trip: RoundTrip,
  seed: number,
): readonly (readonly ReferenceTrip[])[] {
  const { family, demand } = trip;
  const source = addresses.pieces(trip.sources, family)[0]?.representative;
  const destination = addresses.pieces(trip.covers, family)[0]?.representative;
  const [ports] = portClasses(compiled.network, trip.ports);
  if (source === undefined || destination === undefined || ports === undefined) throw new Error(`${trip.id} is empty`);
  const { written } = demand;
  return ports.transports.flatMap((transport) => {
    const asked =
      transport === undefined
        ? undefined
        : { protocol: transport.protocol, from: transport.sourcePort, to: transport.destinationPort };
    if (written.kind === 'service') {
      return chosenApart(reference.ofInbound(written.inbound, source, destination, asked));
    }
    const names = trip.names.length > 0 ? trip.names : reference.namesOf(written.demand);
    return names.flatMap((name) => {
      const became = reference.ofDemand(written.demand, source, destination, asked, name);
      expect(became.length, `seed ${seed}, ${trip.id} ${name ?? ''}`).toBeGreaterThan(0);
      return chosenApart(became);
    });
  });
}

function chosenApart(trips: readonly ReferenceTrip[]): readonly (readonly ReferenceTrip[])[] {
  const open = trips.flatMap(({ chosen }) => chosen)[0];
  if (open === undefined) return [trips];
  const node = `${open.split('=')[0] ?? ''}=`;
  const picks = new Set(trips.flatMap(({ chosen }) => chosen.filter((each) => each.startsWith(node))));
  return [...picks].flatMap((pick) =>
    chosenApart(
      trips
        .filter(({ chosen }) => chosen.every((each) => !each.startsWith(node) || each === pick))
        .map((trip) => ({ ...trip, chosen: trip.chosen.filter((each) => each !== pick) })),
    ),
  );
}

function loadsByLink({ state, contribution }: Case): ReadonlyMap<string, number> {
  return new Map([...intervalsByLink(state, contribution)].map(([key, { high }]) => [key, high]));
}

function intervalsByLink({ compiled, space }: Opened, { loads }: Contribution): ReadonlyMap<string, KeyLoad> {
  const { network } = compiled;
  return new Map(
    loads.flatMap((load) => {
      const { key } = load;
      const link = network.links[space.carriers[key >> 1]?.link ?? -1];
      return link === undefined ? [] : [[`${link.ix} from ${key % 2 === 0 ? link.a : link.b}`, load] as const];
    }),
  );
}

const random700 = sharedCases(1, 700);

describe('equal-cost ways, against a reference that knows no shares', () => {
  it('every link carries its part of all ways, seeds 1 to 700', () => {
    let loaded = 0;
    for (const each of random700.certain) {
      const mine = loadsByLink(each);
      if (mine.size > 0) loaded += 1;
      for (const world of each.worlds) {
        const { there } = referenceShares(each.state, world);
        for (const key of new Set([...mine.keys(), ...there.keys()])) {
          const wanted = (there.get(key) ?? 0) * RATE;
          const text = `seed ${each.seed}, ${each.trip.id}, link ${key}`;
          // What does not divide at one device is less than one bit/s for each way.
          expect(Math.abs((mine.get(key) ?? 0) - wanted), text).toBeLessThan(64);
        }
      }
    }
    expect(loaded).toBeGreaterThan(50);
  });

  it('packets that choose by lot at every device come to the same, seeds 1 to 700', () => {
    const random = new Random(11);
    let compared = 0;
    const loaded = random700.certain.filter(({ contribution }) => contribution.loads.length > 0);
    for (const each of loaded.slice(0, 60)) {
      const reference = each.worlds[0] ?? [];
      const draws = 2000;
      const hits = new Map<string, number>();
      for (let draw = 0; draw < draws; draw += 1) {
        const there = drawn(random, reference, (trip) => trip.there.links);
        const source = random.pick(there).there.source;
        const alike = there.filter((trip) => trip.there.source.bits === source.bits);
        const back = drawn(random, alike, (trip) => trip.back?.links ?? []);
        const trip = random.pick(back);
        if (trip.back?.disposition !== 'delivered') continue;
        for (const [at, link] of trip.there.links.entries()) {
          const key = `${link} from ${trip.there.devices[at] ?? ''}`;
          hits.set(key, (hits.get(key) ?? 0) + 1);
        }
      }
      const mine = loadsByLink(each);
      for (const key of new Set([...mine.keys(), ...hits.keys()])) {
        const found = (hits.get(key) ?? 0) / draws;
        // Five standard deviations of 2,000 draws at the worst.
        expect(Math.abs((mine.get(key) ?? 0) / RATE - found), `seed ${each.seed}, link ${key}`).toBeLessThan(0.056);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(100);
  });
});

describe('parts of a pool that are routed differently', () => {
  it('bound what every single address of the pool would load, seeds 1 to 700', () => {
    let compared = 0;
    for (const each of random700.open) {
      const mine = intervalsByLink(each.state, each.contribution);
      for (const world of each.worlds) {
        const bySource = new Map<bigint, ReferenceTrip[]>();
        for (const trip of world) {
          const held = bySource.get(trip.there.source.bits);
          if (held === undefined) bySource.set(trip.there.source.bits, [trip]);
          else held.push(trip);
        }
        const waysOf = (trips: readonly ReferenceTrip[]): string =>
          [...new Set(trips.map(({ there }) => there.links.join()))].toSorted().join(' ');
        // Only where all ways are translated to one pool, so that an address is a choice for all of them.
        if (new Set([...bySource.values()].map(waysOf)).size > 1) continue;
        for (const trips of bySource.values()) {
          const { there } = referenceShares(each.state, trips);
          for (const key of new Set([...mine.keys(), ...there.keys()])) {
            const share = (there.get(key) ?? 0) * RATE;
            const text = `seed ${each.seed}, ${each.trip.id}, link ${key}`;
            expect(share, text).toBeGreaterThan((mine.get(key)?.low ?? 0) - 64);
            expect(share, text).toBeLessThan((mine.get(key)?.high ?? 0) + 64);
            compared += 1;
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(20);
  });
});

describe('parts of a proxy script', () => {
  it('are alternatives: the least and the most that any of them would load, seeds 1 to 700', () => {
    let loaded = 0;
    for (let seed = 1; seed <= 700; seed += 1) {
      const state = withoutTunnels(opened(randomEstate(seed)));
      const { compiled, plane, space, trips, branchesOf } = state;
      const reference = new Reference(compiled, plane);
      const named = trips.filter(({ names }) => names.length > 0).map(({ demand }) => demand);
      for (const demand of new Set(named)) {
        const own = trips.filter((trip) => trip.demand === demand);
        const weigh = (each: readonly RoundTrip[]): Contribution =>
          contributionOf(space, bundle(RATE, 0), each, branchesOf);
        // Parts of a pool are another matter, and have a test of their own.
        if (own.some((trip) => weigh([trip]).loads.some(({ low, high }) => low !== high))) continue;
        const shares = own.flatMap((trip) =>
          worldsOf(state, reference, trip, seed).map((world) => referenceShares(state, world).there),
        );
        const mine = intervalsByLink(state, weigh(own));
        for (const key of new Set([...mine.keys(), ...shares.flatMap((each) => [...each.keys()])])) {
          const text = `seed ${seed}, ${demand.id}, link ${key}`;
          const wanted = shares.map((each) => (each.get(key) ?? 0) * RATE);
          expect(Math.abs((mine.get(key)?.low ?? 0) - Math.min(...wanted)), text).toBeLessThan(64);
          expect(Math.abs((mine.get(key)?.high ?? 0) - Math.max(...wanted)), text).toBeLessThan(64);
          if (Math.max(...wanted) > 0) loaded += 1;
        }
      }
    }
    expect(loaded).toBeGreaterThan(20);
  });
});

/** One way, by choosing among the links that lead on at every device. */
function drawn(
  random: Random,
  trips: readonly ReferenceTrip[],
  linksOf: (trip: ReferenceTrip) => readonly number[],
): readonly ReferenceTrip[] {
  let left = trips;
  for (let at = 0; ; at += 1) {
    const next = [...new Set(left.map((trip) => linksOf(trip)[at]))];
    if (next.length === 1 && next[0] === undefined) return left;
    const chosen = random.pick(next);
    left = left.filter((trip) => linksOf(trip)[at] === chosen);
  }
}
