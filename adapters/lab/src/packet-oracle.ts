/**
 * The data plane against the Linux kernel: seeded random networks with their tables as namespaces, real packets over UDP
 * and TCP, and their answers. Compared are every device and link on the way, the addresses at each, where the packet
 * ends and why; of equal-cost ways the kernel's must be one of the engine's. A sample of table entries is compared with
 * `ip route get` as well.
 */
import { type AddressSpace, type RoundTrip, roundTrips } from '@bothways/forwarding';
import {
  type Address,
  addressOf,
  type Family,
  formatAddress,
  type PrefixSet,
  Random,
  setIntervals,
} from '@bothways/net';
import type { CompiledNetwork, Network } from '@bothways/network';
import { type ControlPlane, converge, type FibEntry } from '@bothways/routing';
import { isPredicted, observedText, observedTrip, tripText } from './compare-trace.ts';
import {
  askTables,
  buildKernel,
  type KernelAnswer,
  prepareHosts,
  removeKernel,
  Sender,
  type Sending,
} from './kernel-lab.ts';
import { type KernelPlan, planKernel } from './kernel-plan.ts';
import { type Incomparable, isMartian, type PredictedTrip, predictTrips, type Question } from './packet-prediction.ts';
import { randomDataPlane } from './random-data-plane.ts';
import { Sandbox } from './sandbox.ts';
import type { Trace } from './trace.ts';

/** A network to send packets through. */
export interface PacketCase {
  readonly name: string;
  readonly compiled: CompiledNetwork;
  /** Of the choice of packets. */
  readonly seed: number;
  /** The network that the kernel gets instead: what differs must be found. */
  readonly altered?: Network;
}

export interface PacketOptions {
  /** Round trips in one network; 60 unless stated. */
  readonly perNetwork?: number;
  /** Networks built together; 12 unless stated. */
  readonly together?: number;
  readonly progress?: (report: PacketReport) => void;
}

export interface PacketDifference {
  /** Of the case. */
  readonly name: string;
  /** What was asked, predicted and observed, in words. */
  readonly text: string;
}

export interface PacketReport {
  readonly networks: number;
  /** Round trips compared. */
  readonly compared: number;
  /** Table entries compared with `ip route get`. */
  readonly entries: number;
  /** Networks that the kernel cannot be given, by reason. */
  readonly cannot: ReadonlyMap<string, number>;
  /** Round trips that cannot be compared, by reason. */
  readonly incomparable: ReadonlyMap<Incomparable, number>;
  /** How compared round trips ended, by protocol and disposition. */
  readonly endings: ReadonlyMap<string, number>;
  /** Packets sent again because no device reported their end. */
  readonly repeated: number;
  readonly differences: readonly PacketDifference[];
}

interface Tally extends PacketReport {
  networks: number;
  compared: number;
  entries: number;
  repeated: number;
  readonly cannot: Map<string, number>;
  readonly incomparable: Map<Incomparable, number>;
  readonly endings: Map<string, number>;
  readonly differences: PacketDifference[];
}

interface Asked {
  readonly name: string;
  readonly sending: Sending;
  readonly space: AddressSpace;
  readonly predicted: readonly PredictedTrip[];
  readonly verdict: RoundTrip;
}

interface Prepared {
  readonly plan: KernelPlan;
  readonly asked: readonly Asked[];
  readonly entries: readonly EntryQuestion[];
}

interface EntryQuestion {
  readonly name: string;
  readonly plan: KernelPlan;
  readonly device: number;
  readonly addresses: readonly Address[];
  readonly expected: readonly (FibEntry | undefined)[];
}

/** Random networks of consecutive seeds, until as many round trips are compared. */
export function compareRandomPackets(
  firstSeed: number,
  packets: number,
  options: PacketOptions = {},
  generate: (seed: number) => CompiledNetwork = randomDataPlane,
): Promise<PacketReport> {
  return comparing(options, function* (tally) {
    for (let seed = firstSeed; tally.compared < packets; seed++) {
      yield { name: `seed ${seed}`, compiled: generate(seed), seed };
    }
  });
}

/** Each of the networks. */
export function comparePackets(cases: readonly PacketCase[], options: PacketOptions = {}): Promise<PacketReport> {
  return comparing(options, () => cases[Symbol.iterator]());
}

async function comparing(
  { perNetwork = 60, together = 12, progress }: PacketOptions,
  casesOf: (tally: PacketReport) => Iterator<PacketCase>,
): Promise<PacketReport> {
  const tally: Tally = {
    networks: 0,
    compared: 0,
    entries: 0,
    repeated: 0,
    cannot: new Map(),
    incomparable: new Map(),
    endings: new Map(),
    differences: [],
  };
  const cases = casesOf(tally);
  const sandbox = await Sandbox.open({ lifetime: 24 * 3600 });
  try {
    await prepareHosts(sandbox);
    const sender = new Sender(sandbox);
    let group = prepareGroup(cases, together, perNetwork, tally);
    while (group.length > 0) {
      const running = runGroup(sandbox, sender, group, tally);
      // The engine works on the next networks while the kernel works on these.
      const next = prepareGroup(cases, together, perNetwork, tally);
      await running;
      group = next;
      tally.repeated = sender.repeated;
      progress?.(tally);
    }
  } finally {
    await sandbox.close();
  }
  return tally;
}

function prepareGroup(
  cases: Iterator<PacketCase>,
  together: number,
  perNetwork: number,
  tally: Tally,
): readonly Prepared[] {
  const group: Prepared[] = [];
  let vni = 1;
  while (group.length < together) {
    const { value, done } = cases.next();
    if (done === true) break;
    const plane = converge(value.compiled.network);
    const given = value.altered ?? value.compiled.network;
    const tables = value.altered === undefined ? plane : converge(given);
    const plan = planKernel(given, tables, { prefix: `k${group.length}x`, firstVni: vni });
    vni += given.devices.length;
    if ('cannot' in plan) {
      for (const line of plan.cannot) count(tally.cannot, line);
      continue;
    }
    tally.networks += 1;
    group.push(prepare(value, plane, plan, perNetwork, tally));
  }
  return group;
}

function prepare(
  { name, compiled, seed }: PacketCase,
  plane: ControlPlane,
  plan: KernelPlan,
  perNetwork: number,
  tally: Tally,
): Prepared {
  const random = new Random(seed);
  const { space, input, roundTrips: trips } = roundTrips(compiled, plane);
  const asked: Asked[] = [];
  for (let at = 0; at < perNetwork && trips.length > 0; at++) {
    const trip = random.pick(trips);
    const { demand } = trip;
    const question: Question = {
      start: demand.source.device,
      source: addressIn(random, trip.sources, trip.family),
      destination: addressIn(random, trip.covers, trip.family),
      protocol: random.below(2) === 0 ? 'tcp' : 'udp',
      port: demand.flow.ports[0]?.first ?? 443,
      flow: demand.flow.id,
    };
    const predicted = predictTrips(input, question);
    if (typeof predicted === 'string') count(tally.incomparable, predicted);
    else asked.push({ name, sending: { plan, question }, space, predicted, verdict: trip });
  }
  return { plan, asked, entries: entryQuestions(random, name, compiled, plan, space) };
}

/** The ends of intervals, where mistakes live, as often as any other address. */
function addressIn(random: Random, set: PrefixSet, family: Family): Address {
  const { first, last } = random.pick(setIntervals(set, family));
  const bits = [first, last, first + random.bigBelow(last - first + 1n), first + random.bigBelow(last - first + 1n)];
  return addressOf(family, random.pick(bits));
}

/** Addresses inside and beside what a few devices have in their tables. */
function entryQuestions(
  random: Random,
  name: string,
  { network }: CompiledNetwork,
  plan: KernelPlan,
  space: AddressSpace,
): readonly EntryQuestion[] {
  const devices = random.shuffle(network.devices.map(({ ix }) => ix)).slice(0, 2);
  return devices.map((device) => {
    const routes = plan.devices[device]?.routes ?? [];
    const addresses = Array.from({ length: routes.length === 0 ? 0 : 4 }, () => {
      const { prefix } = random.pick(routes);
      const size = 1n << BigInt((prefix.family === 4 ? 32 : 128) - prefix.length);
      const bits = random.pick([
        prefix.bits,
        prefix.bits + size - 1n,
        prefix.bits + size,
        prefix.bits + random.bigBelow(size),
      ]);
      return addressOf(prefix.family, bits % (1n << (prefix.family === 4 ? 32n : 128n)));
    }).filter((each) => !isMartian(each));
    const expected = addresses.map((each) => space.entry(device, each.family, space.atomOf(each)));
    return { name, plan, device, addresses, expected };
  });
}

async function runGroup(sandbox: Sandbox, sender: Sender, group: readonly Prepared[], tally: Tally): Promise<void> {
  const plans = group.map(({ plan }) => plan);
  await buildKernel(sandbox, plans);
  const asked = group.flatMap((each) => each.asked);
  const traces = await sender.send(asked.map(({ sending }) => sending));
  for (const [at, trace] of traces.entries()) {
    const item = asked[at];
    if (item !== undefined) judge(item, trace, tally);
  }
  const entries = group.flatMap((each) => each.entries);
  const answers = await askTables(sandbox, entries);
  for (const [at, { name, device, addresses, expected }] of entries.entries()) {
    for (const [ix, address] of addresses.entries()) {
      tally.entries += 1;
      const answer = answers[at]?.[ix] ?? 'no answer';
      if (sameEntry(expected[ix], answer)) continue;
      tally.differences.push({
        name,
        text: `device ${device}, table entry for ${formatAddress(address)}: predicted ${JSON.stringify(expected[ix]?.action)}, observed ${JSON.stringify(answer)}`,
      });
    }
  }
  await removeKernel(sandbox, plans);
}

function judge({ name, sending, space, predicted, verdict }: Asked, trace: Trace, tally: Tally): void {
  const { question } = sending;
  const { source, destination, start, protocol } = question;
  const observed = observedTrip(trace, start, {
    family: source.family,
    source: source.bits,
    destination: destination.bits,
  });
  tally.compared += 1;
  const ending = observed.request?.disposition === 'delivered' ? observed.answer : observed.request;
  count(
    tally.endings,
    `${protocol} ${ending === observed.request ? 'request' : 'answer'} ${ending?.disposition ?? 'lost'}`,
  );
  const holds = observed.answer?.disposition === 'delivered' && observed.answer.visits.at(-1)?.device === start;
  const problem = !isPredicted(space, predicted, observed)
    ? 'no branch is like it'
    : verdict.outcome === 'holds' && !holds
      ? `${verdict.id} is said to hold`
      : undefined;
  if (problem === undefined) return;
  const asked = `${protocol} ${formatAddress(source)} to ${formatAddress(destination)} port ${question.port} from device ${start}`;
  const text = `${asked}: ${problem}\n predicted ${predicted.map(tripText).join('\n or ')}\n observed ${observedText(observed)}`;
  tally.differences.push({ name, text });
}

function sameEntry(expected: FibEntry | undefined, answer: KernelAnswer | string): boolean {
  if (typeof answer === 'string') return false;
  const action = expected?.action;
  if (action === undefined) return answer.kind === 'none';
  if (action.kind !== 'forward') return answer.kind === action.kind;
  return answer.kind === 'forward' && action.next.some(({ link }) => link === answer.link);
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
