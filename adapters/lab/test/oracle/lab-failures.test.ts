/** Elements of running labs that fail and come back, on the real daemons, compared each time with what was predicted. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  capture,
  compiledEstate,
  type DaemonName,
  daemonNames,
  formatDifference,
  type Lab,
  labElements,
  planLab,
  probeHost,
  probePackets,
  type SweptFailure,
  startLab,
  sweepLab,
  verifyLab,
} from '../../src/index.ts';
import { notRun } from './suite.ts';

const daemons = await probeHost(daemonNames);
const host = daemons.ok ? await probePackets() : daemons;

async function started(folder: string, daemon: DaemonName): Promise<Lab> {
  const design = planLab(compiledEstate(join(import.meta.dirname, '../../../..', folder)), { daemon });
  if ('cannot' in design) throw new Error(design.cannot.join('; '));
  return startLab(design, 240);
}

function problems({ element, verdict, back }: SweptFailure): readonly string[] {
  return [
    ...verdict.tables.slice(0, 4).map((each) => `${element.id}: ${formatDifference(each)}`),
    ...verdict.packets.differences.slice(0, 4).map(({ text }) => `${element.id}: ${text}`),
    ...back.differences.slice(0, 4).map((each) => `${element.id}, back again: ${formatDifference(each)}`),
  ];
}

describe.skipIf(!host.ok)(`failures in a small lab on BIRD${host.ok ? '' : notRun(host)}`, () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await started('scenarios/PP-S25-without-expressroute', 'bird');
  }, 60_000);

  afterAll(() => lab.close());

  it('of everything, one after the other, are as predicted', {
    timeout: 240_000,
  }, async () => {
    const swept = await sweepLab(lab, { packets: 30 });
    expect(swept.failures.map(({ element }) => element.id)).toEqual([
      'device hq',
      'device fw-inet',
      'device Northwind Telecom',
      'link hq-fw-inet',
      'link inet',
      'provider Northwind Telecom',
      'site hq',
    ]);
    expect(swept.failures.flatMap(problems)).toEqual([]);
    // Without its only edge the site reaches nothing, and the lab has to have shown that.
    const edge = swept.failures.find(({ element }) => element.id === 'link inet');
    expect(edge?.lost).toBe(edge?.verdict.packets.compared);
    expect(edge?.lost).toBeGreaterThan(0);
  });

  it('refuse what the network does not have, and stay as they were', { timeout: 60_000 }, async () => {
    await expect(lab.become(['device nowhere'])).rejects.toThrow(RangeError);
    expect(lab.current).toBe(lab.design);
    await expect(capture(lab, 'nowhere', { packets: 1 }, () => {})).rejects.toThrow("no device 'nowhere'");
    await expect(capture(lab, 'hq', { interfaces: ['e99'] }, () => {})).rejects.toThrow(
      /has no interface 'e99'; it has e0/,
    );
  });

  it('are seen in a capture: the session that is opened again', { timeout: 60_000 }, async () => {
    await lab.become(['link inet']);
    const parts: Buffer[] = [];
    const end = new AbortController();
    const done = capture(lab, 'fw-inet', { interfaces: ['inet'], signal: end.signal }, (part) => parts.push(part));
    await lab.become([]);
    end.abort();
    const summary = await done;
    const bytes = Buffer.concat(parts);
    const frames = framesIn(bytes);
    expect(frames).toHaveLength(summary.packets);
    expect(summary.missed).toBe(0);
    // A SYN to the port of BGP, from one end or the other, and the answer to it.
    const isTcp = (frame: Buffer): boolean => frame.readUInt16BE(12) === 0x0800 && frame.readUInt8(23) === 6;
    const flags = frames
      .filter((frame) => isTcp(frame) && [frame.readUInt16BE(34), frame.readUInt16BE(36)].includes(179))
      .map((frame) => frame.readUInt8(47) & 0x12);
    expect(flags).toContain(0x02);
    expect(flags).toContain(0x12);
  });

  // The last one: the lab is not as it was afterwards.
  it('that nobody told the lab of are differences: in tables, packets and connections', {
    timeout: 90_000,
  }, async () => {
    const { routers } = lab.design;
    const link = routers.links.find(({ link: each }) => each.name === 'inet');
    const node = routers.nodes.find(({ device }) => device.name === 'fw-inet');
    const argv = ['ip', 'link', 'set', 'dev', link?.interface ?? '', 'down'];
    await lab.sandbox.run({ namespace: node?.name ?? '', argv });
    const verdict = await verifyLab(lab, { packets: 30, connect: true, patience: 1 });
    expect(verdict.tables.length).toBeGreaterThan(0);
    expect(verdict.packets.differences.length).toBeGreaterThan(0);
    // What was sent before the connections got no answer, so that the clients waited as long as they do.
    const wrong = verdict.connections.filter(({ agrees }) => !agrees);
    expect(wrong.length).toBeGreaterThan(0);
    for (const { expected, result } of wrong) expect([expected !== undefined, result.end]).toEqual([true, 'timed-out']);
  });
});

describe.skipIf(!host.ok)(`failures in labs${host.ok ? '' : notRun(host)}`, () => {
  /** What went wrong once: BIRD could not replace a shared route of which the kernel had marked a next hop as dead;
   * zebra took up again a group of next hops that the kernel had made smaller. */
  it.each([
    ['bird', 'device er-ce2'],
    ['frr', 'device er-ce1'],
  ] as const)('of one of two equal ways leave the other one, on %s: %s', { timeout: 120_000 }, async (daemon, id) => {
    const lab = await started('examples/contoso', daemon);
    const elements = labElements(lab.design, { names: [id, 'circuit er-fra'] });
    const failures: SweptFailure[] = [];
    try {
      failures.push(...(await sweepLab(lab, { packets: 30, elements })).failures);
    } finally {
      await lab.close();
    }
    expect(failures.map(({ element }) => element.id)).toEqual([id, 'circuit er-fra']);
    expect(failures.flatMap(problems)).toEqual([]);
    for (const { convergence, back } of failures) {
      expect(convergence.settled).toBeGreaterThan(0);
      // A session that is opened again waits a second first (`connect delay time`, `timers connect`).
      expect(back.settled).toBeGreaterThan(500);
    }
  });
});

/** The frames of the packet blocks of a pcapng file; every block must end where its two lengths say. */
function framesIn(bytes: Buffer): readonly Buffer[] {
  const frames: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = bytes.readUInt32LE(at + 4);
    expect(bytes.readUInt32LE(at + length - 4)).toBe(length);
    if (bytes.readUInt32LE(at) === 6) {
      const size = bytes.readUInt32LE(at + 20);
      frames.push(bytes.subarray(at + 28, at + 28 + size));
    }
    at += length;
  }
  return frames;
}
