/** Real packets through the kernel's tables, connection tracking and translation, against the engine's round trips. */
import { basename, join } from 'node:path';
import type { Network } from '@bothways/network';
import { describe, expect, it } from 'vitest';
import {
  comparePackets,
  compareRandomPackets,
  compiledEstate,
  type PacketReport,
  probePackets,
  randomDataPlane,
} from '../../src/index.ts';
import { notRun } from './suite.ts';

const host = await probePackets();

function wrong({ differences }: PacketReport): readonly string[] {
  return differences.slice(0, 6).map(({ name, text }) => `${name}: ${text}`);
}

const scenarios = [
  'examples/contoso',
  'scenarios/A2-one-pool-on-internet-and-circuit',
  'scenarios/A5-one-pool-two-circuits',
  'scenarios/PP-S08-two-countries-two-circuits',
  'scenarios/PP-S10-asymmetric-routing',
  'scenarios/PP-S22-request-by-internet-reply-by-circuit',
].map((folder) => join(import.meta.dirname, '../../../..', folder));

describe.skipIf(!host.ok)(`packets against the Linux kernel${host.ok ? '' : notRun(host)}`, () => {
  it('agrees on 10,000 round trips through random networks from seed 1', { timeout: 240_000 }, async () => {
    const report = await compareRandomPackets(1, 10_000, { perNetwork: 80 });
    expect(wrong(report)).toEqual([]);
    expect(report.compared).toBeGreaterThanOrEqual(10_000);
    expect(report.entries).toBeGreaterThan(500);
    // An oracle that never sees a packet lost in one of these ways would prove nothing about it.
    const seen = (ending: string): number =>
      (report.endings.get(`tcp ${ending}`) ?? 0) + (report.endings.get(`udp ${ending}`) ?? 0);
    for (const ending of [
      'answer delivered',
      'answer loop',
      'answer no-route',
      'answer no-state',
      'answer refused-at-microsoft-edge',
      'request denied',
      'request discarded',
      'request loop',
      'request no-route',
      'request refused-at-microsoft-edge',
    ]) {
      expect(seen(ending), ending).toBeGreaterThan(5);
    }
    expect(report.endings.get('udp answer delivered') ?? 0).toBeGreaterThan(200);
  });

  it('agrees on scenarios', { timeout: 120_000 }, async () => {
    const cases = scenarios.map((path) => ({ name: basename(path), compiled: compiledEstate(path), seed: 1 }));
    const report = await comparePackets(cases, { perNetwork: 40, together: 3 });
    expect(wrong(report)).toEqual([]);
    expect(report.compared).toBeGreaterThan(30 * scenarios.length);
    expect(report.endings.get('tcp answer no-state') ?? 0).toBeGreaterThan(0);
  });

  it('sees what differs', { timeout: 60_000 }, async () => {
    for (const change of [withoutFilters, withoutTranslation, turnedRound]) {
      const cases = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((seed) => {
        const compiled = randomDataPlane(seed);
        return { name: `seed ${seed}`, compiled, seed, altered: change(compiled.network) };
      });
      const report = await comparePackets(cases, { perNetwork: 40 });
      expect(report.differences.length, change.name).toBeGreaterThan(0);
    }
  });
});

function withoutFilters(network: Network): Network {
  return { ...network, devices: network.devices.map((device) => ({ ...device, sourceFilters: [] })) };
}

function withoutTranslation(network: Network): Network {
  return { ...network, devices: network.devices.map((device) => ({ ...device, sourceNat: [] })) };
}

/** Inside becomes outside. */
function turnedRound(network: Network): Network {
  const devices = network.devices.map((device) => {
    const { firewall } = device;
    if (firewall === undefined) return device;
    const inside = network.links.map(({ ix }) => ix).filter((ix) => !firewall.inside.includes(ix));
    return { ...device, firewall: { ...firewall, inside, permitInbound: [] } };
  });
  return { ...network, devices };
}
