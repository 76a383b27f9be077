/**
 * Captures what passes at a device of a lab: the kernel copies every frame of an interface, both ways, into a VXLAN
 * (RFC 7348) towards the process that plays the hosts, which notes the time. That needs no program besides nft, and
 * works without root as well, where tcpdump cannot give up rights it does not have.
 *
 * Left out: what a device sends to itself.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { HOST_NEIGHBOUR, hostInterface, neighbourMac } from './kernel-plan.ts';
import { hostsEnd } from './kernel-script.ts';
import type { Lab } from './lab.ts';
import { type CapturedInterface, capturedPacket, captureHead } from './pcapng.ts';
import type { LabNode } from './plan.ts';
import { FIRST_CAPTURE_VNI } from './requests.ts';
import { field } from './sandbox.ts';

export interface CaptureOptions {
  /** By the name of an interface, of its link or of the device at the far end; all unless stated. */
  readonly interfaces?: readonly string[];
  /** Until so many seconds have passed; for ever unless stated. */
  readonly seconds?: number;
  /** Until so many packets are there. */
  readonly packets?: number;
  readonly signal?: AbortSignal;
}

export interface CaptureSummary {
  readonly interfaces: readonly CapturedInterface[];
  readonly packets: number;
  /** Packets that came faster than they could be kept. */
  readonly missed: number;
}

/** Milliseconds between looks at what has come in. */
const LOOK = 100;

interface Tap {
  readonly vni: number;
  readonly interface: string;
  readonly direction: 'in' | 'out';
  readonly position: number;
}

let taken = 0;

/** `write` gets the bytes of a capture file in order. Rejects where the lab has no such device or interface. */
export async function capture(
  { sandbox, design }: Lab,
  device: string,
  { interfaces, seconds = Number.POSITIVE_INFINITY, packets = Number.POSITIVE_INFINITY, signal }: CaptureOptions,
  write: (bytes: Buffer) => void,
): Promise<CaptureSummary> {
  const node = design.routers.nodes.find((each) => each.device.name === device);
  if (node === undefined) throw new Error(`the lab has no device '${device}'`);
  const all = interfacesOf(design.routers.nodes, design.routers.network.links, node);
  const chosen = (interfaces ?? all.map(({ name }) => name)).map((wanted) => {
    const found = all.find(({ name, words }) => name === wanted || words.includes(wanted));
    if (found !== undefined) return found;
    const names = all.map(({ name, description }) => `${name} (${description})`).join(', ');
    throw new Error(`${device} has no interface '${wanted}'; it has ${names}`);
  });
  const first = FIRST_CAPTURE_VNI + taken;
  const taps = chosen.flatMap(({ name }, position) =>
    (['in', 'out'] as const).map(
      (direction, at): Tap => ({ vni: first + 2 * position + at, interface: name, direction, position }),
    ),
  );
  taken += taps.length;
  const vnis = taps.map(({ vni }) => vni);
  const table = `capture${first - FIRST_CAPTURE_VNI}`;
  const names = taps.map(({ vni }) => `t${vni - FIRST_CAPTURE_VNI}`);
  await sandbox.captured(vnis);
  let kept = 0;
  let missed = 0;
  try {
    await run(hostsEnd.namespace, ['ip', '-batch', '-'], links(taps, names, node.name));
    await run(node.name, ['ip', '-batch', '-'], names.map((name) => `link set dev ${name} up\n`).join(''));
    await run(node.name, ['nft', '-f', '-'], rules(taps, names, table));
    write(captureHead(chosen));
    const end = performance.now() + seconds * 1000;
    for (let isOver = false; !isOver; ) {
      isOver = performance.now() >= end || signal?.aborted === true;
      if (!isOver) await pause(LOOK);
      const read = await sandbox.captured(vnis);
      missed += Number(field(read, 'missed'));
      const frames = field(read, 'frames');
      for (const item of Array.isArray(frames) ? frames : []) {
        const tap = taps.find(({ vni }) => vni === Number(field(item, 'vni')));
        if (tap === undefined || kept >= packets) continue;
        kept += 1;
        const frame = Buffer.from(String(field(item, 'frame')), 'base64');
        write(capturedPacket(tap.position, tap.direction, Number(field(item, 'at')), frame));
      }
      isOver ||= kept >= packets;
    }
  } finally {
    await run(node.name, ['nft', 'delete', 'table', 'netdev', table], '').catch(() => {});
    await run(node.name, ['ip', '-batch', '-'], names.map((name) => `link del dev ${name}\n`).join('')).catch(() => {});
    await sandbox.release(vnis).catch(() => {});
  }
  return { interfaces: chosen.map(({ name, description }) => ({ name, description })), packets: kept, missed };

  async function run(namespace: string, argv: readonly string[], input: string): Promise<void> {
    const { status, errors } = await sandbox.run({ namespace, argv, input });
    if (status !== 0) throw new Error(`the capture could not be set up: ${errors.trim()}`);
  }
}

interface Known extends CapturedInterface {
  /** What else it is called. */
  readonly words: readonly string[];
}

function interfacesOf(
  nodes: readonly LabNode[],
  networkLinks: readonly { readonly name: string; readonly a: number; readonly b: number }[],
  node: LabNode,
): readonly Known[] {
  const ports = node.interfaces.map(({ name, link }): Known => {
    const found = networkLinks[link];
    const far = nodes[(found?.a === node.device.ix ? found.b : found?.a) ?? -1]?.device.name ?? '';
    const own = found?.name ?? '';
    return { name, description: `${own} to ${far}`, words: [own, far] };
  });
  return [...ports, { name: hostInterface(node.device.ix), description: 'hosts behind it', words: ['hosts'] }];
}

function links(taps: readonly Tap[], names: readonly string[], namespace: string): string {
  return taps
    .flatMap(({ vni }, at) => [
      `link add name ${names[at]} mtu 1500 address ${hostsEnd.mac} netns ${namespace} type vxlan id ${vni} remote ${hostsEnd.near} dstport ${hostsEnd.port} nolearning\n`,
    ])
    .join('');
}

/** Of what goes to the hosts only that which is for them: the rest are the lab's own reports. */
function rules(taps: readonly Tap[], names: readonly string[], table: string): string {
  const chains = taps.map(({ interface: own, direction }, at) => {
    const hook = direction === 'in' ? 'ingress' : 'egress';
    const only = own.startsWith('h') && direction === 'out' ? `ether daddr ${neighbourMac(HOST_NEIGHBOUR)} ` : '';
    return `chain c${at} { type filter hook ${hook} device "${own}" priority 0; policy accept; ${only}dup to "${names[at]}"; }`;
  });
  return [`table netdev ${table} {`, ...chains, '}', ''].join('\n');
}
