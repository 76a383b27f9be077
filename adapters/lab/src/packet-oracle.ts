/**
 * The data plane against the Linux kernel: seeded random networks with their tables as namespaces, real packets over UDP
 * and TCP, and their answers. Compared are every device and link on the way, the addresses at each, where the packet
 * ends and why; of equal-cost ways the kernel's must be one of the engine's. A sample of table entries is compared with
 * `ip route get` as well.
 */
import { AddressSpace, type RoundTrip, roundTrips, stateOf, type WalkInput } from '@bothways/forwarding';
import { formatAddress, Random } from '@bothways/net';
import type { CompiledNetwork, Network } from '@bothways/network';
import { type ControlPlane, converge, type Failures, type FibEntry } from '@bothways/routing';
import { isPredicted, type Observed, observedText, observedTrip, type Sent, tripText } from './compare-trace.ts';
import {
  askTables,
  buildKernel,
  type Drops,
  type KernelAnswer,
  prepareHosts,
  readDrops,
  removeKernel,
  Sender,
  type Sending,
} from './kernel-lab.ts';
import { type KernelPlan, planKernel } from './kernel-plan.ts';
import { type Incomparable, type PredictedTrip, predict, type Question, type SeenLeg } from './packet-prediction.ts';
import { type EntryQuestion, entryQuestions, questionsOf } from './packet-questions.ts';
import { randomDataPlane, randomFailures } from './random-data-plane.ts';
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
  /** What has failed. */
  readonly failed?: Failures;
  /** Number of the first packet, which gives it its port; 0 unless stated. */
  readonly first?: number;
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
  /** A round trip, or an entry of a table. */
  readonly about: 'packet' | 'entry';
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
  /** Of the round trip. */
  readonly id: string;
  readonly part: Judged['part'];
  /** Undefined: of a part of a round trip. */
  readonly verdict: RoundTrip | undefined;
}

/** A packet that was sent, with what was said of it and what became of it. */
export interface Judged {
  /** Of the round trip it belongs to. */
  readonly id: string;
  /** Where a proxy is between, which of the two connections it belongs to. */
  readonly part: 'whole' | 'to-proxy' | 'from-proxy';
  readonly sending: Sending;
  readonly predicted: readonly PredictedTrip[];
  readonly observed: Observed;
  readonly agrees: boolean;
}

interface Prepared {
  readonly input: WalkInput;
  readonly space: AddressSpace;
  /** Round trips chosen, those that cannot be compared among them. */
  readonly count: number;
  readonly name: string;
  readonly plan: KernelPlan;
  readonly asked: readonly Asked[];
  readonly entries: readonly EntryQuestion[];
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
      const compiled = generate(seed);
      yield {
        name: `seed ${seed}`,
        compiled,
        seed,
        failed: withCarried(compiled.network, randomFailures(seed, compiled.network)),
      };
    }
  });
}

/** The control plane is told every link that is down; of a tunnel it does not look at what carries it. */
function withCarried(network: Network, failed: Failures): Failures {
  const devices = new Set(failed.devices);
  const down = new Set(failed.links);
  for (let before = -1; before < down.size; ) {
    before = down.size;
    for (const { ix, a, b, carriedBy = [] } of network.links) {
      if (devices.has(a) || devices.has(b) || carriedBy.some((each) => down.has(each))) down.add(ix);
    }
  }
  return { ...failed, links: [...down] };
}

/** Each of the networks. */
export function comparePackets(cases: readonly PacketCase[], options: PacketOptions = {}): Promise<PacketReport> {
  return comparing(options, () => cases[Symbol.iterator]());
}

async function comparing(
  { perNetwork = 60, together = 12, progress }: PacketOptions,
  casesOf: (tally: PacketReport) => Iterator<PacketCase, void>,
): Promise<PacketReport> {
  const tally = emptyTally();
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

export function emptyTally(): Tally {
  return {
    networks: 0,
    compared: 0,
    entries: 0,
    repeated: 0,
    cannot: new Map(),
    incomparable: new Map(),
    endings: new Map(),
    differences: [],
  };
}

function prepareGroup(
  cases: Iterator<PacketCase, void>,
  together: number,
  perNetwork: number,
  tally: Tally,
): readonly Prepared[] {
  const group: Prepared[] = [];
  let vni = 1;
  while (group.length < together) {
    const { value, done } = cases.next();
    if (done === true) break;
    const { failed = {} } = value;
    const plane = converge(value.compiled.network, { failed });
    const given = value.altered ?? value.compiled.network;
    const tables = value.altered === undefined ? plane : converge(given, { failed });
    const state = stateOf(tables);
    const isUp = (link: number): boolean => state.isUp(link);
    const plan = planKernel(given, tables, { prefix: `k${group.length}x`, firstVni: vni, isUp });
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

/** Chooses packets of a network and predicts what becomes of them; with `each`, first one of every round trip. */
export function prepare(
  { name, compiled, seed, first = 0 }: PacketCase,
  plane: ControlPlane,
  plan: KernelPlan,
  perNetwork: number,
  tally: Tally,
  each = false,
): Prepared {
  const random = new Random(seed);
  const { space, input, roundTrips: trips } = roundTrips(compiled, plane);
  const asked: Asked[] = [];
  const wanted = each ? Math.max(perNetwork, trips.length) : perNetwork;
  for (let at = 0; at < wanted && trips.length > 0; at++) {
    const trip = (each ? trips[at] : undefined) ?? chosen(random, trips);
    const questions = questionsOf(random, compiled, trip, first + at);
    for (const [ix, question] of questions.entries()) {
      const { trips: predicted, incomparable } = predict(input, question);
      if (incomparable !== undefined) count(tally.incomparable, incomparable);
      else
        asked.push({
          name,
          sending: { plan, question },
          space,
          predicted,
          id: trip.id,
          part: questions.length === 1 ? 'whole' : ix === 0 ? 'to-proxy' : 'from-proxy',
          verdict: questions.length === 1 ? trip : undefined,
        });
    }
  }
  return { name, input, space, count: wanted, plan, asked, entries: entryQuestions(random, compiled, plan, space) };
}

/** What finds no route is most of some networks, and the least of interest. */
function chosen(random: Random, trips: readonly RoundTrip[]): RoundTrip {
  const first = random.pick(trips);
  return first.forward.disposition === 'no-route' ? random.pick(trips) : first;
}

async function runGroup(sandbox: Sandbox, sender: Sender, group: readonly Prepared[], tally: Tally): Promise<void> {
  const plans = group.map(({ plan }) => plan);
  await buildKernel(sandbox, plans);
  await askPrepared(sandbox, sender, group, tally);
  await removeKernel(sandbox, plans);
}

/** Sends the packets of data planes that are there, and asks their tables. */
export async function askPrepared(
  sandbox: Sandbox,
  sender: Sender,
  group: readonly Prepared[],
  tally: Tally,
  judged: (packet: Judged) => void = () => {},
): Promise<void> {
  const asked = group.flatMap((each) => each.asked);
  const traces = await sender.send(asked.map(({ sending }) => sending));
  for (const [at, trace] of traces.entries()) {
    const item = asked[at];
    if (item !== undefined) judged(judge(item, trace, tally));
  }
  const entries = group.flatMap(({ name, entries: own }) => own.map((each) => ({ name, ...each })));
  const answers = await askTables(sandbox, entries);
  for (const [at, { name, plan, device, addresses, expected }] of entries.entries()) {
    for (const [ix, address] of addresses.entries()) {
      tally.entries += 1;
      const answer = answers[at]?.[ix] ?? 'no answer';
      if (sameEntry(expected[ix], answer)) continue;
      tally.differences.push({
        name,
        about: 'entry',
        text: `${plan.network.devices[device]?.name ?? device}, table entry for ${formatAddress(address)}: predicted ${JSON.stringify(expected[ix]?.action)}, observed ${JSON.stringify(answer)}`,
      });
    }
  }
}

function judge({ name, id, part, sending, space, predicted, verdict }: Asked, trace: Trace, tally: Tally): Judged {
  const { question } = sending;
  const { source, destination, start, transport } = question;
  const { protocol, sourcePort, destinationPort } = transport;
  const observed = observedTrip(trace, start, sentOf(question));
  tally.compared += 1;
  const ending = observed.request?.disposition === 'delivered' ? observed.answer : observed.request;
  count(
    tally.endings,
    `${protocol} ${ending === observed.request ? 'request' : 'answer'} ${ending?.disposition ?? 'lost'}`,
  );
  const holds = observed.answer?.disposition === 'delivered' && endsAt(sending.plan, observed.answer, start);
  const problem = !isPredicted(space, predicted, observed)
    ? 'no branch is like it'
    : verdict?.outcome === 'holds' && !holds
      ? `${verdict.id} is said to hold`
      : undefined;
  if (problem === undefined) return { id, part, sending, predicted, observed, agrees: true };
  const asked = `${protocol} ${formatAddress(source)} to ${formatAddress(destination)} port ${sourcePort} to ${destinationPort} from device ${start}`;
  const text = `${asked}: ${problem}\n predicted ${predicted.map(tripText).join('\n or ')}\n observed ${observedText(observed)}`;
  tally.differences.push({ name, about: 'packet', text });
  return { id, part, sending, predicted, observed, agrees: false };
}

function sentOf({ source, destination, transport }: Question): Sent {
  return { ...transport, family: source.family, source: source.bits, destination: destination.bits };
}

/** At the device, or anywhere at Microsoft where it began at Microsoft: its hosts stand behind several devices. */
function endsAt({ network }: KernelPlan, { visits }: SeenLeg, start: number): boolean {
  const end = visits.at(-1)?.device ?? -1;
  return end === start || [end, start].every((ix) => network.devices[ix]?.half === 'microsoft');
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

/** A network and packets to follow through it. */
export interface FollowedCase {
  readonly network: Network;
  readonly questions: readonly Question[];
}

export interface FollowedPacket {
  readonly incomparable: Incomparable | undefined;
  /** Every branch. */
  readonly predicted: readonly PredictedTrip[];
  readonly observed: Observed;
  readonly agrees: boolean;
}

export interface Followed {
  /** In the order of the questions. */
  readonly packets: readonly FollowedPacket[];
  /** What the devices' own counters say. */
  readonly drops: readonly Drops[];
}

/** Packets one by one, whether or not the two can be compared; by case. */
export async function followPackets(cases: readonly FollowedCase[]): Promise<readonly Followed[]> {
  const sandbox = await Sandbox.open();
  try {
    await prepareHosts(sandbox);
    let vni = 1;
    const planned = cases.map(({ network }, at) => {
      const plane = converge(network);
      const space = new AddressSpace(plane, network);
      const plan = planKernel(network, plane, { prefix: `k${at}x`, firstVni: vni });
      vni += network.devices.length;
      if ('cannot' in plan) throw new Error(plan.cannot.join('; '));
      return { plan, input: { network, space, state: stateOf(plane) } };
    });
    await buildKernel(
      sandbox,
      planned.map(({ plan }) => plan),
    );
    const sender = new Sender(sandbox);
    const results: Followed[] = [];
    for (const [at, { plan, input }] of planned.entries()) {
      const questions = cases[at]?.questions ?? [];
      const traces = await sender.send(questions.map((question) => ({ plan, question })));
      const packets = questions.map((question, ix) => followed(input, question, traces[ix]));
      results.push({ packets, drops: await readDrops(sandbox, plan) });
    }
    return results;
  } finally {
    await sandbox.close();
  }
}

function followed(input: WalkInput, question: Question, trace: Trace | undefined): FollowedPacket {
  if (trace === undefined) throw new Error('a packet without a trace');
  const { trips, incomparable } = predict(input, question);
  const observed = observedTrip(trace, question.start, sentOf(question));
  return {
    incomparable,
    predicted: trips,
    observed,
    agrees: isPredicted(input.space, trips, observed),
  };
}
