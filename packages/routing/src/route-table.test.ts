import { asn, type Prefix, prefix, Random } from '@bothways/net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Announcement, keepalive, type UpdateLiteral, updateMessage } from '../test/update-message.ts';
import { decide } from './decision.ts';
import { type Candidate, RouteTable } from './index.ts';

const TEN = prefix('10.0.0.0/8');

function joined(messages: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(messages.flatMap((message) => [...message]));
}

describe('a route table', () => {
  const announce = (parts: Partial<UpdateLiteral>): Uint8Array =>
    updateMessage({ prefixes: [TEN], asPath: [65001, 8075], ...parts });

  it('holds what was announced, with its attributes', () => {
    const table = new RouteTable([{ routerId: 1 }]);
    const prefixes = ['10.0.0.0/8', '0.0.0.0/0', '192.0.2.128/25', '192.0.2.1/32'].map((text) => prefix(text));
    expect(table.load(0, joined([keepalive, announce({ prefixes, med: 5, originCode: 2 })]))).toBeUndefined();
    const expected = { peer: 0, originCode: 2, asPath: [65001, 8075], pathLength: 2, med: 5, localPreference: 100 };
    for (const item of prefixes) expect(table.best(item)).toEqual(expected);
    expect(table.best(prefix('10.0.0.0/9'))).toBeUndefined();
    expect(table.best(prefix('2001:db8::/32'))).toBeUndefined();
    expect([table.routeCount, table.attributeSets]).toEqual([4, 1]);
  });

  it('replaces and withdraws', () => {
    const table = new RouteTable([{ routerId: 1 }]);
    table.load(0, joined([announce({}), announce({ asPath: [65002] })]));
    expect(table.best(TEN)?.asPath).toEqual([65002]);
    expect(table.routeCount).toBe(1);
    table.load(0, updateMessage({ prefixes: [], asPath: [], withdrawn: [TEN, prefix('10.0.0.0/9')] }));
    expect(table.best(TEN)).toBeUndefined();
    expect(table.routeCount).toBe(0);
  });

  it('counts a set as one and reads attributes of extended length', () => {
    const table = new RouteTable([{ routerId: 1 }]);
    table.load(0, announce({ asPath: [65001], asSet: [1, 2, 3], extended: true }));
    expect(table.best(TEN)).toMatchObject({ asPath: [65001, 1, 2, 3], pathLength: 2 });
  });

  it.each([
    ['a short header', (bytes: Uint8Array) => bytes.subarray(0, 10), /a message of 0 bytes, 10 are left/],
    ['a message cut off', (bytes: Uint8Array) => bytes.subarray(0, -1), /a message of \d+ bytes/],
    ['withdrawn routes beyond it', (bytes: Uint8Array) => bytes.with(19, 9), /withdrawn routes reach beyond/],
    ['attributes beyond it', (bytes: Uint8Array) => bytes.with(21, 9), /attributes reach beyond/],
    ['an origin nobody knows', (bytes: Uint8Array) => bytes.with(26, 3), /malformed/],
    ['a path that is none', (bytes: Uint8Array) => bytes.with(31, 9), /malformed/],
    ['a prefix of 33 bits', (bytes: Uint8Array) => bytes.with(bytes.length - 2, 33), /too long/],
  ])('ends the stream at %s', (_, damage, problem) => {
    const table = new RouteTable([{ routerId: 1 }]);
    const damaged = damage(announce({}));
    const found = table.load(0, joined([announce({ prefixes: [prefix('192.0.2.0/24')] }), damaged]));
    expect(found).toEqual({
      at: announce({ prefixes: [prefix('192.0.2.0/24')] }).length,
      problem: expect.stringMatching(problem),
    });
    expect(table.routeCount).toBe(1);
  });

  it('never fails on noise, 500 streams, seed 91', () => {
    const property = fc.property(fc.nat(), (seed) => {
      const random = new Random(seed);
      let bytes = joined([announce({ med: 1 }), announce({ asSet: [1, 2] })]);
      for (let n = 1 + random.below(4); n > 0; n--) bytes = bytes.with(random.below(bytes.length), random.below(256));
      const table = new RouteTable([{ routerId: 1 }, { routerId: 2 }]);
      table.load(random.below(2), bytes);
      expect(table.routeCount).toBeLessThanOrEqual(64);
    });
    fc.assert(property, { seed: 91, numRuns: 500 });
  });

  it('chooses as the decision process does, 150 tables of 3 peers, seed 92', () => {
    const prefixes = Array.from({ length: 40 }, (_, n): Prefix => ({ family: 4, bits: BigInt(n) << 24n, length: 8 }));
    const property = fc.property(fc.nat(), (seed) => {
      const random = new Random(seed);
      const peers = random.shuffle([11, 22, 33]).map((routerId) => ({ routerId }));
      const table = new RouteTable(peers);
      const model = new Map<string, Announcement>();
      for (let n = 0; n < 200; n++) {
        const peer = random.below(3);
        const item = random.pick(prefixes);
        const key = `${item.bits} ${peer}`;
        if (random.below(4) === 0) {
          model.delete(key);
          table.load(peer, updateMessage({ prefixes: [], asPath: [], withdrawn: [item] }));
          continue;
        }
        const announcement: Announcement = {
          prefixes: [item],
          asPath: Array.from({ length: 1 + random.below(2) }, () => asn(1 + random.below(2))),
          originCode: random.below(2),
          med: random.below(2),
          localPreference: 100 + random.below(2),
        };
        model.set(key, announcement);
        expect(table.load(peer, updateMessage(announcement))).toBeUndefined();
      }
      expect(table.routeCount).toBe(model.size);
      for (const item of prefixes) {
        const candidates = peers.flatMap(({ routerId }, peer) => {
          const held = model.get(`${item.bits} ${peer}`);
          return held === undefined ? [] : [candidateOf(held, peer, routerId)];
        });
        const expected = decide(candidates, { cost: () => 0 }, { maximumPaths: 1 }, { classIx: 0, device: 0 });
        expect(table.best(item)?.peer).toBe(expected.best[0]?.session);
      }
    });
    fc.assert(property, { seed: 92, numRuns: 150 });
  });

  it('grows with what it holds', () => {
    const table = new RouteTable([{ routerId: 1 }, { routerId: 2 }]);
    const at = (n: number): Prefix => ({ family: 4, bits: BigInt(n * 256), length: 24 });
    for (let n = 0; n < 60_000; n += 200) {
      const prefixes = Array.from({ length: 200 }, (_, ix) => at(n + ix));
      table.load(n % 400 === 0 ? 0 : 1, updateMessage({ prefixes, asPath: [n + 1] }));
    }
    expect([table.routeCount, table.attributeSets]).toEqual([60_000, 300]);
    for (let n = 0; n < 60_000; n += 77) {
      const group = n - (n % 200);
      expect(table.best(at(n))).toMatchObject({ peer: group % 400 === 0 ? 0 : 1, asPath: [group + 1] });
    }
  });
});

function candidateOf(held: Announcement, peer: number, routerId: number): Candidate {
  const codes = ['igp', 'egp', 'incomplete'] as const;
  return {
    kind: 'ebgp',
    device: 0,
    session: peer,
    neighbour: peer + 1,
    neighbourRouterId: routerId,
    attributes: {
      asPath: held.asPath,
      originCode: codes[held.originCode ?? 0] ?? 'igp',
      nextHop: peer + 1,
      nextHopLink: peer,
      med: held.med ?? 0,
      localPreference: held.localPreference ?? 100,
      weight: 0,
      communities: [],
      largeCommunities: [],
      originatorId: undefined,
      clusterList: [],
      aggregator: undefined,
    },
    originator: peer + 1,
    source: 'origination',
    origination: 0,
    parent: undefined,
  };
}
