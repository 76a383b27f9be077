/** What a lab holds and does beside what was predicted for the state it is in. */
import type { DeviceIx } from '@bothways/network';
import type { Difference } from './compare.ts';
import { reasonOf } from './compare-trace.ts';
import { type Drops, readDrops } from './kernel-lab.ts';
import type { DropReason } from './kernel-plan.ts';
import type { Lab } from './lab.ts';
import { privateMemory } from './measure.ts';
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
  /** For each place and reason of a drop a client that does not give up at once. */
  readonly attempts: readonly Attempt[];
  /** Private memory of all daemons together, bytes. */
  readonly memory: number;
}

/** A connection that a client tries to open where its packets or the answers are dropped. */
export interface Attempt {
  readonly packet: Judged;
  readonly device: DeviceIx;
  readonly reason: DropReason;
  /** Seconds from the first at which a SYN was sent. */
  readonly sent: readonly number[];
  /** Whether the client got an answer. */
  readonly answered: boolean;
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
  /** How many drops are shown to a client that tries again; 0 unless stated. */
  readonly attempts?: number;
  readonly progress?: (stage: string) => void;
}

/** Milliseconds between a client's SYNs: one second, and double that each time (RFC 6298 sections 2.1 and 5.5). */
const PAUSES = [1000, 2000] as const;

/** Every table of every daemon, then packets of the estate's round trips. */
export async function verifyLab(lab: Lab, options: VerifyOptions = {}): Promise<LabVerdict> {
  const { packets = 60, seed = 1, patience = 45, each = false, attempts = 0, progress = () => {} } = options;
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
  const before = await readDrops(sandbox, devices);
  await askPrepared(sandbox, sender, [prepared], tally, (packet) => judged.push(packet));
  const drops = countedSince(before, await readDrops(sandbox, devices));
  const report = { ...tally, repeated: sender.repeated - repeatedBefore };
  const tried = await tryAgain(lab, judged, { attempts, progress });
  const memory = await privateMemory(sandbox);
  return { tables: differences, settled, packets: report, judged, drops, attempts: tried, memory };
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

/** One client for each place and reason, over TCP. */
async function tryAgain(
  { current: { devices }, sandbox, sender }: Lab,
  judged: readonly Judged[],
  { attempts, progress }: { readonly attempts: number; readonly progress: (stage: string) => void },
): Promise<readonly Attempt[]> {
  const places = new Map<string, Omit<Attempt, 'sent' | 'answered' | 'counter'>>();
  for (const packet of judged) {
    const drop = dropOf(packet);
    if (drop === undefined || packet.sending.question.transport.protocol !== 'tcp') continue;
    const key = `${drop.device} ${drop.reason}`;
    if (!places.has(key) && places.size < attempts) places.set(key, { packet, ...drop });
  }
  const tried: Attempt[] = [];
  for (const place of places.values()) {
    progress('a client tries again where its connection was lost');
    const counted = async (): Promise<number> =>
      (await readDrops(sandbox, devices))
        .filter(({ device, reason }) => device === place.device && reason === place.reason)
        .reduce((sum, { packets }) => sum + packets, 0);
    const before = await counted();
    const traces = await sender.insist(place.packet.sending, PAUSES);
    const sent = traces.map((_, at) => PAUSES.slice(0, at).reduce((sum, time) => sum + time, 0) / 1000);
    const answered = traces.at(-1)?.answer?.end.kind === 'delivered';
    tried.push({ ...place, sent, answered, counter: [before, await counted()] });
  }
  return tried;
}
