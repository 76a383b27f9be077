/** Described networks on BIRD and FRR, with packets through the tables, firewalls and translation of the same namespaces. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  compiledEstate,
  type DaemonName,
  daemonNames,
  dropOf,
  formatDifference,
  type LabDesign,
  type LabVerdict,
  planLab,
  probeHost,
  probePackets,
  startLab,
  verifyLab,
} from '../../src/index.ts';
import { notRun } from './suite.ts';

const daemons = await probeHost(daemonNames);
const host = daemons.ok ? await probePackets() : daemons;

async function verdictOn(
  folder: string,
  daemon: DaemonName,
  connect = false,
): Promise<{ readonly design: LabDesign; readonly verdict: LabVerdict }> {
  const design = planLab(compiledEstate(join(import.meta.dirname, '../../../..', folder)), { daemon });
  if ('cannot' in design) throw new Error(design.cannot.join('; '));
  const lab = await startLab(design, 120);
  try {
    return { design, verdict: await verifyLab(lab, { packets: 80, connect }) };
  } finally {
    await lab.close();
  }
}

function problems({ tables, packets }: LabVerdict): readonly string[] {
  return [...tables.slice(0, 6).map((each) => formatDifference(each)), ...packets.differences.map(({ text }) => text)];
}

describe.skipIf(!host.ok)(`labs on BIRD and FRR${host.ok ? '' : notRun(host)}`, () => {
  it.each(daemonNames)('carry every demand of the example both ways, on %s', { timeout: 120_000 }, async (daemon) => {
    const { verdict } = await verdictOn('examples/contoso', daemon, true);
    expect(problems(verdict)).toEqual([]);
    expect([...verdict.packets.endings.keys()]).toEqual(['tcp answer delivered']);
    expect(verdict.drops).toEqual([]);
    // Every connection of the kernel's own, and the address that its service saw.
    expect(verdict.connections.length).toBeGreaterThan(10);
    expect(verdict.connections.filter(({ agrees }) => !agrees)).toEqual([]);
    expect(
      verdict.connections.every(({ result, expected }) => result.end === 'connected' && expected !== undefined),
    ).toBe(true);
  });

  it.each(daemonNames)(
    'show asymmetric routing in the counter of the firewall that drops, on %s',
    {
      timeout: 120_000,
    },
    async (daemon) => {
      const { design, verdict } = await verdictOn('scenarios/PP-S10-asymmetric-routing', daemon, true);
      expect(problems(verdict)).toEqual([]);
      const lost = verdict.packets.endings.get('tcp answer no-state') ?? 0;
      expect(lost).toBeGreaterThan(20);
      expect(verdict.drops.map(({ reason, packets }) => ({ reason, packets }))).toEqual([
        { reason: 'no-state', packets: lost },
      ]);
      const [drop] = verdict.drops;
      expect(design.compiled.network.devices[drop?.device ?? -1]?.firewall?.stateful).toBe(true);
      // Clients of the kernel's own: each waits as long as it waits, and the firewall counts what it drops meanwhile.
      const [loss] = verdict.losses;
      expect(verdict.losses).toHaveLength(1);
      expect(loss).toMatchObject({ device: drop?.device, reason: 'no-state' });
      const [before, after] = loss?.counter ?? [0, 0];
      const count = loss?.connections.length ?? 0;
      expect(count).toBeGreaterThan(3);
      // A SYN at the start, after one and after three seconds, and the server says its SYN with ACK again by itself.
      expect(after - before).toBeGreaterThanOrEqual(3 * count);
      for (const { result } of loss?.connections ?? []) {
        expect(result.end).toBe('timed-out');
        expect(result.milliseconds).toBeGreaterThan(3500);
      }
      expect(verdict.connections.filter(({ agrees }) => !agrees)).toEqual([]);
    },
  );

  it('give the address inside to whoever asks a resolver inside, on bird', { timeout: 120_000 }, async () => {
    const { verdict } = await verdictOn('scenarios/PP-S29-azure-machine-over-vpn', 'bird', true);
    expect(problems(verdict)).toEqual([]);
    expect(verdict.lookUps).toMatchObject([
      {
        place: 'hq',
        name: 'sharepoint.contoso.example',
        result: { end: 'answered', addresses: ['10.30.0.40'] },
        agrees: true,
      },
    ]);
  });

  /** Where packets are lost, and why; nothing where the estate holds. */
  const situations: readonly (readonly [folder: string, lost: readonly string[]])[] = [
    ['PP-S21-no-route-filter', []],
    ['A5-one-pool-two-circuits', ['fw-er-fr no-state']],
    ['A6-prepend-with-private-asn', ['fw-er-fr no-state']],
    ['PP-S31-hairpin-through-the-datacentre', []],
    ['A3-inbound-without-source-nat', ['fw-er no-state']],
    ['A4-server-announced-on-the-circuit', ['fw-er denied']],
    ['PP-S06-local-internet-breakout', []],
  ];

  it.each(situations)('behave as predicted in %s, on both', { timeout: 120_000 }, async (folder, lost) => {
    // Real connections on one of the two: in A6 some answers take either of two equal ways, one of which loses them.
    const verdicts = await Promise.all(
      (['bird', 'frr'] as const).map((each) => verdictOn(`scenarios/${folder}`, each, each === 'bird')),
    );
    for (const { design, verdict } of verdicts) {
      const { packets, judged, drops } = verdict;
      const nameOf = (device: number): string => design.compiled.network.devices[device]?.name ?? '';
      expect(problems(verdict)).toEqual([]);
      expect(verdict.connections.filter(({ agrees }) => !agrees)).toEqual([]);
      expect(packets.compared).toBeGreaterThan(40);
      const dropped = judged.flatMap((packet) => dropOf(packet) ?? []);
      expect([...new Set(dropped.map(({ device, reason }) => `${nameOf(device)} ${reason}`))]).toEqual(lost);
      // A packet that was sent again because a report was missing may stand in a counter as well; nothing else may.
      const counters = drops.map(({ device, reason, packets: count }) => `${nameOf(device)} ${reason} ${count}`);
      const excess = drops.reduce((sum, { packets: count }) => sum + count, 0) - dropped.length;
      const { daemon } = design;
      const isExplained = excess >= 0 && excess <= packets.repeated;
      expect({ daemon, counters, excess, repeated: packets.repeated, isExplained }).toMatchObject({
        isExplained: true,
      });
    }
  });
});
