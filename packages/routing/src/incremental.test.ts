import { Random } from '@bothways/net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planeText } from '../test/plane-text.ts';
import { randomNetwork } from '../test/random-network.ts';
import { classIxOf, linkNamed, type NetworkLiteral, smallNetwork, wayOf, wedgie } from '../test/small-network.ts';
import { settlementOf } from './control-plane.ts';
import {
  type Change,
  type ControlPlane,
  converge,
  convergeRecorded,
  type Failures,
  reconverge,
  reconvergeRecorded,
} from './index.ts';

const kinds = ['devices', 'links', 'sessions'] as const;

/** One to three elements that fail or come back. */
function randomChange(random: Random, plane: ControlPlane, failed: Failures): Change {
  const fail: Record<(typeof kinds)[number], number[]> = { devices: [], links: [], sessions: [] };
  const restore: Record<(typeof kinds)[number], number[]> = { devices: [], links: [], sessions: [] };
  for (let count = 1 + random.below(3); count > 0; count--) {
    const kind = random.pick(kinds);
    const size = plane.network[kind].length;
    const down = failed[kind] ?? [];
    if (down.length > 0 && random.below(2) === 0) restore[kind].push(random.pick(down));
    else if (size > 0) fail[kind].push(random.below(size));
  }
  return { fail, restore };
}

interface Tally {
  classes: number;
  takenOver: number;
  elsewhere: number;
}

/** Six changes in a row on each network, each compared with a cold run. */
function compareOn(policies: 'plain' | 'wild' | 'contrary', seed: number, runs: number): Tally {
  const tally: Tally = { classes: 0, takenOver: 0, elsewhere: 0 };
  const property = fc.property(fc.nat(), (networkSeed) => {
    const random = new Random(networkSeed);
    const network = randomNetwork(networkSeed, { policies });
    let plane = converge(network);
    for (let n = 0; n < 6; n++) {
      const next = reconverge(plane, randomChange(random, plane, settlementOf(plane).failed));
      const { failed, stages } = settlementOf(next);
      const settled = stages[0]?.settled ?? [];
      expect(planeText(next), JSON.stringify(failed)).toBe(planeText(converge(network, { failed })));
      const earlier = settlementOf(plane).stages[0]?.settled ?? [];
      tally.classes += settled.length;
      tally.takenOver += settled.filter((item, ix) => item === earlier[ix]).length;
      for (const { ix } of next.classes) {
        expect(convergeRecorded(next, ix).arrives).toBe(next.isStable(ix));
        if (next.isStable(ix) && !reconvergeRecorded(plane, next, ix).arrives) tally.elsewhere++;
      }
      plane = next;
    }
  });
  fc.assert(property, { seed, numRuns: runs });
  return tally;
}

describe('incremental and cold runs', { timeout: 60_000 }, () => {
  it('are equal on 150 networks whose policies leave preferences alone, seed 46', () => {
    const { classes, takenOver, elsewhere } = compareOn('plain', 46, 150);
    expect(takenOver).toBeGreaterThan(classes / 5);
    expect(elsewhere).toBe(0);
  });

  it('are equal on 200 networks with wild policies, seed 47', () => {
    const { classes, takenOver } = compareOn('wild', 47, 200);
    expect(takenOver).toBeGreaterThan(classes / 5);
  });

  it('are equal on 300 networks whose policies contradict each other, seed 48', () => {
    const { elsewhere } = compareOn('contrary', 48, 300);
    expect(elsewhere).toBeGreaterThan(5);
  });
});

const TEN = '10.0.0.0/8';

describe('a change', () => {
  const network = smallNetwork({
    devices: {
      A: { asn: 65001, originate: [TEN] },
      B: { asn: 65002, originate: ['172.16.0.0/12'] },
      C: { asn: 65003 },
      D: { asn: 65004, originate: ['192.168.0.0/16'] },
    },
    links: { 'A-C': {}, 'B-C': {}, 'C-D': {} },
    sessions: {
      'A-C': { second: { export: [{ then: 'reject' }] } },
      'B-C': {},
      'C-D': {},
    },
  });
  const before = converge(network);

  it('leaves classes alone that never crossed the session', () => {
    const after = reconverge(before, { fail: { links: [linkNamed(network, 'A-C')] } });
    const same = [TEN, '172.16.0.0/12', '192.168.0.0/16'].map((text) => {
      const ix = settlementOf(before).foundation.table.bgpClassOf[classIxOf(before, text)] ?? -1;
      return settlementOf(after).final.settled[ix] === settlementOf(before).final.settled[ix];
    });
    // C sends A nothing, so only A's own prefix is touched.
    expect(same).toEqual([false, true, true]);
  });

  it('and its opposite lead back', () => {
    const failed = reconverge(before, { fail: { devices: [2] } });
    const restored = reconverge(failed, { restore: { devices: [2] } });
    expect(planeText(failed)).not.toBe(planeText(before));
    expect(planeText(restored)).toBe(planeText(before));
  });

  it('of an element that does not exist is refused', () => {
    expect(() => reconverge(before, { fail: { links: [9] } })).toThrow('link 9 of 3 does not exist');
  });
});

describe('recorded convergence', () => {
  const square: NetworkLiteral = {
    devices: { A: { asn: 65001, originate: [TEN] }, B: { asn: 65002 }, C: { asn: 65003 }, D: { asn: 65004 } },
    links: { 'A-B': {}, 'B-D': {}, 'A-C': {}, 'C-D': {} },
    sessions: { 'A-B': {}, 'B-D': {}, 'A-C': {}, 'C-D': {} },
  };

  function film(
    plane: ControlPlane,
    activations: ReturnType<typeof convergeRecorded>['activations'],
  ): readonly string[] {
    return activations.map(({ device, to, told }) => {
      const name = plane.network.devices[device]?.name;
      const heard = told.map(
        (item) => `${plane.network.devices[item.device]?.name}${item.route === undefined ? '-' : '+'}`,
      );
      return `${name}: ${wayOf(plane, to) || 'nothing'}, tells ${heard.join(' ') || 'nobody'}`;
    });
  }

  it('begins with the originator and ends in the tables', () => {
    const plane = converge(smallNetwork(square));
    const recording = convergeRecorded(plane, 0);
    expect(recording.arrives).toBe(true);
    expect(film(plane, recording.activations)).toEqual([
      'A: A, tells B+ C+',
      'B: B A, tells D+',
      'C: C A, tells D+',
      'D: D B A, tells C+',
    ]);
  });

  it('shows what routers do after a failure', () => {
    const before = converge(smallNetwork(square));
    const after = reconverge(before, { fail: { links: [linkNamed(before.network, 'A-B')] } });
    const recording = reconvergeRecorded(before, after, 0);
    expect(recording.arrives).toBe(true);
    expect(film(after, recording.activations)).toEqual([
      'B: nothing, tells D-',
      'D: D C A, tells B+ C-',
      'B: B D C A, tells nobody',
    ]);
  });

  it('shows a network that does not return by itself', () => {
    const network = smallNetwork(wedgie);
    const classIx = classIxOf(converge(network), TEN);
    const backup = { links: [linkNamed(network, 'Customer-Backup')] };
    const without = converge(network, { failed: backup });
    const restored = reconverge(without, { restore: backup });
    expect(reconvergeRecorded(without, restored, classIx).arrives).toBe(false);
    expect(reconvergeRecorded(restored, without, classIx).arrives).toBe(true);
  });

  it('is empty for prefixes that BGP does not carry', () => {
    const plane = converge(smallNetwork({ devices: { A: { asn: 1, connected: [TEN] } }, links: {}, sessions: {} }));
    expect(convergeRecorded(plane, 0)).toEqual({ activations: [], arrives: true });
  });
});
