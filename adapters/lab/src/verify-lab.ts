/** What a lab holds and does beside what was predicted for the state it is in. */
import type { AddressSpace } from '@bothways/forwarding';
import type { DeviceIx } from '@bothways/network';
import type { Difference } from './compare.ts';
import { reasonOf } from './compare-trace.ts';
import type { Connection } from './connections.ts';
import { type Drops, readDrops } from './kernel-lab.ts';
import type { DropReason } from './kernel-plan.ts';
import type { Lab } from './lab.ts';
import { privateMemory } from './measure.ts';
import { lookUpNames, type NameLookUp } from './name-lookups.ts';
import { askPrepared, emptyTally, type Judged, type PacketReport, prepare } from './packet-oracle.ts';

export interface LabVerdict {
  /** What the daemons hold otherwise than predicted. */
  readonly tables: readonly Difference[];
  /** Milliseconds from the question until the tables were as predicted, or as they stayed. */
  readonly settled: number;
  readonly packets: PacketReport;
  /** Every packet that was sent. */
  readonly judged: readonly Judged[];
  /** What the devices' own counters say was dropped of these packets. */
  readonly drops: readonly Drops[];
  /** Real TCP connections of the same round trips, with what came of them; empty where not asked for. */
  readonly connections: readonly Connection[];
  /** Round trips that no connection was opened for: not over TCP, or by equal-cost ways that end differently. */
  readonly unopened: number;
  /** Where connections were lost, by place. */
  readonly losses: readonly Loss[];
  /** Names that places looked up, with what came of it; empty where no connections were asked for. */
  readonly lookUps: readonly NameLookUp[];
  /** Private memory of all daemons together, bytes. */
  readonly memory: number;
}

/** A place where connections come to nothing, and why. */
export interface Loss {
  readonly device: DeviceIx;
  readonly reason: DropReason;
  /** Those that were lost here when packets were sent before. */
  readonly connections: readonly Connection[];
  /** What the counter of the device said before and after. */
  readonly counter: readonly [before: number, after: number];
}

export interface VerifyOptions {
  /** Round trips; 60 unless stated. */
  readonly packets?: number;
  readonly seed?: number;
  /** Seconds that the tables may take; 45 unless stated. */
  readonly patience?: number;
  /** First one packet of every round trip, however many that are; false unless stated. */
  readonly each?: boolean;
  /** A real TCP connection for every round trip besides; false unless stated. */
  readonly connect?: boolean;
  readonly progress?: (stage: string) => void;
}

/** Every table of every daemon, then packets of the estate's round trips. */
export async function verifyLab(lab: Lab, options: VerifyOptions = {}): Promise<LabVerdict> {
  const { packets = 60, seed = 1, patience = 45, each = false, connect = false, progress = () => {} } = options;
  const { sandbox, sender, current } = lab;
  const { compiled, devices, prediction } = current;
  const { settled, differences } = await lab.settle({ patience, progress });
  progress('sending packets');
  const tally = emptyTally();
  const first = lab.takeNumbers(0);
  const prepared = prepare({ name: 'the lab', compiled, seed, first }, prediction.plane, devices, packets, tally, each);
  lab.takeNumbers(prepared.count);
  const judged: Judged[] = [];
  const repeatedBefore = sender.repeated;
  // Before the first packet there is nothing to count.
  const before = first === 0 ? [] : await readDrops(sandbox, devices);
  await askPrepared(sandbox, sender, [prepared], tally, (packet) => judged.push(packet));
  const drops = countedSince(before, await readDrops(sandbox, devices));
  const report = { ...tally, repeated: sender.repeated - repeatedBefore };
  const { connections, losses, unopened } = connect
    ? await connectAll(lab, judged, prepared.space, progress)
    : { connections: [], losses: [], unopened: 0 };
  progress('looking names up');
  const lookUps = connect ? await lookUpNames(lab.ends, compiled, prepared.input) : [];
  const memory = await privateMemory(sandbox);
  return {
    tables: differences,
    settled,
    packets: report,
    judged,
    drops,
    connections,
    unopened,
    losses,
    lookUps,
    memory,
  };
}

function countedSince(before: readonly Drops[], after: readonly Drops[]): readonly Drops[] {
  return after.flatMap((drop) => {
    const old = before.find(({ device, reason }) => device === drop.device && reason === drop.reason);
    const packets = drop.packets - (old?.packets ?? 0);
    return packets > 0 ? [{ ...drop, packets }] : [];
  });
}
/** Where a packet and its answer ended; undefined where nothing was dropped. */
export function dropOf({ observed }: Judged): { readonly device: DeviceIx; readonly reason: DropReason } | undefined {
  const leg = observed.answer ?? observed.request;
  const reason = leg === undefined ? undefined : reasonOf(leg.disposition);
  const device = leg?.visits.at(-1)?.device;
  return reason === undefined || device === undefined ? undefined : { device, reason };
}

/**
 * A real connection for each round trip over TCP: first those that are to hold, then the others, which take as long as a
 * client waits.
 */
async function connectAll(
  lab: Lab,
  judged: readonly Judged[],
  space: AddressSpace,
  progress: (stage: string) => void,
): Promise<Pick<LabVerdict, 'connections' | 'unopened' | 'losses'>> {
  const { sandbox, current, connector } = lab;
  const groups = connectionsOf(judged);
  const lost = groups.filter((packets) => packets.some(isLost));
  progress('opening connections');
  const connected = await connector.connect(
    groups.filter((packets) => !packets.some(isLost)),
    space,
  );
  if (lost.length === 0) return { connections: connected, unopened: groups.length - connected.length, losses: [] };
  progress('opening connections where packets were lost, which takes as long as a client waits');
  const before = await readDrops(sandbox, current.devices);
  const others = await connector.connect(lost, space);
  const after = await readDrops(sandbox, current.devices);
  const places = new Map<string, { readonly device: DeviceIx; readonly reason: DropReason; held: Connection[] }>();
  for (const connection of others) {
    const drop = connection.packets.map((packet) => dropOf(packet)).find((each) => each !== undefined);
    if (drop === undefined) continue;
    const key = `${drop.device} ${drop.reason}`;
    const place = places.get(key) ?? { ...drop, held: [] };
    places.set(key, place);
    place.held.push(connection);
  }
  const losses = [...places.values()].map(({ device, reason, held }): Loss => {
    const counted = (drops: readonly Drops[]): number =>
      drops.find((each) => each.device === device && each.reason === reason)?.packets ?? 0;
    return { device, reason, connections: held, counter: [counted(before), counted(after)] };
  });
  const connections = [...connected, ...others];
  return { connections, unopened: groups.length - connections.length, losses };
}

/** The packets that a connection of each round trip stands for. */
function connectionsOf(judged: readonly Judged[]): readonly (readonly Judged[])[] {
  const groups = new Map<string, readonly Judged[]>();
  for (const [at, packet] of judged.entries()) {
    const next = judged[at + 1];
    if (groups.has(packet.id) || packet.part === 'from-proxy') continue;
    if (packet.part === 'whole') groups.set(packet.id, [packet]);
    else if (next?.part === 'from-proxy' && next.id === packet.id) groups.set(packet.id, [packet, next]);
  }
  return [...groups.values()];
}

function isLost({ observed }: Judged): boolean {
  return observed.answer?.disposition !== 'delivered';
}

/** What is not as predicted, of any kind. */
export function differencesOf({ tables, packets, connections, lookUps }: LabVerdict): number {
  const wrong = [...connections, ...lookUps].filter(({ agrees }) => !agrees);
  return tables.length + packets.differences.length + wrong.length;
}
