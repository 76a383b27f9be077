/** Aggregates, redistribution, conditions, local AS numbers: what makes one prefix depend on another. */
import { prefix } from '@bothways/net';
import { describe, expect, it } from 'vitest';
import {
  classIxOf,
  deviceNamed,
  type EndLiteral,
  fibText,
  linkNamed,
  type NetworkLiteral,
  routeCondition,
  sessionNamed,
  smallNetwork,
  wayOf,
} from '../test/small-network.ts';
import { attributeTable, type ControlPlane, converge, originsOfLocal, otherStableStates } from './index.ts';

const TEN = '10.0.0.0/8';
const INNER = '10.1.0.0/16';
const DEFAULT = '0.0.0.0/0';

function planeOf(literal: NetworkLiteral): ControlPlane {
  return converge(smallNetwork(literal));
}

function best(plane: ControlPlane, device: string, where: string): string {
  const classIx = plane.classOf(prefix(where));
  if (classIx === undefined) return '';
  return wayOf(plane, plane.decision(deviceNamed(plane.network, device).ix, classIx)?.best[0]);
}

function stopped(plane: ControlPlane, device: string, session: string, where: string): string | undefined {
  const routes = plane.received(deviceNamed(plane.network, device).ix, classIxOf(plane, where));
  return routes.find((item) => item.session === sessionNamed(plane.network, session))?.stopped;
}

/** A announces to B what B aggregates for C. */
function chain(aggregate: string, originCode: 'igp' | 'incomplete' = 'igp'): NetworkLiteral {
  return {
    devices: {
      A: { asn: 65001, originate: [{ prefixes: [INNER, '10.2.0.0/16'], originCode }, '172.16.0.0/12'] },
      B: { asn: 65002, aggregates: [aggregate] },
      C: { asn: 65003 },
    },
    links: { 'A-B': {}, 'B-C': {} },
    sessions: { 'A-B': {}, 'B-C': {} },
  };
}

describe('an aggregate', () => {
  it('is announced beside the routes inside it', () => {
    const plane = planeOf(chain(TEN));
    expect([best(plane, 'C', TEN), best(plane, 'C', INNER)]).toEqual(['C B', 'C B A']);
    const route = plane.decision(2, classIxOf(plane, TEN))?.best[0];
    expect(route?.attributes).toMatchObject({
      asPath: [65002],
      originCode: 'igp',
      aggregator: { asn: 65002, routerId: 2 },
    });
    expect(route === undefined ? '' : attributeTable.aggregator.format(route.attributes)).toBe('65002 0.0.0.2');
    expect(route === undefined ? [] : originsOfLocal(plane.network, route)).toEqual([
      { kind: 'derived', because: `B aggregates ${TEN}` },
    ]);
  });

  it('discards what nothing inside it takes', () => {
    const plane = planeOf(chain(TEN));
    expect(fibText(plane, 'B', TEN)).toBe('ibgp discard');
    expect(fibText(plane, 'B', INNER)).toBe('ebgp A-B>A');
  });

  it('has the worst origin inside it', () => {
    const plane = planeOf(chain(TEN, 'incomplete'));
    expect(plane.decision(2, classIxOf(plane, TEN))?.best[0]?.attributes.originCode).toBe('incomplete');
  });

  it('may suppress the routes inside it, and nothing else', () => {
    const plane = planeOf(chain(`${TEN} summary-only`));
    expect([best(plane, 'C', TEN), best(plane, 'C', INNER)]).toEqual(['C B', '']);
    expect(best(plane, 'C', '172.16.0.0/12')).toBe('C B A');
    expect(stopped(plane, 'C', 'B-C', INNER)).toBe('suppressed');
    expect(fibText(plane, 'B', INNER)).toBe('ebgp A-B>A');
  });

  it('goes with the last route inside it', () => {
    const network = smallNetwork(chain(`${TEN} summary-only`));
    const plane = converge(network, { failed: { links: [linkNamed(network, 'A-B')] } });
    expect([best(plane, 'B', TEN), best(plane, 'C', TEN)]).toEqual(['', '']);
  });

  it('is not held up by another aggregate of the same router', () => {
    const plane = planeOf({
      devices: { A: { asn: 65001, originate: [INNER], aggregates: ['10.0.0.0/12', TEN] } },
      links: {},
      sessions: {},
    });
    expect([best(plane, 'A', TEN), best(plane, 'A', '10.0.0.0/12')]).toEqual(['A', 'A']);
    const alone = planeOf({
      devices: { A: { asn: 65001, aggregates: ['10.0.0.0/12', TEN], connected: [INNER] } },
      links: {},
      sessions: {},
    });
    expect(best(alone, 'A', TEN)).toBe('');
  });
});

describe('redistribution', () => {
  const edge = (redistribute: NonNullable<NetworkLiteral['devices'][string]['redistribute']>): NetworkLiteral => ({
    devices: {
      X: { asn: 65009, half: 'provider', originate: [TEN] },
      A: {
        asn: 65001,
        connected: ['192.0.2.0/24'],
        statics: ['172.16.0.0/12 via A-B to B', `${TEN} via A-B to B 250`],
        redistribute,
      },
      B: { asn: 65001, connected: ['198.51.100.0/24'] },
      C: { asn: 65001 },
    },
    links: { 'X-A': {}, 'A-B': {}, 'B-C': { cost: 7 } },
    sessions: { 'X-A': {} },
  });

  it('of statics takes those in use', () => {
    const network = smallNetwork(edge(['static into bgp']));
    const plane = converge(network);
    expect([best(plane, 'X', '172.16.0.0/12'), best(plane, 'X', '192.0.2.0/24')]).toEqual(['X A', '']);
    expect(plane.decision(0, classIxOf(plane, '172.16.0.0/12'))?.best[0]?.attributes).toMatchObject({
      originCode: 'incomplete',
      med: 0,
    });
    const cut = converge(network, { failed: { links: [linkNamed(network, 'A-B')] } });
    expect(best(cut, 'X', '172.16.0.0/12')).toBe('');
  });

  it('of a floating static begins when what hid it goes', () => {
    const heavy = { import: [{ set: [{ kind: 'weight', value: 40_000 }] }] } as const;
    const network = smallNetwork({ ...edge(['static into bgp']), sessions: { 'X-A': { second: heavy } } });
    expect(best(converge(network), 'A', TEN)).toBe('A X');
    expect(otherStableStates(converge(network))).toEqual([]);
    const cut = converge(network, { failed: { sessions: [0] } });
    expect(best(cut, 'A', TEN)).toBe('A');
    expect(fibText(cut, 'A', TEN)).toBe('static A-B>B');
  });

  it('of connected prefixes and of the IGP, with its cost as MED', () => {
    const plane = planeOf(edge(['connected into bgp', 'igp into bgp']));
    expect(best(plane, 'X', '192.0.2.0/24')).toBe('X A');
    expect(plane.decision(0, classIxOf(plane, '198.51.100.0/24'))?.best[0]?.attributes.med).toBe(10);
  });

  it('is filtered and changed by its policy', () => {
    const only = prefix('172.16.0.0/12');
    const plane = planeOf(
      edge([
        [
          'static into bgp 30',
          [
            { when: [{ kind: 'prefix-list', entries: [{ prefix: only }] }], set: [{ kind: 'med', value: 40 }] },
            { then: 'reject' },
          ],
        ],
      ]),
    );
    expect(plane.decision(0, classIxOf(plane, '172.16.0.0/12'))?.best[0]?.attributes.med).toBe(40);
    const cut = converge(plane.network, { failed: { sessions: [0] } });
    expect(best(cut, 'A', TEN)).toBe('');
  });

  it('into the IGP reaches the routers inside, behind what is connected there', () => {
    const plane = planeOf(edge(['static into igp', 'bgp into igp 50']));
    expect(fibText(plane, 'C', TEN)).toBe('igp B-C>B');
    expect(fibText(plane, 'C', '172.16.0.0/12')).toBe('igp B-C>B');
    const entry = plane.fibs[3]?.get(classIxOf(plane, TEN));
    expect(entry).toMatchObject({
      cost: 50,
      origins: [{ kind: 'derived', because: 'A redistributes bgp into igp 50' }],
    });
  });
});

describe('a condition', () => {
  const watched = (when: string): NetworkLiteral => ({
    devices: {
      I: { asn: 3320, half: 'provider', originate: ['203.0.113.0/24'] },
      E: { asn: 65001, originate: [{ prefixes: [DEFAULT], when }] },
      S: { asn: 65001 },
    },
    links: { 'I-E': {}, 'E-S': {} },
    sessions: { 'I-E': {}, 'E-S': {} },
  });

  it('of a default is looked up in the BGP table', () => {
    const network = smallNetwork(watched('203.0.113.0/24 in bgp'));
    expect(best(converge(network), 'S', DEFAULT)).toBe('S E');
    expect(best(converge(network, { failed: { sessions: [0] } }), 'S', DEFAULT)).toBe('');
    expect(best(planeOf(watched('no 203.0.113.0/24 in forwarding')), 'S', DEFAULT)).toBe('');
    expect(best(planeOf(watched('198.51.100.0/24 in bgp')), 'S', DEFAULT)).toBe('');
  });

  /** The backup edge announces the prefix to the provider only while the primary's mark is missing. */
  const backup: NetworkLiteral = {
    devices: {
      P: { asn: 3320, half: 'provider' },
      A: { asn: 65001, originate: [TEN, '192.0.2.1/32'] },
      B: { asn: 65001, originate: [TEN, INNER] },
    },
    links: { 'P-A': {}, 'P-B': {}, 'A-B': {} },
    sessions: {
      'P-A': {},
      'P-B': {
        second: {
          conditionalAdvertisement: {
            routes: [{ prefix: prefix(TEN) }],
            condition: routeCondition('no 192.0.2.1/32 in bgp'),
            origins: [],
          },
        },
      },
      'A-B': {},
    },
  };

  it('of an advertisement holds the listed routes back, and no others', () => {
    const network = smallNetwork(backup);
    const plane = converge(network);
    expect(stopped(plane, 'P', 'P-B', TEN)).toBe('condition');
    expect(stopped(plane, 'P', 'P-B', INNER)).toBeUndefined();
    expect(best(plane, 'P', TEN)).toBe('P A');
    const failed = { devices: [deviceNamed(network, 'A').ix] };
    expect(best(converge(network, { failed }), 'P', TEN)).toBe('P B');
  });

  it('that its own effect contradicts is found out', () => {
    const plane = planeOf({
      devices: {
        A: { asn: 65001, originate: [{ prefixes: [TEN], when: `no ${INNER} in bgp` }] },
        B: { asn: 65002, originate: [{ prefixes: [INNER], when: `${TEN} in bgp` }, '172.16.0.0/12'] },
      },
      links: { 'A-B': {} },
      sessions: { 'A-B': {} },
    });
    expect(plane.outcome.kind).toBe('oscillates');
    if (plane.outcome.kind !== 'oscillates') return;
    const turns = plane.outcome.conditions?.turns.map(({ text, holds }) => `${text}: ${holds ? 'on' : 'off'}`);
    expect(turns?.toSorted()).toEqual([
      'A originates A 0: off',
      'A originates A 0: on',
      'B originates B 0: off',
      'B originates B 0: on',
    ]);
    expect([TEN, INNER, '172.16.0.0/12'].map((text) => plane.isStable(classIxOf(plane, text)))).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('a local AS', () => {
  /** B was AS 65099 before it became 65002 and still is for A. */
  const merged = (localAs: NonNullable<EndLiteral['localAs']>): NetworkLiteral => ({
    devices: {
      A: { asn: 65001, originate: [TEN] },
      B: { asn: 65002, originate: ['172.16.0.0/12'] },
      C: { asn: 65003 },
    },
    links: { 'A-B': {}, 'B-C': {} },
    sessions: { 'A-B': { second: { asn: 65099, localAs } }, 'B-C': {} },
  });

  it.each([
    ['prepend', [65099, 65002], [65002, 65099, 65001]],
    ['no-prepend', [65099, 65002], [65002, 65001]],
    ['replace-as', [65099], [65002, 65001]],
  ] as const)('with %s shows A %j and C %j', (localAs, toA, toC) => {
    const plane = planeOf(merged(localAs));
    expect(plane.decision(0, classIxOf(plane, '172.16.0.0/12'))?.best[0]?.attributes.asPath).toEqual(toA);
    expect(plane.decision(2, classIxOf(plane, TEN))?.best[0]?.attributes.asPath).toEqual(toC);
  });
});
